-- Grain: one row a provider: the first hour of its logged, dated calls and the end of the last.
-- Relations: cube. No parameters.
SELECT
    provider,
    min(date_trunc('day', hour_utc)) AS first_hour,
    max(greatest(date_trunc('day', hour_utc) + INTERVAL 1 DAY, CASE WHEN grain = 'bucket' THEN last_ts END)) AS end_ts
FROM cube
WHERE hour_utc IS NOT NULL AND source_format <> 'workload_description'
GROUP BY provider
