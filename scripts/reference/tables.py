"""An example in, Markdown out: the rows it needs, the expression, what comes out; other columns are left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agreement import DAY, schema_of, typed
from c360.datatypes import SCALES, DataType
from c360.expr.nodes import Aggregate, Column, Followed, Rank, Shifted, walk
from c360.expr.schema import ENTITY, Schema
from reference.specs import CONTRACTS, Example

Wanted = dict[str, dict[str, None]]
LONGEST_LINE = 100


def shown(example: Example, *, title: str = "") -> str:
    """Return an example as Markdown."""
    parts = [f"### {title}"] if title else []
    rows = "\n\n".join(input_tables(example))
    if rows:
        parts.append(f"```text\n{rows}\n```")
    code = "\n".join([*(_folded(line) for line in example.defined), _folded(example.source)])
    parts.append(f"```python\n{code}\n```")
    day = "" if example.day == DAY else f", as of {example.day}"
    parts.append(f"gives{day}")
    parts.append(f"```text\n{result_table(example)}\n```")
    return "\n\n".join(parts)


def input_tables(example: Example) -> list[str]:
    """Return the tables of an example as text, with the columns that its expression reads."""
    schema = schema_of(*example.contracts)
    wanted = _wanted(example, schema)
    found = []
    for name, rows in typed(schema, example.tables).items():
        if name not in wanted:
            continue
        spec = schema.source(name)
        columns = [c for c in spec.columns if c.name in wanted[name]]
        head = [c.name for c in columns]
        body = [[_cell(row[c.name], c.type) for c in columns] for row in rows]
        if len(head) == 1:
            found.append(f"{CONTRACTS[name]}: {', '.join(cell for row in body for cell in row)}")
        else:
            found.append(f"{CONTRACTS[name]}\n{_aligned([head, *body], indent='  ')}")
    return found


def result_table(example: Example) -> str:
    """Return what comes out, by key."""
    type = example.expression.type
    body = [[key, _cell(value, type, null="null")] for key, value in sorted(example.expected.items())]
    return _aligned([[example.entity, "value"], *body])


def _wanted(example: Example, schema: Schema) -> Wanted:
    """Return the columns that an expression and its definitions read, by source."""
    wanted: Wanted = {}
    entities = {example.entity}
    trees = [example.node, *(named.draft.node for named in example.definitions)]
    for part in (part for tree in trees for part in walk(tree)):
        match part:
            case Column():
                _want(wanted, schema, part.source, part.name)
            case Aggregate():
                entities.add(part.entity or example.entity)
                _want_rows(wanted, schema, part, part.entity or example.entity)
            case Followed():
                entities.add(part.via.type.entity)
    for entity in entities:
        _want(wanted, schema, entity, entity)
        _want_names(wanted, schema, entity, set(typed(schema, example.tables)))
    if any(isinstance(part, (Shifted, Rank)) for tree in trees for part in walk(tree)):
        for entity in entities:
            _want_date(wanted, schema, entity)
    return {name: _kept(example, schema, name, columns) for name, columns in wanted.items()}


def _want(wanted: Wanted, schema: Schema, source: str, column: str) -> None:
    spec = schema.source(source)
    columns = wanted.setdefault(source, {})
    if spec.key:
        columns.setdefault(spec.key)
    columns.setdefault(column)
    if spec.column(column).by:
        columns.setdefault(spec.column(column).by)


def _want_names(wanted: Wanted, schema: Schema, entity: str, tables: set[str]) -> None:
    """Want every key that names rows of an entity without a table: they are all there is of it."""
    if entity in tables:
        return
    for source in sorted(tables):
        for column in schema.source(source).columns:
            if column.type.entity == entity:
                _want(wanted, schema, source, column.name)
                _want_date(wanted, schema, source)


def _want_rows(wanted: Wanted, schema: Schema, node: Aggregate, entity: str) -> None:
    for source, column in schema.path(node.source, entity):
        _want(wanted, schema, source, column)
    if schema.source(node.source).kind == ENTITY:
        _want(wanted, schema, node.source, schema.source(node.source).entity)
    _want_date(wanted, schema, node.source)


def _want_date(wanted: Wanted, schema: Schema, source: str) -> None:
    dated = schema.source(source).date_column
    if dated is not None:
        _want(wanted, schema, source, dated.name)


def _kept(example: Example, schema: Schema, name: str, columns: dict[str, None]) -> dict[str, None]:
    """Return the columns that the example's text names; a date of entities only where a row has one."""
    texts = {label.lower().replace("_", ""): text for label, text in example.tables.items()}
    text = texts.get(name.replace("_", ""), "")
    named = {part.strip() for part in text.strip().replace("\n", ";").split(";")[0].split("|")}
    spec = schema.source(name)
    dated = spec.date_column
    kept = {column: None for column in columns if column in named}
    if dated is not None and dated.name in named and spec.kind == ENTITY:
        kept[dated.name] = None
    return kept


def _cell(value: Any, type: DataType, null: str = "") -> str:
    match value:
        case None:
            return null
        case bool():
            return "T" if value else "F"
        case tuple():
            return ", ".join(value) or "(empty list)"
        case date():
            return f"{value:%Y-%m}" if type.kind == "month" else value.isoformat()
    if type.kind in SCALES:
        return str(Decimal(str(value)).quantize(SCALES[type.kind]))
    if type.kind in {"number", "rate"}:
        return f"{float(value):.15g}"
    return str(value)


def _aligned(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (" | ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"{indent}{line}".rstrip() for line in lines)


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _folded(line: str) -> str:
    """Break a long line of Python after the commas of its outermost brackets."""
    if len(line) <= LONGEST_LINE:
        return line
    places = [i for i, depth in _depths(line) if depth == 1]
    opening = next((i for i, c in enumerate(line) if c == "(" and places and i < places[0]), None)
    if opening is None or not line.endswith(")"):
        return line
    pieces, start = [], opening + 1
    for place in places:
        pieces.append(line[start : place + 1].strip())
        start = place + 1
    pieces.append(line[start:-1].strip() + ",")
    return "\n".join([line[: opening + 1], *(f"    {piece}" for piece in pieces), ")"])


def _depths(line: str) -> Iterator[tuple[int, int]]:
    depth, quoted = 0, ""
    for i, c in enumerate(line):
        if quoted:
            quoted = "" if c == quoted else quoted
        elif c in "\"'":
            quoted = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == ",":
            yield i, depth


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
