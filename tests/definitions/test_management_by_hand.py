"""Management tags equal SQL written by hand from the domain's prose, for every channel, manager, unit and group of the demo.

A file of `by_hand_management/` is one SELECT of a key and a value over the demo's own tables, as of `as_of()`; what starts
with an underscore is read by others, as `hand_<name>`, in the order of the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from c360 import Workspace
from c360.demo import AS_OF, write_demo
from project import ROOT

FOLDER = Path(__file__).parent / "by_hand_management"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql") if not path.stem.startswith("_"))
# Shares are rounded to six decimals before money is shared out by them.
NEAR = 1e-4
pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("management") / "c360-demo", customers=5_000, seed=42).folder


@pytest.fixture(scope="module")
def workspace(data: Path) -> Iterator[Workspace]:
    opened = Workspace(ROOT, data_folder=data)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def by_hand(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        connection.execute("SET async_threads = 0")
        connection.execute(f"CREATE MACRO as_of() AS DATE '{AS_OF}'")
        for path in sorted(data.glob("*.parquet")):
            connection.read_parquet(str(path)).create_view(path.stem)
        connection.read_parquet(str(data / "usage" / "**" / "*.parquet")).create_view("usage")
        for path in sorted(FOLDER.glob("_*.sql")):
            connection.execute(f"CREATE TABLE hand_{path.stem} AS {path.read_text(encoding='utf-8')}")
        yield connection


@pytest.mark.parametrize("name", NAMES)
def test_a_management_tag_is_what_hand_written_sql_says(
    name: str, workspace: Workspace, by_hand: duckdb.DuckDBPyConnection
) -> None:
    found = dict(workspace.table(name, as_of=AS_OF, allow_current=True).iter_rows())
    expected = dict(by_hand.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8")).fetchall())
    assert found.keys() == expected.keys() and found
    assert any(value is not None for value in expected.values())
    numbers = {key: None if value is None else float(value) for key, value in found.items()}
    assert numbers == {key: None if value is None else pytest.approx(float(value), NEAR) for key, value in expected.items()}
