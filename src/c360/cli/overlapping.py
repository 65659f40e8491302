"""`overlap`: the members that segments share; parse, ask the workspace, print a matrix or the largest pairs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.completion import segment_names
from c360.cli.options import AllowCurrent, AllowStale, AsOf, Json, NoSnapshot, common, day
from c360.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from c360.audience.overlap import Overlap, Pair

LONGEST = 40
HEAD = ("segment", "other", "both", "share", "jaccard", "lift")
HEAD_ZH = ("客群", "对比客群", "共有", "占前者", "重合度", "提升度")


def overlap(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Two segments or more.", autocompletion=segment_names)] = None,
    every: Annotated[bool, typer.Option("--all", help="All segments of the entity that can be counted here.")] = False,
    pairs: Annotated[bool, typer.Option("--pairs", help="Print a list of pairs, whatever their number.")] = False,
    entity: Annotated[str | None, typer.Option(help="With --all: whose segments; else those of the default entity.")] = None,
    as_of: AsOf = None,
    allow_current: AllowCurrent = False,
    allow_stale: AllowStale = False,
    no_snapshot: NoSnapshot = False,
    json: Json = False,
) -> None:
    """Count the members that segments share: a matrix of a few, else the pairs that share most, with shares and lift."""
    if every == bool(names) or (entity is not None and not every):
        raise UsageError(
            "name the segments, or take all of an entity with --all and --entity", hint="c360 overlap A B C, or c360 overlap --all"
        )
    workspace = common(context).open()
    found = workspace.overlap(
        *names or (), entity=entity, as_of=day(as_of), allow_current=allow_current, allow_stale=allow_stale,
        snapshot=not no_snapshot,
    )  # fmt: skip
    if json:
        return show.data(show.dumps(found.as_json()))
    is_zh = common(context).lang == "zh"
    titles = workspace.catalog.titles("zh") if is_zh else {}
    base = f"the universe {found.universe}" if found.universe else f"every {found.entity}"
    if pairs or found.is_wide:
        _print_pairs(found, titles, HEAD_ZH if is_zh else HEAD)
        show.talk(common(context), *_left_out(found))
    else:
        called = [titles.get(name, name) for name in found.names]
        rows = [(title, *row) for title, row in zip(called, found.matrix(), strict=True)]
        show.table(((HEAD_ZH if is_zh else HEAD)[0], *called), rows, numbers=called)
    show.talk(common(context), f"as of {found.as_of}, of {found.base:,} rows: {base}")
    show.notes(common(context), found.origin, found.marks)
    return None


def _print_pairs(found: Overlap, titles: Mapping[str, str], head: tuple[str, ...]) -> None:
    rows = [
        (titles.get(p.one, p.one), titles.get(p.other, p.other), p.both, _rounded(p.share), _rounded(p.jaccard), _rounded(p.lift))
        for p in _shown(found)
    ]
    show.table(head, rows, numbers=head[2:])


def _shown(found: Overlap) -> list[Pair]:
    """Return the pairs to print: all of them into a pipe, the first on a terminal, which has an end."""
    return found.pairs() if not sys.stdout.isatty() else found.pairs()[:LONGEST]


def _left_out(found: Overlap) -> list[str]:
    more = len(found.pairs()) - len(_shown(found))
    return [f"and {more:,} pairs more: --json has them all"] if more > 0 else []


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
