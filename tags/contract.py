"""Contracts: when the customer's commitments end, and what state they are in."""

from c360 import as_of, first_match, given, param, tag, when
from tags.base import line_is_active
from tags.sources import Contract, Line

line_contract_end_on = tag(
    Contract.end_on.max(),
    entity=Line,
    title="End of a line's last contract",
    zh="用户合约到期日",
    owner="retention",
    description="The latest end among the line's contracts, so a renewal counts from the day it starts; may be past.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1",
        Contract="line|start_on|end_on; L1|2024-12-01|2026-11-30; L1|2026-10-01|2028-09-30; L1|2026-11-05|2030-01-01",
    ).gives(L1="2028-09-30", L2=None),
)

line_days_to_contract_end = tag(
    as_of().days_until(line_contract_end_on),
    title="Days to the end of a line's contract",
    zh="用户合约剩余天数",
    unit="day",
    owner="retention",
    description="0 on the last day, negative after it; missing for a line that never had a contract.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C1; L3|C1; L4|C1",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-12-30; L2|2025-01-01|2026-10-31; L3|2025-01-01|2026-10-29",
    ).gives(L1=60, L2=0, L3=-2, L4=None),
)

line_on_contract = tag(
    line_is_active & (line_days_to_contract_end >= 0).or_false(),
    title="Line under contract",
    zh="用户在约",
    owner="retention",
    description="In service, with a contract that has not ended; the last day still counts.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|deactivated_on; L1|; L2|; L3|2026-10-01; L4|",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-10-31; L2|2025-01-01|2026-10-30; L3|2025-01-01|2027-01-31",
    ).gives(L1=True, L2=False, L3=False, L4=False),
)

on_contract = tag(
    line_on_contract.any(),
    title="Under contract",
    zh="在约客户",
    owner="retention",
    description="Any line in service is under contract.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Contract="line|start_on|end_on; L1|2025-01-01|2027-01-31; L3|2025-01-01|2026-10-30",
    ).gives(C1=True, C2=False, C3=False),
)

days_to_contract_end = tag(
    when(line_on_contract).then(line_days_to_contract_end).or_null().min(),
    title="Days to the nearest end of a contract",
    zh="合约剩余天数",
    unit="day",
    owner="retention",
    description="The nearest end among the lines under contract; never negative, missing when none is.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|2026-10-01; L4|C1|; L5|C2|",
        Contract="""line|start_on|end_on
            L1|2025-01-01|2026-12-30; L2|2025-01-01|2027-06-30; L3|2025-01-01|2026-11-01; L4|2025-01-01|2026-10-30""",
    ).gives(C1=60, C2=None),
)

lines_contract_expired = tag(
    Line.where(line_is_active & (line_days_to_contract_end < 0)).count(),
    title="Lines in service whose contract is over",
    zh="合约到期仍在网用户数",
    unit="line",
    owner="retention",
    description="Expired, not renewed, and still here.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|; L3|C1|2026-10-01; L4|C2|",
        Contract="line|start_on|end_on; L1|2025-01-01|2026-10-30; L2|2025-01-01|2026-10-31; L3|2025-01-01|2026-08-31",
    ).gives(C1=1, C2=0),
)

contract_state = tag(
    first_match(
        ending=on_contract & (days_to_contract_end <= param("contract.expiring_days", 90, source="S")),
        in_force=on_contract,
        expired=lines_contract_expired > 0,
        otherwise="none",
    ),
    title="State of the contracts",
    zh="合约状态",
    owner="retention",
    description="By the nearest end of the lines in service: 'none' where they never had one, or none is in service.",
    source="field sources (expiring within 90 days)",
    example=given(
        "2026-10-31",
        Line="line|customer; L1|C1; L2|C2; L3|C3; L4|C4",
        Contract="line|start_on|end_on; L1|2025-02-01|2027-01-29; L2|2025-02-01|2027-01-30; L3|2025-01-01|2026-10-30",
    ).gives(C1="ending", C2="in_force", C3="expired", C4="none"),
)
