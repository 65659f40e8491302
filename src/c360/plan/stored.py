"""A request and which definitions are stored in, the plan that answers it from those alone out; knows no file and no SQL.

What is not stored but made of stored definitions only, as most segments are, is computed in layers over them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from c360.datatypes import key_of
from c360.expr.nodes import AsOf, Call, Column, Literal, Node, SegmentRef, TagRef
from c360.expr.schema import Schema
from c360.plan.demand import Defined, Request
from c360.plan.naming import Names
from c360.plan.steps import Layer, Named, Plan, ReadSource


class NotStored(Exception):
    """The request needs what is not stored; the text says what."""


def stored_plan(request: Request, schema: Schema, definitions: Mapping[str, Defined], stored: Callable[[str], bool]) -> Plan:
    """Return the plan of *request* over one relation that holds the key and the *stored* definitions; raises NotStored."""
    return _OverStored(request, definitions, stored).plan(schema)


class _OverStored:
    """Which stored columns a request reads, and which definitions stand in which layer over them."""

    def __init__(self, request: Request, definitions: Mapping[str, Defined], stored: Callable[[str], bool]) -> None:
        self._request, self._definitions, self._stored = request, definitions, stored
        self._read: dict[str, None] = {}
        self._layers: dict[str, int] = {}

    def plan(self, schema: Schema) -> Plan:
        request = self._request
        for output in request.outputs:
            self._depth(output.node)
        names = Names(set(self._definitions) | set(schema.sources))
        relation = names.fresh(f"{request.entity}_stored")
        reason = f"{len(self._read)} stored columns"
        steps: list[ReadSource | Layer] = [ReadSource(relation, relation, tuple(self._read), reason)]
        key: Node = Column(key_of(request.entity), request.entity, request.entity)
        leaves = {relation: {key: request.entity}}
        for depth in range(1, max(self._layers.values(), default=0) + 1):
            made = tuple(Named(name, self._definitions[name].node) for name, at in self._layers.items() if at == depth)
            told = f"{len(made)} definitions that need only earlier columns"
            step = Layer(names.fresh(f"{request.entity}_tags_{depth}"), relation, request.day, made, told, request.entity)
            steps.append(step)
            relation = step.name
            leaves[relation] = {key: request.entity}
        outputs = tuple(Named(output.name, output.node) for output in request.outputs)
        return Plan(request.entity, request.day, tuple(steps), relation, outputs, leaves, tags=tuple(self._layers))

    def _depth(self, node: Node) -> int:
        """Return how many layers must stand before *node* can be computed; raises NotStored."""
        match node:
            case Literal() | AsOf():
                return 0
            case Call():
                return max((self._depth(arg) for arg in node.args), default=0)
            case TagRef() | SegmentRef():
                return self._of_definition(node)
            case Column() if node.source == node.name == self._request.entity:
                return 0
            case Column():
                raise NotStored(f"{node.source}.{node.name} is no stored tag")
        raise NotStored(f"{type(node).__name__.lower()} of {getattr(node, 'source', self._request.entity)} is no stored tag")

    def _of_definition(self, node: TagRef | SegmentRef) -> int:
        name = node.name
        definition = self._definitions[name]
        outside = isinstance(node, SegmentRef) and node.outside and definition.universe
        beside = self._of_name(definition.universe) if outside else 0
        return max(self._of_name(name), beside)

    def _of_name(self, name: str) -> int:
        if name in self._read or self._stored(name):
            self._read.setdefault(name)
            return 0
        if name not in self._layers:
            definition = self._definitions[name]
            try:
                depth = self._depth(definition.node)
                if definition.universe:
                    depth = max(depth, self._of_name(definition.universe))
            except NotStored as reason:
                raise NotStored(f"{name} is not stored: {reason}") from None
            self._layers[name] = depth + 1
        return self._layers[name]
