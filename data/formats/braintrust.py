"""Braintrust spans as fetched from its API or exported from its logs: JSON, JSON Lines, CSV.

Token rule: `metrics.prompt_tokens` is the total, because Braintrust's libraries add the cached parts
that a provider counts apart; `prompt_cached_tokens` and `prompt_cache_creation_tokens` (in newer
versions split into `_5m_` and `_1h_`) name them. Early versions copied the provider's own count:
parts that do not fit into `prompt_tokens` are added to it. Reasoning is inside
`completion_tokens`.

Only spans of type `llm` are calls: tasks, functions, scores and evaluations stand around them. A
span with `metrics.cached` was answered by Braintrust's own cache and is rejected and listed.

`metrics.start` and `.end` are seconds since 1970 with decimals, `time_to_first_token` is in
seconds, `estimated_cost` in dollars.
"""

from collections.abc import Mapping, Set
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    between_ms,
    calls_only,
    each_listed,
    guarded_rule,
    items_under,
    listed_under,
    parts_sum,
    provider_in_name,
    records_of,
    seconds_as_ms,
    unless,
)

_MARKERS: Final = {"span_attributes", "metrics"}
_LISTS: Final = ("events", "data", "objects")
_WRITE: Final = "prompt_cache_creation_tokens"
_FIVE_MINUTES: Final = "prompt_cache_creation_5m_tokens"
_ONE_HOUR: Final = "prompt_cache_creation_1h_tokens"


class Braintrust:
    """One span a record."""

    name = "braintrust"
    title = "Braintrust spans"
    token_rule = "metrics.prompt_tokens is the total input; cached tokens that do not fit are added."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "metrics.prompt_tokens",
        "cache_read_tokens": "metrics.prompt_cached_tokens",
        "cache_write_tokens": "metrics.prompt_cache_creation_tokens",
        "cache_write_long_tokens": "metrics.prompt_cache_creation_1h_tokens",
        "output_tokens": "metrics.completion_tokens",
        "reasoning_tokens": "metrics.completion_reasoning_tokens",
        "reported_cost_usd": "metrics.estimated_cost",
        "ttft_ms": "metrics.time_to_first_token",
        "model": "metadata.model",
    }

    def claim(self, head: FileHead) -> int:
        """`span_attributes` beside `metrics`."""
        if head.container == "csv":
            return EXACT if _is_ours({normal(column) for column in head.columns}) else 0
        records = records_of(head, *_LISTS)
        return share(sum(_is_ours(record.keys()) for record in records), len(records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a span."""
        record = FlatRecord(head)
        top, nested = record.top, record.nested
        kind = nested("span_attributes", "type")
        is_call = record.column(f"coalesce(lower({kind}) = 'llm', false)")
        prompt, completion = (nested("metrics", f"{side}_tokens") for side in ("prompt", "completion"))
        unmetered = record.column(
            f"coalesce(whole_number({prompt}), 0) = 0 AND coalesce(whole_number({completion}), 0) = 0"
        )

        def metric(*names: str) -> str:
            return unless(unmetered, nested("metrics", *names))

        read, five, hour = metric("prompt_cached_tokens"), metric(_FIVE_MINUTES), metric(_ONE_HOUR)
        # With a split the flat number is its sum; what the split leaves over is of the default lifetime.
        rest = f"cast(whole_number({metric(_WRITE)}) - whole_number({hour}) AS VARCHAR)"
        write = record.column(
            f"coalesce({five}, CASE WHEN whole_number({hour}) IS NULL THEN {metric(_WRITE)} ELSE {rest} END)"
        )
        parts = record.column(parts_sum(read, write, hour))
        started, ended = nested("metrics", "start"), nested("metrics", "end")
        model = nested("metadata", "model")
        tags = record.text("tags")
        failed = record.column(f"coalesce({record.text('error')} NOT IN ('', 'null'), false)")
        cached = nested("metrics", "cached")
        embeds = f"{completion} IS NULL AND coalesce(contains(lower({model}), 'embed'), false)"
        values = calls_only(
            {
                "call_id": top("id", "span_id"),
                "ts_text": f"coalesce({started}, {top('created')})",
                "ts_strict": "false",
                "provider_text": (
                    f"coalesce({nested('metadata', 'provider')}, {provider_in_name(model)}, '(unknown)')"
                ),
                "model_text": model,
                "workload_text": (
                    f"coalesce({nested('metadata', *WORKLOAD_KEYS)}, "
                    f"CASE WHEN json_valid({tags}) THEN json_extract_string({tags}, '$[0]') END)"
                ),
                "attributes": attribute_list(
                    {
                        "project": top("project_name", "project_id"),
                        "metadata.span_name": nested("span_attributes", "name"),
                    },
                    tags=[top("tags")],
                    metadata=[top("metadata")],
                ),
                "session_text": top("root_span_id"),
                "input_rule": guarded_rule(prompt, read, write, hour),
                "input_text": unless(unmetered, prompt),
                "cache_read_text": read,
                "cache_write_text": write,
                "cache_write_long_text": hour,
                "output_text": unless(unmetered, f"coalesce({completion}, CASE WHEN {embeds} THEN '0' END)"),
                "reasoning_text": metric("completion_reasoning_tokens"),
                "total_text": f"CASE WHEN {parts} <= whole_number({prompt}) THEN {metric('tokens')} END",
                "tier_text": nested("metadata", "response_service_tier"),
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "latency_text": between_ms(started, ended),
                "ttft_text": seconds_as_ms(nested("metrics", "time_to_first_token")),
                "streamed_text": nested("metadata", "stream"),
                "cost_text": nested("metrics", "estimated_cost"),
            },
            is_call,
        )
        draft = record.select(
            values,
            reject=f"""CASE
              WHEN {top("span_attributes")} IS NULL AND {top("metrics")} IS NULL THEN 'not_this_format'
              WHEN NOT {is_call} THEN NULL
              WHEN coalesce(whole_number({cached}) > 0, flag({cached})) THEN 'gateway_cache_hit'
              WHEN NOT {failed} AND NOT {unmetered} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {failed} AND NOT {unmetered} AND {completion} IS NULL AND NOT ({embeds})
                THEN 'missing_value:output_tokens'
            END""",
        )
        key = listed_under(head, *_LISTS)
        return each_listed(draft, items_under(key)) if key else draft


def _is_ours(names: Set[str]) -> bool:
    return names >= _MARKERS
