"""Names of tags, segments and sources for the shell's completion: a cached index in, names out; never loads a workspace."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from c360.workspace import Workspace

INDEX = Path(".c360") / "names.json"
SETTINGS = "c360.toml"


def remember_names(workspace: Workspace) -> None:
    """Write the workspace's names to its index, where a command loaded them and they changed; never fails."""
    catalog = workspace.loaded_catalog
    if catalog is None:
        return
    kinds = {name: definition.kind for name, definition in catalog.definitions.items()}
    named: dict[str, list[str]] = {kind: sorted(n for n, k in kinds.items() if k == kind) for kind in ("tag", "segment")}
    named |= {"source": sorted(catalog.schema.sources), "campaign": sorted(catalog.campaigns)}
    path = workspace.folder / INDEX
    text = json.dumps(named)
    private = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        path.parent.mkdir(mode=0o700, exist_ok=True)
        private.touch(mode=0o600)
        private.write_text(text, encoding="utf-8")
        os.replace(private, path)
    except OSError:
        with suppress(OSError):
            private.unlink()


def tag_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the tags that begin so."""
    return _named(context, incomplete, "tag")


def segment_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the segments that begin so."""
    return _named(context, incomplete, "segment")


def definition_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the tags and segments that begin so."""
    return _named(context, incomplete, "tag", "segment")


def column_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return what a list of names with commas can go on with: tags and segments."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _named(context, last, "tag", "segment")]


def source_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the sources that begin so."""
    return _named(context, incomplete, "source")


def campaign_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the campaigns that begin so."""
    return _named(context, incomplete, "campaign")


def _named(context: typer.Context, incomplete: str, *kinds: str) -> list[str]:
    top = context.find_root().params.get("workspace")
    asked = Path(str(top or "."))
    named = os.environ.get("C360_WORKSPACE")
    start = Path(named) if named and asked == Path(".") else asked
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / SETTINGS).is_file():
            return sorted(name for name in _index(folder / INDEX, kinds) if name.startswith(incomplete))
    return []


def _index(path: Path, kinds: tuple[str, ...]) -> list[str]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return [str(name) for kind in kinds for name in held.get(kind, [])]
    except (OSError, ValueError, AttributeError):
        return []  # no index yet, or one that was cut off: the next command writes it
