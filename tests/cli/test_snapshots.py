"""`c360 snapshots`: what it lists, shows, verifies, rolls back and prunes, as a table, in a pipe and as versioned JSON."""

from __future__ import annotations

import pytest

from stored import D, build, store_in
from tiny import CommandLine, Workspace

LATER = D.replace(month=11, day=30)


@pytest.fixture
def stored(workspace: Workspace) -> Workspace:
    """A workspace with two generations of October and one of November."""
    store = store_in(workspace.folder)
    build(store, "old")
    build(store, "new", reuse_keys=True)
    build(store, "november", LATER)
    return workspace


def test_the_list(c360: CommandLine, stored: Workspace) -> None:
    answer = c360("snapshots")
    assert [(r["as_of"], r["generation"], r["state"], r["entities"], r["tags"], r["rows"]) for r in answer.rows] == [
        ("2026-10-31", "2026-10-31-1", "kept", "Customer", "1", "2"),
        ("2026-10-31", "2026-10-31-2", "current", "Customer", "1", "2"),
        ("2026-11-30", "2026-11-30-3", "current", "Customer", "1", "2"),
    ]
    assert {r["run_id"] for r in answer.rows} == {"run-old", "run-new", "run-november"}
    assert answer.err.startswith("generations: 3, ")


def test_the_list_as_json(c360: CommandLine, stored: Workspace) -> None:
    told = c360("snapshots", "--json").json
    assert told["format"] == 1 and told["writer"] is None
    assert told["snapshots"][1]["entities"] == [{"entity": "Customer", "rows": 2, "tags": 1}]
    assert [snapshot["state"] for snapshot in told["snapshots"]] == ["kept", "current", "current"]


def test_nothing_built_yet(c360: CommandLine) -> None:
    answer = c360("snapshots")
    assert (answer.code, answer.rows, answer.err) == (0, [], "nothing built yet: c360 build\n")
    assert c360("snapshots", "--verify").code == 0
    assert c360("snapshots", "--rollback", "2026-10-31").code == 2


def test_one_generation(c360: CommandLine, stored: Workspace) -> None:
    answer = c360("snapshots", "2026-10-31-2")
    assert [(r["entity"], r["family"], r["columns"], r["files"], r["older"]) for r in answer.rows] == [
        ("Customer", "(keys)", "0", "1", "1"),
        ("Customer", "value", "1", "1", "0"),
    ]
    assert "as of 2026-10-31, run run-new, made 2026-11-01T08:00:00+00:00" in answer.err
    told = c360("snapshots", "2026-10-31-2", "--json").json
    assert (told["format"], told["generation"], told["manifest"]["run_id"]) == (1, "2026-10-31-2", "run-new")


@pytest.mark.parametrize("name", ["2026-10-31-9", "../../data", "current"])
def test_a_generation_that_is_not_there(c360: CommandLine, stored: Workspace, name: str) -> None:
    answer = c360("snapshots", name)
    assert answer.code == 8
    assert f"there is no snapshot {name}" in answer.err


def test_verify(c360: CommandLine, stored: Workspace) -> None:
    answer = c360("snapshots", "--verify")
    assert answer.code == 0
    assert [(r["generation"], r["state"], r["files"]) for r in answer.rows] == [
        ("2026-10-31-1", "well", "2"), ("2026-10-31-2", "well", "2"), ("2026-11-30-3", "well", "2"),
    ]  # fmt: skip
    size = len("K1 K2 of november") + len("november")
    one = c360("snapshots", "2026-11-30-3", "--verify", "--json").json
    assert one == {
        "format": 1, "ok": True,
        "verified": [{"generation": "2026-11-30-3", "state": "well", "files": 2, "bytes": size, "found": ""}],
    }  # fmt: skip


def test_rollback_and_prune(c360: CommandLine, stored: Workspace) -> None:
    told = c360("snapshots", "--rollback", "2026-10-31", "--json").json
    assert told == {"format": 1, "as_of": "2026-10-31", "generation": "2026-10-31-1", "set_aside": "2026-10-31-2"}
    assert [row["state"] for row in c360("snapshots").rows] == ["current", "set aside", "current"]
    told = c360("snapshots", "--prune", "--json").json
    assert told["removed"] == ["2026-10-31-2"] and told["kept"] == ["2026-10-31-1", "2026-11-30-3"] and told["freed"] > 0
    answer = c360("snapshots", "--rollback", "2026-10-31")
    assert answer.code == 2 and "no snapshot before the current one" in answer.err


def test_prune_as_of_dates_before_a_day(c360: CommandLine, stored: Workspace) -> None:
    told = c360("snapshots", "--prune", "--before", "2026-11-01", "--json").json
    assert told["removed"] == ["2026-10-31-1", "2026-10-31-2"] and told["kept"] == ["2026-11-30-3"]
    assert [row["generation"] for row in c360("snapshots").rows] == ["2026-11-30-3"]
    assert build(store_in(stored.folder), "again") == "2026-10-31-4"


@pytest.mark.parametrize(
    "command",
    [("--verify", "--prune"), ("--prune", "--rollback", "2026-10-31"), ("2026-10-31-1", "--prune"), ("--rollback", "soon"),
     ("--prune", "--keep", "0"), ("--before", "2026-10-31"), ("--prune", "--before", "soon")],
    ids=" ".join,
)  # fmt: skip
def test_what_does_not_go_together(c360: CommandLine, stored: Workspace, command: tuple[str, ...]) -> None:
    assert c360("snapshots", *command).code == 2
    assert len(c360("snapshots").rows) == 3


def test_content(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("snapshots", "--content").rows == []
    c360("build")
    rows = c360("snapshots", "--content").rows
    assert [row["entity"] for row in rows] == ["customer", "line"]
    assert [row["digest"].partition("-")[0] for row in rows] == ["6", "6"]
    told = c360("snapshots", rows[0]["generation"], "--content", "--json").json
    assert told == {"format": 1, "content": rows}
