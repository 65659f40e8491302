"""Options that several commands share, and what they say together."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from c360.cli.completion import column_names, remember_names
from c360.cli.progress import Line, is_wanted
from c360.errors import UsageError

if TYPE_CHECKING:
    from c360.audience.size import Sizes
    from c360.workspace import Workspace

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder where relative source paths start; else C360_DATA, else c360.toml."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The as-of date D as YYYY-MM-DD; else the last day the data covers.")]
AllowCurrent = Annotated[bool, typer.Option("--allow-current", help="Use columns without history for a past date; marked.")]
AllowStale = Annotated[bool, typer.Option("--allow-stale", help="Go on where a dense source does not cover its window; marked.")]
NoSnapshot = Annotated[bool, typer.Option("--no-snapshot", help="Compute from the sources, whatever was built.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write (.xlsx .csv .parquet .jsonl .duckdb); - is stdout.")
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns", "-c", help="Columns besides the key, with commas; else what the rule refers to.", autocompletion=column_names
    ),
]
Order = Annotated[
    str | None, typer.Option("--order", help="Columns to sort by, with commas; -name falls. The key ends every order.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Keep the first rows in that order.")]
Format = Annotated[
    str | None, typer.Option("--format", help="xlsx, csv, parquet, jsonl or duckdb, when the file's ending does not say.")
]
Headers = Annotated[
    str | None, typer.Option("--headers", help="Head the columns with their names or their titles; a workbook has titles.")
]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Encoding of a CSV file: utf-8, gb18030, gbk, gb2312 or big5.")]
Keys = Annotated[Path | None, typer.Option("--keys", help="Keep to the keys in this file, one a line; - reads them from stdin.")]
Where = Annotated[str | None, typer.Option("--where", help="A rule as text, such as \"value_tier >= 'mid' and not on_contract\".")]
About = Annotated[str | None, typer.Option("--entity", help="Whose rows --where is about; else those of the default entity.")]
Form = Annotated[
    str | None, typer.Option("--as", help="Print the rule alone: text, as --where takes it, or json, the checked tree.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the waterfall and a masked sample; write nothing.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="Write the list although nobody is on it.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")]


@dataclass(frozen=True)
class Common:
    """The global options of one call."""

    workspace: Path
    data: Path | None
    lang: str
    quiet: bool
    verbose: bool
    threads: int | None
    memory: str | None
    timeout: float | None = None
    opened: list[Workspace] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where the workspace is, or below it."""
        named = os.environ.get("C360_WORKSPACE")
        folder = Path(named) if named and self.workspace == Path(".") else self.workspace
        if not folder.exists():
            raise UsageError(f"the folder {folder} is not there", hint="make a workspace with: c360 init " + str(folder))
        return folder

    def stored_sizes(self, names: Sequence[str], as_of: date | None) -> Sizes | None:
        """Return the sizes of segments from a snapshot, without opening the workspace; None where it must be opened."""
        from c360.quick import Place, stored_sizes

        return stored_sizes(Place(self.folder, self.data, self.threads, self.memory, self.timeout), names, as_of)

    def open(self) -> Workspace:
        """Open the workspace the options name."""
        from c360.workspace import Workspace

        found = Workspace.find(self.folder, data_folder=self.data, threads=self.threads, memory=self.memory, timeout=self.timeout)
        found.watch = Line() if is_wanted(quiet=self.quiet) else None
        if self.verbose and not self.quiet:
            found.tell_why = lambda reason: print(reason, file=sys.stderr)
        self.opened.append(found)
        return found

    def close(self) -> None:
        """Close every workspace that was opened: its names are kept for completion, nothing copied for the engine is."""
        while self.opened:
            workspace = self.opened.pop()
            remember_names(workspace)
            workspace.close()


def common(context: typer.Context) -> Common:
    """Return the global options."""
    found = context.obj
    assert isinstance(found, Common)
    if found.lang not in {"en", "zh"}:
        raise UsageError(f"--lang is en or zh, found '{found.lang}'", hint="write --lang en or --lang zh")
    return found


def rule(where: str | None, entity: str | None) -> dict[str, Any]:
    """Return what a request says of its rule; ``--entity`` without one is refused."""
    if where is None and entity is not None:
        raise UsageError("--entity says whose rows --where is about; a tag or segment knows its own", hint="leave --entity out")
    return {} if where is None else {"where": where, "entity": entity}


def given_keys(place: Path | None) -> tuple[str, ...] | None:
    """Return the keys in the file an option names, one a line; ``-`` is stdin. No message shows one."""
    if place is None:
        return None
    raw = sys.stdin.buffer.read() if str(place) == "-" else place.read_bytes()
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise UsageError("the keys are no UTF-8 text", hint="give one key a line, in UTF-8") from None
    return tuple(line.strip() for line in lines if line.strip())


def day(text: str | None, option: str = "--as-of") -> date | None:
    """Return the date an option gives."""
    if text is None:
        return None
    from c360.expr.dates import in_reach

    try:
        return in_reach(date.fromisoformat(text))
    except ValueError:
        raise UsageError(f"{option} takes a date, found '{text}'", hint="write it like 2026-10-31") from None
