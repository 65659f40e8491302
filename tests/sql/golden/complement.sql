-- not_good, value_tier
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
), profile AS (
  SELECT
    CAST(NULL AS BOOLEAN) AS agrees,
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS TEXT) AS band
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
), line_joined AS (
  SELECT
    line_spine.line,
    line_spine.customer AS line_customer,
    line_spine.activated_on AS line_activated_on,
    line_spine.deactivated_on AS line_deactivated_on
  FROM line_spine
), line_by_customer AS (
  SELECT
    r.customer,
    CAST(COUNT(CASE WHEN r.value THEN 1 END) AS BIGINT) AS line_count
  FROM (
    SELECT
      line_joined.line_customer AS customer,
      line_joined.line_activated_on AS activated_on,
      line_joined.line_deactivated_on IS NULL AS value
    FROM line_joined
    WHERE
      NOT line_joined.line_customer IS NULL
  ) AS r
  GROUP BY
    r.customer
), customer_joined AS (
  SELECT
    customer_spine.customer,
    CAST(bill_by_customer.bill_total_sum_last_3_months AS DECIMAL(18, 2)) AS bill_total_sum_last_3_months,
    COALESCE(line_by_customer.line_count, 0) AS line_count,
    profile.agrees AS profile_agrees,
    profile.band AS profile_band
  FROM customer_spine
  LEFT JOIN bill_by_customer
    ON bill_by_customer.customer = customer_spine.customer
  LEFT JOIN line_by_customer
    ON line_by_customer.customer = customer_spine.customer
  LEFT JOIN profile
    ON profile.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    FLOOR(
      (
        CAST(COALESCE(customer_joined.bill_total_sum_last_3_months, 0.00) AS DOUBLE) / 3
      ) * 1000000 + 0.5
    ) / 1000000 AS arpu_3m,
    customer_joined.line_count AS lines_active
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
    END AS value_tier,
    COALESCE(customer_tags_1.lines_active > 0, FALSE) AS have_lines
  FROM customer_tags_1
), customer_tags_3 AS (
  SELECT
    customer_tags_2.*,
    COALESCE(
      customer_tags_2.have_lines
      AND (
        CASE
          WHEN customer_tags_2.value_tier IN ('mid', 'high')
          THEN TRUE
          WHEN customer_tags_2.value_tier IN ('minimal', 'low')
          THEN FALSE
        END
        AND customer_tags_2.profile_agrees
      ),
      FALSE
    ) AS good
  FROM customer_tags_2
), customer_tags_4 AS (
  SELECT
    customer_tags_3.*,
    COALESCE(
      (
        customer_tags_3.have_lines AND NOT customer_tags_3.good
      )
      AND customer_tags_3.profile_band IN ('mid', 'high'),
      FALSE
    ) AS not_good
  FROM customer_tags_3
)
SELECT
  customer_tags_4.customer AS customer_id,
  CAST(customer_tags_4.value_tier AS TEXT) AS value_tier
FROM customer_tags_4
WHERE
  customer_tags_4.not_good
ORDER BY
  CASE
    WHEN customer_tags_4.value_tier = 'minimal'
    THEN 0
    WHEN customer_tags_4.value_tier = 'low'
    THEN 1
    WHEN customer_tags_4.value_tier = 'mid'
    THEN 2
    WHEN customer_tags_4.value_tier = 'high'
    THEN 3
  END DESC,
  customer_tags_4.customer ASC
