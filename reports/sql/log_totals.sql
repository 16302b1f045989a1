-- Grain: one row: what the logged part of the cube holds. Relations: cube. No parameters.
SELECT
    min(hour_utc) AS first_hour,
    max(hour_utc) AS last_hour,
    CAST(coalesce(sum(n_requests), 0) AS BIGINT) AS n_requests,
    CAST(coalesce(sum(CASE WHEN hour_utc IS NULL THEN n_requests ELSE 0 END), 0) AS BIGINT) AS n_undated,
    CAST(coalesce(sum(CASE WHEN status = 'ok' THEN n_unmetered ELSE 0 END), 0) AS BIGINT) AS n_unmetered_ok,
    CAST(coalesce(sum(CASE WHEN status <> 'ok' THEN n_unmetered ELSE 0 END), 0) AS BIGINT) AS n_unmetered_failed,
    CAST(coalesce(sum(n_ambiguous), 0) AS BIGINT) AS n_ambiguous,
    CAST(coalesce(sum(n_reported), 0) AS BIGINT) AS n_reported,
    sum(reported_cost_usd) AS reported_cost_usd
FROM cube
WHERE source_format <> 'workload_description'
