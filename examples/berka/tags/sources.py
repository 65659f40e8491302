"""Contracts of the Berka bank: clients and accounts, the dispositions that join them, cards and loans."""

# ruff: noqa: F821 - texts in class bodies are levels, not types in quotes

from c360 import Category, Date, Entity, Facts, Integer, Key, Money, Text, column, current, event, fixed, since


class Client(Entity):
    """One row a client; since when is known of the client's account only."""

    default = True
    zh = "客户"
    gender: Category["female", "male"] = fixed()
    birth_date: Date = fixed(sensitivity="personal")
    district: Text = current(sensitivity="internal")


class Account(Entity):
    """One row an account, from the day it was opened."""

    zh = "账户"
    opened_on: Date = since()
    district: Text = current(sensitivity="internal")
    statement: Category["monthly", "weekly", "each_transaction"] = current()


class Disposition(Entity):
    """One row a client's right over an account: its owner, or a disponent, who may use it.

    It has no date of its own; it is taken to begin with the account.
    """

    zh = "账户权限"
    client: Key[Client] = fixed()
    account: Key[Account] = fixed()
    kind: Category["owner", "disponent"] = fixed()


class Card(Facts):
    """One card, issued to a disposition: to one client for one account."""

    zh = "银行卡"
    disposition: Key[Disposition]
    issued_on: Date = event()
    kind: Category["junior", "classic", "gold"] = column()


class Loan(Facts):
    """One loan, granted to an account; how it went has no history."""

    zh = "贷款"
    account: Key[Account]
    granted_on: Date = event()
    amount: Money = column(min=0, unit="koruna")
    months: Integer = column(min=1, unit="month")
    payment: Money = column(min=0, unit="koruna/month")
    status: Category["paid", "unpaid", "running", "in_debt"] = current()
