"""A derived column's text and its file's header in, SQL over physical columns out, with what its casts cannot read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, TEXT, VOLUME, DataType
from c360.errors import DefinitionError, TypeMismatch
from c360.expr.grain import row_of
from c360.expr.nodes import AsOf, Column, walk
from c360.language.expression import Expression
from c360.language.phrases import fault
from c360.language.predicates import expression, kind_words, unknown
from c360.sql.reading import read_phrase
from c360.sql.scope import Scope
from c360.sql.terms import Term
from c360.sql.terms import cast as typed

Header = tuple[tuple[str, str], ...]
PHYSICAL, CAST = "file", "cast"
STORED = {
    "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "rate": "DOUBLE", "money": "DECIMAL(18,2)",
    "volume": "DECIMAL(18,3)", "date": "DATE", "boolean": "BOOLEAN",
}  # fmt: skip
INTEGERS = r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?"
# The texts that a cast reads; the engine itself would take 1_000 and blanks around a number.
READ = {"date": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "integer": "[+-]?[0-9]+"}
READ["number"] = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"


@dataclass(frozen=True)
class Derived:
    """The value as SQL, the physical type it has, and the condition under which a cast lost what was there."""

    value: exp.Expr
    type: str
    lost: exp.Expr | None


def derive(text: str, header: Header, nulls: tuple[str, ...], where: str) -> Derived:
    """Return what *text* says over the columns of *header*; in texts *nulls* mean null.

    Raises DefinitionError at *where*, showing the place in the text.
    """
    try:
        return _derived(text, _Physical(header, nulls))
    except DefinitionError as error:
        error.where = f"{where}, {error.where}"
        raise


def _derived(text: str, names: _Physical) -> Derived:
    phrase = read_phrase(text)
    found = expression(phrase, names, text, names.cast)
    if any(isinstance(node, AsOf) for node in walk(found.node)):
        raise fault(DefinitionError, "a file's column does not change with the as-of date", text, phrase, "leave as_of() to tags")
    scope = Scope(date.min)
    lost = names.offer(scope)
    kind = STORED.get(found.type.kind)
    if kind is None:
        raise fault(TypeMismatch, f"a column holds no {kind_words(found.type)}", text, phrase)
    return Derived(typed(scope.term(found.node).ast, found.type), kind, exp.or_(*lost) if lost else None)


class _Physical:
    """The columns of a file as names, each of the type it is stored in; casts stand as columns until SQL is made."""

    def __init__(self, header: Header, nulls: tuple[str, ...]) -> None:
        self._types, self._nulls = dict(header), nulls
        self._used: dict[str, DataType] = {}
        self._casts: list[tuple[Expression, DataType]] = []

    def find(self, parts: tuple[str, ...]) -> Expression:
        """Return the column of a name; raises UnknownName, and DefinitionError for a type that no expression takes."""
        name = ".".join(parts)
        if name not in self._types:
            raise unknown("column of the file", name, self._types)
        kind = _type_of(self._types[name])
        if kind is None:
            told = f"column '{name}' is of type {self._types[name]}, which no expression takes"
            raise DefinitionError(told, hint='bind it alone: { from = "…" }')
        self._used[name] = kind
        return Expression(Column(kind, PHYSICAL, name), row_of(PHYSICAL, {}))

    def cast(self, value: Expression, to: DataType) -> Expression:
        """Return *value* as a date, integer or number; raises TypeMismatch for what is never one."""
        kinds = {"date": ("text", "date"), "integer": ("text", "boolean"), "number": ("text",)}[to.kind]
        if value.type.kind not in kinds and not (value.type.is_number and to.is_number):
            raise TypeMismatch(f"cannot read {kind_words(value.type)} as {kind_words(to)}")
        self._casts.append((value, to))
        return Expression(Column(to, CAST, str(len(self._casts))), value.grain)

    def offer(self, scope: Scope) -> list[exp.Expr]:
        """Let SQL stand for the columns and casts in *scope*; return the conditions under which a cast lost a value."""
        for name, kind in self._used.items():
            scope.offer(Column(kind, PHYSICAL, name), Term(self._stored(name, kind), kind))
        lost: list[exp.Expr] = []
        for number, (value, to) in enumerate(self._casts, 1):
            before = scope.term(value.node).ast
            after = _cast(before, value.type, to)
            scope.offer(Column(to, CAST, str(number)), Term(after, to))
            is_there = exp.Not(this=exp.Is(this=exp.Paren(this=before.copy()), expression=exp.Null()))
            lost.append(exp.and_(is_there, exp.Is(this=exp.Paren(this=after.copy()), expression=exp.Null())))
        return lost

    def _stored(self, name: str, kind: DataType) -> exp.Expr:
        column: exp.Expr = exp.column(exp.to_identifier(name, quoted=False))
        if kind != TEXT:
            return column if self._types[name] == STORED[kind.kind] else typed(column, kind)
        if self._types[name] != "VARCHAR":
            column = typed(column, kind)
        if not self._nulls:
            return column
        is_null = exp.In(this=column.copy(), expressions=[exp.Literal.string(text) for text in self._nulls])
        return exp.Case(ifs=[exp.If(this=is_null, true=exp.Null())], default=column)


def _type_of(stored: str) -> DataType | None:
    """Return the type of a physical column, None for one that no expression takes."""
    decimal = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", stored)
    if decimal:
        digits, scale = int(decimal[1]), int(decimal[2])
        exact = (INTEGER, MONEY, MONEY, VOLUME)[scale] if scale <= 3 else NUMBER
        return exact if digits <= 18 else NUMBER
    if re.fullmatch(INTEGERS, stored):
        return INTEGER
    if stored == "VARCHAR" or re.fullmatch(r"ENUM\(.*\)", stored, re.DOTALL):
        return TEXT
    return {"FLOAT": NUMBER, "DOUBLE": NUMBER, "BOOLEAN": BOOLEAN, "DATE": DATE}.get(stored)


def _cast(value: exp.Expr, kind: DataType, to: DataType) -> exp.Expr:
    """Return *value* as *to*, null for a text or fraction that is none."""
    if kind in (to, BOOLEAN) or (to == NUMBER and kind.is_number):
        return typed(value.copy(), to)
    made = exp.TryCast(this=value.copy(), to=exp.DataType.build(STORED[to.kind]))
    if kind == TEXT:
        pattern = exp.Literal.string(READ[to.kind])
        is_one: exp.Expr = exp.Anonymous(this="regexp_full_match", expressions=[value.copy(), pattern])
    else:
        is_one = exp.EQ(this=exp.Floor(this=value.copy()), expression=exp.Paren(this=value.copy()))
    return exp.Case(ifs=[exp.If(this=is_one, true=made)])
