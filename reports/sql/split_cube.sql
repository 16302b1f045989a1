-- Grain: that of the cube, workloads that are split under the names of their parts.
-- Relations: cube, hours (workload, hour_of_week, part). No parameters.
SELECT c.* REPLACE (coalesce(h.part, c.workload) AS workload)
FROM cube AS c
LEFT JOIN hours AS h
    ON h.workload = c.workload
    AND h.hour_of_week = (isodow(c.hour_utc) - 1) * 24 + hour(c.hour_utc)
    AND c.grain = 'call'
    AND c.source_format <> 'workload_description'
