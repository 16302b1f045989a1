-- Grain: that of the cube, without the rows that a person set aside: those of a dataset and provider
-- that cover a day on which another dataset counts. A bucket that reaches into such a day goes whole.
-- Relations: cube, set_aside (dataset_id, provider, day_utc TIMESTAMP). No parameters.
SELECT c.*
FROM cube AS c
WHERE c.hour_utc IS NULL
    OR c.source_format = 'workload_description'
    OR NOT EXISTS (
        SELECT 1
        FROM set_aside AS s
        WHERE s.dataset_id = c.dataset_id
            AND s.provider = c.provider
            AND s.day_utc >= date_trunc('day', c.hour_utc)
            AND s.day_utc <= greatest(
                date_trunc('day', c.hour_utc),
                CASE
                    WHEN c.grain = 'bucket' THEN date_trunc('day', c.last_ts - INTERVAL 1 MICROSECOND)
                    ELSE c.hour_utc
                END
            )
    )
