-- Reads the text of a draft (formats/base.py) as the call record and says what is wrong with a row.
--
-- Grain   one row per source row, in the same order; nothing is dropped, so the position of a row is
--         its record number.
-- Reads   draft; the macros of read_values.sql, read_attributes.sql and of formats/vocabulary.py. No
--         parameters.
-- Gives   the columns of the call record that a row decides (schema.COLUMNS without source_format and
--         dataset_id), row_key, makes_call, attributes, extra_calls, notes, those of a bill line (makes_bill
--         and the columns of schema.BILL_COLUMNS that a call has not), and for a row that is not accepted
--         reject_code, reject_column (canonical name) and reject_detail. Words of a row that is not
--         accepted are dropped: a broken row may hold a prompt in any of its columns.
-- Rules   input_tokens is the total: where a format counts cached parts on top ('exclusive') they are
--         added. A cache part that a log does not mention is 0 when the input is known, because it
--         was billed as plain input; everything is NULL, not 0, when the input is not known.
--         0 <= read + write + write_long <= input, or the row is rejected. Totals that do not add up
--         and reasoning beyond the output are kept as token_basis 'ambiguous'.
--         A bill line is no call: its tier may be unknown, its model is as written, its time is needed.

with numbers as (
  select
    * replace (
      coalesce(makes_call, true) and not coalesce(makes_bill, false) as makes_call,
      coalesce(makes_bill, false) as makes_bill
    ),
    whole_number(input_text) as input_n,
    whole_number(cache_read_text) as cache_read_n,
    whole_number(cache_write_text) as cache_write_n,
    whole_number(cache_write_long_text) as cache_write_long_n,
    whole_number(output_text) as output_n,
    whole_number(reasoning_text) as reasoning_n,
    whole_number(total_text) as total_n,
    try_cast(latency_text as decimal(24, 6)) as latency_n,
    try_cast(ttft_text as decimal(24, 6)) as ttft_n,
    whole_number(deadline_text) as deadline_n,
    try_cast(cost_text as decimal(24, 12)) as cost_n,
    whole_number(requests_text) as requests_n,
    whole_number(band_tokens_text) as band_tokens_n,
    try_cast(amount_text as decimal(24, 12)) as amount_n,
    try_cast(list_amount_text as decimal(24, 12)) as list_amount_n,
    try_cast(amount_usd_text as decimal(24, 12)) as amount_usd_n,
    case when makes_bill then upper(coalesce(label(currency_text), 'USD')) end as currency,
    label(item_text) as item,
    moment(ts_text) as ts,
    moment(ts_end_text) as ts_end,
    flag(streamed_text) as streamed,
    flag(batch_eligible_text) as batch_eligible,
    label(workload_text) as workload_label,
    label(model_text) as model_raw,
    case
      when usual_provider(provider_text) is not null then provider_text
      else provider_of(label(provider_text))
    end as provider,
    tier_of(tier_text) as tier
  from draft
),

sums as (
  select
    *,
    coalesce(cache_read_n, 0) + coalesce(cache_write_n, 0) + coalesce(cache_write_long_n, 0) as parts,
    case
      when input_rule = 'exclusive'
        then input_n + coalesce(cache_read_n, 0) + coalesce(cache_write_n, 0) + coalesce(cache_write_long_n, 0)
      else input_n
    end as input_total,
    coalesce(grain_text, case when requests_n > 1 then 'bucket' else 'call' end) as grain_read,
    coalesce(requests_n, 1) as n_requests,
    coalesce(status_text, 'ok') as status_read
  from numbers
),

-- true for the usual row: nothing the rules of `judged` look for is there. It may be false or NULL for a
-- row that the rules then accept, never true for one they reject; asking them of every row costs as much
-- as reading the file.
glanced as (
  select
    *,
    reject_code is null and not makes_bill
    and coalesce(amount_text, list_amount_text, amount_usd_text, item_text, band_tokens_text) is null
    and model_raw is not null and provider is not null
    and coalesce(greatest(strlen(model_raw), strlen(provider), strlen(call_id)), 0) <= 300
    and coalesce(greatest(strlen(workload_label), strlen(batch_id_text), strlen(custom_id_text)), 0) <= 300
    and (input_text is null) = (input_n is null)
    and (cache_read_text is null) = (cache_read_n is null)
    and (cache_write_text is null) = (cache_write_n is null)
    and (cache_write_long_text is null) = (cache_write_long_n is null)
    and (output_text is null) = (output_n is null)
    and (reasoning_text is null) = (reasoning_n is null)
    and coalesce(least(input_n, cache_read_n, cache_write_n, cache_write_long_n, output_n, reasoning_n), 0) >= 0
    and coalesce(greatest(cache_read_n, cache_write_n, cache_write_long_n, output_n, reasoning_n), 0)
      <= 999999999999999
    and coalesce(input_total, 0) between parts and 999999999999999
    and tier is not null
    and status_read in ('ok', 'error', 'expired', 'cancelled')
    and grain_read in ('call', 'bucket')
    and (requests_text is null) = (requests_n is null)
    and n_requests between 1 and case when grain_read = 'call' then 1 else 999999999999999 end
    and (token_basis_text is null or token_basis_text in ('inclusive', 'exclusive', 'ambiguous', 'declared'))
    and (
      coalesce(not ts_strict, true)
      or ((ts_text is null) = (ts is null) and (ts_end_text is null) = (ts_end is null) and coalesce(ts_end >= ts, true))
    )
    and (latency_text is null or (latency_n >= 0 and latency_n < 1000000000000000))
    and (ttft_text is null or (ttft_n >= 0 and ttft_n < 1000000000000000))
    and (deadline_text is null or deadline_n between 0 and 999999999999999)
    and (cost_text is null or (cost_n >= 0 and cost_n < 1000000000000000))
    and (streamed_text is null) = (streamed is null)
    and (batch_eligible_text is null) = (batch_eligible is null) as in_order
  from sums
),

judged as (
  select
    *,
    case
      when in_order then null
      when reject_code is not null then reject_code || ':' || coalesce(reject_column, '')
      when makes_call and model_raw is null and (status_read = 'ok' or input_n is not null) then 'missing_value:model'
      when (makes_call or makes_bill) and provider is null then 'missing_value:provider'
      when makes_bill and ts_text is null then 'missing_value:ts'
      when makes_bill and ts is null then 'bad_timestamp:ts'
      when makes_bill and amount_text is null then 'missing_value:amount'
      when amount_problem(amount_text, amount_n) is not null
        then amount_problem(amount_text, amount_n) || ':amount'
      when amount_problem(list_amount_text, list_amount_n) is not null
        then amount_problem(list_amount_text, list_amount_n) || ':list_amount_usd'
      when amount_problem(amount_usd_text, amount_usd_n) is not null
        then amount_problem(amount_usd_text, amount_usd_n) || ':amount_usd'
      when makes_bill and not regexp_full_match(currency, '[A-Z]{3}') then 'bad_currency:currency'
      when length(item) > 300 then 'too_long:item'
      when length(model_raw) > 300 then 'too_long:model'
      when length(provider) > 300 then 'too_long:provider'
      when length(call_id) > 300 then 'too_long:call_id'
      when length(workload_label) > 300 then 'too_long:workload'
      when length(batch_id_text) > 300 then 'too_long:batch_id'
      when length(custom_id_text) > 300 then 'too_long:custom_id'
      when count_problem(input_text, input_n) is not null
        then count_problem(input_text, input_n) || ':input_tokens'
      when count_problem(cache_read_text, cache_read_n) is not null
        then count_problem(cache_read_text, cache_read_n) || ':cache_read_tokens'
      when count_problem(cache_write_text, cache_write_n) is not null
        then count_problem(cache_write_text, cache_write_n) || ':cache_write_tokens'
      when count_problem(cache_write_long_text, cache_write_long_n) is not null
        then count_problem(cache_write_long_text, cache_write_long_n) || ':cache_write_long_tokens'
      when count_problem(output_text, output_n) is not null
        then count_problem(output_text, output_n) || ':output_tokens'
      when count_problem(reasoning_text, reasoning_n) is not null
        then count_problem(reasoning_text, reasoning_n) || ':reasoning_tokens'
      when input_n is null and parts > 0 then 'parts_without_input:input_tokens'
      when input_total > 999999999999999 then 'too_large:input_tokens'
      when input_n is not null and parts > input_total then 'parts_exceed_input:input_tokens'
      when is_prepaid(tier_text) and not makes_bill then 'prepaid_capacity:tier'
      when tier is null and not makes_bill then 'unknown_tier:tier'
      when status_read not in ('ok', 'error', 'expired', 'cancelled') then 'unknown_status:status'
      when grain_read not in ('call', 'bucket') then 'bad_grain:grain'
      when count_problem(requests_text, requests_n) is not null
        then count_problem(requests_text, requests_n) || ':n_requests'
      when count_problem(band_tokens_text, band_tokens_n) is not null
        then count_problem(band_tokens_text, band_tokens_n) || ':band_tokens'
      when n_requests < 1 or (grain_read = 'call' and n_requests <> 1) then 'bad_request_count:n_requests'
      when token_basis_text is not null and token_basis_text not in ('inclusive', 'exclusive', 'ambiguous', 'declared')
        then 'bad_token_basis:token_basis'
      when ts_strict and ts_text is not null and ts is null then 'bad_timestamp:ts'
      when ts_strict and ts_end_text is not null and ts_end is null then 'bad_timestamp:ts_end'
      when ts_strict and ts_end < ts then 'ends_before_it_starts:ts_end'
      when decimal_problem(latency_text, latency_n) is not null
        then decimal_problem(latency_text, latency_n) || ':latency_ms'
      when decimal_problem(ttft_text, ttft_n) is not null
        then decimal_problem(ttft_text, ttft_n) || ':ttft_ms'
      when count_problem(deadline_text, deadline_n) is not null
        then count_problem(deadline_text, deadline_n) || ':deadline_s'
      when decimal_problem(cost_text, cost_n) is not null
        then decimal_problem(cost_text, cost_n) || ':reported_cost_usd'
      when streamed_text is not null and streamed is null then 'not_yes_or_no:streamed'
      when batch_eligible_text is not null and batch_eligible is null then 'not_yes_or_no:batch_eligible'
    end as problem
  from glanced
)

select
  case when problem is null then call_id end as call_id,
  row_key,
  ts,
  case when ts_end >= ts then ts_end end as ts_end,
  case when problem is null then provider end as provider,
  case
    when problem is not null then null
    when model_raw is null then '(unknown)'
    when contains(model_raw, '/') and starts_with(lower(model_raw), provider || '/') then substr(lower(model_raw), length(provider) + 2)
    else lower(model_raw)
  end as model,
  case when problem is null then coalesce(model_raw, '(unknown)') end as model_raw,
  case when problem is null then coalesce(workload_label, '(unattributed)') end as workload,
  session_key(session_text) as session,
  input_total as input_tokens,
  case when input_n is not null then coalesce(cache_read_n, 0) end as cache_read_tokens,
  case when input_n is not null then coalesce(cache_write_n, 0) end as cache_write_tokens,
  case when input_n is not null then coalesce(cache_write_long_n, 0) end as cache_write_long_tokens,
  output_n as output_tokens,
  reasoning_n as reasoning_tokens,
  tier,
  case when problem is null then status_read end as status,
  rounded(latency_n) as latency_ms,
  rounded(ttft_n) as ttft_ms,
  streamed,
  deadline_n as deadline_s,
  batch_eligible,
  case when problem is null then batch_id_text end as batch_id,
  case when problem is null then custom_id_text end as custom_id,
  -- a code and nothing else: words of a message may quote a prompt
  case
    when problem is null and status_read <> 'ok' and regexp_full_match(error_code_text, '[A-Za-z0-9_.:-]{1,64}')
      then lower(error_code_text)
  end as error_code,
  cost_n as reported_cost_usd,
  n_requests,
  band_tokens_n as band_tokens,
  case when problem is null then grain_read end as grain,
  case
    when problem is not null then null
    when input_total + output_n <> total_n or reasoning_n > output_n then 'ambiguous'
    else coalesce(token_basis_text, input_rule)
  end as token_basis,
  makes_call,
  case when problem is null then attributes end as attributes,
  extra_calls,
  case
    when (makes_bill or (makes_call and grain_read = 'bucket')) and ts_end > timezone('UTC', now()) and token_basis_text is distinct from 'declared'
      then list_append(notes, 'bucket_not_over')
    else notes
  end as notes,
  makes_bill,
  case when makes_bill and problem is null then item end as item,
  case when makes_bill and problem is null then model_raw end as bill_model,
  case when makes_bill and problem is null then workload_label end as bill_workload,
  case when makes_bill and tier_text is not null then tier end as bill_tier,
  amount_n as amount,
  case when makes_bill and problem is null then currency end as currency,
  coalesce(amount_usd_n, case when currency = 'USD' then amount_n end) as amount_usd,
  case when currency = 'USD' then list_amount_n end as list_amount_usd,
  case when problem is not null then split_part(problem, ':', 1) end as reject_code,
  case when problem is not null then nullif(split_part(problem, ':', 2), '') end as reject_column,
  case
    when problem is null then null
    when reject_detail is not null then reject_detail
    when split_part(problem, ':', 2) = 'tier' and regexp_full_match(tier_text, '[A-Za-z0-9_.-]{1,32}') then tier_text
  end as reject_detail
from judged
