"""The ways that `make bench` times compute one and the same table; else their times say nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from c360.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.thorough
def test_all_ways_give_equal_tables_at_300_customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import data, digest, equality, ways

    data.write(tmp_path, 300)
    found = {}
    for name in ways.present():
        ways.WAYS[name](tmp_path / "data", tmp_path / f"{name}.parquet")
        if name != "scan":
            found[name] = digest.of_files([tmp_path / f"{name}.parquet"])
    shutil.copytree(ROOT / "benchmarks" / "workspace", tmp_path / "workspace")
    workspace = Workspace(tmp_path / "workspace", data_folder=tmp_path / "data")
    workspace.build(as_of=data.AS_OF)
    workspace.close()
    found["c360"] = digest.of_files(equality.snapshot_files(tmp_path / "workspace"))
    assert {"best", "filter", "table_a_tag", "polars", "c360"} <= set(found)
    assert len(set(found.values())) == 1, found
    assert found["c360"].startswith("116 columns, 300 rows")


def test_the_digest_tells_a_cent_and_not_the_last_bit_of_a_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    import duckdb

    from benchmarks import digest

    with duckdb.connect() as connection:
        one, bit, cent = (
            digest.of_relation(connection, f"(SELECT {paid} AS paid, {share}::DOUBLE AS share)")
            for paid, share in (("10.00", "1/30"), ("10.00", "1*(1.0::DOUBLE/30)"), ("10.01", "1/30"))
        )
    assert one == bit != cent
