-- Grain: one row a part and window of a dataset: the whole hours it covers.
-- A dataset's window is the dataset's, not the part's: a weekly job in a two-week log has two weeks.
-- A dataset that is silent for more than a year is no log of that time, and a call with a clock gone wrong
-- stands decades from the others: it has one window before the silence and one after it.
-- silent_h are the hours of the window in gaps of six hours and more, usual_silence_h the median of those gaps.
-- Relations: cube. No parameters.
WITH hours AS (
    SELECT
        dataset_id,
        hour_utc,
        -- A provider's bucket counts to its end.
        max(CASE WHEN grain = 'bucket' THEN date_trunc('hour', last_ts - INTERVAL 1 MICROSECOND) ELSE hour_utc END)
            AS last_hour
    FROM cube
    WHERE hour_utc IS NOT NULL AND source_format <> 'workload_description'
    GROUP BY dataset_id, hour_utc
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (WHERE gap_h > 366 * 24) OVER (PARTITION BY dataset_id ORDER BY hour_utc) AS nth
    FROM (
        SELECT
            *,
            date_diff('hour', max(last_hour) OVER (
                PARTITION BY dataset_id ORDER BY hour_utc ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), hour_utc) - 1 AS gap_h
        FROM hours
    )
),

windows AS (
    SELECT
        dataset_id,
        min(hour_utc) AS first_hour,
        max(last_hour) AS last_hour,
        CAST(coalesce(sum(gap_h) FILTER (WHERE gap_h BETWEEN 6 AND 366 * 24), 0) AS BIGINT) AS silent_h,
        CAST(coalesce(quantile_disc(gap_h, 0.5) FILTER (WHERE gap_h BETWEEN 6 AND 366 * 24), 0) AS BIGINT)
            AS usual_silence_h
    FROM numbered
    GROUP BY dataset_id, nth
)
SELECT DISTINCT
    c.dataset_id,
    c.source_format,
    c.workload,
    c.provider,
    c.model,
    w.first_hour,
    w.last_hour,
    w.silent_h,
    w.usual_silence_h
FROM cube AS c
JOIN windows AS w ON w.dataset_id = c.dataset_id
WHERE c.hour_utc IS NOT NULL AND c.source_format <> 'workload_description'
ORDER BY c.workload, c.provider, c.model, w.first_hour, c.dataset_id
