"""The command verify: a list's file in, one workspace method, what differs and why out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from c360.cli import show
from c360.cli.options import Json, common, given_keys

if TYPE_CHECKING:
    from c360.cli.options import Common
    from c360.deliver.verification import Verification

KEYS = "The keys given when the list was made, one a line; - reads them from stdin."


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A list's file, one of its files, or its manifest.")],
    keys: Annotated[Path | None, typer.Option("--keys", help=KEYS)] = None,
    json: Json = False,
) -> None:
    """Hold a list against its manifest, make it again from its data, and say what changed: file, data, definitions, parameters."""
    options = common(context)
    found = options.open().verify(file, keys=given_keys(keys))
    if json:
        show.data(show.dumps(found.as_json()))
    else:
        _print(options, found)
    if not found.ok:
        raise typer.Exit(1)


def _print(options: Common, found: Verification) -> None:
    on = f", contact on {found.on}" if found.on else ""
    show.talk(options, f"{found.name}, list {found.list_id}: as of {found.as_of}{on}, {found.rows:,} rows, made at {found.made_at}")
    for line in found.lines():
        show.data(line)
