-- Grain: that of the cube. The calls that gave an answer, with the cache split that the baseline had: a
-- share of the input of every hour. What is cut off to whole tokens is plain input; the total never changes.
-- Relations: cube. Parameters: $read, $write, $write_long, shares of the input in whole millionths.
SELECT
    c.* REPLACE (
        CAST(CAST(c.input_tokens AS HUGEINT) * $read // 1000000 AS BIGINT) AS cache_read_tokens,
        CAST(CAST(c.input_tokens AS HUGEINT) * $write // 1000000 AS BIGINT) AS cache_write_tokens,
        CAST(CAST(c.input_tokens AS HUGEINT) * $write_long // 1000000 AS BIGINT) AS cache_write_long_tokens
    )
FROM cube AS c
WHERE c.status = 'ok'
