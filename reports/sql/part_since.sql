-- Grain: that of the cube. The logged calls of one part from an hour on; undated calls are of no day.
-- Relations: cube. Parameters: $workload, $provider, $model, $since TIMESTAMP.
SELECT *
FROM cube
WHERE workload = $workload
    AND provider = $provider
    AND model = $model
    AND source_format <> 'workload_description'
    AND hour_utc >= CAST($since AS TIMESTAMP)
