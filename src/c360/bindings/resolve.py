"""A contract, its binding and a file's header in, the physical column of each contract column out; reads no values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from c360.bindings.csv_files import Header, csv_header
from c360.bindings.settings import ColumnBinding, SourceBinding
from c360.errors import BadValues, DefinitionError, MissingColumn, MissingSource, SourceError, UnknownName, did_you_mean
from c360.expr.schema import ColumnSpec, SourceSpec

UNITS = {
    ("yuan", "fen"): "0.01", ("yuan", "jiao"): "0.1", ("dollar", "cent"): "0.01", ("MB", "KB"): "0.0009765625",
    ("MB", "GB"): "1024", ("MB", "B"): "0.00000095367431640625", ("minute", "second"): "0.016666666666666666",
    ("minute", "hour"): "60",
}  # fmt: skip
UTF8 = ("utf-8", "utf8", "utf-8-sig")
# A key as a fraction is a whole number that met a null on its way: 17 became 17.0, which names nobody.
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")


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
                found = [n for n, _ in self.header]
                wanted = self.binding.column(name, self.spec.column(name).file_name)[0].source
                mend = f'bind it: {name} = "…" in [sources.{self.spec.name}.columns]'
                raise MissingColumn(
                    f"source {self.spec.name}: {self.missing[name]}",
                    hint="; ".join(h for h in (did_you_mean(wanted, found), mend) if h),
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
        place = "that place" if Path(binding.path or "").is_absolute() else f"the data folder, {folder}"
        raise MissingSource(
            f"source {spec.name} is bound to '{binding.path}', which is not there",
            hint=f"looked in {place}; put the file there, mend [sources.{spec.name}] path, or give --data or C360_DATA",
            where="c360.toml",
        )
    header = _header(binding, file, describe)
    known = dict(header)
    columns, missing = {}, {}
    for column in spec.columns:
        bound, written = binding.column(column.name, column.file_name)
        names = (bound.source,) if written else (bound.source, column.name)
        physical = next((name for name in names if name in known), None)
        if physical is not None:
            _refuse_fractions(spec, column, physical, known[physical])
            columns[column.name] = BoundColumn(column, bound, physical, known[physical], _factor(spec, column, bound))
        elif written:
            missing[column.name] = f"column {column.name} is bound to '{bound.source}', which the file does not have"
        else:
            missing[column.name] = f"column {column.name} is not in the file (no '{bound.source}') and not bound"
    if binding.known_on and binding.known_on not in known:
        raise MissingColumn(
            f"source {spec.name}: known_on names '{binding.known_on}', which the file does not have",
            hint=did_you_mean(binding.known_on, known),
            where="c360.toml",
        )
    return BoundSource(spec, binding, file, header, columns, missing, binding.known_on)


def check_binding(spec: SourceSpec, binding: SourceBinding) -> None:
    """Refuse what is wrong with a binding whatever the file holds: unknown columns, units that nothing turns."""
    names = {n for column in spec.columns for n in (column.name, column.file_name)}
    for written in binding.columns:
        if written not in names:
            raise UnknownName.among(f"column of {spec.name}", written, names, where=f"c360.toml [sources.{spec.name}]")
    for column in spec.columns:
        _factor(spec, column, binding.column(column.name, column.file_name)[0])


def _header(
    binding: SourceBinding, file: Path | None, describe: Callable[[SourceBinding, Path | None], Header]
) -> Header:
    if binding.kind != "csv" or file is None:
        return describe(binding, file)
    if binding.encoding.lower().replace("_", "-") not in UTF8:
        raise SourceError(
            f"{file.name}: encoding {binding.encoding} is declared, but only UTF-8 is read yet",
            hint=f"convert it: iconv -f {binding.encoding} -t UTF-8 {file.name} > new.csv, and leave encoding out",
            where="c360.toml",
        )
    return csv_header(file, binding.delimiter)


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
            hint=f"known for {contract_unit}: {', '.join(known)}"
            if known
            else "leave unit out, or give the contract one",
            where=f"c360.toml [sources.{spec.name}]",
        )
    return factor
