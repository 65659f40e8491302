"""An example in, the part of DuckDB's SQL that computes it out."""

from __future__ import annotations

from sqlglot import exp

from agreement import schema_of, typed
from c360.expr.nodes import Aggregate, Call, Node, Rank
from c360.expr.schema import Schema
from c360.plan import Output, Request, make_plan
from c360.plan.steps import Pass, Pick, Place, Plan, ReadSource
from c360.sql.builder import Builder
from c360.sql.names import quote_names
from c360.sql.render import deep_recursion
from reference.specs import Example


def sql_of(example: Example, part: Node | None = None) -> str:
    """Return the SQL of *part* of the example's tree, of all of it by default: an expression, or the step that "
    "decides it."""
    schema = schema_of(*example.contracts)
    definitions = {named.name: named.draft.finished() for named in example.definitions}
    universes = {name: d.universe for name, d in definitions.items() if d.kind == "segment"}
    tables = frozenset(typed(schema, example.tables))
    plan = make_plan(Request(example.entity, example.day, (Output("value", example.node),), tables), schema, definitions)
    builder = Builder(plan, schema, _read, universes)
    return _text(_computed(part or example.node, plan, schema, builder))


def _read(step: ReadSource) -> exp.Select:
    return exp.select("*").from_(step.source)


def _computed(node: Node, plan: Plan, schema: Schema, builder: Builder) -> exp.Expr:
    relations = dict(builder.relations())
    for step in plan.steps:
        match step:
            case Pass() if isinstance(node, Aggregate):
                for measure in step.measures:
                    if measure.node == node:
                        return _column(relations[step.name], measure.alias)
            case Pick() if step.measure.node == node:
                return relations[step.name]
            case Place() if step.node == node:
                return relations[step.name]
    computed: exp.Expr = builder.output_scope(plan.relation).term(node).ast
    return computed


def _column(select: exp.Select, alias: str) -> exp.Expr:
    found: exp.Expr = next(column for column in select.expressions if column.alias_or_name == alias)
    return found


def _text(tree: exp.Expr) -> str:
    tree = tree.copy()
    if not isinstance(tree, exp.Select):
        for column in tree.find_all(exp.Column):
            column.set("table", None)
    with deep_recursion():
        return quote_names(tree).sql(dialect="duckdb", pretty=True, max_text_width=90, comments=False)


def outermost(node: Node) -> str:
    """Return the operator, aggregate or rank at the root of a tree; empty for another kind."""
    return node.op if isinstance(node, (Call, Aggregate, Rank)) else ""
