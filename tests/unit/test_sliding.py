"""Going on from yesterday: which columns are kept as they are, moved on, looked for again or computed anew, and when not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from c360.builds import sliding
from c360.builds.sliding import Sliding
from c360.plan import sliding as plan_sliding
from c360.plan.steps import Pass, Slid, Step
from growing import DAY, Growing, mb

NEXT = DAY + timedelta(days=1)
USE = (9, 3, 5, 2, 7, 1, 4, 8, 6, 2, 3, 1, 5, 9, 2, 4, 1, 3, 2, 6)


@pytest.fixture
def growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Growing:
    """Twenty days of use of one line, the last of them DAY."""
    monkeypatch.setattr(sliding, "FEWEST_ROWS", 0)
    monkeypatch.setattr(sliding, "ROWS_AN_OWNER", 0)
    usage = [("L1", DAY - timedelta(days=n), mb(str(amount)), amount) for n, amount in enumerate(USE)]
    tables = {"customer": [("A", date(2020, 1, 1), "north")], "line": [("L1", "A", date(2020, 1, 1), True)], "usage": usage}
    return Growing(tmp_path / "w", tables).make()


@pytest.fixture
def build(growing: Growing) -> Callable[..., dict[str, Any]]:
    """Build a day with one tag more, and return what the customer has of it, and the steps that it took."""

    def built(day: date, tag: str = "", **options: Any) -> dict[str, Any]:
        (growing.folder / "tags" / "one.py").write_text(
            f"from c360 import days, tag\nfrom tags.sources import Usage\none = tag({tag}, title='One')\n", encoding="utf-8"
        )
        steps: list[Step] = []
        opened = growing.opened()
        with pytest.MonkeyPatch.context() as patched:
            applied = Sliding.applied

            def watched(self: Sliding, run: Any) -> Any:
                made = applied(self, run)
                steps.extend(made.plan.steps)
                return made

            patched.setattr(Sliding, "applied", watched)
            opened.build("one", as_of=day, replace=True, future=True, **options)
        with opened.snapshots.current(day) as snapshot:  # type: ignore[union-attr]
            family = snapshot.manifest.entity("customer").family_of("one")  # type: ignore[union-attr]
            values = opened.engine.rows(f"SELECT one FROM read_parquet({snapshot.paths(family.files)})")  # type: ignore[union-attr]
        opened.close()
        return {"value": values[0][0], "steps": steps}

    return built


def slid(steps: list[Step]) -> Slid | None:
    return next((step for step in steps if isinstance(step, Slid)), None)


def days_read(steps: list[Step]) -> set[date]:
    """Return the days whose rows the passes over usage read."""
    found: set[date] = set()
    for step in steps:
        if isinstance(step, Pass) and step.rows.source == "usage":
            assert step.rows.first is not None and step.rows.last is not None
            found |= {step.rows.first + timedelta(days=n) for n in range((step.rows.last - step.rows.first).days + 1)}
    return found


def grown(growing: Growing, *rows: tuple[Any, ...]) -> None:
    growing.tables["usage"] += rows
    growing.write("usage")


@pytest.mark.thorough
def test_a_sum_reads_the_day_that_came_and_the_day_that_went(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    grown(growing, ("L1", NEXT, mb("100"), 1))
    found = build(NEXT, "Usage.last(days(10)).mb.sum()")
    assert days_read(found["steps"]) == {NEXT, DAY - timedelta(days=9)}
    assert found["value"] == sum(USE[:9]) + 100


def test_a_sum_is_unknown_when_all_that_was_known_has_gone(growing: Growing, build: Callable[..., Any]) -> None:
    growing.tables["usage"] = [("L1", DAY - timedelta(days=9), mb("0"), 1), ("L1", DAY, None, 1)]
    growing.write("usage")
    assert build(DAY, "Usage.last(days(10)).mb.sum()")["value"] == 0
    found = build(NEXT, "Usage.last(days(10)).mb.sum()")
    assert slid(found["steps"]) is not None and found["value"] is None


@pytest.mark.thorough
def test_a_late_row_of_the_window_computes_it_anew(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    grown(growing, ("L1", DAY - timedelta(days=3), mb("50"), 1))
    found = build(NEXT, "Usage.last(days(10)).mb.sum()")
    assert slid(found["steps"]) is None
    assert found["value"] == sum(USE[:9]) + 50


@pytest.mark.thorough
def test_a_late_row_before_the_window_changes_nothing(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    grown(growing, ("L1", DAY - timedelta(days=15), mb("50"), 1))
    assert slid(build(NEXT, "Usage.last(days(10)).mb.sum()")["steps"]) is not None


@pytest.mark.thorough
def test_the_greatest_stays_where_it_has_not_left(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).calls.max()")
    found = build(NEXT, "Usage.last(days(10)).calls.max()")
    assert slid(found["steps"]) is not None and found["value"] == max(USE[:9]) == 9


@pytest.mark.thorough
def test_the_greatest_that_left_is_looked_for_again(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(14)).calls.max()")  # 9 on DAY and 13 days before
    growing.tables["usage"][0] = ("L1", DAY, mb("1"), 0)
    growing.write("usage")
    build(DAY, "Usage.last(days(14)).calls.max()")
    found = build(NEXT, "Usage.last(days(14)).calls.max()")
    assert slid(found["steps"]).lost  # type: ignore[union-attr]
    assert found["value"] == max(USE[1:13]) == 8


@pytest.mark.thorough
def test_a_tail_leaves_few_days_to_look_through(
    growing: Growing, build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_sliding, "TAIL", timedelta(days=4))
    growing.tables["usage"][0] = ("L1", DAY, mb("1"), 0)
    growing.write("usage")
    build(DAY, "Usage.last(days(14)).calls.max()")
    for day in range(1, 12):
        found = build(DAY + timedelta(days=day), "Usage.last(days(14)).calls.max()")
        rows = USE[1 : 14 - day]
        assert found["value"] == max((0, *rows))
        if day < 4:
            assert len(days_read(found["steps"])) <= 5, "the day that came, that which went, and those before the tail"


def test_the_last_day_needs_no_looking_again(growing: Growing, build: Callable[..., Any]) -> None:
    growing.tables["usage"] = [("L1", DAY - timedelta(days=9), mb("1"), 1)]
    growing.write("usage")
    assert build(DAY, "Usage.last(days(10)).day.max()")["value"] == DAY - timedelta(days=9)
    found = build(NEXT, "Usage.last(days(10)).day.max()")
    assert found["value"] is None
    assert days_read(found["steps"]) == {NEXT}


def test_rows_ever_only_gain(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.count()")
    grown(growing, ("L1", NEXT, mb("1"), 1))
    found = build(NEXT, "Usage.count()")
    assert days_read(found["steps"]) == {NEXT} and found["value"] == len(USE) + 1


@pytest.mark.parametrize("tag", ["Usage.last(days(10)).calls.distinct()", "Usage.last(days(10)).calls.latest()"])
def test_what_does_not_compose_is_computed_anew(tag: str, growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, tag)
    assert slid(build(NEXT, tag)["steps"]) is None


@pytest.mark.thorough
def test_a_gap_too_long_is_computed_anew(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    assert slid(build(DAY + timedelta(days=5), "Usage.last(days(10)).mb.sum()")["steps"]) is None


def test_an_earlier_day_is_computed_anew(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    assert slid(build(DAY - timedelta(days=1), "Usage.last(days(10)).mb.sum()")["steps"]) is None


@pytest.mark.thorough
def test_another_condition_is_computed_anew(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.where(Usage.calls > 2).last(days(10)).mb.sum()")
    found = build(NEXT, "Usage.where(Usage.calls > 3).last(days(10)).mb.sum()")
    assert slid(found["steps"]) is None
    assert found["value"] == sum(n for n in USE[:9] if n > 3)


@pytest.mark.thorough
def test_a_full_build_goes_on_from_nothing(growing: Growing, build: Callable[..., Any]) -> None:
    build(DAY, "Usage.last(days(10)).mb.sum()")
    assert slid(build(NEXT, "Usage.last(days(10)).mb.sum()", full=True)["steps"]) is None


def test_a_query_is_never_gone_on_from(growing: Growing, build: Callable[..., Any]) -> None:
    growing.replace("c360.toml", 'path = "usage/*.parquet"', "sql = \"SELECT * FROM 'usage/*.parquet'\"")
    build(DAY, "Usage.last(days(10)).mb.sum()")
    assert slid(build(NEXT, "Usage.last(days(10)).mb.sum()")["steps"]) is None


def test_rows_known_on_a_day_of_their_own_are_never_gone_on_from(growing: Growing, build: Callable[..., Any]) -> None:
    growing.replace("c360.toml", 'path = "usage/*.parquet"', 'path = "usage/*.parquet"\nknown_on = "day"')
    build(DAY, "Usage.last(days(10)).mb.sum()")
    assert slid(build(NEXT, "Usage.last(days(10)).mb.sum()")["steps"]) is None


@pytest.mark.thorough
def test_parts_of_owners_go_on_too(growing: Growing, build: Callable[..., Any]) -> None:
    growing.tables["line"] += [(f"L{n}", "A", date(2020, 1, 1), True) for n in range(2, 9)]
    growing.write("line")
    grown(growing, *((f"L{n}", DAY - timedelta(days=n), mb(str(n)), n) for n in range(2, 9)))
    build(DAY, "Usage.last(days(10)).mb.sum() + Usage.last(days(10)).calls.max()", parts=3)
    found = build(NEXT, "Usage.last(days(10)).mb.sum() + Usage.last(days(10)).calls.max()", parts=2)
    assert slid(found["steps"]) is not None
    assert found["value"] == sum(USE[:9]) + sum(range(2, 9)) + 9
