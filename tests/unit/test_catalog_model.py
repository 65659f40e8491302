"""The catalogue: who needs whom, universes, parameters, hashes, sensitivity, and what a check has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from c360.catalog import Catalog, Finding, assemble, build_catalog, findings
from c360.datatypes import INTEGER
from c360.errors import C360Error, CycleError, DefinitionError, DuplicateName, TypeMismatch, UnknownName
from c360.expr.nodes import Param, TagRef, walk

HEAD = """\
from c360 import (
    Boolean, Category, Date, Entity, Facts, Integer, Key, Money, Month, Text, column, event, first_match, fixed, months,
    param, segment, since, tag, tiers, when,
)

class Customer(Entity):
    default = True
    joined_on: Date = since()
    name: Text = fixed()
    born_on: Date = fixed(sensitivity="personal")
    kind: Category["person", "family"] = fixed()

class Line(Entity):
    customer: Key[Customer] = fixed()
    is_main: Boolean = fixed()

class Bill(Facts):
    line: Key[Line]
    month: Month
    total: Money

class Call(Facts):
    line: Key[Line]
    on: Date = event()
    place: Text = column(sensitivity="sensitive")

arpu = tag(Bill.last(months(3)).total.sum().or_zero() / 3)
"""
FIRST_LINE = HEAD.count("\n") + 1


def build(folder: Path, text: str = "", params: Mapping[str, object] | None = None, **others: str) -> Catalog:
    """Build a catalogue from tags/all.py: the contracts above and *text*; *others* are further files of tags/."""
    (folder / "tags").mkdir(parents=True, exist_ok=True)
    for name, body in {"all": HEAD + text, **others}.items():
        (folder / "tags" / f"{name}.py").write_text(body, encoding="utf-8")
    return build_catalog(folder, params or {})


def fault(folder: Path, text: str, params: Mapping[str, object] | None = None) -> C360Error:
    with pytest.raises(C360Error) as caught:
        build(folder, text, params)
    return caught.value


# Who needs whom.

CHAIN = """\
rich = segment(arpu > 100)
richest = segment(rich & (arpu > 200))
label = tag(first_match(rich=rich, otherwise="other"))
in_label = segment(label == "rich", universe=rich)
"""


def test_definitions_are_found_by_name_and_kind(tmp_path: Path) -> None:
    catalog = build(tmp_path, CHAIN + "of_line = tag(Bill.count(), entity=Line)\n")
    assert catalog.definition("rich").kind == "segment"
    assert [d.name for d in catalog.tags()] == ["arpu", "label", "of_line"]
    assert [d.name for d in catalog.tags("line")] == ["of_line"]
    assert [d.name for d in catalog.segments("customer")] == ["rich", "richest", "in_label"]
    assert catalog.default_entity == "customer"
    with pytest.raises(UnknownName, match="unknown tag or segment 'arpo'") as caught:
        catalog.definition("arpo")
    assert caught.value.hint == "did you mean 'arpu'?" and caught.value.where is None


def test_dependencies_are_direct_and_hold_the_universe(tmp_path: Path) -> None:
    catalog = build(tmp_path, CHAIN)
    assert catalog.dependencies("arpu") == ()
    assert catalog.dependencies("richest") == ("rich", "arpu")
    assert catalog.dependencies("in_label") == ("label", "rich")
    assert catalog.dependents("arpu") == ("rich", "richest")
    assert catalog.dependents("rich") == ("richest", "label", "in_label")
    assert catalog.dependents("in_label") == ()


def test_a_closure_stands_in_the_order_of_need(tmp_path: Path) -> None:
    catalog = build(tmp_path, CHAIN)
    assert catalog.closure(["in_label"]) == ("arpu", "rich", "label", "in_label")
    assert catalog.closure([]) == ()


def test_a_circle_is_refused_with_its_path(tmp_path: Path) -> None:
    catalog = build(tmp_path, CHAIN)
    arpu = replace(catalog.definition("arpu"), node=TagRef(INTEGER, "label", "customer"))
    with pytest.raises(CycleError, match="arpu → label → rich → arpu"):
        assemble(catalog.schema, [arpu, *list(catalog.definitions.values())[1:]], {})


def test_a_reference_to_what_no_file_assigns_is_unknown(tmp_path: Path) -> None:
    error = fault(tmp_path, 'x = segment(tag(Bill.count(), name="arpo") > 1)\n')
    assert isinstance(error, UnknownName) and error.where == f"tags/all.py:{FIRST_LINE}"
    assert error.hint == "did you mean 'arpu'?"


def test_a_source_declared_outside_the_workspace_is_unknown(tmp_path: Path) -> None:
    hidden = """\
def hidden():
    class Visit(Facts):
        line: Key[Line]
        on: Date = event()
    return Visit

visits = tag(hidden().count())
"""
    error = fault(tmp_path, hidden)
    assert isinstance(error, UnknownName) and "unknown source 'visit'" in error.message
    assert error.where == f"tags/all.py:{FIRST_LINE + 6}"


def test_no_definition_takes_the_name_of_a_source(tmp_path: Path) -> None:
    error = fault(tmp_path, "bill = tag(Bill.count())\n")
    assert isinstance(error, DuplicateName)
    assert error.where == f"tags/all.py:{FIRST_LINE}" and "tags/all.py:17" in error.message


def test_two_default_entities_are_told_when_asked(tmp_path: Path) -> None:
    catalog = build(tmp_path, "class Plan(Entity):\n    default = True\n    fee: Money = fixed()\n")
    with pytest.raises(DefinitionError, match="found 2") as caught:
        _ = catalog.default_entity
    assert caught.value.where == "tags/all.py:6"


# Universes.

DRAWN = """\
active = segment(Bill.last(months(1)).count() > 0)
young = segment(Customer.born_on >= "2000-01-01")
a = segment(arpu > 1, universe=active)
b = segment(arpu > 2, universe=active)
c = segment(arpu > 3, universe=young)
"""


def test_a_universe_is_inherited_where_all_agree(tmp_path: Path) -> None:
    more = "both = segment(a & ~b)\nagain = segment(both | (arpu > 9))\nfree = segment(arpu > 5)\n"
    catalog = build(tmp_path, DRAWN + more)
    named = {"active": "", "young": "", "a": "active", "b": "active", "c": "young"}
    assert catalog.universes == {**named, "both": "active", "again": "active", "free": ""}
    assert catalog.planned["both"].universe == "active"
    assert catalog.dependents("active") == ("a", "b", "both", "again")


@pytest.mark.parametrize("rule", ["a & c", "a | young", "a & ~c"])
def test_segments_of_two_universes_need_one_named(tmp_path: Path, rule: str) -> None:
    error = fault(tmp_path, DRAWN + f"mixed = segment({rule})\n")
    assert isinstance(error, DefinitionError) and "a (active)" in error.message
    assert error.where == f"tags/all.py:{FIRST_LINE + 5}" and "universe=" in str(error.hint)
    assert build(tmp_path, DRAWN + f"mixed = segment({rule}, universe=young)\n").universes["mixed"] == "young"


def test_segments_of_other_entities_lend_no_universe(tmp_path: Path) -> None:
    lines = "main = segment(Line.is_main)\nin_main = segment(Bill.count() > 1, entity=Line, universe=main)\n"
    catalog = build(tmp_path, DRAWN + lines + "theirs = segment(Line.customer[a] & in_main)\n")
    assert catalog.definition("theirs").entity == "line"
    assert catalog.universes["theirs"] == "main"


def test_a_universe_is_of_the_same_entity(tmp_path: Path) -> None:
    error = fault(tmp_path, "main = segment(Line.is_main)\nx = segment(arpu > 1, universe=main)\n")
    assert "found the segment 'main' of line" in error.message and error.where == f"tags/all.py:{FIRST_LINE + 1}"


# Parameters.

VALUE = """\
tier = tag(tiers(arpu, high=param("value.high", 150, source="S"), low=param("value.low", 20.5), otherwise="rest"))
high = segment(arpu >= param("value.high", 150))
paid = tag(Bill.last(months(param("window", 3))).total.sum())
large = segment(Bill.where(Bill.total > param("amount", 10)).count() > param("times", 2))
family = segment(Customer.kind == param("kind", "family"))
joined = segment(Customer.joined_on >= param("from", "2020-01-01"))
"""


def test_parameters_are_resolved_with_their_defaults(tmp_path: Path) -> None:
    catalog = build(tmp_path, VALUE)
    assert not [part for d in catalog.definitions.values() for part in walk(d.node) if isinstance(part, Param)]
    high = catalog.parameters["value.high"]
    assert (high.default, high.value, high.source, high.used_by) == (150, 150, "S", ("tier", "high"))
    assert not high.is_overridden
    assert catalog.parameters["value.low"].source == "D"


def test_settings_override_defaults_in_the_type_of_each_use(tmp_path: Path) -> None:
    settings = {"value.high": 200.5, "window": 6, "amount": Decimal("9.9"), "kind": "person", "from": date(2024, 2, 29)}
    catalog = build(tmp_path, VALUE, settings)
    assert catalog.parameters["value.high"].value == 200.5 and catalog.parameters["value.high"].is_overridden
    assert catalog.parameters["amount"].value == Decimal("9.90")
    assert catalog.parameters["from"].value == date(2024, 2, 29)
    plain = build(tmp_path, VALUE)
    changed = [name for name in catalog.definitions if catalog.hash_of(name) != plain.hash_of(name)]
    assert changed == ["tier", "high", "paid", "large", "family", "joined"]
    assert {n: str(d.type) for n, d in catalog.definitions.items()} == {n: str(d.type) for n, d in plain.definitions.items()}


@pytest.mark.parametrize(
    ("name", "value", "expected", "found"),
    [
        ("value.high", "150", "a number", "'150'"),
        ("value.high", True, "a number", "true"),
        ("value.high", float("nan"), "a number", "nan"),
        ("window", 3.0, "a whole number", "3.0"),
        ("window", 0, "a whole number of 1 or more", "0"),
        ("window", [3], "a whole number", "list"),
        ("amount", 9.999, "an amount with at most 2 decimals", "9.999"),
        ("times", True, "a whole number", "true"),
        ("kind", "persn", "one of person, family", "'persn'"),
        ("kind", None, "one of person, family", "NoneType"),
        ("from", "soon", "a date as YYYY-MM-DD", "'soon'"),
        ("from", datetime(2024, 1, 1, 9), "a date as YYYY-MM-DD", "2024-01-01T09:00:00"),
    ],
)
def test_a_setting_of_another_type_is_refused(tmp_path: Path, name: str, value: object, expected: str, found: str) -> None:
    error = fault(tmp_path, VALUE, {name: value})
    assert isinstance(error, DefinitionError) and error.where == "c360.toml [params]"
    assert f"'{name}'" in error.message and expected in error.message and error.message.endswith(f"found {found}")


def test_a_setting_nobody_asks_for_is_unknown(tmp_path: Path) -> None:
    error = fault(tmp_path, VALUE, {"value.hihg": 1})
    assert isinstance(error, UnknownName) and error.hint == "did you mean 'value.high'?"
    assert error.where == "c360.toml [params]"


def test_cuts_still_fall_after_settings(tmp_path: Path) -> None:
    error = fault(tmp_path, VALUE, {"value.high": 20})
    assert isinstance(error, TypeMismatch) and "found 20 before 20.5" in error.message
    assert error.where == f"tags/all.py:{FIRST_LINE}"


def test_one_parameter_has_one_default(tmp_path: Path) -> None:
    error = fault(tmp_path, VALUE + 'other = segment(arpu > param("value.high", 151))\n')
    assert isinstance(error, DuplicateName) and "151" in error.message and f"tags/all.py:{FIRST_LINE}" in error.message
    assert error.where == f"tags/all.py:{FIRST_LINE + 6}"
    same = 'other = segment(Bill.where(Bill.total > param("value.high", 150.0)).count() > 1)\n'
    assert build(tmp_path, VALUE + same).parameters["value.high"].used_by == ("tier", "high", "other")


# Hashes.


def test_a_hash_does_not_depend_on_titles_places_or_files(tmp_path: Path) -> None:
    plain = build(tmp_path / "plain", CHAIN)
    titled = CHAIN.replace("segment(arpu > 100)", 'segment(arpu > 100, title="Rich", owner="market")')
    rest = "from c360 import first_match, segment, tag\nfrom tags.all import arpu\n\n\n" + titled
    moved = build(tmp_path / "moved", **{"_later": "", "a_rest": rest})
    assert list(plain.definitions) == list(moved.definitions)
    assert [plain.hash_of(n) for n in plain.definitions] == [moved.hash_of(n) for n in plain.definitions]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("arpu > 100", "arpu > 101", ["rich", "richest", "label", "in_label"]),
        ("universe=rich", "universe=None", ["in_label"]),
        ("total.sum()", "total.max()", ["arpu", "rich", "richest", "label", "in_label"]),
        ("    total: Money", "    total: Integer", ["arpu", "rich", "richest", "label", "in_label"]),
        ("    month: Month", "    month: Date = event()", ["arpu", "rich", "richest", "label", "in_label"]),
        ("    name: Text", "    full_name: Text", []),
    ],
)
def test_a_hash_changes_with_the_meaning(tmp_path: Path, before: str, after: str, changed: list[str]) -> None:
    plain = build(tmp_path, CHAIN)
    text = (HEAD + CHAIN).replace(before, after)
    assert text != HEAD + CHAIN
    (tmp_path / "tags" / "all.py").write_text(text)
    other = build_catalog(tmp_path, {})
    assert [name for name in plain.definitions if plain.hash_of(name) != other.hash_of(name)] == changed


# Sensitivity.


@pytest.mark.parametrize(
    ("tagged", "expected"),
    [
        ("tag(Customer.name)", "personal"),
        ("tag(Customer.born_on)", "personal"),
        ('tag(Customer.born_on, sensitivity="internal")', "internal"),
        ('tag(Customer.name == "x")', "internal"),
        ('tag(first_match(old=Customer.born_on < "1950-01-01", otherwise="young"))', "internal"),
        ('tag(when(arpu > 1).then(Customer.name).otherwise("nobody"))', "personal"),
        ("tag(Bill.total.sum())", "internal"),
        ('tag(Call.where(Call.place == "x").count())', "sensitive"),
        ("segment(Customer.kind == 'person')", "internal"),
    ],
)
def test_sensitivity_follows_what_a_value_shows(tmp_path: Path, tagged: str, expected: str) -> None:
    catalog = build(tmp_path, f"x = {tagged}\nfrom_x = {'tag(x)' if tagged.startswith('tag') else 'segment(x)'}\n")
    assert catalog.sensitivity_of("x") == expected
    assert catalog.sensitivity_of("from_x") == expected


# Findings.


def told(catalog: Catalog, *codes: str) -> list[Finding]:
    return [finding for finding in findings(catalog) if finding.code in codes]


def test_levels_nobody_reaches_are_errors(tmp_path: Path) -> None:
    text = """\
twice = tag(first_match(a=arpu > 1, b=arpu > 2, c=arpu > 1, otherwise="d"))
always = tag(first_match(a=arpu > 1, b=True, c=arpu > 3, otherwise="d"))
never = tag(first_match(a=False, b=arpu > 1, otherwise="d"))
chosen = tag(when(arpu > 1).then("a").when(arpu > 1).then("b").or_null())
fine = tag(first_match(a=arpu > 1, b=arpu > 2, otherwise="d"))
"""
    found = told(build(tmp_path, text), "shadowed-level")
    assert [(f.name, f.severity, f.message) for f in found] == [
        ("twice", "error", "level 'c' is never reached: it asks the same as level 'a' before it"),
        ("always", "error", "level 'c' is never reached: level 'b' before it is always true"),
        ("never", "error", "level 'a' is never reached: its condition is never true"),
        ("chosen", "error", "condition 2 is never reached: it asks the same as condition 1 before it"),
    ]
    assert found[0].where == f"tags/all.py:{FIRST_LINE}"


def test_levels_that_collide_are_found(tmp_path: Path) -> None:
    text = """\
a = tag(tiers(arpu, high=2, low=1, otherwise="low"))
b = tag(tiers(arpu, high=2, low=1, otherwise="rest", missing="low"))
c = tag(tiers(arpu, high=2, otherwise="rest", missing="rest"))
d = tag(first_match(x=arpu > 1, otherwise="x", missing="x"))
e = tag(first_match(x=arpu > 1, otherwise="y", missing="y"))
"""
    found = told(build(tmp_path, text), "otherwise-is-level", "missing-is-level", "missing-is-otherwise")
    assert [(f.name, f.code, f.severity) for f in found] == [
        ("a", "otherwise-is-level", "warning"),
        ("b", "missing-is-level", "error"),
        ("c", "missing-is-otherwise", "warning"),
        ("d", "otherwise-is-level", "warning"),
        ("d", "missing-is-level", "warning"),
    ]


def test_what_people_will_miss_is_one_line_a_definition(tmp_path: Path) -> None:
    text = """\
x = segment(arpu > 1, title="X", zh="甲", owner="market")
y = tag(arpu * 2, title="Y", zh="乙", owner="market")
"""
    found = findings(build(tmp_path, text))
    assert [(f.code, f.severity, f.message) for f in found] == [
        ("incomplete", "warning", "tag 'arpu' has no title, no zh, no owner, no unit"),
        ("incomplete", "warning", "tag 'y' has no unit"),
        ("no-example", "warning", "3 of 3 definitions have no example"),
    ]
