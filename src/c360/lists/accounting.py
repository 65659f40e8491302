"""A list asked for, its run and its day in; all that the list depends on, as plain data for its manifest, out; reads no rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from c360.bindings.fingerprints import state_of
from c360.expr.canonical import digest
from c360.expr.describe import describe
from c360.lists.staging import held_share
from c360.opened import RULE
from c360.where import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from c360.bindings.policy import Policy
    from c360.catalog import Catalog
    from c360.engines.contract import SourceFacts
    from c360.lists.targeting import Asked
    from c360.running import Run
    from c360.snapshots.manifest import SourceEntry
    from c360.workspace import Workspace

SHORT = 16  # digits of a digest that people compare
# Parts of a policy that let a list pass or not, and decide nobody's place on it.
GUARDS = ("approval", "min_rows", "max_rows", "max_share", "max_change", "quiet_weekdays", "quiet_days")


def inputs_of(asked: Asked, run: Run, on: date) -> dict[str, Any]:
    """Return everything the list depends on, whatever it is written as; equal inputs give an equal list.

    It says enough to ask for the list again, but for given keys, of which only a digest is told.
    """
    workspace, segment, request = asked.workspace, asked.segment, asked.request
    catalog = workspace.catalog
    snapshot = {} if run.origin is None else {"snapshot": run.origin.as_json()}
    named = (request.one_per, request.strata, request.score, request.value)
    used = [segment.name, *asked.classes, *(o.name for o in asked.sorting), *(name for name in named if isinstance(name, str))]
    keys = {} if asked.keys is None else {"keys": keys_told(asked.keys)}
    rule = {"where": {"text": text_of(catalog, segment), "entity": segment.entity}} if segment.name == RULE else {}
    return {
        "segment": segment.name, "title": segment.title, "definition_hash": catalog.hash_of(segment.name),
        "rule": describe(segment.node), **rule, "universe": catalog.universes[segment.name],
        "as_of": run.plan.day.isoformat(), "as_of_means": "event dates, and known_on where a source has it",
        "columns": asked.classes, "order": list(request.order), "limit": request.limit, "definitions": hashes_of(catalog, used),
        "parameters": parameters_told(catalog), "sources": sources_told(workspace, run),
        "time_zone": workspace.settings.time_zone, "marks": list(run.marks), "c360": version("c360"), "duckdb": version("duckdb"),
        **keys, **snapshot, **_aimed(asked, on),
    }  # fmt: skip


def hashes_of(catalog: Catalog, names: Iterable[str]) -> dict[str, str]:
    """Return the definition hashes of those of *names* that are definitions, and of all that they build on."""
    behind = catalog.closure([name for name in names if name in catalog.definitions])
    return {name: catalog.hash_of(name) for name in sorted(behind)}


def parameters_told(catalog: Catalog) -> dict[str, str]:
    """Return every parameter's value as text."""
    return {name: str(one.value) for name, one in sorted(catalog.parameters.items())}


def keys_told(keys: Iterable[str]) -> dict[str, Any]:
    """Return how many keys were given and what tells them from others, and no key."""
    given = sorted(keys)
    return {"given": len(given), "digest": digest(given)}


def policy_told(policy: Policy, purpose: str, channels: Iterable[str]) -> dict[str, str]:
    """Return a digest of each part of the policy that a list of this purpose, on these channels, may depend on."""
    told = policy.model_dump(mode="json")
    tables = {f"purposes.{purpose}": told.pop("purposes").get(purpose)}
    ways = told.pop("channels")
    tables |= {f"channels.{name}": ways.get(name) for name in channels}
    tables |= {name: value for name, value in told.items() if name not in GUARDS}
    return {name: digest(value)[:SHORT] for name, value in sorted(tables.items()) if value not in (None, [], "")}


def _aimed(asked: Asked, on: date) -> dict[str, Any]:
    """Return what a list for a purpose depends on besides; of a list without one only what was asked for."""
    request, catalog = asked.request, asked.workspace.catalog
    told: dict[str, Any] = {
        "purpose": request.purpose, "campaign": request.campaign, "month": request.month, "one_per": request.one_per,
        "strata": request.strata, "score": request.score, "value": request.value, "recipient": request.recipient,
        "unmasked": list(request.unmask),
        "holdout": {"share": asked.holdout, "salt": asked.salt} if asked.holdout else None,
        "held_out_share": round(held_share(asked), 6),
        "offer": None if request.offer is None else asdict(request.offer),
        "apart": [[one.name, one.days] for one in request.apart],
    }  # fmt: skip
    if request.campaign:
        told["campaign_hash"] = catalog.campaign_hash(request.campaign)
    if asked.policy is not None:
        told |= {
            "on": on.isoformat(), "channels": list(asked.channels),
            "policy": digest(asked.policy.model_dump(mode="json"))[:SHORT],
            "policy_tables": policy_told(asked.policy, request.purpose, asked.channels),
            "policy_definitions": hashes_of(catalog, _of_policy(asked, asked.policy)),
        }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", None, [], 0.0)}


def _of_policy(asked: Asked, policy: Policy) -> list[str]:
    """Return the names of what the policy asks for this list."""
    named = [*asked.purpose.suppress, *policy.never, asked.purpose.consent, policy.preference]
    named += [policy.channels[channel].reach for channel in asked.channels]
    if asked.request.offer is not None:
        fit = policy.offers
        named += [fit.network, fit.in_contract, fit.bill, fit.no_dear, fit.asked]
    return named


def sources_told(workspace: Workspace, run: Run) -> dict[str, dict[str, Any]]:
    """Return what is known of each source behind a list: as it is, or as it was when the snapshot was built."""
    if run.origin is not None and run.held is not None:
        entries = {entry.name: entry for entry in run.held.manifest.sources}
        found = {name: _entry(entries[name]) for name in run.origin.sources}
        changed = (*run.origin.changed, *run.origin.unknown)
        return {name: {**told, **({"maybe_changed_since": True} if name in changed else {})} for name, told in found.items()}
    return {name: source_told(workspace, name) for name in run.plan.sources}


def source_told(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return what is known of a source as it is: its rows and days, and a fingerprint that other rows change.

    Where and when its files were written does not matter, but for large ones, of which not all bytes are read. Of a table nothing
    tells that its rows changed; ``is_known`` says so.
    """
    facts, state = workspace.bindings.facts(name), state_of(workspace.bindings.get(name), workspace.settings.time_zone, {})
    bad = {"bad_rows_left_out": facts.bad_rows} if facts.bad_rows else {}
    return {**_counts(facts), "fingerprint": state.fingerprint, **({} if state.is_known else {"is_known": False}), **bad}


def _entry(entry: SourceEntry) -> dict[str, Any]:
    return {**_counts(entry), "fingerprint": entry.fingerprint}


def _counts(told: SourceFacts | SourceEntry) -> dict[str, Any]:
    first, last = (None if day is None else str(day.isoformat()) for day in (told.first_day, told.last_day))
    return {"rows": told.rows, "first_day": first, "last_day": last}
