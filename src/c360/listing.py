"""Export: a workspace and a `ListRequest` in; the stages counted, the rows sorted and masked, file and manifest out."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.datatypes import BOOLEAN
from c360.deliver import manifest as manifests
from c360.deliver.listing import ListRequest, ListResult
from c360.deliver.masking import masked, refuse_sensitive
from c360.deliver.waterfall import Waterfall, add_up, rule_steps, with_limit
from c360.deliver.writers import WRITERS, format_of, prepare, refuse_target
from c360.errors import NothingMatched, UsageError, did_you_mean
from c360.expr.describe import describe
from c360.expr.nodes import Column, Node, SegmentRef
from c360.language.definitions import Definition, referenced
from c360.plan import Output
from c360.sql.queries import Ordering

if TYPE_CHECKING:
    import polars

    from c360.catalog import Catalog
    from c360.workspace import Run, Workspace

TABLE = "list_rows"


def export(workspace: Workspace, request: ListRequest, made_at: str) -> ListResult:
    """Make the list; write it unless the request is a dry run or names no file."""
    segment = workspace.segment(request.segment)
    shown = _columns(workspace, segment, request)
    order = [_ordering(text) for text in request.order]
    classes = {name: sensitivity for name, (_, sensitivity) in shown.items()}
    refuse_sensitive(classes)
    writes = request.path is not None and not request.dry_run
    format_of(request.path or Path("list.csv"), request.format)
    if request.limit is not None and request.limit < 1:
        raise UsageError(f"a limit is 1 or more, found {request.limit}")
    if writes and request.path is not None:
        refuse_target(request.path, force=request.force)
        refuse_target(manifests.manifest_path(request.path), force=request.force)
    hidden = {o.name: _value(workspace, segment.entity, o.name) for o in order if o.name not in shown}
    stages, labels = _stages(workspace, segment)
    columns = {**{n: node for n, (node, _) in shown.items()}, **{n: node for n, (node, _) in hidden.items()}}
    outputs = (*stages, *(Output(name, node) for name, node in columns.items()))
    run = workspace.run(
        outputs, segment.entity, request.as_of, allow_current=request.allow_current, allow_stale=request.allow_stale
    )
    waterfall, frame = _staged(
        workspace, run, [s.name for s in stages], labels, list(shown), list(columns), order, request.limit, segment
    )
    inputs = _inputs(workspace, segment, request, run, classes)
    result = ListResult(
        segment.name, run.plan.day, waterfall, masked(frame, classes), manifests.run_id(inputs),
        tuple(n for n, c in classes.items() if c == "personal"), run.marks,
    )  # fmt: skip
    if not writes or request.path is None:
        return result
    return _written(result, request, request.path, inputs, made_at)


def _columns(workspace: Workspace, segment: Definition, request: ListRequest) -> dict[str, tuple[Node, str]]:
    """Return the node and sensitivity of each column shown.

    By default what the rule itself refers to, personal values left out: they leave only when asked for by name.
    """
    names = request.columns
    if names is None:
        names = tuple(
            ref.name
            for ref in referenced(segment.node)
            if ref.entity == segment.entity and not isinstance(ref, SegmentRef)
            if workspace.catalog.sensitivity_of(ref.name) in {"public", "internal"}
        )
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
    raise NothingMatched(f"unknown column '{name}'", hint=hint, where="the columns or the order")


def _ordering(text: str) -> Ordering:
    return Ordering(text.lstrip("-+"), text.startswith("-"))


def _stages(workspace: Workspace, segment: Definition) -> tuple[tuple[Output, ...], list[tuple[str, str, str]]]:
    """Return the conditions of the list in order, universe first, and how each is called."""
    catalog = workspace.catalog
    stages, labels = [], []
    for number, universe in enumerate(_universes(catalog, segment), 1):
        stages.append(Output(f"universe_{number}", SegmentRef(BOOLEAN, universe, segment.entity)))
        title = catalog.definition(universe).title or describe(catalog.definition(universe).node)
        labels.append((universe, "universe", f"in the universe {universe}: {title}"))
    for number, step in enumerate(rule_steps(segment.node), 1):
        stages.append(Output(f"stage_{number}", step))
        labels.append((f"rule {number}", "rule", describe(step)))
    return tuple(stages), labels


def _universes(catalog: Catalog, segment: Definition) -> list[str]:
    """Return the universe, behind its own universe and so on, the widest first."""
    found: list[str] = []
    while segment.universe:
        segment = catalog.definition(segment.universe)
        found.insert(0, segment.name)
    return found


def _staged(
    workspace: Workspace, run: Run, stages: list[str], labels: list[tuple[str, str, str]], shown: list[str],
    columns: list[str], order: list[Ordering], limit: int | None, segment: Definition,
) -> tuple[Waterfall, polars.DataFrame]:  # fmt: skip
    """Compute every row's first failing stage once, count the stages, and read the rows that pass."""
    engine = workspace.engine
    engine.execute(run.sql.staged(stages, columns, TABLE))
    try:
        failed: dict[int, tuple[int, int]] = {}
        total = 0
        for stage, rows, unknown in engine.rows(
            f"SELECT stage, COUNT(*), COUNT(CASE WHEN is_unknown THEN 1 END) FROM {TABLE} GROUP BY stage"
        ):
            failed[stage] = (rows, unknown)
            total += rows
        everyone = f"all {segment.entity} rows on {run.plan.day}"
        waterfall = with_limit(add_up(total, failed, labels, everyone), limit)
        frame = engine.frame(run.sql.listed(TABLE, shown, order, limit))
    finally:
        engine.execute(f"DROP TABLE IF EXISTS {TABLE}")
    return waterfall, frame


def _inputs(
    workspace: Workspace, segment: Definition, request: ListRequest, run: Run, classes: dict[str, str]
) -> dict[str, Any]:
    """Return everything the list depends on; equal inputs give an equal list."""
    catalog, bindings = workspace.catalog, workspace.bindings
    parameters = {name: str(p.value) for name, p in sorted(catalog.parameters.items())}
    sources = {}
    for name in run.plan.sources:
        facts = bindings.facts(name)
        sources[name] = {
            "rows": facts.rows,
            "first_day": _iso(facts.first_day),
            "last_day": _iso(facts.last_day),
            "fingerprint": facts.fingerprint,
        }
    used = [segment.name, *classes, *(_ordering(text).name for text in request.order)]
    return {
        "segment": segment.name, "title": segment.title, "definition_hash": catalog.hash_of(segment.name),
        "rule": describe(segment.node), "universe": catalog.universes[segment.name],
        "as_of": run.plan.day.isoformat(), "as_of_means": "event dates, and known_on where a source has it",
        "columns": classes, "order": list(request.order), "limit": request.limit,
        "definitions": {name: catalog.hash_of(name) for name in sorted(set(used)) if name in catalog.definitions},
        "parameters": parameters, "sources": sources, "time_zone": workspace.settings.time_zone,
        "marks": list(run.marks), "c360": version("c360"), "duckdb": version("duckdb"),
    }  # fmt: skip


def _written(result: ListResult, request: ListRequest, path: Path, inputs: dict[str, Any], made_at: str) -> ListResult:
    """Prepare the file and its manifest, then name both, the manifest first: no list stands without its account."""
    kind = format_of(path, request.format)
    beside = manifests.manifest_path(path)
    listed = prepare(path, lambda file: WRITERS[kind](result.frame, file))
    try:
        results = {
            "file": path.name, "format": kind, "rows": result.frame.height, "bytes": listed.bytes,
            "sha256": listed.sha256, "cells_neutralised": listed.changed, "masked": list(result.masked),
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
