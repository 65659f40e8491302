"""Lists that left in, what each held and when it counts as a contact out; knows neither segments nor sources."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.errors import InternalError, NothingMatched, SnapshotError
from c360.records import keeping
from c360.records.audit import plain

if TYPE_CHECKING:
    import polars

FORMAT = 1
TREATED, HOLDOUT = "treated", "holdout"
LIST_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
COLUMNS = ("key", "person", "arm", "stratum", "channel", "score", "value")
TOUCH = ("person", "on", "channel", "purpose", "name", "list_id", "request_id")


@dataclass(frozen=True)
class ListRecord:
    """One list that left: what was asked, what it held, where it went.

    *list_id* is its run id; *request_id* that of what was asked, equal for the same list made again. *name* is the campaign's
    or the segment's. *rows* counts the treated. *unit_value* is the expected value of one yes, *costs* of one contact by
    channel. *manifest* is all that stands beside the file.
    """

    list_id: str
    request_id: str
    name: str
    is_campaign: bool
    entity: str
    key_name: str
    purpose: str
    channels: tuple[str, ...]
    as_of: date
    on: date
    rows: int
    held_out: int
    made_at: str
    by: str
    file: str = ""
    sha256: str = ""
    delete_after: date | None = None
    approvals: tuple[str, ...] = ()
    recipient: str = ""
    unit_value: float | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        found = plain({one.name: getattr(self, one.name) for one in dataclasses.fields(self)})
        assert isinstance(found, dict)
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ListRecord:
        """Return the record that `as_json` gave; what a later version added is passed over."""
        known = {one.name for one in dataclasses.fields(cls)}
        found = {name: value for name, value in data.items() if name in known}
        for name in ("as_of", "on", "delete_after"):
            if found.get(name) is not None:
                found[name] = date.fromisoformat(found[name])
        for name in ("channels", "approvals"):
            found[name] = tuple(found.get(name, ()))
        return cls(**found)


class Ledger:
    """The lists kept in *folder*, each as a record in JSON and its rows in Parquet."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder, self._root = folder, root or folder

    def record(self, record: ListRecord, rows: polars.DataFrame) -> None:
        """Keep a list and its rows; one of the same id is replaced. The rows come first: without its record no list is seen.

        *rows* has the columns of `COLUMNS`: key and person as text, arm ``treated`` or ``holdout``, stratum and channel or
        null, score and value or null.
        """
        _place(self.folder, record.list_id)
        checked = _checked(rows)
        keeping.make_folder(self.folder, self._root)
        with keeping.locked(self.folder):
            keeping.remove_temporaries(self.folder)
            keeping.write_frame(self._rows_path(record.list_id), checked, "writing the ledger of lists")
            body = json.dumps({"format": FORMAT, **record.as_json()}, ensure_ascii=False, indent=1)
            keeping.write_whole(self._path(record.list_id), body.encode() + b"\n", "writing the ledger of lists")

    def lists(self) -> list[ListRecord]:
        """Return every list, by the time it was made; raises SnapshotError for a damaged record."""
        paths = self.folder.glob("*.json") if self.folder.is_dir() else ()
        found = [record for path in paths if (record := self._read(path)) is not None]
        return sorted(found, key=lambda record: (record.made_at, record.list_id))

    def get(self, list_id: str) -> ListRecord:
        """Return the list of this id, or of the one id that begins so; raises NothingMatched."""
        found = [record for record in self.lists() if record.list_id.startswith(list_id)]
        exact = [record for record in found if record.list_id == list_id]
        if exact or (len(found) == 1 and list_id):
            return (exact or found)[0]
        told = f"{len(found)} lists have ids that begin with '{list_id}'" if found else f"there is no list '{list_id}'"
        raise NothingMatched(told, hint="c360 campaigns --past lists them")

    def last(self, name: str, purpose: str) -> ListRecord | None:
        """Return the list of a campaign's or segment's name and a purpose that was made last, or None."""
        found = [record for record in self.lists() if (record.name, record.purpose) == (name, purpose)]
        return found[-1] if found else None

    def rows(self, list_id: str) -> polars.DataFrame:
        """Return the rows of a list, treated and held out, with the columns of `COLUMNS`."""
        import polars as pl

        record = self.get(list_id)
        path = self._rows_path(record.list_id)
        data = keeping.read_whole(path, "the ledger of lists")
        try:
            return _checked(pl.read_parquet(data or b""))
        except (pl.exceptions.PolarsError, InternalError):
            hint = "restore it from a copy; what the list held is not known without it, and caps cannot count it"
            raise keeping.damaged(f"the ledger's rows of list {record.list_id}", path, hint) from None

    def touches(self, first: date, last: date, without: str = "", known: Collection[str] | None = None) -> polars.DataFrame:
        """Return whom lists contact on a day from *first* to *last*: person, on, channel, purpose, name, list_id, request_id.

        Only the treated, once a key and request; lists of the request *without* do not count, nor do others than those *known*,
        by id, where it is given. A channel that is not known is an empty text.
        """
        import polars as pl

        kinds = dict.fromkeys(("key", *TOUCH), pl.String()) | {"on": pl.Date()}
        frames = [pl.DataFrame(schema=kinds)]
        for record in self.lists():
            if known is not None and record.list_id not in known:
                continue
            if not first <= record.on <= last or record.request_id == without:
                continue
            told = {"on": record.on, "purpose": record.purpose, "name": record.name, "list_id": record.list_id}
            told |= {"request_id": record.request_id}
            rows = self.rows(record.list_id).filter(pl.col("arm") == TREATED)
            rows = rows.select("key", "person", pl.col("channel").fill_null(""))
            frames.append(rows.with_columns(pl.lit(value).alias(name) for name, value in told.items()).select("key", *TOUCH))
        found = pl.concat(frames).unique(["key", "request_id"], keep="last", maintain_order=True)
        return found.select(TOUCH)

    def rewrite(self, list_id: str, kept: Callable[[polars.DataFrame], polars.DataFrame]) -> int:
        """Put what *kept* leaves of a list's rows in their place, at once; returns how many rows went.

        The record's counts stay: they say what left.
        """
        with keeping.locked(self.folder):
            before = self.rows(list_id)
            after = kept(before)
            if after.height < before.height:
                keeping.write_frame(self._rows_path(self.get(list_id).list_id), _checked(after), "writing the ledger of lists")
        return before.height - after.height

    def note(self, record: ListRecord) -> None:
        """Put *record* in the place of the one of its id, at once; its rows stay as they are."""
        path = self._path(self.get(record.list_id).list_id)
        with keeping.locked(self.folder):
            body = json.dumps({"format": FORMAT, **record.as_json()}, ensure_ascii=False, indent=1)
            keeping.write_whole(path, body.encode() + b"\n", "writing the ledger of lists")

    def remove(self, list_id: str) -> None:
        """Forget a list, its record first; raises NothingMatched where there is none."""
        record = self.get(list_id)
        with keeping.locked(self.folder):
            keeping.remove(self._path(record.list_id))
            keeping.remove(self._rows_path(record.list_id))

    def _read(self, path: Path) -> ListRecord | None:
        data = keeping.read_whole(path, "the ledger of lists")
        if data is None:
            return None  # removed since the folder was listed
        hint = "restore it from a copy; without it caps cannot count the list's contacts"
        try:
            body = json.loads(data)
            number = body.pop("format")
            if number > FORMAT:
                told = f"the ledger's record of {path.stem} is of format {number}, this c360 reads up to {FORMAT}"
                raise SnapshotError(told, hint="use the c360 that wrote it, or a newer one", where=str(path))
            return ListRecord.from_json(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise keeping.damaged(f"the ledger's record of {path.stem}", path, hint) from None

    def _path(self, list_id: str) -> Path:
        return _place(self.folder, list_id).with_suffix(".json")

    def _rows_path(self, list_id: str) -> Path:
        return _place(self.folder, list_id).with_suffix(".parquet")


def _place(folder: Path, list_id: str) -> Path:
    if not LIST_ID.fullmatch(list_id):
        raise InternalError(f"'{list_id}' is no id of a list")
    return folder / list_id


def _checked(rows: polars.DataFrame) -> polars.DataFrame:
    """Return *rows* with the ledger's columns and types; raises InternalError where they are not such rows."""
    import polars as pl

    kinds = dict.fromkeys(COLUMNS, pl.String()) | dict.fromkeys(("score", "value"), pl.Float64())
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise InternalError(f"rows for the ledger lack {', '.join(missing)}")
    found = rows.select(pl.col(name).cast(kind) for name, kind in kinds.items()).sort("key")  # equal lists, equal files
    wrong = found.filter(pl.col("key").is_null() | pl.col("person").is_null() | ~pl.col("arm").is_in([TREATED, HOLDOUT])).height
    if wrong or found["arm"].null_count():
        raise InternalError(f"{wrong} rows for the ledger have no key, no person or no arm")
    return found
