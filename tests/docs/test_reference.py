"""docs/reference/ is what `make docs` makes today, it leaves nothing out, and its examples mean what they show."""

from __future__ import annotations

import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from reference.build import BY_HAND, FIRST_LINE, FOLDER, SCHEMA, pages, schema_text  # noqa: E402
from reference.callers import help_of  # noqa: E402
from reference.specs import Example, examples  # noqa: E402
from reference.words import spellings  # noqa: E402

import c360  # noqa: E402
import telecom  # noqa: E402
from c360.expr.operator import AGGREGATES, OPERATORS, RANKS  # noqa: E402

MADE = pages()
TEXT = "\n".join([*MADE.values(), *((FOLDER / name).read_text(encoding="utf-8") for name in BY_HAND)])


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_page_is_current(name: str) -> None:
    written = FOLDER / name
    assert written.is_file(), f"docs/reference/{name} is missing: run `make docs`"
    assert written.read_text(encoding="utf-8") == MADE[name], f"docs/reference/{name} is out of date: run `make docs`"


def test_the_schema_of_the_settings_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "docs/reference/c360.toml.schema.json is out of date: run `make docs`"
    )


def test_no_page_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.md")} == {*MADE, *BY_HAND}


def test_generated_pages_say_so_on_line_1() -> None:
    assert all(text.splitlines()[0] == FIRST_LINE for text in MADE.values())


@pytest.mark.parametrize("name", sorted([*OPERATORS, *AGGREGATES, *RANKS]))
def test_an_operator_has_its_section(name: str) -> None:
    assert f'<a id="{name}"></a>' in TEXT and f"| operator | `{name}`, version" in TEXT
    assert spellings()[name], f"nobody can write '{name}': it has no author method; see FUNCTIONS in scripts/reference/words.py"


@pytest.mark.parametrize("name", sorted(c360.__all__))
def test_a_public_name_stands_in_the_reference(name: str) -> None:
    assert re.search(rf"`(?:[^`]*\W)?{name}\b", TEXT), f"c360.{name} is on no page; add an Entry to scripts/reference/topics.py"


def test_links_lead_somewhere() -> None:
    for page, text in MADE.items():
        for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", text):
            assert not target or (FOLDER / target).is_file(), f"{page} links to {target}"
    anchors = {page: _anchors(text) for page, text in MADE.items()}
    for page, text in MADE.items():
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]*)\)", text):
            assert anchor in anchors[target or page], f"{page} links to {target}#{anchor}"


def test_what_an_example_shows_is_what_its_test_means() -> None:
    wrong = [f"{e.file}.{e.test}: {e.source}" for e in examples() if not _means_the_same(e)]
    assert not wrong, wrong


def test_help_texts_have_a_fixed_width() -> None:
    assert max(len(line) for line in help_of(("export",)).splitlines()) <= 90


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def _means_the_same(example: Example) -> bool:
    """Run the example's text as a definition file would, and compare the tree with the one that the spec tested."""
    names = {name: getattr(c360, name) for name in c360.__all__} | {"date": date, "Decimal": Decimal}
    names |= {source.__name__: source for source in telecom.SOURCES}
    for line in example.defined:
        label, given = line.split(" = ", 1)
        made = eval(given, names)  # our own tests' text
        made.draft.named(label)
        names[label] = made
    return bool(eval(example.source, names).node == example.expression.node)
