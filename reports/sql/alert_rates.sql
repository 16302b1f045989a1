-- Grain: one row a workload, provider and model, and whether its calls ran in batch, of the logged, dated
-- cube: how they went in a window and, for cache hits, in the time before it.
-- Relations: cube. Parameters: $before TIMESTAMP, $since TIMESTAMP (the window is [since, until)), $until TIMESTAMP.
SELECT
    workload,
    provider,
    model,
    tier = 'batch' AS in_batch,
    CAST(coalesce(sum(CASE WHEN x.recent THEN n_requests ELSE 0 END), 0) AS BIGINT) AS n_requests,
    CAST(coalesce(sum(CASE WHEN x.recent AND status = 'error' THEN n_requests ELSE 0 END), 0) AS BIGINT) AS n_error,
    CAST(coalesce(sum(CASE WHEN x.recent AND status = 'expired' THEN n_requests ELSE 0 END), 0) AS BIGINT) AS n_expired,
    CAST(coalesce(sum(CASE WHEN NOT x.recent THEN n_requests ELSE 0 END), 0) AS BIGINT) AS n_requests_before,
    CAST(coalesce(sum(CASE WHEN x.recent THEN input_tokens ELSE 0 END), 0) AS BIGINT) AS input_tokens,
    CAST(coalesce(sum(CASE WHEN x.recent THEN cache_read_tokens ELSE 0 END), 0) AS BIGINT) AS cache_read_tokens,
    CAST(coalesce(sum(CASE WHEN NOT x.recent THEN input_tokens ELSE 0 END), 0) AS BIGINT) AS input_tokens_before,
    CAST(coalesce(sum(CASE WHEN NOT x.recent THEN cache_read_tokens ELSE 0 END), 0) AS BIGINT)
        AS cache_read_tokens_before
FROM cube
CROSS JOIN LATERAL (SELECT hour_utc >= CAST($since AS TIMESTAMP) AS recent) AS x
WHERE source_format <> 'workload_description'
    AND hour_utc >= CAST($before AS TIMESTAMP)
    AND hour_utc < CAST($until AS TIMESTAMP)
GROUP BY workload, provider, model, tier = 'batch'
ORDER BY workload, provider, model, in_batch
