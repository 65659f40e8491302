"""What one generation says of itself: JSON text in, frozen records out, and back; knows no folder but the names of files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from c360.errors import NewerFormat, SnapshotError
from c360.snapshots.reckoning import digest_of

FORMAT = 1
NAME = "manifest.json"
PLACE = re.compile(r"\d{4}-\d\d-\d\d-\d+/[A-Za-z0-9][A-Za-z0-9._-]*")


def _in_a_generation(path: str) -> str:
    if not PLACE.fullmatch(path):
        raise ValueError("expected <generation>/<file>")
    return path


class Record(BaseModel):
    """A frozen part of the manifest; what a later version adds within one format is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FileEntry(Record):
    """One published file: where it lies (``<generation>/<file>``, maybe in an older generation) and what is in it."""

    path: Annotated[str, AfterValidator(_in_a_generation)]
    sha256: str
    bytes: int
    rows: int


class TagEntry(Record):
    """One stored tag. Same *value_key*, same values for every row; *type* is its canonical JSON."""

    name: str
    hash: str
    value_key: str
    row_key: str = ""
    type: str | dict[str, Any]
    sensitivity: str = "internal"


class Family(Record):
    """Tag columns written together; *files* have disjoint keys, the base file first."""

    name: str
    columns: tuple[str, ...]
    files: tuple[FileEntry, ...]


class EntityTable(Record):
    """The tags of one entity: *keys* is its spine at D, sorted; each family joins it by the column *key*."""

    entity: str
    key: str
    rows: int
    keys: FileEntry
    families: tuple[Family, ...] = ()
    tags: tuple[TagEntry, ...] = ()

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Every file of the entity, the keys first."""
        return (self.keys, *(file for family in self.families for file in family.files))

    def tag(self, name: str) -> TagEntry | None:
        """Return the stored tag *name*, or None."""
        return next((tag for tag in self.tags if tag.name == name), None)

    def family_of(self, name: str) -> Family | None:
        """Return the family that holds the column *name*, or None."""
        return next((family for family in self.families if name in family.columns), None)


class SourceFile(Record):
    """A file that a source was read from: enough to tell cheaply that it is still the same."""

    path: str
    bytes: int
    changed_ns: int


class SourceEntry(Record):
    """A source as it was read; *fingerprint* counts its bindings too, an empty one always counts as changed.

    *reading* is the number of the bindings alone: with it and the same *files* nothing need be read to know that it is the same.
    """

    name: str
    fingerprint: str = ""
    reading: str = ""
    rows: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    files: tuple[SourceFile, ...] = ()


class SegmentEntry(Record):
    """A segment that is known with the snapshot, and its bits in the stored masks: who is a member, of whom it is unknown.

    *default_day* is the day that it was asked for on by default when the snapshot was built.
    """

    name: str
    entity: str
    hash: str
    universe: str = ""
    bit: int | None = None
    unknown_bit: int | None = None
    value_key: str = ""
    default_day: date | None = None


class StateEntry(Record):
    """Partial sums kept so that the next day need not read everything again; *details* say what they are over."""

    key: str
    entity: str
    files: tuple[FileEntry, ...]
    details: dict[str, Any] = {}


class Manifest(Record):
    """One generation: the tag tables of one as-of date, what they were made from and what is in them.

    *definitions* is the stamp of the files that say what tags and sources are. *digest* is over everything but itself and
    *made_at*. What the values are, whatever files they lie in, `content.content_of` says. *reissued* says why it is not what the
    build published: customers were erased from it.
    """

    format: int = FORMAT
    run_id: str
    as_of: date
    entities: tuple[EntityTable, ...]
    sources: tuple[SourceEntry, ...] = ()
    segments: tuple[SegmentEntry, ...] = ()
    states: tuple[StateEntry, ...] = ()
    rows: tuple[StateEntry, ...] = ()
    parameters: dict[str, Any] = {}
    marks: tuple[str, ...] = ()
    time_zone: str = ""
    versions: dict[str, str] = {}
    definitions: str = ""
    reissued: tuple[str, ...] = ()
    digest: str = ""
    made_at: str = ""

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Every file the generation needs, those in older generations too."""
        return tuple(self._files())

    def _files(self) -> Iterator[FileEntry]:
        for table in self.entities:
            yield from table.files
        for state in (*self.states, *self.rows):
            yield from state.files

    def entity(self, name: str) -> EntityTable | None:
        """Return the tag table of the entity *name*, or None."""
        return next((table for table in self.entities if table.entity == name), None)


def to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as the text of its file, its digest filled in."""
    document = manifest.model_dump(mode="json")
    document["digest"] = digest_of(document)
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def from_bytes(data: bytes, generation: str) -> Manifest:
    """Return the manifest in *data*; raises SnapshotError where it is damaged (N01) or of a newer format (N04)."""
    try:
        document = json.loads(data)
        number = document["format"]
    except (ValueError, KeyError, TypeError):
        raise damaged(f"{NAME} is damaged: no JSON that says its format", generation) from None
    if not isinstance(number, int) or number > FORMAT:
        raise newer(NAME, number, generation)
    if document.get("digest") != digest_of(document):
        raise damaged(f"{NAME} is damaged: it is not what was published", generation)
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise damaged(f"{NAME} is damaged: {place}: {fault['msg']}", generation) from None


def damaged(told: str, generation: str) -> SnapshotError:
    """Return the error for a generation that cannot be trusted, with what to do about it."""
    as_of = generation.rpartition("-")[0]
    again = f"c360 build --full --replace --as-of {as_of}"
    hint = f"restore it from a copy, or build it again: {again}; c360 snapshots --rollback {as_of} goes back"
    return SnapshotError(told, hint=hint, where=f"snapshot {generation}")


def newer(name: str, number: object, where: str) -> NewerFormat:
    """Return the error for a format that this version does not know."""
    told = f"{name} is of format {number}, this c360 reads up to {FORMAT}"
    return NewerFormat(told, hint="use the c360 that wrote it, or a newer one; or build again into another folder", where=where)
