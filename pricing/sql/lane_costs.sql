-- What every lane costs for every group of calls, in micro-dollars, exact.
--
-- Grain in:  cube   one row an hour, provider, model, workload, tier, prompt band, status, ... (token sums)
--            rate   the vectors of pricing/lanes.py; for a model and lane exactly one row holds at any
--                   instant and prompt length, and it has rates or a reason
--            instant the moments at which any rate changes, with one row before all of them
--            clock  the billed tier of each hour of the week, for models billed by the clock
-- Grain out: one row an instant asked, group and lane, `as_billed` among the lanes
--            asked  the instants to price everything at, one result each; one NULL row: each at its own hour
-- Parameters: $undated_as_of  the instant for rows without a time
-- {...} are lists of columns from constants of pricing/cost.py.
--
-- tokens x USD per million tokens is micro-dollars, so there is no division; sums are DECIMAL(38), so there
-- is no rounding. Rates are linear in tokens, so rows that meet the same rates are summed before pricing.

with called as (
    select
        {group_derived}
        cube.provider as rate_provider,
        cube.model as rate_model,
        coalesce(clock.billed, cube.tier) as billed_tier,
        cube.prompt_band as rate_band,
        coalesce(asked.as_of, cube.hour_utc, cast($undated_as_of as timestamp)) as priced_at,
        cube.status = 'ok' as succeeded,
        cube.n_requests > cube.n_unmetered as metered,
        cube.n_requests,
        cube.n_unmetered,
        coalesce(cube.input_tokens, 0) as input_tokens,
        coalesce(cube.cache_read_tokens, 0) as cache_read_tokens,
        coalesce(cube.cache_write_tokens, 0) as cache_write_tokens,
        coalesce(cube.cache_write_long_tokens, 0) as cache_write_long_tokens,
        coalesce(cube.output_tokens, 0) as output_tokens,
        {thinking} as has_reasoning,
        {reported} as reported_usd
    from cube
    cross join asked
    left join clock
        on clock.provider = cube.provider
        and clock.model = cube.model
        and cube.tier = 'standard'
        -- an undated row has no hour of the week, nor has a bucket unless it is one whole hour: weekday 0
        and clock.weekday = case when {hour_known} then coalesce(isodow(cube.hour_utc), 0) else 0 end
        and clock.hour = case when {hour_known} then coalesce(hour(cube.hour_utc), 0) else 0 end
        and (clock.valid_from is null
            or coalesce(asked.as_of, cube.hour_utc, cast($undated_as_of as timestamp)) >= clock.valid_from)
        and (clock.valid_to is null
            or coalesce(asked.as_of, cube.hour_utc, cast($undated_as_of as timestamp)) < clock.valid_to)
),

usage as (
    select
        {group_inner}
        called.rate_provider,
        called.rate_model,
        called.billed_tier,
        called.rate_band,
        instant.began as price_period,
        called.succeeded,
        called.metered,
        -- which rates a row needs decides whether a missing one matters to it
        called.cache_read_tokens > 0 as has_read,
        called.cache_write_tokens > 0 as has_write,
        called.cache_write_long_tokens > 0 as has_write_long,
        called.output_tokens > 0 as has_output,
        called.has_reasoning,
        sum(called.n_requests) as n_requests,
        sum(called.n_unmetered) as n_unmetered,
        cast(sum(called.input_tokens) as decimal(38, 0)) as input_tokens,
        cast(sum(called.cache_read_tokens) as decimal(38, 0)) as cache_read_tokens,
        cast(sum(called.cache_write_tokens) as decimal(38, 0)) as cache_write_tokens,
        cast(sum(called.cache_write_long_tokens) as decimal(38, 0)) as cache_write_long_tokens,
        cast(sum(called.output_tokens) as decimal(38, 0)) as output_tokens,
        sum(called.reported_usd) as reported_usd
    from called
    asof join instant on called.priced_at >= instant.began
    group by all
),

priced as (
    select
        {group_inner_usage}
        rate.lane,
        usage.* exclude ({group_exclude}rate_provider, rate_model, billed_tier, rate_band, price_period),
        usage.n_requests - usage.n_unmetered as n_metered,
        case
            when not usage.metered then null
            when rate.reason is not null then rate.reason
            when (usage.has_read and rate.cache_read is null)
                or (usage.has_write and rate.cache_write is null)
                or (usage.has_write_long and rate.cache_write_long is null) then rate.cache_reason
            when usage.has_output and rate.output is null then 'output_price_missing'
            when usage.has_reasoning and rate.thinking_apart then 'thinking_price_missing'
        end as reason,
        -- The one formula. A rate that is missing here is multiplied with no tokens, or `reason` is set.
        (usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens - usage.cache_write_long_tokens)
            * coalesce(rate.input, 0)
            + usage.cache_read_tokens * coalesce(rate.cache_read, 0)
            + usage.cache_write_tokens * coalesce(rate.cache_write, 0)
            + usage.cache_write_long_tokens * coalesce(rate.cache_write_long, 0)
            + usage.output_tokens * coalesce(rate.output, 0) as micro_usd
    from usage
    join rate
        on rate.provider = usage.rate_provider
        and rate.model = usage.rate_model
        and (rate.lane <> 'as_billed' or rate.tier = usage.billed_tier)
        and usage.rate_band >= rate.min_prompt_tokens
        and (rate.max_prompt_tokens is null or usage.rate_band < rate.max_prompt_tokens)
        and (rate.valid_from is null or usage.price_period >= rate.valid_from)
        and (rate.valid_to is null or usage.price_period < rate.valid_to)
),

-- one row a group, lane and reason, so that the largest unpriced part can be named
parts as (
    select
        {group_outer}
        lane,
        reason,
        sum(n_requests) as n_requests,
        sum(n_unmetered) as n_unmetered,
        sum(case when succeeded then 0 else n_unmetered end) as n_failed_unmetered,
        sum(case when metered and reason is null then n_metered else 0 end) as n_priced,
        sum(case when reason is null then 0 else n_metered end) as n_unpriced,
        sum(input_tokens) as input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        sum(cache_write_long_tokens) as cache_write_long_tokens,
        sum(output_tokens) as output_tokens,
        sum(case when metered and reason is null then input_tokens + output_tokens else 0 end) as priced_tokens,
        sum(reported_usd) as reported_usd,
        sum(case when metered and reason is null then reported_usd end) as priced_reported_usd,
        sum(case when metered and reason is null then micro_usd else 0 end) as micro_usd
    from priced
    group by all
)

select
    {group_outer}
    lane,
    cast(sum(n_requests) as bigint) as n_requests,
    cast(sum(n_unmetered) as bigint) as n_unmetered,
    cast(sum(n_failed_unmetered) as bigint) as n_failed_unmetered,
    cast(sum(n_priced) as bigint) as n_priced,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
    cast(sum(cache_write_tokens) as bigint) as cache_write_tokens,
    cast(sum(cache_write_long_tokens) as bigint) as cache_write_long_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens,
    cast(sum(priced_tokens) as bigint) as priced_tokens,
    -- what the source said these calls cost, and the part of it that has a price here
    cast(sum(reported_usd) as decimal(38, 12)) as reported_usd,
    cast(sum(priced_reported_usd) as decimal(38, 12)) as priced_reported_usd,
    -- failed calls without tokens are not charged; anything else without a price is unknown, not free
    case
        when sum(n_priced) > 0 or sum(n_requests) = sum(n_failed_unmetered)
            then cast(sum(micro_usd) as decimal(38, 17))
    end as cost_micro_usd,
    case
        when sum(n_unpriced) = 0 and sum(n_unmetered) = sum(n_failed_unmetered) then null
        when max(n_unpriced) >= sum(n_unmetered) - sum(n_failed_unmetered)
            then max_by(reason, (n_unpriced, reason)) filter (where reason is not null)
        else 'tokens_unknown'
    end as reason
from parts
group by {group_outer}lane
order by {group_order}list_position($lanes, lane)
