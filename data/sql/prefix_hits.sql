-- What prompts shared, by block hashes: the leading blocks of a prompt that were seen before.
--
-- Grain     one row per workload x provider x model x minimum_tokens, for the TTL of $ttl_s seconds.
-- Reads     requests: `data.prefixes.BLOCKS` in the order of the log; minimums (minimum_tokens).
-- Seen      a block of the same provider and model that an earlier request carried at most $ttl_s ago;
--           each use renews it. Of requests at the same time the one further up in the log is earlier.
-- Measures  high_tokens counts every leading block, the last one up to the end of the prompt;
--           low_tokens whole blocks alone. Hits below the minimum are no hits.

, placed AS (
  SELECT *, row_number() OVER () AS place FROM requests
),
carried AS (
  SELECT
    place,
    provider,
    model,
    at_ms,
    unnest(blocks) AS block,
    generate_subscripts(blocks, 1) AS nth
  FROM placed
),
seen AS (
  SELECT
    place,
    nth,
    at_ms - lag(at_ms) OVER (PARTITION BY provider, model, block ORDER BY at_ms, place, nth)
      <= $ttl_s * 1000 AS warm
  FROM carried
),
leading_blocks AS (
  SELECT place, coalesce(min(CASE WHEN NOT coalesce(warm, false) THEN nth END) - 1, count(*)) AS n
  FROM seen
  GROUP BY place
),
hits AS (
  SELECT
    placed.*,
    least(input_tokens, coalesce(n, 0) * block_tokens) AS high,
    least(coalesce(n, 0), input_tokens // block_tokens) * block_tokens AS low
  FROM placed
  LEFT JOIN leading_blocks ON leading_blocks.place = placed.place
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
FROM hits
CROSS JOIN minimums
GROUP BY workload, provider, model, minimum_tokens
