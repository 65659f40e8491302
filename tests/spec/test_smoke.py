from c360 import *
from c360.language.definitions import Segment
class Customer(Entity):
    default = True
    joined_on: Date = since()
    gender: Category["f", "m"] = fixed()
class Plan(Entity):
    fee: Money = fixed()
class Line(Entity):
    customer: Key[Customer] = fixed()
    plan: Key[Plan] = fixed()
    on: Date = since()
    off: Date = later(by="off")
class Bill(Facts):
    line: Key[Line]
    month: Month
    total: Money

T = dict(Customer="customer|joined_on|gender; C1|2020-01-01|f; C2|2026-11-05|m; C3||m", Plan="plan|fee; P1|10.50",
  Line="line|customer|plan|on|off; L1|C1|P1|2020-01-01|; L2|C1|P2|2026-11-01|; L3|C3|P1|2021-01-01|2026-10-31; L4|C3|P1|2021-01-01|2026-11-30",
  Bill="line|month|total; L1|2026-08|90; L1|2026-10|30.05; L2|2026-10|1; L3|2026-07|5; L4|2026-10|7; L1|2026-11|1000; L9|2026-10|3")
def test_arpu(agree):
    agree([Bill], T, Bill.last(months(3)).total.sum().or_zero()/3, {"C1": 40.016667, "C3": 2.333333}, "customer")
def test_follow(agree):
    agree([Bill], T, Bill.line.plan.fee.sum(), {"C1": 2*__import__("decimal").Decimal("10.50"), "C3": __import__("decimal").Decimal("21.00")}, "customer")
def test_lines(agree):
    agree([Bill], T, Line.where(Line.off.is_null()).count(), {"C1": 1, "C3": 1}, "customer")
    agree([Bill], T, Bill.total.latest(), {"C1": __import__("decimal").Decimal("30.05"), "C3": __import__("decimal").Decimal("7.00")}, "customer")
    t2=dict(T)
    agree([Bill], t2, Line.count(), {"C1": 1, "C3": 2}, "customer")
    tag1 = tag(Line.count(), name="n_lines")
    s = segment(tag1 > 1, name="many"); u = segment(tag1 > 0, name="have_lines"); v = segment(Customer.gender=="m", universe=u, name="men")
    agree([Bill], T, ~v, {"C1": True, "C3": False}, "customer", definitions=[tag1,s,u,v])
    agree([Bill], T, Line.customer[tag1].max(), {"C1": 1, "C3": 2}, "customer", definitions=[tag1])
