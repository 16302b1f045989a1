-- What prompts may have shared, by times and lengths alone: bounds, never a guess between them.
--
-- Grain     one row per workload x provider x model x minimum_tokens, for the TTL of $ttl_s seconds.
-- Reads     requests (workload, provider, model, session, at_ms, input_tokens, output_tokens,
--           cache_read_tokens); minimums (minimum_tokens).
-- High      a prompt shares at most its whole length, and at most the longest prompt with its answer
--           that the same model saw within the TTL before.
-- Low       what the log says was read from the cache; or, in a session, the whole prompt of the turn
--           before, where this one is at least as long and comes within the TTL: a conversation
--           appends. Without sessions and cache reads nothing is sure, and the low end is 0.

, turns AS (
  SELECT
    *,
    max(input_tokens + coalesce(output_tokens, 0)) OVER (
      PARTITION BY provider, model ORDER BY at_ms
      RANGE BETWEEN $ttl_s * 1000 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW
    ) AS longest,
    lag(input_tokens) OVER (PARTITION BY provider, model, session ORDER BY at_ms) AS input_before,
    lag(at_ms) OVER (PARTITION BY provider, model, session ORDER BY at_ms) AS at_before_ms
  FROM requests
),
bounds AS (
  SELECT
    *,
    greatest(
      coalesce(cache_read_tokens, 0),
      CASE
        WHEN session IS NOT NULL AND at_ms - at_before_ms <= $ttl_s * 1000 AND input_tokens >= input_before
          THEN input_before
        ELSE 0
      END
    ) AS low,
    least(input_tokens, coalesce(longest, 0)) AS reach
  FROM turns
),
ordered AS (
  SELECT *, greatest(low, reach) AS high FROM bounds
)
SELECT
  workload,
  provider,
  model,
  cast($ttl_s AS BIGINT) AS ttl_s,
  minimum_tokens,
  count(*) AS n_calls,
  cast(sum(input_tokens) AS BIGINT) AS input_tokens,
  cast(sum(CASE WHEN low >= minimum_tokens THEN low ELSE 0 END) AS BIGINT) AS low_tokens,
  cast(sum(CASE WHEN high >= minimum_tokens THEN high ELSE 0 END) AS BIGINT) AS high_tokens
FROM ordered
CROSS JOIN minimums
GROUP BY workload, provider, model, minimum_tokens
