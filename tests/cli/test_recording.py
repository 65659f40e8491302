"""What `audit`, `erase`, `propose` and `approve` print, take and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiny import CommandLine, Workspace

POLICY = "\n[policy]\n\n[policy.purposes.care]\n\n[policy.channels.call]\n"


@pytest.fixture
def policy(workspace: Workspace) -> Workspace:
    """Six customers under a contact policy."""
    workspace.add("c360.toml", POLICY)
    return workspace


def keys_in(workspace: Workspace, *keys: str) -> str:
    """Write keys into a file and return where."""
    place = workspace.folder.parent / "keys.txt"
    place.write_text("\n".join(keys), encoding="utf-8")
    return str(place)


@pytest.mark.thorough
def test_pulls_are_listed_and_found(c360: CommandLine, policy: Workspace) -> None:
    c360("export", "active", "--purpose", "care", "-o", str(policy.folder / "a.csv"))
    c360("export", "worth_keeping", "--purpose", "care", "--dry-run")
    rows = c360("audit").rows
    assert [(row["event"], row["name"], row["file"]) for row in rows] == [
        ("preview", "worth_keeping", ""),
        ("export", "active", "a.csv"),
    ]
    assert [row["event"] for row in c360("audit", "--name", "active").rows] == ["export"]
    assert c360("audit", "--since", "2999-01-01").rows == [] == c360("audit", "--who", "nobody").rows
    full = c360("audit", "--list", rows[1]["list_id"]).out
    assert f"file            {policy.folder / 'a.csv'}" in full and "definition_hash" in full


def test_a_log_that_was_tampered_with_ends_in_1(c360: CommandLine, policy: Workspace) -> None:
    c360("export", "active", "--purpose", "care", "-o", str(policy.folder / "a.csv"))
    assert c360("audit", "verify").code == 0 == c360("audit", "--verify").code
    [month] = (policy.folder / ".c360" / "records" / "audit").glob("*.jsonl")
    month.write_text(month.read_text(encoding="utf-8").replace("active", "others"), encoding="utf-8")
    answer = c360("audit", "--verify", "--json")
    assert answer.code == 1 and answer.json["ok"] is False
    assert answer.json["findings"] == [f"audit/{month.name}:1: the line was changed"]
    assert f"audit/{month.name}:1" in answer.err


@pytest.mark.parametrize(
    "arguments", [("audit", "others"), ("audit", "--verify", "--name", "active"), ("erase",), ("approve", "--max-rows", "3")]
)
def test_what_cannot_be_asked_is_a_slip(c360: CommandLine, policy: Workspace, arguments: tuple[str, ...]) -> None:
    assert c360(*arguments).code == 2


def test_an_erasure_says_what_it_did_and_what_it_cannot_reach(c360: CommandLine, policy: Workspace) -> None:
    c360("export", "active", "--purpose", "care", "-o", str(policy.folder / "a.csv"))
    answer = c360("erase", "--keys", keys_in(policy, "C2"))
    assert answer.code == 0 and answer.rows[0]["became"] == "rewritten"
    assert "erased: 1 given, 1 of them for the first time" in answer.err
    assert f"source customer: {policy.data / 'customer.csv'}" in answer.err
    again = c360("erase", "--keys", keys_in(policy, "C2"))
    assert again.code == 0 and "0 of them for the first time" in again.err


@pytest.mark.parametrize(("split", "names"), [((), ("a.csv",)), (("--split-by", "value_tier", "-c", "value_tier"), ("a-*.csv",))])
def test_every_file_of_a_list_loses_the_customer(
    c360: CommandLine, policy: Workspace, split: tuple[str, ...], names: tuple[str, ...]
) -> None:
    folder = policy.folder
    wanted = ("--excluded", str(folder / "out.csv"), *split)
    made = c360("export", "active", "--purpose", "care", "-o", str(folder / "a.csv"), *wanted)
    assert made.code == 0, made.err
    answer = c360("erase", "--keys", keys_in(policy, "C2", "C5"), "--json")
    assert answer.code == 0 and answer.json["complete"]
    became = {Path(one["file"]).name: one["rows"] for one in answer.json["lists"]}
    assert len(became) == 2 and became["out.csv"] == 1 and sum(became.values()) == 2
    for path in folder.glob("*.csv"):
        assert not {"C2", "C5"} & {line.split(",")[0] for line in path.read_text(encoding="utf-8-sig").splitlines()}, path


def test_a_list_for_analysis_loses_the_customers_hash(c360: CommandLine, policy: Workspace) -> None:
    c360("export", "active", "--purpose", "analysis", "-o", str(policy.folder / "a.csv"))
    before = (policy.folder / "a.csv").read_text(encoding="utf-8").splitlines()
    answer = c360("erase", "--keys", keys_in(policy, "C2"), "--json")
    assert [one["rows"] for one in answer.json["lists"]] == [1]
    assert len((policy.folder / "a.csv").read_text(encoding="utf-8").splitlines()) == len(before) - 1
