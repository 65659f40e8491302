"""The wide table by Ibis over DuckDB: one pass a fact, every aggregate with `where=`, which Ibis writes as FILTER."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis

from benchmarks.ways.derived import Words, layers

D = date(2026, 10, 31)
MONEY, VOLUME = "decimal(18, 2)", "decimal(18, 3)"
ZERO_MONEY = "revenue_ plan_fee_ voice_fee_ data_fee_ vas_fee_ discount_ margin_ paid_ arrears subscription_fee".split()
COUNTS = "calls_ sms_ dropped_ night_ calling_ over_ bills_ invoices_ late_ tickets_ severe_ contacts_ accepted_ refused_".split()
SUMMED = "calls_out minutes_out data_mb calls_in minutes_in sms_out dropped_calls night_calls".split()


def build(data: Path, target: Path) -> None:
    """Write the wide table of *data* to *target*."""
    connection = ibis.duckdb.connect(threads=2)
    for setting in ("async_threads = 0", "preserve_insertion_order = false"):
        connection.raw_sql(f"SET {setting}")
    wide = _wide(connection, data)
    words = Words(lambda n: ibis._[n], _ratio, _rate, _choose, lambda met: met.fill_null(False), _unknown, _days_to, _number)
    for layer in layers(words):
        wide = wide.mutate(**layer)
    connection.to_parquet(wide, target, compression="zstd", parquet_version="v2")


def _wide(connection: Any, data: Path) -> Any:
    def read(name: str) -> Any:
        pattern = f"{name}.parquet" if name in ("customer", "line") else f"{name}/*.parquet"
        return connection.read_parquet(str(data / pattern), table_name=name)

    customer, line = read("customer"), read("line")
    lines = line.filter(line.activated_on <= D).select("line_id", "customer_id")
    known = customer.filter(customer.joined_on <= D)
    wide = known.select("customer_id", customer_kind="kind", days_with_us=ibis.literal(D).delta(known.joined_on, unit="day"))
    facts = (
        _usage(read("usage").join(lines, "line_id")),
        _bills(read("bill").join(lines, "line_id")),
        _payments(read("payment")),
        _tickets(read("ticket")),
        _contacts(read("contact")),
        _contracts(read("contract").join(lines, "line_id")),
        _subscriptions(read("subscription").join(lines, "line_id")),
    )
    for fact in facts:
        wide = wide.left_join(fact, "customer_id").drop("customer_id_right")
    wide = wide.mutate(**{name: _settled(wide, name) for name in wide.columns if name not in ("customer_id", "customer_kind")})
    below = ibis.rank().over(ibis.window(order_by=wide.revenue_12m))  # Ibis counts ranks from 0
    return wide.mutate(revenue_percentile=_rate(_ratio(below * 100, wide.count().over(ibis.window()))))


def _settled(wide: Any, name: str) -> Any:
    """Return an aggregate in its type, with 0 where there were no rows."""
    column = wide[name]
    if name.endswith(("_mean_12m", "_mean_30d", "_365d")) or "_max_" in name or "_min_" in name or name.startswith("days_"):
        return column
    if name.startswith(tuple(ZERO_MONEY)):
        return column.fill_null(0).cast(MONEY)
    if name.startswith(tuple(COUNTS)) or name in ("contracts_running", "subscriptions"):
        return column.fill_null(0).cast("int64")
    return column.fill_null(0).cast(VOLUME) if name.startswith(("minutes_", "data_mb_")) else column


def _usage(rows: Any) -> Any:
    rows = rows.filter(rows.day.between(D - timedelta(89), D))
    within = {f"{n}d": rows.day > D - timedelta(n) for n in (7, 30, 90)}
    within["before_30d"] = rows.day.between(D - timedelta(59), D - timedelta(30))
    asked = {"7d": SUMMED[:4], "30d": SUMMED, "90d": [c for c in SUMMED if c not in ("minutes_in", "night_calls")]}
    asked["before_30d"] = SUMMED[:3]
    parts = {f"{c}_{name}": rows[c].sum(where=within[name]) for name, columns in asked.items() for c in columns}
    parts |= {f"calling_days_{n}d": rows.count(where=(rows.calls_out > 0) & within[f"{n}d"]) for n in (7, 30, 90)}
    made = rows.group_by("customer_id").agg(
        **parts,
        data_mb_max_30d=rows.data_mb.max(where=within["30d"]),
        data_mb_max_90d=rows.data_mb.max(),
        data_mb_min_30d=rows.data_mb.min(where=within["30d"]),
        minutes_out_max_30d=rows.minutes_out.max(where=within["30d"]),
        days_30d=rows.count(where=within["30d"]),
        last_call=rows.day.max(where=rows.calls_out > 0),
    )
    mean = _rate(_ratio(made.data_mb_30d, made.days_30d))
    since = ibis.literal(D).delta(made.last_call, unit="day")
    return made.mutate(data_mb_mean_30d=mean, days_since_call=since).drop("days_30d", "last_call")


def _bills(rows: Any) -> Any:
    rows = rows.filter(rows.month.between(date(2025, 11, 1), D))
    after = {n: rows.month > day for n, day in ((1, date(2026, 9, 30)), (3, date(2026, 7, 31)), (6, date(2026, 4, 30)))}
    made = rows.group_by("customer_id").agg(
        **{f"revenue_{n}m": rows.total.sum(where=met) for n, met in after.items()},
        revenue_12m=rows.total.sum(),
        revenue_before_3m=rows.total.sum(where=after[6] & ~after[3]),
        revenue_before_6m=rows.total.sum(where=~after[6]),
        bill_max_12m=rows.total.max(),
        bill_min_12m=rows.total.min(),
        plan_fee_3m=rows.plan_fee.sum(where=after[3]),
        **{f"{kind}_fee_3m": rows[kind].sum(where=after[3]) for kind in ("voice", "data", "vas")},
        discount_3m=rows.discount.sum(where=after[3]),
        discount_12m=rows.discount.sum(),
        over_plan_12m=rows.count(where=rows.total > rows.plan_fee),
        bills_12m=rows.count(),
        margin_12m=(rows.total - rows.interconnect).sum(),
    )
    return made.mutate(bill_mean_12m=_rate(_ratio(made.revenue_12m, made.bills_12m)))


def _payments(rows: Any) -> Any:
    rows = rows.filter(rows.due_on <= D)
    paid, recent = (rows.paid_on <= D).fill_null(False), rows.due_on >= date(2026, 5, 5)
    return rows.group_by("customer_id").agg(
        paid_90d=rows.amount_paid.sum(where=paid & (rows.due_on >= date(2026, 8, 3))),
        invoices_180d=rows.count(where=recent),
        late_payments_180d=rows.count(where=recent & paid & (rows.paid_on > rows.due_on)),
        arrears=rows.amount_due.sum(where=~paid),
        invoice_max_180d=rows.amount_due.max(where=recent),
    )


def _tickets(rows: Any) -> Any:
    rows = rows.filter(rows.opened_on.between(date(2025, 11, 1), D))
    recent, closed = rows.opened_on >= date(2026, 8, 3), rows.closed_on <= D
    return rows.group_by("customer_id").agg(
        tickets_30d=rows.count(where=rows.opened_on >= date(2026, 10, 2)),
        tickets_90d=rows.count(where=recent),
        severe_tickets_90d=rows.count(where=recent & (rows.severity == "high")),
        satisfaction_365d=_ratio(rows.satisfaction.sum(where=closed), rows.satisfaction.count(where=closed)),
        days_since_ticket=ibis.literal(D).delta(rows.opened_on.max(), unit="day"),
    )


def _contacts(rows: Any) -> Any:
    rows = rows.filter(rows.contacted_on.between(date(2026, 5, 5), D))
    out = rows.direction == "out"
    recent = out & (rows.contacted_on >= date(2026, 8, 3))
    return rows.group_by("customer_id").agg(
        contacts_30d=rows.count(where=out & (rows.contacted_on >= date(2026, 10, 2))),
        contacts_90d=rows.count(where=recent),
        accepted_90d=rows.count(where=recent & (rows.outcome == "accepted")),
        refused_90d=rows.count(where=recent & (rows.outcome == "refused")),
        days_since_contact=ibis.literal(D).delta(rows.contacted_on.max(), unit="day"),
    )


def _contracts(rows: Any) -> Any:
    rows = rows.filter((rows.start_on <= D) & (rows.end_on >= D))
    return rows.group_by("customer_id").agg(contracts_running=rows.count(), contract_end=rows.end_on.max())


def _subscriptions(rows: Any) -> Any:
    rows = rows.filter((rows.started_on <= D) & (rows.ended_on.isnull() | (rows.ended_on > D)))
    return rows.group_by("customer_id").agg(subscriptions=rows.count(), subscription_fee=rows.price.sum())


def _number(value: Any) -> Any:
    return value.cast("float64")


def _ratio(above: Any, below: Any) -> Any:
    return _number(above) / _number(below).nullif(0)


def _rate(value: Any) -> Any:
    return (value * 1000000 + 0.5).floor() / 1000000.0


def _choose(cases: Sequence[tuple[Any, Any]], otherwise: Any) -> Any:
    return ibis.cases(*cases, else_=otherwise)


def _days_to(day: Any) -> Any:
    return day.delta(ibis.literal(D), unit="day")


def _unknown(value: Any) -> Any:
    return value.isnull()
