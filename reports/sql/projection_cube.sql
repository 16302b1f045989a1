-- Grain: that of the cube. The rows a projection rests on: described runs, and logged hours from
-- the part's own start of projection on. Undated calls cannot be projected and are left out.
-- Relations: cube, starts (workload, provider, model, since TIMESTAMP). No parameters.
SELECT c.*
FROM cube AS c
LEFT JOIN starts AS s
    ON s.workload = c.workload AND s.provider = c.provider AND s.model = c.model
WHERE c.source_format = 'workload_description'
    OR (c.hour_utc IS NOT NULL AND c.hour_utc >= s.since)
