-- Grain: one row: the first and last UTC day of a workload's dated calls, NULL without any.
-- Relations: cube. Parameters: $workload.
SELECT CAST(min(hour_utc) AS DATE) AS first_day, CAST(max(hour_utc) AS DATE) AS last_day
FROM cube
WHERE workload = $workload
