"""A parsed rule in, its phrases out: the list of node kinds that a rule may hold, each with the arguments it may have.

A parser of SQL makes many more kinds than these; what is not listed is refused at its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from c360.errors import DefinitionError, TooDeep
from c360.language.phrases import WORDS, Cast, Function, Name, Operation, Phrase, Written, fault
from c360.sql.rule_tokens import DEEPEST, NAME_IT

RESERVED = WORDS - {"date", "bigint", "double", "cast"}
NUMBER = r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?"
TYPES = {exp.DType.DATE: "date", exp.DType.BIGINT: "bigint", exp.DType.DOUBLE: "double"}


class NodeReader:
    """Turns the parser's nodes into phrases; a kind of node that is not listed here is refused.

    *closings* says where the parenthesis opened at a place is closed again.
    """

    def __init__(self, text: str, closings: dict[int, int]) -> None:
        self._text, self._closings = text, closings

    def phrase(self, node: Any, depth: int) -> Phrase:
        """Return the phrase of *node*, which nests *depth* deep."""
        if depth > DEEPEST:
            raise self._fault(node, f"a rule nests at most {DEEPEST} deep", NAME_IT, TooDeep)
        read = READERS.get(type(node))
        if read is None:
            raise self._fault(node, f"{_called(node)} is no part of a rule")
        return read(self, node, depth)

    def paren(self, node: exp.Paren, depth: int) -> Phrase:
        self._only(node, "this")
        return self.phrase(node.this, depth)

    def joined(self, node: Any, depth: int) -> Phrase:
        """Read a chain of one of `and`, `or`, however long."""
        parts = []
        kind = type(node)
        while type(node) is kind:
            self._only(node, "this", "expression")
            parts.append(node.args["expression"])
            node = node.this
        return self._operation(kind.__name__.lower(), [node, *reversed(parts)], depth)

    def binary(self, node: Any, depth: int) -> Phrase:
        self._only(node, "this", "expression")
        return self._operation(BINARY[type(node)], [node.this, node.args["expression"]], depth)

    def negation(self, node: exp.Not, depth: int) -> Phrase:
        self._only(node, "this")
        if type(node.this) is exp.Is and type(node.this.expression) is exp.Null:
            return self._operation("is_known", [node.this.this], depth)
        return self._operation("not", [node.this], depth)

    def minus(self, node: exp.Neg, depth: int) -> Phrase:
        self._only(node, "this")
        inner = self.phrase(node.this, depth + 1)
        if type(node.this) is exp.Literal and isinstance(inner, Written) and not isinstance(inner.value, str):
            return Written(-inner.value, start=inner.start - 1, end=inner.end)  # type: ignore[operator]
        return Operation("negate", (inner,), start=inner.start - 1, end=inner.end)

    def null_test(self, node: exp.Is, depth: int) -> Phrase:
        self._only(node, "this", "expression")
        if type(node.expression) is not exp.Null:
            hint = "a yes/no value needs no comparison: write its name, or not its name"
            raise self._fault(node, "after is stands null or not null", hint)
        return self._operation("is_null", [node.this], depth)

    def membership(self, node: exp.In, depth: int) -> Phrase:
        choices = node.expressions
        if not choices:
            raise self._fault(node, "in takes a list of one written value or more", "write x in ('a', 'b')")
        self._only(node, "this", "expressions")
        for choice in choices:
            written = choice.this if type(choice) is exp.Neg else choice
            if type(written) not in (exp.Literal, exp.Boolean) and not _is_date(choice):
                raise self._fault(choice, "a list holds written values only", "compare with =, and join comparisons with or")
        return self._operation("is_in", [node.this, *choices], depth)

    def between(self, node: exp.Between, depth: int) -> Phrase:
        self._only(node, "this", "low", "high")
        return self._operation("between", [node.this, node.args["low"], node.args["high"]], depth)

    def like(self, node: exp.Like, depth: int) -> Phrase:
        self._only(node, "this", "expression", "negate")
        if type(node.expression) is not exp.Literal or not node.expression.is_string:
            raise self._fault(node, "like takes a written pattern", "write name like 'a%'")
        made = self._operation("like", [node.this, node.expression], depth)
        return Operation("not", (made,), start=made.start, end=made.end) if node.args.get("negate") else made

    def case(self, node: exp.Case, depth: int) -> Phrase:
        if node.this is not None:
            raise self._fault(node, "case is followed by when", "write case when x = 1 then … end")
        self._only(node, "ifs", "default")
        parts = []
        for pair in node.args["ifs"]:
            self._only(pair, "this", "true")
            parts += [pair.this, pair.args["true"]]
        default = node.args.get("default")
        return self._operation("case", parts if default is None else [*parts, default], depth)

    def name(self, node: exp.Column, depth: int) -> Phrase:
        self._only(node, "this", "table", "db", "catalog")
        parts = [part for part in (node.args.get(k) for k in ("catalog", "db", "table", "this")) if part is not None]
        if any(type(part) is not exp.Identifier for part in parts):
            raise self._fault(node, f"{_called(parts[-1])} is no part of a rule")
        reserved = next((part for part in parts if not part.quoted and part.name.lower() in RESERVED), None)
        if reserved is not None:
            raise self._fault(reserved, f"'{reserved.name}' cannot name a value", f'write "{reserved.name}" if it is one')
        return Name(tuple(part.name for part in parts), start=_span(parts[0])[0], end=_span(parts[-1])[1])

    def function(self, node: exp.Anonymous, depth: int) -> Phrase:
        self._only(node, "this", "expressions")
        start, end = _span(node)
        args = tuple(self.phrase(arg, depth + 1) for arg in node.expressions)
        name = node.this if isinstance(node.this, str) else node.this.name
        return Function(name, args, start=start, end=self._closings.get(self._text.find("(", end), end))

    def cast(self, node: exp.Cast, depth: int) -> Phrase:
        self._only(node, "this", "to")
        to = TYPES.get(node.args["to"].this)
        if to is None or node.args["to"].expressions:
            raise self._fault(node, "a cast is to date, bigint or double")
        arg = self.phrase(node.this, depth + 1)
        if to == "date" and isinstance(arg, Written) and isinstance(arg.value, str):
            return self._date(arg)
        return Cast(arg, to, start=arg.start, end=arg.end)

    def literal(self, node: exp.Literal, depth: int) -> Phrase:
        start, end = _span(node)
        if node.is_string:
            return Written(node.this, start=start, end=end)
        text = node.this
        if not re.fullmatch(NUMBER, text) or len(text) > 40:
            raise self._fault(node, "expected a number such as 150, 0.5 or 1e6")
        return Written(int(text) if text.isdigit() else Decimal(text), start=start, end=end)

    def constant(self, node: exp.Boolean | exp.Null, depth: int) -> Phrase:
        start, end = _span(node)
        return Written(None if type(node) is exp.Null else bool(node.this), start=start, end=end)

    def _date(self, arg: Written) -> Written:
        text = str(arg.value)
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return Written(date.fromisoformat(text), start=arg.start, end=arg.end)
        except ValueError:
            pass
        raise fault(DefinitionError, "this is no day", self._text, arg, "write a date as date '2026-01-31'")

    def _operation(self, op: str, nodes: list[Any], depth: int) -> Operation:
        args = tuple(self.phrase(node, depth + 1) for node in nodes)
        starts = [arg.start for arg in args if arg.start >= 0]
        return Operation(op, args, start=min(starts, default=-1), end=max(arg.end for arg in args))

    def _only(self, node: Any, *allowed: str) -> None:
        """Refuse arguments of *node* besides those that its kind is read with."""
        for name, value in node.args.items():
            if name not in allowed and isinstance(value, (exp.Expr, list, str)) and value:
                raise self._fault(node, f"{_called(node)} with {name.replace('_', ' ')} is no part of a rule")

    def _fault(
        self, node: Any, message: str, hint: str | None = None, kind: type[DefinitionError] = DefinitionError
    ) -> DefinitionError:
        spans = [span for span in map(_span, node.walk()) if span[0] >= 0] if isinstance(node, exp.Expr) else []
        place = (min(s for s, _ in spans), max(e for _, e in spans)) if spans else (0, len(self._text))
        return fault(kind, message, self._text, place, hint)


BINARY: dict[type, str] = {
    exp.EQ: "eq", exp.NEQ: "ne", exp.LT: "lt", exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge", exp.Add: "add", exp.Sub: "subtract",
    exp.Mul: "multiply", exp.Div: "divide", exp.IntDiv: "floor_divide", exp.Mod: "modulo",
}  # fmt: skip
READERS: dict[type, Callable[[NodeReader, Any, int], Phrase]] = {
    **dict.fromkeys(BINARY, NodeReader.binary), exp.And: NodeReader.joined, exp.Or: NodeReader.joined, exp.Not: NodeReader.negation,
    exp.Neg: NodeReader.minus, exp.Paren: NodeReader.paren, exp.Is: NodeReader.null_test, exp.In: NodeReader.membership,
    exp.Between: NodeReader.between, exp.Like: NodeReader.like, exp.Case: NodeReader.case, exp.Column: NodeReader.name,
    exp.Anonymous: NodeReader.function, exp.Cast: NodeReader.cast, exp.Literal: NodeReader.literal,
    exp.Boolean: NodeReader.constant, exp.Null: NodeReader.constant,
}  # fmt: skip
CALLED = {
    exp.Tuple: "a list of values", exp.Star: "*", exp.Concat: "a text beside a text", exp.Alias: "as", exp.Subquery: "a query",
    exp.Dot: "a name of so many parts", exp.In: "in", exp.Case: "case", exp.Like: "like", exp.Cast: "a cast",
    exp.NullSafeEQ: "is not distinct from", exp.NullSafeNEQ: "is distinct from", exp.AtTimeZone: "at time zone",
}  # fmt: skip


def _called(node: Any) -> str:
    return CALLED.get(type(node), "this")


def _is_date(node: Any) -> bool:
    return type(node) is exp.Cast and type(node.this) is exp.Literal and node.args["to"].this is exp.DType.DATE


def _span(node: Any) -> tuple[int, int]:
    start, end = node.meta_get("start"), node.meta_get("end")
    return (-1, -1) if start is None else (start, end + 1)
