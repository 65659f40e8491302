"""Titles in the place of names: what a definition means, in the words of those who read Chinese."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from c360.catalog import build_catalog
from c360.deliver.wording import SAID, say
from c360.errors import UsageError
from c360.expr.describe import describe

ROOT = Path(__file__).resolve().parents[2]
CATALOG = build_catalog(ROOT, {})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("churn_warning_list", "属于离网预警且不属于近期已接触"),
        ("arpu_3m", "近三月收入除以3"),
        ("revenue_3m", "近3个完整月账单的账单总额之和（缺失取0.00）"),
        ("line_is_active", "销户日期缺失"),
        ("line_may_be_main", "用户在网且(用户近三月收入为客户的在网用户最高近三月收入)"),
        ("open_to_offers", "不属于入网期仅关怀"),
    ],
)
def test_chinese_words_call_things_by_their_chinese_titles(name: str, words: str) -> None:
    assert describe(CATALOG.definition(name).node, "zh", CATALOG.titles("zh")) == words


def test_what_has_no_title_keeps_its_name() -> None:
    titles = {"churn_warning": "离网预警"}
    assert describe(CATALOG.definition("churn_warning_list").node, "zh", titles) == "属于离网预警且不属于recently contacted"


def test_english_keeps_names() -> None:
    assert CATALOG.titles("en") == {}
    words = describe(CATALOG.definition("churn_warning_list").node, "en", CATALOG.titles("en"))
    assert words == "is in churn warning and is not in recently contacted"


def test_titles_change_no_definition() -> None:
    node = CATALOG.definition("line_may_be_main").node
    before = repr(node)
    describe(node, "zh", CATALOG.titles("zh"))
    assert repr(node) == before


def test_every_definition_and_column_of_the_reference_catalogue_has_a_chinese_title() -> None:
    titles = CATALOG.titles("zh")
    names = {*CATALOG.definitions, *CATALOG.schema.sources}
    names |= {f"{spec.name}.{column.name}" for spec in CATALOG.schema.sources.values() for column in spec.columns}
    assert names - set(titles) == set()


@pytest.mark.parametrize("phrase", SAID)
def test_a_phrase_says_the_same_values_in_both_languages(phrase: str) -> None:
    english, chinese = ({field for _, field, _, _ in string.Formatter().parse(text) if field} for text in SAID[phrase])
    assert english == chinese


def test_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match="found 'fr'"):
        say("written", "fr")
