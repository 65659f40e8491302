"""A file of unknown make in, a guess at its kind, encoding and delimiter out; only suggestions rest on it."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from c360.bindings.encodings import UTF8, first_line_not
from c360.errors import DamagedFile

SAMPLE = 1 << 18
LINES = 200
DELIMITERS = (",", ";", "\t", "|")
MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Written:
    """How a file seems to be written; *is_sure* is false where another encoding would do as well."""

    kind: str
    codec: str = UTF8
    delimiter: str = ","
    is_sure: bool = True

    @property
    def encoding(self) -> str:
        """The encoding as a binding names it."""
        return "utf-8" if self.codec == UTF8 else self.codec


def written_as(file: Path) -> Written:
    """Return how *file* seems to be written; raises DamagedFile for what is neither Parquet nor text."""
    with file.open("rb") as opened:
        head = opened.read(SAMPLE)
    if head.startswith(b"PAR1"):
        return Written("parquet")
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise DamagedFile(f"{file.name} is packed, expected CSV or Parquet", hint="unpack it, or save it as CSV", where=file.name)
    if not head:
        raise DamagedFile(f"{file.name} is empty (0 bytes); expected a header line", where=file.name)
    codec, is_sure = _codec(file, head)
    text = codecs.getincrementaldecoder(codec)(errors="replace").decode(head).removeprefix("\ufeff")
    return Written("csv", codec, _delimiter(text), is_sure)


def _codec(file: Path, head: bytes) -> tuple[str, bool]:
    for mark, codec in MARKS:
        if head.startswith(mark):
            return codec, True
    if head[:400].count(0) > len(head[:400]) // 4:
        return ("utf-16-le" if head[1:400:2].count(0) >= head[0:400:2].count(0) else "utf-16-be"), False
    if first_line_not(file, UTF8) is None:
        return UTF8, True
    if first_line_not(file, "gb18030") is None and _is_chinese(head):
        return "gb18030", False
    return ("cp1252" if first_line_not(file, "cp1252") is None else "iso-8859-1"), False


def _is_chinese(head: bytes) -> bool:
    """Whether bytes beyond ASCII come mostly in the pairs that common Chinese characters are written as.

    Western letters with accents stand alone between ASCII ones; read as pairs they swallow their neighbours.
    """
    pairs = lone = place = 0
    while place < len(head) - 1:
        if head[place] < 0x80:
            place += 1
        elif 0xB0 <= head[place] <= 0xF7 and head[place + 1] >= 0xA1:
            pairs, place = pairs + 1, place + 2
        else:
            lone, place = lone + 1, place + 1
    return pairs > lone


def _delimiter(text: str) -> str:
    """Return the delimiter that parts most lines into as many fields as the header, and those into most fields."""
    lines = [line for line in text.split("\n")[: LINES + 1] if line.strip()]
    if len(text) >= SAMPLE // 4:
        lines = lines[:LINES]
    best, most = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        if not widths or widths[0] < 2:
            continue
        agreeing = Counter(widths)[widths[0]] / len(widths)
        if (round(agreeing, 1), widths[0]) > most:
            best, most = delimiter, (round(agreeing, 1), widths[0])
    return best
