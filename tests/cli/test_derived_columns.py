"""Columns that c360.toml derives from physical ones: read as rules are, checked as columns are, faults at their place."""

from __future__ import annotations

import polars as pl
import pytest

from tiny import CommandLine, Workspace


def bind(workspace: Workspace, source: str, *columns: str) -> None:
    """Bind *columns* of *source*."""
    file = {"customer": "customer.csv", "bill": "bill.parquet"}[source]
    workspace.settings(f'path = "{file}"', f'path = "{file}"\ncolumns = {{ {", ".join(columns)} }}')


def members(c360: CommandLine, text: str) -> int:
    """Return how many customers *text* finds."""
    answer = c360("size", "--where", text, "--json")
    assert answer.code == 0, answer.err
    return int(answer.json["sizes"][0]["members"])


def test_a_number_is_derived_from_texts(c360: CommandLine, workspace: Workspace) -> None:
    bind(workspace, "customer", 'visits = { expression = "cast(visits as bigint) * 2 + 1" }')
    assert members(c360, "visits = 3 * 2 + 1") == 1
    assert members(c360, "visits is null") == 1


def test_a_level_is_derived_by_case(c360: CommandLine, workspace: Workspace) -> None:
    bind(workspace, "customer", "kind = { expression = \"case when kind = 'organisation' then kind else 'person' end\" }")
    assert members(c360, "kind = 'person'") == 5
    assert members(c360, "kind = 'family'") == 0


def test_a_date_and_a_condition_are_derived(c360: CommandLine, workspace: Workspace) -> None:
    bind(
        workspace, "customer", 'joined_on = { expression = "cast(joined_on as date)" }',
        "is_member = { expression = \"year(cast(joined_on as date)) < 2021 and coalesce(is_member, 'no') = 'yes'\" }",
    )  # fmt: skip
    assert members(c360, "is_member") == 2
    assert members(c360, "joined_on < '2020-01-01'") == 2


def test_stored_numbers_need_no_cast(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("sql", "arpu_3m")
    assert members(c360, "arpu_3m = 60") == 1
    bind(workspace, "bill", 'total = { expression = "total * 2" }')
    assert members(c360, "arpu_3m = 60 * 2") == 1
    assert before.out != c360("sql", "arpu_3m").out


def test_texts_that_mean_null_mean_it_in_expressions(c360: CommandLine, workspace: Workspace) -> None:
    bind(workspace, "customer", 'visits = { expression = "cast(visits as bigint)" }')
    workspace.replace("data/customer.csv", "+8613800138001,2,yes", "+8613800138001,NA,yes")
    assert c360("size", "--where", "visits > 0").code == 4
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nnulls = ["NA"]')
    assert members(c360, "visits is null") == 2


def test_names_of_files_stand_in_quotes(c360: CommandLine, workspace: Workspace) -> None:
    frame = pl.read_parquet(workspace.data / "bill.parquet").rename({"total": "FEE AMT 费"})
    frame.write_parquet(workspace.data / "bill.parquet")
    bind(workspace, "bill", "total = { expression = '\"FEE AMT 费\" + 10' }")
    assert members(c360, "arpu_3m = 60 + 10") == 1


def test_what_a_cast_cannot_read_is_counted_and_not_shown(c360: CommandLine, workspace: Workspace) -> None:
    bind(workspace, "customer", 'visits = { expression = "cast(name as bigint)" }')
    answer = c360("size", "--where", "visits > 0")
    assert answer.code == 4
    assert "column visits: what its expression cannot cast; 6 bad rows of 6" in answer.err


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("visitz + 1", "unknown column of the file 'visitz'"),
        ("visits + 1", r"cannot add visits (text) and 1 (a whole number)"),
        ("cast(visits as integer)", "a cast is to date, bigint or double"),
        ("(select 1)", "'select' is no part of a rule"),
        ("read_text('x')", "unknown function 'read_text'"),
        ("as_of()", "does not change with the as-of date"),
        ("cast(visits as bigint", "'(' is not closed"),
        ("cast(cast(joined_on as date) as double)", "cannot read a date as a number"),
    ],
)  # fmt: skip
def test_a_fault_shows_its_place(c360: CommandLine, workspace: Workspace, expression: str, said: str) -> None:
    bind(workspace, "customer", f'visits = {{ expression = "{expression}" }}')
    answer = c360("size", "--where", "visits > 0")
    assert answer.code == 3
    assert said in answer.err
    assert "c360.toml [sources.customer] visits, the text, column" in answer.err
    assert "^" in answer.err


def test_from_and_expression_exclude_each_other(c360: CommandLine, workspace: Workspace) -> None:
    bind(workspace, "customer", 'visits = { from = "visits", expression = "visits" }')
    answer = c360("tags")
    assert answer.code == 3
    assert "give from or expression, not both" in answer.err


def test_a_column_of_a_foreign_type_is_refused(c360: CommandLine, workspace: Workspace) -> None:
    frame = pl.read_parquet(workspace.data / "bill.parquet").with_columns(pl.lit([1, 2]).alias("parts"))
    frame.write_parquet(workspace.data / "bill.parquet")
    bind(workspace, "bill", 'total = { expression = "coalesce(total, parts)" }')
    answer = c360("size", "worth_keeping")
    assert answer.code == 3
    assert "which no expression takes" in answer.err
