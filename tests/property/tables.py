"""Small nasty tables: a date D in, rows of every source of the world out; few distinct values, so that ties and gaps are common."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st
from world import SCHEMA, WITHOUT_TABLE

from c360.datatypes import DATE, DataType, key_of
from c360.expr.dates import add_months, last_complete_month, month_end, month_start
from c360.expr.schema import FACTS, SourceSpec
from c360.language.example import Row

Tables = dict[str, list[Row]]
Values = dict[DataType, tuple[Any, ...]]

DAYS = (date(2026, 10, 31), date(2026, 11, 15), date(2024, 2, 29), date(2027, 2, 28), date(2026, 3, 30))
MOST_ROWS = 8
SIZES = (0, 1, 2, 4, MOST_ROWS, MOST_ROWS)
# Of how many values of a type an example makes its rows, and how often a cell is null.
HOW_MANY = (1, 2, 3, 20)
NULLS = 0.12
WITH_TABLE = tuple(spec for name, spec in SCHEMA.sources.items() if name not in WITHOUT_TABLE)
# One number, drawn by hypothesis, decides an example: it repeats the draws of earlier examples, so that of many draws in one
# example most would be old, and a draw a choice is slow. Made small is what fails by `smallest.py`.
CHANCE: st.SearchStrategy[Random] = st.integers(0, 2**63).map(Random)

NFC, NFD = "\u00e9", "e\u0301"
VALUES: dict[str, tuple[Any, ...]] = {
    "boolean": (True, False),
    "integer": (0, 1, 2, 3, -1, 7, 12),
    "number": (0.0, 0.5, 1.5, -2.25, 0.1, 0.2, 0.7, 3.0),
    "money": tuple(Decimal(v) for v in ("0.00", "0.01", "0.50", "-3.15", "10.00", "80.15", "240.45", "20.00")),
    "volume": tuple(Decimal(v) for v in ("0.000", "0.001", "0.500", "1.500", "-2.250", "1024.000")),
    "rate": (0.0, 0.5, 0.333333, -0.000001, 1.0, 26.716667),
    "text": ("", "\u5f20", "a'b", "%", "_", "a", "A", "unknown", NFC, NFD, "10%_!", " a "),
}
KEYS = {
    "customer": ("C1", "C2", "C3", "\u5f20", "a'b", "C6", "C7", "C8"),
    "line": ("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"),
    "plan": ("P1", "P2", "P3"),
    "agent": ("A1", "A2"),
}
ORPHAN = "X9"


def days_around(day: date) -> tuple[date, ...]:
    """Return the dates at which windows, months and the as-of date turn."""
    end = last_complete_month(day)
    edges = (
        day, day - timedelta(1), day + timedelta(1), day - timedelta(29), day - timedelta(30), end, end + timedelta(1),
        month_start(end), month_start(end) - timedelta(1), month_start(add_months(end, -2)), add_months(end, -3),
        month_end(day) + timedelta(1), date(2024, 2, 29), date(2023, 2, 28), date(2020, 12, 31), add_months(day, 12),
    )  # fmt: skip
    return tuple(dict.fromkeys(edges))


def months_around(day: date) -> tuple[date, ...]:
    """Return months by their last day: complete ones, the running one, one to come."""
    end = last_complete_month(day)
    return tuple(dict.fromkeys((end, *(add_months(end, -n) for n in (1, 2, 3, 12)), month_end(day), add_months(month_end(day), 1))))


def values_of(type: DataType, day: date) -> tuple[Any, ...]:
    """Return the few values that columns of *type* take."""
    match type.kind:
        case "category":
            return type.all_levels
        case "key":
            return (*KEYS[type.entity], ORPHAN)
        case "date":
            return days_around(day)
        case "month":
            return months_around(day)
    return VALUES[type.kind]


def some_of_each(draw: Random, day: date) -> Values:
    """Return, for each type, some of its values: few keys give groups of many rows, few days rows that tie."""
    found: Values = {}
    for type in dict.fromkeys(column.type for spec in WITH_TABLE for column in spec.columns):
        values = values_of(type, day)
        found[type] = tuple(draw.sample(values, min(draw.choice(HOW_MANY), len(values))))
    return found


def rows_of(spec: SourceSpec, values: Values, draw: Random, count: int) -> list[Row]:
    """Return *count* rows, fewer where keys run out: keys unique where they must be, orphans and nulls elsewhere."""
    made = [{c.name: None if draw.random() < NULLS else draw.choice(values[c.type]) for c in spec.columns} for _ in range(count)]
    if spec.kind == FACTS:
        return made
    own = list(dict.fromkeys((*values.get(key_of(spec.entity), ()), *KEYS[spec.entity])))
    keys = draw.sample([key for key in own if key != ORPHAN], min(count, len(KEYS[spec.entity])))
    return [{**row, spec.key: key} for row, key in zip(made, keys, strict=False)]


def random_tables(draw: Random, day: date) -> Tables:
    """Return tables of every source that has one, of 0 to 8 rows."""
    values = some_of_each(draw, day)
    return {spec.name: rows_of(spec, values, draw, draw.choice(SIZES)) for spec in WITH_TABLE}


def fixed_tables(day: date) -> Tables:
    """Return one set of full tables that never changes: many facts of few customers on few days, so that rows tie."""
    draw = Random(7)
    few: Values = {
        DATE: (day, day, day - timedelta(1), day - timedelta(30), date(2024, 2, 29), day + timedelta(1)),
        key_of("customer"): ("C1", "C2", "C3", "C1", "C2", ORPHAN),
        key_of("line"): (*KEYS["line"][:5], ORPHAN),
    }
    values = {type: few.get(type, values_of(type, day)) for type in some_of_each(draw, day)}
    return {spec.name: rows_of(spec, values, draw, MOST_ROWS * (5 if spec.kind == FACTS else 1)) for spec in WITH_TABLE}
