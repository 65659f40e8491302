"""Examples beside definitions: what passes, and what a failure says."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.catalog import ExampleResult, build_catalog, run_examples

HEAD = """\
from decimal import Decimal
from c360 import (
    Boolean, Date, Entity, Facts, Key, Money, Month, as_of, fixed, given, months, param, segment, since, tag, tiers,
)

class Customer(Entity):
    default = True
    joined_on: Date = since()
    is_vip: Boolean = fixed()

class Line(Entity):
    customer: Key[Customer] = fixed()

class Bill(Facts):
    line: Key[Line]
    month: Month
    total: Money

rows = given(Line="line|customer; L1|C1; L2|C2", Bill="line|month|total; L1|2026-08|90; L1|2026-10|30; L2|2026-10|")
"""
ARPU = "arpu = tag(Bill.last(months(3)).total.sum() / 3, example=rows.gives({expected}))\n"


def run(folder: Path, text: str, params: dict[str, object] | None = None) -> list[ExampleResult]:
    (folder / "tags").mkdir(exist_ok=True)
    (folder / "tags" / "all.py").write_text(HEAD + text, encoding="utf-8")
    return run_examples(build_catalog(folder, params or {}))


def failures(folder: Path, text: str) -> tuple[str, ...]:
    (result,) = run(folder, text)
    assert result.ok == (not result.failures)
    return result.failures


@pytest.mark.parametrize("expected", ["C1=40", "C1=40.0", "C1=Decimal('40.00')", "C2=None", "{'C1': 40, 'C2': None}"])
def test_a_value_is_compared_by_what_it_is(tmp_path: Path, expected: str) -> None:
    assert failures(tmp_path, ARPU.format(expected=expected)) == ()


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("C1=41", "arpu, customer C1: expected 41, found 40.0"),
        ("C1=40.0000001", "arpu, customer C1: expected 40.0000001, found 40.0"),
        ("C1=None", "arpu, customer C1: expected null, found 40.0"),
        ("C2=0", "arpu, customer C2: expected 0, found null"),
        ("C1=True", "arpu, customer C1: expected True, found 40.0"),
        ("C9=1", "arpu, customer C9: expected 1, found no such customer in the example's rows (there are: C1, C2)"),
    ],
)
def test_a_failure_says_what_was_expected_and_found(tmp_path: Path, expected: str, told: str) -> None:
    assert failures(tmp_path, ARPU.format(expected=expected)) == (told,)


def test_every_key_is_compared_and_the_place_is_told(tmp_path: Path) -> None:
    (result,) = run(tmp_path, ARPU.format(expected="C1=1, C2=2"))
    assert (result.name, result.ok, len(result.failures)) == ("arpu", False, 2)
    assert result.where == f"tags/all.py:{HEAD.count(chr(10))}"


def test_levels_and_dates_are_compared(tmp_path: Path) -> None:
    text = """\
tier = tag(tiers(Bill.total.sum(), high=100, otherwise="low"), example=rows.gives(C1="high", C2="unknown"))
last = tag(Bill.month.max(), example=rows.gives(C1="2026-10", C2="2026-10-31"))
wrong = tag(tiers(Bill.total.sum(), high=100, otherwise="low"), example=rows.gives(C1="hihg"))
"""
    tier, last, wrong = run(tmp_path, text)
    assert tier.ok and last.ok
    assert wrong.failures == ("wrong, customer C1: expected 'hihg', found 'high'; 'hihg' is no level, did you mean 'high'?",)


def test_a_segment_is_compared_by_membership(tmp_path: Path) -> None:
    text = """\
billed = segment(Bill.total.sum() > 0, example=rows.gives(C1=True, C2=False))
more = segment(Bill.total.sum() > 0, universe=billed, example=rows.gives(C1=True, C2=False))
wrong = segment(Bill.total.sum() > 0, example=rows.gives(C1=False, C2=None))
"""
    billed, more, wrong = run(tmp_path, text)
    assert billed.ok and more.ok
    assert wrong.failures == (
        "wrong, customer C1: expected False, found True",
        "wrong, customer C2: expected null, found False",
    )


def test_the_date_is_the_last_event_or_as_given(tmp_path: Path) -> None:
    text = """\
seen_on = tag(as_of(), entity=Customer, example=rows.gives(C1="2026-10-31"))
earlier = tag(Bill.total.sum(), example=given("2026-09-30", Line="line|customer; L1|C1",
    Bill="line|month|total; L1|2026-08|90; L1|2026-10|30").gives(C1=90))
undated = tag(Bill.count(), example=given(Line="line|customer; L1|C1").gives(C1=0))
"""
    seen_on, earlier, undated = run(tmp_path, text)
    assert seen_on.ok and earlier.ok
    assert undated.ok


def test_examples_run_with_the_parameters_that_count(tmp_path: Path) -> None:
    text = 'paid = tag(Bill.last(months(param("n", 1))).total.sum(), example=rows.gives(C1=30))\n'
    assert run(tmp_path, text)[0].ok
    assert run(tmp_path, text, {"n": 3})[0].failures == ("paid, customer C1: expected 30, found 120.00",)


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("rows", "the example expects nothing"),
        ('given(Bills="line|month; L1|2026-10").gives(C1=1)', "unknown source 'Bills'; did you mean 'bill'?"),
        ('given(Bill="line|mont; L1|2026-10").gives(C1=1)', "unknown column of bill 'mont'; did you mean 'month'?"),
        ('given(Bill="line|month; L1|soon").gives(C1=1)', "'soon' is no month (bill.month)"),
    ],
)
def test_an_example_that_cannot_run_is_a_failure_and_stops_no_other(tmp_path: Path, example: str, told: str) -> None:
    broken, fine = run(tmp_path, f"n = tag(Bill.count(), example={example})\n" + ARPU.format(expected="C1=40"))
    assert not broken.ok and told in broken.failures[0]
    assert fine.ok


def test_definitions_without_an_example_are_left_out(tmp_path: Path) -> None:
    assert run(tmp_path, "n = tag(Bill.count())\n") == []
