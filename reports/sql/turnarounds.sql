-- Grain: one row a workload and provider: the turnaround that 95 of 100 of its batches kept to (nearest rank,
-- from the first line sent to the last that ended), how many batches ended since, and the slowest.
-- A batch may stand in several rows; it is of the workload of most of its lines. Batches without an id or
-- an end are not timed.
-- Relations: batches (provider, batch_id, workload, n_requests, first_ts, last_ts_end).
-- Parameters: $since TIMESTAMP: batches that ended then or later.
WITH jobs AS (
    SELECT
        provider,
        batch_id,
        arg_max(workload, n_requests) AS workload,
        date_diff('second', min(first_ts), max(last_ts_end)) AS turnaround_s
    FROM batches
    WHERE batch_id IS NOT NULL AND first_ts IS NOT NULL AND last_ts_end IS NOT NULL
    GROUP BY provider, batch_id
    HAVING max(last_ts_end) >= CAST($since AS TIMESTAMP)
)
SELECT
    workload,
    provider,
    CAST(count(*) AS BIGINT) AS n_batches,
    CAST(quantile_disc(turnaround_s, 0.95) AS BIGINT) AS p95_s,
    arg_max(batch_id, turnaround_s) AS slowest_batch,
    CAST(max(turnaround_s) AS BIGINT) AS longest_s
FROM jobs
GROUP BY workload, provider
ORDER BY workload, provider
