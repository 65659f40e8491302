"""Quiet days and the size of a list: what is refused, what the refusal says, and what lets it pass."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from c360.bindings.policy import Policy
from c360.deliver.guards import next_allowed, refuse_quiet, refuse_size, top_cause
from c360.errors import DefinitionError, Refused

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
QUIET = Policy(quiet_weekdays=["saturday", "sunday"], quiet_days=[MONDAY])


def waterfall(base: int, **stages: int) -> list[dict[str, Any]]:
    """Return stages as a manifest holds them: name and what is left after it."""
    made = [{"name": "all", "kind": "all", "words": "all customers", "entered": base, "left": base}]
    for name, left in stages.items():
        made.append({"name": name, "kind": "rule", "words": f"rule on {name}", "entered": made[-1]["left"], "left": left})
    return made


def last(base: int, **stages: int) -> dict[str, Any]:
    """Return the manifest of a list, as far as guards read it."""
    made = waterfall(base, **stages)
    return {"results": {"rows": made[-1]["left"], "waterfall": made}}


def size_refused(policy: Policy, rows: int, base: int = 1000, before: dict[str, Any] | None = None, **options: Any) -> str:
    """Return what the refusal says; empty where there is none."""
    try:
        refuse_size(policy, rows, base, "renewal", before, options.pop("waterfall", waterfall(base, value=rows)), **options)
    except Refused as refusal:
        assert refusal.exit_code == 5
        return str(refusal)
    return ""


def test_a_day_moves_on_past_weekends_and_holidays() -> None:
    assert [next_allowed(QUIET, day) for day in (FRIDAY, SATURDAY, MONDAY)] == [FRIDAY, date(2026, 11, 24), date(2026, 11, 24)]


def test_a_quiet_day_is_refused_with_the_next_that_is_not() -> None:
    refuse_quiet(QUIET, FRIDAY)
    with pytest.raises(Refused, match=r"2026-11-21 \(saturday\).*\n.*--on 2026-11-24"):
        refuse_quiet(QUIET, SATURDAY)


def test_a_policy_of_quiet_days_only_is_a_mistake() -> None:
    every_day = Policy(quiet_weekdays=["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
    with pytest.raises(DefinitionError, match="every day from"):
        next_allowed(every_day, FRIDAY)


def test_a_policy_without_guards_refuses_no_size() -> None:
    assert size_refused(Policy(), 0) == size_refused(Policy(), 1000, before=last(1000, value=1)) == ""


@pytest.mark.parametrize(
    ("policy", "rows", "told"),
    [
        (Policy(min_rows=50), 49, "at least 50"),
        (Policy(max_rows=50), 51, "at most 50"),
        (Policy(max_share=0.05), 51, "5.1% of the base of 1,000, at most 5.0%"),
    ],
)
def test_a_size_beyond_a_limit_is_refused_unless_named(policy: Policy, rows: int, told: str) -> None:
    assert told in size_refused(policy, rows) and f"--accept-size {rows}" in size_refused(policy, rows)
    assert size_refused(policy, rows, accept_size=rows) == ""
    assert f"--accept-size {rows + 1} is another number" in size_refused(policy, rows, accept_size=rows + 1)
    assert size_refused(policy, 50) == ""


def test_a_size_unlike_the_last_one_is_refused_with_the_condition_that_moved_most() -> None:
    before = last(1000, value=500, contract=100)
    told = size_refused(Policy(max_change=0.3), 240, before=before, waterfall=waterfall(1000, value=480, contract=240))
    assert "had 100 (+140.0%, at most 30.0% either way" in told
    assert "top cause: 'rule on contract' let through 240 of 480, last time 100 of 500" in told
    assert "--accept-size 240" in told


def test_a_change_within_the_limit_passes() -> None:
    assert size_refused(Policy(max_change=0.3), 130, before=last(1000, value=100)) == ""
    assert "+31.0%" in size_refused(Policy(max_change=0.3), 131, before=last(1000, value=100))
    assert "-31.0%" in size_refused(Policy(max_change=0.3), 69, before=last(1000, value=100))


def test_some_after_none_is_a_change() -> None:
    assert "had 0 (from none" in size_refused(Policy(max_change=3.0), 1, before=last(1000, value=0))
    assert size_refused(Policy(max_change=3.0), 0, before=last(1000, value=0)) == ""


def test_a_base_that_doubled_is_the_cause() -> None:
    assert top_cause(waterfall(1000, value=100), waterfall(2000, value=210)) == "'all customers' let through 2,000, last time 1,000"


def test_a_limit_that_held_back_fewer_is_no_cause_of_a_shorter_list() -> None:
    told = top_cause(waterfall(1000, value=400, limit=100), waterfall(1000, value=50, limit=50))
    assert told == "'rule on value' let through 50 of 1,000, last time 400 of 1,000"


def test_a_condition_that_lets_nobody_through_any_more_is_the_cause() -> None:
    told = top_cause(waterfall(1000, value=400, contract=100), waterfall(1000, value=390, contract=0))
    assert told == "'rule on contract' let through 0 of 390, last time 100 of 400"


def test_a_condition_that_was_added_or_taken_away_is_the_cause() -> None:
    short, long = waterfall(1000, value=400), waterfall(1000, value=400, contract=100)
    assert top_cause(short, long) == "'rule on contract' let through 100 of 400, last time everybody (no such stage)"
    assert top_cause(long, short) == "'rule on contract' let through everybody (no such stage), last time 100 of 400"


def test_lists_without_stages_or_alike_have_no_cause() -> None:
    assert top_cause([], waterfall(10, value=1)) == top_cause(waterfall(10, value=1), waterfall(10, value=1)) == ""
