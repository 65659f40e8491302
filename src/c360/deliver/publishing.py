"""Prepared files in, all of them under their names out, or none: as far as a disk lets several files appear together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from c360.deliver.writers import NO_LINKS, Prepared, private_name, sync_folder


def publish(prepared: Sequence[Prepared], *, force: bool) -> None:
    """Give every file its name in the order given, the manifest first; each appears whole.

    On any fault, an interruption among them, what this call named is taken back, and what it replaced (only with *force*) stands
    again, where the disk knows links; then the fault goes on. A killed process can leave some of the files named: the manifest
    tells which there should be. Raises TargetExists for a file that appeared meanwhile, ResourceError for a full disk.
    """
    tried: list[Prepared] = []
    stood: dict[Path, Path | None] = {}
    try:
        for one in prepared if force else ():
            _keep(one.path, stood)
        for one in prepared:
            tried.append(one)
            one.publish(force=force)
    except BaseException:
        for one in reversed(tried):
            _take_back(one, stood)
        raise
    finally:
        for one in prepared:
            one.discard()
        for second in stood.values():
            if second is not None:
                second.unlink(missing_ok=True)


def _keep(path: Path, stood: dict[Path, Path | None]) -> None:
    """Give the file at *path*, if there is one, a second, private name to come back from; None where the disk knows no links."""
    if not os.path.lexists(path):
        return
    second = private_name(path, "before")
    second.unlink(missing_ok=True)
    try:
        os.link(path, second, follow_symlinks=False)
        stood[path] = second
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        stood[path] = None


def _take_back(one: Prepared, stood: dict[Path, Path | None]) -> None:
    """Take the name away again if it is ours; put back what had it."""
    before = stood.get(one.path)
    if not _is_named(one) or (before is None and one.path in stood):
        return
    with suppress(OSError):  # the fault that brought us here is the one to tell
        if before is None:
            one.path.unlink(missing_ok=True)
        else:
            os.replace(before, one.path)
        sync_folder(one.path.parent)


def _is_named(one: Prepared) -> bool:
    """Whether the file stands under its name: linked, or moved there, in which case its private name is gone."""
    try:
        return os.path.samefile(one.temporary, one.path)
    except FileNotFoundError:
        return not one.temporary.exists() and one.path.exists()
