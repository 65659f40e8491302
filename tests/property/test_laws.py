"""Laws of quantifiers, lists, ranks and shifts in time: expressions that are true for every row of any tables, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tables import CHANCE, DAYS, random_tables
from world import DEFINITIONS, SCHEMA, Bill, Customer, Line, Ticket, Usage

from agreement import check_agreement
from c360 import months
from c360.engines.duckdb import DuckDBEngine
from c360.expr.grain import bind_entity

CALLS = Usage.calls > 1
SPENT = Bill.total.sum()
TALL = Line.seats > 1
TOPICS = Ticket.topic.top(2)

# Each is true, or unknown where the note says so, for every customer.
LAWS: dict[str, Any] = {
    "any and none exclude each other": ~(CALLS.any() & CALLS.none()),
    "all and none hold together only over no rows": ~(CALLS.all() & CALLS.none()) | (Usage.count() == 0),
    "true, false and unknown rows are all rows": (
        Usage.where(CALLS).count() + Usage.where(~CALLS).count() + Usage.where(CALLS.is_null()).count() == Usage.count()
    ),
    "a share is a count by a count": (CALLS.share() - Usage.where(CALLS).count() / Usage.count()).or_zero() == 0,
    "any line is one that counts": TALL.any() == (Line.where(TALL).count() > 0),
    "no line is none that counts": ~TALL.none() | (Line.where(TALL).count() == 0),
    "known values are no more than rows": Usage.calls.count_known() <= Usage.count(),
    "different values are no more than known ones": Usage.place.distinct() <= Usage.place.count_known(),
    "a run is no longer than the rows": Usage.where(CALLS).longest_run() <= Usage.where(CALLS).count(),
    "the median lies between the ends": (Usage.calls.median().between(Usage.calls.min(), Usage.calls.max())).or_else(True),
    "quantiles rise": (Usage.minutes.quantile(0.25) <= Usage.minutes.quantile(0.75)).or_else(True),
    "a list is no longer than its places": TOPICS.items() <= 2,
    "a longer list starts as the shorter": (Ticket.topic.top(3).item(1) == Ticket.topic.top(1).item(1)).or_else(True),
    "the first of a list is the most frequent": (Ticket.topic.top(1).item(1) == Ticket.topic.most_frequent()).or_else(True),
    "an empty list has no first": (Ticket.topic.top(1).items() == 0) == Ticket.topic.most_frequent().is_null(),
    "a list overlaps itself unless it is empty": Ticket.topic.top(2).overlaps(Ticket.topic.top(2))
    == (Ticket.topic.top(2).items() > 0),
    "a percentile lies from 0 to below 100": ((SPENT.percentile() >= 0) & (SPENT.percentile() < 100)).or_else(True),
    "a place is known where the value is": SPENT.position().is_known() == SPENT.is_known(),
    "a part is one of the parts": SPENT.ntile(3).between(1, 3).or_else(True),
    "the greatest has no part of the total before it": (SPENT.position() != 1) | (SPENT.cumulative_share().or_zero() == 0),
    "a population of its own is its own": (SPENT.percentile(within=Customer.customer) == 0).or_else(True),
    "shifts add up": (SPENT.ago(months=1).ago(days=3).or_else(-1) == SPENT.ago(months=1, days=3).or_else(-1)),
    "a window in the past is the past window": (
        Bill.last(months(1)).count().ago(months=1) == Bill.last(months(1).before(months(1))).count()
    ).or_else(True),
}


def true_everywhere(answers: dict[str, dict[str, Any]]) -> None:
    for law, values in answers.items():
        broken = [key for key, value in values.items() if value is not True]
        assert not broken, f"{law}: not so for {broken}"


def test_laws_hold_on_random_tables(duckdb_engine: DuckDBEngine, for_all: Callable[..., None]) -> None:
    nodes = {law: bind_entity(rule.node, "customer") for law, rule in LAWS.items()}

    def check(draw: Random) -> None:
        day = draw.choice(DAYS)
        true_everywhere(check_agreement(duckdb_engine, SCHEMA, random_tables(draw, day), nodes, "customer", day, DEFINITIONS))

    for_all(check, CHANCE, 8)
