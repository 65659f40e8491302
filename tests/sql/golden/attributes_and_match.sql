-- stage
WITH customer AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS joined_on,
    CAST(NULL AS TEXT) AS gender
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
), customer_spine AS (
  SELECT
    customer.customer,
    customer.gender
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
    customer_spine.gender AS customer_gender,
    COALESCE(line_by_customer.line_count, 0) AS line_count
  FROM customer_spine
  LEFT JOIN line_by_customer
    ON line_by_customer.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    customer_joined.line_count AS lines_active
  FROM customer_joined
), customer_tags_2 AS (
  SELECT
    customer_tags_1.*,
    CASE
      WHEN customer_tags_1.lines_active = 0
      THEN 'new'
      WHEN (
        customer_tags_1.lines_active = 0
      ) IS NULL
      THEN 'unknown'
      WHEN customer_tags_1.customer_gender = 'female'
      THEN 'woman'
      WHEN (
        customer_tags_1.customer_gender = 'female'
      ) IS NULL
      THEN 'unknown'
      ELSE 'other'
    END AS stage
  FROM customer_tags_1
)
SELECT
  customer_tags_2.customer AS customer_id,
  CAST(customer_tags_2.stage AS TEXT) AS stage
FROM customer_tags_2
ORDER BY
  customer_tags_2.customer ASC
