"""`doctor`: one line for each thing a workspace needs, the fix where it fails, and where every setting came from."""

from __future__ import annotations

import os
from collections import namedtuple
from datetime import date
from pathlib import Path

import pytest

from c360.diagnosis import Line, diagnose
from c360.workspace import Workspace as Opened
from tiny import Answer, CommandLine, Workspace

TODAY = date(2026, 12, 1)


def state(answer: Answer, area: str) -> str:
    """Return the state of the first line about *area*."""
    return next(row["state"] for row in answer.rows if row["area"] == area)


def line(workspace: Workspace, area: str, *, data: bool = False, today: date = TODAY) -> Line:
    """Return what the doctor says of *area* on a day."""
    found = diagnose(lambda: Opened.find(workspace.folder), {}, place=workspace.folder, data=data, today=today)
    return next(line for line in found.lines if line.area == area)


def test_a_well_workspace(c360: CommandLine) -> None:
    answer = c360("doctor")
    assert answer.code == 0, answer.out
    areas = [row["area"] for row in answer.rows]
    assert areas == [
        "versions", "workspace", "definitions", "examples", "source bill", "source customer", "source line", "source score",
        "source ticket", "private folder", "snapshots", "engine", "disk", "memory",
    ]  # fmt: skip
    assert {row["state"] for row in answer.rows} <= {"ok", "warn"}
    assert answer.err == "all well\n"


def test_as_json(c360: CommandLine) -> None:
    told = c360("doctor", "--json").json
    assert told["ok"] is True
    assert told["lines"][2] == {
        "area": "definitions",
        "state": "ok",
        "found": "9 tags, 2 segments over 5 sources compile",
        "fix": "",
    }
    assert {setting["name"] for setting in told["settings"]} >= {
        "workspace",
        "data_folder",
        "time_zone",
        "threads",
        "params.value.high",
    }


def test_where_there_is_no_workspace(c360: CommandLine, tmp_path: Path) -> None:
    answer = c360("-w", str(tmp_path), "doctor", bare=True)
    assert answer.code == 1
    found = next(row for row in answer.rows if row["area"] == "workspace")
    assert found["state"] == "fail" and "c360 init" in found["fix"]
    assert {"versions", "disk"} <= {row["area"] for row in answer.rows}


def test_settings_that_cannot_be_read(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('data_folder = "data"', "data_folder = data")
    answer = c360("doctor")
    assert answer.code == 1
    assert state(answer, "settings") == "fail"


def test_definitions_that_do_not_compile(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("tags/value.py", "\nbroken = tag(Customer.nothing)\n")
    answer = c360("doctor")
    assert answer.code == 1
    found = next(row for row in answer.rows if row["area"] == "definitions")
    assert found["state"] == "fail" and "tags/value.py:" in found["found"]
    assert state(answer, "private folder") == "ok", "the other things are looked at all the same"


def test_an_example_that_fails(c360: CommandLine, workspace: Workspace) -> None:
    added = (
        '\nfrom c360 import given\nvisits_2 = tag(Customer.visits, example=given(Customer="customer|visits; C1|3").gives(C1=4))\n'
    )
    workspace.add("tags/value.py", added)
    answer = c360("doctor")
    assert answer.code == 1
    found = next(row for row in answer.rows if row["area"] == "examples")
    assert (found["state"], found["found"]) == ("fail", "1 of 1 examples give something else: visits_2")


def test_a_source_that_is_not_there(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "line.csv").unlink()
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\ncolumns = { topic = "theme" }')
    workspace.settings('[sources.score]\npath = "score.parquet"\n', "")
    answer = c360("doctor")
    assert answer.code == 1
    told = {row["area"]: row for row in answer.rows}
    assert told["source line"]["state"] == "fail" and "put the file there" in told["source line"]["fix"]
    assert told["source ticket"]["found"] == "column topic is bound to 'theme', which the file does not have"
    assert (told["sources"]["state"], told["sources"]["found"]) == ("ok", "not bound: score; what needs them is unavailable")


def test_broken_data_is_seen_when_asked_for(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/ticket.csv", "2026-10-06", "2026-10-66")
    assert c360("doctor").code == 0
    answer = c360("doctor", "--data")
    assert answer.code == 1
    found = next(row for row in answer.rows if row["area"] == "source ticket")
    assert found["found"] == "ticket.csv line 5, column opened_on: not a date; 1 bad row of 5"


def test_data_that_is_old(workspace: Workspace) -> None:
    assert line(workspace, "source bill", data=True).state == "ok"
    old = line(workspace, "source bill", data=True, today=date(2027, 3, 1))
    assert old.state == "warn"
    assert "covers days up to 2026-11-29, 92 days ago" in old.found
    workspace.settings('path = "bill.parquet"', 'path = "bill.parquet"\ncovers_to = 2026-11-29')
    assert line(workspace, "source bill", data=True, today=date(2027, 3, 1)).state == "ok", "the date was fixed on purpose"


def test_a_file_nobody_wrote_of_late(workspace: Workspace) -> None:
    os.utime(workspace.data / "bill.parquet", (0, 0))
    old = line(workspace, "source bill")
    assert (old.state, "was written 1970-01-01" in old.found) == ("warn", True)
    os.utime(workspace.data / "ticket.csv", (0, 0))
    assert line(workspace, "source ticket").state == "ok", "a sparse source may be quiet for long"


def test_a_private_folder_that_others_can_read(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.folder / ".c360").mkdir(mode=0o755)
    os.chmod(workspace.folder / ".c360", 0o755)
    found = next(row for row in c360("doctor").rows if row["area"] == "private folder")
    assert found["state"] == "warn" and found["fix"].startswith("chmod 700 ")
    assert [path.name for path in workspace.private_files()] == ["names.json"]  # what completion offers; nothing of the doctor


def test_a_private_folder_that_cannot_be_made(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.folder / ".c360").write_text("in the way", encoding="utf-8")
    answer = c360("doctor")
    assert answer.code == 1
    assert state(answer, "private folder") == "fail"


def test_little_disk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, expected in ((10 << 30, "ok"), (1 << 30, "warn"), (1 << 20, "fail")):
        monkeypatch.setattr("c360.diagnosis.shutil.disk_usage", lambda _, free=free: usage(0, 0, free))
        assert line(workspace, "disk").state == expected


def test_where_settings_came_from(c360: CommandLine, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.settings('data_folder = "data"', 'data_folder = "data"\n[engine]\nthreads = 2\n[params.value]\nhigh = 90\n')
    monkeypatch.setenv("C360_MEMORY", "2GB")
    monkeypatch.setenv("C360_LANG", "zh")
    rows = c360("--lang", "en", "doctor", "--settings").rows
    told = {row["setting"]: (row["value"], row["origin"]) for row in rows}
    assert told["workspace"] == (str(workspace.folder), "flag")
    assert told["data_folder"] == (str(workspace.data), "file")
    assert told["threads"] == ("2", "file")
    assert told["memory"] == ("2GB", "environment")
    assert told["lang"] == ("en", "flag")
    assert told["as_of"] == ("", "default")
    assert told["params.value.high"] == ("90", "file")
    assert told["params.value.low"] == ("20", "default")
    monkeypatch.setenv("C360_DATA", str(workspace.data))
    assert {row["setting"]: row["origin"] for row in c360("doctor", "--settings").rows}["data_folder"] == "environment"
    assert {row["setting"]: row["origin"] for row in c360("--threads", "1", "doctor", "--settings").rows}["threads"] == "flag"
