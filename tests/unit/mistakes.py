"""What tests of authors' mistakes share: a mistake is a call, and its error says what, where and what to write."""

from __future__ import annotations

import re
from types import FunctionType

from c360.errors import C360Error

Mistake = FunctionType


def assert_told(error: C360Error, kind: type[C360Error], said: str, hint: str) -> None:
    """Assert that *error* is of *kind* itself and that its message and hint hold the patterns."""
    assert type(error) is kind, f"{type(error).__name__}: {error}"
    assert re.search(said, error.message), error.message
    assert re.search(hint, error.hint or ""), error.hint
