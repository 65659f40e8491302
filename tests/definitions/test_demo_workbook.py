"""The demo's list as a workbook, opened by a real spreadsheet program: LibreOffice reads every sheet and prints it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from c360.deliver.excel import ABOUT
from c360.deliver.listing import ListResult
from c360.starting import demo, init
from c360.workspace import Workspace
from workbooks import AS_CSV, converted, rows_of, soffice

__all__ = ["soffice"]

COLUMNS = ("value_tier", "arpu_3m", "days_to_contract_end", "usage_drop", "on_contract", "joined_on", "phone")
HEADS = ["客户编号", "价值层级", "近三月ARPU", "合约剩余天数", "业务量降幅", "在约客户", "入网日期", "联系电话", "渠道"]
CHANNELS = {"call": "电话", "sms": "短信"}
TIERS = {"high": "高价值", "mid": "中价值", "low": "低价值", "minimal": "微价值"}
pytestmark = [pytest.mark.slow, pytest.mark.thorough]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> ListResult:
    """The demo's list as a Chinese workbook."""
    folder = tmp_path_factory.mktemp("workbook")
    init(folder / "demo")
    workspace = Workspace.find(folder / "demo")
    demo(workspace, customers=2000, seed=42)
    return workspace.export(
        "churn_warning_list", folder / "list.xlsx", columns=COLUMNS, order=("-arpu_3m",), lang="zh", purpose="retention",
        channels=("call", "sms"), accept_size=None,
    )  # fmt: skip


def test_a_spreadsheet_program_reads_the_list_and_what_it_is(soffice: str, listed: ListResult, tmp_path: Path) -> None:
    assert listed.path is not None
    sheets = {path.stem.removeprefix("list-"): rows_of(path) for path in converted(soffice, listed.path, AS_CSV, tmp_path)}
    assert set(sheets) == {"名单", ABOUT}
    rows = sheets["名单"]
    assert rows[0] == HEADS
    assert [row[0] for row in rows[1:]] == listed.frame["customer_id"].to_list()
    for shown, row in zip(rows[1:], listed.frame.iter_rows(named=True), strict=True):
        assert shown[1:3] == [TIERS[row["value_tier"]], f"{row['arpu_3m']:,.2f}"]
        assert shown[3] == ("" if row["days_to_contract_end"] is None else str(row["days_to_contract_end"]))
        assert re.fullmatch(r"-?\d+\.\d\d%|", shown[4])
        assert shown[5:] == [
            "是" if row["on_contract"] else "否",
            row["joined_on"].isoformat(),
            row["phone"] or "",
            CHANNELS[row["channel"]],
        ]
    assert not [cell for sheet in sheets.values() for row in sheet for cell in row if cell.startswith("=")]
    about = sheets[ABOUT]
    facts = {row[0]: row[1] for row in about if row[0]}
    assert about[0][0] == "离网预警待接触"
    assert facts["定义"] == "属于离网预警且不属于近期已接触"
    assert (facts["行数"], facts["运行编号"]) == (f"{listed.frame.height:,}", listed.run_id)
    lefts = [row[5] for row in about[about.index(["名单形成过程", "", "", "", "", ""]) + 2 :][: len(listed.waterfall.stages)]]
    assert lefts == [f"{stage.left:,}" for stage in listed.waterfall.stages]


def test_a_spreadsheet_program_prints_it(soffice: str, listed: ListResult, tmp_path: Path) -> None:
    assert listed.path is not None
    (printed,) = converted(soffice, listed.path, "pdf", tmp_path)
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 20
