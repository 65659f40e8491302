"""A contract, its binding and a file's header in, the physical column of each contract column out; reads no values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from c360.bindings.csv_files import Header, csv_header
from c360.bindings.files import FileState, files_of, refuse_other_schema, states, with_partitions
from c360.bindings.settings import ColumnBinding, SourceBinding
from c360.errors import BadValues, DefinitionError, MissingColumn, UnknownName, did_you_mean
from c360.expr.schema import ColumnSpec, SourceSpec

UNITS = {
    ("yuan", "fen"): "0.01", ("yuan", "jiao"): "0.1", ("dollar", "cent"): "0.01", ("MB", "KB"): "0.0009765625",
    ("MB", "GB"): "1024", ("MB", "B"): "0.00000095367431640625", ("minute", "second"): "0.016666666666666666",
    ("minute", "hour"): "60",
}  # fmt: skip
# A key as a fraction is a whole number that met a null on its way: 17 became 17.0, which names nobody.
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")

# Gives the header of each file that is no CSV file; of a table or a query, which has no file, its one header.
Describe = Callable[[SourceBinding, tuple[Path, ...]], tuple[Header, ...]]


@dataclass(frozen=True)
class BoundColumn:
    """One contract column and where it is: physical name and type, and how it is read."""

    spec: ColumnSpec
    binding: ColumnBinding
    physical: str
    physical_type: str
    factor: str = ""


def as_it_is(file: Path) -> Path:
    """Return *file*: it is read as it lies there."""
    return file


@dataclass(frozen=True)
class BoundSource:
    """One source with its files: their state when they were found, the columns, and why others are not there.

    *files* are its CSV or Parquet files, *headers* has one for each; a table or a query has none of the first and one of
    the second. *folder* is what its paths are relative to. *reads* gives what the engine opens instead of a file that it
    cannot read itself. *catalog* is what its database is called in SQL.
    """

    spec: SourceSpec
    binding: SourceBinding
    files: tuple[Path, ...]
    headers: tuple[Header, ...]
    columns: dict[str, BoundColumn]
    missing: dict[str, str] = field(default_factory=dict)
    known_on: str = ""
    folder: Path = Path()
    states: tuple[FileState, ...] = ()
    reads: Callable[[Path], Path] = as_it_is
    catalog: str = ""

    @property
    def header(self) -> Header:
        """The columns of the first file, which the others have too where they are needed."""
        return self.headers[0]

    def needed(self, names: tuple[str, ...]) -> None:
        """Refuse when one of the columns *names* is not in the file."""
        for name in names:
            if name in self.missing:
                found = [n for n, _ in self.header]
                wanted = self.binding.column(name, self.spec.column(name).file_name)[0].source
                mend = f'bind it: {name} = "…" in [sources.{self.spec.name}.columns]'
                fault = MissingColumn(
                    f"source {self.spec.name}: {self.missing[name]}",
                    hint="; ".join(h for h in (did_you_mean(wanted, found), mend) if h),
                    where=self.place,
                )
                fault.column = name
                raise fault

    @property
    def place(self) -> str:
        """What an author calls the place: the file's name, the table, or the query."""
        if self.binding.path is not None:
            return self.files[0].name if len(self.files) == 1 else self.binding.path
        return self.binding.table or f"[sources.{self.spec.name}] sql"


def resolve(
    spec: SourceSpec,
    binding: SourceBinding,
    folder: Path,
    describe: Describe,
    derive: Callable[[BoundSource, ColumnSpec, str], str],
) -> BoundSource:
    """Match *spec* with the headers of its files by name.

    *derive* gives the type of a derived column, whose expression is the last argument.
    """
    files = files_of(spec.name, binding, folder)
    seen = states(files)
    files = files if binding.path is not None else ()
    headers = _headers(binding, files, describe)
    known = dict(headers[0])
    columns: dict[str, BoundColumn] = {}
    missing: dict[str, str] = {}
    found = BoundSource(spec, binding, files, headers, columns, missing, binding.known_on, folder, seen)
    for column in spec.columns:
        bound, written = binding.column(column.name, column.file_name)
        if bound.expression:
            kind = derive(found, column, bound.expression)
            columns[column.name] = BoundColumn(column, bound, column.name, kind, _factor(spec, column, bound))
            continue
        names = (bound.source,) if written else (bound.source, column.name)
        physical = next((name for name in names if name in known), None)
        if physical is not None:
            _refuse_fractions(spec, column, physical, known[physical])
            columns[column.name] = BoundColumn(column, bound, physical, known[physical], _factor(spec, column, bound))
        elif written:
            missing[column.name] = f"column {column.name} is bound to '{bound.source}', which the file does not have"
        else:
            missing[column.name] = f"column {column.name} is not in the file (no '{bound.source}') and not bound"
    _refuse_unknown_day(found)
    _refuse_mixed_files(found)
    return found


def check_binding(spec: SourceSpec, binding: SourceBinding) -> None:
    """Refuse what is wrong with a binding whatever the file holds: unknown columns, units that nothing turns."""
    names = {n for column in spec.columns for n in (column.name, column.file_name)}
    for written in binding.columns:
        if written not in names:
            raise UnknownName.among(f"column of {spec.name}", written, names, where=f"c360.toml [sources.{spec.name}]")
    for column in spec.columns:
        _factor(spec, column, binding.column(column.name, column.file_name)[0])


def _headers(binding: SourceBinding, files: tuple[Path, ...], describe: Describe) -> tuple[Header, ...]:
    if binding.kind != "csv" or not files:
        headers = describe(binding, files)
    else:
        headers = tuple(csv_header(file, binding.delimiter, binding.codec) for file in files)
    if not binding.partitions:
        return headers
    return tuple(with_partitions(file, header, binding) for file, header in zip(files, headers, strict=True))


def _refuse_unknown_day(source: BoundSource) -> None:
    known_on, known = source.binding.known_on, dict(source.header)
    if known_on and known_on not in known:
        raise MissingColumn(
            f"source {source.spec.name}: known_on names '{known_on}', which the file does not have",
            hint=did_you_mean(known_on, known),
            where="c360.toml",
        )


def _refuse_mixed_files(source: BoundSource) -> None:
    """Refuse files that do not agree on the columns that are read.

    Of a column that the first file lacks nothing would be read, and nobody would see it.
    """
    needed = [source.known_on] if source.known_on else []
    for column in source.columns.values():
        text = column.binding.expression
        needed += [name for name, _ in source.header if name in text] if text else [column.physical]
    refuse_other_schema(source.files, source.headers, needed)
    later = {name for header in source.headers[1:] for name, _ in header}
    for name in source.missing:
        bound, written = source.binding.column(name, source.spec.column(name).file_name)
        names = (bound.source,) if written else (bound.source, name)
        refuse_other_schema(source.files, source.headers, [physical for physical in names if physical in later])


def _refuse_fractions(spec: SourceSpec, column: ColumnSpec, physical: str, physical_type: str) -> None:
    if column.type.kind == "key" and physical_type.startswith(FRACTIONS) and not physical_type.endswith(",0)"):
        raise BadValues(
            f"source {spec.name}, column {physical}: keys are of type {physical_type}, expected text or whole numbers",
            hint="write the keys as text",
            where="c360.toml",
        )


def _factor(spec: SourceSpec, column: ColumnSpec, bound: ColumnBinding) -> str:
    contract_unit = column.unit.split("/")[0]
    if not bound.unit or bound.unit == column.unit:
        return ""
    factor = UNITS.get((contract_unit, bound.unit))
    if factor is None:
        known = sorted(b for a, b in UNITS if a == contract_unit)
        wanted = column.unit or "a number without unit"
        raise DefinitionError(
            f"column {column.name}: no rule turns {bound.unit} into {wanted}",
            hint=f"known for {contract_unit}: {', '.join(known)}" if known else "leave unit out, or give the contract one",
            where=f"c360.toml [sources.{spec.name}]",
        )
    return factor
