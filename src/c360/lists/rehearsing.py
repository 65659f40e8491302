"""A list made for a dry run in; what it would be if it left out: sizes, money, whom it shares, and which guards it would meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from c360.bindings.policy import ANALYSIS
from c360.deliver import guards, stages
from c360.deliver.caps import reach
from c360.deliver.rehearsal import Load, Rehearsal, Shared
from c360.errors import NothingMatched, Refused
from c360.lists.approving import required
from c360.lists.handing import parts_of
from c360.plan.steps import ReadSource
from c360.sql.render import to_text

if TYPE_CHECKING:
    import polars

    from c360.deliver.listing import ListResult
    from c360.lists.listing import Prepared
    from c360.lists.staging import Staged
    from c360.lists.targeting import Asked

MANAGER = "manager"
NEAR = 30  # days on either side of the day of contact in which another list is near, where no cap looks farther


def rehearsed(prepared: Prepared, result: ListResult, found: Staged, made_at: str) -> Rehearsal:
    """Return what the list would be if it left; nothing is refused, but said."""
    asked, aim = prepared.asked, result.aim
    policy, offer = asked.policy, asked.request.offer
    costs = {} if policy is None else {name: policy.channels[name].cost for name in asked.channels}
    loads = tuple(Load(name, rows, costs.get(name, 0.0) * rows) for name, rows in aim.channels)
    contacts = sum(load.cost for load in loads)
    by, groups = _groups(prepared, result)
    approval = None if asked.workspace.settings.policy is None or policy is None else policy.approval
    return Rehearsal(
        loads, by, groups, contacts, None if aim.value is None or offer is None else aim.cost - contacts,
        0.0 if offer is None else offer.cost * aim.treated, aim.value, aim.paid_at, required(approval, aim.treated, asked.classes),
        tuple(_refusals(prepared, result, found, made_at)), tuple(_missing(asked)), _shared(prepared, result),
    )  # fmt: skip


def _refusals(prepared: Prepared, result: ListResult, found: Staged, made_at: str) -> Iterator[tuple[str, str]]:
    """Yield why each guard would refuse the list, and what would let it pass."""
    from c360.lists.listing import approvals_of, refuse_sizes

    asked = prepared.asked
    steps: list[Callable[[], object]] = [lambda: parts_of(prepared, result)]
    if not asked.request.allow_empty:
        steps.append(result.refuse_empty)
    policy = asked.policy
    if policy is not None:
        steps += [lambda: guards.refuse_quiet(policy, prepared.on), lambda: refuse_sizes(prepared, result, found)]
        steps.append(lambda: approvals_of(prepared, result, made_at))
    for step in steps:
        try:
            step()
        except (Refused, NothingMatched) as refusal:
            yield refusal.message, refusal.hint or ""


def _missing(asked: Asked) -> Iterator[tuple[str, str]]:
    policy = asked.workspace.settings.policy
    if policy is not None and not asked.request.purpose:
        yield "a purpose", f"--purpose with one of: {', '.join((*policy.purposes, ANALYSIS))}"


def _groups(prepared: Prepared, result: ListResult) -> tuple[str, tuple[tuple[str | None, int], ...]]:
    """Return by which column the list is counted, and its values with how many rows each has, the most first."""
    asked = prepared.asked
    split_by = asked.request.split_by
    if split_by:
        try:
            parts = [(part.value, part.frame.height) for part in parts_of(prepared, result)]
        except (Refused, NothingMatched):
            return "", ()
        return split_by, tuple(sorted(parts, key=lambda pair: (-pair[1], pair[0] or "")))
    if result.members is None or not _has_manager(asked):
        return "", ()
    return MANAGER, _by_manager(prepared, result.members)


def _has_manager(asked: Asked) -> bool:
    """Whether the entity's own table says who looks after each row, and may be shown."""
    bindings, spec = asked.workspace.bindings, asked.workspace.catalog.schema.source(asked.entity)
    if MANAGER not in spec.by_name or asked.entity not in bindings.bound:
        return False
    return spec.column(MANAGER).sensitivity in {"public", "internal"} and MANAGER in bindings.get(asked.entity).columns


def _by_manager(prepared: Prepared, members: polars.DataFrame) -> tuple[tuple[str | None, int], ...]:
    """Read who looks after each row from the entity's own table, and count the treated."""
    import polars as pl

    asked, day = prepared.asked, prepared.run.plan.day
    read = asked.workspace.bindings.reader(day)(ReadSource("", asked.entity, (asked.entity, MANAGER)))
    known = asked.workspace.engine.frame(to_text(read), asked.entity)
    treated = members.filter(pl.col(stages.ARM) == stages.TREATED)
    joined = treated.join(known, left_on=stages.KEY, right_on=asked.entity, how="left")
    counted = joined.group_by(MANAGER).len("rows").sort(["rows", MANAGER], descending=[True, False], nulls_last=True)
    return tuple((None if value is None else str(value), int(rows)) for value, rows in counted.iter_rows())


def _shared(prepared: Prepared, result: ListResult) -> tuple[Shared, ...]:
    """Return the lists near the day of contact that contact some of the same persons, the most first."""
    import polars as pl

    asked = prepared.asked
    if asked.policy is None or result.members is None:
        return ()
    wide = timedelta(days=max(reach(asked.policy.caps), NEAR))
    near = asked.workspace.records.ledger.touches(prepared.on - wide, prepared.on + wide, without=prepared.request_id)
    persons = result.members.filter(pl.col(stages.ARM) == stages.TREATED)[stages.PERSON].unique()
    same = near.filter(pl.col("person").is_in(persons.implode()))
    counted = same.group_by("name", "list_id", "purpose", "on").agg(pl.col("person").n_unique().alias("persons"))
    counted = counted.sort(["persons", "on", "list_id"], descending=[True, False, False])
    return tuple(Shared(name, list_id, purpose, on, int(count)) for name, list_id, purpose, on, count in counted.iter_rows())
