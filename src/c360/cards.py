"""A workspace in; its definitions as rows and cards, and what each source feeds, as plain data out; computes no value."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from c360.catalog.fitting import plays_for
from c360.errors import NothingMatched, did_you_mean
from c360.expr.describe import describe
from c360.language.definitions import Definition
from c360.language.plays import LAWS, MOMENTS, STRATEGIES, Play

if TYPE_CHECKING:
    from c360.workspace import Workspace


def rows(workspace: Workspace, kind: str, entity: str | None = None) -> list[dict[str, Any]]:
    """Return the definitions of a kind as plain data, with why one is unavailable here; raises NothingMatched for none."""
    missing = workspace.unavailable()
    found = [d for d in workspace.catalog.definitions.values() if d.kind == kind and entity in (None, d.entity)]
    if not found:
        raise NothingMatched(f"no {kind} of {entity}" if entity else f"no {kind} is defined", hint=f"add one in {kind}s/")
    return [_row(workspace, d, missing.get(d.name, "")) for d in found]


def card(workspace: Workspace, definition: Definition) -> dict[str, Any]:
    """Return everything about one definition as plain data: words, parameters, needs, users; of a segment, its plays."""
    catalog, name = workspace.catalog, definition.name
    parameters = [
        {"name": n, "value": p.value, "default": p.default, "source": p.source}
        for n, p in catalog.parameters.items()
        if name in p.used_by
    ]
    plays = plays_for(catalog, definition) if definition.kind == "segment" else []
    return {
        **_row(workspace, definition, workspace.unavailable((name,)).get(name, "")),
        "description": definition.description, "universe": definition.universe, "source": definition.source,
        "sensitivity": catalog.sensitivity_of(name), "words": describe(definition.node),
        "zh_words": describe(definition.node, "zh", catalog.titles("zh")), "levels": _levels(definition),
        "parameters": parameters, "needs": list(catalog.dependencies(name)), "used_by": list(catalog.dependents(name)),
        "plays": [_play(play) for play in plays],
    }  # fmt: skip


def sources(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every source as plain data: its state, which definitions it feeds, and which of them are unavailable and why.

    A definition is fed by the sources that it, or a definition it builds on, reads. ``found_by_contacts`` says what those who
    contacted customers found wrong with its columns.
    """
    missing, fed = workspace.unavailable(), feeds(workspace)
    wrong = workspace.data_problems()
    found = []
    for status in workspace.sources():
        names = fed.get(status.name, ())
        lacking = {name: missing[name] for name in names if name in missing}
        told = [line for source, line in wrong if source == status.name]
        found.append({**asdict(status), "feeds": list(names), "unavailable": lacking, "found_by_contacts": told})
    return found


def source(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return one source as `sources` does; raises NothingMatched for a name that is no source."""
    found = {row["name"]: row for row in sources(workspace)}
    if name not in found:
        draft = f"to draft a binding for a file: c360 sources --suggest {name}"
        hint = draft if "." in name else did_you_mean(name, found) or "c360 sources lists them"
        raise NothingMatched(f"unknown source '{name}'", hint=hint)
    return found[name]


def feeds(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """Return, for each source, the definitions that read it, themselves or through what they build on."""
    found: dict[str, tuple[str, ...]] = {}
    for name, plan in workspace.plans().items():
        for source in plan.sources:
            found[source] = (*found.get(source, ()), name)
    return found


def affected(workspace: Workspace, source: str, column: str = "") -> tuple[str, ...]:
    """Return the definitions that read *source* (and of it *column*, where one is named)."""
    plans = workspace.plans().items()
    return tuple(n for n, plan in plans if source in plan.sources and (not column or column in plan.columns(source)))


def _row(workspace: Workspace, d: Definition, unavailable: str) -> dict[str, Any]:
    return {
        "name": d.name, "kind": d.kind, "title": d.title, "zh": d.zh, "entity": d.entity, "type": str(d.type),
        "unit": d.unit, "owner": d.owner, "where": d.where, "hash": workspace.catalog.hash_of(d.name),
        "unavailable": unavailable,
    }  # fmt: skip


def _play(play: Play) -> dict[str, Any]:
    facts = {f.name: getattr(play, f.name) for f in fields(Play) if f.name != "answers"}
    said = {"law": LAWS[play.law], "strategy": STRATEGIES.get(play.strategy, ""), "moment": MOMENTS.get(play.moment, "")}
    answers = [{"kind": answer.kind, "name": answer.name, "levels": list(answer.levels)} for answer in play.answers]
    return {**facts, **{f"{key}_zh": zh for key, zh in said.items()}, "answers": answers}


def _levels(definition: Definition) -> list[dict[str, str]]:
    said = dict(definition.levels_zh)
    return [{"level": level, "zh": said.get(level, "")} for level in definition.type.all_levels or said]
