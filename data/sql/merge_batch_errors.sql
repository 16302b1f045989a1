-- The error codes of several roll-ups as one: counts add.
--
-- Grain     as rollup_batch_errors.sql.
-- Reads     parts: any number of outputs of rollup_batch_errors.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  provider,
  batch_id,
  error_code,
  cast(sum(n) as decimal(38, 0)) as n
from parts
group by
  provider,
  batch_id,
  error_code
