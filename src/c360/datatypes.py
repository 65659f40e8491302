"""Value types of columns and expressions; knows no expression, engine or file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DataType:
    """One value type; *levels* run from low to high, *outside* levels stand apart from the order."""

    kind: str
    levels: tuple[str, ...] = ()
    ordered: bool = False
    outside: tuple[str, ...] = ()
    entity: str = ""

    @property
    def is_number(self) -> bool:
        """Whether arithmetic applies."""
        return self.kind in NUMERIC

    @property
    def is_exact(self) -> bool:
        """Whether values are integers or decimals, never floating point."""
        return self.kind in EXACT

    @property
    def is_textual(self) -> bool:
        """Whether values are text: free text, a category's level or a key."""
        return self.kind in {"text", "category", "key"}

    @property
    def all_levels(self) -> tuple[str, ...]:
        """Every level a category can take, those outside the order last."""
        return self.levels + self.outside

    def __str__(self) -> str:
        if self.kind == "category":
            return f"{'ordered ' if self.ordered else ''}category ({', '.join(self.all_levels)})"
        return f"key of {self.entity}" if self.kind == "key" else self.kind


NUMERIC = ("integer", "number", "money", "volume", "rate")
EXACT = ("integer", "money", "volume")

BOOLEAN = DataType("boolean")
INTEGER = DataType("integer")
NUMBER = DataType("number")
MONEY = DataType("money")
VOLUME = DataType("volume")
RATE = DataType("rate")
TEXT = DataType("text")
DATE = DataType("date")
LIST = DataType("list")
MONTH = DataType("month")

SCALES = {"money": Decimal("0.01"), "volume": Decimal("0.001")}


def category(*levels: str, ordered: bool = False, outside: tuple[str, ...] = ()) -> DataType:
    """Return the category of *levels*; with *ordered*, from low to high."""
    return DataType("category", tuple(levels), ordered, outside)


def key_of(entity: str) -> DataType:
    """Return the type of keys that name one row of *entity*."""
    return DataType("key", entity=entity)


def add_type(a: DataType, b: DataType) -> DataType | None:
    """Return the type of a sum or difference, None where it has no meaning."""
    return _numeric(a, b)


def multiply_type(a: DataType, b: DataType) -> DataType | None:
    """Return the type of a product; an exact amount times an integer stays exact, money times money has no meaning."""
    kinds = {a.kind, b.kind}
    if kinds == {"money"} or kinds == {"volume"}:
        return None
    if kinds == {"money", "volume"}:
        return RATE
    return _numeric(a, b)


def divide_type(a: DataType, b: DataType) -> DataType | None:
    """Return the type of a quotient: a rate where an exact amount takes part, else a number."""
    if not (a.is_number and b.is_number):
        return None
    return RATE if {a.kind, b.kind} & {"money", "volume", "rate"} else NUMBER


def common_type(a: DataType, b: DataType) -> DataType | None:
    """Return the type that holds both, None where there is none."""
    if a == b:
        return a
    if a.is_number and b.is_number:
        return _numeric(a, b)
    if a.is_textual and b.is_textual:
        return TEXT
    if {a.kind, b.kind} == {"date", "month"}:
        return DATE
    return None


def comparable(a: DataType, b: DataType) -> bool:
    """Whether `=` between the two has a meaning."""
    if a.kind == b.kind == "category" and not set(a.all_levels) & set(b.all_levels):
        return False
    if a.kind == b.kind == "key" and a.entity != b.entity:
        return False
    return common_type(a, b) is not None


def _numeric(a: DataType, b: DataType) -> DataType | None:
    kinds = {a.kind, b.kind}
    if not kinds <= set(NUMERIC) or kinds == {"money", "volume"}:
        return None
    if len(kinds) == 1:
        return a
    if "rate" in kinds or ("number" in kinds and kinds & {"money", "volume"}):
        return RATE
    if "number" in kinds:
        return NUMBER
    return MONEY if "money" in kinds else VOLUME
