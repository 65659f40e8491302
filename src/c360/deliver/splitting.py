"""A list's rows in, its parts out: one a full sheet, or one a value of a column, each with a file name that is safe to have.

A name is made of the value, so only columns that may be seen split a list. What a file system would read as something else is
changed, and a short hash of the value keeps two values apart; the parts say which value each is of, for the manifest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver.account import Form
from c360.deliver.excel import MOST_ROWS
from c360.deliver.wording import say
from c360.deliver.writers import refuse_target
from c360.errors import NothingMatched, Refused

if TYPE_CHECKING:
    import polars

MOST_FILES = 1_000
LONGEST_NAME = 40
NOBODYS = "none"
HASH_BYTES = 4


@dataclass(frozen=True)
class Part:
    """A part of a list: what its file's name says, the value that its rows share (None: they have none), and the rows.

    *place* counts from 1; *column* is empty where the list was cut by rows.
    """

    name: str
    column: str
    value: str | None
    place: int
    frame: polars.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Return what the manifest says of the part, beside its file."""
        told = {"rows": self.frame.height}
        return {**told, "column": self.column, "value": self.value} if self.column else {**told, "part": self.place}


def by_rows(frame: polars.DataFrame, most: int = MOST_ROWS) -> list[Part]:
    """Return the list in parts of at most *most* rows, in order, called 1, 2 …; a list of nobody is one part."""
    firsts = range(0, max(frame.height, 1), most)
    return [Part(str(place), "", None, place, frame.slice(first, most)) for place, first in enumerate(firsts, 1)]


def by_column(frame: polars.DataFrame, column: str, sensitivity: str) -> list[Part]:
    """Return one part a value of *column*, in the order of the values; rows without one come last, called ``none``.

    *sensitivity* is the class of the column: raises Refused for a personal or sensitive one, since file names would tell it,
    and for more parts than anybody hands out; NothingMatched for a column that the list does not have.
    """
    if column not in frame.columns:
        raise NothingMatched(f"the list has no column '{column}' to split by", hint=f"add -c {column}", where="the split")
    if sensitivity not in {"public", "internal"}:
        told = f"column '{column}' is {sensitivity or 'of no declared class, so personal'}, and the files' names would tell it"
        raise Refused(told, hint="split by a column that is public or internal", where="the split")
    texts = _texts(frame[column])
    found = sorted(text for text in texts.unique().to_list() if text is not None)
    count = len(found) + (texts.null_count() > 0)
    if count > MOST_FILES:
        told = f"column '{column}' has {count:,} values; a list is split into {MOST_FILES:,} files at most"
        raise Refused(told, hint="split by what hands the list out: a manager, a store, a channel", where="the split")
    names = dict(zip(found, safe_names(found), strict=True))
    rows: list[tuple[str, str | None, polars.Series]] = [(names[value], value, texts == value) for value in found]
    if texts.null_count() or not found:
        rows.append((NOBODYS, None, texts.is_null()))
    return [Part(name, column, value, place, frame.filter(mask)) for place, (name, value, mask) in enumerate(rows, 1)]


def safe_names(values: Sequence[str]) -> list[str]:
    """Return a file name for each of *values*, which are all different, so that no file system mistakes one for another.

    Letters, figures and Chinese stay. A name that is not the value itself ends in a hash of the value; of names that differ by
    capitals alone, or from that of rows without a value, each does.
    """
    plain = [_plain(value) for value in values]
    names = [name if name and name == value else _with_hash(name, value) for name, value in zip(plain, values, strict=True)]
    alike = Counter(_folded(name) for name in (*names, NOBODYS))
    return [_with_hash(name, value) if alike[_folded(name)] > 1 else name for name, value in zip(names, values, strict=True)]


def part_path(path: Path, part: Part, count: int) -> Path:
    """Return where a part of the list at *path* stands: ``list-1.xlsx``; the list itself where it is the only one by rows."""
    return path if count == 1 and not part.column else path.with_name(f"{path.stem}-{part.name}{path.suffix}")


def refuse_parts(path: Path, parts: Sequence[Part], *, force: bool) -> None:
    """Refuse parts whose files cannot be written, before any of them is."""
    for part in parts:
        refuse_target(part_path(path, part, len(parts)), force=force)


def form_of(form: Form, part: Part, count: int) -> Form:
    """Return *form* with an account that speaks of the part: its rows, and which of how many it is."""
    if form.account is None or (count == 1 and not part.column):
        return form
    lang = form.account.lang
    told = say("part", lang, place=part.place, count=count, rows=form.account.rows)
    if part.column:
        titles = {column.name: column.title for column in form.account.columns}
        value = say("nothing", lang) if part.value is None else part.value
        told = say("part of", lang, title=titles.get(part.column, part.column), value=value, told=told)
    return replace(form, account=replace(form.account, rows=part.frame.height, marks=(*form.account.marks, told)))


def _texts(column: polars.Series) -> polars.Series:
    import polars as pl

    if column.dtype == pl.List:
        return column.list.join("|")
    return column.cast(pl.String)


def _plain(value: str) -> str:
    """Return *value* with everything but letters, figures and inner signs as an underscore."""
    kept = re.sub(r"[^\w.-]+", "_", unicodedata.normalize("NFC", value))
    return kept[:LONGEST_NAME].strip("._-")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _with_hash(name: str, value: str) -> str:
    return f"{name}-{hashlib.blake2b(value.encode(), digest_size=HASH_BYTES).hexdigest()}".lstrip("-")
