"""Retention plays by the laws of cost and product: what to do, by which strategy, and whom each answers."""

from c360 import play
from segments.care_lists import help_in_trouble, reminders
from segments.churn_warning import churn_warning
from segments.low_efficiency import low_efficiency
from segments.renewal import renewal_due, renewal_overdue
from segments.save_priority import at_risk
from segments.value import value_declining
from tags.base import is_active
from tags.bleeding import bleeding_cause
from tags.care_moments import moment_arrears_stop, moment_lost_phone
from tags.churn_priority import save_priority
from tags.grid import customer_grid
from tags.lifecycle import lifecycle_stage
from tags.sensitivity import sensitivity_type
from tags.stickiness import convergence
from tags.winback import winback_approach

# The law of cost: care by activities, fee offers, benefits that bind.

fee_offer = play(
    title="Fee offer for staying",
    zh="话费优惠挽留",
    law="cost",
    strategy="raise_sunk_cost",
    text="Money paid in comes back month by month with something on top, so that leaving forfeits the rest.",
    text_zh="存费送费、分月返还，离网即失去未返部分。",
    answers=[
        sensitivity_type.is_in("price", "mixed"),
        lifecycle_stage.is_in("mature", "warning", "decline"),
        customer_grid != "bleeding",
        save_priority != "none",
        at_risk,
        churn_warning,
        renewal_overdue,
    ],
)

early_renewal = play(
    title="Reward for renewing early",
    zh="提前续约奖励",
    law="cost",
    strategy="raise_sunk_cost",
    trigger=renewal_due,
    text="Renew before the contract ends and take points, data or a device price that a later renewal does not get.",
    text_zh="到期前续约赠积分、流量或购机优惠，过期不享。",
    answers=[
        lifecycle_stage.is_in("warning", "decline"),
        customer_grid != "bleeding",
        save_priority == "contract_ending",
        renewal_due,
    ],
)

tariff_checkup = play(
    title="Tariff check-up",
    zh="资费体检",
    law="cost",
    strategy="endow_value",
    text="Compare the last bills with every plan and offer the one that costs less for what is used.",
    text_zh="对比近期账单与在售套餐，推荐更省的一档。",
    answers=[
        sensitivity_type.is_in("price", "mixed"),
        lifecycle_stage.is_in("mature", "warning"),
        customer_grid.is_in("large_premium", "small_premium", "average"),
    ],
)

partner_benefits = play(
    title="Benefits of partners",
    zh="异业权益回馈",
    law="cost",
    strategy="partner_resources",
    text="Vouchers of shops, films and travel, paid by partners, each month that the line stays.",
    text_zh="联合商户、影院、出行伙伴按月发放权益券。",
    answers=[
        sensitivity_type.is_in("price", "none", "mixed"),
        lifecycle_stage.is_in("growth", "mature"),
        customer_grid.is_in("average", "small_ordinary", "small_premium"),
    ],
)

grace_for_arrears = play(
    title="Grace instead of the bar",
    zh="欠费缓停",
    law="cost",
    moment="arrears_stop",
    trigger=moment_arrears_stop,
    text="Keep the line of a good payer open for some days and let the invoice be paid in parts.",
    text_zh="信用良好者缓停数日，可分期补缴。",
    answers=[moment_arrears_stop, reminders, help_in_trouble],
)

settle_and_return = play(
    title="Settle the arrears and return",
    zh="欠费和解回流",
    law="cost",
    text="Forgive a part of what is owed to who pays the rest and comes back under contract.",
    text_zh="补缴部分欠费并签约即可复机回网。",
    answers=[~is_active, lifecycle_stage == "left", winback_approach == "settle_arrears"],
)

return_tariff = play(
    title="A tariff to come back for",
    zh="回流专属资费",
    law="cost",
    strategy="raise_sunk_cost",
    text="A plan that only returners get, with the old tenure and points counted on.",
    text_zh="离网客户专属套餐，恢复网龄与积分。",
    answers=[~is_active, lifecycle_stage == "left", winback_approach.is_in("better_tariff", "ask_why")],
)

stop_the_subsidy = play(
    title="Stop the subsidy",
    zh="停止补贴",
    law="cost",
    text="No further device or fee subsidy, no campaign money; claim what the contract allows.",
    text_zh="停止终端与话费补贴及营销投入，依约追偿。",
    answers=[customer_grid == "bleeding", bleeding_cause.is_in("speculative_buying", "subsidy_not_recovered", "service_cost")],
)

# The law of product: made to measure, bundled, with what partners add.

reprice_with_terms = play(
    title="New price, with terms",
    zh="重新定价并约束",
    law="product",
    strategy="raise_sunk_cost",
    text="At the next change move to a plan that earns its cost, with a term that binds both sides.",
    text_zh="下次变更时转入可盈利套餐并签订合约。",
    answers=[
        customer_grid == "bleeding",
        bleeding_cause.is_in("price_too_low", "discount_too_deep", "no_commitment", "product_mix"),
    ],
)

made_to_measure = play(
    title="Plan made to measure",
    zh="个性化定制套餐",
    law="product",
    strategy="endow_value",
    text="Minutes, data and extras put together from the customer's own use, for no one else.",
    text_zh="按本人使用量身定制语音、流量与权益。",
    answers=[
        sensitivity_type.is_in("service", "none", "mixed", "brand"),
        lifecycle_stage.is_in("mature", "warning", "decline"),
        customer_grid.is_in("large_premium", "average"),
        value_declining,
    ],
)

home_bundle = play(
    title="Bundle for the home",
    zh="家庭融合捆绑",
    law="product",
    strategy="raise_sunk_cost",
    text="Mobile, broadband and television on one account, with sub-cards for the family.",
    text_zh="手机、宽带、电视一账合，副卡共享。",
    answers=[
        convergence.is_in("mobile_only", "mobile_home", "home_only"),
        lifecycle_stage.is_in("growth", "mature"),
        customer_grid != "bleeding",
    ],
)

value_added_taste = play(
    title="Taste of a service",
    zh="增值业务体验",
    law="product",
    strategy="endow_value",
    text="A month free of the service that the need gap names, ended by itself unless kept.",
    text_zh="按需求缺口赠一个月体验，到期自动取消。",
    answers=[lifecycle_stage == "growth", customer_grid.is_in("small_premium", "average", "small_ordinary")],
)

derived_products = play(
    title="Derived products, modestly",
    zh="适度衍生产品",
    law="product",
    strategy="endow_value",
    text="One small product beside what they hold, for a greater share of the wallet.",
    text_zh="围绕现有使用推荐一项衍生产品，提升份额。",
    answers=[customer_grid == "small_premium", lifecycle_stage.is_in("growth", "mature")],
)

self_service_mode = play(
    title="Another mode of service",
    zh="转自助服务模式",
    law="product",
    text="App, kiosk and messages instead of calls and visits, with a small gift for the first use.",
    text_zh="引导至客户端、自助终端，首用有礼。",
    answers=[customer_grid == "small_ordinary", low_efficiency],
)

guarded_line = play(
    title="Guarded line",
    zh="安全守护包",
    law="product",
    strategy="endow_value",
    text="Number lock, fraud and spam blocking, a second factor for changes, and a person to ask.",
    text_zh="号码锁、防诈拦截、变更二次验证与专人咨询。",
    answers=[sensitivity_type == "security"],
)

lost_phone_help = play(
    title="Number and numbers saved",
    zh="丢机无忧",
    law="product",
    strategy="endow_value",
    moment="lost_phone",
    trigger=moment_lost_phone,
    text="Bar at once, a card the same day, a phone on loan, the address book from the cloud.",
    text_zh="即时挂失、当日补卡、备机借用、云端恢复通讯录。",
    answers=[moment_lost_phone, help_in_trouble],
)

new_network_move = play(
    title="Move to the newer network",
    zh="换机升网",
    law="product",
    strategy="partner_resources",
    text="A device of a partner at a contract price, the old one taken in exchange.",
    text_zh="合作终端合约价、以旧换新。",
    answers=[~is_active, lifecycle_stage == "left", winback_approach == "new_technology"],
)
