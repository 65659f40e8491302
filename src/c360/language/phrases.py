"""The text form as data: phrases with their place in the text, faults with a caret, phrases back to text; knows no parser."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from c360.errors import DefinitionError

# Words that cannot name a value without double quotes.
WORDS = frozenset({
    "and", "or", "not", "in", "between", "is", "null", "like", "case", "when", "then", "else", "end", "true", "false",
    "date", "cast", "as", "bigint", "double",
})  # fmt: skip
COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
ARITHMETIC = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "floor_divide": "//", "modulo": "%"}
SHOWN = 100

# How tightly a phrase binds, from `or` to a name.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)
BINDS = {
    "or": OR, "and": AND, "not": NOT, **dict.fromkeys(COMPARISONS, COMPARISON), "add": SUM, "subtract": SUM,
    "multiply": PRODUCT, "divide": PRODUCT, "floor_divide": PRODUCT, "modulo": PRODUCT, "negate": SIGN, "case": ATOM,
    "is_null": COMPARISON, "is_known": COMPARISON, "is_in": COMPARISON, "between": COMPARISON, "like": COMPARISON,
}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """One part of a text form; it stands at [start, end) of the text."""

    start: int = field(default=-1, compare=False, kw_only=True)
    end: int = field(default=-1, compare=False, kw_only=True)


@dataclass(frozen=True)
class Written(Phrase):
    """A written value: a number, a text, a date, true, false, or null (None)."""

    value: int | Decimal | str | date | bool | None


@dataclass(frozen=True)
class Name(Phrase):
    """What a value is called; several parts lead along keys, or say which source is meant."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Operation(Phrase):
    """An operator that SQL has a spelling for, by its name in c360; besides, `between`, `like` and `case`.

    The arguments of `case` are conditions each followed by its value, maybe a last value for the rest.
    """

    op: str
    args: tuple[Phrase, ...]


@dataclass(frozen=True)
class Function(Phrase):
    """A function with its arguments."""

    name: str
    args: tuple[Phrase, ...]


@dataclass(frozen=True)
class Cast(Phrase):
    """A value read as a `date`, `bigint` or `double`."""

    arg: Phrase
    to: str


def fault(
    kind: type[DefinitionError], message: str, text: str, place: tuple[int, int] | Phrase, hint: str | None = None
) -> DefinitionError:
    """Return the error of *kind* that shows *text* with carets under *place*."""
    start, end = (place.start, place.end) if isinstance(place, Phrase) else place
    if start < 0:
        start, end = 0, len(text)
    return kind(message, hint=hint, where=_marked(text, start, max(end, start + 1)))


def write(phrase: Phrase) -> str:
    """Return the text of *phrase*, with the parentheses it needs and no more than make it readable."""
    match phrase:
        case Written():
            return _value(phrase.value)
        case Name():
            return ".".join(quoted(part) for part in phrase.parts)
        case Cast():
            return f"cast({write(phrase.arg)} as {phrase.to})"
        case Function():
            return f"{quoted(phrase.name)}({', '.join(write(arg) for arg in phrase.args)})"
        case Operation():
            return _operation(phrase)
    raise AssertionError(type(phrase))


def quoted(name: str) -> str:
    """Return *name* as it stands in a text form: in double quotes unless it is a plain word."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name.lower() not in WORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def _operation(phrase: Operation) -> str:
    op, args = phrase.op, phrase.args
    match op:
        case "and" | "or":
            return f" {op} ".join(_inside(arg, BINDS[op] + 1) for arg in args)
        case "not":
            # A parser takes `not x is null` for `x is not null`.
            tested = isinstance(args[0], Operation) and args[0].op == "is_null"
            return f"not {_inside(args[0], ATOM if tested else COMPARISON)}"
        case "negate":
            # -(5) takes the sign of a value; -5 is a value itself.
            inner = write(args[0])
            return f"-({inner})" if isinstance(args[0], Written) or _binds(args[0]) < ATOM else f"-{inner}"
        case "is_null" | "is_known":
            return f"{_inside(args[0], SUM)} is {'not ' if op == 'is_known' else ''}null"
        case "is_in":
            return f"{_inside(args[0], SUM)} in ({', '.join(write(arg) for arg in args[1:])})"
        case "between":
            return f"{_inside(args[0], SUM)} between {_inside(args[1], SUM)} and {_inside(args[2], SUM)}"
        case "like":
            return f"{_inside(args[0], SUM)} like {write(args[1])}"
        case "case":
            return _case(args)
    symbol, level = (COMPARISONS | ARITHMETIC)[op], BINDS[op]
    first = SUM if level == COMPARISON else level
    return f"{_inside(args[0], first)} {symbol} {_inside(args[1], max(level + 1, SUM))}"


def _case(args: tuple[Phrase, ...]) -> str:
    pairs = [f"when {write(args[i])} then {write(args[i + 1])}" for i in range(0, len(args) // 2 * 2, 2)]
    rest = [f"else {write(args[-1])}"] if len(args) % 2 else []
    return " ".join(["case", *pairs, *rest, "end"])


def _inside(phrase: Phrase, at_least: int) -> str:
    text = write(phrase)
    return text if _binds(phrase) >= at_least else f"({text})"


def _binds(phrase: Phrase) -> int:
    if isinstance(phrase, Operation):
        return BINDS[phrase.op]
    negative = isinstance(phrase, Written) and isinstance(phrase.value, (int, Decimal)) and phrase.value < 0
    return SIGN if negative else ATOM


def _value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case date():
            return f"date '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)


def _marked(text: str, start: int, end: int) -> str:
    """Return the line of *text* that holds *start*, cut to what fits, with carets under [start, end)."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    left = max(first, start - SHOWN // 2)
    right = min(last, max(left + SHOWN, min(end, start + SHOWN)))
    before = ("… " if left > first else "") + text[left:start]
    marked = text[start : max(min(end, right), start)]
    after = text[start + len(marked) : right] + (" …" if right < last else "")
    number = text.count("\n", 0, start) + 1
    at = f"line {number}, column {start - first + 1}" if "\n" in text.strip() else f"column {start - first + 1}"
    line = "".join(map(_printable, before + marked + after))
    return f"the text, {at}:\n  {line}\n  {' ' * _width(before)}{'^' * max(_width(marked), 1)}"


def _printable(char: str) -> str:
    return char if char.isprintable() else " "


def _width(text: str) -> int:
    """Return how many cells of a terminal *text* takes; Chinese characters take two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
