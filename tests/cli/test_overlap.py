"""`overlap` and `size` of several segments: one scan, a matrix that adds up, and what is said beside it."""

from __future__ import annotations

import pytest

import c360 as library
from tiny import CommandLine, Workspace

MORE = """
many_visits = segment(visits >= 2, universe=active, title="Often there", zh="常客", owner="service")
any_visits = segment(visits >= 0, title="Known visits", owner="service")
"""
LINES = """
billed_lines = segment(line_bill > 0, title="Billed lines", owner="market")
"""


@pytest.fixture(autouse=True)
def more(workspace: Workspace) -> None:
    """Add segments: of customers with an unknown value, and of lines."""
    workspace.replace("segments/keeping.py", "risk, tickets_90d", "line_bill, risk, tickets_90d")
    workspace.replace("segments/keeping.py", "value_tier\n", "value_tier, visits\n")
    workspace.add("segments/keeping.py", MORE + LINES)


def test_a_matrix_has_the_sizes_on_its_diagonal(c360: CommandLine) -> None:
    answer = c360("overlap", "active", "worth_keeping", "many_visits")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines() == [
        "segment,active,worth_keeping,many_visits",
        "active,4,3,3",
        "worth_keeping,3,3,2",
        "many_visits,3,2,3",
    ]
    assert "as of 2026-11-29, of 6 rows: every customer" in answer.err


def test_pairs_have_shares_and_lift_within_the_common_universe(c360: CommandLine) -> None:
    answer = c360("overlap", "worth_keeping", "many_visits", "--pairs")
    row = answer.rows[0]
    assert (row["segment"], row["other"], row["both"]) == ("worth_keeping", "many_visits", "2")
    assert float(row["share"]) == round(2 / 3, 4)
    assert float(row["jaccard"]) == 2 / (3 + 3 - 2)
    assert float(row["lift"]) == round(2 * 4 / (3 * 3), 4)  # of the 4 who are active
    assert "of 4 rows: the universe active" in answer.err


def test_titles_follow_the_language(c360: CommandLine) -> None:
    assert c360("--lang", "zh", "overlap", "active", "worth_keeping").out.splitlines()[0] == "客群,在网客户,值得挽留"


def test_all_segments_of_an_entity(c360: CommandLine) -> None:
    found = c360("overlap", "--all", "--json").json
    assert found["segments"] == ["active", "worth_keeping", "many_visits", "any_visits"]
    assert found["sizes"] == {"active": 4, "worth_keeping": 3, "many_visits": 3, "any_visits": 5}
    assert [found["both"][i][i] for i in range(4)] == list(found["sizes"].values())
    assert found["both"] == [list(column) for column in zip(*found["both"], strict=True)]
    assert found["snapshot"] is None


def test_a_segment_shares_nobody_with_an_empty_one(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("segments/keeping.py", '\nnobody = segment(visits > 100, title="Nobody", owner="service")\n')
    pair = c360("overlap", "nobody", "active", "--json").json["pairs"][0]
    assert pair == {"one": "nobody", "other": "active", "both": 0, "jaccard": 0, "share": None, "lift": None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("overlap",), "name the segments, or take all of an entity with --all"),
        (("overlap", "active", "--all"), "name the segments, or take all of an entity with --all"),
        (("overlap", "active"), "an overlap is of two segments or more"),
        (("overlap", "active", "billed_lines"), "one request is about one entity"),
        (("overlap", "active", "visits"), "'visits' is a tag, expected a segment"),
        (("size", "--all", "active"), "--all counts every segment"),
    ],
)
def test_slips(c360: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    answer = c360(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_tag_in_place_of_a_segment_gets_the_nearest_segments_only(c360: CommandLine) -> None:
    answer = c360("size", "visits")
    assert answer.code == 2
    assert "hint: the nearest segments: any_visits, many_visits" in answer.err
    assert "c360 segments lists them" in answer.err
    assert "worth_keeping" not in answer.err


def test_sizes_together_are_the_sizes_of_each(c360: CommandLine, workspace: Workspace) -> None:
    opened = library.open(workspace.folder)
    names = list(opened.segments)
    together = opened.sizes(*names, where="visits > 1")
    assert [size.name for size in together.sizes] == [*names, "where"]
    assert together.sizes == (*(opened.size(name) for name in names), opened.size(where="visits > 1"))
    assert [size.entity for size in together.sizes] == ["customer"] * 4 + ["line", "customer"]


def test_segments_of_different_days_are_counted_on_their_own(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\ncovers_to = 2026-11-15')
    days = {row["segment"]: row["as_of"] for row in c360("size", "active", "worth_keeping", "billed_lines").rows}
    assert days == {"active": "2026-11-15", "worth_keeping": "2026-11-15", "billed_lines": "2026-11-29"}


def test_all_sizes_say_what_is_left_out(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('[sources.score]\npath = "score.parquet"\n', "")
    answer = c360("size", "--all")
    assert [row["segment"] for row in answer.rows] == ["active", "many_visits", "any_visits", "billed_lines"]
    assert "left out: worth_keeping, source score is not bound" in answer.err


def test_a_notebook_shows_a_matrix_or_the_largest_pairs(workspace: Workspace) -> None:
    opened = library.open(workspace.folder)
    shown = opened.overlap("active", "worth_keeping")._repr_html_()
    assert "<caption>members in both, customer, as of 2026-11-29</caption>" in shown and "<th>worth_keeping</th>" in shown
    workspace.add("segments/keeping.py", "".join(f"\nover_{n} = segment(visits > {n})\n" for n in range(12)))
    wide = library.open(workspace.folder).overlap()._repr_html_()
    assert "the largest of 120 pairs" in wide and "<th>lift</th>" in wide
    assert "<caption>sizes of segments</caption>" in library.open(workspace.folder).sizes("active")._repr_html_()
