"""Contract classes: annotated classes in, `SourceSpec` data and row selections out; knows no file and no binding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from c360.datatypes import BOOLEAN
from c360.errors import DefinitionError, GrainError, TypeMismatch, UnknownName, author_line
from c360.expr import build
from c360.expr.grain import bind_entity, combine, row_of, upwards
from c360.expr.nodes import Column, Followed, Node, Window
from c360.expr.schema import ATTRIBUTES, ENTITY, FACTS, ColumnSpec, SourceSpec
from c360.language.contracts import contract_of
from c360.language.expression import Expression, apply, as_of, lift
from c360.language.windows import Span, days


@dataclass(frozen=True)
class Rows:
    """Rows of one source: those of a window, where a condition holds; its other attributes are the source's columns."""

    _source: type[Source]
    _condition: Node | None = None
    _span: Span | None = None
    _depth: int = 0

    def __post_init__(self) -> None:
        spec = self._source.spec()
        if spec.kind == ATTRIBUTES:
            raise GrainError(
                f"{spec.name} has one row a {spec.entity}: its columns are the {spec.entity}'s, with no rows to choose",
                hint=f"use its columns as they are, or filter {spec.entity} rows by them",
            )

    def where(self, condition: Any) -> Rows:
        """Keep the rows where *condition*, an expression on single rows, is true; unknown is not kept."""
        spec = self._source.spec()
        told = f"a filter on {spec.name}"
        asked = lift(condition)
        grain = combine(row_of(spec.name, self._source.specs()), replace(asked.grain, where=None, window=None), told)
        if asked.grain.kind == "row" and not asked.grain.is_plain:
            raise GrainError(f"{told} uses a selection of rows; write it on {self._source.__name__} itself")
        if asked.type != BOOLEAN:
            raise TypeMismatch(f"{told} is a yes/no expression; found {asked.type}", hint="compare it with something")
        node = bind_entity(asked.node, grain.source) if spec.kind == ENTITY else asked.node
        both = node if self._condition is None else build.call("and", (self._condition, node))
        return Rows(self._source, both, self._span, max(self._depth, asked.depth))

    def last(self, window: Span) -> Rows:
        """Keep the rows of *window*, by their date; rows without a date are dropped."""
        spec = self._source.spec()
        if not isinstance(window, Span):
            raise DefinitionError("expected a window: days(30), months(3)", hint="write .last(months(3))")
        if spec.date_column is None:
            raise GrainError(f"rows of {spec.name} have no date, so no window applies")
        if self._span is not None:
            raise GrainError("these rows have a window already", hint="write one .last(…), with .before(…) inside it")
        if spec.is_monthly and _has_days(window):
            raise GrainError(f"a window of days on the monthly {spec.name}", hint="use months(n)")
        return Rows(self._source, self._condition, window, self._depth)

    def count(self) -> Expression:
        """Count the rows; 0 over none."""
        spec = self._source.spec()
        grain = self._grain()
        node = build.aggregate("count", spec.name, None, grain.where, grain.window)
        return Expression(node, upwards(grain), self._depth + 2)

    def days_since_last(self, within: int | Expression | None = None) -> Expression:
        """Count the days from the last row's date to D; null without a row, and when it is more than *within* days ago."""
        spec = self._source.spec()
        if spec.date_column is None or spec.is_monthly:
            raise GrainError(f"rows of {spec.name} have no day", hint="days_since_last needs a source with a Date event")
        windowed = isinstance(within, int) and self._span is None
        rows = Rows(self._source, self._condition, days(within + 1), self._depth) if windowed else self  # type: ignore[operator]
        passed = apply("days_between", getattr(rows, spec.date_column.name).max(), as_of())
        return passed if windowed or within is None else apply("case", passed <= within, passed)

    def longest_run(self) -> Expression:
        """Count the days of the longest run of consecutive days with a row; 0 over none."""
        spec = self._source.spec()
        if spec.date_column is None or spec.is_monthly:
            raise GrainError(f"rows of {spec.name} have no day", hint="longest_run needs a source with a Date event")
        grain = self._grain()
        node = build.aggregate("longest_run", spec.name, None, grain.where, grain.window)
        return Expression(node, upwards(grain), self._depth + 2)

    def __getitem__(self, value: Any) -> Expression:
        """Take *value*, an expression on single rows of the source, of the rows selected here."""
        asked = lift(value)
        told = f"a value of {self._source.spec().name} rows"
        plain = row_of(self._source.spec().name, self._source.specs())
        grain = combine(plain, asked.grain, told)
        node = bind_entity(asked.node, grain.source) if self._source.spec().kind == ENTITY else asked.node
        return Expression(node, self._grain(), max(self._depth, asked.depth) + 1)

    def _grain(self) -> Any:
        plain = row_of(self._source.spec().name, self._source.specs())
        return replace(plain, where=self._condition, window=None if self._span is None else self._span.window)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        taken = self._source.spec().column(name)
        return column_expression(self._source, taken, self._grain(), self._depth + 1)


class KeyExpression(Expression):
    """A key: as an expression its text; its attributes are the columns of the one row it names."""

    __slots__ = ("_target",)

    def __init__(self, node: Node, grain: Any, target: type[Source], depth: int = 1) -> None:
        super().__init__(node, grain, depth)
        self._target = target

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        taken = self._target.spec().column(name)
        return self._follow(Column(taken.type, self._target.spec().name, name), 1)

    def __getitem__(self, value: Any) -> Expression:
        """Take *value* (a tag, an attribute, an aggregate) of the row that the key names; null where there is none."""
        entity = self._target.spec().entity
        asked = lift(value)
        if asked.grain.kind == "any":
            raise GrainError(f"following a key to {entity} takes a value of the {entity}; found a constant")
        combine(row_of(entity, self._target.specs()), asked.grain, f"following a key to {entity}")
        return self._follow(bind_entity(asked.node, entity), asked.depth)

    def _follow(self, value: Node, depth: int) -> Expression:
        node = Followed(value.type, self.node, value)
        target = self._target.key_targets().get(value.name) if isinstance(value, Column) else None
        depth = max(self.depth, depth) + 1
        return KeyExpression(node, self.grain, target, depth) if target else Expression(node, self.grain, depth)


class SourceMeta(type):
    """Names the columns that a misspelt attribute may have meant."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_") or "_spec" not in cls.__dict__:
            raise AttributeError(name)
        raise UnknownName.among(f"column of {cls.__name__}", name, cls._spec.by_name)


class Source(metaclass=SourceMeta):
    """What `Entity`, `Facts` and `Attributes` share: the annotations become a `SourceSpec` and column expressions."""

    _kind = ""
    _about: Any = None
    _where: ClassVar[str] = ""
    _keys: ClassVar[dict[str, type[Source]]] = {}
    _spec: ClassVar[SourceSpec]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__module__ == __name__ or cls.__name__.startswith("_"):
            return
        cls._where = author_line() or ""
        cls._keys = {}
        cls._spec = contract_of(cls, _forbidden)
        for taken in cls._spec.columns:
            setattr(cls, taken.name, column_expression(cls, taken, row_of(_row_source(cls._spec), cls.specs())))

    @classmethod
    def spec(cls) -> SourceSpec:
        """Return the contract as plain data."""
        return cls._spec

    @classmethod
    def specs(cls) -> dict[str, SourceSpec]:
        """Return this contract and those that its keys lead to, by source name."""
        found: dict[str, SourceSpec] = {}
        waiting: list[type[Source]] = [cls]
        while waiting:
            source = waiting.pop()
            if source._spec.name not in found:
                found[source._spec.name] = source._spec
                waiting += [*source._keys.values(), *([source._about] if source._about else [])]
        return found

    @classmethod
    def key_targets(cls) -> dict[str, type[Source]]:
        """Return the entity class of every key column."""
        return cls._keys

    @classmethod
    def where(cls, condition: Any) -> Rows:
        """Keep the rows where *condition* is true."""
        return Rows(cls).where(condition)

    @classmethod
    def last(cls, window: Span) -> Rows:
        """Keep the rows of *window*."""
        return Rows(cls).last(window)

    @classmethod
    def count(cls) -> Expression:
        """Count the rows; 0 over none."""
        return Rows(cls).count()

    @classmethod
    def days_since_last(cls, within: int | Expression | None = None) -> Expression:
        """Count the days from the last row's date to D."""
        return Rows(cls).days_since_last(within)

    @classmethod
    def longest_run(cls) -> Expression:
        """Count the days of the longest run of consecutive days with a row; 0 over none."""
        return Rows(cls).longest_run()


class Entity(Source):
    """A kind of thing that has tags; its own key column is named after the class."""

    _kind = ENTITY


class Facts(Source):
    """Dated rows about entities, named by key columns: bills, calls, contacts."""

    _kind = FACTS


class Attributes(Source):
    """``Attributes[Customer]``: one row an entity, beside its own table; its columns are the entity's values."""

    def __class_getitem__(cls, entity: type[Entity]) -> type:
        return type(f"_AttributesOf{entity.__name__}", (Source,), {"_kind": ATTRIBUTES, "_about": entity})


def column_expression(source: type[Source], taken: ColumnSpec, grain: Any, depth: int = 1) -> Expression:
    """Return the expression of one column; a key column's can be followed."""
    node = Column(taken.type, source.spec().name, taken.name)
    target = source.key_targets().get(taken.name)
    return KeyExpression(node, grain, target, depth) if target is not None else Expression(node, grain, depth)


def _forbidden(kind: str, name: str) -> str:
    if hasattr(Source, name) or name in dir(Rows):
        return "sources have a method of this name"
    return "keys to it have a method of this name" if kind == ENTITY and hasattr(KeyExpression, name) else ""


def _row_source(spec: SourceSpec) -> str:
    return spec.entity if spec.kind == ATTRIBUTES else spec.name


def _has_days(span: Span) -> bool:
    window: Window | None = span.window
    while window is not None:
        if window.unit == "days":
            return True
        window = window.before
    return False
