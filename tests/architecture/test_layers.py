"""Imports go downward only, and heavy libraries stay where they belong."""

from __future__ import annotations

import pytest
from modules import FRONT, PACKAGE, Path, folder, imports, layer, module_name, paths, shown

# The lowest layer that may know a library: those below it speak of no SQL and of no engine.
LOWEST = {"sqlglot": layer("c360.sql"), "duckdb": layer("c360.engines"), "polars": layer("c360.engines")}
ORACLE = "c360.engines.reference"


@pytest.mark.parametrize("path", paths(), ids=shown)
def test_a_module_imports_only_from_layers_below_its_own(path: Path) -> None:
    own = module_name(path)
    if own == FRONT:
        return
    wrong = [
        f"{shown(path)}:{line} imports {name} (layer {layer(name)}), but is of layer {layer(own)}"
        for name, line in imports(path)
        if name.split(".")[0] == PACKAGE
        and name != FRONT
        and folder(name) != folder(own)
        and layer(name) >= layer(own)
        and not (layer(own) == 0 and name == "c360.errors")
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_imports_the_package_itself() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in paths()
        for name, line in imports(path)
        if name == FRONT and layer(module_name(path)) < layer("c360.workspace")
    ]
    assert not wrong, f"these import the public names from below: {wrong}"


def test_the_reference_engine_knows_expressions_and_operators_only() -> None:
    path = next(p for p in paths() if module_name(p) == ORACLE)
    allowed = ("c360.expr", "c360.operators", "c360.datatypes", "c360.errors")
    wrong = [name for name, _ in imports(path) if name.startswith(PACKAGE) and not name.startswith(allowed)]
    assert not wrong, f"the oracle must not share code with what it judges: {wrong}"


@pytest.mark.parametrize("library", LOWEST)
def test_lower_layers_know_no_sql_and_no_engine(library: str) -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in paths()
        for name, line in imports(path)
        if name.split(".")[0] == library and module_name(path) != FRONT and layer(module_name(path)) < LOWEST[library]
    ]
    assert not wrong, f"{library} is imported below layer {LOWEST[library]}: {wrong}"


def test_the_demo_never_imports_the_catalogue() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in paths()
        if module_name(path).startswith("c360.demo")
        for name, line in imports(path)
        if name.split(".")[0] in {"tags", "segments"}
    ]
    assert not wrong, wrong
