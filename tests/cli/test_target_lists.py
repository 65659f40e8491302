"""Target lists: the rows asked for, a waterfall that adds up, a manifest that tells all, files only their owner reads."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tiny import CommandLine, Workspace

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the list goes."""
    return tmp_path / "list.csv"


def manifest(path: Path) -> dict[str, Any]:
    """Return the manifest beside a list."""
    read: dict[str, Any] = json.loads(path.with_name(path.name + ".manifest.json").read_text(encoding="utf-8"))
    return read


# Rows.


def test_rows_and_columns_as_asked(c360: CommandLine) -> None:
    answer = c360("export", "worth_keeping", "-c", "value_tier,arpu_3m,visits")
    assert answer.out.splitlines() == [
        "customer_id,value_tier,arpu_3m,visits",
        "00017,high,120.0,3",
        "C2,low,60.0,0",
        "CANARY-KEY,high,150.5,4",
    ]


def test_by_default_what_the_rule_refers_to(c360: CommandLine) -> None:
    assert c360("export", "worth_keeping").out.splitlines()[0] == "customer_id,value_tier,tickets_90d,risk"


def test_personal_values_leave_only_when_asked_for_by_name(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("segments/keeping.py", "from tags.value import called\nnamed = segment(called.is_known())\n")
    assert c360("export", "named").out.splitlines()[0] == "customer_id"
    assert c360("export", "named", "-c", "called").out.splitlines()[0] == "customer_id,called"


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("grade", ["C2", "C3", "CANARY-KEY", "00017", "C4"]),  # low, mid, mid by key, high; unknown last
        ("-grade", ["00017", "C3", "CANARY-KEY", "C2", "C4"]),
        ("-value_tier,-arpu_3m", ["C3", "CANARY-KEY", "00017", "C2", "C4"]),
        ("value_tier", ["C4", "C2", "00017", "C3", "CANARY-KEY"]),
        ("-customer_id", ["CANARY-KEY", "C4", "C3", "C2", "00017"]),
    ],
)
def test_ordered_categories_sort_by_rank_and_ties_by_key(
    c360: CommandLine, workspace: Workspace, order: str, keys: list[str]
) -> None:
    workspace.add("segments/keeping.py", "from tags.sources import Line\nhad_a_line = segment(Line.count() > 0)\n")
    answer = c360("export", "had_a_line", "-c", "grade", "--order", order)
    assert [row["customer_id"] for row in answer.rows] == keys, answer.err


def test_the_limit_keeps_the_first_in_order(c360: CommandLine) -> None:
    answer = c360("export", "worth_keeping", "--order", "-arpu_3m", "--limit", "2", "--json")
    assert [row["customer_id"] for row in answer.json["list"]] == ["CANARY-KEY", "00017"]
    last = answer.json["waterfall"][-2:]
    assert [(s["name"], s["entered"], s["removed"], s["left"]) for s in last] == [
        ("limit", 3, 3 - 2, 2),
        ("written", 2, 0, 2),
    ]


def test_the_waterfall_adds_up_and_is_the_list(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "worth_keeping", "-o", str(target), "--json")
    stages = answer.json["waterfall"]
    assert all(s["entered"] - s["removed"] == s["left"] for s in stages)
    assert all(a["left"] == b["entered"] for a, b in zip(stages, stages[1:], strict=False))
    assert [(s["kind"], s["removed"]) for s in stages] == [
        ("all", 0),
        ("universe", 2),  # C4's line ended, C5 has none
        ("rule", 0),
        ("rule", 1),  # C3 complained twice
        ("rule", 0),
        ("written", 0),
    ]
    assert stages[0]["entered"] == 6
    assert stages[-1]["left"] == len(target.read_text(encoding="utf-8-sig").splitlines()) - 1
    assert manifest(target)["results"]["waterfall"] == stages
    assert c360("size", "worth_keeping").rows[0]["members"] == str(stages[-1]["left"])


def test_rows_left_out_for_want_of_a_value_are_counted_apart(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/line.csv", "L5,C4,2022-04-01,2026-09-30", "L5,C4,2022-04-01,")
    workspace.add("segments/keeping.py", "from tags.value import visits\ncame = segment(visits > 0, universe=active)\n")
    stages = c360("export", "came", "--json").json["waterfall"]
    assert (stages[2]["removed"], stages[2]["unknown"]) == (2, 1)  # C2 came 0 times, C4's visits are unknown


# Formats.


@pytest.mark.thorough
def test_the_ending_says_the_format(c360: CommandLine, tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet", "a.PQ", "a.jsonl", "a.ndjson"):
        assert c360("export", "worth_keeping", "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / "a.csv").read_bytes().startswith(BOM + b"customer_id,")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(pl.read_parquet(tmp_path / "a.PQ"))
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == pl.read_parquet(tmp_path / "a.parquet").to_dicts()


def test_the_format_overrides_the_ending(c360: CommandLine, tmp_path: Path) -> None:
    assert c360("export", "active", "-o", str(tmp_path / "a.txt"), "--format", "csv").code == 0
    assert manifest(tmp_path / "a.txt")["results"]["format"] == "csv"


@pytest.mark.parametrize("name", ["a.txt", "a.xml", "a"])
def test_an_ending_nobody_writes(c360: CommandLine, tmp_path: Path, name: str) -> None:
    answer = c360("export", "active", "-o", str(tmp_path / name))
    assert answer.code == 2
    assert "formats: csv" in answer.err and "--format" in answer.err
    assert not (tmp_path / name).exists()


def test_a_format_nobody_writes_on_stdout_too(c360: CommandLine) -> None:
    answer = c360("export", "active", "--format", "xml")
    assert (answer.code, answer.out) == (2, "")


@pytest.mark.thorough
def test_stdout_has_no_byte_order_mark(c360: CommandLine) -> None:
    plain, dash = c360.apart("export", "worth_keeping"), c360.apart("export", "worth_keeping", "-o", "-")
    assert plain.raw == dash.raw
    assert plain.raw.startswith(b"customer_id,")
    assert "rows in the list" in plain.err


@pytest.mark.thorough
def test_other_formats_on_stdout(c360: CommandLine) -> None:
    lines = c360("export", "worth_keeping", "--format", "jsonl", "-c", "visits").out.splitlines()
    assert [json.loads(line) for line in lines][0] == {"customer_id": "00017", "visits": 3}
    assert c360.apart("export", "worth_keeping", "--format", "parquet").raw.startswith(b"PAR1")


def test_e15_formula_cell(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "active", "-c", "note", "-o", str(target))
    assert "2 cells that look like formulas were quoted" in answer.err
    assert target.read_text(encoding="utf-8-sig").splitlines() == [
        "customer_id,note",
        "00017,'=1+1",  # a formula
        "C2,'-5",  # a text, whatever it looks like
        "C3,8613800138001",  # a phone number goes out as digits
        'CANARY-KEY,"a, b"',
    ]
    assert manifest(target)["results"]["cells_neutralised"] == 2


# Who may see what.


def test_personal_values_are_masked(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "active", "-c", "called,phone,birth_on,note", "-o", str(target))
    assert "masked: called, phone, birth_on" in answer.err
    rows = target.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [row.split(",")[:4] for row in rows] == [
        ["00017", "张*", "138****8000", "1980-**-**"],
        ["C2", "李*", "139****5678", "1985-**-**"],  # +86 is no part of the number
        ["C3", "王*", "", "1990-**-**"],  # null stays null
        ["CANARY-KEY", "张*", "139****1111", "1990-**-**"],
    ]
    assert manifest(target)["results"]["masked"] == ["called", "phone", "birth_on"]
    assert manifest(target)["inputs"]["columns"] == {
        "called": "personal", "phone": "personal", "birth_on": "personal", "note": "internal",
    }  # fmt: skip


@pytest.mark.parametrize("command", [("-o", "TARGET"), ("--dry-run",), ()])
def test_e14_forbidden_class_never_leaves(c360: CommandLine, target: Path, command: tuple[str, ...]) -> None:
    answer = c360("export", "active", "-c", "id_number", *(str(target) if c == "TARGET" else c for c in command))
    assert answer.code == 5
    assert "column 'id_number' is sensitive and never leaves in a list" in answer.err
    assert answer.out == ""
    assert not target.exists()


def test_a_tag_is_as_sensitive_as_its_column(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("tags/value.py", "document = tag(Customer.id_number)\n")
    assert c360("export", "active", "-c", "document").code == 5


def test_a_table_shows_nothing_of_a_sensitive_value(workspace: Workspace) -> None:
    import c360 as library

    workspace.add("tags/value.py", "document = tag(Customer.id_number)\n")
    frame = library.open(workspace.folder).table("document", "called", segment="active")
    assert set(frame["document"]) == {"***"}
    assert set(frame["called"]) == {"张*", "李*", "王*"}


# The manifest.


def test_the_manifest_tells_what_the_list_is(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    c360("export", "worth_keeping", "-o", str(target), "-c", "arpu_3m", "--order", "-arpu_3m", "--limit", "2")
    told = manifest(target)
    content = target.read_bytes()
    results, inputs = told["results"], told["inputs"]
    assert results["sha256"] == hashlib.sha256(content).hexdigest()
    assert (results["bytes"], results["rows"], results["file"]) == (len(content), 2, "list.csv")
    assert (inputs["segment"], inputs["as_of"], inputs["limit"], inputs["order"]) == (
        "worth_keeping", "2026-11-29", 2, ["-arpu_3m"],
    )  # fmt: skip
    assert inputs["parameters"] == {"value.high": "100.0", "value.low": "20.0"}
    assert {name: source["rows"] for name, source in inputs["sources"].items()} == {
        "customer": 6, "line": 6, "bill": 15, "ticket": 5, "score": 5,
    }  # fmt: skip
    card = c360("segments", "worth_keeping", "--json").json
    assert inputs["definition_hash"] == card["hash"]
    assert inputs["definitions"]["arpu_3m"] == c360("tags", "arpu_3m", "--json").json["hash"]
    assert inputs["time_zone"] == "Asia/Shanghai"


def test_the_same_inputs_give_the_same_run_and_digest(c360: CommandLine, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        c360("export", "worth_keeping", "-o", str(tmp_path / folder / "list.csv"))
    first, second = (manifest(tmp_path / folder / "list.csv") for folder in ("a", "b"))
    assert first["run_id"] == second["run_id"]
    assert first["digest"] == second["digest"]
    for told in (first, second):
        told.pop("made_at")
    assert first == second


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tags/value.py", "months(3)).total.sum().or_zero() / 3", "months(2)).total.sum().or_zero() / 2"),
        ("c360.toml", 'time_zone = "Asia/Shanghai"', 'time_zone = "UTC"'),
        ("c360.toml", "[sources.score]", "[params.value]\nlow = 30\n[sources.score]"),
        ("data/ticket.csv", "C5,2025-01-01,bill\n", "C5,2025-01-01,bill\nC5,2025-01-02,bill\n"),
    ],
)
def test_other_inputs_give_another_run(
    c360: CommandLine, workspace: Workspace, target: Path, file: str, old: str, new: str
) -> None:
    arguments = ("export", "worth_keeping", "-o", str(target), "--force", "--json")
    before = c360(*arguments).json["run_id"]
    assert c360(*arguments).json["run_id"] == before
    workspace.replace(file, old, new)
    assert c360(*arguments).json["run_id"] != before


def test_a_column_that_means_something_else_gives_another_run(c360: CommandLine, workspace: Workspace) -> None:
    arguments = ("export", "active", "-c", "visits", "--json")
    before = c360(*arguments).json["run_id"]
    workspace.replace("tags/value.py", "visits = tag(Customer.visits,", "visits = tag(Customer.visits * 2,")
    assert c360(*arguments).json["run_id"] != before


def test_p02_file_modes(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    import os

    before = os.umask(0o022)
    try:
        c360("export", "worth_keeping", "-o", str(target))
    finally:
        os.umask(before)
    for path in (target, target.with_name("list.csv.manifest.json"), *workspace.private_files()):
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert (workspace.folder / ".c360" / "checked").stat().st_mode & 0o777 == 0o700


# A dry run.


def test_a_dry_run_writes_nothing(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "worth_keeping", "-o", str(target), "--dry-run", "-c", "called,arpu_3m")
    assert answer.code == 0
    assert [path.name for path in target.parent.iterdir()] == ["work"]
    assert answer.out.splitlines() == [
        "customer_id,called,arpu_3m", "00017,张*,120.0", "C2,李*,60.0", "CANARY-KEY,张*,150.5",
    ]  # fmt: skip
    assert "rows in the list" in answer.err


def test_a_dry_run_as_json_has_a_sample(c360: CommandLine) -> None:
    answer = c360("export", "worth_keeping", "--dry-run", "-c", "phone,birth_on", "--json")
    assert answer.json["path"] is None
    assert answer.json["sample"][0] == {"customer_id": "00017", "phone": "138****8000", "birth_on": "1980-**-**"}


# Names.


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "worth_keping"), "did you mean 'worth_keeping'?"),
        (("export", "arpu_3m"), "'arpu_3m' is a tag, expected a segment"),
        (("export", "active", "-c", "visit"), "did you mean 'visits'?"),
        (("export", "active", "--order", "-visit"), "did you mean 'visits'?"),
        (("export", "active", "-c", "visits,visits"), "column named twice: visits"),
        (("export", "active", "-c", "line_bill"), "'line_bill' is a value of line, the list is of customer"),
        (("export", "active", "--limit", "0"), "--limit"),
        (("size", "actve"), "did you mean 'active'?"),
        (("size", "arpu_3m"), "'arpu_3m' is a tag, expected a segment"),
        (("tags", "arpu_3n"), "did you mean 'arpu_3m'?"),
        (("tags", "active"), "'active' is a segment, not a tag"),
        (("segments", "actve"), "did you mean 'active'?"),
        (("tags", "--entity", "bill"), "no tag of bill"),
        (("plan", "arpu_3n"), "did you mean 'arpu_3m'?"),
        (("sql", "worth_keping"), "did you mean 'worth_keeping'?"),
    ],
)
def test_a_name_typed_wrong_is_the_callers_slip(c360: CommandLine, arguments: tuple[str, ...], told: str) -> None:
    answer = c360(*arguments)
    assert answer.code == 2
    assert told in answer.err
