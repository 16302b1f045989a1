-- The error codes of batch jobs: why lines failed, as far as their log says.
--
-- Grain     one row per provider x batch_id x error_code; '(no code)' where the log has none.
-- Reads     calls    the call record (data/schema.py), of which the lines of batches that ended in an error.
-- Measures  counts only, so that merge_batch_errors.sql over the roll-ups of any split of the calls
--           equals the roll-up of all of them.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with failed as (
  select provider, batch_id, coalesce(error_code, '(no code)') as error_code, n_requests
  from calls
  where status = 'error' and (batch_id is not null or (tier = 'batch' and grain = 'call'))
)

select
  provider,
  batch_id,
  error_code,
  cast(sum(n_requests) as decimal(38, 0)) as n
from failed
group by
  provider,
  batch_id,
  error_code
