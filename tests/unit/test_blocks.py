"""Checks of many files: only files that are new or others are read again, and the answer is that of all files."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from c360.engines import blocks
from c360.engines.contract import ContractCheck
from growing import DAY, Growing, mb

DAYS = [DAY - timedelta(days=n) for n in range(6)]


@pytest.fixture
def growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Growing:
    monkeypatch.setattr(blocks, "FILES", 2)
    rows = [("L1", day, mb("1"), n) for n, day in enumerate(DAYS)]
    return Growing(tmp_path / "w", {"usage": rows, "bill": [("L1", date(2026, 9, 1), None)]}).make()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each question was about."""
    counts: list[int] = []
    ask = ContractCheck._asked

    def counting(check: ContractCheck, source):  # type: ignore[no-untyped-def]
        counts.append(len(source.files))
        return ask(check, source)

    monkeypatch.setattr(ContractCheck, "_asked", counting)
    return counts


def facts(growing: Growing):  # type: ignore[no-untyped-def]
    opened = growing.opened()
    try:
        return opened.bindings.facts("usage")
    finally:
        opened.close()


def test_files_are_asked_in_blocks_once(growing: Growing, asked: list[int]) -> None:
    found = facts(growing)
    assert (found.rows, found.first_day, found.last_day) == (6, DAYS[-1], DAYS[0])
    assert asked == [2, 2, 2]
    assert facts(growing) == found and asked == [2, 2, 2]


def test_a_new_file_alone_is_asked(growing: Growing, asked: list[int]) -> None:
    facts(growing)
    growing.tables["usage"].append(("L1", DAY + timedelta(days=1), mb("1"), 1))
    growing.write("usage")
    found = facts(growing)
    assert (found.rows, found.last_day) == (7, DAY + timedelta(days=1))
    assert asked == [2, 2, 2, 1]


def test_a_corrected_file_has_its_block_asked_again(growing: Growing, asked: list[int]) -> None:
    facts(growing)
    growing.tables["usage"].append(("L2", DAYS[2], mb("1"), 1))
    growing.write("usage")
    assert facts(growing).rows == 7
    assert sorted(asked[3:]) == [2]


def test_a_file_that_goes_takes_its_block_with_it(growing: Growing, asked: list[int]) -> None:
    facts(growing)
    growing.tables["usage"] = [row for row in growing.tables["usage"] if row[1] != DAYS[2]]
    growing.write("usage")
    assert facts(growing).rows == 5
    assert sorted(asked[3:]) == [1]


def test_faults_of_all_blocks_count(growing: Growing) -> None:
    growing.tables["usage"] += [(None, day, mb("1"), None) for day in DAYS[:3]]
    growing.replace("tags/sources.py", "calls: Integer", "calls: Integer = column(min=1)")
    growing.replace("tags/sources.py", "import event,", "import column, event,")
    growing.write("usage")
    assert [(fault.column, fault.kind, fault.count) for fault in facts(growing).faults] == [("calls", "below", 1)]


def test_a_memory_that_is_cut_off_is_no_memory(growing: Growing, asked: list[int]) -> None:
    found = facts(growing)
    for path in (growing.folder / ".c360" / "checked").glob("usage*"):
        path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert facts(growing) == found and len(asked) == 6
    memory = growing.folder / ".c360" / "checked" / "usage.blocks.json"
    assert len(json.loads(memory.read_text(encoding="utf-8"))["blocks"]) == 3
