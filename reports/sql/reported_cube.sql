-- Grain: that of the cube, of rows in which the source said a cost for any call. Relations: cube. No parameters.
SELECT * FROM cube WHERE n_reported > 0 AND source_format <> 'workload_description'
