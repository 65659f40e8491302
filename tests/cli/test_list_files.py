"""The files people get: workbooks, titles in their language, encodings, and lists kept to given keys."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from c360.deliver.excel import ABOUT, MOST_ROWS
from c360.workspace import Workspace as Opened
from tiny import CommandLine, Workspace
from workbooks import read

TITLED = ("客户编号", "价值层级", "近三月ARPU", "到店次数")


@pytest.fixture(autouse=True)
def chinese_names(workspace: Workspace) -> None:
    """Give the sources the Chinese names that the reference catalogue has."""
    workspace.replace("tags/sources.py", "    default = True\n", '    default = True\n    zh = "客户"\n')
    workspace.replace("tags/sources.py", 'fixed(sensitivity="internal")', 'fixed(sensitivity="internal", zh="备注")')


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put bytes on stdin."""
    return lambda raw: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def manifest(path: Path) -> dict[str, Any]:
    """Return the manifest beside a list."""
    told: dict[str, Any] = json.loads(path.with_name(path.name + ".manifest.json").read_text(encoding="utf-8"))
    return told


# Workbooks.


def test_a_workbook_by_its_ending(c360: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    answer = c360("export", "active", "-c", "value_tier,arpu_3m,note,is_member,joined_on,phone", "-o", str(path))
    assert answer.code == 0, answer.err
    listed, about = read(path)
    assert (listed.name, about.name) == ("List", ABOUT)
    rows = listed.values()
    assert rows[0] == ["Customer ID", "Value tier", "ARPU", "Note", "Is member", "Joined on", "Phone"]
    assert rows[1][:5] == ["00017", "high", 120.0, "=1+1", "yes"]
    assert rows[1][6] == "138****8000"
    assert (str(listed.cells["F2"].day), listed.cells["F2"].shown_as) == ("2019-01-05", "yyyy-mm-dd")
    facts = {row[0]: row[1] for row in about.values() if len(row) == 2}
    told = manifest(path)
    assert facts["run id"] == told["run_id"]
    assert facts["definition hash"] == told["inputs"]["definition_hash"]
    assert facts["rows"] == told["results"]["rows"] == 4
    assert (facts["as of"], facts["masked columns"]) == (told["inputs"]["as_of"], "Phone")
    assert (told["results"]["format"], told["results"]["headers"]) == ("xlsx", "titles")


def test_the_same_list_gives_the_same_workbook(c360: CommandLine, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert c360("--lang", "zh", "export", "worth_keeping", "-o", str(tmp_path / f"{name}.xlsx")).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.thorough
def test_a_workbook_on_stdout(c360: CommandLine) -> None:
    answer = c360.apart("export", "worth_keeping", "--format", "xlsx")
    assert read(answer.raw)[0].values()[0][0] == "Customer ID"


def test_names_instead_of_titles(c360: CommandLine, tmp_path: Path) -> None:
    c360("export", "active", "-c", "visits", "--headers", "names", "-o", str(tmp_path / "list.xlsx"))
    assert read(tmp_path / "list.xlsx")[0].values()[0] == ["customer_id", "visits"]


def test_columns_of_one_title_say_their_names_too(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    workspace.add("tags/value.py", 'again = tag(Customer.visits, title="Visits")\n')
    c360("export", "active", "-c", "visits,again", "-o", str(tmp_path / "list.xlsx"))
    assert read(tmp_path / "list.xlsx")[0].values()[0] == ["Customer ID", "Visits (visits)", "Visits (again)"]


def test_e17_xlsx_row_limit_leaves_nothing(c360: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("c360.deliver.excel.MOST_ROWS", 3)
    answer = c360("export", "active", "-o", str(tmp_path / "list.xlsx"))
    assert answer.code == 5
    assert "4 rows do not fit into an Excel sheet" in answer.err and ".csv" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["work"]
    assert MOST_ROWS == 1024 * 1024 - 1


def test_a_rule_as_text_is_its_own_title(workspace: Workspace, tmp_path: Path) -> None:
    made = Opened.find(workspace.folder).export(where="visits > 1", path=tmp_path / "list.xlsx")
    assert made.path is not None
    assert read(made.path)[1].values()[0] == ["visits > 1"]


# The language.


def test_chinese_titles_and_words(c360: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    order = ("--order", "-arpu_3m", "--limit", "2")
    answer = c360("--lang", "zh", "export", "worth_keeping", "-c", "value_tier,arpu_3m,visits", *order, "-o", str(path))
    listed, about = read(path)
    assert tuple(listed.values()[0]) == TITLED
    words = [row[1] for row in about.values()[about.values().index(["名单形成过程"]) + 2 :][:7]]
    assert words == [
        "2026-11-29的全部客户",
        "在范围“在网客户”内（active）",
        "价值层级不低于'low'",
        "近90天工单低于2",
        "离网风险高于0.1",
        "按排序取前2个",
        "名单行数",
    ]
    for said in (*words, "进入", "剩余"):
        assert str(said) in answer.err
    assert [s["words"] for s in manifest(path)["results"]["waterfall"]] == words


def test_the_language_changes_words_and_no_value(c360: CommandLine) -> None:
    english, chinese = (c360("--lang", lang, "export", "worth_keeping", "--json").json for lang in ("en", "zh"))
    assert english["list"] == chinese["list"]
    assert (english["run_id"], english["columns"]) == (chinese["run_id"], chinese["columns"])


@pytest.mark.thorough
def test_csv_has_names_unless_titles_are_asked_for(c360: CommandLine) -> None:
    arguments = ("export", "active", "-c", "value_tier,arpu_3m,visits")
    assert c360("--lang", "zh", *arguments).out.splitlines()[0] == "customer_id,value_tier,arpu_3m,visits"
    assert c360("--lang", "zh", *arguments, "--headers", "titles").out.splitlines()[0] == ",".join(TITLED)
    assert c360(*arguments, "--headers", "titles").out.splitlines()[0] == "Customer ID,Value tier,ARPU,Visits"


def test_a_terminal_shows_titles_when_asked(c360: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("c360.cli.show.sys.stdout.isatty", lambda: True)
    assert "价值层级" in c360("--lang", "zh", "export", "worth_keeping", "-c", "value_tier", "--headers", "titles").out


def test_a_card_in_chinese_calls_things_by_their_titles(c360: CommandLine) -> None:
    assert "近三月ARPU分层" in c360("--lang", "zh", "tags", "value_tier").out
    assert "tier of arpu 3m" in c360("tags", "value_tier").out


# Encodings.


@pytest.mark.thorough
def test_csv_in_gb18030(c360: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    arguments = ("export", "active", "-c", "called", "--headers", "titles", "--encoding", "GB18030", "-o", str(path))
    assert c360("--lang", "zh", *arguments).code == 0
    assert path.read_bytes().startswith("客户编号,姓名\n00017,张*\n".encode("gb18030"))
    assert manifest(path)["results"]["encoding"] == "gb18030"
    assert (
        c360.apart("export", "active", "-c", "called", "--encoding", "gb18030").raw.decode("gb18030").splitlines()[1] == "00017,张*"
    )


def test_utf_8_by_name_is_utf_8_as_ever(c360: CommandLine, tmp_path: Path) -> None:
    for name, encoding in (("a", ()), ("b", ("--encoding", "UTF8")), ("c", ("--encoding", "utf-8-sig"))):
        assert c360("export", "active", *encoding, "-o", str(tmp_path / f"{name}.csv")).code == 0
    assert len({(tmp_path / f"{name}.csv").read_bytes() for name in "abc"}) == 1


def test_what_an_encoding_lacks_is_counted_not_lost(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    workspace.replace("data/customer.csv", ",=1+1,", ",㐀🙂,")
    answer = c360("export", "active", "-c", "note,visits", "--encoding", "gbk", "-o", str(tmp_path / "list.csv"))
    assert answer.code == 2
    assert "gbk lacks characters of 1 cells of 'note'" in answer.err
    assert "--encoding gb18030" in answer.err
    assert "㐀" not in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["work"]
    answer = c360("export", "active", "-c", "note", "--encoding", "gb18030", "-o", str(tmp_path / "list.csv"))
    assert "㐀🙂" in (tmp_path / "list.csv").read_text(encoding="gb18030")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--encoding", "klingon"), "lists are not written in 'klingon'"),
        (("--encoding", "gb18030", "--format", "parquet"), "parquet has no encoding to choose"),
        (("--encoding", "gb18030", "--format", "xlsx"), "xlsx has no encoding to choose"),
        (("--headers", "pretty"), "headers are names or titles, found 'pretty'"),
        (("--headers", "titles", "--format", "jsonl"), "jsonl is for machines"),
    ],
)
def test_a_form_that_cannot_be(c360: CommandLine, arguments: tuple[str, ...], told: str) -> None:
    answer = c360("export", "active", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err and "hint:" in answer.err


# Given keys.


def test_a_list_keeps_to_the_keys_on_stdin(c360: CommandLine, stdin: Any, tmp_path: Path) -> None:
    stdin(b"\xef\xbb\xbfcustomer_id\r\n00017\r\n\r\nC4\nNOBODY\nCANARY-KEY\nC4\n17\n")
    path = tmp_path / "list.csv"
    answer = c360("export", "worth_keeping", "-c", "visits", "--keys", "-", "-o", str(path))
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["customer_id,visits", "00017,3", "CANARY-KEY,4"]
    assert "in the 5 given keys" in answer.err
    assert "2 of the 5 given keys are unknown on 2026-11-29" in answer.err  # NOBODY, and 17 is not 00017
    stages = manifest(path)["results"]["waterfall"]
    assert [(s["kind"], s["entered"], s["removed"], s["left"]) for s in stages[:3]] == [
        ("all", 6, 0, 6),
        ("keys", 6, 3, 3),
        ("universe", 3, 1, 2),  # C4's line ended
    ]
    assert manifest(path)["results"]["keys"] == {"given": 5, "unknown": 2}


def test_keys_stand_in_no_account(c360: CommandLine, stdin: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    stdin(b"CANARY-KEY\nNOBODY\n")
    answer = c360("--lang", "zh", "export", "active", "--keys", "-", "-o", str(path), "--json")
    account = path.with_name("list.xlsx.manifest.json").read_text(encoding="utf-8")
    for key in ("CANARY-KEY", "NOBODY"):
        assert key not in account and key not in answer.out and key not in read(path)[1].xml
    assert ["给定编号", "给定2个，其中1个查无此编号"] in read(path)[1].values()
    assert answer.json["keys"] == {"given": 2, "unknown": 1}


def test_keys_from_a_file_and_from_python(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("C2\nC3\n", encoding="utf-8")
    out = c360("export", "active", "-c", "visits", "--keys", str(tmp_path / "ids.txt")).out
    assert out.splitlines()[1:] == ["C2,0", "C3,2"]
    made = Opened.find(workspace.folder).export("active", keys=("C3", "C2", "C2"), columns=("visits",))
    assert made.frame["customer_id"].to_list() == ["C2", "C3"]


def test_other_keys_are_another_run_and_their_order_is_not(c360: CommandLine, workspace: Workspace) -> None:
    opened = Opened.find(workspace.folder)
    runs = [opened.export("active", keys=keys).run_id for keys in (("C2", "C3"), ("C3", "C2"), ("C2",))]
    assert runs[0] == runs[1] != runs[2]
    assert opened.export("active").run_id not in runs


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b"", "no key was given"),
        (b"customer_id\n", "no key was given"),
        (b"NOBODY\nNEITHER\n", "none of the 2 given keys is that of a customer on 2026-11-29"),
        ("客户\n".encode("gb18030"), "the keys are no UTF-8 text"),
        (b"C2,yes\nC3,no\n", "none of the 2 given keys"),
    ],
)
def test_keys_that_cannot_be(c360: CommandLine, stdin: Any, tmp_path: Path, given: bytes, told: str) -> None:
    stdin(given)
    answer = c360("export", "active", "--keys", "-", "-o", str(tmp_path / "list.csv"))
    assert answer.code == 2
    assert told in answer.err
    assert "NOBODY" not in answer.err
    assert not (tmp_path / "list.csv").exists()


@pytest.mark.thorough
def test_many_keys(c360: CommandLine, stdin: Any) -> None:
    stdin("\n".join(["C2", *(f"X{i}" for i in range(200_000))]).encode())
    answer = c360("export", "active", "-c", "visits", "--keys", "-")
    assert answer.out.splitlines() == ["customer_id,visits", "C2,0"]
    assert "200,000 of the 200,001 given keys are unknown" in answer.err


def test_a_quote_in_a_key_is_a_quote(workspace: Workspace) -> None:
    made = Opened.find(workspace.folder).export("active", keys=("C2", "x'; DROP TABLE list_rows; --"))
    assert (made.frame.height, made.account.keys_unknown) == (1, 1)


# Levels.

LEVELS = 'title="Value tier", zh="价值层级", levels_zh={"high": "高", "low": "低", "minimal": "极低"}'


@pytest.mark.thorough
def test_levels_are_in_the_language_of_the_titles(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    workspace.replace("tags/value.py", 'title="Value tier", zh="价值层级"', LEVELS)
    book, plain = tmp_path / "list.xlsx", tmp_path / "list.csv"
    columns = ("active", "-c", "value_tier,arpu_3m")
    assert c360("--lang", "zh", "export", *columns, "-o", str(book)).code == 0
    listed, _ = read(book)
    assert [row[1] for row in listed.values()] == ["价值层级", "高", "低", "高", "高"]
    assert c360("--lang", "zh", "export", *columns, "-o", str(plain)).code == 0  # names of columns, so names of levels
    assert [line.split(",")[1] for line in plain.read_text(encoding="utf-8-sig").split()] == [
        "value_tier", "high", "low", "high", "high",
    ]  # fmt: skip
    assert c360("--lang", "zh", "export", *columns, "--headers", "titles", "--force", "-o", str(plain)).code == 0
    assert "高" in plain.read_text(encoding="utf-8-sig")


def test_levels_are_said_in_the_words_of_a_rule(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("tags/value.py", 'title="Value tier", zh="价值层级"', LEVELS)
    card = c360("--lang", "zh", "segments", "worth_keeping").out
    assert "价值层级不低于'低'" in card
    assert "\n  含义         " in card and "\n  被引用       -" in card and "means" not in card
    assert "minimal 极低, low 低, high 高, unknown 未知" in " ".join(c360("tags", "value_tier").out.split())


def test_a_level_nobody_knows_is_refused(c360: CommandLine, workspace: Workspace) -> None:
    workspace.replace("tags/value.py", 'title="Value tier", zh="价值层级"', 'levels_zh={"hihg": "高"}')
    answer = c360("check")
    assert answer.code == 3
    assert "'hihg'" in answer.err and "did you mean 'high'?" in answer.err


def test_items_of_a_list_are_in_the_language_of_the_titles(c360: CommandLine, workspace: Workspace, tmp_path: Path) -> None:
    words = 'levels_zh={"network": "网络", "bill": "账单"}'
    topics = f'topics = tag(Ticket.topic.top(2), title="Topics", zh="主题", owner="service", {words})\n'
    written = (workspace.folder / "tags" / "value.py").read_text(encoding="utf-8")
    (workspace.folder / "tags" / "value.py").write_text(written + topics, encoding="utf-8")
    path = tmp_path / "list.csv"
    asked = ("export", "--where", "tickets_90d > 0", "-c", "topics", "-o", str(path))
    assert c360("--lang", "zh", *asked, "--headers", "titles").code == 0
    assert "网络|账单" in path.read_text(encoding="utf-8-sig") or "账单|网络" in path.read_text(encoding="utf-8-sig")
    assert c360(*asked, "--force").code == 0
    assert "network" in path.read_text(encoding="utf-8-sig")
