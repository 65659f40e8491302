"""Lists of texts: the most frequent values of many rows in order, and what can be asked of a list; no rows is an empty list."""

from __future__ import annotations

from typing import Any

from c360.datatypes import BOOLEAN, INTEGER, LIST, TEXT, DataType
from c360.errors import DefinitionError, TypeMismatch
from c360.expr.nodes import Aggregate, Call
from c360.expr.operator import AggregateOperator, AuthorMethods, Operator, option_of, option_value, register
from c360.operators.aggregates import exact_sum, order_key
from c360.operators.text import constant


def _places(node: Aggregate) -> None:
    count = option_value(node.option("count"))
    if type(count) is not int or not 1 <= count <= 50:
        raise DefinitionError("a top list has 1 to 50 places, a whole number", hint=".top(3)")


def _listed(value: DataType | None, **_: Any) -> DataType | None:
    return LIST if value is not None and value.is_textual else None


def _ranked(node: Aggregate, rows: list[Any]) -> list[Any]:
    """Return the values by falling weight, equal weights in the order of the values."""
    weights: dict[Any, list[Any]] = {}
    for _, value, *by in rows:
        if value is not None:
            weights.setdefault(value, []).extend(by if node.by is not None else [1])
    summed = {value: exact_sum([w for w in found if w is not None]) for value, found in weights.items()}
    assert node.value is not None
    kind = node.value.type
    return sorted(summed, key=lambda value: (-summed[value], order_key(kind, value)))


def _frequent(node: Aggregate, rows: list[Any]) -> object:
    return next(iter(_ranked(node, rows)), None)


def _top(node: Aggregate, rows: list[Any]) -> object:
    return tuple(_ranked(node, rows)[: int(str(node.option("count")))])


def _known_value(value: DataType | None) -> DataType | None:
    return None if value is None or value.kind in {"boolean", "list"} else value


def _is_list(*types: DataType) -> bool:
    return types[0] == LIST


def _constant(node: Call) -> None:
    if not isinstance(constant(node), str):
        raise TypeMismatch(f"'{node.op}' takes a constant")


def _place(node: Call) -> None:
    place = constant(node)
    if not isinstance(place, int) or place < 1:
        raise TypeMismatch("'item' takes a constant place, counted from 1")


def _item(node: Call, values: Any, place: int) -> object:
    return values[place - 1] if 1 <= place <= len(values) else None


def _names(node: Call) -> tuple[str, ...]:
    found = node.option("items")
    assert isinstance(found, tuple)
    return found


def _named(*types: DataType, items: Any) -> DataType | None:
    return LIST if all(t == BOOLEAN for t in types) and len(items) == len(types) else None


def _met(node: Call, *values: Any) -> object:
    return tuple(item for item, value in zip(_names(node), values, strict=True) if value is True)


def _named_words(node: Call, *parts: str) -> str:
    return "the list of: " + "; ".join(f"'{item}' if {part}" for item, part in zip(_names(node), parts, strict=True))


def _named_words_zh(node: Call, *parts: str) -> str:
    return "列出：" + "；".join(f"若{part}则'{item}'" for item, part in zip(_names(node), parts, strict=True))


register(
    Operator(
        "listed", "one yes/no expression an item", _named, lambda q, n, *met: q.list_of_met(_names(n), met), _met, _named_words,
        _named_words_zh, arity=(1, 1000), strict=False, coerces=False,
        nulls="an empty list where no condition holds; unknown does not",
        sample_options=({"items": ("a",)}, {"items": ("a", "b")}),
    ),
    AggregateOperator(
        "most_frequent", "any value but yes/no", _known_value, None, _frequent, "most frequent {value} among {rows}",
        "{rows}最常见的{value}", pick="frequent", nulls="null over no rows; of equal ones the least",
    ),
    AggregateOperator(
        "top", "a text", _listed, None, _top, "the {count} most frequent values of {value} among {rows}",
        "{rows}最常见的{count}个{value}",
        pick="top", empty=(), nulls="an empty list over no rows; equal weights in the order of the values",
        sample_options=({"count": 1}, {"count": 3}), check=_places,
    ),
    Operator(
        "has_item", "a list and a constant text", lambda a, b: BOOLEAN if _is_list(a) and b.is_textual else None,
        lambda q, n, a, b: q.list_has(a, b), lambda n, a, b: b in (a or ()), "{0} holds {1}", "{0}含{1}", coerces=False,
        strict=False, nulls="never unknown; a missing list holds nothing", check=_constant,
    ),
    Operator(
        "items", "a list", lambda a: INTEGER if _is_list(a) else None, lambda q, n, a: q.list_size(a),
        lambda n, a: len(a or ()), "number of items of {0}", "{0}的项数", arity=(1, 1), strict=False, nulls="0 for a missing list",
    ),
    Operator(
        "item", "a list and a place from 1", lambda a, b: TEXT if _is_list(a) and b == INTEGER else None,
        lambda q, n, a, b: q.list_item(a, b), _item, "item {1} of {0}", "{0}的第{1}项", coerces=False,
        nulls="null where the list is shorter", check=_place,
    ),
    Operator(
        "overlaps", "two lists", lambda a, b: BOOLEAN if a == b == LIST else None, lambda q, n, a, b: q.list_overlaps(a, b),
        lambda n, a, b: bool(set(a or ()) & set(b or ())), "{0} shares an item with {1}", "{0}与{1}有交集", coerces=False,
        strict=False, nulls="never unknown",
    ),
)  # fmt: skip


class ListMethods(AuthorMethods):
    """Lists from rows, and questions to lists."""

    __slots__ = ()

    def most_frequent(self) -> Any:
        """Take the value that most rows have; of equally frequent ones the least."""
        return self._aggregate("most_frequent")

    def top(self, count: int, by: Any = None) -> Any:
        """List the *count* most frequent values, the first first; with *by*, those with the greatest sum of it."""
        return self._aggregate("top", by=by, count=option_of(count))

    def has_item(self, text: str) -> Any:
        """Say whether the list holds *text*; never unknown."""
        return self._call("has_item", self, text)

    def items(self) -> Any:
        """Count the items of the list."""
        return self._call("items", self)

    def item(self, place: int) -> Any:
        """Take the item at *place*, from 1; null where the list is shorter."""
        return self._call("item", self, place)

    def overlaps(self, other: object) -> Any:
        """Say whether two lists share an item; never unknown."""
        return self._call("overlaps", self, other)
