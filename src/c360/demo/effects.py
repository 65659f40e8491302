"""A demo folder and the arms of a past list in, a quarter later with an effect planted on the treated out; knows no tag.

Who leaves by itself is the demo's own story, in ``future/churn_event``. The effect is planted on the treated alone: so many
more (or, below 0, fewer) of them leave. Nothing is drawn but by the seed and the customer's id.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from c360.errors import TargetExists, UsageError

if TYPE_CHECKING:
    import polars

TREATED = "treated"
DAYS = 90
MOVED = "moved"  # they took another number of ours


@dataclass(frozen=True)
class Planted:
    """What became of a list's customers: *frame* has customer_id, arm, would_leave, leaves and left_on (null for who stays).

    *base* is the share that would leave without any contact, *effect* what was planted on the treated.
    """

    frame: polars.DataFrame
    base: float
    effect: float


def plant(folder: Path, arms: Mapping[str, str], effect: float, seed: int) -> Planted:
    """Say who of a list's customers leaves within 90 days, were the share of the treated who do *effect* higher.

    *folder* is a demo's, *arms* says ``treated`` or ``holdout`` of each customer's id. Without a line in service nobody can
    leave; such customers are left out. Raises UsageError for an effect that the base rate does not allow.
    """
    import polars as pl

    lines, ends = _lines(folder), _ends(folder)
    told = pl.DataFrame(
        {"customer_id": list(arms), "arm": list(arms.values())}, schema=dict.fromkeys(("customer_id", "arm"), pl.String())
    )
    story = (
        lines.join(ends, on="line_id", how="left")
        .group_by("customer_id")
        .agg(pl.col("churned_on").is_not_null().all().alias("would_leave"), pl.col("churned_on").max().alias("left_on"))
    )
    found = told.join(story, on="customer_id", how="inner", maintain_order="left")
    base = int(found["would_leave"].sum()) / max(1, found.height)
    share = _share(base, effect)
    first = _as_of(folder)
    rows = []
    for customer, arm, would, left_on in found.select("customer_id", "arm", "would_leave", "left_on").iter_rows():
        is_moved = arm == TREATED and would == (effect < 0) and _drawn(seed, customer) < share
        leaves = would != is_moved
        day = left_on if would else first + timedelta(days=1 + int(_drawn(seed + 1, customer) * (DAYS - 1)))
        rows.append((customer, arm, would, leaves, day if leaves else None))
    kinds = {"customer_id": pl.String, "arm": pl.String, "would_leave": pl.Boolean, "leaves": pl.Boolean, "left_on": pl.Date}
    return Planted(pl.DataFrame(rows, schema=kinds, orient="row"), base, effect)


def write_later(folder: Path, later: Path, planted: Planted) -> None:
    """Write the demo's data into *later* as they are 90 days after its as-of date, with what was *planted*.

    Lines and churn events go on; every other file is the same as in *folder*. Raises TargetExists where *later* stands.
    """
    import polars as pl

    if later.exists():
        raise TargetExists("expected nothing there, found a file or folder", where=str(later), hint="name another folder")
    later.mkdir(parents=True)
    for path in sorted(folder.rglob("*.parquet")):
        place = later / path.relative_to(folder)
        place.parent.mkdir(exist_ok=True, parents=True)
        if place.name not in ("line.parquet", "churn_event.parquet") and "future" not in place.parts:
            _linked(path, place)
    leaves = planted.frame.select("customer_id", "leaves", "left_on")
    line = pl.read_parquet(folder / "line.parquet")
    ends = line.select("line_id", "customer_id", "deactivated_on").join(_ends(folder), on="line_id", how="left")
    ends = ends.join(leaves, on="customer_id", how="left", maintain_order="left")
    own = pl.when(pl.col("leaves").is_null()).then(pl.col("churned_on")).when("leaves").then(pl.coalesce("churned_on", "left_on"))
    ends = ends.with_columns(pl.coalesce("deactivated_on", own).alias("end"))
    status = pl.when(pl.col("deactivated_on").is_null()).then(pl.col("status")).otherwise(pl.lit("left"))
    line.with_columns(ends["end"].alias("deactivated_on")).with_columns(status).write_parquet(later / "line.parquet")
    events = pl.read_parquet(folder / "churn_event.parquet")
    new = ends.filter(pl.col("deactivated_on").is_null() & pl.col("end").is_not_null())
    new = new.select("line_id", pl.col("end").alias("churned_on"), pl.lit("left").alias("kind"))
    pl.concat([events, new.cast(events.schema)]).write_parquet(later / "churn_event.parquet")


def _share(base: float, effect: float) -> float:
    """Return the share of those whom the effect can move that it must move; raises UsageError where there are too few."""
    room = base if effect < 0 else 1 - base
    if abs(effect) > room:
        told = f"{base:.1%} of the list would leave, so the share cannot change by {effect:+.1%}"
        raise UsageError(told, hint="plant a smaller effect, or take a list of more who are at risk")
    return abs(effect) / room if room else 0.0


def _lines(folder: Path) -> polars.DataFrame:
    """Return the lines in service, with their customers."""
    import polars as pl

    lines = pl.read_parquet(folder / "line.parquet", columns=["line_id", "customer_id", "deactivated_on"])
    return lines.filter(pl.col("deactivated_on").is_null()).drop("deactivated_on")


def _ends(folder: Path) -> polars.DataFrame:
    """Return the lines that end after the as-of date, with the day; who takes another number of ours has not left."""
    import polars as pl

    ends = pl.read_parquet(folder / "future" / "churn_event.parquet", columns=["line_id", "churned_on", "kind"])
    return ends.filter(pl.col("kind") != MOVED).drop("kind").unique("line_id", keep="first", maintain_order=True)


def _as_of(folder: Path) -> date:
    from c360.demo.files import RECORD

    return date.fromisoformat(json.loads((folder / RECORD).read_text(encoding="utf-8"))["as_of"])


def _drawn(seed: int, key: str) -> float:
    """Return a number from 0 to below 1 that depends on the seed and the key alone."""
    return int.from_bytes(blake2b(f"{seed}:{key}".encode(), digest_size=7).digest()) / 2**56


def _linked(path: Path, place: Path) -> None:
    try:
        os.link(path, place)
    except OSError:  # another disk, or one without links
        shutil.copyfile(path, place)
