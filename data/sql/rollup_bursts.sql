-- Bursts: stretches of the clock in which every minute holds at least one call.
--
-- Grain     one row per workload x provider x model x first_minute_utc. Only single calls with a time
--           count (grain = 'call'): a provider's usage bucket says nothing about one call.
-- Reads     calls: the call record (data/schema.py). No parameters.
-- Measures  last_minute_utc, the last minute of the stretch, and n, its calls. A minute of the clock
--           without a call ends a burst. Minutes and not pauses, because minutes of parts merge:
--           merge_bursts.sql over the roll-ups of any split of the calls equals the roll-up of all.
-- Cost      calls are counted by minute first, so the windows run over minutes and never over calls.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with minutes as (
  select
    workload,
    provider,
    model,
    date_trunc('minute', ts) as minute_utc,
    n_requests
  from calls
  where grain = 'call' and ts is not null
),

counted as (
  select
    workload,
    provider,
    model,
    minute_utc,
    cast(sum(n_requests) as decimal(38, 0)) as n
  from minutes
  group by
    workload,
    provider,
    model,
    minute_utc
),

paired as (
  select
    counted.*,
    lag(minute_utc) over (partition by workload, provider, model order by minute_utc nulls last) as minute_before_utc
  from counted
),

opened as (
  select
    paired.*,
    case when minute_before_utc >= minute_utc - interval '1' minute then null else 1 end as opening
  from paired
),

numbered as (
  select
    opened.*,
    count(opening) over (partition by workload, provider, model order by minute_utc nulls last) as burst
  from opened
)
select
  workload,
  provider,
  model,
  min(minute_utc) as first_minute_utc,
  max(minute_utc) as last_minute_utc,
  cast(sum(n) as decimal(38, 0)) as n
from numbered
group by
  workload,
  provider,
  model,
  burst
