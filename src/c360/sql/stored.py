"""The files of one stored tag table in, the SELECT of its key and columns out; knows no snapshot and no definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from c360.plan.steps import ReadKept, ReadSource
from c360.sql.masks import has_bit, place_of


@dataclass(frozen=True)
class StoredFamily:
    """Columns that lie in the same files; *is_whole* where these have exactly the rows of the entity."""

    columns: tuple[str, ...]
    paths: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True)
class StoredTable:
    """The tag table of *entity*: files of all keys, in their column *key*, and families that join them by it.

    *bits* says of yes/no columns that are stored as bits of the words ``mask_0`` … in which place they are.
    """

    entity: str
    key: str
    keys: tuple[str, ...]
    families: tuple[StoredFamily, ...]
    masks: StoredFamily | None
    bits: Mapping[str, int]

    def __call__(self, step: ReadSource | ReadKept) -> exp.Select:
        """Return the SELECT of the key, by the entity's name, and of the columns that *step* asks for."""
        packed = [name for name in step.columns if name in self.bits]
        wanted = [family for family in self.families if set(family.columns) & set(step.columns) - set(packed)]
        if packed and self.masks is not None:
            wanted.append(self.masks)
        # A family of all rows stands for the keys: joining them by text would cost more than all the rest.
        wanted.sort(key=lambda family: not family.is_whole)
        if not wanted or not wanted[0].is_whole:
            wanted.insert(0, StoredFamily((), self.keys, True))
        chosen = exp.select(copy=False).from_(_files(wanted[0].paths, "part_0"), copy=False)
        key = exp.column(self.key, table="part_0")
        for number, family in enumerate(wanted[1:], 1):
            same = exp.EQ(this=exp.column(self.key, table=f"part_{number}"), expression=key.copy())
            chosen = chosen.join(_files(family.paths, f"part_{number}"), on=same, join_type="LEFT", copy=False)
        places = {name: f"part_{n}" for n, family in enumerate(wanted) for name in family.columns}
        columns = [exp.alias_(key, self.entity)]
        columns += [exp.alias_(self._bit(name, places), name) if name in packed else exp.column(name, table=places[name])
                    for name in step.columns]  # fmt: skip
        return chosen.select(*columns, copy=False)

    def _bit(self, name: str, places: Mapping[str, str]) -> exp.Expr:
        return has_bit(self.bits[name], places[f"mask_{place_of(self.bits[name])[0]}"])


def _files(paths: Sequence[str], alias: str) -> exp.Table:
    texts: list[exp.Expr] = [exp.Literal.string(path) for path in paths]
    reader = exp.Anonymous(this="read_parquet", expressions=[texts[0] if len(texts) == 1 else exp.Array(expressions=texts)])
    return exp.Table(this=reader, alias=exp.TableAlias(this=exp.to_identifier(alias)))
