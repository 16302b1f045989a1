-- Grain: one row a dataset, provider and UTC day that its dated, logged rows cover; a bucket covers
-- every day up to its end.
-- Relations: cube. No parameters.
SELECT DISTINCT
    dataset_id,
    provider,
    unnest(generate_series(
        date_trunc('day', hour_utc),
        greatest(
            date_trunc('day', hour_utc),
            CASE WHEN grain = 'bucket' THEN date_trunc('day', last_ts - INTERVAL 1 MICROSECOND) ELSE hour_utc END
        ),
        INTERVAL 1 DAY
    )) AS day_utc
FROM cube
WHERE hour_utc IS NOT NULL AND source_format <> 'workload_description'
ORDER BY dataset_id, provider, day_utc
