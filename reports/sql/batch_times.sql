-- Grain: one row a provider and batch: how it ended, and its times where the log says when it ended.
-- Lines that name no batch, and batches of which nothing says when they ended, are left out: the time
-- of an answer is no time at which the batch was sent.
-- Relations: jobs (see `data.batches`). No parameters.
SELECT
    provider,
    batch_id,
    CAST(sum(n_expired) AS BIGINT) AS n_expired,
    CAST(sum(n_cancelled) AS BIGINT) AS n_cancelled,
    min(first_ts) AS first_ts,
    max(last_ts_end) AS last_ts_end
FROM jobs
WHERE batch_id IS NOT NULL
GROUP BY provider, batch_id
HAVING sum(n_ended) > 0 AND min(first_ts) IS NOT NULL
ORDER BY provider, batch_id
