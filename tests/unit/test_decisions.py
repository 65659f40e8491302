"""What was arbitrated for a month is kept whole, private, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from c360.errors import InternalError, SnapshotError
from c360.records import keeping
from c360.records.decisions import Decision, Decisions

ROWS = pl.DataFrame({"campaign": ["a", "a"], "key": ["K1", "K2"], "person": ["P1", None], "held": [True, False]})
NOVEMBER = Decision("2026-11", {"decision": "d1", "as_of": "2026-10-31"}, ROWS)


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    return Decisions(tmp_path / "records" / "arbitrations", tmp_path / "records")


def same(one: Decision | None, other: Decision) -> bool:
    return one is not None and (one.month, one.facts) == (other.month, other.facts) and one.rows.equals(other.rows)


def test_a_decision_comes_back_as_it_was(decisions: Decisions) -> None:
    decisions.keep(NOVEMBER)
    assert same(decisions.get("2026-11"), NOVEMBER)
    assert decisions.get("2026-12") is None
    assert decisions.months() == ["2026-11"]


def test_nothing_is_made_before_something_is_kept(decisions: Decisions) -> None:
    assert decisions.get("2026-11") is None and decisions.months() == [] and decisions.rewrite(lambda rows: rows.clear()) == {}
    assert not decisions.folder.exists()


def test_files_are_private(decisions: Decisions) -> None:
    decisions.keep(NOVEMBER)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [decisions.folder, *decisions.folder.iterdir()]}
    assert modes == {"arbitrations": 0o700, "2026-11.parquet": 0o600, "2026-11.json": 0o600, ".lock": 0o600}


def test_a_later_decision_takes_its_place(decisions: Decisions) -> None:
    decisions.keep(NOVEMBER)
    later = Decision("2026-11", {"decision": "d2", "as_of": "2026-10-31"}, ROWS.head(1))
    decisions.keep(later)
    assert same(decisions.get("2026-11"), later)


@pytest.mark.parametrize("step", ["write", "replace", "sync_folder"])
@pytest.mark.parametrize("at", [1, 2])
def test_who_is_killed_leaves_one_whole_decision(decisions: Decisions, monkeypatch: pytest.MonkeyPatch, step: str, at: int) -> None:
    decisions.keep(NOVEMBER)
    later = Decision("2026-11", {"decision": "d2", "as_of": "2026-10-31"}, ROWS.head(1))
    calls = 0
    done = getattr(keeping.OPS, step)

    def killed(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise KeyboardInterrupt
        done(*arguments)

    monkeypatch.setattr(keeping.OPS, step, killed)
    with pytest.raises(KeyboardInterrupt):
        decisions.keep(later)
    monkeypatch.undo()
    found = decisions.get("2026-11")
    assert same(found, NOVEMBER) or same(found, later)


def test_rows_can_be_taken_out_and_the_facts_stay(decisions: Decisions) -> None:
    decisions.keep(NOVEMBER)
    decisions.keep(Decision("2026-12", {"decision": "d2"}, ROWS.tail(1)))
    assert decisions.rewrite(lambda rows: rows.filter(pl.col("key") != "K1")) == {"2026-11": 1}
    found = decisions.get("2026-11")
    assert found is not None and found.facts == NOVEMBER.facts and found.rows["key"].to_list() == ["K2"]


@pytest.mark.parametrize("data", [b"", b"no parquet", b"PAR1"])
def test_a_damaged_file_is_told(decisions: Decisions, data: bytes) -> None:
    decisions.keep(NOVEMBER)
    (decisions.folder / "2026-11.parquet").write_bytes(data)
    with pytest.raises(SnapshotError, match="what was arbitrated for 2026-11 is damaged") as caught:
        decisions.get("2026-11")
    assert caught.value.hint == "decide again: c360 arbitrate --month 2026-11"


def test_a_parquet_file_of_another_kind_is_damaged_too(decisions: Decisions) -> None:
    decisions.keep(NOVEMBER)
    ROWS.write_parquet(decisions.folder / "2026-11.parquet")
    with pytest.raises(SnapshotError, match="is damaged"):
        decisions.get("2026-11")


def test_what_is_no_month_is_refused(decisions: Decisions) -> None:
    with pytest.raises(InternalError, match="is no month"):
        decisions.get("../2026-11")
