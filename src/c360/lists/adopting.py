"""A past list that c360 did not make in, a list of the ledger out, so that caps count it and `evaluate` can measure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from c360.datatypes import BOOLEAN
from c360.deliver.responses import meant
from c360.errors import BadValues, KeyFault, NothingMatched, UsageError, did_you_mean
from c360.expr.canonical import digest
from c360.expr.nodes import Column, Literal
from c360.expr.schema import ENTITY
from c360.lists.importing import kept_rows, key_names, refuse_no_amount
from c360.lists.returned import KEY, read_back
from c360.plan import Output
from c360.records.ledger import HOLDOUT, TREATED, ListRecord
from c360.running import computing

if TYPE_CHECKING:
    import polars

    from c360.workspace import Workspace

USUAL = {"arm": ("arm", "group", "组别"), "stratum": ("stratum", "分层"), "channel": ("channel", "渠道")}
ARMS = {
    TREATED: TREATED, "test": TREATED, "contacted": TREATED, "1": TREATED, "实验组": TREATED, "目标组": TREATED,
    HOLDOUT: HOLDOUT, "control": HOLDOUT, "held out": HOLDOUT, "0": HOLDOUT, "对照组": HOLDOUT,
}  # fmt: skip
PERSON = "person"


@dataclass(frozen=True)
class Adoption:
    """A past list to adopt: *file* names whom it held, *on* is the day of contact.

    *columns* says what the file calls ``key``, ``arm`` (all are treated where it has none), ``stratum`` and ``channel``; *only*
    keeps the rows in which columns of the file hold these values. Rows of one key count once. Keys that the sources do not know
    are refused beyond *max_strangers*. *holdout* is the share that was meant to be held out, *value* what one yes is worth,
    *cost* what one contact on *channel* costs.
    """

    file: Path
    name: str
    on: date
    purpose: str = ""
    channel: str = ""
    entity: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    holdout: float | None = None
    value: float | None = None
    cost: float | None = None
    max_strangers: int = 0
    encoding: str | None = None


@dataclass(frozen=True)
class Adopted:
    """A list adopted: its record, how many rows stood for a key told before, and how many keys nobody knows."""

    record: ListRecord
    repeated: int
    strangers: int
    is_unchanged: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        told = {"repeated": self.repeated, "strangers": self.strangers, "unchanged": self.is_unchanged}
        return {**self.record.as_json(), **told}


def adopt(workspace: Workspace, asked: Adoption, made_at: str) -> Adopted:
    """Take a past list into the ledger; the same file adopted the same way has the same id and changes nothing.

    Raises KeyFault for rows without a key or with keys that the sources do not know, BadValues for an arm that is none or a
    key in both, NothingMatched for a purpose or channel that the policy does not name.
    """
    _refuse_senseless(asked)
    entity = _entity(workspace, asked)
    _refuse_unknown(workspace, asked)
    key_name = workspace.catalog.schema.source(entity).column(entity).file_name
    wanted = {KEY: key_names(workspace, entity, key_name), **USUAL, **{f"only {name}": (name,) for name in asked.only}}
    returned = read_back(asked.file, wanted, asked.columns, [KEY], asked.encoding)
    told: dict[str, object] = {
        "file": returned.sha256,
        "name": asked.name,
        "on": asked.on.isoformat(),
        "entity": entity,
        "purpose": asked.purpose,
    }
    told |= {"columns": dict(asked.columns), "only": dict(asked.only), "channel": asked.channel, "encoding": asked.encoding}
    list_id = digest(told)[:16]
    records = workspace.records
    earlier = [one for one in records.ledger.lists() if one.list_id == list_id]
    parts = {"key": returned.keys(), **{name: returned.texts(name) for name in USUAL if name in returned.frame.columns}}
    if "arm" in parts:
        parts["arm"] = returned.meanings("arm", lambda texts: meant(texts, ARMS), f"arms are {TREATED} and {HOLDOUT}")
    rows, repeated = _one_a_key(parts, kept_rows(returned, asked.only), asked)
    rows, strangers = _with_persons(workspace, rows, entity, asked)
    treated = rows.filter(rows["arm"] == TREATED)
    channels = tuple(sorted(treated["channel"].drop_nulls().unique()))
    costs = {} if asked.cost is None or not asked.channel else {asked.channel: asked.cost}
    meant_share = {} if asked.holdout is None else {"holdout": {"share": asked.holdout}}
    record = ListRecord(
        list_id, list_id, asked.name, False, entity, key_name, asked.purpose, channels, asked.on - timedelta(days=1), asked.on,
        treated.height, rows.height - treated.height, made_at, records.who(), asked.file.name, returned.sha256,
        unit_value=asked.value, costs=costs, manifest={"adopted": told, "inputs": meant_share},
    )  # fmt: skip
    if earlier and all(getattr(earlier[0], name) == getattr(record, name) for name in ("unit_value", "costs", "manifest")):
        return Adopted(earlier[0], repeated, strangers, is_unchanged=True)
    records.audit.append(
        "outcomes", did="adopt", list_id=list_id, name=asked.name, file=asked.file.name, sha256=returned.sha256,
        rows=treated.height, held_out=record.held_out,
    )  # fmt: skip
    records.ledger.record(record, rows)
    return Adopted(record, repeated, strangers)


def _refuse_senseless(asked: Adoption) -> None:
    """Refuse a list without a name, and numbers that are no share, worth or cost."""
    if not asked.name.strip():
        raise UsageError("a list needs a name", hint="--name says what it was called")
    if asked.holdout is not None and not 0 <= asked.holdout < 1:
        raise UsageError(f"a holdout is a share from 0 to below 1, found {asked.holdout:g}", hint="write --holdout 0.1")
    refuse_no_amount(value=asked.value, cost=asked.cost)
    if asked.cost is not None and not asked.channel:
        raise UsageError("--cost is what one contact on --channel costs, and none is named", hint="name it: --channel sms")


def _entity(workspace: Workspace, asked: Adoption) -> str:
    schema, policy = workspace.catalog.schema, workspace.settings.policy
    entity = asked.entity or (policy.entity if policy is not None else workspace.catalog.default_entity)
    known = [name for name, spec in schema.sources.items() if spec.kind == ENTITY]
    if entity not in known:
        raise NothingMatched(f"unknown entity '{entity}'", hint=did_you_mean(entity, known), where="--entity")
    return entity


def _refuse_unknown(workspace: Workspace, asked: Adoption) -> None:
    policy = workspace.settings.policy
    for told, name, known in (
        ("purpose", asked.purpose, () if policy is None else policy.purposes),
        ("channel", asked.channel, () if policy is None else policy.channels),
    ):
        if policy is not None and name and name not in known:
            hint = did_you_mean(name, known) or f"{told}s: {', '.join(known)}"
            raise NothingMatched(f"unknown {told} '{name}'", hint=hint, where="[policy] in c360.toml")


def _one_a_key(parts: Mapping[str, polars.Series], keeps: polars.Series, asked: Adoption) -> tuple[polars.DataFrame, int]:
    """Return one row a key, the first, and how many rows went; raises BadValues for a key that is in both arms."""
    import polars as pl

    frame = pl.DataFrame([series.alias(name) for name, series in parts.items()]).filter(keeps)
    given = {"arm": TREATED, "channel": asked.channel or None, "stratum": None}
    for name, value in given.items():
        filled = pl.col(name).fill_null(pl.lit(value, pl.String)) if name in frame.columns else pl.lit(value, pl.String)
        frame = frame.with_columns(filled.alias(name))
    arms = frame.group_by("key").agg(pl.col("arm").n_unique())
    both = int((arms["arm"] > 1).sum())
    if both:
        raise BadValues(f"{asked.file.name}: {both:,} keys are both treated and held out", hint="keep each key in one arm")
    frame = frame.with_columns(pl.when(pl.col("arm") == TREATED).then(pl.col("channel")).alias("channel"))
    found = frame.unique("key", keep="first", maintain_order=True)
    return found, frame.height - found.height


def _with_persons(workspace: Workspace, rows: polars.DataFrame, entity: str, asked: Adoption) -> tuple[polars.DataFrame, int]:
    """Return the rows that the sources know, each with its person; raises KeyFault where too many are not known."""
    import polars as pl

    policy, schema = workspace.settings.policy, workspace.catalog.schema
    about = entity if policy is None else policy.entity
    if policy is None and workspace.records.erased.hashes():  # whose lines are not taken in again
        about = schema.default_entity
    spec = schema.source(entity)
    path = None if about == entity else spec.parents.get(about)
    node = Literal(BOOLEAN, True) if path is None else Column(spec.column(path).type, entity, path)
    run = workspace.run((Output(PERSON, node),), entity, None, allow_current=True)
    with computing(workspace, run) as sql:
        known = workspace.engine.frame(sql.table())
    workspace.bindings.confirm(run.plan.sources)
    key = known.columns[0]
    known = known.select(
        pl.col(key).cast(pl.String).alias("key"), pl.col(key if path is None else PERSON).cast(pl.String).alias(PERSON)
    )
    found = rows.join(known, on="key", how="left", maintain_order="left")
    erased = workspace.records.erased.among(found[PERSON].fill_null(found["key"])).fill_null(value=False)
    strange = found[PERSON].is_null() & ~erased
    strangers = int(strange.sum())
    if strangers > asked.max_strangers:
        told = f"{asked.file.name}: {strangers:,} of {rows.height:,} keys are of no {entity} that the sources know"
        hint = f"is it the right column? Go on without them: --max-strangers {strangers}"
        raise KeyFault(told, hint=hint, where=asked.file.name)
    empty = [pl.lit(None, pl.Float64).alias(name) for name in ("score", "value")]
    found = found.filter(found[PERSON].is_not_null() & ~erased).with_columns(empty)
    if not found.height:
        raise UsageError(f"{asked.file.name} names nobody", hint="look at the file, and at --only")
    return found, strangers
