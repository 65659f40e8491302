"""Bound sources in, what their contract check found out: row counts, dates, faults by column; never a value.

Results are remembered by file fingerprint in the workspace's private folder, so an unchanged file is checked once.
"""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from c360.bindings.csv_files import breakage, line_of
from c360.bindings.resolve import BoundSource
from c360.engines.blocks import checked_in_blocks, is_cut
from c360.engines.duckdb import DuckDBEngine
from c360.engines.footers import footers_of
from c360.engines.headers import damaged
from c360.engines.private import write_private
from c360.engines.rejects import RejectReports, parts
from c360.errors import BadValues, C360Error, DamagedFile, KeyFault, SourceError
from c360.expr.canonical import digest
from c360.sql.checks import BAD_ROWS, Check, check_query, checks_of, first_fault_query
from c360.sql.render import to_text
from c360.sql.sources import SourceSql, physical

FORMAT = 3


@dataclass(frozen=True)
class Fault:
    """How many values of one column break the contract in one way."""

    column: str
    kind: str
    told: str
    count: int


@dataclass(frozen=True)
class SourceFacts:
    """What a source holds: rows, first and last date, faults, and the fingerprint of what was read.

    *bad_rows* are counted where a binding lets some be left out; the dates are those of the other rows.
    """

    rows: int
    first_day: date | None
    last_day: date | None
    faults: tuple[Fault, ...]
    fingerprint: str
    bad_rows: int = 0


class ContractCheck:
    """Checks bound sources with one query each; *memory* is the folder that remembers results, None to forget them.

    *tables* are the bound sources: a fact's key that names a row of one of them needs no look at its text.
    """

    def __init__(self, engine: DuckDBEngine, zone: str, memory: Path | None, tables: Container[str] = ()) -> None:
        self._engine, self._zone, self._memory, self._tables = engine, zone, memory, tables
        self._known: dict[str, SourceFacts] = {}
        self._reports = RejectReports(engine, zone, None if memory is None else memory.parent / "rejects")
        self._reported: dict[str, str] = {}

    def facts(self, source: BoundSource) -> SourceFacts:
        """Return what the check of *source* found."""
        name = source.spec.name
        if name not in self._known:
            self._known[name] = self._looked_up(source)
        return self._known[name]

    def forget(self, name: str) -> None:
        """Forget what is known of the source *name*: its files are others now."""
        self._known.pop(name, None)
        self._reported.pop(name, None)

    def left_out(self, source: BoundSource) -> str:
        """Return what to say of the bad rows that are left out of *source*, their report written; empty for none."""
        facts, name = self.facts(source), source.spec.name
        if not facts.bad_rows:
            return ""
        if name not in self._reported:
            self._reported[name] = self._reports.written(source)
        report = f" ({self._reported[name]})" if self._reported[name] else ""
        return f"{name}: {facts.bad_rows:,} bad {_rows(facts.bad_rows)} of {facts.rows:,} left out{report}"

    def lets_pass(self, source: BoundSource, fault: Fault) -> bool:
        """Whether the rows of *fault* are left out instead of being refused; a key that stands twice never is."""
        return fault.kind != "repeated" and 0 < self.facts(source).bad_rows <= source.binding.max_bad_rows

    def require(self, source: BoundSource, columns: tuple[str, ...]) -> SourceFacts:
        """Return the facts of *source*; refuse when one of *columns*, its key or its dates break the contract."""
        facts = self.facts(source)
        if facts.bad_rows > source.binding.max_bad_rows:
            raise self._too_many(source, facts)
        if facts.rows == facts.bad_rows and not source.binding.allow_empty:
            raise BadValues(
                f"source {source.spec.name} has 0 rows" + (" that are sound" if facts.bad_rows else ""),
                hint=f"if that is right, set allow_empty = true in [sources.{source.spec.name}]",
                where=source.place,
            )
        for fault in facts.faults:
            if (fault.column in columns or fault.column == source.spec.key) and not self.lets_pass(source, fault):
                raise self.error(source, fault, facts.rows)
        return facts

    def _too_many(self, source: BoundSource, facts: SourceFacts) -> C360Error:
        report = self._reports.written(source)
        told = f"{facts.bad_rows:,} bad {_rows(facts.bad_rows)} of {facts.rows:,}"
        listed = f"{report} lists them; " if report else ""
        return BadValues(
            f"{source.place}: {told}, expected at most {source.binding.max_bad_rows:,} (max_bad_rows)",
            hint=f"{listed}mend them, or raise max_bad_rows in [sources.{source.spec.name}]",
            where=f"source {source.spec.name}",
        )

    def error(self, source: BoundSource, fault: Fault, rows: int) -> C360Error:
        """Return the error for one fault: file, line, column, kind and count."""
        physical = source.columns[fault.column].physical
        rows_word = _rows(fault.count)
        if fault.kind in {"null", "repeated"} and fault.column == source.spec.key:
            told = f"{rows_word} without a key" if fault.kind == "null" else f"{rows_word} whose key stands already"
            wanted = f"one row a {source.spec.entity}"
            return KeyFault(
                f"{source.place}, column {physical}: {fault.count:,} {told}, of {rows:,}; expected {wanted}",
                hint=f"keep {wanted} in the file, each with its key",
                where=f"source {source.spec.name}",
            )
        place = self._first_place(source, fault)
        told = f"{place}, column {physical}: {fault.told}; {fault.count:,} bad {rows_word} of {rows:,}"
        error = BadValues(told, hint=_hint(source, fault), where=f"source {source.spec.name}")
        error.column = fault.column
        return error

    def _looked_up(self, source: BoundSource) -> SourceFacts:
        """Return remembered facts when file, binding, contract and the checks themselves are as they were, else ask."""
        name, print_, question = source.spec.name, fingerprint(source), self._question(source)
        is_lasting = bool(source.states) and source.binding.sql is None
        known = self._remembered(name, question) if is_lasting else None
        if known is not None:
            return known
        try:
            if is_lasting and self._memory is not None and is_cut(source):
                record, checks = self._asked_in_blocks(source, self._memory / f"{name}.blocks.json")
            else:
                record, checks = self._asked(source)
        except SourceError as error:
            raise self._located(source, error) from None
        faults = tuple(Fault(c.column, c.kind, c.told, record[c.alias]) for c in checks if record[c.alias])
        days = (record.get("first_day"), record.get("last_day"))
        facts = SourceFacts(record["rows_read"], *days, faults, print_, record.get(BAD_ROWS, 0))
        if is_lasting:
            self._remember(name, question, facts)
        return facts

    def _question(self, source: BoundSource) -> str:
        """Return the hash of what is asked of which files: two that are equal have one answer."""
        shown = SourceSql(source, self._zone, Path("/"))
        query = to_text(check_query(source, shown, checks_of(source, shown)))
        return digest([fingerprint(source), query, *map(str, source.files)])

    def _asked_in_blocks(self, source: BoundSource, memory: Path) -> tuple[dict[str, Any], list[Check]]:
        """Ask of many files only those that were not asked the same before."""
        checks = checks_of(source, SourceSql(source, self._zone))
        asked = to_text(exp.select(*(check.count.copy() for check in checks)))

        def question(part: BoundSource) -> str:
            return digest([fingerprint(part), asked, *map(str, part.files)])

        return checked_in_blocks(source, question, lambda part: self._asked(part)[0], memory), checks

    def _asked(self, source: BoundSource) -> tuple[dict[str, Any], list[Check]]:
        reader = SourceSql(source, self._zone)
        checks = checks_of(source, reader)
        footers = footers_of(self._engine, source)
        left = [check for check in checks if not self._names_a_row(source, check)]
        days = None
        if footers is not None:
            left = [check for check in left if not footers.proves(source, check)]
            days = footers.days(source)
        record = {check.alias: 0 for check in checks}
        if footers is None or left or (days is None and source.spec.date_column is not None):
            record |= self._engine.record(to_text(check_query(source, reader, left, days=days is None)), source.place)
        else:
            record["rows_read"] = footers.rows
        return record | ({} if days is None else {"first_day": days[0], "last_day": days[1]}), checks

    def _names_a_row(self, source: BoundSource, check: Check) -> bool:
        """Whether a check is of the text of a key that must name a row of another table: one with odd bytes names none."""
        type_ = source.columns[check.column].spec.type
        other = type_.kind == "key" and check.column != source.spec.key and type_.entity in self._tables
        return check.kind == "nul" and other and source.binding.kind == "parquet" and not source.binding.max_bad_rows

    def _located(self, source: BoundSource, error: SourceError) -> C360Error:
        """Return what is wrong with a file: where the engine's word is only that it cannot read one, the file and the line."""
        for part in parts(source) if source.files else ():
            file = part.files[0]
            if source.binding.kind == "csv":
                found = breakage(source.reads(file), source.binding.delimiter)
                if found is not None:
                    return found
                continue
            try:
                self._asked(part)
            except DamagedFile:
                return damaged(file)
            except SourceError:
                continue
        return error

    def damaged_file(self, source: BoundSource) -> DamagedFile | None:
        """Read every bound column of every Parquet file; return the error of the first that cannot be read."""
        for part in parts(source) if source.binding.kind == "parquet" else ():
            read = [exp.Max(this=exp.func("hash", physical(name))) for name in {c.physical for c in part.columns.values()}]
            query = exp.select(*read).from_(SourceSql(part, self._zone).relation())
            try:
                self._engine.execute(to_text(query), part.place)
            except DamagedFile:
                return damaged(part.files[0])
        return None

    def _first_place(self, source: BoundSource, fault: Fault) -> str:
        """Return the file with the first bad row, and its line; where it is no CSV file, the number of the row."""
        if fault.kind == "repeated":
            return source.place
        for part in parts(source):
            reader = SourceSql(part, self._zone)
            check = next((c for c in checks_of(part, reader) if (c.column, c.kind) == (fault.column, fault.kind)), None)
            ordinal = 0 if check is None else self._ordinal(part, reader, check)  # none: its type holds no such value
            if not ordinal:
                continue
            if source.binding.kind != "csv":
                return f"{part.place} row {ordinal}"
            line = line_of(part.reads(part.files[0]), part.binding.delimiter, ordinal)
            return part.place if line is None else f"{part.place} line {line}"
        return source.place

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
            days = (_day(data["first_day"]), _day(data["last_day"]))
            return SourceFacts(data["rows"], *days, faults, data["fingerprint"], data["bad_rows"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, source: str, question: str, facts: SourceFacts) -> None:
        """Keep *facts*, which hold counts and dates, beside the workspace; where it cannot be written, forget them."""
        if self._memory is None:
            return
        told = {"format": FORMAT, "question": question, **asdict(facts)}
        text = json.dumps(told, default=lambda day: day.isoformat())
        write_private(self._memory / f"{source}.json", lambda file: file.write(text))


def fingerprint(source: BoundSource) -> str:
    """Return the hash of what decides a source's values: its files' identity, its binding and its contract."""
    files: list[Any] = [[state.path.name, state.size, state.changed_ns] for state in source.states]
    contract = [[c.name, str(c.type), c.role, c.by, c.min, c.max, c.unit] for c in source.spec.columns]
    return digest([files, source.binding.model_dump(mode="json"), contract, source.headers])


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


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
