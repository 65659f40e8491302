"""Names of columns in; what each stands for, and who may see it, out; knows no stage of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from c360.errors import NothingMatched, UsageError, did_you_mean
from c360.expr.nodes import Column, Node, TagRef
from c360.language.definitions import Definition, referenced

if TYPE_CHECKING:
    from c360.deliver.listing import ListRequest
    from c360.workspace import Workspace


def value_of(workspace: Workspace, entity: str, name: str) -> tuple[Node, str]:
    """Return what a column name stands for: a definition of the entity, else a column of its contract; and its sensitivity."""
    catalog = workspace.catalog
    spec = catalog.schema.source(entity)
    if name in catalog.definitions:
        definition = catalog.definitions[name]
        if definition.entity != entity:
            raise UsageError(f"'{name}' is a value of {definition.entity}, the list is of {entity}")
        return workspace.reference(name), catalog.sensitivity_of(name)
    if name in spec.by_name:
        column = spec.column(name)
        return Column(column.type, spec.name, name), column.sensitivity
    if name == spec.column(entity).file_name:
        return value_of(workspace, entity, entity)
    known = [n for n, d in catalog.definitions.items() if d.entity == entity]
    hint = did_you_mean(name, [*known, *spec.by_name]) or "c360 tags lists what there is"
    asked, _, direction = name.rpartition(" ")
    if direction.lower() in {"asc", "desc"}:
        hint = f"-{asked} sorts from high to low, {asked} from low to high"
    raise NothingMatched(f"unknown column '{name}'", hint=hint, where="the columns or the order")


def columns_shown(workspace: Workspace, segment: Definition, request: ListRequest) -> dict[str, tuple[Node, str]]:
    """Return the node and sensitivity of each column shown.

    By default what the rule itself refers to, personal values left out: they leave only when asked for by name.
    """
    names = request.columns
    if names is None:
        asked = [ref.name for ref in _tags_of(workspace, segment)] + [o.lstrip("-+") for o in request.order]
        known = workspace.catalog.definitions
        shown = (n for n in asked if n not in known or workspace.catalog.sensitivity_of(n) in {"public", "internal"})
        names = tuple(dict.fromkeys(shown))
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise UsageError(f"column named twice: {', '.join(twice)}", hint="name each column once", where="the columns")
    key = workspace.catalog.schema.source(segment.entity).column(segment.entity).file_name
    return {name: value_of(workspace, segment.entity, name) for name in names if name not in (key, segment.entity)}


def _tags_of(workspace: Workspace, segment: Definition) -> list[TagRef]:
    """Return the tags of the list's entity that a rule refers to; where it is made of segments only, those of their rules."""
    refs = [ref for ref in referenced(segment.node) if ref.entity == segment.entity]
    tags = [ref for ref in refs if isinstance(ref, TagRef)]
    if tags:
        return tags
    inner: Sequence[Definition] = [workspace.catalog.definition(ref.name) for ref in refs]
    return list(dict.fromkeys(tag for definition in inner for tag in _tags_of(workspace, definition)))
