"""The catalogue: all contracts and definitions of a workspace, parameters resolved, with who needs whom; knows no data.

A segment is drawn from its universe. Where it names none, it takes the one that the segments in its rule share, else
all rows of its entity; where they are drawn from different ones, it must say which is meant.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from c360.catalog.campaigning import campaign_hash, checked_campaigns
from c360.catalog.findings import Finding
from c360.catalog.hashes import definition_hash
from c360.catalog.load import load
from c360.catalog.parameters import Parameter, resolve
from c360.catalog.sensitivity import sensitivity_of
from c360.errors import CycleError, DefinitionError, DuplicateName, UnknownName
from c360.expr.nodes import Aggregate, Call, Column, Node, SegmentRef, walk
from c360.expr.schema import ENTITY, Schema
from c360.language.campaigns import Campaign
from c360.language.definitions import Definition, referenced
from c360.language.plays import Play

KIND = "tag or segment"


@dataclass(frozen=True)
class Catalog:
    """Contracts, definitions, plays and campaigns, parameters and universes resolved; *notices* are what loading found."""

    schema: Schema
    definitions: dict[str, Definition]
    parameters: dict[str, Parameter]
    notices: tuple[Finding, ...] = ()
    plays: dict[str, Play] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)

    def definition(self, name: str) -> Definition:
        """Return the tag or segment *name*; raises UnknownName."""
        try:
            return self.definitions[name]
        except KeyError:
            error = UnknownName.among(KIND, name, self.definitions)
            error.where = None  # whoever asked has no line in a definition file
            raise error from None

    def tags(self, entity: str | None = None) -> tuple[Definition, ...]:
        """Return the tags, of *entity* only where one is given, in the order of the files."""
        return self._of_kind("tag", entity)

    def segments(self, entity: str | None = None) -> tuple[Definition, ...]:
        """Return the segments, of *entity* only where one is given, in the order of the files."""
        return self._of_kind("segment", entity)

    @property
    def default_entity(self) -> str:
        """The entity whose definitions need not name one; raises DefinitionError where there is no such."""
        try:
            return self.schema.default_entity
        except DefinitionError as error:
            entities = [spec for spec in self.schema.sources.values() if spec.kind == ENTITY]
            error.where = entities[0].where if entities else "tags/"
            raise

    @property
    def planned(self) -> Mapping[str, Definition]:
        """What a plan needs of every definition: its tree and its universe."""
        return self.definitions

    @property
    def universes(self) -> dict[str, str]:
        """Each segment's universe, its own or inherited; empty for all rows of the entity."""
        return {segment.name: segment.universe for segment in self.segments()}

    def dependencies(self, name: str) -> tuple[str, ...]:
        """Return the definitions that *name* refers to itself, its universe among them."""
        return _uses(self.definition(name))

    def dependents(self, name: str) -> tuple[str, ...]:
        """Return the definitions that refer to *name* themselves."""
        self.definition(name)
        return self._dependents.get(name, ())

    def closure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return *names* and all they need, each once, behind what it needs."""
        wanted: set[str] = set()
        waiting = [self.definition(name).name for name in names]
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting += self.dependencies(name)
        return tuple(name for name in self._order if name in wanted)

    def sensitivity_of(self, name: str) -> str:
        """Return the class of *name*'s values: as declared, else what the columns it shows make of it."""
        return self._sensitivities[self.definition(name).name]

    def hash_of(self, name: str) -> str:
        """Return the definition hash: what *name* means, whatever it is titled and wherever it stands."""
        name = self.definition(name).name
        known = self._own_hashes if name in self._own_hashes else self._hashes
        if not known.get(name):  # a request asks for few of them, and all take a while
            parts = {part: self.hash_of(part) for part in self.dependencies(name)}
            known[name] = definition_hash(self.definitions[name], self.schema, parts)
        return known[name]

    def campaign(self, name: str) -> Campaign:
        """Return the campaign *name*; raises UnknownName."""
        if name in self.campaigns:
            return self.campaigns[name]
        error = UnknownName.among("campaign", name, self.campaigns)
        error.where = None  # whoever asked has no line in a definition file
        raise error

    def campaign_hash(self, name: str) -> str:
        """Return the hash of all that decides whom the list of the campaign *name* holds, whatever it is titled."""
        return campaign_hash(self.campaign(name), self.schema, self.hash_of, self.definitions)

    def beside(self, definition: Definition) -> Catalog:
        """Return the catalogue with one definition more, that no other knows; what is found out about the others is shared."""
        made = replace(self, definitions={**self.definitions, definition.name: definition})
        vars(made)["_order"] = (*(name for name in self._order if name != definition.name), definition.name)
        vars(made)["_hashes"] = self._hashes
        vars(made)["_own_hashes"] = {**self._own_hashes, definition.name: ""}
        return made

    def titles(self, lang: str) -> Mapping[str, str]:
        """Return what *lang* calls things: definitions and sources by name, columns by ``source.column``, levels by ``tag=level``.

        English calls them by their names; what has no Chinese title is left out.
        """
        return self._zh_titles if lang == "zh" else {}

    def _of_kind(self, kind: str, entity: str | None) -> tuple[Definition, ...]:
        return tuple(d for d in self.definitions.values() if d.kind == kind and entity in (None, d.entity))

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return _in_order(self.definitions)

    @cached_property
    def _dependents(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for definition in self.definitions.values():
            for name in _uses(definition):
                found[name] = (*found.get(name, ()), definition.name)
        return found

    @cached_property
    def _zh_titles(self) -> dict[str, str]:
        found = {name: definition.zh for name, definition in self.definitions.items()}
        for name, definition in self.definitions.items():
            found |= {f"{name}={level}": said for level, said in definition.levels_zh}
        for spec in self.schema.sources.values():
            found[spec.name] = spec.zh
            for column in spec.columns:
                target = self.schema.sources.get(column.type.entity)  # a key is called like the row it names
                found[f"{spec.name}.{column.name}"] = column.zh or (target.zh if target else "")
                found |= {f"{spec.name}.{column.name}={level}": said for level, said in column.levels_zh}
        return {name: title for name, title in found.items() if title}

    @cached_property
    def _sensitivities(self) -> dict[str, str]:
        classes: dict[str, str] = {}
        for name in self._order:
            classes[name] = sensitivity_of(self.definitions[name], self.schema, classes)
        return classes

    @cached_property
    def _hashes(self) -> dict[str, str]:
        return {}

    @cached_property
    def _own_hashes(self) -> dict[str, str]:
        """The hashes of definitions that were put beside the others; empty where it is not known yet."""
        return {}


def build_catalog(folder: Path, params: Mapping[str, object], parents: Sequence[Path] = ()) -> Catalog:
    """Run the definition files of the workspace *folder*, over those of *parents*, and return its catalogue.

    *params* overrides parameters by full name (``value.high_arpu``). Raises DefinitionError at the author's line, and
    Refused where everyone may write a definition file.
    """
    loaded = load(folder, parents)
    return assemble(loaded.schema, loaded.definitions, params, loaded.notices, loaded.plays, loaded.campaigns)


def assemble(
    schema: Schema,
    definitions: Iterable[Definition],
    params: Mapping[str, object],
    notices: tuple[Finding, ...] = (),
    plays: Iterable[Play] = (),
    campaigns: Iterable[Campaign] = (),
) -> Catalog:
    """Return the catalogue of what was loaded: parameters resolved, names and references checked, universes inherited."""
    resolved, parameters = resolve(definitions, params)
    by_name: dict[str, Definition] = {}
    for definition in resolved:
        _check_name(definition, by_name, schema)
        by_name[definition.name] = definition
    for definition in resolved:
        _check_references(definition, by_name, schema)
    for name in _in_order(by_name):
        if by_name[name].kind == "segment":
            by_name[name] = replace(by_name[name], universe=_universe(by_name[name], by_name))
    checked = _checked_plays(plays, by_name, schema)
    return Catalog(schema, by_name, parameters, notices, checked, checked_campaigns(campaigns, by_name, schema, checked))


def _check_name(definition: Definition, others: Mapping[str, Definition], schema: Schema) -> None:
    name = definition.name
    if name in others:
        raise DuplicateName(f"'{name}' is defined twice, first at {others[name].where}", where=_place(definition))
    if name in schema.sources:
        raise DuplicateName(
            f"'{name}' is the name of a source already, declared at {schema.sources[name].where}",
            hint=f"give the {definition.kind} another name",
            where=_place(definition),
        )


def _check_references(definition: Definition, known: Mapping[str, Definition], schema: Schema) -> None:
    for name in _uses(definition):
        if name not in known:
            raise UnknownName.among(KIND, name, known, where=_place(definition))
    for node in walk(definition.node):
        if isinstance(node, (Column, Aggregate)) and node.source not in schema.sources:
            raise UnknownName(
                f"unknown source '{node.source}'",
                hint="declare its class in a file of tags/, for example tags/sources.py",
                where=_place(definition),
            )


def _checked_plays(plays: Iterable[Play], known: Mapping[str, Definition], schema: Schema) -> dict[str, Play]:
    """Return the plays by name; raises DuplicateName and UnknownName at the author's line."""
    found: dict[str, Play] = {}
    for play in plays:
        if play.name in known or play.name in schema.sources:
            other = known[play.name].where if play.name in known else schema.sources[play.name].where
            told = f"'{play.name}' is defined twice, first at {other}"
            raise DuplicateName(told, hint="give the play another name", where=play.where)
        for name in play.names:
            if name not in known:
                raise UnknownName.among(KIND, name, known, where=play.where)
        found[play.name] = play
    return found


def _in_order(definitions: Mapping[str, Definition]) -> tuple[str, ...]:
    """Return all names, each behind those it needs; raises CycleError."""
    needs = {name: _uses(definition) for name, definition in definitions.items()}
    try:
        return tuple(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as error:
        circle: list[str] = list(reversed(error.args[1]))
        raise CycleError(
            f"definitions need each other in a circle: {' → '.join(circle)}",
            hint="take out one of these references",
            where=_place(definitions[circle[0]]),
        ) from None


def _uses(definition: Definition) -> tuple[str, ...]:
    names = [ref.name for ref in referenced(definition.node)]
    return tuple(dict.fromkeys([*names, definition.universe] if definition.universe else names))


def _universe(segment: Definition, known: Mapping[str, Definition]) -> str:
    """Return the segment's universe: its own, else the one that the segments in its rule share."""
    if segment.universe:
        universe = known[segment.universe]
        if universe.kind != "segment" or universe.entity != segment.entity:
            raise DefinitionError(
                f"the universe of '{segment.name}' is a segment of {segment.entity};"
                f" found the {universe.kind} '{universe.name}' of {universe.entity}",
                hint="draw the segment from one of its own entity, and put the other into the rule",
                where=_place(segment),
            )
        return segment.universe
    shared = {ref.name: known[ref.name].universe for ref in _own_segments(segment.node)}
    if len(set(shared.values())) > 1:
        told = ", ".join(f"{name} ({universe or 'all rows'})" for name, universe in shared.items())
        raise DefinitionError(
            f"the segments in the rule of '{segment.name}' are drawn from different universes: {told}",
            hint="say which one is meant: segment(…, universe=…)",
            where=_place(segment),
        )
    return next(iter(shared.values()), "")


def _own_segments(node: Node) -> Iterator[SegmentRef]:
    """Yield the segments that speak of the rule's own row, not of one behind a key or an aggregate."""
    if isinstance(node, SegmentRef):
        yield node
    elif isinstance(node, Call):
        for arg in node.args:
            yield from _own_segments(arg)


def _place(definition: Definition) -> str:
    return definition.where or definition.name
