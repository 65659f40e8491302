"""Increments: whatever happens to data and definitions, what a build takes from the snapshot before is what it would compute.

Each step changes something and builds twice: beside the snapshots that stand, and in full in a folder of its own. The two tag
tables must have the same rows and the same digest.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from c360.builds import sliding, tracking
from c360.demo import write_demo
from c360.engines.duckdb import DuckDBEngine
from c360.expr.dates import month_end
from c360.plan import sliding as plan_sliding
from c360.snapshots.digest import digest_sql
from c360.snapshots.reading import Snapshot
from c360.workspace import Workspace
from growing import Growing, mb, yuan
from project import ROOT

MORE = '''"""Aggregates of every kind, so that each way of going on from yesterday is taken."""

from c360 import days, months, segment, tag
from tags.all import mb_7d
from tags.sources import Bill, Customer, Line, Ticket, Usage

mb_ever = tag(Usage.mb.sum(), title="Use ever")
least_calls = tag(Usage.last(days(6)).calls.min(), title="Fewest calls in a day")
most_calls_ever = tag(Usage.calls.max(), title="Most calls in a day ever")
first_day = tag(Usage.last(days(12)).day.min(), title="First day of use")
any_busy = tag((Usage.last(days(4)).calls > 3).any(), title="A busy day")
all_busy = tag((Usage.last(days(8)).calls > 1).all(), title="Only busy days")
busy_share = tag((Usage.last(days(8)).calls > 1).share(), title="Share of busy days")
spread = tag(Usage.last(days(9)).mb.stddev(), title="Spread")
last_calls = tag(Usage.last(days(9)).calls.latest(), title="Calls of the last day")
mobile_mb = tag(Usage.where(Usage.line.is_mobile).last(days(6)).mb.sum(), title="Use of mobile lines")
mb_month = tag(Usage.last(months(1)).mb.sum().or_zero(), title="Use of the last whole month")
days_used = tag(Usage.last(days(14)).count(), title="Rows of use")
closed = tag(Ticket.where(Ticket.closed_on.is_known()).count(), title="Closed tickets")
line_bills = tag(Bill.last(months(3)).total.max(), entity=Line, title="Highest bill of a line")
rank_by_use = tag(mb_7d.position(), title="Place by use")
northern = segment((Customer.city == "north") & (mb_7d > 3), title="Northern users")
'''
EDITS = (
    ("days(7)).mb.sum()", "days(8)).mb.sum()"), ('"value.high", 50', '"value.high", 40'), ('title="Tier"', 'title="Grade"'),
    ("days(10)).calls.mean", "days(12)).calls.mean"), ("Usage.mb > 1", "Usage.mb > 2"), ("low=10", "low=5"),
)  # fmt: skip
START = date(2026, 9, 27)
CUSTOMERS, LINES = ("A", "B", "C", "D"), ("L1", "L2", "L3", "L4", "L5")


def usage(day: date, draw: Any) -> list[tuple[Any, ...]]:
    """Return a day's rows: none or one a line, sometimes two."""
    lines = draw(st.lists(st.sampled_from(LINES), max_size=5))
    return [(line, day, mb(str(draw(st.integers(0, 6)))), draw(st.one_of(st.none(), st.integers(0, 6)))) for line in lines]


class Increments(RuleBasedStateMachine):
    """A workspace that lives on, and a new one that is built in full."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="c360-increments-"))
        self.day = START
        self.edited: set[int] = set()
        self.is_stale = True

    @initialize(data=st.data())
    def begin(self, data: Any) -> None:
        """Write a month of data."""
        bills = [(line, date(2026, month, 1), yuan(str(10 * month + n))) for month in (7, 8) for n, line in enumerate(LINES[:3])]
        rows = [row for back in range(20) for row in usage(self.day - timedelta(days=back), data.draw)]
        self.tables: dict[str, list[tuple[Any, ...]]] = {
            "customer": [(c, date(2026, 1 + n, 1), ("north", "south")[n % 2]) for n, c in enumerate(CUSTOMERS[:3])],
            "line": [(line, CUSTOMERS[n % 3], date(2026, 2, 1), n % 2 == 0) for n, line in enumerate(LINES[:4])],
            "usage": rows, "bill": bills, "ticket": [("A", self.day - timedelta(days=3), None, None)],
        }  # fmt: skip
        self.growing = Growing(self.place / "w", self.tables).make()
        (self.place / "w" / "tags" / "more.py").write_text(MORE, encoding="utf-8")

    @rule(data=st.data(), days=st.sampled_from((1, 1, 1, 2, 5, 30)))
    def days_pass(self, data: Any, days: int) -> None:
        """Go some days on; each brings rows, a month's end brings bills."""
        for _ in range(days):
            self.day += timedelta(days=1)
            self.tables["usage"] += usage(self.day, data.draw) if days < 30 else []
            if self.day == month_end(self.day):
                amounts = [(line, data.draw(st.integers(0, 90))) for line in LINES[:4]]
                self.tables["bill"] += [(line, self.day.replace(day=1), yuan(str(amount))) for line, amount in amounts]
        self._write("usage", "bill")

    @rule(days=st.integers(1, 6))
    def go_back(self, days: int) -> None:
        """Ask for an earlier day."""
        self.day -= timedelta(days=days)
        self.is_stale = True

    @rule(data=st.data(), table=st.sampled_from(("usage", "bill", "ticket")), back=st.integers(0, 25))
    def late_row(self, data: Any, table: str, back: int) -> None:
        """Add a row of the past."""
        day = self.day - timedelta(days=back)
        number = data.draw(st.integers(0, 6))
        rows = {
            "usage": (data.draw(st.sampled_from(LINES)), day, mb(str(number)), number),
            "bill": (data.draw(st.sampled_from(LINES)), day.replace(day=1), yuan(str(number))),
            "ticket": (data.draw(st.sampled_from(CUSTOMERS)), day, day + timedelta(days=number), number),
        }
        self.tables[table].append(rows[table])
        self._write(table)

    @rule(data=st.data(), table=st.sampled_from(("usage", "bill", "ticket", "customer", "line")))
    def row_goes(self, data: Any, table: str) -> None:
        """Take a row away: of a fact, a customer or a line."""
        if len(self.tables[table]) > 1:
            self.tables[table].pop(data.draw(st.integers(0, len(self.tables[table]) - 1)))
            self._write(table)

    @rule(data=st.data(), to=st.integers(0, 9))
    def row_is_corrected(self, data: Any, to: int) -> None:
        """Give one day's use another value."""
        if self.tables["usage"]:
            place = data.draw(st.integers(0, len(self.tables["usage"]) - 1))
            line, day, _, calls = self.tables["usage"][place]
            self.tables["usage"][place] = (line, day, mb(str(to)), calls)
            self._write("usage")

    @rule(data=st.data(), ahead=st.integers(-30, 2))
    def customer_comes(self, data: Any, ahead: int) -> None:
        """Add a customer or a line that joined, or will."""
        day = self.day + timedelta(days=ahead)
        there = {row[0] for row in self.tables["customer"]}
        for key in [c for c in CUSTOMERS if c not in there][:1]:
            self.tables["customer"].append((key, day, "north"))
        lines = {row[0] for row in self.tables["line"]}
        for key in [one for one in LINES if one not in lines][:1]:
            self.tables["line"].append((key, data.draw(st.sampled_from(CUSTOMERS)), day, True))
        self._write("customer", "line")

    @rule(to=st.sampled_from(CUSTOMERS), number=st.integers(0, 3))
    def line_moves(self, to: str, number: int) -> None:
        """Give a line to another customer."""
        if number < len(self.tables["line"]):
            line, _, day, mobile = self.tables["line"][number]
            self.tables["line"][number] = (line, to, day, mobile)
            self._write("line")

    @rule(number=st.integers(0, len(EDITS) - 1))
    def definition_changes(self, number: int) -> None:
        """Change a definition, a parameter or only a title; or change it back."""
        old, new = EDITS[number]
        self.growing.replace("tags/all.py", *((new, old) if number in self.edited else (old, new)))
        self.edited ^= {number}
        self.is_stale = True

    @precondition(lambda self: self.is_stale)
    @invariant()
    def increment_is_a_full_build(self) -> None:
        """Build in both ways and compare."""
        if not hasattr(self, "growing"):
            return
        shutil.rmtree(self.place / "full", ignore_errors=True)
        shutil.copytree(self.place / "w", self.place / "full", ignore=shutil.ignore_patterns(".c360"))
        assert built(self.place / "w", self.day, slides=True) == built(self.place / "full", self.day, slides=False)
        self.is_stale = False

    def _write(self, *tables: str) -> None:
        for table in tables:
            self.growing.write(table)
        self.is_stale = True

    def teardown(self) -> None:
        """Take the folders away."""
        shutil.rmtree(self.place, ignore_errors=True)


def built(folder: Path, day: date, *, slides: bool) -> dict[str, Any]:
    """Build a day in *folder* and return, by entity, the rows of its tag table, its digest, and the masks of segments.

    Whether it *slides* or keeps nothing: tables as small as these never would of themselves.
    """
    opened = Workspace(folder)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sliding, "FEWEST_ROWS", 0 if slides else sys.maxsize)
            patched.setattr(sliding, "ROWS_AN_OWNER", 0)
            patched.setattr(tracking, "MOST", 1.0 if slides else -1.0)
            patched.setattr(plan_sliding, "FEWEST_TIMES", 1)
            patched.setattr(plan_sliding, "TAIL", timedelta(days=2))
            opened.build(as_of=day, replace=True, future=True)
        snapshot = opened.snapshots.current(day)
        assert snapshot is not None
        with snapshot:
            return dict(tables_of(opened.engine, snapshot))
    finally:
        opened.close()


def tables_of(engine: DuckDBEngine, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    """Yield each entity's rows in the order of its keys, with the digest of their values."""
    for table in snapshot.manifest.entities:
        places, key = {}, table.key
        joins = [f"read_parquet('{snapshot.path(table.keys)}') AS k"]
        for n, family in enumerate(table.families):
            places |= {name: f"f{n}.{name}" for name in family.columns}
            joins.append(f"LEFT JOIN read_parquet({snapshot.paths(family.files)}) AS f{n} ON f{n}.{key} = k.{key}")
        query = f"SELECT k.{key}, {', '.join(places[name] for name in sorted(places))} FROM {' '.join(joins)}"
        digest = engine.rows(digest_sql(f"({query})", dict(engine.describe(query))))
        yield table.entity, (engine.rows(f"{query} ORDER BY 1") if table.rows < 100 else [], digest)


# Nothing is shrunk: a step takes a second.
CHECKED = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@pytest.mark.slow
def test_an_increment_is_a_full_build() -> None:
    run_state_machine_as_test(Increments, settings=settings(CHECKED, max_examples=1, stateful_step_count=7))


@pytest.mark.thorough
def test_many_increments_are_full_builds() -> None:
    run_state_machine_as_test(Increments, settings=settings(CHECKED, max_examples=8, stateful_step_count=12))


@pytest.mark.thorough
def test_the_reference_catalogue_of_many_customers_grows_by_a_day(tmp_path: Path) -> None:
    write_demo(tmp_path / "data", customers=50_000)
    days = (date(2026, 10, 20), date(2026, 10, 21), date(2026, 10, 31))
    found = {}
    for kind in ("increment", "full"):
        folder = tmp_path / kind
        for name in ("tags", "segments"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "c360.toml", folder)
        opened = Workspace(folder, data_folder=tmp_path / "data")
        for day in days if kind == "increment" else days[1:]:
            result = opened.build(as_of=day, current=True, full=kind == "full", future=True)
            with opened.snapshots.current(day) as snapshot:  # type: ignore[union-attr]
                digests = {entity: digest for entity, (_, digest) in tables_of(opened.engine, snapshot)}  # type: ignore[arg-type]
            found[kind, day] = digests
            assert kind == "full" or day != days[1] or any("moved on" in note for note in result.notes)
        opened.close()
    assert all(found["increment", day] == found["full", day] for day in days[1:])
