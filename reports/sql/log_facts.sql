-- Grain: one row a workload of the cube: what its calls declare, and how many there are.
-- Relations: cube. No parameters.
SELECT
    workload,
    bool_and(source_format = 'workload_description') AS described,
    CAST(sum(n_requests) AS BIGINT) AS n_requests,
    CAST(sum(CASE WHEN hour_utc IS NOT NULL THEN n_requests ELSE 0 END) AS BIGINT) AS n_dated,
    CAST(sum(n_batch_eligible) AS BIGINT) AS n_batch_eligible,
    CAST(sum(n_batch_ineligible) AS BIGINT) AS n_batch_ineligible,
    CAST(sum(n_deadline) AS BIGINT) AS n_deadline,
    CAST(min(min_deadline_s) AS BIGINT) AS min_deadline_s
FROM cube
GROUP BY workload
ORDER BY workload
