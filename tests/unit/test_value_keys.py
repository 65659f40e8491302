"""Value keys: what a change changes, and what it leaves: the same key says the same values."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from c360.bindings import fingerprints
from c360.plan.value_keys import ValueKey, value_keys, why
from growing import DAY, Growing, mb, yuan

D1, D3, D5 = (DAY - timedelta(days=n) for n in (1, 3, 5))
TABLES = {
    "customer": [("A", date(2020, 1, 1), "north"), ("B", date(2021, 1, 1), "south"), ("C", DAY + timedelta(days=1), "south")],
    "line": [("L1", "A", date(2020, 1, 1), True), ("L2", "B", date(2021, 1, 1), False)],
    "usage": [("L1", D1, mb("5"), 3), ("L2", D3, mb("7"), 2), ("L1", D3, mb("1"), 9), ("L1", date(2026, 8, 2), mb("1"), 1)],
    "bill": [("L1", date(2026, 9, 1), yuan("60")), ("L2", date(2026, 9, 1), yuan("20")), ("L1", date(2026, 7, 1), yuan("10"))],
    "ticket": [("A", D5, D3, 4), ("B", D5, None, None)],
}
BY_BILLS = {"arpu", "bills", "tier", "place", "quiet_and_good"}
BY_TIME = {"days_idle", "quiet", "quiet_and_good"}
BY_USE = BY_TIME | {"mb_7d", "busiest_day", "mean_calls", "numbers", "line_mb", "best_line", "mb_then"}
HIGH = ('"value.high", 50', '"value.high", 40')


@pytest.fixture
def growing(tmp_path: Path) -> Growing:
    return Growing(tmp_path / "w", {name: list(rows) for name, rows in TABLES.items()}).make()


def keys_of(growing: Growing, day: date = DAY) -> dict[str, ValueKey]:
    opened = growing.opened()
    try:
        catalog = opened.catalog
        return value_keys(catalog.definitions, catalog, frozenset(opened.bindings.bound), day, opened.bindings.state)
    finally:
        opened.close()


def changed(growing: Growing, change: Callable[[], object], days: int = 0) -> set[str]:
    """Return the definitions whose keys are others after *change*, and *days* later."""
    before = keys_of(growing)
    change()
    after = keys_of(growing, DAY + timedelta(days=days))
    return {name for name in after if not after[name].same_as(before[name].text)}


def added(growing: Growing, table: str, *row: object) -> Callable[[], None]:
    def add() -> None:
        growing.tables[table].append(row)
        growing.write(table)

    return add


def test_nothing_new_keeps_every_key(growing: Growing) -> None:
    assert changed(growing, lambda: None) == set()


def test_a_title_changes_no_key(growing: Growing) -> None:
    assert changed(growing, lambda: growing.replace("tags/all.py", "Bills, 2 months", "Mean bill")) == set()


def test_a_parameter_changes_what_rests_on_it(growing: Growing) -> None:
    assert changed(growing, lambda: growing.replace("tags/all.py", *HIGH)) == {"tier", "quiet_and_good"}


def test_a_definition_changes_what_rests_on_it(growing: Growing) -> None:
    assert changed(growing, lambda: growing.replace("tags/all.py", "days(5)", "days(6)")) == {"line_mb", "best_line"}


@pytest.mark.thorough
def test_a_late_row_changes_what_reads_its_days(growing: Growing) -> None:
    late = added(growing, "usage", "L2", date(2026, 8, 2), mb("2"), 5)
    assert changed(growing, late) == set()
    assert changed(growing, added(growing, "usage", "L2", D3, mb("2"), 5)) == BY_USE
    assert changed(growing, added(growing, "bill", "L2", date(2026, 7, 1), yuan("9"))) == {"bills"}
    assert changed(growing, added(growing, "bill", "L2", date(2026, 8, 1), yuan("9"))) == BY_BILLS


def test_rows_of_the_days_before_change_only_the_windows_before(growing: Growing) -> None:
    growing.tables["usage"].append(("L1", DAY - timedelta(days=8), mb("5"), 3))
    growing.write("usage")
    assert changed(growing, added(growing, "usage", "L2", DAY - timedelta(days=12), mb("2"), 5)) == BY_TIME | {"mb_7d_before"}


def test_a_day_that_brings_nothing_changes_what_looks_at_the_day_or_loses_rows(growing: Growing) -> None:
    growing.tables["usage"] = [("L1", D1, mb("5"), 3)]
    growing.write("usage")
    growing.tables["customer"].pop()  # who joins the day after
    growing.write("customer")
    assert changed(growing, lambda: None, days=1) == BY_TIME
    assert changed(growing, lambda: None, days=4) == BY_TIME | {"line_mb", "best_line", "mb_then"}


def test_windows_that_change_places_are_told_apart(growing: Growing) -> None:
    today = "Usage.last(days(1)).mb.sum().or_zero()"
    rise = f"rise = tag({today} - {today.replace('days(1)', 'days(1).before(days(1))')}, title='Rise')\n"
    growing.replace("tags/all.py", "quiet = segment", f"{rise}quiet = segment")
    growing.tables["usage"] = [("L1", DAY, mb("5"), 3)]
    growing.write("usage")
    assert "rise" in changed(growing, lambda: None, days=1)


def test_an_open_ticket_closes_on_its_day(growing: Growing) -> None:
    assert "rating" not in changed(growing, lambda: None, days=1)
    growing.tables["ticket"].append(("B", D5, DAY + timedelta(days=1), 1))
    growing.write("ticket")
    assert "rating" in changed(growing, lambda: None, days=1)


def test_a_new_customer_changes_only_what_reads_customers(growing: Growing) -> None:
    found = changed(growing, added(growing, "customer", "D", date(2026, 1, 1), "north"))
    assert found == {"city", "place", "mb_then"}


def test_a_customer_who_joins_on_the_day_changes_only_what_asks_who_is_there(growing: Growing) -> None:
    growing.tables["usage"] = [("L1", date(2026, 8, 2), mb("5"), 3)]
    growing.write("usage")
    assert changed(growing, lambda: None, days=1) == BY_TIME | {"place", "mb_then"}


def test_only_ranks_ask_for_other_customers(growing: Growing) -> None:
    assert {name for name, key in keys_of(growing).items() if not key.is_local} == {"place"}


def test_how_a_column_is_read_changes_what_reads_it(growing: Growing) -> None:
    def null_codes() -> None:
        path = 'path = "customer.parquet"'
        growing.replace("c360.toml", path, f'{path}\ncolumns = {{ city = {{ from = "city", nulls = ["?"] }} }}')

    assert changed(growing, null_codes) == {"city"}, "ranks and shifts ask who is there, not where they live"


def test_the_spelling_of_a_path_changes_nothing(growing: Growing) -> None:
    assert changed(growing, lambda: growing.replace("c360.toml", '"customer.parquet"', '"./customer.parquet"')) == set()


def test_a_small_file_that_is_touched_is_the_same(growing: Growing) -> None:
    assert changed(growing, lambda: os.utime(growing.folder / "data" / "line.parquet")) == set()


def test_a_large_file_is_told_by_its_time_too(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "WHOLE", 0)
    assert "line_mb" not in changed(growing, lambda: None)
    assert changed(growing, lambda: os.utime(growing.folder / "data" / "ticket.parquet", ns=(1, 1))) == {"rating"}


def test_a_query_is_never_known_to_be_the_same(growing: Growing) -> None:
    growing.replace("c360.toml", 'path = "ticket.parquet"', "sql = \"SELECT * FROM 'ticket.parquet'\"")
    assert changed(growing, lambda: None) == {"rating"}


def test_rows_that_become_known_later_change_the_key_on_that_day(growing: Growing) -> None:
    growing.replace("c360.toml", 'path = "ticket.parquet"', 'path = "ticket.parquet"\nknown_on = "closed_on"')
    growing.replace("tags/all.py", "rating = ", 'complaints = tag(Ticket.count(), title="Complaints")\nrating = ')
    growing.tables["ticket"].append(("B", D5, DAY + timedelta(days=2), 1))
    growing.write("ticket")
    assert "complaints" not in changed(growing, lambda: None)
    growing.tables["ticket"] = [("A", D5, D3, 4), ("B", D5, DAY + timedelta(days=1), 1)]
    growing.write("ticket")
    assert "complaints" in changed(growing, lambda: None, days=1)


def test_the_reason_is_told(growing: Growing) -> None:
    before = keys_of(growing)
    added(growing, "usage", "L1", DAY, mb("1"), 1)()
    growing.replace("tags/all.py", "days(10)).calls.distinct", "days(9)).calls.distinct")
    after = keys_of(growing, DAY + timedelta(days=62))
    told = {name: why(before[name].text, after[name], {"usage"}) for name in ("numbers", "mb_7d", "arpu", "city", "days_idle")}
    assert told == {
        "numbers": "changed definition", "mb_7d": "other rows in usage", "arpu": "other days of bill", "city": "",
        "days_idle": "other rows in usage",
    }  # fmt: skip
