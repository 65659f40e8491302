"""Trees as data: canonical JSON and back, hashes that tell trees apart and stay, words in two languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from random import Random

import pytest
from signatures import AGGREGATE_SIGNATURES, RANK_SIGNATURES, SIGNATURES
from strategies import bound, random_expression
from tables import CHANCE
from test_operator_pairs import brought_up, called, column_of
from world import DEFINED, DEFINITIONS, Customer

from c360 import param
from c360.expr.canonical import digest, from_json, to_json
from c360.expr.describe import describe
from c360.expr.nodes import Node
from c360.language.expression import Expression

ENTITIES = ("customer", "line", "plan", "agent")
# A hash that changes makes every snapshot look stale: change this only with the version of what changed.
KNOWN_HASH = "cec8ef84d2dd0d61ad7514ca9d6302dc83420507460683047c713f98631e130f"
ASK_AGAIN = """
from test_trees import known_tree
from world import DEFINITIONS
from c360.expr.canonical import digest, to_json
print(digest([to_json(known_tree()), *(to_json(d.node) for d in DEFINITIONS.values())]))
"""


def random_tree(draw: Random) -> Node:
    """Return a random tree."""
    entity = draw.choice(ENTITIES)
    return bound(random_expression(draw, entity), entity)


def one_of_each() -> list[Expression]:
    """Return every operator, aggregate and rank in every signature."""
    leaf, rows = column_of("customer"), column_of("usage")
    made = [found for s in SIGNATURES if (found := called(s, leaf)) is not None]
    made += [brought_up(s, "usage", None if s.value is None else rows(s.value, 0)) for s in AGGREGATE_SIGNATURES]
    made += [leaf(s.value, 0)._rank(s.op, **dict(s.options)) for s in RANK_SIGNATURES if s.value is not None]
    made += [*DEFINED, leaf(SIGNATURES[0].types[0], 0) + param("tests.cut", 3), param("tests.words", "a'b%")]
    return made


def through_text(node: Node) -> Node:
    """Return what is left of *node* after a file of JSON."""
    return from_json(json.loads(json.dumps(to_json(node), ensure_ascii=False)))


@pytest.mark.thorough
def test_json_gives_the_same_tree_back(for_all: Callable[..., None]) -> None:
    by_hash: dict[str, Node] = {}

    def check(node: Node) -> None:
        again = through_text(node)
        assert again == node
        assert repr(again) == repr(node)
        assert digest(to_json(again)) == digest(to_json(node))
        assert by_hash.setdefault(digest(to_json(node)), node) == node

    for_all(check, CHANCE.map(random_tree), 150)
    for expression in one_of_each():
        check(expression.node)


def test_a_hash_does_not_depend_on_the_order_of_keys() -> None:
    data = to_json(DEFINITIONS["value"].node)
    assert digest(dict(reversed(data.items()))) == digest(data)


def known_tree() -> Node:
    """Return a tree of the plainest kind."""
    return ((Customer.age >= 18) & Customer.alias.is_known()).node


def test_a_hash_stays() -> None:
    assert digest(to_json(known_tree())) == KNOWN_HASH


@pytest.mark.thorough
def test_a_hash_is_the_same_in_another_process() -> None:
    here = digest([to_json(known_tree()), *(to_json(d.node) for d in DEFINITIONS.values())])
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    again = subprocess.run(
        [sys.executable, "-c", ASK_AGAIN], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert again.stdout.strip() == here


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_can_be_said_in_words(for_all: Callable[..., None], lang: str) -> None:
    def check(node: Node) -> None:
        words = describe(node, lang)
        assert words.strip()
        assert not {"{", "}"} & set(words), "a place in the words was left open"

    for_all(check, CHANCE.map(random_tree), 100)
    for expression in one_of_each():
        check(expression.node)
