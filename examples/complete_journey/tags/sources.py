"""Contracts of the Complete Journey: households, what they bought, which campaigns reached them, what they redeemed."""

# ruff: noqa: F722, F821 - texts in class bodies are levels, not types in quotes

from c360 import (
    Attributes,
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Ordered,
    Text,
    column,
    current,
    event,
    fixed,
    planned,
    since,
)


class Household(Entity):
    """One row a household with a loyalty card; there is no table of them, the rows below name them."""

    default = True
    zh = "家庭"


class Product(Entity):
    """One row a product."""

    zh = "商品"
    department: Text = fixed(sensitivity="public")
    category: Text = fixed(sensitivity="public")
    brand: Category["National", "Private"] = fixed()


class Campaign(Entity):
    """One row a campaign: a mailing of coupons that are valid until it ends."""

    zh = "营销活动"
    starts_on: Date = since()
    ends_on: Date = planned()
    kind: Category["A", "B", "C"] = fixed()


class Transaction(Facts):
    """One product in one basket; *sales* is what the shop received, a manufacturer's coupon included."""

    household: Key[Household]
    product: Key[Product]
    bought_on: Date = event()
    basket: Text = column(sensitivity="internal")
    quantity: Integer = column(min=0)
    sales: Money = column(min=0, unit="dollar")
    card_discount: Money = column(min=0, unit="dollar")
    coupon_discount: Money = column(min=0, unit="dollar")
    coupon_match: Money = column(min=0, unit="dollar")


class Contact(Facts):
    """One household reached by one campaign, dated by the campaign's start."""

    household: Key[Household]
    campaign: Key[Campaign]
    contacted_on: Date = event()


class Redemption(Facts):
    """One coupon redeemed by one household."""

    household: Key[Household]
    campaign: Key[Campaign]
    redeemed_on: Date = event()
    coupon: Text = column(sensitivity="internal")


class Demographics(Attributes[Household]):
    """What 801 households told of themselves; when is not known."""

    age: Ordered["19-24", "25-34", "35-44", "45-54", "55-64", "65+"] = current()
    income: Ordered[
        "Under 15K", "15-24K", "25-34K", "35-49K", "50-74K", "75-99K",
        "100-124K", "125-149K", "150-174K", "175-199K", "200-249K", "250K+",
    ] = current()  # fmt: skip
    household_size: Ordered["1", "2", "3", "4", "5+"] = current()
    kids_count: Ordered["0", "1", "2", "3+"] = current()
