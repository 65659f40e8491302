"""An author's mistakes: each refused where it is written, by the right error, with a hint that says what to write."""
# ruff: noqa: PLW0108 - a mistake is a lambda, so that its line is its own

from __future__ import annotations

import functools
import operator
from pathlib import Path
from typing import Any

import pytest
from mistakes import Mistake, assert_told

from c360 import (
    as_of,
    days,
    first_match,
    months,
    param,
    segment,
    tag,
    tiers,
    when,
)
from c360.errors import C360Error, DefinitionError, TooDeep, TypeMismatch, UnknownName
from telecom import Bill, Customer, Line, Plan, Ticket, Usage

arpu = tag(Bill.total.sum() / 3, name="arpu")
tier = tag(tiers(arpu, high=150, mid=100, otherwise="low"), name="value_tier")
line_bill = tag(Bill.total.sum(), name="line_bill", entity=Line)
vips = segment(Customer.vip, name="vips")

NAMES: list[tuple[str, type[C360Error], str, str, Mistake]] = [
    ("a misspelt column", UnknownName, "unknown column of Bill 'totl'", "did you mean 'total'", lambda: Bill.totl),
    ("a misspelt column of selected rows", UnknownName, "of bill 'totl'", "'total'",
     lambda: Bill.last(months(3)).totl),
    ("a misspelt column behind a key", UnknownName, "of plan 'fees'", "did you mean 'fee'",
     lambda: Bill.line.plan.fees),
    ("a column nobody has", UnknownName, "column of Plan 'xyz'", "known: fee, plan, size", lambda: Plan.xyz),
    ("a misspelt level", TypeMismatch, "'glod' is no level", "did you mean 'gold'", lambda: Customer.grade == "glod"),
    ("a misspelt level among others", TypeMismatch, "'glod'", "'gold'",
     lambda: Customer.grade.is_in("silver", "glod")),
    ("a misspelt level of tiers", TypeMismatch, "'hihg' is no level", "did you mean 'high'", lambda: tier >= "hihg"),
    ("a misspelt default level", TypeMismatch, "'non' is no level", "", lambda: Customer.grade.or_else("non")),
    ("a misspelt parameter level", TypeMismatch, "'glod'", "'gold'", lambda: Customer.grade == param("p.x", "glod")),
    ("an unnamed tag in use", DefinitionError, "this tag has no name", "assign it to", lambda: tag(Bill.count()) > 3),
    ("an unnamed segment in use", DefinitionError, "this segment has no", "name=",
     lambda: vips & segment(Customer.vip)),
    ("a SQL keyword as a name", DefinitionError, "'order' .* SQL keyword", "", lambda: tag(arpu + 0, name="order")),
    ("a word of Python as a name", DefinitionError, "'class' .* Python", "", lambda: tag(arpu + 0, name="class")),
    ("a name with capitals", DefinitionError, "not lower_snake_case", "", lambda: segment(Customer.vip, name="VIPs")),
    ("the key's name", DefinitionError, "the key column of customer", "", lambda: tag(arpu + 0, name="customer_id")),
    ("a bad parameter name", DefinitionError, "value.high_arpu, found 'a b'", "", lambda: param("a b", 1)),
    ("a parameter of no source", DefinitionError, "S or D, found 'X'", "", lambda: param("a.b", 1, source="X")),
    ("a class of nobody", DefinitionError, "public, internal, .* found 'secret'", "",
     lambda: tag(arpu + 0, sensitivity="secret")),
]  # fmt: skip

LOGIC: list[tuple[str, type[C360Error], str, str, Mistake]] = [
    ("and", DefinitionError, "neither true nor false", "& for and", lambda: Customer.vip and Customer.active),
    ("or", DefinitionError, "neither true nor false", "| for or", lambda: Customer.vip or Customer.active),
    ("not", DefinitionError, "neither true nor false", "~ for not", lambda: not Customer.vip),
    ("if", DefinitionError, "neither true nor false", r"when\(", lambda: 1 if Customer.points > 3 else 2),
    ("a chained comparison", DefinitionError, "chained", r"\.between\(", lambda: 1 < Customer.points < 3),
    ("in", DefinitionError, "neither true nor false", "", lambda: Customer.name in ("a", "b")),
    ("in, the other way round", DefinitionError, "no list", "contains", lambda: "a" in Customer.name),
    ("in a key", DefinitionError, "no list", "is_in", lambda: "A" in Bill.line),
    ("a loop over a column", DefinitionError, "no list", "", lambda: list(Customer.name)),
    ("Python's max", DefinitionError, "neither true nor false", "", lambda: max(Customer.points, Customer.visits)),
    ("missing parentheses", TypeMismatch, "'and' takes", "parentheses",
     lambda: Customer.points > 1 & Customer.visits > 2),
    ("missing parentheses beside text", TypeMismatch, "'and'", r"\(a > 1\)",
     lambda: Customer.name == "x" & Customer.vip),
    ("or without parentheses", TypeMismatch, "'or' takes", "tighter",
     lambda: Customer.points == 1 | Customer.points == 2),
    ("a number as a rule", TypeMismatch, "'and' takes yes/no", "parentheses", lambda: Customer.vip & Customer.points),
    ("not of a number", TypeMismatch, "'not' takes a yes/no", "parentheses", lambda: ~Customer.points),
    ("a number as a segment", TypeMismatch, "a segment's rule .* found integer", "compare",
     lambda: segment(Customer.points)),
    ("a number as a filter", TypeMismatch, "a filter on bill .* found money", "compare",
     lambda: Bill.where(Bill.total)),
    ("a minus between rules", TypeMismatch, "'subtract'", "a & ~b", lambda: Customer.vip - Customer.active),
    ("a universe that is a rule", DefinitionError, "a universe is a segment", "",
     lambda: segment(vips, universe=~vips)),
]  # fmt: skip

VALUES: list[tuple[str, type[C360Error], str, str, Mistake]] = [
    ("None", DefinitionError, "None is no value", r"\.is_null\(\)", lambda: Customer.points == None),  # noqa: E711
    ("None as a bound", DefinitionError, "None is no value", "or_else", lambda: Customer.points.between(None, 3)),
    ("None as a choice", DefinitionError, "None is no value", "", lambda: when(Customer.vip).then(None).otherwise(1)),
    ("None among constants", DefinitionError, "None is no value", "is_null", lambda: Customer.points.is_in(1, None)),
    ("nan", DefinitionError, "finite number, found nan", "", lambda: Customer.score > float("nan")),  # noqa: PLW0177
    ("infinity", DefinitionError, "infinity", "", lambda: Customer.score < float("inf")),
    ("an integer of 65 bits", DefinitionError, "64 bits, found one of 65", "", lambda: Customer.points < 2**64),
    ("a list to is_in", TypeMismatch, "one by one", r'\.is_in\("a", "b"\)', lambda: Customer.name.is_in(["a", "b"])),
    ("a column to is_in", TypeMismatch, "is_in takes constants", "==",
     lambda: Customer.points.is_in(Customer.visits, 1)),
    ("is_in without choices", TypeMismatch, "takes a value and constants", "", lambda: Customer.points.is_in()),
    ("a list as a value", DefinitionError, "found list", "one by one", lambda: Customer.points + [1]),
    ("a source as a value", DefinitionError, "found SourceMeta", r"Bill\.count\(\)", lambda: tag(Bill)),
    ("rows as a value", DefinitionError, "found Rows", r"\.count\(\)", lambda: tag(Bill.last(months(3)))),
    ("a window as a value", DefinitionError, "found Span", r"\.last\(", lambda: Customer.points > days(3)),
    ("an unfinished choice", DefinitionError, "found Case", r"\.otherwise\(",
     lambda: tag(when(Customer.vip).then(1))),
    ("text beside a number", TypeMismatch, "'gt' .* found integer, text", "", lambda: Customer.points > "3"),
    ("text plus text", TypeMismatch, "'add' takes two numbers", "", lambda: Customer.name + Customer.city),
    ("a yes/no compared with 1", TypeMismatch, "'eq' .* boolean, integer", "", lambda: Customer.vip == 1),
    ("money times money", TypeMismatch, "not money times money", "", lambda: Customer.credit * Customer.debt),
    ("money plus volume", TypeMismatch, "'add' .* money, volume", "", lambda: Customer.credit + Customer.quota),
    ("a fraction split", TypeMismatch, "two integers; found number", "", lambda: Customer.score // 2),
    ("a date minus a date", TypeMismatch, "found date, date", "days_until", lambda: as_of() - Customer.born_on),
    ("a date plus days", TypeMismatch, "found date, integer", "days_until", lambda: Customer.born_on + 30),
    ("no date", TypeMismatch, "YYYY-MM-DD, found '31.10.2026'", "", lambda: Customer.born_on > "31.10.2026"),
    ("a day that is none", TypeMismatch, "found '2026-02-30'", "", lambda: Customer.born_on > "2026-02-30"),
    ("no month", TypeMismatch, "a month as YYYY-MM, found '2026-13'", "", lambda: Bill.month == "2026-13"),
    ("the order of unordered levels", TypeMismatch, "'ge' .* ordered category", "", lambda: Customer.gender >= "f"),
    ("two orders", TypeMismatch, "'[lg]e' .* ordered", "", lambda: Customer.grade >= tier),
    ("an outside level", TypeMismatch, "'unknown' stands outside", "== 'unknown'", lambda: tier >= "unknown"),
    ("levels that never meet", TypeMismatch, "'eq'", "", lambda: Ticket.kind == Ticket.severity),
    ("keys to different things", TypeMismatch, "key of customer, key of plan", "",
     lambda: Line.customer == Line.plan),
    ("the greatest text", TypeMismatch, "'max' takes a number, a date or an ordered", "", lambda: Ticket.note.max()),
    ("the sum of dates", TypeMismatch, "'sum' takes a number; found date", "", lambda: Usage.day.sum()),
    ("any number", TypeMismatch, "'any' takes a yes/no expression; found integer", "", lambda: Usage.calls.any()),
    ("an empty part of a text", TypeMismatch, "not empty", "", lambda: Customer.name.contains("")),
    ("a column as a part of a text", TypeMismatch, "a constant text", "",
     lambda: Customer.name.contains(Customer.city)),
    ("a backslash", TypeMismatch, "no backslash", "", lambda: Customer.name.starts_with("C:\\")),
    ("no characters", TypeMismatch, "1 or more", "", lambda: Customer.name.left(0)),
    ("zero for a text", TypeMismatch, "'or_else' .* text, integer", "", lambda: Customer.name.or_zero()),
    ("zero for a level", TypeMismatch, "'or_else'", "", lambda: Customer.grade.or_zero()),
    ("choices of two kinds", TypeMismatch, "'case'", "", lambda: when(Customer.vip).then(1).otherwise("two")),
]  # fmt: skip

SHAPES: list[tuple[str, type[C360Error], str, str, Mistake]] = [
    ("no window", DefinitionError, "expected a window", r"\.last\(months\(3\)\)", lambda: Bill.last(3)),
    ("a window of none", DefinitionError, "whole number from 1", "", lambda: days(0)),
    ("a window of a fraction", DefinitionError, "whole number", "", lambda: months(1.5)),
    ("a window longer than a life", DefinitionError, "from 1 to 1200", "", lambda: months(20261031)),
    ("a window as long as a value", DefinitionError, "whole number", "", lambda: days(Customer.points)),
    ("a window moved twice", DefinitionError, "moved already", "one before",
     lambda: days(3).before(days(3)).before(days(3))),
    ("tiers without cuts", DefinitionError, "at least one cut", r"tiers\(", lambda: tiers(arpu, otherwise="low")),
    ("rising cuts", TypeMismatch, "found 100 before 150", "highest tier first",
     lambda: tiers(arpu, mid=100, high=150, otherwise="low")),
    ("equal cuts", TypeMismatch, "found 100 before 100", "c360.toml",
     lambda: tiers(arpu, high=100, mid=100, otherwise="low")),
    ("a cut that is a column", TypeMismatch, "constants or parameters", "",
     lambda: tiers(Customer.points, high=Customer.visits, otherwise="low")),
    ("tiers of a text", TypeMismatch, "'tiers' takes a number", "",
     lambda: tiers(Customer.name, high=1, otherwise="low")),
    ("first_match without levels", DefinitionError, "at least one level", r"first_match\(",
     lambda: first_match(otherwise="x")),
    ("a level without a condition", TypeMismatch, "condition of level 'rich' .* integer", "",
     lambda: first_match(rich=Customer.points, otherwise="x")),
    ("an unknown that is neither", DefinitionError, "'end' or 'skip', found 'stop'", "",
     lambda: first_match(a=vips, otherwise="x", unknown="stop")),
    ("then without when", DefinitionError, r"then\(…\) follows when", "", lambda: when(Customer.vip).then(1).then(2)),
    ("when after when", DefinitionError, "followed by then", "", lambda: when(Customer.vip).when(Customer.active)),
    ("a rest before then", DefinitionError, "followed by then", "", lambda: when(Customer.vip).otherwise(3)),
    ("an example that is text", DefinitionError, "an example is given", r"\.gives\(",
     lambda: tag(arpu + 0, example="C1=3")),
    ("too deep", TooDeep, "at most 64 deep", r"tag\(…\)",
     lambda: functools.reduce(operator.add, [Customer.points] * 100)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said", "hint", "mistake"),
    [pytest.param(*rest, id=name) for name, *rest in [*NAMES, *LOGIC, *VALUES, *SHAPES]],
)
def test_a_mistake_is_told_at_its_line_with_a_hint(kind: type[C360Error], said: str, hint: str, mistake: Mistake) -> None:
    with pytest.raises(C360Error) as found:
        mistake()
    assert_told(found.value, kind, said, hint)
    assert found.value.where == f"{Path(__file__).name}:{mistake.__code__.co_firstlineno}"


def test_depth_counts_what_stands_behind_filters_and_keys() -> None:
    value = Bill.count()
    with pytest.raises(TooDeep, match="at most 64 deep"):
        for _ in range(64):
            value = Bill.where(Bill.line[value] > 1).count()


def test_a_name_of_its_own_takes_the_depth_away() -> None:
    value: Any = Customer.points
    for number in range(10):
        value = tag(functools.reduce(operator.add, [value] * 30), name=f"sum_{number}")
    assert value.depth == 1


def test_a_mistake_inside_a_function_is_told_where_it_was_made() -> None:
    def recent(total: Any) -> Any:
        return total > "many"

    with pytest.raises(TypeMismatch) as found:
        recent(Bill.total)
    assert found.value.where == f"{Path(__file__).name}:{recent.__code__.co_firstlineno + 1}"


def test_an_error_says_all_on_its_own() -> None:
    with pytest.raises(TypeMismatch) as found:
        Customer.grade == "glod"
    said = str(found.value)
    assert said.startswith("error[C360-E032]: 'glod' is no level of this category (bronze, silver, gold) in test_language")
    assert said.endswith("\nhint: did you mean 'gold'?")
    assert found.value.exit_code == 3


def test_expressions_are_no_keys_of_dicts() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        {Customer.points: 1}
