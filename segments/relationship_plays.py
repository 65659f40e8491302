"""Retention plays by the laws of relationship and value, with the key moments of a person, and whom each answers."""

from c360 import play
from segments.care_lists import after_service, bill_care, came_to_store, greetings, help_in_trouble, key_customers_to_visit
from segments.competitor import competitor_campaign_area, competitor_exposed
from segments.save_priority import at_risk
from tags.base import is_active
from tags.care import first_bill_due
from tags.care_moments import (
    moment_after_use,
    moment_leaving,
    moment_new_product,
    moment_service_handled,
    moment_trouble,
    moment_visit,
)
from tags.churn_priority import save_priority
from tags.competitor import signal_competitor_campaign
from tags.grid import customer_grid
from tags.lifecycle import lifecycle_stage
from tags.sensitivity import sensitivity_type
from tags.winback import winback_approach

# The law of relationship: service that moves people, circles that hold them.

welcome = play(
    title="Welcome",
    zh="入网欢迎关怀",
    law="relationship",
    strategy="social_value",
    text="A call of thanks in the first week, help with settings, whom to ask; nothing is sold.",
    text_zh="首周致谢、协助设置、告知服务通道，不营销。",
    answers=[lifecycle_stage == "onboarding"],
)

first_bill_explained = play(
    title="First bill explained",
    zh="首张账单解读",
    law="relationship",
    trigger=first_bill_due,
    text="Go through the first bill line by line before questions come.",
    text_zh="主动逐项解读首张账单。",
    answers=[lifecycle_stage == "onboarding", first_bill_due, bill_care],
)

special_day = play(
    title="Surprise on a special day",
    zh="特殊日子惊喜",
    law="relationship",
    strategy="social_value",
    moment="special_day",
    trigger=greetings,
    text="A greeting in a person's words and a small gift on birthdays, anniversaries and holidays.",
    text_zh="生日、纪念日、节日送祝福与小礼。",
    answers=[greetings],
)

service_recovery = play(
    title="Service put right",
    zh="服务修复",
    law="relationship",
    moment="trouble",
    trigger=moment_trouble,
    text="One person owns the trouble until it is solved, calls back, and makes good what it cost.",
    text_zh="专人跟进到底，回访并补偿。",
    answers=[sensitivity_type.is_in("service", "mixed"), lifecycle_stage.is_in("growth", "mature", "warning", "decline")],
)

help_in_need = play(
    title="Help in need",
    zh="困难时刻感动服务",
    law="relationship",
    strategy="social_value",
    moment="trouble",
    trigger=moment_trouble,
    text="Solve the open ticket first, whoever it is, and say so before any other word.",
    text_zh="优先解决在途问题并主动告知。",
    answers=[moment_trouble, help_in_trouble],
)

own_manager = play(
    title="A manager of their own",
    zh="专属客户经理",
    law="relationship",
    strategy="social_value",
    moment="visit",
    text="Visits by one known person, who knows how we stand against rivals and may decide.",
    text_zh="固定客户经理走访，掌握竞争动态并可决策。",
    answers=[
        customer_grid == "large_premium",
        lifecycle_stage.is_in("growth", "mature", "warning", "decline"),
        key_customers_to_visit,
    ],
)

talk_in_store = play(
    title="A good word in the store",
    zh="到店关怀",
    law="relationship",
    moment="visit",
    trigger=moment_visit,
    text="Greet by name, check plan and device, settle one more thing than asked for.",
    text_zh="称呼姓名，顺带体检套餐与终端，多办一件事。",
    answers=[came_to_store],
)

call_after_service = play(
    title="Call after service",
    zh="办理后回访",
    law="relationship",
    moment="service_handled",
    trigger=moment_service_handled,
    text="Ask within a week whether it is really solved.",
    text_zh="一周内回访是否真正解决。",
    answers=[moment_service_handled, after_service],
)

first_steps = play(
    title="First steps with a new product",
    zh="新业务使用指导",
    law="relationship",
    moment="new_product",
    trigger=moment_new_product,
    text="Show how it is used and how it is ended.",
    text_zh="指导使用方法与退订方式。",
    answers=[moment_new_product, after_service],
)

how_it_serves = play(
    title="How does it serve?",
    zh="使用后关怀",
    law="relationship",
    moment="after_use",
    trigger=moment_after_use,
    text="After a month ask how the product serves, and change it where it does not.",
    text_zh="使用满月询问体验，不合适即调整。",
    answers=[moment_after_use, after_service],
)

new_at_risk_talk = play(
    title="Talk with a new customer at risk",
    zh="新入网风险沟通",
    law="relationship",
    text="Ask what was promised at the sale and keep it; then a contract plan, if they want one.",
    text_zh="核实销售承诺并兑现，再谈合约计划。",
    answers=[save_priority == "new_at_risk"],
)

stay_talk = play(
    title="Talk before they go",
    zh="离网挽留面谈",
    law="relationship",
    moment="leaving",
    trigger=moment_leaving,
    text="Ask for the cause, answer it with the play of their type, and part as friends if it fails.",
    text_zh="问明原因、对症挽留，留不住也好聚好散。",
    answers=[moment_leaving, at_risk],
)

apology_and_repair = play(
    title="Apology and repair",
    zh="致歉修复回流",
    law="relationship",
    text="Say what went wrong and what was changed; offer to try again without a term.",
    text_zh="说明问题与整改，邀请无约束试用回网。",
    answers=[~is_active, lifecycle_stage == "left", winback_approach.is_in("service_repair", "ask_why")],
)

# The law of value: what the brand means to them.

club = play(
    title="Club of the brand",
    zh="品牌俱乐部",
    law="value",
    strategy="social_value",
    text="Circles by interest, early access, a say in what comes next.",
    text_zh="兴趣圈层、新品先享、共创参与。",
    answers=[
        sensitivity_type == "brand",
        lifecycle_stage.is_in("growth", "mature", "warning"),
        customer_grid.is_in("large_premium", "small_premium", "average"),
    ],
)

standing = play(
    title="Standing with partners",
    zh="尊享权益",
    law="value",
    strategy="partner_resources",
    text="Lounges, fast lanes and doctors by appointment through partners, under our name.",
    text_zh="机场贵宾、快速通道、预约就医等合作权益。",
    answers=[
        sensitivity_type.is_in("brand", "service", "none"),
        customer_grid == "large_premium",
        lifecycle_stage.is_in("growth", "mature", "warning"),
    ],
)

years_together = play(
    title="Years together",
    zh="网龄荣誉",
    law="value",
    strategy="endow_value",
    text="Tenure earns a level that shows, with a privilege that grows each year.",
    text_zh="网龄等级可见，特权逐年递增。",
    answers=[lifecycle_stage == "mature", sensitivity_type.is_in("brand", "none", "security", "service")],
)

answer_the_rival = play(
    title="Answer the rival",
    zh="竞争应对",
    law="value",
    strategy="endow_value",
    moment="competitor_attack",
    trigger=signal_competitor_campaign,
    text="Say what we are better at for this customer, and match the rest by a term, not by a price cut.",
    text_zh="突出对其更优之处，以合约权益而非降价回应。",
    answers=[competitor_exposed, competitor_campaign_area],
)
