"""An evaluation by revenue paid the offer to everybody contacted; one cost told in a file made all other contacts free."""

from __future__ import annotations

from typing import Any

from tiny import CommandLine, Workspace

LISTED = "customer_id,arm,channel\n00017,treated,call\nC2,treated,call\nC3,holdout,\nC4,treated,call\nC5,holdout,\n"
BACK = "customer_id,outcome,on,revenue,cost\n00017,accepted,2026-11-15,100.50,5.00\nC2,no_answer,2026-11-15,,\nC3,no,2026-11-20,,\n"
PRICED = ("--name", "p", "--on", "2026-11-10", "--holdout", "0.34", "--cost", "2", "--channel", "call")


def evaluated(c360: CommandLine, workspace: Workspace, *options: str, imports: bool = True) -> Any:
    for name, text in (("list.csv", LISTED), ("back.csv", BACK)):
        (workspace.folder.parent / name).write_text(text, encoding="utf-8")
    list_id = c360("outcomes", "adopt", str(workspace.folder.parent / "list.csv"), *PRICED).out.strip()
    if imports:
        back = str(workspace.folder.parent / "back.csv")
        assert c360("outcomes", "import", back, "--list", list_id, "--both-arms").code == 0
    answer = c360("evaluate", list_id, "--offer-cost", "10", *options, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def test_an_offer_is_paid_for_who_is_told_to_have_taken_it(c360: CommandLine, workspace: Workspace) -> None:
    for options in ((), ("--outcome", "revenue"), ("--outcome", "tickets_90d > 1", "--avoid")):
        assert evaluated(c360, workspace, *options)["money"]["offers"] == 10, options


def test_where_nothing_tells_who_took_it_that_is_said(c360: CommandLine, workspace: Workspace) -> None:
    found = evaluated(c360, workspace, "--outcome", "tickets_90d", imports=False)
    assert found["money"]["offers"] == 3 * 10
    assert any("nothing tells who took the offer" in line for line in found["told"])


def test_a_cost_told_goes_before_what_is_reckoned_for_its_own_contact(c360: CommandLine, workspace: Workspace) -> None:
    assert evaluated(c360, workspace)["money"]["contacts"] == 5 + 2 * 2
