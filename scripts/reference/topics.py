"""Pages about what is no operator: what authors write, from docstrings, and what it means, from the specs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from c360.expr.nodes import Node, walk
from reference.specs import Example, examples_of
from reference.tables import input_tables, markdown_table, shown
from reference.words import literal

MOST_LINES, LONGEST_SOURCE, MOST_EXAMPLES = 20, 200, 10
EXAMPLES = "Every example is a test, run on every engine; as of 2026-10-31 unless it says otherwise."


@dataclass(frozen=True)
class Entry:
    """One thing authors write: its look and where its docstring is."""

    text: str
    thing: Any


@dataclass(frozen=True)
class Topic:
    """One page: an opening, entries with their docstrings, specs that show what is meant, nodes they are about."""

    file: str
    title: str
    opening: str
    entries: tuple[Entry, ...] = ()
    specs: tuple[str, ...] = ()
    more: Callable[[], str] | None = None
    about: tuple[type[Node], ...] = (Node,)


def topic_page(topic: Topic) -> str:
    """Return the page of one topic."""
    parts = [f"# {topic.title}", flat(topic.opening)]
    if topic.entries:
        parts.append(markdown_table(("written", "meaning"), [[f"`{e.text}`", _first(e.thing)] for e in topic.entries]))
    if topic.more is not None:
        parts.append(topic.more())
    parts += [f"## `{entry.text}`\n\n{docstring(entry.thing)}" for entry in topic.entries if _has_more(entry.thing)]
    shown_here = _chosen(topic)
    if shown_here:
        parts.append(f"## What it means, by example\n\n{EXAMPLES}")
        parts += [shown(example, title=example.sentence) for example in shown_here]
    return "\n\n".join(parts) + "\n"


def docstring(thing: Any) -> str:
    """Return a docstring as Markdown: its paragraphs, its examples as code."""
    made = []
    for paragraph in (inspect.getdoc(thing) or "").split("\n\n"):
        if paragraph.lstrip().startswith(">>>"):
            lines = [line.strip().removeprefix(">>> ").split("  # doctest")[0] for line in paragraph.splitlines()]
            made.append("```python\n" + "\n".join([lines[0], *(f"# {line}" for line in lines[1:])]) + "\n```")
        else:
            made.append(literal(flat(paragraph)))
    return "\n\n".join(made)


def flat(text: str) -> str:
    """Return a text of several lines as one."""
    return " ".join(text.split())


def _chosen(topic: Topic) -> list[Example]:
    """Return the first example of each test that is about the topic and short enough to read, the files in turn."""
    found: list[Example] = []
    share = MOST_EXAMPLES // max(len(topic.specs), 1)
    for file in topic.specs:
        by_test: dict[str, Example] = {}
        for example in examples_of(file):
            about = any(isinstance(part, topic.about) for part in walk(example.expression.node))
            if about and example.expected and len(example.source) <= LONGEST_SOURCE and _lines(example) <= MOST_LINES:
                by_test.setdefault(example.test, example)
        found += list(by_test.values())[:share]
    return found


def _lines(example: Example) -> int:
    return sum(len(text.splitlines()) for text in input_tables(example))


def _first(thing: Any) -> str:
    return docstring(thing).split("\n\n")[0].split(". ")[0].rstrip(".")


def _has_more(thing: Any) -> bool:
    return len(docstring(thing)) > len(_first(thing)) + 2
