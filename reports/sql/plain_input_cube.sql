-- Grain: that of the cube, with every cached token as plain input. Relations: cube. No parameters.
SELECT
    * REPLACE (
        CAST(0 AS BIGINT) AS cache_read_tokens,
        CAST(0 AS BIGINT) AS cache_write_tokens,
        CAST(0 AS BIGINT) AS cache_write_long_tokens
    )
FROM cube
