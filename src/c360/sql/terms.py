"""The expression namespace that operator records receive: typed terms in, typed sqlglot terms out, parentheses in one place.

Every form here is the portable one (docs/reference names it): searched CASE, no FILTER, explicit casts, NULLIF under divisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE, INTEGER, NUMBER, RATE, TEXT, DataType
from c360.errors import InternalError
from c360.expr.nodes import Aggregate, Call, Literal, Node, SegmentRef
from c360.expr.operator import AGGREGATES

SQL_TYPES = {
    "boolean": "BOOLEAN", "integer": "BIGINT", "number": "DOUBLE", "rate": "DOUBLE", "money": "DECIMAL(18, 2)",
    "volume": "DECIMAL(18, 3)", "list": "ARRAY<TEXT>", "text": "TEXT", "category": "TEXT", "key": "TEXT",
    "date": "DATE", "month": "DATE",
}  # fmt: skip
OPERATIONS: dict[str, Any] = {
    "+": exp.Add, "-": exp.Sub, "*": exp.Mul, "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
KNOWN_ON = "known_on_"  # beside the contract columns of a source whose rows became known on a day of their own
DIALECTS = "dialects"  # the mark of an author's own SQL: the dialects it is written for
FLOATING = (NUMBER, RATE)
MONDAY = date(1970, 1, 5)


@dataclass(frozen=True)
class Term:
    """A sqlglot expression and the type of its value."""

    ast: exp.Expr
    type: DataType

    @property
    def is_literal(self) -> bool:
        """Whether the term is a written number."""
        ast = self.ast.this if isinstance(self.ast, exp.Neg) else self.ast
        return isinstance(ast, exp.Literal) and self.type.is_number


def wrapped(term: Term | exp.Expr) -> exp.Expr:
    """Return the expression as an operand: in parentheses unless it binds tighter than any operator."""
    ast = term.ast if isinstance(term, Term) else term
    loose = (exp.Binary, exp.Connector, exp.Unary, exp.In, exp.Between, exp.Is, exp.Like, exp.Escape, exp.Not)
    tight = (exp.Paren, exp.Dot, exp.Column)
    return exp.Paren(this=ast) if isinstance(ast, loose) and not isinstance(ast, tight) else ast


def date_literal(day: date) -> exp.Expr:
    """Return ``CAST('2026-10-31' AS DATE)``."""
    return exp.Cast(this=exp.Literal.string(day.isoformat()), to=exp.DataType.build("DATE"))


def cast(ast: exp.Expr, type: DataType) -> exp.Expr:
    """Return *ast* cast to the SQL type of *type*."""
    return exp.Cast(this=ast, to=exp.DataType.build(SQL_TYPES[type.kind]))


class Sql:
    """Builds terms; one instance serves every operator."""

    one = Term(exp.Literal.number(1), INTEGER)

    def literal(self, value: object, type: DataType) -> Term:
        """Return the constant *value* of *type*."""
        match value:
            case bool():
                return Term(exp.Boolean(this=value), BOOLEAN)
            case str():
                return Term(exp.Literal.string(value), type)
            case date():
                return Term(date_literal(value), DATE)
        text = repr(value) if isinstance(value, float) else str(value)
        number: exp.Expr = exp.Literal.number(text.lstrip("-"))
        return Term(exp.Neg(this=number) if text.startswith("-") else number, type)

    def text(self, value: str) -> Term:
        """Return a text constant."""
        return self.literal(value, TEXT)

    def null(self, type: DataType) -> Term:
        """Return a null of *type*."""
        return Term(cast(exp.Null(), type), type)

    # Numbers.

    def op(self, symbol: str, a: Term, b: Term) -> Term:
        """Return ``a symbol b`` for arithmetic and comparison."""
        if symbol in "+-*" and a.is_literal and b.is_literal:
            a = Term(cast(a.ast, a.type), a.type)
        kind = OPERATIONS[symbol]
        return Term(kind(this=wrapped(a), expression=wrapped(b)), a.type if symbol in "+-*" else BOOLEAN)

    def double(self, a: Term) -> Term:
        """Return *a* as a DOUBLE."""
        return a if a.type in FLOATING and not a.is_literal else Term(cast(a.ast, NUMBER), NUMBER)

    def convert(self, a: Term, to: DataType) -> Term:
        """Return *a* in the type *to* of its neighbours; a written number needs no cast."""
        if a.type == to or a.is_literal or not to.is_number or not a.type.is_number:
            return Term(a.ast, to)
        return Term(cast(a.ast, to), to) if to not in FLOATING else Term(self.double(a).ast, to)

    def settled(self, made: Term, parts: Sequence[Term], to: DataType) -> Term:
        """Return *made*, chosen from *parts*, in the type *to*.

        Engines type written numbers by their look, 2000000000 as 32 bits and 0.1 as a decimal; one part of another kind suffices
        to make them all alike.
        """
        written = to.is_number and all(part.is_literal for part in parts)
        return Term(cast(made.ast, to), to) if written else made

    def alike(self, a: Term, b: Term) -> tuple[Term, Term]:
        """Return two operands of a comparison in one numeric form."""
        if a.type.is_number and b.type.is_number and (a.type in FLOATING) != (b.type in FLOATING):
            return tuple(t if t.type in FLOATING or t.is_literal else self.double(t) for t in (a, b))  # type: ignore[return-value]
        return a, b

    def negate(self, a: Term) -> Term:
        """Return ``-a``."""
        return Term(exp.Neg(this=wrapped(a)), a.type)

    def divide(self, a: Term, b: Term) -> Term:
        """Return ``a / b`` as a DOUBLE, null where *b* is 0."""
        divisor = (
            b.ast
            if b.is_literal and float(b.ast.name or 0)
            else exp.Nullif(this=self.double(b).ast, expression=exp.Literal.number(0))
        )
        top = self.double(a).ast
        return Term(exp.Div(this=wrapped(top), expression=wrapped(divisor), typed=False, safe=False), NUMBER)

    def floor_divide(self, a: Term, b: Term) -> Term:
        """Return the integer at or below ``a / b``."""
        return Term(cast(exp.Floor(this=self.divide(a, b).ast), INTEGER), INTEGER)

    def modulo(self, a: Term, b: Term) -> Term:
        """Return the remainder with the sign of *b*, null where *b* is 0."""
        by = exp.Nullif(this=cast(b.ast, INTEGER), expression=exp.Literal.number(0))
        once = exp.Mod(this=cast(a.ast, INTEGER), expression=by)
        summed = exp.Add(this=exp.Paren(this=once), expression=by.copy())
        return Term(exp.Mod(this=exp.Paren(this=summed), expression=by.copy()), INTEGER)

    def round6(self, a: Term) -> Term:
        """Return *a* rounded half up to 6 decimals by FLOOR, the same on every engine."""
        return self.rounded(a, 1000000)

    def rounded(self, a: Term, parts: int) -> Term:
        """Return *a* rounded half up to whole *parts* of 1."""
        return Term(exp.Div(this=self.whole(a, parts), expression=exp.Literal.number(parts), typed=False, safe=False), RATE)

    def millionths(self, a: Term) -> exp.Expr:
        """Return a number in whole millionths, rounded half up."""
        return self.whole(a, 1000000)

    def whole(self, a: Term, parts: int) -> exp.Expr:
        """Return the number of whole *parts* of 1, rounded half up."""
        scaled = exp.Mul(this=wrapped(a), expression=exp.Literal.number(parts))
        return exp.Floor(this=exp.Add(this=scaled, expression=exp.Literal.number("0.5")))

    def func(self, name: str, *args: Term) -> Term:
        """Return a call of a function that every engine has under this name."""
        return Term(exp.func(name, *(a.ast for a in args)), args[0].type)

    # Logic and choice.

    def and_(self, *terms: Term) -> Term:
        """Return the conjunction."""
        return Term(exp.and_(*(t.ast for t in terms), copy=False), BOOLEAN)

    def or_(self, *terms: Term) -> Term:
        """Return the disjunction."""
        return Term(exp.or_(*(t.ast for t in terms), copy=False), BOOLEAN)

    def not_(self, a: Term) -> Term:
        """Return the three-valued negation."""
        if isinstance(a.ast, exp.Is) and isinstance(a.ast.expression, exp.Null):
            return Term(exp.Not(this=a.ast), BOOLEAN)
        return Term(exp.Not(this=wrapped(a)), BOOLEAN)

    def is_null(self, a: Term) -> Term:
        """Return ``a IS NULL``."""
        return Term(exp.Is(this=wrapped(a), expression=exp.Null()), BOOLEAN)

    def coalesce(self, *terms: Term) -> Term:
        """Return the first value that is not null."""
        return Term(exp.Coalesce(this=terms[0].ast, expressions=[t.ast for t in terms[1:]]), terms[0].type)

    def case(self, pairs: Sequence[tuple[Term, Term]], default: Term | None = None) -> Term:
        """Return a searched CASE."""
        ifs = [exp.If(this=condition.ast, true=value.ast) for condition, value in pairs]
        return Term(exp.Case(ifs=ifs, default=None if default is None else default.ast), pairs[0][1].type)

    def is_in(self, a: Term, choices: Sequence[Term]) -> Term:
        """Return ``a IN (…)``."""
        left = a
        if any(c.type in FLOATING for c in choices):
            left = self.double(a)
        return Term(exp.In(this=wrapped(left), expressions=[c.ast for c in choices]), BOOLEAN)

    def like(self, a: Term, text: str, before: str, after: str) -> Term:
        """Return ``a LIKE before || text || after`` with *text* taken literally."""
        escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        term: exp.Expr = exp.Like(this=wrapped(a), expression=exp.Literal.string(before + escaped + after))
        if escaped != text:
            term = exp.Escape(this=term, expression=exp.Literal.string("!"))
        return Term(term, BOOLEAN)

    def never_null(self, node: Node) -> bool:
        """Whether *node* is known to have a value in every row."""
        if isinstance(node, Aggregate):
            return AGGREGATES[node.op].empty is not None
        if isinstance(node, Call):
            if node.op in {"is_null", "is_known", "tiers", "first_match", "listed"}:
                return True
            if node.op == "or_else":
                return self.never_null(node.args[1])
            return (
                node.op in {"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "is_in", "add", "subtract"}
                and all(self.never_null(arg) for arg in node.args)
                and not any(arg.type.outside for arg in node.args)
            )
        return isinstance(node, (Literal, SegmentRef))

    # Ordered categories.

    def rank(self, a: Term, type: DataType) -> Term:
        """Return the rank of a level, null for one outside the order."""
        pairs = [(self.op("=", a, self.text(level)), self.literal(rank, INTEGER)) for rank, level in enumerate(type.levels)]
        return self.case(pairs)

    def level(self, rank: Term, type: DataType) -> Term:
        """Return the level of a rank."""
        return self.case([(self.op("=", rank, self.literal(i, INTEGER)), self.text(level)) for i, level in enumerate(type.levels)])

    def one_of(self, a: Term, met: Sequence[str], type: DataType) -> Term:
        """Say whether an ordered value is one of *met*; unknown for null and for levels outside the order."""
        others = [level for level in type.levels if level not in met]
        if met and not type.outside:
            return self.is_in(a, [self.text(level) for level in met])
        pairs = [
            (self.is_in(a, [self.text(level) for level in levels]), self.literal(value, BOOLEAN))
            for levels, value in ((met, True), (others, False))
            if levels
        ]
        return self.case(pairs)

    # Dates.

    def days_between(self, start: Term, end: Term) -> Term:
        """Return the days from *start* to *end*."""
        return Term(exp.DateDiff(this=end.ast, expression=start.ast, unit=exp.Var(this="DAY")), INTEGER)

    def extract(self, part: str, a: Term) -> Term:
        """Return a calendar part as a BIGINT."""
        return Term(cast(exp.Extract(this=exp.Var(this=part), expression=a.ast), INTEGER), INTEGER)

    def months_between(self, start: Term, end: Term) -> Term:
        """Return whole months: boundaries crossed, less one while the day is not reached."""
        years = self.op("-", self.extract("YEAR", end), self.extract("YEAR", start))
        months = self.op("-", self.extract("MONTH", end), self.extract("MONTH", start))
        crossed = self.op("+", self.op("*", years, self.literal(12, INTEGER)), months)
        later = self.op(">", self.extract("DAY", start), self.extract("DAY", end))
        return self.op("-", crossed, self.case([(later, self.one)], self.literal(0, INTEGER)))

    def weekday(self, a: Term) -> Term:
        """Return the weekday, Monday 0."""
        days = self.days_between(Term(date_literal(MONDAY), DATE), a)
        return self.modulo(days, self.literal(7, INTEGER))

    def month_end(self, a: Term) -> Term:
        """Return the last day of the month."""
        return Term(exp.Cast(this=exp.LastDay(this=a.ast), to=exp.DataType.build("DATE")), DATE)


def refuse(node: Node) -> InternalError:
    """Return the error for a node that no scope offers."""
    return InternalError(f"a {type(node).__name__} was planned without a column for it")
