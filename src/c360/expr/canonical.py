"""Canonical form: a node to plain JSON data and back, and the hash over it; leaves out titles and line numbers."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from c360.datatypes import DataType
from c360.expr import nodes
from c360.expr.nodes import Node, Window
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS

NODE_KINDS = {
    kind.__name__: kind
    for kind in (
        nodes.Literal, nodes.Param, nodes.AsOf, nodes.Column, nodes.Call,
        nodes.Aggregate, nodes.Followed, nodes.Shifted, nodes.Rank, nodes.TagRef, nodes.SegmentRef,
    )
}  # fmt: skip


def to_json(node: Node) -> dict[str, Any]:
    """Return *node* as plain JSON data, operator versions included."""
    data: dict[str, Any] = {"node": type(node).__name__}
    for name in nodes.field_names(node):
        data[name] = plain(getattr(node, name))
    if isinstance(node, nodes.Call):
        data["version"] = OPERATORS[node.op].version
    if isinstance(node, nodes.Aggregate):
        data["version"] = AGGREGATES[node.op].version
    if isinstance(node, nodes.Rank):
        data["version"] = RANKS[node.op].version
    return data


def from_json(data: dict[str, Any]) -> Node:
    """Return the node that `to_json` wrote."""
    kind = NODE_KINDS[data["node"]]
    values = {name: value_from(value) for name, value in data.items() if name not in {"node", "version"}}
    made = kind(**values)
    assert isinstance(made, Node)
    return made


def digest(data: object) -> str:
    """Return the SHA-256 of plain JSON data, independent of the order of keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> Any:
    """Return a field of a node, or any plain value, as JSON data."""
    match value:
        case Node():
            return to_json(value)
        case DataType():
            return {"type": _type_json(value)}
        case Window():
            parts = [value.unit, plain(value.count), plain(value.before)]
            return {"window": parts}
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case tuple():
            return {"list": [plain(part) for part in value]}
    return value


def value_from(value: Any) -> Any:
    """Return what `plain` wrote."""
    if not isinstance(value, dict):
        return value
    if "node" in value:
        return from_json(value)
    (kind, inner), *_ = value.items()
    match kind:
        case "type":
            return _type_from(inner)
        case "window":
            return Window(inner[0], value_from(inner[1]), value_from(inner[2]))
        case "decimal":
            return Decimal(inner)
        case "date":
            return date.fromisoformat(inner)
    return tuple(value_from(part) for part in inner)


def _type_json(value: DataType) -> Any:
    if value.kind == "category":
        return {"levels": value.levels, "ordered": value.ordered, "outside": value.outside}
    return {"key": value.entity} if value.kind == "key" else value.kind


def _type_from(data: Any) -> DataType:
    if isinstance(data, str):
        return DataType(data)
    if "key" in data:
        return DataType("key", entity=data["key"])
    return DataType("category", tuple(data["levels"]), data["ordered"], tuple(data["outside"]))
