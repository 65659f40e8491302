"""The raw-SQL leaf as authors write it; only for definition files."""

from __future__ import annotations

from typing import Any

from c360.datatypes import DataType
from c360.errors import DefinitionError
from c360.language.expression import Expression, apply
from c360.operators.raw_sql import checked_meaning, placeholders

DIALECTS = ("duckdb", "spark", "postgres", "clickhouse")


def sql_expr(template: str, *, returns: DataType, dialects: tuple[str, ...], meaning: str, **arguments: Any) -> Expression:
    """Write one scalar SQL expression: ``sql_expr("{a} ^ {b}", a=x, b=y, returns=Number, dialects=("duckdb",), meaning="a ** b")``.

    *meaning* says the same in Python arithmetic; the reference engine computes it and the tests hold both against each other.
    A dialect that is not named is refused when SQL is asked for in it. Null arguments give null.
    """
    names = placeholders(template)
    if set(names) != set(arguments):
        raise DefinitionError(
            f"the template names {', '.join(names) or 'nothing'}, the arguments are {', '.join(arguments) or 'none'}",
            hint="write every argument in braces: {a}",
        )
    unknown = [d for d in dialects if d not in DIALECTS]
    if unknown or not dialects:
        raise DefinitionError(f"dialects are of {', '.join(DIALECTS)}; found {', '.join(unknown) or 'none'}")
    checked_meaning(meaning, set(names))
    return apply(
        "sql_expr", *(arguments[name] for name in names),
        template=template, names=tuple(names), dialects=tuple(dialects), meaning=meaning, returns=returns,
    )  # fmt: skip
