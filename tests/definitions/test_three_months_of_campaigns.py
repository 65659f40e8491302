"""Two campaigns on the same customers over three simulated months: no cap is ever exceeded, by the ledger and the source."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pytest

from c360.bindings.policy import Cap
from c360.starting import init
from c360.workspace import Workspace

pytestmark = pytest.mark.thorough
DAYS = [date(2026, 11, 2) + timedelta(days=7 * number) for number in range(13)]
D = date(2026, 10, 31)
Contact = tuple[date, str, str]  # the day, the channel, the purpose


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The reference catalogue on a small demo, after each campaign made a list every week of three months."""
    from c360.demo import write_demo

    folder = tmp_path_factory.mktemp("months") / "work"
    init(folder)
    settings = folder / "c360.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("max_change = 0.5\n", ""), encoding="utf-8")
    workspace = Workspace(folder)
    write_demo(workspace.data_folder, 1500, 42)
    for number, day in enumerate(DAYS):
        for purpose, channels in (("offer", ("call", "sms")), ("retention", ("call", "app"))):
            workspace.export(
                "active_customers", folder / f"{purpose}-{number}.csv", purpose=purpose, channels=channels, as_of=D, on=_open(day),
                limit=250, holdout=0.1, allow_empty=True, columns=(), order=("-churn_risk_score",),
            )  # fmt: skip
    return workspace


def _open(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == 6 else day


def _contacts(workspace: Workspace) -> dict[str, list[Contact]]:
    """Return every contact of ours by customer: those the source tells of, and the treated of every list in the ledger."""
    found: dict[str, list[Contact]] = defaultdict(list)
    rows = pl.read_parquet(workspace.data_folder / "contact.parquet").filter(pl.col("direction") == "out")
    for person, on, channel, purpose in rows.select("customer_id", "on", "channel", "purpose").iter_rows():
        found[person].append((on, channel, purpose))
    for record in workspace.records.ledger.lists():
        treated = workspace.records.ledger.rows(record.list_id).filter(pl.col("arm") == "treated")
        for person, channel in treated.select("person", "channel").iter_rows():
            found[person].append((record.on, channel, record.purpose))
    return found


def _counted(contacts: list[Contact], cap: Cap) -> list[date]:
    return sorted(on for on, channel, purpose in contacts if cap.channel in ("", channel) and cap.purpose in ("", purpose))


def test_no_window_holds_more_than_its_cap(campaigns: Workspace) -> None:
    policy = campaigns.settings.policy
    assert policy is not None
    first, full = min(DAYS), 0
    for contacts in _contacts(campaigns).values():
        for cap in policy.caps:
            days = _counted(contacts, cap)
            for start in days:
                held = [on for on in days if start <= on <= start + timedelta(days=cap.days - 1)]
                if held[-1] >= first:  # one of ours is among them; what the source alone tells of is not ours to keep
                    assert len(held) <= cap.most, cap
                    full += len(held) == cap.most
    assert full > 500, "the caps never bound anybody, so the test says nothing"


def test_both_campaigns_reach_the_same_customers(campaigns: Workspace) -> None:
    ledger = campaigns.records.ledger
    reached = defaultdict(set)
    for record in ledger.lists():
        rows = ledger.rows(record.list_id)
        reached[record.purpose] |= set(rows.filter(pl.col("arm") == "treated")["person"])
    assert len(reached["offer"] & reached["retention"]) > 100


def test_nobody_held_out_is_ever_contacted_by_that_segments_lists(campaigns: Workspace) -> None:
    ledger = campaigns.records.ledger
    held, treated = set(), set()
    for record in ledger.lists():
        rows = ledger.rows(record.list_id)
        held |= set(rows.filter(pl.col("arm") == "holdout")["person"])
        treated |= set(rows.filter(pl.col("arm") == "treated")["person"])
    assert held
    assert not held & treated


def test_every_list_adds_up(campaigns: Workspace) -> None:
    for record in campaigns.records.ledger.lists():
        stages = record.manifest["results"]["waterfall"]
        for before, after in zip(stages, stages[1:], strict=False):
            assert after["entered"] == before["left"]
            assert after["entered"] - after["removed"] == after["left"]
        assert stages[-1]["left"] == record.rows
