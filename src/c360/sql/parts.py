"""Keys cut into parts by hash: the condition that a key is of a part, and names of a part's tables; SQL templates in, SQL out.

A template is written once and filled for each part. The engine's own hash is fast and changes between its versions: no part
outlives the build that made it.
"""

from __future__ import annotations

from sqlglot import exp

# Stands in a template where the number of the part comes; no literal of a definition is written like it.
PART = "987654321012345678"


def of_part(key: exp.Expr, parts: int) -> exp.Expr:
    """Return the condition that *key* is of the part a template is filled for, one in *parts*."""
    hashed = exp.Anonymous(this="hash", expressions=[key.copy()])
    return exp.EQ(this=exp.Mod(this=hashed, expression=exp.Literal.number(parts)), expression=exp.Literal.number(PART))


def part_name(relation: str) -> str:
    """Return the name, in a template, of the table that holds one part of *relation*."""
    return f"{relation}__{PART}"


def filled(template: str, part: int) -> str:
    """Return the SQL of one part."""
    return template.replace(PART, str(part))
