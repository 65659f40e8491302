"""The Complete Journey: every number, at every month's end, also comes out of a query written by hand over the raw files."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import c360
from c360.errors import AsOfError

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "transactions", "products", "campaigns", "campaign_descriptions", "coupons", "coupon_redemptions", "demographics",
)  # fmt: skip
SHOP_DAY = "CAST(transaction_timestamp AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York' AS DATE)"
LAST, JUNE = date(2017, 12, 31), date(2017, 6, 30)
MONTH_ENDS = [date(2017, month, day) for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)]
DATED_TAGS = (
    "sales_total", "days_since_visit", "visits_3m", "spend_3m", "spend_3m_before", "discount_share_3m", "top_categories",
    "dairy_months_3m", "campaigns_received", "days_since_contact", "coupons_redeemed", "type_a_campaigns",
)  # fmt: skip
DATED_SEGMENTS = ("shoppers", "lapsed", "worth_winning_back", "reached", "redeemed")
MONTHLY = (
    "days_since_visit", "visits_3m", "spend_3m", "sales_total", "campaigns_received", "type_a_campaigns", "days_since_contact",
    "coupons_redeemed", "shoppers", "reached", "redeemed",
)  # fmt: skip
DAIRY = "'FLUID MILK PRODUCTS', 'MILK BY-PRODUCTS', 'CANNED MILK', 'CHEESE', 'CHEESES', 'YOGURT', 'MISC. DAIRY'"

Ask = Callable[..., Any]
Values = Callable[[date], dict[str, dict[str, Any]]]


def opened(folder: Path, data: Path, **more: str) -> c360.Workspace:
    """Open a copy of the example in *folder*, so that nothing is written beside it, with *more* files of tags."""
    shutil.copytree(ROOT / "examples/complete_journey", folder, ignore=shutil.ignore_patterns(".c360", "__pycache__"))
    for name, text in more.items():
        (folder / "tags" / f"{name}.py").write_text(text, encoding="utf-8")
    return c360.Workspace.find(folder, data_folder=data)


@pytest.fixture(scope="module")
def journey(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> c360.Workspace:
    """The example over the full data."""
    return opened(tmp_path_factory.mktemp("journey") / "full", shared_data)


@pytest.fixture(scope="module")
def by_hand(shared_data: Path) -> Ask:
    """Ask the raw files with SQL written by hand; `shopped` is transactions in shop days, `sent` campaigns with start."""
    connection = duckdb.connect()
    for name in FILES:
        file = shared_data / "complete_journey" / f"{name}.parquet"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
    connection.execute(
        f"CREATE TABLE shopped AS SELECT household_id AS h, {SHOP_DAY} AS d, basket_id, product_id, "
        "CAST(sales_value AS DECIMAL(18, 2)) AS sales, CAST(retail_disc + coupon_match_disc AS DECIMAL(18, 2)) AS off "
        "FROM transactions"
    )
    connection.execute(
        "CREATE VIEW sent AS SELECT household_id AS h, CAST(start_date AS DATE) AS d, campaign_type AS kind "
        "FROM campaigns JOIN campaign_descriptions USING (campaign_id)"
    )

    def ask(sql: str, day: date | None = None) -> Any:
        rows = connection.execute(sql, {"day": day} if day else None).fetchall()
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    return ask


@pytest.fixture(scope="module")
def monthly(journey: c360.Workspace) -> Values:
    """Return what is held against a query at every month's end, by household; each date is run once."""
    return functools.cache(lambda day: told(journey, *MONTHLY, day=day))


def told(workspace: c360.Workspace, *names: str, day: date) -> dict[str, dict[str, Any]]:
    """Return the values of *names* at *day* by household."""
    rows = workspace.table(*names, as_of=day, allow_current=True).to_dicts()
    return {row.pop("household_id"): row for row in rows}


def only(found: dict[str, dict[str, Any]], member_of: str, *names: str) -> dict[str, tuple[Any, ...]]:
    """Return *names* of the members of a segment, by household."""
    return {key: tuple(row[name] for name in names) for key, row in found.items() if row[member_of]}


def by_household(rows: list[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Return rows by their first value, which is a household."""
    return {str(household): tuple(values) for household, *values in rows}


def test_check_finds_only_the_orphans_of_the_data(journey: c360.Workspace, by_hand: Ask) -> None:
    report = journey.check()
    orphans = by_hand("SELECT COUNT(*) FROM transactions WHERE product_id NOT IN (SELECT product_id FROM products)")
    assert report.ok and report.unavailable == {} and report.findings == ()
    assert [(k.source, k.column, k.kind, k.count) for k in report.keys] == [("transaction", "product", "orphan", orphans)]


def test_households_and_sales_of_the_year(journey: c360.Workspace) -> None:
    frame = journey.table("sales_total")
    assert frame.height == 2_469
    assert frame["sales_total"].sum() == Decimal("4596039.58")
    size = journey.size("shoppers")
    assert (size.members, size.universe, size.as_of) == (2_469, 2_469, LAST)


def test_stamps_are_days_of_the_shop(journey: c360.Workspace, by_hand: Ask) -> None:
    status = next(s for s in journey.sources() if s.name == "transaction")
    assert (status.rows, status.first_day, status.last_day) == (1_469_307, date(2017, 1, 1), LAST)
    late = by_hand("SELECT SUM(sales_value) FROM transactions WHERE transaction_timestamp >= TIMESTAMP '2018-01-01'")
    assert late > 0, "stamps of 2018 in UTC, which are of 2017 in the shop"


def test_redeemed_of_those_reached(journey: c360.Workspace) -> None:
    size = journey.size("redeemed")
    assert (size.members, size.universe, size.unknown) == (410, 1_559, 0)


@pytest.mark.parametrize("day", MONTH_ENDS, ids=str)
def test_recency_frequency_and_spend_equal_a_query(monthly: Values, by_hand: Ask, day: date) -> None:
    recent = "d >= date_trunc('month', CAST($day AS DATE)) - INTERVAL 2 MONTH"
    expected = by_hand(
        f"SELECT h, date_diff('day', MAX(d), CAST($day AS DATE)), COUNT(DISTINCT CASE WHEN {recent} THEN basket_id END), "
        f"COALESCE(SUM(CASE WHEN {recent} THEN sales END), 0), SUM(sales) FROM shopped WHERE d <= $day GROUP BY h",
        day,
    )
    names = ("days_since_visit", "visits_3m", "spend_3m", "sales_total")
    assert only(monthly(day), "shoppers", *names) == by_household(expected)


@pytest.mark.parametrize("day", MONTH_ENDS, ids=str)
def test_reached_and_redeemed_equal_a_query(monthly: Values, by_hand: Ask, day: date) -> None:
    large = "COUNT(CASE kind WHEN 'Type A' THEN 1 END)"
    since = "date_diff('day', MAX(d), CAST($day AS DATE))"
    reached = by_hand(f"SELECT h, COUNT(*), {large}, {since} FROM sent WHERE d <= $day GROUP BY h", day)
    redeemed = by_hand(
        "SELECT household_id, COUNT(*) FROM coupon_redemptions WHERE redemption_date <= $day "
        "AND household_id IN (SELECT h FROM sent WHERE d <= $day) GROUP BY household_id",
        day,
    )
    names = ("campaigns_received", "type_a_campaigns", "days_since_contact")
    assert only(monthly(day), "reached", *names) == by_household(reached)
    assert only(monthly(day), "redeemed", "coupons_redeemed") == by_household(redeemed)


@pytest.mark.parametrize("day", [LAST, date(2017, 8, 15)], ids=str)
def test_discounts_and_favourites_equal_a_query(journey: c360.Workspace, by_hand: Ask, day: date) -> None:
    end = "date_trunc('month', CAST($day AS DATE) + 1)"
    recent = f"SELECT * FROM shopped WHERE d < {end} AND d >= {end} - INTERVAL 3 MONTH"
    shares = by_hand(f"SELECT h, SUM(off) / NULLIF(SUM(sales) + SUM(off), 0) FROM ({recent}) GROUP BY h", day)
    known = {str(household): share for household, share in shares if share is not None}
    names = ("discount_share_3m", "top_categories")
    found = only(told(journey, "shoppers", *names, day=day), "shoppers", *names)
    assert {household for household, (share, _) in found.items() if share is not None} == known.keys()
    assert all(abs(found[household][0] - share) < 1e-6 for household, share in known.items())
    favourites = by_hand(
        "SELECT h, list(c ORDER BY place) FROM (SELECT h, product_category AS c, ROW_NUMBER() OVER "
        f"(PARTITION BY h ORDER BY SUM(sales) DESC, product_category) AS place FROM ({recent}) JOIN products "
        "USING (product_id) WHERE product_category IS NOT NULL GROUP BY h, product_category) WHERE place <= 3 GROUP BY h",
        day,
    )
    assert {household: (top,) for household, (_, top) in found.items() if top} == by_household(favourites)


@pytest.mark.parametrize("day", [JUNE, LAST], ids=str)
def test_top_spenders_losing_interest_equal_a_query(journey: c360.Workspace, by_hand: Ask, day: date) -> None:
    expected = by_hand(
        f"""
        WITH bought AS (
            SELECT h, income, date_diff('month', d, CAST($day AS DATE)) AS ago, sales, product_category IN ({DAIRY}) AS dairy
            FROM shopped LEFT JOIN products USING (product_id) LEFT JOIN demographics ON household_id = h WHERE d <= $day
        ), spent AS (
            SELECT h, income, SUM(CASE WHEN ago < 3 THEN sales ELSE 0 END) AS now,
                SUM(CASE WHEN ago BETWEEN 3 AND 5 THEN sales ELSE 0 END) AS before
            FROM bought GROUP BY h, income
        )
        SELECT h, now FROM spent WHERE now < before
            AND h NOT IN (SELECT household_id FROM coupon_redemptions WHERE redemption_date <= $day)
            AND (SELECT COUNT(*) FROM spent other WHERE other.income = spent.income AND other.now < spent.now)
                >= 0.8 * (SELECT COUNT(*) FROM spent other WHERE other.income = spent.income)
            AND income IS NOT NULL
            AND h IN (SELECT h FROM bought WHERE dairy AND ago = 0) AND h IN (SELECT h FROM bought WHERE dairy AND ago = 1)
            AND h IN (SELECT h FROM bought WHERE dairy AND ago = 2)
        """,
        day,
    )
    found = told(journey, "top_spenders_losing_interest", "spend_3m", day=day)
    assert only(found, "top_spenders_losing_interest", "spend_3m") == by_household(expected)
    assert len(expected) > 15


def test_lapsed_households_equal_a_query(journey: c360.Workspace, by_hand: Ask) -> None:
    lapsed = "SELECT COUNT(*) FROM (SELECT h FROM shopped GROUP BY h HAVING MAX(d) < DATE '2017-12-31' - 60)"
    worth = lapsed.replace("- 60)", "- 60 AND SUM(sales) >= 300)")
    frame = journey.table("lapsed", "worth_winning_back")
    assert frame["lapsed"].sum() == by_hand(lapsed) == 215
    assert frame["worth_winning_back"].sum() == by_hand(worth) == 79


@pytest.fixture(scope="module")
def earlier(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> c360.Workspace:
    """The example with one tag more for each dated tag and segment: its value a month ago."""
    lines = [f"{name}_earlier = tag({name}.ago(months=1), entity=Household)" for name in (*DATED_TAGS, *DATED_SEGMENTS)]
    heads = ["from c360 import tag", "from tags.sources import Household", "from segments.households import *"]
    heads += ["from tags.shopping import *", "from tags.campaigns import *"]
    return opened(tmp_path_factory.mktemp("ago") / "earlier", shared_data, earlier="\n".join([*heads, *lines]))


def test_a_month_ago_equals_a_run_at_that_date(earlier: c360.Workspace, journey: c360.Workspace) -> None:
    names = (*DATED_TAGS, *DATED_SEGMENTS)
    then = told(journey, *names, day=date(2017, 2, 28))
    found = told(earlier, *(f"{name}_earlier" for name in names), day=date(2017, 3, 31))
    shifted = {h: {name.removesuffix("_earlier"): value for name, value in row.items()} for h, row in found.items()}
    assert {household: row for household, row in shifted.items() if household in then} == then
    not_there_yet = [row for household, row in shifted.items() if household not in then]
    assert len(not_there_yet) > 50
    assert {value for row in not_there_yet for value in row.values()} == {None}


def test_nothing_later_is_seen(journey: c360.Workspace, by_hand: Ask, tmp_path_factory: pytest.TempPathFactory) -> None:
    shoppers = by_hand("SELECT COUNT(DISTINCT h) FROM shopped WHERE d <= $day", JUNE)
    assert journey.size("shoppers", as_of=JUNE).members == shoppers == 2_393
    data = tmp_path_factory.mktemp("truncated") / "complete_journey"
    data.mkdir()
    known = {
        "transactions": f"{SHOP_DAY} <= $day",
        "coupon_redemptions": "redemption_date <= $day",
        "campaigns": "campaign_id IN (SELECT campaign_id FROM campaign_descriptions WHERE start_date <= $day)",
    }
    for name in FILES:
        rows = f"SELECT * FROM {name} WHERE {known.get(name, '$day IS NOT NULL')}"
        by_hand(f"COPY ({rows}) TO '{data / name}.parquet'", JUNE)
    truncated = opened(data.parent / "workspace", data.parent)
    names = (*DATED_TAGS, *DATED_SEGMENTS, "income_band", "top_spenders_losing_interest")
    full = journey.table(*names, as_of=JUNE, allow_current=True)
    assert full.equals(truncated.table(*names, as_of=JUNE, allow_current=True))


def test_every_definition_of_a_household_is_held_against_something(journey: c360.Workspace) -> None:
    known = {*DATED_TAGS, *DATED_SEGMENTS, "income_band", "is_dairy", "top_spenders_losing_interest"}
    assert set(journey.catalog.definitions) == known


def test_income_has_no_history(journey: c360.Workspace) -> None:
    with pytest.raises(AsOfError, match="demographics.income: current values"):
        journey.size("top_spenders_losing_interest", as_of=JUNE)


def test_a_campaign_without_a_known_start_is_refused(shared_data: Path, by_hand: Ask, tmp_path: Path) -> None:
    folder = opened(tmp_path / "unknown", shared_data).folder
    text = (folder / "c360.toml").read_text(encoding="utf-8")
    (folder / "c360.toml").write_text(text.replace('27 = "2017-02-08"\n', ""), encoding="utf-8")
    facts = c360.Workspace.find(folder, data_folder=shared_data).bindings.facts("contact")
    nobody_knows_when = by_hand("SELECT COUNT(*) FROM campaigns WHERE campaign_id = 27")
    assert [(fault.column, fault.kind, fault.count) for fault in facts.faults] == [("contacted_on", "type", nobody_knows_when)]
