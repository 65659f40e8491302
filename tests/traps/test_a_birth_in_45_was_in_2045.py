"""A two-digit year was read as the engine guesses: 69 as 1969, 45 as 2045, so a customer born in 1945 was yet to be born."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import c360
from c360 import C360Error

SOURCES = """
from c360 import Date, Entity, fixed
class Customer(Entity):
    default = True
    birth_on: Date = fixed()
"""
TAGS = """
from c360 import tag
from tags.sources import Customer
born = tag(Customer.birth_on)
"""
SETTINGS = """
as_of = 2026-10-31
[sources.customer]
path = "customer.csv"
columns.birth_on = { from = "born", format = "%d.%m.%y" CENTURY}
"""


def workspace(folder: Path, century: str) -> c360.Workspace:
    (folder / "tags").mkdir()
    (folder / "tags" / "sources.py").write_text(SOURCES, encoding="utf-8")
    (folder / "tags" / "traits.py").write_text(TAGS, encoding="utf-8")
    (folder / "c360.toml").write_text(SETTINGS.replace("CENTURY", century), encoding="utf-8")
    rows = "customer_id,born\nA,01.02.45\nB,31.12.29\nC,01.01.30\nD,29.02.96\nE,29.02.00\n"
    (folder / "customer.csv").write_text(rows, encoding="utf-8")
    return c360.open(folder)


def test_the_century_must_be_said(tmp_path: Path) -> None:
    with pytest.raises(C360Error, match="first_year = 1930"):
        workspace(tmp_path, "").table("born")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (1930, (date(1945, 2, 1), date(2029, 12, 31), date(1930, 1, 1), date(1996, 2, 29), date(2000, 2, 29))),
        (1920, (date(1945, 2, 1), date(1929, 12, 31), date(1930, 1, 1), date(1996, 2, 29), date(2000, 2, 29))),
        (1950, (date(2045, 2, 1), date(2029, 12, 31), date(2030, 1, 1), date(1996, 2, 29), date(2000, 2, 29))),
    ],
)
def test_years_are_of_the_century_said(tmp_path: Path, first: int, expected: tuple[date, ...]) -> None:
    found = workspace(tmp_path, f", first_year = {first}").table("born", as_of=date(2026, 10, 31))
    assert tuple(found.sort("customer_id")["born"]) == expected
