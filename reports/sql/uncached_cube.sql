-- Grain: that of the cube, of the tiers in which nobody saves by waiting, with every cached token as plain
-- input. Relations: cube. No parameters.
SELECT
    * REPLACE (
        CAST(0 AS BIGINT) AS cache_read_tokens,
        CAST(0 AS BIGINT) AS cache_write_tokens,
        CAST(0 AS BIGINT) AS cache_write_long_tokens
    )
FROM cube
WHERE tier IN ('priority', 'ultrafast') AND cache_read_tokens + cache_write_tokens + cache_write_long_tokens > 0
