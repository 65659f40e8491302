"""Sensitivity: a definition in, the class of its values out, as declared or as its columns make it; knows no data.

A value shown, or computed from, is as sensitive as its column: an age is as personal as the birth date. A yes/no, a
named level and a count no longer show a personal value; made of a sensitive one they stay sensitive. Nothing is public
unless it says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from c360.datatypes import BOOLEAN
from c360.expr.nodes import Aggregate, Call, Column, Node, SegmentRef, TagRef, children
from c360.expr.schema import Schema
from c360.language.columns import SENSITIVITIES
from c360.language.definitions import Definition

NAMED_LEVELS = ("first_match", "tiers")


def sensitivity_of(definition: Definition, schema: Schema, classes: Mapping[str, str]) -> str:
    """Return the class of a definition's values: as declared, else the highest of what its tree shows.

    *classes* holds those of the definitions it refers to.
    """
    return definition.sensitivity or _of_node(definition.node, schema, classes)


def _of_node(node: Node, schema: Schema, classes: Mapping[str, str]) -> str:
    if isinstance(node, Column):
        return _highest(schema.source(node.source).column(node.name).sensitivity)
    if isinstance(node, (TagRef, SegmentRef)):
        return _highest(classes[node.name])
    found = _highest(*(_of_node(child, schema, classes) for child in children(node)))
    return "internal" if found == "personal" and _hides_values(node) else found


def _hides_values(node: Node) -> bool:
    """Whether the result tells of its parts without showing them."""
    if isinstance(node, Aggregate):
        counts = node.value is not None and node.type.is_number and not node.value.type.is_number
        return counts or node.type == BOOLEAN
    return isinstance(node, Call) and (node.type == BOOLEAN or node.op in NAMED_LEVELS)


def _highest(*classes: str) -> str:
    return max(("internal", *classes), key=SENSITIVITIES.index)
