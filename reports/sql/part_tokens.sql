-- Grain: one row a part (workload x provider x model) of the given cube.
-- Relations: cube. No parameters.
SELECT
    workload,
    provider,
    model,
    bool_and(source_format = 'workload_description') AS described,
    CAST(sum(n_requests) AS BIGINT) AS n_requests,
    CAST(sum(CASE WHEN status <> 'ok' THEN n_requests ELSE 0 END) AS BIGINT) AS n_failed,
    CAST(sum(CASE WHEN status = 'ok' THEN n_unmetered ELSE 0 END) AS BIGINT) AS n_unmetered_ok,
    CAST(coalesce(sum(input_tokens), 0) AS BIGINT) AS input_tokens,
    CAST(coalesce(sum(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens,
    CAST(coalesce(sum(cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens,
    CAST(coalesce(sum(cache_write_long_tokens), 0) AS BIGINT) AS cache_write_long_tokens,
    CAST(coalesce(sum(output_tokens), 0) AS BIGINT) AS output_tokens,
    CAST(sum(CASE WHEN tier = 'standard' THEN n_requests ELSE 0 END) AS BIGINT) AS n_standard,
    CAST(sum(CASE WHEN tier = 'batch' THEN n_requests ELSE 0 END) AS BIGINT) AS n_batch,
    CAST(sum(CASE WHEN tier = 'flex' THEN n_requests ELSE 0 END) AS BIGINT) AS n_flex,
    CAST(sum(CASE WHEN tier = 'priority' THEN n_requests ELSE 0 END) AS BIGINT) AS n_priority,
    CAST(sum(CASE WHEN tier = 'ultrafast' THEN n_requests ELSE 0 END) AS BIGINT) AS n_ultrafast,
    CAST(sum(CASE WHEN tier = 'offpeak' THEN n_requests ELSE 0 END) AS BIGINT) AS n_offpeak
FROM cube
GROUP BY workload, provider, model
ORDER BY workload, provider, model
