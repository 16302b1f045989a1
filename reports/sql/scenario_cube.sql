-- Grain: rows of `scenario_rows`, once for each traffic asked for, whose number stands in dataset_id: the same
-- calls with another model, prefix length, hit rate or cache lifetime. Tokens stay whole numbers.
--   prefix   changes every metered call; what is added is cached as the rest of the input is. The context
--            band follows the average prompt, but calls that get longer never fall into a lower band, nor
--            shorter ones into a higher one.
--   hits     a share of the input; cache writes stay as they are, as far as there is input left for them.
--   batch    a share of the input, or of the hits, is hit inside a batch. A lost hit is written again where
--            the model charges for writes, else it is plain input.
-- Relations: cube; threshold (at_tokens BIGINT, 0 among them); asked (traffic VARCHAR, workload, provider,
--            model, to_provider, to_model, prefix_tokens, hit_millionths, batch_hit_millionths,
--            kept_millionths BIGINT, ttl VARCHAR, rewrites BOOLEAN). No parameters.
WITH longer AS (
    SELECT
        c.*,
        a.* EXCLUDE (workload, provider, model),
        greatest(0, c.input_tokens + a.prefix_tokens * (c.n_requests - c.n_unmetered)) AS new_input
    FROM cube AS c
    JOIN asked AS a ON a.workload = c.workload AND a.provider = c.provider AND a.model = c.model
),

proportioned AS (
    SELECT
        l.*,
        CASE WHEN hit_millionths IS NOT NULL
            THEN CAST(CAST(new_input AS HUGEINT) * hit_millionths // 1000000 AS BIGINT)
            WHEN input_tokens = 0 THEN 0
            ELSE CAST(CAST(cache_read_tokens AS HUGEINT) * new_input // input_tokens AS BIGINT)
        END AS hits,
        CASE WHEN input_tokens = 0 THEN 0
            ELSE CAST(CAST(cache_write_tokens AS HUGEINT) * new_input // input_tokens AS BIGINT)
        END AS writes,
        CASE WHEN input_tokens = 0 THEN 0
            ELSE CAST(CAST(cache_write_long_tokens AS HUGEINT) * new_input // input_tokens AS BIGINT)
        END AS writes_long
    FROM longer AS l
),

in_batch AS (
    SELECT
        p.*,
        CASE
            WHEN batch_hit_millionths IS NOT NULL
                THEN CAST(CAST(new_input AS HUGEINT) * batch_hit_millionths // 1000000 AS BIGINT)
            WHEN kept_millionths IS NOT NULL
                THEN CAST(CAST(hits AS HUGEINT) * kept_millionths // 1000000 AS BIGINT)
            ELSE hits
        END AS hits_there
    FROM proportioned AS p
),

written AS (
    SELECT
        b.*,
        writes + CASE WHEN rewrites AND coalesce(ttl, '5m') = '5m' THEN greatest(0, hits - hits_there) ELSE 0 END
            + CASE WHEN ttl = '5m' THEN writes_long WHEN ttl = '1h' THEN -writes ELSE 0 END AS new_writes,
        writes_long + CASE WHEN rewrites AND ttl = '1h' THEN greatest(0, hits - hits_there) ELSE 0 END
            + CASE WHEN ttl = '1h' THEN writes WHEN ttl = '5m' THEN -writes_long ELSE 0 END AS new_writes_long
    FROM in_batch AS b
)

SELECT
    w.traffic AS dataset_id,
    w.to_provider AS provider,
    w.to_model AS model,
    w.hour_utc,
    w.tier,
    CASE
        WHEN w.prefix_tokens = 0 OR w.n_requests = w.n_unmetered THEN w.prompt_band
        WHEN w.prefix_tokens > 0 THEN greatest(w.prompt_band, t.band)
        ELSE least(w.prompt_band, t.band)
    END AS prompt_band,
    w.status,
    w.grain,
    w.n_requests,
    w.n_unmetered,
    w.new_input AS input_tokens,
    w.hits_there AS cache_read_tokens,
    least(w.new_writes, w.new_input - w.hits_there) AS cache_write_tokens,
    greatest(0, least(w.new_writes_long, w.new_input - w.hits_there - w.new_writes)) AS cache_write_long_tokens,
    w.output_tokens,
    w.reasoning_tokens
FROM written AS w
CROSS JOIN LATERAL (
    SELECT coalesce(max(threshold.at_tokens), 0) AS band
    FROM threshold
    WHERE threshold.at_tokens <= w.new_input // greatest(1, w.n_requests - w.n_unmetered)
) AS t
