"""Channels: the signs that a channel's new lines are not what they seem, and how good its customers are."""

from c360 import first_match, given, param, scorecard, tag, when
from tags._examples import many, rows
from tags.acquisition import (
    channel_batch_share,
    channel_device_reuse,
    channel_early_arrears_share,
    channel_idle_share,
    channel_recent_lines,
    channel_survival_3m,
    line_is_recent,
)
from tags.base import lines_active, tenure_months
from tags.churn_evidence import arrears_amount
from tags.contract import on_contract
from tags.sources import Channel, Line
from tags.spend import dou_3m, mou_3m
from tags.value import value_tier

channel_sign_idle = tag(
    channel_idle_share >= param("acquisition.idle_share", 0.2),
    title="Sign of abnormal acquisition: lines without usage",
    zh="异常发展：零使用",
    owner="sales",
    description="A fifth or more of the new lines. Evidence: channel_idle_share. Unknown without a new line.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Line=rows(
            "line|channel|service_type|activated_on",
            many("W{n}|W|mobile|2026-09-01", 1, 5),
            many("X{n}|X|mobile|2026-09-01", 1, 11),
        ),
        Usage=rows("line|day|calls_out", many("W{n}|2026-10-20|1", 2, 5), many("X{n}|2026-10-20|1", 3, 11)),
    ).gives(W=True, X=False, Y=None),
)

channel_sign_batch = tag(
    channel_batch_share >= param("acquisition.batched_share", 0.5),
    title="Sign of abnormal acquisition: batches",
    zh="异常发展：批量开通",
    owner="sales",
    description="Half of the new lines or more came in batches. Evidence: channel_batch_share. Unknown without a new line.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Line=rows(
            "line|channel|activated_on",
            many("W{n}|W|2026-10-20", 1, 10),
            many("WW{n}|W|2026-09-{n}", 11, 20),
            many("X{n}|X|2026-10-20", 1, 10),
            many("XX{n}|X|2026-09-{n}", 11, 21),
        ),
    ).gives(W=True, X=False, Y=None),
)

channel_sign_devices = tag(
    channel_device_reuse >= param("acquisition.device_reuse", 0.2),
    title="Sign of abnormal acquisition: shared devices",
    zh="异常发展：终端重复",
    owner="sales",
    description="A fifth or more of the new lines are on a device that another has; a few pairs are cards of one owner's "
    "phone. Evidence: channel_device_reuse. Unknown where no device is known.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Line=rows(
            "line|channel|activated_on|device_id",
            "W1|W|2026-09-01|D2",
            many("W{n}|W|2026-09-01|D{n}", 2, 5),
            many("X{n}|X|2026-09-01|E3", 1, 2),
            many("X{n}|X|2026-09-01|E{n}", 3, 11),
        ),
    ).gives(W=True, X=False, Y=None),
)

channel_sign_arrears = tag(
    channel_early_arrears_share >= param("acquisition.arrears_share", 0.1),
    title="Sign of abnormal acquisition: early arrears",
    zh="异常发展：早期欠费",
    owner="sales",
    description="A tenth or more of the new lines owe from their first 3 months. Evidence: channel_early_arrears_share. "
    "Unknown without a new line.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Account=rows("account|opened_on", many("A{n}|2026-06-01", 1, 2)),
        Line=rows(
            "line|account|channel|activated_on",
            "W1|A1|W|2026-06-01",
            many("W{n}|A2|W|2026-06-01", 2, 10),
            "X1|A1|X|2026-06-01",
            many("X{n}|A2|X|2026-06-01", 2, 11),
        ),
        Payment="account|due_on|amount_due; A1|2026-08-20|60",
    ).gives(W=True, X=False, Y=None),
)

channel_abnormal_signs = tag(
    when(channel_sign_idle).then(1).otherwise(0)
    + when(channel_sign_batch).then(1).otherwise(0)
    + when(channel_sign_devices).then(1).otherwise(0)
    + when(channel_sign_arrears).then(1).otherwise(0),
    title="Signs of abnormal acquisition",
    zh="异常发展迹象数",
    unit="sign",
    owner="sales",
    description="Of four: no usage, batches, shared devices, early arrears; one that is unknown does not count.",
    source="field sources",
    example=given(
        "2026-10-31",
        Channel="channel; W; X; Y",
        Account="account|opened_on",
        Line=rows(
            "line|channel|service_type|activated_on|device_id",
            many("W{n}|W|mobile|2026-09-01|D{n}", 1, 10),
            "X1|X|mobile|2026-10-20|D1",
        ),
    ).gives(W=1 + 1, X=0, Y=0),
)

channel_acquisition = tag(
    first_match(
        too_few=channel_recent_lines < param("acquisition.judged_lines", 10),
        abnormal=channel_abnormal_signs >= param("acquisition.abnormal_signs", 2),
        doubtful=(channel_abnormal_signs >= 1) | (channel_survival_3m < param("acquisition.survival_share", 0.8)).or_false(),
        otherwise="sound",
    ),
    title="Acquisition quality of a channel",
    zh="渠道发展质量",
    owner="sales",
    description="Fewer than 10 new lines are too few to judge. Abnormal with two signs of four; doubtful with one, or where "
    "fewer than 80 % of the lines live 3 months.",
    source="field sources (abnormal acquisition); cuts ours",
    levels_zh={"too_few": "样本不足", "abnormal": "异常发展", "doubtful": "可疑", "sound": "正常", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Account="account|opened_on",
        Channel="channel; few; two_signs; one_sign; lasting; short_lived; new",
        Line=rows(
            "line|channel|service_type|activated_on|deactivated_on|device_id",
            many("F{n}|few|mobile|2026-09-01||F{n}", 1, 9),
            many("T{n}|two_signs|mobile|2026-09-01||T{n}", 1, 10),
            many("O{n}|one_sign|iptv|2026-09-01||O{n}", 1, 10),
            many("L{n}|lasting|iptv|2026-05-{n}||L{n}", 10, 17),
            many("L{n}|lasting|iptv|2026-05-{n}|2026-08-09|L{n}", 18, 19),
            many("S{n}|short_lived|iptv|2026-05-{n}||S{n}", 10, 20),
            many("S{n}|short_lived|iptv|2026-05-{n}|2026-08-09|S{n}", 21, 23),
            many("N{n}|new|iptv|2026-10-{n}||N{n}", 10, 19),
        ),
    ).gives(few="too_few", two_signs="abnormal", one_sign="doubtful", lasting="sound", short_lived="doubtful", new="sound"),
)

new_customer_score = tag(
    when(tenure_months < param("newcomer.months", 6))
    .then(
        scorecard(
            spends=(value_tier >= "mid", param("newcomer.spends", 30)),
            committed=(on_contract, param("newcomer.committed", 20)),
            pays=(arrears_amount == 0, param("newcomer.pays", 20)),
            ported_in=(Line.ported_in.any(), param("newcomer.ported_in", 10)),
            several_lines=(lines_active >= 2, param("newcomer.several_lines", 10)),
            uses_it=((mou_3m > 0) | (dou_3m > 0), param("newcomer.uses_it", 10)),
        )
    )
    .or_null(),
    title="New-customer value score",
    zh="新增客户价值评分",
    unit="score",
    owner="sales",
    description="0 to 100 in the first 6 months, missing later and where the day of joining is not known: spends at mid value "
    "or more, under contract, owes nothing, came from a competitor, holds several lines, uses them.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2026-05-01; C2|2026-04-30; C3|2026-10-01; C4|2026-10-01",
        Account="account|customer; A4|C4",
        Line="""line|customer|account|activated_on|ported_in
            L1|C1||2026-05-01|T; L2|C1||2026-05-01|F; L3|C2||2026-04-30|T; L4|C4|A4|2026-10-01|F""",
        Bill="line|month|total; L1|2026-10|300; L3|2026-10|300",
        Contract="line|start_on|end_on; L2|2026-05-01|2028-04-30",
        Payment="account|due_on|amount_due; A4|2026-10-20|60",
        Usage="line|day|minutes_out; L4|2026-10-20|5",
    ).gives(C1=30 + 20 + 20 + 10 + 10, C2=None, C3=20, C4=10),
)

channel_new_customer_score = tag(
    Line.where(line_is_recent)[Line.customer[new_customer_score]].mean(),
    entity=Channel,
    title="Value score of a channel's new customers",
    zh="渠道新增客户价值评分",
    unit="score",
    owner="sales",
    description="Mean over its new lines of their customers' score; a customer who is not new has none. Missing without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Channel="channel; W; X",
        Customer="customer|joined_on; C1|2026-09-01; C2|2026-09-01; C3|2020-01-01",
        Account="account|customer",
        Line="""line|customer|channel|activated_on|ported_in
            L1|C1|W|2026-09-01|F; L2|C2|W|2026-09-01|T; L3|C3|W|2026-09-01|T; L4|C3|X|2026-09-01|T""",
    ).gives(W=(20 + 30) / 2, X=None),
)
