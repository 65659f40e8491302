"""Retention plays for organisations, each at its key moment."""

from c360 import play
from tags.care_moments import group_in_trouble, group_is_new
from tags.churn_groups import group_batch_moves, group_competitor_ending
from tags.groups import group_size

opening_gift = play(
    title="Opening day",
    zh="单位开业祝贺",
    law="relationship",
    strategy="social_value",
    moment="opening",
    trigger=group_is_new,
    text="Be there on the opening day, with lines that work and a person who stays in charge.",
    text_zh="开业到场祝贺，通信保障与专人对接。",
    answers=[group_is_new],
)

trouble_team = play(
    title="Team for the organisation's trouble",
    zh="集团故障攻坚",
    law="relationship",
    moment="trouble",
    trigger=group_in_trouble,
    text="One team for all its tickets, a report each day, and what it cost made good.",
    text_zh="专班处理全部工单，日报进度并补偿。",
    answers=[group_in_trouble],
)

solution = play(
    title="A solution, not lines",
    zh="行业解决方案",
    law="product",
    strategy="partner_resources",
    moment="solution_request",
    text="Network, cloud, security and billing in one proposal, with partners where we have nothing.",
    text_zh="网、云、安全、账务一体方案，联合伙伴补足。",
    answers=[group_size.is_in("medium", "large")],
)

tender_before_the_rival = play(
    title="Tender before the rival's contract ends",
    zh="竞争合约到期抢签",
    law="cost",
    strategy="raise_sunk_cost",
    moment="competing_expiry",
    trigger=group_competitor_ending,
    text="Bring all lines under one contract with us, at a price for the whole, before the other ends.",
    text_zh="竞争合约到期前以整体优惠签约归并。",
    answers=[group_competitor_ending],
)

visit_the_same_day = play(
    title="Visit the same day",
    zh="批量异动当日走访",
    law="relationship",
    moment="abnormal_batch",
    trigger=group_batch_moves,
    text="The manager and one who may decide see the key person the same day, and learn who moves the lines.",
    text_zh="客户经理携决策者当日走访关键人，查明批量异动原因。",
    answers=[group_batch_moves],
)

answer_an_attack = play(
    title="Answer an attack on the organisation",
    zh="集团竞争攻击应对",
    law="value",
    strategy="endow_value",
    moment="competitor_attack",
    trigger=group_batch_moves,
    text="Show service levels and references of its industry; offer a network of its own before a lower price.",
    text_zh="展示服务等级与同业案例，以集团网等价值替代降价。",
    answers=[group_batch_moves, group_competitor_ending],
)
