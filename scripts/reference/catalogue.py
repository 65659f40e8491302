"""The reference catalogue in, its pages out: one a file of tags/ and segments/, a table and a card for each definition."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date

from sqlglot import exp

from c360.catalog.model import Catalog
from c360.datatypes import DataType, key_of
from c360.expr.describe import describe, describe_window
from c360.expr.nodes import Aggregate, Call, Column, Node, SegmentRef, TagRef, Window, rebuild, walk
from c360.expr.schema import ATTRIBUTES, ColumnSpec, Schema, SourceSpec
from c360.language.definitions import Definition
from c360.plan import Output, Request, make_plan
from c360.plan.steps import ReadSource
from c360.sql.queries import PlanSql
from c360.workspace import Workspace
from reference import ROOT
from reference.tables import markdown_table

DAY = date(2026, 10, 31)
COUNTS = ("count", "count_known", "distinct")
INDEX_HEAD = ("page", "about", "definitions")
TABLE_HEAD = ("name", "title", "中文", "of", "type", "unit", "means")
LONGEST = 160  # characters of a definition's words in a table; its card has them all
OPENING = """The reference telecom catalogue: every tag and segment, by the file that defines it. A card's SQL is that of its own
step, as of 2026-10-31: what it builds on stands in tables called `customer_tags`, `line_tags` and so on, a row each.
`c360 sql NAME` prints the whole, from the files on."""


def catalogue_pages() -> dict[str, str]:
    """Return the pages of the catalogue by file name, their index first."""
    catalog = Workspace(ROOT).catalog
    areas = _areas(catalog)
    made = {"README.md": _index(areas)}
    for area, definitions in areas.items():
        made[_page(area)] = _area_page(catalog, area, definitions)
    return made


def _areas(catalog: Catalog) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = {}
    for definition in catalog.definitions.values():
        found.setdefault(definition.where.partition(":")[0], []).append(definition)
    return dict(sorted(found.items(), key=lambda item: (item[0].startswith("segments"), item[0])))


def _page(area: str) -> str:
    return area.removesuffix(".py").replace("/", "-") + ".md"


def _index(areas: dict[str, list[Definition]]) -> str:
    rows = [[f"[{area}]({_page(area)})", _about(area), str(len(definitions))] for area, definitions in areas.items()]
    return "\n\n".join(["# The catalogue", OPENING, markdown_table(INDEX_HEAD, rows)]) + "\n"


def _about(area: str) -> str:
    return (ast.get_docstring(ast.parse((ROOT / area).read_text(encoding="utf-8"))) or "").strip()


def _area_page(catalog: Catalog, area: str, definitions: list[Definition]) -> str:
    rows = [[f"[{d.name}](#{d.name})", d.title, d.zh, d.entity, d.type.kind, d.unit, _short(describe(d.node))] for d in definitions]
    cards = [_card(catalog, d) for d in definitions]
    return "\n\n".join([f"# {area}", _about(area), markdown_table(TABLE_HEAD, rows), *cards]) + "\n"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"


def _card(catalog: Catalog, d: Definition) -> str:
    facts = [[label, told] for label, told in _facts(catalog, d) if told]
    parts = [f'<a id="{d.name}"></a>\n## {d.name} · {d.title} · {d.zh}']
    parts += [d.description] if d.description else []
    parts.append(markdown_table(("", ""), facts))
    if d.example is not None:
        parts.append(f"```text\n{_example(d)}\n```")
    parts.append(f"<details><summary>SQL</summary>\n\n```sql\n{own_sql(catalog, d)}\n```\n\n</details>")
    return "\n\n".join(parts)


def _facts(catalog: Catalog, d: Definition) -> Iterator[tuple[str, str]]:
    parameters = [
        f"`{n}` = {p.value} ({'the sources say so' if p.source == 'S' else 'our default'})"
        for n, p in catalog.parameters.items()
        if d.name in p.used_by
    ]
    said = dict(d.levels_zh)
    yield "means", describe(d.node)
    yield "含义", describe(d.node, "zh", catalog.titles("zh"))
    yield "of", f"each {d.entity}" + (f" of {_link(catalog, d.universe)}" if d.universe else "")
    yield "type", str(d.type.kind) + (f", {d.unit}" if d.unit else "")
    yield "levels", " · ".join(f"{level} {said.get(level, '')}".strip() for level in d.type.all_levels or said)
    yield "windows", "; ".join(_windows(d.node))
    yield "missing", missing_policy(d)
    yield "parameters", "; ".join(parameters)
    yield "rule from", d.source
    yield "owner", d.owner
    yield "who may see it", catalog.sensitivity_of(d.name)
    yield "builds on", ", ".join(_link(catalog, name) for name in catalog.dependencies(d.name))
    yield "used by", ", ".join(_link(catalog, name) for name in catalog.dependents(d.name))


def _link(catalog: Catalog, name: str) -> str:
    return f"[{name}]({_page(catalog.definition(name).where.partition(':')[0])}#{name})"


def _windows(node: Node) -> list[str]:
    windows = {part.window for part in walk(node) if isinstance(part, Aggregate) and isinstance(part.window, Window)}
    return sorted(describe_window(window) for window in windows)


def missing_policy(d: Definition) -> str:
    """Say what stands where something is not known, as the tree has it."""
    node = d.node
    if d.kind == "segment":
        return "unknown is out of the segment"
    if d.type.kind == "list":
        return "an empty list"
    if d.type.kind == "category" and d.type.outside:
        return f"stands outside the order as {' or '.join(repr(level) for level in d.type.outside)}"
    if isinstance(node, Aggregate) and node.op in COUNTS:
        return "never missing: no rows count 0"
    if isinstance(node, Call) and node.op == "or_else":
        return f"never missing: {describe(node.args[1])} instead"
    if isinstance(node, Call) and node.op == "is_null":
        return "never missing"
    return "null where what it needs is not known"


def _example(d: Definition) -> str:
    example = d.example
    assert example is not None
    tables = []
    for label, text in example.tables:
        lines = [line.strip() for line in text.replace("\n", ";").split(";") if line.strip()]
        tables.append("\n".join([label, *(f"  {line}" for line in lines)]))
    day = f"as of {example.as_of}" if example.as_of else ""
    gives = "\n".join(f"  {key} | {'null' if value is None else value}" for key, value in example.expected)
    return "\n".join([*tables, f"gives {day}".strip(), gives])


def own_sql(catalog: Catalog, d: Definition) -> str:
    """Return the SQL of a definition's own step, with what it builds on read from tables of tags."""
    node = _given(d.node)
    schema = _with_tags(catalog, d.node)
    tables = frozenset(schema.sources)
    definitions = {name: one for name, one in catalog.definitions.items() if name in _populations(d.node)}
    populations = {name: catalog.definition(name) for name in catalog.closure(definitions)}
    plan = make_plan(Request(d.entity, DAY, (Output(d.name, node),), tables), schema, populations)
    universes = {name: one.universe for name, one in populations.items() if one.kind == "segment"}
    return _without_reads(PlanSql(plan, schema, _read, universes).table().strip())


def _without_reads(sql: str) -> str:
    """Return the query without the steps that only read a table whole."""
    kept = re.sub(r"(?<=[ (])(\w+) AS \(\n  SELECT\n    \*\n  FROM \1\n\)(, )?", "", sql)
    return re.sub(r"^WITH \n?(?=SELECT)", "", re.sub(r", \n(?=SELECT)", "\n", kept))


def _populations(node: Node) -> set[str]:
    return {part.among.name for part in walk(node) if isinstance(among := getattr(part, "among", None), SegmentRef) and among}


def _given(node: Node) -> Node:
    """Return the tree with columns of tables of tags in the place of other definitions."""
    node = rebuild(node, _given)
    if isinstance(node, (TagRef, SegmentRef)):
        column = Column(node.type, f"{node.entity}_tags", node.name)
        return Call(node.type, "not", (column,)) if isinstance(node, SegmentRef) and node.outside else column
    return node


def _with_tags(catalog: Catalog, node: Node) -> Schema:
    found: dict[str, dict[str, DataType]] = {}
    for part in walk(node):
        if isinstance(part, (TagRef, SegmentRef)):
            found.setdefault(part.entity, {})[part.name] = part.type
    tables = {}
    for entity, types in found.items():
        columns = (ColumnSpec(entity, key_of(entity), "fixed"), *(ColumnSpec(name, type, "fixed") for name, type in types.items()))
        tables[f"{entity}_tags"] = SourceSpec(f"{entity}_tags", ATTRIBUTES, entity, columns)
    return Schema({**catalog.schema.sources, **tables})


def _read(step: ReadSource) -> exp.Select:
    return exp.select("*").from_(step.source)
