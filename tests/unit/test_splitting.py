"""Lists in parts: every row once, names that are safe to have, and no name that tells what must not be told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.deliver.account import Form, ListAccount, Subject
from c360.deliver.splitting import (
    by_column,
    by_rows,
    form_of,
    part_path,
    refuse_parts,
    safe_names,
)
from c360.deliver.waterfall import Waterfall
from c360.errors import NothingMatched, Refused, TargetExists

FRAME = pl.DataFrame({"customer_id": ["C1", "C2", "C3", "C4"], "manager": ["M2", "M1", None, "M2"]})


def test_a_full_sheet_begins_another_part() -> None:
    parts = by_rows(FRAME, 3)
    assert [(part.name, part.frame["customer_id"].to_list()) for part in parts] == [("1", ["C1", "C2", "C3"]), ("2", ["C4"])]
    assert [str(part_path(Path("a/list.xlsx"), part, 2)) for part in parts] == ["a/list-1.xlsx", "a/list-2.xlsx"]
    assert [part.as_json() for part in parts] == [{"rows": 3, "part": 1}, {"rows": 1, "part": 2}]


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_what_fits_is_one_part_under_its_own_name(rows: int) -> None:
    (part,) = by_rows(FRAME.head(rows))
    assert part.frame.height == rows
    assert part_path(Path("list.xlsx"), part, 1) == Path("list.xlsx")


def test_one_part_a_value_and_one_for_rows_without() -> None:
    parts = by_column(FRAME, "manager", "internal")
    found = [(part.name, part.value, part.frame["customer_id"].to_list()) for part in parts]
    assert found == [("M1", "M1", ["C2"]), ("M2", "M2", ["C1", "C4"]), ("none", None, ["C3"])]
    assert part_path(Path("list.csv"), parts[0], 3) == Path("list-M1.csv")
    assert parts[1].as_json() == {"rows": 2, "column": "manager", "value": "M2"}
    assert part_path(Path("list.csv"), by_column(FRAME.head(1), "manager", "internal")[0], 1) == Path("list-M2.csv")


def test_a_list_of_nobody_is_one_part() -> None:
    assert [part.name for part in by_column(FRAME.clear(), "manager", "public")] == ["none"]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([True, False], ["false", "true"]),
        ([date(2026, 1, 2)], ["2026-01-02"]),
        ([Decimal("1.50")], ["1.50"]),
        ([["b", "a"]], ["b_a-"]),
    ],
)
def test_every_kind_of_value_splits(values: list[object], names: list[str]) -> None:
    found = [part.name for part in by_column(pl.DataFrame({"x": values}), "x", "internal")]
    assert [name[: len(wanted)] for name, wanted in zip(found, names, strict=True)] == names


def test_e05_path_traversal_in_a_value_is_only_a_name() -> None:
    values = ["../../etc/passwd", "/root", "a/b", "..", ".", "", "a\x00b", "C:\\x", "~", "con", ".hidden", "x" * 300, "-rf"]
    for name in safe_names(values):
        assert name and len(name) < 60 and not set(name) & set("/\\\x00:~") and name[0] not in ".-"
        path = Path("/lists/list.csv").with_name(f"list-{name}.csv")
        assert path.resolve().parent == Path("/lists")


def test_names_stay_readable_and_are_stable() -> None:
    assert safe_names(["M1", "朝阳门营业厅", "a.b-c_d"]) == ["M1", "朝阳门营业厅", "a.b-c_d"]
    assert safe_names(["a b"]) == safe_names(["a b", "c"])[:1] == ["a_b-7faae47c"]


@given(st.lists(st.text(max_size=50), unique=True, max_size=20))
def test_two_values_never_share_a_file(values: list[str]) -> None:
    names = safe_names(values)
    assert len({name.casefold() for name in (*names, "none")}) == len(values) + 1


def test_values_that_look_alike_to_a_file_system_are_told_apart() -> None:
    names = safe_names(["m1", "M1", "none", "caf\u00e9", "cafe\u0301", "a b", "a_b"])
    assert len({name.casefold() for name in names}) == 7
    assert names[-1] == "a_b"


@pytest.mark.parametrize("sensitivity", ["personal", "sensitive", ""])
def test_a_file_name_must_not_tell_a_personal_value(sensitivity: str) -> None:
    with pytest.raises(Refused, match="the files' names would tell it") as caught:
        by_column(FRAME, "manager", sensitivity)
    assert caught.value.exit_code == 5


def test_a_column_of_very_many_values_is_refused() -> None:
    with pytest.raises(Refused, match="column 'x' has 1,001 values"):
        by_column(pl.DataFrame({"x": range(1001)}), "x", "internal")


def test_a_column_the_list_does_not_have() -> None:
    with pytest.raises(NothingMatched, match="no column 'managre'"):
        by_column(FRAME, "managre", "internal")


def test_a_part_that_is_there_is_refused_before_any_is_written(tmp_path: Path) -> None:
    parts = by_column(FRAME, "manager", "internal")
    (tmp_path / "list-M2.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(TargetExists, match="list-M2.csv is there already"):
        refuse_parts(tmp_path / "list.csv", parts, force=False)
    refuse_parts(tmp_path / "list.csv", parts, force=True)


def test_a_parts_account_speaks_of_the_part() -> None:
    account = ListAccount(
        "zh", Subject("active", "在网", "在网", "0a"), date(2026, 10, 31), "cafe", 4, Waterfall(()), (), marks=("旧",)
    )
    told = form_of(Form(account), by_column(FRAME, "manager", "internal")[1], 3).account
    assert told is not None
    assert (told.rows, told.marks) == (2, ("旧", "manager“M2”：名单共4行，分3部分，此为第2部分"))
    one = form_of(Form(account), by_rows(FRAME)[0], 1)
    assert one.account is account
    assert form_of(Form(), by_rows(FRAME, 1)[0], 4) == Form()
