"""Runs one expression on every engine over small text tables, so that tests say only rows, expression and expected values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from c360.engines.duckdb import DuckDBEngine
from c360.engines.reference import ReferenceEngine
from c360.expr.nodes import Node
from c360.expr.schema import Schema
from c360.language.definitions import Definition, Named
from c360.language.example import Row, parse_table
from c360.language.expression import Expression
from c360.language.sources import Source
from c360.plan import Output, Request, ShapeOf, make_plan, unknown_shape
from c360.plan.steps import ReadSource
from c360.sql.queries import PlanSql
from c360.sql.terms import SQL_TYPES

DAY = date(2026, 10, 31)
Tables = Mapping[str, Sequence[Row]]


def schema_of(*sources: type[Source]) -> Schema:
    """Return the schema of contract classes and of what their keys lead to."""
    specs = {}
    for source in sources:
        specs.update(source.specs())
    return Schema(specs)


def typed(schema: Schema, texts: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return text tables, by class name, as typed rows by source name."""
    by_class = {name.replace("_", ""): name for name in schema.sources}
    names = {label: by_class[label.replace("_", "").lower()] for label in texts}
    return {names[label]: parse_table(text, schema.source(names[label])) for label, text in texts.items()}


def on_reference(
    schema: Schema, tables: Tables, nodes: Mapping[str, Node], entity: str, day: date, definitions: Mapping[str, Definition]
) -> dict[str, dict[str, Any]]:
    """Return the values of each node by key, computed by the reference engine."""
    engine = ReferenceEngine(schema, tables, definitions)
    return {name: engine.values(node, entity, day) for name, node in nodes.items()}


def on_duckdb(
    engine: DuckDBEngine, schema: Schema, tables: Tables, nodes: Mapping[str, Node], entity: str, day: date,
    definitions: Mapping[str, Definition], shape_of: ShapeOf = unknown_shape,
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return the values of each node by key, computed by DuckDB from the compiled SQL."""
    sql = queries_over(schema, tables, nodes, entity, day, definitions, shape_of).table()
    answers: dict[str, dict[str, Any]] = {name: {} for name in nodes}
    for key, *values in engine.rows(sql):
        for name, value in zip(nodes, values, strict=True):
            answers[name][key] = tuple(value) if isinstance(value, list) else value
    return answers


def duckdb_sql(
    schema: Schema, tables: Tables, nodes: Mapping[str, Node], entity: str, day: date, definitions: Mapping[str, Definition]
) -> str:
    """Return the compiled SQL over the rows as literals."""
    return queries_over(schema, tables, nodes, entity, day, definitions).table()


def queries_over(
    schema: Schema, tables: Tables, nodes: Mapping[str, Node], entity: str, day: date, definitions: Mapping[str, Definition],
    shape_of: ShapeOf = unknown_shape,
) -> PlanSql:  # fmt: skip
    """Return the queries that can be asked of the nodes, over the rows as literals."""
    outputs = tuple(Output(name, node) for name, node in nodes.items())
    plan = make_plan(Request(entity, day, outputs, frozenset(tables), shape_of=shape_of), schema, definitions)
    universes = {name: d.universe for name, d in definitions.items() if d.kind == "segment"}
    return PlanSql(plan, schema, lambda step: _values(step, schema, tables), universes)


def check_agreement(
    engine: DuckDBEngine, schema: Schema, tables: Tables, nodes: Mapping[str, Node], entity: str,
    day: date = DAY, definitions: Mapping[str, Definition] | None = None,
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return the values both engines give; fail where they differ, in value or in type."""
    expected = on_reference(schema, tables, nodes, entity, day, definitions or {})
    found = on_duckdb(engine, schema, tables, nodes, entity, day, definitions or {})
    for name, node in nodes.items():
        told = f"{name} = {node}"
        assert shown(found[name]) == shown(expected[name]), told
    return expected


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with their type where Python's == would hide a difference."""
    return {
        key: (type(value).__name__, value) if not isinstance(value, Decimal) else ("Decimal", str(value))
        for key, value in values.items()
    }


def agree(
    engine: DuckDBEngine, sources: Sequence[type[Source]], texts: Mapping[str, str], expression: Expression,
    expected: Mapping[str, Any], entity: str, day: date = DAY, definitions: Sequence[Named] = (),
) -> None:  # fmt: skip
    """Assert that *expression* has the *expected* values on every engine."""
    schema = schema_of(*sources)
    tables = typed(schema, texts)
    from c360.expr.grain import bind_entity

    node = bind_entity(expression.node, entity)
    defined = {d.name: d.draft.finished() for d in definitions}
    values = check_agreement(engine, schema, tables, {"value": node}, entity, day, defined)
    assert values["value"] == dict(expected)


def _values(step: ReadSource, schema: Schema, tables: Tables) -> exp.Select:
    """Return the rows of a table as a SELECT of literals in contract types; a table that is not there has none."""
    spec = schema.source(step.source)
    rows = tables.get(step.source, ())
    columns = [
        exp.alias_(
            exp.Cast(this=exp.column(f"c{i}", table="v"), to=exp.DataType.build(SQL_TYPES[spec.column(name).type.kind])), name
        )
        for i, name in enumerate(step.columns)
    ]
    tuples = [exp.Tuple(expressions=[_literal(row.get(name)) for name in step.columns]) for row in rows]
    empty = not tuples
    if empty:
        tuples = [exp.Tuple(expressions=[exp.Null() for _ in step.columns])]
    names = [exp.to_identifier(f"c{i}") for i in range(len(step.columns))]
    values = exp.Values(expressions=tuples, alias=exp.TableAlias(this=exp.to_identifier("v"), columns=names))
    chosen = exp.select(*columns).from_(values)
    return chosen.where(exp.false()) if empty else chosen


def _literal(value: Any) -> exp.Expression:
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int() | float() | Decimal():
            text = repr(value) if isinstance(value, float) else str(value)
            number = exp.Literal.number(text.lstrip("-"))
            return exp.Neg(this=number) if text.startswith("-") else number
        case date():
            return exp.Cast(this=exp.Literal.string(value.isoformat()), to=exp.DataType.build("DATE"))
    return exp.Literal.string(str(value))
