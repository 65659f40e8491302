"""Consecutive days: the longest run of days with a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from c360.datatypes import INTEGER
from c360.expr.nodes import Aggregate
from c360.expr.operator import AggregateOperator, register


def _longest_run(node: Aggregate, rows: list[Any]) -> object:
    days = {day for day, _ in rows if day is not None}
    longest = 0
    for day in days:
        if day - timedelta(days=1) not in days:
            length = 1
            while day + timedelta(days=length) in days:
                length += 1
            longest = max(longest, length)
    return longest


register(
    AggregateOperator(
        "longest_run", "dated rows", lambda value: INTEGER if value is None else None, None, _longest_run,
        "longest run of consecutive days with {rows}", "{rows}的最长连续天数", pick="run", needs_value=False, empty=0,
        nulls="0 over no rows",
    ),
)  # fmt: skip
