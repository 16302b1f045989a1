-- What of one batch has to run again: its lines that failed or expired and were not answered in it.
--
-- Grain     one row per custom_id, ordered by it; lines without a custom id come together under NULL.
-- Reads     the call files $files (data/schema.py), single calls only: totals name no line.
-- Params    $files, $provider, $batch_id ('' stands for lines that name no batch).
-- Answered  n_answered_since counts calls of the provider with the same custom id that succeeded outside
--           the batch and not before the line failed: most likely the line was run again already.
-- Engine    DuckDB, on demand: only this question needs single lines.

with lines as (
  select batch_id, custom_id, status, ts, tier
  from read_parquet($files, union_by_name = true)
  where provider = $provider and grain = 'call'
),

own as (
  select * from lines
  where coalesce(batch_id, '') = $batch_id and (batch_id is not null or tier = 'batch')
),

failed as (
  select
    custom_id,
    max(status) as status,
    count(*) as n_lines,
    max(ts) as ts
  from own
  where status in ('error', 'expired')
    and (custom_id is null or custom_id not in (
      select custom_id from own where status = 'ok' and custom_id is not null
    ))
  group by custom_id
),

answered as (
  select lines.custom_id, count(*) as n_answered_since
  from lines
  join failed on failed.custom_id = lines.custom_id
  where lines.status = 'ok' and coalesce(lines.batch_id, '') <> $batch_id
    and (lines.ts >= failed.ts or failed.ts is null)
  group by lines.custom_id
)

select
  failed.custom_id,
  failed.status,
  failed.n_lines,
  coalesce(answered.n_answered_since, 0) as n_answered_since
from failed
left join answered on answered.custom_id = failed.custom_id
order by failed.custom_id nulls last
