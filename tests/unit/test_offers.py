"""Whom an offer fits: in a tiny workspace each rule decides alone, what is not known included."""

from __future__ import annotations

from pathlib import Path

import pytest

from c360.bindings.policy import OfferPolicy, Policy
from c360.deliver.offers import Condition, conditions, dilution_flag, lifted
from c360.errors import Refused, TypeMismatch
from c360.expr.nodes import Node
from c360.language.campaigns import Offer
from c360.plan import Output
from c360.running import computing
from c360.workspace import Workspace

SOURCES = '''"""Customers and lines."""

from c360 import Boolean, Date, Entity, Key, Money, Ordered, fixed, since


class Customer(Entity):
    """One row a customer."""

    default = True
    joined_on: Date = since()
    device: Ordered["3g", "4g", "5g"] = fixed()
    bound: Boolean = fixed()
    pays: Money = fixed()
    growing: Boolean = fixed()
    called_us: Boolean = fixed()


class Line(Entity):
    """One row a line."""

    customer: Key[Customer] = fixed()
    activated_on: Date = since()
'''
TAGS = '''"""What an offer looks at."""

from c360 import segment, tag
from tags.sources import Customer

network = tag(Customer.device, title="Device", zh="终端制式", owner="market", levels_zh={"4g": "4G"})
in_contract = tag(Customer.bound, title="In contract", zh="合约期内", owner="market")
bill = tag(Customer.pays, title="Bill", zh="月账单", unit="yuan/month", owner="market")
called = tag(Customer.called_us, title="Asked for an offer", zh="主动咨询", owner="market")
nothing_dear = segment(Customer.growing, title="Nothing dear", zh="禁推高价产品客户", owner="market")
'''
CUSTOMERS = """customer_id,joined_on,device,bound,pays,growing,called_us
low,2020-01-01,3g,no,50.00,no,no
same,2020-01-01,4g,yes,59.00,yes,no
high,2020-01-01,5g,no,59.01,yes,yes
dark,2020-01-01,,,,,
late,2020-01-01,4g,no,200.00,yes,
"""
LINES = """line_id,customer_id,activated_on
L1,low,2020-01-01
L2,same,2020-01-01
L3,high,2020-01-01
L4,dark,2020-01-01
L5,,2020-01-01
"""
SETTINGS = 'as_of = 2026-10-31\n[sources.customer]\npath = "customer.csv"\n[sources.line]\npath = "line.csv"\n'
POLICY = OfferPolicy(network="network", in_contract="in_contract", bill="bill", no_dear="nothing_dear", asked="called")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Five customers, of one of whom nothing is known."""
    folder = tmp_path_factory.mktemp("offers")
    (folder / "tags").mkdir()
    files = {"c360.toml": SETTINGS, "customer.csv": CUSTOMERS, "line.csv": LINES}
    for name, text in {**files, "tags/sources.py": SOURCES, "tags/fitting.py": TAGS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Workspace.find(folder)


def true_for(workspace: Workspace, node: Node, entity: str = "customer") -> dict[str, bool | None]:
    """Return the node's value by key."""
    run = workspace.run((Output("it", node),), entity, None)
    with computing(workspace, run) as sql:
        return dict(workspace.engine.frame(sql.table()).iter_rows())


def the_one(workspace: Workspace, offer: Offer, policy: OfferPolicy = POLICY, entity: str = "customer") -> Condition:
    """Return the only condition of an offer."""
    (found,) = conditions(workspace.catalog, offer, policy, entity)
    return found


def kept(workspace: Workspace, condition: Condition, entity: str = "customer") -> set[str]:
    """Return whom a condition keeps."""
    values = true_for(workspace, condition.node, entity)
    if condition.passes == "not_true":
        assert None not in values.values()
        return {key for key, value in values.items() if not value}
    return {key for key, value in values.items() if value}


def test_an_offer_that_asks_for_nothing_fits_everybody(workspace: Workspace) -> None:
    assert conditions(workspace.catalog, Offer("gift"), OfferPolicy(), "customer") == []


def test_the_device_must_reach_the_network(workspace: Workspace) -> None:
    condition = the_one(workspace, Offer("data", needs_network="4g"))
    assert kept(workspace, condition) == {"same", "high", "late"}  # a device that is not known does not fit
    assert (condition.words_en, condition.words_zh) == ("the device is not known to use 4g", "终端不支持4G或未知")


def test_inside_a_contract_only_what_is_allowed_there(workspace: Workspace) -> None:
    condition = the_one(workspace, Offer("upgrade", allowed_in_contract=False))
    assert kept(workspace, condition) == {"low", "high", "late"}  # a contract that is not known may be one
    assert (condition.words_en, condition.words_zh) == ("not allowed inside a contract: In contract", "合约期内不可办：合约期内")


def test_nothing_dear_but_for_those_who_asked(workspace: Workspace) -> None:
    condition = the_one(workspace, Offer("premium", dear=True))
    assert kept(workspace, condition) == {"low", "high", "dark"}  # 'late' may have asked, which is not known
    assert (condition.words_en, condition.words_zh) == ("too dear for: Nothing dear", "不宜推荐高价产品：禁推高价产品客户")
    spared = the_one(workspace, Offer("premium", dear=True), POLICY.model_copy(update={"asked": ""}))
    assert kept(workspace, spared) == {"low", "dark"}


def test_an_offer_that_lowers_the_bill_leaves_the_customer_out(workspace: Workspace) -> None:
    condition = the_one(workspace, Offer("plan59", monthly_fee=59))
    assert kept(workspace, condition) == {"low", "same", "dark"}  # 59.01 and 200 would become 59; nobody knows of 'dark'
    assert dilution_flag(workspace.catalog, Offer("plan59", monthly_fee=59), POLICY, "customer") is None
    assert (condition.words_en, condition.words_zh) == ("would lower the bill to 59: Bill", "办理后账单将降至59：月账单")
    assert the_one(workspace, Offer("free", monthly_fee=0)).name == "offer_dilution"


def test_or_it_is_flagged(workspace: Workspace) -> None:
    policy, offer = POLICY.model_copy(update={"dilution": "flag"}), Offer("plan59", monthly_fee=59)
    assert conditions(workspace.catalog, offer, policy, "customer") == []
    flag = dilution_flag(workspace.catalog, offer, policy, "customer")
    assert flag is not None and (flag.name, flag.title, flag.zh) == ("dilutes", "The offer would lower the bill", "办理后账单下降")
    assert true_for(workspace, flag.node) == {"low": False, "same": False, "high": True, "dark": None, "late": True}
    assert dilution_flag(workspace.catalog, Offer("gift"), policy, "customer") is None


def test_the_rules_are_checked_in_one_order(workspace: Workspace) -> None:
    offer = Offer("all", monthly_fee=59.5, needs_network="5g", allowed_in_contract=False, dear=True)
    found = conditions(workspace.catalog, offer, POLICY, "customer")
    assert [(c.name, c.passes) for c in found] == [
        ("offer_network", "true"), ("offer_contract", "true"), ("offer_dear", "not_true"), ("offer_dilution", "not_true"),
    ]  # fmt: skip


def test_a_line_is_judged_by_its_customer(workspace: Workspace) -> None:
    for offer, lines in (
        (Offer("data", needs_network="4g"), {"L2", "L3"}),
        (Offer("upgrade", allowed_in_contract=False), {"L1", "L3"}),
        (Offer("premium", dear=True), {"L1", "L3", "L4", "L5"}),
        (Offer("plan59", monthly_fee=59), {"L1", "L2", "L4", "L5"}),
    ):
        assert kept(workspace, the_one(workspace, offer, entity="line"), "line") == lines, offer.name


@pytest.mark.parametrize(
    ("offer", "setting"),
    [
        (Offer("x", needs_network="4g"), "network"),
        (Offer("x", allowed_in_contract=False), "in_contract"),
        (Offer("x", dear=True), "no_dear"),
        (Offer("x", monthly_fee=10), "bill"),
    ],
)
def test_an_offer_nobody_can_judge_is_refused(workspace: Workspace, offer: Offer, setting: str) -> None:
    with pytest.raises(Refused, match="the policy names no tag that tells of it") as caught:
        conditions(workspace.catalog, offer, OfferPolicy(), "customer")
    assert caught.value.exit_code == 5 and caught.value.hint == f"write {setting} = … under [policy.offers]"
    with pytest.raises(Refused, match="'netwrok', which is no tag or segment"):
        conditions(workspace.catalog, offer, OfferPolicy(**{setting: "netwrok"}), "customer")


def test_a_level_or_a_tag_of_another_kind_is_refused(workspace: Workspace) -> None:
    with pytest.raises(TypeMismatch, match="'6g' is no level") as caught:
        conditions(workspace.catalog, Offer("x", needs_network="6g"), POLICY, "customer")
    assert caught.value.where == "the offer 'x'"
    with pytest.raises(TypeMismatch, match="expected an ordered category"):
        conditions(workspace.catalog, Offer("x", needs_network="4g"), OfferPolicy(network="bill"), "customer")
    with pytest.raises(TypeMismatch):
        conditions(workspace.catalog, Offer("x", monthly_fee=1), OfferPolicy(bill="in_contract"), "customer")


def test_asking_lifts_the_stage_rules_of_a_purpose() -> None:
    told = {"purposes": {"offer": {"suppress": ["onboarding", "staff"]}, "care": {"suppress": ["staff"]}}}
    rules = {"offers": {"asked": "called", "stage_rules": ["onboarding", "other"]}}
    policy = Policy.model_validate({**told, **rules})
    assert lifted(policy, "offer") == {"onboarding"}
    assert lifted(policy, "care") == lifted(policy, "gossip") == frozenset()
    nobody_asks = Policy.model_validate({**told, "offers": {"stage_rules": ["onboarding"]}})
    assert lifted(nobody_asks, "offer") == frozenset()


@pytest.mark.thorough
def test_the_reference_catalogue_tells_all_that_an_offer_needs() -> None:
    catalogue = Workspace.find(Path(__file__).parents[2]).catalog
    policy = OfferPolicy(
        network="main_device_network", in_contract="on_contract", bill="arpu_3m", no_dear="no_high_priced_offers",
        asked="asked_for_offers",
    )  # fmt: skip
    offer = Offer("all", monthly_fee=199, needs_network="5g", allowed_in_contract=False, dear=True)
    for entity in ("customer", "line"):
        assert len(conditions(catalogue, offer, policy, entity)) == 4
