"""`factors`: what each signal told of an outcome, a row a cluster and signal; parse, ask the workspace, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.completion import tag_names
from c360.cli.options import AllowCurrent, AllowStale, Json, common, day

if TYPE_CHECKING:
    from c360.audience.factors import Factors

HEAD = ("cluster", "rank", "signal", "customers", "shown", "rate", "rate_shown", "lift", "gain", "later_gain", "later_rank",
        "high_risk")  # fmt: skip


def factors(
    context: typer.Context,
    target: Annotated[str, typer.Option("--target", help="The outcome: a yes/no tag.", autocompletion=tag_names)] = "churned_90d",
    by: Annotated[
        str | None, typer.Option("--by", help="A category: measured apart in each level.", autocompletion=tag_names)
    ] = None,
    signals: Annotated[str | None, typer.Option("--signals", help="Yes/no tags, with commas; else all called signal_….")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Measure on this date; else the last but one with a known outcome.")
    ] = None,
    later: Annotated[str | None, typer.Option("--later", help="Measure again on this date; else a month after.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="High risk are the first ranks on both dates.")] = 3,
    correlations: Annotated[bool, typer.Option("--correlations", help="Print how the signals correlate instead.")] = False,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    json: Json = False,
) -> None:
    """Rank what tells an outcome: the information gain of each signal, by cluster, and again a month later."""
    found = common(context).open().factors(
        target, by=by, signals=show.names(signals), as_of=day(as_of), later=day(later), top=top,
        allow_current=allow_current, allow_stale=allow_stale,
    )  # fmt: skip
    if json:
        return show.data(show.dumps(found.as_json()))
    if correlations:
        show.table(
            ("cluster", "signal", "other", "phi"), [(c.cluster, c.signal, c.other, _rounded(c.phi)) for c in found.correlations]
        )
    else:
        show.table(HEAD, _rows(found), numbers=HEAD[3:11])
    show.talk(common(context), f"{found.target} as of {found.as_of}" + (f", again as of {found.later}" if found.later else ""))
    show.talk(common(context), *(f"left out: {name}, {reason}" for name, reason in found.left_out.items()))
    show.marks(common(context), found.marks)
    return None


def _rows(found: Factors) -> list[tuple[object, ...]]:
    return [
        (
            f.cluster, f.rank, f.signal, f.rows, f.shown, _rounded(f.rate), _rounded(f.rate_shown), _rounded(f.lift),
            _rounded(f.gain), _rounded(f.later_gain), f.later_rank, "yes" if f.high_risk else "",
        )
        for f in found.factors
    ]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
