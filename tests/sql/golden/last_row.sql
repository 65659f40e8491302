-- last_order
WITH customer AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS joined_on
  WHERE
    FALSE
), contact AS (
  SELECT
    CAST(NULL AS TEXT) AS customer,
    CAST(NULL AS DATE) AS "on",
    CAST(NULL AS BIGINT) AS "order"
  WHERE
    FALSE
), customer_spine AS (
  SELECT
    customer.customer
  FROM customer
  WHERE
    customer.joined_on IS NULL OR customer.joined_on <= CAST('2026-10-31' AS DATE)
), contact_order_last_row AS (
  SELECT
    ranked.customer,
    ranked.contact_order_last
  FROM (
    SELECT
      r.customer,
      r."order" AS contact_order_last,
      ROW_NUMBER() OVER (PARTITION BY r.customer ORDER BY r."on" DESC, r."order" DESC) AS place
    FROM (
      SELECT
        contact.customer,
        contact."on",
        contact."order"
      FROM contact
      WHERE
        NOT contact.customer IS NULL AND contact."on" <= CAST('2026-10-31' AS DATE)
    ) AS r
    WHERE
      NOT r."order" IS NULL AND NOT r."on" IS NULL
  ) AS ranked
  WHERE
    ranked.place = 1
), customer_joined AS (
  SELECT
    customer_spine.customer,
    contact_order_last_row.contact_order_last
  FROM customer_spine
  LEFT JOIN contact_order_last_row
    ON contact_order_last_row.customer = customer_spine.customer
), customer_tags_1 AS (
  SELECT
    customer_joined.*,
    customer_joined.contact_order_last AS last_order
  FROM customer_joined
)
SELECT
  customer_tags_1.customer AS customer_id,
  CAST(customer_tags_1.last_order AS BIGINT) AS last_order
FROM customer_tags_1
ORDER BY
  customer_tags_1.customer ASC
