"""Places among a population: percentile, n-tile, cumulative share, position; ties are settled by the key where they must be."""

from __future__ import annotations

from typing import Any

from c360.datatypes import INTEGER, RATE, DataType
from c360.errors import DefinitionError
from c360.expr.nodes import Rank
from c360.expr.operator import AuthorMethods, RankOperator, option_of, option_value, register
from c360.operators.arithmetic import round6
from c360.operators.distribution import scale_of, scaled

Pairs = list[tuple[str, Any]]


def _number(value: DataType) -> bool:
    return value.is_number or value.kind == "date"


def _percentile(node: Rank, pairs: Pairs) -> dict[str, object]:
    values = sorted(value for _, value in pairs)
    below = {value: values.index(value) for value in set(values)}
    return {key: round6(float(100 * below[value]) / float(len(pairs))) for key, value in pairs}


def _two_parts(node: Rank) -> None:
    parts = option_value(node.option("parts"))
    if type(parts) is not int or parts < 2:
        raise DefinitionError("ntile splits into 2 or more parts, a whole number", hint=".ntile(10)")


def _ntile(node: Rank, pairs: Pairs) -> dict[str, object]:
    """Split the sorted rows into parts whose sizes differ by at most one, the larger first, as SQL's NTILE does."""
    parts = int(str(node.option("parts")))
    ordered = [key for key, _ in sorted(pairs, key=lambda pair: (pair[1], pair[0].encode()))]
    size, larger = divmod(len(ordered), parts)
    places: dict[str, object] = {}
    for place, key in enumerate(ordered):
        cut = larger * (size + 1)
        places[key] = place // (size + 1) + 1 if place < cut else larger + (place - cut) // size + 1
    return places


def _falling(pairs: Pairs) -> Pairs:
    by_key = sorted(pairs, key=lambda pair: pair[0].encode())
    return sorted(by_key, key=lambda pair: pair[1], reverse=True)


def _cumulative_share(node: Rank, pairs: Pairs) -> dict[str, object]:
    total, before = sum(scaled(value) for _, value in pairs), 0
    places: dict[str, object] = {}
    for key, value in _falling(pairs):
        places[key] = round6(float(before) / float(total)) if total > 0 else None
        before += scaled(value)
    return places


def _position(node: Rank, pairs: Pairs) -> dict[str, object]:
    return {key: place for place, (key, _) in enumerate(_falling(pairs), 1)}


register(
    RankOperator(
        "percentile", "a number or a date", lambda value: RATE if _number(value) else None,
        lambda q, n, value, key, split: q.percentile(value, split), _percentile, "percentile", "百分位",
        meaning="percent of the population whose value is lower; equal values share it, so the top fifth has 80 or more",
    ),
    RankOperator(
        "ntile", "a number or a date", lambda value: INTEGER if _number(value) else None,
        lambda q, n, value, key, split: q.ntile(value, key, split, n.option("parts")), _ntile,
        "place in {parts} equal parts", "{parts}等分位",
        meaning="1 for the lowest part; equal values are told apart by key",
        sample_options=({"parts": 2}, {"parts": 5}), check=_two_parts,
    ),
    RankOperator(
        "cumulative_share", "a number", lambda value: RATE if value.is_number else None,
        lambda q, n, value, key, split: q.cumulative_share(value, key, split, scale_of(n.value.type)), _cumulative_share,
        "share of the total held by greater values", "累计占比",
        nulls="null when the value is null, the row is not of the population, or the total is not above 0",
        meaning="0 for the greatest value; equal values are told apart by key",
    ),
    RankOperator(
        "position", "a number or a date", lambda value: INTEGER if _number(value) else None,
        lambda q, n, value, key, split: q.position(value, key, split), _position, "position, greatest first,", "名次",
        meaning="1 for the greatest value; equal values are told apart by key",
    ),
)  # fmt: skip


class RankMethods(AuthorMethods):
    """Places of an entity's value among a population: ``among=`` a segment, ``within=`` each value of another expression."""

    __slots__ = ()

    def percentile(self, *, among: object = None, within: object = None) -> Any:
        """Give the percent of the population with a lower value, 0 to below 100; the top fifth has 80 or more."""
        return self._rank("percentile", among, within)

    def ntile(self, parts: int, *, among: object = None, within: object = None) -> Any:
        """Split the population into *parts* of equal size, 1 the lowest; ties by key."""
        return self._rank("ntile", among, within, parts=option_of(parts))

    def cumulative_share(self, *, among: object = None, within: object = None) -> Any:
        """Give the share of the total that greater values hold: a Pareto class A is below 0.8; ties by key."""
        return self._rank("cumulative_share", among, within)

    def position(self, *, among: object = None, within: object = None) -> Any:
        """Count the place from the greatest value, 1 first; ties by key."""
        return self._rank("position", among, within)
