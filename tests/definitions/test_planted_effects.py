"""Effects planted into the demo's future: `evaluate` finds them inside its interval, and none where none was planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from c360.deliver.effects import RATE, compared
from c360.deliver.holdout import held_out
from c360.demo import write_demo
from c360.demo.effects import plant, write_later
from c360.errors import TargetExists, UsageError
from c360.workspace import Workspace

pytestmark = pytest.mark.thorough

EFFECT, SHARE = -0.2, 0.3
SETTINGS = """as_of = {day}
data_folder = "{data}"

[sources.customer]
path = "customer.parquet"

[sources.line]
path = "line.parquet"
"""
SOURCES = '''"""Customers and their lines."""

from c360 import Date, Entity, Key, Text, fixed, later, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    region: Text = fixed(sensitivity="internal")


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()
    deactivated_on: Date = later(by="deactivated_on")
'''
TAGS = '''"""Who has a line, and who will have none."""

from c360 import days, outcome, segment, tag, when
from tags.sources import Line

lines = tag(Line.where(Line.deactivated_on.is_null()).count(), title="Lines in service")
leaves = tag(
    when(lines > 0).then(outcome(Line.where(Line.deactivated_on.is_null()).count(), within=days(90)) == 0).or_null(),
    title="Leaves within 90 days",
)
in_service = segment(lines > 0, title="Has a line")
'''


@dataclass
class Shop:
    """A demo, and a workspace over its customers and lines."""

    demo: Path
    workspace: Path

    def opened(self, data: Path, day: str) -> Workspace:
        """Open the workspace over the files in *data*, as of *day*."""
        (self.workspace / "c360.toml").write_text(SETTINGS.format(day=day, data=data), encoding="utf-8")
        return Workspace.find(self.workspace)

    def at_risk(self, others: int) -> list[str]:
        """Return the customers who will leave, and so many others who will not."""
        truth = pl.read_parquet(self.demo / "truth" / "customer.parquet").sort("customer_id")
        truth = truth.filter(pl.col("lifecycle_stage").is_not_null() & (pl.col("lifecycle_stage") != "left"))
        leaving = truth.filter(pl.col("churns_within_90_days"))
        return [*leaving["customer_id"], *truth.filter(~pl.col("churns_within_90_days"))["customer_id"].head(others)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A demo of 4,000 customers, of whom about a hundred leave."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "work" / "tags").mkdir(parents=True)
    (folder / "work" / "tags" / "sources.py").write_text(SOURCES, encoding="utf-8")
    (folder / "work" / "tags" / "lines.py").write_text(TAGS, encoding="utf-8")
    write_demo(folder / "demo", customers=4000, seed=11)
    return Shop(folder / "demo", folder / "work")


def arms(customers: list[str], salt: str) -> dict[str, str]:
    """Return the arm of each customer, by chance."""
    held = held_out(salt, pl.Series(customers), SHARE)
    return {customer: "holdout" if is_held else "treated" for customer, is_held in zip(customers, held, strict=True)}


def found_in(shop: Shop, effect: float, seed: int) -> tuple[float, float, float, float]:
    """Plant an effect and return what was planted in truth, what is found, and the interval."""
    planted = plant(shop.demo, arms(shop.at_risk(300), f"salt {seed}"), effect, seed)
    persons = planted.frame.select(
        "arm", pl.col("leaves").alias("value"), pl.lit(None, pl.String).alias("stratum"), pl.lit(None, pl.String).alias("channel")
    )
    found = compared(persons, RATE, (), control_is_seen=True)[0].effect
    assert found is not None
    return effect, found.value, found.low, found.high


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("effect", [EFFECT, 0.0, 0.2])
def test_a_planted_effect_lies_inside_the_interval(shop: Shop, effect: float, seed: int) -> None:
    planted, _, low, high = found_in(shop, effect, seed)
    assert low <= planted <= high
    assert (low > 0 or high < 0) == (effect != 0)


@pytest.mark.thorough
def test_the_interval_holds_what_was_planted_as_often_as_it_says(shop: Shop) -> None:
    for effect in (EFFECT, 0.0):
        held = [low <= planted <= high for planted, _, low, high in (found_in(shop, effect, seed) for seed in range(200))]
        # 200 draws at 95 %: between 88 % and all of them but for one case in ten thousand.
        assert sum(held) >= 0.9 * 200


def test_a_list_and_its_holdout_tell_the_effect_from_the_sources(shop: Shop, tmp_path: Path) -> None:
    asked = {"keys": tuple(shop.at_risk(300)), "holdout": SHARE}
    made = shop.opened(shop.demo, "2026-10-31").export("in_service", tmp_path / "saved.csv", **asked, salt="saved")
    other = shop.opened(shop.demo, "2026-10-31").export("in_service", tmp_path / "left.csv", **asked, salt="left alone")
    first, second = shop.opened(shop.demo, "2026-10-31").records.ledger.lists()
    rows = shop.opened(shop.demo, "2026-10-31").records.ledger.rows(made.run_id)
    planted = plant(shop.demo, dict(zip(rows["person"], rows["arm"], strict=True)), EFFECT, seed=5)
    later = tmp_path / "later"
    write_later(shop.demo, later, planted)
    workspace = shop.opened(later, "2027-01-29")
    saved, left = (workspace.evaluate(one.run_id, outcome="leaves") for one in (made, other))
    assert {first.list_id, second.list_id} == {made.run_id, other.run_id}
    assert saved.main.treated == int((rows["arm"] == "treated").sum()) and saved.until == date(2027, 1, 29)
    assert saved.main.effect is not None and saved.main.effect.low <= EFFECT <= saved.main.effect.high < 0
    # The other list cut the same customers by another salt, so the effect lies in both its arms alike.
    assert left.main.effect is not None and left.main.effect.low <= 0 <= left.main.effect.high
    assert saved.ratio is not None and not saved.ratio.is_broken


def test_imported_outcomes_tell_the_same(shop: Shop, tmp_path: Path) -> None:
    told = arms(shop.at_risk(300), "imported")
    planted = plant(shop.demo, told, EFFECT, seed=2)
    listed, back = tmp_path / "listed.csv", tmp_path / "back.csv"
    planted.frame.select("customer_id", "arm").write_csv(listed)
    planted.frame.filter("leaves").select("customer_id", pl.lit("yes").alias("outcome")).write_csv(back)
    workspace = shop.opened(shop.demo, "2026-10-31")
    list_id = workspace.adopt_list(listed, "told", date(2026, 11, 1), holdout=SHARE).record.list_id
    workspace.import_outcomes(back, list_id, both_arms=True)
    effect = workspace.evaluate(list_id, avoid=True, value=300).main.effect
    assert effect is not None and effect.low <= EFFECT <= effect.high < 0


def test_the_same_seed_plants_the_same(shop: Shop) -> None:
    told = arms(shop.at_risk(50), "same")
    one, two, other = (plant(shop.demo, told, EFFECT, seed).frame for seed in (1, 1, 2))
    assert one.equals(two) and not one.equals(other)


def test_nothing_is_planted_on_the_held_out(shop: Shop) -> None:
    frame = plant(shop.demo, arms(shop.at_risk(300), "held"), EFFECT, seed=1).frame.filter(pl.col("arm") == "holdout")
    assert frame["leaves"].to_list() == frame["would_leave"].to_list()


def test_an_effect_larger_than_the_base_rate_cannot_be(shop: Shop) -> None:
    with pytest.raises(UsageError, match="would leave, so the share cannot change by -90.0%"):
        plant(shop.demo, arms(shop.at_risk(300), "much"), -0.9, seed=1)


def test_a_later_demo_takes_no_folders_place(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(TargetExists):
        write_later(shop.demo, tmp_path, plant(shop.demo, {}, 0.0, seed=1))
