"""Campaigns as loaded in, checked against definitions and contracts and hashed out; knows no data and no policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace

from c360.datatypes import DataType
from c360.errors import DuplicateName, TypeMismatch, UnknownName
from c360.expr.canonical import digest, plain
from c360.expr.nodes import Column
from c360.expr.schema import Schema, SourceSpec
from c360.language.campaigns import Campaign, Offer
from c360.language.definitions import Definition
from c360.language.plays import Play

# What people call a campaign, and where it stands; the rest decides whom its list holds.
WORDS = ("name", "title", "zh", "owner", "description", "where")
STRATA = ("category", "boolean", "integer", "text", "key")


def checked_campaigns(
    campaigns: Iterable[Campaign], known: Mapping[str, Definition], schema: Schema, plays: Mapping[str, Play]
) -> dict[str, Campaign]:
    """Return the campaigns by name, each with the entity of its segment.

    Raises DuplicateName, UnknownName and TypeMismatch at the author's line.
    """
    found: dict[str, Campaign] = {}
    for campaign in campaigns:
        other = known.get(campaign.name) or schema.sources.get(campaign.name) or plays.get(campaign.name)
        if other is not None:
            told = f"'{campaign.name}' is defined twice, first at {other.where}"
            raise DuplicateName(told, hint="give the campaign another name", where=campaign.where)
        found[campaign.name] = _with_entity(campaign, known)
    for campaign in found.values():
        _Check(campaign, known, schema).all()
        for apart in campaign.apart:
            if apart.name not in found:
                raise UnknownName.among("campaign", apart.name, found, where=campaign.where)
    return found


def campaign_hash(campaign: Campaign, schema: Schema, hash_of: Callable[[str], str], known: Mapping[str, Definition]) -> str:
    """Return the hash of everything that decides the list of *campaign*, titles left out.

    It changes with its own parts and with the definition hash (*hash_of*) of whatever it names.
    """
    parts = {f.name: plain(getattr(campaign, f.name)) for f in fields(Campaign) if f.name not in (*WORDS, "offer", "apart")}
    offer = None
    if campaign.offer is not None:
        offer = {f.name: plain(getattr(campaign.offer, f.name)) for f in fields(Offer) if f.name not in WORDS}
    spec = schema.source(campaign.entity)
    uses = {name: hash_of(name) if name in known else _contract(spec, name) for name in campaign.names}
    apart = sorted([one.name, one.days] for one in campaign.apart)
    return digest({**parts, "kind": "campaign", "offer": offer, "apart": apart, "uses": uses})


def column_of(spec: SourceSpec, name: str) -> str:
    """Return the contract column that *name* means, its key also by the name it has in files; empty for none."""
    if name in spec.by_name:
        return name
    return next((column.name for column in spec.columns if column.type.kind == "key" and column.file_name == name), "")


def _contract(spec: SourceSpec, name: str) -> object:
    column = spec.column(column_of(spec, name))
    return [plain(Column(column.type, spec.name, column.name)), column.role, column.by]


def _with_entity(campaign: Campaign, known: Mapping[str, Definition]) -> Campaign:
    """Return the campaign with the entity of its segment; raises UnknownName and TypeMismatch."""
    segment = known.get(campaign.segment)
    segments = [name for name, definition in known.items() if definition.kind == "segment"]
    if segment is None:
        raise UnknownName.among("segment", campaign.segment, segments, where=campaign.where)
    if segment.kind != "segment":
        told = f"a campaign is of a segment; '{campaign.segment}' is a {segment.kind}"
        raise TypeMismatch(told, hint="c360 segments lists them", where=campaign.where)
    return replace(campaign, entity=segment.entity)


class _Check:
    """The names of one campaign, held against the definitions and the contract of its entity."""

    def __init__(self, campaign: Campaign, known: Mapping[str, Definition], schema: Schema) -> None:
        self._campaign, self._known, self._spec = campaign, known, schema.source(campaign.entity)

    def all(self) -> None:
        """Raise UnknownName or TypeMismatch for the first name that cannot be meant."""
        campaign = self._campaign
        if campaign.score:
            self._numeric("score", campaign.score)
        if isinstance(campaign.value, str):
            self._numeric("value", campaign.value)
        if campaign.strata:
            kind = self._type("strata", campaign.strata)
            if kind.kind not in STRATA:
                self._mistyped("strata", campaign.strata, kind, "a tag of few levels", "cut it with tiers(…)")
        if campaign.one_per and self._type("one_per", campaign.one_per).kind == "list":
            self._mistyped("one_per", campaign.one_per, self._type("one_per", campaign.one_per), "one value a row", "name a key")
        for told, names in (("columns", campaign.columns or ()), ("order", campaign.order)):
            for name in names:
                self._type(told, name.lstrip("-+"))

    def _numeric(self, told: str, name: str) -> None:
        kind = self._type(told, name, tags_only=True)
        if not kind.is_number or (told == "value" and kind.kind == "volume"):
            expected = "a tag of money or a number" if told == "value" else "a numeric tag"
            self._mistyped(told, name, kind, expected, "name a tag that holds an amount")

    def _mistyped(self, told: str, name: str, kind: DataType, expected: str, hint: str) -> None:
        message = f"{told} of a campaign is {expected}; '{name}' is {kind}"
        raise TypeMismatch(message, hint=hint, where=self._campaign.where)

    def _type(self, told: str, name: str, *, tags_only: bool = False) -> DataType:
        """Return the type of what *name* stands for: a definition of the entity, else a column of its contract."""
        definition, entity = self._known.get(name), self._campaign.entity
        if definition is not None and definition.entity == entity and not (tags_only and definition.kind != "tag"):
            return definition.type
        column = column_of(self._spec, name)
        if column and not tags_only:
            return self._spec.column(column).type
        if definition is not None:
            message = f"{told} of a campaign of {entity}: '{name}' is a {definition.kind} of {definition.entity}"
            raise TypeMismatch(message, hint=f"name a tag of {entity}", where=self._campaign.where)
        near = [n for n, d in self._known.items() if d.entity == entity and (d.kind == "tag" or not tags_only)]
        near += [] if tags_only else list(self._spec.by_name)
        raise UnknownName.among("tag" if tags_only else "column or tag", name, near, where=self._campaign.where)
