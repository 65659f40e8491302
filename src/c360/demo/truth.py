"""Customers and lines go in; what each was made as, and what happens after the as-of date, come out; knows no tag."""

from __future__ import annotations

# One row a line's end, before and after the as-of date. Who took another number of ours has moved.
_EVENTS = """
CREATE TEMP TABLE churn_story AS
SELECT
    n, line_id, coalesce(deactivated_on, churn_on) AS churned_on,
    CASE
        WHEN moved THEN 'moved'
        WHEN churn_on IS NULL THEN 'left'
        WHEN churn_cause = 'passive' THEN CASE WHEN draw(c, 801, 100) < 65 THEN 'non_payment' ELSE 'left' END
        WHEN draw(c, 801, 100) < CASE churn_cause WHEN 'tariff' THEN 72 ELSE 45 END THEN 'ported_out'
        ELSE 'left'
    END AS kind
FROM line_story
WHERE deactivated_on IS NOT NULL OR churn_day IS NOT NULL AND NOT wavers
"""

_CHURN = "SELECT line_id, churned_on, kind FROM churn_story WHERE churned_on {when} as_of() ORDER BY n"

# Made as: before noise. A stage is the main line's; the grid is of customers with a line in service and a bill; the tier is
# that of the spend meant, which in the first months has been billed for few of three.
_TRUTH = """
SELECT
    customer_id,
    CASE WHEN stage IS NULL OR stage = 'left' THEN NULL WHEN meant >= 150 THEN 'high' WHEN meant >= 100 THEN 'mid'
        WHEN meant >= 20 THEN 'low' ELSE 'minimal' END
        AS value_tier,
    CASE WHEN stage IS NULL OR stage = 'left' THEN NULL WHEN meant >= 150 AND influential THEN 'dual'
        WHEN meant >= 150 THEN 'high_value'
        WHEN influential THEN 'key' ELSE 'ordinary' END AS customer_type,
    CASE WHEN stage IS NULL OR stage = 'left' THEN NULL ELSE trait END AS sensitivity_type,
    stage AS lifecycle_stage,
    CASE WHEN stage IS NULL OR stage = 'left' OR joined_on >= month_start(16) THEN NULL ELSE grid END AS grid_class,
    CASE WHEN stage IS NULL OR stage = 'left' OR joined_on >= month_start(16) THEN NULL
        ELSE bleeding_cause END AS bleeding_cause,
    churn_cause,
    wavers AS only_wavers,
    coalesce(churn_on > as_of() AND NOT wavers, false) AS churns_within_90_days,
    CASE WHEN NOT wavers THEN churn_on END AS churns_on,
    fraud AS abnormal_batch
FROM (
    SELECT
        *,
        (grid = 'large_premium' OR small_strategic) AS influential,
        CASE WHEN age_class = 'old' THEN yuan
            ELSE yuan * least(300, 1200 // greatest(1, date_diff('month', joined_on, as_of()))) // 100
                * least(3, 16 - month_number(joined_on)) // 3 END AS meant
    FROM customer_story
)
ORDER BY c
"""

STEPS = (_EVENTS,)

FILES = {"churn_event": _CHURN.format(when="<=")}

TRUTH_FILES = {"truth/customer": _TRUTH, "future/churn_event": _CHURN.format(when=">")}
