-- Usage cubes of several roll-ups as one: counts and sums add, first and last times widen.
--
-- Grain     as rollup_usage.sql.
-- Reads     parts: any number of outputs of rollup_usage.sql made with the same prompt bands, one
--           after another.
-- Portable  runs unchanged on DuckDB and Spark.

select
  hour_utc,
  provider,
  model,
  workload,
  tier,
  prompt_band,
  status,
  grain,
  source_format,
  dataset_id,
  cast(sum(n_requests) as decimal(38, 0)) as n_requests,
  cast(sum(n_unmetered) as decimal(38, 0)) as n_unmetered,
  cast(sum(input_tokens) as decimal(38, 0)) as input_tokens,
  cast(sum(cache_read_tokens) as decimal(38, 0)) as cache_read_tokens,
  cast(sum(cache_write_tokens) as decimal(38, 0)) as cache_write_tokens,
  cast(sum(cache_write_long_tokens) as decimal(38, 0)) as cache_write_long_tokens,
  cast(sum(output_tokens) as decimal(38, 0)) as output_tokens,
  cast(sum(reasoning_tokens) as decimal(38, 0)) as reasoning_tokens,
  cast(sum(n_reported) as decimal(38, 0)) as n_reported,
  cast(sum(reported_cost_usd) as decimal(38, 12)) as reported_cost_usd,
  cast(sum(n_batch_eligible) as decimal(38, 0)) as n_batch_eligible,
  cast(sum(n_batch_ineligible) as decimal(38, 0)) as n_batch_ineligible,
  cast(sum(n_deadline) as decimal(38, 0)) as n_deadline,
  min(min_deadline_s) as min_deadline_s,
  cast(sum(n_ambiguous) as decimal(38, 0)) as n_ambiguous,
  cast(sum(n_streamed) as decimal(38, 0)) as n_streamed,
  cast(sum(n_unstreamed) as decimal(38, 0)) as n_unstreamed,
  cast(sum(n_timed) as decimal(38, 0)) as n_timed,
  cast(sum(latency_ms) as decimal(38, 0)) as latency_ms,
  min(first_ts) as first_ts,
  max(last_ts) as last_ts
from parts
group by
  hour_utc,
  provider,
  model,
  workload,
  tier,
  prompt_band,
  status,
  grain,
  source_format,
  dataset_id
