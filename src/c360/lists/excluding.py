"""A list through its stages in; everybody who is not on it, with the first reason, out; no key of who was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from c360.bindings.policy import ANALYSIS
from c360.deliver import stages
from c360.deliver.wording import say
from c360.lists.targeting import HIDDEN

if TYPE_CHECKING:
    import polars

    from c360.deliver.stages import Narrowing
    from c360.lists.targeting import Asked

POSITIVE = {"universe", "rule"}  # the conditions whose words say what a member is; the others say why somebody is left out


def left_out(asked: Asked, narrowing: Narrowing, table: str) -> polars.DataFrame:
    """Return everybody who is not on the list: key, stage and reason, the first that took them out.

    *table* is the engine's table of all rows with the stage that each failed. Keys are hashed where the list is for analysis, and
    of those who were erased: no file of c360's is to name them again.
    """
    import polars as pl

    lang, records = asked.request.lang, asked.workspace.records
    told = [(one.name, say("unmet", lang, words=one.words) if one.kind in POSITIVE else one.words) for one in asked.conditions]
    if asked.keys is not None:
        told.insert(0, ("keys", say("unmet", lang, words=say("keys", lang, given=len(asked.keys)))))
    numbers = range(1, len(told) + 1)
    person = HIDDEN + stages.PERSON if HIDDEN + stages.PERSON in asked.looked_at else asked.key_name
    columns = f'"{asked.key_name}" AS key, CAST("{person}" AS VARCHAR) AS person'
    early = asked.workspace.engine.frame(f"SELECT {columns}, stage FROM {table} WHERE stage > 0")
    names = pl.col("stage").replace_strict(numbers, [name for name, _ in told], return_dtype=pl.String)
    words = pl.col("stage").replace_strict(numbers, [reason for _, reason in told], return_dtype=pl.String)
    persons = pl.concat([early.select(stages.KEY, stages.PERSON), narrowing.frame.select(stages.KEY, stages.PERSON)])
    every = pl.concat([early.select(stages.KEY, names, words.alias("reason")), narrowing.reasons()])
    every = every.join(persons, on=stages.KEY, how="left")
    hidden = pl.repeat(asked.request.purpose == ANALYSIS, every.height, eager=True) | records.erased.among(every[stages.PERSON])
    if hidden.any():
        key = pl.when(hidden.fill_null(value=False)).then(records.secret.hashes(every[stages.KEY])).otherwise(pl.col(stages.KEY))
        every = every.with_columns(key.alias(stages.KEY))
    return every.drop(stages.PERSON).sort(stages.KEY).rename({stages.KEY: asked.key_name})
