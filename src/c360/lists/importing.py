"""Files that came back on a list in; outcomes kept once and data problems found out; measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from c360.deliver.responses import PROBLEMS, STRENGTH, meant, told, vocabulary
from c360.errors import KeyFault, Refused, UsageError, did_you_mean
from c360.expr.canonical import digest
from c360.lists.returned import KEY, Returned, read_back
from c360.records.ledger import TREATED
from c360.records.outcomes import ImportRecord, Problem, problems_of

if TYPE_CHECKING:
    import polars

    from c360.records.ledger import ListRecord
    from c360.workspace import Workspace

USUAL = {
    "outcome": ("outcome", "result", "结果", "反馈结果"), "on": ("on", "date", "日期", "联系日期"), "channel": ("channel", "渠道"),
    "revenue": ("revenue", "收入"), "cost": ("cost", "成本"), "problem": ("problem", "问题"),
}  # fmt: skip
TELLING = ("outcome", "problem", "revenue")


@dataclass(frozen=True)
class OutcomesRequest:
    """A file of outcomes to import.

    *columns* says what the file calls ``key``, ``outcome``, ``on``, ``channel``, ``revenue``, ``cost`` and ``problem``; *recode*
    what its words mean. *outcome* is that of every row, where the file has no such column. *only* keeps the rows in which
    columns of the file hold these values. *problems* says of which ``source.column`` a problem speaks. *both_arms*: the file
    tells of the held out too, so that who is not in it did not. Rows that are not on the list are refused beyond
    *max_strangers*. *replace* puts the file in the place of an earlier import of it.
    """

    file: Path
    list_id: str
    columns: Mapping[str, str] = field(default_factory=dict)
    recode: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    both_arms: bool = False
    max_strangers: int = 0
    encoding: str | None = None
    replace: bool = False

    @property
    def reading(self) -> dict[str, Any]:
        """How the file is read; another reading is another import."""
        return {
            "columns": dict(self.columns), "recode": dict(self.recode), "outcome": self.outcome, "only": dict(self.only),
            "problems": dict(self.problems), "both_arms": self.both_arms, "encoding": self.encoding,
        }  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What an import kept; *is_unchanged* where this very file was imported before. *repeated* counts rows of a key told before."""

    record: ImportRecord
    name: str
    is_unchanged: bool = False
    repeated: int = 0
    held_out: int = 0

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        told = {"name": self.name, "unchanged": self.is_unchanged, "repeated": self.repeated, "held_out": self.held_out}
        return {**self.record.as_json(), **told}

    @property
    def notes(self) -> list[str]:
        """What is to be said beside the counts."""
        found = [f"{rows:,} rows left out: {why}" for why, rows in self.record.left_out.items() if rows]
        if self.repeated:
            found.append(f"{self.repeated:,} rows of keys that stand more than once: of each the strongest outcome counts")
        if self.held_out:
            found.append(f"{self.held_out:,} rows are of held-out customers, whom nobody should have contacted")
        return found + [problem_line(one, self.record.persons, self.record.list_id) for one in self.record.problems]


def import_outcomes(workspace: Workspace, request: OutcomesRequest, made_at: str) -> Imported:
    """Keep what a file tells of a list, whole or not at all; the same file read the same way changes nothing.

    Rows join by the key, among the rows of that list. Erased persons are left out and counted, and so are rows dated up to the
    list's as-of date. Raises KeyFault for rows without a key, or too many that are not on the list, BadValues for values that
    are not what they should be, Refused for a file that was imported otherwise before.
    """
    records = workspace.records
    listed = past_list(workspace, request.list_id)
    returned = read_back(request.file, {**_wanted(workspace, listed), **_only(request)}, request.columns, [KEY], request.encoding)
    import_id = digest({"list": listed.list_id, "file": returned.sha256, **request.reading})[:16]
    earlier = [one for one in records.outcomes.imports(listed.list_id) if one.sha256 == returned.sha256]
    same = next((one for one in earlier if one.import_id == import_id), None)
    if same is not None:
        return Imported(same, listed.name, is_unchanged=True)
    other = [one for one in earlier if not request.only]  # one file may tell of several campaigns
    if other and not request.replace:
        hint = "to take it as it is read now instead, go on with --replace"
        raise Refused(f"{request.file.name} was imported for this list before, read otherwise", hint=hint, where=other[0].import_id)
    rows, left_out = _joined(workspace, listed, returned, _read(returned, request), request.max_strangers)
    arms = records.ledger.rows(listed.list_id).select("key", "arm")
    held_out = 0 if request.both_arms else rows.join(arms.filter(arms["arm"] != TREATED), on="key", how="semi").height
    counted = rows["outcome"].drop_nulls().value_counts()
    outcomes = dict(sorted(counted.iter_rows(), key=lambda one: STRENGTH.index(one[0])))
    record = ImportRecord(
        import_id, listed.list_id, request.file.name, returned.sha256, request.both_arms, made_at, records.who(), rows.height,
        rows["person"].n_unique(), outcomes, left_out, _problems(workspace, listed, rows, request.problems),
    )  # fmt: skip
    records.audit.append(
        "outcomes", did="import", list_id=listed.list_id, name=listed.name, import_id=import_id, file=request.file.name,
        sha256=returned.sha256, rows=rows.height, outcomes=outcomes, left_out=left_out,
    )  # fmt: skip
    records.outcomes.keep(record, rows)
    for one in other:
        records.outcomes.remove(one.import_id)
    return Imported(record, listed.name, repeated=rows.height - rows["key"].n_unique(), held_out=held_out)


def refuse_no_amount(**amounts: float | None) -> None:
    """Refuse what is no number, or has no end, where an amount is asked for."""
    for name, amount in amounts.items():
        if amount is not None and not isfinite(amount):
            raise UsageError(f"--{name.replace('_', '-')} takes an amount, found {amount:g}", hint="write it like 12.50")


def past_list(workspace: Workspace, named: str) -> ListRecord:
    """Return the list of this id, else the last of this name, else that of the one id that begins so; raises NothingMatched."""
    ledger = workspace.records.ledger
    lists = ledger.lists()
    called = [record for record in lists if record.name == named]
    if called and all(record.list_id != named for record in lists):
        return called[-1]
    return ledger.get(named)


def imported(workspace: Workspace, list_id: str = "") -> list[ImportRecord]:
    """Return what was imported, for a list or for all, by the time it was made."""
    return workspace.records.outcomes.imports(past_list(workspace, list_id).list_id if list_id else "")


def forget(workspace: Workspace, import_id: str) -> ImportRecord:
    """Take an import back; raises NothingMatched where there is none of this id."""
    gone = workspace.records.outcomes.remove(import_id)
    workspace.records.audit.append("outcomes", did="forget", list_id=gone.list_id, import_id=gone.import_id, rows=gone.rows)
    return gone


def data_problems(workspace: Workspace, source: str = "") -> list[tuple[str, str]]:
    """Return what contacts found wrong, as pairs of a source (empty where none is known) and a line; of one source or all."""
    imports = workspace.records.outcomes.imports()
    contacted = {record.list_id: 0 for record in imports}
    for record in imports:
        contacted[record.list_id] += record.persons
    lines = []
    for (name, column), problems in sorted(problems_of(imports).items()):
        for problem, lists in sorted(problems.items()):
            found = Problem(problem, name, column, sum(lists.values()))
            if source in ("", name):
                lines.append((name, problem_line(found, sum(contacted[one] for one in lists), ", ".join(sorted(lists)))))
    return lines


def problem_line(problem: Problem, contacted: int, lists: str) -> str:
    """Say how many of those contacted had a problem, with which column, on which lists."""
    place = f" ({problem.source}.{problem.column})" if problem.column else ""
    return f"{problem.rows:,} of {contacted:,} contacted had {told(problem.problem)}{place}, list {lists}"


def _wanted(workspace: Workspace, listed: ListRecord) -> dict[str, Sequence[str]]:
    return {KEY: key_names(workspace, listed.entity, listed.key_name), **USUAL}


def key_names(workspace: Workspace, entity: str, key_name: str) -> tuple[str, ...]:
    """Return what files call the key of an entity: as its source does, as lists do, or just key."""
    from c360.deliver.account import entity_title
    from c360.deliver.wording import LANGUAGES, say

    titles = [say("key", lang, entity=entity_title(workspace.catalog, entity, lang)) for lang in LANGUAGES]
    return (key_name, entity, *titles, KEY)


def _only(request: OutcomesRequest) -> dict[str, Sequence[str]]:
    return {f"only {name}": (name,) for name in request.only}


def kept_rows(returned: Returned, only: Mapping[str, str]) -> polars.Series:
    """Return which rows hold the values asked for; raises UsageError where a column is not there, or no row does."""
    import polars as pl

    keeps = pl.repeat(value=True, n=returned.frame.height, eager=True, dtype=pl.Boolean)
    for name, value in only.items():
        if f"only {name}" not in returned.frame.columns:
            raise UsageError(f"{returned.path.name} has no column {name}", hint="look at the file's header", where="--only")
        keeps &= (returned.texts(f"only {name}") == value).fill_null(value=False)
    if returned.frame.height and not keeps.any():
        raise UsageError(
            f"no row of {returned.path.name} is what --only asks for", hint="look at the file's values", where="--only"
        )
    return keeps


def _read(returned: Returned, request: OutcomesRequest) -> polars.DataFrame:
    """Return the file's rows with the columns of outcomes; who is on the list is not yet asked."""
    import polars as pl

    there = returned.frame.columns
    if not request.outcome and not any(name in there for name in TELLING):
        hint = "--column outcome=NAME says which column it is, --outcome accepted that every row is one"
        raise UsageError(f"{returned.path.name} tells neither an outcome, a problem nor revenue", hint=hint)
    if request.outcome and request.outcome not in STRENGTH:
        raise UsageError(f"'{request.outcome}' is no outcome", hint=did_you_mean(request.outcome, STRENGTH), where="--outcome")
    words = vocabulary(request.recode, request.problems)
    hint = "say what it means: --recode WORD=accepted; outcomes: " + ", ".join(STRENGTH)
    parts: dict[str, polars.Series] = {"key": returned.keys()}
    empty = pl.Series([None] * returned.frame.height, dtype=pl.String)
    if request.outcome:
        parts["outcome"] = pl.Series([request.outcome] * returned.frame.height, dtype=pl.String)
    elif "outcome" in there:
        parts["outcome"] = returned.meanings("outcome", lambda texts: meant(texts, words.outcomes), hint)
    if "problem" in there:
        hint = "say what it means: --recode WORD=number_dead; problems: " + ", ".join(PROBLEMS)
        parts["problem"] = returned.meanings("problem", lambda texts: meant(texts, words.problems), hint)
    parts |= {name: returned.amounts(name) for name in ("revenue", "cost") if name in there}
    parts |= {"on": returned.days("on")} if "on" in there else {}
    parts |= {"channel": returned.texts("channel")} if "channel" in there else {}
    made = pl.DataFrame([series.alias(name) for name, series in parts.items()])
    missing = [name for name in ("outcome", "on", "channel", "revenue", "cost", "problem") if name not in parts]
    made = made.with_columns(empty.alias(name) for name in missing)
    return made.filter(kept_rows(returned, request.only))


def _joined(
    workspace: Workspace, listed: ListRecord, returned: Returned, rows: polars.DataFrame, most: int
) -> tuple[polars.DataFrame, dict[str, int]]:
    """Return the rows that are on the list, each with its person, and how many were left out and why."""
    import polars as pl

    records = workspace.records
    known = records.ledger.rows(listed.list_id).select("key", "person")
    found = rows.join(known, on="key", how="left", maintain_order="left")
    erased = records.erased.among(found["person"].fill_null(found["key"])).fill_null(value=False)
    strange = found["person"].is_null() & ~erased
    strangers = int(strange.sum())
    if strangers > most:
        told = f"{strangers:,} of {rows.height:,} rows are not on list {listed.list_id} ({listed.name}, {known.height:,} rows)"
        hint = f"is it the file of another list? Go on without them: --max-strangers {strangers}"
        raise KeyFault(f"{returned.path.name}: {told}", hint=hint, where=returned.path.name)
    early = (found["on"].cast(pl.Date) <= listed.as_of).fill_null(value=False) & ~strange & ~erased
    left_out = {
        "not on the list": strangers, "erased customers": int(erased.sum()),
        f"dated up to the list's as-of date {listed.as_of}": int(early.sum()),
    }  # fmt: skip
    return found.filter(~(strange | erased | early)), {why: count for why, count in left_out.items() if count}


def _problems(workspace: Workspace, listed: ListRecord, rows: polars.DataFrame, given: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what the rows found wrong, each problem with the column it speaks of and how many persons told it."""
    import polars as pl

    counted = rows.filter(pl.col("problem").is_not_null()).group_by("problem").agg(pl.col("person").n_unique()).sort("problem")
    return tuple(Problem(name, *_column(workspace, listed, name, given), count) for name, count in counted.iter_rows())


def _column(workspace: Workspace, listed: ListRecord, problem: str, given: Mapping[str, str]) -> tuple[str, str]:
    """Return the source and column that a problem speaks of: as given, else the first usual one of the list's entity or person."""
    schema, policy = workspace.catalog.schema, workspace.settings.policy
    if problem in given:
        source, _, column = given[problem].partition(".")
        if source not in schema.sources or column not in schema.source(source).by_name:
            hint = (
                did_you_mean(source, schema.sources) if source not in schema.sources else f"c360 sources {source} shows its columns"
            )
            raise UsageError(f"'{given[problem]}' is no column of a source", hint=hint, where="--problem")
        return source, column
    about = (listed.entity, policy.entity if policy is not None else workspace.catalog.default_entity or listed.entity)
    for source in dict.fromkeys(about):
        for column in PROBLEMS.get(problem, ()):
            if source in schema.sources and column in schema.source(source).by_name:
                return source, column
    return "", ""
