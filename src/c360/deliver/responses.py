"""The words in which channels tell what came of a contact in, one meaning for each out; knows no file, list or store.

What was found is told by counts and lines, never by a value of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import polars

ACCEPTED, COMPLAINED, REFUSED, REACHED = "accepted", "complained", "refused", "reached"
NOT_ACCEPTED, NO_ANSWER = "not_accepted", "no_answer"
STRENGTH = (ACCEPTED, COMPLAINED, REFUSED, REACHED, NOT_ACCEPTED, NO_ANSWER)
"""The outcomes of a contact, the strongest first: of several rows of one person the strongest counts."""

TALKED = (ACCEPTED, COMPLAINED, REFUSED, REACHED)
"""The outcomes that say that the customer was reached."""

SAID = {
    ACCEPTED: ("yes", "y", "true", "1", "success", "是", "接受", "办理", "成功", "同意"),
    COMPLAINED: ("complaint", "投诉"),
    REFUSED: ("declined", "拒绝", "不同意"),
    REACHED: ("answered", "接通", "已接通", "已联系"),
    NOT_ACCEPTED: ("no", "n", "false", "0", "否", "未办理", "失败"),
    NO_ANSWER: ("not_reached", "no answer", "未接通", "无人接听", "未接"),
}
"""Other words for them, in small letters; a bare no says that nothing was accepted, not whether anybody was reached."""

PROBLEMS = {
    "number_dead": ("phone", "mobile", "msisdn", "number"),
    "number_wrong": ("phone", "mobile", "msisdn", "number"),
    "not_the_customer": ("phone", "mobile", "msisdn", "number"),
    "wrong_name": ("name",),
    "wrong_address": ("address", "region"),
    "moved": ("address", "region"),
    "wrong_email": ("email",),
}
"""What a contact can find wrong, and the columns that it speaks of: the first that the contract has."""

PROBLEMS_SAID = {
    "number_dead": ("空号", "停机", "关机", "dead"),
    "number_wrong": ("号码错误", "错号"),
    "not_the_customer": ("非本人", "not the customer"),
    "wrong_name": ("姓名不符", "姓名错误"),
    "wrong_address": ("地址错误", "地址不符"),
    "moved": ("已搬迁", "搬家"),
    "wrong_email": ("邮箱错误",),
}
WORDS = {
    "number_dead": "a dead number", "number_wrong": "a wrong number", "not_the_customer": "somebody else's number",
    "wrong_name": "a wrong name", "wrong_address": "a wrong address", "moved": "an old address", "wrong_email": "a wrong email",
}  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """What the words of a file mean: outcomes and problems, by word in small letters."""

    outcomes: Mapping[str, str]
    problems: Mapping[str, str]


def vocabulary(recode: Mapping[str, str], problems: Iterable[str] = ()) -> Vocabulary:
    """Return the words known, with those of *recode* besides; *problems* are names that the caller knows a column for.

    Raises UsageError for a meaning that is none.
    """
    outcomes = {word: meaning for meaning, words in SAID.items() for word in (meaning, *words)}
    known = dict.fromkeys([*PROBLEMS, *problems])
    wrong = {word: meaning for meaning in known for word in (meaning, *PROBLEMS_SAID.get(meaning, ()))}
    for word, meaning in recode.items():
        if meaning in STRENGTH:
            outcomes[word.strip().lower()] = meaning
        elif meaning in known:
            wrong[word.strip().lower()] = meaning
        else:
            hint = did_you_mean(meaning, [*STRENGTH, *known]) or f"outcomes: {', '.join(STRENGTH)}; problems: {', '.join(known)}"
            raise UsageError(f"'{meaning}' is neither an outcome nor a problem", hint=hint, where="--recode")
    return Vocabulary(outcomes, wrong)


def meant(values: polars.Series, words: Mapping[str, str]) -> polars.Series:
    """Return what each text means; null for an empty one and for a word nobody knows."""
    import polars as pl

    plain = values.cast(pl.String).str.strip_chars().str.to_lowercase()
    return plain.replace_strict(dict(words), default=None, return_dtype=pl.String)


def strongest(rows: polars.DataFrame, wave: str = "", by: str = "person") -> polars.DataFrame:
    """Return one row a person, or a value of the column *by*: the one with the strongest outcome.

    Of equally strong ones it is the latest, of those the last given. *rows* has that column, outcome and on, and is in the order
    given; *wave* names the column of the import, a later one going first.
    """
    import polars as pl

    rank = pl.col("outcome").replace_strict({o: i for i, o in enumerate(STRENGTH)}, default=len(STRENGTH), return_dtype=pl.Int32)
    later = [pl.col("on").fill_null(pl.date(1, 1, 1)), *([pl.col(wave)] if wave else []), pl.col("_given")]
    ordered = rows.with_columns(rank.alias("_rank")).with_row_index("_given")
    ordered = ordered.sort(["_rank", *later], descending=[False, *[True] * len(later)])
    return ordered.unique(by, keep="first", maintain_order=True).sort(by).drop("_rank", "_given")


def told(problem: str) -> str:
    """Return a problem in words, as `had …` goes on."""
    return WORDS.get(problem, f"the problem {problem}")
