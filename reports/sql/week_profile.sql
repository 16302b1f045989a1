-- Grain: one row a workload and hour of the week (0 is Monday 00:00 UTC): its logged single calls.
-- n_hours counts the hours of the log in which there was one.
-- Relations: cube. No parameters.
SELECT
    workload,
    (isodow(hour_utc) - 1) * 24 + hour(hour_utc) AS hour_of_week,
    CAST(sum(n_requests) AS BIGINT) AS n,
    count(DISTINCT hour_utc) AS n_hours,
    CAST(sum(n_streamed) AS BIGINT) AS n_streamed,
    CAST(sum(n_unstreamed) AS BIGINT) AS n_unstreamed,
    CAST(sum(n_timed) AS BIGINT) AS n_timed,
    CAST(sum(latency_ms) AS BIGINT) AS latency_ms
FROM cube
WHERE grain = 'call' AND source_format <> 'workload_description' AND hour_utc IS NOT NULL
GROUP BY workload, hour_of_week
ORDER BY workload, hour_of_week
