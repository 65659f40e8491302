"""The catalogue as one JSON document for other tools, and back: a versioned contract; knows no workspace file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from c360.catalog.model import Catalog
from c360.catalog.parameters import Parameter
from c360.errors import SnapshotError
from c360.expr.canonical import from_json, plain, to_json, value_from
from c360.expr.schema import ColumnSpec, Schema, SourceSpec
from c360.language.campaigns import Apart, Campaign, Offer
from c360.language.definitions import Definition
from c360.language.example import Example
from c360.language.plays import Answer, Play

FORMAT = 1
TEXTS = (
    "name",
    "kind",
    "entity",
    "universe",
    "title",
    "zh",
    "description",
    "unit",
    "owner",
    "source",
    "sensitivity",
    "where",
)

PLAY_TEXTS = tuple(field.name for field in fields(Play) if field.name != "answers")


def to_document(catalog: Catalog) -> dict[str, Any]:
    """Return the catalogue as plain JSON data: contracts, parameters, and definitions with parameters in their places.

    ``hash`` beside a definition is its definition hash; readers may rely on every key of this format version.
    """
    return {
        "format": FORMAT,
        "sources": [_source(spec) for spec in catalog.schema.sources.values()],
        "parameters": [_fields(parameter) for parameter in catalog.parameters.values()],
        "definitions": [_definition(d, catalog) for d in catalog.definitions.values()],
        "plays": [_play(play) for play in catalog.plays.values()],
        "campaigns": [_campaign(campaign, catalog) for campaign in catalog.campaigns.values()],
    }


def from_document(data: Mapping[str, Any]) -> Catalog:
    """Return the catalogue that `to_document` wrote; raises SnapshotError for another format."""
    if data.get("format") != FORMAT:
        raise SnapshotError(
            f"expected a catalogue of format {FORMAT}, found {data.get('format')!r}",
            hint="write it again with this version of c360",
        )
    schema = Schema({spec["name"]: _source_from(spec) for spec in data["sources"]})
    definitions = {d["name"]: _definition_from(d) for d in data["definitions"]}
    parameters = {p["name"]: Parameter(**{key: value_from(value) for key, value in p.items()}) for p in data["parameters"]}
    # Documents of this format written before there were plays, or campaigns, have none.
    plays = {p["name"]: _play_from(p) for p in data.get("plays", ())}
    campaigns = {c["name"]: _campaign_from(c) for c in data.get("campaigns", ())}
    return Catalog(schema, definitions, parameters, plays=plays, campaigns=campaigns)


def _source(spec: SourceSpec) -> dict[str, Any]:
    return {**_fields(spec), "columns": [_fields(column) for column in spec.columns]}


def _source_from(data: Mapping[str, Any]) -> SourceSpec:
    columns = tuple(ColumnSpec(**{key: value_from(value) for key, value in c.items()}) for c in data["columns"])
    return SourceSpec(**{**data, "columns": columns})


def _definition(definition: Definition, catalog: Catalog) -> dict[str, Any]:
    example = definition.example
    return {
        **{name: getattr(definition, name) for name in TEXTS},
        "type": plain(definition.type),
        "levels_zh": [list(pair) for pair in definition.levels_zh],
        "hash": catalog.hash_of(definition.name),
        "expression": to_json(definition.node),
        "example": None if example is None else _fields(example),
    }


def _definition_from(data: Mapping[str, Any]) -> Definition:
    given = data["example"]
    example = None if given is None else Example(**{key: value_from(value) for key, value in given.items()})
    texts = {name: data[name] for name in TEXTS}
    levels_zh = tuple((level, said) for level, said in data.get("levels_zh", ()))
    return Definition(**texts, node=from_json(data["expression"]), example=example, levels_zh=levels_zh)


def _play(play: Play) -> dict[str, Any]:
    answers = [{"kind": a.kind, "name": a.name, "levels": list(a.levels), "expression": to_json(a.node)} for a in play.answers]
    return {**{name: getattr(play, name) for name in PLAY_TEXTS}, "answers": answers}


def _play_from(data: Mapping[str, Any]) -> Play:
    answers = (Answer(a["kind"], a["name"], tuple(a["levels"]), from_json(a["expression"])) for a in data["answers"])
    return Play(**{name: data[name] for name in PLAY_TEXTS}, answers=tuple(answers))


def _campaign(campaign: Campaign, catalog: Catalog) -> dict[str, Any]:
    offer = None if campaign.offer is None else _fields(campaign.offer)
    apart = [_fields(one) for one in campaign.apart]
    return {**_fields(campaign), "offer": offer, "apart": apart, "hash": catalog.campaign_hash(campaign.name)}


def _campaign_from(data: Mapping[str, Any]) -> Campaign:
    told = {name: value_from(value) for name, value in data.items() if name not in {"offer", "apart", "hash"}}
    offer = None if data["offer"] is None else Offer(**data["offer"])
    return Campaign(**told, offer=offer, apart=tuple(Apart(**one) for one in data["apart"]))


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a plain data class as JSON; nested specs are written by their owner."""
    return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not _is_nested(getattr(value, f.name))}


def _is_nested(value: Any) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return bool(parts) and isinstance(parts[0], (ColumnSpec, Apart, Offer))
