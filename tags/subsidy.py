"""Subsidies of devices and fees: how much was put in, how much came back, and whether that will be inside the contract."""

from c360 import as_of, given, months, param, tag, when
from tags.base import line_is_active
from tags.sources import Bill, Contract, Line, Usage

_put_in = Contract.device_cost.or_zero() + Contract.fee_subsidy.or_zero()
_running = Contract.where((Contract.end_on >= as_of()) & (_put_in > 0))

line_subsidy = tag(
    _running[_put_in].sum().or_zero(),
    entity=Line,
    title="Subsidy of a line",
    zh="用户补贴投入",
    unit="yuan",
    owner="finance",
    description="Device cost and fee subsidy of its contracts whose term has not ended, the line in service or not; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|deactivated_on; L1|; L2|2026-10-01; L3|",
        Contract="""line|start_on|end_on|device_cost|fee_subsidy
            L1|2026-01-01|2027-12-31|1000|240; L1|2024-01-01|2026-10-30|999|; L2|2025-11-01|2026-10-31|500|
            L3|2026-11-01|2028-10-31|999|""",
    ).gives(L1=1240, L2=500, L3=0),
)

line_subsidised_since = tag(
    _running.start_on.min(),
    entity=Line,
    title="Line subsidised since",
    zh="用户补贴起始日",
    owner="finance",
    description="Start of the first contract with a subsidy whose term has not ended; missing without one.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line; L1; L2",
        Contract="""line|start_on|end_on|device_cost
            L1|2026-01-01|2027-12-31|1000; L1|2025-11-01|2027-10-31|0; L2|2025-01-01|2026-01-01|1000""",
    ).gives(L1="2026-01-01", L2=None),
)

_other_costs = (
    Bill.interconnect.or_zero()
    + Bill.network_share.or_zero()
    + Bill.staff.or_zero()
    + Bill.promotion.or_zero()
    + Bill.service_cost.or_zero()
    + Bill.commission.or_zero()
)
_since = Bill.where(Bill.month >= Bill.line[line_subsidised_since])

line_subsidy_recovered = tag(
    _since[Bill.total - _other_costs].sum(),
    entity=Line,
    title="Subsidy of a line that came back",
    zh="用户补贴已回收额",
    unit="yuan",
    owner="finance",
    description="Bills from the month the subsidised contract began, less all costs but the subsidies; below 0 where the line "
    "costs more than it brings. Missing without a subsidy or a bill since. Bills older than the source reaches are not counted.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Contract="line|start_on|end_on|device_cost; L1|2026-09-15|2028-09-14|1000; L2|2026-09-15|2028-09-14|1000",
        Bill="""line|month|total|staff|commission|device_subsidy_amortised
            L1|2026-08|99|0|0|0; L1|2026-09|100|10|20|40; L1|2026-10|100|10|0|40; L3|2026-10|99|0|0|0""",
    ).gives(L1=70 + 90, L2=None, L3=None),
)

subsidy = tag(
    line_subsidy.sum().or_zero(),
    title="Subsidy put into the customer",
    zh="补贴投入",
    unit="yuan",
    owner="finance",
    description="Of all lines, those given up inside the term too; 0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|; L2|C1|2026-10-01",
        Contract="line|start_on|end_on|device_cost; L1|2026-09-15|2028-09-14|1000; L2|2025-09-15|2028-09-14|500",
    ).gives(C1=1500, C2=0),
)

subsidy_payback = tag(
    line_subsidy_recovered.sum().or_zero() / subsidy,
    title="Share of the subsidy that came back",
    zh="补贴回收率",
    unit="share",
    owner="finance",
    description="Of all lines with a contract that has a subsidy and has not ended: what they brought since it began, less all "
    "costs but the subsidies, by what was put in. 1 is paid back, more a gain, below 0 worse than nothing; 0 before the first "
    "bill. Missing without a subsidy.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3",
        Line="line|customer; L1|C1; L2|C1; L3|C2; L4|C3",
        Contract="""line|start_on|end_on|device_cost|fee_subsidy
            L1|2026-09-15|2028-09-14|500|300; L2|2026-09-15|2028-09-14|200|; L3|2026-10-20|2028-10-19|1000|
            L4|2026-01-01|2026-12-31||""",
        Bill="line|month|total|staff; L1|2026-10|260|60; L2|2026-09|50|0; L4|2026-10|99|0",
    ).gives(C1=0.25, C2=0, C3=None),
)

line_payback_months = tag(
    when(line_subsidy_recovered > 0).then(line_subsidy / (line_subsidy_recovered / _since.count())).or_null(),
    title="Months until the subsidy of a line has come back",
    zh="用户补贴回收月数",
    unit="month",
    owner="finance",
    description="From the start of the contract, at the mean of the months billed since. Missing without a subsidy, before the "
    "first bill, and where the line brings nothing: it never comes back then.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line; L1; L2; L3",
        Contract="line|start_on|end_on|device_cost; L1|2026-09-15|2028-09-14|1000; L2|2026-09-15|2028-09-14|1000",
        Bill="line|month|total|staff; L1|2026-09|90|10; L1|2026-10|120|0; L2|2026-10|10|20; L3|2026-10|99|0",
    ).gives(L1=10, L2=None, L3=None),
)

line_payback_in_term = tag(
    when(~line_is_active)
    .then(line_subsidy_recovered >= line_subsidy)
    .when(line_subsidy_recovered > 0)
    .then(line_payback_months <= _running.term_months.max())
    .when(line_subsidy_recovered <= 0)
    .then(line_subsidy_recovered > 0)
    .or_null(),
    entity=Line,
    title="Subsidy of a line comes back inside the contract",
    zh="用户补贴合约期内可回收",
    owner="finance",
    description="At the pace so far, within the term of the contract; of a line given up, whether it had come back. No where it "
    "brings nothing. Missing without a subsidy and before the first bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Line="line|deactivated_on; L1|; L2|; L3|2026-10-31; L4|; L5|; L6|2026-10-31",
        Contract="""line|start_on|end_on|device_cost|term_months
            L1|2026-10-01|2027-09-30|1200|12; L2|2026-10-01|2027-09-30|1201|12; L3|2026-10-01|2027-09-30|1200|12
            L4|2026-10-01|2027-09-30|1200|12; L6|2026-10-01|2027-09-30|100|12""",
        Bill="line|month|total|staff; L1|2026-10|100|0; L2|2026-10|100|0; L3|2026-10|100|0; L4|2026-10|10|20; L6|2026-10|100|0",
    ).gives(L1=True, L2=False, L3=False, L4=False, L5=None, L6=True),
)

lines_payback_late = tag(
    Line.where(~line_payback_in_term).count(),
    title="Lines whose subsidy does not come back inside the contract",
    zh="合约期内补贴无法回收用户数",
    unit="line",
    owner="finance",
    description="0 without a subsidy, and before the first bill.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1; L3|C2",
        Contract="""line|start_on|end_on|device_cost|term_months
            L1|2026-10-01|2027-09-30|1200|12; L2|2026-10-01|2027-09-30|1201|12""",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100; L3|2026-10|100",
    ).gives(C1=1, C2=0),
)

_subsidised = Line.where(line_subsidy > 0).count()
_paying_back = Line.where((line_subsidy > 0) & line_payback_in_term).count()

subsidy_in_contract = tag(
    when(lines_payback_late > 0).then(False).when((_subsidised > 0) & (_paying_back == _subsidised)).then(True).or_null(),
    title="Subsidy comes back inside the contract",
    zh="补贴合约期内可回收",
    owner="finance",
    description="Of every subsidised line. Missing without a subsidy, and while a line has no bill yet and no other is late.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2; C3; C4",
        Line="line|customer; L1|C1; L2|C1; L3|C2; L4|C3; L5|C3; L6|C4",
        Contract="""line|start_on|end_on|device_cost|term_months
            L1|2026-10-01|2027-09-30|1200|12; L2|2026-10-01|2027-09-30|1201|12; L3|2026-10-01|2027-09-30|1200|12
            L4|2026-10-01|2027-09-30|1200|12; L5|2026-10-01|2027-09-30|1200|12""",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100; L3|2026-10|100; L4|2026-10|100; L6|2026-10|100",
    ).gives(C1=False, C2=True, C3=None, C4=None),
)

subsidy_payback_months = tag(
    line_payback_months.max(),
    title="Months until the subsidy has come back",
    zh="补贴回收月数",
    unit="month",
    owner="finance",
    description="Of the slowest line that brings something, from the start of its contract. Missing without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer; L1|C1; L2|C1",
        Contract="line|start_on|end_on|device_cost; L1|2026-10-01|2027-09-30|1200; L2|2026-10-01|2027-09-30|600",
        Bill="line|month|total; L1|2026-10|100; L2|2026-10|100",
    ).gives(C1=12, C2=None),
)

_last_month = as_of().year() * 12 + as_of().month_of_year() - when(as_of() == as_of().month_end()).then(0).otherwise(1)
_months_after_first = _last_month - (Line.activated_on.year() * 12 + Line.activated_on.month_of_year())
_idle_share = param("subsidy.idle_share", 0.05)
_hardly_called = Usage.last(months(1)).minutes_out.sum().or_zero() <= _idle_share * Line.plan.included_minutes.or_zero()
_hardly_surfed = Usage.last(months(1)).data_mb.sum().or_zero() <= _idle_share * Line.plan.included_mb.or_zero()

line_idle = tag(
    line_is_active
    & (Line.service_type.is_in("mobile", "fixed", "broadband") & (_months_after_first >= 1)).or_false()
    & _hardly_called
    & _hardly_surfed,
    title="Line idle",
    zh="用户闲置",
    owner="sales",
    description="In service, and in the last complete month used 5 % or less of the minutes and of the data its plan of today "
    "includes; nothing at all where these are not known. No for a line activated in that month or since, and for television.",
    source="our own",
    example=given(
        "2026-10-31",
        Plan="plan|included_minutes|included_mb; P1|100|1000",
        Line="""line|plan|service_type|activated_on|deactivated_on
            L1|P1|mobile|2026-09-30|; L2|P1|mobile|2026-09-30|; L3|P1|mobile|2026-10-01|; L4|P1|iptv|2026-01-01|
            L5||mobile|2026-01-01|; L6||mobile|2026-01-01|; L7|P1|mobile|2026-01-01|2026-10-31""",
        Usage="line|day|minutes_out|data_mb; L1|2026-10-05|5|50; L2|2026-10-05|5|50.1; L6|2026-10-05|0.1|0",
    ).gives(L1=True, L2=False, L3=False, L4=False, L5=True, L6=False, L7=False),
)

_year = Bill.last(months(12))
_billed_subsidy = _year.device_subsidy_amortised.sum().or_zero() + _year.fee_subsidy.sum().or_zero()

line_subsidy_share = tag(
    _billed_subsidy / _year.total.sum(),
    entity=Line,
    title="Subsidies by the bills of a line",
    zh="用户补贴占收比",
    unit="share",
    owner="finance",
    description="Device and fee subsidies on the bills of the last 12 complete months, by what was billed. Missing without any.",
    source="our own",
    example=given(
        "2026-10-31",
        Line="line; L1; L2",
        Bill="""line|month|total|device_subsidy_amortised|fee_subsidy
            L1|2026-09|100|20|5; L1|2026-10|100|20|5; L1|2025-10|100|99|99; L2|2026-10|0|20|5""",
    ).gives(L1=0.25, L2=None),
)

_subsidised_line = (line_subsidy > 0) | (line_subsidy_share >= param("subsidy.billed_share", 0.1)).or_false()
_handset = (_running.where(Contract.device_cost > 0).count() > 0) & (Line.service_type == "mobile").or_false()
_phone_gone = line_is_active & _handset & (_months_after_first >= 1).or_false() & _hardly_surfed

line_speculative = tag(
    (_subsidised_line & (line_idle | (~line_is_active & (line_subsidy > 0)))) | _phone_gone,
    title="Line taken for its subsidy",
    zh="套利用户",
    owner="sales",
    description="Subsidised by a contract that runs, or by 10 % of its bills of a year, and idle; or given up inside the term; or "
    "a mobile line with a subsidised device that hardly uses the data of its plan: the phone went elsewhere.",
    source="field sources (speculative buying: idle or resold); how it shows ours",
    example=given(
        "2026-10-31",
        Plan="plan|included_minutes|included_mb; P1|100|1000",
        Line="""line|plan|service_type|activated_on|deactivated_on
            L1|P1|mobile|2026-01-01|; L2|P1|mobile|2026-01-01|2026-09-01; L3|P1|mobile|2026-01-01|; L4|P1|mobile|2026-01-01|
            L5|P1|mobile|2026-01-01|; L6|P1|mobile|2026-01-01|; L7|P1|mobile|2026-01-01|""",
        Contract="""line|start_on|end_on|device_cost|fee_subsidy
            L1|2026-01-01|2027-12-31|900|0; L2|2026-01-01|2027-12-31|900|0; L3|2026-01-01|2027-12-31|900|0
            L5|2026-01-01|2027-12-31|900|0; L6|2026-01-01|2027-12-31|0|900""",
        Usage="line|day|minutes_out|data_mb; L3|2026-10-05|50|51; L5|2026-10-05|50|50; L6|2026-10-05|50|0",
        Bill="line|month|total|device_subsidy_amortised; L4|2026-10|100|10; L7|2026-10|100|9.50",
    ).gives(L1=True, L2=True, L3=False, L4=True, L5=True, L6=False, L7=False),
)

lines_speculative = tag(
    Line.where(line_speculative).count(),
    title="Lines taken for their subsidy",
    zh="套利用户数",
    unit="line",
    owner="sales",
    description="0 without one.",
    source="field sources",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Line="line|customer|deactivated_on; L1|C1|2026-09-01; L2|C1|",
        Contract="line|start_on|end_on|device_cost; L1|2026-01-01|2027-12-31|900",
    ).gives(C1=1, C2=0),
)
