"""Lists with a purpose, through the command line: who is left out and counted, on which channel, in which columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from contacting import Contacting
from pulling import MANY, audited, export, keys, manifest, place, rows
from tiny import CommandLine

# Purpose, channel, day.


@pytest.mark.parametrize("place_of", [("-o", "list.csv"), (), ("-o", "-")])
def test_e18_export_without_purpose_says_what_is_missing(
    made: Contacting, pull: CommandLine, tmp_path: Path, place_of: Sequence[str]
) -> None:
    answer = pull("export", "everybody", *(str(tmp_path / part) if part.endswith("csv") else part for part in place_of))
    assert (answer.code, answer.out) == (5, "")
    assert "a list needs a purpose" in answer.err
    assert "--purpose with one of: offer, care, analysis" in answer.err
    assert not list(tmp_path.glob("list*"))
    assert not (made.folder / ".c360" / "records" / "lists").exists()
    assert len(audited(made, "refused")) == 1


def test_a_dry_run_needs_no_purpose_and_says_what_it_did_not_look_at(made: Contacting, pull: CommandLine) -> None:
    answer = pull("export", "everybody", "--dry-run")
    assert answer.code == 0
    assert "without a purpose nobody was left out for consent, contacts or suppression" in answer.err
    assert len(audited(made, "preview")) == 1 and not audited(made, "export")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--purpose", "ofer"), 2, "did you mean 'offer'?"),
        (("--purpose", "billing"), 2, "known: analysis, care, offer"),
        (("--purpose", "care", "--channel", "smss"), 2, "did you mean 'sms'?"),
        (("--purpose", "care", "--channel", "pigeon"), 2, "known: call, sms"),
        (("--purpose", "care", "--on", "2026-11-08"), 5, "2026-11-08 (sunday) is a quiet day"),
        (("--purpose", "care", "--on", "2026-11-08"), 5, "--on 2026-11-09"),
        (("--purpose", "care", "--on", "tomorrow"), 2, "--on takes a date"),
        (("--purpose", "care", "--on", "2026-10-30"), 2, "the day of contact, 2026-10-30, lies before the as-of date 2026-10-31"),
        (("--purpose", "care", "--holdout", "1"), 2, "from 0 to below 1"),
        (("--purpose", "care", "--one-per", "hous"), 2, "unknown column 'hous'"),
        (("--purpose", "care", "--campaign", "spring"), 2, "a campaign brings its own segment"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_a_fix(pull: CommandLine, options: Sequence[str], code: int, told: str) -> None:
    answer = pull("export", "everybody", *options)
    assert (answer.code, answer.out) == (code, "")
    assert told in answer.err


def test_the_day_of_contact_is_the_first_that_data_and_policy_allow(made: Contacting, pull: CommandLine) -> None:
    assert export(pull, "a.csv").code == 0
    assert manifest(pull, "a.csv")["inputs"]["on"] == "2026-11-02"  # D is a Saturday, the day after is quiet
    made.add("contact", "SILENT 2026-11-12 call in care -")
    assert export(pull, "b.csv").code == 0
    assert manifest(pull, "b.csv")["inputs"]["on"] == "2026-11-12"  # the last day that the contacts know


def test_the_channel_is_the_first_open_one_and_its_costs_are_told(pull: CommandLine) -> None:
    assert export(pull, "a.csv", "--channel", "call,sms", purpose="offer").code == 0
    assert [(row["customer_id"], row["channel"]) for row in rows(pull, "a.csv")] == [("C3", "sms")]
    assert export(pull, "b.csv", "--channel", "call,sms").code == 0
    assert {row["channel"] for row in rows(pull, "b.csv")} == {"call"}
    results = manifest(pull, "b.csv")["results"]
    assert (results["channels"], results["cost"]) == ({"call": 3}, 3 * 3.0)


# Everybody is accounted for.

ASKED: dict[str, tuple[str, ...]] = {
    "offers": ("--purpose", "offer"),
    "care": ("--purpose", "care"),
    "limit": ("--purpose", "care", "--limit", "7", "--order", "-age"),
    "holdout": ("--purpose", "care", "--holdout", "0.3", "--strata", "grown"),
    "one per": ("--purpose", "offer", "--one-per", "city", "--holdout", "0.2", "--limit", "9"),
    "capacity": ("--purpose", "offer", "--channel", "call"),
    "keys": ("--purpose", "care", "--keys", "KEYS"),
    "analysis": ("--purpose", "analysis", "--limit", "3"),
    "a rule": ("--purpose", "care", "--where", "age >= 18"),
}


@pytest.mark.parametrize("asked", ASKED, ids=[name.replace(" ", "_") for name in ASKED])
@pytest.mark.usefixtures("crowd")
def test_the_stages_add_up_and_everybody_else_is_in_the_other_file(pull: CommandLine, tmp_path: Path, asked: str) -> None:
    (tmp_path / "keys.txt").write_text("C1\nC2\nM01\nMINOR\nNOBODY\n", encoding="utf-8")
    options = [str(tmp_path / "keys.txt") if option == "KEYS" else option for option in ASKED[asked]]
    segment = () if "--where" in options else ("everybody",)
    answer = pull("export", *segment, *options, "-o", str(place(pull, "a.csv")), "--excluded", str(place(pull, "out.csv")))
    assert answer.code == 0, answer.err
    told = manifest(pull, "a.csv")["results"]
    stages, out = told["waterfall"], rows(pull, "out.csv")
    assert all(stage["entered"] - stage["removed"] == stage["left"] for stage in stages)
    assert all(before["left"] == after["entered"] for before, after in zip(stages, stages[1:], strict=False))
    removed = {stage["name"]: stage["removed"] for stage in stages if stage["removed"]}
    assert {name: sum(row["stage"] == name for row in out) for name in removed} == removed
    assert len(out) + len(rows(pull, "a.csv")) == stages[0]["entered"] == 7 + len(MANY)
    assert not set(keys(pull, "out.csv")) & set(keys(pull, "a.csv"))
    assert len(set(keys(pull, "out.csv"))) == len(out) == told["excluded"]["rows"]


def test_each_who_is_left_out_has_the_first_reason(made: Contacting, pull: CommandLine) -> None:
    made.add("contact", "C1 2026-11-01 sms out care -")
    assert export(pull, "a.csv", "--excluded", str(place(pull, "out.csv")), purpose="offer", segment="everybody").code == 0
    reasons = {row["customer_id"]: row["reason"] for row in rows(pull, "out.csv")}
    assert keys(pull, "a.csv") == ["C3"]
    assert reasons == {
        "C1": "left out of lists for offers: In the north",  # and contacted the day before
        "C2": "left out of lists for offers: In the north",
        "MINOR": "left out of lists for offers: In the north",
        "AGELESS": "left out of lists for offers: In the north",
        "C4": "not to be contacted: Left alone for a month",
        "SILENT": "no consent to offers on sms, call",
    }


def test_a_rule_that_is_not_met_is_told_as_such(pull: CommandLine) -> None:
    assert export(pull, "a.csv", "--excluded", str(place(pull, "out.csv")), segment="northern").code == 0
    assert {row["reason"] for row in rows(pull, "out.csv") if row["stage"] == "rule 1"} == {"not city is 'north'"}


@pytest.mark.parametrize(
    ("name", "path", "told"),
    [
        ("out.xlsx", "a.csv", "those left out go into no workbook"),
        ("a.csv", "a.csv", "is the list itself"),
        ("out.csv", None, "write the list to a file with -o"),
    ],
)
def test_those_left_out_are_never_silently_forgotten(pull: CommandLine, name: str, path: str | None, told: str) -> None:
    target = () if path is None else ("-o", str(place(pull, path)))
    answer = pull("export", "everybody", "--purpose", "care", *target, "--excluded", str(place(pull, name)))
    assert answer.code == 2
    assert told in answer.err
    assert not place(pull, name).exists()


# Personal columns.


def test_personal_columns_are_masked_and_unmasked_for_a_reason_that_the_audit_log_keeps(
    made: Contacting, pull: CommandLine
) -> None:
    assert export(pull, "a.csv", "-c", "city").code == 0
    assert {row["city"] for row in rows(pull, "a.csv")} == {"n*", "s*"}
    refused = export(pull, "b.csv", "-c", "city", "--unmask", "city")
    assert refused.code == 5
    assert "need a reason" in refused.err
    assert not place(pull, "b.csv").exists()
    reason = "the shops send letters by town"
    assert export(pull, "b.csv", "-c", "city", "--unmask", "city", "--reason", reason).code == 0
    assert {row["city"] for row in rows(pull, "b.csv")} == {"north", "south"}
    assert manifest(pull, "b.csv")["results"]["masked"] == []
    *_, line = audited(made, "export")
    assert (line["unmasked"], line["reason"], line["masked"]) == (["city"], reason, [])
    assert [one["list_id"] for one in pull("audit", "--unmasked", "--json").json["lines"]] == [line["list_id"]]


@pytest.mark.parametrize("options", [("--unmask", "city"), ("-c", "age", "--unmask", "age")])
def test_only_a_personal_column_of_the_list_is_unmasked(pull: CommandLine, options: Sequence[str]) -> None:
    answer = export(pull, "a.csv", *options, "--reason", "the shops send letters by town")
    assert answer.code == 2
    assert "--unmask is about personal columns of the list" in answer.err


def test_analysis_contacts_nobody(made: Contacting, pull: CommandLine) -> None:
    options = ("-c", "age", "--limit", "5", "--excluded", str(place(pull, "out.csv")))
    assert export(pull, "a.csv", *options, purpose="analysis").code == 0
    hashed = keys(pull, "a.csv") + keys(pull, "out.csv")
    assert len(set(hashed)) == 7
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in hashed)
    assert "channel" not in rows(pull, "a.csv")[0]
    told = manifest(pull, "a.csv")["results"]
    assert (told["on"], told["channels"]) == (None, {})
    assert not (made.folder / ".c360" / "records" / "lists").exists()
    assert len(audited(made, "export")) == 1
    forbidden = export(pull, "b.csv", "-c", "city", purpose="analysis")
    assert forbidden.code == 5
    assert "a list for analysis holds none" in forbidden.err
