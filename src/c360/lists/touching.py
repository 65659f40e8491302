"""A workspace and a day of contact in, every contact near it out: of the contact source, and of lists that left c360."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from c360.bindings.policy import ANALYSIS, ContactHistory
from c360.datatypes import DATE
from c360.deliver.caps import reach as days_around
from c360.errors import DefinitionError, UnknownName, UsageError
from c360.expr.grain import row_of
from c360.expr.nodes import Column, Node, walk
from c360.expr.schema import reach
from c360.language.expression import Expression
from c360.language.predicates import FixedNames, predicate
from c360.lists.accounting import source_told
from c360.lists.freshness import refuse_missing
from c360.plan import Plan
from c360.plan.steps import ReadSource
from c360.running import telling_who
from c360.sql.reading import read_phrase
from c360.sql.render import to_text
from c360.sql.scope import Scope
from c360.sql.sources import cast
from c360.sql.terms import Term

if TYPE_CHECKING:
    import polars

    from c360.expr.schema import SourceSpec
    from c360.records.ledger import ListRecord
    from c360.workspace import Workspace

COLUMNS = ("person", "on", "channel", "purpose", "name", "list_id")
REQUEST = "request_id"
WHERE = "c360.toml [policy.contacts]"


@dataclass(frozen=True)
class Touches:
    """The contacts near a day, one row each: ``person, on, channel, purpose, name, list_id``; texts not known are empty.

    ``name`` is the campaign's; ``list_id`` is that of the list, empty for a contact that only the contact source tells of.
    *sources* and *lists* say what was read, for the manifest: all lists that a contact was counted of, or held against one of the
    source, but those of the request itself.
    """

    frame: polars.DataFrame
    sources: dict[str, dict[str, Any]]
    lists: tuple[str, ...]
    notes: tuple[str, ...] = ()


def touches(
    workspace: Workspace, on: date, without: str = "", days: int = 0, known: Collection[str] | None = None
) -> Touches:  # fmt: skip
    """Return the contacts that caps can count with one on the day *on*, and at least those of *days* days before and after.

    Lists of the request *without*, and the contacts that came of them, do not count: a list is not in its own way. A row of the
    contact source that is a list's contact (same person, channel and purpose, at most ``match_days`` after its day) is counted
    once, on the list's day. To count as was done before, *known* names the lists that were looked at then.

    Raises Refused where the contact source is not there.
    """
    import polars as pl

    policy = workspace.settings.policy
    if policy is None:
        raise UsageError("this workspace has no contact policy", hint="write a [policy] table in c360.toml")
    wide = max(days_around(policy.caps), days)
    if wide < 0 or (wide == 0 and not policy.caps):
        return Touches(pl.DataFrame(schema=_kinds()), {}, ())
    first, last = on - timedelta(days=wide), on + timedelta(days=wide)
    history = policy.contacts
    matched = 0 if history is None else history.match_days
    ledger = workspace.records.ledger
    if known is not None:  # and what came of the request itself is no contact of another list
        known = {*known, *(record.list_id for record in ledger.lists() if record.request_id == without)}
    ours = {record.list_id for record in ledger.lists() if _of_persons(workspace, policy.entity, record)}
    listed = ledger.touches(first - timedelta(days=matched), last, known=ours if known is None else ours & {*known})
    listed = listed.filter(pl.col("purpose") != ANALYSIS)  # nobody is contacted by it
    rows, told = pl.DataFrame(schema=_kinds()), Touches(pl.DataFrame(schema=_kinds()), {}, ())
    if history is not None:
        rows, told = _of_source(workspace, policy.entity, history, first, last)
        rows = unmatched(rows, listed, matched, [name for name in ("channel", "purpose") if getattr(history, name)])
    others = listed.filter(pl.col(REQUEST) != without)
    lists = tuple(sorted(others["list_id"].unique().to_list()))
    others = others.filter(pl.col("on").is_between(first, last)).select(COLUMNS)
    return replace(told, frame=pl.concat([others, rows]).sort(COLUMNS), lists=lists)


def _of_persons(workspace: Workspace, entity: str, record: ListRecord) -> bool:
    """Whether the rows of a list are of persons: a list of other rows that no policy looked at has keys of its own."""
    sources = workspace.catalog.schema.sources
    source = sources.get(record.entity)
    if record.entity == entity or source is None:
        return record.entity == entity
    return (bool(record.channels) and entity in reach(source, sources)) or (
        "adopted" in record.manifest and entity in source.parents
    )


def unmatched(rows: polars.DataFrame, listed: polars.DataFrame, days: int, alike: Sequence[str]) -> polars.DataFrame:
    """Return the *rows* of a contact source that are no contact of a list: none of the *days* days before has one like it.

    *alike* are ``channel`` and ``purpose``, as far as the source tells them; what it does not tell cannot set two apart.
    """
    import polars as pl

    by = ["person", *alike]
    given = listed.select(*by, "on", pl.col(REQUEST).alias("matched")).sort("on")
    joined = rows.sort("on").join_asof(given, on="on", by=by, strategy="backward", tolerance=f"{days}d", check_sortedness=False)
    return joined.filter(pl.col("matched").is_null()).select(COLUMNS)


@dataclass(frozen=True)
class _History:
    """How the contact source is read: each value's column, the keys that lead to the person, the rule of which rows count."""

    spec: SourceSpec
    values: dict[str, str]
    path: tuple[tuple[str, str], ...]
    rule: Node | None

    @property
    def reads(self) -> tuple[ReadSource, ...]:
        """What is read: the source itself, then each table that a key leads on to."""
        of_rule = [node.name for node in walk(self.rule) if isinstance(node, Column)] if self.rule is not None else []
        own = {self.path[0][1], *of_rule, *self.values.values()} - {""}
        steps = [ReadSource("", self.spec.name, tuple(sorted(own)))]
        return (*steps, *(ReadSource("", table, (table, column)) for table, column in self.path[1:]))


def _history(workspace: Workspace, entity: str, told: ContactHistory) -> _History:
    """Look up what the policy says of the contact source; raises DefinitionError and UnknownName that say where."""
    schema = workspace.catalog.schema
    if told.source not in schema.sources:
        raise UnknownName.among("source", told.source, schema.sources, where=WHERE)
    spec = schema.source(told.source)
    values = {"on": told.on, "channel": told.channel, "purpose": told.purpose, "name": told.campaign}
    for name in values.values():
        if name and name not in spec.by_name:
            raise UnknownName.among(f"column of {spec.name}", name, spec.by_name, where=WHERE)
    if not told.on or spec.column(told.on).type != DATE:
        raise DefinitionError(f"'{told.on}' of {spec.name} is no date", hint="name the day of the contact", where=WHERE)
    path = schema.path(spec.name, entity)
    if not path:
        raise DefinitionError(f"{spec.name} is the table of {entity}, expected contacts", hint="name their source", where=WHERE)
    rule = None
    if told.where:
        row = row_of(spec.name, schema.sources)
        names = FixedNames(
            {c.name: Expression(Column(c.type, spec.name, c.name), row) for c in spec.columns}, f"column of {spec.name}"
        )
        try:
            rule = predicate(read_phrase(told.where), names, told.where).node
        except DefinitionError as error:
            error.where = f"{WHERE} where, {error.where}"
            raise
    return _History(spec, values, path, rule)


def _of_source(
    workspace: Workspace, entity: str, told: ContactHistory, first: date, last: date
) -> tuple[polars.DataFrame, Touches]:
    """Return the contacts that the contact source tells of, and what was read of it, which holds no contact."""
    history = _history(workspace, entity, told)
    names = [step.source for step in history.reads]
    refuse_missing(workspace, names, "how often somebody was contacted", WHERE)
    with telling_who(workspace):
        workspace.bindings.refresh()
        marks = workspace.bindings.require(Plan(entity, last, history.reads, "", ()))
    frame = workspace.engine.frame(_query(workspace, history, first, last), history.spec.name)
    workspace.bindings.confirm(names)
    return frame, Touches(frame.clear(), {name: source_told(workspace, name) for name in names}, (), marks)


def _query(workspace: Workspace, history: _History, first: date, last: date) -> str:
    """Return the query of the contacts from *first* to *last* that count, one row each."""
    tables = [exp.to_identifier(f"step_{number}") for number in range(len(history.path))]
    read = workspace.bindings.reader(last)
    relations = [read(step).subquery(table.name) for step, table in zip(history.reads, tables, strict=True)]

    def value(name: str, place: int = 0) -> exp.Expr:
        return exp.column(name, table=tables[place].copy())

    def known(name: str) -> exp.Expr:
        return exp.func("COALESCE", value(name), exp.Literal.string("")) if name else exp.Literal.string("")

    day = value(history.values["on"])
    person = value(history.path[-1][1], len(history.path) - 1)
    shown = [exp.alias_(person, "person"), exp.alias_(day, "on", quoted=True)]
    shown += [exp.alias_(known(history.values[name]), name) for name in ("channel", "purpose", "name")]
    query = exp.select(*shown, exp.alias_(exp.Literal.string(""), "list_id")).from_(relations[0])
    for place, (entity, _) in enumerate(history.path[1:], 1):
        leads = value(history.path[place - 1][1], place - 1)
        query = query.join(relations[place], on=exp.EQ(this=value(entity, place), expression=leads))
    low, high = (cast(exp.Literal.string(one.isoformat()), "DATE") for one in (first, last))
    is_known = exp.Not(this=exp.Is(this=person.copy(), expression=exp.Null()))
    query = query.where(exp.Between(this=day.copy(), low=low, high=high), is_known)
    if history.rule is not None:
        scope = Scope(last)
        for column in history.spec.columns:
            scope.offer(Column(column.type, history.spec.name, column.name), Term(value(column.name), column.type))
        query = query.where(scope.term(history.rule).ast)
    return to_text(query)


def _kinds() -> dict[str, polars.DataType]:
    import polars as pl

    return {name: pl.Date() if name == "on" else pl.String() for name in COLUMNS}
