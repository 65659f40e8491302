"""What the rows of a plan's relations can be asked, and the joins between them; a plan and contracts in, scopes and joins out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE
from c360.expr.nodes import Column
from c360.expr.schema import ATTRIBUTES, Schema
from c360.plan.steps import Link, Plan
from c360.sql.parts import Parts
from c360.sql.scope import SQL, Scope, column
from c360.sql.terms import KNOWN_ON, Term, date_literal

Segments = Mapping[str, str]


class Context:
    """What every step of one plan is written with; `Builder` says what the arguments are."""

    def __init__(self, plan: Plan, schema: Schema, segments: Segments, late: frozenset[str], parts: Parts) -> None:
        self.plan, self.schema, self.segments, self._late, self._parts = plan, schema, segments, late, parts

    def scope(self, alias: str, relation: str, day: date) -> Scope:
        """Return what the columns of *relation*, called *alias*, offer on *day*."""
        scope = Scope(day, self.segments, alias)
        scope.offer_columns(alias, self.plan.leaves.get(relation, {}))
        return scope

    def of_part(self, owner: Term) -> list[exp.Expr]:
        """Return the condition that *owner* is of the part that is computed."""
        return self._parts.condition(owner.ast, owner.type.entity)

    def known_then(self, alias: str, source: str, day: date) -> list[exp.Expr]:
        """Return the condition that a row was known at an earlier *day*; reading already asked whether it is at the last."""
        if source not in self._late or day == self.plan.last_day:
            return []
        return [SQL.op("<=", column(alias, KNOWN_ON, DATE), day_term(day)).ast]

    def row_scope(self, alias: str, source: str, day: date) -> Scope:
        """Return the scope of a source's own rows: a `later` column is null until the date it waits for."""
        scope = Scope(day)
        spec = self.schema.source(source)
        for taken in spec.columns:
            term = column(alias, taken.name, taken.type)
            if taken.role == "later":
                known = SQL.op("<=", column(alias, taken.by, DATE), day_term(day))
                term = SQL.case([(known, term)])
            for then in self.known_then(alias, source, day) if spec.kind == ATTRIBUTES else ():
                term = SQL.case([(Term(then, BOOLEAN), term)])
            scope.offer(Column(taken.type, source, taken.name), Term(term.ast, taken.type))
        return scope

    def link(self, chosen: exp.Select, links: tuple[Link, ...], scope: Scope) -> exp.Select:
        """Join what *links* lead to, and offer it in *scope*."""
        for link in links:
            chosen = chosen.join(
                exp.alias_(exp.to_table(link.relation), link.alias, table=True),
                on=SQL.op("=", column(link.alias, link.key, link.via.type), scope.term(link.via)).ast.copy(),
                join_type="LEFT",
                copy=False,
            )
            target = self.scope(link.alias, link.relation, link.day)
            for followed in link.follows:
                scope.offer(followed, _where_there(link, target.term(followed.value)))
        return chosen


def as_column(term: Term, name: str) -> exp.Expr:
    """Return a term as a column of its own tree: what is put together here is not copied again."""
    if isinstance(term.ast, exp.Column) and term.ast.name == name:
        return term.ast.copy()
    return exp.alias_(term.ast, name)


def day_term(day: date) -> Term:
    """Return a date as a literal."""
    return Term(date_literal(day), DATE)


def within(dated: Term, first: date | None, last: date | None) -> list[Term]:
    """Return the conditions that a date lies between two days."""
    bounds = [] if first is None else [SQL.op(">=", dated, day_term(first))]
    return bounds if last is None else [*bounds, SQL.op("<=", dated, day_term(last))]


def _where_there(link: Link, value: Term) -> Term:
    """Return *value* where the joined row exists; a column needs no asking, what is computed may have a value without a row."""
    if isinstance(value.ast, exp.Column):
        return value
    there = SQL.not_(SQL.is_null(column(link.alias, link.key, link.via.type)))
    return Term(SQL.case([(there, value)]).ast, value.type)
