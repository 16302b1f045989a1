-- Grain: that of the cube, without described workloads, which have no past. Relations: cube. No parameters.
SELECT * FROM cube WHERE source_format <> 'workload_description'
