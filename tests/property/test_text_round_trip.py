"""The text of a random expression means that expression: what a text can say, it says again when read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from places import place
from signatures import Signature
from strategies import CALLS, bound, expressions
from world import DEFINITIONS, SCHEMA

from c360.catalog.names import RuleNames
from c360.errors import DefinitionError, TypeMismatch
from c360.expr import build
from c360.expr.grain import ANY
from c360.expr.nodes import Aggregate, AsOf, Call, Column, Followed, Literal, Node, SegmentRef, TagRef, rebuild
from c360.language.as_text import as_text
from c360.language.definitions import Definition
from c360.language.expression import Expression, apply, lift
from c360.language.phrases import Cast, Function, Name, Operation, Phrase, Written, write
from c360.language.predicates import SPELLED, expression, functions
from c360.sql.reading import read_phrase

ENTITIES = ("customer", "line", "plan")
SAYABLE = (Literal, AsOf, Column, TagRef, SegmentRef, Followed, Call)


def said(node: Node, entity: str, named: dict[str, Definition]) -> Node:
    """Return *node* with a tag of its own for every part that a text cannot say."""
    unsayable = not isinstance(node, SAYABLE)
    if isinstance(node, Call):
        unsayable = node.op not in SPELLED and node.op not in functions().values()
    if isinstance(node, Followed):
        unsayable = not isinstance(node.value, (Column, TagRef, SegmentRef)) or not isinstance(node.via, Column)
    if unsayable:
        name = f"part_{len(named)}"
        named[name] = Definition(name, "tag", entity, node)
        return TagRef(node.type, name, entity)
    return node if isinstance(node, Followed) else rebuild(node, lambda child: said(child, entity, named))


@pytest.mark.thorough
def test_reading_the_text_gives_the_expression_again(for_all: Callable[..., None]) -> None:
    seen: Counter[str] = Counter()

    def check(case: tuple[str, Any]) -> None:
        entity, drawn = case
        named: dict[str, Definition] = {}
        node = said(bound(drawn, entity), entity, named)
        names = RuleNames(SCHEMA, {**DEFINITIONS, **named}, entity)
        try:
            text = as_text(node, names)
        except DefinitionError as error:
            seen[error.message] += 1
            return
        seen["said"] += 1
        assert expression(read_phrase(text), names, text).node == node, text

    some = st.sampled_from(ENTITIES).flatmap(lambda entity: st.tuples(st.just(entity), expressions(entity)))
    for_all(check, some, 300)
    assert seen["said"] > 0.6 * seen.total(), seen


@pytest.mark.parametrize("op", sorted({*SPELLED, *functions().values()}))
def test_every_operator_has_a_text(op: str) -> None:
    """A new operator without options is a function of its name by itself; one that needs a spelling of its own fails here."""
    names = RuleNames(SCHEMA, DEFINITIONS, "customer")
    node = next(node for signature in CALLS[op] if (node := _example(signature)) is not None)
    text = as_text(node, names)
    assert expression(read_phrase(text), names, text).node == node, text


def _example(signature: Signature) -> Node | None:
    """Return a call over columns, constants behind the first where the operator wants them."""
    args = []
    for position, type in enumerate(signature.types):
        leaves = place("customer").leaves.get(type, ())
        if not leaves:
            return None
        fixed = signature.constants and position > 0
        args.append(Expression(build.coerce(lift("a" if type.is_textual else 2).node, type), ANY) if fixed else leaves[0])
    try:
        return apply(signature.op, *args).node
    except TypeMismatch:  # such a constant is no level of its neighbour
        return None


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
PARTS = st.one_of(st.sampled_from(("a", "rank", "order", "is", "date", "Line", "客户")), TEXTS.filter(bool))
LEAVES: st.SearchStrategy[Phrase] = st.one_of(
    TEXTS.map(Written),
    st.integers(-5, 10**18).map(Written),
    st.decimals(-1000, 1000, places=3).map(Written),
    st.dates().map(Written),
    st.sampled_from((True, False, None)).map(Written),
    st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: Name(tuple(parts))),
)
TWO = ("eq", "ne", "lt", "le", "gt", "ge", "add", "subtract", "multiply", "divide", "floor_divide", "modulo")
ONE = ("not", "negate", "is_null", "is_known")


def _bigger(part: st.SearchStrategy[Phrase]) -> st.SearchStrategy[Phrase]:
    texts = st.lists(TEXTS.map(Written), min_size=1, max_size=3)
    value = part.filter(lambda p: not isinstance(p, Written))
    return st.one_of(
        st.builds(lambda op, a, b: Operation(op, (a, b)), st.sampled_from(TWO), part, part),
        st.builds(lambda op, a: Operation(op, (a,)), st.sampled_from(ONE), part),
        st.builds(_flat, st.sampled_from(("and", "or")), st.lists(part, min_size=2, max_size=4)),
        st.builds(lambda a, some: Operation("is_in", (a, *some)), part, texts),
        st.builds(lambda a, b, c: Operation("between", (a, b, c)), part, part, part),
        st.builds(lambda a, pattern: Operation("like", (a, Written(pattern))), part, TEXTS),
        st.builds(lambda parts: Operation("case", tuple(parts)), st.lists(part, min_size=2, max_size=5)),
        st.builds(lambda args: Function("f", tuple(args)), st.lists(part, max_size=3)),
        st.builds(Cast, value, st.sampled_from(("date", "bigint", "double"))),
    )


def _flat(op: str, parts: list[Phrase]) -> Operation:
    """Return a chain as it is read: a chain of the same word at its head is part of it."""
    first = parts[0]
    head = first.args if isinstance(first, Operation) and first.op == op else (first,)
    return Operation(op, (*head, *parts[1:]))


@pytest.mark.thorough
def test_written_phrases_read_as_themselves(for_all: Callable[..., None]) -> None:
    def check(phrase: Phrase) -> None:
        text = write(phrase)
        assert read_phrase(text) == phrase, text

    for_all(check, st.recursive(LEAVES, _bigger, max_leaves=12), 300)


def test_aggregates_are_refused() -> None:
    total = Aggregate(DEFINITIONS["lines"].type, "count", "line", None, None, None, "customer")
    names = RuleNames(SCHEMA, DEFINITIONS, "customer")
    try:
        as_text(total, names)
    except DefinitionError as error:
        assert error.message == "this cannot be written as text: summing up rows"
    else:
        raise AssertionError("an aggregate was written as text")
