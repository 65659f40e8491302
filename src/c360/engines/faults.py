"""An engine's fault in, a C360Error with its exit code out; the engine's text, which can hold rows, never goes on."""

from __future__ import annotations

import re

import duckdb

from c360.errors import (
    Busy,
    C360Error,
    DamagedFile,
    DoesNotFit,
    InternalError,
    MissingSource,
    OutOfMemory,
    ResourceError,
    SourceError,
)

FULL = ('"errno":"28"', '"errno":"27"', "No space left", "File too large")
DAMAGED = (
    "No magic bytes", "too small to be a Parquet", "Snappy", "orrupt", "not a valid DuckDB database", "checksum",
    "Invalid Parquet", "parquet metadata", "TProtocolException", "ZSTD", "Could not read enough bytes",
)  # fmt: skip
SAFE_KINDS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.NotImplementedException)
# The engine's own names of its faults, for those that reach us through Arrow as mere text.
KINDS: dict[str, type[duckdb.Error]] = {
    "Conversion Error": duckdb.ConversionException,
    "Out of Range Error": duckdb.OutOfRangeException,
    "Invalid Input Error": duckdb.InvalidInputException,
    "Out of Memory Error": duckdb.OutOfMemoryException,
    "IO Error": duckdb.IOException,
}


def engine_fault(fault: BaseException) -> duckdb.Error | None:
    """Return the engine's fault in *fault*: itself, or what Polars says the engine said; None for any other."""
    if isinstance(fault, duckdb.Error):
        return fault
    found = re.search(r"external error: (([A-Z][a-zA-Z ]*?): .*)", str(fault), re.S)
    return None if found is None else KINDS.get(found[2], duckdb.Error)(found[1])


def translate(error: duckdb.Error, where: str | None = None) -> C360Error:
    """Return what *error* means for the user; *where* names the file or step."""
    text = str(error)
    if any(sign in text for sign in FULL):
        return ResourceError("the disk is full", hint="free some space and run again; nothing was written", where=where)
    if isinstance(error, duckdb.OutOfMemoryException):
        hint = "give more with --memory, take fewer --threads, or free disk for spilling"
        return OutOfMemory("memory ran out", hint=hint, where=where)
    if "Could not set lock" in text:
        holder = re.search(r"PID (\d+)", text)
        told = f" (pid {holder[1]})" if holder else ""
        return Busy(f"another process holds the database{told}", hint="try again when it is done", where=where)
    if any(sign in text for sign in DAMAGED):
        return DamagedFile("the file is damaged, or not of the kind it claims", hint="write or fetch it again", where=where)
    if "CSV" in text and isinstance(error, duckdb.InvalidInputException):
        return DamagedFile("the CSV cannot be read", hint="look for an open quote or lines of mixed ends", where=where)
    return _by_kind(error, text, where)


def _by_kind(error: duckdb.Error, text: str, where: str | None) -> C360Error:
    if isinstance(error, (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)):
        told = f"a value does not fit its type ({type(error).__name__})"
        return DoesNotFit(told, hint="run c360 check for counts by column", where=where)
    if isinstance(error, duckdb.IOException) and "No files found" in text:
        return MissingSource("the file is not there", hint="put it back, or mend its path in c360.toml", where=where)
    if isinstance(error, duckdb.IOException):
        return SourceError("reading or writing a file failed", hint="look at the file's rights and its disk", where=where)
    if isinstance(error, SAFE_KINDS):
        told = f"the engine refused the query: {text.splitlines()[0][:200]}"
        return InternalError(told, hint="please report this", where=where)
    return InternalError(f"the engine failed ({type(error).__name__})", hint="please report this", where=where)
