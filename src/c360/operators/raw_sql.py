"""The raw-SQL leaf: a scalar SQL text for named dialects, with its meaning in Python arithmetic for the reference engine."""

from __future__ import annotations

import ast
import math
import string
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from c360.datatypes import INTEGER, RATE, SCALES, DataType
from c360.errors import DefinitionError
from c360.expr.nodes import Call
from c360.expr.operator import Operator, register
from c360.operators.arithmetic import round6

ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Name, ast.Load, ast.Constant, ast.Call,
    ast.operator, ast.unaryop, ast.cmpop, ast.boolop,
)  # fmt: skip
LARGEST = 1e300  # what is greater is no number: rounding it would leave the range of floats
FUNCTIONS = {
    "sqrt": math.sqrt,
    "ln": math.log,
    "exp": math.exp,
    "floor": math.floor,
    "abs": abs,
    "min": min,
    "max": max,
    "len": len,
}


def checked_meaning(text: str, names: set[str]) -> ast.Expression:
    """Return the meaning parsed; raises DefinitionError for anything but arithmetic, comparison and known functions."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        raise DefinitionError(f"the meaning of a raw SQL expression is a Python expression, found '{text}'") from None
    for part in ast.walk(tree):
        if not isinstance(part, ALLOWED):
            raise DefinitionError(f"the meaning of a raw SQL expression is plain arithmetic; {type(part).__name__} is not")
        if isinstance(part, ast.Name) and part.id not in names | set(FUNCTIONS):
            raise DefinitionError(
                f"the meaning names '{part.id}', which is no argument", hint=f"arguments: {', '.join(sorted(names))}"
            )
    return tree


def placeholders(template: str) -> list[str]:
    """Return the names in braces of a SQL template, each once."""
    return list(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name))


def _type(*types: DataType, returns: Any, **_: Any) -> DataType | None:
    return returns if isinstance(returns, DataType) else None


def _row(node: Call, *values: Any) -> object:
    names: Any = node.option("names")
    plain = [float(v) if arg.type.is_number and arg.type.kind != "integer" else v for v, arg in zip(values, node.args, strict=True)]
    tree = checked_meaning(str(node.option("meaning")), set(names))
    try:
        # The tree holds arithmetic only (checked above) and sees nothing but its arguments and a few functions.
        value = eval(compile(tree, "<meaning>", "eval"), {"__builtins__": {}, **FUNCTIONS}, dict(zip(names, plain, strict=True)))
    except (ArithmeticError, ValueError):
        return None
    return _number(value, node.type) if node.type.is_number else value


def _number(value: Any, to: DataType) -> object:
    """Return a number in its type, null for what is none; an integer is rounded down, money and volumes half up."""
    if isinstance(value, complex) or not abs(value) <= LARGEST:
        return None
    if to.kind in SCALES:
        return Decimal(value).quantize(SCALES[to.kind], ROUND_HALF_UP)
    if to == INTEGER:
        return math.floor(value)
    return round6(float(value)) if to == RATE else float(value)


register(
    Operator(
        "sql_expr", "any values", _type, lambda q, n, *terms: q.raw(n, terms), _row,
        lambda n, *parts: f"{n.option('meaning')} of {', '.join(parts)}",
        lambda n, *parts: f"{'、'.join(parts)}的{n.option('meaning')}",
        arity=(1, 20), coerces=False, nulls="null when an argument is null, or the result is no finite number",
        sample_options=(),
        meaning="as its author wrote it, in SQL and in Python",
    ),
)  # fmt: skip
