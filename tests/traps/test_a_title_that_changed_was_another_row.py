"""A workbook whose column is called otherwise since had, `verify` said, other rows of the same definitions."""

from __future__ import annotations

from pathlib import Path

from contacting import Contacting


def test_verify_names_the_title(tmp_path: Path) -> None:
    made = Contacting(tmp_path / "ours")
    made.folder.mkdir()
    opened = made.make().opened()
    opened.export("northern", tmp_path / "a.xlsx", purpose="care", columns=("age",))
    opened.close()
    path = made.folder / "tags" / "consent.py"
    path.write_text(path.read_text(encoding="utf-8").replace('title="Age"', 'title="Years"'), encoding="utf-8")
    opened = made.opened()
    found = opened.verify(tmp_path / "a.xlsx")
    assert [(one.kind, one.words) for one in found.differences] == [
        ("definitions", "columns were called Age, and are called Years now")
    ]
    opened.close()
