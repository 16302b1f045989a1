-- What calls that ran cheaper would have cost otherwise: the levers of the realised saving, micro-dollars.
--
-- Grain: one row a UTC day (NULL for undated calls), workload, provider, model and lane of calls in which a
-- lever was at work: a tier that defers, or a cache. No parameters.
-- Relations:
--   priced  costs by hour, workload, provider, model, tier and status in the lanes sync, sync+cache,
--           as_billed and own_uncached (of priority and ultrafast: the same tier, cached tokens as plain
--           input); `part` is 1 for all calls and -1 for those that answer a line of a batch once more
-- Counterfactual: the standard tier without a cache for calls that were deferred (batch, flex, off-peak),
--   the own tier without a cache for all others: nobody pays for priority to save.
-- Order: cache first, at the standard tier's prices, then the tier. cache = counterfactual - with its hits;
--   tier = with its hits - billed. Together they are counterfactual - billed, without a remainder.
-- Lost: a deferred line that failed and was billed, or that was answered once more, stands for no call: its
--   counterfactual is 0 and all that it cost is lost. Saved = cache + tier - lost.
-- A cost counts only where every metered call of its row has a price; other rows are in n_unpriced.
WITH cells AS (
    SELECT
        part,
        CAST(hour_utc AS DATE) AS day_utc,
        hour_utc,
        workload,
        provider,
        model,
        tier,
        status,
        max(CASE WHEN lane = 'as_billed' THEN n_requests END) AS n_requests,
        max(CASE WHEN lane = 'as_billed'
            THEN coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)
                + coalesce(cache_write_long_tokens, 0) END) AS cached_tokens,
        max(CASE WHEN lane = 'as_billed' AND whole THEN cost_micro_usd END) AS billed,
        max(CASE WHEN lane = 'own_uncached' AND whole THEN cost_micro_usd END) AS own_uncached,
        max(CASE WHEN lane = 'sync' AND whole THEN cost_micro_usd END) AS plain,
        max(CASE WHEN lane = 'sync+cache' AND whole THEN cost_micro_usd END) AS with_hits
    FROM (SELECT *, n_priced + n_unmetered = n_requests AS whole FROM priced)
    GROUP BY ALL
),

-- A model without a cache price has no lane with a cache, and needs none for calls without cached tokens.
settled AS (
    SELECT
        * REPLACE (CASE WHEN cached_tokens = 0 THEN coalesce(with_hits, plain) ELSE with_hits END AS with_hits)
    FROM cells
),

-- A call in the standard tier that was not billed its price ran in the cheap hours of a model sold by the clock.
told_apart AS (
    SELECT
        *,
        coalesce(tier IN ('batch', 'flex', 'offpeak') OR (tier = 'standard' AND with_hits <> billed), false) AS deferred
    FROM settled
),

compared AS (
    SELECT
        *,
        CASE WHEN tier <> 'standard' THEN tier WHEN deferred THEN 'offpeak' ELSE 'sync' END AS base_lane,
        CASE WHEN deferred OR tier = 'standard' THEN plain ELSE own_uncached END AS counterfactual,
        CASE WHEN deferred THEN with_hits ELSE billed END AS with_own_hits,
        deferred AND (status <> 'ok' OR part = -1) AS is_lost
    FROM told_apart
    WHERE deferred OR (cached_tokens > 0 AND part = 1)
),

known AS (
    SELECT *, coalesce(counterfactual + with_own_hits + billed IS NOT NULL, false) AS is_known FROM compared
)

SELECT
    day_utc,
    workload,
    provider,
    model,
    CASE WHEN cached_tokens > 0 AND base_lane IN ('sync', 'batch', 'flex') THEN base_lane || '+cache' ELSE base_lane END
        AS lane,
    CAST(sum(CASE WHEN part = 1 THEN n_requests ELSE 0 END) AS BIGINT) AS n_requests,
    CAST(sum(CASE WHEN part = 1 AND status <> 'ok' THEN n_requests ELSE 0 END) AS BIGINT) AS n_failed,
    CAST(sum(CASE WHEN part = -1 THEN n_requests ELSE 0 END) AS BIGINT) AS n_repeated,
    CAST(sum(CASE WHEN part = 1 AND NOT is_known THEN n_requests ELSE 0 END) AS BIGINT) AS n_unpriced,
    sum(CASE
        WHEN NOT is_known OR (part = 1 AND is_lost) THEN 0
        WHEN part = 1 THEN counterfactual - with_own_hits
        ELSE with_own_hits - counterfactual
    END) AS cache_micro_usd,
    sum(CASE
        WHEN NOT is_known OR (part = 1 AND is_lost) THEN 0
        WHEN part = 1 THEN with_own_hits - billed
        ELSE billed - with_own_hits
    END) AS tier_micro_usd,
    sum(CASE WHEN is_known AND is_lost THEN billed ELSE 0 END) AS lost_micro_usd,
    sum(CASE WHEN is_known AND part = 1 THEN billed ELSE 0 END) AS billed_micro_usd
FROM known
GROUP BY ALL
ORDER BY day_utc NULLS LAST, workload, provider, model, lane
