"""Every operator, aggregate, rank and kind of node has a spec: specs run once more, and `agree` only notes what it is given."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import c360.operators  # noqa: F401 - fills the registry
from c360.expr.canonical import NODE_KINDS
from c360.expr.nodes import Aggregate, Call, Rank, walk
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS

FOLDER = Path(__file__).parent
KINDS: dict[type, str] = {Call: "operator", Aggregate: "aggregate", Rank: "rank"}
FILES = sorted(path for path in FOLDER.glob("test_*.py") if path != Path(__file__))


@pytest.fixture(scope="module")
def specified() -> set[str]:
    """The operators, aggregates, ranks and nodes that specs hand to `agree`, whichever tests this session runs."""
    return {name for path in FILES for name in used_in(path)}


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_an_operator_has_a_spec(name: str, specified: set[str]) -> None:
    assert f"operator {name}" in specified, f"no spec uses '{name}'; add one to tests/spec/ in the file of its family"


@pytest.mark.parametrize("name", sorted(AGGREGATES))
def test_an_aggregate_has_a_spec(name: str, specified: set[str]) -> None:
    assert f"aggregate {name}" in specified, f"no spec uses '{name}'; add one to tests/spec/ in the file of its family"


@pytest.mark.parametrize("name", sorted(RANKS))
def test_a_rank_has_a_spec(name: str, specified: set[str]) -> None:
    assert f"rank {name}" in specified, f"no spec uses '{name}'; add one to tests/spec/test_ranks.py"


@pytest.mark.parametrize("name", sorted(set(NODE_KINDS) - {"Param"}))  # catalogues put a literal in a parameter's place
def test_a_kind_of_node_has_a_spec(name: str, specified: set[str]) -> None:
    assert f"node {name}" in specified, f"no spec holds a {name} node"


@pytest.mark.parametrize("family", [family.__name__.rpartition(".")[2] for family in c360.operators.FAMILIES])
def test_a_family_of_operators_has_a_spec_file(family: str) -> None:
    assert FOLDER / f"test_{family}.py" in FILES


def used_in(path: Path) -> set[str]:
    """Return what the specs of one file use."""
    used: set[str] = set()

    def note(expression: Any, expected: object, *, definitions: Any = (), **options: object) -> None:
        for node in (expression.node, *(one.draft.node for one in definitions)):
            for part in walk(node):
                used.add(f"node {type(part).__name__}")
                if isinstance(part, tuple(KINDS)):
                    used.add(f"{KINDS[type(part)]} {part.op}")

    for test, arguments in specs_of(path):
        test(note, **arguments)
    return used


def specs_of(path: Path) -> Iterator[tuple[Callable[..., None], dict[str, Any]]]:
    """Yield every test of a file that takes `agree`, with each set of its parameters."""
    found = importlib.util.spec_from_file_location(f"noted_{path.stem}", path)
    assert found is not None and found.loader is not None
    module = sys.modules[found.name] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    for name, test in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("test_") and "agree" in inspect.signature(test).parameters:
            marks = [mark.args for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
            for chosen in itertools.product(*([pairs(names, row) for row in rows] for names, rows in marks)):
                yield test, {key: value for part in chosen for key, value in part.items()}


def pairs(names: str | tuple[str, ...], row: Any) -> dict[str, Any]:
    """Return the parameters of one row of a parametrized test by name."""
    if isinstance(names, str):
        names = tuple(name.strip() for name in names.split(","))
    return dict(zip(names, row if len(names) > 1 else (row,), strict=True))
