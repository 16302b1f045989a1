-- Grain: one row a part and dataset: the whole hours the dataset covers, and whether it is a log.
-- A dataset's window is the dataset's, not the part's: a weekly job in a two-week log has two weeks.
-- Relations: cube. No parameters.
WITH windows AS (
    SELECT
        dataset_id,
        min(hour_utc) AS first_hour,
        -- A provider's bucket counts to its end.
        max(CASE WHEN grain = 'bucket' THEN date_trunc('hour', last_ts - INTERVAL 1 MICROSECOND) ELSE hour_utc END)
            AS last_hour
    FROM cube
    WHERE hour_utc IS NOT NULL AND source_format <> 'workload_description'
    GROUP BY dataset_id
)
SELECT DISTINCT c.workload, c.provider, c.model, w.first_hour, w.last_hour
FROM cube AS c
JOIN windows AS w ON w.dataset_id = c.dataset_id
WHERE c.hour_utc IS NOT NULL AND c.source_format <> 'workload_description'
ORDER BY c.workload, c.provider, c.model, w.first_hour
