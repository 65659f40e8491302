"""Files and functions stay small enough to read, and every module says what it is for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from modules import SOURCE, paths, shown, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("path", paths(), ids=shown)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    found = len(path.read_text(encoding="utf-8").splitlines())
    assert found <= LONGEST_FILE, f"{shown(path)} has {found} lines; move a part of it into a file of its own"


@pytest.mark.parametrize("path", paths(), ids=shown)
def test_a_function_has_at_most_60_lines(path: Path) -> None:
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {f"{shown(path)}:{f.lineno} {f.name}": (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION}


@pytest.mark.parametrize("path", paths(), ids=shown)
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    said = ast.get_docstring(tree(path)) or ""
    assert said.splitlines()[:1] != [""] and said, f"{shown(path)} says nothing of itself"


def test_test_files_have_names_of_their_own() -> None:
    """Two of one name cannot be run together."""
    names = [path.name for path in (SOURCE.parent / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
