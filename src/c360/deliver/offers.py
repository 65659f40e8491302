"""An offer and the policy of offers in, the conditions under which it fits a customer out, as rule nodes; reads no rows.

An offer fits where the customer's device can use it, where the contract leaves room for it, where the stage does not forbid
what is dear, and where it does not lower the bill (the dilution guard). What cannot be told does not fit, but for the bill: only
a bill that is known can be lowered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.catalog import Catalog
from c360.catalog.names import RuleNames
from c360.deliver.account import term_of
from c360.errors import DefinitionError, Refused, TypeMismatch, did_you_mean
from c360.expr.grain import bind_entity
from c360.expr.nodes import Node
from c360.language.expression import Expression

if TYPE_CHECKING:
    from c360.bindings.policy import OfferPolicy, Policy
    from c360.language.campaigns import Offer

TRUE, NOT_TRUE = "true", "not_true"
DILUTES = "dilutes"
PLACE = "[policy.offers] in c360.toml"


@dataclass(frozen=True)
class Condition:
    """One reason for which an offer does not fit, as a stage of a list.

    The words say why a row goes. It stays where *node* is true (*passes* is ``true``), or where it is not (``not_true``); a node of
    the second kind is never unknown.
    """

    name: str
    words_en: str
    words_zh: str
    node: Node
    passes: str


@dataclass(frozen=True)
class Flag:
    """A yes/no column that tells something of the offer and the customer of each row; null where it is not known."""

    name: str
    title: str
    zh: str
    node: Node


def conditions(catalog: Catalog, offer: Offer, policy: OfferPolicy, entity: str) -> list[Condition]:
    """Return the conditions under which *offer* fits a row of *entity*, in the order in which they are checked.

    Raises Refused where the offer needs something of which the policy names no tag, for then nobody knows whom it fits.
    """
    rules = _Rules(catalog, offer, policy, entity)
    found = [rules.network(), rules.contract(), rules.dear()]
    if policy.dilution == "exclude":
        found.append(rules.dilution())
    return [condition for condition in found if condition is not None]


def dilution_flag(catalog: Catalog, offer: Offer, policy: OfferPolicy, entity: str) -> Flag | None:
    """Return the column that says whose bill the offer would lower, where the policy flags them instead of leaving them out."""
    if policy.dilution != "flag" or offer.monthly_fee is None:
        return None
    lowers = _Rules(catalog, offer, policy, entity).lowers()
    return Flag(DILUTES, "The offer would lower the bill", "办理后账单下降", lowers.node)


def lifted(policy: Policy, purpose: str) -> frozenset[str]:
    """Return the segments of the purpose's ``suppress`` that do not hold for a customer who asked for an offer."""
    told = policy.purposes.get(purpose)
    if told is None or not policy.offers.asked:
        return frozenset()
    return frozenset(policy.offers.stage_rules) & frozenset(told.suppress)


@dataclass(frozen=True)
class _Rules:
    """The rules of one offer, each None where it does not apply."""

    catalog: Catalog
    offer: Offer
    policy: OfferPolicy
    entity: str

    def network(self) -> Condition | None:
        """The device can use the network that the offer needs; one that is not known does not fit."""
        needs = self.offer.needs_network
        if not needs:
            return None
        tag = self._named("network", f"needs a device for {needs}")
        if not tag.node.type.ordered:
            raise TypeMismatch(f"'{self.policy.network}' is {tag.node.type}; expected an ordered category", where=PLACE)
        fits = self._made(lambda: tag >= needs)
        levels = dict(self.catalog.definitions[self.policy.network].levels_zh)
        told = f"the device is not known to use {needs}", f"终端不支持{levels.get(needs, needs)}或未知"
        return Condition("offer_network", *told, fits.node, TRUE)

    def contract(self) -> Condition | None:
        """Nobody inside a contract, unless the offer is allowed there; where that is not known, nobody either."""
        if self.offer.allowed_in_contract:
            return None
        tag = self._named("in_contract", "is not allowed inside a contract")
        free = self._made(lambda: ~tag)
        en, zh = self._titles(self.policy.in_contract)
        return Condition("offer_contract", f"not allowed inside a contract: {en}", f"合约期内不可办：{zh}", free.node, TRUE)

    def dear(self) -> Condition | None:
        """Nobody to whom nothing dear is offered, but for those who asked; not known whether they did, they did not."""
        if not self.offer.dear:
            return None
        forbidden = self._named("no_dear", "is dear").or_false()
        if self.policy.asked:
            asked = self._named("asked", "is dear").or_false()
            forbidden = self._made(lambda: forbidden & ~asked)
        en, zh = self._titles(self.policy.no_dear)
        return Condition("offer_dear", f"too dear for: {en}", f"不宜推荐高价产品：{zh}", forbidden.node, NOT_TRUE)

    def dilution(self) -> Condition | None:
        """Nobody whose bill the offer would lower."""
        if self.offer.monthly_fee is None:
            return None
        lowers = self.lowers()
        (en, zh), fee = self._titles(self.policy.bill), f"{self.offer.monthly_fee:.15g}"
        told = f"would lower the bill to {fee}: {en}", f"办理后账单将降至{fee}：{zh}"
        return Condition("offer_dilution", *told, lowers.or_false().node, NOT_TRUE)

    def lowers(self) -> Expression:
        """Whether the offer's monthly fee is below what the customer pays a month."""
        bill = self._named("bill", "changes the bill")
        return self._made(lambda: bill > self.offer.monthly_fee)

    def _named(self, setting: str, reason: str) -> Expression:
        """Return the value that the policy names for *setting*: of the row's own entity, else of the one row that a key names."""
        name: str = getattr(self.policy, setting)
        if not name:
            raise Refused(
                f"the offer '{self.offer.name}' {reason}, and the policy names no tag that tells of it",
                hint=f"write {setting} = … under [policy.offers]",
                where=PLACE,
            )
        definitions = self.catalog.definitions
        if name not in definitions:
            hint = did_you_mean(name, definitions) or "c360 tags and c360 segments list them"
            raise Refused(f"the contact policy names '{name}', which is no tag or segment", hint=hint, where=PLACE)
        return self._made(lambda: RuleNames(self.catalog.schema, definitions, self.entity).find((*self._lead(name), name)))

    def _lead(self, name: str) -> tuple[str, ...]:
        owner = self.catalog.definitions[name].entity
        key = self.catalog.schema.source(self.entity).parents.get(owner)
        return () if owner == self.entity or key is None else (key,)

    def _made(self, make: Callable[[], Expression]) -> Expression:
        try:
            made = make()
        except DefinitionError as error:
            error.where = f"the offer '{self.offer.name}'"  # not where this was called
            raise
        return Expression(bind_entity(made.node, self.entity), made.grain)

    def _titles(self, name: str) -> tuple[str, str]:
        return term_of(self.catalog, name, "en").title, term_of(self.catalog, name, "zh").title
