"""Drafting bindings: what a file is, which column is which, which code is which level; and that the drafts are taken."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360.bindings.levels import as_boolean, level_of, recoded
from c360.bindings.matching import matched, name_score, nearest
from c360.bindings.profiles import ColumnProfile, FileProfile, shown_codes
from c360.bindings.sniff import Written, written_as
from c360.bindings.words import unit_in
from c360.datatypes import TEXT, category, key_of
from c360.engines.decoding import DecodedFiles
from c360.engines.duckdb import DuckDBEngine
from c360.engines.profile import profile_of
from c360.expr.schema import ENTITY, FACTS, ColumnSpec, SourceSpec
from tiny import CANARIES, Answer, CommandLine, Workspace, c360, workspace  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parents[2]

Suggest = Callable[..., Answer]


# How a file is written.


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ("id,name\n1,张\n".encode(), "utf-8", ","),
        ("id;name\n1;a,b\n".encode("utf-8-sig"), "utf-8", ";"),
        ("客户编号\t姓名\n1\t张伟\n".encode("gbk"), "gb18030", "\t"),
        ("id|姓名\n1|张伟\n".encode("utf-16"), "utf-16", "|"),
        ("id|姓名与地址\n1|abc\n".encode("utf-16-le"), "utf-16-le", "|"),
        ("id|nom\n1|Éloïse Bérénice\n".encode("cp1252"), "cp1252", "|"),
        (b"only\n1\n", "utf-8", ","),
    ],
)
def test_how_a_file_is_written(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = written_as(path)
    assert (found.kind, found.encoding, found.delimiter) == ("csv", encoding, delimiter)
    assert found.is_sure == (encoding in {"utf-8", "utf-16"})


# Names.


def column(name: str, entity: str = "") -> ColumnSpec:
    return ColumnSpec(name, key_of(entity) if entity else TEXT)


@pytest.mark.parametrize(
    ("contract", "heading"),
    [
        (column("customer", "customer"), "Customer ID"), (column("customer", "customer"), "CUST_ID"),
        (column("customer", "customer"), "客户编号"), (column("line", "line"), "SERV_ID"), (column("line", "line"), "用户号码"),
        (column("month"), "ACCT_MONTH"), (column("month"), "账期"), (column("total"), "FEE_AMT"), (column("total"), "出账费用(元)"),
        (column("joined_on"), "开通日期"), (column("joined_on"), "Join Date"), (column("birth_date"), "客户出生日期"),
        (column("gender"), "Sex"), (column("region"), "地市"), (column("tenure_months"), "Tenure in Months"),
        (column("referrals"), "Number of Referrals"), (column("has_left"), "Churn Label"),
        (column("months_in_service"), "MonthsInService"),
        (column("age"), "AgeHH1"), (column("lifetime_value"), "CLTV"), (column("satisfaction"), "satisfacton"),
    ],
)  # fmt: skip
def test_headings_of_a_contract_column(contract: ColumnSpec, heading: str) -> None:
    spec = SourceSpec("customer", ENTITY, "customer", (contract,))
    assert name_score(spec, contract, heading)[0] >= 0.7


@pytest.mark.parametrize(
    ("contract", "heading"),
    [
        (column("customer", "customer"), "Customer Complaint"), (column("total"), "Quarter"), (column("name"), "Phone Number"),
        (column("gender"), "Age"), (column("monthly_charge"), "Location ID"),
    ],
)  # fmt: skip
def test_headings_of_something_else(contract: ColumnSpec, heading: str) -> None:
    spec = SourceSpec("customer", ENTITY, "customer", (contract,))
    assert name_score(spec, contract, heading)[0] < 0.55


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("流量(GB)", "GB"), ("fee_fen", "fen"), ("出账费用（分）", "fen"), ("Duration [seconds]", "second"), ("total", "")],
)  # fmt: skip
def test_units_that_headings_name(heading: str, unit: str) -> None:
    assert unit_in(heading) == unit


# Codes.


@pytest.mark.parametrize(
    ("code", "levels", "level"),
    [
        ("Month-to-Month", ("month_to_month", "one_year"), "month_to_month"), ("Offer A", ("none", "A", "B"), "A"),
        ("Bank Withdrawal", ("bank", "card"), "bank"), ("F", ("female", "male"), "female"), ("女", ("female", "male"), "female"),
        ("集团客户", ("person", "family", "organisation"), "organisation"), ("Churned", ("stayed", "left"), "left"),
        ("6-VeryLow", ("low", "very_low"), "very_low"), ("Self", ("self_employed", "student"), "self_employed"),
        ("1 Year", ("one_year", "two_year"), "one_year"), ("M", ("mobile", "member"), None), ("1", ("female", "male"), None),
        ("Blue", ("red", "green"), None),
    ],
)  # fmt: skip
def test_which_level_a_code_is(code: str, levels: tuple[str, ...], level: str | None) -> None:
    assert level_of(code, levels) == level


def test_codes_that_mean_null_are_no_levels() -> None:
    found = recoded(["Female", "male", "Unknown", "x"], ("female", "male"))
    assert (found.changes, found.nulls, found.unknown) == ({"Female": "female"}, ("Unknown",), ("x",))
    assert recoded(["None", "A"], ("none", "A")).nulls == ()


def test_words_for_yes_and_no() -> None:
    assert as_boolean(["Yes", "No"]).changes == {}
    assert as_boolean(["有", "无", "NA"]).changes == {"有": "yes", "无": "no"}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("姓名", ("张伟", "李娜")),
        ("CustomerID", ("C1", "C2")),
        ("Phone", ("a", "b")),
        ("note", ("x@y.cn", "b")),
        ("grade", ("13800138000", "b")),
        ("用户编号", ("A1", "A2")),
    ],
)
def test_codes_of_people_are_not_shown(name: str, codes: tuple[str, ...]) -> None:
    assert shown_codes(ColumnProfile(name, "VARCHAR", 100, 100, len(codes), codes=codes)) == ()


def test_codes_are_shown_when_few_and_frequent() -> None:
    assert shown_codes(ColumnProfile("grade", "VARCHAR", 100, 100, 2, codes=("a", "b"))) == ("a", "b")
    assert shown_codes(ColumnProfile("grade", "VARCHAR", 3, 3, 2, codes=("a", "b"))) == ()
    many = tuple(f"code {n}" for n in range(13))
    assert shown_codes(ColumnProfile("grade", "VARCHAR", 100, 100, 13, codes=many)) == ()


# Profiles.


def profiled(tmp_path: Path, engine: DuckDBEngine, text: str) -> FileProfile:
    """Return the profile of a CSV file."""
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return profile_of(engine, DecodedFiles(tmp_path / "decoded"), path)


def test_what_a_profile_counts(tmp_path: Path, duckdb_engine: DuckDBEngine) -> None:
    id_, fee, note = profiled(tmp_path, duckdb_engine, "id,fee,note\n1,2.50,NA\n2,,no\n3,1e3,\n3,x,YES\n").columns
    assert (id_.rows, id_.filled, id_.distinct, id_.whole, id_.is_unique) == (4, 4, 3, 4, False)
    assert (fee.filled, fee.distinct, fee.longest, fee.whole, fee.plain, fee.cents) == (3, 3, 4, 0, 2, 2)
    assert (note.filled, note.booleans, note.null_texts, note.codes) == (2, 2, ("NA",), ("NA", "YES", "no"))


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        (("2026-08-01", "2026-12-31"), ("",)),
        (("20260801", "20261231"), ("%Y%m%d",)),
        (("31/01/2026", "01/02/2026"), ("%d/%m/%Y",)),
        (("02/01/2026", "01/02/2026"), ("%d/%m/%Y", "%m/%d/%Y")),
        (("2026年8月1日", "2026年12月31日"), ("%Y年%m月%d日",)),
        (("2026-08-01 10:00:00", "2026-08-02 00:00:00"), ("%Y-%m-%d %H:%M:%S",)),
        (("22-Apr-15", "04-Aug-15"), ("%d-%b-%y",)),
        (("20260801", "20261331"), ()),
        (("13800138000", "02088886666"), ()),
    ],
)
def test_forms_of_dates(tmp_path: Path, duckdb_engine: DuckDBEngine, values: tuple[str, ...], forms: tuple[str, ...]) -> None:
    found = profiled(tmp_path, duckdb_engine, "\n".join(["id;day", *(f"{n};{value}" for n, value in enumerate(values))]))
    assert found.columns[1].date_formats == forms


@pytest.mark.parametrize(
    ("value", "form"), [("202608", ""), ("2026-08", ""), ("2026/08", "%Y/%m"), ("2026年8月", "%Y年%m月"), ("200", None)]
)
def test_forms_of_months(tmp_path: Path, duckdb_engine: DuckDBEngine, value: str, form: str | None) -> None:
    found = profiled(tmp_path, duckdb_engine, f"id,month\n1,{value}\n").columns[1].month_formats
    assert found[:1] == (() if form is None else (form,))


# The nearest contract.

PERSON = SourceSpec(
    "person", ENTITY, "person", (ColumnSpec("person", key_of("person")), ColumnSpec("grade", category("low", "high")))
)
VISIT = SourceSpec("visit", FACTS, "visit", (ColumnSpec("person", key_of("person")), ColumnSpec("on", TEXT, "event")))


def profile(*columns: ColumnProfile, name: str = "a.csv") -> FileProfile:
    return FileProfile(Path(name), Written("csv"), columns[0].rows, columns)


def test_values_decide_between_names() -> None:
    yes_no = ColumnProfile("Grade", "VARCHAR", 9, 9, 2, booleans=9, codes=("Yes", "No"))
    levels = ColumnProfile("Grade Code", "VARCHAR", 9, 9, 2, codes=("L", "H"))
    found = matched(profile(ColumnProfile("Person ID", "VARCHAR", 9, 9, 9), yes_no, levels), PERSON)
    assert {name: match.found.name for name, match in found.columns.items()} == {"person": "Person ID", "grade": "Grade Code"}


def test_a_key_that_is_not_unique_is_none() -> None:
    found = matched(profile(ColumnProfile("person_id", "VARCHAR", 9, 9, 7)), PERSON)
    assert not found.fits and found.lacks == "the key person"
    assert found.misfits == {"person": '"person_id" may be person, but 2 of its rows have no key of their own'}


def test_the_nearest_contract_has_its_key_and_its_date() -> None:
    rows = profile(ColumnProfile("person_id", "VARCHAR", 9, 9, 7), ColumnProfile("On", "VARCHAR", 9, 9, 9, date_formats=("",)))
    assert [match.spec.name for match in nearest(rows, [PERSON, VISIT])] == ["visit", "person"]


# Drafts that are taken. Each test names the edits it makes before the check.


@pytest.fixture
def suggest(c360: CommandLine) -> Suggest:  # noqa: F811
    """Run a command in a workspace of the test's own."""
    return lambda folder, *arguments: c360("-w", str(folder), *map(str, arguments), bare=True)


def workspace_from(origin: Path, folder: Path, settings: str) -> Path:
    """Return a copy of a workspace's definitions without a bound source."""
    for part in ("tags", "segments"):
        shutil.copytree(origin / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "c360.toml").write_text(settings, encoding="utf-8")
    return folder


def taken(suggest: Suggest, folder: Path, draft: str, *edits: tuple[str, str]) -> Answer:
    """Return the check's answer to *draft* after *edits*; each must change something."""
    for old, new in edits:
        assert old in draft, f"{old!r} is not in the draft"
        draft = draft.replace(old, new)
    path = folder / "c360.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + draft, encoding="utf-8")
    return suggest(folder, "check", "--json")


@pytest.mark.thorough
def test_ibm_files_are_taken_without_an_edit(suggest: Suggest, tmp_path: Path, shared_data: Path) -> None:
    settings = f'as_of = 2017-09-30\ndata_folder = "{shared_data}"\n'
    folder = workspace_from(ROOT / "examples" / "ibm_telco", tmp_path / "ibm", settings)
    answer = suggest(folder, "sources", "--suggest", *sorted((shared_data / "ibm_telco").glob("*.csv")))
    assert answer.code == 0, answer.err
    assert re.findall(r"is (\w+)\n", answer.err) == ["customer", "location", "zip_area", "services", "status"]
    assert "0 stay unavailable" in answer.err
    checked = taken(suggest, folder, answer.out)
    assert checked.code == 0, checked.out
    assert {source["state"] for source in checked.json["sources"]} == {"ok"}
    by_hand = c360_sizes(suggest, ROOT / "examples" / "ibm_telco", shared_data)
    assert c360_sizes(suggest, folder, shared_data) == by_hand


def c360_sizes(suggest: Suggest, folder: Path, data: Path) -> object:
    answer = suggest(folder, "--data", data, "size", "month_to_month", "at_risk", "worth_saving", "--json")
    return [(size["name"], size["members"], size["unknown"]) for size in answer.json["sizes"]]


CELL2CELL = """from c360 import Boolean, Category, Entity, Integer, Money, Ordered, current

class Customer(Entity):
    default = True
    has_left: Boolean = current()
    months_in_service: Integer = current(min=0, unit="month")
    age: Integer = current(min=0, max=120, unit="year")
    has_children: Boolean = current()
    is_married: Boolean = current()
    credit_rating: Ordered["lowest", "very_low", "low", "medium", "good", "high", "highest"] = current()
    occupation: Category[
        "professional", "crafts", "clerical", "self_employed", "retired", "student", "homemaker", "other"
    ] = current()
    monthly_revenue: Money = current(min=0, unit="dollar/month")
    overage_minutes: Integer = current(min=0, unit="minute")
    handset_price: Integer = current(min=0, unit="dollar")
"""


@pytest.mark.thorough
def test_cell2cell_is_taken_after_one_edit(suggest: Suggest, tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "tags" / "sources.py").write_text(CELL2CELL, encoding="utf-8")
    (tmp_path / "c360.toml").write_text("as_of = 2005-01-01\n", encoding="utf-8")
    answer = suggest(tmp_path, "sources", "--suggest", shared_data / "cell2cell" / "cell2celltrain.csv")
    assert answer.code == 0, answer.err
    assert 'nulls = ["NA", "Unknown"]' in answer.out and 'age = "AgeHH1"' in answer.out and "# not found" not in answer.out
    assert "column monthly_revenue" not in answer.err and "column MonthlyRevenue: below 0; 3 bad rows of 51,047" in answer.err
    # 1: three customers owe less than nothing, which the contract does not foresee: they are left out.
    checked = taken(suggest, tmp_path, answer.out, ('nulls = ["NA"', 'max_bad_rows = 3\nnulls = ["NA"'))
    assert checked.code == 0, checked.out
    (told,) = checked.json["sources"]
    assert (told["state"], told["rows"]) == ("ok", 51_047)
    assert told["problems"] == ["customer: 3 bad rows of 51,047 left out (.c360/rejects/customer.csv)"]


CUSTOMERS = ("客户编号", "姓名", "客户类型", "性别", "出生日期", "入网日期", "联系电话", "地市", "备注")
BILLS = ("用户号码", "账期", "套餐费(分)", "出账费用(分)", "优惠金额(分)")


def gbk(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    """Write a CSV file as Chinese systems export it."""
    path.write_bytes("".join(",".join(row) + "\r\n" for row in (head, *rows)).encode("gbk"))
    return path


@pytest.mark.thorough
def test_chinese_files_are_taken_after_one_edit(suggest: Suggest, tmp_path: Path) -> None:
    folder = workspace_from(ROOT, tmp_path / "telecom", 'time_zone = "Asia/Shanghai"\ndata_folder = "data"\n')
    (folder / "data").mkdir()
    kinds = ("个人客户", "家庭客户", "集团客户")
    people = gbk(
        folder / "data" / "客户资料.csv", CUSTOMERS,
        [
            (f"C{n:03}", f"张金丝雀{n}", kinds[n % 3], "12"[n % 2], f"19{60 + n}/{1 + n % 12}/05", f"202001{1 + n:02}",
             f"138{n:08}", "杭州", "N/A")
            for n in range(30)
        ],
    )  # fmt: skip
    months = [(f"L{n}", month, "5900", str(5900 + n), "0") for n in range(30) for month in ("202608", "202609", "202610")]
    bills = gbk(folder / "data" / "账单.csv", BILLS, months)
    answer = suggest(folder, "sources", "--suggest", people, bills)
    assert answer.code == 0, answer.err
    assert 'encoding = "gb18030"' in answer.out and 'birth_date = { from = "出生日期", format = "%Y/%m/%d" }' in answer.out
    assert 'total = { from = "出账费用(分)", unit = "fen" }' in answer.out
    lit = suggest(folder, "sources", "--suggest", bills, "--json").json["lights_up"]
    assert "line_revenue_3m" in lit and "arpu_3m" not in lit  # whose line it is, only the source line says
    assert not any(name in answer.out + answer.err for name in ("张金丝雀", "13800000001", "C001"))
    # 1: which of 1 and 2 is which cannot be guessed (GB/T 2261: 1 is male).
    line = next(line for line in answer.out.splitlines() if line.startswith("# gender"))
    gender = 'gender = { from = "性别", recode = { "1" = "male", "2" = "female" } }'
    checked = taken(suggest, folder, answer.out, (line, gender))
    assert checked.code == 0, checked.out
    states = {source["name"]: source["state"] for source in checked.json["sources"] if source["state"] != "not bound"}
    assert states == {"customer": "partial", "bill": "partial"}  # all that is in the files; the contracts have more columns


# What is said and what is not.


@pytest.mark.thorough
def test_no_value_of_a_customer_is_printed(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    for arguments in ((), ("--json",), ("--contract",)):
        answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "customer.csv", *arguments)
        assert answer.code == 0, answer.err
        for value in (*CANARIES, "李娜", "13800138000", "C2", "1980-01-01", "plain"):
            assert value not in answer.out + answer.err, value


def test_a_parquet_file_is_drafted_too(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "score.parquet", "--json")
    (found,) = answer.json["files"]
    assert (found["source"], found["kind"], found["missing"], found["problems"]) == ("score", "parquet", [], [])
    assert {c["column"]: c["found"] for c in found["columns"]} == {"customer": "customer_id", "risk": "risk", "grade": "grade"}


def test_what_a_check_would_say_is_said_at_once(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    workspace.add("data/customer.csv", "C9,2020-01-01,person,a,b,c,2000-01-01,,-1,yes\n")
    answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "customer.csv")
    assert "the check will say: customer.csv line 9, column visits: below 0; 1 bad row of 7" in answer.err


def test_two_files_for_one_source(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    shutil.copy(workspace.data / "ticket.csv", workspace.data / "ticket-2.csv")
    files = (workspace.data / "ticket.csv", workspace.data / "ticket-2.csv")
    answer = suggest(workspace.folder, "sources", "--suggest", *files)
    assert "ticket.csv is drafted for ticket too; bind one of them, or both by a pattern" in answer.out
    assert answer.out.count("\n[sources.ticket]\n") == 1 and "\n# [sources.ticket]\n" in answer.out


@pytest.mark.thorough
def test_a_file_that_fits_no_contract_gets_one(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    rows = [(f"C{n}", date(2026, 1, 1 + n % 20), ("app", "store")[n % 2], n * 1.25) for n in range(40)]
    frame = pl.DataFrame(rows * 2, schema=["customer_id", "paid on", "Paid Via", "支付金额"], orient="row")
    frame.write_csv(workspace.data / "payments.csv")
    answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "payments.csv")
    assert "payments.csv: csv, utf-8, delimiter ',', 80 rows; fits no contract; one is drafted" in answer.err
    assert "class Payments(Facts):" in answer.err and "# [sources.payments]" in answer.out
    contract = suggest(workspace.folder, "sources", "--suggest", workspace.data / "payments.csv", "--contract").out
    assert re.findall(r"^    (\w+: .*?)  #", contract, re.M) == [
        "customer: Key[Customer]", "paid_on: Date = event()", 'paid_via: Category["app", "store"]', "column: Money",
    ]  # fmt: skip
    workspace.add("tags/sources.py", "\n\n" + contract)
    draft = "".join(line.removeprefix("# ") + "\n" for line in answer.out.splitlines()[2:])
    checked = taken(suggest, workspace.folder, draft)
    assert checked.code == 0, checked.out


def test_a_file_without_rows_is_matched_by_name(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    (workspace.data / "empty.csv").write_text("Customer ID,Opened On,Topic\n", encoding="utf-8")
    answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "empty.csv")
    assert answer.code == 0, answer.err
    assert "[sources.ticket]" in answer.out and "the file has no rows" in answer.err
    assert "the check will say: 0 rows" in answer.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sources", "--suggest"), "--suggest takes files"),
        (("sources", "a.csv"), "for a file: c360 sources --suggest a.csv"),
        (("sources", "a.csv", "b.csv"), "go with --suggest"),
        (("sources", "--suggest", "none.csv"), "none.csv is not there"),
        (("sources", "--suggest", "a.csv", "b.csv", "--as", "bill"), "--as names the source of one file"),
        (("sources", "--suggest", "a.csv", "--as", "bil"), "unknown source 'bil'"),
    ],
)
def test_wrong_uses(suggest: Suggest, workspace: Workspace, arguments: tuple[str, ...], told: str) -> None:  # noqa: F811
    answer = suggest(workspace.folder, *arguments)
    assert answer.code == 2
    assert told in answer.err


def test_a_file_that_cannot_be_read(suggest: Suggest, workspace: Workspace) -> None:  # noqa: F811
    (workspace.data / "bad.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    answer = suggest(workspace.folder, "sources", "--suggest", workspace.data / "bad.csv")
    assert answer.code == 4
    assert "bad.csv line 3: 1 fields, expected 2" in answer.err
