-- Grain: one row a dataset, UTC day, provider, model, workload and tier of the calls with a reported cost.
-- Relations: cube. No parameters.
SELECT
    dataset_id,
    CAST(hour_utc AS DATE) AS day_utc,
    provider,
    model,
    workload,
    tier,
    CAST(sum(n_reported) AS BIGINT) AS n_reported
FROM cube
GROUP BY ALL
