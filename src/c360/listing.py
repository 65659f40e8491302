"""Export: a workspace and a `ListRequest` in; the stages counted, the rows sorted and masked, file and manifest out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.datatypes import BOOLEAN
from c360.deliver import manifest as manifests
from c360.deliver.account import Form, ListAccount, columns_of, entity_title, subject_of, term_of, universes_of
from c360.deliver.listing import NAMES, TITLES, ListRequest, ListResult
from c360.deliver.masking import masked, refuse_sensitive
from c360.deliver.waterfall import Waterfall, add_up, rule_steps, with_limit
from c360.deliver.wording import say
from c360.deliver.writers import WRITERS, encoding_of, prepare, refuse_target
from c360.errors import NothingMatched, UsageError, did_you_mean
from c360.expr.canonical import digest
from c360.expr.describe import describe
from c360.expr.nodes import Column, Node, SegmentRef, TagRef
from c360.language.definitions import Definition, referenced
from c360.plan import Output
from c360.running import computing
from c360.sql.queries import Ordering, PlanSql

if TYPE_CHECKING:
    import polars

    from c360.engines.contract import SourceFacts
    from c360.running import Run
    from c360.snapshots.manifest import SourceEntry
    from c360.workspace import Workspace

TABLE, GIVEN = "list_rows", "list_keys"


@dataclass(frozen=True)
class Asked:
    """A list asked for, looked up: its segment, the columns shown and those only sorted by, the keys it keeps to."""

    workspace: Workspace
    request: ListRequest

    @cached_property
    def segment(self) -> Definition:
        """The segment whose members make the list."""
        return self.workspace.segment(self.request.segment)

    @cached_property
    def key_name(self) -> str:
        """What the key is called in the list."""
        return self.workspace.catalog.schema.source(self.segment.entity).column(self.segment.entity).file_name

    @cached_property
    def shown(self) -> dict[str, tuple[Node, str]]:
        """The node and sensitivity of each column shown."""
        return _columns(self.workspace, self.segment, self.request)

    @cached_property
    def columns(self) -> dict[str, tuple[Node, str]]:
        """The node and sensitivity of each column, those only sorted by behind those shown."""
        hidden = [o.name for o in self.sorting if o.name not in self.shown]
        return {**self.shown, **{name: _value(self.workspace, self.segment.entity, name) for name in hidden}}

    @cached_property
    def classes(self) -> dict[str, str]:
        """The sensitivity of each column shown."""
        return {name: sensitivity for name, (_, sensitivity) in self.shown.items()}

    @cached_property
    def sorting(self) -> list[Ordering]:
        """The columns to sort by."""
        return [Ordering(text.lstrip("-+"), text.startswith("-")) for text in self.request.order]

    @cached_property
    def keys(self) -> tuple[str, ...] | None:
        """The keys to keep to, each once; the key's own name among them is a header."""
        if self.request.keys is None:
            return None
        found = tuple(dict.fromkeys(key for key in self.request.keys if key != self.key_name))
        if not found:
            raise NothingMatched("no key was given", hint=f"give one {self.key_name} a line")
        return found


def export(workspace: Workspace, request: ListRequest, made_at: str) -> ListResult:
    """Make the list; write it unless the request is a dry run or names no file."""
    asked = Asked(workspace, request)
    segment, classes = asked.segment, asked.classes
    refuse_sensitive(classes)
    request.refuse_form()
    writes = request.path is not None and not request.dry_run
    if writes and request.path is not None:
        refuse_target(request.path, force=request.force)
        refuse_target(manifests.manifest_path(request.path), force=request.force)
    stages, labels = _stages(asked)
    outputs = (*stages, *(Output(name, node) for name, (node, _) in asked.columns.items()))
    run = workspace.run(
        outputs, segment.entity, request.as_of, allow_current=request.allow_current, allow_stale=request.allow_stale,
        snapshot=request.snapshot,
    )  # fmt: skip
    with computing(workspace, run) as sql:
        waterfall, frame, unknown = _staged(asked, run, sql, [s.name for s in stages], labels)
    workspace.bindings.confirm(run.plan.sources)
    inputs = _inputs(asked, run)
    account = _account(asked, run, manifests.run_id(inputs), waterfall, frame.height, unknown)
    form = Form(account, request.has_titles, encoding_of(request.encoding))
    result = ListResult(
        segment.name, run.plan.day, waterfall, masked(frame, classes), account.run_id,
        tuple(n for n, c in classes.items() if c == "personal"), run.marks, account, form, origin=run.origin,
    )  # fmt: skip
    if not writes or request.path is None:
        return result
    if not request.allow_empty:
        result.refuse_empty()
    return _written(result, request, request.path, inputs, made_at, workspace.engine.scratch)


def _columns(workspace: Workspace, segment: Definition, request: ListRequest) -> dict[str, tuple[Node, str]]:
    """Return the node and sensitivity of each column shown.

    By default what the rule itself refers to, personal values left out: they leave only when asked for by name.
    """
    names = request.columns
    if names is None:
        asked = [ref.name for ref in _tags_of(workspace, segment)] + [o.lstrip("-+") for o in request.order]
        known = workspace.catalog.definitions
        shown = (n for n in asked if n not in known or workspace.catalog.sensitivity_of(n) in {"public", "internal"})
        names = tuple(dict.fromkeys(shown))
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise UsageError(f"column named twice: {', '.join(twice)}", hint="name each column once", where="the columns")
    key = workspace.catalog.schema.source(segment.entity).column(segment.entity).file_name
    return {name: _value(workspace, segment.entity, name) for name in names if name not in (key, segment.entity)}


def _value(workspace: Workspace, entity: str, name: str) -> tuple[Node, str]:
    """Return what a column name stands for: a definition of the entity, else a column of its contract."""
    catalog = workspace.catalog
    spec = catalog.schema.source(entity)
    if name in catalog.definitions:
        definition = catalog.definitions[name]
        if definition.entity != entity:
            raise UsageError(f"'{name}' is a value of {definition.entity}, the list is of {entity}")
        return workspace.reference(name), catalog.sensitivity_of(name)
    if name in spec.by_name:
        column = spec.column(name)
        return Column(column.type, spec.name, name), column.sensitivity
    if name == spec.column(entity).file_name:
        return _value(workspace, entity, entity)
    known = [n for n, d in catalog.definitions.items() if d.entity == entity]
    hint = did_you_mean(name, [*known, *spec.by_name]) or "c360 tags lists what there is"
    asked, _, direction = name.rpartition(" ")
    if direction.lower() in {"asc", "desc"}:
        hint = f"-{asked} sorts from high to low, {asked} from low to high"
    raise NothingMatched(f"unknown column '{name}'", hint=hint, where="the columns or the order")


def _tags_of(workspace: Workspace, segment: Definition) -> list[TagRef]:
    """Return the tags of the list's entity that a rule refers to; where it is made of segments only, those of their rules."""
    refs = [ref for ref in referenced(segment.node) if ref.entity == segment.entity]
    tags = [ref for ref in refs if isinstance(ref, TagRef)]
    if tags:
        return tags
    inner = [workspace.catalog.definition(ref.name) for ref in refs]
    return list(dict.fromkeys(tag for definition in inner for tag in _tags_of(workspace, definition)))


def _stages(asked: Asked) -> tuple[tuple[Output, ...], list[tuple[str, str, str]]]:
    """Return the conditions of the list in order, universe first, and how each stage is called, the given keys' first."""
    catalog, lang = asked.workspace.catalog, asked.request.lang
    stages: list[Output] = []
    labels = [] if asked.keys is None else [("keys", "keys", say("keys", lang, given=len(asked.keys)))]
    for number, name in enumerate(universes_of(catalog, asked.segment.name), 1):
        stages.append(Output(f"universe_{number}", SegmentRef(BOOLEAN, name, asked.segment.entity)))
        labels.append((name, "universe", say("universe", lang, name=name, title=term_of(catalog, name, lang).title)))
    for number, step in enumerate(rule_steps(asked.segment.node), 1):
        stages.append(Output(f"stage_{number}", step))
        labels.append((f"rule {number}", "rule", describe(step, lang, catalog.titles(lang))))
    return tuple(stages), labels


def _staged(
    asked: Asked, run: Run, sql: PlanSql, stages: list[str], labels: list[tuple[str, str, str]]
) -> tuple[Waterfall, polars.DataFrame, int]:
    """Compute every row's first failing stage once, count the stages, and read the rows that pass.

    Also return how many of the given keys no row has.
    """
    engine, request, lang = asked.workspace.engine, asked.request, asked.request.lang
    try:
        if asked.keys is not None:
            engine.keep(GIVEN, asked.keys)
        engine.execute(sql.staged(stages, list(asked.columns), TABLE, GIVEN if asked.keys else ""))
        failed: dict[int, tuple[int, int]] = {}
        total = 0
        for stage, rows, unknown in engine.rows(
            f"SELECT stage, COUNT(*), COUNT(CASE WHEN is_unknown THEN 1 END) FROM {TABLE} GROUP BY stage"
        ):
            failed[stage] = (rows, unknown)
            total += rows
        everyone = say("all", lang, entity=entity_title(asked.workspace.catalog, asked.segment.entity, lang), day=run.plan.day)
        waterfall = with_limit(add_up(total, failed, labels, everyone), request.limit, lang)
        strangers = _strangers(asked, run) if asked.keys else 0
        frame = engine.frame(sql.listed(TABLE, list(asked.shown), asked.sorting, request.limit))
    finally:
        engine.execute(f"DROP TABLE IF EXISTS {TABLE}")
        engine.execute(f"DROP TABLE IF EXISTS {GIVEN}")
    return waterfall, frame, strangers


def _strangers(asked: Asked, run: Run) -> int:
    """Return how many of the given keys no row has; raises NothingMatched where that is all of them."""
    given = len(asked.keys or ())
    sql = f'SELECT COUNT(*) FROM {GIVEN} ANTI JOIN {TABLE} ON {GIVEN}.value = {TABLE}."{asked.key_name}"'
    found = int(asked.workspace.engine.rows(sql)[0][0])
    if found == given:
        told = f"none of the {given:,} given keys is that of a {asked.segment.entity} on {run.plan.day}"
        raise NothingMatched(told, hint=f"give one {asked.key_name} a line, as the source writes it")
    return found


def _account(asked: Asked, run: Run, run_id: str, waterfall: Waterfall, rows: int, unknown: int) -> ListAccount:
    catalog, lang, entity = asked.workspace.catalog, asked.request.lang, asked.segment.entity
    known = {name: told for name, told in asked.columns.items() if name not in (asked.key_name, entity)}
    types, classes = {n: node.type for n, (node, _) in known.items()}, {n: c for n, (_, c) in known.items()}
    columns = columns_of(catalog, entity, types, classes, lang)
    titles = {column.name: column.title for column in columns} | {entity: columns[0].title}
    return ListAccount(
        lang, subject_of(catalog, asked.segment.name, list(asked.shown), lang), run.plan.day, run_id, rows, waterfall,
        tuple(c for c in columns if c.name in (asked.key_name, *asked.shown)),
        tuple((titles[o.name], o.falling) for o in asked.sorting), tuple(dict.fromkeys(run.notes)),
        None if asked.keys is None else len(asked.keys), unknown,
    )  # fmt: skip


def _inputs(asked: Asked, run: Run) -> dict[str, Any]:
    """Return everything the list depends on, whatever it is written as; equal inputs give an equal list."""
    workspace, segment, request = asked.workspace, asked.segment, asked.request
    catalog, classes = workspace.catalog, asked.classes
    parameters = {name: str(p.value) for name, p in sorted(catalog.parameters.items())}
    snapshot = {} if run.origin is None else {"snapshot": run.origin.as_json()}
    used = [segment.name, *classes, *(o.name for o in asked.sorting)]
    keys = {} if asked.keys is None else {"keys": {"given": len(asked.keys), "digest": digest(sorted(asked.keys))}}
    return {
        "segment": segment.name, "title": segment.title, "definition_hash": catalog.hash_of(segment.name),
        "rule": describe(segment.node), "universe": catalog.universes[segment.name],
        "as_of": run.plan.day.isoformat(), "as_of_means": "event dates, and known_on where a source has it",
        "columns": classes, "order": list(request.order), "limit": request.limit,
        "definitions": {name: catalog.hash_of(name) for name in sorted(set(used)) if name in catalog.definitions},
        "parameters": parameters, "sources": _sources(workspace, run), "time_zone": workspace.settings.time_zone,
        "marks": list(run.marks), "c360": version("c360"), "duckdb": version("duckdb"), **keys, **snapshot,
    }  # fmt: skip


def _sources(workspace: Workspace, run: Run) -> dict[str, dict[str, Any]]:
    """Return what is known of each source behind a list: as it is, or as it was when the snapshot was built."""
    if run.origin is not None and run.held is not None:
        entries = {entry.name: entry for entry in run.held.manifest.sources}
        found = {name: _source(entries[name]) for name in run.origin.sources}
        changed = (*run.origin.changed, *run.origin.unknown)
        return {name: {**told, **({"maybe_changed_since": True} if name in changed else {})} for name, told in found.items()}
    sources = {}
    for name in run.plan.sources:
        facts = workspace.bindings.facts(name)
        sources[name] = _source(facts) | ({"bad_rows_left_out": facts.bad_rows} if facts.bad_rows else {})
    return sources


def _source(told: SourceFacts | SourceEntry) -> dict[str, Any]:
    return {
        "rows": told.rows, "first_day": _iso(told.first_day), "last_day": _iso(told.last_day), "fingerprint": told.fingerprint,
    }  # fmt: skip


def _written(
    result: ListResult, request: ListRequest, path: Path, inputs: dict[str, Any], made_at: str, scratch: Path | None
) -> ListResult:
    """Prepare the file and its manifest, then name both, the manifest first: no list stands without its account."""
    kind, form = request.kind, replace(result.form, scratch=scratch)
    beside = manifests.manifest_path(path)
    listed = prepare(path, lambda file: WRITERS[kind](result.frame, file, form))
    try:
        results = {
            "file": path.name, "format": kind, "rows": result.frame.height, "bytes": listed.bytes,
            "sha256": listed.sha256, "cells_neutralised": listed.changed, "masked": list(result.masked),
            "lang": request.lang, "headers": TITLES if form.titles else NAMES,
            "encoding": form.encoding if kind == "csv" else None, **result.keys_as_json(),
            "waterfall": result.waterfall.as_json(),
        }  # fmt: skip
        account = manifests.manifest(inputs, results, made_at)
        told = prepare(beside, lambda file: manifests.write(account, file))
        try:
            told.publish(force=request.force)
            try:
                listed.publish(force=request.force)
            except BaseException:
                if not request.force:  # the manifest is ours; without its list it would speak of another's
                    beside.unlink(missing_ok=True)
                raise
        finally:
            told.discard()
    finally:
        listed.discard()
    return replace(result, path=path, manifest=beside, neutralised=listed.changed)


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
