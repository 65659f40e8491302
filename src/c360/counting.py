"""`sizes` and `overlap`: a workspace and segments in; their sizes, and the members they share, out; one scan an entity and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from c360.audience.asking import Asked, member_outputs, shared_universe, size_questions
from c360.audience.overlap import Overlap
from c360.audience.size import Size, Sizes, size_from
from c360.datatypes import BOOLEAN
from c360.errors import UsageError
from c360.expr.dates import as_day
from c360.expr.nodes import TRUE, SegmentRef
from c360.plan import Output
from c360.running import Run, computing, telling_who
from c360.snapshots.masks import counts_sql
from c360.snapshots.origin import Origin
from c360.sql.masks import counts_of, pairs_of, patterns_of, stored_pairs

if TYPE_CHECKING:
    from c360.answering import Fit
    from c360.workspace import Workspace

BASE = "base"


def sizes(workspace: Workspace, names: Sequence[str], as_of: date | str | None = None, **allow: bool) -> Sizes:
    """Count the segments *names*, in that order; without names all that can be counted here.

    Those of one entity and day are counted in one scan. Without *as_of* each has its own day, as if it were asked for alone.
    """
    left_out: dict[str, str] = {}
    if not names:
        left_out = workspace.unavailable(workspace.segments)
        names = [name for name in workspace.segments if name not in left_out]
    found: dict[str, Size] = {}
    for entity, day, group in _groups(workspace, names, as_of):
        found.update(_counted(workspace, group, entity, day, allow))
    return Sizes(tuple(found[name] for name in names), left_out)


def overlap(
    workspace: Workspace, names: Sequence[str], entity: str | None = None, as_of: date | str | None = None, **allow: bool
) -> Overlap:
    """Count the members that each two of the segments *names* share; without names all of *entity* that can be counted here.

    All are counted on one day: the last that the data of all of them covers, unless *as_of* says one.
    """
    if not names:
        about = entity or workspace.catalog.default_entity
        known = [segment.name for segment in workspace.catalog.segments(about)]
        left_out = workspace.unavailable(known)
        names = [name for name in known if name not in left_out]
    names = tuple(dict.fromkeys(workspace.segment(name).name for name in names))
    if len(names) < 2:
        raise UsageError("an overlap is of two segments or more", hint="c360 segments lists them; --all takes them all")
    _, about = workspace.outputs(names)
    universe = shared_universe(names, workspace.catalog.universes)
    base = Output(BASE, SegmentRef(BOOLEAN, universe, about) if universe else TRUE)
    members = (*member_outputs(names, about), base)
    fit = _fit(workspace, members, about, as_of, allow)
    shared = None if fit is None else _stored_pairs(workspace, fit, names, universe)
    if fit is not None and shared is not None:
        origin = fit.about([*names, *([universe] if universe else [])])
        return overlap_from(names, about, fit.origin.as_of, universe, shared, fit.marks, origin)
    run = (None if fit is None else fit.run(members)) or _from_sources(workspace, members, about, as_of, allow)
    with computing(workspace, run) as sql:
        query = sql.over_rows(lambda rows: pairs_of(patterns_of(rows, [o.name for o in members]), len(members)))
        shared = workspace.engine.rows(query)
    workspace.bindings.confirm(run.plan.sources)
    return overlap_from(names, about, run.plan.day, universe, shared, run.marks, run.origin)


def _stored_pairs(workspace: Workspace, fit: Fit, names: Sequence[str], universe: str) -> list[tuple[Any, ...]] | None:
    """Return the rows of `pairs_of` from stored masks; None where these do not hold all segments and their universe."""
    stored = fit.masks([*names, *([universe] if universe else [])])
    if not stored.segments.keys() >= {*names, *([universe] if universe else [])}:
        return None
    base = stored.segments[universe].member if universe else None
    return workspace.engine.rows(stored_pairs(stored.paths, [stored.segments[name].member for name in names], base))


def overlap_from(
    names: Sequence[str], entity: str, day: date, universe: str, shared: Iterable[tuple[Any, ...]], marks: tuple[str, ...],
    origin: Origin | None = None,
) -> Overlap:  # fmt: skip
    """Return the overlap from the rows of `pairs_of`: *names* in their places, the base behind them."""
    counts = {(a, b): int(n) for a, b, n in shared}
    kept = {(names[a], names[b]): n for (a, b), n in counts.items() if a <= b < len(names)}
    return Overlap(entity, day, tuple(names), universe, counts.get((len(names), len(names)), 0), kept, marks, origin)


def _groups(workspace: Workspace, names: Iterable[str], as_of: date | str | None) -> list[tuple[str, date | None, list[str]]]:
    """Return the segments that can be counted together, with entity and day.

    They are those of one entity for which neither the day nor what counts as past differs from what each has alone.
    """
    segments = {name: workspace.segment(name) for name in names}
    if len(segments) == 1:
        return [(segment.entity, None if as_of is None else as_day(as_of), [name]) for name, segment in segments.items()]
    workspace.bindings.refresh()
    found: dict[tuple[str, date, date | None], list[str]] = {}
    for name, segment in segments.items():
        with telling_who(workspace):
            reads = workspace.reads(name)
            newest = workspace.bindings.default_day(reads.sources) if as_of is None or reads.has_current else None
        day = as_day(as_of) if as_of is not None else newest
        assert day is not None
        found.setdefault((segment.entity, day, newest), []).append(name)
    return [(entity, day, group) for (entity, day, _), group in found.items()]


def _counted(workspace: Workspace, names: list[str], entity: str, day: date | None, allow: dict[str, bool]) -> dict[str, Size]:
    """Count segments of one entity on one day, all from its snapshot or all from the sources."""
    asked = _asked(workspace, names, entity)
    fit = _fit(workspace, asked.outputs, entity, day, allow)
    found = None if fit is None else _from_snapshot(workspace, fit, names, entity)
    if found is not None:
        return found
    run = _from_sources(workspace, asked.outputs, entity, day, allow)
    counts = _counts(workspace, run, asked)
    workspace.bindings.confirm(run.plan.sources)
    marks = {name: _marks(workspace, name, names, run, allow) for name in names}
    return {name: size_from(name, entity, run.plan.day, place, counts, marks[name], None) for place, name in enumerate(names)}


def _from_snapshot(workspace: Workspace, fit: Fit, names: list[str], entity: str) -> dict[str, Size] | None:
    """Count those whose members are stored from the masks, the others over stored tags; None where these do not suffice."""
    stored = fit.masks(names)
    others = [name for name in names if name not in stored.segments]
    asked = _asked(workspace, others, entity)
    run = fit.run(asked.outputs) if others else None
    if others and run is None:
        return None
    counted = []
    if stored.segments:
        counts = workspace.engine.record(counts_sql(stored.paths, list(stored.segments.values())))
        universes = workspace.catalog.universes
        for place, name in enumerate(stored.segments):
            counted.append((name, place, counts, fit.about([name, *([universes[name]] if universes[name] else [])])))
    if run is not None:
        counts = _counts(workspace, run, asked)
        counted += [(name, place, counts, run.origin or fit.origin) for place, name in enumerate(others)]
    return {
        name: size_from(name, entity, fit.origin.as_of, place, counts, fit.marks, origin.of(workspace.reads(name).sources))
        for name, place, counts, origin in counted
    }


def _counts(workspace: Workspace, run: Run, asked: Asked) -> dict[str, Any]:
    questions = [(question.universe, question.rule) for question in asked.questions]
    with computing(workspace, run) as sql:
        return workspace.engine.record(sql.over_rows(lambda rows: counts_of(rows, questions)))


def _asked(workspace: Workspace, names: Sequence[str], entity: str) -> Asked:
    rules = {name: workspace.segment(name).node for name in names}
    return size_questions(rules, workspace.catalog.universes, entity)


def _marks(workspace: Workspace, name: str, names: list[str], run: Run, allow: dict[str, bool]) -> tuple[str, ...]:
    """Return the marks of one segment among those counted with it: only what it rests on itself marks it."""
    if len(names) == 1 or not run.marks:
        return run.marks
    asked = _asked(workspace, [name], run.plan.entity)
    return _from_sources(workspace, asked.outputs, run.plan.entity, run.plan.day, allow).marks


def _from_sources(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, allow: dict[str, bool]
) -> Run:
    return workspace.run(outputs, entity, as_of, **{**allow, "snapshot": False})


def _fit(
    workspace: Workspace, outputs: tuple[Output, ...], entity: str, as_of: date | str | None, allow: dict[str, bool]
) -> Fit | None:
    """Return the snapshot that may answer; None where there is none, or the sources are to be asked."""
    if not allow.get("snapshot", False):
        return None
    from c360.answering import fitting

    return fitting(workspace, outputs, entity, as_of, **allow)
