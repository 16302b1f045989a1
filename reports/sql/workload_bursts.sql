-- Grain: one row a workload: the burst that its median call belongs to. Stretches of different
-- models that touch are one burst.
-- Relations: bursts. No parameters.
WITH reached AS (
    SELECT
        *,
        max(last_minute_utc) OVER (
            PARTITION BY workload ORDER BY first_minute_utc, last_minute_utc
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_utc
    FROM bursts
),
numbered AS (
    SELECT
        *,
        count(CASE WHEN reached_utc IS NULL OR reached_utc < first_minute_utc - INTERVAL 1 MINUTE THEN 1 END) OVER (
            PARTITION BY workload ORDER BY first_minute_utc, last_minute_utc
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS burst
    FROM reached
),
whole AS (
    SELECT
        workload,
        CAST(sum(n) AS BIGINT) AS n,
        date_diff('second', min(first_minute_utc), max(last_minute_utc)) AS spread_s
    FROM numbered
    GROUP BY workload, burst
),
ranked AS (
    SELECT
        *,
        sum(n) OVER (PARTITION BY workload ORDER BY n, spread_s ROWS UNBOUNDED PRECEDING) AS upto,
        sum(n) OVER (PARTITION BY workload) AS total
    FROM whole
)
SELECT workload, n AS burst_size_p50, spread_s AS burst_spread_s
FROM ranked
WHERE 2 * upto >= total
QUALIFY row_number() OVER (PARTITION BY workload ORDER BY upto) = 1
ORDER BY workload
