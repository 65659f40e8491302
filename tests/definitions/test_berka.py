"""The Berka bank: loans of shared accounts, up to clients and back, equal queries written by hand over the raw files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import c360
from c360.errors import AsOfError

ROOT = Path(__file__).resolve().parents[2]
FILES = ("account", "card", "client", "disp", "loan")
LAST, MIDDLE = date(1998, 12, 31), date(1995, 6, 30)
ACCOUNT_TAGS = ("clients_of_account", "borrowed", "youngest_client", "cards_of_clients", "borrowed_again")
CLIENT_TAGS = ("age", "cards", "borrowed_as_owner", "borrowed_by_head", "borrowed_within_reach")
VIEWS = """
CREATE VIEW opened AS SELECT * FROM account WHERE date <= getvariable('day');
CREATE VIEW lent AS SELECT account_id, SUM(CAST(amount AS DECIMAL(18, 2))) AS lent FROM loan
    WHERE date <= getvariable('day') GROUP BY account_id;
CREATE VIEW heads AS SELECT account_id, COUNT(*) AS heads FROM disp GROUP BY account_id;
CREATE VIEW carded AS SELECT client_id, COUNT(*) AS cards FROM card JOIN disp USING (disp_id)
    WHERE issued <= getvariable('day') GROUP BY client_id;
CREATE VIEW aged AS SELECT client_id, date_sub('year', birth_date, getvariable('day')) AS age FROM client;
"""

Ask = Callable[..., Any]


def opened(folder: Path, data: Path, *changes: tuple[str, str]) -> c360.Workspace:
    """Open a copy of the example in *folder*, so that nothing is written beside it, with *changes* of its settings."""
    shutil.copytree(ROOT / "examples/berka", folder, ignore=shutil.ignore_patterns(".c360", "__pycache__"))
    text = (folder / "c360.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "c360.toml").write_text(text, encoding="utf-8")
    return c360.Workspace.find(folder, data_folder=data)


@pytest.fixture(scope="module")
def bank(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> c360.Workspace:
    """The example's workspace."""
    return opened(tmp_path_factory.mktemp("bank") / "berka", shared_data)


@pytest.fixture(scope="module")
def by_hand(shared_data: Path) -> Ask:
    """Ask the raw files with SQL written by hand, as of a day: what was opened, lent and issued by then."""
    connection = duckdb.connect()
    for name in FILES:
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{shared_data / 'berka_bank' / name}.csv'")
    connection.execute(f"SET VARIABLE day = DATE '{LAST}'")
    connection.execute(VIEWS)

    def ask(sql: str, day: date = LAST) -> Any:
        connection.execute(f"SET VARIABLE day = DATE '{day}'")
        rows = connection.execute(sql).fetchall()
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    return ask


def told(workspace: c360.Workspace, *names: str, day: date = LAST) -> list[tuple[Any, ...]]:
    """Return the rows of a table of *names* at *day* by their numeric key."""
    return sorted(((int(key), *values) for key, *values in workspace.table(*names, as_of=day).rows()), key=lambda row: row[0])


@pytest.mark.thorough
def test_check_finds_nothing_wrong(bank: c360.Workspace) -> None:
    report = bank.check()
    assert report.ok and report.unavailable == {} and report.findings == () and report.keys == ()


@pytest.mark.thorough
@pytest.mark.parametrize("day", [LAST, MIDDLE], ids=str)
def test_accounts_equal_a_query(bank: c360.Workspace, by_hand: Ask, day: date) -> None:
    expected = by_hand(
        "SELECT account_id, heads, COALESCE(lent, 0), MIN(age), COALESCE(SUM(cards), 0), COALESCE(lent, 0) FROM opened "
        "JOIN heads USING (account_id) LEFT JOIN lent USING (account_id) JOIN disp USING (account_id) "
        "JOIN aged USING (client_id) LEFT JOIN carded USING (client_id) GROUP BY ALL ORDER BY account_id",
        day,
    )
    assert told(bank, *ACCOUNT_TAGS, day=day) == expected
    assert len(expected) == (4_500 if day == LAST else 1_893)


@pytest.mark.parametrize("day", [LAST, MIDDLE], ids=str)
def test_clients_equal_a_query(bank: c360.Workspace, by_hand: Ask, day: date) -> None:
    expected = by_hand(
        "SELECT client_id, age, COALESCE(cards, 0), CASE type WHEN 'OWNER' THEN COALESCE(lent, 0) ELSE 0 END, "
        "CASE WHEN opened.account_id IS NOT NULL THEN COALESCE(lent, 0) / heads END, "
        "CASE WHEN opened.account_id IS NOT NULL THEN COALESCE(lent, 0) END FROM disp JOIN aged USING (client_id) "
        "LEFT JOIN opened USING (account_id) LEFT JOIN lent USING (account_id) JOIN heads USING (account_id) "
        "LEFT JOIN carded USING (client_id) ORDER BY client_id",
        day,
    )
    assert told(bank, *CLIENT_TAGS, day=day) == expected
    assert len(expected) == 5_369


def test_dispositions_equal_a_query(bank: c360.Workspace, by_hand: Ask) -> None:
    by_head = by_hand(
        "SELECT disp_id, COALESCE(lent, 0) / heads FROM disp JOIN heads USING (account_id) "
        "LEFT JOIN lent USING (account_id) ORDER BY disp_id"
    )
    assert told(bank, "share_of_loans") == by_head


@pytest.mark.parametrize("day", [LAST, MIDDLE], ids=str)
def test_a_shared_loan_is_counted_once_or_says_that_it_is_not(bank: c360.Workspace, by_hand: Ask, day: date) -> None:
    lent = by_hand("SELECT SUM(lent) FROM lent", day)
    twice = by_hand("SELECT SUM(lent) FROM lent JOIN disp USING (account_id)", day)
    clients, accounts = bank.table(*CLIENT_TAGS, as_of=day), bank.table("borrowed", "borrowed_again", as_of=day)
    assert accounts["borrowed"].sum() == clients["borrowed_as_owner"].sum() == lent
    assert clients["borrowed_by_head"].sum() == accounts["borrowed_again"].sum() == float(lent)
    assert clients["borrowed_within_reach"].sum() == twice > lent
    if day == LAST:
        assert lent == Decimal(103_261_740)


def test_segments_equal_a_query(bank: c360.Workspace, by_hand: Ask) -> None:
    bad = "SELECT account_id FROM loan WHERE status IN ('B', 'D')"
    members = {
        "shared_accounts": "SELECT account_id FROM heads WHERE heads = 2 ORDER BY 1",
        "with_account": "SELECT client_id FROM disp JOIN opened USING (account_id) ORDER BY 1",
        "borrowing_owners": "SELECT client_id FROM disp JOIN lent USING (account_id) WHERE type = 'OWNER' ORDER BY 1",
        "beside_bad_loan": f"SELECT client_id FROM disp WHERE account_id IN ({bad}) ORDER BY 1",
    }
    for segment, sql in members.items():
        assert [(key,) for key, member in told(bank, segment) if member] == by_hand(sql), segment
    assert {key for key, value in told(bank, "has_bad_loan") if value} == {key for (key,) in by_hand(bad)}
    shared, owners = bank.size("shared_accounts"), bank.size("borrowing_owners")
    assert (shared.members, shared.universe) == (869, 4_500)
    assert (owners.members, owners.universe) == (682, 5_369)
    known = {*ACCOUNT_TAGS, *CLIENT_TAGS, "share_of_loans", "has_bad_loan", *members}
    assert set(bank.catalog.definitions) == known


def test_a_client_is_one_from_the_day_of_the_account(bank: c360.Workspace, by_hand: Ask) -> None:
    size = bank.size("with_account", as_of=MIDDLE)
    assert size.members == by_hand("SELECT COUNT(*) FROM disp JOIN opened USING (account_id)", MIDDLE)
    assert size.universe == 5_369
    with pytest.raises(AsOfError, match="loan.status: current values"):
        bank.size("beside_bad_loan", as_of=MIDDLE)


@pytest.mark.thorough
def test_semicolons_and_short_dates_give_the_same(bank: c360.Workspace, by_hand: Ask, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "berka_bank").mkdir(parents=True)
    short = {"account": "date", "card": "issued", "loan": "date"}
    for name in FILES:
        rows = f"SELECT * REPLACE (strftime({short[name]}, '%y%m%d') AS {short[name]})" if name in short else "SELECT *"
        by_hand(f"COPY ({rows} FROM {name}) TO '{data}/berka_bank/{name}.csv' (DELIMITER ';', HEADER)")
    changes = [(f'{name}.csv"', f'{name}.csv"\ndelimiter = ";"\ndate_format = "%y%m%d"\nfirst_year = 1930') for name in short]
    changes += [(f'{name}.csv"', f'{name}.csv"\ndelimiter = ";"') for name in ("client", "disp")]
    original = opened(tmp_path / "original", data, *changes)
    for names in (ACCOUNT_TAGS, CLIENT_TAGS):
        assert original.table(*names, as_of=MIDDLE).equals(bank.table(*names, as_of=MIDDLE))
