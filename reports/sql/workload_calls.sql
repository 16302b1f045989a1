-- Grain: one row a workload: its logged single calls by tier, status and whether they streamed, and the
-- hours from its first to its last one.
-- Relations: cube. No parameters.
SELECT
    workload,
    CAST(sum(n_requests) AS BIGINT) AS n_calls,
    CAST(sum(CASE WHEN status <> 'ok' THEN n_requests ELSE 0 END) AS BIGINT) AS n_failed,
    CAST(sum(CASE WHEN tier = 'batch' THEN n_requests ELSE 0 END) AS BIGINT) AS n_batch,
    CAST(sum(CASE WHEN tier = 'flex' THEN n_requests ELSE 0 END) AS BIGINT) AS n_flex,
    CAST(sum(CASE WHEN tier = 'priority' THEN n_requests ELSE 0 END) AS BIGINT) AS n_priority,
    CAST(sum(n_streamed) AS BIGINT) AS n_streamed,
    CAST(sum(n_unstreamed) AS BIGINT) AS n_unstreamed,
    coalesce(date_diff('hour', min(hour_utc), max(hour_utc)), 0) AS span_hours
FROM cube
WHERE grain = 'call' AND source_format <> 'workload_description'
GROUP BY workload
ORDER BY workload
