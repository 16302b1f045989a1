-- Grain: that of the cube. What was known before an hour: earlier calls, and what people described.
-- Relations: cube. Parameters: $until TIMESTAMP.
SELECT *
FROM cube
WHERE source_format = 'workload_description' OR hour_utc < CAST($until AS TIMESTAMP)
