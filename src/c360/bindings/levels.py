"""The codes of a column and the levels of its contract in, which code is which level out; a guess to be looked over."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from c360.bindings.profiles import NULL_TEXTS
from c360.bindings.synonyms import mean_the_same
from c360.bindings.words import plain, words

YES, NO = "yes", "no"
NATURAL = frozenset(("true", "t", "yes", "y", "1", "是", "false", "f", "no", "n", "0", "否"))
NEAR = 0.8


@dataclass(frozen=True)
class Recode:
    """Which level each code is, the codes that mean null, and those nobody knows."""

    levels: dict[str, str]
    nulls: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def changes(self) -> dict[str, str]:
        """The codes that are written otherwise than their level."""
        return {code: level for code, level in self.levels.items() if code != level}

    @property
    def share(self) -> float:
        """How many of the codes are known, from 0 to 1; at least one must be a level."""
        total = len(self.levels) + len(self.nulls) + len(self.unknown)
        return 1 - len(self.unknown) / total if self.levels else 0.0


def recoded(codes: Sequence[str], levels: Sequence[str]) -> Recode:
    """Return which of *levels* each of *codes* is."""
    found: dict[str, str] = {}
    nulls, unknown = [], []
    for code in codes:
        level = level_of(code, levels)
        if level is not None:
            found[code] = level
        elif code.strip().lower() in NULL_TEXTS or not code.strip():
            nulls.append(code)
        else:
            unknown.append(code)
    return Recode(found, tuple(code for code in nulls if code), tuple(unknown))


def as_boolean(codes: Sequence[str]) -> Recode:
    """Return which of *codes* are yes and which no; those c360 reads by itself stay as they are."""
    made = recoded([code for code in codes if code.strip().lower() not in NATURAL], (YES, NO))
    natural = {code: code for code in codes if code.strip().lower() in NATURAL}
    return Recode(natural | made.levels, made.nulls, made.unknown)


def level_of(code: str, levels: Sequence[str]) -> str | None:
    """Return the one level that *code* stands for; None where none or several would do."""
    for is_match in (_same, mean_the_same, _has_its_words, _is_among_its_words, _starts_it, _is_near):
        found = [level for level in levels if is_match(code, level)]
        longest = max((len(_spoken(level)) for level in found), default=0)
        nearest = [level for level in found if len(_spoken(level)) == longest]
        if nearest:
            return nearest[0] if len(nearest) == 1 else None
    return None


def _same(code: str, level: str) -> bool:
    return plain(code) == plain(level)


def _has_its_words(code: str, level: str) -> bool:
    """Whether all words of the level stand in the code: Offer A is A, and 6-VeryLow is very_low rather than low."""
    own = set(_spoken(level))
    return bool(own) and own <= set(_spoken(code))


def _is_among_its_words(code: str, level: str) -> bool:
    """Whether all words of the code stand in the level: Self is self_employed."""
    return set(_spoken(code)) <= set(_spoken(level)) and len(plain(code)) > 2


def _starts_it(code: str, level: str) -> bool:
    start = plain(code)
    return start.isalpha() and len(start) <= 3 and plain(level).startswith(start)


def _is_near(code: str, level: str) -> bool:
    return difflib.SequenceMatcher(None, plain(code), plain(level)).ratio() >= NEAR


def _spoken(text: str) -> tuple[str, ...]:
    """Return the words of a code; a word that says nothing in a heading, such as A, is one here."""
    return (plain(text),) if len(plain(text)) == 1 else (*words(text), *(w for w in text.lower().split() if len(w) == 1))
