"""The package's modules as syntax trees, with the layer each belongs to (design, section 9); imports none of them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
PACKAGE = "c360"

# A module imports only from lower layers and from its own folder. The longest prefix counts.
LAYERS = {
    "c360.errors": 0,
    "c360.datatypes": 0,
    "c360.markup": 0,
    "c360.quoting": 0,
    "c360.expr": 1,
    "c360.operators": 2,
    "c360.language": 3,
    "c360.engines.reference": 3,  # stands on expr and operators alone, so that the catalogue can run examples with it
    "c360.catalog": 4,
    "c360.bindings": 4,
    "c360.plan": 5,
    "c360.sql": 6,
    "c360.engines": 7,
    "c360.snapshots": 7,
    "c360.records": 8,
    "c360.audience": 9,
    "c360.deliver": 9,
    "c360.publish": 9,
    "c360.demo": 9,
    "c360.cli": 11,
}
WORKSPACE = 10  # workspace.py and the files beside it that are its parts
FRONT = "c360"  # hands out names of every layer, and nobody below the command line imports it


def paths() -> list[Path]:
    """Return the package's files, in order."""
    return sorted((SOURCE / PACKAGE).rglob("*.py"))


def shown(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(SOURCE.parent).as_posix()


def module_name(path: Path) -> str:
    """Return the module a file holds: ``c360.plan`` for ``src/c360/plan/__init__.py``."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def layer(module: str) -> int:
    """Return the layer of a module of the package."""
    parts = module.split(".")
    for length in range(len(parts), 1, -1):
        prefix = ".".join(parts[:length])
        if prefix in LAYERS:
            return LAYERS[prefix]
    return WORKSPACE


def folder(module: str) -> str:
    """Return what a module may import from freely: its folder; the workspace and its parts are one."""
    return "workspace" if layer(module) == WORKSPACE else ".".join(module.split(".")[:2])


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules that a file imports, anywhere in it, with the line; ``from a import b`` may be ``a.b``."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                below = f"{source}.{alias.name}"
                yield (below if is_module(below) else source), node.lineno


def is_module(name: str) -> bool:
    """Whether *name* is a module of the package."""
    path = SOURCE.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
