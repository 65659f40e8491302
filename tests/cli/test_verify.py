"""`verify`: a list is what was handed over and can be made again, or why not: file, manifest, data, definitions, parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tiny import Answer, CommandLine, Workspace
from verifying import edited_csv, manifest_of, told, verified

UNCHANGED = {"added": 0, "removed": 0, "changed_cells": {}, "columns_added": [], "columns_removed": [], "reordered": False}
FORMATS = ("csv", "xlsx", "parquet", "jsonl", "duckdb")


# All the same.


@pytest.mark.thorough
@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_is_what_was_handed_over(c360: CommandLine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"list.{kind}"
    assert c360("export", "worth_keeping", "-c", "called,grade,risk", "-o", str(path)).code == 0
    for named in (path, manifest_of(path)):
        code, found = verified(c360, named)
        assert (code, found["ok"], found["differences"]) == (0, True, [])
        assert found["remade"] == {
            "rows": 3, "same_bytes": True, "same_rows": True,
            "changes": UNCHANGED,
        }  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        ("worth_keeping", "--lang", "zh", "--headers", "titles"),
        ("worth_keeping", "-c", "called,value_tier", "--encoding", "gb18030", "--limit", "2", "--order", "-risk"),
        ("worth_keeping", "-c", "grade,visits", "--split-by", "grade"),
        ("--where", "arpu_3m > 50 and tickets_90d < 2"),
        ("--where", "line_bill > 0", "--entity", "line"),
        ("worth_keeping", "--as-of", "2026-10-15", "--allow-stale", "--allow-current", "--allow-empty"),
    ],
    ids=["titles", "encoding", "split", "where", "lines", "past"],
)
def test_whatever_was_asked_can_be_asked_again(c360: CommandLine, target: Path, options: tuple[str, ...]) -> None:
    lang = options[options.index("--lang") : options.index("--lang") + 2] if "--lang" in options else ()
    rest = [one for one in options if one not in lang]
    assert c360(*lang, "export", *rest, "-o", str(target)).code == 0
    code, found = verified(c360, manifest_of(target))
    assert (code, found["differences"], found["remade"]["same_bytes"]) == (0, [], True), found["verdict"]


def test_one_file_of_a_split_list_stands_for_all(c360: CommandLine, tmp_path: Path, target: Path) -> None:
    c360("export", "worth_keeping", "-c", "grade,visits", "--split-by", "grade", "-o", str(target))
    parts = sorted(path.name for path in tmp_path.glob("list-*.csv"))
    assert parts == ["list-high.csv", "list-low.csv", "list-mid.csv"]
    assert verified(c360, tmp_path / "list-mid.csv")[0] == 0
    (tmp_path / "list-low.csv").unlink()
    code, found = verified(c360, tmp_path / "list-mid.csv")
    assert (code, told(found, "file"), found["remade"]["same_bytes"]) == (1, ["list-low.csv"], True)


def test_given_keys_are_asked_for_again(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    keys = workspace.folder.parent / "keys.txt"
    keys.write_text("customer_id\n00017\nC2\n", encoding="utf-8")
    assert c360("export", "worth_keeping", "--keys", str(keys), "-o", str(target)).code == 0
    answer = c360("verify", str(target))
    assert answer.code == 2 and "2 given keys" in answer.err and "--keys" in answer.err
    assert verified(c360, target, "--keys", str(keys))[0] == 0
    keys.write_text("C2\n", encoding="utf-8")
    code, found = verified(c360, target, "--keys", str(keys))
    assert (code, told(found, "parameters"), found["remade"]["changes"]["removed"]) == (1, ["keys"], 2 - 1)


def test_keys_for_a_list_that_had_none(c360: CommandLine, listed: Path) -> None:
    assert c360("verify", str(listed), "--keys", str(listed)).code == 2


# A changed file.


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (edited_csv, {"changed_cells": {"arpu_3m": 1}}),
        (lambda path: path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1])), {"added": 1}),
        (lambda path: path.write_bytes(path.read_bytes() + b"C9,high,1.0,2\n"), {"removed": 1}),
        (lambda path: path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[-1]), {"removed": 1}),
    ],
    ids=["cell", "cut", "added", "twice"],
)
def test_a_changed_file(c360: CommandLine, listed: Path, edit: Callable[[Path], None], changes: dict[str, Any]) -> None:
    edit(listed)
    code, found = verified(c360, listed)
    assert (code, found["kinds"], told(found, "file")) == (1, ["file"], ["list.csv"])
    assert found["remade"]["same_bytes"], "the list as it was handed over can still be made"
    assert {name: found["remade"]["changes"][name] for name in changes} == changes
    assert "was written with 3 rows and" in found["differences"][0]["words"]


def test_rows_in_another_order(c360: CommandLine, listed: Path) -> None:
    head, *rows = listed.read_bytes().splitlines(keepends=True)
    listed.write_bytes(head + b"".join(reversed(rows)))
    assert verified(c360, listed)[1]["remade"]["changes"]["reordered"]


@pytest.mark.parametrize("kind", FORMATS[1:])
def test_a_file_that_is_none_of_its_format(c360: CommandLine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"list.{kind}"
    c360("export", "worth_keeping", "-o", str(path))
    path.write_bytes(path.read_bytes()[:40])
    code, found = verified(c360, path)
    assert (code, found["kinds"]) == (1, ["file"])
    assert f"cannot be read as {kind}" in found["differences"][0]["words"]
    assert found["remade"]["same_bytes"] and found["remade"]["changes"] is None


def test_a_workbook_saved_by_a_person(c360: CommandLine, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "list.xlsx"
    c360("export", "worth_keeping", "-c", "visits", "-o", str(path))
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("Customer", "Visits"), ("00017", 3), ("C2", 7), ("CANARY-KEY", 4)]):
            sheet.write_row(number, 0, row)
    code, found = verified(c360, path)
    assert (code, found["kinds"], found["remade"]["changes"]["changed_cells"]) == (1, ["file"], {"Visits": 1})


def test_a_file_that_is_gone(c360: CommandLine, listed: Path) -> None:
    listed.unlink()
    code, found = verified(c360, listed)
    assert (code, found["kinds"], found["remade"]["same_bytes"]) == (1, ["file"], True)


def test_the_file_of_those_left_out_is_held_to_its_hash(c360: CommandLine, tmp_path: Path, target: Path) -> None:
    out = tmp_path / "out.csv"
    c360("export", "worth_keeping", "-o", str(target), "--excluded", str(out))
    assert verified(c360, target)[0] == 0
    out.write_bytes(out.read_bytes() + b"\n")
    assert told(verified(c360, target)[1], "file") == ["out.csv"]


# Changed data, definitions, parameters: alone and together.


def test_a_changed_row_in_a_source(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    code, found = verified(c360, listed)
    assert (code, found["kinds"], told(found, "data")) == (1, ["data"], ["ticket"])
    assert "5 rows then, 4 now" in found["differences"][0]["words"]
    assert found["remade"]["changes"]["added"] == 1  # C3 complained once now
    assert "the file is what was handed over" in found["verdict"] and "now that data changed" in found["verdict"]


def test_changed_data_that_changes_no_row(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.add("data/ticket.csv", "C5,2026-10-06,network\n")
    code, found = verified(c360, listed)
    assert (code, found["kinds"], found["remade"]["same_rows"]) == (1, ["data"], True)
    assert "although data changed" in found["verdict"]


def test_a_file_written_again_with_the_same_rows_is_no_change(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    import os

    for path in workspace.data.iterdir():
        os.utime(path, (1, 1))
    assert verified(c360, listed)[0] == 0


def test_a_source_that_is_gone(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    (workspace.data / "ticket.csv").unlink()
    code, found = verified(c360, listed)
    assert (code, told(found, "data"), found["remade"]) == (1, ["ticket"], None)
    assert "could not be made again" in found["verdict"]


def test_a_changed_definition_is_named_with_what_it_changes(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.replace(
        "tags/value.py", "Bill.last(months(3)).total.sum().or_zero() / 3", "Bill.last(months(2)).total.sum().or_zero() / 3"
    )
    code, found = verified(c360, listed)
    assert (code, found["kinds"], told(found, "definitions")) == (1, ["definitions"], ["arpu_3m"])
    assert "through it value_tier, worth_keeping" in found["differences"][0]["words"]
    assert found["remade"]["changes"]["changed_cells"]["arpu_3m"] == 3


def test_a_retitled_segment_is_no_other(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.replace("segments/keeping.py", 'title="Worth keeping"', 'title="To be kept"')
    assert verified(c360, listed)[0] == 0


def test_a_segment_that_is_gone(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.replace("segments/keeping.py", "worth_keeping = segment(", "kept = segment(")
    code, found = verified(c360, listed)
    assert (code, told(found, "definitions"), found["remade"]) == (1, ["worth_keeping"], None)


def test_definitions_that_do_not_load(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.add("segments/keeping.py", "broken = segment(nothing > 0)\n")
    assert c360("verify", str(listed)).code == 3


def test_a_changed_parameter_is_no_changed_definition(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.add("c360.toml", '\n[params]\n"value.high" = 130\n')
    code, found = verified(c360, listed)
    assert (code, found["kinds"], told(found, "parameters")) == (1, ["parameters"], ["value.high"])
    assert (found["differences"][0]["then"], found["differences"][0]["now"]) == ("100.0", "130.0")
    assert found["remade"]["changes"]["changed_cells"] == {"value_tier": 1}


def test_a_parameter_that_the_list_does_not_use_is_a_note(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    c360("export", "active", "-o", str(target))
    workspace.add("c360.toml", '\n[params]\n"value.high" = 130\n')
    code, found = verified(c360, target)
    assert (code, found["differences"]) == (0, [])
    assert any("value.high" in note for note in found["notes"])


def test_all_that_changed_is_told_apart(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.add("c360.toml", '\n[params]\n"value.high" = 130\n')
    workspace.replace("tags/value.py", "Customer.visits, title", "Customer.visits + 1, title")
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    edited_csv(listed)
    code, found = verified(c360, listed)
    assert code == 1 and found["kinds"] == ["file", "data", "definitions", "parameters"]
    assert {kind: told(found, kind) for kind in found["kinds"]} == {
        "file": ["list.csv"], "data": ["ticket"], "definitions": ["visits"], "parameters": ["value.high"],
    }  # fmt: skip
    assert found["remade"]["changes"] == {
        "added": 1, "removed": 0, "changed_cells": {"value_tier": 1, "arpu_3m": 1, "visits": 3}, "columns_added": [],
        "columns_removed": [], "reordered": False,
    }  # fmt: skip


# Snapshots.


def built(c360: CommandLine, target: Path) -> dict[str, Any]:
    assert c360("build").code == 0
    answer: Answer = c360("export", "worth_keeping", "-o", str(target), "--json")
    assert answer.json["snapshot"] is not None
    assert verified(c360, target)[0] == 0
    return dict(answer.json)


def test_a_list_from_a_snapshot_stands_whatever_became_of_the_sources(
    c360: CommandLine, workspace: Workspace, target: Path
) -> None:
    built(c360, target)
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    code, found = verified(c360, target)
    assert (code, found["differences"], found["remade"]["same_rows"]) == (0, [], True)
    assert any("since the snapshot was built" in note and "ticket" in note for note in found["notes"])


@pytest.mark.thorough
def test_a_list_is_made_again_from_its_own_snapshot_after_another_build(
    c360: CommandLine, workspace: Workspace, target: Path
) -> None:
    built(c360, target)
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    assert c360("build", "--replace").code == 0
    code, found = verified(c360, target)
    assert (code, found["differences"], found["remade"]["same_rows"]) == (0, [], True)
    assert any("not the current one" in note for note in found["notes"])


def test_a_snapshot_that_is_gone(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    built(c360, target)
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    c360("build", "--replace")
    assert c360("snapshots", "--prune", "--keep", "1").code == 0
    code, found = verified(c360, target)
    assert (code, told(found, "data"), found["remade"]["changes"]["added"]) == (1, ["snapshot", "ticket"], 1)


def test_a_damaged_snapshot(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    made = built(c360, target)
    folder = workspace.folder / ".c360" / "snapshots" / "generations" / made["snapshot"]["generation"]
    stored = next(path for path in sorted(folder.glob("*.parquet")))
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    code, found = verified(c360, target)
    assert (code, told(found, "data")[0]) == (1, "snapshot")


# What is said, and kept.


def test_what_is_said_names_counts_and_never_a_key(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    answer = c360("verify", str(listed))
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert lines[0].startswith("changed data: ticket ") and "1 added" in lines[-1]
    assert "C3" not in answer.out + answer.err and "CANARY" not in answer.out + answer.err


def test_each_look_is_in_the_audit_log(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    edited_csv(listed)
    verified(c360, listed)
    lines = [json.loads(line) for path in (workspace.folder / ".c360" / "records" / "audit").glob("*.jsonl")
             for line in path.read_text(encoding="utf-8").splitlines()]  # fmt: skip
    line = lines[-1]
    assert (line["event"], line["ok"], line["found"]) == ("verify", False, {"file": 1})
    assert line["list_id"] == json.loads(manifest_of(listed).read_text(encoding="utf-8"))["run_id"]


def test_nothing_is_left_behind(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    before = sorted(path.name for path in listed.parent.iterdir())
    verified(c360, listed)
    assert sorted(path.name for path in listed.parent.iterdir()) == before
    assert not [path for path in (workspace.folder / ".c360").rglob(".tmp-*")]


def test_from_python(workspace: Workspace, listed: Path) -> None:
    import c360

    found = c360.open(workspace.folder).verify(listed)
    assert found.ok and found.kinds == () and found.remade is not None and found.remade.is_same
    assert pl.read_csv(listed).height == found.rows
