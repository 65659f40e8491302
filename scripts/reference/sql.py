"""An example in, the part of DuckDB's SQL that computes it out."""

from __future__ import annotations

from sqlglot import exp

from agreement import schema_of, typed
from c360.expr.nodes import Aggregate, Call, Node, Rank
from c360.expr.schema import Schema
from c360.plan import Output, Request, make_plan
from c360.plan.steps import Join, Pick, Place, Plan, ReadSource, Rollup, Step
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
    steps: dict[str, Step] = {step.name: step for step in plan.steps}
    for step in plan.steps:
        match step:
            case Join() if isinstance(node, Aggregate):
                for taken in step.passes:
                    for measure in taken.measures:
                        if measure.node == node and not isinstance(steps[taken.name], Pick):
                            return _inlined(_column(relations[step.name], measure.alias), relations, steps)
            case Pick() if step.column.node == node:
                return relations[step.name]
            case Place() if step.node == node:
                return relations[step.name]
    computed: exp.Expr = builder.output_scope(plan.relation).term(node).ast
    return computed


def _column(select: exp.Select, alias: str) -> exp.Expr:
    found: exp.Expr = next(column for column in select.expressions if column.alias_or_name == alias)
    return found


def _inlined(tree: exp.Expr, relations: dict[str, exp.Select], steps: dict[str, Step]) -> exp.Expr:
    """Put what the columns of passes stand for in their place; parts added up again are shown as added up once."""

    def one(part: exp.Expr) -> exp.Expr:
        if not isinstance(part, exp.Column) or part.table not in relations:
            return part
        step = steps[part.table]
        return _column(relations[step.of.name if isinstance(step, Rollup) else step.name], part.name).unalias().copy()

    return tree.copy().transform(one)


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
