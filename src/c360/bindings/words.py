"""A name from a file or a contract in, its words in one spelling out, with the unit it names; knows no contract."""

from __future__ import annotations

import re
import unicodedata

# Spellings of one word; what stands first is the word. Warehouses shorten, contracts do not.
_SPELLINGS = """
customer cust client subscriber
line serv service_no subs msisdn
account acct acc
amount amt money sum
fee charge fees cost
count cnt qty times
date dt day
month mth mon months
year yr years annual
minute minutes min mins
monthly permonth
average avg mean
duration dur
phone mobile tel telephone cell
email mail
left churn churned cancelled canceled terminated attrition
discount rebate reduction
revenue rev income
total tot overall
gender sex
birth birthday dob
zip postal postcode postalcode
region area district
address addr
product prod
type kind category class
status state flag label
score rating grade
lifetime clv cltv ltv
tenure onnet
married marital
""".strip()
WORDS = {spelling: line.split()[0] for line in _SPELLINGS.splitlines() for spelling in line.split()}
# Words that say nothing of what a column holds.
FILLERS = frozenset(
    ("id", "no", "number", "num", "nbr", "code", "key", "of", "in", "the", "a", "an", "on", "at", "per", "is", "has", "was",
     "with", "for", "by", "name", "value")
)  # fmt: skip
KEY_WORDS = frozenset(("id", "key", "no", "code", "nbr", "number"))
KEY_ENDINGS = ("编号", "编码", "标识", "号码", "代码", "号")
NUMBERS = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "12": "twelve", "24": "twentyfour"}

UNITS = {
    "fen": r"分|fen", "cent": r"cents?", "jiao": r"角|jiao", "yuan": r"元|yuan|rmb|cny", "KB": r"kb", "MB": r"mb|m", "GB": r"gb|g",
    "B": r"bytes?", "second": r"秒|s|secs?|seconds?", "minute": r"分钟|mins?|minutes?", "hour": r"小时|hours?",
}  # fmt: skip


def plain(name: str) -> str:
    """Return *name* without case, blanks and signs: ``CUST_ID`` and ``Cust Id`` are one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).lower())


def words(name: str) -> tuple[str, ...]:
    """Return the words of *name*, each in its one spelling, fillers left out unless nothing else is there."""
    found = [_one_spelling(word) for word in _parted(unicodedata.normalize("NFKC", name))]
    return tuple(word for word in found if word not in FILLERS) or tuple(found)


def is_like_key(name: str) -> bool:
    """Whether *name* is that of a column whose values name something: ``Zip Code``, ``账户编号``; not ``Paid``."""
    heading = unicodedata.normalize("NFKC", without_unit(name))
    return (_parted(heading) or [""])[-1] in KEY_WORDS or heading.endswith(KEY_ENDINGS)


def unit_in(name: str) -> str:
    """Return the unit that a name ends with, after a sign or in brackets: ``流量(GB)``, ``fee_fen``; empty for none."""
    text = unicodedata.normalize("NFKC", name).lower()
    found = re.search(r"[(\[]([^)\]]+)[)\]]\s*$", text) or re.search(r"[_\s/-]([a-z]+|分|角|元|秒|分钟|小时)$", text)
    written = found[1].strip() if found else ""
    return next((unit for unit, pattern in UNITS.items() if re.fullmatch(pattern, written)), "")


def without_unit(name: str) -> str:
    """Return *name* without a unit in brackets."""
    return re.sub(r"\s*[(\uff08\[][^)\uff09\]]*[)\uff09\]]\s*$", "", name) or name


def _parted(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[\W_]+", parted.lower()) if word]


def _one_spelling(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    single = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return WORDS.get(single, NUMBERS.get(single, single))
