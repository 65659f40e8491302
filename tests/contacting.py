"""A workspace of seven customers with consent, contacts and a contact policy, and edits of its tables and policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from c360.records.ledger import ListRecord
from c360.workspace import Workspace

D, ON = date(2026, 10, 31), date(2026, 11, 2)

SETTINGS = """time_zone = "Asia/Shanghai"
data_folder = "data"
as_of = 2026-10-31

[sources.customer]
path = "customer.csv"

[sources.line]
path = "line.csv"

[sources.consent]
path = "consent.csv"
allow_empty = true

[sources.contact]
path = "contact.csv"
allow_empty = true
[sources.contact.columns]
way = { from = "way", recode = { "短信" = "sms" } }

[sources.call_back]
path = "call_back.csv"
allow_empty = true
"""

POLICY = """
[policy]
never = ["left_alone", "minors"]

[policy.purposes.offer]
consent = "offer_channels"

[policy.purposes.care]

[policy.channels.sms]
[policy.channels.call]

[policy.contacts]
channel = "way"
campaign = "campaign"
where = "direction = 'out'"
"""

DEFINITIONS = {
    "tags/sources.py": '''"""Who is asked what."""

from c360 import Boolean, Category, Date, Entity, Facts, Integer, Key, Text, column, event, fixed, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    age: Integer = fixed()
    city: Text = fixed()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()


class Consent(Facts):
    """One answer."""

    customer: Key[Customer]
    since_on: Date = event()
    channel: Category["sms", "call"]
    agrees: Boolean
    leave_alone: Boolean


class Contact(Facts):
    """One contact."""

    customer: Key[Customer]
    on: Date = event()
    way: Category["sms", "call"] = column()
    direction: Category["in", "out"] = column()
    purpose: Category["offer", "care"] = column()
    campaign: Text = column()


class CallBack(Facts):
    """One call of a line."""

    line: Key[Line]
    on: Date = event()
''',
    "tags/consent.py": '''"""Consent."""

from c360 import days, listed, tag
from tags.sources import Consent, Customer


def _last(channel, agrees):
    answers = Consent.where((Consent.channel == channel) & (Consent.agrees == agrees))
    return answers.since_on.max()


def _agreed(channel):
    yes, no = _last(channel, True), _last(channel, False)
    return ((yes > no) | no.is_null()).or_false() & yes.is_known()


offer_channels = tag(listed(sms=_agreed("sms"), call=_agreed("call")), title="Agreed to", zh="授权渠道")
city = tag(Customer.city, title="City", zh="城市")
age = tag(Customer.age, title="Age", zh="年龄")
grown = tag(Customer.age >= 18, title="Grown up", zh="成年")
asked_alone = tag(Consent.where(Consent.leave_alone).last(days(30)).count(), title="Asked to be left alone")
''',
    "segments/all.py": '''"""Segments."""

from c360 import segment
from tags.consent import age, asked_alone, city

left_alone = segment(asked_alone > 0, title="Left alone for a month", zh="近月谢绝接触")
minors = segment(age < 18, title="Minors", zh="未成年人")
northern = segment(city == "north", title="In the north", zh="北区客户")
everybody = segment(age.is_null() | age.is_known(), title="Everybody", zh="全部客户")
''',
}

TABLES: dict[str, str] = {
    "customer": """customer_id joined_on age city
        C1 2020-01-01 40 north
        C2 2020-01-01 40 north
        C3 2020-01-01 40 south
        C4 2020-01-01 40 south
        MINOR 2020-01-01 17 north
        AGELESS 2020-01-01 - north
        SILENT 2020-01-01 40 south""",
    "line": """line_id customer_id
        L1 C1
        L2 C2""",
    "consent": """customer_id since_on channel agrees leave_alone
        C1 2026-01-01 sms yes -
        C1 2026-01-01 call yes -
        C2 2026-01-01 sms yes -
        C3 2026-01-01 sms yes -
        C4 2026-01-01 sms yes -
        C4 2026-10-20 - - yes
        MINOR 2026-01-01 sms yes -
        AGELESS 2026-01-01 sms yes -""",
    "contact": "customer_id on way direction purpose campaign",
    "call_back": "line_id on",
}


@dataclass
class Contacting:
    """The workspace in *folder*; tables are text, a row a line, blanks between values and ``-`` for none."""

    folder: Path
    tables: dict[str, str] = field(default_factory=lambda: dict(TABLES))
    policy: str = POLICY

    def make(self) -> Contacting:
        """Write settings, definitions and tables."""
        for name, text in DEFINITIONS.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (self.folder / "data").mkdir(exist_ok=True)
        self.configure()
        for name in self.tables:
            self.write(name)
        return self

    def configure(self, policy: str | None = None, **lines: str) -> None:
        """Write c360.toml with *policy*; *lines* go below the head of ``[policy]``."""
        self.policy = policy or self.policy
        more = "".join(f"{name} = {value}\n" for name, value in lines.items())
        text = SETTINGS + self.policy.replace("[policy]\n", f"[policy]\n{more}")
        (self.folder / "c360.toml").write_text(text, encoding="utf-8")

    def write(self, name: str) -> None:
        """Write the file of a table."""
        rows = [[("" if cell == "-" else cell) for cell in line.split()] for line in self.tables[name].splitlines()]
        text = "".join(",".join(row) + "\n" for row in rows)
        (self.folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")

    def add(self, name: str, *rows: str) -> None:
        """Add rows to a table."""
        self.tables[name] += "".join(f"\n{row}" for row in rows)
        self.write(name)

    def file(self, name: str, text: str) -> Path:
        """Write a file beside the tables."""
        path = self.folder / "data" / name
        path.write_text(text, encoding="utf-8")
        return path

    def opened(self) -> Workspace:
        """Open it as a new process would."""
        return Workspace(self.folder)


def listed(list_id: str, on: date, persons: dict[str, str], **told: Any) -> tuple[ListRecord, Any]:
    """Return a list's record and rows, as a ledger keeps them: *persons* with the channel of each."""
    import polars as pl

    facts: dict[str, Any] = {
        "list_id": list_id, "request_id": f"r{list_id}", "name": "spring", "is_campaign": True, "entity": "customer",
        "key_name": "customer_id", "purpose": "offer", "channels": ("sms", "call"), "as_of": D, "on": on, "rows": len(persons),
        "held_out": 0, "made_at": "2026-10-31T00:00:00+00:00", "by": "somebody", "file": "list.csv", "sha256": "",
        "delete_after": None, "approvals": (), "recipient": "", "unit_value": None, "costs": {}, "manifest": {},
    }  # fmt: skip
    rows = [(person, person, "treated", None, channel, None, None) for person, channel in persons.items()]
    columns = {"key": pl.String, "person": pl.String, "arm": pl.String, "stratum": pl.String, "channel": pl.String}
    frame = pl.DataFrame(rows, schema={**columns, "score": pl.Float64, "value": pl.Float64}, orient="row")
    return ListRecord(**{**facts, **told}), frame
