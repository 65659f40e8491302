-- arpu_3m
WITH line AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS activated_on,
    CAST(NULL AS TEXT) AS line
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
    named.customer
  FROM (
    SELECT DISTINCT
      line.customer
    FROM line
    WHERE
      NOT line.customer IS NULL
      AND (
        line.activated_on IS NULL OR line.activated_on <= CAST('2026-10-31' AS DATE)
      )
  ) AS named
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
)
SELECT
  customer_tags_1.customer AS customer_id,
  CAST(customer_tags_1.arpu_3m AS DOUBLE) AS arpu_3m
FROM customer_tags_1
ORDER BY
  customer_tags_1.customer ASC
