-- Each line's part in the awards: whether its award stands, and the arrears that count.
WITH account_sums AS (
    SELECT
        account_id,
        (SELECT SUM(owed) FROM hand__2_invoices AS i WHERE i.account_id = account.account_id) AS owed,
        (SELECT SUM(billed) FROM hand__1_lines AS l WHERE l.account_id = account.account_id) AS billed
    FROM account
)
SELECT
    l.*,
    device = 0 OR in_service OR months >= 24 AS stands,
    CASE
        WHEN months >= 12 AND l.billed >= 1.2 * device THEN 0
        ELSE coalesce(s.owed * (l.billed / s.billed), 0)
    END AS arrears
FROM hand__1_lines AS l
LEFT JOIN account_sums AS s USING (account_id)
