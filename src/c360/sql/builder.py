"""A plan in, a sqlglot tree out: one CTE a step, named by its content, one column a line; knows no file format."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE
from c360.expr.nodes import Literal
from c360.expr.operator import RANKS
from c360.expr.schema import FACTS, Schema
from c360.plan.steps import (
    Join,
    Layer,
    Lost,
    Named,
    Pass,
    Pick,
    Place,
    Plan,
    ReadKept,
    ReadSource,
    Rollup,
    Slid,
    Spine,
)
from c360.sql.context import Context, Segments, as_column, day_term
from c360.sql.parts import WHOLE, Parts
from c360.sql.passes import Passes, of_measure
from c360.sql.scope import SQL, Scope, column
from c360.sql.sliding import lost, slid
from c360.sql.terms import Term, cast

SourceReader = Callable[[ReadSource | ReadKept], exp.Select]


class Builder:
    """Turns the steps of one plan into CTEs.

    *read* gives the SELECT that reads a source in contract names and types; *segments* maps each segment to its universe; *late*
    names the sources whose rows became known on a day of their own, which a shift in time must ask again. With *parts*, spines and
    passes keep to the owners of one part in so many; which part, `parts.py` fills in.
    """

    def __init__(
        self,
        plan: Plan,
        schema: Schema,
        read: SourceReader,
        segments: Segments,
        late: frozenset[str] = frozenset(),
        parts: Parts = WHOLE,
    ) -> None:
        self._plan, self._schema, self._read, self._segments = plan, schema, read, segments
        self._context = Context(plan, schema, segments, late, parts)

    def relations(self) -> list[tuple[str, exp.Select]]:
        """Return every step's name and SELECT, in order."""
        made: list[tuple[str, exp.Select]] = []
        passes = Passes(self._context)
        for step in self._plan.steps:
            match step:
                case ReadSource():
                    made.append((step.name, self._read(step)))
                case Spine():
                    made.append((step.name, self._spine(step)))
                case Pass():
                    made.append((step.name, passes.of_rows(step)))
                case ReadKept():
                    made.append((step.name, self._read(step)))
                case Slid():
                    made.append((step.name, slid(step, self._context)))
                case Lost():
                    made.append((step.name, lost(step, self._context)))
                case Rollup():
                    made.append((step.name, passes.of_parts(step)))
                case Pick():
                    made.append((step.name, passes.of_ordered_rows(step)))
                case Join():
                    made.append((step.name, self._join(step)))
                case Place():
                    made.append((step.name, self._place(step)))
                case Layer():
                    made.append((step.name, self._layer(step)))
        return made

    def output_scope(self, alias: str) -> Scope:
        """Return the scope in which the plan's outputs are computed."""
        return self._context.scope(alias, self._plan.relation, self._plan.day)

    def key(self, alias: str) -> Term:
        """Return the key column of the answer's entity."""
        return column(alias, self._plan.entity, self._schema.source(self._plan.entity).column(self._plan.entity).type)

    def _spine(self, step: Spine) -> exp.Select:
        if not step.table:
            return self._named_keys(step)
        scope = self._context.row_scope(step.table, step.table, step.day)
        chosen = exp.select(*(as_column(scope.term(c.node), c.alias) for c in step.columns)).from_(exp.to_table(step.table))
        dated = self._schema.source(step.table).date_column
        chosen = chosen.where(
            *self._context.known_then(step.table, step.table, step.day), *self._context.of_part(scope.term(step.columns[0].node))
        )
        if dated is None:
            return chosen
        there = column(step.table, dated.name, DATE)
        return chosen.where(SQL.or_(SQL.is_null(there), SQL.op("<=", there, day_term(step.day))).ast)

    def _named_keys(self, step: Spine) -> exp.Select:
        """Select the distinct keys that other sources name, and nulls for what a table would say; facts after D name nobody."""
        parts: list[exp.Select] = []
        for source, name in step.keys_from:
            key = column(source, name, self._schema.source(source).column(name).type)
            part = exp.select(as_column(key, step.entity)).from_(exp.to_table(source)).where(SQL.not_(SQL.is_null(key)).ast)
            part = part.where(*self._context.known_then(source, source, step.day), *self._context.of_part(key))
            dated = self._schema.source(source).date_column
            if dated is not None:
                there = column(source, dated.name, DATE)
                seen = SQL.op("<=", there, day_term(step.day))
                if self._schema.source(source).kind != FACTS:
                    seen = SQL.or_(SQL.is_null(there), seen)
                part = part.where(seen.ast)
            parts.append(part)
        unknown = {c.alias: as_column(Term(cast(exp.Null(), c.node.type), c.node.type), c.alias) for c in step.columns}
        if not parts:
            return exp.select(*unknown.values()).where(exp.false())
        union: exp.Expr = parts[0].distinct() if len(parts) == 1 else exp.union(*parts, distinct=True)
        del unknown[step.entity]
        known = exp.column(step.entity, table="named")
        return exp.select(known, *unknown.values()).from_(union.subquery("named"))  # type: ignore[attr-defined]

    def _join(self, step: Join) -> exp.Select:
        spine = step.spine
        scope = self._context.scope(spine, spine, step.day)
        key = column(spine, step.entity, self._schema.source(step.entity).column(step.entity).type)
        chosen = exp.select().from_(exp.to_table(spine))
        joined: list[tuple[str, Term]] = [(step.entity, key)]
        joined += [(c.alias, scope.term(c.node)) for c in step.columns if c.alias != step.entity]
        for one in step.passes:
            chosen = _left_join(chosen, one.name, one.name, step.entity, key)
            joined += [(measure.alias, of_measure(one.name, measure)) for measure in one.measures]
        for source, columns in step.attributes:
            chosen = _left_join(chosen, source, source, self._schema.source(source).key, key)
            rows = self._context.row_scope(source, source, step.day)
            for named in columns:
                scope.offer(named.node, rows.term(named.node))
                joined.append((named.alias, rows.term(named.node)))
        chosen = self._context.link(chosen, step.links, scope)
        for link in step.links:
            aliases = self._plan.leaves[step.name]
            joined += [(aliases[f], scope.term(f)) for f in link.follows if f in aliases]
        return chosen.select(*(as_column(term, name) for name, term in joined), copy=False)

    def _layer(self, step: Layer) -> exp.Select:
        alias = step.relation
        scope = self._context.scope(alias, alias, step.day)
        columns: list[exp.Expr] = [exp.Column(this=exp.Star(), table=exp.to_identifier(alias))]
        for named in step.columns:
            columns.append(as_column(self._definition(named, scope, alias), named.alias))
        columns += [exp.column(place.alias, table=place.name) for place in step.places]
        chosen = exp.select(*columns, copy=False).from_(exp.to_table(alias), copy=False)
        for place in step.places:
            key = self._schema.source(step.entity).column(step.entity)
            chosen = _left_join(chosen, place.name, place.name, step.entity, column(alias, step.entity, key.type))
        return chosen

    def _place(self, step: Place) -> exp.Select:
        """Select the narrow population of a rank, then each row's place in it."""
        node, alias = step.node, step.relation
        scope = self._context.scope(alias, alias, step.day)
        value = scope.term(node.value)
        population = exp.select(exp.column(step.entity, table=alias), exp.alias_(value.ast, "ranked"))
        kept = [SQL.not_(SQL.is_null(value))]
        if node.within is not None:
            group = scope.term(node.within)
            population = population.select(exp.alias_(group.ast, "grouped"))
            kept.append(SQL.not_(SQL.is_null(group)))
        if node.among is not None:
            kept.append(scope.term(node.among))
        population = population.from_(exp.to_table(alias)).where(*(term.ast for term in kept))
        key = column("population", step.entity, self._schema.source(step.entity).column(step.entity).type)
        split = [exp.column("grouped", table="population")] if node.within is not None else []
        place = RANKS[node.op].sql(SQL, node, column("population", "ranked", node.value.type), key, split)
        return exp.select(key.ast, exp.alias_(cast(place.ast, node.type), step.alias)).from_(population.subquery("population"))

    def _definition(self, named: Named, scope: Scope, alias: str) -> Term:
        """Return a definition's column: a tag in its type, a segment as membership, which is never unknown."""
        term = scope.term(named.node)
        if named.alias not in self._segments:
            return term
        universe = self._segments[named.alias]
        if universe:
            term = SQL.and_(column(alias, universe, BOOLEAN), term)
        if isinstance(named.node, Literal) or SQL.never_null(named.node):
            return term
        return SQL.coalesce(term, SQL.literal(False, BOOLEAN))


def _left_join(chosen: exp.Select, relation: str, alias: str, key: str, to: Term) -> exp.Select:
    on = SQL.op("=", column(alias, key, to.type), to)
    return chosen.join(exp.to_table(relation), on=on.ast.copy(), join_type="LEFT", copy=False)


__all__ = ["Builder", "Segments", "SourceReader"]
