-- What the source of each log said of the calls that a bill covers.
-- Grain: one row a provider and dataset. Relations: cube (as bill_cube.sql gives it). No parameters.
SELECT
    provider,
    dataset_id,
    CAST(sum(n_reported) AS BIGINT) AS n_reported,
    CAST(sum(n_requests) AS BIGINT) AS n_requests,
    sum(reported_cost_usd) AS reported_usd
FROM cube
GROUP BY provider, dataset_id
HAVING sum(n_reported) > 0
ORDER BY provider, dataset_id
