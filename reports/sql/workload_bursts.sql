-- Grain: one row a workload: the burst that its median call belongs to.
-- Relations: joined (see `joined_bursts.sql`). No parameters.
WITH ranked AS (
    SELECT
        *,
        sum(n) OVER (PARTITION BY workload ORDER BY n, spread_s ROWS UNBOUNDED PRECEDING) AS upto,
        sum(n) OVER (PARTITION BY workload) AS total
    FROM joined
)
SELECT workload, n AS burst_size_p50, spread_s AS burst_spread_s
FROM ranked
WHERE 2 * upto >= total
QUALIFY row_number() OVER (PARTITION BY workload ORDER BY upto) = 1
ORDER BY workload
