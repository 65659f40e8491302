"""Definition hashes: a resolved definition in, one number for what it means out; knows no titles and places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from c360.expr.canonical import digest, to_json
from c360.expr.nodes import Aggregate, Column, walk
from c360.expr.schema import Schema
from c360.language.definitions import Definition, referenced


def definition_hash(definition: Definition, schema: Schema, hashes: Mapping[str, str]) -> str:
    """Return the hash of *definition*; *hashes* holds those of the definitions it uses, its universe among them.

    It changes with the tree, parameters' values, operator versions, the contracts read, and any hash it builds on.
    """
    return digest(
        {
            "kind": definition.kind,
            "entity": definition.entity,
            "node": to_json(definition.node),
            "uses": {ref.name: hashes[ref.name] for ref in referenced(definition.node)},
            "universe": hashes[definition.universe] if definition.universe else "",
            "contracts": _contracts(definition, schema),
        }
    )


def _contracts(definition: Definition, schema: Schema) -> list[Any]:
    """Return what the contracts say of the columns that decide: those read, those that date rows, keys on the way."""
    columns: set[tuple[str, str]] = set()
    sources = {definition.entity}
    for node in walk(definition.node):
        if isinstance(node, Column):
            columns.add((node.source, node.name))
        elif isinstance(node, Aggregate):
            sources.add(node.source)
            columns.update(schema.path(node.source, node.entity))
    for name in sources | {source for source, _ in columns}:
        dated = schema.source(name).date_column
        if dated is not None:
            columns.add((name, dated.name))
    found = []
    for source, name in sorted(columns):
        spec = schema.source(source).column(name)
        found.append([to_json(Column(spec.type, source, name)), spec.role, spec.by])
    return found
