"""The text of c360.toml in, checked settings out; knows no data file."""

from __future__ import annotations

import codecs
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from c360.bindings.places import FILE, RECORDS, SNAPSHOTS
from c360.bindings.policy import Policy, policy_model
from c360.errors import DefinitionError, did_you_mean

Coverage = Literal["dense", "sparse", "undated"]
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "big5", "cp1252", "iso-8859-1")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnBinding(_Strict):
    """How one contract column is read: from which physical column, in which unit, format and code."""

    source: Annotated[str, Field(alias="from", description="the physical column")] = ""
    expression: Annotated[
        str, Field(description="instead of `from`: an expression over physical columns, as rules are written")
    ] = ""
    unit: Annotated[str, Field(description="the unit in the file, when it is not the contract's: fen, cent, KB, GB, second")] = ""
    format: Annotated[str, Field(description="how dates are written, in strptime letters: %Y%m%d")] = ""
    first_year: Annotated[
        int | None, Field(ge=1901, le=2000, description="the first of the hundred years that two-digit years (%y) are of")
    ] = None
    zone: Annotated[str, Field(description="the time zone of stamps")] = ""
    recode: Annotated[dict[str, str], Field(description="file text to contract text")] = {}
    nulls: Annotated[list[str], Field(description="texts that mean null here, besides the source's")] = []
    nan: Annotated[Literal["refuse", "null"], Field(description="what NaN and infinity mean")] = "refuse"

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnBinding:
        if self.source and self.expression:
            raise ValueError("give from or expression, not both")
        return self


class SourceBinding(_Strict):
    """Where one source is, how its file is written and what its rows cover."""

    path: Annotated[str | None, Field(description="a CSV or Parquet file, or a pattern: lake/bill/*.parquet")] = None
    database: Annotated[str | None, Field(description="the DuckDB file of table and sql; it is only read")] = None
    table: Annotated[str | None, Field(description="a table of the database, else of the engine")] = None
    sql: Annotated[str | None, Field(description="a SELECT of the engine; files it names lie where paths start")] = None
    partitions: Annotated[
        list[str], Field(description="columns that stand in folder names, as month in month=2026-08; read as text")
    ] = []
    format: Annotated[Literal["csv", "parquet"] | None, Field(description="when the file's ending does not say")] = None
    columns: Annotated[dict[str, str | ColumnBinding], Field(description="contract column = physical column")] = {}
    nulls: Annotated[list[str], Field(description="texts that mean null in every column")] = []
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Annotated[str, Field(description="of a CSV file: utf-8, gb18030, utf-16, …")] = "utf-8"
    zone: Annotated[str, Field(description="the time zone of stamps")] = ""
    date_format: Annotated[str, Field(description="how dates are written, in strptime letters")] = ""
    first_year: Annotated[
        int | None, Field(ge=1901, le=2000, description="the first of the hundred years that two-digit years (%y) are of")
    ] = None
    coverage: Annotated[Coverage | None, Field(description="dense: every day up to the last has its rows")] = None
    covers_to: Annotated[date | None, Field(description="the last day that is whole")] = None
    known_on: Annotated[str, Field(description="the physical date column of when a row became known")] = ""
    allow_empty: Annotated[bool, Field(description="whether no rows at all is fine")] = False
    max_bad_rows: Annotated[int, Field(ge=0, description="how many rows that break the contract may be left out")] = 0

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        if encoding_of(encoding) is None:
            raise ValueError(f"'{encoding}' is no encoding c360 reads, write one of {', '.join(ENCODINGS)}")
        return encoding

    @model_validator(mode="after")
    def _one_place(self) -> SourceBinding:
        if sum(x is not None for x in (self.path, self.table, self.sql)) != 1:
            raise ValueError("give exactly one of path, table, sql")
        if self.database is not None and self.path is not None:
            raise ValueError("a database holds a table or answers sql; leave out path")
        if self.partitions and self.path is None:
            raise ValueError("partitions are of files; give path")
        return self

    @model_validator(mode="after")
    def _century_is_said(self) -> SourceBinding:
        bound = (c for c in self.columns.values() if isinstance(c, ColumnBinding) and c.first_year is None)
        if self.first_year is None and any(map(_is_short, (self.date_format, *(c.format for c in bound)))):
            raise ValueError("%y does not say the century; add first_year = 1930 for the years 1930 to 2029")
        return self

    @property
    def codec(self) -> str:
        """The Python name of the encoding of a CSV file."""
        return encoding_of(self.encoding) or "utf-8-sig"

    @property
    def kind(self) -> str:
        """``csv``, ``parquet``, ``table`` or ``sql``."""
        if self.path is None:
            return "table" if self.table is not None else "sql"
        if self.format is not None:
            return self.format
        return "parquet" if Path(self.path).suffix in {".parquet", ".pq"} else "csv"

    def column(self, name: str, file_name: str) -> tuple[ColumnBinding, bool]:
        """Return the binding of a contract column and whether it was written down; *file_name* also names it."""
        written = self.columns.get(name, self.columns.get(file_name))
        if written is None:
            return ColumnBinding(source=file_name), False
        bound = ColumnBinding(source=written) if isinstance(written, str) else written
        return (bound if bound.source or bound.expression else bound.model_copy(update={"source": file_name})), True


class EngineSettings(_Strict):
    """What the engine may use."""

    threads: Annotated[int | None, Field(ge=1)] = None
    memory: Annotated[str | None, Field(description="such as 4GB")] = None


class Settings(_Strict):
    """The whole of c360.toml, over that of the workspace it extends."""

    extends: Annotated[str, Field(description="the folder of a workspace whose settings and definitions this one takes over")] = ""
    time_zone: Annotated[str, Field(description="local dates are days of this zone")] = "UTC"
    as_of: Annotated[date | None, Field(description="the as-of date when no source says one")] = None
    data_folder: Annotated[str, Field(description="where relative source paths start; C360_DATA and --data override it")] = "."
    snapshots_folder: Annotated[str, Field(description="where c360 build keeps its snapshots; private")] = SNAPSHOTS
    records_folder: Annotated[str, Field(description="where c360 keeps what lists held, who pulled them and what came of them")] = (
        RECORDS
    )
    policy: Annotated[Policy | None, Field(description="who may be contacted for what, how often, and who must agree")] = None
    sources: dict[str, SourceBinding] = {}
    params: dict[str, Any] = {}
    engine: EngineSettings = EngineSettings()
    _parents: tuple[Path, ...] = ()
    _overrides: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[Path, ...]:
        """The folders of the workspaces it extends, the farthest first."""
        return self._parents

    @property
    def overrides(self) -> tuple[str, ...]:
        """What it says otherwise than they do, in words."""
        return self._overrides

    def inheriting(self, parents: tuple[Path, ...], overrides: tuple[str, ...]) -> Settings:
        """Return the same settings, knowing where the others came from."""
        made = self.model_copy()
        object.__setattr__(made, "__pydantic_private__", {"_parents": parents, "_overrides": overrides})
        return made

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except Exception as error:
            raise ValueError(f"'{zone}' is no time zone, write one like Asia/Shanghai") from error
        return zone

    def flat_params(self) -> dict[str, object]:
        """Return the parameters by full name: ``[params.value] high_arpu`` is ``value.high_arpu``."""
        found: dict[str, object] = {}
        waiting: list[tuple[str, Any]] = list(self.params.items())
        while waiting:
            name, value = waiting.pop(0)
            if isinstance(value, dict):
                waiting += [(f"{name}.{key}", inner) for key, inner in value.items()]
            else:
                found[name] = value
        return found


def _is_short(date_format: str) -> bool:
    return "%y" in date_format.replace("%%", "")


def encoding_of(name: str) -> str | None:
    """Return the Python name of the encoding *name*, which may be written in other ways; None for one nobody reads."""
    plain = name.lower().replace("_", "-")
    if plain in {"utf8", "utf-8", "utf-8-sig"}:
        return "utf-8-sig"
    try:
        found = codecs.lookup(plain).name
    except LookupError:
        return None
    return found if found in {codecs.lookup(known).name for known in ENCODINGS} else None


def settings_schema() -> dict[str, Any]:
    """Return the JSON schema of c360.toml; editors that know TOML complete and check with it."""
    made = Settings.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": FILE}


def read_settings(path: Path) -> Settings:
    """Return the settings in *path*; raises DefinitionError that names the key, its line and, where it can, the fix."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error))
        end = f":{len(text.splitlines()) or 1}"  # where the document ends too early
        told, line = (found[1], f":{found[2]}") if found else (str(error).partition(" (at ")[0], end)
        hint = 'texts stand in quotes: path = "bill.csv"'
        raise DefinitionError(f"this is not TOML: {told}", hint=hint, where=path.name + line) from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name} is not UTF-8", hint="save it as UTF-8", where=path.name) from None
    except ValidationError as error:
        raise _told(error, path.name, text) from None


def _told(error: ValidationError, file: str, text: str) -> DefinitionError:
    found = error.errors(include_url=False, include_input=False)
    # A column may be a text or a table: what is wrong with the table says more than that it is no text.
    first = next((f for f in found if any(map(_is_column, f["loc"])) and f["type"] != "model_type"), found[0])
    keys = [str(part) for part in first["loc"] if part != "str" and not _is_column(part)]
    message = first["msg"].removeprefix("Value error, ")
    where = file + _line(keys, text)
    if first["type"] == "extra_forbidden":
        model = _model(keys)
        known = [field.alias or name for name, field in model.model_fields.items()]
        return DefinitionError(f"'{'.'.join(keys)}' is no setting", hint=did_you_mean(keys[-1], known), where=where)
    return DefinitionError(f"'{'.'.join(keys)}': {message}" if keys else message, where=where)


def _is_column(part: int | str) -> bool:
    """Whether a part of a fault's place says that a column was read as a table, with or without its own checks."""
    return "ColumnBinding" in str(part)


def _model(keys: list[str]) -> type[BaseModel]:
    if len(keys) == 1:
        return Settings
    if keys[0] == "engine":
        return EngineSettings
    if keys[0] == "policy":
        return policy_model(keys[1:-1])
    return SourceBinding if len(keys) <= 3 else ColumnBinding


def _line(keys: list[str], text: str) -> str:
    """Return ``:line`` of the setting *keys*: the last of them, below the table that names most of the others."""
    table: list[str] = []
    best, found = -1, ""
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*\[+([^\]]+)\]", line)
        if head:
            table = [part.strip(" \"'") for part in head[1].split(".")]
        shared = len([a for a, b in zip(table, keys, strict=False) if a == b])
        names_it = table == keys if head else re.search(rf"(^|[\s{{,.\"']){re.escape(keys[-1])}[\"']?\s*=", line)
        if keys and names_it and shared > best:
            best, found = shared, f":{number}"
    return found
