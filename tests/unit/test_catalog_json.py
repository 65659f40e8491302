"""The catalogue as JSON: the contract for other tools holds everything, and comes back the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from c360.catalog import Catalog, build_catalog
from c360.catalog.examples import run_examples
from c360.catalog.interchange import FORMAT, from_document, to_document
from c360.errors import SnapshotError

ROOT = Path(__file__).resolve().parents[2]
# The reference catalogue's examples run in several places; here they are left to the thorough tests.
WORKSPACES = [pytest.param(ROOT, marks=pytest.mark.thorough), *sorted(p.parent for p in (ROOT / "examples").glob("*/c360.toml"))]


@pytest.fixture(params=WORKSPACES, ids=lambda path: getattr(path, "name", "main"), scope="module")
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return build_catalog(request.param, {})


def test_round_trip_keeps_every_definition_and_hash(catalog: Catalog) -> None:
    back = from_document(json.loads(json.dumps(to_document(catalog), ensure_ascii=False)))
    assert back.definitions == catalog.definitions
    assert back.schema.sources == catalog.schema.sources
    assert {n: back.hash_of(n) for n in back.definitions} == {n: catalog.hash_of(n) for n in catalog.definitions}
    assert back.parameters == catalog.parameters


def test_examples_still_run_after_the_round_trip(catalog: Catalog) -> None:
    back = from_document(json.loads(json.dumps(to_document(catalog))))
    assert [(r.name, r.failures) for r in run_examples(back)] == [(r.name, ()) for r in run_examples(catalog)]


def test_another_format_is_refused(catalog: Catalog) -> None:
    with pytest.raises(SnapshotError, match=f"format {FORMAT}"):
        from_document({**to_document(catalog), "format": FORMAT + 1})
