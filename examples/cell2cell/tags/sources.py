"""Contract of Cell2Cell: one undated table, one row a customer; every column is as of the sample's month."""

# ruff: noqa: F821 - texts in class bodies are levels, not types in quotes

from c360 import Boolean, Entity, Integer, Money, Ordered, Volume, current


class Customer(Entity):
    """One row a customer of the operator."""

    default = True
    zh = "客户"
    has_left: Boolean = current()
    months_in_service: Integer = current(min=0, unit="month")
    age: Integer = current(min=18, max=120, unit="year")
    credit_rating: Ordered["lowest", "very_low", "low", "medium", "good", "high", "highest"] = current()
    handset_price: Money = current(min=0, unit="dollar")
    # No min=0 on the next three, although few are below: a credit makes a bill negative (revenue of 3 customers, charge of 8),
    # and a handset may be delivered after the month's end (76). With min=0 the check refuses the file and counts them.
    handset_days: Integer = current(unit="day")
    monthly_revenue: Money = current(unit="dollar")
    recurring_charge: Money = current(unit="dollar")
    minutes: Integer = current(min=0, unit="minute")
    minutes_change: Integer = current(unit="minute")
    failed_calls: Volume = current(min=0, unit="call")
    care_calls: Volume = current(min=0, unit="call")
    retention_calls: Integer = current(min=0, unit="call")
    offers_accepted: Integer = current(min=0, unit="offer")
