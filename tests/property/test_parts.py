"""Aggregates from parts: brought together over any split of the rows they give what one pass gives."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

from c360.datatypes import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, TEXT, VOLUME, DataType, category
from c360.engines.duckdb import DuckDBEngine
from c360.expr.operator import AGGREGATES, COMBINED, AggregateOperator
from c360.sql.scope import SQL, column
from c360.sql.terms import SQL_TYPES, Term, cast

LEVELS = category("low", "mid", "high", ordered=True, outside=("unknown",))
WRITTEN: dict[DataType, list[str]] = {
    INTEGER: ["0", "-3", "7", "9000000000"],
    MONEY: ["0.00", "-12.34", "80.15", "9999999.99"],
    VOLUME: ["0.000", "0.001", "512.125"],
    NUMBER: ["0.1", "0.2", "1e9", "-2.5", "0.0000005"],
    DATE: ["'2026-10-31'", "'2024-02-29'", "'2026-09-30'"],
    LEVELS: ["'low'", "'mid'", "'high'", "'unknown'"],
    BOOLEAN: ["true", "false"],
    TEXT: ["'a'", "'b'", "''"],
}
COMPOSED = [op for op in AGGREGATES.values() if op.parts]
PAIRS = [
    (op, type)
    for op in COMPOSED
    for type in (WRITTEN if op.needs_value else {INTEGER: None})
    if op.typing(type if op.needs_value else None) is not None
]


def test_what_composes_and_what_does_not() -> None:
    assert {op.name for op in COMPOSED} == {
        "count", "count_known", "sum", "mean", "min", "max", "any", "all", "none", "share", "stddev",
    }  # fmt: skip
    assert not any(op.apart or op.pick for op in COMPOSED)


def test_rows_can_be_taken_off_sums_and_counts_only() -> None:
    parts = {part for op in COMPOSED for part in op.parts}
    assert {part.name for part in parts if not part.is_subtractable} == {"least", "greatest"}


@pytest.mark.parametrize(("op", "type"), PAIRS, ids=lambda x: getattr(x, "name", None) or getattr(x, "kind", ""))
def test_parts_over_any_split_make_the_whole(
    duckdb_engine: DuckDBEngine, for_all: Callable[..., None], op: AggregateOperator, type: DataType
) -> None:
    values, conditions = st.sampled_from([*WRITTEN[type], "NULL"]), st.sampled_from(["true", "false", "NULL"])
    rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), values, conditions), min_size=1, max_size=12)

    def check(drawn: list[tuple[int, int, str, str]]) -> None:
        once, split = duckdb_engine.rows(_both(op, type, drawn))[0]
        assert once == split

    for_all(check, rows, 25)


def _both(op: AggregateOperator, type: DataType, rows: list[tuple[int, int, str, str]]) -> str:
    """Return the query of two lists of (owner, value): of one pass, and of parts over splits brought together."""
    node: Any = SimpleNamespace(type=op.typing(type if op.needs_value else None), value=SimpleNamespace(type=type))
    value = column("r", "v", type) if op.needs_value else None
    condition = column("r", "c", BOOLEAN)
    assert op.sql is not None
    whole = _shown(op.sql(SQL, node, value, condition), node)
    made = [SQL.combined(part.combine, part.term(SQL, value, condition)) for part in op.parts]
    inner = ", ".join(f"{term.ast.sql('duckdb')} AS p{i}" for i, term in enumerate(made))
    together = [SQL.combined(COMBINED[part.combine], column("s", f"p{i}", made[i].type)) for i, part in enumerate(op.parts)]
    assert op.composed is not None
    composed = _shown(op.composed.whole(SQL, node, *together), node)
    values = ", ".join(f"({g}, {s}, CAST({v} AS {SQL_TYPES[type.kind]}), CAST({c} AS BOOLEAN))" for g, s, v, c in rows)
    return (
        f"WITH r AS (SELECT * FROM (VALUES {values}) AS t(g, s, v, c)), "
        f"s AS (SELECT g, s, {inner} FROM r GROUP BY g, s), "
        f"a AS (SELECT g, {whole} AS x FROM r GROUP BY g), b AS (SELECT g, {composed} AS x FROM s GROUP BY g) "
        "SELECT (SELECT list((g, x) ORDER BY g) FROM a), (SELECT list((g, x) ORDER BY g) FROM b)"
    )


def _shown(term: Term, node: Any) -> str:
    return cast(term.ast, node.type).sql("duckdb")


def test_a_sum_of_nothing_known_is_null_and_not_zero(duckdb_engine: DuckDBEngine) -> None:
    assert duckdb_engine.rows(_both(AGGREGATES["sum"], MONEY, [(0, 0, "NULL", "true"), (0, 1, "5", "false")]))[0] == (
        [(0, None)], [(0, None)],
    )  # fmt: skip
    assert duckdb_engine.rows(_both(AGGREGATES["sum"], MONEY, [(0, 0, "NULL", "true"), (0, 1, "5", "true")]))[0][1] == [
        (0, Decimal("5.00"))
    ]
