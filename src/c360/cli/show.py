"""Answers to text: data on stdout (a table on a terminal, CSV in a pipe, JSON when asked), talk on stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from c360.errors import UsageError

if TYPE_CHECKING:
    import polars

    from c360.audience.size import Sizes
    from c360.checking import CheckReport
    from c360.cli.options import Common
    from c360.deliver.account import Form
    from c360.deliver.listing import ListResult
    from c360.plan.steps import Plan, Step
    from c360.snapshots.origin import Origin
    from c360.starting import DemoResult

SAMPLE = 10
CARD = (
    "description", "kind", "entity", "type", "unit", "universe", "owner", "source", "sensitivity", "hash", "where",
    "unavailable",
)  # fmt: skip
CARD_ZH = {
    "description": "说明", "kind": "种类", "entity": "对象", "type": "类型", "unit": "单位", "universe": "全集", "owner": "负责",
    "source": "规则来源", "sensitivity": "敏感级别", "hash": "定义摘要", "where": "定义位置", "unavailable": "不可用原因",
    "means": "含义", "levels": "级别", "parameter": "参数", "needs": "依赖", "used_by": "被引用", "play": "保有法则",
}  # fmt: skip


def names(text: str | None) -> tuple[str, ...] | None:
    """Return the names in a comma list."""
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())


def some_names(text: str | None, option: str) -> tuple[str, ...]:
    """Return the names that an option gives, none without it; a variable left empty must not mean all of them."""
    found = names(text)
    if found == ():
        raise UsageError(f"{option} names nothing", hint=f"name one, or leave {option} out for all")
    return found or ()


def dumps(value: object) -> str:
    """Return *value* as JSON text; dates and paths as text."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def data(text: str) -> None:
    """Print data on stdout."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def talk(common: Common, *lines: str) -> None:
    """Say something on stderr, unless asked to be quiet."""
    if not common.quiet:
        for line in lines:
            print(line, file=sys.stderr)


def table(head: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[str] = ()) -> None:
    """Print rows on stdout: a table on a terminal, CSV elsewhere; *numbers* are the columns set to the right."""
    texts = [["" if cell is None else _cell(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        return
    _rich_table(sys.stdout, head, texts, numbers)


def made(common: Common, folder: Path, parts: list[str], *, next: str, as_json: bool) -> None:
    """Print what `init` made and the command to go on with."""
    if as_json:
        return data(dumps({"folder": folder, "made": parts}))
    return talk(common, f"made {folder}: {', '.join(parts)}", f"next: cd {folder} && {next}")


def definitions(common: Common, kind: str, rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print the list of tags or segments."""
    if as_json:
        return data(dumps({f"{kind}s": rows}))
    title = "zh" if common.lang == "zh" else "title"
    head = ("name", "title", "entity", "type", "where", "available")
    shown = [(r["name"], r[title] or r["title"], r["entity"], r["type"], r["where"], r["unavailable"] or "yes") for r in rows]
    table(head, shown)
    talk(common, f"{len(rows)} {kind}s; c360 {kind}s NAME shows one in full")
    return None


def card(common: Common, facts: dict[str, Any], *, as_json: bool) -> None:
    """Print one definition in full."""
    if as_json:
        return data(dumps(facts))
    zh = common.lang == "zh"
    told = [(key, facts[key]) for key in CARD if facts.get(key)]
    told.append(("means", facts["zh_words" if zh else "words"]))
    levels = [f"{one['level']} {one['zh']}".rstrip() for one in facts["levels"]]
    told += [("levels", ", ".join(levels))] if levels else []
    for p in facts["parameters"]:
        told.append(("parameter", f"{p['name']} = {p['value']} (default {p['default']}, source {p['source']})"))
    told += [(key, ", ".join(facts[key]) or "-") for key in ("needs", "used_by")]
    told += [("play", _play_line(play, common.lang)) for play in facts["plays"]]
    lines = [f"  {padded(CARD_ZH[key] if zh else key.replace('_', ' '), 12)} {value}" for key, value in told]
    data("\n".join([f"{facts['name']}  {facts['title']}  {facts['zh']}".rstrip(), *lines]))
    return None


def padded(label: str, width: int) -> str:
    """Return *label* with spaces behind it, as wide as *width* Latin letters on a terminal."""
    return label + " " * max(width - sum(2 if east_asian_width(c) in "WF" else 1 for c in label), 0)


def _play_line(play: dict[str, Any], lang: str) -> str:
    """Return a play in one line: its name, its title, law, strategy and moment, what to do."""
    zh = "_zh" if lang == "zh" else ""
    kinds = [play[f"{key}{zh}"].replace("_", " ") for key in ("law", "strategy", "moment")]
    title = (play["zh"] if zh else "") or play["title"]
    return f"{play['name']}  {title} ({', '.join(kind for kind in kinds if kind)}): {play[f'text{zh}'] or play['text']}"


def sources(common: Common, found: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print the sources, and under them why definitions that they would feed are unavailable."""
    if as_json:
        return data(dumps({"sources": found}))
    head = ("source", "state", "place", "rows", "first_day", "last_day", "coverage", "feeds", "unavailable", "problems")
    told = ("name", *head[1:7])
    rows = [(*(s[key] for key in told), len(s["feeds"]), len(s["unavailable"]), _some_of(s["problems"])) for s in found]
    table(head, rows, numbers=("rows", "feeds", "unavailable"))
    reasons: dict[str, list[str]] = {}
    for source in found:
        for name, reason in source["unavailable"].items():
            if name not in reasons.setdefault(reason, []):
                reasons[reason].append(name)
    talk(common, *(f"unavailable, {reason}: {', '.join(names)}" for reason, names in reasons.items()))
    talk(common, "c360 sources NAME shows what one source feeds")
    return None


def _some_of(problems: Sequence[str]) -> str:
    """Return the first problems of a source, and how many more there are."""
    told = "; ".join(problems[:2])
    return f"{told}; and {len(problems) - 2} more" if len(problems) > 2 else told


def source(common: Common, facts: dict[str, Any], *, as_json: bool) -> None:
    """Print one source in full: its columns, what it feeds, and what is unavailable and why."""
    if as_json:
        return data(dumps(facts))
    lines = [f"{facts['name']}  {facts['state']}"]
    for key in ("place", "rows", "first_day", "last_day", "coverage"):
        if facts[key] not in (None, ""):
            lines.append(f"  {key.replace('_', ' '):<12} {facts[key]}")
    lines += [f"  {'problem':<12} {problem}" for problem in facts["problems"]]
    lines += [f"  {'contacts':<12} {line}" for line in facts["found_by_contacts"]]
    fine = [name for name in facts["feeds"] if name not in facts["unavailable"]]
    lines.append(f"  {'feeds':<12} {', '.join(fine) or '-'}")
    lines += [f"  {'unavailable':<12} {name}: {reason}" for name, reason in facts["unavailable"].items()]
    data("\n".join(lines))
    return None


def sizes(common: Common, found: Sizes, *, as_json: bool) -> None:
    """Print segment sizes."""
    if as_json:
        return data(dumps(found.as_json()))
    head = ("segment", "members", "outside", "unknown", "universe", "share", "as_of")
    rows = [
        (s.name, s.members, s.outside, s.unknown, s.universe, None if s.share is None else round(s.share, 4), s.as_of)
        for s in found.sizes
    ]
    table(head, rows, numbers=head[1:6])
    talk(common, *(f"left out: {name}, {reason}" for name, reason in found.left_out.items()))
    for origin in dict.fromkeys(str(s.origin) for s in found.sizes if s.origin is not None):
        talk(common, origin)
    marks(common, [mark for s in found.sizes for mark in s.marks])
    return None


def plan(common: Common, made: Plan, *, as_json: bool) -> None:
    """Print a plan, one step a line."""
    rows = [_step_row(step) for step in made.steps]
    if as_json:
        needs = [{"source": n.source, "first": n.first, "last": n.last} for n in made.needs]
        return data(dumps({"entity": made.entity, "as_of": made.day, "steps": rows, "needs": needs}))
    talk(common, f"as of {made.day}, one row a {made.entity}")
    table(
        ("step", "name", "columns", "reason"),
        [(r["step"], r["name"], ", ".join(r["columns"]), _step_reason(r)) for r in rows],
    )
    return None


def _step_row(step: Step) -> dict[str, Any]:
    """Return a step as plain data; a pass with its strategy: how it goes over its rows, and why so."""
    row = {"step": type(step).__name__, "name": step.name, "reason": getattr(step, "reason", ""), "columns": _step_columns(step)}
    how = getattr(step, "strategy", None)
    if how is not None:
        row["strategy"] = {"kind": how.kind, "cuts": list(how.cuts), "reason": how.reason}
    return row


def _step_reason(row: dict[str, Any]) -> str:
    how = row.get("strategy")
    return row["reason"] if how is None or not how["reason"] else f"{row['reason']}; {how['kind']}: {how['reason']}"


def check(common: Common, report: CheckReport, *, as_json: bool) -> None:
    """Print what a check found; one line a problem."""
    if as_json:
        return data(dumps(report.as_json()))
    lines = []
    for finding in report.findings:
        lines.append((finding.severity, finding.where, finding.message + (f" (hint: {finding.hint})" if finding.hint else "")))
    lines += [("error", e.where, failure) for e in report.failed_examples for failure in e.failures]
    lines += [("error", s.place, problem) for s in report.broken_sources for problem in s.problems]
    lines += [("warning", f"source {k.source}", k.message) for k in report.keys]
    lines += [("warning", s.used_by, s.message) for s in report.swallowed]
    for reason in dict.fromkeys(report.unavailable.values()):
        names = [name for name, why in report.unavailable.items() if why == reason]
        told = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        lines.append(("unavailable", told, reason))
    if lines:
        table(("severity", "where", "message"), lines)
    verdict = "all well" if report.ok else _counted(len([1 for kind, _, _ in lines if kind == "error"]), "error")
    counted = [f"{report.definitions} definitions", *([_counted(report.campaigns, "campaign")] if report.campaigns else [])]
    counted += [f"{len(report.examples)} examples run", f"{len(report.sources)} sources"]
    talk(common, f"{', '.join(counted)}: {verdict}")
    return None


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' * (number != 1)}"


def print_rows(frame: polars.DataFrame, form: Form, kind: str | None) -> int:
    """Print rows on stdout, as a table on a terminal unless a format was asked for; return the cells neutralised."""
    from c360.deliver.writers import WRITERS

    if kind is None and sys.stdout.isatty():
        titled = frame if form.account is None or not form.titles else form.account.titled(frame)
        table(titled.columns, [tuple(row) for row in frame.iter_rows()])
        return 0
    # Through memory: what Polars itself fails to write, it tells of without the system's number.
    whole = io.BytesIO()
    changed = WRITERS[kind or "csv"](frame, whole, replace(form, bom=False))
    sys.stdout.flush()
    sys.stdout.buffer.write(whole.getbuffer())
    sys.stdout.buffer.flush()
    return changed


def waterfall(common: Common, result: ListResult, neutralised: int) -> None:
    """Say the stages of a list on stderr, with what was masked, neutralised, marked and not known."""
    from c360.deliver.wording import say

    if common.quiet:
        return
    rows = [
        [_cell(s.entered), _cell(-s.removed if s.removed else ""), _cell(s.unknown or ""), _cell(s.left), s.words]
        for s in result.waterfall.stages
    ]
    head = [say(name, common.lang) for name in ("entered", "removed", "unknown", "left", "stage")]
    talk(common, f"{result.segment} as of {result.as_of}, run {result.run_id}")
    _rich_table(sys.stderr, head, rows, head[:4])
    account = result.account
    if account.keys_unknown:
        talk(common, f"{account.keys_unknown:,} of the {account.keys_given:,} given keys are unknown on {result.as_of}")
    if result.masked:
        talk(common, f"masked: {', '.join(result.masked)}")
    if neutralised:
        talk(common, f"{neutralised} cells that look like formulas were quoted")
    notes(common, result.origin, result.marks)


def aim(common: Common, result: ListResult) -> None:
    """Say what the list is for: its day, its channels, who is held out, what it costs and may bring."""
    told = result.aim
    if not told.purpose:
        return
    day = "nobody is contacted" if told.on is None else f"contact on {told.on}"
    lines = [f"purpose: {told.purpose}" + (f", campaign {told.campaign}" if told.campaign else "") + f", {day}"]
    if told.channels:
        lines.append("channels: " + ", ".join(f"{name} {rows:,}" for name, rows in told.channels))
    if told.held_out:
        strata = "; ".join(f"{name}: {treated:,} and {held:,}" for name, treated, held in told.strata)
        lines.append(f"contacted {told.treated:,}, held out {told.held_out:,}" + (f" ({strata})" if strata else ""))
    if told.cost or told.value is not None:
        margin = "" if told.value is None else f", expected value {told.value:,.2f}, margin {told.value - told.cost:,.2f}"
        paid = "" if told.paid_at is None else f", contacts are paid when {told.paid_at:.1%} say yes"
        lines.append(f"cost {told.cost:,.2f}{margin}{paid}")
    lines += told.told
    if told.delete_after is not None:
        lines.append(f"list id {result.run_id}; delete after {told.delete_after}")
    talk(common, *lines)


def notes(common: Common, origin: Origin | None, found: Sequence[str]) -> None:
    """Say from which snapshot an answer comes, and what was let pass."""
    if origin is not None:
        talk(common, str(origin))
    marks(common, found)


def marks(common: Common, found: Sequence[str]) -> None:
    """Say what was let pass."""
    for mark in dict.fromkeys(found):
        talk(common, f"note: {mark}")


def demo(common: Common, result: DemoResult, *, as_json: bool) -> None:
    """Print what the demo made and what to try next."""
    if as_json:
        return data(dumps({"data": str(result.data.folder), "list": result.listed.as_json(), "sql": str(result.sql)}))
    rows = sum(result.data.rows.values())
    state = "reused" if result.data.reused else "made"
    talk(
        common,
        f"{state} {result.data.customers:,} synthetic customers, {rows:,} rows in {_near(result.data.folder)}",
        "",
    )
    waterfall(common, result.listed, result.listed.neutralised)
    aim(common, result.listed)
    talk(
        common,
        "",
        f"list:      {_near(result.listed.path)}",
        f"manifest:  {_near(result.listed.manifest)}",
        f"its SQL:   {_near(result.sql)}",
        "",
        "next:",
        "  c360 size worth_keeping renewal_due churn_warning",
        "  c360 segments churn_warning",
        "  c360 export renewal_due --purpose offer --holdout 0.1 -o renewal.xlsx --order -arpu_3m",
        "  c360 campaigns",
    )
    return None


def _near(path: Any) -> str:
    near = os.path.relpath(path)
    return str(path) if near.startswith("..") else near


def _step_columns(step: Any) -> list[str]:
    columns = (step.column,) if hasattr(step, "column") else getattr(step, "columns", ())
    return [c if isinstance(c, str) else c.alias for c in columns]


def _cell(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def _rich_table(stream: Any, head: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in head:
        drawn.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(str(cell)) for cell in row))
    width = None if stream.isatty() else 140
    Console(file=stream, width=width, no_color="NO_COLOR" in os.environ or None, highlight=False).print(drawn)
