"""A group of definitions and the snapshot before in, which values are taken from there and which computed out; reads no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from c360.plan.value_keys import ValueKey, why
from c360.snapshots.manifest import EntityTable, Family, SegmentEntry
from c360.sql.masks import words_for

REUSED, UPDATED, COMPUTED = "reused", "updated", "recomputed"


@dataclass(frozen=True)
class Group:
    """Definitions of one entity that are written together; segments as masks: who is a member, then of whom it is unknown."""

    name: str
    names: tuple[str, ...]
    is_masks: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its files besides the key."""
        return tuple(words_for(2 * len(self.names))) if self.is_masks else self.names


@dataclass(frozen=True)
class Before:
    """One entity in the snapshot before: its *table*, its *segments*, the sources that are others now, and which rows were there.

    *is_same* says that exactly the rows of now were there, *is_whole* that none of now is new. *others* is how many rows of now or
    then are, or own, other rows than before; None where that is not known.
    """

    table: EntityTable
    segments: tuple[SegmentEntry, ...]
    changed: frozenset[str]
    is_same: bool
    is_whole: bool
    others: int | None = None


@dataclass(frozen=True)
class Reuse:
    """What becomes of one group: the *family* that stands as it is, else the definitions to compute and those to take over.

    *taken* says in which family each column that is taken over lies. Where it is *mended*, these are right but for the rows that
    are others now, which are computed.
    """

    state: str
    reason: str
    computed: tuple[str, ...] = ()
    taken: Mapping[str, Family] = field(default_factory=dict)
    family: Family | None = None
    is_mended: bool = False


def reuse_of(group: Group, keys: Mapping[str, ValueKey], before: Before | None) -> Reuse:
    """Return what of *group* is taken from the snapshot *before*: same key, same value of every row that was there then."""
    if before is None:
        return Reuse(COMPUTED, "nothing to go on from", group.names)
    stored = _stored(group, before)
    told = {name: why(stored[name], keys[name], before.changed) if name in stored else "not stored before" for name in group.names}
    if before.others == 0 and not group.is_masks:
        told = {name: "" if _stays_by_row(name, keys, before) else reason for name, reason in told.items()}
    changed = [name for name in group.names if told[name]]
    reason = _reason(changed, told) or ("" if before.is_same else f"other rows of {before.table.entity}")
    family = next((one for one in before.table.families if (one.name, one.columns) == (group.name, group.columns)), None)
    if group.is_masks and list(stored) != list(group.names):
        family, reason = None, reason or "other segments"
    if not reason and family is not None:
        return Reuse(REUSED, "nothing that it reads has changed", family=family)
    if not group.is_masks and before.others:
        mended = _mended(group, keys, before, told)
        if mended is not None:
            return mended
    if group.is_masks or not before.is_whole or len(changed) == len(group.names):
        return Reuse(COMPUTED, reason or "stored in another way", group.names)
    homes = {name: before.table.family_of(name) for name in group.names if name not in changed}
    taken = {name: home for name, home in homes.items() if home is not None}
    return Reuse(UPDATED, reason or "stored in other families", tuple(changed), taken)


def _mended(group: Group, keys: Mapping[str, ValueKey], before: Before, told: Mapping[str, str]) -> Reuse | None:
    """Return how a group is mended: columns whose rows are told apart are right but for the rows that are others; None for none."""
    homes = {}
    for name in group.names:
        home = before.table.family_of(name)
        if home is not None and _stays_by_row(name, keys, before):
            homes[name] = home
    changed = [name for name in group.names if name not in homes]
    if not homes:
        return None
    reason = f"{before.others:,} rows of {before.table.entity} are others"
    more = _reason(changed, {name: told[name] or "every row is asked for" for name in changed})
    return Reuse(UPDATED, f"{reason}; {more}" if more else reason, tuple(changed), homes, is_mended=True)


def _stays_by_row(name: str, keys: Mapping[str, ValueKey], before: Before) -> bool:
    """Whether a value is the one before wherever the rows that its row is, and owns, are the same."""
    tag, key = before.table.tag(name), keys[name]
    return tag is not None and key.is_known and key.is_local and tag.row_key == key.row


def _stored(group: Group, before: Before) -> dict[str, str]:
    """Return the value keys of what is stored, by name."""
    if group.is_masks:
        return {one.name: one.value_key for one in before.segments}
    return {tag.name: tag.value_key for tag in before.table.tags}


def _reason(changed: Sequence[str], told: Mapping[str, str]) -> str:
    if not changed:
        return ""
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"{changed[0]}{more}: {told[changed[0]]}"
