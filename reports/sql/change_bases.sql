-- What a change in spend is measured by: one workload in the days before and after a date, micro-dollars.
--
-- Grain: one row a period ('before', 'after').
-- Relations:
--   priced  costs by hour, workload, provider, model, tier and status: as of their own hour in the lanes
--           as_billed, sync, sync+cache, and in lane `sync_then`, sync as of the date
-- Parameters: $workload; $first, $split, $last: the first day before, the first after, the day after the last.
-- Calls: n_ok are those that were answered. A row is `apart` when any of its four costs is not known; its
--   spend is in apart_micro_usd alone. Failed calls are in spend_micro_usd and in no other cost.
WITH cells AS (
    SELECT
        CASE WHEN hour_utc < CAST($split AS TIMESTAMP) THEN 'before' ELSE 'after' END AS period,
        hour_utc,
        provider,
        model,
        tier,
        status,
        max(CASE WHEN lane = 'as_billed' THEN n_requests END) AS n_requests,
        max(CASE WHEN lane = 'as_billed' THEN coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)
            + coalesce(cache_write_long_tokens, 0) END) AS cached_tokens,
        max(CASE WHEN lane = 'as_billed' AND whole THEN cost_micro_usd END) AS billed,
        max(CASE WHEN lane = 'as_billed' THEN cost_micro_usd END) AS billed_in_part,
        max(CASE WHEN lane = 'sync' AND whole THEN cost_micro_usd END) AS plain,
        max(CASE WHEN lane = 'sync_then' AND whole THEN cost_micro_usd END) AS plain_then,
        max(CASE WHEN lane = 'sync+cache' AND whole THEN cost_micro_usd END) AS with_hits
    FROM (SELECT *, n_priced + n_unmetered = n_requests AS whole FROM priced)
    WHERE workload = $workload AND hour_utc >= CAST($first AS TIMESTAMP) AND hour_utc < CAST($last AS TIMESTAMP)
    GROUP BY ALL
),

settled AS (
    SELECT
        * REPLACE (CASE WHEN cached_tokens = 0 THEN coalesce(with_hits, plain) ELSE with_hits END AS with_hits)
    FROM cells
),

told_apart AS (
    SELECT *, coalesce(billed + plain + plain_then + with_hits IS NULL, true) AS apart FROM settled
)

SELECT
    period,
    CAST(sum(n_requests) AS BIGINT) AS n_requests,
    CAST(sum(CASE WHEN status = 'ok' THEN n_requests ELSE 0 END) AS BIGINT) AS n_ok,
    sum(CASE WHEN apart OR status <> 'ok' THEN 0 ELSE plain_then END) AS plain_then_micro_usd,
    sum(CASE WHEN apart OR status <> 'ok' THEN 0 ELSE plain END) AS plain_micro_usd,
    sum(CASE WHEN apart OR status <> 'ok' THEN 0 ELSE with_hits END) AS with_hits_micro_usd,
    sum(CASE WHEN apart OR status <> 'ok' THEN 0 ELSE billed END) AS billed_micro_usd,
    sum(CASE WHEN apart THEN 0 ELSE billed END) AS spend_micro_usd,
    sum(CASE WHEN apart THEN coalesce(billed_in_part, 0) ELSE 0 END) AS apart_micro_usd
FROM told_apart
GROUP BY period
ORDER BY period
