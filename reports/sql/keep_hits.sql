-- Grain: that of the cube, once for each case of `kept`, which stands in dataset_id. The same traffic
-- with only a share of its cache hits: a lost hit is written again where the model charges for writes,
-- else it is plain input. The total never changes.
-- Shares are whole millionths, so that tokens stay whole numbers: kept = floor(read x millionths / 10^6).
-- Relations: cube, kept (assumed VARCHAR, provider, model, kept_millionths BIGINT, rewrites BOOLEAN). No parameters.
SELECT
    c.* REPLACE (
        k.assumed AS dataset_id,
        CAST(c.cache_read_tokens - x.lost AS BIGINT) AS cache_read_tokens,
        CAST(c.cache_write_tokens + CASE WHEN k.rewrites THEN x.lost ELSE 0 END AS BIGINT) AS cache_write_tokens
    )
FROM cube AS c
JOIN kept AS k ON k.provider = c.provider AND k.model = c.model
CROSS JOIN LATERAL (
    SELECT c.cache_read_tokens
        - CAST(CAST(c.cache_read_tokens AS HUGEINT) * k.kept_millionths // 1000000 AS BIGINT) AS lost
) AS x
