"""The raw-SQL leaf: a scalar SQL text for named dialects, with its meaning in Python arithmetic for the reference engine."""

from __future__ import annotations

import ast
import math
import string
from typing import Any

from c360.datatypes import RATE, DataType
from c360.errors import DefinitionError
from c360.expr.nodes import Call
from c360.expr.operator import Operator, register
from c360.operators.arithmetic import as_type, round6

ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Name, ast.Load, ast.Constant, ast.Call,
    ast.operator, ast.unaryop, ast.cmpop, ast.boolop,
)  # fmt: skip
FUNCTIONS = {"sqrt": math.sqrt, "ln": math.log, "exp": math.exp, "floor": math.floor, "abs": abs, "min": min, "max": max, "len": len}


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
            raise DefinitionError(f"the meaning names '{part.id}', which is no argument", hint=f"arguments: {', '.join(sorted(names))}")
    return tree


def placeholders(template: str) -> list[str]:
    """Return the names in braces of a SQL template, each once."""
    return list(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name))


def _type(*types: DataType, returns: Any, **_: Any) -> DataType | None:
    return returns if isinstance(returns, DataType) else None


def _row(node: Call, *values: Any) -> object:
    names: Any = node.option("names")
    plain = [float(v) if arg.type.is_number and not arg.type.kind == "integer" else v for v, arg in zip(values, node.args, strict=True)]
    tree = checked_meaning(str(node.option("meaning")), set(names))
    try:
        # The tree holds arithmetic only (checked above) and sees nothing but its arguments and a few functions.
        value = eval(compile(tree, "<meaning>", "eval"), {"__builtins__": {}, **FUNCTIONS}, dict(zip(names, plain, strict=True)))
    except (ArithmeticError, ValueError):
        return None
    if node.type == RATE:
        return round6(float(value))
    return as_type(value, node.type) if node.type.is_number and node.type.kind in {"number", "integer"} else value


register(
    Operator(
        "sql_expr", "any values", _type, lambda q, n, *terms: q.raw(n, terms), _row,
        lambda n, *parts: f"{n.option('meaning')} of {', '.join(parts)}", lambda n, *parts: f"{'、'.join(parts)}的{n.option('meaning')}",
        arity=(1, 20), coerces=False, nulls="null when an argument is null",
        sample_options=(),
        meaning="as its author wrote it, in SQL and in Python",
    ),
)  # fmt: skip
