"""A condition on one tag or segment in, what it says for each of its values out; reckons no row and knows no engine."""

from __future__ import annotations

from typing import Any

from c360.datatypes import DataType
from c360.expr.nodes import Call, Literal, Node, SegmentRef, TagRef, walk
from c360.expr.operator import OPERATORS

Name = tuple[str, str]
Level = str | bool | None


def name_of(ref: TagRef | SegmentRef) -> Name:
    """Return whose value *ref* is: ``tag`` or ``segment``, and its name; a segment and its complement speak of one value."""
    return ("tag" if isinstance(ref, TagRef) else "segment", ref.name)


def asked_of(node: Node) -> TagRef | SegmentRef | None:
    """Return the one tag or segment that *node* asks; None where it asks several, none, or anything else besides."""
    found: dict[Name, TagRef | SegmentRef] = {}
    for part in walk(node):
        if isinstance(part, (TagRef, SegmentRef)):
            found.setdefault(name_of(part), part)
        elif not isinstance(part, (Call, Literal)):
            return None
    return next(iter(found.values())) if len(found) == 1 else None


def values_of(ref: TagRef | SegmentRef) -> tuple[Level, ...]:
    """Return the values a category or a yes/no may have, null last (a segment has none); empty for any other type."""
    if isinstance(ref, SegmentRef):
        return (True, False)
    return (*_levels(ref.type), None) if _levels(ref.type) else ()


def outcome_for(node: Node, value: Level) -> Any:
    """Return what the condition *node* gives where the tag or segment it asks has *value*."""
    match node:
        case Literal():
            return node.value
        case TagRef():
            return value
        case SegmentRef():
            return not value if node.outside else value
        case Call():
            record = OPERATORS[node.op]
            values = [outcome_for(arg, value) for arg in node.args]
            return None if record.strict and None in values else record.row(node, *values)
    raise AssertionError(type(node))


def _levels(type: DataType) -> tuple[Level, ...]:
    return (True, False) if type.kind == "boolean" else tuple(type.all_levels) if type.kind == "category" else ()
