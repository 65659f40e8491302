"""Readable column and relation names: a node in, a short name out that says its content."""

from __future__ import annotations

import re

from c360.expr.nodes import STRETCH, Aggregate, Call, Column, Followed, Literal, Node, Rank, SegmentRef, Shifted, TagRef, Window

LONGEST = 60


class Names:
    """Hands out names, each once; names in *taken* belong to definitions."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = set(taken)

    def fresh(self, wanted: str) -> str:
        """Return *wanted*, or it with a number when it is taken."""
        base = wanted[:LONGEST].rstrip("_")
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name


def wanted_name(node: Node) -> str:
    """Return the name a node's column should have if it is free."""
    match node:
        case Column():
            return node.name if node.name.startswith(node.source) else f"{node.source}_{node.name}"
        case Followed():
            return re.sub("_+", "_", f"{_path(node.via)}_{_last(node.value)}")
        case Aggregate():
            parts = [node.source, "" if node.value is None else _last(node.value), node.op, _window(node.window)]
            if node.where is not None:
                parts.insert(1, _condition(node.where))
            return "_".join(part for part in parts if part)
        case Shifted():
            far = "_".join(f"{abs(n)}_{unit}" for n, unit in zip(node.counts, ("months", "days"), strict=True) if n)
            return f"{_last(node.value)}_{far}_{'later' if node.is_outcome else 'ago'}"
        case Rank():
            return f"{_last(node.value)}_{node.op}"
    return "value"


def _last(node: Node) -> str:
    match node:
        case Column() | TagRef() | SegmentRef():
            return node.name
        case Followed() | Aggregate():
            return wanted_name(node)
    return "value"


def _path(node: Node) -> str:
    return node.name if isinstance(node, Column) else _last(node)


def _condition(node: Node) -> str:
    """Name a simple condition by its column and constant, any other not at all."""
    if isinstance(node, Call) and node.args and isinstance(node.args[0], Column):
        constants = [str(a.value) for a in node.args[1:] if isinstance(a, Literal) and isinstance(a.value, str)]
        words = re.sub(r"[^a-z0-9]+", "_", "_".join(constants).lower()).strip("_") if len(constants) == 1 else ""
        return f"{node.args[0].name}_{words}" if words else ""
    return ""


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    if window.unit == STRETCH:
        return "after"
    count = window.count.value if isinstance(window.count, Literal) else "n"
    own = f"{count}_{window.unit if count != 1 else window.unit[:-1]}"
    return f"last_{own}" if window.before is None else f"{own}_before_{_window(window.before)}"
