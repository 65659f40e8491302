"""A file's profile and the contract it seems to be in, a drafted binding as TOML with what is unclear out; binds nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from c360.bindings.matching import ColumnMatch, SourceMatch
from c360.bindings.profiles import CODES_SHOWN, FileProfile, shown_codes
from c360.bindings.words import unit_in
from c360.expr.schema import FACTS

# Null texts that a text column may hold as an answer: None is what an offer nobody took is called.
ANSWERS = ("none", "unknown", "未知", "不详", "空", "-", "--")
SMALLER = {"yuan": "fen", "dollar": "cent"}
AMOUNTS = ("money", "volume", "number", "integer")


@dataclass(frozen=True)
class Draft:
    """A binding drafted: *toml* to be put into c360.toml, and what to look over; *missing* are columns of the contract."""

    source: str
    profile: FileProfile
    match: SourceMatch
    toml: str
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the draft as plain data."""
        written = self.profile.written
        columns = [
            {
                "column": name, "found": m.found.name, "how": m.how, "score": round(m.score, 2),
                "filled": m.found.filled, "distinct": m.found.distinct, "unique": m.found.is_unique,
            }
            for name, m in self.match.columns.items()
        ]  # fmt: skip
        return {
            "file": self.profile.file.name, "source": self.source, "score": round(self.match.score, 2), "rows": self.profile.rows,
            "kind": written.kind, "encoding": written.encoding, "delimiter": written.delimiter, "columns": columns,
            "missing": list(self.missing), "unused": list(self.unused), "notes": list(self.notes), "toml": self.toml,
        }  # fmt: skip


def drafted(profile: FileProfile, match: SourceMatch, path: str) -> Draft:
    """Return the draft of a binding; *path* is what c360.toml calls the file."""
    own = [match.columns[column.name] for column in match.spec.columns if column.name in match.columns]
    shared = _shared_nulls(own)
    bindings = {m.spec.name: _column(m, shared) for m in own}
    lines = [*_head(profile, match), *_source(profile, match, path, shared), "", f"[sources.{match.spec.name}.columns]"]
    for m in own:
        text, doubt = bindings[m.spec.name]
        lines.append(f"{'# ' if doubt else ''}{m.spec.name} = {text}" + (f"  # {doubt}" if doubt else ""))
    missing = tuple(column.name for column in match.spec.columns if column.name not in match.columns)
    used = {m.found.name for m in own}
    unused = tuple(column.name for column in profile.columns if column.name not in used)
    if missing:
        lines.append(f"# not found: {', '.join(missing)}")
    if unused:
        lines.append(f"# not used: {', '.join(quoted(name) for name in unused)}")
    return Draft(match.spec.name, profile, match, "\n".join(lines) + "\n", tuple(_notes(profile, match, own)), missing, unused)


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _head(profile: FileProfile, match: SourceMatch) -> Iterator[str]:
    told = f"{len(match.columns)} of {len(match.spec.columns)} columns of {match.spec.name} found"
    yield f"# {profile.file.name}, {profile.rows_told}: {told}. Drafted by c360 sources --suggest; look it over."


def _source(profile: FileProfile, match: SourceMatch, path: str, nulls: list[str]) -> Iterator[str]:
    """Yield the settings of the source itself."""
    written = profile.written
    yield f"[sources.{match.spec.name}]"
    yield f"path = {quoted(path)}"
    natural = "parquet" if profile.file.suffix in {".parquet", ".pq"} else "csv"
    if written.kind != natural:
        yield f"format = {quoted(written.kind)}"
    if written.encoding != "utf-8":
        yield f"encoding = {quoted(written.encoding)}" + ("" if written.is_sure else "  # a guess")
    if written.delimiter != ",":
        yield f"delimiter = {quoted(written.delimiter)}"
    if nulls:
        yield f"nulls = [{', '.join(map(quoted, nulls))}]"
    if match.spec.kind == FACTS:
        is_dense = match.spec.is_monthly
        told = "every month has its rows" if is_dense else 'rows of some days only; "dense" if every day has its rows'
        yield f'coverage = "{"dense" if is_dense else "sparse"}"  # {told}'


def _shared_nulls(matches: list[ColumnMatch]) -> list[str]:
    """Return the texts that mean null in several columns and an answer in none."""
    times = Counter(text for m in matches for text in _nulls(m))
    answers = {code for m in matches if m.recode for code in m.recode.levels}
    answers |= {text for m in matches for text in m.found.null_texts if text not in _nulls(m)}
    return sorted(text for text, count in times.items() if count > 1 and text not in answers)


def _nulls(match: ColumnMatch) -> tuple[str, ...]:
    """Return the texts that mean null in a column."""
    if match.recode is not None:
        return match.recode.nulls
    if match.spec.type.kind in {"text", "key"}:
        return tuple(text for text in match.found.null_texts if text.strip().lower() not in ANSWERS)
    return match.found.null_texts


def _column(match: ColumnMatch, shared: list[str]) -> tuple[str, str]:
    """Return the binding of one column, and why it must not stand as it is; empty when it may."""
    parts = [f"from = {quoted(match.found.name)}"]
    unit = unit_in(match.found.name)
    if match.spec.type.kind in AMOUNTS and unit and unit != match.spec.unit.split("/")[0] and match.spec.unit:
        parts.append(f"unit = {quoted(unit)}")
    form = _format(match)
    if form:
        parts.append(f"format = {quoted(form)}")
    doubt = ""
    if "%y" in form:
        parts.append("first_year = 1930")
        doubt = "two digits do not say the century: are these the years 1930 to 2029?"
    if match.recode is not None:
        changes = match.recode.changes
        if changes:
            levels = [*match.spec.type.all_levels, *changes.values()]
            ordered = sorted(changes.items(), key=lambda change: (levels.index(change[1]), change[0]))
            parts.append("recode = { " + ", ".join(f"{quoted(a)} = {quoted(b)}" for a, b in ordered) + " }")
        doubt = _doubt(match)
    nulls = [text for text in _nulls(match) if text not in shared]
    if nulls:
        parts.append(f"nulls = [{', '.join(map(quoted, nulls))}]")
    return (quoted(match.found.name) if len(parts) == 1 else "{ " + ", ".join(parts) + " }"), doubt


def _format(match: ColumnMatch) -> str:
    kind = match.spec.type.kind
    forms = match.found.date_formats if kind == "date" else match.found.month_formats if kind == "month" else ()
    return forms[0] if forms else ""


def _doubt(match: ColumnMatch) -> str:
    """Return which codes of a column no level is known for; the codes themselves where they may be shown."""
    unknown = match.recode.unknown if match.recode is not None else ()
    if not unknown:
        return ""
    shown = [code for code in shown_codes(match.found) if code in unknown][:CODES_SHOWN]
    which = f": {', '.join(map(quoted, shown))}" if shown else ""
    levels = ", ".join(match.spec.type.all_levels) or "yes, no"
    codes = "1 code" if len(unknown) == 1 else f"{len(unknown)} codes"
    return f"no level is known for {codes}{which}; say which of {levels} each is, then take the # off"


def _notes(profile: FileProfile, match: SourceMatch, own: list[ColumnMatch]) -> Iterator[str]:
    """Yield what whoever takes the draft should look at; never a value."""
    if not profile.written.is_sure:
        yield f"the encoding {profile.written.encoding} is a guess; if names look wrong, set another"
    if not profile.rows:
        yield "the file has no rows, so only its names could be matched"
    if match.lacks:
        yield f"{match.spec.name} cannot do without {match.lacks}"
    yield from match.misfits.values()
    for m in own:
        name = m.spec.name
        forms = m.found.date_formats if m.spec.type.kind == "date" else ()
        if len(forms) > 1:
            yield f"{name}: its dates could be {' or '.join(forms[:3])}; {forms[0]} is taken"
        if _doubt(m):
            yield f"{name}: {_doubt(m)}"
        if m.score < 0.75:
            yield f'{name} = "{m.found.name}" is a weak guess ({m.how})'
    for m in own:
        small = SMALLER.get(m.spec.unit.split("/")[0], "")
        if small and m.found.filled and m.found.whole == m.found.filled and not unit_in(m.found.name):
            yield f'{m.spec.name}: whole numbers, taken as {m.spec.unit}; if they count {small}, write unit = "{small}" beside from'
