-- line_bill, owner_tier
WITH line AS (
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
), customer AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS joined_on
  WHERE
    FALSE
), line_spine AS (
  SELECT
    line.line,
    line.customer
  FROM line
  WHERE
    line.activated_on IS NULL OR line.activated_on <= CAST('2026-10-31' AS DATE)
), customer_spine AS (
  SELECT
    customer.customer
  FROM customer
  WHERE
    customer.joined_on IS NULL OR customer.joined_on <= CAST('2026-10-31' AS DATE)
), bill_by_line AS (
  SELECT
    r.line,
    SUM(r.total) AS bill_total_sum_last_3_months,
    SUM(CASE WHEN r."month" >= CAST('2026-10-01' AS DATE) THEN r.total END) AS bill_total_sum_last_1_month
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
), customer_joined_1 AS (
  SELECT
    customer_spine.customer,
    CAST(bill_by_customer.bill_total_sum_last_3_months AS DECIMAL(18, 2)) AS bill_total_sum_last_3_months
  FROM customer_spine
  LEFT JOIN bill_by_customer
    ON bill_by_customer.customer = customer_spine.customer
), customer_tags_1_1 AS (
  SELECT
    customer_joined_1.*,
    FLOOR(
      (
        CAST(COALESCE(customer_joined_1.bill_total_sum_last_3_months, 0.00) AS DOUBLE) / 3
      ) * 1000000 + 0.5
    ) / 1000000 AS arpu_3m
  FROM customer_joined_1
), customer_tags_1_2 AS (
  SELECT
    customer_tags_1_1.*,
    CASE
      WHEN customer_tags_1_1.arpu_3m IS NULL
      THEN 'unknown'
      WHEN customer_tags_1_1.arpu_3m >= 150.0
      THEN 'high'
      WHEN customer_tags_1_1.arpu_3m >= 100.0
      THEN 'mid'
      WHEN customer_tags_1_1.arpu_3m >= 20.0
      THEN 'low'
      ELSE 'minimal'
    END AS value_tier
  FROM customer_tags_1_1
), line_joined AS (
  SELECT
    line_spine.line,
    line_spine.customer AS line_customer,
    CAST(bill_by_line.bill_total_sum_last_1_month AS DECIMAL(18, 2)) AS bill_total_sum_last_1_month,
    customer.value_tier AS customer_value_tier
  FROM line_spine
  LEFT JOIN bill_by_line
    ON bill_by_line.line = line_spine.line
  LEFT JOIN customer_tags_1_2 AS customer
    ON customer.customer = line_spine.customer
), line_tags_1 AS (
  SELECT
    line_joined.*,
    line_joined.bill_total_sum_last_1_month AS line_bill,
    line_joined.customer_value_tier AS owner_tier
  FROM line_joined
)
SELECT
  line_tags_1.line AS line_id,
  CAST(line_tags_1.line_bill AS DECIMAL(18, 2)) AS line_bill,
  CAST(line_tags_1.owner_tier AS TEXT) AS owner_tier
FROM line_tags_1
ORDER BY
  line_tags_1.line ASC
