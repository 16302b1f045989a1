-- Grain: one row a workload and burst: stretches of different models that touch are one burst.
-- Relations: bursts (see `data.cube`). No parameters.
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
)
SELECT
    workload,
    CAST(sum(n) AS BIGINT) AS n,
    min(first_minute_utc) AS first_minute_utc,
    max(last_minute_utc) AS last_minute_utc,
    date_diff('second', min(first_minute_utc), max(last_minute_utc)) AS spread_s
FROM numbered
GROUP BY workload, burst
