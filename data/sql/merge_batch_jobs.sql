-- Batch jobs of several roll-ups as one: counts and sums add, first and last times widen.
--
-- Grain     as rollup_batch_jobs.sql.
-- Reads     parts: any number of outputs of rollup_batch_jobs.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  provider,
  batch_id,
  model,
  workload,
  cast(sum(n_requests) as decimal(38, 0)) as n_requests,
  cast(sum(n_ok) as decimal(38, 0)) as n_ok,
  cast(sum(n_error) as decimal(38, 0)) as n_error,
  cast(sum(n_expired) as decimal(38, 0)) as n_expired,
  cast(sum(n_cancelled) as decimal(38, 0)) as n_cancelled,
  cast(sum(n_totals) as decimal(38, 0)) as n_totals,
  cast(sum(n_ok_unmetered) as decimal(38, 0)) as n_ok_unmetered,
  cast(sum(n_failed_metered) as decimal(38, 0)) as n_failed_metered,
  cast(sum(input_tokens) as decimal(38, 0)) as input_tokens,
  cast(sum(cache_read_tokens) as decimal(38, 0)) as cache_read_tokens,
  cast(sum(cache_write_tokens) as decimal(38, 0)) as cache_write_tokens,
  cast(sum(cache_write_long_tokens) as decimal(38, 0)) as cache_write_long_tokens,
  cast(sum(output_tokens) as decimal(38, 0)) as output_tokens,
  cast(sum(reasoning_tokens) as decimal(38, 0)) as reasoning_tokens,
  cast(sum(n_reported) as decimal(38, 0)) as n_reported,
  cast(sum(reported_cost_usd) as decimal(38, 12)) as reported_cost_usd,
  cast(sum(n_deadline) as decimal(38, 0)) as n_deadline,
  min(min_deadline_s) as min_deadline_s,
  min(first_ts) as first_ts,
  max(last_ts_end) as last_ts_end
from parts
group by
  provider,
  batch_id,
  model,
  workload
