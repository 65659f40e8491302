"""A file's profile and the contracts in, the nearest contract and which column is which out; names first, then values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from c360.bindings.levels import Recode, as_boolean, recoded
from c360.bindings.profiles import CODES_SHOWN, ColumnProfile, FileProfile
from c360.bindings.synonyms import chinese_part_of, is_heading_of
from c360.bindings.words import is_like_key, plain, without_unit, words
from c360.expr.schema import FACTS, ColumnSpec, SourceSpec

LEAST_NAME, LEAST_FIT = 0.55, 0.5
NEAR_SPELLING = 0.84
SYNONYM, SAME_WORDS, CHINESE_PART = 0.9, 0.9, 0.75
ENOUGH = 0.25  # of a contract's columns, or of the file's, for a file to be that source
NAME_OF_FILE = 0.15


@dataclass(frozen=True)
class ColumnMatch:
    """One contract column and the column of the file that seems to be it; *how* says why, *score* how surely."""

    spec: ColumnSpec
    found: ColumnProfile
    score: float
    how: str
    recode: Recode | None = None


@dataclass(frozen=True)
class SourceMatch:
    """One contract and the columns of a file that seem to be its own; *misfits* are alike by name and not by value.

    *score* counts how much of both is explained, *share* how much of the one that is explained better.
    """

    spec: SourceSpec
    columns: dict[str, ColumnMatch]
    score: float
    share: float
    misfits: dict[str, str] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the file can be this source: its key is there, and enough else."""
        needed = min(2, len(self.spec.columns))
        return not self.lacks and len(self.columns) >= needed and self.share >= ENOUGH

    @property
    def lacks(self) -> str:
        """What a row of this source cannot do without; empty where it is there."""
        if self.spec.kind != FACTS:
            return "" if self.spec.key in self.columns else f"the key {self.spec.key}"
        keys = [c.name for c in self.spec.columns if c.type.kind == "key"]
        dated = self.spec.date_column
        if dated is not None and dated.name not in self.columns:
            return f"the date {dated.name}"
        return "" if not keys or any(key in self.columns for key in keys) else f"a key: {' or '.join(keys)}"


def nearest(profile: FileProfile, specs: Iterable[SourceSpec]) -> list[SourceMatch]:
    """Return every contract as a match for the file, the nearest first."""
    found = [matched(profile, spec) for spec in specs]
    return sorted(found, key=lambda match: (match.fits, match.score), reverse=True)


def matched(profile: FileProfile, spec: SourceSpec) -> SourceMatch:
    """Return which columns of the file seem to be which of *spec*: the surest pairs first, each column once."""
    pairs = []
    misfits: dict[str, str] = {}
    for place, column in enumerate(spec.columns):
        for other, found in enumerate(profile.columns):
            name, how = name_score(spec, column, found.name)
            if name < LEAST_NAME:
                continue
            fit, recode, trouble = fit_of(spec, column, found)
            if fit < LEAST_FIT and name >= SYNONYM and recode is not None and 0 < len(found.codes) <= CODES_SHOWN:
                fit = LEAST_FIT  # few codes under the right name: whoever drafts will know them
            if fit >= LEAST_FIT:
                pairs.append((-name * fit, place, other, how, recode))
            elif name >= SYNONYM and trouble:
                misfits.setdefault(column.name, f'"{found.name}" may be {column.name}, but {trouble}')
    taken: set[int] = set()
    columns: dict[str, ColumnMatch] = {}
    for score, place, other, how, recode in sorted(pairs, key=lambda pair: pair[:3]):
        column = spec.columns[place]
        if column.name not in columns and other not in taken:
            taken.add(other)
            columns[column.name] = ColumnMatch(column, profile.columns[other], -score, how, recode)
    found_in_all, contract, file = sum(m.score for m in columns.values()), len(spec.columns), len(profile.columns)
    # Both sides count: a small contract of which half is found must not win over a large one that explains the whole file.
    total = 2 * found_in_all / max(contract + file, 1)
    is_called_so = bool(set(words(profile.file.stem)) & set(words(spec.name)))
    left = {name: told for name, told in misfits.items() if name not in columns}
    share = found_in_all / max(min(contract, file), 1)
    called = NAME_OF_FILE * is_called_so
    return SourceMatch(spec, columns, total + called, share + called, left)


def name_score(spec: SourceSpec, column: ColumnSpec, heading: str) -> tuple[float, str]:
    """Return how alike the names of a contract column and of a file's column are, from 0 to 1, and why."""
    text = plain(without_unit(heading))
    if text in {plain(column.name), plain(column.file_name)}:
        return 1.0, "same name"
    if column.zh and text == plain(column.zh):
        return 1.0, "same Chinese name"
    named = column.type.entity if column.type.kind == "key" else column.name
    if any(is_heading_of(name, without_unit(heading)) for name in (column.name, named)):
        return SYNONYM, "known synonym"
    part = chinese_part_of(column.name, heading)
    if part >= 2:
        return CHINESE_PART + 0.01 * part, "holds a known synonym"
    by_words = _words_score(spec, column, heading)
    spelling = difflib.SequenceMatcher(None, plain(column.name), text).ratio()
    if spelling >= NEAR_SPELLING and 0.85 * spelling > by_words:
        return 0.85 * spelling, "near spelling"
    return by_words, "shares its words"


def _words_score(spec: SourceSpec, column: ColumnSpec, heading: str) -> float:
    own, other = set(words(column.name)), set(words(heading))
    subject = set(words(spec.name)) | set(words(spec.entity))
    if own == other or (own == other - subject and own):
        return SAME_WORDS
    shared = len(own & other)
    if not shared or (column.type.kind == "key" and not is_like_key(heading)):
        return 0.0
    if own <= other:
        return 0.65 + 0.2 * len(own) / len(other)
    if other <= own:
        return 0.6 + 0.2 * len(other) / len(own)
    return 0.8 * shared / len(own | other)


def fit_of(spec: SourceSpec, column: ColumnSpec, found: ColumnProfile) -> tuple[float, Recode | None, str]:
    """Return how well the values of a column fit the contract's, from 0 to 1, the recode they need, and what is wrong."""
    kind = column.type.kind
    if column.name == spec.key and found.rows and not found.is_unique:
        return 0.0, None, f"{found.rows - found.distinct:,} of its rows have no key of their own"
    if found.filled == 0:
        return 0.6, None, ""
    if kind == "category":
        recode = recoded(found.codes, column.type.all_levels)
        return recode.share, recode, f"{found.distinct:,} different values, {len(recode.levels)} of them levels"
    if kind == "boolean":
        if found.booleans == found.filled:
            return 1.0 if found.is_text else 0.9, None, ""
        recode = as_boolean(found.codes)
        return recode.share, recode, "its values are not yes and no"
    counted = {"integer": found.whole, "money": found.cents, "volume": found.mils, "number": found.plain}
    if kind in counted:
        wrong = found.filled - counted[kind]
        return (1.0, None, "") if not wrong else (0.0, None, f"{wrong:,} of {found.filled:,} values are no {kind}")
    if kind in {"date", "month"}:
        formats = found.date_formats if kind == "date" else found.month_formats
        return (1.0, None, "") if formats else (0.0, None, f"its values are no {kind}s in a form that is known")
    return (0.95 if found.booleans < found.filled else 0.7), None, ""
