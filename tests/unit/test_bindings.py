"""Settings and headers: what c360.toml may say, and which physical column each contract column takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.bindings.csv_files import breakage, csv_header, line_of
from c360.bindings.resolve import BoundSource, Header, check_binding, resolve
from c360.bindings.settings import Settings, SourceBinding, read_settings
from c360.datatypes import BOOLEAN, INTEGER, MONEY, TEXT, key_of
from c360.errors import BadValues, C360Error, DamagedFile, DefinitionError, MissingColumn, MissingSource, UnknownName
from c360.expr.schema import ENTITY, ColumnSpec, SourceSpec

SPEC = SourceSpec(
    "customer",
    ENTITY,
    "customer",
    (
        ColumnSpec("customer", key_of("customer"), "fixed"),
        ColumnSpec("name", TEXT, "fixed"),
        ColumnSpec("owed", MONEY, "fixed", unit="yuan"),
        ColumnSpec("visits", INTEGER, "fixed"),
        ColumnSpec("member", BOOLEAN, "fixed"),
    ),
)


def settings(tmp_path: Path, text: str) -> Settings:
    """Return the settings in *text*."""
    path = tmp_path / "c360.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def bound(header: Header, **binding: object) -> BoundSource:
    """Return SPEC resolved against a header."""
    return resolve(SPEC, SourceBinding.model_validate({"table": "t", **binding}), Path(), lambda *_: (header,), no_derived)


def no_derived(*_: object) -> str:
    raise AssertionError("no column here is derived")


# c360.toml.


def test_settings_have_defaults(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert (found.time_zone, found.data_folder, found.as_of, found.sources) == ("UTC", ".", None, {})


def test_parameters_by_full_name(tmp_path: Path) -> None:
    found = settings(tmp_path, "[params.value]\nhigh = 150\n[params.value.deep]\nlow = 1.5\n[params]\nn = 3\n")
    assert found.flat_params() == {"n": 3, "value.high": 150, "value.deep.low": 1.5}


def test_the_kind_of_a_source() -> None:
    kinds = [
        SourceBinding(path="a.parquet").kind, SourceBinding(path="a.pq").kind, SourceBinding(path="a.dat").kind,
        SourceBinding(path="a.dat", format="parquet").kind, SourceBinding(table="t").kind, SourceBinding(sql="SELECT 1").kind,
    ]  # fmt: skip
    assert kinds == ["parquet", "parquet", "csv", "parquet", "table", "sql"]


def test_a_column_may_be_named_as_in_the_contract_or_as_in_files() -> None:
    short = SourceBinding.model_validate({"path": "a", "columns": {"line": "NO"}})
    long = SourceBinding.model_validate({"path": "a", "columns": {"line_id": {"from": "NO", "unit": "fen"}}})
    assert short.column("line", "line_id")[0].source == long.column("line", "line_id")[0].source == "NO"
    assert SourceBinding(path="a").column("line", "line_id") == (type(short.column("line", "")[0])(source="line_id"), False)


@pytest.mark.parametrize(
    ("text", "where", "told"),
    [
        ("x = ", ":1", "this is not TOML"),
        ('a = "b"\nb = "c\n', ":2", "this is not TOML"),
        ("\n\nthread = 2\n", ":3", "'thread' is no setting"),
        ("[engine]\nthread = 2\n", ":2", "did you mean 'threads'?"),
        ("[engine]\nthreads = 0\n", ":2", "greater than or equal to 1"),
        ('[sources.a]\npath = "a"\nnull = ["x"]\n', ":3", "did you mean 'nulls'?"),
        ('[sources.a]\npath = "a"\n[sources.a.columns]\nx = { frm = "y" }\n', ":4", "did you mean 'from'?"),
        ('[sources.a]\npath = "a"\ndelimiter = ", "\n', ":3", "at most 1 character"),
        ('[sources.a]\npath = "a"\n[sources.b]\npath = "b"\ncoverage = "full"\n', ":5", "'dense', 'sparse' or 'undated'"),
        ("[sources.a]\n", ":1", "exactly one of path, table, sql"),
        ('time_zone = "Mars"\n', ":1", "no time zone"),
    ],
)
def test_a_wrong_setting_names_its_line(tmp_path: Path, text: str, where: str, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        settings(tmp_path, text)
    assert caught.value.where == f"c360.toml{where}"
    assert told in str(caught.value)


# Headers.


def test_columns_are_found_by_binding_by_file_name_and_by_own_name() -> None:
    header = (("owed", "DECIMAL(18,2)"), ("NM", "VARCHAR"), ("customer_id", "VARCHAR"), ("visits", "BIGINT"))
    found = bound(header, columns={"name": "NM"})
    assert {name: column.physical for name, column in found.columns.items()} == {
        "customer": "customer_id", "name": "NM", "owed": "owed", "visits": "visits",
    }  # fmt: skip
    assert found.missing == {"member": "column member is not in the file (no 'member') and not bound"}
    found.needed(("name", "owed"))
    with pytest.raises(MissingColumn, match="column member is not in the file"):
        found.needed(("name", "member"))


def test_a_key_may_be_called_by_its_own_name() -> None:
    assert bound((("customer", "VARCHAR"),)).columns["customer"].physical == "customer"
    both = bound((("customer", "VARCHAR"), ("customer_id", "VARCHAR")))
    assert both.columns["customer"].physical == "customer_id"


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT", "DECIMAL(18,2)"])
def test_keys_that_are_fractions_are_refused(kind: str) -> None:
    with pytest.raises(BadValues, match=f"keys are of type {kind.split('(', maxsplit=1)[0]}"):
        bound((("customer_id", kind),))
    assert bound((("customer_id", "DECIMAL(18,0)"),)).columns


def test_units_become_factors() -> None:
    header = (("customer_id", "VARCHAR"), ("owed", "BIGINT"))
    assert bound(header, columns={"owed": {"unit": "fen"}}).columns["owed"].factor == "0.01"
    assert bound(header, columns={"owed": {"unit": "yuan"}}).columns["owed"].factor == ""
    with pytest.raises(DefinitionError, match="no rule turns ton into yuan") as caught:
        check_binding(SPEC, SourceBinding.model_validate({"table": "t", "columns": {"owed": {"unit": "ton"}}}))
    assert "fen, jiao" in str(caught.value)


def test_a_binding_of_no_column_is_refused() -> None:
    with pytest.raises(UnknownName, match="unknown column of customer 'nmae'"):
        check_binding(SPEC, SourceBinding.model_validate({"table": "t", "columns": {"nmae": "x"}}))


def test_known_on_must_be_in_the_file() -> None:
    with pytest.raises(MissingColumn, match="known_on names 'loaded'"):
        bound((("customer_id", "VARCHAR"),), known_on="loaded")


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(MissingSource, match="bound to 'a.csv'") as caught:
        resolve(SPEC, SourceBinding(path="a.csv"), tmp_path, lambda *_: (), no_derived)
    assert str(tmp_path) in str(caught.value)


# CSV files.


def csv(tmp_path: Path, content: str | bytes) -> Path:
    """Return a file of *content*."""
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_header_names_are_trimmed_and_nameless_columns_called_by_place(tmp_path: Path) -> None:
    assert csv_header(csv(tmp_path, 'a , "b c",,d\n1,2,3,4\n'), ",") == tuple(
        (name, "VARCHAR") for name in ("a", "b c", "column 3", "d")
    )


@pytest.mark.parametrize(
    ("content", "kind"), [("", DamagedFile), ("a,A\n", BadValues), (b"PAR1", DamagedFile), ("a,张\n".encode("gbk"), BadValues)]
)
def test_headers_that_cannot_be(tmp_path: Path, content: str | bytes, kind: type[C360Error]) -> None:
    with pytest.raises(kind):
        csv_header(csv(tmp_path, content), ",")


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    path = csv(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n"3","\n\n"\n4,w\n')
    assert [line_of(path, ",", row) for row in (1, 2, 3, 4, 5)] == [2, 5, 6, 9, None]


def test_a_blank_line_is_a_row_of_a_file_with_one_column(tmp_path: Path) -> None:
    assert line_of(csv(tmp_path, "a\n1\n\n3\n"), ",", 3) == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('a,b\n1,"x\ny"\n2\n', "line 4: 1 fields, expected 2"),
        ('a,b\n1,2\n"3,4\n5,6\n', "line 3: a quote that is never closed"),
        ('a,b\n1,2\n"3"x,4\n', "line 3: a quote that is never closed, or text behind one"),
        (b"a,b\n1,2\n\xff,4\n", "line 3 is not UTF-8"),
        (b"a,b\r\n1,2\r\n3,4\n5,6", "line 3: another line end"),
        ("a,b\n" + "x" * 2_000_001 + ",2\n", "line 2: a row of more than 2,000,000 characters"),
    ],
)
def test_what_makes_a_file_unreadable(tmp_path: Path, content: str | bytes, told: str) -> None:
    found = breakage(csv(tmp_path, content), ",")
    assert found is not None
    assert f"a.csv {told}" in found.message
    assert found.hint


def test_a_sound_file_has_no_breakage(tmp_path: Path) -> None:
    assert breakage(csv(tmp_path, b'\xef\xbb\xbfa,b\r\n1,"x\r\ny"\r\n\r\n2,z'), ",") is None
