"""The stages of a list in plain Python, one row after the other: what every list must be, whatever computes it.

Facts are those of the tables and definitions of `contacting`. Nothing of c360 is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5

MATCH_DAYS = 14
IN = "in"


@dataclass(frozen=True)
class Person:
    key: str
    age: int | None
    city: str | None


@dataclass(frozen=True)
class Answer:
    """One row of consent: on a channel, or the wish to be left alone."""

    person: str
    on: date
    channel: str | None = None
    agrees: bool | None = None
    alone: bool | None = None


@dataclass(frozen=True)
class Contact:
    person: str
    on: date
    channel: str
    purpose: str
    name: str


@dataclass(frozen=True)
class Cap:
    most: int
    days: int
    channel: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Rules:
    """The policy, as far as it is drawn."""

    caps: tuple[Cap, ...] = ()
    consent: bool = True
    suppress: bool = False
    capacity: dict[str, int] = field(default_factory=dict)
    reach: bool = False
    preference: bool = False
    holdout: float = 0.0


@dataclass(frozen=True)
class World:
    day: date
    persons: dict[str, Person]
    lines: dict[str, str | None]
    answers: tuple[Answer, ...]
    contacts: tuple[Contact, ...]
    barred: frozenset[str]
    erased: frozenset[str]
    rules: Rules


@dataclass(frozen=True)
class Wanted:
    """A list asked for; of lines or of customers."""

    segment: str
    purpose: str
    channels: tuple[str, ...]
    on: date
    order: tuple[str, ...] = ()
    limit: int | None = None
    one_per: str = ""
    holdout: float = 0.0
    apart: tuple[tuple[str, int], ...] = ()
    keys: tuple[str, ...] | None = None
    campaign: str = ""
    priority: int = 1
    is_scored: bool = False

    @property
    def name(self) -> str:
        return self.campaign or self.segment

    @property
    def of_lines(self) -> bool:
        return self.segment == "lines"


@dataclass
class Row:
    key: str
    person: str | None
    open: list[str]
    stage: str = IN
    channel: str | None = None
    held: bool = False
    rank: int = 0


@dataclass
class Past:
    """Whom earlier lists contact: by what was asked for and key, the contact."""

    contacts: dict[tuple[Wanted, str], Contact] = field(default_factory=dict)

    def others(self, wanted: Wanted) -> list[Contact]:
        return [contact for (asked, _), contact in self.contacts.items() if asked != wanted]


def bucket(salt: str, key: str) -> int:
    return int(md5(f"{salt}:{key}".encode()).hexdigest()[:7], 16) % 10000


def agreed(world: World, person: str, day: date) -> set[str]:
    """Return the channels whose last yes is later than the last no."""
    found = set()
    for channel in ("sms", "call"):
        mine = [one for one in world.answers if one.person == person and one.channel == channel and one.on <= day]
        yes = max((one.on for one in mine if one.agrees), default=None)
        no = max((one.on for one in mine if one.agrees is False), default=None)
        if yes is not None and (no is None or yes > no):
            found.add(channel)
    return found


def never(world: World, person: str | None, days: list[date]) -> str:
    """Return the first reason against any contact, on any of the days."""
    if person is None or person not in world.persons:
        return "not known"
    for day in days:
        wishes = (one for one in world.answers if one.person == person and one.alone is not None)
        if any(day - timedelta(days=29) <= one.on <= day for one in wishes):
            return "left_alone"
    age = world.persons[person].age
    if age is None or age < 18:  # noqa: PLR2004 - of age
        return "minors"
    if person in world.barred:
        return "barred.csv"
    return "erased" if person in world.erased else ""


def made(world: World, wanted: Wanted, past: Past) -> list[Row]:
    """Return every row of the entity in list order, with the stage that took it out, or its channel and arm."""
    rows = eligible(world, wanted, past)
    _taken(world, wanted, rows)
    return rows


def eligible(world: World, wanted: Wanted, past: Past) -> list[Row]:
    """Return every row, with the stage that took it out before campaigns compete."""
    rows = [Row(key, person, []) for key, person in in_order(world, wanted)]
    for row in rows:
        row.stage = _before_contacts(world, wanted, row)
    by_data = {"keys", "rule 1", "northern"}
    for rank, row in enumerate(row for row in rows if row.stage not in by_data):
        row.rank = rank
    touches = counted(world, wanted, past)
    for number, cap in enumerate(world.rules.caps, 1):
        if cap.purpose in ("", wanted.purpose) and (not cap.channel or cap.channel in wanted.channels):
            _cap(rows, touches, cap, wanted, f"cap {number}")
    for name, days in wanted.apart:
        near = {one.person for one in touches if one.name == name and abs((one.on - wanted.on).days) <= days}
        for row in _still(rows):
            if row.person in near:
                row.stage = f"apart {name}"
    return rows


def in_order(world: World, wanted: Wanted) -> list[tuple[str, str | None]]:
    rows = list(world.lines.items()) if wanted.of_lines else [(key, key) for key in world.persons]
    rows.sort()
    for one in reversed(wanted.order):
        falling, name = one.startswith("-"), one.lstrip("-")

        def place(row: tuple[str, str | None], name: str = name, falling: bool = falling) -> tuple[bool, float]:
            value = world.persons[row[0]].age if name == "age" else len(row[0])
            return value is None, 0 if value is None else -value if falling else value

        rows.sort(key=place)
    return rows


def _before_contacts(world: World, wanted: Wanted, row: Row) -> str:
    rules, person = world.rules, world.persons.get(row.person or "")
    if wanted.keys is not None and row.key not in wanted.keys:
        return "keys"
    if wanted.segment == "northern" and (person is None or person.city != "north"):
        return "rule 1"
    if rules.suppress and wanted.purpose == "offer" and (person is None or person.city in ("north", None)):
        return "northern"
    start = max(world.day, wanted.on)
    days = [start, max([start, *(one.on for one in world.answers)])]
    reason = never(world, row.person, days)
    if reason or person is None:
        return reason
    row.open = list(wanted.channels)
    if rules.consent and wanted.purpose == "offer":
        both = agreed(world, person.key, days[0]) & agreed(world, person.key, days[1])
        row.open = [one for one in row.open if one in both]
        if not row.open:
            return "consent"
    if rules.reach:
        row.open = [one for one in row.open if one != "call" or (person.age or 0) > 30]  # noqa: PLR2004 - of `can_call`
    return IN if row.open else "reach"


def counted(world: World, wanted: Wanted, past: Past) -> list[Contact]:
    """Return the contacts that caps count: of other lists, and of the source where no list is behind them."""

    def is_of_a_list(row: Contact) -> bool:
        like = (row.person, row.channel, row.purpose)
        return any(
            (one.person, one.channel, one.purpose) == like and 0 <= (row.on - one.on).days <= MATCH_DAYS
            for one in past.contacts.values()
        )

    return [*past.others(wanted), *(one for one in world.contacts if not is_of_a_list(one))]


def is_over(contacts: list[date], cap: Cap) -> bool:
    """Return whether any so many days in a row hold more than the cap allows."""
    return any(sum(first <= one < first + timedelta(days=cap.days) for one in contacts) > cap.most for first in contacts)


def may_be(told: str | None, wanted: str) -> bool:
    """Whether a cap of *wanted* (empty: of anything) counts what was *told*: what is not known may have been that."""
    return wanted == "" or told in (wanted, "", None)


def days_of(touches: list[Contact], cap: Cap, person: str) -> list[date]:
    mine = [one for one in touches if one.person == person and may_be(one.purpose, cap.purpose)]
    return [one.on for one in mine if may_be(one.channel, cap.channel)]


def _cap(rows: list[Row], touches: list[Contact], cap: Cap, wanted: Wanted, stage: str) -> None:
    promised: dict[str, list[date]] = {}
    for row in _still(rows):
        if cap.channel and cap.channel not in row.open:
            continue
        person = str(row.person)
        # Windows that are too full without this contact are not its doing.
        days = promised.setdefault(person, [one for one in days_of(touches, cap, person) if abs((one - wanted.on).days) < cap.days])
        windows = [wanted.on - timedelta(days=back) for back in range(cap.days)]
        held = [sum(first <= one < first + timedelta(days=cap.days) for one in days) for first in windows]
        if max(held) + 1 <= cap.most:
            days += [] if wanted.campaign else [wanted.on]  # of campaigns that compete a person has one row
            continue
        row.open = [one for one in row.open if cap.channel not in ("", one)]
        if not row.open:
            row.stage = stage


def _taken(world: World, wanted: Wanted, rows: list[Row]) -> None:
    """One a group, then channels with room in list order up to the limit, then the holdout."""
    groups, room, taken = set(), dict(world.rules.capacity), 0
    for row in _still(rows):
        group = _group(world, wanted, row)
        if group is not None and group in groups:
            row.stage = "one per"
        groups.add(group)
    for row in _still(rows):
        row.held = is_held(world, wanted, row)
        if wanted.limit is not None and taken >= wanted.limit:
            row.stage = "limit"
            continue
        row.channel = next((one for one in choices(world, row) if room.get(one, 1) > 0), None)
        if row.channel is None:
            row.stage = "capacity"
            continue
        taken += 1
        if row.held:
            row.stage = "holdout"
        elif row.channel in room:
            room[row.channel] -= 1


def is_held(world: World, wanted: Wanted, row: Row) -> bool:
    unit = _group(world, wanted, row) or str(row.person)
    own = wanted.holdout > 0 and bucket(wanted.name, unit) < round(wanted.holdout * 10000)
    share = world.rules.holdout if wanted.purpose == "offer" else 0.0
    return own or (share > 0 and bucket("global", str(row.person)) < round(share * 10000))


def choices(world: World, row: Row) -> list[str]:
    return sorted(row.open, key=lambda channel: _likes(world, row, channel))


def arbitrated(world: World, campaigns: list[Wanted], month: str) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Return what became of each pair of campaign and key: ``won`` and the channel, ``lost`` and the winner, or ``full``."""
    pairs = [(one, row) for one in campaigns for row in _still(eligible(world, one, Past()))]

    def place(pair: tuple[Wanted, Row]) -> tuple[object, ...]:
        one, row = pair
        worth = world.persons[str(row.person)].age if one.is_scored else 1
        drawn = md5(f"{month}:{one.name}:{row.person}".encode()).hexdigest()
        return one.priority, worth is None, -(worth or 0), row.rank, drawn, one.name, row.key

    winner: dict[str | None, str] = {}
    groups: set[tuple[str, str]] = set()
    room, left = dict(world.rules.capacity), {one.name: one.limit for one in campaigns}
    found: dict[tuple[str, str], tuple[str, str | None]] = {}
    for one, row in sorted(pairs, key=place):
        group, limit = _group(world, one, row), left[one.name]
        channel = next((way for way in choices(world, row) if room.get(way, 1) > 0), None)
        if row.person in winner:
            found[one.name, row.key] = ("lost", winner[row.person])
        elif limit == 0 or channel is None or (group is not None and (one.name, group) in groups):
            found[one.name, row.key] = ("full", None)
        else:
            winner[row.person] = one.name
            left[one.name] = None if limit is None else limit - 1
            groups |= set() if group is None else {(one.name, group)}
            is_out = is_held(world, one, row)
            if not is_out and channel in room:
                room[channel] -= 1
            found[one.name, row.key] = ("won", None if is_out else channel)
    return found


def _likes(world: World, row: Row, channel: str) -> int:
    """Those above forty like calls best, others say nothing."""
    age = world.persons[str(row.person)].age or 0
    return 0 if world.rules.preference and channel == "call" and age > 40 else 1  # noqa: PLR2004 - of `likes`


def _group(world: World, wanted: Wanted, row: Row) -> str | None:
    if not wanted.one_per:
        return None
    return row.person if wanted.of_lines else world.persons[str(row.person)].city


def _still(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.stage == IN]
