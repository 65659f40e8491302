"""The text of c360.toml in, checked settings out; knows no data file."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from c360.errors import DefinitionError, did_you_mean

FILE = "c360.toml"
Coverage = Literal["dense", "sparse", "undated"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnBinding(_Strict):
    """How one contract column is read: from which physical column, in which unit, format and code."""

    source: Annotated[str, Field(alias="from", description="the physical column")] = ""
    unit: Annotated[
        str, Field(description="the unit in the file, when it is not the contract's: fen, cent, KB, GB, second")
    ] = ""
    format: Annotated[str, Field(description="how dates are written, in strptime letters: %Y%m%d")] = ""
    zone: Annotated[str, Field(description="the time zone of stamps")] = ""
    recode: Annotated[dict[str, str], Field(description="file text to contract text")] = {}
    nulls: Annotated[list[str], Field(description="texts that mean null here, besides the source's")] = []
    nan: Annotated[Literal["refuse", "null"], Field(description="what NaN and infinity mean")] = "refuse"


class SourceBinding(_Strict):
    """Where one source is, how its file is written and what its rows cover."""

    path: Annotated[str | None, Field(description="a CSV or Parquet file")] = None
    table: Annotated[str | None, Field(description="a table of the engine's database")] = None
    sql: Annotated[str | None, Field(description="a SELECT of the engine")] = None
    format: Annotated[Literal["csv", "parquet"] | None, Field(description="when the file's ending does not say")] = None
    columns: Annotated[dict[str, str | ColumnBinding], Field(description="contract column = physical column")] = {}
    nulls: Annotated[list[str], Field(description="texts that mean null in every column")] = []
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Annotated[str, Field(description="of a CSV file")] = "utf-8"
    zone: Annotated[str, Field(description="the time zone of stamps")] = ""
    date_format: Annotated[str, Field(description="how dates are written, in strptime letters")] = ""
    coverage: Annotated[Coverage | None, Field(description="dense: every day up to the last has its rows")] = None
    covers_to: Annotated[date | None, Field(description="the last day that is whole")] = None
    known_on: Annotated[str, Field(description="the physical date column of when a row became known")] = ""
    allow_empty: Annotated[bool, Field(description="whether no rows at all is fine")] = False

    @model_validator(mode="after")
    def _one_place(self) -> SourceBinding:
        if sum(x is not None for x in (self.path, self.table, self.sql)) != 1:
            raise ValueError("give exactly one of path, table, sql")
        return self

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
        return (bound if bound.source else bound.model_copy(update={"source": file_name})), True


class EngineSettings(_Strict):
    """What the engine may use."""

    threads: Annotated[int | None, Field(ge=1)] = None
    memory: Annotated[str | None, Field(description="such as 4GB")] = None


class Settings(_Strict):
    """The whole of c360.toml."""

    time_zone: Annotated[str, Field(description="local dates are days of this zone")] = "UTC"
    as_of: Annotated[date | None, Field(description="the as-of date when no source says one")] = None
    data_folder: Annotated[
        str, Field(description="where relative source paths start; C360_DATA and --data override it")
    ] = "."
    sources: dict[str, SourceBinding] = {}
    params: dict[str, Any] = {}
    engine: EngineSettings = EngineSettings()

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


def read_settings(path: Path) -> Settings:
    """Return the settings in *path*; raises DefinitionError that names the key, its line and, where it can, the fix."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error))
        told, line = (found[1], f":{found[2]}") if found else (str(error).partition(" (at ")[0], "")
        hint = 'texts stand in quotes: path = "bill.csv"'
        raise DefinitionError(f"this is not TOML: {told}", hint=hint, where=path.name + line) from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name} is not UTF-8", hint="save it as UTF-8", where=path.name) from None
    except ValidationError as error:
        raise _told(error, path.name, text) from None


def _told(error: ValidationError, file: str, text: str) -> DefinitionError:
    found = error.errors(include_url=False, include_input=False)
    # A column may be a text or a table: what is wrong with the table says more than that it is no text.
    first = next((f for f in found if "ColumnBinding" in f["loc"] and f["type"] != "model_type"), found[0])
    keys = [str(part) for part in first["loc"] if part not in {"str", "ColumnBinding"}]
    message = first["msg"].removeprefix("Value error, ")
    where = file + _line(keys, text)
    if first["type"] == "extra_forbidden":
        model = _model(keys)
        known = [field.alias or name for name, field in model.model_fields.items()]
        return DefinitionError(f"'{'.'.join(keys)}' is no setting", hint=did_you_mean(keys[-1], known), where=where)
    return DefinitionError(f"'{'.'.join(keys)}': {message}" if keys else message, where=where)


def _model(keys: list[str]) -> type[BaseModel]:
    if len(keys) == 1:
        return Settings
    if keys[0] == "engine":
        return EngineSettings
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
