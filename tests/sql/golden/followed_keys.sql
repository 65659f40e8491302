-- fee_gap
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
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS TEXT) AS plan
  WHERE
    FALSE
), bill AS (
  SELECT
    CAST(NULL AS TEXT) AS line,
    CAST(NULL AS DATE) AS "month",
    CAST(NULL AS DECIMAL(18, 2)) AS total
  WHERE
    FALSE
), plan AS (
  SELECT
    CAST(NULL AS TEXT) AS plan,
    CAST(NULL AS DECIMAL(18, 2)) AS monthly_fee
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
    line.customer,
    line.plan
  FROM line
  WHERE
    line.activated_on IS NULL OR line.activated_on <= CAST('2026-10-31' AS DATE)
), plan_spine AS (
  SELECT
    plan.plan,
    plan.monthly_fee
  FROM plan
), bill_by_customer_along_keys AS (
  SELECT
    r.customer,
    CAST(SUM(r.value) AS DECIMAL(18, 2)) AS bill_value_sum_last_1_month
  FROM (
    SELECT
      line.customer,
      bill."month",
      bill.total - line_plan.monthly_fee AS value
    FROM bill
    LEFT JOIN line_spine AS line
      ON line.line = bill.line
    LEFT JOIN plan_spine AS line_plan
      ON line_plan.plan = line.plan
    WHERE
      NOT line.customer IS NULL
      AND bill."month" >= CAST('2026-10-01' AS DATE)
      AND bill."month" <= CAST('2026-10-31' AS DATE)
  ) AS r
  GROUP BY
    r.customer
), customer_joined AS (
  SELECT
    customer_spine.customer,
    bill_by_customer_along_keys.bill_value_sum_last_1_month
  FROM customer_spine
  LEFT JOIN bill_by_customer_along_keys
    ON bill_by_customer_along_keys.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    customer_joined.bill_value_sum_last_1_month AS fee_gap
  FROM customer_joined
)
SELECT
  customer_tags_1.customer AS customer_id,
  CAST(customer_tags_1.fee_gap AS DECIMAL(18, 2)) AS fee_gap
FROM customer_tags_1
ORDER BY
  customer_tags_1.customer ASC
