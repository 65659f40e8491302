"""Upsell: average customers with room to grow, never those at risk of leaving, and nobody whom offers must leave alone."""

from c360 import given, param, segment
from segments.grid import grow_average
from segments.save_priority import at_risk
from segments.stage_rules import no_high_priced_offers
from segments.suppression import not_for_offers
from segments.universe import active_customers
from tags._examples import many, rows
from tags.growth import growth_potential

upsell = segment(
    grow_average & (growth_potential >= param("growth.room", 50)) & ~(at_risk | not_for_offers | no_high_priced_offers),
    universe=active_customers,
    title="Upsell",
    zh="平均型升档",
    owner="market",
    description="Average class, growth potential of 50 or more; without those of medium risk or more, in the growth stage unless "
    "they asked, and whom offers leave out.",
    source="field sources; cut ours",
    example=given(
        "2026-10-31",
        Customer=rows(
            "customer|joined_on",
            "fits|2020-01-01; short|2020-01-01; risky|2020-01-01; no_consent|2020-01-01; young|2026-03-01; top|2020-01-01",
            many("poor{n}|2020-01-01", 1, 6),
        ),
        Account="account|customer",
        CustomerGroup="customer_group|known_lines|secrecy_level",
        Plan="plan|included_minutes|included_mb|tier; P1|100|1000|basic",
        Line=rows(
            "line|customer|plan|service_type|activated_on",
            "L1|fits|P1|mobile|2020-01-01; L2|short|P1|mobile|2020-01-01; L3|risky|P1|mobile|2020-01-01",
            "L4|no_consent|P1|mobile|2020-01-01; L5|young|P1|mobile|2026-03-01; L6|top|P1|iptv|2020-01-01",
            many("P{n}|poor{n}|P1|iptv|2020-01-01", 1, 6),
        ),
        Bill=rows(
            "line|month|plan_fee|total",
            many("L{n}|2026-10|100|120", 1, 5),
            "L6|2026-10|900|900",
            many("P{n}|2026-10|10|10", 1, 6),
        ),
        Usage=rows(
            "line|day|calls_out|calls_in|minutes_out",
            "L1|2026-05-01|1|0|220; L1|2026-10-30|1|0|242; L2|2026-05-01|1|0|100; L2|2026-10-30|1|0|130",
            many("L{n}|2026-05-01|1|0|220", 3, 5),
            many("L{n}|2026-10-30|1|0|242", 3, 5),
        ),
        Ticket="customer|opened_on|closed_on|kind; risky|2026-08-20|2026-08-21|port_out",
        Consent="""customer|since_on|purpose|channel_kind|status
            fits|2026-01-01|offer|sms|granted; short|2026-01-01|offer|sms|granted; risky|2026-01-01|offer|sms|granted
            young|2026-01-01|offer|sms|granted; top|2026-01-01|offer|sms|granted""",
    ).gives(
        {"fits": True, "short": False, "risky": False, "no_consent": False, "young": False, "top": False}
        | {f"poor{n}": False for n in range(1, 7)}
    ),
)
