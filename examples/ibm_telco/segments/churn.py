"""Segments of IBM's customers: who left, who may be next."""

from c360 import given, segment
from tags.customer import charge_tier, contract_kind, has_left, satisfaction, tenure_cluster
from tags.sources import Services

month_to_month = segment(
    contract_kind == "month_to_month",
    title="On a month-to-month contract", zh="月付客户", owner="retention",
    example=given(Services="customer|contract; C1|month_to_month; C2|one_year").gives(C1=True, C2=False),
)  # fmt: skip

left_month_to_month = segment(
    has_left,
    universe=month_to_month,
    title="Left, of those month-to-month",
    zh="离网的月付客户",
    owner="retention",
    example=given(
        Services="customer|contract; C1|month_to_month; C2|two_year; C3|month_to_month",
        Status="customer|has_left; C1|T; C2|T; C3|F",
    ).gives(C1=True, C2=False, C3=False),
)

still_here = segment(
    ~has_left,
    title="Still customers", zh="在网客户", owner="retention",
    example=given(Status="customer|has_left; C1|T; C2|F; C3|").gives(C1=False, C2=True, C3=False),
)  # fmt: skip

at_risk = segment(
    (contract_kind == "month_to_month")
    & (tenure_cluster != "over_12")
    & (Services.internet == "fiber")
    & ~Services.has_tech_support,
    universe=still_here,
    title="Likely to leave next", zh="高风险在网客户", owner="retention",
    description="Young month-to-month fibre customers without tech support, who left most often in the sample.",
    example=given(
        Services="""customer|contract|tenure_months|internet|has_tech_support
            C1|month_to_month|6|fiber|F
            C2|month_to_month|13|fiber|F
            C3|month_to_month|6|fiber|F""",
        Status="customer|has_left; C1|F; C2|F; C3|T",
    ).gives(C1=True, C2=False, C3=False),
)  # fmt: skip

worth_saving = segment(
    (charge_tier >= "mid") & (satisfaction <= 3),
    universe=at_risk,
    title="Worth saving first", zh="优先挽留", owner="retention",
    description="Uses the satisfaction score, which has no history: current runs only.",
    example=given(
        Services="""customer|contract|tenure_months|internet|has_tech_support|monthly_charge
            C1|month_to_month|6|fiber|F|60
            C2|month_to_month|6|fiber|F|59.99
            C3|month_to_month|6|fiber|F|60""",
        Status="customer|has_left|satisfaction; C1|F|3; C2|F|3; C3|F|4",
    ).gives(C1=True, C2=False, C3=False),
)  # fmt: skip
