"""Campaigns that compete for the same people in, one recommendation a person out, and why every other pair came to nothing.

Pure: it knows frames of keys, no campaign's definition, no engine and no file. Pairs of campaign and row are taken one by
one in an order that nothing decided so far can change: by priority, then score × value (null last), then the row's place in
the campaign's own order, then a hash. So a pair that did not win can be taken away without moving another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING

from c360.errors import InternalError

if TYPE_CHECKING:
    import polars

WON, LOST, FULL = "won", "lost", "full"
LIMIT, GROUP, NOTHING_OPEN = "limit", "group", "no channel"
COLUMNS = ("campaign", "key", "person", "outcome", "channel", "winner", "full", "held")
NEEDED = ("key", "person", "open", "score", "value", "group", "rank", "held")


@dataclass(frozen=True)
class Contest:
    """One campaign and who may have it.

    *frame*: ``key``, ``person`` (both text; a row without a person stands for itself), ``open`` (the channels open to the
    row, in the order of choice), ``score`` and ``value`` (numbers, null where unknown), ``group`` (text; null stands alone),
    ``rank`` (the row's place in the campaign's order), ``held`` (whether it is in the holdout). Without *has_score*, or
    without *has_value*, that factor is 1 for all. *limit* is how many rows it takes, the held-out among them.
    """

    name: str
    priority: int
    frame: polars.DataFrame
    limit: int | None = None
    has_score: bool = True
    has_value: bool = True


def decide(contests: Sequence[Contest], capacity: Mapping[str, int], salt: str) -> polars.DataFrame:
    """Return what became of every pair, one row a campaign and key, sorted by both.

    ``outcome`` is ``won``; ``lost``: ``winner`` names the campaign that has the person; or ``full``: ``full`` says what had
    no room, ``limit``, ``group`` or ``capacity <channel>``, the channel that was the person's first choice. ``channel`` is
    that of a winner who is contacted. *capacity* is how many contacts each channel can make for all campaigns together; one
    that is not named has no end. A row that is held out takes its place under the limit and in its group, and counts for
    its person, but takes nothing from a channel; like any other it needs one with room, so that both arms end at the same
    place. *salt* feeds the hash. Neither the order of campaigns nor that of rows matters.
    """
    names = [contest.name for contest in contests]
    if len(set(names)) < len(names):
        raise InternalError("a campaign competes twice", hint="please report this")
    pairs = _in_order(contests, salt)
    made = _Decision({contest.name: contest.limit for contest in contests}, capacity)
    columns = ("campaign", "key", "person", "open", "group", "held")
    for pair in zip(*(pairs[name].to_list() for name in columns), strict=True):
        made.take(*pair)
    return made.added_to(pairs)


class _Decision:
    """What is decided so far: who has whom, what room is left."""

    def __init__(self, limits: Mapping[str, int | None], capacity: Mapping[str, int]) -> None:
        self._room, self._capacity = dict(limits), dict(capacity)
        self._winner: dict[object, str] = {}
        self._groups: set[tuple[str, str]] = set()
        self._found: list[tuple[str, str | None, str | None, str | None]] = []

    def take(self, campaign: str, key: str, person: str | None, channels: list[str], group: str | None, held: bool) -> None:
        """Decide on one pair."""
        who = person if person is not None else (key,)
        winner, room = self._winner.get(who), self._room[campaign]
        if winner is not None:
            return self._found.append((LOST, None, winner, None))
        channel = next((one for one in channels if self._capacity.get(one, 1) > 0), None)
        if room == 0:
            full = LIMIT
        elif group is not None and (campaign, group) in self._groups:
            full = GROUP
        elif channel is None:
            full = f"capacity {channels[0]}" if channels else NOTHING_OPEN
        else:
            return self._won(campaign, who, channel, group, held)
        return self._found.append((FULL, None, None, full))

    def _won(self, campaign: str, who: object, channel: str, group: str | None, held: bool) -> None:
        room = self._room[campaign]
        self._winner[who] = campaign
        if room is not None:
            self._room[campaign] = room - 1
        if group is not None:
            self._groups.add((campaign, group))
        if not held and channel in self._capacity:
            self._capacity[channel] -= 1
        self._found.append((WON, None if held else channel, None, None))

    def added_to(self, pairs: polars.DataFrame) -> polars.DataFrame:
        """Return the pairs with what became of them."""
        import polars as pl

        kinds = {"outcome": pl.String, "channel": pl.String, "winner": pl.String, "full": pl.String}
        found = pl.DataFrame(self._found, schema=kinds, orient="row")
        return pl.concat([pairs, found], how="horizontal").select(COLUMNS).sort("campaign", "key")


def _in_order(contests: Iterable[Contest], salt: str) -> polars.DataFrame:
    """Return all pairs in the order in which they are decided."""
    import polars as pl

    pairs = pl.concat([_pairs(contest) for contest in contests]) if contests else _none()
    same = pl.struct("priority", "worth", "rank").is_duplicated()
    # Within a campaign no two rows have one rank, so the hash is for those of several campaigns, and for few of them.
    equal = pairs.with_row_index("place").filter(same).select("place", "campaign", "person", "key")
    hashes = [_hash(salt, campaign, key if person is None else person) for _, campaign, person, key in equal.iter_rows()]
    tied = equal.select("place", pl.Series("hash", hashes, pl.String))
    pairs = pairs.with_row_index("place").join(tied, on="place", how="left", maintain_order="left")
    by = ["priority", "worth", "rank", "hash", "campaign", "key"]
    falling = [name == "worth" for name in by]
    return pairs.sort(by, descending=falling, nulls_last=True)


def _pairs(contest: Contest) -> polars.DataFrame:
    import polars as pl

    one = pl.lit(1.0)
    score = pl.col("score").cast(pl.Float64).fill_nan(None) if contest.has_score else one
    value = pl.col("value").cast(pl.Float64).fill_nan(None) if contest.has_value else one
    return contest.frame.select(
        pl.lit(contest.name).alias("campaign"), pl.lit(contest.priority, pl.Int64).alias("priority"),
        (score * value).alias("worth"), pl.col("rank").cast(pl.Int64), pl.col("key").cast(pl.String),
        pl.col("person").cast(pl.String), pl.col("open").cast(pl.List(pl.String)), pl.col("group").cast(pl.String),
        pl.col("held").fill_null(value=False),
    )  # fmt: skip


def _none() -> polars.DataFrame:
    import polars as pl

    kinds = (pl.String, pl.String, pl.List(pl.String), pl.Float64, pl.Float64, pl.String, pl.Int64, pl.Boolean)
    return _pairs(Contest("", 1, pl.DataFrame(schema=list(zip(NEEDED, kinds, strict=True)))))


def _hash(salt: str, campaign: str, person: str) -> str:
    return md5(f"{salt}:{campaign}:{person}".encode(), usedforsecurity=False).hexdigest()
