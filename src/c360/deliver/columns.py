"""Which columns a list may hold: classes, policy and purpose in, a refusal or nothing out; reads no rows but to hash keys.

A personal column leaves only where the purpose, or a channel that the list is for, may hold it; a sensitive one never. What
is declared nowhere counts as personal. A list for analysis contacts nobody: it holds no personal column, masked or not, and its
keys are hashed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from c360.bindings.policy import ANALYSIS, Policy
from c360.deliver.masking import refuse_sensitive
from c360.errors import Refused

if TYPE_CHECKING:
    import polars

OPEN = {"public", "internal"}
SHORTEST_REASON = 10


def refuse_columns(
    classes: Mapping[str, str], policy: Policy | None, purpose: str, channels: Sequence[str] = (), name: str = ""
) -> None:
    """Refuse a list (*name*) that holds a column which nobody who gets it may see; the error says which, and who may.

    *classes* are the sensitivities of its columns by name; one of no known class is personal. Without a policy only sensitive
    columns are refused.
    """
    refuse_sensitive(classes)
    if policy is None:
        return
    for column, sensitivity in classes.items():
        if sensitivity in OPEN or column in may_hold(policy, purpose, channels):
            continue
        told = f"column '{column}' is {'personal' if sensitivity == 'personal' else 'of no declared class, so personal'}"
        where = f"the columns of '{name}'" if name else "the columns"
        if purpose == ANALYSIS:
            hint = f"leave '{column}' out; a list with it has the purpose of a contact"
            raise Refused(f"{told}, and a list for analysis holds none", hint=hint, where=where)
        whom = f"{purpose} by {', '.join(channels)}" if channels else purpose
        raise Refused(f"{told}, and not one that a list for {whom} may hold", hint=_who_may(policy, column), where=where)


def refuse_told(told: Mapping[str, str], purpose: str, *, strata: str = "") -> None:
    """Refuse a list whose order, or whose account of itself, would tell what its columns may not hold.

    *told* are the sensitivities of what it is sorted by. Sensitive values sort no list, since their order tells them; personal ones
    and keys none for analysis. *strata* is the class of the strata, whose values stand in manifest and ledger as they are.
    """
    for name, kind in told.items():
        if kind == "sensitive" or (purpose == ANALYSIS and kind not in OPEN):
            what = "sensitive" if kind == "sensitive" else f"a key or personal, and the list for {ANALYSIS}"
            raise Refused(
                f"'{name}' is {what}: the order of rows would tell it", hint=f"leave '{name}' out of the order", where="the order"
            )
    if strata and strata not in OPEN:
        told_class = strata if strata in ("personal", "sensitive") else "of no declared class, so personal"
        raise Refused(
            f"the strata are {told_class}, and the list's account would tell their values",
            hint="take a tag that is public or internal", where="the strata",
        )  # fmt: skip


def in_hashed_order(
    frame: polars.DataFrame, key: str, order: Sequence[str], hashes: Callable[[polars.Series], polars.Series]
) -> polars.DataFrame:
    """Return rows sorted by *order* (columns of *frame*) and then by key, with those that are equal in that of the hashed keys."""
    import polars as pl

    equal = frame.select(order).to_struct("equal").rle_id() if order else pl.repeat(0, frame.height, eager=True)
    places = pl.DataFrame({"equal": equal, "hash": hashes(frame[key])}).with_row_index("place").sort("equal", "hash")["place"]
    return frame[places]


def may_hold(policy: Policy, purpose: str, channels: Sequence[str] = ()) -> frozenset[str]:
    """Return the personal columns that a list of *purpose* may hold: what one of its channels needs, where that is said; else
    what the purpose may.
    """  # fmt: skip
    told = policy.purposes.get(purpose)
    own = frozenset(() if told is None else told.personal)
    if told is None or not channels:
        return own
    needs = [policy.channels[channel].personal if channel in policy.channels else None for channel in channels]
    return frozenset().union(*(own if personal is None else personal for personal in needs))


def _who_may(policy: Policy, column: str) -> str:
    purposes = [name for name, told in policy.purposes.items() if column in told.personal]
    channels = [name for name, told in policy.channels.items() if column in (told.personal or ())]
    found = [f"{', '.join(names)} ({kind})" for names, kind in ((purposes, "purpose"), (channels, "channel")) if names]
    may = f"may hold it: {'; '.join(found)}" if found else "nobody may hold it"
    return f"leave '{column}' out of the columns; {may}, by `personal` under [policy] in c360.toml"


def only_where_needed(
    frame: polars.DataFrame, classes: Mapping[str, str], policy: Policy, purpose: str, channel: str = "channel"
) -> polars.DataFrame:
    """Return *frame* with personal values emptied in the rows whose channel may not hold them; *channel* names its column.

    A list for several channels may hold what any of them needs, so each row still tells no more than its own channel does. Rows
    without a channel keep what the purpose may hold.
    """
    import polars as pl

    if channel not in frame.columns:
        return frame
    used = [name for name in frame[channel].unique().to_list() if name is not None]
    held = {name: may_hold(policy, purpose, (name,)) for name in used}
    own = may_hold(policy, purpose)
    emptied = []
    for column in (name for name, sensitivity in classes.items() if sensitivity not in OPEN):
        keeps = pl.col(channel).is_in([name for name in used if column in held[name]]).fill_null(column in own)
        emptied.append(pl.when(keeps).then(pl.col(column)).alias(column))
    return frame.with_columns(emptied)


def with_hashed_keys(
    frame: polars.DataFrame, keys: Iterable[str], hashes: Callable[[polars.Series], polars.Series]
) -> polars.DataFrame:
    """Return *frame* with the columns *keys* hashed, for a list that contacts nobody: equal keys stay equal; null stays null."""
    return frame.with_columns(hashes(frame[name]).alias(name) for name in keys)


def refuse_reason(reason: str, doing: str = "unmasked personal values", example: str = "what the numbers are for") -> None:
    """Refuse to do what needs a reason for none, or for one that says nothing."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(
            f"{doing} need a reason of at least {SHORTEST_REASON} characters",
            hint=f'write --reason "{example}"; it goes into the audit log',
        )


def refuse_file_name(name: str, sensitive: Iterable[str]) -> None:
    """Refuse a file name that holds the name of a *sensitive* definition: it would tell it of everybody on the list.

    Names in letters count as words: ``sex`` is not in ``essex-2026.csv``; Chinese ones stand anywhere. Capitals, and what stands
    between words, make no difference.
    """
    words = _words(name)
    for one in sensitive:
        wanted = _words(one)
        if wanted and (f"_{wanted}_" in f"_{words}_" or (not wanted.isascii() and wanted in words)):
            raise Refused(
                f"the file's name holds '{one}', which is sensitive",
                hint="name it by what is done with it",
                where="the file's name",
            )


def _words(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")
