"""What came back on a list in, whole and once; what was imported and evaluated out; knows no source, segment or statistic."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.errors import InternalError, NothingMatched
from c360.records import keeping
from c360.records.audit import plain

if TYPE_CHECKING:
    import polars

FORMAT = 1
ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
EVALUATION = "evaluation-"
COLUMNS = ("key", "person", "outcome", "on", "channel", "revenue", "cost", "problem")
WAVE = "wave"
"""The column of `Outcomes.rows` that says which import a row came with, the first 0."""


@dataclass(frozen=True)
class Problem:
    """A finding about the data: *rows* of those contacted told *problem*, which speaks of *column* of *source* (or of neither)."""

    problem: str
    source: str
    column: str
    rows: int


@dataclass(frozen=True)
class ImportRecord:
    """One file of outcomes that was imported for a list.

    *both_arms* says that it tells of the held out too, so that who is not in it did not. *outcomes* counts rows by outcome,
    *left_out* by reason.
    """

    import_id: str
    list_id: str
    file: str
    sha256: str
    both_arms: bool
    made_at: str
    by: str
    rows: int
    persons: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        found = plain({**vars(self), "problems": [vars(one) for one in self.problems]})
        assert isinstance(found, dict)
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportRecord:
        """Return the record that `as_json` gave; what a later version added is passed over."""
        names = {one.name for one in dataclasses.fields(cls)}
        problems = tuple(Problem(one["problem"], one["source"], one["column"], one["rows"]) for one in data["problems"])
        return cls(**{**{name: value for name, value in data.items() if name in names}, "problems": problems})


class Outcomes:
    """The outcomes kept in *folder*, one folder a list: imports as JSON and Parquet, evaluations as JSON."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder, self._root = folder, root or folder

    def keep(self, record: ImportRecord, rows: polars.DataFrame) -> None:
        """Keep an import and its rows; the rows come first: without its record no import is seen.

        *rows* has the columns of `COLUMNS`: key and person as text; outcome, channel and problem as text or null; the day;
        revenue and cost as money or null.
        """
        import polars as pl

        if rows["key"].null_count() or rows["person"].null_count():
            raise InternalError("rows of outcomes without a key or a person")
        checked = rows.select(pl.col(name).cast(kind) for name, kind in _kinds().items())
        place = self._place(record.list_id, record.import_id)
        keeping.make_folder(place.parent, self._root)
        with keeping.locked(place.parent):
            keeping.remove_temporaries(place.parent)
            keeping.write_frame(place.with_suffix(".parquet"), checked, "keeping outcomes")
            body = json.dumps({"format": FORMAT, **record.as_json()}, ensure_ascii=False, indent=1)
            keeping.write_whole(place.with_suffix(".json"), body.encode() + b"\n", "keeping outcomes")

    def imports(self, list_id: str = "") -> list[ImportRecord]:
        """Return the imports of a list, else of all lists, by the time they were made."""
        paths = self._files(f"{list_id or '*'}/*.json")
        found = [ImportRecord.from_json(self._read(path)) for path in paths if not path.name.startswith(EVALUATION)]
        return sorted(found, key=lambda one: (one.made_at, one.import_id))

    def rows(self, list_id: str) -> polars.DataFrame:
        """Return the rows of all imports of a list with the columns of `COLUMNS` and `WAVE`, in the order of imports."""
        import polars as pl

        frames = []
        for wave, record in enumerate(self.imports(list_id)):
            path = self._place(list_id, record.import_id).with_suffix(".parquet")
            frames.append(self._frame(path).with_columns(pl.lit(wave, pl.Int32).alias(WAVE)))
        return pl.concat(frames) if frames else pl.DataFrame(schema=_kinds() | {WAVE: pl.Int32()})

    def remove(self, import_id: str) -> ImportRecord:
        """Forget the import of this id, or of the one id that begins so; raises NothingMatched."""
        found = [one for one in self.imports() if import_id and one.import_id.startswith(import_id)]
        if len(found) != 1:
            told = f"{len(found)} imports have ids that begin so" if found else f"no import has the id '{import_id}'"
            raise NothingMatched(told, hint="c360 outcomes lists them")
        place = self._place(found[0].list_id, found[0].import_id)
        with keeping.locked(place.parent):
            keeping.remove(place.with_suffix(".json"))
            keeping.remove(place.with_suffix(".parquet"))
        return found[0]

    def keep_evaluation(self, list_id: str, evaluation_id: str, told: Mapping[str, Any]) -> None:
        """Keep what an evaluation of a list found, as plain data; one of the same id is replaced."""
        place = self._place(list_id, EVALUATION + evaluation_id)
        keeping.make_folder(place.parent, self._root)
        number = 1 + max((int(one.get("number", 0)) for one in self.evaluations(list_id)), default=0)
        body = json.dumps({"format": FORMAT, "number": number, **plain(told)}, ensure_ascii=False, indent=1)
        keeping.write_whole(place.with_suffix(".json"), body.encode() + b"\n", "keeping an evaluation")

    def evaluations(self, list_id: str) -> list[dict[str, Any]]:
        """Return the evaluations of a list, the last made last."""
        found = [self._read(path) for path in self._files(f"{list_id}/{EVALUATION}*.json")]
        return sorted(found, key=lambda told: int(told.get("number", 0)))

    def files(self) -> list[Path]:
        """Return the files that hold keys, one an import."""
        return self._files("*/*.parquet")

    def rewrite(self, kept: Callable[[polars.DataFrame], polars.DataFrame]) -> dict[Path, int]:
        """Put what *kept* leaves of each import's rows in their place, at once; returns the files changed and the rows that went.

        The records' counts stay: they say what came.
        """
        gone: dict[Path, int] = {}
        for path in self.files():
            with keeping.locked(path.parent):
                before = self._frame(path)
                after = kept(before)
                if after.height < before.height:
                    keeping.write_frame(path, after, "keeping outcomes")
                    gone[path] = before.height - after.height
        return gone

    def _frame(self, path: Path) -> polars.DataFrame:
        import polars as pl

        data = keeping.read_whole(path, "outcomes")
        try:
            return pl.read_parquet(data or b"").select(COLUMNS)
        except pl.exceptions.PolarsError:
            hint = "import its file again with --replace"
            raise keeping.damaged(f"the outcomes of import {path.stem}", path, hint) from None

    def _read(self, path: Path) -> dict[str, Any]:
        data = keeping.read_whole(path, "outcomes")
        try:
            found = json.loads(data or b"")
            if found.pop("format") > FORMAT:
                raise keeping.damaged("a record of outcomes of a later format", path, "use the c360 that wrote it, or a newer one")
            return dict(found)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise keeping.damaged(f"the record {path.name} of outcomes", path, "remove it and import its file again") from None

    def _files(self, pattern: str) -> list[Path]:
        return sorted(self.folder.glob(pattern)) if self.folder.is_dir() else []

    def _place(self, list_id: str, name: str) -> Path:
        if not ID.fullmatch(list_id) or not ID.fullmatch(name):
            raise InternalError("no id of a list or an import")
        return self.folder / list_id / name


def _kinds() -> dict[str, Any]:
    import polars as pl

    return dict.fromkeys(COLUMNS, pl.String()) | {"on": pl.Date()} | dict.fromkeys(("revenue", "cost"), pl.Decimal(18, 2))


def problems_of(records: Iterable[ImportRecord]) -> dict[tuple[str, str], dict[str, dict[str, int]]]:
    """Return what imports found wrong: by source and column, by problem, rows by list."""
    found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for record in records:
        for one in record.problems:
            lists = found.setdefault((one.source, one.column), {}).setdefault(one.problem, {})
            lists[record.list_id] = lists.get(record.list_id, 0) + one.rows
    return found
