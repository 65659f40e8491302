"""Found in review: where a channel was full, customers further down were still held out, so the two arms were not alike.

The held-out of a list in falling order of risk had customers of less risk than anybody contacted: the list looked as if it had done
harm. Whoever is held out needs a channel with room, like anybody else, but takes none.
"""

from __future__ import annotations

import polars as pl

from c360.deliver.stages import ARM, HELD_OUT, KEY, PERSON, TREATED, Narrowing, Step


def test_both_arms_end_at_the_same_place() -> None:
    keys = [str(number) for number in range(8)]
    narrowing = Narrowing(pl.DataFrame({KEY: keys, PERSON: keys}), ("call",))
    every_second = pl.Series("held", [number % 2 == 1 for number in range(8)])
    full, limit = Step("capacity", "capacity", "no room left"), Step("limit", "limit", "the first")
    narrowing.choose((full, limit), None, every_second, {"call": 2})
    narrowing.hold_out(Step("holdout", "holdout", "held out"))
    assert narrowing.frame[ARM].to_list() == [TREATED, HELD_OUT, TREATED, None, None, None, None, None]
