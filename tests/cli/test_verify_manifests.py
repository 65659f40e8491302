"""`verify` where the manifest itself was edited, lost or damaged, or is of another format; and where a list was written twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiny import CommandLine, Workspace
from verifying import manifest_of, told, verified


def rewritten(path: Path, edit: Callable[[dict[str, Any]], None], *, digest: bool = False) -> None:
    """Edit the manifest of a list, with *digest* so that it fits itself."""
    from c360.deliver import manifest as manifests

    data = json.loads(manifest_of(path).read_text(encoding="utf-8"))
    edit(data)
    if digest:
        data = manifests.manifest(data["inputs"], data["results"], data["made_at"]) | {"run_id": data["run_id"]}
    manifest_of(path).write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("digest", [False, True], ids=["edited", "its digest too"])
def test_an_edited_manifest_is_told_by_what_the_ledger_holds(c360: CommandLine, listed: Path, digest: bool) -> None:
    rewritten(listed, lambda data: data["inputs"].update(limit=2), digest=digest)
    code, found = verified(c360, listed)
    assert (code, found["kinds"]) == (1, ["manifest"])
    assert found["differences"][0]["now"] == ["inputs.limit"]
    assert found["remade"]["same_bytes"], "the ledger's manifest was asked for"


@pytest.mark.thorough
def test_the_same_list_in_other_files_is_no_edited_manifest(c360: CommandLine, listed: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    again = tmp_path / "other" / "list.csv"
    columns = ("-c", "value_tier,arpu_3m,visits", "--order", "-arpu_3m")
    c360("export", "worth_keeping", *columns, "-o", str(again), "--headers", "titles")
    assert verified(c360, listed)[0] == 0 and verified(c360, again)[0] == 0
    moved = tmp_path / "moved.csv"
    listed.rename(moved)
    manifest_of(listed).rename(manifest_of(moved))
    assert verified(c360, moved)[0] == 0, "whatever both are called by now"


def test_an_edited_manifest_where_the_ledger_is_lost(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    for path in (workspace.folder / ".c360" / "records" / "lists").iterdir():
        path.unlink()
    rewritten(listed, lambda data: data["inputs"].update(limit=2))
    found = verified(c360, listed)[1]
    assert found["kinds"] == ["manifest"] and "digest" in found["differences"][0]["words"]
    rewritten(listed, lambda data: data["results"].update(sha256="0" * 64), digest=True)
    found = verified(c360, listed)[1]
    assert found["kinds"] == ["file", "manifest"], "the audit log knows its hash"


def test_a_manifest_that_is_gone_is_taken_from_the_ledger(c360: CommandLine, listed: Path, tmp_path: Path) -> None:
    manifest_of(listed).unlink()
    code, found = verified(c360, listed)
    assert (code, found["kinds"], found["remade"]["same_bytes"]) == (1, ["manifest"], True)
    other = tmp_path / "other.csv"
    other.write_text("customer_id\nC2\n", encoding="utf-8")
    answer = c360("verify", str(other))
    assert answer.code == 2 and "no manifest beside it" in answer.err
    assert c360("verify", str(tmp_path / "nothing.csv")).code == 2
    assert c360("verify", str(tmp_path / "nothing.csv.manifest.json")).code == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 2, "inputs": [], "results": {}}'])
def test_a_damaged_manifest(c360: CommandLine, listed: Path, text: str) -> None:
    manifest_of(listed).write_text(text, encoding="utf-8")
    answer = c360("verify", str(listed))
    assert answer.code == 8 and "is damaged" in answer.err


def test_a_manifest_of_a_later_c360(c360: CommandLine, listed: Path) -> None:
    rewritten(listed, lambda data: data.update(format=99))
    answer = c360("verify", str(listed))
    assert answer.code == 8 and "format 99" in answer.err


def test_a_manifest_of_the_first_format(c360: CommandLine, workspace: Workspace, listed: Path) -> None:
    """It had the hashes of what is shown only, and told sources by when their files were written."""
    from c360.expr.canonical import digest

    data = json.loads(manifest_of(listed).read_text(encoding="utf-8"))
    inputs = data["inputs"]
    del inputs["definitions"]["lines_active"]
    for source in inputs["sources"].values():
        source["fingerprint"] = "0" * 64
    old = {"format": 1, "run_id": digest(inputs)[:16], "inputs": inputs, "results": data["results"]}
    manifest_of(listed).write_text(json.dumps({**old, "digest": digest(old), "made_at": data["made_at"]}), encoding="utf-8")
    code, found = verified(c360, listed)
    assert (code, found["differences"], found["remade"]["same_rows"]) == (0, [], True)
    assert any("earlier format" in note for note in found["notes"])
    workspace.replace("data/ticket.csv", "C3,2026-09-30,bill\n", "")
    assert told(verified(c360, listed)[1], "data") == ["ticket"]


def test_a_rule_of_the_first_format_cannot_be_asked_again(c360: CommandLine, target: Path) -> None:
    from c360.expr.canonical import digest

    c360("export", "--where", "visits > 1", "-o", str(target))
    data = json.loads(manifest_of(target).read_text(encoding="utf-8"))
    del data["inputs"]["where"]
    old = {"format": 1, "run_id": digest(data["inputs"])[:16], "inputs": data["inputs"], "results": data["results"]}
    manifest_of(target).write_text(json.dumps({**old, "digest": digest(old), "made_at": data["made_at"]}), encoding="utf-8")
    code, found = verified(c360, target)
    assert (code, found["ok"], found["remade"]) == (1, False, None)
    assert "did not write the rule's text down" in found["verdict"] and told(found, "file") == []
