"""An engine's exception in, a C360Error with its exit code out; the engine's text, which can hold rows, never goes on."""

from __future__ import annotations

import re

import duckdb

from c360.errors import BadValues, Busy, C360Error, DamagedFile, InternalError, MissingSource, ResourceError, SourceError

DAMAGED = ("No magic bytes", "too small to be a Parquet", "Snappy", "corrupt", "Corrupt", "not a valid DuckDB database", "checksum")
SAFE_KINDS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.NotImplementedException)


def translate(error: duckdb.Error | RuntimeError, where: str | None = None) -> C360Error:
    """Return what *error* means for the user; *where* names the file or step."""
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return ResourceError(
            "memory ran out", hint="give more with --memory, fewer --threads, or more disk for spilling", where=where
        )
    if '"errno":"28"' in text or '"errno":"27"' in text or "No space left" in text:
        return ResourceError("the disk is full", hint="free some space and run again; nothing was written", where=where)
    if "Could not set lock" in text:
        holder = re.search(r"PID (\d+)", text)
        return Busy(f"another process holds the database{f' (pid {holder[1]})' if holder else ''}", hint="try again when it is done")
    if any(sign in text for sign in DAMAGED):
        return DamagedFile("the file is damaged or not of the kind it claims", hint="write or fetch it again", where=where)
    shape = re.search(r"Line: (\d+).*?Expected Number of Columns: (\d+) Found: (\d+)", text, re.S) or re.search(
        r"line (\d+).*?expected (\d+).*?found (\d+)", text, re.S | re.I
    )
    if shape:
        line, expected, found = shape.groups()
        return BadValues(f"line {line} has {found} fields, expected {expected}", hint="mend the line, often a missing quote", where=where)
    if "utf-8" in text or "unicode" in text.lower():
        return BadValues("the file is not UTF-8", hint='name its encoding, for example encoding = "gb18030"', where=where)
    if "CSV Error on Line" in text or "quote" in text and isinstance(error, duckdb.InvalidInputException):
        line_at = re.search(r"[Ll]ine:? (\d+)", text)
        return DamagedFile(f"the CSV breaks at line {line_at[1]}" if line_at else "the CSV cannot be read", where=where)
    return _by_kind(error, text, where)


def _by_kind(error: duckdb.Error | RuntimeError, text: str, where: str | None) -> C360Error:
    if isinstance(error, (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)):
        return BadValues(
            f"a value does not fit its type ({type(error).__name__})", hint="run c360 check for counts by column", where=where
        )
    if isinstance(error, duckdb.IOException) and "No files found" in text:
        return MissingSource("the file is not there", where=where)
    if isinstance(error, duckdb.IOException):
        return SourceError("reading or writing a file failed", hint="look at the file's rights and its disk", where=where)
    if isinstance(error, SAFE_KINDS):
        return InternalError(f"the engine refused the query: {text.splitlines()[0][:200]}", hint="please report this", where=where)
    return InternalError(f"the engine failed ({type(error).__name__})", hint="please report this", where=where)
