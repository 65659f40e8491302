"""What must not matter: rows dated after D, the order of rows, other customers, the unit that money is counted in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from smallest import written
from strategies import bound, random_nodes
from tables import CHANCE, DAYS, KEYS, Tables, random_tables
from world import BY_NAME, DEFINITIONS, SCHEMA, Bill, Line, Ticket

from agreement import on_duckdb, shown
from c360.datatypes import MONEY
from c360.engines.duckdb import DuckDBEngine
from c360.expr.dates import add_months, month_end
from c360.expr.nodes import Node
from c360.expr.schema import ENTITY
from c360.language.example import Row

BATCH = 8
ENTITIES = ("customer", "customer", "agent", "line")


@dataclass(frozen=True)
class Case:
    """Expressions, rows, and what changes of the rows."""

    day: date
    entity: str
    nodes: dict[str, Node]
    rows: Tables
    changed: Any = None

    def answers(self, engine: DuckDBEngine, rows: Tables) -> dict[str, dict[str, Any]]:
        """Return what DuckDB says over *rows*."""
        return on_duckdb(engine, SCHEMA, rows, self.nodes, self.entity, self.day, DEFINITIONS)

    def check_same(self, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], told: str) -> None:
        """Check that every expression has the same values."""
        for name, node in self.nodes.items():
            assert shown(before[name]) == shown(after[name]), f"{told}: {written(node)} of {self.entity} as of {self.day}"


# Rows dated after D.


def later_days(day: date, monthly: bool) -> tuple[date, ...]:
    """Return dates that D does not see."""
    if monthly:
        return tuple(add_months(month_end(day), n) for n in (1, 2)) + ((month_end(day),) if month_end(day) > day else ())
    return day + timedelta(1), day + timedelta(2), day + timedelta(40)


def with_later_rows(draw: Random) -> Case:
    """Return rows and the same rows with more that D does not see: new rows, and what waits for a date after D."""
    day, entity = draw.choice(DAYS), draw.choice(ENTITIES)
    rows, others = random_tables(draw, day), random_tables(draw, day)
    more = {name: [*known_later(draw, name, some, day), *dated_later(draw, name, others[name], day)] for name, some in rows.items()}
    return Case(day, entity, random_nodes(draw, entity, BATCH), rows, more)


def dated_later(draw: Random, name: str, rows: list[Row], day: date) -> list[Row]:
    """Return *rows* as new ones with dates after D."""
    spec = SCHEMA.source(name)
    if spec.date_column is None:
        return []
    days = later_days(day, spec.is_monthly)
    new_keys = [{spec.key: f"new {i}"} if spec.kind == ENTITY else {} for i in range(len(rows))]
    return [{**row, **key, spec.date_column.name: draw.choice(days)} for row, key in zip(rows, new_keys, strict=True)]


def known_later(draw: Random, name: str, rows: list[Row], day: date) -> list[Row]:
    """Return *rows* with other values in the columns that are null at D because the date they wait for is not reached."""
    waiting = [column for column in SCHEMA.source(name).columns if column.role == "later" and column.by != column.name]
    found = []
    for row in rows:
        changed = dict(row)
        for column in waiting:
            if row[column.by] is None or row[column.by] > day:
                changed[column.by] = draw.choice((None, *later_days(day, False)))
                changed[column.name] = draw.choice([r[column.name] for r in rows])
        found.append(changed)
    return found


@pytest.mark.thorough
def test_rows_after_the_date_change_nothing(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(case: Case) -> None:
        case.check_same(case.answers(duckdb_engine, case.rows), case.answers(duckdb_engine, case.changed), "rows after D count")

    for_all(check, CHANCE.map(with_later_rows), 6)


# The order of rows.


def with_shuffled_rows(draw: Random) -> Case:
    """Return rows and the same rows in another order."""
    day, entity = draw.choice(DAYS), draw.choice(ENTITIES)
    rows = random_tables(draw, day)
    shuffled = {name: draw.sample(some, len(some)) for name, some in rows.items()}
    return Case(day, entity, random_nodes(draw, entity, BATCH), rows, shuffled)


@pytest.mark.thorough
def test_the_order_of_rows_changes_nothing(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(case: Case) -> None:
        case.check_same(case.answers(duckdb_engine, case.rows), case.answers(duckdb_engine, case.changed), "order counts")

    for_all(check, CHANCE.map(with_shuffled_rows), 6)


# Other customers.


def rows_of(customers: Collection[str], rows: Tables) -> Tables:
    """Return the rows of some customers, and those that belong to nobody."""
    everyone = set(KEYS["customer"])
    owner_of_line = {row["line"]: row["customer"] for row in rows["line"]}
    left = {key for key in everyone if key not in customers}
    owners = {
        "customer": lambda row: row["customer"],
        "profile": lambda row: row["customer"],
        "line": lambda row: row["customer"],
        "bill": lambda row: owner_of_line.get(row["line"]),
        "usage": lambda row: owner_of_line.get(row["line"]),
        "ticket": lambda row: row["customer"],
    }
    return {name: [row for row in some if name not in owners or owners[name](row) not in left] for name, some in rows.items()}


def with_two_halves(draw: Random) -> Case:
    """Return rows, expressions that read one customer's rows only, and some of the customers."""
    day = draw.choice(DAYS)
    some = set(draw.sample(KEYS["customer"], draw.randrange(len(KEYS["customer"]))))
    return Case(day, "customer", random_nodes(draw, "customer", BATCH, local=True), random_tables(draw, day), some)


@pytest.mark.thorough
def test_a_customer_does_not_depend_on_others(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    def check(case: Case) -> None:
        whole = case.answers(duckdb_engine, case.rows)
        halves = [
            case.answers(duckdb_engine, rows_of(some, case.rows)) for some in (case.changed, set(KEYS["customer"]) - case.changed)
        ]
        for name in case.nodes:
            assert not set(halves[0][name]) & set(halves[1][name])
        union = {name: {**halves[0][name], **halves[1][name]} for name in case.nodes}
        case.check_same(whole, union, "others count")

    for_all(check, CHANCE.map(with_two_halves), 6)


# The unit of money.


def in_fen(rows: Tables) -> Tables:
    """Return the rows with every amount of money a hundredfold."""
    money = {name: [c.name for c in source.spec().columns if c.type == MONEY] for name, source in BY_NAME.items()}
    return {
        name: [{**row, **{c: row[c] * 100 for c in money[name] if row[c] is not None}} for row in some]
        for name, some in rows.items()
    }


def sums_of_money() -> tuple[dict[str, Node], dict[str, Node]]:
    """Return values that scale with the unit, and values that do not."""
    total, cost, limit = Bill.where(Bill.units > 0).total, Ticket.cost, Line.limit_amount
    scaled = {
        "sum": total.sum(), "least": cost.min(), "greatest": limit.max(), "first": Bill.total.first(), "latest": cost.latest(),
        "difference": Bill.total.sum() - Bill.discount.sum().or_zero(), "product": limit.sum() * 3,
        "mean": Bill.total.sum() / 8,
    }  # fmt: skip
    fixed = {
        "share": Bill.total.sum() / Bill.discount.sum(), "known": cost.count_known(), "distinct": total.distinct(),
        "position": Bill.total.sum().position(), "part": cost.sum().ntile(3), "more": Bill.total.sum() > Bill.discount.sum(),
    }  # fmt: skip
    return tuple({name: bound(e, "customer") for name, e in some.items()} for some in (scaled, fixed))  # type: ignore[return-value]


def test_the_unit_of_money_scales_sums_and_nothing_else(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    scaled, fixed = sums_of_money()

    def check(draw: Random) -> None:
        day = draw.choice(DAYS)
        case = Case(day, "customer", {**scaled, **fixed}, random_tables(draw, day))
        yuan, fen = case.answers(duckdb_engine, case.rows), case.answers(duckdb_engine, in_fen(case.rows))
        for name in scaled:
            for key, value in yuan[name].items():
                wanted = None if value is None else value * 100
                exact = value is None or isinstance(value, Decimal)
                assert fen[name][key] == wanted if exact else abs(fen[name][key] - wanted) <= 100 * 0.0000005 + 1e-6, name
        for name in fixed:
            assert fen[name] == yuan[name], name

    for_all(check, CHANCE, 6)
