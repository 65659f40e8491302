"""A text file in a declared encoding in, its text out, strictly: nothing is replaced, the line that does not fit is told."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from c360.errors import BadValues

UTF8 = "utf-8-sig"
PIECE = 1 << 16


class _Unfit(Exception):
    """A line is not in the encoding."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def pieces(file: Path, codec: str) -> Iterator[str]:
    """Yield the text of *file*, without a byte order mark; raises BadValues with the line that is not in *codec*."""
    try:
        yield from _decoded(file, codec)
    except _Unfit as fault:
        raise not_in(file, codec, fault.line) from None


def first_line_not(file: Path, codec: str) -> int | None:
    """Return the first line of *file* that is not in *codec*; None where all are."""
    try:
        for _ in _decoded(file, codec):
            pass
    except _Unfit as fault:
        return fault.line
    return None


def not_in(file: Path, codec: str, line: int) -> BadValues:
    """Return the error for a line that is not in the encoding it should be in."""
    if codec == UTF8:
        hint = (
            'say how it is written, for Chinese files often encoding = "gb18030" in its binding; '
            f"c360 sources --suggest {file.name} makes a guess"
        )
        return BadValues(f"{file.name} line {line} is not UTF-8, and no other encoding is declared", hint=hint, where=file.name)
    hint = "declare the encoding it has; c360 sources --suggest makes a guess"
    if codec == "utf-16" and line == 1:
        hint = 'it may lack its byte order mark: declare "utf-16-le" or "utf-16-be"'
    return BadValues(f"{file.name} line {line} is not {codec}, as its binding declares", hint=hint, where=file.name)


def _decoded(file: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    lines, is_first = 1, True
    with file.open("rb") as opened:
        while True:
            read = opened.read(PIECE)
            before = decoder.getstate()
            try:
                text = decoder.decode(read, not read)
            except UnicodeError:
                decoder.setstate(before)
                raise _Unfit(lines + _line_ends_before_fault(decoder, read)) from None
            lines += text.count("\n")
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = is_first and not text
            if not read:
                return


def _line_ends_before_fault(decoder: codecs.IncrementalDecoder, piece: bytes) -> int:
    """Return how many lines end in *piece* before the place that *decoder* cannot read."""
    ends = 0
    try:
        for place in range(len(piece)):
            ends += decoder.decode(piece[place : place + 1]).count("\n")
        decoder.decode(b"", True)
    except UnicodeError:
        pass
    return ends
