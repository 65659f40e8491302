-- lines_active, best_line_bill
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
    CAST(NULL AS DATE) AS deactivated_on
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
    line.customer,
    line.activated_on,
    CASE WHEN line.deactivated_on <= CAST('2026-10-31' AS DATE) THEN line.deactivated_on END AS deactivated_on
  FROM line
  WHERE
    line.activated_on IS NULL OR line.activated_on <= CAST('2026-10-31' AS DATE)
), bill_by_line AS (
  SELECT
    r.line,
    SUM(r.total) AS bill_total_sum_last_1_month
  FROM (
    SELECT
      bill.line,
      bill."month",
      bill.total
    FROM bill
    WHERE
      NOT bill.line IS NULL
      AND bill."month" >= CAST('2026-10-01' AS DATE)
      AND bill."month" <= CAST('2026-10-31' AS DATE)
  ) AS r
  GROUP BY
    r.line
), line_joined AS (
  SELECT
    line_spine.line,
    line_spine.customer AS line_customer,
    line_spine.activated_on AS line_activated_on,
    line_spine.deactivated_on AS line_deactivated_on,
    CAST(bill_by_line.bill_total_sum_last_1_month AS DECIMAL(18, 2)) AS bill_total_sum_last_1_month
  FROM line_spine
  LEFT JOIN bill_by_line
    ON bill_by_line.line = line_spine.line
), line_tags_1 AS (
  SELECT
    line_joined.*,
    line_joined.bill_total_sum_last_1_month AS line_bill
  FROM line_joined
), line_by_customer AS (
  SELECT
    r.customer,
    CAST(COUNT(CASE WHEN r.value THEN 1 END) AS BIGINT) AS line_count,
    CAST(COUNT(CASE WHEN r.value_2 THEN 1 END) AS BIGINT) AS line_count_2
  FROM (
    SELECT
      line_tags_1.line_customer AS customer,
      line_tags_1.line_activated_on AS activated_on,
      line_tags_1.line_deactivated_on IS NULL AS value,
      line_tags_1.line_bill > 0.00 AS value_2
    FROM line_tags_1
    WHERE
      NOT line_tags_1.line_customer IS NULL
  ) AS r
  GROUP BY
    r.customer
), customer_joined AS (
  SELECT
    customer_spine.customer,
    COALESCE(line_by_customer.line_count, 0) AS line_count,
    COALESCE(line_by_customer.line_count_2, 0) AS line_count_2
  FROM customer_spine
  LEFT JOIN line_by_customer
    ON line_by_customer.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    customer_joined.line_count AS lines_active,
    customer_joined.line_count_2 AS best_line_bill
  FROM customer_joined
)
SELECT
  customer_tags_1.customer AS customer_id,
  CAST(customer_tags_1.lines_active AS BIGINT) AS lines_active,
  CAST(customer_tags_1.best_line_bill AS BIGINT) AS best_line_bill
FROM customer_tags_1
ORDER BY
  customer_tags_1.customer ASC
