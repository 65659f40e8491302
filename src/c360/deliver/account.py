"""A list's account of itself as plain data: a catalogue and what was asked in, titles, words and types out; reads no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from c360.datatypes import TEXT, DataType
from c360.deliver.aim import Aim
from c360.deliver.waterfall import Waterfall
from c360.deliver.wording import say
from c360.expr.describe import describe
from c360.expr.schema import SourceSpec

if TYPE_CHECKING:
    import polars

    from c360.catalog import Catalog
    from c360.catalog.parameters import Parameter


@dataclass(frozen=True)
class ColumnAccount:
    """One column of a list: what it is called, what it holds and who may see it; masked values are texts.

    *levels* are what the list's language calls the levels of a category, where it has words of its own for them.
    """

    name: str
    title: str
    type: DataType
    words: str
    unit: str = ""
    sensitivity: str = "internal"
    is_masked: bool = False
    levels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Term:
    """A definition that a list stands on."""

    name: str
    title: str
    words: str


@dataclass(frozen=True)
class Subject:
    """What a list is about, in one language: its segment, where that is drawn from, and all it builds on.

    Parameters say by title which of these definitions use them.
    """

    segment: str
    title: str
    words: str
    definition_hash: str
    entity: str = ""
    description: str = ""
    owner: str = ""
    universes: tuple[Term, ...] = ()
    terms: tuple[Term, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class ListAccount:
    """Everything a list says of itself; the columns are those of its rows, in order."""

    lang: str
    subject: Subject
    as_of: date
    run_id: str
    rows: int
    waterfall: Waterfall
    columns: tuple[ColumnAccount, ...]
    order: tuple[tuple[str, bool], ...] = ()
    marks: tuple[str, ...] = ()
    keys_given: int | None = None
    keys_unknown: int = 0
    aim: Aim | None = None

    @property
    def masked(self) -> tuple[str, ...]:
        """The titles of the masked columns."""
        return tuple(column.title for column in self.columns if column.is_masked)

    def titled(self, frame: polars.DataFrame) -> polars.DataFrame:
        """Return *frame* with titles in the place of names, of columns and of levels."""
        return self.in_words(frame).rename({column.name: column.title for column in self.columns})

    def in_words(self, frame: polars.DataFrame) -> polars.DataFrame:
        """Return *frame* with the words of the list's language for the levels of its categories."""
        import polars as pl

        told = {column.name: dict(column.levels) for column in self.columns if column.levels and not column.is_masked}
        lists = {name for name, kind in frame.schema.items() if kind == pl.List}
        return frame.with_columns(
            pl.col(name).list.eval(pl.element().replace(levels)) if name in lists else pl.col(name).replace(levels)
            for name, levels in told.items()
        )


@dataclass(frozen=True)
class Form:
    """How a list is put into a file.

    *titles* head the columns instead of names. *encoding* is that of a text file, *bom* whether one opens it. *scratch* is
    a private folder for what should not be held in memory; without it all is held there.
    """

    account: ListAccount | None = None
    titles: bool = False
    encoding: str = "utf-8"
    bom: bool = True
    scratch: Path | None = None


def subject_of(catalog: Catalog, segment: str, columns: Sequence[str], lang: str) -> Subject:
    """Return what a list of *segment* with *columns* is about."""
    definition = catalog.definition(segment)
    used = [name for name in (segment, *columns) if name in catalog.definitions]
    behind = catalog.closure(used)
    universes = universes_of(catalog, segment)
    terms = [term_of(catalog, name, lang) for name in reversed(behind) if name not in {*used, *universes}]
    own = term_of(catalog, segment, lang)
    return Subject(
        segment,
        own.title,
        own.words,
        catalog.hash_of(segment),
        entity_title(catalog, definition.entity, lang),
        definition.description,
        definition.owner,
        tuple(term_of(catalog, name, lang) for name in universes),
        tuple(terms),
        tuple(
            replace(p, used_by=tuple(term_of(catalog, name, lang).title for name in p.used_by if name in behind))
            for p in catalog.parameters.values()
            if set(p.used_by) & set(behind)
        ),
    )


def universes_of(catalog: Catalog, segment: str) -> list[str]:
    """Return the segment's universe, behind its own universe and so on, the widest first."""
    found: list[str] = []
    while universe := catalog.definition(found[0] if found else segment).universe:
        found.insert(0, universe)
    return found


def term_of(catalog: Catalog, name: str, lang: str) -> Term:
    """Return a definition's title and words; without a title in *lang*, the other one, else what it means."""
    definition = catalog.definition(name)
    words = describe(definition.node, lang, catalog.titles(lang))
    title = (definition.zh or definition.title) if lang == "zh" else definition.title
    return Term(name, title or words, words)


def columns_of(
    catalog: Catalog, entity: str, types: Mapping[str, DataType], classes: Mapping[str, str], lang: str,
    unmasked: frozenset[str] = frozenset(),
) -> tuple[ColumnAccount, ...]:  # fmt: skip
    """Return the account of a list's columns, the key first; titles that stand twice get their names beside them.

    Personal columns are masked, but for those *unmasked*.
    """
    spec = catalog.schema.source(entity)
    key = spec.column(entity)
    title = say("key", lang, entity=_spoken(entity_title(catalog, entity, lang)))
    found = [ColumnAccount(key.file_name, title, key.type, say("own key", lang, source=_source_title(spec, lang)))]
    for name, type in types.items():
        is_masked = classes[name] in {"personal", "sensitive"} and name not in unmasked
        made = _of_definition(catalog, name, lang) if name in catalog.definitions else _of_contract(spec, name, lang)
        found.append(replace(made, type=TEXT if is_masked else type, sensitivity=classes[name], is_masked=is_masked))
    titles = [column.title for column in found]
    return tuple(replace(c, title=f"{c.title} ({c.name})") if titles.count(c.title) > 1 else c for c in found)


def entity_title(catalog: Catalog, entity: str, lang: str) -> str:
    """Return what *lang* calls the rows of an entity."""
    return catalog.titles(lang).get(entity) or entity.replace("_", " ")


def _of_definition(catalog: Catalog, name: str, lang: str) -> ColumnAccount:
    definition, term = catalog.definition(name), term_of(catalog, name, lang)
    has_title = bool(definition.title or definition.zh)
    title = term.title if has_title else _spoken(name)
    levels = definition.levels_zh if lang == "zh" else ()
    return ColumnAccount(name, title, definition.type, term.words, definition.unit, levels=levels)


def _of_contract(spec: SourceSpec, name: str, lang: str) -> ColumnAccount:
    column = spec.column(name)
    title = (lang == "zh" and column.zh) or _spoken(name)
    words = say("own column", lang, name=name, source=_source_title(spec, lang))
    levels = column.levels_zh if lang == "zh" else ()
    return ColumnAccount(name, title, column.type, words, column.unit, levels=levels)


def _source_title(spec: SourceSpec, lang: str) -> str:
    return (lang == "zh" and spec.zh) or spec.name


def _spoken(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
