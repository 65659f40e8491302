"""Whatever an author writes is an expression or a C360Error that says why not: never another exception."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from places import place
from tables import CHANCE, Tables
from world import (
    DEFINED,
    DEFINITIONS,
    SCHEMA,
    WITHOUT_TABLE,
    Agent,
    Bill,
    Customer,
    Line,
    Plan,
    Profile,
    Ticket,
    Usage,
)

from agreement import duckdb_sql
from c360 import as_of, days, first_match, greatest, least, months, param, segment, tag, tiers, when
from c360.errors import C360Error, InternalError
from c360.expr.nodes import Literal, Node, Param, rebuild
from c360.expr.operator import OPERATORS
from c360.language.definitions import Named
from c360.language.expression import Expression, apply
from c360.language.scoring import dominant, grid, scorecard
from c360.language.sources import Rows
from c360.operators import OperatorMethods

SOURCES = (Customer, Profile, Line, Plan, Agent, Bill, Usage, Ticket)
PLAIN: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3, 51, 10**30, 0.5, 2.5, -0.0, float("nan"), float("inf"), Decimal("1.005"), Decimal("NaN"),
    "", "a", "x\\y", "low", "high", "unknown", "2026-10-31", "2026-13-01", "C1", date(2026, 10, 31), datetime(2026, 10, 31, 12),
    b"a", [], ["a"], (), ("a", 1), {}, {"a"}, object(), int, len, Customer, Bill, Bill.last(months(1)), Line.where(Line.primary),
    months(2), days(7), days(7).before(months(1)), when(Customer.active), when(Customer.active).then(1),
)  # fmt: skip
SHOWN = ("customer", "bill", "usage", "ticket", "line", "plan")
CHOSEN = [leaf for source in SHOWN for some in place(source).leaves.values() for leaf in some[:2]]
CHOSEN += [
    Bill.total.sum(),
    Bill.count(),
    Usage.place.top(3),
    Line.grade.max(),
    Ticket.opened_on.latest(),
    as_of(),
    param("x.y", 3),
]
CHOSEN += [
    param("x.z", "high"),
    Customer.age > 3,
    ~Line.primary,
    Bill.total.sum().ago(months=1),
    Bill.total.sum().percentile(),
    *DEFINED,
]
METHODS = tuple(name for name in dir(OperatorMethods) if not name.startswith("_")) + ("ago", "describe")
BINARY = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.and_, operator.or_,
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.pow, operator.xor,
)  # fmt: skip
# What Python itself says of a call or an operator that does not exist.
PYTHON_SAYS = ("unsupported operand type", "not all arguments converted during")
LEVELS = ("high", "mid", "low", "a")
Attempt = Callable[[], Any]


def anything(draw: Random) -> Any:
    """Return an expression, or what is none."""
    return draw.choice(CHOSEN if draw.random() < 0.6 else PLAIN)


def some(draw: Random, most: int) -> list[Any]:
    """Return a few of anything."""
    return [anything(draw) for _ in range(draw.randrange(most + 1))]


def by_operator(draw: Random) -> Attempt:
    """Call any operator with anything."""
    record = OPERATORS[draw.choice(sorted(OPERATORS))]
    options = dict(draw.choice(record.sample_options)) if record.sample_options else {"returns": None}
    args = some(draw, 5)
    return lambda: apply(record.name, *args, **options)


def by_symbol(draw: Random) -> Attempt:
    """Put a symbol between an expression and anything."""
    symbol, a, b = draw.choice(BINARY), draw.choice(CHOSEN), anything(draw)
    return (lambda: symbol(a, b)) if draw.random() < 0.5 else (lambda: symbol(b, a))


def by_method(draw: Random) -> Attempt:
    """Call an author method with anything."""
    on, name = draw.choice(CHOSEN), draw.choice(METHODS)
    method = getattr(OperatorMethods, name, None) or getattr(Expression, name)
    args: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.default is not inspect.Parameter.empty and draw.random() < 0.5:
            continue
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            args += some(draw, 3)
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[parameter.name] = anything(draw)
        else:
            args.append(anything(draw))
    return lambda: method(on, *args, **named)


def brought_up(value: Any, how: str) -> Any:
    """Call one of the ways up."""
    return getattr(value, how)()


def by_rows(draw: Random) -> Attempt:
    """Select rows by anything and bring anything of them up."""
    rows: Any = Rows(draw.choice((Line, Bill, Usage, Ticket, Customer, Plan)))
    condition, window, value, within = (anything(draw) for _ in range(4))
    how = draw.choice(("sum", "count_known", "latest", "any", "max", "distinct", "median", "slope", "most_frequent"))
    attempts: tuple[Attempt, ...] = (
        lambda: rows.where(condition).count(),
        lambda: rows.where(Ticket.cost > 3).where(condition).count(),
        lambda: rows.last(window).count(),
        lambda: brought_up(rows[value], how),
        lambda: brought_up(rows.where(condition).last(window)[value], how),
        lambda: rows.days_since_last(within),
        lambda: rows.last(window).days_since_last(within),
        rows.longest_run,
        lambda: Bill.line[value],
        lambda: brought_up(Bill.line.customer[value], "sum"),
        lambda: rows[value].top(2, by=within),
    )
    return draw.choice(attempts)


def by_recipe(draw: Random) -> Attempt:
    """Fill a recipe or a definition with anything."""
    a, b, c = anything(draw), anything(draw), anything(draw)
    levels = {name: anything(draw) for name in draw.sample(LEVELS, draw.randrange(4))}
    attempts: tuple[Attempt, ...] = (
        lambda: tiers(a, otherwise=b, missing=c, **levels),
        lambda: tiers(a, otherwise="rest", **levels),
        lambda: first_match(otherwise=a, missing=b, unknown=c, **levels),
        lambda: first_match(otherwise="rest", **levels),
        lambda: when(a).then(b).otherwise(c),
        lambda: when(a).then(b).when(c).then(b).or_null(),
        lambda: scorecard(**levels),
        lambda: scorecard(one=(a, b)),
        lambda: dominant(at_least=a, lead=b, **levels),
        lambda: grid(a, b, {("low", "*"): "c", ("*", "*"): "d"}),
        lambda: grid(Customer.grade, Customer.choice, {("low", "*"): a, ("*", "*"): b}),
        lambda: grid(Customer.grade, Customer.choice, {("low", 3): "c", ("*", "*"): "d"}),  # type: ignore[dict-item]
        lambda: least(a, b, c),
        lambda: greatest(a, b),
        lambda: months(a),
        lambda: days(a).before(b),
        lambda: param("x.y", a, source=b),
        lambda: tag(a, name="random_tag"),
        lambda: tag(a, name="random_tag", entity=b, sensitivity=c),
        lambda: segment(a, name="random_segment"),
        lambda: segment(a, name="random_segment", universe=b),
    )
    return draw.choice(attempts)


def with_constants(node: Node) -> Node:
    """Return the tree with parameters resolved, as the catalogue does."""
    return Literal(node.type, node.default) if isinstance(node, Param) else rebuild(node, with_constants)


def compiled(made: Expression) -> str:
    """Return the SQL of a tag that says *made*."""
    named = made if isinstance(made, Named) else tag(made, name="random_tag")
    definition = named.draft.finished()
    definition = replace(definition, node=with_constants(definition.node))
    reference = with_constants(named.node)
    no_rows: Tables = {name: [] for name in SCHEMA.sources if name not in WITHOUT_TABLE}
    defined = {**DEFINITIONS, named.name: definition}
    return duckdb_sql(SCHEMA, no_rows, {"value": reference}, named.draft.entity, date(2026, 10, 31), defined)


def refused_well(attempt: Attempt) -> None:
    """Try, and compile what comes out; only an error of ours may come, or Python's own about a call that does not exist."""
    try:
        made = attempt()
        assert not isinstance(made, Expression) or compiled(made)
    except InternalError:
        raise
    except C360Error as error:
        assert str(error)
    except TypeError as error:
        assert any(said in str(error) for said in PYTHON_SAYS), error


WAYS = {"operator": by_operator, "symbol": by_symbol, "method": by_method, "rows": by_rows, "recipe": by_recipe}


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_nothing_an_author_writes_breaks_the_language(for_all: Callable[..., None], way: str) -> None:
    for_all(refused_well, CHANCE.map(WAYS[way]), 300)
