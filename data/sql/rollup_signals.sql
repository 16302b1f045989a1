-- Workload signals: how each workload behaves, as histograms that merge by adding.
--
-- Grain     one row per workload x provider x model x signal x bucket. Only single calls count
--           (grain = 'call'): a provider's usage bucket says nothing about one call.
-- Reads     calls: the call record (data/schema.py). No parameters.
-- Measure   n, the number of calls in the bucket. A call that lacks a value is in no bucket of it.
-- Signals   minute_of_hour                         bucket = minute of the start time, 0 to 59
--           latency_log ttft_log (milliseconds)    bucket k holds values from 1.25^k up to 1.25^(k+1);
--           input_log output_log (tokens)            bucket 0 also holds 0
--           streamed                               0 no, 1 yes
--           status                                 0 ok, 1 error, 2 expired, 3 cancelled
--           4.481420117724551 is 1 / ln(1.25); histograms, never percentiles, because
--           percentiles of parts do not merge.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with measured as (
  select
    workload,
    provider,
    model,
    'minute_of_hour' as signal,
    cast(extract(minute from ts) as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and ts is not null
  union all
  select
    workload,
    provider,
    model,
    'latency_log' as signal,
    cast(floor(ln(greatest(latency_ms, 1)) * 4.481420117724551) as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and latency_ms is not null
  union all
  select
    workload,
    provider,
    model,
    'ttft_log' as signal,
    cast(floor(ln(greatest(ttft_ms, 1)) * 4.481420117724551) as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and ttft_ms is not null
  union all
  select
    workload,
    provider,
    model,
    'input_log' as signal,
    cast(floor(ln(greatest(input_tokens, 1)) * 4.481420117724551) as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and input_tokens is not null
  union all
  select
    workload,
    provider,
    model,
    'output_log' as signal,
    cast(floor(ln(greatest(output_tokens, 1)) * 4.481420117724551) as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and output_tokens is not null
  union all
  select
    workload,
    provider,
    model,
    'streamed' as signal,
    cast(case when streamed then 1 else 0 end as bigint) as bucket,
    n_requests
  from calls
  where grain = 'call' and streamed is not null
  union all
  select
    workload,
    provider,
    model,
    'status' as signal,
    cast(
      case when status = 'ok' then 0 when status = 'error' then 1 when status = 'expired' then 2 else 3 end
      as bigint
    ) as bucket,
    n_requests
  from calls
  where grain = 'call'
)
select
  workload,
  provider,
  model,
  signal,
  bucket,
  cast(sum(n_requests) as decimal(38, 0)) as n
from measured
group by
  workload,
  provider,
  model,
  signal,
  bucket
