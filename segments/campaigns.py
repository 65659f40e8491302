"""Campaigns over the segments of this catalogue: help first, then keep, then win back, then offer; days to greet last.

Values, fees, costs and limits are ours: put your own in their place.
"""

from c360 import Offer, apart, campaign
from segments.care_lists import greetings, help_in_trouble
from segments.grid import repair_bleeding
from segments.growth import bundle_offers, tariff_advice, value_added_offers
from segments.renewal import renewal_due
from segments.save_priority import monthly_warning
from segments.upsell import upsell
from segments.winback import winback
from tags.bleeding import bleeding_amount, bleeding_cause
from tags.churn_priority import main_churn_signal, save_offer, save_priority
from tags.churn_risk import churn_risk_level, churn_risk_score
from tags.contract import days_to_contract_end
from tags.growth import growth_potential
from tags.sensitivity import sensitivity_type
from tags.spend import arpu_3m
from tags.spend_mix import over_plan_spend_3m
from tags.stickiness import convergence
from tags.unit_matrix import need_gaps
from tags.value import value_tier
from tags.winback import revenue_per_billed_month, winback_approach

help_now = campaign(
    segment=help_in_trouble,
    purpose="care",
    channels=("call", "sms", "app"),
    priority=1,
    title="Help in trouble",
    zh="困难时刻关怀行动",
    owner="service",
    description="Before anything else: who is in trouble is helped, and hears of nothing to buy. Nobody is held out.",
    value=arpu_3m,
    order=("-arpu_3m",),
)

save_at_risk = campaign(
    segment=monthly_warning,
    purpose="retention",
    channels=("call", "sms", "app"),
    priority=10,
    title="Save who may leave",
    zh="离网预警挽留行动",
    owner="retention",
    description="The monthly warning list, called in the order of saving.",
    score=churn_risk_score,
    value=arpu_3m,
    offer=Offer("stay_gift", title="Gift for staying", zh="在网礼遇", cost=20),
    apart=(apart("renewal_calls", days=30),),
    holdout=0.1,
    strata=value_tier,
    order=("-save_priority", "-churn_risk_score"),
    columns=(save_priority, save_offer, main_churn_signal, value_tier),
)

renewal_calls = campaign(
    segment=renewal_due,
    purpose="retention",
    channels=("call", "app", "sms"),
    priority=20,
    title="Renew before the contract ends",
    zh="合约到期续约行动",
    owner="retention",
    description="Mid and high value whose contract ends within 60 days, the soonest first.",
    value=arpu_3m,
    offer=Offer("renewal_reward", title="Reward for renewing early", zh="提前续约礼", cost=50),
    apart=(apart("save_at_risk", days=30),),
    holdout=0.1,
    strata=value_tier,
    order=("days_to_contract_end", "-arpu_3m"),
    columns=(days_to_contract_end, value_tier, sensitivity_type, churn_risk_level),
)

win_back_calls = campaign(
    segment=winback,
    purpose="retention",
    channels=("call", "sms"),
    priority=30,
    title="Win back who left",
    zh="高价值回流行动",
    owner="retention",
    description="By what may bring them back: a tariff, a repaired service, a newer network, a settled bill.",
    value=revenue_per_billed_month,
    offer=Offer("welcome_back", title="Welcome back", zh="回流礼包", cost=60),
    apart=(apart("win_back_calls", days=90),),
    holdout=0.1,
    strata=winback_approach,
    order=("-revenue_per_billed_month",),
    columns=(winback_approach, revenue_per_billed_month),
)

stop_loss_talks = campaign(
    segment=repair_bleeding,
    purpose="retention",
    channels=("call", "store"),
    priority=40,
    title="Stop the loss",
    zh="出血客户止损行动",
    owner="finance",
    description="A word about what makes the loss, the largest first.",
    value=bleeding_amount,
    apart=(apart("stop_loss_talks", days=180),),
    holdout=0.1,
    strata=bleeding_cause,
    order=("-bleeding_amount",),
    columns=(bleeding_cause, bleeding_amount),
    limit=1000,
)

advice_on_tariff = campaign(
    segment=tariff_advice,
    purpose="offer",
    channels=("app", "sms"),
    priority=50,
    title="Advice on the tariff",
    zh="资费优化建议行动",
    owner="service",
    description="Mature customers who pay 20 yuan or more a month beyond their plans; each is told of the plan that costs less.",
    value=over_plan_spend_3m,
    apart=(apart("advice_on_tariff", days=90),),
    holdout=0.1,
    order=("-over_plan_spend_3m",),
    columns=(over_plan_spend_3m, value_tier),
)

plan_upgrade = campaign(
    segment=upsell,
    purpose="offer",
    channels=("app", "sms", "call"),
    priority=60,
    title="Upgrade of the plan",
    zh="平均型升档行动",
    owner="market",
    description="Average customers with room to grow; never who would pay less afterwards.",
    score=growth_potential,
    value=360,  # a year of 30 a month
    offer=Offer(
        "plan_129", title="129 a month, 5G", zh="129元5G套餐", monthly_fee=129, cost=30, needs_network="5g",
        allowed_in_contract=False, dear=True,
    ),
    apart=(apart("plan_upgrade", days=60), apart("bundle_push", days=30)),
    holdout=0.1,
    strata=value_tier,
    columns=(growth_potential, value_tier),
)  # fmt: skip

bundle_push = campaign(
    segment=bundle_offers,
    purpose="offer",
    channels=("call", "app", "sms"),
    priority=60,
    title="Mobile and broadband together",
    zh="融合提值行动",
    owner="market",
    description="Mature customers of mid or high value who lack the other half.",
    value=600,  # a year of 50 a month
    offer=Offer("bundle", title="Mobile and broadband", zh="移动宽带融合", cost=120),
    apart=(apart("plan_upgrade", days=30),),
    holdout=0.1,
    strata=convergence,
    order=("-arpu_3m",),
    columns=(convergence, value_tier),
)

services_by_need = campaign(
    segment=value_added_offers,
    purpose="offer",
    channels=("app", "sms", "web"),
    priority=70,
    title="Services by need",
    zh="增值业务按需推荐行动",
    owner="market",
    description="A need shown and no product held for it; the need is named in the list.",
    value=96,  # a year of 8 a month
    offer=Offer("value_added", title="Value-added service", zh="增值业务"),
    holdout=0.1,
    order=("-arpu_3m",),
    columns=(need_gaps, value_tier),
    limit=2000,
)

days_to_greet = campaign(
    segment=greetings,
    purpose="care",
    channels=("app", "sms"),
    priority=90,
    title="Greetings",
    zh="节日与纪念日问候",
    owner="service",
    description="Birthdays, anniversaries, holidays and founding days of the coming days.",
    holdout=0.1,
)
