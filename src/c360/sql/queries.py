"""Whole queries over a plan: its table, sizes and stage counts; the plan and readers in, SQL text out."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from c360.datatypes import DataType
from c360.expr.schema import Schema
from c360.plan.steps import Named, Plan
from c360.sql.builder import Builder, Segments, SourceReader
from c360.sql.parts import WHOLE, Parts
from c360.sql.render import to_text
from c360.sql.scope import SQL, Scope, column
from c360.sql.steps import MANY_STEPS, Kept, Relations, Statement, kept_steps, over
from c360.sql.terms import SQL_TYPES, Term, cast

# What the rows of a plan's outputs are called in a query over them.
ASKED = "asked"
Packing = Callable[[list[exp.Expr]], list[exp.Expr]]


@dataclass(frozen=True)
class Ordering:
    """One column to sort by; ordered categories sort by rank, nulls last."""

    name: str
    falling: bool = False


class PlanSql:
    """The queries that can be asked of one plan; *kept* names its steps whose rows stand in tables of a schema already."""

    def __init__(self, plan: Plan, schema: Schema, read: SourceReader, segments: Segments, kept: Kept | None = None) -> None:
        self._plan, self._builder = plan, Builder(plan, schema, read, segments, getattr(read, "late", frozenset()))
        self._key_name = schema.source(plan.entity).column(plan.entity).file_name
        self._made = schema, read, segments
        self._kept = kept

    @cached_property
    def _relations(self) -> Relations:
        return self._builder.relations()

    def in_steps(self, folder: str, parts: Parts = WHOLE, *, always: bool = False) -> tuple[list[Statement], PlanSql]:
        """Return statements that make a table of each step of this plan in the schema *folder*, and the queries over them.

        Within one query the engine plans, and often runs, a step once for each that reads it; where such steps build on each
        other it plans for minutes. A small plan is one query, unless *always*. With *parts*, steps are computed for one part of
        the owners at a time.
        """
        if not always and len(self._relations) < MANY_STEPS:
            return [], self
        schema, read, segments = self._made
        builder = Builder(self._plan, schema, read, segments, getattr(read, "late", frozenset()), parts)
        statements, kept = kept_steps(builder.relations(), self._plan, folder, self._wanted(), parts)
        return statements, PlanSql(self._plan, *self._made, kept)

    def about(self, entity: str) -> PlanSql:
        """Return the queries over what the same plan answers for another *entity*."""
        return PlanSql(self._plan.about(entity), *self._made, self._kept)

    def _wanted(self) -> dict[str, set[str]]:
        """Return the columns that outputs are computed from, of each relation that holds some."""
        found: dict[str, set[str]] = {}
        for answer in self._plan.answers:
            scope = self.about(answer.entity)._scope()[0]
            terms = [scope.term(output.node).ast for output in answer.outputs]
            names = {answer.entity, *(column.name for term in terms for column in term.find_all(exp.Column))}
            found.setdefault(answer.relation, set()).update(names)
        return found

    @property
    def entity(self) -> str:
        """Whose rows are answered."""
        return self._plan.entity

    @property
    def key_name(self) -> str:
        """The name of the key column in answers."""
        return self._key_name

    def table(
        self,
        *,
        only: str = "",
        order: Sequence[Ordering] = (),
        limit: int | None = None,
        head: Sequence[str] = (),
        dialect: str = "duckdb",
    ) -> str:
        """Return the query of the plan's outputs, one row an entity's row, sorted and ending with the key.

        *only* names an output that is a yes/no; its true rows are kept and the column is left out.
        """
        scope, relation = self._scope()
        shown = [o for o in self._plan.outputs if o.alias != only]
        query = exp.select(*self._columns(scope, shown), copy=False).from_(exp.to_table(relation), copy=False)
        if only:
            kept = next(o for o in self._plan.outputs if o.alias == only)
            query = query.where(scope.term(kept.node).ast.copy(), copy=False)
        query = query.order_by(*self._order(scope, order), copy=False)
        return self._text(query if limit is None else query.limit(limit), head, dialect)

    def counts(self, outputs: Sequence[str], head: Sequence[str] = ()) -> str:
        """Return the query that counts, for each yes/no output, its true, false and unknown rows, and all rows."""
        scope, relation = self._scope()
        columns: list[exp.Expr] = [exp.alias_(SQL.count(None).ast, "all_rows")]
        for output in self._plan.outputs:
            if output.alias in outputs:
                term = scope.term(output.node)
                columns.append(exp.alias_(SQL.count(term).ast, f"{output.alias}_true"))
                columns.append(exp.alias_(SQL.count(SQL.is_null(term)).ast, f"{output.alias}_unknown"))
        return self._text(exp.select(*columns).from_(exp.to_table(relation)), head, "duckdb")

    def over_rows(self, ask: Callable[[exp.Subquery], exp.Select]) -> str:
        """Return the query that *ask* makes of the rows of the plan's outputs, each output computed once, by its own name."""
        scope, relation = self._scope()
        columns = [exp.alias_(scope.term(output.node).ast, output.alias) for output in self._plan.outputs]
        rows = exp.select(*columns, copy=False).from_(exp.to_table(relation), copy=False)
        return self._text(ask(rows.subquery(ASKED)), (), "duckdb")

    def stored(self, names: Sequence[str], members: Sequence[str] = (), packed: Packing | None = None) -> str:
        """Return the query of the key and the outputs *names*, one row an entity's row, in no order.

        The yes/no outputs *members* come as the columns that *packed* makes of all of them.
        """
        scope, relation = self._scope()
        outputs = {output.alias: output for output in self._plan.outputs}
        columns = self._columns(scope, [outputs[name] for name in names])
        if packed is not None:
            columns += packed([scope.term(outputs[name].node).ast for name in members])
        return self._text(exp.select(*columns, copy=False).from_(exp.to_table(relation), copy=False), (), "duckdb")

    def tallies(self, target: str, signals: Sequence[str], by: str | None) -> str:
        """Return the query that counts, by the value of *by*, the rows where *target* is known and those where it is true.

        The signal in place i has ``s{i}_true_positive`` … ``s{i}_unknown_negative``, a pair of them shown at once ``s{i}_s{j}``.
        """
        scope, relation = self._scope()
        terms = {o.alias: scope.term(o.node) for o in self._plan.outputs}
        met = terms[target]
        unmet = SQL.not_(met)
        columns: list[exp.Expr] = [
            exp.alias_(terms[by].ast if by else exp.Null(), "cluster"),
            exp.alias_(SQL.count(None).ast, "all_rows"),
            exp.alias_(SQL.count(met).ast, "positive"),
        ]
        for i, name in enumerate(signals):
            for value, shown in (("true", terms[name]), ("unknown", SQL.is_null(terms[name]))):
                for side, outcome in (("positive", met), ("negative", unmet)):
                    columns.append(exp.alias_(SQL.count(SQL.and_(shown, outcome)).ast, f"s{i}_{value}_{side}"))
            for j, other in enumerate(signals[i + 1 :], i + 1):
                columns.append(exp.alias_(SQL.count(SQL.and_(terms[name], terms[other])).ast, f"s{i}_s{j}"))
        query = exp.select(*columns).from_(exp.to_table(relation)).where(SQL.not_(SQL.is_null(met)).ast)
        return self._text(query.group_by(terms[by].ast.copy()) if by else query, (), "duckdb")

    def staged(self, stages: Sequence[str], shown: Sequence[str], name: str, given: str = "", bars: Container[str] = ()) -> str:
        """Return the statement that makes table *name*: key, *shown* columns, and ``stage``, the first stage a row fails.

        ``stage`` is 0 for rows that pass all; ``is_unknown`` says whether the failing condition was unknown. A row passes where
        the condition is true; one of *bars* where it is false. With *given*, a table of keys, stage 1 is to be among them and
        the others follow.
        """
        scope, relation = self._scope()
        conditions = {o.alias: scope.term(o.node) for o in self._plan.outputs if o.alias in stages}
        checks: list[tuple[exp.Expr, exp.Expr]] = []
        if given:
            keys = exp.select("value").from_(exp.to_table(given)).subquery()
            key = self._builder.key(relation).ast
            checks.append((exp.Not(this=exp.In(this=key, query=keys)), exp.false()))
        for alias in stages:
            met = conditions[alias]
            fails = SQL.coalesce(met, SQL.literal(alias in bars, met.type))
            unmet = fails if alias in bars else SQL.not_(fails)
            checks.append((unmet.ast, SQL.is_null(met).ast))
        stage = _case([(failed, exp.Literal.number(i)) for i, (failed, _) in enumerate(checks, 1)], exp.Literal.number(0))
        unknown = _case([(failed.copy(), unknown.copy()) for failed, unknown in checks], exp.false())
        columns = self._columns(scope, [o for o in self._plan.outputs if o.alias in shown])
        query = exp.select(*columns, exp.alias_(stage, "stage"), exp.alias_(unknown, "is_unknown"))
        return f"CREATE OR REPLACE TABLE {name} AS\n" + self._text(query.from_(exp.to_table(relation)), (), "duckdb")

    def listed(self, name: str, columns: Sequence[str], order: Sequence[Ordering], only: str = "") -> str:
        """Return the query of the rows of table *name* that pass every stage, sorted, ending with the key.

        With *only*, a table of keys, of those among them.
        """
        types = {o.alias: o.node.type for o in self._plan.outputs}
        sort: list[exp.Expr] = []
        for one in order:
            term = column(name, one.name, types[one.name])
            if types[one.name].kind == "category" and types[one.name].ordered:
                term = SQL.rank(term, types[one.name])
            sort.append(exp.Ordered(this=term.ast, desc=one.falling, nulls_first=False))
        key = exp.column(self._key_name, table=name)
        sort.append(exp.Ordered(this=key.copy(), desc=False, nulls_first=False))
        passed: exp.Expr = exp.EQ(this=exp.column("stage", table=name), expression=exp.Literal.number(0))
        if only:
            keys = exp.select("value").from_(exp.to_table(only)).subquery()
            passed = exp.And(this=passed, expression=exp.In(this=key.copy(), query=keys))
        shown = [exp.column(n, table=name) for n in (self._key_name, *columns)]
        query = exp.select(*shown).from_(exp.to_table(name)).where(passed).order_by(*sort)
        return to_text(query)

    def _scope(self) -> tuple[Scope, str]:
        relation = self._plan.relation
        return self._builder.output_scope(relation), relation

    def _columns(self, scope: Scope, outputs: Sequence[Named]) -> list[exp.Expr]:
        key = self._builder.key(self._plan.relation)
        return [
            exp.alias_(key.ast, self._key_name),
            *(exp.alias_(_typed(scope.term(o.node), o.node.type), o.alias) for o in outputs),
        ]

    def _order(self, scope: Scope, order: Sequence[Ordering]) -> list[exp.Expr]:
        nodes = {o.alias: o.node for o in self._plan.outputs}
        made: list[exp.Expr] = []
        for one in order:
            term = scope.term(nodes[one.name])
            kind = nodes[one.name].type
            if kind.kind == "category" and kind.ordered:
                term = SQL.rank(term, kind)
            made.append(exp.Ordered(this=term.ast, desc=one.falling, nulls_first=False))
        key = self._builder.key(self._plan.relation)
        return [*made, exp.Ordered(this=key.ast, desc=False, nulls_first=False)]

    def _text(self, query: exp.Select, head: Sequence[str], dialect: str) -> str:
        relations = self._relations if self._kept is None else []  # what is kept needs no text
        return to_text(over(query, relations, self._kept), dialect, head)


def _case(branches: Sequence[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr) -> exp.Expr:
    if not branches:
        return otherwise
    return exp.Case(ifs=[exp.If(this=met, true=value) for met, value in branches], default=otherwise)


def _typed(term: Term, type: DataType) -> exp.Expr:
    wanted = SQL_TYPES[type.kind]
    if isinstance(term.ast, exp.Cast) and term.ast.to.sql(dialect="duckdb") == wanted:
        return term.ast
    return cast(term.ast, type)
