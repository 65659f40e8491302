"""A contract, its binding and a file's header in, the physical column of each contract column out; reads no values."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from c360.bindings.settings import ColumnBinding, SourceBinding
from c360.errors import BadValues, DamagedFile, MissingColumn, MissingSource, did_you_mean
from c360.expr.schema import ColumnSpec, SourceSpec

Header = tuple[tuple[str, str], ...]

UNITS = {
    ("yuan", "fen"): "0.01", ("yuan", "jiao"): "0.1", ("dollar", "cent"): "0.01", ("MB", "KB"): "0.0009765625",
    ("MB", "GB"): "1024", ("MB", "B"): "0.00000095367431640625", ("minute", "second"): "0.016666666666666666",
    ("minute", "hour"): "60",
}  # fmt: skip


@dataclass(frozen=True)
class BoundColumn:
    """One contract column and where it is: physical name and type, and how it is read."""

    spec: ColumnSpec
    binding: ColumnBinding
    physical: str
    physical_type: str
    factor: str = ""


@dataclass(frozen=True)
class BoundSource:
    """One source with its file: the columns found, and why others are not."""

    spec: SourceSpec
    binding: SourceBinding
    file: Path | None
    header: Header
    columns: dict[str, BoundColumn]
    missing: dict[str, str] = field(default_factory=dict)
    known_on: str = ""

    def needed(self, names: tuple[str, ...]) -> None:
        """Refuse when one of the columns *names* is not in the file."""
        for name in names:
            if name in self.missing:
                raise MissingColumn(
                    f"source {self.spec.name}: {self.missing[name]}",
                    hint=did_you_mean(name, [n for n, _ in self.header]),
                    where=self.place,
                )

    @property
    def place(self) -> str:
        """What an author calls the place: the file's name, the table, or the query."""
        return self.file.name if self.file is not None else self.binding.table or f"[sources.{self.spec.name}] sql"


def resolve(
    spec: SourceSpec, binding: SourceBinding, folder: Path, describe: Callable[[SourceBinding, Path | None], Header]
) -> BoundSource:
    """Match *spec* with the header of its file by name; *describe* gives the header of what is no CSV file."""
    file = None if binding.path is None else folder / binding.path
    if file is not None and not file.is_file():
        raise MissingSource(
            f"source {spec.name} is bound to '{binding.path}', which is not there",
            hint=f"looked in {'the data folder' if not Path(binding.path or '').is_absolute() else 'that place'}; "
            "mend [sources." + spec.name + "] path, or give the data folder with --data or C360_DATA",
            where="c360.toml",
        )
    header = csv_header(file, binding) if binding.kind == "csv" and file is not None else describe(binding, file)
    known = dict(header)
    columns, missing = {}, {}
    for column in spec.columns:
        bound, written = binding.column(column.name, column.file_name)
        physical = bound.source if bound.source in known else column.name if not written and column.name in known else ""
        if physical:
            factor = _factor(spec, column, bound)
            columns[column.name] = BoundColumn(column, bound, physical, known[physical], factor)
        else:
            missing[column.name] = (
                f"column {column.name} is bound to '{bound.source}', which the file does not have"
                if written
                else f"column {column.name} is not in the file (no '{bound.source}') and not bound"
            )
    _refuse_unknown(spec, binding)
    if binding.known_on and binding.known_on not in known:
        raise MissingColumn(f"source {spec.name}: known_on names '{binding.known_on}', which the file does not have")
    return BoundSource(spec, binding, file, header, columns, missing, binding.known_on)


def csv_header(file: Path, binding: SourceBinding) -> Header:
    """Return the names in the first line of a CSV file, each once; every value is text until it is cast."""
    try:
        with file.open(encoding="utf-8-sig" if _is_utf8(binding) else binding.encoding, newline="") as lines:
            names = next(csv.reader(lines, delimiter=binding.delimiter), [])
    except UnicodeDecodeError:
        raise BadValues(
            f"{file.name} is not {binding.encoding}", hint='name its encoding, for example encoding = "gb18030"', where=file.name
        ) from None
    except csv.Error:
        raise DamagedFile(f"{file.name} is no CSV file", where=file.name) from None
    if not names:
        raise DamagedFile(f"{file.name} is empty; expected a header line", where=file.name)
    names = [name.strip() for name in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadValues(f"{file.name} has columns of one name: {', '.join(twice)}", hint="rename one in the file", where=file.name)
    return tuple((name, "VARCHAR") for name in names)


def _is_utf8(binding: SourceBinding) -> bool:
    return binding.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}


def _refuse_unknown(spec: SourceSpec, binding: SourceBinding) -> None:
    names = {n for column in spec.columns for n in (column.name, column.file_name)}
    for written in binding.columns:
        if written not in names:
            raise MissingColumn(
                f"[sources.{spec.name}] columns: the contract has no column '{written}'",
                hint=did_you_mean(written, names),
                where="c360.toml",
            )


def _factor(spec: SourceSpec, column: ColumnSpec, bound: ColumnBinding) -> str:
    contract_unit = column.unit.split("/")[0]
    if not bound.unit or bound.unit == column.unit:
        return ""
    factor = UNITS.get((contract_unit, bound.unit))
    if factor is None:
        known = sorted(b for a, b in UNITS if a == contract_unit)
        raise BadValues(
            f"source {spec.name}: no rule turns {bound.unit} into {column.unit or 'a number without unit'} ({column.name})",
            hint=f"known for {contract_unit}: {', '.join(known)}" if known else "leave unit out, or give the contract a unit",
            where="c360.toml",
        )
    return factor
