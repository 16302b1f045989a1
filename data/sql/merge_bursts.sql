-- Bursts of several roll-ups as one: stretches that touch or overlap are one stretch.
--
-- Grain     as rollup_bursts.sql.
-- Reads     parts: any number of outputs of rollup_bursts.sql, one after another.
-- Portable  runs unchanged on DuckDB and Spark.

with reached as (
  select
    parts.*,
    max(last_minute_utc) over (
      partition by workload, provider, model
      order by first_minute_utc nulls last, last_minute_utc nulls last
      rows between unbounded preceding and 1 preceding
    ) as reached_utc
  from parts
),

opened as (
  select
    reached.*,
    case when reached_utc >= first_minute_utc - interval '1' minute then null else 1 end as opening
  from reached
),

numbered as (
  select
    opened.*,
    count(opening) over (
      partition by workload, provider, model
      order by first_minute_utc nulls last, last_minute_utc nulls last
      rows between unbounded preceding and current row
    ) as burst
  from opened
)
select
  workload,
  provider,
  model,
  min(first_minute_utc) as first_minute_utc,
  max(last_minute_utc) as last_minute_utc,
  cast(sum(n) as decimal(38, 0)) as n
from numbered
group by
  workload,
  provider,
  model,
  burst
