"""The coverage page leaves nothing of the domain out, names only what exists, and links to the cards.

The items are kept here by hand, in the domain's order: whoever takes a row off the page, or a name off the catalogue,
finds out which item it answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from c360.catalog import Catalog, build_catalog
from c360.language.plays import MOMENTS
from project import ROOT

CATALOG: Catalog = build_catalog(ROOT, {})
PAGE = ROOT / "docs" / "explanation" / "coverage.md"
TEXT = PAGE.read_text(encoding="utf-8")
BODY = re.sub(r"^\[\w+\]: .*\n", "", TEXT, flags=re.MULTILINE)
NAME = re.compile(r"\[(\w+)\](?![(:])")
DOMAIN = {
    "4.1": """
        Monetary tiers · Top 20 % · Pareto class · Tier decline · ARPU falling · Role in an organisation · Group size ·
        Referrals · Distinct peers · Household head · Influence, yes or no · Customer type · Low value, low efficiency ·
        Customer share · Growth potential
    """,
    "4.2": """
        Two views, by line and by customer · Business view: left · Business view: onboarding ·
        Business view: decline under contract · Business view: warning under contract ·
        Business view: growth, mature under contract · Business view: decline without a contract ·
        Business view: warning without a contract · Business view: growth, mature without a contract ·
        Relationship view: acquisition · Relationship view: uplift · Relationship view: maturity ·
        Relationship view: decline · Relationship view: leaving · Movement between stages · Job of onboarding ·
        Job of growth · Job of maturity · Job of decline · Care runs through all · Trigger: birthday · Trigger: holiday ·
        Trigger: first bill · Trigger: abnormal first bill · Trigger: anniversary · Trigger: founding day ·
        Trigger: new project · Trigger: contract reminder · Trigger: balance reminder
    """,
    "4.3": """
        A scorecard each · The dominant type · Types as segments · Price: discount share · Price: plan downgrade ·
        Price: price tickets · Price: accepts only with a discount · Price: spend hugs the plan fee · Price: low-cost device ·
        Price: pays just at the due date · Price: tariff pages viewed · Price: calls to a competitor's hotline ·
        Service: tickets · Service: reopened tickets · Service: low satisfaction · Service: hotline and store contacts ·
        Service: visits · Brand: premium brand or plan · Brand: premium device · Brand: long tenure without a discount ·
        Brand: referrals · Brand: points activity · Brand: clubs · Security: security products ·
        Security: fraud, spam, privacy tickets · Security: number locks · Security: secrecy of the organisation ·
        Security: role of authority
    """,
    "4.4": """
        Interconnect · Network share · Staff · Device subsidy · Fee subsidy · Promotion · Service cost · Commission ·
        Profit and margin · Axis 1: influence on us · Axis 2: strategic meaning · Axis 2: strategic focus · Axis 2: fit ·
        Axis 2: growth potential · Axis 2: less cost to serve · Five classes · Class: bleeding · Class: large premium ·
        Class: small premium · Class: average · Class: small ordinary · Treatment: guard · Treatment: two-way importance ·
        Treatment: average with room · Treatment: never at the price of losing them · Treatment: small ordinary ·
        Treatment: small premium · Treatment: bleeding · Cause: price too low · Cause: discount too deep ·
        Cause: no commitment terms · Cause: product mix · Cause: speculative buying · Cause: service cost ·
        Cause: subsidy not recovered · The largest cause · Payback: share recovered · Payback: month ·
        Payback: inside the contract?
    """,
    "4.5": """
        Signal: contract expiring · Signal: expired and still here · Signal: usage drop · Signal: no call in or out ·
        Another measure: no outgoing call · Signal: calls to a competitor's hotline · Signal: below the plan fee ·
        Strong when two months run · Signal: a competitor's strong campaign · Signal: calls to competitor numbers rising ·
        Signal: arrears · Signal: suspension · Signal: complaints · Signal: refused renewal · Signal: port-out inquiry ·
        Signal: dual SIM · All signals of a customer · Group signal: lines moving at once ·
        Group signal: a competitor's bundle ending · Type: external · Type: internal transfer · Type: revenue loss ·
        Cause: tariff · Cause: service · Cause: technology replaced · Cause: passive · Tenure clusters · Information gain ·
        Correlation · A binary classifier · Re-validated on later months · High-risk factors · Offers of each cluster ·
        Risk level · Save first · Save second · Save third · Monthly warning list · Win-back · Competing expiry
    """,
    "4.6": """
        Abnormal acquisition · Abnormal: no usage · Abnormal: batch activations · Abnormal: shared devices ·
        Abnormal: arrears · Alive after 3 months · New-customer value score · Award: lines alive 3 months · Award: revenue ·
        Award: profit · Award: whole · SIM-only · SIM-only: no recourse · Arrears tolerance ·
        Within tolerance device cost still comes off · Arrears forgiven · Commission in stages · Load: customers ·
        Load: revenue · Load: key customers · Visits · Key customers left alone · To promote · Fairness of allocation ·
        KPI: retention rate · KPI: churn rate · KPI: satisfaction · KPI: renewal rate · KPI: a unit's revenue share by stage ·
        KPI: a manager's revenue share by stage · KPIs of a segment
    """,
    "4.7": """
        Brand: premium · Brand: its VIP · Brand: mass · Brand: youth · Brand: local tariff · Precedence stated · Life stage ·
        Unknown age is unknown · Geographic · Age · Sex · Nationality · Education · Occupation · Income · Household size ·
        Family stage · Social class · Lifestyle · Personality · Occasion · Benefit sought · Usage state · Quantity · Loyalty ·
        Readiness · Attitude · Unavailable, not invented · Matrix: named cells · Matrix: sizes · Matrix: need gap ·
        Matrix: a play · Quality: measurable · Quality: reachable · Quality: substantial · Quality: differentiable
    """,
    "4.8": """
        Stickiness · Financial bond · Social bond · Structural bond · Convergence · Loyalty level · Points activity ·
        Points about to lapse · Referral value · Detractor · Need: roams often · Need: data over plan ·
        Need: long-distance pattern · Need: night user · Need: family calls · Need: other categories · Need gap ·
        Ranking: service · Ranking: product · Ranking: channel · Over-contact
    """,
    "4.9": """
        Scheduled · Self-service · Interactive · The same list · Active mode · Contact mode · Self-service mode ·
        Plan, rehearse · Assess · Approve · Execute · Evaluate · Plan library · Contact control: priority ·
        Contact control: channel · Contact control: frequency · Who must be left out · One recommendation ·
        Fit: device network · Fit: contract · Fit: stage · Dilution guard · Work orders · Control group ·
        Data-quality problems
    """,
    "4.10": """
        Law of cost · Law of product · Law of relationship · Law of value · Strategy: raise sunk cost ·
        Strategy: endow value · Strategy: social value · Strategy: partner resources · Moment of a person: visit ·
        Moment of a person: arrears stop · Moment of a person: special day · Moment of a person: trouble ·
        Moment of a person: lost phone · Moment of a person: new product · Moment of a person: service handled ·
        Moment of a person: after use · Moment of a person: leaving · Moment of an organisation: opening ·
        Moment of an organisation: trouble · Moment of an organisation: solution request ·
        Moment of an organisation: competitor attack · Moment of an organisation: competing expiry ·
        Moment of an organisation: abnormal batch · Sensitivity to play · Stage to play · Grid class to play ·
        Moments as triggers
    """,
}
SYSTEMS = """
    360° view · Tag library · Customer type · Value tiers, tier decline, low efficiency · Four sensitivities ·
    Business lifecycle · Relationship lifecycle · Stage jobs, care triggers · Five-class grid · Bleeding repair ·
    Cost and payback · Churn signals · Churn types and causes · Tenure clusters and high-risk factors ·
    Monthly warning and save priority · Awards and arrears · Acquisition quality, new-customer value ·
    Manager, group, unit care · Brand and age partitions · Grouping variables · Segment quality · Needs, unit matrix ·
    Stickiness and bonds · Loyalty, points, referral · Three targeting modes, three service modes ·
    Closed loop with plan library · One recommendation, contact rules, fit and dilution guards · Plays and moments ·
    Win-back and competitor · KPIs and data-quality feedback
"""

# Things that are done with a list, or that no source tells: no tag or segment of theirs is to be invented.
UNANSWERED = {"Trigger: new project", "Approve", "Work orders", "Control group"}


@dataclass(frozen=True)
class Row:
    """One row of a table: the item in bold, the names that answer it, and the remark."""

    item: str
    names: tuple[str, ...]
    remark: str


def rows_of(section: str) -> list[Row]:
    """Return the rows of the table under the heading that begins with *section*."""
    found = re.search(rf"^## {re.escape(section)}(?=\s).*?\n(.*?)(?=^## |\Z)", BODY, flags=re.DOTALL | re.MULTILINE)
    assert found, f"no heading {section!r}"
    lines = [line.strip("|\n").split("|") for line in found[1].splitlines() if line.startswith("| **")]
    return [Row(cells[0].split("**")[1], tuple(NAME.findall(cells[1])), cells[2].strip()) for cells in lines]


def items(text: str) -> list[str]:
    return [item.strip() for item in " ".join(text.split()).split("·")]


SECTIONS = {**DOMAIN, "The 30 systems": SYSTEMS}
ROWS = {section: rows_of(section) for section in SECTIONS}
NAMES = set(NAME.findall(BODY))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_table_has_a_row_for_each_item_of_the_domain(section: str) -> None:
    assert [row.item for row in ROWS[section]] == items(SECTIONS[section])


def test_there_are_30_systems_each_with_an_answer() -> None:
    assert len(ROWS["The 30 systems"]) == 30
    assert not [row.item for row in ROWS["The 30 systems"] if not row.names]


def test_what_nothing_answers_is_known_and_says_why() -> None:
    unanswered = [row for rows in ROWS.values() for row in rows if not row.names]
    assert {row.item for row in unanswered} == UNANSWERED
    assert all(row.remark for row in unanswered)


def test_the_names_exist() -> None:
    assert not NAMES - {*CATALOG.definitions, *CATALOG.plays}


def test_each_name_leads_to_its_card_or_its_play() -> None:
    written = set(re.findall(r"^\[\w+\]: .*$", TEXT, flags=re.MULTILINE))
    assert sorted(written) == sorted(link(name) for name in NAMES)


def link(name: str) -> str:
    play = CATALOG.plays.get(name)
    area = (play or CATALOG.definition(name)).where.partition(":")[0]
    card = f"../reference/catalogue/{area.removesuffix('.py').replace('/', '-')}.md#{name}"
    return f"[{name}]: ../../{area}" if play else f"[{name}]: {card}"


def test_plays_and_nothing_else_stand_in_italics() -> None:
    assert set(re.findall(r"\*\[(\w+)\]\*", BODY)) == NAMES & set(CATALOG.plays)


def test_a_play_stands_in_the_rows_of_its_law_its_strategy_and_its_moment() -> None:
    for row in ROWS["4.10"]:
        kind, value = re.findall(r"^(Law of|Strategy:|Moment of [a-z ]+:)? ?(.*)", row.item)[0]
        field = {"L": "law", "S": "strategy", "M": "moment"}.get(kind[:1])
        plays = [CATALOG.plays[name] for name in row.names if name in CATALOG.plays] if field else []
        others = [play.name for play in plays if getattr(play, str(field)) != value.replace(" ", "_")]
        assert not others, f"{row.item} names {others}"


def test_every_moment_has_its_row() -> None:
    rows = {row.item.partition(": ")[2] for row in ROWS["4.10"] if row.item.startswith("Moment of")}
    assert rows == {moment.replace("_", " ") for moment in MOMENTS}


def test_what_is_written_as_code_exists() -> None:
    written = set(re.findall(r"`([^`]+)`", BODY))
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    schema = CATALOG.schema.sources
    columns = {f"{source}.{column.name}" for source, spec in schema.items() for column in spec.columns}
    unknown = written - {*CATALOG.parameters, *schema, *columns, "c360.toml"}
    assert not {word for word in unknown if " ".join(word.split()[:2]) not in commands}


def test_the_fixed_names_are_there() -> None:
    fixed = {path.stem for path in (ROOT / "tests" / "definitions" / "by_hand").glob("[a-z]*.sql")}
    assert len(fixed) > 40
    assert not fixed - NAMES


def test_every_file_of_the_catalogue_has_its_part() -> None:
    files = {one.where.partition(":")[0] for one in (*CATALOG.definitions.values(), *CATALOG.plays.values())}
    named = {(CATALOG.plays.get(name) or CATALOG.definition(name)).where.partition(":")[0] for name in NAMES}
    assert not files - named


def test_the_index_lists_the_page() -> None:
    assert "](explanation/coverage.md)" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
