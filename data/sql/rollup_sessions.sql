-- Sessions: how many calls the sessions of a workload have, at which pace, and what follows a failure.
--
-- Grain     one row per workload x provider x model x turns_log x pause_log. Only single calls with a
--           time and a session count (grain = 'call').
-- Reads     calls: the call record (data/schema.py). No parameters.
-- Session   a session key within one workload, provider, model and dataset. A session that uses two
--           models is one for each.
-- Columns   turns_log   calls of the session: bucket k holds 1.25^k up to 1.25^(k+1)
--           pause_log   seconds between its calls in the mean, the same buckets, bucket 0 also holds less
--                       than 1; NULL for a session of one call
-- Measures  n_sessions, n_calls, and n_repeats: failed calls after which the session went on.
-- Merges    exactly where every session lies within one part, as it does when parts are datasets;
--           else it counts once for each part.
-- Cost      the mean pause needs a session's first and last time alone: pauses one by one would need
--           every call sorted, which costs more than all other roll-ups together.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with ended as (
  select
    workload,
    provider,
    model,
    dataset_id,
    session,
    count(*) as n_calls,
    count(case when status <> 'ok' then 1 end) as n_failed,
    max(case when status <> 'ok' then ts end) as last_failed_ts,
    min(ts) as first_ts,
    max(ts) as last_ts
  from calls
  where grain = 'call' and ts is not null and session is not null
  group by
    workload,
    provider,
    model,
    dataset_id,
    session
),

clocked as (
  select
    ended.*,
    (365 * extract(year from first_ts) + floor((extract(year from first_ts) - 1) * 0.25)
      + extract(doy from first_ts)) * 86400 + extract(hour from first_ts) * 3600
      + extract(minute from first_ts) * 60 + floor(extract(second from first_ts)) as first_s,
    (365 * extract(year from last_ts) + floor((extract(year from last_ts) - 1) * 0.25)
      + extract(doy from last_ts)) * 86400 + extract(hour from last_ts) * 3600
      + extract(minute from last_ts) * 60 + floor(extract(second from last_ts)) as last_s
  from ended
),

measured as (
  select
    workload,
    provider,
    model,
    cast(floor(ln(n_calls) * 4.481420117724551) as bigint) as turns_log,
    -- The logarithm of a quotient is a difference of logarithms; `/` is not the same everywhere.
    case
      when n_calls > 1 then cast(
        floor(greatest(ln(greatest(last_s - first_s, 1)) - ln(n_calls - 1), 0) * 4.481420117724551) as bigint
      )
    end as pause_log,
    n_calls,
    case when last_failed_ts = last_ts then n_failed - 1 else n_failed end as n_repeats
  from clocked
)
select
  workload,
  provider,
  model,
  turns_log,
  pause_log,
  cast(count(*) as decimal(38, 0)) as n_sessions,
  cast(sum(n_calls) as decimal(38, 0)) as n_calls,
  cast(sum(n_repeats) as decimal(38, 0)) as n_repeats
from measured
group by
  workload,
  provider,
  model,
  turns_log,
  pause_log
