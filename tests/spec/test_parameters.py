"""Parameters: they stand wherever a literal may, take their neighbour's type, and are resolved before anything runs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agreement import schema_of
from c360 import Tag, days, months, param, scorecard, tag, tiers
from c360.catalog import assemble
from c360.errors import DefinitionError, TypeMismatch
from c360.language.expression import Expression
from telecom import SOURCES, Agree, Bill, Customer, Ticket, Usage


def resolved(value: Expression, settings: Mapping[str, object], entity: type = Customer) -> Expression:
    """Return *value* with *settings* in the place of its parameters, as the catalogue puts them."""
    draft = tag(value, name="value", entity=entity).draft
    draft.node = assemble(schema_of(*SOURCES), [draft.finished()], settings).definition("value").node
    return Expression(draft.node, Tag(draft).grain)


POINTS = "customer | points | credit; A | 5 | 5.00; B | 4 | 4.99; C | |"


def test_a_default_counts_where_nothing_is_set(agree: Agree) -> None:
    rule = Customer.points >= param("p.cut", 5)
    agree(resolved(rule, {}), {"A": True, "B": False, "C": None}, Customer=POINTS)
    agree(resolved(rule, {"p.cut": 4}), {"A": True, "B": True, "C": None}, Customer=POINTS)


def test_a_parameter_beside_money_is_money(agree: Agree) -> None:
    value = Customer.credit + param("p.extra", 1)
    agree(resolved(value, {"p.extra": 0.5}) == 5.5, {"A": True, "B": False, "C": None}, Customer=POINTS)


def test_a_parameter_may_be_a_cut(agree: Agree) -> None:
    tier = tiers(Customer.credit, high=param("p.high", 100), mid=param("p.mid", 5), otherwise="low")
    agree(resolved(tier, {}), {"A": "mid", "B": "low", "C": "unknown"}, Customer=POINTS)
    agree(resolved(tier, {"p.high": 4.99, "p.mid": 1}), {"A": "high", "B": "high", "C": "unknown"}, Customer=POINTS)


def test_cuts_must_still_fall_when_parameters_are_set() -> None:
    tier = tiers(Customer.credit, high=param("p.high", 100), mid=param("p.mid", 5), otherwise="low")
    with pytest.raises(TypeMismatch, match="fall from the highest level"):
        resolved(tier, {"p.high": 5})


def test_a_parameter_may_be_the_length_of_a_window(agree: Agree) -> None:
    usage = "line | day; L1 | 2026-10-31; L1 | 2026-10-30; L1 | 2026-08-31"
    lines = "line | customer; L1 | A"
    agree(resolved(Usage.last(days(param("p.n", 1))).count(), {}), {"A": 1}, Line=lines, Usage=usage)
    agree(resolved(Usage.last(days(param("p.n", 1))).count(), {"p.n": 2}), {"A": 2}, Line=lines, Usage=usage)
    before = months(param("p.n", 1)).before(months(param("p.m", 1)))
    bills = "line | month | total; L1 | 2026-08 | 1; L1 | 2026-09 | 2; L1 | 2026-10 | 4"
    agree(resolved(Bill.last(before).total.sum(), {"p.n": 2}), {"A": 1 + 2}, Line=lines, Bill=bills)
    agree(resolved(Bill.last(before).total.sum(), {"p.m": 2}), {"A": 1}, Line=lines, Bill=bills)


def test_a_window_of_no_days_is_refused() -> None:
    with pytest.raises(DefinitionError, match="a whole number"):
        resolved(Ticket.last(days(param("p.n", 1))).count(), {"p.n": 0})


def test_a_parameter_may_be_within(agree: Agree) -> None:
    value = Ticket.days_since_last(within=param("p.within", 30))
    tickets = "customer | opened_on; A | 2026-10-31; B | 2026-10-01"
    agree(resolved(value, {}), {"A": 0, "B": 30}, Ticket=tickets)
    agree(resolved(value, {"p.within": 29}), {"A": 0, "B": None}, Ticket=tickets)


def test_a_parameter_may_be_a_text_a_level_or_a_number_of_characters(agree: Agree) -> None:
    table = "customer | name | grade; A | 50%_off | gold; B | 50 off | silver"
    for rule in (
        Customer.name.contains(param("p.part", "%")),
        Customer.name.starts_with(param("p.start", "50%")),
        Customer.name.left(param("p.count", 3)) == "50%",
        Customer.grade >= param("p.grade", "gold"),
        Customer.grade.is_in(param("p.one", "gold"), "bronze"),
    ):
        agree(resolved(rule, {}), {"A": True, "B": False}, Customer=table)
    agree(resolved(Customer.name.contains(param("p.part", "%")), {"p.part": "0"}), {"A": True, "B": True}, Customer=table)
    agree(
        resolved(Customer.grade >= param("p.grade", "gold"), {"p.grade": "silver"}),
        {"A": True, "B": True},
        Customer=table,
    )


def test_a_parameter_may_be_an_item_of_a_list_or_its_place(agree: Agree) -> None:
    kinds = Ticket.kind.top(3)
    tickets = "customer | opened_on | kind; A | 2026-10-01 | price; A | 2026-10-01 | other; A | 2026-10-01 | other"
    agree(resolved(kinds.has_item(param("p.item", "network")), {"p.item": "price"}), {"A": True}, Ticket=tickets)
    agree(resolved(kinds.item(param("p.place", 1)), {"p.place": 2}), {"A": "price"}, Ticket=tickets)
    with pytest.raises(TypeMismatch, match="counted from 1"):
        resolved(kinds.item(param("p.place", 1)), {"p.place": 0})


def test_an_empty_text_is_refused_whoever_sets_it() -> None:
    with pytest.raises(TypeMismatch, match="not empty"):
        resolved(Customer.name.contains(param("p.part", "x")), {"p.part": ""})


def test_a_misspelt_level_is_refused_whoever_sets_it() -> None:
    with pytest.raises(DefinitionError, match="p.grade"):
        resolved(Customer.grade >= param("p.grade", "gold"), {"p.grade": "glod"})


def test_points_of_a_scorecard_may_be_parameters(agree: Agree) -> None:
    score = scorecard(
        vip=(Customer.vip, param("p.vip", 30)), rich=(Customer.credit > 2, param("p.rich", 10)), rest=(~Customer.vip, 20)
    )
    rows = "customer | vip | credit; A | T | 2.00; B | F | 2.50; C | | 2.00"
    agree(resolved(score, {}), {"A": 50.0, "B": 50.0, "C": 0.0}, Customer=rows)
    agree(resolved(score, {"p.vip": 70}), {"A": 70.0, "B": 30.0, "C": 0.0}, Customer=rows)
    agree(resolved(scorecard(vip=(Customer.vip, param("p.vip", 0))), {}), {"A": None}, Customer="customer | vip; A | T")
