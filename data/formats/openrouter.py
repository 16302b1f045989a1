"""OpenRouter: chat bodies with their cost, the generation export, and the daily activity export.

Token rule: `prompt_tokens` and `tokens_prompt` are the total input, cached reads and writes included,
whatever model answered; reasoning is inside the completion. Verified on recorded answers: with 2,569
read and 79 written of 2,649 prompt tokens of a Claude model, `cost_details` is exactly the sum of the
three prices, and `total_tokens` is prompt + completion on all 28.

Traps:
* `cost` is what OpenRouter charged. With a key of one's own (`is_byok`, the columns BYOK) the provider
  charges besides: `upstream_inference_cost`, `byok_usage_inference`, `BYOK Usage`. The reported cost is
  the sum.
* Gemini answers may count the same tokens as read and as written (2,161 of each in a prompt of 2,168).
  Then the writes are cut to what is left of the input, and the call is marked ambiguous.
* `service_tier: provisioned` is capacity of the provider; the answer was still charged by the token
  (recorded: exactly the list price), so it is standard.
* The generation export has no writes (`cost_cache` is their cost) and no tier. `variant` other than
  `standard` belongs to the model id, as in `:free`. A cancelled generation is kept as such, with the
  tokens it was charged for.
* The daily export has neither cached tokens nor keys: a row is the sum of a day and model, and its
  cached tokens are counted as plain input, so computed costs are too high. A row without a number of
requests counts as one request, a row of zeros makes no call. Times are UTC.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import ProviderRecord, missing_counts, objects_at
from data.formats.openai_chat import has_pieces, without

_OBJECTS: Final = ("chat.completion", "text_completion", "chat.completion.chunk", "response")


class OpenRouterChat:
    """One chat completion or response a record, bare or inside the caller's own record."""

    name = "openrouter_chat"
    title = "OpenRouter responses"
    token_rule = "prompt_tokens is the total input, cached tokens included; usage.cost is in US dollars."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "usage.prompt_tokens",
        "cache_read_tokens": "usage.prompt_tokens_details.cached_tokens",
        "cache_write_tokens": "usage.prompt_tokens_details.cache_write_tokens",
        "output_tokens": "usage.completion_tokens",
        "reasoning_tokens": "usage.completion_tokens_details.reasoning_tokens",
        "reported_cost_usd": "usage.cost",
        "tier": "service_tier",
    }

    def keeps_last(self, head: FileHead) -> bool:
        """Where the log has pieces of streams; a finished answer that is logged twice is the same twice."""
        return has_pieces(head)

    def claim(self, head: FileHead) -> int:
        """Records whose object has an id as OpenRouter makes them."""
        matches = sum(any(map(_is_generation, objects_at(record))) for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = ProviderRecord(head, "object", _OBJECTS)
        own = record.own
        usage = own("usage")
        prompt = own("usage.prompt_tokens", "usage.input_tokens")
        completion = own("usage.completion_tokens", "usage.output_tokens")
        read, write, long_write = (
            own(*(f"usage.{side}_tokens_details.{part}" for side in ("prompt", "input")))
            for part in (
                "cached_tokens",
                "cache_write_tokens",
                "cache_write_tokens_details.ttl_12h_tokens",
            )
        )
        left = record.column(f"whole_number({prompt}) - whole_number({read})")
        overlap = record.column(
            f"coalesce(starts_with({own('model')}, 'google/') AND {long_write} IS NULL "
            f"AND {left} >= 0 AND whole_number({write}) > {left}, false)"
        )
        tier, state = own("service_tier"), own("status")
        return record.select(
            {
                **record.common(),
                "call_id": own("id"),
                "ts_text": f"coalesce({own('created', 'created_at')}, {record.moment()})",
                "provider_text": "'openrouter'",
                "session_text": record.session("user", "safety_identifier"),
                "input_rule": "'inclusive'",
                "input_text": prompt,
                "cache_read_text": read,
                "cache_write_text": (
                    f"CASE WHEN {overlap} THEN cast({left} AS VARCHAR) ELSE {without(write, long_write)} END"
                ),
                "cache_write_long_text": long_write,
                "output_text": completion,
                "reasoning_text": own(
                    "usage.completion_tokens_details.reasoning_tokens",
                    "usage.output_tokens_details.reasoning_tokens",
                ),
                "total_text": own("usage.total_tokens"),
                "token_basis_text": f"CASE WHEN {overlap} THEN 'ambiguous' END",
                "tier_text": f"CASE WHEN lower({tier}) <> 'provisioned' THEN {tier} END",
                "status_text": (
                    f"CASE WHEN {record.failed()} OR {state} = 'failed' THEN 'error' ELSE 'ok' END"
                ),
                "cost_text": money_sum(
                    own("usage.cost"),
                    f"CASE WHEN flag({own('usage.is_byok')}) "
                    f"THEN {own('usage.cost_details.upstream_inference_cost')} END",
                ),
                "streamed_text": (
                    f"CASE WHEN {own('object')} = 'chat.completion.chunk' THEN 'true' "
                    f"ELSE {record.common()['streamed_text']} END"
                ),
            },
            reject=f"""CASE
              WHEN {usage} IS NULL AND {own("object")} = 'chat.completion.chunk' THEN 'stream_chunk'
              WHEN {usage} IS NULL AND {state} IN ('queued', 'in_progress') THEN 'no_usage_yet'
              {missing_counts(usage, prompt, completion)}
            END""",
        )


class OpenRouterGenerations:
    """One generation a row, from the activity page's export."""

    name = "openrouter_generations"
    title = "OpenRouter generation export"
    token_rule = "tokens_prompt is the total input, cached tokens included; cache writes are not told."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "tokens_prompt",
        "cache_read_tokens": "tokens_cached",
        "output_tokens": "tokens_completion",
        "reasoning_tokens": "tokens_reasoning",
        "latency_ms": "generation_time_ms",
        "ttft_ms": "time_to_first_token_ms",
        "reported_cost_usd": "cost_total",
        "model": "model_permaslug",
    }

    def claim(self, head: FileHead) -> int:
        """`generation_id` beside `cost_total`."""
        return EXACT if {normal(name) for name in head.columns} >= {"generation_id", "cost_total"} else 0

    def draft(self, head: FileHead) -> str:
        """One row a generation."""
        record = FlatRecord(head)
        top = record.top
        slug, variant = top("model_permaslug"), top("variant")
        plain = f"{variant} IS NULL OR lower({variant}) = 'standard' OR ends_with({slug}, ':' || {variant})"
        cancelled = f"coalesce(flag({top('cancelled')}), false)"
        failed = f"coalesce(lower({top('finish_reason_normalized')}) = 'error', false)"
        met = f"NOT {cancelled} AND NOT {failed}"
        return record.select(
            {
                "call_id": top("generation_id"),
                "ts_text": top("created_at"),
                "ts_strict": "false",
                "provider_text": "'openrouter'",
                "model_text": f"CASE WHEN {plain} THEN {slug} ELSE {slug} || ':' || lower({variant}) END",
                "workload_text": top("app_name", "api_key_name"),
                "attributes": attribute_list(
                    {"api_key_alias": top("api_key_name"), "metadata.app": top("app_name")}
                ),
                "session_text": top("user"),
                "input_rule": "'inclusive'",
                "input_text": top("tokens_prompt"),
                "cache_read_text": top("tokens_cached"),
                "output_text": top("tokens_completion"),
                "reasoning_text": top("tokens_reasoning"),
                "status_text": (
                    f"CASE WHEN {cancelled} THEN 'cancelled' WHEN {failed} THEN 'error' ELSE 'ok' END"
                ),
                "latency_text": top("generation_time_ms"),
                "ttft_text": top("time_to_first_token_ms"),
                "streamed_text": top("streamed"),
                "cost_text": money_sum(top("cost_total"), top("byok_usage_inference")),
            },
            reject=f"""CASE
              WHEN {top("generation_id")} IS NULL THEN 'missing_value:generation_id'
              WHEN {met} AND {top("tokens_prompt")} IS NULL THEN 'missing_value:input_tokens'
              WHEN {met} AND {top("tokens_completion")} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )


class OpenRouterDaily:
    """The sum of one day and model a row."""

    name = "openrouter_daily"
    title = "OpenRouter daily activity"
    token_rule = "Prompt Tokens is the total input; how many of the tokens were cached is not told."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {
        "ts": "Date",
        "model": "Slug",
        "input_tokens": "Prompt Tokens",
        "output_tokens": "Completion Tokens",
        "reasoning_tokens": "Reasoning Tokens",
        "n_requests": "Requests",
        "reported_cost_usd": "Usage",
    }

    def claim(self, head: FileHead) -> int:
        """The header, of which `byok_usage` is the giveaway."""
        wanted = {"date", "slug", "usage", "byok_usage", "requests", "prompt_tokens"}
        return EXACT if {normal(name) for name in head.columns} >= wanted else 0

    def draft(self, head: FileHead) -> str:
        """One bucket a row."""
        record = FlatRecord(head)
        top = record.top
        day = record.column(f"date_trunc('day', moment({top('date')}))")
        requests, prompt, completion = top("requests"), top("prompt_tokens"), top("completion_tokens")
        counts = [f"coalesce(whole_number({count}), -1)" for count in (requests, prompt, completion)]
        nothing = record.column(f"greatest({', '.join(counts)}) = 0 AND least({', '.join(counts)}) = 0")
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": f"NOT {nothing}",
                "ts_text": f"coalesce(cast({day} AS VARCHAR), {top('date')})",
                "ts_end_text": f"cast({day} + INTERVAL 1 DAY AS VARCHAR)",
                "ts_strict": "true",
                "provider_text": "'openrouter'",
                "model_text": top("slug"),
                "input_rule": "'inclusive'",
                "input_text": prompt,
                "output_text": completion,
                "reasoning_text": top("reasoning_tokens"),
                "cost_text": money_sum(top("usage"), top("byok_usage")),
                "requests_text": f"CASE WHEN coalesce(whole_number({requests}), -1) <> 0 THEN {requests} END",
                "grain_text": "'bucket'",
                "notes": f"CASE WHEN {nothing} THEN NULL WHEN {requests} IS NULL "
                "THEN ['cached_not_told', 'requests_unknown'] ELSE ['cached_not_told'] END",
            },
            reject=f"""CASE
              WHEN {top("date")} IS NULL THEN 'missing_value:ts'
              WHEN {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
            identity=f"concat_ws(chr(31), 'openrouter_daily', {top('date')}, {top('slug')})",
        )


def money_sum(first: str, second: str) -> str:
    """SQL text of the sum of two amounts; where one is absent the other, where one is no amount that one."""
    one, other = (f"try_cast({amount} AS DECIMAL(24, 12))" for amount in (first, second))
    return (
        f"CASE WHEN {second} IS NULL OR ({first} IS NOT NULL AND {one} IS NULL) THEN {first} "
        f"WHEN {other} IS NULL THEN {second} ELSE cast(coalesce({one}, 0) + {other} AS VARCHAR) END"
    )


def _is_generation(found: Mapping[str, Any] | None) -> bool:
    return found is not None and found.get("object") in _OBJECTS and str(found.get("id")).startswith("gen-")
