-- arpu_3m, value_tier
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
), bill AS (
  SELECT
    CAST(NULL AS TEXT) AS line,
    CAST(NULL AS DATE) AS "month",
    CAST(NULL AS DECIMAL(18, 2)) AS total
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
), bill_by_line AS (
  SELECT
    r.line,
    SUM(r.total) AS bill_total_sum_last_3_months
  FROM (
    SELECT
      bill.line,
      bill."month",
      bill.total
    FROM bill
    WHERE
      NOT bill.line IS NULL
      AND bill."month" >= CAST('2026-08-01' AS DATE)
      AND bill."month" <= CAST('2026-10-31' AS DATE)
  ) AS r
  GROUP BY
    r.line
), bill_by_customer AS (
  SELECT
    line.customer,
    SUM(bill_by_line.bill_total_sum_last_3_months) AS bill_total_sum_last_3_months
  FROM bill_by_line
  LEFT JOIN line_spine AS line
    ON line.line = bill_by_line.line
  WHERE
    NOT line.customer IS NULL
  GROUP BY
    line.customer
), customer_joined AS (
  SELECT
    customer_spine.customer,
    CAST(bill_by_customer.bill_total_sum_last_3_months AS DECIMAL(18, 2)) AS bill_total_sum_last_3_months
  FROM customer_spine
  LEFT JOIN bill_by_customer
    ON bill_by_customer.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    FLOOR(
      (
        CAST(COALESCE(customer_joined.bill_total_sum_last_3_months, 0.00) AS DOUBLE) / 3
      ) * 1000000 + 0.5
    ) / 1000000 AS arpu_3m
  FROM customer_joined
), customer_tags_2 AS (
  SELECT
    customer_tags_1.*,
    CASE
      WHEN customer_tags_1.arpu_3m IS NULL
      THEN 'unknown'
      WHEN customer_tags_1.arpu_3m >= 150.0
      THEN 'high'
      WHEN customer_tags_1.arpu_3m >= 100.0
      THEN 'mid'
      WHEN customer_tags_1.arpu_3m >= 20.0
      THEN 'low'
      ELSE 'minimal'
    END AS value_tier
  FROM customer_tags_1
)
SELECT
  customer_tags_2.customer AS customer_id,
  CAST(customer_tags_2.arpu_3m AS DOUBLE) AS arpu_3m,
  CAST(customer_tags_2.value_tier AS TEXT) AS value_tier
FROM customer_tags_2
ORDER BY
  customer_tags_2.customer ASC
