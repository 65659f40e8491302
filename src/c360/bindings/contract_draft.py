"""A file no contract is written for in, a contract class for it as Python text out, to be looked over and put into tags/."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass

from c360.bindings.levels import recoded
from c360.bindings.matching import ColumnMatch, SourceMatch
from c360.bindings.profiles import NULL_TEXTS, ColumnProfile, FileProfile, shown_codes
from c360.bindings.suggest import quoted
from c360.bindings.synonyms import contract_name_of
from c360.bindings.words import is_like_key, plain, without_unit, words
from c360.datatypes import DataType
from c360.expr.schema import ATTRIBUTES, ENTITY, FACTS, ColumnSpec, SourceSpec

BASES = {ENTITY: "Entity", FACTS: "Facts"}
TYPES = {
    "boolean": "Boolean", "integer": "Integer", "money": "Money", "number": "Number", "date": "Date", "month": "Month",
    "text": "Text",
}  # fmt: skip
AMOUNT_WORDS = {"fee", "amount", "revenue", "price", "discount", "bill", "payment", "balance", "income", "spend"}
AMOUNT_CHINESE = re.compile("费|金额|收入|价|余额|消费|优惠|应收")
TAKEN = ("default", "title", "zh", "where", "last", "first", "count", "spec")


@dataclass(frozen=True)
class ContractDraft:
    """A contract drafted: *python* is its class; *match* is which column of the file each of its columns is."""

    match: SourceMatch
    python: str


def contract_for(profile: FileProfile, schema: Iterable[SourceSpec]) -> ContractDraft:
    """Return a contract for the file: attributes of an entity it has the key of, an entity of its own, or facts."""
    entities = [spec.entity for spec in schema if spec.kind == ENTITY]
    keys = {c.name: e for c in profile.columns for e in entities if _is_key_of(c.name, e)}
    unique = next((c for c in profile.columns if c.is_unique and (c.name in keys or is_like_key(c.name))), None)
    dated = next((c for c in profile.columns if c.date_formats and not c.is_unique), None)
    monthly = next((c for c in profile.columns if c.month_formats and not c.is_unique), None)
    name = _free_name(profile.file.stem, {spec.name for spec in schema}, "source")
    if unique is not None and unique.name in keys:
        kind, entity, own = ATTRIBUTES, keys[unique.name], unique.name
    elif unique is not None and (dated is None or not keys):
        kind, entity, own = ENTITY, name, unique.name
    else:
        kind, entity, own = FACTS, name, ""
    event = (monthly or dated) if kind == FACTS else None
    columns: dict[str, ColumnMatch] = {}
    for found in profile.columns:
        if found.name == own:
            column = ColumnSpec(entity, DataType("key", entity=entity), "fixed")
        else:
            column = _column(found, kind, {entity, *TAKEN, *columns}, keys.get(found.name, ""), found is event)
        recode = recoded(found.codes, column.type.all_levels) if column.type.kind == "category" else None
        columns[column.name] = ColumnMatch(column, found, 1.0, "drafted for it", recode)
    spec = SourceSpec(name, kind, entity, tuple(match.spec for match in columns.values()))
    return ContractDraft(SourceMatch(spec, columns, 1.0, 1.0), _python(profile, spec, columns))


def _is_key_of(heading: str, entity: str) -> bool:
    return plain(heading) in {plain(entity), plain(f"{entity}_id")} or (
        contract_name_of(without_unit(heading)) == entity and is_like_key(heading)
    )


def _column(found: ColumnProfile, kind: str, taken: set[str], entity: str, is_event: bool) -> ColumnSpec:
    heading = without_unit(found.name)
    role = "event" if is_event else "value" if kind == FACTS else "current"
    if entity and entity not in taken:
        return ColumnSpec(entity, DataType("key", entity=entity), role if kind == FACTS else "current")
    name = _free_name(heading if heading.isascii() else contract_name_of(heading), taken, "column")
    return ColumnSpec(name, _type(found, is_event), role)


def _type(found: ColumnProfile, is_event: bool) -> DataType:
    filled = found.filled
    if is_event:
        return DataType("month" if found.month_formats and not found.date_formats else "date")
    codes = tuple(code for code in shown_codes(found) if code.strip().lower() not in NULL_TEXTS)
    for kind, is_it in (
        ("boolean", found.booleans == filled and found.is_text and found.distinct <= 2),
        ("money", found.cents == filled and _is_amount(found.name)),
        ("date", bool(found.date_formats)),
        ("integer", found.whole == filled and not _is_code(found.name)),
        ("number", found.whole < found.plain == filled),
        ("category", len(codes) > 1),
    ):
        if filled and is_it:
            return DataType(kind, codes) if kind == "category" else DataType(kind)
    return DataType("text")


def _is_code(name: str) -> bool:
    """Whether digits under this name are no number: a postal code and a phone number are texts."""
    return bool(set(words(name)) & {"phone", "zip"}) or is_like_key(name)


def _is_amount(name: str) -> bool:
    return bool(set(words(name)) & AMOUNT_WORDS) or bool(AMOUNT_CHINESE.search(name))


def _free_name(heading: str, taken: set[str], otherwise: str) -> str:
    """Return *heading* as a contract may name a column, different from those *taken*."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", heading)
    base = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    if not base or not base[0].isalpha() or keyword.iskeyword(base):
        base = f"{otherwise}_{base}".strip("_")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _comment(found: ColumnProfile) -> str:
    told = f"{quoted(found.name)}: {found.distinct:,} different values"
    empty = found.rows - found.filled
    return told + (f", {empty:,} of {found.rows:,} rows without" if empty else "")


def _python(profile: FileProfile, spec: SourceSpec, columns: dict[str, ColumnMatch]) -> str:
    parent = {ATTRIBUTES: f"Attributes[{_class(spec.entity)}]"}.get(spec.kind) or BASES[spec.kind]
    lines = [f"class {_class(spec.name)}({parent}):  # drafted from {profile.file.name}; look over kinds, roles and units"]
    row = {ENTITY: "a …", FACTS: "an event or a month", ATTRIBUTES: f"a {spec.entity}"}[spec.kind]
    lines += [f'    """One row {row}."""', ""]
    for column in spec.columns:
        told = _comment(columns[column.name].found)
        if column.name == spec.key:
            lines.append(f"    # its key {column.name} is {told}")
            continue
        role = " = event()" if column.role == "event" and column.type.kind == "date" else ""
        lines.append(f"    {column.name}: {_annotation(column.type)}{role}  # {told}")
    if spec.kind == FACTS and spec.date_column is None:
        lines.append("    # facts need a date: one Month column, or one Date column = event()")
    return "\n".join(lines) + "\n"


def _annotation(type_: DataType) -> str:
    if type_.kind == "key":
        return f"Key[{_class(type_.entity)}]"
    if type_.kind == "category":
        return f"Category[{', '.join(map(quoted, type_.levels))}]"
    return TYPES[type_.kind]


def _class(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
