-- Grain: that of the cube. A workload that is both described and logged counts once: its log wins.
-- Relations: cube. No parameters.
SELECT c.*
FROM cube AS c
WHERE c.source_format <> 'workload_description'
    OR c.workload NOT IN (SELECT l.workload FROM cube AS l WHERE l.source_format <> 'workload_description')
