"""A `ListRequest` and a workspace in; the list asked for, looked up, out: conditions, columns, policy; reads no rows."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from c360.bindings.policy import ANALYSIS, Policy, PurposePolicy
from c360.catalog.names import RuleNames
from c360.datatypes import BOOLEAN
from c360.deliver import stages
from c360.deliver.account import term_of, universes_of
from c360.deliver.listing import ListRequest
from c360.deliver.offers import Flag, conditions, dilution_flag, lifted
from c360.deliver.waterfall import rule_steps
from c360.deliver.wording import SAID, say
from c360.errors import NothingMatched, Refused, UsageError, did_you_mean
from c360.expr.describe import describe
from c360.expr.nodes import Call, Column, Followed, Node, SegmentRef, TagRef
from c360.expr.schema import reach
from c360.language.definitions import Definition
from c360.lists.columns import columns_shown, value_of
from c360.opened import RULE
from c360.plan import Output
from c360.sql.queries import Ordering

if TYPE_CHECKING:
    from c360.catalog import Catalog
    from c360.language.campaigns import Campaign
    from c360.workspace import Workspace

# Columns that only stages look at; no definition can be called so.
HIDDEN = "_"
FARTHEST = 366  # days after the as-of date on which a list is still worth contacting


@dataclass(frozen=True)
class Condition:
    """One condition of a list, as the engine checks it: true keeps a row; with *bars*, only false does."""

    output: Output
    name: str
    kind: str
    words: str
    bars: bool = False


@dataclass(frozen=True)
class Known:
    """What was known when a list was made, to make it again: the last *day* read anew, and the *lists* looked at, by id.

    *request_id* is that of the list, whose own contacts do not count.
    """

    request_id: str
    day: date | None
    lists: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """A list asked for, looked up: its segment, its conditions, the columns shown and those only looked at.

    With *known* it is made as it was then, whatever was learnt since.
    """

    workspace: Workspace
    request: ListRequest
    known: Known | None = None

    @cached_property
    def segment(self) -> Definition:
        """The segment whose members make the list."""
        return self.workspace.segment(self.request.segment)

    @cached_property
    def entity(self) -> str:
        """Whose rows these are."""
        return self.segment.entity

    @cached_property
    def key_name(self) -> str:
        """What the key is called in the list."""
        return self.workspace.catalog.schema.source(self.entity).column(self.entity).file_name

    @cached_property
    def policy(self) -> Policy | None:
        """The contact policy that holds for this list: none for analysis, for rows that are nobody's, or where there is none."""
        policy, purpose = self.workspace.settings.policy, self.request.purpose
        if policy is None or not purpose:
            return None
        known = [*policy.purposes, ANALYSIS]
        if purpose not in known:
            told = did_you_mean(purpose, known) or f"purposes: {', '.join(known)}"
            raise NothingMatched(f"unknown purpose '{purpose}'", hint=told, where="[policy.purposes] in c360.toml")
        return None if purpose == ANALYSIS or self._person is None else policy

    @property
    def purpose(self) -> PurposePolicy:
        """What the policy says of lists of this purpose."""
        return PurposePolicy() if self.policy is None else self.policy.purposes[self.request.purpose]

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels to choose from, in order: as asked for, else all that the policy names."""
        if self.policy is None:
            return ()
        known = self.policy.channels
        if not known:
            hint = "write a [policy.channels.…] table for each channel there is"
            raise Refused("the contact policy names no channel, so nobody can be contacted", hint=hint, where="c360.toml [policy]")
        for name in self.request.channels:
            if name not in known:
                told = did_you_mean(name, known) or f"channels: {', '.join(known)}"
                raise NothingMatched(f"unknown channel '{name}'", hint=told, where="[policy.channels] in c360.toml")
        return self.request.channels or tuple(known)

    @cached_property
    def _person(self) -> tuple[tuple[str, str], ...] | None:
        """The keys, each with its table, that lead from a row to the person it is of: none from a person; None where none does."""
        policy, about = self.workspace.settings.policy, self.entity
        if policy is not None:
            about = policy.entity
        elif self.workspace.records.erased.hashes():  # whose lines, too, must stay off every list
            about = self.workspace.catalog.default_entity
        schema = self.workspace.catalog.schema
        return () if about == self.entity else reach(schema.source(self.entity), schema.sources).get(about)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions in the order in which they are checked: universe, rule, suppression as of D, offer."""
        catalog, lang = self.workspace.catalog, self.request.lang
        found: list[Condition] = []
        for number, name in enumerate(universes_of(catalog, self.segment.name), 1):
            words = say("universe", lang, name=name, title=term_of(catalog, name, lang).title)
            output = Output(f"universe_{number}", SegmentRef(BOOLEAN, name, self.entity))
            found.append(Condition(output, name, "universe", words))
        for number, step in enumerate(rule_steps(self.segment.node), 1):
            words = describe(step, lang, catalog.titles(lang))
            found.append(Condition(Output(f"stage_{number}", step), f"rule {number}", "rule", words))
        return (*found, *self._suppressed(), *self._fitting())

    def _suppressed(self) -> Iterable[Condition]:
        if self.policy is None:
            return
        catalog, lang = self.workspace.catalog, self.request.lang
        spared = self._spared
        for number, name in enumerate(self.purpose.suppress, 1):
            self._declared(name, f"suppress of [policy.purposes.{self.request.purpose}]")
            node = self._of_person(barring(catalog, name))
            if name in spared and self.policy.offers.asked:
                has_asked = self.of_person(self.policy.offers.asked)
                node = Call(BOOLEAN, "and", (node, Call(BOOLEAN, "not", (has_asked,))))
            title = term_of(catalog, name, lang).title
            words = say("suppressed", lang, purpose=spoken(self.request.purpose, lang), title=title)
            yield Condition(Output(f"suppress_{number}", node), name, "suppression", words, bars=True)

    @property
    def _spared(self) -> Container[str]:
        """The suppressions that do not hold who asked for an offer, where this list makes one."""
        if self.policy is None or self.request.offer is None:
            return ()
        return lifted(self.policy, self.request.purpose)

    def _fitting(self) -> Iterable[Condition]:
        offer, policy = self.request.offer, self.workspace.settings.policy
        if offer is None or policy is None or self.policy is None:
            return
        for number, one in enumerate(conditions(self.workspace.catalog, offer, policy.offers, self.entity), 1):
            words = one.words_zh if self.request.lang == "zh" else one.words_en
            yield Condition(Output(f"offer_{number}", one.node), one.name, "offer", words, one.passes == "not_true")

    @cached_property
    def shown(self) -> dict[str, tuple[Node, str]]:
        """The node and sensitivity of each column shown, that of an offer which would lower the bill behind the others."""
        found = columns_shown(self.workspace, self.segment, self.request)
        return found if self.flag is None else {**found, self.flag.name: (self.flag.node, "internal")}

    @cached_property
    def flag(self) -> Flag | None:
        """The column that says whose bill the offer would lower, where the policy flags them."""
        if self.policy is None or self.request.offer is None:
            return None
        return dilution_flag(self.workspace.catalog, self.request.offer, self.policy.offers, self.entity)

    def is_made(self, name: str) -> bool:
        """Whether a column is none of the catalogue's: only looked at, or made for this list."""
        return name in self.looked_at or (self.flag is not None and name == self.flag.name)

    @property
    def sensitive_names(self) -> list[str]:
        """The names of sensitive definitions, and what they are called: no file may be called so."""
        catalog = self.workspace.catalog
        found = [catalog.definitions[name] for name in catalog.definitions if catalog.sensitivity_of(name) == "sensitive"]
        return [told for one in found for told in (one.name, one.zh) if told]

    @cached_property
    def looked_at(self) -> dict[str, Node]:
        """The nodes of what only stages look at, by hidden name: the person, reach, preference, group, stratum, score, value."""
        found: dict[str, Node] = {}
        if self._person:
            found[HIDDEN + stages.PERSON] = self._along(*(key for _, key in self._person))
        if self.policy is not None:
            for channel in self.channels:
                reach = self.policy.channels[channel].reach
                if reach:
                    self._declared(reach, f"reach of [policy.channels.{channel}]")
                    found[HIDDEN + "reach_" + channel] = self.of_person(reach)
            if self.policy.preference:
                self._declared(self.policy.preference, "preference of [policy]")
                found[HIDDEN + stages.PREFERENCE] = self.of_person(self.policy.preference)
        named = {stages.GROUP: self.request.one_per, stages.STRATUM: self.request.strata, stages.SCORE: self.request.score}
        if isinstance(self.request.value, str):
            named[stages.VALUE] = self.request.value
        return found | {HIDDEN + name: self._value(asked)[0] for name, asked in named.items() if asked}

    @cached_property
    def columns(self) -> dict[str, tuple[Node, str]]:
        """The node and sensitivity of each column computed: those shown, those sorted by, those only looked at."""
        sorted_by = [o.name for o in self.sorting if o.name not in self.shown]
        found = {**self.shown, **{name: self._value(name) for name in sorted_by}}
        return found | {name: (node, "internal") for name, node in self.looked_at.items()}

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        """All that the engine is asked for."""
        return (*(c.output for c in self.conditions), *(Output(name, node) for name, (node, _) in self.columns.items()))

    @cached_property
    def classes(self) -> dict[str, str]:
        """The sensitivity of each column shown."""
        return {name: sensitivity for name, (_, sensitivity) in self.shown.items()}

    @cached_property
    def sorting(self) -> list[Ordering]:
        """The columns to sort by."""
        return [Ordering(text.lstrip("-+"), text.startswith("-")) for text in self.request.order]

    @property
    def holdout(self) -> float:
        """The share of the list left out by chance, the policy's own aside."""
        return self.request.holdout or 0.0

    @property
    def salt(self) -> str:
        """What draws them: one of its own for each campaign and segment, and for each rule given as text."""
        own = f"{RULE}:{self.workspace.catalog.hash_of(RULE)[:12]}" if self.segment.name == RULE else self.request.name
        return self.request.salt or own

    @property
    def sorted_by(self) -> dict[str, str]:
        """The sensitivity of each column to sort by; a key, which a list may hold but hashed for analysis, is told as such."""
        found = {one.name: self._value(one.name) for one in self.sorting}
        return {name: "key" if node.type.kind == "key" else sensitivity for name, (node, sensitivity) in found.items()}

    @cached_property
    def keys(self) -> tuple[str, ...] | None:
        """The keys to keep to, each once; the key's own name among them is a header."""
        if self.request.keys is None:
            return None
        found = tuple(dict.fromkeys(key for key in self.request.keys if key != self.key_name))
        if not found:
            raise NothingMatched("no key was given", hint=f"give one {self.key_name} a line")
        return found

    def contact_day(self, day: date) -> date:
        """Return the day of contact: as asked for, else the later of the day after D and the last day the policy's sources know."""
        if self.request.on is not None and self.request.on < day:
            told = f"the day of contact, {self.request.on}, lies before the as-of date {day}, up to which the list knows"
            raise UsageError(told, hint=f"choose a later --on, or --as-of {self.request.on - timedelta(days=1)}")
        if self.request.on is not None and self.request.on > day + timedelta(days=FARTHEST):
            told = f"the day of contact, {self.request.on}, lies more than a year after the as-of date {day}"
            raise UsageError(told, hint="contact while the list is true, or ask for a later --as-of")
        if self.request.on is not None or self.policy is None:
            return self.request.on or day + timedelta(days=1)
        from c360.lists.suppressing import known_to

        known = known_to(self.workspace, self.request.purpose)
        return max(day + timedelta(days=1), known or day)

    def of_person(self, name: str) -> Node:
        """Return the node of a definition of the person that a row is of."""
        return self._along(*(key for _, key in self._person or ()), name)

    def _along(self, *names: str) -> Node:
        catalog = self.workspace.catalog
        return RuleNames(catalog.schema, catalog.definitions, self.entity).find(names).node

    def _of_person(self, node: Node) -> Node:
        for source, name in reversed(self._person or ()):
            key = self.workspace.catalog.schema.source(source).column(name)
            node = Followed(node.type, Column(key.type, source, name), node)
        return node

    def _value(self, name: str) -> tuple[Node, str]:
        return value_of(self.workspace, self.entity, name)

    def _declared(self, name: str, where: str) -> None:
        if name not in self.workspace.catalog.definitions:
            hint = did_you_mean(name, self.workspace.catalog.definitions) or "c360 tags and c360 segments list them"
            raise Refused(f"the contact policy names '{name}', which is no tag or segment", hint=hint, where=f"{where}, c360.toml")


def barring(catalog: Catalog, name: str) -> Node:
    """Return what a tag or segment bars by, unknown where it is not known: a segment as such is never unknown, its rule may be."""
    definition = catalog.definition(name)
    if definition.kind == "tag":
        return TagRef(definition.type, name, definition.entity)
    rules = tuple(catalog.definition(one).node for one in (*universes_of(catalog, name), name))
    return rules[0] if len(rules) == 1 else Call(BOOLEAN, "and", rules)


def asked_for(workspace: Workspace, request: ListRequest, known: Known | None = None) -> Asked:
    """Return the list asked for, with what its campaign says where nothing is said besides; refuses what cannot be asked."""
    if request.campaign:
        request = _of_campaign(request, _campaign(workspace, request.campaign))
    if request.purpose and workspace.settings.policy is None and request.purpose != ANALYSIS:
        raise UsageError(
            "there is no contact policy here, so a purpose says nothing",
            hint="write [policy] into c360.toml, or leave --purpose out",
            where="c360.toml",
        )
    return Asked(workspace, request, known)


def _campaign(workspace: Workspace, name: str) -> Campaign:
    campaigns: dict[str, Campaign] = workspace.catalog.campaigns
    if name not in campaigns:
        raise NothingMatched(f"unknown campaign '{name}'", hint=did_you_mean(name, campaigns) or "c360 campaigns lists them")
    return campaigns[name]


def _of_campaign(request: ListRequest, campaign: Campaign) -> ListRequest:
    told: dict[str, Any] = {
        "segment": campaign.segment,
        "purpose": campaign.purpose,
        "offer": campaign.offer,
        "apart": campaign.apart,
    }
    told["holdout"] = campaign.holdout if request.holdout is None else request.holdout
    given: dict[str, tuple[Any, Any]] = {
        "channels": (request.channels, campaign.channels), "columns": (request.columns, campaign.columns),
        "order": (request.order, campaign.order), "limit": (request.limit, campaign.limit),
        "salt": (request.salt, campaign.salt),
        "strata": (request.strata, campaign.strata), "one_per": (request.one_per, campaign.one_per),
        "score": (request.score, campaign.score), "value": (request.value, campaign.value),
    }  # fmt: skip
    if request.purpose not in ("", campaign.purpose):
        told_purpose = f"the campaign '{campaign.name}' is for {campaign.purpose}, asked for {request.purpose}"
        raise UsageError(told_purpose, hint="leave --purpose out")
    return replace(request, **told, **{name: asked or own for name, (asked, own) in given.items()})


def spoken(name: str, lang: str) -> str:
    """Return what a purpose is called, where it has a name of its own in *lang*."""
    return say(name, lang) if name in SAID else name
