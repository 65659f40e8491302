"""Which generation is current for each as-of date: the text of ``current.json`` in, a frozen record out, and its next states."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from c360.errors import SnapshotError, UsageError
from c360.snapshots.manifest import FORMAT, newer

NAME = "current.json"


class Pointer(BaseModel):
    """*current* by as-of date; *before* what was current earlier, oldest first; *aside* what a rollback left.

    *number* is the highest a generation ever had, so that no name is used twice.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    number: int = 0
    current: dict[date, str] = {}
    before: dict[date, tuple[str, ...]] = {}
    aside: tuple[str, ...] = ()

    @property
    def newest(self) -> date | None:
        """The latest as-of date that has a snapshot."""
        return max(self.current, default=None)

    def published(self, as_of: date, generation: str) -> Pointer:
        """Return the pointer after *generation* was published."""
        now = self.current.get(as_of)
        before = (*self.before.get(as_of, ()), *([now] if now is not None else []))
        return self.model_copy(
            update={
                "number": max(self.number, number_of(generation)),
                "current": {**self.current, as_of: generation},
                "before": {**self.before, as_of: before},
                "aside": tuple(name for name in self.aside if name != generation),
            }
        )

    def rolled_back(self, as_of: date) -> Pointer:
        """Return the pointer to what was current before; raises UsageError where there is nothing before."""
        before = self.before.get(as_of, ())
        if as_of not in self.current or not before:
            what = "is no snapshot before the current one" if as_of in self.current else "is no snapshot"
            hint = "c360 snapshots lists what there is"
            raise UsageError(f"there {what} of {as_of}", hint=hint)
        return self.model_copy(
            update={
                "current": {**self.current, as_of: before[-1]},
                "before": {**self.before, as_of: before[:-1]},
                "aside": (*self.aside, self.current[as_of]),
            }
        )

    def keeping(self, generations: Collection[str], number: int) -> Pointer:
        """Return the pointer without what is not among *generations*; *number* is the highest that has been used."""
        current = {day: name for day, name in self.current.items() if name in generations}
        before = {day: tuple(n for n in self.before.get(day, ()) if n in generations) for day in current}
        left = {name for day, names in self.before.items() if day not in current for name in names}
        aside = tuple(name for name in (*self.aside, *sorted(left)) if name in generations)
        number = max(self.number, number)
        return self.model_copy(update={"number": number, "current": current, "before": before, "aside": aside})

    def to_bytes(self) -> bytes:
        """Return the text of the pointer file."""
        return json.dumps(self.model_dump(mode="json"), indent=1).encode() + b"\n"


def from_bytes(data: bytes) -> Pointer:
    """Return the pointer in *data*; raises SnapshotError where it is damaged or of a newer format."""
    try:
        document = json.loads(data)
        if int(document["format"]) > FORMAT:
            raise newer(NAME, document["format"], "the snapshot store")
        return Pointer.model_validate(document)
    except (ValueError, KeyError, TypeError, ValidationError):
        hint = "restore it from a copy; without the file nothing is current, and c360 build makes a new snapshot"
        raise SnapshotError(f"{NAME} is damaged", hint=hint, where="the snapshot store") from None


def number_of(generation: str) -> int:
    """Return the number in a generation's name."""
    return int(generation.rpartition("-")[2])
