"""Files of a list that hold too much, or whose names would: refused, made safe, or all of them together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from c360.deliver.splitting import by_rows
from c360.deliver.writers import Prepared
from c360.errors import ResourceError
from c360.workspace import Workspace as Opened
from tiny import CommandLine, Workspace
from workbooks import read

POLICY = """
[policy.purposes.care]
personal = ["phone", "name", "called"]

[policy.purposes.offer]
personal = ["phone"]

[policy.channels.sms]
personal = ["phone"]

[policy.channels.call]
"""
REASON = ("--reason", "calls of the November campaign")


@pytest.fixture
def target(tmp_path: Path, workspace: Workspace) -> Path:
    """Where the list goes, alone in its folder; the workspace has a policy."""
    workspace.add("c360.toml", POLICY)
    (tmp_path / "lists").mkdir()
    return tmp_path / "lists" / "list.csv"


def beside(target: Path) -> list[str]:
    """Return what stands in the list's folder."""
    return sorted(path.name for path in target.parent.iterdir())


def manifest(target: Path) -> dict[str, Any]:
    """Return what the manifest says came of a list."""
    told: dict[str, Any] = json.loads(target.with_name(target.name + ".manifest.json").read_text(encoding="utf-8"))["results"]
    return told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--purpose", "offer", "-c", "name"),
            "column 'name' is personal, and not one that a list for offer by sms, call may hold",
        ),
        (("--purpose", "care", "--channel", "sms", "-c", "name"), "not one that a list for care by sms may hold"),
        (("--purpose", "analysis", "-c", "phone"), "a list for analysis holds none"),
    ],
)
def test_e13_undeclared_column_through_the_command(c360: CommandLine, target: Path, options: tuple[str, ...], told: str) -> None:
    answer = c360("export", "active", *options, "-o", str(target))
    assert answer.code == 5
    assert told in answer.err and "leave '" in answer.err
    assert beside(target) == []


def test_e13_undeclared_column_masked_or_not(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "active", "--purpose", "offer", "-c", "name", "--unmask", "name", *REASON, "-o", str(target))
    assert answer.code == 5 and beside(target) == []


def test_what_a_purpose_may_hold_is_masked_unless_there_is_a_reason(c360: CommandLine, target: Path) -> None:
    asked = ("export", "active", "--purpose", "care", "-c", "phone", "-o", str(target), "--force")
    assert c360(*asked).code == 0
    assert "138****8000" in target.read_text(encoding="utf-8-sig") and manifest(target)["masked"] == ["phone"]
    refused = c360(*asked, "--unmask", "phone", "--reason", "   why not   ")
    assert refused.code == 5 and "a reason of at least 10 characters" in refused.err
    assert c360(*asked, "--unmask", "phone", *REASON).code == 0
    phones = [line.split(",")[1] for line in target.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert set(phones) >= {"13800138000", "8613912345678"}  # digits, as diallers take them
    assert manifest(target)["masked"] == []


def test_a_list_for_analysis_holds_no_key(c360: CommandLine, target: Path) -> None:
    assert c360("export", "active", "--purpose", "analysis", "-c", "visits", "-o", str(target)).code == 0
    text = target.read_text(encoding="utf-8-sig")
    assert "00017" not in text and "CANARY-KEY" not in text
    keys = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert len(set(keys)) == len(keys) == 4 and all(len(key) == 32 for key in keys)


def test_e05_path_traversal_in_a_value_stays_in_the_folder(c360: CommandLine, workspace: Workspace, target: Path) -> None:
    workspace.replace("data/customer.csv", ",=1+1,", ",../../evil,")
    workspace.replace("data/customer.csv", ",-5,", ",/etc/passwd,")
    answer = c360("export", "active", "--purpose", "care", "-c", "note", "--split-by", "note", "-o", str(target))
    assert answer.code == 0, answer.err
    told = {part["value"]: part["file"] for part in manifest(target)["files"]}
    assert set(beside(target)) == {*told.values(), "list.csv.manifest.json"}
    assert told["../../evil"].startswith("list-evil-") and told["/etc/passwd"].startswith("list-etc_passwd-")
    assert not [path for path in target.parent.parent.rglob("*evil*") if path.parent != target.parent]


@pytest.mark.parametrize("name", ["a/b", "../active", "/etc/passwd"])
def test_e05_path_traversal_in_a_lists_name_is_no_name_at_all(
    c360: CommandLine, workspace: Workspace, target: Path, name: str
) -> None:
    before = workspace.names()
    for asked in ((name,), ("--campaign", name), ("active", "--order", name), ("active", "--split-by", name)):
        assert c360("export", *asked, "--purpose", "care", "-o", str(target)).code in (2, 5)
    assert beside(target) == [] and workspace.names() == before
    workspace.add("segments/keeping.py", f"\nglobals()[{name!r}] = segment(lines_active > 1, title='x', owner='x')\n")
    assert c360("check").code == 3  # a definition cannot be called so


def test_a_list_is_not_split_by_what_a_name_must_not_tell(c360: CommandLine, target: Path) -> None:
    answer = c360("export", "active", "--purpose", "care", "-c", "phone", "--split-by", "phone", "-o", str(target))
    assert answer.code == 5
    assert "column 'phone' is personal, and the files' names would tell it" in answer.err
    assert beside(target) == []


def test_e17_xlsx_row_limit_is_split_when_asked(c360: CommandLine, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("c360.lists.handing.by_rows", lambda frame, most=3: by_rows(frame, 3))
    book = target.with_suffix(".xlsx")
    assert c360("export", "active", "--purpose", "care", "-c", "visits", "--split", "-o", str(book)).code == 0
    assert beside(target) == ["list-1.xlsx", "list-2.xlsx", "list.xlsx.manifest.json"]
    rows = [read(target.with_name(f"list-{part}.xlsx"))[0].values()[1:] for part in (1, 2)]
    assert [len(part) for part in rows] == [3, 1]
    assert "part 2 of 2 of a list of 4 rows" in str(read(target.with_name("list-2.xlsx"))[1].values())
    assert [part["rows"] for part in manifest(book)["files"]] == [3, 1]


@pytest.mark.parametrize("failing", ["list.csv.manifest.json", "list-high.csv", "list-low.csv"])
def test_parts_stand_together_or_not_at_all(
    c360: CommandLine, workspace: Workspace, target: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    whole = Prepared.publish

    def fails(one: Prepared, *, force: bool) -> None:
        whole(one, force=force)
        if one.path.name == failing:
            raise ResourceError("the disk is full")

    monkeypatch.setattr(Prepared, "publish", fails)
    asked = ("export", "active", "--purpose", "care", "-c", "value_tier", "--split-by", "value_tier", "-o", str(target))
    assert c360(*asked).code == 7
    assert beside(target) == []
    assert Opened.find(workspace.folder).records.ledger.lists() == []
    monkeypatch.undo()
    assert c360(*asked).code == 0
    assert beside(target) == ["list-high.csv", "list-low.csv", "list.csv.manifest.json"]


@pytest.mark.thorough
def test_a_list_is_a_table_of_a_database(c360: CommandLine, target: Path) -> None:
    base, again = target.with_suffix(".duckdb"), target.with_name("again.duckdb")
    asked = ("export", "worth_keeping", "--purpose", "care", "-c", "value_tier,visits,phone", "-o")
    assert c360(*asked, str(base)).code == 0
    with duckdb.connect(str(base), read_only=True) as connection:
        rows = connection.execute("FROM worth_keeping ORDER BY customer_id").fetchall()
        funnel = connection.execute('SELECT "left" FROM about_funnel ORDER BY stage').fetchall()
    assert ("00017", "high", 3, "138****8000", "sms") in rows
    assert funnel[0] == (6,) and funnel[-1] == (len(rows),)
    assert c360(*asked, str(base)).code == 2
    assert c360(*asked, str(base), "--force").code == 0
    assert c360(*asked, str(again)).code == 0
    assert base.read_bytes() == again.read_bytes()
    assert base.stat().st_mode & 0o777 == 0o600
