"""Of a table nothing tells that its rows changed: the same list of other rows took the first one's place in the ledger."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from contacting import SETTINGS, Contacting

POLICY = """
[policy]
caps = [{ most = 1, days = 7 }]
[policy.purposes.care]
[policy.channels.sms]
"""


def test_whom_both_contacted_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = '[sources.customer]\npath = "customer.csv"'
    assert bound in SETTINGS
    table = '[sources.customer]\ndatabase = "crm.duckdb"\ntable = "customer"'
    monkeypatch.setattr("contacting.SETTINGS", SETTINGS.replace(bound, table))
    made = Contacting(tmp_path / "ours", policy=POLICY)
    made.folder.mkdir()
    made.make()
    crm = made.folder / "data" / "crm.duckdb"

    def stored(north: str) -> None:
        crm.unlink(missing_ok=True)
        with duckdb.connect(str(crm)) as connection:
            city = f"CASE WHEN customer_id IN ({north}) THEN 'north' ELSE 'south' END"
            read = f"read_csv('{made.folder}/data/customer.csv', nullstr='')"
            connection.execute(f"CREATE TABLE customer AS SELECT * REPLACE ({city} AS city) FROM {read}")

    listed = []
    for north in ("'C1', 'C2'", "'C3', 'C4'"):
        stored(north)
        opened = made.opened()
        listed.append(opened.export("northern", tmp_path / f"{len(listed)}.csv", purpose="care").frame["customer_id"].to_list())
        opened.close()
    assert listed == [["C1", "C2"], ["C3", "C4"]]
    opened = made.opened()
    assert opened.export("everybody", purpose="care", dry_run=True).frame["customer_id"].to_list() == ["AGELESS", "MINOR", "SILENT"]
    first, second = (opened.verify(tmp_path / name) for name in ("0.csv", "1.csv"))
    assert second.ok
    assert first.kinds == ("rows",)  # it was of other rows, and nothing says which source has changed
    opened.close()
