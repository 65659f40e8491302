"""Author sugar over nodes: overloaded operators in, checked nodes with a grain out; unhashable and never true or false."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from c360.datatypes import DataType
from c360.errors import DefinitionError, GrainError, TooDeep, TypeMismatch
from c360.expr import build
from c360.expr.dates import LONGEST_DAYS, LONGEST_MONTHS
from c360.expr.describe import describe
from c360.expr.grain import ANY, Grain, bind_entity, combine, upwards
from c360.expr.nodes import (
    AS_OF,
    STRETCH,
    Aggregate,
    Call,
    Column,
    Literal,
    Node,
    Param,
    SegmentRef,
    Shifted,
    Window,
    rebuild,
    walk,
)
from c360.expr.operator import AGGREGATES, OPERATORS, option_of, option_value
from c360.operators import OperatorMethods

DEEPEST = 64
# Nested in itself, such an operator is one with more arguments; least and greatest name each of theirs many times over in SQL.
FLAT = ("and", "or", "least", "greatest")
DATED_PICKS = ("first", "last", "run")
PARENTHESES = "put every comparison in parentheses: (a > 1) & (b > 2); & and | bind tighter than comparisons"


UNFINISHED = {
    "source": "take a column (Bill.total) or an aggregate (Bill.count()), not a whole source",
    "Rows": "take a column of the rows and sum it up (.total.sum()), or count them (.count())",
    "Case": "end the choice with .otherwise(…) or .or_null()",
    "Span": "give a window to .last(…)",
    "list": "write the values one by one",
    "tuple": "write the values one by one",
}
LOOK_INTO = 'write .is_in("a", "b") for one of several values, .contains("a") for a part of a text'


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
    def depth(self) -> int:
        """How many levels the tree has."""
        return self._depth

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

    def __iter__(self) -> Any:
        raise DefinitionError("an expression is no list to go through or look into", hint=LOOK_INTO)

    def __contains__(self, item: object) -> bool:
        raise DefinitionError("an expression is no list to go through or look into", hint=LOOK_INTO)

    def _call(self, op: str, *args: object, **options: object) -> Expression:
        return apply(op, *args, **options)

    def _aggregate(self, op: str, by: object = None, **options: object) -> Expression:
        grain = self.grain
        if grain.kind != "row":
            what = "a constant" if grain.kind == "any" else "an aggregate"
            raise GrainError(f".{op}() needs rows to go over; this is already {what}", hint=f"drop the .{op}()")
        if AGGREGATES[op].pick in DATED_PICKS and grain.specs[grain.source].date_column is None:
            raise GrainError(
                f"rows of {grain.source} have no date, so none is the {op}", hint="take .max(), .min() or .any() of them instead"
            )
        second = None if by is None else self._beside(by).node
        node = build.aggregate(op, grain.source, self.node, grain.where, grain.window, second, **options)
        return Expression(node, upwards(grain), self._depth + 1)

    def _rank(self, op: str, among: object = None, within: object = None, **options: object) -> Expression:
        grain, group = self.grain, None
        population: SegmentRef | None = None
        if within is not None:
            group = lift(within).node
            grain = combine(grain, lift(within).grain, f".{op}(within=…)")
        if among is not None:
            named = lift(among).node
            if not isinstance(named, SegmentRef):
                raise TypeMismatch("among= names a segment", hint="define the population with segment(…) first")
            population = named
            grain = combine(grain, lift(among).grain, f".{op}(among=…)")
        if grain.kind == "any" or (grain.kind == "row" and not grain.is_entity):
            raise GrainError(f".{op}() places values of an entity; sum the rows up first", hint="Bill.total.sum().percentile()")
        node = build.rank(op, self.node, population, group, **options)
        return Expression(_owned(node, grain), grain, self._depth + 1)

    def ago(self, *, months: Any = 0, days: Any = 0) -> Expression:
        """Take the value as it was so many whole months and days before D; null for a row that was not there yet.

        Shifts add up and count from the original D; a month end stays a month end. A count may be a parameter.
        """
        counts = option_of(months), option_of(days)
        check_shift(*(option_value(count) for count in counts))
        return self._shifted(*counts)

    def _shifted(self, months: Any, days: Any) -> Expression:
        grain = self.grain
        if grain.kind == "any":
            raise GrainError(
                "a shift in time speaks of an entity's value; this is a constant", hint="shift what it is compared with"
            )
        if grain.kind == "row" and not grain.is_entity:
            raise GrainError(
                "a shift in time speaks of an entity's value; sum the rows up first", hint="or use a window with .before(…)"
            )
        return Expression(Shifted(self.node.type, self.node, months, days), grain, self._depth + 1)

    def in_window(self, window: Window) -> Expression:
        """Return the same value of the rows of another window."""
        return Expression(self.node, replace(self.grain, window=window), self._depth)

    def _beside(self, by: object) -> Expression:
        """Return a second value of the same rows; ``month_index`` counts the months of their date."""
        if not isinstance(by, str):
            second = lift(by)
            plain = replace(self.grain, where=None, window=None)
            combine(plain if second.grain.is_plain else self.grain, second.grain, "a second value")
            if not second.type.is_number:
                raise TypeMismatch(f"a top list weighs by a number; found {second.type}")
            return Expression(_owned(second.node, plain), second.grain, second.depth)
        dated = self.grain.specs[self.grain.source].date_column
        if dated is None:
            raise GrainError(f"rows of {self.grain.source} have no date, so they have no slope")
        day = Expression(Column(dated.type, self.grain.source, dated.name), self.grain)
        return apply("add", apply("multiply", apply("year", day), 12), apply("month_of_year", day))


def check_shift(months: object, days: object) -> None:
    """Refuse a look back that is none, or longer than dates reach."""
    if type(months) is not int or type(days) is not int or min(months, days) < 0 or months + days == 0:
        raise DefinitionError("ago looks back by whole days or months, at least one", hint=".ago(months=1) or .ago(days=7)")
    if months > LONGEST_MONTHS or days > LONGEST_DAYS:
        raise DefinitionError(f"ago looks back by at most {LONGEST_MONTHS} months and {LONGEST_DAYS} days")


def lift(value: object) -> Expression:
    """Return *value* as an expression; plain numbers, texts, dates and booleans become literals."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, (bool, int, float, Decimal, str, date)) or value is None:
        return Expression(build.literal(value), ANY)
    raise DefinitionError(
        f"expected an expression, number, text, date or boolean, found {type(value).__name__}",
        hint=UNFINISHED.get("source" if isinstance(value, type) else type(value).__name__),
    )


def apply(op: str, *args: object, **options: object) -> Expression:
    """Return the checked call of *op*: literals take their neighbour's type, grains are combined, and/or stay flat."""
    lifted = [lift(arg) for arg in args]
    nodes = [arg.node for arg in lifted]
    if OPERATORS[op].coerces and nodes:
        model = next((n.type for n in nodes if not isinstance(n, (Literal, Param))), nodes[0].type)
        nodes = [build.coerce(n, model) for n in nodes]
    grain, depth = ANY, 0
    for arg in lifted:
        grain = combine(grain, arg.grain, f"'{op}'")
        flat = op in FLAT and isinstance(arg.node, Call) and arg.node.op == op
        depth = max(depth, arg.depth - flat)
    if op in FLAT:
        nodes = [part for n in nodes for part in (n.args if isinstance(n, Call) and n.op == op else (n,))]
    try:
        node = build.call(op, tuple(nodes), **options)
    except TypeMismatch as error:
        error.hint = error.hint or _hint(op, nodes)
        raise
    return Expression(_owned(node, grain), grain, depth + 1)


def as_of() -> Expression:
    """Return the as-of date D of the run."""
    return Expression(AS_OF, ANY)


def outcome(value: Expression, *, within: Any) -> Expression:
    """Look forward: the value as it is at the end of *within* after D.

    Facts count when they are dated after D, unless they have a window of their own; the rows of an entity are those that are
    there at the end. Only evaluation and factors may ask for it: a list made today cannot know it, and any other request is
    refused.
    """
    window = within.window
    count = window.count.value if isinstance(window.count, Literal) else None
    if window.before is not None or not isinstance(count, int):
        raise DefinitionError("an outcome looks at a plain stretch after D", hint="outcome(Churn.count() > 0, within=days(90))")
    for part in walk(value.node):
        spec = value.grain.specs.get(part.source) if isinstance(part, Aggregate) and part.window is None else None
        if spec is not None and spec.is_monthly and window.unit == "days":
            raise GrainError(f"an outcome within days of the monthly {spec.name}", hint="within=months(n)")
    months, days = (count, 0) if window.unit == "months" else (0, count)
    stretch = Window(STRETCH, build.literal(0))
    return Expression(_windowed(value.node, stretch), value.grain, value.depth)._shifted(-months, -days)


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
    if source not in ("S", "D"):
        raise DefinitionError(f"the source of a parameter is S or D, found '{source}'")
    fixed = build.literal(default)
    return Expression(Param(fixed.type, name, fixed.value, source), ANY)


def _windowed(node: Node, window: Window) -> Node:
    """Give every aggregate that has no window the stretch of an outcome."""
    made = rebuild(node, lambda child: _windowed(child, window))
    return replace(made, window=made.window or window) if isinstance(made, Aggregate) else made


def _hint(op: str, nodes: list[Node]) -> str | None:
    kinds = {node.type.kind for node in nodes}
    if op in {"and", "or", "not"}:
        return PARENTHESES
    if op in {"add", "subtract"} and kinds & {"date", "month"}:
        return "count the days from one date to the other with start.days_until(end); days(n) is a window for .last(…)"
    if op == "subtract" and kinds == {"boolean"}:
        return "only a segment has a minus: write a & ~b"
    return None


def _owned(node: Node, grain: Grain) -> Node:
    return bind_entity(node, grain.source) if grain.is_entity else node
