"""Proposals: what they bind, who may say yes, and that a changed file is no proposal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from c360.bindings.policy import ApprovalPolicy
from c360.errors import NothingMatched, Refused, UsageError
from c360.lists.approving import approve, approved, proposals, required
from c360.records.proposals import Proposal, promise_hash
from c360.workspace import Workspace
from records import NOON, made

DAY = date(2026, 11, 30)
PROMISE: dict[str, Any] = {
    "name": "retention", "purpose": "retention", "as_of": "2026-11-29", "columns": {"phone": "personal"}, "channels": ["call"],
    "definitions": {"worth_keeping": "a1"}, "funnel": [{"words": "all", "rows": 9}], "size": 500,
}  # fmt: skip
POLICY = "\n[policy.approval]\nrows = 100\ntwo_from = 1000\n"


def opened(folder: Path, who: str, at: str = NOON) -> Workspace:
    """Open a workspace as *who*, at a time."""
    folder.mkdir(exist_ok=True)
    (folder / "c360.toml").write_text(POLICY)
    workspace = Workspace(folder)
    vars(workspace)["records"] = made(folder / "records", at, who=who)
    return workspace


def proposed(folder: Path, size: int = 500, **other: object) -> Proposal:
    """Propose the list as li, for two weeks."""
    records = opened(folder, "li").records
    return records.proposals.add({**PROMISE, "size": size, **other}, "li", NOON, date(2026, 12, 14))


def test_a_promise_is_the_same_whatever_its_funnel_and_size() -> None:
    assert promise_hash(PROMISE) == promise_hash({**PROMISE, "size": 510, "funnel": []})
    assert promise_hash(PROMISE) != promise_hash({**PROMISE, "as_of": "2026-11-30"})


@pytest.mark.parametrize(
    ("rows", "classes", "needed"),
    [(99, {"a": "internal"}, 0), (99, {"a": "personal"}, 1), (100, {}, 1), (999, {}, 1), (1000, {}, 2)],
)
def test_how_many_must_say_yes_follows_from_size_and_columns(rows: int, classes: dict[str, str], needed: int) -> None:
    assert required(ApprovalPolicy(rows=100, personal=True, two_from=1000), rows, classes) == needed
    assert required(None, rows, classes) == 0


def test_another_persons_yes_lets_a_list_leave(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    after = approve(opened(tmp_path, "wang"), proposal.id[:4], max_rows=600)
    assert [(one.who, one.max_rows) for one in after.approvals] == [("wang", 600)]
    assert approved(opened(tmp_path, "li"), proposal.promise_hash, 600, DAY) == (f"{proposal.id}-1",)
    [line] = opened(tmp_path, "li").records.audit.lines(event="approve")
    assert (line.facts["who"], line.facts["proposal"], line.facts["max_rows"]) == ("wang", proposal.id, 600)


def test_the_proposer_is_no_second_person(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="li proposed .*; a second person approves it"):
        approve(opened(tmp_path, "li"), proposed(tmp_path).id)


def test_nobody_says_yes_twice(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    approve(opened(tmp_path, "wang"), proposal.id)
    with pytest.raises(Refused, match="wang has approved"):
        approve(opened(tmp_path, "wang"), proposal.id)


def test_a_large_list_needs_two(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, 2000)
    approve(opened(tmp_path, "wang"), proposal.id)
    with pytest.raises(Refused, match="lacks the yes of 1 more person"):
        approved(opened(tmp_path, "li"), proposal.promise_hash, 2000, DAY)
    approve(opened(tmp_path, "zhao"), proposal.id)
    assert len(approved(opened(tmp_path, "li"), proposal.promise_hash, 2000, DAY)) == 2


def test_a_list_nobody_proposed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nobody proposed it"):
        approved(opened(tmp_path, "li"), promise_hash(PROMISE), 500, DAY, promise=PROMISE)


def test_a_list_nobody_approved_is_refused(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    with pytest.raises(Refused, match=rf"\({proposal.id}\) but lacks the yes of 1 more person"):
        approved(opened(tmp_path, "li"), proposal.promise_hash, 50, DAY)


def test_more_rows_than_approved_are_refused(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    approve(opened(tmp_path, "wang"), proposal.id)
    with pytest.raises(Refused, match="the list has 501 rows, approved are at most 500"):
        approved(opened(tmp_path, "li"), proposal.promise_hash, 501, DAY)


def test_the_last_day_of_a_proposal_is_the_one_it_names(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    approve(opened(tmp_path, "wang"), proposal.id)
    assert approved(opened(tmp_path, "li"), proposal.promise_hash, 500, date(2026, 12, 14))
    with pytest.raises(Refused, match="expired after 2026-12-14"):
        approved(opened(tmp_path, "li"), proposal.promise_hash, 500, date(2026, 12, 15))


def test_nobody_approves_what_has_expired(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    with pytest.raises(Refused, match="expired after 2026-12-14"):
        approve(opened(tmp_path, "wang", "2026-12-15T00:00:00+00:00"), proposal.id)


def test_a_changed_list_is_told_by_what_changed(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    changed = {**PROMISE, "columns": {"phone": "personal", "name": "personal"}, "as_of": "2026-11-30"}
    with pytest.raises(Refused, match=f"changed since proposal {proposal.id}: as_of, columns"):
        approved(opened(tmp_path, "li"), promise_hash(changed), 500, DAY, promise=changed)


def test_a_list_of_no_rows_is_not_approved(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--max-rows 0"):
        approve(opened(tmp_path, "wang"), proposed(tmp_path).id, max_rows=0)


def test_proposing_the_same_again_keeps_what_was_said(tmp_path: Path) -> None:
    proposal = proposed(tmp_path)
    approve(opened(tmp_path, "wang"), proposal.id)
    again = proposed(tmp_path)
    assert again.id == proposal.id and [one.who for one in again.approvals] == ["wang"]
    [row] = proposals(opened(tmp_path, "li"))
    assert (row["proposer"], row["approved_by"], row["rows"]) == ("li", ["wang"], 500)


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "larger": lambda body: body["approvals"][0].update(max_rows=10**6),
    "another person": lambda body: body["approvals"][0].update(who="zhao"),
    "later": lambda body: body.update(expires="2099-01-01"),
    "another list": lambda body: body["promise"].update(as_of="2026-12-01"),
    "another proposer": lambda body: body.update(proposer="zhao"),
    "a yes more": lambda body: body["approvals"].append({**body["approvals"][0], "id": "x"}),
    "no date": lambda body: body.update(expires="soon"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_file_that_was_changed_is_no_proposal(tmp_path: Path, how: str) -> None:
    proposal = proposed(tmp_path)
    approve(opened(tmp_path, "wang"), proposal.id)
    path = tmp_path / "records" / "proposals" / f"{proposal.id}.json"
    body = json.loads(path.read_text())
    TAMPERED[how](body)
    path.write_text(json.dumps(body))
    with pytest.raises(Refused, match="is not what was signed"):
        approved(opened(tmp_path, "li"), proposal.promise_hash, 500, DAY)


def test_a_yes_copied_to_another_proposal_is_none(tmp_path: Path) -> None:
    first, second = proposed(tmp_path), proposed(tmp_path, as_of="2026-11-30")
    approve(opened(tmp_path, "wang"), first.id)
    folder = tmp_path / "records" / "proposals"
    mine = json.loads((folder / f"{first.id}.json").read_text())["approvals"]
    body = json.loads((folder / f"{second.id}.json").read_text())
    (folder / f"{second.id}.json").write_text(json.dumps({**body, "approvals": mine}))
    with pytest.raises(Refused, match="is not what was signed"):
        approved(opened(tmp_path, "li"), second.promise_hash, 500, DAY)


def test_a_proposal_nobody_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingMatched, match="no proposal 'abc'"):
        approve(opened(tmp_path, "wang"), "abc")


@pytest.mark.parametrize("who", ["Li", "li ", "ｌｉ"])
def test_the_proposer_is_no_second_person_in_other_letters(tmp_path: Path, who: str) -> None:
    proposal = proposed(tmp_path)
    with pytest.raises(Refused, match="a second person approves it"):
        approve(opened(tmp_path, who), proposal.id)
    approve(opened(tmp_path, "wang"), proposal.id)
    with pytest.raises(Refused, match="has approved .* already"):
        approve(opened(tmp_path, "WANG"), proposal.id)
