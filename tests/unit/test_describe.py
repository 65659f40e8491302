"""Plain words: what a definition means, as a sentence part in English and Chinese."""

from __future__ import annotations

import pytest

from c360 import as_of, days, first_match, months, outcome, param, segment, tag, tiers, when
from c360.language.expression import Expression
from telecom import Bill, Customer, Line, Ticket, Usage

arpu = tag(Bill.last(months(3)).total.sum().or_zero() / 3, name="arpu_3m")
tier = tag(tiers(arpu, high=param("v.high", 150), mid=100, otherwise="low"), name="value_tier")
active = segment(Customer.active, name="active_customers")
prices = Ticket.last(days(90)).where(Ticket.kind == "price")

SAID: list[tuple[Expression, str, str]] = [
    (Customer.points - (Customer.visits - 1), "points minus (visits minus 1)", "points减(visits减1)"),
    (Customer.score > 1000000.5, "score is above 1000000.5", "score高于1000000.5"),
    (Customer.born_on <= "2026-10-31", "born on is not after 2026-10-31", "born on不晚于2026-10-31"),
    (~(Customer.vip & Customer.active), "not (vip and active)", "非(vip且active)"),
    (Line.plan.fee, "the plan's fee", "plan的fee"),
    (Line.customer.referrer.points, "the customer's referrer's points", "customer的referrer的points"),
    (Bill.line.plan.fee.sum(), "sum of the line's plan's fee over bills", "bill的line的plan的fee之和"),
    (Bill.count(), "number of bills", "bill数"),
    (Usage.count(), "number of usage rows", "usage数"),
    (Bill.last(months(1)).count(), "number of bills in the last complete month", "近1个完整月bill数"),
    (Usage.last(days(30)).mb.sum(), "sum of mb over usage rows in the last 30 days", "近30天usage的mb之和"),
    (
        Bill.last(months(3).before(months(1))).total.max(),
        "greatest total among bills in the 3 complete months before the last complete month",
        "近1个完整月之前的3个完整月bill的total最大值",
    ),
    (
        prices.urgent.share(),
        "share of tickets in the last 90 days where kind is 'price' with: urgent",
        "近90天满足“kind为'price'”的ticket中满足“urgent”的占比",
    ),
    (
        Ticket.urgent.any() & (Ticket.count() > 1),
        "(any of the tickets: urgent) and (number of tickets is above 1)",
        "(ticket中任一满足“urgent”)且(ticket数高于1)",
    ),
    (
        Ticket.opened_on.max().days_until(as_of()),
        "days from greatest opened on among tickets to the as-of date",
        "ticket的opened on最大值至截止日的天数",
    ),
    (
        Ticket.kind.top(3, by=Ticket.minutes),
        "the 3 values of kind with the greatest sum of minutes among tickets",
        "ticket中minutes之和最大的3个kind",
    ),
    (arpu.or_zero(), "arpu 3m, or 0 where missing", "arpu 3m（缺失取0）"),
    (
        tier,
        "tier of arpu 3m: 'high' from 150, 'mid' from 100, else 'low'",
        "arpu 3m分层：不低于150为'high'，不低于100为'mid'，其余为'low'",
    ),
    (~active, "is not in active customers", "不属于active customers"),
    (
        active & (tier >= "mid"),
        "is in active customers and (value tier is at least 'mid')",
        "属于active customers且(value tier不低于'mid')",
    ),
    (when(Customer.vip).then(1).otherwise(0), "1 if vip, else 0", "若vip则1，否则0"),
    (
        first_match(vip=Customer.vip, otherwise="other"),
        "the first of: 'vip' if vip; otherwise 'other'",
        "依次判断：vip为'vip'；其余为'other'",
    ),
    (arpu.ago(months=1), "arpu 3m, 1 month ago", "1个月前的arpu 3m"),
    (arpu - arpu.ago(months=1), "arpu 3m minus (arpu 3m, 1 month ago)", "arpu 3m减(1个月前的arpu 3m)"),
    (
        outcome(Ticket.count(), within=days(90)),
        "number of tickets after the as-of date, seen 90 days later",
        "90天后看：截止日之后的ticket数",
    ),
    (
        arpu.ntile(10, among=active),
        "place in 10 equal parts of arpu 3m among active customers",
        "arpu 3m在active customers中的10等分位",
    ),
]


@pytest.mark.parametrize(("expression", "en", "zh"), SAID)
def test_an_expression_says_what_it_means(expression: Expression, en: str, zh: str) -> None:
    assert expression.describe() == en
    assert expression.describe("zh") == zh


@pytest.mark.parametrize(
    ("source", "said"),
    [("entry", "entries"), ("survey", "surveys"), ("box", "boxes"), ("branch", "branches"), ("call_data", "call data rows")],
)
def test_rows_have_their_plural(source: str, said: str) -> None:
    from c360 import Date, Facts, Key, event

    name = "".join(part.capitalize() for part in source.split("_"))
    body = {"__annotations__": {"customer": Key[Customer], "on": Date}, "on": event(), "__module__": __name__}
    assert type(name, (Facts,), body).count().describe() == f"number of {said}"
