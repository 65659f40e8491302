"""A list's members in; whom it is for, what contacting them costs and may bring, and what a comparison will show, out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from c360.deliver import stages
from c360.deliver.aim import Aim
from c360.deliver.statistics import detectable, sample_ratio
from c360.lists.staging import channel_title, held_share

if TYPE_CHECKING:
    import polars

    from c360.lists.listing import Prepared
    from c360.lists.staging import Staged
    from c360.lists.targeting import Asked

BASE_RATES = (0.05, 0.2)
CHANCES = ("share", "probability")  # the units of a score that says how likely a yes is


def aim_of(prepared: Prepared, found: Staged, members: polars.DataFrame, canaries: int) -> Aim:
    """Return what the list is for, and what contacting its *members* costs and may bring."""
    import polars as pl

    asked = prepared.asked
    request, policy = asked.request, asked.policy
    treated = members.filter(pl.col(stages.ARM) == stages.TREATED)
    by_channel = dict(treated[stages.CHANNEL].drop_nulls().value_counts().sort(stages.CHANNEL).iter_rows())
    contacts = sum(policy.channels[name].cost * rows for name, rows in by_channel.items()) if policy is not None else 0.0
    cost, value, paid_at = _money(asked, treated, contacts)
    held = members.height - treated.height
    return Aim(
        request.purpose, request.campaign, None if policy is None else prepared.on, treated.height, held,
        tuple(by_channel.items()), tuple((name, channel_title(asked, name)) for name in by_channel), _strata(asked, members), cost,
        value, paid_at, request.recipient, canaries, _keep_until(asked, prepared.on),
        _powers(held_share(asked), treated.height, held),
    )  # fmt: skip


def _money(asked: Asked, treated: polars.DataFrame, contacts: float) -> tuple[float, float | None, float | None]:
    """Return the cost to expect, the value to expect, and the share of yes at which the contacts are paid.

    A score that is a probability says how many say yes: then value and the offer's cost are expected sums. Any other score says
    only who comes first: then the cost is that of the contacts, and only the share that pays for them is known.
    """
    import polars as pl

    request = asked.request
    if request.value is None or not treated.height:
        return contacts, None, None
    offer = 0.0 if request.offer is None else request.offer.cost
    worth = treated[stages.VALUE].fill_null(0.0)
    gain = float((worth - offer).sum())
    paid_at = contacts / gain if gain > 0 else None
    definition = asked.workspace.catalog.definitions.get(request.score)
    if definition is None or definition.unit not in CHANCES:
        return contacts, None, paid_at
    chance = treated[stages.SCORE].fill_null(0.0)
    expected = treated.select((pl.lit(worth) * pl.lit(chance)).sum(), (pl.lit(chance) * offer).sum().alias("offers")).row(0)
    return contacts + float(expected[1]), float(expected[0]), paid_at


def _strata(asked: Asked, members: polars.DataFrame) -> tuple[tuple[str, int, int], ...]:
    """Return each stratum with its treated and its held out."""
    import polars as pl

    if not asked.request.strata:
        return ()
    arm = pl.col(stages.ARM)
    counted = members.group_by(stages.STRATUM).agg(
        (arm == stages.TREATED).sum().alias("treated"), (arm == stages.HELD_OUT).sum().alias("held")
    )
    return tuple((name or "?", a, b) for name, a, b in counted.sort(stages.STRATUM, nulls_last=True).iter_rows())


def _keep_until(asked: Asked, on: date) -> date | None:
    """Return the day after which the list must be gone; None where no policy says."""
    policy = asked.workspace.settings.policy
    if policy is None:
        return None
    purpose = policy.purposes.get(asked.request.purpose)
    days = (purpose.keep_days if purpose is not None else None) or policy.keep_days
    return on + timedelta(days=days)


def _powers(share: float, treated: int, held: int) -> tuple[str, ...]:
    """Return what a comparison of the two arms can tell, in words."""
    if not share:
        return ()
    if not treated or not held:
        return ("one arm is empty: no effect can be told",)
    told = []
    for base in BASE_RATES:
        least = detectable(treated, held, base)
        said = f"a rise of {least * 100:.1f} points or more" if least is not None else "no rise, however large,"
        told.append(f"at a base rate of {base:.0%} {said} will show (80% power, 5% error)")
    ratio = sample_ratio(treated, held, share)
    if ratio is not None and ratio.is_broken:
        told.append(f"{ratio.share:.1%} are held out, {ratio.meant:.1%} were meant (p = {ratio.p:.1g}): something moved the arms")
    return tuple(told)
