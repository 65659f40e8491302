"""Every error c360 raises, with its code and exit code; knows nothing of what raised it.

C360Error
 ├─ Differs              1  what was made is not what stood before
 ├─ UsageError           2  the command or call is off
 │   ├─ NothingMatched   2  a selector found nothing
 │   └─ TargetExists     2  a file stands where one would be written
 ├─ DefinitionError      3  a tag, segment, source or text rule is wrong
 │   ├─ UnknownName · TypeMismatch · GrainError · CycleError · DuplicateName · AsOfError · TooDeep
 ├─ SourceError          4  the data is missing or broken
 │   ├─ MissingSource · MissingColumn · BadValues · KeyFault · StaleSource · DamagedFile · ChangedFile
 ├─ Refused              5  a guard or a policy says no
 ├─ Busy                 6  another writer holds the place
 ├─ ResourceError        7  out of disk, memory or time
 │   └─ NoProgress       7  the engine hangs
 ├─ SnapshotError        8  damaged, or of another format
 │   └─ NewerFormat      8  written by a later c360
 └─ InternalError       70  a bug of ours

The text of an error never holds a customer's values.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable
from types import FrameType

OWN_FRAMES = ("c360.", "importlib", "typing", "functools", "typer.", "click.", "contextlib")
MOST_AFFECTED = 8  # definitions named in a message; all stand in the error object


class C360Error(Exception):
    """Say what was expected, what was found, where, and one fix (*hint*)."""

    exit_code = 70
    code = "E099"

    def __init__(self, message: str, *, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f" in {self.where}" if self.where else ""
        hint = f"\nhint: {self.hint}" if self.hint else ""
        return f"error[C360-{self.code}]: {self.message}{place}{hint}"

    def as_json(self) -> dict[str, object]:
        """Return the error as the object that ``--json`` prints; keys and codes stay English."""
        return {
            "error": f"C360-{self.code}",
            "kind": type(self).__name__,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
            "exit_code": self.exit_code,
        }


class Differs(C360Error):
    """What was made is not what stood before."""

    exit_code, code = 1, "E010"


class UsageError(C360Error):
    """The command line or the call asks for something that cannot be."""

    exit_code, code = 2, "E020"


class NothingMatched(UsageError):
    """A selector found nothing."""

    code = "E021"


class TargetExists(UsageError):
    """A file stands where one would be written."""

    code = "E022"


class DefinitionError(C360Error):
    """A definition is wrong; *where* is the author's line unless one is given."""

    exit_code, code = 3, "E030"

    def __init__(self, message: str, *, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message, hint=hint, where=where or author_line())


class UnknownName(DefinitionError):
    """A name stands for nothing."""

    code = "E031"

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str], *, where: str | None = None) -> UnknownName:
        """Name the unknown *name* and the nearest of *known*."""
        return cls(f"unknown {kind} '{name}'", hint=did_you_mean(name, known), where=where)


class TypeMismatch(DefinitionError):
    """An operator got a type it does not take."""

    code = "E032"


class GrainError(DefinitionError):
    """Rows of different things were mixed."""

    code = "E033"


class CycleError(DefinitionError):
    """Definitions need each other in a circle."""

    code = "E034"


class DuplicateName(DefinitionError):
    """One name, two definitions."""

    code = "E035"


class AsOfError(DefinitionError):
    """A value that has no history was asked for at a past date."""

    code = "E036"


class TooDeep(DefinitionError):
    """An expression nests deeper than c360 goes."""

    code = "E037"


class SourceError(C360Error):
    """Source data is missing or broken; *affects* are the definitions that read what is wrong, where that is known."""

    exit_code, code = 4, "E040"
    source, column = "", ""
    affects: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(self.affects[:MOST_AFFECTED])
        more = len(self.affects) - MOST_AFFECTED
        told = f"\naffects: {shown}{f' and {more} more' if more > 0 else ''}" if self.affects else ""
        return f"{super().__str__()}{told}"

    def as_json(self) -> dict[str, object]:
        """Return the error as the object that ``--json`` prints, with all it affects."""
        return {**super().as_json(), "affects": list(self.affects)}


class MissingSource(SourceError):
    """A bound source has no file or table."""

    code = "E041"


class MissingColumn(SourceError):
    """A bound source lacks a column."""

    code = "E042"


class BadValues(SourceError):
    """Values of a source break its contract."""

    code = "E043"


class DoesNotFit(BadValues):
    """A value that came out of a computation is too large, or of another kind, for its type."""


class KeyFault(SourceError):
    """Keys of a source are null or stand twice."""

    code = "E044"


class StaleSource(SourceError):
    """A dense source does not cover the days a tag needs."""

    code = "E045"


class DamagedFile(SourceError):
    """A file cannot be read as what it claims to be."""

    code = "E046"


class ChangedFile(SourceError):
    """A file is another one than when the request began."""

    code = "E047"


class Refused(C360Error):
    """A guard or a policy says no."""

    exit_code, code = 5, "E050"


class Busy(C360Error):
    """Another writer holds the place."""

    exit_code, code = 6, "E060"


class ResourceError(C360Error):
    """Disk, memory or time ran out."""

    exit_code, code = 7, "E070"


class NoProgress(ResourceError):
    """The engine hangs and cannot be stopped; the process ends with it."""

    code = "E071"


class OutOfMemory(ResourceError):
    """The engine needs more memory than it may use, or than can be spilled."""

    code = "E072"


class SnapshotError(C360Error):
    """A snapshot is damaged or of another format."""

    exit_code, code = 8, "E080"


class NewerFormat(SnapshotError):
    """A snapshot is of a format that this version does not know."""

    code = "E081"


class InternalError(C360Error):
    """A bug of ours."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint naming the nearest of *known*, or the few there are."""
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    if 0 < len(choices) <= 12:
        return "known: " + ", ".join(choices)
    return None


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the few of *known* that look most like *name*; none where nothing does."""
    return difflib.get_close_matches(name, sorted(known), n=most, cutoff=0.4)


def author_line() -> str | None:
    """Return ``file:line`` of the nearest caller outside c360, or None."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if frame.f_code.co_filename.endswith(("bin/c360", "c360/__main__.py")):
            return None
        if name != "c360" and not name.startswith(OWN_FRAMES):
            return f"{shown_path(frame.f_code.co_filename)}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def shown_path(filename: str) -> str:
    """Shorten *filename* to what an author knows it by: from ``tags/`` or ``segments/`` on, or its last name."""
    parts = filename.replace(os.sep, "/").split("/")
    places = [i for i, part in enumerate(parts[:-1]) if part in {"tags", "segments"}]
    return "/".join(parts[places[-1] :]) if places else parts[-1]
