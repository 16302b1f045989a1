-- Grain: that of the cube, the dated rows of one workload. Relations: cube. Parameters: $workload.
SELECT * FROM cube WHERE workload = $workload AND hour_utc IS NOT NULL
