"""Relationship lifecycle, of each line and of the customer by the main line; and the job that each stage has."""

from c360 import as_of, days, first_match, given, months, param, tag, when
from tags.base import is_active, line_is_active
from tags.churn import open_complaints, port_out_inquiries_90d
from tags.churn_risk import churn_risk_level
from tags.lifecycle import is_main_line, lifecycle_stage, line_strong_signal
from tags.sensitivity_evidence import satisfaction_12m
from tags.sources import Bill, Line, Subscription
from tags.spend import line_revenue_3m
from tags.stickiness import bonds_held

_STAGES_ZH = {
    "leaving": "离网", "acquisition": "获取", "decline": "衰退", "uplift": "提升", "maturity": "成熟", "unknown": "未知",
}  # fmt: skip
_band = param("relationship.stable_band", 0.15)

line_spend_change = tag(
    line_revenue_3m / Bill.last(months(3).before(months(3))).total.sum() - 1,
    entity=Line,
    title="Change of a line's spend against the quarter before",
    zh="用户消费季环比",
    unit="ratio",
    owner="retention",
    description="Bills of the last 3 complete months against the 3 before: 0.5 is half as much again, -1 nothing left. Missing "
    "where there was nothing before.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Bill="line|month|total; L1|2026-05|100; L1|2026-08|115; L2|2026-05|100; L3|2026-08|100",
    ).gives(L1=0.15, L2=-1, L3=None),
)

_quarter = param("relationship.quarter_days", 90)
_started = Subscription.last(days(_quarter)).count()
_ended = Subscription.where(Subscription.ended_on.days_until(as_of()) < _quarter).count()

line_products_gained = tag(
    _started - _ended,
    entity=Line,
    title="Products gained by a line, 90 days",
    zh="用户近90天产品净增",
    unit="product",
    owner="retention",
    description="Those that run at the end of D less those that ran 90 days before; 0 without a change.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Subscription="""line|product|started_on|ended_on
            L1|A|2026-08-03|; L1|B|2026-08-02|; L2|A|2026-01-01|2026-08-03; L2|B|2026-01-01|2026-08-02
            L3|A|2026-09-01|2026-10-01""",
    ).gives(L1=1, L2=-1, L3=0),
)

is_satisfied = tag(
    (open_complaints == 0) & (satisfaction_12m.is_null() | (satisfaction_12m >= param("relationship.satisfied", 3))),
    title="Satisfied",
    zh="满意客户",
    owner="service",
    description="No complaint open, and mean satisfaction of 3 or more in 12 months where there is a rating.",
    source="our own",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4; C5",
        Ticket="""customer|opened_on|closed_on|kind|satisfaction
            C1|2026-01-01|2026-01-02|price|3; C2|2026-01-01|2026-01-02|price|2; C3|2026-01-01||price|
            C5|2026-01-01|2026-01-02|retention|3; C5|2026-01-03|2026-01-04|retention|3; C5|2026-01-05|2026-01-06|retention|3
            C5|2026-01-07|2026-01-08|retention|2""",
    ).gives(C1=True, C2=False, C3=False, C4=True, C5=False),
)

_of = Line.customer
_goes = (_of[port_out_inquiries_90d] >= 1).or_false() | (_of[churn_risk_level] == "critical").or_false()
_rises = (line_spend_change > _band).or_false() | (line_products_gained > 0)
_settled = _of[is_satisfied].or_false() & (_of[bonds_held] >= param("relationship.bonds", 2)).or_false()

line_relationship_stage = tag(
    first_match(
        leaving=~line_is_active | _goes,
        acquisition=Line.activated_on.months_until(as_of()) < param("relationship.acquisition_months", 3),
        decline=(line_spend_change <= -_band).or_false() | line_strong_signal,
        uplift=_rises | ~_settled,
        otherwise="maturity",
    ),
    title="Relationship stage of a line",
    zh="用户关系生命周期",
    owner="retention",
    description="First that holds. Leaving: deactivated, its customer asked to port out in 90 days or is at critical risk. "
    "Acquisition: first 3 months. Decline: spend down 15 % or more against the quarter before, or a strong signal. Uplift: spend "
    "up by more, or products gained; or stable, but its customer is not satisfied, or held by fewer than two bonds, so still to "
    "be won. Else maturity. 'unknown' without a day of activation.",
    source="field sources (stages); order, signs and cuts ours",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; settled; loose; goes; angry",
        Membership="""customer|since_on|group_kind
            settled|2020-01-01|household; goes|2020-01-01|household; angry|2020-01-01|household; loose|2020-01-01|household""",
        Points="customer|moved_on|balance; settled|2020-01-01|500; goes|2020-01-01|500; angry|2020-01-01|500",
        Line="""line|customer|service_type|activated_on|deactivated_on
            gone|settled|iptv|2020-01-01|2026-10-01; undated|settled|iptv||; month_2|settled|iptv|2026-08-01|
            month_3|settled|iptv|2026-07-31|
            falls|settled|iptv|2020-01-01|; dips|settled|iptv|2020-01-01|; rises|settled|iptv|2020-01-01|
            gains|settled|iptv|2020-01-01|; stable|settled|iptv|2020-01-01|; unbound|loose|iptv|2020-01-01|
            ported|goes|iptv|2020-01-01|; upset|angry|iptv|2020-01-01|""",
        Bill="""line|month|total
            falls|2026-05|100; falls|2026-10|85; dips|2026-05|100; dips|2026-10|85.01; rises|2026-05|100; rises|2026-10|115.01
            gains|2026-05|100; gains|2026-10|100; stable|2026-05|100; stable|2026-10|115; unbound|2026-05|100
            unbound|2026-10|100""",
        Subscription="line|product|started_on|ended_on; gains|A|2026-10-01|",
        Ticket="customer|opened_on|closed_on|kind; goes|2026-10-01||port_out; angry|2026-10-01||price",
    ).gives(
        gone="leaving", undated="unknown", month_2="acquisition", month_3="maturity", falls="decline", dips="maturity",
        rises="uplift", gains="uplift", stable="maturity", unbound="uplift", ported="leaving", upset="uplift",
    ),
)  # fmt: skip

main_line_relationship_stage = tag(
    when(is_main_line).then(line_relationship_stage).or_null().first(),
    title="Relationship stage of the main line",
    zh="主用户关系生命周期",
    owner="retention",
    description="Missing without a line in service.",
    source="our own",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|service_type|activated_on; L1|C1|iptv|2026-10-01; L2|C1|iptv|2020-01-01",
        Bill="line|month|total; L1|2026-10|90; L2|2026-10|20",
    ).gives(C1="acquisition", C2=None),
)

relationship_stage = tag(
    first_match(
        leaving=(~is_active & (Line.count() > 0)) | (main_line_relationship_stage == "leaving").or_false(),
        acquisition=main_line_relationship_stage == "acquisition",
        decline=main_line_relationship_stage == "decline",
        uplift=main_line_relationship_stage == "uplift",
        maturity=main_line_relationship_stage == "maturity",
        otherwise="unknown",
    ),
    title="Relationship stage",
    zh="关系生命周期",
    owner="retention",
    description="The stage of the main line; leaving, too, when no line is in service any more; 'unknown' for a customer who never "
    "had one. How customers move between the stages of two quarters is a flow between two dates.",
    source="field sources (stages); order, signs and cuts ours",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2026-10-01|; L2|C2|iptv|2020-01-01|2026-01-01; L3|C3|iptv|2020-01-01|""",
        Bill="line|month|total; L3|2026-05|100; L3|2026-10|20",
    ).gives(C1="acquisition", C2="leaving", C3="decline", C4="unknown"),
)

relationship_stage_3m_ago = tag(
    relationship_stage.ago(months=3),
    title="Relationship stage a quarter ago",
    zh="上季度关系生命周期",
    owner="retention",
    description="As it was 3 months before D, by what was known then; missing for a customer who was not there yet.",
    source="field sources (movement over quarters)",
    levels_zh=_STAGES_ZH,
    example=given(
        "2026-10-31",
        Customer="customer|joined_on; C1|2020-01-01; C2|2026-10-01",
        Line="line|customer|service_type|activated_on; L1|C1|iptv|2026-06-01; L2|C2|iptv|2026-10-01",
    ).gives(C1="acquisition", C2=None),
)

stage_job = tag(
    first_match(
        welcome=lifecycle_stage == "onboarding",
        develop=lifecycle_stage == "growth",
        deepen=lifecycle_stage == "mature",
        retain=lifecycle_stage.is_in("warning", "decline"),
        win_back=lifecycle_stage == "left",
        otherwise="none",
    ),
    title="Job of the lifecycle stage",
    zh="生命周期工作重点",
    owner="retention",
    description="Welcome: trust, the first bill explained, no selling. Develop: added services and habit, nothing high-priced "
    "unless asked for. Deepen: higher value, bundles, tariff advice that saves money. Retain: renewal and retention. Win back: "
    "who left. None for a customer without a stage. Care runs through all.",
    source="field sources",
    levels_zh={
        "welcome": "信任与欢迎", "develop": "增值与习惯", "deepen": "提值与融合", "retain": "续约与挽留", "win_back": "回流",
        "none": "无", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|service_type|activated_on|deactivated_on
            L1|C1|iptv|2026-10-01|; L2|C2|iptv|2020-01-01|2026-01-01; L3|C3|iptv|2020-01-01|""",
    ).gives(C1="welcome", C2="win_back", C3="deepen", C4="none"),
)  # fmt: skip
