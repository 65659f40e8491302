"""The world of the property tests: small contracts with a column of every type, and a few definitions over them; no rows."""

from __future__ import annotations

from c360 import (
    Attributes,
    Boolean,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Number,
    Text,
    Volume,
    as_of,
    column,
    days,
    event,
    first_match,
    fixed,
    later,
    months,
    planned,
    segment,
    since,
    tag,
    tiers,
)
from c360.datatypes import BOOLEAN, DATE, INTEGER, LIST, MONEY, MONTH, NUMBER, RATE, TEXT, VOLUME, DataType, key_of
from c360.expr.operator import OPERATORS
from c360.expr.schema import Schema
from c360.language.definitions import Definition, Named
from c360.language.sources import Source


def sample_result(op: str, sample: int, *types: DataType) -> DataType:
    """Return the type that a call with sample options has, so that nested calls and columns share it."""
    record = OPERATORS[op]
    result = record.typing(*types, **record.sample_options[sample])
    assert result is not None
    return result


CHOICE = sample_result("first_match", 0, BOOLEAN)
WIDER_CHOICE = sample_result("first_match", 1, BOOLEAN, BOOLEAN)
TIER = sample_result("tiers", 0, NUMBER, NUMBER)
GRADE = sample_result("tiers", 1, NUMBER, NUMBER, NUMBER)
CUSTOMER_KEY = key_of("customer")
SAMPLE_TYPES = (
    BOOLEAN, INTEGER, NUMBER, MONEY, VOLUME, RATE, TEXT, CHOICE, WIDER_CHOICE, TIER, GRADE, DATE, MONTH, CUSTOMER_KEY,
    LIST,
)  # fmt: skip


class Plan(Entity):
    """No date: a plan is always there."""

    fee: Money = fixed()
    allowance: Volume = fixed()
    label: Text = fixed()
    grade: GRADE = fixed()
    shared: Boolean = fixed()


class Agent(Entity):
    """No table: an agent is there once a ticket names it."""


class Customer(Entity):
    """One row a customer, with a value of every type."""

    default = True
    joined_on: Date = since()
    active: Boolean = fixed()
    age: Integer = fixed()
    score: Number = fixed()
    balance: Money = fixed()
    quota: Volume = fixed()
    ratio: RATE = fixed()
    alias: Text = fixed()
    choice: CHOICE = fixed()
    wider: WIDER_CHOICE = fixed()
    grade: GRADE = fixed()
    contract_end: Date = planned()
    cycle: Month = fixed()
    referrer: Key["Customer"] = fixed()


class Profile(Attributes[Customer]):
    """Another value of every type, so that two arguments of one type differ."""

    opted_in: Boolean = fixed()
    points: Integer = fixed()
    weight: Number = fixed()
    deposit: Money = fixed()
    data_cap: Volume = fixed()
    lift: RATE = fixed()
    nickname: Text = fixed()
    taste: CHOICE = fixed()
    mood: WIDER_CHOICE = fixed()
    rank: GRADE = fixed()
    moved_on: Date = fixed()
    first_month: Month = fixed()
    guardian: Key[Customer] = fixed(parent=False)


class Line(Entity):
    """A child of two parents, there from a date and gone from another."""

    customer: Key[Customer] = fixed()
    plan: Key[Plan] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")
    number: Text = fixed()
    limit_amount: Money = fixed()
    seats: Integer = fixed()
    primary: Boolean = fixed()
    grade: GRADE = fixed()


class Bill(Facts):
    """Monthly facts."""

    line: Key[Line]
    month: Month
    total: Money
    discount: Money
    units: Integer
    dunned: Boolean
    grade: GRADE
    paid_on: Date = later(by="paid_on")
    paid: Money = later(by="paid_on")


class Usage(Facts):
    """Daily facts."""

    line: Key[Line]
    day: Date = event()
    data: Volume
    minutes: Number
    share_rate: RATE
    calls: Integer
    roaming: Boolean
    place: Text
    choice: CHOICE


class Ticket(Facts):
    """Facts with two owners, one of them without a table, and columns that are known later."""

    customer: Key[Customer]
    agent: Key[Agent]
    opened_on: Date = event()
    closed_on: Date = later(by="closed_on")
    satisfaction: Integer = later(by="closed_on")
    topic: Text
    urgency: GRADE
    cost: Money = column(min=0)


SOURCES: tuple[type[Source], ...] = (Plan, Agent, Customer, Profile, Line, Bill, Usage, Ticket)
BY_NAME = {source.spec().name: source for source in SOURCES}
SCHEMA = Schema({name: source.spec() for name, source in BY_NAME.items()})
WITHOUT_TABLE = frozenset({"agent"})

_line_spend = tag(Bill.last(months(3)).total.sum(), name="line_spend", entity=Line)
_is_live = segment(Line.deactivated_on.is_null(), name="is_live")
_lines = tag(Line.count(), name="lines")
_spend = tag(Bill.last(months(3)).total.sum().or_zero() / 3, name="spend")
_live_spend = tag(Line.where(_is_live).customer[_spend].max(), name="live_spend")
_value = tag(tiers(_spend, high=10, otherwise="low"), name="value")
_stage = tag(first_match(a=Usage.roaming.any(), otherwise="b", missing="unknown"), name="stage")
_seen = tag(Usage.day.max(), name="seen")
_quiet = tag(Usage.days_since_last(within=30).is_null(), name="quiet")
_open_tickets = tag(Ticket.where(Ticket.closed_on.is_null()).count(), name="open_tickets")
_plan_lines = tag(Line.count(), name="plan_lines", entity=Plan)
_places = tag(Usage.place.top(3, by=Usage.data), name="places")
_line_places = tag(Usage.place.top(2), name="line_places", entity=Line)
_plan_numbers = tag(Line.number.top(2), name="plan_numbers", entity=Plan)
_topics = tag(Ticket.topic.top(3), name="topics", entity=Agent)
_before = tag(_spend.ago(months=1), name="before")
_place = tag(_spend.percentile(), name="place")
_busy = segment(Ticket.last(days(30)).count() > 1, name="busy", entity=Agent)
_has_line = segment(_lines > 0, name="has_line")
_worthy = segment((_value >= "high") & (Customer.grade >= "low"), name="worthy", universe=_has_line)
_due = segment(Customer.contract_end <= as_of(), name="due")

DEFINED: tuple[Named, ...] = (
    _line_spend, _is_live, _lines, _spend, _live_spend, _value, _stage, _seen, _quiet, _open_tickets, _plan_lines, _places,
    _line_places, _plan_numbers, _topics, _before, _place, _busy, _has_line,
    _worthy, _due,
)  # fmt: skip
DEFINITIONS: dict[str, Definition] = {named.name: named.draft.finished() for named in DEFINED}
# What reads rows of other customers: following these, or asking these definitions, is not local to one customer.
SHARED_KEYS = frozenset({"referrer", "guardian", "plan", "agent"})
SHARED_TAGS = frozenset({"place"})


def universe(name: str) -> Named:
    """Return the segment *name* of this world."""
    return next(named for named in DEFINED if named.name == name)
