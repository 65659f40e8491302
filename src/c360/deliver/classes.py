"""Who may see a definition's values: declared, else inherited from the personal columns it hands on."""

from __future__ import annotations

from c360.catalog import Catalog
from c360.expr.nodes import Aggregate, Call, Column, Followed, Node, TagRef

PASSED_ON = ("text", "date", "key")
STRICTER = ("public", "internal", "personal", "sensitive")


def sensitivity_of(catalog: Catalog, name: str) -> str:
    """Return the class of a definition's values.

    A definition that hands a personal or sensitive text or date on is as strict as that column; what is only computed from
    it (an age, a yes/no, a tier) is internal unless its author says otherwise.
    """
    definition = catalog.definition(name)
    if definition.sensitivity:
        return definition.sensitivity
    if definition.type.kind not in PASSED_ON:
        return "internal"
    return max((_of(part, catalog) for part in _handed_on(definition.node)), key=STRICTER.index, default="internal")


def _of(node: Node, catalog: Catalog) -> str:
    if isinstance(node, TagRef):
        return sensitivity_of(catalog, node.name)
    assert isinstance(node, Column)
    return catalog.schema.source(node.source).column(node.name).sensitivity


def _handed_on(node: Node) -> list[Node]:
    """Return the columns and tags whose own values can come out of *node*."""
    match node:
        case Column() | TagRef():
            return [node] if node.type.kind in PASSED_ON else []
        case Call():
            return [found for arg in node.args if arg.type.kind in PASSED_ON for found in _handed_on(arg)]
        case Aggregate():
            return [] if node.value is None else _handed_on(node.value)
        case Followed():
            return _handed_on(node.value)
    return []
