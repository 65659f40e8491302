"""The account of a list in, what its second sheet says out, as plain facts and tables; draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from c360.deliver.account import ColumnAccount, ListAccount
from c360.deliver.wording import SAID, say

Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """A small table; its second column holds the long texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def facts_of(account: ListAccount) -> list[tuple[str, Cell]]:
    """Return what the list is, one fact a line; what does not apply is left out."""
    lang, subject = account.lang, account.subject
    universes = [f"{u.name}: {u.title} — {u.words}" if u.title != u.words else f"{u.name}: {u.words}" for u in subject.universes]
    order = [say("falling" if falling else "rising", lang, title=title) for title, falling in account.order]
    keys = say("keys told", lang, given=account.keys_given or 0, unknown=account.keys_unknown)
    separator = separator_of(lang)
    facts: list[tuple[str, Cell]] = [
        ("segment", subject.segment),
        ("words", subject.words),
        ("description", subject.description),
        ("drawn from", "\n".join(universes) or say("everyone", lang, entity=subject.entity)),
        ("as of", account.as_of.isoformat()),
        ("rows", account.rows),
        *_aims(account),
        ("order", "；".join(order) if lang == "zh" else "; ".join(order)),
        ("given keys", keys if account.keys_given is not None else None),
        ("masked", separator.join(account.masked) or say("nothing", lang)),
        ("notes", "\n".join(account.marks)),
        ("owner", subject.owner),
        ("run id", account.run_id),
        ("hash", subject.definition_hash),
    ]
    return [(say(label, lang), value) for label, value in facts if value not in (None, "")]


def _aims(account: ListAccount) -> list[tuple[str, Cell]]:
    """Return what the list is for and how its members are contacted; nothing of a list without a purpose."""
    aim, lang = account.aim, account.lang
    if aim is None or not aim.purpose:
        return []
    separator = separator_of(lang)
    titles = dict(aim.channel_titles)
    purpose = say(aim.purpose, lang) if aim.purpose in SAID else aim.purpose
    arms = f"{aim.treated:,} / {aim.held_out:,}" if aim.held_out else None
    return [
        ("purpose", purpose),
        ("campaign", aim.campaign),
        ("contact day", None if aim.on is None else aim.on.isoformat()),
        ("by channel", separator.join(f"{titles.get(name, name)} {rows:,}" for name, rows in aim.channels)),
        ("arms", arms),
        ("recipient", aim.recipient),
        ("delete after", None if aim.delete_after is None else aim.delete_after.isoformat()),
    ]


def tables_of(account: ListAccount) -> Iterator[Table]:
    """Yield the waterfall, the columns, the parameters, and the definitions that the list builds on."""
    lang, subject = account.lang, account.subject
    yield _table(
        lang, "waterfall", ("stage", "condition", "entered", "removed", "unknown", "left"),
        [
            (str(number), s.words, s.entered, s.removed or None, s.unknown or None, s.left)
            for number, s in enumerate(account.waterfall.stages, 1)
        ],
    )  # fmt: skip
    yield _table(
        lang, "columns", ("title", "means", "name", "type", "unit", "class"),
        [(c.title, c.words, c.name, _kind(c, lang), c.unit, _class(c, lang)) for c in account.columns],
    )  # fmt: skip
    if subject.parameters:
        yield _table(
            lang, "parameters", ("parameter", "used by", "value", "default", "source"),
            [
                (p.name, separator_of(lang).join(p.used_by), _plain(p.value), _plain(p.default), _origin(p.source, lang))
                for p in subject.parameters
            ],
        )  # fmt: skip
    if subject.terms:
        rows: list[tuple[Cell, ...]] = [(t.title, t.words, t.name) for t in subject.terms]
        yield _table(lang, "terms", ("title", "means", "name"), rows)


def separator_of(lang: str) -> str:
    """Return what stands between the items of a list."""
    return "、" if lang == "zh" else ", "


def _origin(source: str, lang: str) -> str:
    return say(f"source {source}", lang) if source in {"S", "D"} else source


def _table(lang: str, title: str, head: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Table:
    return Table(say(title, lang), tuple(say(label, lang) for label in head), tuple(rows))


def _kind(column: ColumnAccount, lang: str) -> str:
    kind = "text" if column.type.kind == "key" else column.type.kind
    return say("ordered" if kind == "category" and column.type.ordered else kind, lang)


def _class(column: ColumnAccount, lang: str) -> str:
    sensitivity = say(column.sensitivity, lang)
    return say("is masked", lang, sensitivity=sensitivity) if column.is_masked else sensitivity


def _plain(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Decimal() | float():
            return f"{value:.15g}"
        case date():
            return value.isoformat()
    return str(value)
