"""Recipes of scores: signals to points, the dominant of several scores, the cells of a grid; ordinary expressions out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from c360.datatypes import INTEGER, NUMBER, RATE
from c360.errors import DefinitionError, TypeMismatch, UnknownName
from c360.expr import build
from c360.expr.grain import ANY
from c360.expr.nodes import Literal, Param
from c360.language.expression import Expression, apply, greatest, lift
from c360.language.recipes import first_match


def scorecard(**signals: tuple[Any, Any]) -> Expression:
    """Score 0 to 100: the points of the signals that hold, by the points of all.

    Each signal is ``name=(condition, points)``, the points a whole number or a parameter of one; a condition that is unknown
    counts as not met. Without any point in all the score is null. The result is a rate, rounded to 6 decimals, so that scores
    which lie 10 points apart do so exactly.

    >>> scorecard(complained=(open_complaints > 0, 30), arrears=(arrears_amount > 0, 20))  # doctest: +SKIP
    """
    if not signals:
        raise DefinitionError("a scorecard needs signals", hint="scorecard(complained=(open_complaints > 0, 30))")
    met: Expression | None = None
    written = 0
    named: list[Expression] = []
    for name, signal in signals.items():
        condition, points = _signal(name, signal)
        if isinstance(points, int):
            written += points
        else:
            named.append(points)
        earned = apply("case", condition, points, 0)
        met = earned if met is None else apply("add", met, earned)
    assert met is not None
    total, *rest = [lift(written), *named] if written else named
    for points in rest:
        total = apply("add", total, points)
    return apply("divide", apply("multiply", met, Expression(Literal(RATE, 100.0), ANY)), total)


def dominant(*, at_least: Any = 50, lead: Any = 10, mixed: str = "mixed", none: str = "none", **scores: Any) -> Expression:
    """Name the score that reaches *at_least* and leads every other by *lead*; else *mixed* when one reaches it, else *none*.

    A missing score counts as 0. The result is a category of the scores' names.
    """
    if len(scores) < 2:
        raise DefinitionError("dominant compares two scores or more", hint="dominant(price=price_score, service=service_score)")
    known = {name: _or_no_points(lift(score)) for name, score in scores.items()}
    levels = {}
    for name, score in known.items():
        others = [other for key, other in known.items() if key != name]
        condition = apply("ge", score, at_least)
        for other in others:
            condition = apply("and", condition, apply("ge", apply("subtract", score, other), lead))
        levels[name] = condition
    reached = apply("ge", greatest(*known.values()), at_least)
    return first_match(**levels, **{mixed: reached}, otherwise=none, missing="unknown", unknown="skip")


def ranking(**scores: Any) -> Expression:
    """List the names by falling score; equal scores in the order written, one that is 0, below or missing left out.

    Scores are compared to 6 decimals, so that equal ones of different types are equal.

    >>> ranking(voice=mou_3m / 500, data=dou_3m / 10_000)  # doctest: +SKIP
    """
    if len(scores) < 2:
        raise DefinitionError("ranking orders two scores or more", hint="ranking(voice=voice_score, data=data_score)")
    known = {name: _to_six_decimals(lift(score)) for name, score in scores.items()}
    names = list(known)
    places: dict[str, Any] = {}
    for name, score in known.items():
        place: Any = 1
        for other in names:
            if other != name:
                ahead = apply("gt" if names.index(other) > names.index(name) else "ge", known[other], score)
                place = apply("add", apply("case", ahead, 1, 0), place)
        places[name] = place
    placed = [
        (name, apply("and", apply("gt", known[name], 0), apply("eq", places[name], at)))
        for at in range(1, len(names) + 1)
        for name in names
    ]
    return apply("listed", *(met for _, met in placed), items=tuple(name for name, _ in placed))


def grid(rows: Any, columns: Any, cells: Mapping[tuple[str, str], str], *, missing: str = "unknown") -> Expression:
    """Name the cell of two categories; every pair of levels has a cell, a null or outside level gives *missing*.

    *cells* maps (row level, column level) to a name, ``"*"`` standing for every level; the first that fits counts. Raises
    DefinitionError when a pair has no cell, so the cells are complete and disjoint.
    """
    across, down = lift(columns), lift(rows)
    for axis, told in ((down, "rows"), (across, "columns")):
        if axis.type.kind != "category":
            raise TypeMismatch(f"the {told} of a grid are a category; found {axis.type}", hint="cut a number with tiers(…)")
    _only_levels(cells, down, across)
    found: dict[str, Any] = {}
    for row in down.type.levels:
        for column in across.type.levels:
            name = _cell(cells, row, column)
            here = apply("and", apply("eq", down, row), apply("eq", across, column))
            found[name] = here if name not in found else apply("or", found[name], here)
    return apply("first_match", *found.values(), levels=tuple(found), otherwise=missing, missing=missing, unknown="end")


def _or_no_points(score: Expression) -> Expression:
    """Return a score, 0 where it is missing, as a rate: the distance of two rates is rounded to 6 decimals."""
    return Expression(build.call("or_else", (score.node, Literal(RATE, 0.0))), score.grain, score.depth + 1)


def _to_six_decimals(score: Expression) -> Expression:
    # A sum of rates is rounded; without it a third of a count stands above the same third of an amount.
    known = _or_no_points(score)
    return apply("add", known, Expression(Literal(RATE, 0.0), ANY)) if score.type == NUMBER else known


def _signal(name: str, signal: Any) -> tuple[Expression, Any]:
    if not isinstance(signal, tuple) or len(signal) != 2 or not _are_points(signal[1]):
        raise DefinitionError(f"signal '{name}' is a condition and its points: {name}=(condition, 30)")
    condition = lift(signal[0])
    if condition.type.kind != "boolean":
        raise TypeMismatch(f"the condition of signal '{name}' is a yes/no expression; found {condition.type}")
    return condition, signal[1]


def _are_points(points: Any) -> bool:
    if isinstance(points, Expression):
        return isinstance(points.node, Param) and points.type == INTEGER
    return isinstance(points, int) and points >= 1


def _cell(cells: Mapping[tuple[str, str], str], row: str, column: str) -> str:
    for (wanted_row, wanted_column), name in cells.items():
        if wanted_row in (row, "*") and wanted_column in (column, "*"):
            return name
    raise DefinitionError(f"the grid has no cell for ({row}, {column})", hint='name one, or catch the rest with ("*", "*")')


def _only_levels(cells: Mapping[tuple[str, str], Any], down: Expression, across: Expression) -> None:
    for (row, column), name in cells.items():
        if not isinstance(name, str) or not name:
            raise DefinitionError(f"a cell of a grid has a name, a text; found {type(name).__name__}")
        for level, axis in ((row, down), (column, across)):
            if level != "*" and level not in axis.type.levels:
                raise UnknownName.among("level of the grid", str(level), axis.type.levels)
