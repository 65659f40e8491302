"""One list after another: what c360 remembers of them, who is held out of each, and rows that are not the policy's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from contacting import Contacting
from pulling import MANY, POLICY, audited, export, keys, manifest, place, rows
from tiny import CommandLine

# Memory.


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_the_same_list_again_is_the_same_and_not_in_its_own_way(made: Contacting, pull: CommandLine, kind: str) -> None:
    for name in ("a", "b"):
        assert export(pull, f"{name}.{kind}", "--holdout", "0.2").code == 0
    assert place(pull, f"a.{kind}").read_bytes() == place(pull, f"b.{kind}").read_bytes()
    first, second = manifest(pull, f"a.{kind}"), manifest(pull, f"b.{kind}")
    assert first["run_id"] == second["run_id"]
    assert len(list((made.folder / ".c360" / "records" / "lists").glob("*.json"))) == 1
    assert first["results"]["rows"] > 0


@pytest.mark.thorough
def test_another_list_the_same_week_meets_the_cap(made: Contacting, pull: CommandLine) -> None:
    assert export(pull, "a.csv", segment="northern").code == 0
    assert keys(pull, "a.csv") == ["C1", "C2"]
    assert export(pull, "b.csv", "--excluded", str(place(pull, "out.csv"))).code == 0
    assert keys(pull, "b.csv") == ["C3", "SILENT"]
    capped = [row["customer_id"] for row in rows(pull, "out.csv") if row["stage"] == "cap 1"]
    assert capped == ["C1", "C2"]
    assert manifest(pull, "b.csv")["inputs"]["read_anew"]["lists"] == [manifest(pull, "a.csv")["run_id"]]
    # A day later the second is another list, and the first one's week is not over.
    assert export(pull, "c.csv", "--on", "2026-11-03", "--allow-empty").code == 0
    assert keys(pull, "c.csv") == []
    assert export(pull, "d.csv", "--on", "2026-11-09").code == 0
    assert keys(pull, "d.csv") == ["C1", "C2", "C3", "SILENT"]


def test_a_list_to_stdout_counts_as_one_that_left(made: Contacting, pull: CommandLine) -> None:
    assert [row["customer_id"] for row in pull("export", "northern", "--purpose", "care").rows] == ["C1", "C2"]
    assert export(pull, "b.csv").code == 0
    assert keys(pull, "b.csv") == ["C3", "SILENT"]
    assert [line["file"] for line in audited(made, "export")] == ["-", str(place(pull, "b.csv"))]


@pytest.mark.thorough
def test_a_list_waits_until_the_one_before_it_is_written_down(made: Contacting, pull: CommandLine) -> None:
    assert export(pull, "a.csv", segment="northern").code == 0
    records = made.opened().records
    (northern,) = records.ledger.lists()
    members = records.ledger.rows(northern.list_id)
    records.ledger.remove(northern.list_id)
    with ThreadPoolExecutor() as pool:
        with records.turn():
            second = pool.submit(pull.apart, "export", "everybody", "--purpose", "care", "-o", str(place(pull, "b.csv")))
            with pytest.raises(TimeoutError):
                second.result(timeout=3)  # a list takes about one second
            records.ledger.record(northern, members)
        assert second.result(timeout=30).code == 0
    assert keys(pull, "b.csv") == ["C3", "SILENT"]


def test_a_dry_run_counts_for_nothing(pull: CommandLine) -> None:
    assert pull("export", "northern", "--purpose", "care", "--dry-run").code == 0
    assert export(pull, "b.csv").code == 0
    assert keys(pull, "b.csv") == ["C1", "C2", "C3", "SILENT"]


# Holdout and groups.


@pytest.mark.thorough
@pytest.mark.usefixtures("crowd")
def test_a_holdout_is_the_same_every_time_and_a_larger_one_holds_it(pull: CommandLine) -> None:
    held = []
    for number, share in enumerate(("0.2", "0.2", "0.4")):
        on = ("--on", f"2026-11-{2 + 7 * number:02}")  # so that the cap on contacts does not matter
        assert export(pull, f"{number}.csv", *on, "--holdout", share, "--excluded", str(place(pull, f"{number}-out.csv"))).code == 0
        held.append({row["customer_id"] for row in rows(pull, f"{number}-out.csv") if row["stage"] == "holdout"})
    assert held[0] == held[1] < held[2]
    assert held[0] and not held[0] & set(keys(pull, "0.csv"))


@pytest.mark.thorough
def test_the_policys_own_holdout_is_left_out_of_every_list_but_care(crowd: Contacting, pull: CommandLine) -> None:
    crowd.configure(policy=POLICY + "\n[policy.holdout]\nshare = 0.2\n")
    held = []
    for number, asked in enumerate((("everybody",), ("--where", "age >= 18"), ("everybody", "--holdout", "0.2"))):
        on = ("--on", f"2026-11-{2 + 7 * number:02}", "-o", str(place(pull, f"{number}.csv")))
        excluded = ("--excluded", str(place(pull, f"{number}-out.csv")))
        assert pull("export", *asked, "--purpose", "offer", *on, *excluded).code == 0
        held.append({row["customer_id"] for row in rows(pull, f"{number}-out.csv") if row["stage"] == "holdout"})
    assert held[0] == held[1] < held[2]  # the list's own comes on top
    assert export(pull, "care.csv", "--on", "2026-11-30").code == 0
    assert held[0] and held[0] <= set(keys(pull, "care.csv"))


@pytest.mark.usefixtures("crowd")
def test_the_held_out_are_in_no_channels_room_and_under_the_limit(pull: CommandLine) -> None:
    assert export(pull, "a.csv", "--holdout", "0.3", "--limit", "20").code == 0
    told = manifest(pull, "a.csv")["results"]
    assert told["treated"] + told["held_out"] == 20
    assert told["treated"] == len(keys(pull, "a.csv"))
    assert export(pull, "b.csv", "--holdout", "0.3", "--channel", "call", "--on", "2026-11-16").code == 0
    told = manifest(pull, "b.csv")["results"]
    assert told["treated"] == 5  # the room there is for calls
    assert 0 < told["held_out"] < 10  # those among the first, not of all forty-four


@pytest.mark.usefixtures("crowd")
def test_one_of_each_house_is_contacted_or_held_out_the_first_in_order(pull: CommandLine) -> None:
    options = ("--one-per", "city", "--order", "-customer_id", "-c", "age", "--excluded", str(place(pull, "out.csv")))
    assert export(pull, "a.csv", *options, "--holdout", "0.3").code == 0
    listed = {key for key in keys(pull, "a.csv") if key.startswith("M")}
    held = {row["customer_id"] for row in rows(pull, "out.csv") if row["stage"] == "holdout"} & set(MANY)
    assert listed | held == set(MANY[1::2])  # of M00 and M01, M01 comes first
    assert held and listed
    others = {row["customer_id"] for row in rows(pull, "out.csv") if row["stage"] == "one per"}
    assert others >= set(MANY[::2])


# Other rows than the policy's.


LINES = """
has_a_line = segment(Line.customer.age.is_known() | Line.customer.age.is_null(), entity=Line, title="Lines", zh="号码")
"""


@pytest.fixture
def lines(made: Contacting) -> Contacting:
    """Lines of C1 (two), of C4 who wants to be left alone, of a minor and of nobody."""
    path = made.folder / "segments" / "lines.py"
    head = '"""Segments of lines."""\n\nfrom c360 import segment\nfrom tags.sources import Line\n'
    path.write_text(head + LINES, encoding="utf-8")
    made.tables["line"] = "line_id customer_id"
    made.add("line", "L1 C1", "L2 C1", "L3 C4", "L4 MINOR", "L5 C3", "L6 -")
    return made


@pytest.mark.usefixtures("lines")
def test_a_list_of_lines_asks_the_person_behind_each(pull: CommandLine) -> None:
    assert export(pull, "a.csv", "--excluded", str(place(pull, "out.csv")), segment="has_a_line", purpose="care").code == 0
    assert keys(pull, "a.csv", "line_id") == ["L1", "L5"]
    reasons = {row["line_id"]: row["stage"] for row in rows(pull, "out.csv")}
    assert reasons["L2"] == "cap 1"  # of C1 as well, who may be contacted once a week
    assert reasons["L3"] == "left_alone"
    assert reasons["L4"] == "minors"
    assert "L6" in reasons  # nobody is behind it, so nobody agreed
    assert export(pull, "b.csv", segment="everybody", purpose="care").code == 0
    assert keys(pull, "b.csv") == ["C2", "SILENT"]  # C1 and C3 are contacted by their lines


@pytest.mark.usefixtures("lines")
def test_one_line_a_person(pull: CommandLine) -> None:
    assert export(pull, "a.csv", "--one-per", "customer", "--order", "-line_id", segment="has_a_line").code == 0
    assert keys(pull, "a.csv", "line_id") == ["L5", "L2"]


# No policy.


def test_without_a_policy_lists_are_made_as_before(made: Contacting, pull: CommandLine) -> None:
    made.configure(policy="\n")
    assert export(pull, "a.csv", purpose="").code == 0
    assert len(keys(pull, "a.csv")) == 7
    assert "channel" not in rows(pull, "a.csv")[0]
    answer = export(pull, "b.csv", purpose="care")
    assert answer.code == 2
    assert "there is no contact policy here" in answer.err
    assert len(pl.read_csv(place(pull, "a.csv"))) == 7
    assert len(audited(made, "export")) == 1


def test_a_purpose_without_any_channel_contacts_nobody(made: Contacting, pull: CommandLine) -> None:
    made.configure(policy='\n[policy]\n\n[policy.purposes.offer]\nconsent = "offer_channels"\n')
    answer = export(pull, "a.csv", purpose="offer")
    assert answer.code == 5
    assert "names no channel, so nobody can be contacted" in answer.err
    assert not place(pull, "a.csv").exists()
