"""Contracts of IBM's telco sample: five undated tables, one row a customer; every column is as of the quarter's end."""

from c360 import Attributes, Boolean, Category, Entity, Integer, Key, Money, Number, Ordered, Text, current, fixed


class ZipArea(Entity):
    """One row a zip code."""

    zh = "邮编区"
    population: Integer = fixed(min=0)


class Customer(Entity):
    """One row a customer (demographics)."""

    default = True
    zh = "客户"
    gender: Category["female", "male"] = fixed()
    age: Integer = current(min=0, max=120, unit="year")
    is_senior: Boolean = current()
    is_married: Boolean = current()
    dependents: Integer = current(min=0)


class Location(Attributes[Customer]):
    """Where a customer lives."""

    city: Text = current(sensitivity="internal")
    zip_area: Key[ZipArea] = current()
    latitude: Number = current(min=-90, max=90)
    longitude: Number = current(min=-180, max=180)


class Services(Attributes[Customer]):
    """What a customer takes, and what was charged since the start."""

    tenure_months: Integer = current(min=0, unit="month")
    referrals: Integer = current(min=0)
    offer: Category["none", "A", "B", "C", "D", "E"] = current()
    contract: Ordered["month_to_month", "one_year", "two_year"] = current()
    internet: Category["none", "dsl", "cable", "fiber"] = current()
    has_phone: Boolean = current()
    has_tech_support: Boolean = current()
    monthly_gb: Integer = current(min=0, unit="GB/month")
    payment_method: Category["bank", "card", "check"] = current()
    monthly_charge: Money = current(min=0, unit="dollar/month")
    total_charges: Money = current(min=0, unit="dollar")
    total_refunds: Money = current(min=0, unit="dollar")
    total_extra_data: Money = current(min=0, unit="dollar")
    total_long_distance: Money = current(min=0, unit="dollar")
    total_revenue: Money = current(min=0, unit="dollar")


class Status(Attributes[Customer]):
    """Whether a customer left, and why; reason and satisfaction are known only afterwards."""

    status: Category["stayed", "joined", "left"] = current()
    has_left: Boolean = current()
    satisfaction: Integer = current(min=1, max=5)
    churn_category: Category["Competitor", "Attitude", "Dissatisfaction", "Price", "Other"] = current()
    churn_reason: Text = current(sensitivity="internal")
    lifetime_value: Integer = current(min=0)
