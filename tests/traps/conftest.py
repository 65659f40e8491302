"""The `agree` of traps: an expression, the values expected, tables of the telecom contracts as text."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from c360.engines.duckdb import DuckDBEngine
from telecom import agree_on


@pytest.fixture
def agree(duckdb_engine: DuckDBEngine) -> Callable[..., None]:
    """Assert that every engine gives the expected values."""
    return functools.partial(agree_on, duckdb_engine)
