"""A workspace that extends another: settings taken over, definitions loaded first, what it overrides shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tiny import Answer, CommandLine, Workspace

CITY_TAGS = '''"""What the city does its own way."""

from c360 import months, segment, tag
from tags.sources import Bill
from tags.value import arpu_3m, visits

arpu_3m = tag(Bill.last(months(3)).total.sum().or_zero() / 2, title="ARPU, the city's way", zh="本市ARPU", unit="yuan/month")
regulars = segment((visits > 0) & (arpu_3m > 50), title="Regulars", zh="常客")
'''


@pytest.fixture
def city(workspace: Workspace, tmp_path: Path) -> Path:
    """A workspace of one city, which extends the tiny one."""
    folder = tmp_path / "city"
    (folder / "tags").mkdir(parents=True)
    (folder / "c360.toml").write_text(f'extends = "../{workspace.folder.name}"\n', encoding="utf-8")
    return folder


def ask(c360: CommandLine, city: Path, *arguments: str) -> Answer:
    """Run a command in the city's workspace."""
    return c360("-w", str(city), *arguments, bare=True)


@pytest.mark.thorough
def test_everything_is_taken_over(c360: CommandLine, city: Path) -> None:
    assert ask(c360, city, "export", "worth_keeping", "-c", "arpu_3m").out == c360("export", "worth_keeping", "-c", "arpu_3m").out
    assert ask(c360, city, "check").code == 0
    assert (city / ".c360").is_dir(), "what it remembers is its own"


@pytest.mark.thorough
def test_a_definition_goes_before_the_one_of_its_name(c360: CommandLine, city: Path) -> None:
    before = {row["customer_id"]: float(row["arpu_3m"]) for row in c360("export", "active", "-c", "arpu_3m").rows}
    (city / "tags" / "city.py").write_text(CITY_TAGS, encoding="utf-8")
    after = ask(c360, city, "export", "active", "-c", "arpu_3m,value_tier")
    assert {row["customer_id"]: float(row["arpu_3m"]) for row in after.rows} == {k: v * 3 / 2 for k, v in before.items()}
    assert next(row["value_tier"] for row in after.rows if row["customer_id"] == "00017") == "high", "what is built on it follows"
    assert ask(c360, city, "size", "regulars").rows[0]["members"] == "3"
    assert ask(c360, city, "tags", "arpu_3m", "--json").json["where"] == "tags/city.py:7"
    told = [row for row in ask(c360, city, "check").rows if row["severity"] == "note"]
    assert [(row["where"], row["message"]) for row in told] == [
        ("tags/city.py:7", "overrides the tag of the extended workspace, tags/value.py:9")
    ]
    assert c360("tags", "arpu_3m", "--json").json["where"] == "tags/value.py:9", "the other workspace stays as it is"


def test_settings_go_before_those_taken_over(c360: CommandLine, city: Path, workspace: Workspace) -> None:
    workspace.add("c360.toml", "\n[params.value]\nhigh = 100\nlow = 10\n")
    text = (city / "c360.toml").read_text(encoding="utf-8")
    own = 'time_zone = "UTC"\n[sources.ticket]\npath = "ticket.csv"\nallow_empty = true\n[params.value]\nhigh = 45\n'
    (city / "c360.toml").write_text(text + own, encoding="utf-8")
    told = {row["message"] for row in ask(c360, city, "check").rows if row["severity"] == "note"}
    assert told == {
        "time_zone is UTC, in ../work Asia/Shanghai",
        "source ticket is bound anew, over the binding in ../work",
        "parameter value.high is 45, in ../work 100",
    }
    tiers = {row["customer_id"]: row["value_tier"] for row in ask(c360, city, "export", "active", "-c", "value_tier").rows}
    assert tiers["CANARY-KEY"] == "high", "150.50 a month is 45 and more"
    origin = {row["setting"]: (row["value"], row["origin"]) for row in ask(c360, city, "doctor", "--settings").rows}
    assert origin["params.value.low"] == ("10", "file") and origin["extends"] == ("../work", "file")


@pytest.mark.thorough
def test_a_data_folder_of_its_own(c360: CommandLine, city: Path, workspace: Workspace) -> None:
    (city / "c360.toml").write_text('extends = "../work"\ndata_folder = "data"\n', encoding="utf-8")
    answer = ask(c360, city, "size", "active", "--json")
    assert answer.code == 4
    assert str(city / "data") in answer.json["hint"]
    (city / "data").symlink_to(workspace.data)
    assert ask(c360, city, "size", "active").rows == c360("size", "active").rows


def test_a_grandparent(c360: CommandLine, city: Path, tmp_path: Path) -> None:
    (city / "tags" / "city.py").write_text(CITY_TAGS, encoding="utf-8")
    shop = tmp_path / "city" / "shop"
    (shop / "segments").mkdir(parents=True)
    (shop / "c360.toml").write_text('extends = ".."\n', encoding="utf-8")
    (shop / "segments" / "shop.py").write_text(
        "from c360 import segment\nfrom tags.city import regulars\nnear = segment(regulars, title='Near')\n", encoding="utf-8"
    )
    assert ask(c360, shop, "size", "near").rows[0]["members"] == "3"


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        (
            "from c360 import tag\nfrom tags.sources import Bill\narpu_3m = tag(Bill.count(), title='x')\n",
            "'arpu_3m' overrides a tag of customer, rate",
        ),
        ("from c360 import tag\nfrom tags.value import lines_active\nlines_active = tag(lines_active + 1)\n", "in a circle"),
        ("from c360 import Entity\nclass Line(Entity):\n    '''Again.'''\n", "source 'line' is declared twice"),
    ],
)  # fmt: skip
def test_overrides_that_cannot_be(c360: CommandLine, city: Path, tags: str, told: str) -> None:
    (city / "tags" / "city.py").write_text(tags, encoding="utf-8")
    answer = ask(c360, city, "check")
    assert answer.code == 3
    assert told in answer.err and "tags/city.py:" in answer.err


def test_a_file_of_the_same_name(c360: CommandLine, city: Path) -> None:
    (city / "tags" / "value.py").write_text(CITY_TAGS, encoding="utf-8")
    answer = ask(c360, city, "check")
    assert answer.code == 3
    assert "the workspace work/, which this one extends, has a file tags/value.py too" in answer.err


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('extends = "../nowhere"\n', "extends names '../nowhere', where there is no c360.toml"),
        ('extends = "."\n', "extend each other in a circle: city → city"),
    ],
)
def test_workspaces_that_cannot_be_extended(c360: CommandLine, city: Path, settings: str, told: str) -> None:
    (city / "c360.toml").write_text(settings, encoding="utf-8")
    answer = ask(c360, city, "check")
    assert answer.code == 3
    assert told in answer.err and "in c360.toml" in answer.err


def test_a_fault_in_the_other_settings_is_told_there(c360: CommandLine, city: Path, workspace: Workspace) -> None:
    workspace.settings('path = "line.csv"', 'pth = "line.csv"')
    answer = ask(c360, city, "check")
    assert answer.code == 3
    assert "in ../work/c360.toml:" in answer.err


def test_the_other_workspace_is_guarded_too(c360: CommandLine, city: Path, workspace: Workspace) -> None:
    os.chmod(workspace.folder / "tags", 0o777)
    answer = ask(c360, city, "check")
    assert answer.code == 5
    assert "work/tags/ may be written by everyone" in answer.err
