"""Contracts of the benchmark: customers with lines, daily usage, monthly bills and five smaller facts."""

from c360 import (
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Ordered,
    Volume,
    column,
    event,
    fixed,
    later,
    planned,
    since,
)


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    kind: Category["person", "family", "organisation"] = fixed()


class Line(Entity):
    """One row a line; a customer has 1.2 of them."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()


class Usage(Facts):
    """One row a line and day."""

    line: Key[Line]
    day: Date = event()
    calls_out: Integer = column(min=0)
    calls_in: Integer = column(min=0)
    night_calls: Integer = column(min=0)
    dropped_calls: Integer = column(min=0)
    sms_out: Integer = column(min=0)
    minutes_out: Volume = column(min=0, unit="minute")
    minutes_in: Volume = column(min=0, unit="minute")
    data_mb: Volume = column(min=0, unit="MB")


class Bill(Facts):
    """One row a line and month."""

    line: Key[Line]
    month: Month = event()
    plan_fee: Money = column(min=0)
    voice: Money = column(min=0)
    data: Money = column(min=0)
    vas: Money = column(min=0)
    discount: Money = column(min=0)
    total: Money = column(min=0)
    interconnect: Money = column(min=0)


class Payment(Facts):
    """One row an invoice: due every month, paid later or not yet."""

    customer: Key[Customer]
    due_on: Date = event()
    amount_due: Money = column(min=0)
    paid_on: Date = later(by="paid_on")
    amount_paid: Money = later(by="paid_on", min=0)


class Ticket(Facts):
    """One row a complaint or question."""

    customer: Key[Customer]
    opened_on: Date = event()
    severity: Ordered["low", "medium", "high"] = column()
    closed_on: Date = later(by="closed_on")
    satisfaction: Integer = later(by="closed_on", min=1, max=5)


class Contact(Facts):
    """One row a contact, in or out."""

    customer: Key[Customer]
    contacted_on: Date = event()
    direction: Category["in", "out"] = column()
    outcome: Category["reached", "accepted", "refused", "no_answer"] = column()


class Contract(Facts):
    """One row a contract of a line."""

    line: Key[Line]
    start_on: Date = event()
    end_on: Date = planned()


class Subscription(Facts):
    """One row a product a line subscribed to."""

    line: Key[Line]
    started_on: Date = event()
    ended_on: Date = later(by="ended_on")
    price: Money = column(min=0)
