"""`c360 sources`: what each source feeds, and what is unavailable and why."""

from __future__ import annotations

from tiny import CommandLine, Workspace


def test_each_source_names_what_it_feeds(c360: CommandLine) -> None:
    rows = {row["name"]: row for row in c360("sources", "--json").json["sources"]}
    assert rows["score"]["feeds"] == ["risk", "grade", "worth_keeping"]
    assert "arpu_3m" in rows["line"]["feeds"]  # bills reach their customer through it
    assert rows["ticket"]["unavailable"] == {}


def test_an_unbound_source_takes_what_it_feeds_along(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("c360.toml", '[sources.score]\npath = "score.parquet"\n', "")
    rows = {row["name"]: row for row in c360("sources", "--json").json["sources"]}
    reason = "source score is not bound"
    assert (rows["score"]["state"], rows["score"]["unavailable"]) == (
        "not bound",
        {"risk": reason, "grade": reason, "worth_keeping": reason},
    )
    assert rows["bill"]["unavailable"] == {"worth_keeping": reason}  # which needs both
    answer = c360("sources")
    assert "unavailable, source score is not bound: risk, grade, worth_keeping" in answer.err


def test_one_source_in_full(c360: CommandLine) -> None:
    answer = c360("sources", "ticket")
    assert answer.code == 0
    assert "  feeds        tickets_90d, worth_keeping" in answer.out


def test_a_source_nobody_knows(c360: CommandLine) -> None:
    answer = c360("sources", "tickte")
    assert answer.code == 2
    assert "unknown source 'tickte'" in answer.err and "did you mean 'ticket'?" in answer.err


def test_a_window_beyond_the_first_bill_takes_what_looks_through_it_along(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("c360.toml", '[sources.score]\npath = "score.parquet"\n', "")
    workspace.add(
        "tags/value.py", '\nbilled_6m = tag(Bill.last(months(6)).total.sum(), title="Billed", unit="yuan", owner="market")\n'
    )
    rows = {row["name"]: row["unavailable"] for row in c360("tags", "--json").json["tags"]}
    # D is 2026-11-29; bills are there of August to October.
    assert rows["billed_6m"] == "source bill starts on 2026-08-01, the request needs 2026-05-01"
    assert rows["arpu_3m"] == rows["visits"] == ""
    refused = c360("export", "--where", "billed_6m > 1")
    assert (refused.code, "source bill starts on 2026-08-01, the request needs 2026-05-01" in refused.err) == (4, True)
