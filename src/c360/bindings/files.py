"""A binding's path or pattern in, the files it stands for and whether they are alike out; opens none of them."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from c360.errors import BadValues, ChangedFile, MissingColumn, MissingSource

if TYPE_CHECKING:
    from c360.bindings.csv_files import Header
    from c360.bindings.settings import SourceBinding

SIGNS = "*?["
LEFT_OUT = (".", "_")  # other programs put files still being written behind these: _temporary/, .part-0.parquet


@dataclass(frozen=True)
class FileState:
    """What tells one version of a file from another."""

    path: Path
    size: int
    changed_ns: int
    inode: int


class Placed(Protocol):
    """What says where the files of a source are."""

    @property
    def path(self) -> str | None:
        """A file, or a pattern of files."""

    @property
    def database(self) -> str | None:
        """The database that its table is in."""


def files_of(source: str, binding: Placed, folder: Path) -> tuple[Path, ...]:
    """Return the files a binding stands for, in the order of their names; raises MissingSource for none."""
    if binding.path is None:
        return (_database(source, binding, folder),) if binding.database is not None else ()
    file = folder / binding.path
    if file.is_file():
        return (file,)
    if is_pattern(binding.path):
        found = _matching(binding.path, folder)
        if found:
            return found
        raise _missing(source, binding.path, "which matches no file", "path", folder)
    raise _missing(source, binding.path, "which is not there", "path", folder)


def is_pattern(path: str) -> bool:
    """Whether *path* stands for all files it matches."""
    return any(sign in path for sign in SIGNS)


def states(files: Sequence[Path]) -> tuple[FileState, ...]:
    """Return the present state of *files*; raises ChangedFile for one that is gone."""
    found = []
    for file in files:
        try:
            seen = file.stat()
        except OSError:
            raise ChangedFile(f"{file.name} went away while it was read", hint="run again when it is back") from None
        found.append(FileState(file, seen.st_size, seen.st_mtime_ns, seen.st_ino))
    return tuple(found)


def refuse_changed(before: Sequence[FileState]) -> None:
    """Raise ChangedFile where a file is another one than *before*: what was read may be half of each."""
    for old, new in zip(before, states([state.path for state in before]), strict=True):
        parts = [
            name
            for name, differs in (
                ("size", old.size != new.size), ("time", old.changed_ns != new.changed_ns), ("inode", old.inode != new.inode)
            )
            if differs
        ]  # fmt: skip
        if parts:
            raise ChangedFile(
                f"{old.path.name} changed while it was read ({', '.join(parts)})",
                hint="run again when nobody writes it",
                where=old.path.name,
            )


def with_partitions(file: Path, header: Header, binding: SourceBinding) -> Header:
    """Return *header* with the columns that stand in the folders of *file*; raises MissingColumn where one does not.

    An engine told of folders takes them all, even for a column of the file: where *header* has one that the binding does not
    name, BadValues is raised.
    """
    there = partitions(file)
    for name in binding.partitions:
        if name not in there:
            raise MissingColumn(
                f"{file.name}: no folder above it is called {name}=…, expected one for every file of the pattern",
                hint="mend partitions, or the pattern in path",
                where="c360.toml",
            )
    kept = [column for column in header if column[0] not in binding.partitions]
    named, own = {name.lower() for name in binding.partitions}, {name.lower() for name, _ in header}
    for name in partitions(Path(os.path.abspath(file))):
        if name.lower() in own - named:
            raise BadValues(
                f"{file.name}: a folder above it is called {name}=…, and the file has a column of that name",
                hint=f"rename the folder, or add {name} to partitions to read it from there",
                where="c360.toml",
            )
    return (*kept, *((name, "VARCHAR") for name in binding.partitions))


def partitions(file: Path) -> dict[str, str]:
    """Return what the folders of *file* say: ``month=2026-08`` gives month and 2026-08."""
    parts = [part.partition("=") for part in file.parent.parts]
    return {name: unquote(value) for name, sign, value in parts if sign and name}


def refuse_other_schema(files: Sequence[Path], headers: Sequence[Header], needed: Sequence[str]) -> None:
    """Refuse a file whose columns *needed* are not there, or of another type than in the first file.

    An engine that is given both takes the first file's word, and a column that only later files have vanishes.
    """
    first = dict(headers[0])
    for file, header in zip(files[1:], headers[1:], strict=True):
        found = dict(header)
        for name in needed:
            if found.get(name) == first.get(name):
                continue
            if name in first and name in found:
                told = f"expected {first[name]} as in {files[0].name}, found {found[name]}"
                raise BadValues(f"{file.name}, column {name}: {told}", hint=_alike(file), where=file.name)
            lacking, having = (files[0], file) if name in found else (file, files[0])
            told = f"{lacking.name} lacks column {name}, expected {dict(first | found)[name]} as in {having.name}"
            raise MissingColumn(told, hint=_alike(lacking), where=lacking.name)


def _alike(file: Path) -> str:
    return f'write {file.name} like the others, leave it out of the pattern, or bind both with sql = "SELECT … UNION ALL …"'


def _matching(pattern: str, folder: Path) -> tuple[Path, ...]:
    absolute = os.path.isabs(pattern)
    whole = pattern if absolute else os.path.join(glob.escape(str(folder)), pattern)
    parts = Path(pattern).parts
    plain = next((place for place, part in enumerate(parts) if is_pattern(part)), len(parts))
    fixed = plain if absolute else len(folder.parts) + plain
    found = (Path(name) for name in glob.glob(whole, recursive=True))
    return tuple(sorted(p for p in found if p.is_file() and not any(x.startswith(LEFT_OUT) for x in p.parts[fixed:])))


def _database(source: str, binding: Placed, folder: Path) -> Path:
    file = folder / (binding.database or "")
    if not file.is_file():
        raise _missing(source, binding.database or "", "which is not there", "database", folder)
    return file


def _missing(source: str, path: str, told: str, key: str, folder: Path) -> MissingSource:
    place = "that place" if Path(path).is_absolute() else f"the data folder, {folder}"
    fix = f"put the file there, mend [sources.{source}] {key} in c360.toml, or name the data folder with --data or C360_DATA"
    if folder.name == "c360-demo":
        fix = "make the demo's data with: c360 demo"
    return MissingSource(f"source {source} is bound to '{path}', {told}", hint=f"looked in {place}; {fix}")
