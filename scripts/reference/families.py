"""One page a family of operators: how each is written, what it means, takes and gives, an example, its SQL."""

from __future__ import annotations

import functools
import inspect
import re
from types import ModuleType

from c360.expr.nodes import walk
from c360.expr.operator import Operator
from c360.operators import FAMILIES
from reference.specs import Example, examples
from reference.sql import outermost, sql_of
from reference.tables import markdown_table, shown
from reference.words import (
    NUMBERS,
    Record,
    Spelling,
    composed,
    family_name,
    gives,
    grain,
    literal,
    number_matrix,
    records_of,
    spellings,
)  # fmt: skip

TITLES = {
    "arithmetic": "Arithmetic", "comparison": "Comparison", "logic": "Logic", "nulls": "Missing values", "choice": "Choices",
    "text": "Text", "dates": "Dates", "aggregates": "Aggregates", "distribution": "Distribution", "lists": "Lists",
    "runs": "Runs of days", "ranks": "Ranks", "raw_sql": "Raw SQL",
}  # fmt: skip
# What one sentence about the whole family says better than every operator by itself.
NOTES = {
    "arithmetic": "Types that go together, and what they make, stand in [types](sources.md#types-of-values).",
    "logic": """Python's own `and`, `or`, `not` and chained comparisons cannot be overloaded; they are refused with
    what to write instead.""",
    "aggregates": """What stands before the dot is a column, or an expression, of many rows: `Bill.total`,
    `Bill.last(months(3)).total`, `(Bill.total - Bill.discount)`. [Windows](windows.md) and `.where(…)` choose the
    rows, see [sources](sources.md#rows).""",
    "ranks": """`among=` names the population, a segment; without it, all rows of the entity at D. `within=` splits it
    into groups. Whoever is not of the population has no place and does not count.""",
    "raw_sql": "The way out where the language has no word. For definition files only, never for text from outside.",
}  # fmt: skip


def family_pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {f"{_file(family)}.md": _page(family) for family in FAMILIES}


def family_lines() -> list[tuple[str, str, str]]:
    """Return file, title and contents of every family, for the index."""
    return [
        (f"{_file(f)}.md", TITLES[family_name(f)], ", ".join(f"`{s.text}`" for r in records_of(f) for s in spellings()[r.name]))
        for f in FAMILIES
    ]


@functools.cache
def example_of(name: str, kind: str) -> Example:
    """Return the specs' plainest example of an operator, aggregate or rank; raises LookupError where there is "
    "none."""
    using = [
        e for e in examples() if any(getattr(part, "op", "") == name and _is_of(part, kind) for part in walk(e.expression.node))
    ]
    if not using:
        raise LookupError(f"no spec shows '{name}' so that it can stand in the reference; write one without loops or helpers")
    return min(using, key=lambda e: _cost(e, name))  # of equally plain ones the first that is written


def _cost(example: Example, name: str) -> float:
    """Return how far an example is from a plain one: the operator outermost, a few rows, different results, a "
    "null among them."""
    values = [str(value) for value in example.expected.values()]
    cost = 100.0 * (outermost(example.expression.node) != name) + 40 * len(example.definitions)
    cost += 30 * (example.entity not in {label.lower() for label in example.tables})  # whose rows only keys name
    looks = [re.match(r"(?:rows)?(\.?\w+)\(", spelling.text) for spelling in spellings()[name]]
    cost += 80 * (any(looks) and not any(look and f"{look[1]}(" in example.source for look in looks))
    cost += 5 * abs(len(values) - 4) + 2 * example.rows + len(example.source) / 3
    cost += 40 * (len(set(values)) < 2) + 15 * ("None" not in values and len(values) > 1)
    return cost + 30 * bool(re.search(r"[-(] ?-\d|\b(True|False) [&|]|\\", example.source))


def _is_of(part: object, kind: str) -> bool:
    names = {"Operator": "Call", "AggregateOperator": "Aggregate", "RankOperator": "Rank"}
    return type(part).__name__ == names[kind]


def _page(family: ModuleType) -> str:
    name = family_name(family)
    parts = [f"# {TITLES[name]}", _intro(family)]
    if name in NOTES:
        parts.append(" ".join(NOTES[name].split()))
    rows = []
    for record in records_of(family):
        for spelling in spellings()[record.name]:
            rows.append([f"[`{spelling.text}`](#{record.name})", _first_sentence(record, spelling)])
    rows += [[f"`{spelling.text}`", spelling.told] for spelling, _ in composed().get(name, [])]
    parts.append(markdown_table(("written", "meaning"), rows))
    parts += [_section(record) for record in records_of(family)]
    return "\n\n".join(parts) + "\n"


def _section(record: Record) -> str:
    said = spellings()[record.name]
    title = " · ".join(f"`{spelling.text}`" for spelling in said)
    parts = [f'<a id="{record.name}"></a>\n\n## {title}', *_told(record, said)]
    example = example_of(record.name, type(record).__name__)
    part = next(p for p in walk(example.node) if getattr(p, "op", "") == record.name)
    parts += [_facts(record, example), _matrix(record), shown(example)]
    parts.append(f"In DuckDB's SQL:\n\n```sql\n{sql_of(example, part)}\n```")
    return "\n\n".join(part for part in parts if part)


def _told(record: Record, said: list[Spelling]) -> list[str]:
    told = [spelling.told for spelling in said if spelling.told] or [_plain_words(record)]
    if len(said) > 1:
        told = [f"- `{spelling.text}`: {spelling.told}" for spelling in said]
        told = ["\n".join(told)]
    meaning = [] if not record.meaning else [f"{record.meaning[0].upper()}{literal(record.meaning[1:])}."]
    return [*told, *meaning]


def _facts(record: Record, example: Example) -> str:
    words = example.expression
    rows = [
        ["operator", f"`{record.name}`, version {record.version}"],
        ["takes", record.takes],
        ["gives", gives(record)],
        ["grain", grain(record)],
        ["nulls", record.nulls],
        ["the example in words", words.describe()],
        ["in Chinese", words.describe("zh")],
    ]
    return markdown_table(("", ""), rows)


def _matrix(record: Record) -> str:
    matrix = number_matrix(record)
    if matrix is None:
        return ""
    return markdown_table((f"left \\ right of `{spellings()[record.name][0].text}`", *NUMBERS), matrix)


def _first_sentence(record: Record, spelling: Spelling) -> str:
    return (spelling.told or _plain_words(record)).split(". ")[0].rstrip(".")


def _plain_words(record: Record) -> str:
    """Return the record's own words with letters for its arguments."""
    words = record.words if isinstance(record.words, str) else ""
    if isinstance(record, Operator) and words:
        said = words.format("`a`", "`b`")
        return f"{said[0].upper()}{said[1:]}."
    return f"{words or record.name}."


def _intro(family: ModuleType) -> str:
    told = inspect.getdoc(family) or ""
    return literal(told.splitlines()[0])


def _file(family: ModuleType) -> str:
    return family_name(family).replace("_", "-")
