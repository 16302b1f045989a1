-- Usage cube: what was used, by whom, when, in which tier and price band. No prices.
--
-- Grain     one row per hour_utc x provider x model x workload x tier x prompt_band x status x grain
--           x source_format x dataset_id. hour_utc is NULL for calls whose log has no time.
-- Reads     calls         the call record (data/schema.py): one row a call or a bucket of calls
--           prompt_bands  ONE row, t1..t16 BIGINT: the price table's context thresholds, ascending,
--                         NULL where there are fewer. No other parameter.
-- Measures  counts, integer sums, min and max only, so that merge_usage.sql over the roll-ups of
--           any split of the calls equals the roll-up of all of them.
-- Tokens    a request is metered when both its input and its output tokens are known. Token sums
--           cover the metered requests and are NULL where there are none: unknown is not 0. Within
--           a metered request a part the log does not show (cache, reasoning) counts as none.
-- Band      the largest threshold that a request's total input reaches, else 0; of a bucket the
--           mean request decides, unless band_tokens says how large it is. It is compared as a
--           product because `/` is not exact.
-- Pace      of single calls: how many streamed, how many did not, and how many carry a latency, whose
--           sum is latency_ms, NULL where there is none.
-- Portable  runs unchanged on DuckDB and Spark: no division, no lambda, no QUALIFY, no `::`.

with sized as (
  select
    calls.*,
    coalesce(calls.band_tokens, calls.input_tokens) as band_input,
    case when calls.band_tokens is null then calls.n_requests else 1 end as band_requests
  from calls
),

banded as (
  select
    date_trunc('hour', calls.ts) as hour_utc,
    calls.provider,
    calls.model,
    calls.workload,
    calls.tier,
    case
      when calls.band_input >= prompt_bands.t16 * calls.band_requests then prompt_bands.t16
      when calls.band_input >= prompt_bands.t15 * calls.band_requests then prompt_bands.t15
      when calls.band_input >= prompt_bands.t14 * calls.band_requests then prompt_bands.t14
      when calls.band_input >= prompt_bands.t13 * calls.band_requests then prompt_bands.t13
      when calls.band_input >= prompt_bands.t12 * calls.band_requests then prompt_bands.t12
      when calls.band_input >= prompt_bands.t11 * calls.band_requests then prompt_bands.t11
      when calls.band_input >= prompt_bands.t10 * calls.band_requests then prompt_bands.t10
      when calls.band_input >= prompt_bands.t9 * calls.band_requests then prompt_bands.t9
      when calls.band_input >= prompt_bands.t8 * calls.band_requests then prompt_bands.t8
      when calls.band_input >= prompt_bands.t7 * calls.band_requests then prompt_bands.t7
      when calls.band_input >= prompt_bands.t6 * calls.band_requests then prompt_bands.t6
      when calls.band_input >= prompt_bands.t5 * calls.band_requests then prompt_bands.t5
      when calls.band_input >= prompt_bands.t4 * calls.band_requests then prompt_bands.t4
      when calls.band_input >= prompt_bands.t3 * calls.band_requests then prompt_bands.t3
      when calls.band_input >= prompt_bands.t2 * calls.band_requests then prompt_bands.t2
      when calls.band_input >= prompt_bands.t1 * calls.band_requests then prompt_bands.t1
      else cast(0 as bigint)
    end as prompt_band,
    calls.status,
    calls.grain,
    calls.source_format,
    calls.dataset_id,
    calls.n_requests,
    case when calls.input_tokens is not null and calls.output_tokens is not null then 1 else 0 end as metered,
    calls.input_tokens,
    coalesce(calls.cache_read_tokens, 0) as cache_read_tokens,
    coalesce(calls.cache_write_tokens, 0) as cache_write_tokens,
    coalesce(calls.cache_write_long_tokens, 0) as cache_write_long_tokens,
    calls.output_tokens,
    coalesce(calls.reasoning_tokens, 0) as reasoning_tokens,
    calls.reported_cost_usd,
    calls.batch_eligible,
    calls.deadline_s,
    calls.token_basis,
    case when calls.grain = 'call' then calls.streamed end as streamed,
    case when calls.grain = 'call' then calls.latency_ms end as latency_ms,
    calls.ts,
    case when calls.grain = 'bucket' then coalesce(calls.ts_end, calls.ts) else calls.ts end as ts_last
  from sized as calls
  cross join prompt_bands
)
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
  cast(sum(case when metered = 0 then n_requests else 0 end) as decimal(38, 0)) as n_unmetered,
  cast(sum(case when metered = 1 then input_tokens end) as decimal(38, 0)) as input_tokens,
  cast(sum(case when metered = 1 then cache_read_tokens end) as decimal(38, 0)) as cache_read_tokens,
  cast(sum(case when metered = 1 then cache_write_tokens end) as decimal(38, 0)) as cache_write_tokens,
  cast(sum(case when metered = 1 then cache_write_long_tokens end) as decimal(38, 0)) as cache_write_long_tokens,
  cast(sum(case when metered = 1 then output_tokens end) as decimal(38, 0)) as output_tokens,
  cast(sum(case when metered = 1 then reasoning_tokens end) as decimal(38, 0)) as reasoning_tokens,
  cast(sum(case when reported_cost_usd is not null then n_requests else 0 end) as decimal(38, 0)) as n_reported,
  cast(sum(reported_cost_usd) as decimal(38, 12)) as reported_cost_usd,
  cast(sum(case when batch_eligible then n_requests else 0 end) as decimal(38, 0)) as n_batch_eligible,
  cast(sum(case when not batch_eligible then n_requests else 0 end) as decimal(38, 0)) as n_batch_ineligible,
  cast(sum(case when deadline_s is not null then n_requests else 0 end) as decimal(38, 0)) as n_deadline,
  min(deadline_s) as min_deadline_s,
  cast(sum(case when token_basis = 'ambiguous' then n_requests else 0 end) as decimal(38, 0)) as n_ambiguous,
  cast(sum(case when streamed then n_requests else 0 end) as decimal(38, 0)) as n_streamed,
  cast(sum(case when not streamed then n_requests else 0 end) as decimal(38, 0)) as n_unstreamed,
  cast(sum(case when latency_ms is not null then n_requests else 0 end) as decimal(38, 0)) as n_timed,
  cast(sum(latency_ms) as decimal(38, 0)) as latency_ms,
  min(ts) as first_ts,
  max(ts_last) as last_ts
from banded
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
