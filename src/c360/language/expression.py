"""Author sugar over nodes: overloaded operators in, checked nodes with a grain out; unhashable and never true or false."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from c360.datatypes import DataType
from c360.errors import DefinitionError, GrainError, TooDeep, TypeMismatch
from c360.expr import build
from c360.expr.describe import describe
from c360.expr.grain import ANY, Grain, bind_entity, combine, upwards
from c360.expr.nodes import AS_OF, Call, Literal, Node, Param
from c360.expr.operator import OPERATORS
from c360.operators import OperatorMethods

DEEPEST = 64
PARENTHESES = "put every comparison in parentheses: (a > 1) & (b > 2); & and | bind tighter than comparisons"


class Expression(OperatorMethods):
    """A typed expression with its grain; what operators and methods on it return is an expression again."""

    __slots__ = ("_node", "_grain", "_depth")

    def __init__(self, node: Node, grain: Grain, depth: int = 1) -> None:
        if depth > DEEPEST:
            raise TooDeep(
                f"an expression nests at most {DEEPEST} deep; this one is deeper",
                hint="give a part of it a name of its own with tag(…)",
            )
        self._node, self._grain, self._depth = node, grain, depth

    @property
    def node(self) -> Node:
        """The checked tree."""
        return self._node

    @property
    def grain(self) -> Grain:
        """Whose row the expression speaks of."""
        return self._grain

    @property
    def type(self) -> DataType:
        """The type of the value."""
        return self.node.type

    def describe(self, lang: str = "en") -> str:
        """Say in plain words what the expression means."""
        return describe(self.node, lang)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.type}: {self.describe()}>"

    def __bool__(self) -> bool:
        raise DefinitionError(
            "an expression is neither true nor false until it runs; Python's and, or, not, if and chained comparisons ask for that",
            hint="write & for and, | for or, ~ for not, .between(low, high) for low <= x <= high, when(…).then(…) for if",
        )

    def _call(self, op: str, *args: object, **options: object) -> Expression:
        return apply(op, *args, **options)

    def _aggregate(self, op: str) -> Expression:
        grain = self.grain
        if grain.kind != "row":
            what = "a constant" if grain.kind == "any" else "an aggregate"
            raise GrainError(f".{op}() needs rows to go over; this is already {what}", hint=f"drop the .{op}()")
        node = build.aggregate(op, grain.source, self.node, grain.where, grain.window)
        return Expression(node, upwards(grain), self._depth + 1)


def lift(value: object) -> Expression:
    """Return *value* as an expression; plain numbers, texts, dates and booleans become literals."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, (bool, int, float, Decimal, str, date)) or value is None:
        return Expression(build.literal(value), ANY)
    raise DefinitionError(
        f"expected an expression, number, text, date or boolean, found {type(value).__name__}",
        hint="take a column (Bill.total) or an aggregate (Bill.count()), not a whole source" if isinstance(value, type) else None,
    )


def apply(op: str, *args: object, **options: object) -> Expression:
    """Return the checked call of *op*: literals take their neighbour's type, grains are combined, and/or stay flat."""
    lifted = [lift(arg) for arg in args]
    nodes = [arg.node for arg in lifted]
    if OPERATORS[op].coerces:
        model = next((n.type for n in nodes if not isinstance(n, (Literal, Param))), nodes[0].type)
        nodes = [build.coerce(n, model) for n in nodes]
    grain, depth = ANY, 0
    for arg in lifted:
        grain = combine(grain, arg.grain, f"'{op}'")
        flat = op in {"and", "or"} and isinstance(arg.node, Call) and arg.node.op == op
        depth = max(depth, arg._depth - flat)
    if op in {"and", "or"}:
        nodes = [part for n in nodes for part in (n.args if isinstance(n, Call) and n.op == op else (n,))]
    try:
        node = build.call(op, tuple(nodes), **options)
    except TypeMismatch as error:
        if op in {"and", "or", "not"} and error.hint is None:
            error.hint = PARENTHESES
        raise
    return Expression(_owned(node, grain), grain, depth + 1)


def as_of() -> Expression:
    """Return the as-of date D of the run."""
    return Expression(AS_OF, ANY)


def least(*values: object) -> Expression:
    """Take the least of the known values; null when none is known."""
    return apply("least", *values)


def greatest(*values: object) -> Expression:
    """Take the greatest of the known values; null when none is known."""
    return apply("greatest", *values)


def param(name: str, default: Any, source: str = "D") -> Expression:
    """Name a parameter that ``[params]`` of c360.toml may override; stands wherever a literal may.

    *source* says where the default comes from: ``S`` the field's sources, ``D`` our own choice.
    """
    if not all(part.isidentifier() for part in name.split(".")):
        raise DefinitionError(f"expected a parameter name like value.high_arpu, found '{name}'")
    if source not in {"S", "D"}:
        raise DefinitionError(f"the source of a parameter is S or D, found '{source}'")
    fixed = build.literal(default)
    return Expression(Param(fixed.type, name, fixed.value, source), ANY)


def _owned(node: Node, grain: Grain) -> Node:
    return bind_entity(node, grain.source) if grain.is_entity else node
