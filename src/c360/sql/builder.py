"""A plan in, a sqlglot tree out: one CTE a step, named by its content, one column a line; knows no file format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE
from c360.expr.nodes import Column, Literal, Node
from c360.expr.operator import AGGREGATES, RANKS
from c360.expr.schema import ATTRIBUTES, ENTITY, FACTS, Schema
from c360.plan.steps import Join, Layer, Link, Measure, Named, Pass, Pick, Place, Plan, ReadSource, Rows, Spine
from c360.sql.ordered import RowsToOrder, ordered_value
from c360.sql.parts import of_part
from c360.sql.scope import SQL, Scope, column
from c360.sql.terms import KNOWN_ON, Term, cast, date_literal, wrapped

SourceReader = Callable[[ReadSource], exp.Select]
Segments = Mapping[str, str]


class Builder:
    """Turns the steps of one plan into CTEs.

    *read* gives the SELECT that reads a source in contract names and types; *segments* maps each segment to its universe; *late*
    names the sources whose rows became known on a day of their own, which a shift in time must ask again. With *parts*, spines and
    passes keep to the owners of one part in so many; which part, `parts.py` fills in.
    """

    def __init__(
        self, plan: Plan, schema: Schema, read: SourceReader, segments: Segments, late: frozenset[str] = frozenset(), parts: int = 1
    ) -> None:
        self._plan, self._schema, self._read, self._segments, self._late = plan, schema, read, segments, late
        self._parts = parts

    def relations(self) -> list[tuple[str, exp.Select]]:
        """Return every step's name and SELECT, in order."""
        made = []
        for step in self._plan.steps:
            match step:
                case ReadSource():
                    made.append((step.name, self._read(step)))
                case Spine():
                    made.append((step.name, self._spine(step)))
                case Pass():
                    made.append((step.name, self._pass(step)))
                case Pick():
                    made.append((step.name, self._pick(step)))
                case Join():
                    made.append((step.name, self._join(step)))
                case Place():
                    made.append((step.name, self._place(step)))
                case Layer():
                    made.append((step.name, self._layer(step)))
        return made

    def output_scope(self, alias: str) -> Scope:
        """Return the scope in which the plan's outputs are computed."""
        return self._scope(alias, self._plan.relation, self._plan.day)

    def key(self, alias: str) -> Term:
        """Return the key column of the answer's entity."""
        return column(alias, self._plan.entity, self._schema.source(self._plan.entity).column(self._plan.entity).type)

    def _scope(self, alias: str, relation: str, day: date) -> Scope:
        scope = Scope(day, self._segments, alias)
        scope.offer_columns(alias, self._plan.leaves.get(relation, {}))
        return scope

    def _spine(self, step: Spine) -> exp.Select:
        if not step.table:
            return self._named_keys(step)
        scope = self._row_scope(step.table, step.table, step.day)
        chosen = exp.select(*(_as(scope.term(c.node), c.alias) for c in step.columns)).from_(exp.to_table(step.table))
        dated = self._schema.source(step.table).date_column
        chosen = chosen.where(*self._known_then(step.table, step.table, step.day), *self._of_part(scope.term(step.columns[0].node)))
        if dated is None:
            return chosen
        there = column(step.table, dated.name, DATE)
        return chosen.where(SQL.or_(SQL.is_null(there), SQL.op("<=", there, _day(step.day))).ast)

    def _named_keys(self, step: Spine) -> exp.Select:
        """Select the distinct keys that other sources name, and nulls for what a table would say; facts after D name nobody."""
        parts: list[exp.Select] = []
        for source, name in step.keys_from:
            key = column(source, name, self._schema.source(source).column(name).type)
            part = exp.select(_as(key, step.entity)).from_(exp.to_table(source)).where(SQL.not_(SQL.is_null(key)).ast)
            part = part.where(*self._known_then(source, source, step.day), *self._of_part(key))
            dated = self._schema.source(source).date_column
            if dated is not None:
                there = column(source, dated.name, DATE)
                seen = SQL.op("<=", there, _day(step.day))
                if self._schema.source(source).kind != FACTS:
                    seen = SQL.or_(SQL.is_null(there), seen)
                part = part.where(seen.ast)
            parts.append(part)
        unknown = {c.alias: _as(Term(cast(exp.Null(), c.node.type), c.node.type), c.alias) for c in step.columns}
        if not parts:
            return exp.select(*unknown.values()).where(exp.false())
        union: exp.Expr = parts[0].distinct() if len(parts) == 1 else exp.union(*parts, distinct=True)
        del unknown[step.entity]
        known = exp.column(step.entity, table="named")
        return exp.select(known, *unknown.values()).from_(union.subquery("named"))  # type: ignore[attr-defined]

    def _of_part(self, owner: Term) -> list[exp.Expr]:
        """Return the condition that *owner* is of the part that is computed."""
        return [] if self._parts == 1 else [of_part(owner.ast, self._parts)]

    def _known_then(self, alias: str, source: str, day: date) -> list[exp.Expr]:
        """Return the condition that a row was known at an earlier *day*; reading already asked whether it is at the last."""
        if source not in self._late or day == self._plan.last_day:
            return []
        return [SQL.op("<=", column(alias, KNOWN_ON, DATE), _day(day)).ast]

    def _row_scope(self, alias: str, source: str, day: date) -> Scope:
        """Return the scope of a source's own rows: a `later` column is null until the date it waits for."""
        scope = Scope(day)
        spec = self._schema.source(source)
        for taken in spec.columns:
            term = column(alias, taken.name, taken.type)
            if taken.role == "later":
                known = SQL.op("<=", column(alias, taken.by, DATE), _day(day))
                term = SQL.case([(known, term)])
            for then in self._known_then(alias, source, day) if spec.kind == ATTRIBUTES else ():
                term = SQL.case([(Term(then, BOOLEAN), term)])
            scope.offer(Column(taken.type, source, taken.name), Term(term.ast, taken.type))
        return scope

    def _rows(self, rows: Rows, entity: str, *extra: exp.Expr) -> exp.Select:
        """Select what a pass needs of each row: owner, date and every row expression once."""
        alias = rows.relation
        spec = self._schema.source(rows.source)
        scope = (
            self._row_scope(alias, rows.source, rows.day) if spec.kind != ENTITY else self._scope(alias, rows.relation, rows.day)
        )
        chosen = exp.select().from_(exp.to_table(alias))
        chosen = self._link(chosen, rows.links, scope)
        owner = scope.term(rows.owner)
        projected = {entity: owner}
        if rows.date_node is not None:
            projected[rows.date_column] = scope.term(rows.date_node)
        for value in rows.values:
            projected[value.alias] = scope.term(value.node)
        chosen = chosen.select(*(_as(term, name) for name, term in projected.items()), *extra, copy=False)
        chosen = chosen.where(SQL.not_(SQL.is_null(owner)).ast.copy(), *self._of_part(owner), copy=False)
        if spec.kind != ENTITY:
            chosen = chosen.where(*self._known_then(alias, rows.source, rows.day), copy=False)
        if rows.date_node is not None and spec.kind != ENTITY:
            within = _within(scope.term(rows.date_node), rows.first, rows.last)
            chosen = chosen.where(*(c.ast.copy() for c in within), copy=False)
        return chosen

    def _link(self, chosen: exp.Select, links: tuple[Link, ...], scope: Scope) -> exp.Select:
        for link in links:
            chosen = chosen.join(
                exp.alias_(exp.to_table(link.relation), link.alias, table=True),
                on=SQL.op("=", column(link.alias, link.key, link.via.type), scope.term(link.via)).ast.copy(),
                join_type="LEFT",
                copy=False,
            )
            target = self._scope(link.alias, link.relation, link.day)
            for followed in link.follows:
                scope.offer(followed, _where_there(link, target.term(followed.value)))
        return chosen

    def _measured(self, rows: Rows, scope: Scope, measure: Measure) -> tuple[Term | None, Term | None]:
        """Return the value and the condition of one measure over the projected rows."""
        node = measure.node
        inside = _within(column("r", rows.date_column, DATE), measure.first, measure.last) if measure.last else []
        if (measure.first, measure.last) == (rows.first, rows.last) and self._schema.source(rows.source).kind != ENTITY:
            inside = []
        conditions = [*inside, *([scope.term(node.where)] if node.where is not None else [])]
        condition = None if not conditions else SQL.and_(*conditions) if len(conditions) > 1 else conditions[0]
        return (None if node.value is None else scope.term(node.value)), condition

    def _projected_scope(self, rows: Rows) -> Scope:
        scope = Scope(rows.day)
        for value in rows.values:
            scope.offer(value.node, column("r", value.alias, value.node.type))
        return scope

    def _pass(self, step: Pass) -> exp.Select:
        scope = self._projected_scope(step.rows)
        columns = []
        for measure in step.measures:
            value, condition = self._measured(step.rows, scope, measure)
            by = () if measure.node.by is None else (scope.term(measure.node.by),)
            build = AGGREGATES[measure.node.op].sql
            assert build is not None, "what ordered rows decide has a step of its own"
            made = build(SQL, measure.node, value, condition, *by)
            columns.append(_as(Term(cast(made.ast, measure.node.type), measure.node.type), measure.alias))
        rows = self._rows(step.rows, step.entity).subquery("r")
        key = exp.column(step.entity, table="r")
        return exp.select(key, *columns, copy=False).from_(rows, copy=False).group_by(key.copy(), copy=False)

    def _pick(self, step: Pick) -> exp.Select:
        scope = self._projected_scope(step.rows)
        value, condition = self._measured(step.rows, scope, step.measure)
        by = None if step.measure.node.by is None else scope.term(step.measure.node.by)
        rows = self._rows(step.rows, step.entity)
        return ordered_value(step.measure, RowsToOrder(rows, step.entity, step.rows.date_column, value, by, condition))

    def _join(self, step: Join) -> exp.Select:
        spine = step.spine
        scope = self._scope(spine, spine, step.day)
        key = column(spine, step.entity, self._schema.source(step.entity).column(step.entity).type)
        chosen = exp.select().from_(exp.to_table(spine))
        joined: list[tuple[str, Term]] = [(step.entity, key)]
        joined += [(c.alias, scope.term(c.node)) for c in step.columns if c.alias != step.entity]
        for one in step.passes:
            chosen = _left_join(chosen, one.name, one.name, step.entity, key)
            for measure in one.measures if isinstance(one, Pass) else (one.measure,):
                joined.append((measure.alias, _or_empty(one.name, measure)))
        for source, columns in step.attributes:
            chosen = _left_join(chosen, source, source, self._schema.source(source).key, key)
            rows = self._row_scope(source, source, step.day)
            for named in columns:
                scope.offer(named.node, rows.term(named.node))
                joined.append((named.alias, rows.term(named.node)))
        chosen = self._link(chosen, step.links, scope)
        for link in step.links:
            aliases = self._plan.leaves[step.name]
            joined += [(aliases[f], scope.term(f)) for f in link.follows if f in aliases]
        return chosen.select(*(_as(term, name) for name, term in joined), copy=False)

    def _layer(self, step: Layer) -> exp.Select:
        alias = step.relation
        scope = self._scope(alias, alias, step.day)
        columns: list[exp.Expr] = [exp.Column(this=exp.Star(), table=exp.to_identifier(alias))]
        for named in step.columns:
            columns.append(_as(self._definition(named, scope, alias), named.alias))
        columns += [exp.column(place.alias, table=place.name) for place in step.places]
        chosen = exp.select(*columns, copy=False).from_(exp.to_table(alias), copy=False)
        for place in step.places:
            key = self._schema.source(step.entity).column(step.entity)
            chosen = _left_join(chosen, place.name, place.name, step.entity, column(alias, step.entity, key.type))
        return chosen

    def _place(self, step: Place) -> exp.Select:
        """Select the narrow population of a rank, then each row's place in it."""
        node, alias = step.node, step.relation
        scope = self._scope(alias, alias, step.day)
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


def _as(term: Term, name: str) -> exp.Expr:
    """Return a term as a column of its own tree: what is put together here is not copied again."""
    if isinstance(term.ast, exp.Column) and term.ast.name == name:
        return term.ast.copy()
    return exp.alias_(term.ast, name)


def _day(day: date) -> Term:
    return Term(date_literal(day), DATE)


def _within(dated: Term, first: date | None, last: date | None) -> list[Term]:
    bounds = [] if first is None else [SQL.op(">=", dated, _day(first))]
    return bounds if last is None else [*bounds, SQL.op("<=", dated, _day(last))]


def _left_join(chosen: exp.Select, relation: str, alias: str, key: str, to: Term) -> exp.Select:
    on = SQL.op("=", column(alias, key, to.type), to)
    return chosen.join(exp.to_table(relation), on=on.ast.copy(), join_type="LEFT", copy=False)


def _where_there(link: Link, value: Term) -> Term:
    """Return *value* where the joined row exists; a column needs no asking, what is computed may have a value without a row."""
    if isinstance(value.ast, exp.Column):
        return value
    there = SQL.not_(SQL.is_null(column(link.alias, link.key, link.via.type)))
    return Term(SQL.case([(there, value)]).ast, value.type)


def _or_empty(alias: str, measure: Measure) -> Term:
    """Return a measure of the spine's row, with what the aggregate gives over no rows."""
    term = column(alias, measure.alias, measure.node.type)
    empty = AGGREGATES[measure.node.op].empty
    if empty is None:
        return term
    return SQL.coalesce(term, SQL.empty_list() if empty == () else SQL.literal(empty, measure.node.type))


__all__ = ["Builder", "SourceReader", "Node", "wrapped"]
