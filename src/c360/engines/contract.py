"""Bound sources in, what their contract check found out: row counts, dates, faults by column; never a value.

Results are remembered by file fingerprint in the workspace's private folder, so an unchanged file is checked once.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from c360.bindings.csv_files import breakage, line_of
from c360.bindings.resolve import BoundSource
from c360.engines.duckdb import DuckDBEngine
from c360.errors import BadValues, C360Error, DamagedFile, KeyFault, SourceError
from c360.expr.canonical import digest
from c360.sql.checks import Check, check_query, checks_of, first_fault_query
from c360.sql.render import to_text
from c360.sql.sources import SourceSql

FORMAT = 2


@dataclass(frozen=True)
class Fault:
    """How many values of one column break the contract in one way."""

    column: str
    kind: str
    told: str
    count: int


@dataclass(frozen=True)
class SourceFacts:
    """What a source holds: rows, first and last date, faults, and the fingerprint of what was read."""

    rows: int
    first_day: date | None
    last_day: date | None
    faults: tuple[Fault, ...]
    fingerprint: str


class ContractCheck:
    """Checks bound sources with one query each; *memory* is the folder that remembers results, None to forget them."""

    def __init__(self, engine: DuckDBEngine, zone: str, memory: Path | None) -> None:
        self._engine, self._zone, self._memory = engine, zone, memory
        self._known: dict[str, SourceFacts] = {}

    def facts(self, source: BoundSource) -> SourceFacts:
        """Return what the check of *source* found."""
        name = source.spec.name
        if name not in self._known:
            self._known[name] = self._looked_up(source)
        return self._known[name]

    def require(self, source: BoundSource, columns: tuple[str, ...]) -> SourceFacts:
        """Return the facts of *source*; refuse when one of *columns*, its key or its dates break the contract."""
        facts = self.facts(source)
        if facts.rows == 0 and not source.binding.allow_empty:
            raise BadValues(
                f"source {source.spec.name} has 0 rows",
                hint=f"if that is right, set allow_empty = true in [sources.{source.spec.name}]",
                where=source.place,
            )
        for fault in facts.faults:
            if fault.column in columns or fault.column == source.spec.key:
                raise self.error(source, fault, facts.rows)
        return facts

    def error(self, source: BoundSource, fault: Fault, rows: int) -> C360Error:
        """Return the error for one fault: file, line, column, kind and count."""
        physical = source.columns[fault.column].physical
        rows_word = "row" if fault.count == 1 else "rows"
        if fault.kind in {"null", "repeated"} and fault.column == source.spec.key:
            told = f"{rows_word} without a key" if fault.kind == "null" else f"{rows_word} whose key stands already"
            wanted = f"one row a {source.spec.entity}"
            return KeyFault(
                f"{source.place}, column {physical}: {fault.count:,} {told}, of {rows:,}; expected {wanted}",
                hint=f"keep {wanted} in the file, each with its key",
                where=f"source {source.spec.name}",
            )
        line = self._first_line(source, fault)
        return BadValues(
            f"{source.place}{line}, column {physical}: {fault.told}; {fault.count:,} bad {rows_word} of {rows:,}",
            hint=_hint(source, fault),
            where=f"source {source.spec.name}",
        )

    def _looked_up(self, source: BoundSource) -> SourceFacts:
        """Return remembered facts when file, binding, contract and the checks themselves are as they were, else ask."""
        reader = SourceSql(source, self._zone)
        checks = checks_of(source, reader)
        query, print_ = to_text(check_query(source, reader, checks)), fingerprint(source)
        name, question = source.spec.name, digest([print_, query])
        known = self._remembered(name, question) if source.file is not None else None
        if known is not None:
            return known
        try:
            record = self._engine.record(query, source.place)
        except SourceError as error:
            raise _located(source, error) from None
        faults = tuple(Fault(c.column, c.kind, c.told, record[c.alias]) for c in checks if record[c.alias])
        facts = SourceFacts(record["rows_read"], record.get("first_day"), record.get("last_day"), faults, print_)
        if source.file is not None:
            self._remember(name, question, facts)
        return facts

    def _first_line(self, source: BoundSource, fault: Fault) -> str:
        """Return `` line N`` of the first bad row of a CSV file; a row number for other sources."""
        reader = SourceSql(source, self._zone)
        check = next(c for c in checks_of(source, reader) if (c.column, c.kind) == (fault.column, fault.kind))
        if fault.kind == "repeated":
            return ""
        ordinal = self._ordinal(source, reader, check)
        if source.binding.kind != "csv" or source.file is None:
            return f" row {ordinal}"
        line = line_of(source.file, source.binding.delimiter, ordinal)
        return "" if line is None else f" line {line}"

    def _ordinal(self, source: BoundSource, reader: SourceSql, check: Check) -> int:
        ordinal = self._engine.rows(to_text(first_fault_query(source, reader, check)), source.place)[0][0]
        return int(ordinal or 0)

    def _remembered(self, source: str, question: str) -> SourceFacts | None:
        """Return what was found when the very same question was asked before; None when it was not, or is cut off."""
        if self._memory is None:
            return None
        try:
            data = json.loads((self._memory / f"{source}.json").read_text(encoding="utf-8"))
            if (data["format"], data["question"]) != (FORMAT, question):
                return None
            faults = tuple(Fault(**f) for f in data["faults"])
            return SourceFacts(
                data["rows"], _day(data["first_day"]), _day(data["last_day"]), faults, data["fingerprint"]
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, source: str, question: str, facts: SourceFacts) -> None:
        """Keep *facts*, which hold counts and dates, beside the workspace; where it cannot be written, forget them."""
        if self._memory is None:
            return
        told = {"format": FORMAT, "question": question, **asdict(facts)}
        temporary = self._memory / f".{source}-{os.getpid()}.tmp"
        try:
            self._memory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(told, file, default=lambda day: day.isoformat())
            os.replace(temporary, self._memory / f"{source}.json")
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def damaged(file: Path) -> DamagedFile:
    """Return the error for a file that cannot be read as Parquet."""
    told = f"{file.name} ({file.stat().st_size:,} bytes) is damaged, or no Parquet file"
    return DamagedFile(told, hint="write or fetch it again", where=file.name)


def _located(source: BoundSource, error: SourceError) -> C360Error:
    """Return what is wrong with the source's file: where the engine's word is only that it cannot read it, the line."""
    if source.file is None:
        return error
    if source.binding.kind == "csv":
        return breakage(source.file, source.binding.delimiter) or error
    return damaged(source.file) if isinstance(error, DamagedFile) else error


def fingerprint(source: BoundSource) -> str:
    """Return the hash of what decides a source's values: its file's identity, its binding and its contract."""
    file: list[Any] = []
    if source.file is not None:
        found = source.file.stat()
        file = [source.file.name, found.st_size, found.st_mtime_ns]
    contract = [[c.name, str(c.type), c.role, c.by, c.min, c.max, c.unit] for c in source.spec.columns]
    return digest([file, source.binding.model_dump(mode="json"), contract, source.header])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _hint(source: BoundSource, fault: Fault) -> str:
    name = source.spec.name
    match fault.kind:
        case "type" if source.spec.column(fault.column).type.kind == "category":
            return f'recode it: {fault.column} = {{ from = "…", recode = {{ "text in the file" = "level" }} }}'
        case "type" if source.spec.column(fault.column).type.kind in {"date", "month"}:
            return f'mend the file, or say how dates are written: date_format = "%d/%m/%Y" in [sources.{name}]'
        case "nul":
            return "write the file again; a text cannot hold that byte"
        case "nan":
            return 'mend the file, or read it as null: nan = "null" in the column\'s binding'
        case "type":
            return f'mend the file, or name texts that mean null: nulls = ["NA"] in [sources.{name}]'
    return "mend the file, or the contract's range"
