-- Grain: one row: what calls of no workload cost in a window and in the time of the same length before it.
-- Relations: spend (hour_utc, workload, cost_micro_usd DECIMAL). Parameters: $workload, the name of none;
-- $before, $since, $until TIMESTAMP: the window is [since, until).
SELECT
    coalesce(sum(CASE WHEN hour_utc >= CAST($since AS TIMESTAMP) THEN cost_micro_usd END), 0) AS now_micro_usd,
    coalesce(sum(CASE WHEN hour_utc < CAST($since AS TIMESTAMP) THEN cost_micro_usd END), 0) AS before_micro_usd
FROM spend
WHERE workload = $workload
    AND hour_utc >= CAST($before AS TIMESTAMP)
    AND hour_utc < CAST($until AS TIMESTAMP)
