"""`sql_expr("SUM({a}) OVER ()", …)` gave every customer the sum of all, and a slip in the SQL was called a bug of ours."""

from __future__ import annotations

from datetime import date

import pytest

from agreement import duckdb_sql, schema_of, typed
from c360 import Number, sql_expr
from c360.errors import DefinitionError
from telecom import Customer, bound


@pytest.mark.parametrize("template", ["SUM({a}) OVER ()", "MAX({a})", "(SELECT {a})", "{a} +", "{a}; {a}", "{a} FROM x"])
def test_raw_sql_is_one_value_of_one_row(template: str) -> None:
    schema = schema_of(Customer)
    tables = typed(schema, {"Customer": "customer | points; A | 1"})
    made = sql_expr(template, a=Customer.points, returns=Number, dialects=("duckdb",), meaning="a")
    with pytest.raises(DefinitionError, match="one value of one row"):
        duckdb_sql(schema, tables, {"x": bound(made, "customer")}, "customer", date(2026, 10, 31), {})
