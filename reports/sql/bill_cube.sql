-- Grain: that of the cube, the dated logged rows that a bill covers, with the cell of the bill they belong to
-- in place of their workload; a row whose hour is in no period of its provider's bill is left out.
-- Relations:
--   cube
--   periods  provider, period (its number), start_ts, end_ts: the times a provider's bill covers, apart
--   models   provider, model (as logged), priced_by: what a bill may call the model; NULL where the bill of
--            the provider names no models
--   projects provider: whose bill names the workloads
SELECT
    cube.* REPLACE (
        concat_ws(
            chr(31),
            CAST(periods.period AS VARCHAR),
            coalesce(models.priced_by, ''),
            CASE WHEN projects.provider IS NULL THEN '' ELSE cube.workload END
        ) AS workload
    )
FROM cube
JOIN periods
    ON periods.provider = cube.provider
    AND cube.hour_utc >= periods.start_ts
    AND cube.hour_utc < periods.end_ts
LEFT JOIN models ON models.provider = cube.provider AND models.model = cube.model
LEFT JOIN projects ON projects.provider = cube.provider
WHERE cube.source_format <> 'workload_description'
