"""An author's mistakes about whose row is meant: told at the line, with the way to the right rows."""
# ruff: noqa: PLW0108 - a mistake is a lambda, so that its line is its own

from __future__ import annotations

from pathlib import Path

import pytest
from mistakes import Mistake, assert_told

from c360 import (
    Attributes,
    Boolean,
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Text,
    as_of,
    column,
    days,
    event,
    later,
    months,
    segment,
    since,
    tag,
)  # fmt: skip
from c360.errors import C360Error, DefinitionError, GrainError, UnknownName
from telecom import Bill, Customer, Device, Line, Plan, Services, Usage

arpu = tag(Bill.total.sum() / 3, name="arpu")
line_bill = tag(Bill.total.sum(), name="line_bill", entity=Line)


class Club(Entity):
    """An entity that leads nowhere."""

    founded: Date = since()


class Member(Facts):
    """Rows of clubs only."""

    club: Key[Club]
    joined: Date = event()


GRAIN: list[tuple[str, type[C360Error], str, str, Mistake]] = [
    ("rows beside the customer's own", GrainError, "'divide' mixes rows of bill .* customer", "aggregate the bill side",
     lambda: Bill.total / Customer.points),
    ("rows of two facts", GrainError, "mixes rows of bill with rows of usage", "aggregate the",
     lambda: Bill.total + Usage.mb),
    ("a row as a tag", GrainError, "this tag is about single rows of bill", r"\.sum\(\)", lambda: tag(Bill.total)),
    ("a row as a segment", GrainError, "this segment's rule is about single rows", r"\.any\(\)",
     lambda: segment(Bill.total > 3)),
    ("a row beside a sum", GrainError, "puts an aggregate beside rows of bill", "aggregate the bill",
     lambda: Bill.total / Bill.total.sum()),
    ("a row beside its customer's tag", GrainError, "mixes rows of bill with", "bill side",
     lambda: Bill.total / arpu),
    ("a line beside its customer", GrainError, "mixes rows of line", "follow a key",
     lambda: Line.minutes + Customer.points),
    ("a line's tag beside the customer's", GrainError, "mixes rows of line", "line side", lambda: line_bill / arpu),
    ("a sum of a sum", GrainError, "already an aggregate", r"drop the \.mean\(\)", lambda: Bill.total.sum().mean()),
    ("a sum of a constant", GrainError, "already a constant", "", lambda: as_of().max()),
    ("two selections of one source", GrainError, "two different selections of bill", "once",
     lambda: Bill.last(months(3)).total - Bill.last(months(1)).total),
    ("a selection beside all rows", GrainError, "two different selections", "once",
     lambda: Bill.where(Bill.total > 3).total / Bill.discount),
    ("a filter that uses a selection", GrainError, "uses a selection", "",
     lambda: Bill.where(Bill.last(months(3)).total > 3)),
    ("a filter on other rows", GrainError, "a filter on bill mixes rows", "", lambda: Bill.where(Usage.mb > 3)),
    ("a filter by the owner's tag", GrainError, "a filter on bill", "", lambda: Bill.where(arpu > 3)),
    ("an aggregate in a filter on facts", GrainError, "a filter on bill puts an aggregate", "",
     lambda: Bill.where(Bill.total.sum() > 3)),
    ("no common owner", GrainError, "no common owner", "", lambda: Bill.total.sum() + Member.joined.max()),
    ("a constant as a tag", GrainError, "this tag is a constant", "entity=Customer", lambda: tag(as_of())),
    ("an owner that is none", GrainError, "this tag", "", lambda: tag(Line.minutes, entity=Customer)),
    ("days on monthly rows", GrainError, "a window of days on the monthly bill", r"months\(n\)",
     lambda: Bill.last(days(30))),
    ("days before months on monthly rows", GrainError, "days on the monthly", "",
     lambda: Bill.last(months(1).before(days(3)))),
    ("two windows", GrainError, "have a window already", r"\.before\(", lambda: Bill.last(months(3)).last(months(1))),
    ("a window on undated rows", GrainError, "rows of device have no date", "", lambda: Device.last(days(3))),
    ("days since a month", GrainError, "rows of bill have no day", "Date event", lambda: Bill.days_since_last()),
    ("rows of attributes", GrainError, "services has one row a customer", "filter customer rows",
     lambda: Services.count()),
    ("a filter on attributes", GrainError, "services has one row a customer", "as they are",
     lambda: Services.where(Services.rating > 3)),
    ("a key to a constant", GrainError, "takes a value of the line; found a constant", "", lambda: Bill.line[3]),
    ("a key to another's value", GrainError, "following a key to line", "", lambda: Bill.line[arpu]),
    ("an aggregate of nobody's rows", GrainError, "rows of plan have no owner", "give plan a key",
     lambda: Plan.fee.max()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "hint", "mistake"), [pytest.param(*rest, id=name) for name, *rest in GRAIN])
def test_a_mistake_is_told_at_its_line_with_a_hint(kind: type[C360Error], said: str, hint: str, mistake: Mistake) -> None:
    with pytest.raises(C360Error) as found:
        mistake()
    assert_told(found.value, kind, said, hint)
    assert found.value.where == f"{Path(__file__).name}:{mistake.__code__.co_firstlineno}"


def test_facts_have_a_date() -> None:
    with pytest.raises(DefinitionError, match="one date for the rows of Sale, found 0") as found:

        class Sale(Facts):
            customer: Key[Customer]
            amount: Money

    assert "event()" in str(found.value.hint)
    assert (found.value.where or "").startswith(f"{Path(__file__).name}:")


def test_rows_have_one_date() -> None:
    with pytest.raises(DefinitionError, match="one date for the rows of Sale, found 2"):

        class Sale(Facts):
            customer: Key[Customer]
            month: Month
            on: Date = event()


def test_a_date_of_rows_is_a_date() -> None:
    with pytest.raises(DefinitionError, match="Sale.on dates the rows, so it must be a Date or a Month"):

        class Sale(Facts):
            customer: Key[Customer]
            on: Text = event()


def test_a_key_leads_to_an_entity() -> None:
    with pytest.raises(DefinitionError, match="Sale.bill is a key to no entity"):

        class Sale(Facts):
            bill: Key[Bill]
            on: Date = event()


def test_a_column_has_a_type() -> None:
    with pytest.raises(DefinitionError, match="Sale.amount has no type c360 knows") as found:

        class Sale(Facts):
            customer: Key[Customer]
            on: Date = event()
            amount: float

    assert "Money" in str(found.value.hint)


def test_a_later_column_waits_for_a_date_of_its_row() -> None:
    with pytest.raises(UnknownName, match="unknown column of Sale 'payed_on'") as found:

        class Sale(Facts):
            customer: Key[Customer]
            on: Date = event()
            paid_on: Date = later(by="paid_on")
            paid: Money = later(by="payed_on")

    assert found.value.hint == "did you mean 'paid_on'?"


def test_a_later_column_waits_for_no_text() -> None:
    with pytest.raises(DefinitionError, match="Sale.paid waits for 'note', which is no Date"):

        class Sale(Facts):
            customer: Key[Customer]
            on: Date = event()
            note: Text
            paid: Boolean = later(by="note")


def test_a_column_is_not_called_like_a_method_of_rows() -> None:
    with pytest.raises(DefinitionError, match="'count' cannot name a column of Sale"):

        class Sale(Facts):
            customer: Key[Customer]
            on: Date = event()
            count: Integer


def test_two_owners_of_one_kind_are_refused() -> None:
    with pytest.raises(DefinitionError, match="two keys of Call lead to line") as found:

        class Call(Facts):
            caller: Key[Line]
            called: Key[Line]
            on: Date = event()

    assert "parent=False" in str(found.value.hint)


def test_a_second_key_that_is_no_owner_is_fine() -> None:
    class Call(Facts):
        caller: Key[Line]
        called: Key[Line] = column(parent=False)
        on: Date = event()

    assert Call.count().grain.owners == {"line", "customer", "plan"}


def test_columns_of_an_entity_keep_clear_of_what_keys_can_do() -> None:
    with pytest.raises(DefinitionError, match="'type' cannot name a column of Shop") as found:

        class Shop(Entity):
            type: Category["big", "small"]

    assert "shop_type" in str(found.value.hint)


def test_attributes_are_undated() -> None:
    with pytest.raises(DefinitionError, match="attributes have no date"):

        class Extra(Attributes[Customer]):
            since_on: Date = since()
