-- Minutes of several roll-ups as one: the calls of each kind and minute add up.
--
-- Grain     as rollup_minutes.sql.
-- Reads     parts: any number of outputs of rollup_minutes.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  minute_utc,
  workload,
  provider,
  model,
  tier,
  deadline_s,
  batch_eligible,
  streamed,
  cast(sum(n) as decimal(38, 0)) as n
from parts
group by
  minute_utc,
  workload,
  provider,
  model,
  tier,
  deadline_s,
  batch_eligible,
  streamed
