"""A rule as text on the command line: the same counts, lists and SQL as a segment with that rule, faults with a caret."""

from __future__ import annotations

import json

import pytest

import c360 as library
from tiny import CommandLine, Workspace

RULE = "value_tier >= 'low' and tickets_90d < 2 and risk > 0.1 and active"


def test_a_rule_finds_who_a_segment_with_that_rule_finds(c360: CommandLine) -> None:
    found = c360("size", "worth_keeping", "--where", RULE, "--json").json["sizes"]
    assert [one["name"] for one in found] == ["worth_keeping", "where"]
    assert found[0]["members"] == found[1]["members"] > 0


def test_a_rule_is_drawn_from_all_rows(c360: CommandLine) -> None:
    (found,) = c360("size", "--where", "active", "--json").json["sizes"]
    assert (found["universe"], found["members"] + found["outside"]) == (6, 6)
    (left,) = c360("size", "--where", "not active", "--json").json["sizes"]
    assert left["members"] == found["outside"]


def test_unknown_is_counted_apart(c360: CommandLine) -> None:
    (found,) = c360("size", "--where", "visits > 0", "--json").json["sizes"]
    assert (found["members"], found["outside"], found["unknown"]) == (4, 1, 1)


def test_a_rule_may_be_about_another_entity(c360: CommandLine) -> None:
    (found,) = c360("size", "--where", "line_bill > 50 and customer.active", "--entity", "line", "--json").json["sizes"]
    assert found["entity"] == "line"
    assert found["members"] > 0


def test_a_rule_makes_a_list_with_its_account(c360: CommandLine, workspace: Workspace) -> None:
    answer = c360("export", "--where", RULE, "-o", str(workspace.folder / "kept.csv"))
    same = c360("export", "worth_keeping", "-o", str(workspace.folder / "named.csv"))
    assert (answer.code, same.code) == (0, 0)
    kept, named = ((workspace.folder / f"{name}.csv").read_bytes() for name in ("kept", "named"))
    assert kept.splitlines()[1:] == named.splitlines()[1:] != []
    account = json.loads((workspace.folder / "kept.csv.manifest.json").read_text(encoding="utf-8"))
    assert account["inputs"]["segment"] == "where"
    assert account["inputs"]["title"] == RULE


@pytest.mark.thorough
def test_equal_rules_make_equal_runs(c360: CommandLine) -> None:
    runs = [c360("export", "--where", text, "--json").json["run_id"] for text in (RULE, RULE, f"{RULE} and visits >= 0")]
    assert runs[0] == runs[1] != runs[2]


def test_sql_and_plan_take_a_rule(c360: CommandLine) -> None:
    sql = c360("sql", "arpu_3m", "--where", "arpu_3m > 20")
    assert sql.code == 0
    assert sql.out.startswith("-- arpu_3m: ARPU")
    assert "WHERE\n  customer_tags" in sql.out
    assert "where" not in sql.out.rsplit("SELECT", 1)[1].split("FROM", 1)[0]
    assert c360("sql", "--where", "arpu_3m > 20").code == 0
    assert c360("plan", "--where", "arpu_3m > 20", "--json").json["entity"] == "customer"


def test_the_head_of_sql_stays_a_comment(c360: CommandLine) -> None:
    answer = c360("sql", "--where", "note = 'a\nselect 1;\r--\u2028drop' or active")
    head = answer.out.split("WITH", 1)[0]
    assert answer.code == 0
    assert all(line.startswith("--") for line in head.splitlines() if line.strip())


def test_a_value_with_quotes_is_a_plain_value(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("data/customer.csv", 'Q1,2020-01-01,person,"x\'; drop table customer; --",,,1980-01-01,,1,yes\n')
    (found,) = c360("size", "--where", "name = 'x''; drop table customer; --'", "--json").json["sizes"]
    assert (found["members"], found["universe"]) == (1, 7)
    (found,) = c360("size", "--where", "note = '=1+1' or contains(note, '\"')", "--json").json["sizes"]
    assert found["members"] == 1


def test_a_fault_shows_its_place(c360: CommandLine) -> None:
    answer = c360("size", "--where", "value_tier >= 'hihg'")
    assert answer.code == 3
    assert answer.out == ""
    assert "  value_tier >= 'hihg'\n                ^^^^^^\nhint: did you mean 'high'?" in answer.err
    told = c360("size", "--where", "value_teir >= 'high'", "--json").json
    assert (told["error"], told["exit_code"], told["hint"]) == ("C360-E031", 3, "did you mean 'value_tier'?")
    assert told["where"].startswith("the text, column 1:")


@pytest.mark.parametrize("text", ["risk > 0; drop table customer", "risk in (select 1)", "random() > 0.5", "risk -- x", "risk", ""])
@pytest.mark.parametrize("command", ["size", "export", "sql", "plan"])
def test_every_command_refuses_what_is_no_rule(c360: CommandLine, command: str, text: str) -> None:
    answer = c360(command, "--where", text)
    assert (answer.code, answer.out) == (3, "")
    assert "^" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("size",), "a segment's name or a rule as text"),
        (("export",), "a segment's name or a rule as text"),
        (("export", "active", "--where", "active"), "one of the two"),
        (("size", "active", "--entity", "line"), "--entity says whose rows --where is about"),
        (("size", "--where", "active", "--entity", "custmer"), "did you mean 'customer'"),
        (("plan",), "name at least one tag or segment"),
        (("sql",), "name at least one tag or segment"),
        (("tags", "--as", "text"), "of one definition"),
        (("tags", "risk", "--as", "xml"), "--as is text or json"),
        (("tags", "active", "--as", "text"), "is a segment, not a tag"),
    ],
)  # fmt: skip
def test_slips_of_the_caller_are_usage_faults(c360: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    answer = c360(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_definition_is_shown_as_text_that_where_takes(c360: CommandLine) -> None:
    answer = c360("segments", "worth_keeping", "--as", "text")
    assert answer.out == "value_tier >= 'low' and tickets_90d < 2 and risk > 0.1\n"
    assert "drawn from active; --where from all rows, so add: and active" in answer.err
    assert c360("size", "--where", answer.out.strip()).code == 0
    assert c360("segments", "worth_keeping", "--as", "text", "--json").json["text"] == answer.out.strip()
    assert c360("tags", "risk", "--as", "text").out == "score.risk\n"


def test_a_definition_is_shown_as_its_tree(c360: CommandLine) -> None:
    tree = c360("segments", "active", "--as", "json").json["tree"]
    assert (tree["node"], tree["op"]) == ("Call", "gt")


def test_what_a_text_cannot_say_is_told(c360: CommandLine) -> None:
    answer = c360("tags", "tickets_90d", "--as", "text")
    assert answer.code == 3
    assert "cannot be written as text: summing up rows" in answer.err


def test_the_library_takes_the_same_rules(workspace: Workspace) -> None:
    opened = library.open(workspace.folder)
    assert opened.size(where=RULE).members == opened.size("worth_keeping").members
    named, ruled = opened.table("arpu_3m", segment="worth_keeping"), opened.table("arpu_3m", where=RULE)
    assert named.equals(ruled)
    lines = opened.table("line_bill", where="line_bill > 50")
    assert lines.height == opened.size(where="line_bill > 50", entity="line").members
    assert opened.plan("arpu_3m", where=RULE).entity == "customer"
    assert "where" not in opened.segments
