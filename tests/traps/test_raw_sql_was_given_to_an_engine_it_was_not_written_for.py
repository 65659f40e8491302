"""A raw SQL expression for Spark alone ran on DuckDB, which reads `^` and others in its own way; it is refused."""

from __future__ import annotations

from datetime import date

import pytest

from agreement import duckdb_sql, schema_of, typed
from c360 import Number, sql_expr, tag
from c360.errors import Refused
from telecom import Customer, Line, bound


def test_a_dialect_that_is_not_named_is_refused() -> None:
    schema = schema_of(Line)
    tables = typed(schema, {"Customer": "customer | points; A | 1", "Line": "line | customer; L1 | A"})
    spark = sql_expr("{a} % 3", a=Customer.points, returns=Number, dialects=("spark",), meaning="a % 3")
    named = tag(spark, name="named")
    for expression in (spark, named, named.percentile(), named.ago(days=1), Line.customer[spark].max()):
        with pytest.raises(Refused, match="spark"):
            duckdb_sql(
                schema, tables, {"x": bound(expression, "customer")}, "customer", date(2026, 10, 31),
                {"named": named.draft.finished()},
            )  # fmt: skip
