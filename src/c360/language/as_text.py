"""A node in, its text form out, such that reading the text gives the same node again; what a text cannot say is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NoReturn

from c360.errors import DefinitionError
from c360.expr.nodes import AsOf, Call, Column, Followed, Literal, Node, SegmentRef, TagRef
from c360.language.phrases import Function, Name, Operation, Phrase, Written, write
from c360.language.predicates import OTHER_NAMES, SPELLED, Names, expression, functions

FUNCTION_OF = {op: name for name, op in OTHER_NAMES.items()}
KINDS = {
    "Aggregate": "summing up rows", "Param": "a parameter", "Shifted": "a shift in time", "Rank": "a rank", "Window": "a window",
}  # fmt: skip


def as_text(node: Node, names: Names) -> str:
    """Return the text that says *node*, its names found in *names*; raises DefinitionError where no text does."""
    phrase = _Writing(names).phrase(node)
    try:
        same = expression(phrase, names, "").node == node
    except DefinitionError:
        same = False
    if not same:
        _refuse("its text would mean something else")
    return write(phrase)


class _Writing:
    """Turns nodes into phrases."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._functions = functions()

    def phrase(self, node: Node) -> Phrase:
        """Return the phrase that stands for *node*."""
        match node:
            case Literal():
                return Written(_plain(node.value))
            case AsOf():
                return Function("as_of", ())
            case SegmentRef(outside=True):
                return Operation("not", (Name((node.name,)),))
            case TagRef() | SegmentRef():
                return Name((node.name,))
            case Column() | Followed():
                return Name(self._path(node))
            case Call():
                return self._call(node)
        _refuse(KINDS.get(type(node).__name__, type(node).__name__))

    def _call(self, node: Call) -> Phrase:
        args = tuple(self.phrase(arg) for arg in node.args)
        if node.op == "or_else":
            first = args[0]
            chained = isinstance(first, Function) and first.name == "coalesce"
            return Function("coalesce", (*(first.args if chained else (first,)), args[1]))  # type: ignore[attr-defined]
        if node.op in SPELLED:
            return Operation(node.op, args)
        if node.op not in self._functions:
            _refuse(f"'{node.op}' with its options")
        return Function(FUNCTION_OF.get(node.op, node.op), args)

    def _path(self, node: Node) -> tuple[str, ...]:
        """Return the name of a column, of its source where the bare name means another, or along the keys that lead to it."""
        match node:
            case Column():
                bare = (node.name,)
                return bare if self._means(bare, node) else (node.source, node.name)
            case Followed(via=via, value=Column() | TagRef() | SegmentRef() as value):
                return (*self._path(via), value.name)
        _refuse("what a key leads to")

    def _means(self, parts: tuple[str, ...], node: Node) -> bool:
        try:
            return self._names.find(parts).node == node
        except DefinitionError:
            return False


def _plain(value: object) -> Any:
    """Return a constant as it is written: whole amounts without a point."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _refuse(what: str) -> NoReturn:
    hint = "name the part with tag(…) or segment(…) and write its name"
    raise DefinitionError(f"this cannot be written as text: {what}", hint=hint, where="its definition")
