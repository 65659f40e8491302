"""`c360 build`: one day or many, all tags or some, what it prints, and what it refuses before anything is written."""

from __future__ import annotations

import pytest

from tiny import CommandLine, Workspace


def test_everything_that_can_be_built(c360: CommandLine) -> None:
    answer = c360("build", "--as-of", "2026-10-31")
    assert answer.code == 0
    assert {row["state"] for row in answer.rows} == {"recomputed"}
    assert {row["reason"] for row in answer.rows} == {"nothing to go on from"}
    assert "as of 2026-10-31: built: snapshot 2026-10-31-1" in answer.err


def test_a_second_time_nothing_is_built(c360: CommandLine) -> None:
    asked = ("build", "--tags", "value_tier,arpu_3m", "--as-of", "2026-10-31")
    c360(*asked)
    again = c360(*asked, "--json").json
    assert (again["format"], again["state"], again["generation"], again["families"]) == (1, "unchanged", "2026-10-31-1", [])


def test_a_range_of_months(c360: CommandLine) -> None:
    found = c360("build", "--as-of", "2026-09-15..2026-10-31", "--every", "month", "--tags", "tickets_90d", "--json").json
    assert [one["as_of"] for one in found] == ["2026-09-30", "2026-10-31"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as-of", "2026-10-31..2026-09-30"), "the range ends on 2026-09-30, before it begins on 2026-10-31"),
        (("--as-of", "2026-10-01..2026-10-30", "--every", "month"), "no month ends from 2026-10-01 to 2026-10-30"),
        (("--as-of", "2026-10-01..2026-10-30", "--every", "year"), "every is day, week or month, found 'year'"),
        (("--as-of", "2026-10-01.."), "--as-of takes a date or a range, found '2026-10-01..'"),
        (("--tags", "value_teir"), "unknown tag or segment 'value_teir'"),
    ],
)
def test_what_cannot_be_asked(c360: CommandLine, workspace: Workspace, arguments: tuple[str, ...], told: str) -> None:
    answer = c360("build", *arguments)
    assert answer.code == 2 and told in answer.err
    assert not (workspace.folder / ".c360" / "snapshots").exists()


def test_a_tag_without_its_source_is_refused_by_name_and_left_out_otherwise(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('[sources.ticket]\npath = "ticket.csv"\n', "")
    by_name = c360("build", "--tags", "tickets_90d")
    assert by_name.code == 2 and "tickets_90d cannot be built: source ticket is not bound" in by_name.err
    told = c360("build", "--json").json
    assert told["left_out"]["tickets_90d"] == "source ticket is not bound"


@pytest.mark.thorough
def test_answers_come_from_what_was_built(c360: CommandLine) -> None:
    before = c360("size", "worth_keeping", "--json").json["sizes"][0]
    c360("build", "--as-of", before["as_of"])
    after = c360("size", "worth_keeping", "--json").json["sizes"][0]
    assert before.pop("snapshot") is None and after.pop("snapshot") is not None
    assert before == after


@pytest.mark.thorough
def test_a_tag_built_by_name_stands_beside_what_the_day_has(c360: CommandLine) -> None:
    day = ("--as-of", "2026-10-31")
    c360("build", "--tags", "arpu_3m,active,worth_keeping", *day)
    told = c360("build", "--tags", "tickets_90d", "--json", *day).json
    assert {(one["family"], one["state"]) for one in told["families"]} >= {("masks", "reused")}
    answer = c360("size", "worth_keeping", "--json", *day).json["sizes"][0]
    assert answer["snapshot"]["generation"] == "2026-10-31-2"
    assert c360("build", "--tags", "worth_keeping", "--json", *day).json["state"] == "unchanged"


def test_a_tag_that_stood_beside_and_cannot_be_built_any_more_is_named(c360: CommandLine, workspace: Workspace) -> None:
    day = ("--as-of", "2026-10-31")
    c360("build", "--tags", "tickets_90d,arpu_3m", *day)
    workspace.settings('[sources.ticket]\npath = "ticket.csv"\n', "")
    assert "left out 1: tickets_90d (source ticket is not bound)" in c360("build", "--tags", "active", *day).err
