"""Contracts of the telecom sources: logical tables with their grain, types and roles; bindings live in c360.toml."""

from c360 import (
    Boolean,
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Ordered,
    Text,
    Volume,
    column,
    current,
    event,
    fixed,
    later,
    planned,
    since,
)


class Customer(Entity):
    """One row a customer: a person, a family or an organisation."""

    default = True
    zh = "客户"
    joined_on: Date = since()
    kind: Category["person", "family", "organisation"] = fixed()
    name: Text = fixed(sensitivity="personal")
    phone: Text = current(sensitivity="personal")
    gender: Category["female", "male"] = fixed()
    birth_date: Date = fixed(sensitivity="personal")
    region: Text = current(sensitivity="internal")


class Plan(Entity):
    """One row a price plan."""

    zh = "套餐"
    monthly_fee: Money = fixed(min=0, unit="yuan/month")
    included_minutes: Integer = fixed(min=0)
    included_mb: Integer = fixed(min=0, unit="MB")
    tier: Ordered["basic", "standard", "premium"] = fixed()


class Line(Entity):
    """One row a line: one subscription of one service type."""

    zh = "用户"
    customer: Key[Customer] = fixed()
    plan: Key[Plan] = current()
    service_type: Category["mobile", "fixed", "broadband", "iptv"] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")


class Contract(Facts):
    """One row a contract: a commitment of a line for a term."""

    zh = "合约"
    line: Key[Line]
    start_on: Date = event()
    end_on: Date = planned()
    term_months: Integer = column(min=1, max=60, unit="month")
    committed_monthly: Money = column(min=0, unit="yuan/month")


class Membership(Facts):
    """One row a customer's role in an organisation or a household, from the day it began."""

    zh = "成员关系"
    customer: Key[Customer]
    since_on: Date = event()
    group_kind: Category["organisation", "household"]
    role: Category["decision_maker", "key_person", "head", "member"]


class Bill(Facts):
    """One line's bill for one calendar month."""

    zh = "账单"
    line: Key[Line]
    month: Month
    plan_fee: Money = column(min=0, unit="yuan")
    total: Money = column(min=0, unit="yuan")
    discount: Money = column(min=0, unit="yuan")


class Usage(Facts):
    """One line's usage on one day; a day without a row is a day without usage."""

    zh = "使用量"
    line: Key[Line]
    day: Date = event()
    calls_out: Integer = column(min=0, unit="call")
    calls_in: Integer = column(min=0, unit="call")
    minutes_out: Volume = column(min=0, unit="minute")
    data_mb: Volume = column(min=0, unit="MB")
    competitor_hotline_calls: Integer = column(min=0, unit="call")


class Ticket(Facts):
    """One complaint or request of a customer."""

    zh = "工单"
    customer: Key[Customer]
    opened_on: Date = event()
    closed_on: Date = later(by="closed_on")
    kind: Category["price", "billing", "service", "network", "security", "port_out", "retention"]
    satisfaction: Integer = later(by="closed_on", min=1, max=5)
    reopened: Boolean


class Contact(Facts):
    """One touch of a customer on a channel."""

    zh = "接触"
    customer: Key[Customer]
    on: Date = event()
    channel: Category["sms", "call", "app", "store", "web"]
    purpose: Category["care", "offer", "retention", "warning"]
    outcome: Category["reached", "accepted", "refused", "no_answer"]
