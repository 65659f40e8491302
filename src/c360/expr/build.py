"""Checked construction of calls and aggregates: argument types in, a typed node out, or an error that names the place."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, MONTH, NUMBER, SCALES, TEXT, VOLUME, DataType
from c360.errors import DefinitionError, TypeMismatch, did_you_mean
from c360.expr.dates import month_end
from c360.expr.nodes import Aggregate, Call, Literal, Node, Param, Rank, SegmentRef, Window
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS

LARGEST_INTEGER = 2**63 - 1


def literal(value: object) -> Literal:
    """Return the literal of a plain Python value; raises DefinitionError for what has no type here."""
    match value:
        case bool():
            return Literal(BOOLEAN, value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise DefinitionError(f"expected an integer of 64 bits, found one of {value.bit_length()} bits")
            return Literal(INTEGER, value)
        case float() | Decimal():
            number = float(value)
            if not math.isfinite(number):
                raise DefinitionError("expected a finite number, found nan or infinity")
            if isinstance(value, Decimal) and Decimal(repr(number)) != value:
                raise DefinitionError(f"expected a number of at most 15 digits, found one of {len(value.as_tuple().digits)}")
            return Literal(NUMBER, number)
        case str():
            return Literal(TEXT, value)
        case date():
            return Literal(DATE, value)
        case None:
            raise DefinitionError(
                "None is no value of an expression", hint="test for null with .is_null(), give a default with .or_else(…)"
            )
    raise DefinitionError(f"expected a number, text, date or boolean, found {type(value).__name__}")


def coerce(node: Node, to: DataType) -> Node:
    """Return a literal or parameter in the type *to* of its neighbour, where its value allows; other nodes unchanged."""
    if isinstance(node, Param):
        fitted = coerce(Literal(node.type, node.default), to)
        assert isinstance(fitted, Literal)
        return Param(fitted.type, node.name, fitted.value, node.source)
    if not isinstance(node, Literal) or node.type == to:
        return node
    value = node.value
    if node.type.is_number and to.is_number:
        return _coerce_number(node, to)
    if node.type == TEXT and to.kind == "category":
        return _level(str(value), to)
    if node.type == TEXT and to.kind in {"date", "month"}:
        return Literal(DATE, _day(str(value), to))
    if node.type == TEXT and to.kind == "key":
        return Literal(to, value)
    return node


def call(op: str, args: tuple[Node, ...], **options: object) -> Call:
    """Return the typed call of *op*; raises TypeMismatch when the operator has no meaning for the arguments."""
    record = OPERATORS[op]
    low, high = record.arity
    if not low <= len(args) <= high:
        raise TypeMismatch(f"'{op}' takes {record.takes}, found {len(args)} arguments")
    types = tuple(arg.type for arg in args)
    result = record.typing(*types, **options)
    if result is None:
        found = ", ".join(str(t) for t in types)
        raise TypeMismatch(f"'{op}' takes {record.takes}; found {found}")
    node = Call(result, op, args, tuple(sorted(options.items())))
    if record.check is not None:
        record.check(node)
    return node


def aggregate(
    op: str, source: str, value: Node | None, where: Node | None, window: Window | None, by: Node | None = None, **options: object
) -> Aggregate:
    """Return the typed aggregate of *op* over rows of *source*; raises TypeMismatch."""
    record = AGGREGATES[op]
    result = record.typing(None if value is None else value.type, **options)
    if result is None:
        raise TypeMismatch(f"'{op}' takes {record.takes}; found {'no value' if value is None else value.type}")
    if where is not None and where.type != BOOLEAN:
        raise TypeMismatch(f"a filter is a yes/no expression; found {where.type}")
    node = Aggregate(result, op, source, value, where, window, "", by, tuple(sorted(options.items())))
    if record.check is not None:
        record.check(node)
    return node


def rank(op: str, value: Node, among: SegmentRef | None, within: Node | None, **options: object) -> Rank:
    """Return the typed rank of *op*; raises TypeMismatch."""
    record = RANKS[op]
    result = record.typing(value.type)
    if result is None:
        raise TypeMismatch(f"'{op}' takes {record.takes}; found {value.type}")
    node = Rank(result, op, value, among, within, tuple(sorted(options.items())))
    if record.check is not None:
        record.check(node)
    return node


def _coerce_number(node: Literal, to: DataType) -> Literal:
    value = node.value
    if to in (MONEY, VOLUME):
        amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
        try:
            fits = amount == amount.quantize(SCALES[to.kind])
        except InvalidOperation:
            fits = False
        return Literal(to, amount.quantize(SCALES[to.kind])) if fits else node
    if to == INTEGER:
        return Literal(INTEGER, int(str(value))) if node.type == INTEGER else node
    return Literal(to, float(str(value)))


def _level(text: str, to: DataType) -> Literal:
    if text not in to.all_levels:
        raise TypeMismatch(
            f"'{text}' is no level of this category ({', '.join(to.all_levels)})", hint=did_you_mean(text, to.all_levels)
        )
    return Literal(to, text)


def _day(text: str, to: DataType) -> date:
    shown = "a month as YYYY-MM" if to == MONTH else "a date as YYYY-MM-DD"
    try:
        if to == MONTH and re.fullmatch(r"\d{4}-\d{2}", text):
            return month_end(date.fromisoformat(f"{text}-01"))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise TypeMismatch(f"expected {shown}, found '{text}'")
