-- Grain: one row a workload and bucket: seconds between a call and the next, as a histogram. Bucket k
-- holds 1.25^k up to 1.25^(k+1) seconds, bucket 0 also holds less. Inside a burst its calls are taken
-- as evenly spread; stretches of different models that touch are one burst.
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
        min(first_minute_utc) AS first_minute_utc,
        max(last_minute_utc) AS last_minute_utc
    FROM numbered
    GROUP BY workload, burst
),
gaps AS (
    SELECT
        workload,
        (date_diff('second', first_minute_utc, last_minute_utc) + 60.0) / n AS gap_s,
        n - 1 AS n
    FROM whole
    WHERE n > 1
    UNION ALL
    SELECT
        workload,
        date_diff(
            'second',
            lag(last_minute_utc) OVER (PARTITION BY workload ORDER BY first_minute_utc),
            first_minute_utc
        ) AS gap_s,
        1 AS n
    FROM whole
)
SELECT
    workload,
    CAST(floor(ln(greatest(gap_s, 1)) * 4.481420117724551) AS BIGINT) AS bucket,
    CAST(sum(n) AS BIGINT) AS n
FROM gaps
WHERE gap_s IS NOT NULL
GROUP BY workload, bucket
ORDER BY workload, bucket
