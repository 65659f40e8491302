"""Contracts from classes: a class with annotated columns in, a checked `SourceSpec` out; knows no expression."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from c360.datatypes import MONTH, TEXT, DataType, key_of
from c360.errors import DefinitionError, UnknownName
from c360.expr.schema import ATTRIBUTES, ENTITY, FACTS, ColumnSpec, SourceSpec
from c360.language.columns import SENSITIVITIES, KeyTo, Options, level_names


def snake_case(name: str) -> str:
    """Return the source name of a class: ``PlanChange`` is ``plan_change``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def contract_of(cls: Any, forbidden: Callable[[str, str], str]) -> SourceSpec:
    """Return the contract that a class's annotations and options make; raises DefinitionError at the class.

    *forbidden* says, for the kind of source and a column's name, why the name cannot be a column's; empty when it can.
    """
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
        name,
        cls._kind,
        entity,
        tuple(columns),
        str(title),
        own["zh"] if isinstance(own.get("zh"), str) else "",
        own.get("default") is True,
        cls._where,
    )
    _check_names(cls, spec, forbidden)
    _check_dates(cls, spec)
    _check_owners(cls, spec)
    return spec


def _column_of(cls: Any, name: str, annotation: Any) -> ColumnSpec:
    options = cls.__dict__.get(name)
    if not isinstance(options, Options):
        options = Options("current" if cls._kind != FACTS else "event" if annotation == MONTH else "value")
    if isinstance(annotation, KeyTo):
        target = cls if annotation.target == cls.__name__ else annotation.target
        if getattr(target, "_kind", "") != ENTITY:
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
        name, annotation, options.role, options.by, options.min, options.max, options.unit, sensitivity, options.parent,
        options.zh, level_names(annotation, options.levels_zh),
    )  # fmt: skip


def _check_names(cls: Any, spec: SourceSpec, forbidden: Callable[[str, str], str]) -> None:
    for taken in spec.columns:
        reason = forbidden(spec.kind, taken.name)
        if reason or not re.fullmatch(r"[a-z][a-z0-9_]*", taken.name):
            raise DefinitionError(
                f"'{taken.name}' cannot name a column of {cls.__name__}: {reason or 'it is not lower_snake_case'}",
                hint=f"say what it is the {taken.name} of, for example {spec.name}_{taken.name.lower()}",
            )
        if taken.role == "later" and taken.by not in spec.by_name:
            raise UnknownName.among(f"column of {cls.__name__}", taken.by, spec.by_name)
        if taken.role == "later" and spec.by_name[taken.by].type.kind != "date":
            raise DefinitionError(f"{cls.__name__}.{taken.name} waits for '{taken.by}', which is no Date")


def _check_dates(cls: Any, spec: SourceSpec) -> None:
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


def _check_owners(cls: Any, spec: SourceSpec) -> None:
    targets = [c.type.entity for c in spec.columns if c.type.kind == "key" and c.parent and c.name != spec.key]
    for entity in targets:
        if targets.count(entity) > 1:
            raise DefinitionError(
                f"two keys of {cls.__name__} lead to {entity}", hint="mark the one that is no owner: column(parent=False)"
            )
