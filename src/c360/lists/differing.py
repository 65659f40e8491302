"""A list's manifest and a workspace in; which definitions, parameters and data it stands on are others now, out; reads no rows.

A definition's hash changes with the parameters it uses. So definitions are looked at under the parameters of then, and what a
parameter does is told as a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.deliver.verification import DATA, DEFINITIONS, PARAMETERS, Difference, hashes
from c360.errors import C360Error, DefinitionError, SourceError
from c360.expr.canonical import digest
from c360.lists.accounting import parameters_told, policy_told, source_told
from c360.lists.keylists import file_hash
from c360.opened import RULE
from c360.where import with_rule

if TYPE_CHECKING:
    from c360.catalog import Catalog
    from c360.workspace import Workspace

BY_CONTENT = 2  # from this format on a manifest tells sources by what their files hold
Found = Iterator[Difference | str]  # differences, and notes on what differs but decides nothing


def parameters(workspace: Workspace, inputs: Mapping[str, Any]) -> Found:
    """Yield the parameters that are others now and that the list uses; a note names those it does not use."""
    catalog = workspace.catalog
    behind = {*catalog.closure([name for name in _hashes(inputs) if name in catalog.definitions])}
    now, idle = parameters_told(catalog), []
    for name, then in inputs.get("parameters", {}).items():
        if now.get(name, then) == then:
            continue
        if behind & {*catalog.parameters[name].used_by}:
            yield Difference(PARAMETERS, name, f"{name} was {then}, is {now[name]}", then, now[name])
        else:
            idle.append(name)
    if idle:
        yield f"parameters that this list does not use were others: {', '.join(sorted(idle))}"
    zone = workspace.settings.time_zone
    if inputs.get("time_zone", zone) != zone:
        yield Difference(PARAMETERS, "time_zone", f"time_zone was {inputs['time_zone']}, is {zone}", inputs["time_zone"], zone)


def definitions(workspace: Workspace, inputs: Mapping[str, Any]) -> Found:
    """Yield the definitions that are others now under the parameters of then, each with those that changed through it."""
    catalog = _as_then(workspace, inputs)
    then = _hashes(inputs)
    now = {name: catalog.hash_of(name) if name in catalog.definitions else None for name in then}
    changed = [name for name in then if now[name] != then[name]]
    for name in changed:
        if now[name] is None:
            yield Difference(DEFINITIONS, name, f"{name} is gone", then[name], None)
        elif not {*catalog.dependencies(name)} & {*changed}:
            others = [one for one in changed if one != name and now[one] and name in catalog.closure((one,))]
            through = f"; through it {', '.join(others)}" if others else ""
            kind = "the rule" if name == RULE else f"{catalog.definition(name).kind} {name}"
            yield Difference(DEFINITIONS, name, f"{kind}: {hashes(then[name], now[name])}{through}", then[name], now[name])
    yield from _campaign(catalog, inputs, changed)
    yield from _policy(workspace, inputs)


def _hashes(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the hash that each definition had, whoever named it."""
    found = {**inputs.get("policy_definitions", {}), **inputs.get("definitions", {})}
    return {**found, inputs["segment"]: inputs.get("definition_hash", "")}


def _as_then(workspace: Workspace, inputs: Mapping[str, Any]) -> Catalog:
    """Return the definitions of now with the parameters of then, as far as these fit."""
    known = workspace.catalog.parameters
    others = {
        name: _typed(text, known[name].value) for name, text in inputs.get("parameters", {}).items()
        if name in known and str(known[name].value) != text
    }  # fmt: skip
    if not others:
        return workspace.catalog
    try:
        catalog = workspace.catalog_with({**workspace.settings.flat_params(), **others})
    except DefinitionError:  # a parameter that is of another type now: its definition changed
        return workspace.catalog
    rule = inputs.get("where")
    return with_rule(catalog, rule["text"], rule["entity"]) if rule else catalog


def _typed(text: str, like: object) -> object:
    """Return the value that *text* was written from, of the kind that *like* is; the text where it is no such value."""
    try:
        match like:
            case bool():
                return {"True": True, "False": False}[text]
            case date():
                return date.fromisoformat(text)
            case str():
                return text
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except (ValueError, KeyError):
        return text


def _campaign(catalog: Catalog, inputs: Mapping[str, Any], changed: Iterable[str]) -> Found:
    name, then = inputs.get("campaign", ""), inputs.get("campaign_hash")
    if not name:
        return
    if name not in catalog.campaigns:
        yield Difference(DEFINITIONS, name, f"campaign {name} is gone", then, None)
        return
    now = catalog.campaign_hash(name)
    if then not in (None, now):
        names = [one for one in catalog.campaigns[name].names if one in {*changed}]
        through = f" (it uses {', '.join(names)})" if names else ""
        yield Difference(DEFINITIONS, name, f"campaign {name}: {hashes(then, now)}{through}", then, now)


def _policy(workspace: Workspace, inputs: Mapping[str, Any]) -> Found:
    policy, then = workspace.settings.policy, inputs.get("policy")
    if then is None:
        return
    if policy is None:
        yield Difference(DEFINITIONS, "policy", "the contact policy is gone from c360.toml", then, None)
        return
    tables = inputs.get("policy_tables", {})
    now = policy_told(policy, inputs.get("purpose", ""), inputs.get("channels", ()))
    names = [name for name in sorted({*tables, *now}) if tables and tables.get(name) != now.get(name)]
    for name in names:
        words = f"[policy] {name} in c360.toml: {hashes(tables.get(name), now.get(name))}"
        yield Difference(DEFINITIONS, f"policy.{name}", words, tables.get(name), now.get(name))
    whole = digest(policy.model_dump(mode="json"))[: len(then)]
    if whole != then and not names:
        if tables:
            yield "the contact policy was another one where this list does not look"
        else:
            yield Difference(DEFINITIONS, "policy", f"the contact policy: {hashes(then, whole)}", then, whole)


def data(workspace: Workspace, account: Mapping[str, Any], *, from_snapshot: bool) -> Found:
    """Yield what the list read and what is other now; *from_snapshot* says that its snapshot still holds what it read."""
    inputs, made_at = account["inputs"], account["made_at"]
    anew = _anew(inputs)
    found = {} if from_snapshot else dict(inputs.get("sources", {}))
    if not from_snapshot and "snapshot" in inputs:
        generation = inputs["snapshot"]["generation"]
        yield Difference(DATA, "snapshot", f"the snapshot {generation} that it came from is not there as it was", generation, None)
    told = {**found, **anew.get("sources", {}), **anew.get("contacts", {})}
    if account["format"] < BY_CONTENT and told:
        yield "its manifest is of an earlier format, in which sources are told by their rows only"
        told = {name: {**then, "fingerprint": None} for name, then in told.items()}
    for name, then in sorted(told.items()):
        yield from _source(workspace, name, then)
    if from_snapshot:
        others = [name for name, then in inputs["sources"].items() if name not in anew.get("sources", {}) and any(
            isinstance(one, Difference) for one in _source(workspace, name, then))]  # fmt: skip
        if others:
            yield f"changed since the snapshot was built, which holds them as they were: {', '.join(others)}"
    yield from _never_lists(workspace, anew.get("never_lists", {}))
    yield from _records(workspace, inputs, anew, made_at)


def _anew(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was read anew, in tables; the first format had its sources beside them."""
    told = dict(inputs.get("read_anew", {}))
    if told and "sources" not in told:
        own = {name: value for name, value in told.items() if isinstance(value, dict) and "fingerprint" in value}
        return {"sources": own, **{name: value for name, value in told.items() if name not in own}}
    return told


def _source(workspace: Workspace, name: str, then: Mapping[str, Any]) -> Found:
    rows = then.get("rows")
    try:
        if name not in workspace.bindings.bound:
            yield Difference(DATA, name, f"{name} had {rows:,} rows then, and is not bound now", rows, None)
            return
        now = source_told(workspace, name)
    except SourceError as error:
        yield Difference(DATA, name, f"{name} had {rows:,} rows then; now {error.message}", rows, None)
        return
    if then.get("fingerprint") not in (None, now["fingerprint"]):
        counts = f"{rows:,} rows then, {now['rows']:,} now"
        yield Difference(DATA, name, f"{name} is another one, or read in another way: {counts}", rows, now["rows"])
    elif now["rows"] != rows:
        yield Difference(DATA, name, f"{name} had {rows:,} rows then, has {now['rows']:,} now", rows, now["rows"])
    elif now.get("is_known") is False:
        yield f"{name} is a table, with as many rows as then; nothing tells whether they are the same"


def _never_lists(workspace: Workspace, then: Mapping[str, Any]) -> Found:
    policy = workspace.settings.policy
    paths = {path.name: path for path in (workspace.data_folder / file for file in (policy.never_lists if policy else ()))}
    for name, told in then.items():
        path = paths.get(name)
        if path is None or not path.is_file():
            yield Difference(DATA, name, f"the list {name} of those never to be contacted is gone", told.get("sha256"), None)
        elif file_hash(path) != told.get("sha256"):
            yield Difference(DATA, name, f"the list {name} of those never to be contacted is another one", told.get("sha256"))


def _records(workspace: Workspace, inputs: Mapping[str, Any], anew: Mapping[str, Any], made_at: str) -> Found:
    """Yield what c360's own records say otherwise: who was erased, what was arbitrated, which lists there are."""
    records = workspace.records
    erased, then = len(records.erased.hashes()), anew.get("erased")
    if then is not None and erased != then:
        yield Difference(DATA, "erased", f"{then:,} were erased at their own request then, {erased:,} now", then, erased)
    decision = anew.get("decision")
    if decision is not None:
        month = inputs.get("month", "")
        kept = records.decisions.get(month)
        now = None if kept is None else kept.facts["decision"]
        if now != decision:
            yield Difference(DATA, "decision", f"what was arbitrated for {month}: {hashes(decision, now)}", decision, now)
    known = {record.list_id: record for record in records.ledger.lists()}
    gone = [one for one in anew.get("lists", ()) if one not in known]
    if gone:
        yield Difference(DATA, "lists", f"{len(gone):,} lists that it counted are not in the ledger any more", gone, None)
    later = [one for one in known.values() if one.made_at > made_at and one.request_id and one.list_id not in anew.get("lists", ())]
    if anew and later:
        yield f"lists that left since do not count here: {len(later):,}"
    canaries = anew.get("canaries")
    if canaries is not None and workspace.settings.policy is not None:
        path = workspace.data_folder / workspace.settings.policy.canaries
        if not path.is_file() or file_hash(path) != canaries:
            yield Difference(DATA, "canaries", "the file of canaries is another one, or gone", canaries)


def why(error: C360Error) -> str:
    """Return an error as the end of a sentence."""
    place = f" in {error.where}" if error.where else ""
    return f"{error.message}{place}"
