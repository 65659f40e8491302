-- usage_drop, silent_days
WITH customer AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS joined_on
  WHERE
    FALSE
), line AS (
  SELECT
    CAST(NULL AS TEXT) AS line,
    CAST(NULL AS DATE) AS activated_on,
    CAST(NULL AS TEXT) AS customer
  WHERE
    FALSE
), usage AS (
  SELECT
    CAST(NULL AS TEXT) AS line,
    CAST(NULL AS DATE) AS "day",
    CAST(NULL AS DECIMAL(18, 3)) AS minutes,
    CAST(NULL AS BIGINT) AS calls
  WHERE
    FALSE
), customer_spine AS (
  SELECT
    customer.customer
  FROM customer
  WHERE
    customer.joined_on IS NULL OR customer.joined_on <= CAST('2026-10-31' AS DATE)
), line_spine AS (
  SELECT
    line.line,
    line.customer
  FROM line
  WHERE
    line.activated_on IS NULL OR line.activated_on <= CAST('2026-10-31' AS DATE)
), usage_by_line AS (
  SELECT
    r.line,
    SUM(CASE WHEN r."day" >= CAST('2026-10-01' AS DATE) THEN r.minutes END) AS usage_minutes_sum_last_1_month,
    SUM(CASE WHEN r."day" <= CAST('2026-09-30' AS DATE) THEN r.minutes END) AS usage_minutes_sum_3_months_before_last_1_month,
    MAX(CASE WHEN r."day" >= CAST('2026-08-02' AS DATE) AND r.value THEN r."day" END) AS usage_day_max_last_91_days
  FROM (
    SELECT
      usage.line,
      usage."day",
      usage.minutes,
      usage.calls > 0 AS value
    FROM usage
    WHERE
      NOT usage.line IS NULL
      AND usage."day" >= CAST('2026-07-01' AS DATE)
      AND usage."day" <= CAST('2026-10-31' AS DATE)
  ) AS r
  GROUP BY
    r.line
), usage_by_customer AS (
  SELECT
    line.customer,
    SUM(usage_by_line.usage_minutes_sum_last_1_month) AS usage_minutes_sum_last_1_month,
    SUM(usage_by_line.usage_minutes_sum_3_months_before_last_1_month) AS usage_minutes_sum_3_months_before_last_1_month,
    MAX(usage_by_line.usage_day_max_last_91_days) AS usage_day_max_last_91_days
  FROM usage_by_line
  LEFT JOIN line_spine AS line
    ON line.line = usage_by_line.line
  WHERE
    NOT line.customer IS NULL
  GROUP BY
    line.customer
), customer_joined AS (
  SELECT
    customer_spine.customer,
    CAST(usage_by_customer.usage_minutes_sum_last_1_month AS DECIMAL(18, 3)) AS usage_minutes_sum_last_1_month,
    CAST(usage_by_customer.usage_minutes_sum_3_months_before_last_1_month AS DECIMAL(18, 3)) AS usage_minutes_sum_3_months_before_last_1_month,
    CAST(usage_by_customer.usage_day_max_last_91_days AS DATE) AS usage_day_max_last_91_days
  FROM customer_spine
  LEFT JOIN usage_by_customer
    ON usage_by_customer.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    (
      FLOOR(
        (
          CAST(customer_joined.usage_minutes_sum_last_1_month AS DOUBLE) / NULLIF(CAST(customer_joined.usage_minutes_sum_3_months_before_last_1_month AS DOUBLE), 0)
        ) * 1000000 + 0.5
      ) / 1000000
    ) <= 0.5 AS usage_drop,
    DATE_DIFF('DAY', customer_joined.usage_day_max_last_91_days, CAST('2026-10-31' AS DATE)) AS silent_days
  FROM customer_joined
)
SELECT
  customer_tags_1.customer AS customer_id,
  CAST(customer_tags_1.usage_drop AS BOOLEAN) AS usage_drop,
  CAST(customer_tags_1.silent_days AS BIGINT) AS silent_days
FROM customer_tags_1
ORDER BY
  customer_tags_1.customer ASC
