-- Grain: that of the bursts of `data.cube`: one row a workload and hour with a call a minute or more,
-- taken as one stretch. For parts of a workload, whose bursts were counted over all of it.
-- Relations: cube. No parameters.
SELECT
    workload,
    '' AS provider,
    '' AS model,
    hour_utc AS first_minute_utc,
    hour_utc + INTERVAL 59 MINUTE AS last_minute_utc,
    CAST(sum(n_requests) AS BIGINT) AS n
FROM cube
WHERE grain = 'call' AND source_format <> 'workload_description' AND hour_utc IS NOT NULL
GROUP BY workload, hour_utc
HAVING sum(n_requests) >= 60
ORDER BY workload, hour_utc
