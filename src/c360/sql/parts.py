"""Keys cut into parts: the condition that a key is of a part, and names of a part's tables; SQL templates in, SQL out.

A template is written once and filled for each part. Parts are ranges of keys where the cuts are known: files that lie in the order
of a key are then read in part only, and reading is what parts cost. Other keys are parted by the engine's own hash, which is
fast and changes between its versions: no part outlives the build that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from c360.quoting import text

# Stands in a template where the number of the part comes; no literal of a definition is written like it.
PART = "987654321012345678"
FROM, BEFORE = f"{PART}-from-", f"{PART}-before-"


@dataclass(frozen=True)
class Parts:
    """In how many parts owners are computed; *cuts* has, by entity, where each part begins, and one key past the last.

    With *only*, nobody else is computed than, by entity, those whose keys stand in the column ``k`` of a table.
    """

    count: int = 1
    cuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)

    def condition(self, key: exp.Expr, entity: str) -> list[exp.Expr]:
        """Return the conditions that the *key* of a row of *entity* is of the part a template is filled for."""
        if entity in self.only:
            chosen = exp.select("k").from_(exp.to_table(self.only[entity], db="main", catalog="memory")).subquery()
            return [exp.In(this=key.copy(), query=chosen)]
        if self.count == 1:
            return []
        if entity in self.cuts:
            first, after = exp.Literal.string(FROM + entity), exp.Literal.string(BEFORE + entity)
            return [exp.GTE(this=key.copy(), expression=first), exp.LT(this=key.copy(), expression=after)]
        hashed = exp.Anonymous(this="hash", expressions=[key.copy()])
        wanted = exp.Literal.number(PART)
        return [exp.EQ(this=exp.Mod(this=hashed, expression=exp.Literal.number(self.count)), expression=wanted)]

    def filled(self, template: str, part: int) -> str:
        """Return the SQL of one part."""
        for entity, cuts in self.cuts.items():
            for sign, cut in ((FROM, cuts[part]), (BEFORE, cuts[part + 1])):
                template = template.replace(text(f"{sign}{entity}"), text(cut))
        return template.replace(PART, str(part))


WHOLE = Parts()


def part_name(relation: str) -> str:
    """Return the name, in a template, of the table that holds one part of *relation*."""
    return f"{relation}__{PART}"


def cuts_sql(relation: str, key: str, count: int) -> str:
    """Return the query of the cuts that part the keys of *relation* (SQL, the column *key*) evenly: a list, then the greatest."""
    shares = ", ".join(f"{place}/{count}" for place in range(1, count))
    return f"SELECT quantile_disc({key}, [{shares}]), MAX({key}) FROM {relation}"


def cuts_between(inner: list[str] | None, greatest: str | None) -> tuple[str, ...] | None:
    """Return the cuts from the answer of `cuts_sql`; None where there is no key."""
    if greatest is None:
        return None
    return ("", *(inner or ()), greatest + chr(1))
