"""An Arrow stream in, what Polars reads frames from out; must know no engine.

Polars remembers the classes it was given for as long as Python runs. A class of DuckDB's, or one whose module knows DuckDB,
would be held until the very end, and DuckDB then lists all it still holds on stderr.
"""

from __future__ import annotations


class ArrowStream:
    """Hands one Arrow stream over, once."""

    def __init__(self, capsule: object) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._capsule
