"""Every test here runs over the tiny workspace, and whatever it makes c360 say, no customer is named in it."""

from __future__ import annotations

import pytest

from pulling import crowd, made, pull  # noqa: F401 - fixtures
from tiny import c360, no_canary, workspace  # noqa: F401 - fixtures
from verifying import listed, target  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def canary(no_canary: None) -> None:  # noqa: F811
    """Hold the canary after every test."""
