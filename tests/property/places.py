"""What may stand beside a row of each source: its columns, followed columns, definitions; found from the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from world import BY_NAME, DEFINED, SCHEMA, SHARED_KEYS, SHARED_TAGS

from c360 import as_of
from c360.datatypes import DataType
from c360.expr.grain import row_of, upwards
from c360.expr.nodes import Followed, TagRef
from c360.expr.schema import ATTRIBUTES, ENTITY
from c360.language.definitions import Segment
from c360.language.expression import Expression
from c360.language.sources import KeyExpression, Source

Leaves = dict[DataType, tuple[Expression, ...]]
# Keys to another row of the customer table: following one leaves the customer.
SIDEWAYS = frozenset({"referrer", "guardian"})


@dataclass(frozen=True)
class Place:
    """The rows an expression speaks of; where *local*, it reads nothing that another customer's rows decide."""

    source: str
    local: bool = False

    @cached_property
    def contract(self) -> type[Source]:
        """The contract class of the rows."""
        return BY_NAME[self.source]

    @cached_property
    def is_entity(self) -> bool:
        """Whether the rows are an entity's own, so that aggregates may stand among them."""
        return SCHEMA.source(self.source).kind == ENTITY

    @property
    def has_ranks(self) -> bool:
        """Whether a value may be placed among all rows."""
        return self.is_entity and not self.local

    @cached_property
    def keys(self) -> tuple[KeyExpression, ...]:
        """The keys whose row may be asked for anything at all."""
        return tuple(k for k in _keys(self.contract) if not (self.local and k.node.name in SHARED_KEYS))  # type: ignore[attr-defined]

    @cached_property
    def leaves(self) -> Leaves:
        """Columns, followed columns, definitions and the as-of date, by type."""
        found: dict[DataType, list[Expression]] = {}
        for leaf in [*_own(self.contract), *_defined(self.source), *self._followed(), as_of()]:
            value = leaf.node.value if isinstance(leaf.node, Followed) else leaf.node
            if not (self.local and isinstance(value, TagRef) and value.name in SHARED_TAGS):
                found.setdefault(leaf.type, []).append(leaf)
        return {type_: tuple(some) for type_, some in found.items()}

    @cached_property
    def children(self) -> tuple[str, ...]:
        """The sources whose rows may be brought up to this entity."""
        return tuple(name for name in SCHEMA.sources if self.is_entity and self.source in _owners(name))

    def _followed(self) -> list[Expression]:
        found: list[Expression] = []
        for key in _keys(self.contract):
            name = key.node.name  # type: ignore[attr-defined]
            if self.local and name in SIDEWAYS:
                continue
            found += _columns_behind(key)
            if not (self.local and name in SHARED_KEYS):
                found += [key[leaf] for leaf in _defined(key.type.entity)]
                further = [k for k in _columns_behind(key) if isinstance(k, KeyExpression)]
                found += [leaf for k in further if not (self.local and _last_key(k) in SIDEWAYS) for leaf in _columns_behind(k)]
        return found


@cache
def place(source: str, local: bool = False) -> Place:
    """Return the one place of a source, so that its leaves are found once."""
    return Place(source, local)


def _owners(source: str) -> frozenset[str]:
    spec = SCHEMA.source(source)
    if spec.kind == ATTRIBUTES or not spec.parents:
        return frozenset()
    return upwards(row_of(source, SCHEMA.sources)).owners


def _own(contract: type[Source]) -> list[Expression]:
    spec = contract.spec()
    found = [getattr(contract, column.name) for column in spec.columns]
    for other in BY_NAME.values():
        if spec.kind == ENTITY and other.spec().kind == ATTRIBUTES and other.spec().entity == spec.entity:
            found += [getattr(other, column.name) for column in other.spec().columns]
    return found


def _keys(contract: type[Source]) -> list[KeyExpression]:
    return [leaf for leaf in _own(contract) if isinstance(leaf, KeyExpression)]


def _last_key(key: KeyExpression) -> str:
    return key.node.value.name  # type: ignore[attr-defined,no-any-return]


def _columns_behind(key: KeyExpression) -> list[Expression]:
    return [getattr(key, column.name) for column in SCHEMA.source(key.type.entity).columns]


def _defined(entity: str) -> list[Expression]:
    named: list[Expression] = [n for n in DEFINED if n.draft.entity == entity]
    return [*named, *(~n for n in named if isinstance(n, Segment))]
