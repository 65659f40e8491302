"""A request to build in, the definitions to store and the day out, and why others are left out; computes no value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from c360.errors import AsOfError, NothingMatched, StaleSource
from c360.expr.dates import as_day
from c360.expr.nodes import Shifted, walk
from c360.opened import PLACEHOLDER_DAY
from c360.plan import Output, Plan

if TYPE_CHECKING:
    from c360.workspace import Workspace


@dataclass(frozen=True)
class Choice:
    """What a build stores: by entity the names of tags, and of segments; *left_out* says of others why they are not built."""

    day: date
    tags: dict[str, tuple[str, ...]]
    segments: dict[str, tuple[str, ...]]
    left_out: dict[str, str]

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities with something to store."""
        return tuple(dict.fromkeys((*self.tags, *self.segments)))

    def names(self, entity: str) -> tuple[str, ...]:
        """Return the tags, then the segments, of an entity."""
        return (*self.tags.get(entity, ()), *self.segments.get(entity, ()))


@dataclass(frozen=True)
class Leniency:
    """What may be let pass, marked: current values for a past day, dense sources that do not reach."""

    current: bool = False
    stale: bool = False


def choose(
    workspace: Workspace, names: Sequence[str] | None, as_of: date | str | None, allow: Leniency, beside: Collection[str] = ()
) -> Choice:
    """Return what to build: *names*, else every definition that can be computed on the day.

    What cannot be computed, of every definition or of those *beside* the names, is left out, and the choice says why. Raises
    NothingMatched or the error of its kind for a definition asked for by name that cannot.
    """
    by_name = {workspace.definition(name).name for name in names or ()}
    asked = [name for name in workspace.catalog.definitions if not names or name in by_name or name in beside]
    left_out = dict(workspace.unavailable(asked))
    left_out |= {name: "an outcome: it looks past the as-of date" for name in _outcomes(workspace, asked) if name not in left_out}
    if by_name & set(left_out):
        name, reason = next((name, reason) for name, reason in left_out.items() if name in by_name)
        raise NothingMatched(f"{name} cannot be built: {reason}", hint="leave it out, or bind what it needs; c360 sources shows it")
    found = [name for name in asked if name not in left_out]
    day = as_day(as_of) if as_of is not None else _default_day(workspace, found)
    left_out |= _refused(workspace, found, day, allow, by_name)
    found = [name for name in found if name not in left_out]
    if not found:
        raise NothingMatched(f"nothing can be built as of {day}", hint="c360 sources shows what is bound, and up to which day")
    return Choice(day, _by_entity(workspace, found, "tag"), _by_entity(workspace, found, "segment"), left_out)


def outputs_of(workspace: Workspace, names: Iterable[str]) -> tuple[Output, ...]:
    """Return definitions as outputs of a request."""
    return tuple(Output(name, workspace.reference(name)) for name in names)


def _by_entity(workspace: Workspace, names: Sequence[str], kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        definition = workspace.definition(name)
        if definition.kind == kind:
            found[definition.entity] = (*found.get(definition.entity, ()), name)
    return found


def _outcomes(workspace: Workspace, names: Sequence[str]) -> set[str]:
    """Return those of *names* that look forward, themselves or through what they use."""
    forward: set[str] = set()
    for name in workspace.catalog.closure(names):
        node = workspace.definition(name).node
        looks = any(isinstance(part, Shifted) and part.is_outcome for part in walk(node))
        if looks or forward & set(workspace.catalog.dependencies(name)):
            forward.add(name)
    return forward & set(names)


def _default_day(workspace: Workspace, names: Sequence[str]) -> date:
    sources: dict[str, None] = {}
    for plan in _plans(workspace, names, PLACEHOLDER_DAY):
        sources.update(dict.fromkeys(plan.sources))
    return workspace.bindings.default_day(tuple(sources))


def _plans(workspace: Workspace, names: Sequence[str], day: date) -> Iterable[Plan]:
    entities = dict.fromkeys(workspace.definition(name).entity for name in names)
    for entity in entities:
        mine = [name for name in names if workspace.definition(name).entity == entity]
        yield workspace.plan_of(outputs_of(workspace, mine), entity, day)


def _refused(workspace: Workspace, names: Sequence[str], day: date, allow: Leniency, by_name: Collection[str]) -> dict[str, str]:
    """Return the definitions that the day forbids, each with the reason; one of *by_name* raises instead.

    The whole is asked first: mostly nothing is wrong, and looking at each definition takes seconds.
    """
    checks: list[Callable[[Plan], str | None]] = []
    if not allow.current:
        checks.append(lambda plan: _current(workspace, plan, day))
    if not allow.stale:
        checks.append(workspace.bindings.uncovered)
    if not any(check(plan) for plan in _plans(workspace, names, day) for check in checks):
        return {}
    found = {}
    for name in names:
        plan = workspace.plan_of(outputs_of(workspace, (name,)), workspace.definition(name).entity, day)
        reason = next((told for check in checks if (told := check(plan))), None)
        if reason is None:
            continue
        if name in by_name and "without history" in reason:
            raise AsOfError(f"{name}: {reason}", hint="leave --as-of out, or go on with --allow-current, which marks it")
        if name in by_name:
            raise StaleSource(f"{name}: {reason}", hint="bring the source up to date, or go on with --allow-stale")
        found[name] = reason
    return found


def _current(workspace: Workspace, plan: Plan, day: date) -> str | None:
    """Return which values without history a plan asks for on a day before the data's; None for none."""
    if not plan.current_columns or day >= workspace.bindings.default_day(plan.sources):
        return None
    past = sorted({f"{source}.{column}" for source, column, _ in plan.current_columns})
    return f"{', '.join(past)}: current values, without history, on {day}"
