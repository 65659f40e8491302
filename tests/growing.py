"""A workspace whose data grows by days, in a folder of its own: tables as plain rows, written anew where they changed."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from c360.workspace import Workspace

SETTINGS = """data_folder = "data"

[sources.customer]
path = "customer.parquet"

[sources.line]
path = "line.parquet"

[sources.usage]
path = "usage/*.parquet"
coverage = "sparse"
allow_empty = true

[sources.bill]
path = "bill/*.parquet"
coverage = "sparse"

[sources.ticket]
path = "ticket.parquet"
coverage = "sparse"
allow_empty = true
"""

SOURCES = '''"""What each table means."""

from c360 import Boolean, Category, Date, Entity, Facts, Integer, Key, Money, Month, Volume
from c360 import event, fixed, later, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    city: Category["north", "south"] = fixed()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()
    is_mobile: Boolean = fixed()


class Usage(Facts):
    """One line's use of a day."""

    line: Key[Line]
    day: Date = event()
    mb: Volume
    calls: Integer


class Bill(Facts):
    """One line's bill of a month."""

    line: Key[Line]
    month: Month
    total: Money


class Ticket(Facts):
    """One complaint; how it ended is known once it is closed."""

    customer: Key[Customer]
    opened_on: Date = event()
    closed_on: Date = later(by="closed_on")
    rating: Integer = later(by="closed_on")
'''

TAGS = '''"""Use, spending and trouble."""

from c360 import days, months, param, segment, tag, tiers, when
from tags.sources import Bill, Customer, Line, Ticket, Usage

mb_7d = tag(Usage.last(days(7)).mb.sum(), title="Use, 7 days")
mb_7d_before = tag(Usage.last(days(7).before(days(7))).mb.sum().or_zero(), title="Use of the 7 days before")
busiest_day = tag(Usage.last(days(7)).calls.max(), title="Most calls in a day")
days_idle = tag(Usage.last(days(20)).days_since_last(), title="Days without use")
mean_calls = tag(Usage.where(Usage.mb > 1).last(days(10)).calls.mean(), title="Mean calls")
numbers = tag(Usage.last(days(10)).calls.distinct(), title="Different counts of calls")
line_mb = tag(Usage.last(days(5)).mb.sum(), entity=Line, title="Use of a line, 5 days")
best_line = tag(when(Line.is_mobile).then(line_mb).or_null().max(), title="Most use of one mobile line")
arpu = tag(Bill.last(months(2)).total.sum().or_zero() / 2, title="Bills, 2 months")
bills = tag(Bill.count(), title="Bills ever")
tier = tag(tiers(arpu, high=param("value.high", 50), low=10, otherwise="minimal"), title="Tier")
place = tag(arpu.position(), title="Place by bills")
rating = tag(Ticket.rating.mean(), title="Mean rating")
city = tag(Customer.city, title="City")
mb_then = tag(mb_7d.ago(days=3), title="Use as it was three days ago")
quiet = segment(days_idle.is_null() | (days_idle > 5), title="Quiet")
quiet_and_good = segment(quiet & (tier >= "low"), title="Quiet and good")
'''

DAY = date(2026, 10, 15)
Row = tuple[Any, ...]
SCHEMAS: dict[str, dict[str, Any]] = {
    "customer": {"customer_id": pl.String, "joined_on": pl.Date, "city": pl.String},
    "line": {"line_id": pl.String, "customer_id": pl.String, "activated_on": pl.Date, "is_mobile": pl.Boolean},
    "usage": {"line_id": pl.String, "day": pl.Date, "mb": pl.Decimal(18, 3), "calls": pl.Int64},
    "bill": {"line_id": pl.String, "month": pl.Date, "total": pl.Decimal(18, 2)},
    "ticket": {"customer_id": pl.String, "opened_on": pl.Date, "closed_on": pl.Date, "rating": pl.Int64},
}


@dataclass
class Growing:
    """The tables of a workspace in *folder*; usage is a file a day, bills a file a month, the others one file."""

    folder: Path
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def make(self) -> Growing:
        """Write settings, definitions and tables."""
        (self.folder / "tags").mkdir(parents=True)
        (self.folder / "c360.toml").write_text(SETTINGS, encoding="utf-8")
        (self.folder / "tags" / "sources.py").write_text(SOURCES, encoding="utf-8")
        (self.folder / "tags" / "all.py").write_text(TAGS, encoding="utf-8")
        for name in SCHEMAS:
            self.write(name)
        return self

    def opened(self) -> Workspace:
        """Open it as a new process would."""
        return Workspace(self.folder)

    def write(self, name: str) -> None:
        """Write the files of a table that are others now; a file that no row is of any more goes away."""
        parts: dict[str, list[Row]] = {} if name in ("usage", "bill") else {f"{name}.parquet": self.tables.get(name, [])}
        for row in self.tables.get(name, []) if not parts else ():
            parts.setdefault(f"{name}/{row[1]}.parquet", []).append(row)
        if not parts:  # a pattern must match a file
            parts[f"{name}/none.parquet"] = []
        folder = self.folder / "data"
        (folder / name).mkdir(parents=True, exist_ok=True)
        for gone in {p for p in (folder / name).iterdir()} - {folder / part for part in parts}:
            gone.unlink()
        for part, rows in parts.items():
            made, file = io.BytesIO(), folder / part
            pl.DataFrame(rows, schema=SCHEMAS[name], orient="row").write_parquet(made)
            if not file.exists() or file.read_bytes() != made.getvalue():
                file.write_bytes(made.getvalue())

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace *old*, which must be there, in a file of the workspace."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def mb(amount: str) -> Decimal:
    """Return a volume as files hold it."""
    return Decimal(amount).quantize(Decimal("0.001"))


def yuan(amount: str) -> Decimal:
    """Return an amount of money as files hold it."""
    return Decimal(amount).quantize(Decimal("0.01"))
