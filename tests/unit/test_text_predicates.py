"""Rules as text: the same trees as in definition files, and every hostile or mistaken text refused at its place."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agreement import schema_of
from c360 import as_of, greatest, least, segment, tag, tiers, when
from c360.catalog.names import RuleNames
from c360.datatypes import BOOLEAN, INTEGER, TEXT
from c360.errors import DefinitionError, TooDeep, TypeMismatch, UnknownName
from c360.expr.grain import bind_entity
from c360.expr.nodes import Node, SegmentRef
from c360.expr.operator import OPERATORS, Operator
from c360.expr.schema import Schema
from c360.language.as_text import as_text
from c360.language.expression import Expression, apply
from c360.language.predicates import FixedNames, expression, functions, predicate
from c360.sql.reading import read_phrase
from telecom import SOURCES, Bill, Customer, Device, Line, Services

arpu = tag(Bill.total.sum() / 3, name="arpu")
tier = tag(tiers(arpu, high=150, mid=100, otherwise="low"), name="tier")
line_bill = tag(Bill.total.sum(), name="line_bill", entity=Line)
vips = segment(Customer.vip, name="vips")
old = segment(Customer.joined_on < as_of(), name="old")
SCHEMA = schema_of(*SOURCES)
DEFINITIONS = {named.name: named.draft.finished() for named in (arpu, tier, line_bill, vips, old)}


def read(text: str, entity: str = "customer") -> Node:
    """Return the tree of a rule about rows of *entity*."""
    return predicate(read_phrase(text), RuleNames(SCHEMA, DEFINITIONS, entity), text).node


def refused(text: str, kind: type[DefinitionError] = DefinitionError) -> DefinitionError:
    """Return the fault of *text*; it shows a caret and ends the program with 3."""
    with pytest.raises(kind) as caught:
        read(text)
    assert caught.value.exit_code == 3
    assert re.search(r"\n +\^+", str(caught.value)), f"no caret: {caught.value}"
    return caught.value


def marked(error: DefinitionError) -> str:
    """Return what stands over the carets."""
    assert error.where is not None
    _, line, carets = error.where.rsplit("\n", 2)
    start = carets.index("^")
    return line[start : start + carets.count("^")]


GOOD: dict[str, Any] = {
    "tier >= 'mid' and not active": (tier >= "mid") & ~Customer.active,
    "arpu > 100": arpu > 100,
    "100 < arpu or arpu is null": (100 < arpu) | arpu.is_null(),  # noqa: SIM300 - Python turns it round
    "arpu between 20 and 150.5": arpu.between(20, 150.5),
    "not (arpu between 20 and 30)": ~arpu.between(20, 30),
    "arpu not between 20 and 30": ~arpu.between(20, 30),
    "gender in ('f', 'm')": Customer.gender.is_in("f", "m"),
    "gender not in ('f')": ~Customer.gender.is_in("f"),
    "points in (-1, 2, 3)": Customer.points.is_in(-1, 2, 3),
    "joined_on in ('2026-01-31', date '2026-02-28')": Customer.joined_on.is_in(date(2026, 1, 31), date(2026, 2, 28)),
    "name is not null and name <> ''": Customer.name.is_known() & (Customer.name != ""),
    "joined_on > '2026-01-31'": Customer.joined_on > date(2026, 1, 31),
    "joined_on <= date '2026-01-31'": Customer.joined_on <= date(2026, 1, 31),
    "days_until(joined_on, as_of()) > 30": Customer.joined_on.days_until(as_of()) > 30,
    "months_until(born_on, as_of()) // 12 >= 18": Customer.born_on.months_until(as_of()) // 12 >= 18,
    "year(joined_on) = 2020 and weekday(joined_on) = 0": (Customer.joined_on.year() == 2020) & (Customer.joined_on.weekday() == 0),
    "points + visits * 2 - 1 > points % 3": Customer.points + Customer.visits * 2 - 1 > Customer.points % 3,
    "points - (visits - 1) > -points": Customer.points - (Customer.visits - 1) > -Customer.points,
    "credit / debt > 5e-1": Customer.credit / Customer.debt > 0.5,
    "coalesce(arpu, 0) >= 1_000": arpu.or_zero() >= 1000,
    "coalesce(score, weight, 1) > 0": Customer.score.or_else(Customer.weight).or_else(1) > 0,
    "nullif(points, 0) > abs(visits)": Customer.points.null_if(0) > abs(Customer.visits),
    "least(points, visits) < greatest(points, visits, 3)": least(Customer.points, Customer.visits)
    < greatest(Customer.points, Customer.visits, 3),
    "case when vip then 2 when active then 1 else 0 end >= 1": when(Customer.vip).then(2).when(Customer.active).then(1).otherwise(0)
    >= 1,
    "case when vip then points end > 1": when(Customer.vip).then(Customer.points).or_null() > 1,
    "case when vip then points else null end > 1": when(Customer.vip).then(Customer.points).or_null() > 1,
    "name like 'A%'": Customer.name.starts_with("A"),
    "name like '%son'": Customer.name.ends_with("son"),
    "name not like '%o%'": ~Customer.name.contains("o"),
    "contains(name, '50%_')": Customer.name.contains("50%_"),
    "left(name, 2) = '张'": Customer.name.left(2) == "张",
    "length(concat(name, city)) > 3": Customer.name.concat(Customer.city).length() > 3,
    "vips and old": vips & old,
    "not vips": ~vips,
    "not (vips)": ~vips,
    "not not vips": ~~vips,
    "not (vips or old)": ~(vips | old),
    "vips = true": vips == True,  # noqa: E712 - an expression
    "vip and true": Customer.vip & True,
    "contract >= 'one_year'": Services.contract >= "one_year",
    "customer.vip or services.contract is null": Customer.vip | Services.contract.is_null(),
    "referrer.vip": Customer.referrer.vip,
    "referrer.referrer.name = 'x'": Customer.referrer.referrer.name == "x",
    "referrer.arpu > 1 and referrer.vips": (Customer.referrer[arpu] > 1) & Customer.referrer[vips],
    "customer = 'C1'": Customer.customer == "C1",
    '"arpu" > 1 AND "vip"': (arpu > 1) & Customer.vip,
    "vip\n  AND active": Customer.vip & Customer.active,
    "name = 'O''Neil; drop table x -- hi'": Customer.name == "O'Neil; drop table x -- hi",
    "name = '\\n %s $$ /* x */ \"'": Customer.name == '\\n %s $$ /* x */ "',
    "name = '张伟 😀'": Customer.name == "张伟 😀",
}


@pytest.mark.parametrize("text", GOOD)
def test_a_text_is_the_tree_its_author_would_write(text: str) -> None:
    assert read(text) == bind_entity(GOOD[text].node, "customer")


def test_a_rule_may_be_about_another_entity() -> None:
    assert read("line_bill > 9 and customer.arpu > 30 and plan.fee < 50", "line") == bind_entity(
        ((line_bill > 9) & (Line.customer[arpu] > 30) & (Line.plan.fee < 50)).node, "line"
    )
    assert read("line.customer.vip", "device") == bind_entity(Device.line.customer.vip.node, "device")


def test_not_before_a_segment_is_its_universe_minus_it() -> None:
    assert read("not vips") == SegmentRef(BOOLEAN, "vips", "customer", outside=True)


@pytest.mark.thorough
def test_a_long_chain_is_flat() -> None:
    node = read(" and ".join(f"points > {i}" for i in range(5000)))
    assert len(node.args) == 5000  # type: ignore[attr-defined]


def test_an_operator_without_options_is_a_function_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    doubled = Operator(
        "doubled", "an integer", lambda a: INTEGER if a == INTEGER else None, None, None, "twice {0}", "{0}的两倍", arity=(1, 1)
    )  # type: ignore[arg-type]
    monkeypatch.setitem(OPERATORS, "doubled", doubled)
    assert "doubled" in functions()
    assert read("doubled(points) > 3") == bind_entity((apply("doubled", Customer.points) > 3).node, "customer")


HOSTILE = (
    "1=1; drop table customer", "vip; select 1", "vip;", ";", "vip --", "vip -- and active", "vip /* x */", "/* x */ vip",
    "--", "vip /*+ hint */", "{# x #} vip", "vip # x", "(select 1)", "(select 1) = 1", "exists (select 1)",
    "vip and exists (select 1 from customer)", "points in (select 1)", "points in (select points from customer)",
    "points in (from customer)", "from customer select vip", "points > (select max(points) from customer)",
    "vip union select true", "vip union all select 1", "vip limit 1", "vip order by 1", "vip group by 1", "vip having true",
    "vip qualify true", "vip) or (true", "1) or (1=1", "vip or 1=1)", "name in read_text('/etc/passwd')",
    "read_csv('/etc/passwd') is null", "name = getenv('HOME')", "name in (getenv('HOME'))", "points in ()",
    "points in (points)", "points in (1, null)", "points in points", "points in (1, (2))", "points in ((1, 2))", "'a'", "1",
    "points", "null", "*", "customer.*", "count(*) > 1", "sum(points) > 1", "max(points) over () > 1",
    "row_number() over (order by points) = 1", "list_filter([1], x -> x > 0)", "x -> x", "lambda x: x", "columns('a.*')",
    "columns(*) > 1", "random() > 0.5", "now() > joined_on", "current_date > joined_on", "e'a\\n' = name", "E'\\x41' = name",
    "$$a$$ = name", "$tag$a$tag$ = name", "n'a' = name", "x'41' = name", "b'1' = name", "u&'a' = name",
    "name collate nocase = 'a'", "(points, visits) = (1, 2)", "row(points, visits) = row(1, 2)", "{'a': points} is null",
    "struct_pack(a := points) is null", "[points] is null", "points[1] = 1", "name[1:2] = 'a'", "name::date is null",
    "cast(name as date) is null", "try_cast(name as integer) = 1", "cast(name as varchar) = 'a'", "name = ?", "name = $1",
    "name = $name", "name = :name", "name = @name", "name = {{ name }}", "vip is true", "vip is distinct from true",
    "name similar to 'a'", "name ~ 'a'", "name ilike 'a%'", "name glob 'a*'", "name like name", "name like 'a%b'",
    "name like 'a_'", "name like '%'", "name like 'a!%' escape '!'", "regexp_matches(name, '(a+)+$')", "points ** 2 > 1",
    "points ^ 2 > 1", "points & 1 = 1", "points | 1 = 1", "~points = 1", "!vip", "vip && active", "vip || active",
    "name || 'a' = 'b'", "points between 1 2", "points between 1", "case vip when true then 1 end = 1",
    "case when vip 1 end = 1", "case when vip then end", "case end", "joined_on + interval '1 day' > as_of()",
    "joined_on at time zone 'utc' is null", "+points > 1", "points not null", "vip active", "vip and", "and vip",
    "vip and and active", "not", "(vip", "vip)", "()", "f(", "points >", "> points", "points = = 1", "points in (1,,2)",
    "points in (1,)", "(,)", "length(,)", "name = 'a", 'name = "a', "'a' 'b' = name", "name = 'a' 'b'", "vips.draft",
    "vip.__class__", "__import__('os')", "eval('1')", "pragma_version() is null", "sql_expr('1', points)",
    "tiers(points, 3) = 'high'", "attach 'x'", "copy customer to 'x'", "set threads = 1", "pragma x", "call f()",
    "install httpfs", "create table x (a int)", "（vip）", "vip\u3000and\u200bactive", "points ＞ 1", "\x00", "vip\x00",
    "\u200bvip", "points > 1e999", "points > 99999999999999999999", "points > 0x1F", "points > 1e", "is", "end", "else = 1",
    "null = points", "name = null", "date 'x' > joined_on", "joined_on > '31.01.2026'", "joined_on > date '2026-02-30'", "",
    "   ", "\n", "a.b.c.d.e.f.g = 1", "customer.customer.customer.vip",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_and_mistaken_texts_are_refused(text: str) -> None:
    refused(text)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "vip" + ")" * 300,
        "not " * 300 + "vip",
        "- " * 300 + "points > 1",
        "abs(" * 300 + "points" + ")" * 300 + " > 1",
        "case when " * 300 + "vip" + " then vip end" * 300,
        "points = " + "not points = " * 300 + "1",
        "points" + " + points" * 300 + " > 1",
        "points" + " = points" * 300,
        "vip and " * 50_000 + "vip",
    ],
    ids=["parentheses", "not", "minus", "calls", "case", "not on the right", "sum", "equal", "parts"],
)
def test_deep_texts_are_refused_at_once(text: str) -> None:
    started = time.monotonic()
    refused(text, TooDeep)
    assert time.monotonic() - started < 10


OPENED = ("date(", "double(", "bigint(", "cast(", "abs(", "x (", "points in (", "case when ", "(date '", "a.(", "-(")


@pytest.mark.parametrize("opened", OPENED)
def test_no_nesting_takes_exponential_time(opened: str) -> None:
    started = time.monotonic()
    refused(opened * 60 + "points" + ")" * 60)
    assert time.monotonic() - started < 5


def test_a_text_has_a_greatest_length() -> None:
    with pytest.raises(DefinitionError, match="at most 10,000,000 characters") as caught:
        read_phrase("a" * 10_000_001)
    assert caught.value.exit_code == 3


@pytest.mark.thorough
@pytest.mark.slow
def test_a_list_of_100_000_values_is_read() -> None:
    listed = ", ".join(f"'n{i}'" for i in range(100_000))
    node = read(f"name in ({listed})")
    assert len(node.args) == 1 + 100_000  # type: ignore[attr-defined]


PLACES = {
    "tier >= 'glod'": ("'glod'", "no level", None),
    "vip and tier in ('high', 'mdi')": ("'mdi'", "no level", "did you mean 'mid'"),
    "vip and arpuu > 1": ("arpuu", "unknown name of customer 'arpuu'", "did you mean 'arpu'"),
    "Arpu > 1": ("Arpu", "unknown name", "did you mean 'arpu'"),
    "lenght(name) > 1": ("lenght", "unknown function 'lenght'", "did you mean 'length'"),
    "sum(points) > 1": ("sum", "unknown function", "belongs in a tag"),
    "now() > joined_on": ("now", "unknown function", r"as_of\(\)"),
    "arpu > 'gold'": ("arpu > 'gold'", r"cannot compare arpu \(a rate\) with 'gold' \(text\)", None),
    "vip and points = city": ("points = city", r"cannot compare points \(a whole number\) with city \(text\)", None),
    "gender > 'f'": ("gender > 'f'", "cannot compare gender", "no order"),
    "vip and points": ("points", "'and' takes yes/no expressions; points is a whole number", "compare it"),
    "not points": ("points", "'not' takes yes/no", "compare it"),
    "case when points then 1 end = 1": ("points", "'when' takes yes/no", "compare it"),
    "points": ("points", "a rule is a yes/no expression; this is a whole number", "compare it"),
    "joined_on + 5 > as_of()": ("joined_on + 5", r"cannot add joined_on \(a date\) and 5", r"days_until\(start, end\)"),
    "name * 2 > 1": ("name * 2", r"cannot multiply name \(text\) by 2 \(a whole number\)", None),
    "year(points) = 1": ("year(points)", r"'year' takes a date; found points \(a whole number\)", None),
    "year(joined_on, 1) = 1": ("year(joined_on, 1)", "'year' takes a date; found 2 values", None),
    "points in (1, 'a')": ("'a'", r"cannot compare points \(a whole number\) with 'a' \(text\)", None),
    "name = null": ("null", "null is no value", "is null"),
    "joined_on > '2026-13-01'": ("'2026-13-01'", "expected a date", None),
    "line_bill > 1": ("line_bill", "is a tag of line; this rule is about rows of customer", "entity line"),
    'name = "Ann"': ('"Ann"', "unknown name", "single quotes: 'Ann'"),
    "name = ‘Ann’": ("‘", "no part of a rule", "single quotes"),
    "joined_on < current_date": ("current_date", "unknown name", r"as_of\(\)"),
    "(vip and active": ("(", r"'\(' is not closed", r"add '\)'"),
    "vip or case when active then vip": ("case", "'case' is not closed", "add end"),
    "vip -- x": ("--", "no comments", "minus signs apart"),
    "vip and (select 1)": ("select", "'select' is no part of a rule", "one yes/no expression"),
    "vip ＝ active": ("＝", "no part of a rule", "write ="),
    "vip and": ("and", "a value is missing after 'and'", None),
    "vip or > 1": (">", "a value is missing before '>'", None),
    "vip\nand poinst > 1": ("poinst", "unknown name", "'points'"),
    "name = '张伟' and poinst > 1": ("poinst", "unknown name", "'points'"),
}  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_a_fault_shows_its_place_and_a_fix(text: str) -> None:
    over, said, hint = PLACES[text]
    error = refused(text)
    if text.isascii():
        assert marked(error) == over
    assert re.search(said, error.message), error.message
    assert hint is None or re.search(hint, error.hint or ""), error.hint


def test_carets_stand_under_wide_characters() -> None:
    error = refused("name = '张伟' and poinst > 1")
    assert error.where == "the text, column 17:\n  name = '张伟' and poinst > 1\n" + " " * (2 + 18) + "^" * 6


def test_a_fault_in_a_long_text_shows_its_surroundings() -> None:
    error = refused(" or ".join(["vip"] * 200) + " or poinst > 1 or " + " or ".join(["vip"] * 200))
    assert error.where is not None
    assert len(error.where.splitlines()[1]) < 130
    assert marked(error) == "poinst"


def test_a_fault_prints_no_control_characters() -> None:
    assert "\x1b" not in str(refused("name = '\x1b[2J' and poinst > 1"))


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\udcff"])
def test_what_is_no_character_is_refused(odd: str) -> None:
    str(refused(f"name = 'a{odd}b'")).encode()


def test_kinds_of_faults() -> None:
    refused("arpu > 'x'", TypeMismatch)
    refused("arpuu > 1", UnknownName)


def test_a_column_of_two_contracts_needs_the_contract() -> None:
    services, city = SCHEMA.source("services"), SCHEMA.source("customer").column("city")
    twice = replace(services, columns=(*services.columns, city))
    names = RuleNames(Schema({**SCHEMA.sources, "services": twice}), DEFINITIONS, "customer")
    with pytest.raises(UnknownName, match="column of customer and of services") as caught:
        predicate(read_phrase("city = 'x'"), names, "city = 'x'")
    assert caught.value.hint == "say which one is meant: customer.city or services.city"
    found = predicate(read_phrase("customer.city = 'x'"), names, "customer.city = 'x'")
    assert as_text(found.node, names) == "customer.city = 'x'"


TEXTS: dict[str, Callable[[], Any]] = {
    "tier >= 'mid' and not vips": lambda: (tier >= "mid") & ~vips,
    "arpu > 100.5 or points = -3": lambda: (arpu > 100.5) | (Customer.points == -3),
    "credit >= 20": lambda: Customer.credit >= 20,
    "joined_on < date '2026-01-31'": lambda: Customer.joined_on < date(2026, 1, 31),
    "not (name is null)": lambda: ~Customer.name.is_null(),
    "name = 'O''Neil'": lambda: Customer.name == "O'Neil",
    "coalesce(score, weight, 0.0) > 1.5": lambda: Customer.score.or_else(Customer.weight).or_zero() > 1.5,
    "days_until(joined_on, as_of()) > 30": lambda: Customer.joined_on.days_until(as_of()) > 30,
    "referrer.arpu > 1.0": lambda: Customer.referrer[arpu] > 1,
    "(points - 1) * 2 > points - (visits - 1)": lambda: (Customer.points - 1) * 2 > Customer.points - (Customer.visits - 1),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_tree_is_written_as_text(text: str) -> None:
    node = bind_entity(TEXTS[text]().node, "customer")
    assert as_text(node, RuleNames(SCHEMA, DEFINITIONS, "customer")) == text
    assert read(text) == node


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Bill.total.sum() > 3, "summing up rows"),
        (lambda: tiers(arpu, high=3, otherwise="low") == "high", "'tiers' with its options"),
        (lambda: vips - old, "would mean something else"),
    ],
)  # fmt: skip
def test_what_a_text_cannot_say_is_refused(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=f"cannot be written as text: .*{said}"):
        as_text(bind_entity(make().node, "customer"), RuleNames(SCHEMA, DEFINITIONS, "customer"))


def test_an_expression_of_any_type_is_read_over_a_plain_table() -> None:
    names = FixedNames({"FEE AMT": Expression(Customer.credit.node, Customer.credit.grain)})
    text = 'coalesce("FEE AMT", 0) / 100'
    assert expression(read_phrase(text), names, text).node == (Customer.credit.or_zero() / 100).node
    assert expression(read_phrase("'x'"), names, "'x'").type == TEXT
