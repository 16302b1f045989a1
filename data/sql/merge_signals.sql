-- Signals of several roll-ups as one: the histograms of parts add up to that of the whole.
--
-- Grain     as rollup_signals.sql.
-- Reads     parts: any number of outputs of rollup_signals.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  workload,
  provider,
  model,
  signal,
  bucket,
  cast(sum(n) as decimal(38, 0)) as n
from parts
group by
  workload,
  provider,
  model,
  signal,
  bucket
