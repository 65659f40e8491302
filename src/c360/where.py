"""A rule as text and a catalogue in; the checked node out, or a catalogue in which the rule is one more segment."""

from __future__ import annotations

from c360.catalog import Catalog
from c360.catalog.names import RuleNames
from c360.errors import NothingMatched, did_you_mean
from c360.expr.grain import bind_entity
from c360.expr.nodes import Node
from c360.expr.schema import ENTITY
from c360.language import predicates
from c360.language.as_text import as_text
from c360.language.definitions import Definition

RULE = "where"
SHOWN = 200


def where_expression(text: str, catalog: Catalog, entity: str | None = None) -> tuple[Node, str]:
    """Return the rule that *text* says about rows of *entity* (else the default entity), and the entity.

    Raises DefinitionError that shows the place in the text.
    """
    from c360.sql.reading import read_phrase

    about = entity or catalog.default_entity
    known = [name for name, spec in catalog.schema.sources.items() if spec.kind == ENTITY]
    if about not in known:
        raise NothingMatched(f"unknown entity '{about}'", hint=did_you_mean(about, known))
    names = RuleNames(catalog.schema, catalog.definitions, about)
    found = predicates.predicate(read_phrase(text), names, text)
    return bind_entity(found.node, about), about


def with_rule(catalog: Catalog, text: str, entity: str | None = None) -> Catalog:
    """Return *catalog* with the segment `RULE` besides: the rows, of all rows of the entity, for which *text* is true."""
    node, about = where_expression(text, catalog, entity)
    shown = " ".join(text.split())
    title = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    rule = Definition(RULE, "segment", about, node, title=title, where="--where")
    return catalog.beside(rule)


def text_of(catalog: Catalog, definition: Definition) -> str:
    """Return the text form of *definition*'s rule; raises DefinitionError where a text cannot say it."""
    return as_text(definition.node, RuleNames(catalog.schema, catalog.definitions, definition.entity))
