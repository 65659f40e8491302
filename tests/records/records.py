"""Records in a folder of a test's own, with a clock that stands and a key that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl

from c360.records.folder import Records
from c360.records.ledger import ListRecord

NOON = "2026-11-30T12:00:00+00:00"


def ticking(*times: str) -> Callable[[], str]:
    """Return a clock that shows *times* one after the other, and stands at the last."""
    left: Iterator[str] = iter(times)
    shown = [NOON]

    def clock() -> str:
        shown[0] = next(left, shown[0])
        return shown[0]

    return clock


def made(folder: Path, *times: str, who: str = "li", random: bytes = b"k") -> Records:
    """Return records in *folder*."""
    return Records(folder, clock=ticking(*times), who=lambda: who, random=lambda size: (random * size)[:size])


def a_list(
    list_id: str, *, request: str = "", on: date = date(2026, 12, 1), name: str = "retention", **other: object
) -> ListRecord:
    """Return a record of a list."""
    told: dict[str, object] = {
        "list_id": list_id, "request_id": request or f"request-of-{list_id}", "name": name, "is_campaign": True,
        "entity": "customer", "key_name": "customer_id", "purpose": "retention", "channels": ("call", "sms"),
        "as_of": date(2026, 11, 30), "on": on, "rows": 2, "held_out": 1, "made_at": NOON, "by": "li", **other,
    }  # fmt: skip
    return ListRecord(**told)  # type: ignore[arg-type]


def some_rows(treated: dict[str, str | None], held: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return rows of the ledger: who is treated, on which channel, and who is held out; the key is the person's."""
    rows = [(key, key, "treated", None, channel, 0.5, None) for key, channel in treated.items()]
    rows += [(key, key, "holdout", None, None, 0.5, None) for key in held]
    kinds = dict.fromkeys(("key", "person", "arm", "stratum", "channel"), pl.String) | dict.fromkeys(("score", "value"), pl.Float64)
    return pl.DataFrame(rows, schema=kinds, orient="row")
