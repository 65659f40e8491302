"""`build`: publish a snapshot of the tags, of one day or of each of many; parse, ask the workspace, print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from c360.cli import show
from c360.cli.completion import tag_names
from c360.cli.options import AllowCurrent, AllowStale, Common, Json, common, day
from c360.cli.progress import Steps, is_wanted
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.builds.building import BuildResult
    from c360.builds.tabling import Told

HEAD = ("as_of", "entity", "family", "columns", "state", "reason")
Every = Annotated[str, typer.Option("--every", help="With a range of dates: each day, week or month's end.")]


def build(
    context: typer.Context,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The as-of date D, or a range A..B; else the last day the data covers.")
    ] = None,
    tags: Annotated[
        str | None, typer.Option("--tags", help="Tags and segments, with commas; else all that can be.", autocompletion=tag_names)
    ] = None,
    every: Every = "day",
    partitions: Annotated[
        int | None, typer.Option("--partitions", min=1, help="Compute the rows in so many parts; else as the memory asks.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Compute everything anew; reuse nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Publish values other than those built for the same day.")] = False,
    allow_future: Annotated[bool, typer.Option("--allow-future", help="Build a day that has not come.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another build to end.")] = False,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    json: Json = False,
) -> None:
    """Compute tags and publish them as a snapshot; what nothing has changed for is taken from the last one."""
    first, last = _days(as_of)
    options: dict[str, Any] = {
        "parts": partitions, "full": full, "replace": replace, "waits": wait, "future": allow_future,
        "current": allow_current, "stale": allow_stale,
    }  # fmt: skip
    workspace = common(context).open()
    with _told(common(context), workspace) as told:
        chosen = show.names(tags) or ()
        if last is None:
            found = [workspace.build(*chosen, as_of=first, told=told, **options)]
        else:
            found = workspace.backfill(*chosen, first=first, last=last, every=every, told=told, **options)
    if json:
        return show.data(show.dumps(found[0].as_json() if last is None else [one.as_json() for one in found]))
    show.table(HEAD, [row for one in found for row in _rows(one)], numbers=HEAD[3:4])
    for one in found:
        _say(common(context), one)
    return None


def _days(text: str | None) -> tuple[Any, Any]:
    """Return the day, or the first and the last of a range."""
    if text is None or ".." not in text:
        return day(text), None
    first, _, last = text.partition("..")
    if not first or not last:
        raise UsageError(f"--as-of takes a date or a range, found '{text}'", hint="write it like 2026-08-01..2026-10-31")
    return day(first), day(last)


@contextmanager
def _told(options: Common, workspace: Any) -> Iterator[Told | None]:
    """Hand out what is told each step, and show on a terminal how far the build is."""
    if not is_wanted(quiet=options.quiet):
        yield None
        return
    line = Steps("building")
    workspace.watch = line
    try:
        yield line.step
    finally:
        line.close()


def _rows(one: BuildResult) -> list[tuple[object, ...]]:
    return [(one.as_of, f.entity, f.family, f.columns, f.state, f.reason) for f in one.outcomes]


def _say(options: Common, one: BuildResult) -> None:
    rows = ", ".join(f"{count:,} {entity}" for entity, count in one.rows.items())
    done = "built" if one.is_new else "unchanged, nothing to build"
    show.talk(options, f"as of {one.as_of}: {done}: snapshot {one.generation}, rows: {rows}")
    if one.left_out:
        reasons = sorted(one.left_out.items())
        show.talk(options, f"left out {len(reasons)}: {_some(reasons)}")
    show.talk(options, *one.notes)
    show.marks(options, one.marks)


def _some(left_out: list[tuple[str, str]]) -> str:
    shown = "; ".join(f"{name} ({reason})" for name, reason in left_out[:3])
    return shown if len(left_out) <= 3 else f"{shown}; and {len(left_out) - 3} more: --json lists them"
