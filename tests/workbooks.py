"""Excel workbooks read with the standard library alone: what stands in the file; and by LibreOffice: what a program makes of it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BUILT_IN = {0: "General", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
# Commas, double quotes, UTF-8, values as shown, formulas instead of values (so that one would be seen), every sheet.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,true,false,-1"
TIME_LIMIT = 180


@dataclass(frozen=True)
class Cell:
    """One cell: a text or a number, and how it is shown."""

    value: str | float
    shown_as: str

    @property
    def day(self) -> date:
        """The day that the number stands for."""
        assert isinstance(self.value, float)
        return date(1899, 12, 30) + timedelta(days=int(self.value))


class Sheet:
    """One sheet: its cells by place (``B2``), and its XML for what else is asked."""

    def __init__(self, name: str, xml: str, shared: list[str], formats: list[str]) -> None:
        self.name, self.xml = name, xml
        self.cells: dict[str, Cell] = {}
        for found in ElementTree.fromstring(xml).iter(f"{MAIN}c"):
            assert found.find(f"{MAIN}f") is None, "no cell is a formula"
            shown = formats[int(found.get("s", "0"))]
            number = found.find(f"{MAIN}v")
            if found.get("t") == "inlineStr":
                self.cells[found.get("r", "")] = Cell("".join(t.text or "" for t in found.iter(f"{MAIN}t")), shown)
            elif number is not None and found.get("t") == "s":
                self.cells[found.get("r", "")] = Cell(shared[int(number.text or "")], shown)
            elif number is not None:
                assert found.get("t") is None, "a cell is a text or a number"
                self.cells[found.get("r", "")] = Cell(float(number.text or ""), shown)

    def values(self) -> list[list[str | float | None]]:
        """Return the rows from the first on, each as long as its last cell."""
        rows: dict[int, dict[int, str | float]] = {}
        for place, cell in self.cells.items():
            letters, number = re.findall(r"[A-Z]+|[0-9]+", place)
            rows.setdefault(int(number), {})[_column(letters)] = cell.value
        last = max(rows, default=0)
        return [
            [rows.get(row, {}).get(column) for column in range(1, max(rows.get(row, {0: ""})) + 1)] for row in range(1, last + 1)
        ]

    def widths(self) -> list[float]:
        """Return the widths of the columns."""
        return [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', self.xml)]


def read(source: bytes | Path) -> list[Sheet]:
    """Return the sheets of a workbook in order."""
    import io

    with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist() if name.endswith((".xml", ".rels"))}
    names = [sheet.get("name", "") for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
    shared = [
        "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
        for item in ElementTree.fromstring(parts.get("xl/sharedStrings.xml", "<sst/>")).iter(f"{MAIN}si")
    ]
    formats = _formats(parts["xl/styles.xml"])
    return [Sheet(name, parts[f"xl/worksheets/sheet{i}.xml"], shared, formats) for i, name in enumerate(names, 1)]


def _formats(xml: str) -> list[str]:
    styles = ElementTree.fromstring(xml)
    own = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in styles.iter(f"{MAIN}numFmt")}
    used = styles.find(f"{MAIN}cellXfs")
    assert used is not None
    return [{**BUILT_IN, **own}[int(x.get("numFmtId", "0"))] for x in used]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@pytest.fixture(scope="module")
def soffice() -> str:
    """LibreOffice's command; skips where it is not installed, and fails where CI should have installed it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("LibreOffice is not installed; .ci/run installs libreoffice-calc")
    if found is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc fonts-noto-cjk)")
    return found


def converted(soffice: str, book: Path, wanted: str, folder: Path) -> list[Path]:
    """Convert a workbook and return the files made; LibreOffice's own settings stay in *folder* too."""
    made = folder / "made"
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", wanted]
    done = subprocess.run(
        [*command, "--outdir", str(made), str(book)], capture_output=True, text=True, timeout=TIME_LIMIT, check=False
    )
    assert done.returncode == 0, done.stderr
    return sorted(made.iterdir())


def rows_of(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
