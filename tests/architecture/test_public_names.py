"""What `c360` exports is documented, and importing it loads no engine."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
from modules import SOURCE

import c360
from c360.datatypes import DataType

HEAVY = ("duckdb", "polars", "sqlglot", "pydantic", "xlsxwriter", "pyspark", "typer", "rich")
EXPORTED = sorted(c360.__all__)


@pytest.mark.parametrize("name", EXPORTED)
def test_an_exported_name_is_documented(name: str) -> None:
    value = getattr(c360, name)
    if isinstance(value, DataType):
        return
    assert inspect.isclass(value) or inspect.isfunction(value), f"c360.{name} is neither a class, a function nor a type"
    assert value.__doc__ and value.__doc__.strip(), f"c360.{name} has no docstring"


@pytest.mark.parametrize("name", [name for name in EXPORTED if inspect.isclass(getattr(c360, name))])
def test_public_methods_are_documented(name: str) -> None:
    methods = inspect.getmembers(getattr(c360, name), lambda m: inspect.isfunction(m) or isinstance(m, property))
    bare = [label for label, method in methods if not label.startswith("_") and not inspect.getdoc(method)]
    assert not bare, f"c360.{name} has methods without a docstring: {', '.join(bare)}"


def test_exports_are_listed_once_and_in_order() -> None:
    assert list(c360.__all__) == sorted(set(c360.__all__))


def test_importing_the_package_loads_no_engine() -> None:
    code = f"import sys, c360; from c360 import *; print([m for m in {HEAVY!r} if m in sys.modules])"
    lighter = f"import sys, c360; print([m for m in {HEAVY!r} if m in sys.modules])"
    for one in (lighter, code.replace("from c360 import *; ", "from c360 import tag, segment, Facts, months, tiers; ")):
        ran = subprocess.run(
            [sys.executable, "-c", one], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SOURCE)}
        )
        assert ran.stdout.strip() == "[]", f"loaded: {ran.stdout.strip()}"
