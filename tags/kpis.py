"""What the key figures of units, managers and others are made of, a customer or a line at a time."""

from typing import Any

from c360 import as_of, days, given, param, tag, when
from tags.base import is_active
from tags.contract import line_on_contract
from tags.lifecycle import lifecycle_stage
from tags.sources import Contract, Customer, Line, Ticket
from tags.spend import revenue_3m

retained_12m = tag(
    when(is_active.ago(months=param("kpi.retention_months", 12))).then(is_active).or_null(),
    title="Retained over 12 months",
    zh="十二月保有",
    owner="retention",
    description="Active 12 months ago and still; missing for who was not active then.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2025-10-31|; L2|C2|2020-01-01|2025-11-01; L3|C3|2020-01-01|2025-10-31; L4|C4|2025-11-01|""",
    ).gives(C1=True, C2=False, C3=None, C4=None),
)

churned_last_month = tag(
    when(is_active.ago(months=param("kpi.churn_months", 1))).then(~is_active).or_null(),
    title="Left in the last month",
    zh="近一月离网",
    owner="retention",
    description="Active a month ago and not now; missing for who was not active then.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="""line|customer|activated_on|deactivated_on
            L1|C1|2020-01-01|2026-10-31; L2|C2|2020-01-01|; L3|C3|2020-01-01|2026-09-30""",
    ).gives(C1=True, C2=False, C3=None),
)

_ended = Contract.end_on.days_until(as_of()).between(1, param("kpi.renewal_days", 90))
_until_then = Contract.line.deactivated_on.is_null() | (Contract.line.deactivated_on >= Contract.end_on)

line_renewed = tag(
    when(Contract.where(_ended & _until_then).count() > 0).then(line_on_contract).or_null(),
    title="Line renewed its contract",
    zh="用户续约",
    owner="retention",
    description="Of the lines whose contract ended in the 90 days before D, with the line in service until then: whether it is "
    "under contract again. Missing for the others.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="""line|activated_on|deactivated_on
            again|2020-01-01|; free|2020-01-01|; gone|2020-01-01|2026-10-05; broke_it|2020-01-01|2026-01-05; at_90|2020-01-01|
            at_91|2020-01-01|; last_day|2020-01-01|""",
        Contract="""line|start_on|end_on
            again|2024-10-01|2026-09-30; again|2026-09-01|2028-08-31; free|2024-10-01|2026-10-30; gone|2024-10-01|2026-09-30
            broke_it|2024-10-01|2026-09-30; at_90|2024-10-01|2026-08-02; at_91|2024-10-01|2026-08-01
            last_day|2024-10-01|2026-10-31""",
    ).gives(again=True, free=False, gone=False, broke_it=None, at_90=False, at_91=None, last_day=None),
)

lines_up_for_renewal = tag(
    Line.where(line_renewed.is_known()).count(),
    title="Lines whose contract ended, 90 days",
    zh="近90天合约到期用户数",
    unit="line",
    owner="retention",
    description="In service until the end of a contract in the 90 days before D. The renewal rate of a segment is the sum of "
    "lines_renewed by the sum of these.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1; L3|C1",
        Contract="line|start_on|end_on; L1|2024-10-01|2026-09-30; L2|2024-10-01|2026-09-30; L3|2024-10-01|2026-10-31",
    ).gives(C1=2, C2=0),
)

lines_renewed = tag(
    Line.where(line_renewed).count(),
    title="Lines that renewed their contract, 90 days",
    zh="近90天续约用户数",
    unit="line",
    owner="retention",
    description="Of those whose contract ended in the 90 days before D; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Contract="""line|start_on|end_on
            L1|2024-10-01|2026-09-30; L1|2026-10-01|2028-09-30; L2|2024-10-01|2026-09-30""",
    ).gives(C1=1, C2=0),
)

satisfaction_90d = Ticket.last(days(param("kpi.satisfaction_days", 90))).satisfaction.mean()


def stage_share(stage: str) -> Any:
    """Return the share that customers of a lifecycle stage have of the revenue of 3 months, for whoever they belong to."""
    return Customer.where(lifecycle_stage == stage)[revenue_3m].sum().or_zero() / revenue_3m.sum()
