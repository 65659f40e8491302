"""How large a value of a tree can get on the tables of these tests, so that no test asks for what 64 bits cannot hold."""

from __future__ import annotations

import math

from tables import MOST_ROWS

from c360.expr.nodes import Aggregate, Call, Column, Followed, Literal, Node, Rank, Shifted, TagRef

# Sums of millionths stay whole in a DOUBLE below this.
LARGEST = 1e9
IN_A_COLUMN = 2000.0
IN_A_TAG = 1e5
# 1 over the least distance from 0 that a divisor of a kind has, near enough.
SHRINKS = {"integer": 1.0, "money": 100.0, "volume": 1000.0, "rate": 1e6, "number": 1000.0}
FIXED = {"days_between": 1e5, "months_between": 1e4, "year": 1e4, "length": 1e3}


def is_small(node: Node) -> bool:
    """Whether every number in *node* stays below the limit."""
    return not node.type.is_number or size(node) <= LARGEST


def size(node: Node) -> float:
    """Return a bound on the absolute value of a numeric node."""
    match node:
        case Literal():
            return abs(float(str(node.value))) if node.type.is_number else 1.0
        case Column():
            return IN_A_COLUMN
        case TagRef():
            return IN_A_TAG
        case Followed() | Shifted():
            return size(node.value)
        case Rank():
            return 100.0
        case Aggregate():
            below = 1.0 if node.value is None else size(node.value)
            return below * MOST_ROWS
        case Call():
            return _size_of_call(node)
    return 1.0


def _size_of_call(node: Call) -> float:
    if node.op in FIXED:
        return FIXED[node.op]
    sizes = [size(arg) for arg in node.args if arg.type.is_number]
    match node.op:
        case "add" | "subtract" | "sql_expr":
            return 2 * sum(sizes)
        case "multiply":
            return math.prod(sizes)
        case "divide":
            return sizes[0] * SHRINKS[node.args[1].type.kind]
    return max(sizes, default=31.0)
