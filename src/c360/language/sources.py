"""Contract classes: annotated classes in, `SourceSpec` data and row selections out; knows no file and no binding."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from typing import Any

from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, MONTH, NUMBER, TEXT, VOLUME, DataType, category, key_of
from c360.errors import DefinitionError, GrainError, TypeMismatch, UnknownName, author_line
from c360.expr import build
from c360.expr.grain import bind_entity, combine, row_of, upwards
from c360.expr.nodes import Column, Followed, Node
from c360.expr.schema import ATTRIBUTES, ENTITY, FACTS, ColumnSpec, SourceSpec
from c360.language.expression import Expression, apply, as_of, lift
from c360.language.windows import Span, days

Boolean, Integer, Number, Money, Volume, Text, Date, Month = BOOLEAN, INTEGER, NUMBER, MONEY, VOLUME, TEXT, DATE, MONTH
METHODS = ("last", "where", "count", "days_since_last", "longest_run", "spec")
SENSITIVITIES = ("public", "internal", "personal", "sensitive")


class Category:
    """``Category["a", "b"]``: a text column with known levels."""

    def __class_getitem__(cls, levels: str | tuple[str, ...]) -> DataType:
        return category(*((levels,) if isinstance(levels, str) else levels))


class Ordered:
    """``Ordered["low", "high"]``: levels from low to high, which compare."""

    def __class_getitem__(cls, levels: str | tuple[str, ...]) -> DataType:
        return category(*((levels,) if isinstance(levels, str) else levels), ordered=True)


@dataclass(frozen=True)
class KeyTo:
    """A key column's annotation: which entity's row it names."""

    target: Any


class Key:
    """``Key[Line]``: a column that names one row of an entity."""

    def __class_getitem__(cls, target: Any) -> KeyTo:
        return KeyTo(target)


@dataclass(frozen=True)
class Options:
    """What an author says of a column besides its type."""

    role: str
    by: str = ""
    min: float | None = None
    max: float | None = None
    unit: str = ""
    sensitivity: str = ""
    parent: bool = True
    zh: str = ""


def column(**options: Any) -> Options:
    """Describe a column of facts: ``min= max= unit= sensitivity= zh=``, and ``parent=False`` for a key that is no owner."""
    return Options("value", **options)


def event(**options: Any) -> Options:
    """Mark the date of a fact's row; rows after D are never seen."""
    return Options("event", **options)


def since(**options: Any) -> Options:
    """Mark the date from which an entity's row is there."""
    return Options("since", **options)


def fixed(**options: Any) -> Options:
    """Mark a column that does not change while its row is there."""
    return Options("fixed", **options)


def current(**options: Any) -> Options:
    """Mark a column without history: as it is today, refused for a past D."""
    return Options("current", **options)


def planned(**options: Any) -> Options:
    """Mark a date that may lie in the future, such as a contract's end."""
    return Options("planned", **options)


def later(*, by: str, **options: Any) -> Options:
    """Mark a column that is null while the date column *by* is null or after D."""
    return Options("later", by=by, **options)


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
                f"{spec.name} has one row a {spec.entity}: its columns are values of the {spec.entity}, there are no rows to choose",
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
        """Keep the rows of *window*; the design, section 4, says where a window ends. Rows without a date are dropped."""
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
        return Expression(build.aggregate("longest_run", spec.name, None, grain.where, grain.window), upwards(grain), 2)

    def __getitem__(self, value: Expression) -> Expression:
        """Take *value*, an expression on single rows of the source, of the rows selected here."""
        told = f"a value of {self._source.spec().name} rows"
        plain = row_of(self._source.spec().name, self._source.specs())
        grain = combine(plain, lift(value).grain, told)
        node = bind_entity(value.node, grain.source) if self._source.spec().kind == ENTITY else value.node
        return Expression(node, self._grain(), value.depth)

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
        raise UnknownName.among(f"column of {cls.__name__}", name, cls.spec().by_name)  # type: ignore[attr-defined]


class Source(metaclass=SourceMeta):
    """What `Entity`, `Facts` and `Attributes` share: the annotations become a `SourceSpec` and column expressions."""

    _kind = ""
    _about: Any = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__module__ == __name__ or cls.__name__.startswith("_"):
            return
        cls._where = author_line() or ""
        cls._keys: dict[str, type[Source]] = {}
        cls._spec = _spec_of(cls)
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


def snake_case(name: str) -> str:
    """Return the source name of a class: ``PlanChange`` is ``plan_change``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _row_source(spec: SourceSpec) -> str:
    return spec.entity if spec.kind == ATTRIBUTES else spec.name


def _has_days(span: Span) -> bool:
    window = span.window
    while window is not None:
        if window.unit == "days":
            return True
        window = window.before  # type: ignore[assignment]
    return False


def _spec_of(cls: type[Source]) -> SourceSpec:
    name = snake_case(cls.__name__)
    entity = cls._about.spec().entity if cls._about else name if cls._kind == ENTITY else ""
    columns = []
    if cls._kind == ENTITY:
        columns.append(ColumnSpec(name, key_of(name), "fixed"))
    if cls._kind == ATTRIBUTES:
        columns.append(ColumnSpec(entity, key_of(entity), "fixed"))
    for label, annotation in inspect.get_annotations(cls, eval_str=True).items():
        columns.append(_column_of(cls, label, annotation))
    own = {k: v for k, v in cls.__dict__.items() if k in {"title", "zh", "default"}}
    title = own.get("title") if isinstance(own.get("title"), str) else cls.__name__
    spec = SourceSpec(
        name, cls._kind, entity, tuple(columns), str(title), own["zh"] if isinstance(own.get("zh"), str) else "", own.get("default") is True, cls._where
    )
    _check_spec(cls, spec)
    return spec


def _column_of(cls: type[Source], name: str, annotation: Any) -> ColumnSpec:
    options = cls.__dict__.get(name)
    if not isinstance(options, Options):
        options = Options("current" if cls._kind != FACTS else "event" if annotation == MONTH else "value")
    if isinstance(annotation, KeyTo):
        target = cls if annotation.target == cls.__name__ else annotation.target
        if not (isinstance(target, type) and issubclass(target, Entity)):
            raise DefinitionError(f"{cls.__name__}.{name} is a key to no entity", hint=f"write {name}: Key[Customer]")
        cls._keys[name] = target
        annotation = key_of(snake_case(target.__name__))
    if not isinstance(annotation, DataType):
        raise DefinitionError(
            f"{cls.__name__}.{name} has no type c360 knows",
            hint="types: Boolean, Integer, Number, Money, Volume, Text, Date, Month, Category[…], Ordered[…], Key[…]",
        )
    sensitivity = options.sensitivity or ("personal" if annotation == TEXT else "internal")
    if sensitivity not in SENSITIVITIES:
        raise DefinitionError(f"sensitivity is one of {', '.join(SENSITIVITIES)}, found '{sensitivity}'")
    return ColumnSpec(
        name, annotation, options.role, options.by, options.min, options.max, options.unit, sensitivity, options.parent, options.zh
    )


def _check_spec(cls: type[Source], spec: SourceSpec) -> None:
    for taken in spec.columns:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", taken.name) or taken.name in METHODS or hasattr(Source, taken.name):
            raise DefinitionError(f"'{taken.name}' cannot name a column of {cls.__name__}", hint="use lower_snake_case, no method's name")
        if spec.kind == ENTITY and hasattr(KeyExpression, taken.name):
            raise DefinitionError(
                f"'{taken.name}' cannot name a column of {cls.__name__}: keys to it have a method of this name",
                hint=f"say what it is the {taken.name} of, for example {spec.name}_{taken.name}",
            )
        if taken.role == "later" and taken.by not in spec.by_name:
            raise UnknownName.among(f"column of {cls.__name__}", taken.by, spec.by_name)
        if taken.role == "later" and spec.by_name[taken.by].type.kind != "date":
            raise DefinitionError(f"{cls.__name__}.{taken.name} waits for '{taken.by}', which is no Date")
    dates = [c for c in spec.columns if c.role in {"event", "since"}]
    if dates and spec.kind == ATTRIBUTES:
        raise DefinitionError(
            f"attributes have no date for their rows; found {cls.__name__}.{dates[0].name}",
            hint="make it a plain column, or the table Facts with a key",
        )
    if len(dates) > 1 or (spec.kind == FACTS and len(dates) != 1):
        raise DefinitionError(
            f"expected one date for the rows of {cls.__name__}, found {len(dates)}",
            hint="facts have one Month column or one `event()` column; undated tables are Attributes[Entity]",
        )
    if dates and dates[0].type.kind not in {"date", "month"}:
        raise DefinitionError(f"{cls.__name__}.{dates[0].name} dates the rows, so it must be a Date or a Month")
    targets = [c.type.entity for c in spec.columns if c.type.kind == "key" and c.parent and c.name != spec.key]
    for entity in targets:
        if targets.count(entity) > 1:
            raise DefinitionError(
                f"two keys of {cls.__name__} lead to {entity}", hint="mark the one that is no owner: column(parent=False)"
            )
