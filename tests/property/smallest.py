"""The engines compared; where they differ, a smaller tree and fewer rows that still differ: quicker than shrinking a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from tables import Tables
from world import DEFINITIONS, SCHEMA

from agreement import check_agreement
from c360.engines.duckdb import DuckDBEngine
from c360.expr.nodes import (
    Aggregate,
    AsOf,
    Call,
    Column,
    Followed,
    Literal,
    Node,
    Rank,
    SegmentRef,
    Shifted,
    TagRef,
    Window,
    children,
    rebuild,
)

Failure = Callable[[Node, Tables], type[BaseException] | None]


def agree_or_explain(engine: DuckDBEngine, nodes: Mapping[str, Node], rows: Tables, entity: str, day: date) -> None:
    """Check that the engines agree on *nodes*; where they do not, fail with the smallest tree and rows found."""

    def failure(node: Node, rows: Tables) -> type[BaseException] | None:
        try:
            check_agreement(engine, SCHEMA, rows, {"value": node}, entity, day, DEFINITIONS)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is looked for
            return type(error)
        return None

    try:
        check_agreement(engine, SCHEMA, rows, nodes, entity, day, DEFINITIONS)
    except Exception as error:
        guilty = next((node for node in nodes.values() if failure(node, rows)), None)
        if guilty is None:
            raise
        node, fewer = smallest(guilty, rows, failure)
        needed = {name: some for name, some in fewer.items() if some}
        told = f"of {entity} as of {day}: {written(node)}\non {needed}"
        check_agreement(engine, SCHEMA, fewer, {told: node}, entity, day, DEFINITIONS)
        raise AssertionError(told) from error


def smallest(node: Node, rows: Tables, failure: Failure) -> tuple[Node, Tables]:
    """Return a tree and rows from which nothing more can be taken without *failure* becoming another or none."""
    kind = failure(node, rows)
    shorter = True
    while shorter:
        shorter = False
        for less in _simpler(node):
            if failure(less, rows) is kind:
                node, shorter = less, True
                break
    for name in rows:
        for row in list(rows[name]):
            fewer = {**rows, name: [other for other in rows[name] if other is not row]}
            if failure(node, fewer) is kind:
                rows = fewer
    return node, rows


def _simpler(node: Node) -> Iterator[Node]:
    """Yield *node* with one thing less: itself an argument, without its filter or window, or simpler further down."""
    if isinstance(node, Call):
        yield from node.args
    yield from _same_type(node)


def _same_type(node: Node) -> Iterator[Node]:
    match node:
        case Call():
            yield from (arg for arg in node.args if arg.type == node.type)
        case Aggregate():
            if node.where is not None:
                yield replace(node, where=None)
            if node.window is not None:
                yield replace(node, window=None)
    for place, child in enumerate(children(node)):
        for less in _same_type(child):
            yield _with_child(node, place, less)


def _with_child(node: Node, place: int, child: Node) -> Node:
    position = iter(range(10_000))
    return rebuild(node, lambda old: child if next(position) == place else old)


def written(node: Node) -> str:
    """Return the tree as a line that reads like code."""
    match node:
        case Literal():
            return f"{node.value!r}:{node.type.kind}"
        case Column():
            return f"{node.source}.{node.name}"
        case Followed():
            return f"{written(node.via)}[{written(node.value)}]"
        case TagRef() | SegmentRef():
            return f"{'~' if isinstance(node, SegmentRef) and node.outside else ''}{node.entity}:{node.name}"
        case Call():
            options = [f"{name}={value!r}" for name, value in node.options]
            return f"{node.op}({', '.join([*map(written, node.args), *options])})"
        case Aggregate():
            value = "" if node.value is None else f" of {written(node.value)}"
            value += "" if node.by is None else f" by {written(node.by)}"
            where = "" if node.where is None else f" where {written(node.where)}"
            return f"{node.op}<{node.source} to {node.entity}{_span(node.window)}{value}{where}>"
        case Shifted():
            return f"{written(node.value)}.ago(months={node.months}, days={node.days})"
        case Rank():
            return f"{node.op}({', '.join(written(p) for p in children(node))}; {node.options})"
        case AsOf():
            return "D"
    return str(node)


def _span(window: Window | None) -> str:
    if window is None:
        return ""
    return f" {written(window.count)} {window.unit}" + (f" before{_span(window.before)}" if window.before else "")
