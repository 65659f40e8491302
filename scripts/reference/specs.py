"""The specs in, examples for the reference out: rows, the expression as its author would write it, the result."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import FrameType
from typing import Any

from test_every_operator_is_specified import specs_of

import c360
import telecom
from agreement import DAY
from c360.datatypes import DataType
from c360.expr.nodes import Column, Node, SegmentRef, TagRef, walk
from c360.language.definitions import Named
from c360.language.expression import Expression
from c360.language.sources import Source
from reference import SPECS

CONTRACTS = {source.spec().name: source.__name__ for source in telecom.SOURCES}
TYPES = {name: getattr(c360, name) for name in c360.__all__ if isinstance(getattr(c360, name), DataType)}


@dataclass(frozen=True)
class Example:
    """One call of `agree`: *source* is the expression's text, *defined* the lines that define what it names."""

    file: str
    test: str
    expression: Expression
    source: str
    defined: tuple[str, ...]
    expected: Mapping[str, Any]
    entity: str = "customer"
    day: date = DAY
    definitions: tuple[Named, ...] = ()
    contracts: Sequence[type[Source]] = telecom.SOURCES
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def node(self) -> Node:
        """The tree, as a value of the entity."""
        return telecom.bound(self.expression, self.entity)

    @property
    def rows(self) -> int:
        """How many rows its tables have."""
        return sum(len(_lines(text)) - 1 for text in self.tables.values())

    @property
    def sentence(self) -> str:
        """What the test's name says."""
        words = self.test.removeprefix("test_").replace("_", " ")
        return f"{words[0].upper()}{words[1:]}".replace(" d ", " D ").removesuffix(" d") + (" D" if words.endswith(" d") else "")


@functools.cache
def examples() -> tuple[Example, ...]:
    """Return every example of every spec that can be written without its test, in order."""
    return tuple(made for path in sorted(SPECS.glob("test_*.py")) for made in examples_of(path.stem))


@functools.cache
def examples_of(file: str) -> tuple[Example, ...]:
    """Return the examples of one spec file, in the order of its text."""
    path = SPECS / f"{file}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: dict[tuple[int, str], Example] = {}
    for test, arguments in specs_of(path):

        def note(expression: Expression, expected: Mapping[str, Any], **told: Any) -> None:
            frame = inspect.currentframe()
            assert frame is not None and frame.f_back is not None
            call = _call_at(tree, frame.f_back)
            made = call and _example(file, tree, frame.f_back, call, expression, expected, told)
            if call and made:
                found.setdefault((call.lineno, made.source), made)

        test(note, **arguments)
    return tuple(found[place] for place in sorted(found))


def _example(
    file: str,
    tree: ast.Module,
    frame: FrameType,
    call: ast.Call,
    expression: Expression,
    expected: Mapping[str, Any],
    told: dict[str, Any],
) -> Example | None:
    writing = _Writing(tree, frame)
    source = writing.text(call.args[0])
    given = {name: told.pop(name) for name in ("entity", "day") if name in told}
    definitions, contracts = _needed(expression, told.pop("definitions", ())), told.pop("sources", telecom.SOURCES)
    defined = [writing.definition(named) for named in definitions]
    if source is None or None in defined or contracts is not telecom.SOURCES:
        return None
    return Example(
        file, frame.f_code.co_name, expression, source, tuple(str(line) for line in defined), expected,
        definitions=definitions, tables=told, **given,
    )  # fmt: skip


def _needed(expression: Expression, definitions: Sequence[Named]) -> tuple[Named, ...]:
    """Return the definitions that an expression uses, directly or through others, in their order."""
    by_name = {named.name: named for named in definitions}
    found: set[str] = set()
    waiting = [expression.node]
    while waiting:
        for part in walk(waiting.pop()):
            if isinstance(part, (TagRef, SegmentRef)) and part.name not in found:
                found.add(part.name)
                draft = by_name[part.name].draft
                waiting.append(draft.node)
                if draft.universe is not None:
                    waiting.append(draft.universe.node)
    return tuple(named for named in definitions if named.name in found)


class _Writing:
    """Writes an expression of a test as it would stand alone: names of the test give way to what they stand for."""

    def __init__(self, tree: ast.Module, frame: FrameType) -> None:
        self._tree, self._names = tree, {**frame.f_globals, **frame.f_locals}
        self._function = next(n for n in _functions(tree) if n.lineno <= frame.f_lineno <= (n.end_lineno or 0))

    def text(self, part: ast.expr) -> str | None:
        """Return the text of *part*; None where a name stands for nothing that can be written."""
        try:
            return double_quoted(ast.unparse(ast.fix_missing_locations(self._written(part))))
        except LookupError:
            return None

    def definition(self, named: Named) -> str | None:
        """Return the line that defines *named*, without the name that only tests must give."""
        label = next((name for name, value in self._names.items() if value is named), None)
        given = self._assigned(label) if label else None
        if label is None or not isinstance(given, ast.Call):
            return None
        kept = [word for word in given.keywords if word.arg != "name"]
        text = self.text(ast.Call(func=given.func, args=given.args, keywords=kept))
        return None if text is None else f"{named.name} = {text}"

    def _written(self, part: ast.expr) -> Any:
        writing = self

        class Names(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802 - Python's own spelling
                return writing._name(node)

            def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
                made = self.generic_visit(node)
                assert isinstance(made, ast.Call)
                if isinstance(made.func, ast.Name) and made.func.id == "getattr" and isinstance(made.args[1], ast.Constant):
                    return ast.Attribute(value=made.args[0], attr=str(made.args[1].value), ctx=ast.Load())
                return made

        return Names().visit(ast.parse(ast.unparse(part), mode="eval").body)

    def _name(self, node: ast.Name) -> ast.AST:
        if node.id == "getattr" or (node.id not in self._names and hasattr(builtins, node.id)):
            return node
        value = self._names[node.id]
        public = (getattr(c360, node.id, None), getattr(telecom, node.id, None))
        if isinstance(value, Named):
            return ast.Name(value.name, ast.Load())
        if any(value is known for known in public):
            return node
        if isinstance(value, (bool, int, float, str)):
            return ast.Constant(value)
        if isinstance(value, (date, Decimal)):
            return ast.parse(_constructed(value), mode="eval").body
        if isinstance(value, DataType):
            return ast.Name(next(name for name, known in TYPES.items() if known == value), ast.Load())
        given = self._assigned(node.id)
        if given is not None:
            return self._written(given)  # type: ignore[no-any-return]
        if isinstance(value, Expression) and type(value.node) is Column and value.grain.is_plain:
            return ast.parse(f"{CONTRACTS[value.node.source]}.{value.node.name}", mode="eval").body
        raise LookupError(node.id)

    def _assigned(self, name: str) -> ast.expr | None:
        """Return what a name was set to, when it was set once, by itself."""
        for place in (self._function, self._tree):
            found = [value for label, value in _assignments(place.body) if label == name]
            if found:
                return found[0] if _times_set(name, place) == 1 else None
        return None


def _assignments(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that statements set, each with what it is set to."""
    for line in body:
        if isinstance(line, ast.Assign):
            for target in line.targets:
                pairs = [(target, line.value)]
                if isinstance(target, ast.Tuple) and isinstance(line.value, ast.Tuple):
                    pairs = list(zip(target.elts, line.value.elts, strict=True))
                yield from ((label.id, value) for label, value in pairs if isinstance(label, ast.Name))


def _times_set(name: str, place: ast.FunctionDef | ast.Module) -> int:
    inside = ast.walk(place) if isinstance(place, ast.FunctionDef) else (n for line in place.body for n in _same_scope(line))
    return sum(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in inside)


def _same_scope(line: ast.stmt) -> Iterator[ast.AST]:
    return iter(()) if isinstance(line, (ast.FunctionDef, ast.ClassDef)) else ast.walk(line)


def _constructed(value: date | Decimal) -> str:
    return f"date({value.year}, {value.month}, {value.day})" if isinstance(value, date) else f'Decimal("{value}")'


def _call_at(tree: ast.Module, frame: FrameType) -> ast.Call | None:
    places = list(frame.f_code.co_positions())
    line, last, column, end = places[frame.f_lasti // 2]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == (
            line,
            last,
            column,
            end,
        ):
            return node
    return None


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def double_quoted(text: str) -> str:
    """Return Python text with its plain strings in double quotes, as the project writes them."""
    tree = ast.parse(text, mode="eval")
    strings = [
        n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.end_col_offset is not None
    ]
    raw = text.encode()
    for node in sorted(strings, key=lambda n: -n.col_offset):
        shown = raw[node.col_offset : node.end_col_offset]
        if shown.startswith(b"'") and b'"' not in shown and b"\\" not in shown:
            raw = raw[: node.col_offset] + b'"' + shown[1:-1] + b'"' + raw[node.end_col_offset :]
    return raw.decode()


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\n", ";").split(";") if line.strip()]
