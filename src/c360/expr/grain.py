"""Grain rules: whose row a node speaks of, and which grains may stand side by side; knows no author sugar.

    any           a constant; fits beside everything
    row           a row of one source (of an entity, its own row), maybe only of the rows kept by a filter and a window
    open          an aggregate not yet told whose value it is: any entity its keys lead to

Two rows stand side by side only when they are the same row of the same kept rows. An open grain beside an entity's row becomes
that entity's. Up needs an aggregate, down a key that is followed; anything else mixes rows of different things.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from c360.errors import GrainError
from c360.expr.nodes import Aggregate, Followed, Node, Window, rebuild
from c360.expr.schema import ENTITY, SourceSpec, reach


@dataclass(frozen=True)
class Grain:
    """Whose row an expression speaks of; *specs* are the sources that its keys lead to, its own included."""

    kind: str
    source: str = ""
    where: Node | None = None
    window: Window | None = None
    owners: frozenset[str] = frozenset()
    specs: dict[str, SourceSpec] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_entity(self) -> bool:
        """Whether the row is an entity's own, with nothing filtered away."""
        spec = self.specs.get(self.source)
        return self.kind == "row" and spec is not None and spec.kind == ENTITY and self.is_plain

    @property
    def is_plain(self) -> bool:
        """Whether all rows are meant."""
        return self.where is None and self.window is None


ANY = Grain("any")


def row_of(source: str, specs: dict[str, SourceSpec]) -> Grain:
    """Return the grain of a plain row of *source*."""
    return Grain("row", source, specs=specs)


def upwards(grain: Grain) -> Grain:
    """Return the open grain of an aggregate over the rows of *grain*."""
    spec = grain.specs[grain.source]
    owners = frozenset(reach(spec, grain.specs)) - ({spec.entity} if spec.kind == ENTITY else set())
    if not owners:
        raise GrainError(
            f"rows of {grain.source} have no owner: no key leads from them to an entity",
            hint=f"give {grain.source} a key column, for example `customer: Key[Customer]`",
        )
    return Grain("open", owners=owners, specs=grain.specs)


def combine(a: Grain, b: Grain, told: str) -> Grain:
    """Return the grain two expressions share; *told* says in words what was combined, for the error."""
    specs = {**a.specs, **b.specs}
    if a.kind == "any" or a == b:
        return replace(b, specs=specs)
    if b.kind == "any":
        return replace(a, specs=specs)
    if a.kind == b.kind == "open":
        shared = a.owners & b.owners
        if not shared:
            raise GrainError(f"{told} has no common owner: {_list(a)} beside {_list(b)}")
        return Grain("open", owners=shared, specs=specs)
    if a.kind == b.kind == "row":
        raise _mixed_rows(a, b, told)
    owner, free = (a, b) if a.kind == "row" else (b, a)
    if owner.is_entity and owner.source in free.owners:
        return replace(owner, specs=specs)
    raise GrainError(
        f"{told} puts an aggregate beside rows of {owner.source}",
        hint=f"aggregate the {owner.source} side first, for example with .sum(), .max() or .any()",
    )


def owner_of(grain: Grain, told: str) -> str:
    """Return the entity whose value an expression of *grain* is; an open one goes to the default entity."""
    if grain.is_entity:
        return grain.source
    if grain.kind == "row":
        raise GrainError(
            f"{told} is about single rows of {grain.source}, not about an entity",
            hint=f"say which row or how to sum up: {grain.source} values take .sum(), .latest(), .any(), .max() …",
        )
    if grain.kind == "any":
        raise GrainError(f"{told} is a constant", hint="name the entity: entity=Customer")
    chosen = [name for name in grain.owners if grain.specs[name].is_default] or sorted(grain.owners)
    if len(chosen) != 1:
        raise GrainError(f"{told} may belong to {', '.join(chosen)}", hint="name one with entity=…")
    return chosen[0]


def bind_entity(node: Node, entity: str) -> Node:
    """Return *node* with every open aggregate owned by *entity*; what stands inside an aggregate has an owner already."""
    if isinstance(node, Aggregate):
        return node if node.entity else replace(node, entity=entity)
    if isinstance(node, Followed):
        return replace(node, via=bind_entity(node.via, entity))
    return rebuild(node, lambda child: bind_entity(child, entity))


def _mixed_rows(a: Grain, b: Grain, told: str) -> GrainError:
    if a.source == b.source:
        return GrainError(
            f"{told} mixes two different selections of {a.source} rows",
            hint="name the selection once (`recent = Bill.last(months(3))`) and take both columns from it",
        )
    lower = a.source if b.source in reach(a.specs[a.source], {**a.specs, **b.specs}) else b.source
    return GrainError(
        f"{told} mixes rows of {a.source} with rows of {b.source}",
        hint=f"aggregate the {lower} side first (.sum(), .max(), .any(), .latest() …), or follow a key",
    )


def _list(grain: Grain) -> str:
    return "/".join(sorted(grain.owners)) or "nobody"
