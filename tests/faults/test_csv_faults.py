"""A CSV file with a fault: exit 4, the file, the line an editor shows, the column, a count, one fix; never a value."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tiny import CUSTOMERS, CommandLine, Workspace

# The canary is the last customer, on line 8: C5's note takes two lines. So a fault of hers comes behind a quoted line break.
CELLS = {
    "a bad date": ("2019-06-01", "2019-06-31", "joined_on: not a date", 'date_format = "%d/%m/%Y"'),
    "a date of another kind": ("2019-06-01", "01/06/2019", "joined_on: not a date", "date_format"),
    "a date with a time": ("2019-06-01", "2019-06-01 00:00:00", "joined_on: not a date", "date_format"),
    "a date before all dates": ("2019-06-01", "0019-06-01", "joined_on: a date before 1900 or after 2200", "mend"),
    "a date after all dates": ("2019-06-01", "9999-12-31", "joined_on: a date before 1900 or after 2200", "mend"),
    "a level nobody declared": (
        "person,张金丝雀", "persno,张金丝雀", "kind: none of the levels person, family, organisation", "recode",
    ),
    "a level in capitals": ("person,张金丝雀", "PERSON,张金丝雀", "kind: none of the levels", "recode"),
    "a fraction": ('"a, b",4,', '"a, b",1.5,', "visits: not a whole number", "mend"),
    "a power of ten": ('"a, b",4,', '"a, b",1e3,', "visits: not a whole number", "mend"),
    "blanks around a number": ('"a, b",4,', '"a, b", 12 ,', "visits: not a whole number", "mend"),
    "an underscore in a number": ('"a, b",4,', '"a, b",1_000,', "visits: not a whole number", "mend"),
    "a number that is a word": ('"a, b",4,', '"a, b",many,', "visits: not a whole number", 'nulls = ["NA"]'),
    "a number below the range": ('"a, b",4,', '"a, b",-1,', "visits: below 0", "range"),
    "neither yes nor no": ('"a, b",4,yes', '"a, b",4,maybe', "is_member: neither yes nor no", "mend"),
    "a NUL byte": ("13900001111", "1390000\x001111", "phone: text with a NUL byte", "write the file again"),
}  # fmt: skip

BY_ID = {"s21": "a date after all dates", "s22": "a NUL byte"}


def test_s21_date_out_of_range(c360: CommandLine, workspace: Workspace) -> None:
    test_s12_csv_bad_type(c360, workspace, *CELLS[BY_ID["s21"]])


def test_s22_nul_byte(c360: CommandLine, workspace: Workspace) -> None:
    test_s12_csv_bad_type(c360, workspace, *CELLS[BY_ID["s22"]])


@pytest.mark.parametrize(("old", "new", "told", "hint"), CELLS.values(), ids=CELLS)
def test_s12_csv_bad_type(c360: CommandLine, workspace: Workspace, old: str, new: str, told: str, hint: str) -> None:
    head, _, canary = CUSTOMERS.rpartition("CANARY-KEY")
    assert old in canary
    (workspace.data / "customer.csv").write_text(f"{head}CANARY-KEY{canary.replace(old, new)}", encoding="utf-8")
    answer = c360("export", "active", "-c", "kind,name,phone,visits,is_member", "--json")
    assert answer.code == 4, answer.err
    assert answer.json["kind"] == "BadValues"
    assert f"customer.csv line 8, column {told}" in answer.json["message"]
    assert "1 bad row of 6" in answer.json["message"]
    assert hint in answer.json["hint"]
    assert new not in answer.err


def test_a_bad_cell_of_a_column_nobody_asked_for_is_let_pass(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/customer.csv", '"a, b",4,', '"a, b",many,')
    assert c360("size", "active").code == 0
    assert c360("check").code == 4
    sources = {row["source"]: row for row in c360("sources").rows}
    assert sources["customer"]["state"] == "broken"
    assert "customer.csv line 8, column visits: not a whole number" in sources["customer"]["problems"]


CLOSED = "a quote that is never closed, or text behind one"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("C9,2020-01-01,person\n", "3 fields, expected 10"),
        ("C9,2020-01-01,person,a,b,c,2000-01-01,,1,yes,too,many\n", "12 fields, expected 10"),
        ('C9,2020-01-01,person,"a,b,c,2000-01-01,,1,yes\nC10,2020-01-01\n', CLOSED),
        ('C9,2020-01-01,person,"a"b,b,c,2000-01-01,,1,yes\n', CLOSED),
    ],
)
def test_s13_ragged(c360: CommandLine, workspace: Workspace, line: str, told: str) -> None:
    workspace.add("data/customer.csv", line)
    answer = c360("size", "active", "--json")
    assert answer.code == 4, answer.err
    assert answer.json["message"] == f"customer.csv line 9: {told}"
    assert "mend the line" in answer.json["hint"]


def test_lines_of_mixed_ends(c360: CommandLine, workspace: Workspace) -> None:
    path = workspace.data / "ticket.csv"
    path.write_bytes(path.read_bytes().replace(b"network\n", b"network\r\n", 1))
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket.csv line 2: another line end than the lines before"
    assert "dos2unix" in answer.json["hint"]


def test_windows_line_ends_are_fine(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "worth_keeping").out
    for name in ("line.csv", "ticket.csv"):
        path = workspace.data / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert c360("export", "worth_keeping").out == before


def test_s14_late_bad_row_has_the_right_line(c360: CommandLine, workspace: Workspace) -> None:
    """Row 30 001, behind what an engine looks at to guess types, and behind blank lines and broken texts."""
    rows = [f'00017,2026-01-01,network,"row\n{i}"' for i in range(10_000)]
    rows += ["", "C2,2026-01-02,bill,x", ""] * 10_000
    rows.append("C2,2026-01-32,bill,x")
    (workspace.data / "ticket.csv").write_text("customer_id,opened_on,topic,note\n" + "\n".join(rows), encoding="utf-8")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    line = 1 + 2 * 10_000 + 3 * 10_000 + 1
    assert f"ticket.csv line {line}, column opened_on: not a date; 1 bad row of 20,001" in answer.json["message"]


def test_s10_dup_key(c360: CommandLine, workspace: Workspace) -> None:
    workspace.add("data/customer.csv", CUSTOMERS.splitlines()[1] + "\n" + "CANARY-KEY" + CUSTOMERS.rpartition("CANARY-KEY")[2])
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "KeyFault"
    assert answer.json["message"] == (
        "customer.csv, column customer_id: 2 rows whose key stands already, of 8; expected one row a customer"
    )


def test_s11_null_key(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/customer.csv", "CANARY-KEY,", ",")
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert answer.json["message"].startswith("customer.csv, column customer_id: 1 row without a key, of 6")


def test_a_fact_without_a_date(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/ticket.csv", "C3,2026-10-05,network", "C3,,network")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert "ticket.csv line 4, column opened_on: missing date; 1 bad row of 5" in answer.json["message"]


# The header.


def test_s17_reordered_header_gives_the_same_list(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "worth_keeping", "-c", "visits,name,value_tier").out
    for name in ("customer.csv", "line.csv", "ticket.csv"):
        reorder(workspace.data / name)
    after = c360("export", "worth_keeping", "-c", "visits,name,value_tier")
    assert after.code == 0
    assert after.out == before


def test_columns_nobody_knows_are_passed_over(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "worth_keeping").out
    path = workspace.data / "line.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["X," + rows[0] + ",", *(f"1,{row},2" for row in rows[1:])]), encoding="utf-8")
    assert c360("export", "worth_keeping").out == before


def test_s04_missing_column(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/customer.csv", "visits", "visit")
    answer = c360("export", "active", "-c", "visits", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "MissingColumn"
    assert answer.json["message"] == "source customer: column visits is not in the file (no 'visits') and not bound"
    assert answer.json["where"] == "customer.csv"
    assert "did you mean 'visit'?" in answer.json["hint"]
    assert c360("size", "active").code == 0
    tags = {row["name"]: row["available"] for row in c360("tags").rows}
    assert tags["visits"].startswith("source customer: column visits is not in the file")
    assert tags["arpu_3m"] == "yes"


def test_a_bound_column_that_is_missing(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "line.csv"', 'path = "line.csv"\ncolumns = { line = "LINE_NO" }')
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "source line: column line is bound to 'LINE_NO', which the file does not have"


@pytest.mark.parametrize("twice", ["name", "NAME", " name "])
def test_s18_dup_header(c360: CommandLine, workspace: Workspace, twice: str) -> None:
    workspace.replace("data/customer.csv", "kind,name,phone,", f"kind,name,{twice},")
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert "customer.csv line 1: columns of one name" in answer.json["message"]


def test_s19_bom_is_fine(c360: CommandLine, workspace: Workspace) -> None:
    before = c360("export", "worth_keeping", "-c", "name").out
    path = workspace.data / "customer.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert c360("export", "worth_keeping", "-c", "name").out == before


def test_another_delimiter(c360: CommandLine, workspace: Workspace) -> None:
    path = workspace.data / "line.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", "|"), encoding="utf-8")
    assert c360("size", "active").code == 4
    workspace.settings('path = "line.csv"', 'path = "line.csv"\ndelimiter = "|"')
    assert c360("size", "active").rows[0]["members"] == "4"


# Encodings.


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1"])
def test_s15_gbk_undeclared(c360: CommandLine, workspace: Workspace, encoding: str) -> None:
    text = CUSTOMERS if encoding == "gb18030" else CUSTOMERS.encode("ascii", "ignore").decode() + "é,2020-01-01,,,,,,,,\n"
    (workspace.data / "customer.csv").write_bytes(text.encode(encoding))
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    line = 2 if encoding == "gb18030" else 9
    assert answer.json["message"] == f"customer.csv line {line} is not UTF-8, and no other encoding is declared"
    assert 'encoding = "gb18030"' in answer.json["hint"]


def test_another_encoding_far_down(c360: CommandLine, workspace: Workspace) -> None:
    lines = "C2,2026-01-01,bill\n" * 5_000
    text = f"customer_id,opened_on,topic\n{lines}张金丝雀,2026-01-01,bill\n"
    (workspace.data / "ticket.csv").write_bytes(text.encode("gb18030"))
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket.csv line 5002 is not UTF-8, and no other encoding is declared"


@pytest.mark.parametrize("encoding", ["gb18030", "GBK", "utf-16", "utf_16_le"])
def test_s16_gbk_declared(c360: CommandLine, workspace: Workspace, encoding: str) -> None:
    before = c360("export", "worth_keeping", "-c", "name,note").out
    (workspace.data / "customer.csv").write_bytes(CUSTOMERS.encode(encoding))
    workspace.settings('path = "customer.csv"', f'path = "customer.csv"\nencoding = "{encoding}"')
    answer = c360("export", "worth_keeping", "-c", "name,note")
    assert answer.code == 0, answer.err
    assert answer.out == before
    assert not list((workspace.folder / ".c360" / "decoded").iterdir())


def test_a_line_that_is_not_in_the_declared_encoding(c360: CommandLine, workspace: Workspace) -> None:
    raw = CUSTOMERS.encode("gb18030")
    (workspace.data / "customer.csv").write_bytes(raw.replace("王芳".encode("gb18030"), b"\xff\xff"))
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nencoding = "gb18030"')
    answer = c360("size", "active", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "customer.csv line 4 is not gb18030, as its binding declares"
    assert "makes a guess" in answer.json["hint"]


def test_an_encoding_nobody_knows(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('path = "customer.csv"', 'path = "customer.csv"\nencoding = "klingon"')
    answer = c360("size", "active", "--json")
    assert answer.code == 3
    assert "'klingon' is no encoding c360 reads, write one of utf-8" in answer.json["message"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("customer_id,opened_on\n".encode("utf-16"), "ticket.csv is UTF-16, expected CSV in UTF-8"),
        (b"PAR1....", "ticket.csv is a Parquet file, expected CSV"),
        (b"PK\x03\x04....", "ticket.csv is an Excel or zip file, expected CSV"),
        (b"\x1f\x8b\x08....", "ticket.csv is compressed, expected CSV"),
        (b"", "ticket.csv is empty (0 bytes); expected a header line"),
    ],
)
def test_a_file_of_another_kind(c360: CommandLine, workspace: Workspace, content: bytes, told: str) -> None:
    (workspace.data / "ticket.csv").write_bytes(content)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "DamagedFile"
    assert told in answer.json["message"]


# Rows.


def test_s23_zero_rows(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket.csv").write_text("customer_id,opened_on,topic\n", encoding="utf-8")
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert (answer.json["message"], answer.json["where"]) == ("source ticket has 0 rows", "ticket.csv")
    assert "allow_empty = true in [sources.ticket]" in answer.json["hint"]
    workspace.settings('path = "ticket.csv"', 'path = "ticket.csv"\nallow_empty = true')
    assert c360("size", "worth_keeping").code == 0


def test_s01_source_missing(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket.csv").unlink()
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["kind"] == "MissingSource"
    assert answer.json["message"] == "source ticket is bound to 'ticket.csv', which is not there"
    assert str(workspace.data) in answer.json["hint"]
    assert c360("size", "active").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read(c360: CommandLine, workspace: Workspace) -> None:
    (workspace.data / "ticket.csv").chmod(0)
    answer = c360("size", "worth_keeping", "--json")
    assert answer.code == 4
    assert answer.json["message"] == "ticket.csv cannot be read: Permission denied"


def test_a_source_nobody_bound(c360: CommandLine, workspace: Workspace) -> None:
    workspace.settings('[sources.ticket]\npath = "ticket.csv"\n', "")
    answer = c360("size", "worth_keeping")
    assert answer.code == 2
    assert "source ticket is not bound" in answer.err
    assert c360("check").code == 0


def test_texts_that_mean_null_and_recodes(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("data/customer.csv", '"a, b",4,yes', '"a, b",NA,JA')
    workspace.replace("data/customer.csv", "family", "F")
    workspace.settings(
        'path = "customer.csv"',
        'path = "customer.csv"\nnulls = ["NA"]\n'
        'columns = { kind = { from = "kind", recode = { F = "family" } }, is_member = { recode = { JA = "yes" } } }',
    )
    rows = {row["customer_id"]: row for row in c360("export", "active", "-c", "kind,visits,is_member").rows}
    assert rows["C3"]["kind"] == "family"
    assert (rows["CANARY-KEY"]["visits"], rows["CANARY-KEY"]["is_member"]) == ("", "true")


def reorder(path: Path) -> None:
    """Write the columns of a CSV file from right to left."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(list(reversed(row)) for row in rows)
