"""What was seen of a user's file, column by column: counts, lengths, forms of values; hardly any value itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from c360.bindings.sniff import Written
from c360.bindings.words import is_like_key, words

# Texts that mean null in files people get; what they stand for is said in lower case.
NULL_TEXTS = ("na", "n/a", "#n/a", "null", "\\n", "-", "--", "nan", "none", "unknown", "未知", "不详", "空")
CODES_READ, CODES_SHOWN, LONGEST_CODE = 50, 12, 40
# Words in the names of columns whose values are somebody's.
PRIVATE = frozenset(("name", "phone", "email", "address", "passport", "card", "imei", "imsi", "iccid", "id", "surname", "contact"))
PRIVATE_CHINESE = re.compile("姓名|名称|号码|电话|手机|邮箱|邮件|地址|住址|证件|身份证|编号|账号|卡号|联系人|标识")


@dataclass(frozen=True)
class ColumnProfile:
    """One column: how many rows have a value, how many different ones, and what all of these values could be.

    Null texts count as no value. *whole*, *plain*, *cents*, *mils* and *booleans* count values that are whole numbers,
    numbers, amounts of at most two and of at most three decimals, yes or no. *date_formats* and *month_formats* are the
    strptime forms that fit all of a sample of values (empty text where none is needed), the likeliest first. *codes*
    are the different values, null texts too, of a column with few of them; `shown_codes` says which a message may hold.
    """

    name: str
    type: str
    rows: int
    filled: int
    distinct: int
    longest: int = 0
    whole: int = 0
    plain: int = 0
    cents: int = 0
    mils: int = 0
    booleans: int = 0
    null_texts: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    month_formats: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value and no two have the same."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def is_text(self) -> bool:
        """Whether values are stored as text."""
        return self.type.startswith(("VARCHAR", "ENUM"))


def shown_codes(column: ColumnProfile) -> tuple[str, ...]:
    """Return the codes of *column* that a suggestion may print: few, short, each on several rows, and of nobody.

    Columns that are called like names, numbers or addresses of people show none, nor do values that look like them.
    """
    is_rare = column.distinct * 2 > column.filled
    is_private = set(words(column.name)) & PRIVATE or is_like_key(column.name) or PRIVATE_CHINESE.search(column.name)
    if is_rare or is_private or len(column.codes) > CODES_SHOWN:
        return ()
    if any(len(code) > LONGEST_CODE or "@" in code or sum(map(str.isdigit, code)) > 4 for code in column.codes):
        return ()
    return column.codes


@dataclass(frozen=True)
class FileProfile:
    """One file: how it is written and what its columns hold; *is_whole* is false where only its first rows were read."""

    file: Path
    written: Written
    rows: int
    columns: tuple[ColumnProfile, ...]
    is_whole: bool = True

    @property
    def rows_told(self) -> str:
        """How many rows were read, in words."""
        return f"{self.rows:,} rows" if self.is_whole else f"its first {self.rows - 1:,} rows"
