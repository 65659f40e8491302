"""docs/reference/by-example.md: its files make a workspace, its Python runs there and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import c360

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "by-example.md"
FILE = re.compile(r"^\*\*(\S+)\*\*\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ASKED = re.compile(r"^```python\n(import c360.*?|found.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RULE = re.compile(r"^```text\n(place_in_band .*?)\n```$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of the files on the page."""
    files = FILE.findall(PAGE.read_text(encoding="utf-8"))
    for name, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(files) == 7
    return tmp_path


def test_the_python_of_the_page_prints_what_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    asked = ASKED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(asked) == 2
    for code, expected in asked:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, PAGE.name, "exec"), names)  # the page's own code
        assert printed.getvalue() == expected


def test_the_text_of_the_page_is_the_rule_of_its_segment(folder: Path) -> None:
    from c360.where import where_expression

    workspace = c360.open(folder)
    text = RULE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(text) == 1
    node, entity = where_expression(text[0], workspace.catalog)
    assert entity == "household"
    assert node == workspace.segments["top_spenders_losing_interest"].node
    assert f'c360 size --where "{text[0]}"' in PAGE.read_text(encoding="utf-8")


def test_a_parameter_makes_it_the_top_tenth(folder: Path) -> None:
    settings = folder / "c360.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[params.loyalty]\ntop_from = 90\n", encoding="utf-8")
    assert c360.open(folder).size("top_spenders_losing_interest").members == 0


def test_the_definitions_of_the_page_are_sound(folder: Path) -> None:
    assert c360.open(folder).check().ok
