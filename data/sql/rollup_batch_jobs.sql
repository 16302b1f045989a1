-- Batch jobs: how the requests of each batch ended, how long it took, and what it used. No prices.
--
-- Grain     one row per provider x batch_id x model x workload. Lines that failed name no model, so a
--           batch may have a row for its answers and one for its failures. batch_id is NULL for lines
--           in tier batch whose file does not say which batch they are of.
-- Reads     calls    the call record (data/schema.py). Buckets count where they name a batch: they are
--                    the totals of one; buckets of a usage report never name any.
-- Measures  counts, integer sums, min and max only, so that merge_batch_jobs.sql over the roll-ups of
--           any split of the calls equals the roll-up of all of them.
-- Requests  n_requests = n_ok + n_error + n_expired + n_cancelled; n_totals of them come from totals,
--           whose times are those of the whole job, and the others from lines.
-- Tokens    as in rollup_usage.sql: sums cover the metered requests, NULL where there are none.
--           n_ok_unmetered of the ok ones and n_failed_metered of the others are the odd cases.
-- Times     first_ts is the first start; last_ts_end the last end, of a line without an end its start
--           and latency, else its start alone: then the job lasted at least that long.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with lines as (
  select
    provider,
    batch_id,
    model,
    workload,
    n_requests,
    grain,
    status,
    case when input_tokens is not null and output_tokens is not null then 1 else 0 end as metered,
    input_tokens,
    coalesce(cache_read_tokens, 0) as cache_read_tokens,
    coalesce(cache_write_tokens, 0) as cache_write_tokens,
    coalesce(cache_write_long_tokens, 0) as cache_write_long_tokens,
    output_tokens,
    coalesce(reasoning_tokens, 0) as reasoning_tokens,
    reported_cost_usd,
    deadline_s,
    ts,
    coalesce(ts_end, ts + coalesce(latency_ms, 0) * interval '0.001' second) as ts_end
  from calls
  where batch_id is not null or (tier = 'batch' and grain = 'call')
)

select
  provider,
  batch_id,
  model,
  workload,
  cast(sum(n_requests) as decimal(38, 0)) as n_requests,
  cast(sum(case when status = 'ok' then n_requests else 0 end) as decimal(38, 0)) as n_ok,
  cast(sum(case when status = 'error' then n_requests else 0 end) as decimal(38, 0)) as n_error,
  cast(sum(case when status = 'expired' then n_requests else 0 end) as decimal(38, 0)) as n_expired,
  cast(sum(case when status = 'cancelled' then n_requests else 0 end) as decimal(38, 0)) as n_cancelled,
  cast(sum(case when grain = 'bucket' then n_requests else 0 end) as decimal(38, 0)) as n_totals,
  cast(sum(case when status = 'ok' and metered = 0 then n_requests else 0 end) as decimal(38, 0)) as n_ok_unmetered,
  cast(sum(case when status <> 'ok' and metered = 1 then n_requests else 0 end) as decimal(38, 0)) as n_failed_metered,
  cast(sum(case when metered = 1 then input_tokens end) as decimal(38, 0)) as input_tokens,
  cast(sum(case when metered = 1 then cache_read_tokens end) as decimal(38, 0)) as cache_read_tokens,
  cast(sum(case when metered = 1 then cache_write_tokens end) as decimal(38, 0)) as cache_write_tokens,
  cast(sum(case when metered = 1 then cache_write_long_tokens end) as decimal(38, 0)) as cache_write_long_tokens,
  cast(sum(case when metered = 1 then output_tokens end) as decimal(38, 0)) as output_tokens,
  cast(sum(case when metered = 1 then reasoning_tokens end) as decimal(38, 0)) as reasoning_tokens,
  cast(sum(case when reported_cost_usd is not null then n_requests else 0 end) as decimal(38, 0)) as n_reported,
  cast(sum(reported_cost_usd) as decimal(38, 12)) as reported_cost_usd,
  cast(sum(case when deadline_s is not null then n_requests else 0 end) as decimal(38, 0)) as n_deadline,
  min(deadline_s) as min_deadline_s,
  min(ts) as first_ts,
  max(ts_end) as last_ts_end
from lines
group by
  provider,
  batch_id,
  model,
  workload
