-- Grain: what a scenario has to tell apart of the projected cube; hours are summed, since a scenario is
-- priced at an instant. The hour of the week stays for the models in $hourly, which are billed by the clock,
-- and the average prompt in thousands of tokens where prompts change their length.
-- Relations: cube. Parameters: $hourly (a list of provider/model), $by_length.
SELECT
    c.workload,
    c.provider,
    c.model,
    c.tier,
    c.prompt_band,
    c.status,
    -- a bucket of one whole hour has an hour of the week, as a call has
    CASE WHEN c.last_ts = c.hour_utc + INTERVAL 1 HOUR THEN 'call' ELSE c.grain END AS grain,
    -- a row without metered calls needs no price
    c.n_requests > c.n_unmetered AS metered,
    CASE WHEN list_contains($hourly, c.provider || '/' || c.model)
        THEN TIMESTAMP '2024-01-01' + to_hours(24 * (isodow(c.hour_utc) - 1) + hour(c.hour_utc))
    END AS hour_utc,
    CASE WHEN $by_length AND c.n_requests > c.n_unmetered
        THEN coalesce(c.input_tokens, 0) // (c.n_requests - c.n_unmetered) // 1000
    END AS prompt_length,
    CAST(sum(c.n_requests) AS BIGINT) AS n_requests,
    CAST(sum(c.n_unmetered) AS BIGINT) AS n_unmetered,
    CAST(sum(coalesce(c.input_tokens, 0)) AS BIGINT) AS input_tokens,
    CAST(sum(coalesce(c.cache_read_tokens, 0)) AS BIGINT) AS cache_read_tokens,
    CAST(sum(coalesce(c.cache_write_tokens, 0)) AS BIGINT) AS cache_write_tokens,
    CAST(sum(coalesce(c.cache_write_long_tokens, 0)) AS BIGINT) AS cache_write_long_tokens,
    CAST(sum(coalesce(c.output_tokens, 0)) AS BIGINT) AS output_tokens,
    CAST(sum(coalesce(c.reasoning_tokens, 0)) AS BIGINT) AS reasoning_tokens
FROM cube AS c
GROUP BY ALL
