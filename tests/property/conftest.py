"""Settings of the property tests: the same examples in every run; ``--expressions 20000`` for more of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

WHOLE, DEFAULT = 1000, 500  # what the numbers of examples in tests mean, and what runs unless asked otherwise
# Nothing is shrunk here: a failing batch is made small by `smallest.py`, which knows what may be taken from a tree.
STEADY = settings(derandomize=True, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the number of random expressions."""
    parser.addoption("--expressions", type=int, default=DEFAULT, help="how many random expressions the engines are compared on")


@pytest.fixture(scope="session")
def expression_count(pytestconfig: pytest.Config) -> int:
    """How many random expressions are asked for."""
    return int(pytestconfig.getoption("--expressions", DEFAULT))


@pytest.fixture(scope="session")
def for_all(expression_count: int) -> Callable[..., None]:
    """Run a check on examples of a strategy: *examples* of them for 1,000 expressions, as many as ``--expressions`` asks for."""

    def run(check: Callable[[Any], None], strategy: SearchStrategy[Any], examples: int) -> None:
        count = max(1, examples * expression_count // WHOLE)
        settings(STEADY, max_examples=count)(given(strategy)(check))()

    return run
