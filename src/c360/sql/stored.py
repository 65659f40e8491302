"""The files of one stored tag table in, the SELECT of its key and columns out; knows no snapshot and no definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from c360.plan.steps import ReadKept, ReadSource
from c360.sql.files import stored_files
from c360.sql.masks import has_bit


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
        plain = set(step.columns) - set(packed)
        wanted = [family for family in self.families if plain & set(family.columns)]
        if packed and self.masks is not None:
            wanted.append(self.masks)
        # A family of all rows stands for the keys: joining them by text would cost more than all the rest.
        wanted.sort(key=lambda family: not family.is_whole)
        if not wanted or not wanted[0].is_whole:
            wanted.insert(0, StoredFamily((), self.keys, True))
        chosen = exp.select(copy=False).from_(stored_files(wanted[0].paths, "part_0"), copy=False)
        key = exp.column(self.key, table="part_0")
        for number, family in enumerate(wanted[1:], 1):
            same = exp.EQ(this=exp.column(self.key, table=f"part_{number}"), expression=key.copy())
            chosen = chosen.join(stored_files(family.paths, f"part_{number}"), on=same, join_type="LEFT", copy=False)
        columns = [exp.alias_(key, self.entity), *(self._column(name, wanted) for name in step.columns)]
        return chosen.select(*columns, copy=False)

    def _column(self, name: str, parts: Sequence[StoredFamily]) -> exp.Expr:
        if name in self.bits:
            at = next(number for number, family in enumerate(parts) if family is self.masks)
            return exp.alias_(has_bit(self.bits[name], f"part_{at}"), name)
        at = next(n for n, family in enumerate(parts) if family is not self.masks and name in family.columns)
        return exp.column(name, table=f"part_{at}")
