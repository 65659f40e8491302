"""Plain words: a node in, a sentence part in English or Chinese out; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from c360.datatypes import BOOLEAN
from c360.expr.nodes import (
    STRETCH,
    Aggregate,
    AsOf,
    Call,
    Column,
    Followed,
    Literal,
    Node,
    Param,
    Rank,
    SegmentRef,
    Shifted,
    TagRef,
    Window,
    rebuild,
)
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS

UNCOUNTED = ("usage", "data", "traffic", "equipment", "information", "revenue", "churn", "consent", "feedback")
TOP_BY = "the {count} values of {value} with the greatest sum of {by} among {rows}"
TOP_BY_ZH = "{rows}中{by}之和最大的{count}个{value}"


def describe(node: Node, lang: str = "en", titles: Mapping[str, str] | None = None) -> str:
    """Say in words what *node* means; *lang* is ``en`` or ``zh``.

    *titles* gives what to call tags, segments and sources (by name) and columns (by ``source.column``); others are called
    by their names. The levels of a category are called by ``tag=level`` and ``source.column=level``.
    """
    zh = lang == "zh"
    if titles:
        node = _titled(node, titles)
    match node:
        case Literal():
            return _value(node.value, zh)
        case Param():
            return f"{_value(node.default, zh)}"
        case AsOf():
            return "截止日" if zh else "the as-of date"
        case Column():
            return _spaced(node.name)
        case TagRef():
            return _spaced(node.name)
        case SegmentRef():
            return _segment(node, zh)
        case Followed():
            owner, value = describe(node.via, lang), describe(node.value, lang)
            return f"{owner}的{value}" if zh else f"the {_bare(owner)}'s {_bare(value)}"
        case Call():
            return _call(node, lang)
        case Aggregate():
            return _aggregate(node, lang)
        case Shifted():
            return _shifted(node, lang)
        case Rank():
            return _rank(node, lang)
    raise AssertionError(type(node))


def describe_window(window: Window | None, lang: str = "en") -> str:
    """Say which days a window holds; nothing for no window."""
    if window is None:
        return ""
    if window.unit == STRETCH:
        return "截止日之后的" if lang == "zh" else "after the as-of date"
    n = describe(window.count, lang)
    if lang == "zh":
        own = f"近{n}个完整月" if window.unit == "months" else f"近{n}天"
        return f"{describe_window(window.before, lang)}之前的{own[1:]}" if window.before else own
    unit = "complete months" if window.unit == "months" else "days"
    if n == "1":
        unit, n = unit[:-1], ""
    own = f"the {n} {unit}".replace("  ", " ")
    if window.before is None:
        return f"in the last {n} {unit}".replace("  ", " ")
    return f"in {own} before {describe_window(window.before, lang).removeprefix('in ')}"


def _titled(node: Node, titles: Mapping[str, str]) -> Node:
    """Return *node* with titles in the place of names: made to be said, not to be run."""
    if isinstance(node, Call):
        node = _with_level_titles(node, titles)
    node = rebuild(node, lambda child: _titled(child, titles))
    match node:
        case TagRef() | SegmentRef():
            return replace(node, name=titles.get(node.name, node.name))
        case Column():
            return replace(node, name=titles.get(f"{node.source}.{node.name}", node.name))
        case Aggregate():
            return replace(node, source=titles.get(node.source, node.source))
        case Rank(among=SegmentRef() as among):
            return replace(node, among=replace(among, name=titles.get(among.name, among.name)))
    return node


def _with_level_titles(node: Call, titles: Mapping[str, str]) -> Call:
    """Return the call with what the levels of its category are called in the place of its texts."""
    named = next((arg for arg in node.args if isinstance(arg, (TagRef, Column)) and arg.type.kind == "category"), None)
    if named is None:
        return node
    name = f"{named.source}.{named.name}" if isinstance(named, Column) else named.name
    said = (replace(a, value=titles.get(f"{name}={a.value}", a.value)) if isinstance(a, Literal) else a for a in node.args)
    return replace(node, args=tuple(said))


def _call(node: Call, lang: str) -> str:
    record = OPERATORS[node.op]
    template = record.zh if lang == "zh" else record.words
    if node.op == "not" and isinstance(node.args[0], SegmentRef) and not node.args[0].outside:
        return _segment(replace(node.args[0], outside=True), lang == "zh")
    parts = [_bracketed(arg, lang) for arg in node.args]
    if callable(template):
        return template(node, *parts)
    return template.format(*parts, **{name: _value(value, lang == "zh") for name, value in node.options})


def _bracketed(node: Node, lang: str) -> str:
    words = describe(node, lang)
    loose = isinstance(node, Shifted) or (isinstance(node, Aggregate) and node.type == BOOLEAN)
    return f"({words})" if loose or (isinstance(node, Call) and len(node.args) > 1) else words


def _aggregate(node: Aggregate, lang: str) -> str:
    record = AGGREGATES[node.op]
    rows = _spaced(node.source)
    value = "" if node.value is None else describe(node.value, lang)
    options = {name: _value(option, lang == "zh") for name, option in node.options}
    options["by"] = "" if node.by is None else describe(node.by, lang)
    words = record.zh if lang == "zh" else record.words
    if record.pick == "top" and node.by is not None:
        words = TOP_BY_ZH if lang == "zh" else TOP_BY
    if lang == "zh":
        rows = f"满足“{describe(node.where, lang)}”的{rows}" if node.where else rows
        return describe_window(node.window, lang) + words.format(value=value, rows=rows, **options)
    rows = f"{_plural(rows)} {describe_window(node.window, lang)}".rstrip()
    if node.where is not None:
        rows += f" where {describe(node.where, lang)}"
    return words.format(value=value if "of {value}" in words else _bare(value), rows=rows, **options)


def _shifted(node: Shifted, lang: str) -> str:
    months, days = node.counts
    counts = [(abs(months), "month", "个月"), (abs(days), "day", "天")]
    if lang == "zh":
        far = "".join(f"{n}{unit}" for n, _, unit in counts if n)
        value = describe(node.value, lang)
        return f"{far}后看：{value}" if node.is_outcome else f"{far}前的{value}"
    far = " and ".join(f"{n} {unit}{'s' * (n != 1)}" for n, unit, _ in counts if n)
    return f"{describe(node.value, lang)}, " + (f"seen {far} later" if node.is_outcome else f"{far} ago")


def _rank(node: Rank, lang: str) -> str:
    record, zh = RANKS[node.op], lang == "zh"
    options = {name: _value(option, zh) for name, option in node.options}
    value = describe(node.value, lang)
    if zh:
        group = f"按{describe(node.within, lang)}分组" if node.within else ""
        population = (_spaced(node.among.name) if node.among else "全体") + group
        return f"{value}在{population}中的{record.zh.format(**options)}"
    population = f" among {_spaced(node.among.name)}" if node.among else ""
    group = f" within each {describe(node.within, lang)}" if node.within else ""
    return f"{record.words.format(**options)} of {value}{population}{group}"


def _segment(node: SegmentRef, zh: bool) -> str:
    if zh:
        return f"{'不属于' if node.outside else '属于'}{_spaced(node.name)}"
    return f"{'is not' if node.outside else 'is'} in {_spaced(node.name)}"


def _value(value: object, zh: bool) -> str:
    match value:
        case bool():
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        case float():
            return f"{value:.15g}"
        case date():
            return value.isoformat()
        case str():
            return f"'{value}'"
        case Param():
            return _value(value.default, zh)
        case tuple():
            return ", ".join(_value(part, zh) for part in value)
    return str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _bare(words: str) -> str:
    return words.removeprefix("the ")


def _plural(rows: str) -> str:
    """Return the plural of a source's name; where English has none, its rows."""
    if rows.endswith(UNCOUNTED):
        return f"{rows} rows"
    if rows.endswith("y") and not rows.endswith(("ay", "ey", "oy", "uy")):
        return f"{rows[:-1]}ies"
    return f"{rows}es" if rows.endswith(("s", "x", "z", "ch", "sh")) else f"{rows}s"
