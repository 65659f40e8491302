"""What names of a rule stand for: the definitions of an entity, the columns of its contracts, and what its keys lead to."""

from __future__ import annotations

from collections.abc import Mapping

from c360.datatypes import BOOLEAN
from c360.errors import UnknownName
from c360.expr.grain import Grain, row_of
from c360.expr.nodes import Column, Followed, Node, SegmentRef, TagRef
from c360.expr.schema import ATTRIBUTES, Schema, SourceSpec
from c360.language.definitions import Definition
from c360.language.expression import Expression
from c360.language.predicates import unknown


class RuleNames:
    """The names that a rule about rows of *entity* may use.

    A tag or segment goes before a column of its name; a column that two contracts of the entity have needs the contract's name:
    ``services.status``. A key leads on: ``plan.monthly_fee``.
    """

    def __init__(self, schema: Schema, definitions: Mapping[str, Definition], entity: str) -> None:
        self._schema, self._definitions, self._entity = schema, definitions, entity
        schema.source(entity)

    def find(self, parts: tuple[str, ...]) -> Expression:
        """Return the value that a name stands for; raises UnknownName."""
        sources = {spec.name: spec for spec in self._sources(self._entity)}
        if len(parts) == 2 and parts[0] in sources:
            return self._expression(_column(sources[parts[0]], parts[1]))
        node = self._value(self._entity, parts[0])
        for part in parts[1:]:
            node = self._follow(node, part, parts)
        return self._expression(node)

    def known(self) -> list[str]:
        """Return the names that need no other before them."""
        return self._known(self._entity)

    def _expression(self, node: Node) -> Expression:
        return Expression(node, self._grain)

    @property
    def _grain(self) -> Grain:
        return row_of(self._entity, self._schema.sources)

    def _value(self, entity: str, name: str) -> Node:
        definition = self._definitions.get(name)
        if definition is not None and definition.entity == entity:
            if definition.kind == "segment":
                return SegmentRef(BOOLEAN, name, entity)
            return TagRef(definition.type, name, entity)
        having = [spec for spec in self._sources(entity) if name in spec.by_name]
        # The key of an attribute table is the entity's own key.
        having = having[:1] if name == entity else having
        if len(having) == 1:
            return _column(having[0], name)
        if having:
            error = UnknownName(f"'{name}' is a column of {' and of '.join(spec.name for spec in having)}")
            error.hint = f"say which one is meant: {' or '.join(f'{spec.name}.{name}' for spec in having)}"
            raise error
        error = unknown(f"name of {entity}", name, self._known(entity))
        if definition is not None:
            error.message = f"'{name}' is a {definition.kind} of {definition.entity}; this rule is about rows of {entity}"
            error.hint = f"ask with the entity {definition.entity}, or sum it up in a tag of {entity}"
        raise error

    def _follow(self, key: Node, name: str, parts: tuple[str, ...]) -> Node:
        # An entity's own key leads to the row itself; authors cannot follow it either.
        is_own = isinstance(key, Column) and self._schema.source(key.source).key == key.name
        if key.type.kind != "key" or is_own:
            raise UnknownName(
                f"unknown name '{'.'.join(parts)}'",
                hint=f"'{parts[parts.index(name) - 1]}' is no key, so nothing follows it",
            )
        value = self._value(key.type.entity, name)
        return Followed(value.type, key, value)

    def _sources(self, entity: str) -> list[SourceSpec]:
        """Return the contract of *entity* and those of its attributes."""
        found = [self._schema.source(entity)]
        return found + [s for s in self._schema.sources.values() if s.kind == ATTRIBUTES and s.entity == entity]

    def _known(self, entity: str) -> list[str]:
        own = [name for name, definition in self._definitions.items() if definition.entity == entity]
        return [*own, *dict.fromkeys(name for spec in self._sources(entity) for name in spec.by_name)]


def _column(spec: SourceSpec, name: str) -> Column:
    if name not in spec.by_name:
        raise unknown(f"column of {spec.name}", name, spec.by_name)
    return Column(spec.by_name[name].type, spec.name, name)
