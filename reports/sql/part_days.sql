-- Grain: one row a part (workload x provider x model), tier and UTC day of the logged, dated cube.
-- Relations: cube. No parameters.
SELECT
    workload,
    provider,
    model,
    tier,
    CAST(date_trunc('day', hour_utc) AS TIMESTAMP) AS day_utc,
    CAST(sum(n_requests) AS BIGINT) AS n_requests
FROM cube
WHERE hour_utc IS NOT NULL AND source_format <> 'workload_description'
GROUP BY workload, provider, model, tier, CAST(date_trunc('day', hour_utc) AS TIMESTAMP)
ORDER BY workload, provider, model, day_utc, tier
