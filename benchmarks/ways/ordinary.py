"""The 67 aggregates as people write them, each with its condition; SQL of one pass a fact, or of one table a tag, out."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
LINES = "(FROM read_parquet('{data}/line.parquet') WHERE activated_on <= DATE '2026-10-31')"
WITH_LINES = f"JOIN {LINES} USING (line_id)"

# Each fact: what its rows are, the widest window, and its aggregates: name, aggregate, condition.
FACTS = {
    "usage": (f"read_parquet('{{data}}/usage/*.parquet') {WITH_LINES}", "day BETWEEN DATE '2026-08-03' AND DATE '2026-10-31'"),
    "bill": (f"read_parquet('{{data}}/bill/*.parquet') {WITH_LINES}", "month BETWEEN DATE '2025-11-01' AND DATE '2026-10-31'"),
    "payment": ("read_parquet('{data}/payment/*.parquet')", "due_on <= DATE '2026-10-31'"),
    "ticket": ("read_parquet('{data}/ticket/*.parquet')", "opened_on BETWEEN DATE '2025-11-01' AND DATE '2026-10-31'"),
    "contact": ("read_parquet('{data}/contact/*.parquet')", "contacted_on BETWEEN DATE '2026-05-05' AND DATE '2026-10-31'"),
    "contract": (f"read_parquet('{{data}}/contract/*.parquet') {WITH_LINES}", "start_on <= DATE '2026-10-31'"),
    "subscription": (f"read_parquet('{{data}}/subscription/*.parquet') {WITH_LINES}", "started_on <= DATE '2026-10-31'"),
}
WEEK, MONTH, QUARTER = "day >= DATE '2026-10-25'", "day >= DATE '2026-10-02'", "day >= DATE '2026-08-03'"
EARLIER = "day BETWEEN DATE '2026-09-02' AND DATE '2026-10-01'"
LAST_1, LAST_3, LAST_6, YEAR = (f"month > DATE '{d}'" for d in ("2026-09-30", "2026-07-31", "2026-04-30", "2025-10-31"))
DUE_180 = "due_on >= DATE '2026-05-05'"
OUT_90 = "direction = 'out' AND contacted_on >= DATE '2026-08-03'"
OPEN = "ended_on IS NULL OR ended_on > DATE '2026-10-31'"
RUNNING = "end_on >= DATE '2026-10-31'"

MEASURES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "usage": (
        *((f"{c}_7d", f"sum({c})", WEEK) for c in ("calls_out", "minutes_out", "data_mb", "calls_in")),
        *(
            (f"{c}_30d", f"sum({c})", MONTH)
            for c in "calls_out minutes_out data_mb calls_in minutes_in sms_out dropped_calls night_calls".split()
        ),
        *((f"{c}_90d", f"sum({c})", QUARTER) for c in "calls_out minutes_out data_mb calls_in sms_out dropped_calls".split()),
        *((f"{c}_before_30d", f"sum({c})", EARLIER) for c in ("calls_out", "minutes_out", "data_mb")),
        ("data_mb_max_30d", "max(data_mb)", MONTH),
        ("data_mb_max_90d", "max(data_mb)", QUARTER),
        ("data_mb_min_30d", "min(data_mb)", MONTH),
        ("minutes_out_max_30d", "max(minutes_out)", MONTH),
        ("calling_days_7d", "count(*)", f"calls_out > 0 AND {WEEK}"),
        ("calling_days_30d", "count(*)", f"calls_out > 0 AND {MONTH}"),
        ("calling_days_90d", "count(*)", f"calls_out > 0 AND {QUARTER}"),
        ("last_call", "max(day)", f"calls_out > 0 AND {QUARTER}"),
        ("days_30d", "count(*)", MONTH),  # the mean is the exact sum by this
    ),
    "bill": (
        ("revenue_1m", "sum(total)", LAST_1),
        ("revenue_3m", "sum(total)", LAST_3),
        ("revenue_6m", "sum(total)", LAST_6),
        ("revenue_12m", "sum(total)", YEAR),
        ("revenue_before_3m", "sum(total)", f"{LAST_6} AND NOT {LAST_3}"),
        ("revenue_before_6m", "sum(total)", f"{YEAR} AND NOT {LAST_6}"),
        ("bill_max_12m", "max(total)", YEAR),
        ("bill_min_12m", "min(total)", YEAR),
        ("plan_fee_3m", "sum(plan_fee)", LAST_3),
        ("voice_fee_3m", "sum(voice)", LAST_3),
        ("data_fee_3m", "sum(data)", LAST_3),
        ("vas_fee_3m", "sum(vas)", LAST_3),
        ("discount_3m", "sum(discount)", LAST_3),
        ("discount_12m", "sum(discount)", YEAR),
        ("over_plan_12m", "count(*)", f"total > plan_fee AND {YEAR}"),
        ("bills_12m", "count(*)", YEAR),
        ("margin_12m", "sum(total - interconnect)", YEAR),
    ),
    "payment": (
        ("paid_90d", "sum(amount_paid)", "due_on >= DATE '2026-08-03' AND paid_on <= DATE '2026-10-31'"),
        ("invoices_180d", "count(*)", DUE_180),
        ("late_payments_180d", "count(*)", f"{DUE_180} AND paid_on > due_on AND paid_on <= DATE '2026-10-31'"),
        ("arrears", "sum(amount_due)", "paid_on IS NULL OR paid_on > DATE '2026-10-31'"),
        ("invoice_max_180d", "max(amount_due)", DUE_180),
    ),
    "ticket": (
        ("tickets_30d", "count(*)", "opened_on >= DATE '2026-10-02'"),
        ("tickets_90d", "count(*)", "opened_on >= DATE '2026-08-03'"),
        ("severe_tickets_90d", "count(*)", "opened_on >= DATE '2026-08-03' AND severity = 'high'"),
        ("satisfaction_365d", "ratio(sum(satisfaction), count(satisfaction))", "closed_on <= DATE '2026-10-31'"),
        ("last_ticket", "max(opened_on)", "true"),
    ),
    "contact": (
        ("contacts_30d", "count(*)", "direction = 'out' AND contacted_on >= DATE '2026-10-02'"),
        ("contacts_90d", "count(*)", OUT_90),
        ("accepted_90d", "count(*)", f"{OUT_90} AND outcome = 'accepted'"),
        ("refused_90d", "count(*)", f"{OUT_90} AND outcome = 'refused'"),
        ("last_contact", "max(contacted_on)", "true"),
    ),
    "contract": (("contracts_running", "count(*)", RUNNING), ("contract_end", "max(end_on)", RUNNING)),
    "subscription": (("subscriptions", "count(*)", OPEN), ("subscription_fee", "sum(price)", OPEN)),
}  # fmt: skip

NAMED = {"last_call": "days_since_call", "last_ticket": "days_since_ticket", "last_contact": "days_since_contact"}


def one_pass() -> list[str]:
    """Return the one statement: a pass a fact, every aggregate with FILTER, the window function over the wide row."""
    passes = []
    for fact, (rows, widest) in FACTS.items():
        columns = ",\n        ".join(f"{_filtered(made, where)} AS {name}" for name, made, where in MEASURES[fact])
        query = f"SELECT customer_id,\n        {columns}\n    FROM {rows}\n    WHERE {widest}\n    GROUP BY customer_id"
        passes.append(f"{fact}s AS (\n    {query}\n)")
    return [_wide(passes, [f"{fact}s" for fact in FACTS])]


def one_table_a_tag() -> list[str]:
    """Return a statement for each aggregate's own table, and one that joins them."""
    statements, tables = [], []
    for fact, (rows, widest) in FACTS.items():
        for name, made, where in MEASURES[fact]:
            query = f"SELECT customer_id, {made} AS {name} FROM {rows} WHERE {widest} AND ({where}) GROUP BY customer_id"
            statements.append(f"CREATE TABLE of_{name} AS {query}")
            tables.append(f"of_{name}")
    return [*statements, _wide([], tables)]


def _filtered(made: str, where: str) -> str:
    if made.startswith("ratio("):
        return f"ratio(sum(satisfaction) FILTER (WHERE {where}), count(satisfaction) FILTER (WHERE {where}))"
    return f"{made} FILTER (WHERE {where})"


def _wide(passes: list[str], joined: list[str]) -> str:
    columns = []
    for measures in MEASURES.values():
        for name, made, _ in measures:
            columns.append(_column(name, made))
    spine = "spine AS (\n    SELECT customer_id, kind AS customer_kind, DATE '2026-10-31' - joined_on AS days_with_us\n"
    spine += "    FROM read_parquet('{data}/customer.parquet') WHERE joined_on <= DATE '2026-10-31'\n)"
    joins = "\n    ".join(f"LEFT JOIN {table} USING (customer_id)" for table in joined)
    chosen = ",\n        ".join(("customer_id", "customer_kind", "days_with_us", *(c for c in columns if c)))
    wide = f"wide AS (\n    SELECT {chosen}\n    FROM spine\n    {joins}\n)"
    place = "rate(ratio((rank() OVER (ORDER BY revenue_12m) - 1) * 100, count(*) OVER ()))"
    base = f"base AS (\n    SELECT *, {place} AS revenue_percentile\n    FROM wide\n)"
    return "WITH " + ", ".join([spine, *passes, wide, base]) + ", " + (HERE / "derived.sql").read_text(encoding="utf-8")


def _column(name: str, made: str) -> str:
    """Return the aggregate as the wide table has it: in its type, with 0 where there were no rows."""
    if name in NAMED:
        return f"DATE '2026-10-31' - {name} AS {NAMED[name]}"
    if name == "days_30d":
        return "rate(ratio(data_mb_30d, days_30d)) AS data_mb_mean_30d"
    if made.startswith("count("):
        extra = ", rate(ratio(revenue_12m, bills_12m)) AS bill_mean_12m" if name == "bills_12m" else ""
        return f"coalesce({name}, 0) AS {name}{extra}"
    if made.startswith("sum("):
        scale = 3 if name.startswith(("minutes", "data_mb")) else 0 if "calls" in made or "sms" in made else 2
        return f"coalesce({name}, 0)::{f'DECIMAL(18, {scale})' if scale else 'BIGINT'} AS {name}"
    return name
