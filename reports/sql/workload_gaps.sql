-- Grain: one row a workload and bucket: seconds between a call and the next, as a histogram. Bucket k
-- holds 1.25^k up to 1.25^(k+1) seconds, bucket 0 also holds less. Inside a burst its calls are taken
-- as evenly spread.
-- Relations: joined (see `joined_bursts.sql`). No parameters.
WITH gaps AS (
    SELECT workload, (spread_s + 60.0) / n AS gap_s, n - 1 AS n
    FROM joined
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
    FROM joined
)
SELECT
    workload,
    CAST(floor(ln(greatest(gap_s, 1)) * 4.481420117724551) AS BIGINT) AS bucket,
    CAST(sum(n) AS BIGINT) AS n
FROM gaps
WHERE gap_s IS NOT NULL
GROUP BY workload, bucket
ORDER BY workload, bucket
