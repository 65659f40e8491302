"""`outcomes` and `evaluate`: what came back is kept once and whole, and a past list is compared with its holdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tiny import CommandLine, Workspace

# Six customers: four treated, two held out. The canary is treated.
LISTED = """customer_id,arm,channel,part
00017,treated,call,big
C2,treated,sms,small
C3,holdout,,big
C4,treated,call,small
C5,holdout,,small
CANARY-KEY,treated,call,big
"""
BACK = """customer_id,outcome,on,revenue,problem
00017,accepted,2026-11-15,100.50,
C2,no_answer,2026-11-15,,number_dead
C3,no,2026-11-20,,
CANARY-KEY,refused,2026-11-16,,wrong_name
"""
ADOPT = ("--name", "spring", "--on", "2026-11-10", "--column", "stratum=part", "--holdout", "0.34", "--value", "100")


def file(workspace: Workspace, text: str, name: str = "back.csv") -> str:
    """Write a file beside the workspace and return its path."""
    path = workspace.folder.parent / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def list_id(c360: CommandLine, workspace: Workspace) -> str:
    """The id of the past list, adopted."""
    answer = c360("outcomes", "adopt", file(workspace, LISTED, "list.csv"), *ADOPT)
    assert answer.code == 0, answer.err
    return answer.out.strip()


def taken(c360: CommandLine, list_id: str, path: str, *more: str) -> Any:
    """Import a file and return what is told of it."""
    answer = c360("outcomes", "import", path, "--list", list_id, *more, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def evaluated(c360: CommandLine, list_id: str, *more: str) -> Any:
    """Evaluate a list and return what is told of it."""
    answer = c360("evaluate", list_id, *more, "--json")
    assert answer.code == 0, answer.err
    return answer.json


# Adopting.


def test_an_adopted_list_is_one_of_the_ledger(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    record = json.loads((workspace.folder / ".c360" / "records" / "lists" / f"{list_id}.json").read_text())
    assert (record["name"], record["rows"], record["held_out"], record["on"]) == ("spring", 4, 2, "2026-11-10")


def test_adopting_the_same_again_changes_nothing(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    again = c360("outcomes", "adopt", file(workspace, LISTED, "list.csv"), *ADOPT, "--json")
    assert (again.json["list_id"], again.json["unchanged"]) == (list_id, True)


def test_each_key_counts_once(c360: CommandLine, workspace: Workspace) -> None:
    twice = file(workspace, "customer_id\nC2\nC2\nC4\n")
    answer = c360("outcomes", "adopt", twice, "--name", "x", "--on", "2026-11-10", "--json")
    assert (answer.json["rows"], answer.json["repeated"]) == (2, 1)


def test_a_key_in_both_arms_is_refused(c360: CommandLine, workspace: Workspace) -> None:
    both = file(workspace, "customer_id,arm\nC2,treated\nC2,holdout\n")
    answer = c360("outcomes", "adopt", both, "--name", "x", "--on", "2026-11-10")
    assert answer.code == 4 and "1 keys are both treated and held out" in answer.err


def test_keys_that_nobody_knows_are_refused_unless_told(c360: CommandLine, workspace: Workspace) -> None:
    strange = file(workspace, "customer_id\nC2\nX9\n")
    asked = ("outcomes", "adopt", strange, "--name", "x", "--on", "2026-11-10")
    refused = c360(*asked)
    assert refused.code == 4 and "1 of 2 keys are of no customer" in refused.err and "X9" not in refused.err
    assert c360(*asked, "--max-strangers", "1", "--json").json["rows"] == 1


def test_a_list_of_lines_knows_its_customers(c360: CommandLine, workspace: Workspace) -> None:
    lines = file(workspace, "line_id\nL1\nL2\nL3\n")
    answer = c360("outcomes", "adopt", lines, "--name", "x", "--on", "2026-11-10", "--entity", "line", "--json")
    assert answer.code == 0 and answer.json["rows"] == 3
    # Without a policy a line stands for itself; the outcome of a line joins by its own key.
    found = evaluated(c360, answer.json["list_id"], "--outcome", "line_bill")
    assert found["comparisons"][0]["rate"] == (90 + 30 + 60) / 3


# Importing.


def test_an_import_tells_what_it_kept(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    found = taken(c360, list_id, file(workspace, BACK))
    assert found["outcomes"] == {"accepted": 1, "refused": 1, "not_accepted": 1, "no_answer": 1}
    assert (found["rows"], found["persons"], found["held_out"], found["left_out"]) == (4, 4, 1, {})
    assert [(one["problem"], one["source"], one["column"], one["rows"]) for one in found["problems"]] == [
        ("number_dead", "customer", "phone", 1),
        ("wrong_name", "customer", "name", 1),
    ]


def test_the_same_file_again_is_unchanged(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    first = taken(c360, list_id, file(workspace, BACK))
    again = taken(c360, list_id, file(workspace, BACK))
    assert not first["unchanged"] and again["unchanged"] and again["import_id"] == first["import_id"]
    assert len(c360("outcomes", "--json").json["imports"]) == 1


def test_the_same_file_read_otherwise_takes_its_place_only_when_asked(
    c360: CommandLine, workspace: Workspace, list_id: str
) -> None:
    taken(c360, list_id, file(workspace, BACK))
    refused = c360("outcomes", "import", file(workspace, BACK), "--list", list_id, "--both-arms")
    assert refused.code == 5 and "--replace" in refused.err
    taken(c360, list_id, file(workspace, BACK), "--both-arms", "--replace")
    assert [one["both_arms"] for one in c360("outcomes", "--json").json["imports"]] == [True]


def test_a_list_is_found_by_the_beginning_of_its_id(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    assert taken(c360, list_id[:5], file(workspace, BACK))["list_id"] == list_id


def test_a_list_is_found_by_its_name_the_last_one(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    assert taken(c360, "spring", file(workspace, BACK))["list_id"] == list_id
    assert c360("outcomes", "--list", "spring", "--json").json["imports"][0]["list_id"] == list_id
    assert evaluated(c360, "spring")["list_id"] == list_id


def test_rows_of_another_list_are_refused_and_nothing_is_kept(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    strange = file(workspace, BACK + "X9,accepted,2026-11-15,,\n")
    refused = c360("outcomes", "import", strange, "--list", list_id)
    assert refused.code == 4 and "1 of 5 rows are not on list" in refused.err and "X9" not in refused.err
    assert c360("outcomes", "--json").json["imports"] == []
    assert taken(c360, list_id, strange, "--max-strangers", "1")["left_out"] == {"not on the list": 1}


def test_rows_from_before_the_list_are_no_outcome_of_it(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    early = file(workspace, "customer_id,outcome,on\nC2,accepted,2026-11-09\nC4,accepted,2026-11-10\n")
    found = taken(c360, list_id, early)
    assert found["rows"] == 1 and found["left_out"] == {"dated up to the list's as-of date 2026-11-09": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "customer_id,outcome\nC2,accepted\nC4,hm\n",
            "back.csv line 3, column outcome: a word that is not known; 1 such rows of 2",
        ),
        ("customer_id,outcome,on\nC2,accepted,15/11/2026\n", "line 2, column on: no day like 2026-10-31"),
        ("customer_id,outcome,revenue\nC2,accepted,1e3\n", "line 2, column revenue: no amount like 1234.50"),
        ("customer_id,outcome\n,accepted\n", "column the key: rows without one"),
        ("customer_id,outcome\nC2,accepted,more\n", "line 2: 3 fields, expected 2"),
        ("customer_id,outcome,outcome\nC2,accepted,no\n", "columns of one name"),
        ("13900001111,张金丝雀\nC2,accepted\n", "expected a column customer_id"),
        ("", "is empty"),
    ],
    ids=["word", "day", "amount", "no key", "ragged", "twice", "no header", "empty"],
)
def test_a_file_that_is_not_sound_is_refused(c360: CommandLine, workspace: Workspace, list_id: str, text: str, told: str) -> None:
    answer = c360("outcomes", "import", file(workspace, text), "--list", list_id)
    assert answer.code == 4 and told in answer.err
    assert c360("outcomes", "--json").json["imports"] == []


def test_words_of_the_file_are_given_a_meaning(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    own = file(workspace, "编号;结果\nC2;已办理\nC4;未接通\n")
    found = taken(c360, list_id, own, "--column", "key=编号", "--recode", "已办理=accepted")
    assert found["outcomes"] == {"accepted": 1, "no_answer": 1}


def test_a_file_in_another_encoding_says_so(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    path = workspace.folder.parent / "gb.csv"
    path.write_bytes("customer_id,结果\nC2,接受\n".encode("gb18030"))
    assert c360("outcomes", "import", str(path), "--list", list_id).code == 4
    assert taken(c360, list_id, str(path), "--encoding", "gb18030")["outcomes"] == {"accepted": 1}


def test_parquet_comes_as_it_is(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    path = workspace.folder.parent / "back.parquet"
    pl.DataFrame({"customer_id": ["C2", "C4"], "outcome": ["yes", "no"], "other": [1, 2]}).write_parquet(path)
    assert taken(c360, list_id, str(path))["outcomes"] == {"accepted": 1, "not_accepted": 1}


def test_an_import_is_taken_back(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    found = taken(c360, list_id, file(workspace, BACK))
    assert c360("outcomes", "forget", found["import_id"][:6]).code == 0
    assert c360("outcomes", "--json").json == {"format": 1, "imports": [], "problems": []}


def test_problems_are_counted_by_column(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK))
    told = [one["told"] for one in c360("outcomes", "--json").json["problems"]]
    assert told == [
        f"1 of 4 contacted had a wrong name (customer.name), list {list_id}",
        f"1 of 4 contacted had a dead number (customer.phone), list {list_id}",
    ]


def test_a_problem_speaks_of_the_column_that_is_named(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    found = taken(c360, list_id, file(workspace, BACK), "--problem", "number_dead=customer.note")
    assert ("number_dead", "note") in [(one["problem"], one["column"]) for one in found["problems"]]
    wrong = c360("outcomes", "import", file(workspace, BACK + "\n"), "--list", list_id, "--problem", "number_dead=customer.fone")
    assert wrong.code == 2 and "no column of a source" in wrong.err


def test_what_is_kept_is_private_and_logged(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    found = taken(c360, list_id, file(workspace, BACK))
    folder = workspace.folder / ".c360" / "records" / "outcomes" / list_id
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600} and folder.stat().st_mode & 0o777 == 0o700
    audit = "".join(path.read_text() for path in (workspace.folder / ".c360" / "records" / "audit").glob("*.jsonl"))
    assert found["import_id"] in audit and "CANARY-KEY" not in audit


def test_nothing_is_kept_where_it_cannot_be_logged(
    c360: CommandLine, workspace: Workspace, list_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from c360.errors import ResourceError
    from c360.records.audit import AuditLog

    def full(*_: object, **__: object) -> str:
        raise ResourceError("the disk is full", hint="free some space")

    with monkeypatch.context() as patched:
        patched.setattr(AuditLog, "append", full)
        assert c360("outcomes", "import", file(workspace, BACK), "--list", list_id).code == 7
    assert c360("outcomes", "--json").json["imports"] == []


def test_erased_customers_stay_out(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    from c360.workspace import Workspace as Opened

    records = Opened.find(workspace.folder).records
    records.erased.add([records.secret.hash("C4"), records.secret.hash("X9")], "2026-11-11")
    found = taken(c360, list_id, file(workspace, "customer_id,outcome\nC2,yes\nC4,yes\nX9,yes\n"))
    assert found["rows"] == 1 and found["left_out"] == {"erased customers": 2}


# Evaluating.


def test_what_the_contacted_told_is_no_effect(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK))
    found = evaluated(c360, list_id)
    one = found["comparisons"][0]
    assert (one["treated"], one["held_out"], one["rate"], one["effect"]) == (4, 0, 1 / 4, None)
    assert "tells nothing of the held out" in one["told"] and "1 of 4, 4.6% to 69.9%" in one["told"]


def test_outcomes_of_both_arms_are_an_effect(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK), "--both-arms")
    found = evaluated(c360, list_id)
    one = found["comparisons"][0]
    assert (one["treated"], one["held_out"], one["effect"], one["is_effect"]) == (4, 2, 1 / 4 - 0, True)
    assert one["low"] < 0 < one["high"]
    assert [(c["part"], c["level"]) for c in found["comparisons"][1:]] == [
        ("within strata", ""), ("stratum", "big"), ("stratum", "small"), ("channel", "call"), ("channel", "sms"),
        ("reached", "yes"), ("reached", "no"),
    ]  # fmt: skip
    told = {c["part"]: (c["is_effect"], c["told"]) for c in found["comparisons"]}
    assert told["channel"][0] is False and "chance did not decide" in told["channel"][1]
    assert told["reached"][0] is False and "not causal" in told["reached"][1]


def test_who_could_not_be_reached_counts_as_treated(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, "customer_id,outcome\n00017,yes\n"), "--both-arms")
    assert evaluated(c360, list_id)["comparisons"][0]["rate"] == 1 / 4


def test_revenue_is_a_difference_of_means(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK), "--both-arms")
    found = evaluated(c360, list_id, "--outcome", "revenue")
    assert (found["kind"], found["comparisons"][0]["effect"]) == ("mean", 100.5 / 4)
    assert found["money"]["gain"] == pytest.approx(100.5)


def test_an_outcome_from_the_sources(c360: CommandLine, list_id: str) -> None:
    # Tickets of the last 90 days by 29 November: customer 17 (treated) and C4 (treated), C3 (held out) has two.
    found = evaluated(c360, list_id, "--outcome", "tickets_90d > 0")
    one = found["comparisons"][0]
    assert (one["rate"], one["rate_held"], found["until"]) == (2 / 4, 1 / 2, "2026-11-29")
    amount = evaluated(c360, list_id, "--outcome", "arpu_3m")
    assert amount["comparisons"][0]["rate"] == pytest.approx((120 + 60 + 0 + 150.5) / 4)


def test_levels_are_those_of_before_the_contact(c360: CommandLine, list_id: str) -> None:
    found = evaluated(c360, list_id, "--outcome", "tickets_90d > 0", "--by", "value_tier")
    assert [(c["level"], c["treated"], c["held_out"]) for c in found["comparisons"] if c["part"] == "value_tier"] == [
        ("high", 2, 1), ("low", 1, 0), ("minimal", 1, 1),
    ]  # fmt: skip


def test_an_unknown_outcome_is_on_no_side_and_told(c360: CommandLine, list_id: str) -> None:
    found = evaluated(c360, list_id, "--outcome", "visits > 2")
    # Nobody counted the visits of C4.
    assert found["unknown"] == {"treated": 1, "held_out": 0} and found["comparisons"][0]["treated"] == 3
    assert any("1 treated and 0 held out is not known" in told for told in found["told"])


def test_an_outcome_before_the_contact_is_refused(c360: CommandLine, list_id: str) -> None:
    answer = c360("evaluate", list_id, "--outcome", "tickets_90d > 0", "--until", "2026-11-01")
    assert answer.code == 3 and "before the day of contact 2026-11-10" in answer.err


def test_an_outcome_not_known_yet_is_refused(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    workspace.add(
        "tags/value.py",
        "from c360 import outcome\n"
        "loses_line = tag(outcome(Line.where(Line.deactivated_on.is_null()).count(), within=days(60)) == 0)\n",
    )
    answer = c360("evaluate", list_id, "--outcome", "loses_line")
    assert answer.code == 3 and "not known before 2027-01-08; the data ends on 2026-11-29" in answer.err


def test_without_a_holdout_no_effect_is_told(c360: CommandLine, workspace: Workspace) -> None:
    all_treated = file(workspace, "customer_id\n00017\nC2\nC3\n")
    list_id = c360("outcomes", "adopt", all_treated, "--name", "all", "--on", "2026-11-10").out.strip()
    one = evaluated(c360, list_id, "--outcome", "tickets_90d > 0")["comparisons"][0]
    assert one["effect"] is None and one["told"].startswith("no holdout: no effect can be told; the rate of the treated is 2 of 3")
    assert "no holdout: no effect can be told" in c360("evaluate", list_id, "--outcome", "tickets_90d > 0").err


def test_cost_and_break_even(c360: CommandLine, workspace: Workspace) -> None:
    priced = ("--channel", "call", "--cost", "2", "--value", "100", "--holdout", "0.34", "--name", "p", "--on", "2026-11-10")
    list_id = c360("outcomes", "adopt", file(workspace, LISTED, "list.csv"), *priced).out.strip()
    taken(c360, list_id, file(workspace, BACK), "--both-arms")
    money = evaluated(c360, list_id, "--offer-cost", "10")["money"]
    # Three calls at 2, one offer taken at 10; a yes is worth 100, and a quarter more of four said yes.
    assert (money["contacts"], money["offers"], money["gain"]) == (3 * 2, 10, 100.0)
    assert money["break_even"] == pytest.approx(16 / (4 * 100)) and money["net"] == 100 - 16


def test_fewer_is_better_where_the_outcome_is_to_be_avoided(c360: CommandLine, list_id: str) -> None:
    plain = evaluated(c360, list_id, "--outcome", "tickets_90d > 1", "--value", "50")
    avoided = evaluated(c360, list_id, "--outcome", "tickets_90d > 1", "--value", "50", "--avoid")
    assert plain["comparisons"][0]["effect"] == -1 / 2
    assert (plain["money"]["gain"], avoided["money"]["gain"]) == (-1 / 2 * 4 * 50, 1 / 2 * 4 * 50)


def test_what_the_list_says_a_yes_is_worth_is_not_another_outcomes_worth(c360: CommandLine, list_id: str) -> None:
    assert evaluated(c360, list_id, "--outcome", "tickets_90d > 0")["money"] is None


def test_the_last_evaluation_is_what_a_library_shows(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    from c360.lists.evaluating import results_of
    from c360.workspace import Workspace as Opened

    opened = Opened.find(workspace.folder)
    assert results_of(opened, list_id) is None
    evaluated(c360, list_id, "--outcome", "tickets_90d > 0")
    evaluated(c360, list_id, "--outcome", "tickets_90d > 1")
    found = results_of(opened, list_id)
    assert found is not None
    assert (found["outcome"], found["contacted"], found["held_out"], found["uplift"]) == ("tickets_90d > 1", 4, 2, -1 / 2)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("evaluate", "feed"), 2, "there is no list 'feed'"),
        (("outcomes", "import", "nowhere.csv", "--list", "feed"), 2, "there is no list"),
        (("outcomes", "forget", "feed"), 2, "no import has the id"),
        (("outcomes", "--json", "forget", "feed"), 2, "stand behind it"),
    ],
)
def test_what_is_not_there_is_told(c360: CommandLine, arguments: tuple[str, ...], code: int, told: str) -> None:
    answer = c360(*arguments)
    assert answer.code == code and told in answer.err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), "nothing was imported for list"),
        (("--outcome", "accepted"), "nothing was imported"),
        (("--outcome", "value_tier"), "an outcome is a yes/no or an amount"),
        (("--outcome", "visits", "--by", "arpu_3m"), "--by takes a category or a yes/no"),
        (("--outcome", "line_bill"), "line_bill is a value of line"),
    ],
)
def test_what_is_no_outcome_is_refused(c360: CommandLine, list_id: str, more: tuple[str, ...], told: str) -> None:
    answer = c360("evaluate", list_id, *more)
    assert answer.code == 2 and told in answer.err


def test_an_evaluation_reads_well(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK), "--both-arms")
    answer = c360("evaluate", list_id)
    assert answer.out.splitlines()[0] == "part,level,treated,held_out,rate,rate_held,effect,low,high,p,lift"
    assert "effect: +25.00 points" in answer.err and "the interval holds 0" in answer.err
    assert c360("--lang", "zh", "evaluate", list_id).out.startswith("部分,级别,触达,留存")


def test_the_folder_of_outcomes_is_made_when_something_is_kept(c360: CommandLine, workspace: Workspace) -> None:
    assert c360("outcomes").code == 0
    assert not (Path(workspace.folder) / ".c360" / "records" / "outcomes").exists()


@pytest.mark.thorough
def test_health_checks_count_what_contacts_found_wrong(c360: CommandLine, workspace: Workspace, list_id: str) -> None:
    taken(c360, list_id, file(workspace, BACK))
    told = f"1 of 4 contacted had a dead number (customer.phone), list {list_id}"
    assert told in c360("sources", "customer").out
    assert c360("sources", "customer", "--json").json["found_by_contacts"][-1] == told
    assert c360("sources", "bill", "--json").json["found_by_contacts"] == []
    checked = c360("check", "--json")
    assert ("warning", told) in [(one["severity"], one["message"]) for one in checked.json["findings"]] and checked.code == 0
    assert told in c360("doctor").out


@pytest.mark.parametrize("call", ["write_frame", "write_whole"])
def test_an_import_that_the_disk_refuses_is_not_seen_and_can_be_repeated(
    c360: CommandLine, workspace: Workspace, list_id: str, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    from c360.errors import ResourceError
    from c360.records import keeping, outcomes

    real = getattr(keeping, call)

    def full(path: Path, *rest: Any) -> None:
        if "outcomes" in path.parts:
            raise ResourceError("keeping outcomes failed: the disk is full", hint="free some space and run again")
        real(path, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(outcomes.keeping, call, full)
        assert c360("outcomes", "import", file(workspace, BACK), "--list", list_id).code == 7
    assert c360("outcomes", "--json").json["imports"] == []
    assert not taken(c360, list_id, file(workspace, BACK))["unchanged"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_told_how_to_be_read(
    c360: CommandLine, workspace: Workspace, list_id: str, encoding: str
) -> None:
    """What is said of a bound source, to declare it in its binding, would send the reader where nothing is."""
    path = workspace.folder.parent / "back.csv"
    path.write_bytes("customer_id,outcome,备注\n00017,accepted,满意\n".encode(encoding))
    answer = c360("outcomes", "import", str(path), "--list", list_id, "--json")
    assert answer.code == 4 and "--encoding" in answer.json["hint"] and "binding" not in answer.err
    taken(c360, list_id, str(path), "--encoding", encoding)
