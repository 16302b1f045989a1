-- Grain: that of the cube. The same traffic with a given share of its input read from the cache;
-- cache writes stay as they are, as far as there is input left for them. The total never changes.
-- Relations: cube. Parameters: $millionths, the share in whole millionths.
SELECT
    c.* REPLACE (
        h.hits AS cache_read_tokens,
        least(c.cache_write_tokens, c.input_tokens - h.hits) AS cache_write_tokens,
        greatest(
            0,
            least(
                c.cache_write_long_tokens,
                c.input_tokens - h.hits - least(c.cache_write_tokens, c.input_tokens - h.hits)
            )
        ) AS cache_write_long_tokens
    )
FROM cube AS c
CROSS JOIN LATERAL (
    SELECT CAST(CAST(c.input_tokens AS HUGEINT) * $millionths // 1000000 AS BIGINT) AS hits
) AS h
