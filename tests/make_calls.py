"""Makes calls in Lanewise's own record format: plausible ones by the million, and one exact case.

Everything is one SQL statement a file, so that a benchmark spends its time elsewhere.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

START_UTC: Final = datetime.fromisoformat("2026-11-02")  # a Monday

_COPY_OPTIONS: Final = {
    ".csv": "format csv, header",
    ".jsonl": "format json",
    ".parquet": "format parquet, compression zstd",
}

# One row a workload: share of calls in percent, lengths as medians, cached share of the input in
# percent, whether a person waits (then calls come by day) and which tier serves it.
_WORKLOADS: Final = """
  select * from (values
    ('support-chat',      'openai',    'gpt-5.4-mini',      24,  1000, 130, 40, true,  'standard'),
    ('code-completion',   'mistral',   'codestral-2508',    22,  1500,  13, 10, true,  'standard'),
    ('document-qa',       'gemini',    'gemini-2.5-flash',  12,  9000, 250, 55, true,  'standard'),
    ('contract-review',   'openai',    'gpt-4.1',           10, 14000, 300, 80, false, 'standard'),
    ('nightly-summaries', 'anthropic', 'claude-sonnet-4-6', 12,  2700, 170,  0, false, 'batch'),
    ('agent-evaluations', 'anthropic', 'claude-opus-4-8',    6, 26000,  98, 92, false, 'standard'),
    ('crm-enrichment',    'openai',    'gpt-5.4-mini',       8,   900, 120,  0, true,  'flex'),
    ('(unattributed)',    'deepseek',  'deepseek-v4-flash',  6,  1200, 150, 20, true,  'standard')
  ) as w (workload, provider, model, share, median_input, median_output, cached_percent, by_day, tier)
"""

_CALLS: Final = f"""
with workloads as ({_WORKLOADS}),
placed as (
  select *, sum(share) over (order by workload) - share as share_from, sum(share) over () as share_all
  from workloads
),
drawn as (
  select
    i,
    -- hash() of a row number and a stream number is a uniform draw; the same seed gives the same calls
    hash(i, $seed, 1) % 100 as pick,
    (hash(i, $seed, 2) % 1000003 + 0.5) / 1000003 as u_input,
    (hash(i, $seed, 3) % 1000003 + 0.5) / 1000003 as u_output,
    (hash(i, $seed, 4) % 1000003 + 0.5) / 1000003 as u_time,
    hash(i, $seed, 5) % $days as day,
    hash(i, $seed, 6) % 3600000 as ms_of_hour,
    hash(i, $seed, 7) % 1000 as luck,
    cast(hash(i, $seed, 8) % 41 as bigint) - 20 as cached_noise,
    hash(i, $seed, 9) % 400 as latency_noise
  from range($n) as numbers (i)
),
lengths as (
  select
    drawn.*,
    placed.*,
    -- the quantile of a logistic stands in for a log-normal's; its spread gives the long tail
    cast(greatest(16, median_input * exp(0.45 * ln(u_input / (1 - u_input)))) as bigint) as input_tokens,
    cast(greatest(1, median_output * exp(0.5 * ln(u_output / (1 - u_output)))) as bigint) as output_tokens,
    case
      when by_day then cast(7 + floor(12 * u_time) as bigint)
      else cast(1 + floor(4 * u_time) as bigint)
    end as hour
  from drawn
  join placed on pick >= share_from and pick < share_from + share
),
settled as (
  select
    *,
    case when luck < 8 then 'error' when luck < 10 and tier = 'batch' then 'expired' else 'ok' end as status
  from lengths
)
select
  'call-' || $seed || '-' || i as call_id,
  cast($start as timestamp) + to_milliseconds(cast((day * 24 + hour) * 3600000 + ms_of_hour as bigint)) as ts,
  provider,
  model,
  workload,
  'session-' || (i // 6) as session,
  case when status = 'ok' then input_tokens end as input_tokens,
  case
    when status <> 'ok' then null
    when cached_percent = 0 then 0
    else input_tokens * least(95, greatest(0, cached_percent + cached_noise)) // 100
  end as cache_read_tokens,
  case when status = 'ok' and provider = 'anthropic' and cached_percent > 0 then input_tokens // 25 else 0 end
    as cache_write_tokens,
  case when status = 'ok' then output_tokens end as output_tokens,
  tier,
  status,
  case when tier <> 'batch' then 250 + latency_noise + output_tokens * 12 end as latency_ms,
  case when by_day and status = 'ok' then 200 + latency_noise end as ttft_ms,
  by_day as streamed
from settled
"""

_CHAT: Final = """
select
  strftime(ts, '%Y-%m-%dT%H:%M:%S.%gZ') as timestamp,
  workload as feature,
  session as session_id,
  cast(latency_ms as bigint) as latency_ms,
  ttft_ms,
  struct_pack(
    model := model,
    stream := streamed,
    messages := [struct_pack("role" := 'user', content := repeat('word ', 20))]
  ) as request,
  case when status <> 'ok' then 500 else 200 end as http_status,
  struct_pack(
    id := 'chatcmpl-' || call_id,
    "object" := case when status = 'ok' then 'chat.completion' end,
    created := cast(epoch(ts) as bigint),
    model := model,
    choices := [struct_pack(
      "index" := 0,
      message := struct_pack("role" := 'assistant', content := repeat('text ', 16)),
      finish_reason := 'stop'
    )],
    "error" := case when status <> 'ok' then struct_pack("message" := 'server error', code := 'failed') end,
    service_tier := case tier when 'standard' then 'default' else tier end,
    usage := case when status = 'ok' then struct_pack(
      prompt_tokens := input_tokens,
      completion_tokens := output_tokens,
      total_tokens := input_tokens + output_tokens,
      prompt_tokens_details := struct_pack(cached_tokens := cache_read_tokens, audio_tokens := 0),
      completion_tokens_details := struct_pack(reasoning_tokens := 0, audio_tokens := 0)
    ) end
  ) as response
from calls
"""

_FOUR_CONFIGURATIONS: Final = """
select
  'four-' || i as call_id,
  cast($start as timestamp) + to_seconds(i) as ts,
  $provider as provider,
  $model as model,
  $workload as workload,
  4000 as input_tokens,
  case when i = 0 then 0 else 4000 end as cache_read_tokens,
  case when i = 0 then 4000 else 0 end as cache_write_tokens,
  200 as output_tokens,
  'standard' as tier,
  'ok' as status
from range(50000) as numbers (i)
"""


def write_calls(path: Path, n: int, *, seed: int = 0, days: int = 14) -> Path:
    """Writes `n` plausible calls to `path`, whose suffix (.csv, .jsonl, .parquet) chooses the format.

    Eight workloads over `days` days from `START_UTC`, five providers, three tiers; about one call in a
    hundred fails and then has no tokens. The same seed gives the same calls; ids differ between seeds.
    """
    return _write(path, _CALLS, {"n": n, "seed": seed, "days": days, "start": START_UTC})


def write_chat_completions(path: Path, n: int, *, seed: int = 0, days: int = 14) -> Path:
    """Writes the calls of `write_calls` to a .jsonl as OpenAI chat completions inside a caller's own record.

    About 800 bytes a line, prompt and answer included. A failed call carries an error and no usage.
    """
    return _write(
        path, f"with calls as ({_CALLS}) {_CHAT}", {"n": n, "seed": seed, "days": days, "start": START_UTC}
    )


def write_four_configuration_calls(
    path: Path,
    *,
    provider: str = "anthropic",
    model: str = "claude-sonnet-4-5",
    workload: str = "four-configurations",
) -> Path:
    """Writes the 50,000 calls of one 4,000-token prefix: a cache write, 49,999 reads, 200 output each.

    At 3 and 15 USD per million tokens, a 1.25x write and 0.1x reads they cost 750.00 without a cache,
    210.0138 with it, 375.00 in batch and 105.0069 in both.
    """
    values = {"provider": provider, "model": model, "workload": workload, "start": START_UTC}
    return _write(path, _FOUR_CONFIGURATIONS, values)


def _write(path: Path, query: str, values: dict[str, object]) -> Path:
    with duckdb.connect() as connection:
        connection.execute(
            f"copy ({query}) to $path ({_COPY_OPTIONS[path.suffix]})", {**values, "path": str(path)}
        )
    return path
