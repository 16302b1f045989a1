-- Grain: that of the cube, of rows with cached tokens, all of them as plain input. Relations: cube. No parameters.
SELECT
    * REPLACE (
        CAST(0 AS BIGINT) AS cache_read_tokens,
        CAST(0 AS BIGINT) AS cache_write_tokens,
        CAST(0 AS BIGINT) AS cache_write_long_tokens
    )
FROM cube
