"""A policy and the size of a list in, a refusal that says why and what would let it pass out; knows no row and no clock.

A guard never decides that a list is wrong, only that a person must look: the number of rows, said aloud, lets it pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf, log
from typing import TYPE_CHECKING, Any

from c360.bindings.policy import WEEKDAYS
from c360.errors import DefinitionError, Refused

if TYPE_CHECKING:
    from c360.bindings.policy import Policy

FARTHEST = 366  # days ahead in which some day is not quiet, or the policy is wrong
BASE = "all"
Waterfall = Sequence[Mapping[str, Any]]


def is_quiet(policy: Policy, day: date) -> bool:
    """Whether nobody is contacted on *day*."""
    return day in policy.quiet_days or WEEKDAYS[day.weekday()] in policy.quiet_weekdays


def next_allowed(policy: Policy, on: date) -> date:
    """Return *on*, or the first day after it that is not quiet; raises DefinitionError where a whole year is."""
    for ahead in range(FARTHEST + 1):
        day = on + timedelta(days=ahead)
        if not is_quiet(policy, day):
            return day
    raise DefinitionError(
        f"every day from {on} to {on + timedelta(days=FARTHEST)} is quiet",
        hint="leave a day out of quiet_weekdays or quiet_days",
        where="c360.toml [policy]",
    )


def refuse_quiet(policy: Policy, on: date) -> None:
    """Refuse a day of contact that is quiet; raises Refused that names the next day that is not."""
    if not is_quiet(policy, on):
        return
    reason = "quiet_days" if on in policy.quiet_days else "quiet_weekdays"
    raise Refused(
        f"{on} ({WEEKDAYS[on.weekday()]}) is a quiet day: nobody is contacted",
        hint=f"contact on {next_allowed(policy, on)}: --on {next_allowed(policy, on)}",
        where=f"c360.toml [policy] {reason}",
    )


def refuse_size(
    policy: Policy, rows: int, base: int, name: str, last: Mapping[str, Any] | None, waterfall: Waterfall,
    accept_size: int | None = None,
) -> None:  # fmt: skip
    """Refuse a list of *rows* rows of a *base* that is too short, too long, or not like the *last* one called *name*.

    *last* is the manifest of that one, None for the first. *waterfall* holds the stages as plain data. Only *accept_size*, the
    very number of rows, lets pass what a guard would refuse. Raises Refused (E06, E08); no message holds a key.
    """
    told = [*_limits(policy, rows, base), *_change(policy, rows, name, last, waterfall)]
    if not told or accept_size == rows:
        return
    given = "" if accept_size is None else f"; --accept-size {accept_size} is another number"
    raise Refused(
        f"the list of {name} has {rows:,} rows: {'; '.join(told)}; nothing was written",
        hint=f"look at the stages with --dry-run; if the list is right, go on with --accept-size {rows}{given}",
        where="the list",
    )


def top_cause(before: Waterfall, now: Waterfall) -> str:
    """Return in words the stage that did most to make a list longer or shorter than *before*; empty where none did.

    A list is its base times the share that each stage lets through, so the stage whose share moved the list most its way, as a
    factor, is the one; of a base, its size counts. Stages are told apart by kind and name; one that only one of the two lists has
    let everybody through in the other.
    """
    old, new = _through(before), _through(now)
    if not old or not new:
        return ""
    grows = 1 if now[-1]["left"] > before[-1]["left"] else -1
    factors = {stage: grows * log(_share(new.get(stage)) / _share(old.get(stage))) for stage in dict.fromkeys([*new, *old])}
    worst = max(factors, key=lambda stage: factors[stage])
    if factors[worst] <= 0:
        return ""
    words = (new.get(worst) or old[worst]).words
    return f"'{words}' let through {_told(new.get(worst))}, last time {_told(old.get(worst))}"


def _limits(policy: Policy, rows: int, base: int) -> Iterator[str]:
    if policy.min_rows is not None and rows < policy.min_rows:
        yield f"at least {policy.min_rows:,} are asked for (min_rows)"
    if policy.max_rows is not None and rows > policy.max_rows:
        yield f"at most {policy.max_rows:,} are allowed (max_rows)"
    if policy.max_share is not None and rows > policy.max_share * base:
        share = f"{rows / base:.1%}" if base else "more"
        yield f"that is {share} of the base of {base:,}, at most {policy.max_share:.1%} are allowed (max_share)"


def _change(policy: Policy, rows: int, name: str, last: Mapping[str, Any] | None, waterfall: Waterfall) -> Iterator[str]:
    if last is None or policy.max_change is None:
        return
    results = last.get("results", {})
    old = int(results.get("treated", results.get("rows", 0)))  # a canary is a row, and no contact
    change = abs(rows - old) / old if old else (inf if rows else 0.0)
    if change <= policy.max_change:
        return
    moved = f"{(rows - old) / old:+.1%}" if old else "from none"
    cause = top_cause(results.get("waterfall", ()), waterfall)
    told = f"the last list of {name} had {old:,} ({moved}, at most {policy.max_change:.1%} either way are allowed: max_change)"
    yield f"{told}; top cause: {cause}" if cause else told


@dataclass(frozen=True)
class Through:
    """What one stage let through of the rows that came to it; a base lets its own rows through, of one."""

    words: str
    entered: int
    left: int
    is_base: bool


def _through(waterfall: Waterfall) -> dict[tuple[str, str, int], Through]:
    """Return what each stage let through, by its kind, its name and how often both stood before."""
    met: Counter[tuple[str, str]] = Counter()
    found = {}
    for stage in waterfall:
        kind, name, is_base = str(stage["kind"]), str(stage["name"]), stage["kind"] == BASE
        found[kind, name, met[kind, name]] = Through(
            str(stage["words"]), 1 if is_base else int(stage["entered"]), int(stage["left"]), is_base
        )
        met[kind, name] += 1
    return found


def _share(through: Through | None) -> float:
    # Half a row stands for none, so that a stage that let nobody through has a factor.
    return 1.0 if through is None else max(through.left, 0.5) / max(through.entered, 0.5)


def _told(through: Through | None) -> str:
    if through is None:
        return "everybody (no such stage)"
    return f"{through.left:,}" if through.is_base else f"{through.left:,} of {through.entered:,}"
