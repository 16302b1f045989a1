-- Minutes: how many calls of one kind began in each minute, as a dispatcher would have met them.
--
-- Grain     one row per minute_utc x workload x provider x model x tier x deadline_s x batch_eligible x
--           streamed. Only single calls with a time count (grain = 'call').
-- Reads     calls: the call record (data/schema.py). No parameters.
-- Measures  n, the calls: a sum, so that merge_minutes.sql over the roll-ups of any split of the calls
--           equals the roll-up of all of them.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with minutes as (
  select
    date_trunc('minute', ts) as minute_utc,
    workload,
    provider,
    model,
    tier,
    deadline_s,
    batch_eligible,
    streamed,
    n_requests
  from calls
  where grain = 'call' and ts is not null
)

select
  minute_utc,
  workload,
  provider,
  model,
  tier,
  deadline_s,
  batch_eligible,
  streamed,
  cast(sum(n_requests) as decimal(38, 0)) as n
from minutes
group by
  minute_utc,
  workload,
  provider,
  model,
  tier,
  deadline_s,
  batch_eligible,
  streamed
