-- Sessions of several roll-ups as one: counts add.
--
-- Grain     as rollup_sessions.sql.
-- Reads     parts: any number of outputs of rollup_sessions.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  workload,
  provider,
  model,
  turns_log,
  pause_log,
  cast(sum(n_sessions) as decimal(38, 0)) as n_sessions,
  cast(sum(n_calls) as decimal(38, 0)) as n_calls,
  cast(sum(n_repeats) as decimal(38, 0)) as n_repeats
from parts
group by
  workload,
  provider,
  model,
  turns_log,
  pause_log
