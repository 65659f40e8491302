"""Passes, roll-ups and picks of a plan in, the SELECTs that compute them out: CASE, never FILTER; knows no file format."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from c360.datatypes import DATE, INTEGER
from c360.expr.nodes import Column
from c360.expr.operator import AGGREGATES, COMBINED
from c360.expr.schema import ENTITY
from c360.plan.steps import Measure, Pass, PassColumn, Pick, Rollup, Rows, RowValue
from c360.sql.branches import branched
from c360.sql.context import Context, as_column, within
from c360.sql.ordered import RowsToOrder, ordered_value
from c360.sql.scope import SQL, Scope, column
from c360.sql.sliding import among
from c360.sql.terms import KNOWN_ON, Term, cast


class Passes:
    """Writes what goes over the rows of sources."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of_rows(self, step: Pass) -> exp.Select:
        """Return one row an owner: every column of a pass, in one reading or one for each stretch of days."""
        if step.strategy.kind == "branches":
            return branched(step, self._made, self.of_rows)
        columns = [as_column(self._made(step.rows, one), one.alias) for one in step.columns]
        rows = self._rows(step.rows, step.entity, self._asked_late(step)).subquery("r")
        key = exp.column(step.entity, table="r")
        return exp.select(key, *columns, copy=False).from_(rows, copy=False).group_by(key.copy(), copy=False)

    def of_parts(self, step: Rollup) -> exp.Select:
        """Return one row an owner of owners: the parts of a pass added up, their least or greatest."""
        below, scope = step.of.name, Scope(step.day)
        owner = step.of.rows.owner
        assert isinstance(owner, Column)
        scope.offer(owner, column(below, step.of.entity, owner.type))
        chosen = self._context.link(exp.select().from_(exp.to_table(below)), step.links, scope)
        key = scope.term(step.owner)
        columns = [
            as_column(SQL.combined(COMBINED[one.part.combine], column(below, one.alias, INTEGER)), one.alias)
            for one in step.columns
            if one.part is not None
        ]
        chosen = chosen.select(as_column(key, step.entity), *columns, copy=False)
        there = SQL.not_(SQL.is_null(key)).ast.copy()
        return chosen.where(there, *self._context.of_part(key), copy=False).group_by(key.ast.copy(), copy=False)

    def of_ordered_rows(self, step: Pick) -> exp.Select:
        """Return one row an owner: the value that its ordered rows decide."""
        scope = self._projected(step.rows, step.column.day)
        value, condition = self._measured(step.rows, scope, step.column)
        by = None if step.column.node.by is None else scope.term(step.column.node.by)
        rows = self._rows(step.rows, step.entity)
        return ordered_value(step.column, RowsToOrder(rows, step.entity, step.rows.date_column, value, by, condition))

    def _asked_late(self, step: Pass) -> bool:
        """Whether some columns are of an earlier date than the rows, and must ask what was known then."""
        return any(self._known_then(step.rows, one) for one in step.columns)

    def _known_then(self, rows: Rows, one: PassColumn) -> list[Term]:
        if one.day == rows.day:
            return []
        return [Term(ast, DATE) for ast in self._context.known_then("r", rows.source, one.day)]

    def _made(self, rows: Rows, one: PassColumn) -> Term:
        """Return one column of a pass over the projected rows."""
        scope = self._projected(rows, one.day)
        value, condition = self._measured(rows, scope, one)
        if one.part is not None:
            return SQL.combined(one.part.combine, one.part.term(SQL, value, condition))
        by = () if one.node.by is None else (scope.term(one.node.by),)
        build = AGGREGATES[one.node.op].sql
        assert build is not None, "what ordered rows decide has a step of its own"
        return Term(cast(build(SQL, one.node, value, condition, *by).ast, one.node.type), one.node.type)

    def _measured(self, rows: Rows, scope: Scope, one: PassColumn) -> tuple[Term | None, Term | None]:
        """Return the value and the condition of one column over the projected rows."""
        node = one.node
        first, last = one.first, one.last
        if self._context.schema.source(rows.source).kind != ENTITY:  # those rows keep to their bounds already
            first, last = None if first == rows.first else first, None if last == rows.last else last
        inside = within(column("r", rows.date_column, DATE), first, last)
        conditions = [*inside, *self._known_then(rows, one), *([scope.term(node.where)] if node.where is not None else [])]
        condition = None if not conditions else SQL.and_(*conditions) if len(conditions) > 1 else conditions[0]
        return (None if node.value is None else scope.term(node.value)), condition

    def _projected(self, rows: Rows, day: date) -> Scope:
        scope = Scope(day)
        for value in rows.values:
            if value.day in (None, day):
                scope.offer(value.node, column("r", value.alias, value.node.type))
        return scope

    def _rows(self, rows: Rows, entity: str, known_on: bool = False) -> exp.Select:
        """Select what a pass needs of each row: owner, date and every row expression once."""
        context, alias = self._context, rows.relation
        is_entity = context.schema.source(rows.source).kind == ENTITY
        scope = context.scope(alias, alias, rows.day) if is_entity else context.row_scope(alias, rows.source, rows.day)
        chosen = context.link(exp.select().from_(exp.to_table(alias)), rows.links, scope)
        owner = scope.term(rows.owner)
        projected = {entity: owner}
        if rows.date_node is not None:
            projected[rows.date_column] = scope.term(rows.date_node)
        for value in rows.values:
            projected[value.alias] = self._value(rows, value, scope)
        if known_on:
            projected[KNOWN_ON] = column(alias, KNOWN_ON, DATE)
        chosen = chosen.select(*(as_column(term, name) for name, term in projected.items()), copy=False)
        chosen = chosen.where(SQL.not_(SQL.is_null(owner)).ast.copy(), *context.of_part(owner), copy=False)
        if rows.only:
            chosen = chosen.where(among(rows.only, entity, owner), copy=False)
        if is_entity:
            return chosen
        chosen = chosen.where(*context.known_then(alias, rows.source, rows.day), copy=False)
        if rows.date_node is not None:
            bounds = within(scope.term(rows.date_node), rows.first, rows.last)
            chosen = chosen.where(*(c.ast.copy() for c in bounds), copy=False)
        return chosen

    def _value(self, rows: Rows, value: RowValue, scope: Scope) -> Term:
        if value.day is None or value.day == rows.day:
            return scope.term(value.node)
        return self._context.row_scope(rows.relation, rows.source, value.day).term(value.node)


def of_measure(relation: str, measure: Measure) -> Term:
    """Return a measure of the spine's row: put together from its parts, with what the aggregate gives over no rows."""
    operator, node = AGGREGATES[measure.node.op], measure.node
    term = column(relation, measure.parts[0], node.type)
    if not measure.is_whole:
        assert operator.composed is not None
        parts = [
            column(relation, name, INTEGER if part.combine == "count" or node.value is None else node.value.type)
            for name, part in zip(measure.parts, operator.parts, strict=True)
        ]
        term = Term(cast(operator.composed.whole(SQL, node, *parts).ast, node.type), node.type)
    if operator.empty is None:
        return term
    return SQL.coalesce(term, SQL.empty_list() if operator.empty == () else SQL.literal(operator.empty, node.type))
