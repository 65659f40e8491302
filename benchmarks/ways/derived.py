"""What `derived.sql` says, for libraries of expressions: columns in layers, over whatever library the given words speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Words(NamedTuple):
    """What a library says for a column, a division without an answer by zero, six decimals half up, a choice, a known truth …"""

    col: Callable[[str], Any]
    ratio: Callable[[Any, Any], Any]
    rate: Callable[[Any], Any]
    choose: Callable[[Sequence[tuple[Any, Any]], Any], Any]
    known: Callable[[Any], Any]
    unknown: Callable[[Any], Any]
    days_to: Callable[[Any], Any]
    number: Callable[[Any], Any]


def layers(w: Words) -> list[dict[str, Any]]:
    """Return the derived columns by name: each layer is computed over the one before."""
    return [_rates(w), _judged(w), _scored(w), _ranked(w), _renewal(w)]


def _rates(w: Words) -> dict[str, Any]:
    c, ratio, rate = w.col, w.ratio, w.rate
    return {
        **{f"arpu_{n}m": rate(w.number(c(f"revenue_{n}m")) / n) for n in (3, 6, 12)},
        **{f"revenue_trend_{n}m": rate(rate(ratio(c(f"revenue_{n}m"), c(f"revenue_before_{n}m"))) - 1) for n in (3, 6)},
        "discount_share_3m": rate(ratio(c("discount_3m"), c("revenue_3m") + c("discount_3m"))),
        **{f"{kind}_fee_share_3m": rate(ratio(c(f"{kind}_fee_3m"), c("revenue_3m"))) for kind in ("data", "voice", "vas")},
        "calls_trend_30d": ratio(c("calls_out_30d"), c("calls_out_before_30d")) - 1,
        "minutes_trend_30d": rate(rate(ratio(c("minutes_out_30d"), c("minutes_out_before_30d"))) - 1),
        "data_trend_30d": rate(rate(ratio(c("data_mb_30d"), c("data_mb_before_30d"))) - 1),
        "minutes_a_month": rate(w.number(c("minutes_out_90d")) / 3),
        "data_a_month": rate(w.number(c("data_mb_90d")) / 3),
        "call_length_30d": rate(ratio(c("minutes_out_30d"), c("calls_out_30d"))),
        "in_by_out_30d": ratio(c("calls_in_30d"), c("calls_out_30d")),
        "dropped_rate_30d": ratio(c("dropped_calls_30d"), c("calls_out_30d") + c("calls_in_30d")),
        "night_rate_30d": ratio(c("night_calls_30d"), c("calls_out_30d")),
        "peak_data_share_30d": rate(ratio(c("data_mb_max_30d"), c("data_mb_30d"))),
        "calling_share_30d": w.number(c("calling_days_30d")) / 30,
        "late_share_180d": ratio(c("late_payments_180d"), c("invoices_180d")),
        "days_to_contract_end": w.days_to(c("contract_end")),
        "acceptance_90d": ratio(c("accepted_90d"), c("contacts_90d")),
        "is_silent_7d": (c("calls_out_7d") == 0) & (c("data_mb_7d") == 0),
        "is_caller": c("calls_out_90d") > 0,
        "in_arrears": c("arrears") > 0,
        "complains": (c("tickets_90d") >= 2) | (c("severe_tickets_90d") > 0),
        "is_dissatisfied": w.known(c("satisfaction_365d") < 3),
        "is_tired_of_contacts": (c("contacts_30d") >= 2) | (c("refused_90d") >= 2),
        "revenue_class": _tiers(w, "revenue_percentile", "lower", top=80, upper=50),
    }


def _judged(w: Words) -> dict[str, Any]:
    c = w.col
    late, ending = c("late_share_180d"), c("days_to_contract_end")
    habits = [(c("arrears") > 100, "arrears"), (w.unknown(late), "unknown"), (late > 0.5, "late"), (late > 0, "sometimes_late")]
    states = [(c("contracts_running") == 0, "none"), (w.unknown(ending), "unknown"), (ending <= 90, "expiring")]
    return {
        "value_tier": _tiers(w, "arpu_3m", "minimal", high=150, mid=100, low=20),
        "voice_tier": _tiers(w, "minutes_a_month", "light", heavy=500, medium=100),
        "data_tier": _tiers(w, "data_a_month", "light", heavy=20000, medium=5000),
        "spend_trend": _trend(w, "revenue_trend_3m", 0.1),
        "voice_trend": _trend(w, "minutes_trend_30d", 0.3),
        "data_trend": _trend(w, "data_trend_30d", 0.3),
        "calls_fell": w.known(c("calls_trend_30d") < -0.5),
        "payment_habit": w.choose(habits, "in_time"),
        "contract_state": w.choose(states, "running"),
        "responds": w.known(c("acceptance_90d") >= 0.3),
        "takes_discounts": (c("discount_share_3m") >= 0.1) & (c("over_plan_12m") < 6),
        "takes_services": (c("subscriptions") >= 2) | ((c("dropped_rate_30d") > 0.05) & (c("calling_share_30d") > 0.5)),
    }


def _scored(w: Words) -> dict[str, Any]:
    c = w.col
    signals = [
        (c("is_silent_7d"), 30),
        (c("calls_fell"), 20),
        (c("complains"), 15),
        (c("is_dissatisfied"), 15),
        (c("in_arrears"), 10),
    ]
    score: Any = w.choose([(c("contract_state") == "expiring", 10)], 0)
    for met, points in signals:
        score = score + w.choose([(met, points)], 0)
    return {"churn_score": w.number(score)}


def _ranked(w: Words) -> dict[str, Any]:
    score = w.col("churn_score")
    return {"churn_risk": w.choose([(score >= 50, "critical"), (score >= 30, "high"), (score >= 15, "medium")], "low")}


def _renewal(w: Words) -> dict[str, Any]:
    c = w.col
    worth = c("value_tier")
    valued = w.choose([((worth == "mid") | (worth == "high"), True), ((worth == "minimal") | (worth == "low"), False)], None)
    ends, risk = c("days_to_contract_end"), c("churn_risk")
    return {"is_to_renew": valued & (ends >= 0) & (ends <= 60) & ((risk == "high") | (risk == "critical"))}


def _tiers(w: Words, name: str, otherwise: str, **cuts: float) -> Any:
    value = w.col(name)
    return w.choose([(w.unknown(value), "unknown"), *((value >= cut, tier) for tier, cut in cuts.items())], otherwise)


def _trend(w: Words, name: str, by: float) -> Any:
    value = w.col(name)
    return w.choose([(w.unknown(value), "unknown"), (value < -by, "falling"), (value > by, "rising")], "stable")
