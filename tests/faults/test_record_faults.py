"""Records that cannot be kept, pulls without leave, and customers and lists that must be gone (rows E18 to E20, P01 to P04)."""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from c360.lists import erasing
from c360.snapshots.fileops import FileOps
from c360.workspace import Workspace as Opened
from tiny import CANARIES, CommandLine, Workspace, bill_frame, score_frame

POLICY = """
[policy]
keep_days = 30

[policy.purposes.care]
personal = ["phone"]

[policy.channels.call]
"""
APPROVAL = "\n[policy.approval]\nrows = 3\nexpires_days = 14\n"
KEY = "CANARY-KEY"


@pytest.fixture
def policy(workspace: Workspace) -> Workspace:
    """Six customers under a contact policy."""
    workspace.add("c360.toml", POLICY)
    return workspace


def export(c360: CommandLine, workspace: Workspace, name: str = "list.csv", *options: str) -> Any:
    """Pull the list of active customers for care."""
    return c360("export", "active", "--purpose", "care", "-o", str(workspace.folder / name), *options)


def records(workspace: Workspace) -> Path:
    return workspace.folder / ".c360" / "records"


def audit_lines(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the lines of the audit log."""
    with closing(Opened(workspace.folder)) as opened:
        return [dict(line.facts) for line in opened.audit_lines()][::-1]


def who(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Go on as another person."""
    monkeypatch.setenv("C360_USER", name)


# E18 to E20: no list without its purpose, its approval, its audit line.


def test_e18_export_without_purpose(c360: CommandLine, policy: Workspace) -> None:
    answer = c360("export", "active", "-o", str(policy.folder / "list.csv"))
    assert answer.code == 5 and "needs a purpose" in answer.err and "care" in answer.err
    assert policy.names() == set()
    assert [line["event"] for line in audit_lines(policy)] == ["refused"]


def test_e19_approval_expired(c360: CommandLine, policy: Workspace) -> None:
    policy.add("c360.toml", APPROVAL)
    with closing(Opened(policy.folder)) as opened:
        promise = opened.export("active", purpose="care", dry_run=True).promise
        proposals = opened.records.proposals
        old = proposals.add(promise, "li", "2026-01-01T00:00:00+00:00", date(2026, 1, 15))
        proposals.approve(old.id, "wang", "2026-01-02T00:00:00+00:00", 10)
    answer = export(c360, policy)
    assert answer.code == 5 and f"{old.id} expired after 2026-01-15" in answer.err and policy.names() == set()
    late = c360("approve", old.id)
    assert late.code == 5 and "expired after 2026-01-15" in late.err


@pytest.mark.thorough
def test_e19_a_list_leaves_once_a_second_person_says_yes(
    c360: CommandLine, policy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy.add("c360.toml", APPROVAL)
    who(monkeypatch, "li")
    refused = export(c360, policy)
    assert refused.code == 5 and "nobody proposed it" in refused.err
    proposed = c360("propose", "active", "--purpose", "care").out.strip()
    waiting = export(c360, policy)
    assert waiting.code == 5 and f"c360 approve {proposed}" in waiting.err
    own = c360("approve", proposed)
    assert own.code == 5 and "a second person approves it" in own.err and policy.names() == set()
    who(monkeypatch, "wang")
    said = c360("approve", proposed, "--max-rows", "4")
    assert said.code == 0 and "signed intent, not access control" in said.err
    who(monkeypatch, "li")
    assert export(c360, policy).code == 0
    manifest = json.loads((policy.folder / "list.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["results"]["approvals"] == [f"{proposed}-1"]
    events = [line["event"] for line in audit_lines(policy)]
    assert [event for event in events if event != "preview"] == ["refused", "propose", "refused", "approve", "export"]


def test_e19_another_list_than_the_approved_one_is_refused(
    c360: CommandLine, policy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy.add("c360.toml", APPROVAL)
    who(monkeypatch, "li")
    proposed = c360("propose", "active", "--purpose", "care", "-c", "phone").out.strip()
    who(monkeypatch, "wang")
    c360("approve", proposed)
    who(monkeypatch, "li")
    refused = export(c360, policy, "list.csv", "-c", "phone", "--unmask", "phone", "--reason", "the centre calls them")
    assert refused.code == 5 and f"changed since proposal {proposed}: unmasked" in refused.err
    assert policy.names() == set()


def test_e20_audit_log_unwritable(c360: CommandLine, policy: Workspace) -> None:
    assert export(c360, policy, "first.csv").code == 0
    audit = records(policy) / "audit"
    (audit / "head.json").unlink()
    (audit / "head.json").mkdir()  # chmod stops no root
    answer = export(c360, policy, "second.csv")
    assert answer.code == 7 and "audit log" in answer.err
    assert policy.names() == {"first.csv", "first.csv.manifest.json"}
    with closing(Opened(policy.folder)) as opened:
        assert len(opened.records.ledger.lists()) == 1


def test_e20_nothing_is_erased_without_its_audit_line(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy)
    (records(policy) / "audit" / "head.json").unlink()
    (records(policy) / "audit" / "head.json").mkdir()
    answer = erase(c360, policy)
    assert answer.code == 7
    assert KEY in (policy.folder / "list.csv").read_text(encoding="utf-8")


# P01: what is recorded holds keys at most, and those only where they must be.


def test_p01_pii_in_logs_of_records(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy, "list.csv", "-c", "phone,called", "--reason", "asked by 13900001111", "--unmask", "phone")
    export(c360, policy, "list.csv", "-c", "phone", "--unmask", "phone", "--reason", "asked by 13900001111")
    erase(c360, policy, "C2")
    held = [path for path in records(policy).rglob("*") if path.is_file()]
    assert held
    for path in held:
        text = str(pl.read_parquet(path).rows()) if path.suffix == ".parquet" else path.read_text(encoding="utf-8")
        found = [canary for canary in CANARIES if canary in text]
        assert found == ([KEY] if path.suffix == ".parquet" else []), path


@pytest.mark.thorough
def test_p02_file_modes_of_records(c360: CommandLine, policy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    policy.add("c360.toml", APPROVAL.replace("rows = 3", "rows = 3000"))
    before = os.umask(0o022)
    try:
        export(c360, policy)
        who(monkeypatch, "li")
        c360("propose", "active", "--purpose", "care")
        erase(c360, policy)
    finally:
        os.umask(before)
    for path in [records(policy), *records(policy).rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    for name in ("list.csv", "list.csv.manifest.json"):
        assert (policy.folder / name).stat().st_mode & 0o777 == 0o600


# P03: an erased customer is in nothing that c360 keeps.


def erase(c360: CommandLine, workspace: Workspace, key: str = KEY) -> Any:
    """Erase a customer whose key is in a file."""
    keys = workspace.folder.parent / "keys.txt"
    keys.write_text(key + "\n", encoding="utf-8")
    answer = c360("erase", "--keys", str(keys), "--json")
    keys.unlink()
    return answer


def holders(workspace: Workspace, *texts: str) -> list[str]:
    """Return the files but sources that hold one of the keys, in any column of Parquet or anywhere in text."""
    found = []
    for path in sorted(workspace.folder.rglob("*")):
        if not path.is_file() or workspace.data in path.parents:
            continue
        text = str(pl.read_parquet(path).rows()) if path.suffix == ".parquet" else path.read_bytes().decode("utf-8", "replace")
        if any(one in text for one in texts):
            found.append(path.relative_to(workspace.folder).as_posix())
    return found


def built(workspace: Workspace, *days: str) -> None:
    """Build snapshots of *days*."""
    with closing(Opened(workspace.folder)) as opened:
        for day in days:
            opened.build(as_of=day)


def sizes(workspace: Workspace, **options: Any) -> tuple[int, int]:
    """Return how many are active and in the base."""
    with closing(Opened(workspace.folder)) as opened:
        found = opened.size("active", **options)
        return found.members, found.universe


DAYS = ("2026-11-28", "2026-11-29")


@pytest.mark.thorough
def test_p03_erase_customer(c360: CommandLine, policy: Workspace) -> None:
    built(policy, *DAYS)
    for name in ("list.csv", "list.jsonl", "list.parquet", "list.xlsx"):
        assert export(c360, policy, name).code == 0
    assert holders(policy, KEY, "L6")
    answer = erase(c360, policy)
    assert answer.code == 0 and answer.json["complete"], answer.err
    assert holders(policy, KEY, "L6") == []
    told = {Path(one["file"]).name: (one["became"], one["rows"]) for one in answer.json["lists"]}
    assert told == {
        "list.csv": ("rewritten", 1), "list.jsonl": ("rewritten", 1), "list.parquet": ("rewritten", 1), "list.xlsx": ("deleted", 0),
    }  # fmt: skip
    assert answer.json["snapshots"]["rows"] == {"customer": 2, "line": 2}
    assert any("customer.csv" in place for place in answer.json["not_reached"])


@pytest.mark.thorough
def test_p03_what_stays_is_as_it_was(c360: CommandLine, policy: Workspace) -> None:
    built(policy, *DAYS)
    with closing(Opened(policy.folder)) as opened:
        before = opened.table("arpu_3m", "lines_active", "value_tier", "grade", as_of=DAYS[1])
    assert sizes(policy, as_of=DAYS[1]) == (4, 6)
    erase(c360, policy)
    with closing(Opened(policy.folder)) as opened:
        after = opened.table("arpu_3m", "lines_active", "value_tier", "grade", as_of=DAYS[1])
        for day in DAYS:
            generation = opened.snapshots.pointer().current[date.fromisoformat(day)]
            assert opened.snapshots.verify(generation).notes == ()
            with opened.snapshots.open(generation) as snapshot:
                assert [text.split(",")[0] for text in snapshot.manifest.reissued] == ["erased: 1 of customer"]
    assert after.equals(before.filter(pl.col("customer_id") != KEY))
    assert sizes(policy, as_of=DAYS[1]) == (3, 5) and sizes(policy, as_of=DAYS[1], snapshot=False) == (4, 6)


def test_p03_later_lists_leave_the_erased_out(c360: CommandLine, policy: Workspace) -> None:
    erase(c360, policy)
    assert export(c360, policy).code == 0
    assert KEY not in (policy.folder / "list.csv").read_text(encoding="utf-8")


def test_p03_the_question_who_held_them_is_logged_without_the_key(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy)
    keys = policy.folder.parent / "keys.txt"
    keys.write_text(KEY, encoding="utf-8")
    before = c360("audit", "--holds", str(keys), "--json")
    assert [(one["name"], one["arm"]) for one in before.json["holdings"]] == [("active", "treated")]
    erase(c360, policy)
    keys.write_text(KEY, encoding="utf-8")
    after = c360("audit", "--holds", str(keys), "--json")
    assert (after.json["holdings"], after.json["erased"]) == ([], [1])
    asked = [line for line in audit_lines(policy) if line["event"] == "asked"]
    assert len(asked) == 2 and asked[0]["hashes"] == asked[1]["hashes"] and KEY not in str(asked)


@pytest.mark.thorough
def test_p03_a_list_that_was_edited_is_left_and_told(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy, "list.csv")
    export(c360, policy, "list.xlsx")
    export(c360, policy, "moved.csv")
    (policy.folder / "moved.csv").unlink()
    for name in ("list.csv", "list.xlsx"):
        with (policy.folder / name).open("ab") as file:
            file.write(b"C9,1\n")
    answer = erase(c360, policy)
    told = {Path(one["file"]).name: one["became"] for one in answer.json["lists"]}
    assert told == {"list.csv": "changed since", "list.xlsx": "cannot be looked into", "moved.csv": "not there"}
    assert not answer.json["complete"] and (policy.folder / "list.xlsx").exists()


@pytest.mark.thorough
def test_p03_two_are_erased_one_after_the_other(c360: CommandLine, policy: Workspace) -> None:
    built(policy, *DAYS)
    export(c360, policy)
    erase(c360, policy, "C2")
    answer = erase(c360, policy)
    assert answer.json["complete"] and holders(policy, KEY, "C2", "L3", "L6") == []
    manifest = json.loads((policy.folder / "list.csv.manifest.json").read_text(encoding="utf-8"))
    assert (manifest["results"]["rows"], manifest["results"]["erased"]) == (2, 2)


@pytest.mark.thorough
def test_p03_a_line_whose_owner_is_forgotten_takes_its_snapshot_along(c360: CommandLine, policy: Workspace) -> None:
    with closing(Opened(policy.folder)) as opened:
        opened.build("line_bill", as_of=DAYS[0])
        opened.build("arpu_3m", "line_bill", as_of=DAYS[1])  # keeps which lines are whose
    policy.replace("data/line.csv", "L5,C4,2022-04-01,2026-09-30\n", "")
    answer = erase(c360, policy)
    [removed] = answer.json["snapshots"]["removed"]
    assert removed == {"generation": "2026-11-28-1", "why": "whose 1 rows of line are is not known any more"}
    assert [one["generation"] for one in answer.json["snapshots"]["rewritten"]] == ["2026-11-29-2"]
    assert holders(policy, KEY, "L6") == []


@pytest.mark.thorough
def test_p03_a_build_after_an_erasure_holds_what_the_sources_do(c360: CommandLine, policy: Workspace) -> None:
    built(policy, DAYS[0])
    erase(c360, policy)
    (policy.data / "customer.csv").write_text(
        "".join(line for line in (policy.data / "customer.csv").read_text(encoding="utf-8").splitlines(True) if KEY not in line),
        encoding="utf-8",
    )
    policy.replace("data/line.csv", "L6,CANARY-KEY,2019-06-01,\n", "")
    bill_frame().filter(pl.col("line_id") != "L6").write_parquet(policy.data / "bill.parquet")
    score_frame().filter(pl.col("customer_id") != KEY).write_parquet(policy.data / "score.parquet")
    built(policy, DAYS[1])
    with closing(Opened(policy.folder)) as opened:
        names = [name for name in opened.tags if opened.tags[name].entity == "customer"]
        stored, fresh = (opened.table(*names, as_of=DAYS[1], snapshot=way) for way in (True, False))
    assert stored.equals(fresh) and holders(policy, KEY, "L6") == []


class Killed(BaseException):
    """Stands for a kill."""


def killing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Kill before the *number*-th thing that is done to the disk, to snapshots or to records."""
    left = iter(range(number))

    def seam(name: str) -> None:
        real = getattr(FileOps, name)

        def step(*arguments: Any) -> Any:
            if next(left, None) is None:
                raise Killed
            return real(*arguments)

        monkeypatch.setattr(FileOps, name, step)

    for name in ("write", "sync_file", "sync_folder", "rename", "replace", "unlink", "remove_folder"):
        seam(name)


@pytest.mark.thorough
@pytest.mark.parametrize("number", [10, 20, 29, 38, 47, 52, 57, 62, 70])
def test_p03_killed_half_way_it_is_finished_by_the_same_again(
    c360: CommandLine, policy: Workspace, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    built(policy, *DAYS)
    export(c360, policy)
    with closing(Opened(policy.folder)) as opened, monkeypatch.context() as patched:
        killing(patched, number)
        with suppress(Killed):
            erasing.erase(opened, [KEY])
    members = {sizes(policy, as_of=day) for day in DAYS}
    assert members in ({(4, 6)}, {(3, 5)}), "readers see one state or the other, of all days at once"
    answer = erase(c360, policy)
    assert answer.code == 0 and answer.json["complete"] and holders(policy, KEY, "L6") == []
    assert {sizes(policy, as_of=day) for day in DAYS} == {(3, 5)}
    with closing(Opened(policy.folder)) as opened:
        assert opened.verify_audit().ok


@pytest.mark.thorough
def test_p03_a_reader_finishes_and_the_next_run_takes_what_it_held(c360: CommandLine, policy: Workspace) -> None:
    built(policy, DAYS[1])
    with closing(Opened(policy.folder)) as opened:
        snapshot = opened.snapshots.current()
        assert snapshot is not None
        with snapshot:
            first = erase(c360, policy)
            assert first.json["snapshots"]["in_use"] == [snapshot.generation] and not first.json["complete"]
            paths = snapshot.paths(snapshot.manifest.files)
        assert paths
    second = erase(c360, policy)
    assert second.json["complete"] and holders(policy, KEY, "L6") == []


def test_p03_no_key_is_an_option(c360: CommandLine, policy: Workspace) -> None:
    assert c360("erase").code == 2
    assert c360("erase", "--keys", str(policy.folder / "none.txt"), "--expired").code == 2
    (policy.folder.parent / "empty.txt").write_text("\n", encoding="utf-8")
    answer = c360("erase", "--keys", str(policy.folder.parent / "empty.txt"))
    assert answer.code == 2 and "no key was given" in answer.err


# P04: a list that is past its date is gone, its audit line is not.


def expired(workspace: Workspace, at: str) -> list[tuple[str, str]]:
    """Delete what is past its date at a time, and say what became of each file."""
    with closing(Opened(workspace.folder)) as opened:
        opened.records.audit._clock = opened.records.clock = lambda: at
        return sorted((Path(fate.file).name, fate.became) for fate in opened.expire_lists())


def test_p04_retention(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy, "list.csv")
    export(c360, policy, "edited.csv")
    (policy.folder / "edited.csv").write_text("mine", encoding="utf-8")
    [due] = {line["delete_after"] for line in audit_lines(policy)}
    assert expired(policy, f"{due}T12:00:00+00:00") == []
    assert expired(policy, "2099-01-01T00:00:00+00:00") == [("edited.csv", "changed since"), ("list.csv", "deleted")]
    assert policy.names() == {"edited.csv", "edited.csv.manifest.json"}
    assert expired(policy, "2099-01-01T00:00:00+00:00") == [("edited.csv", "changed since")]
    events = [line["event"] for line in audit_lines(policy)]
    assert events == ["export", "export", "expire"]
    with closing(Opened(policy.folder)) as opened:
        assert [record.rows for record in opened.records.ledger.lists()] == [4]
        assert opened.verify_audit().ok


def test_p04_what_expires_soon_is_told(c360: CommandLine, policy: Workspace) -> None:
    export(c360, policy)
    [line] = audit_lines(policy)
    days = (date.fromisoformat(line["delete_after"]) - date.fromisoformat(line["at"][:10])).days
    assert c360("audit", "--expires-within", str(days - 1)).rows == []
    assert [row["name"] for row in c360("audit", "--expires-within", str(days)).rows] == ["active"]
    answer = c360("erase", "--expired", "--json")
    assert answer.code == 0 and answer.json["files"] == []
