"""Langfuse observations as exported from its table, its API or its blob export: CSV, JSON, JSON Lines.

Token rule: Langfuse takes cached tokens out of `usageDetails.input` and keeps every part under a
key of its own (`input_cached_tokens`, `cache_read_input_tokens`, `input_cache_creation_5m`, ...).
The total is the sum of all keys that have "input" in them, which is also its own `inputUsage`;
reasoning is taken out of `output` likewise, and the output is the sum of the keys with "output".
Some senders leave the cached parts in: where `total` is `input` alone and the output, `input` is the
total. Such a call, and one whose sums are not `total` either way, is marked ambiguous. The older
`usage` object and `promptTokens` name no parts.

Only observations of type GENERATION and EMBEDDING call a model; spans, events, agents and traces
sum up what is below them. Usage in another unit than tokens (characters, images) is unknown.

`latency` and `timeToFirstToken` are in seconds. `totalCost` is in dollars, from Langfuse's own
prices; 0 is how it writes a model without a price, so 0 is unknown. 0 in and 0 out is how it writes
a call without usage. An unknown pricing tier is not taken for standard; names of context tiers are.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    between_ms,
    calls_only,
    each_listed,
    items_under,
    listed_under,
    provider_in_name,
    records_of,
    seconds_as_ms,
    unless,
)

_READ: Final = ("input_cached_tokens", "input_cache_read", "cache_read_input_tokens")
_WRITE: Final = ("input_cache_creation", "cache_creation_input_tokens")
_FIVE_MINUTES: Final = "input_cache_creation_5m"
_ONE_HOUR: Final = "input_cache_creation_1h"
_REASONING: Final = ("output_reasoning_tokens", "output_reasoning")
_USAGE: Final = {"usagedetails", "providedusagedetails", "inputusage", "usage", "prompttokens"}


class Langfuse:
    """One observation a record."""

    name = "langfuse"
    title = "Langfuse observations"
    token_rule = (
        "usageDetails.input leaves cached tokens out: the total is the sum of its keys with “input” in them."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "inputUsage",
        "cache_read_tokens": "usageDetails.input_cached_tokens",
        "cache_write_tokens": "usageDetails.input_cache_creation",
        "cache_write_long_tokens": "usageDetails.input_cache_creation_1h",
        "output_tokens": "outputUsage",
        "reasoning_tokens": "usageDetails.output_reasoning_tokens",
        "reported_cost_usd": "totalCost",
        "latency_ms": "latency",
        "ttft_ms": "timeToFirstToken",
        "tier": "usagePricingTierName",
    }

    def claim(self, head: FileHead) -> int:
        """An observation: trace id, type and start beside any of the usage fields."""
        if head.container == "csv":
            return EXACT if _is_ours({normal(column): None for column in head.columns}) else 0
        records = records_of(head, "data")
        matches = sum(_is_ours({normal(key): value for key, value in record.items()}) for record in records)
        return share(matches, len(records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row an observation."""
        record = FlatRecord(head)
        top, nested = record.top, record.nested
        is_call = record.column(f"coalesce(upper({top('type')}) IN ('GENERATION', 'EMBEDDING'), false)")
        names, values = _entries(record)
        model = top("model", "providedModelName")
        in_tokens = f"coalesce(upper({nested('usage', 'unit')}), 'TOKENS') = 'TOKENS'"
        summed_in, tokens_out = (
            record.column(
                f"coalesce({top(f'{side}Usage')}, {_summed(names, values, side)}, CASE WHEN {in_tokens} "
                f"THEN {nested('usage', side, f'{old}Tokens')} END, {top(f'{old}Tokens')})"
            )
            for side, old in (("input", "prompt"), ("output", "completion"))
        )
        total = record.column(f"coalesce({nested('usageDetails', 'total')}, {top('totalUsage')})")
        plain = nested("usageDetails", "input")
        left_in = record.column(
            f"coalesce(whole_number({plain}) < whole_number({summed_in}) "
            f"AND whole_number({plain}) + whole_number({tokens_out}) = whole_number({total}), false)"
        )
        tokens_in = record.column(f"CASE WHEN {left_in} THEN {plain} ELSE {summed_in} END")
        unmetered = record.column(
            f"coalesce(whole_number({tokens_in}), 0) = 0 AND coalesce(whole_number({tokens_out}), 0) = 0"
        )

        def detail(*keys: str) -> str:
            return unless(unmetered, nested("usageDetails", *keys))

        five_minutes, one_hour = nested("usageDetails", _FIVE_MINUTES), nested("usageDetails", _ONE_HOUR)
        started, ended = top("startTime"), top("endTime")
        cost = top("totalCost", "calculatedTotalCost")
        embeds = f"upper({top('type')}) = 'EMBEDDING'"
        drafted = calls_only(
            {
                "call_id": top("id"),
                "ts_text": started,
                "ts_strict": "false",
                "provider_text": f"coalesce({provider_in_name(model)}, '(unknown)')",
                "model_text": model,
                "workload_text": _workload(record),
                "attributes": attribute_list(
                    {
                        "project": top("projectId"),
                        "trace_name": top("traceName"),
                        "metadata.name": top("name"),
                        "metadata.environment": top("environment"),
                        "metadata.prompt_name": top("promptName"),
                    },
                    tags=[top("traceTags"), top("tags")],
                    metadata=[top("metadata")],
                ),
                "session_text": top("sessionId", "userId", "traceId"),
                "input_rule": "'inclusive'",
                "token_basis_text": f"CASE WHEN {left_in} THEN 'ambiguous' ELSE 'exclusive' END",
                "input_text": unless(unmetered, tokens_in),
                "cache_read_text": detail(*_READ),
                "cache_write_text": (
                    f"coalesce({detail(_FIVE_MINUTES)}, "
                    f"CASE WHEN {one_hour} IS NULL THEN {detail(*_WRITE)} END)"
                ),
                "cache_write_long_text": detail(_ONE_HOUR),
                "output_text": unless(unmetered, f"coalesce({tokens_out}, CASE WHEN {embeds} THEN '0' END)"),
                "reasoning_text": detail(*_REASONING),
                "total_text": total,
                "tier_text": _tier(record),
                "status_text": f"CASE WHEN upper({top('level')}) = 'ERROR' THEN 'error' ELSE 'ok' END",
                "latency_text": f"coalesce({seconds_as_ms(top('latency'))}, {between_ms(started, ended)})",
                "ttft_text": seconds_as_ms(top("timeToFirstToken")),
                "streamed_text": f"CASE WHEN {top('completionStartTime')} IS NOT NULL THEN 'true' END",
                "cost_text": f"CASE WHEN try_cast({cost} AS DOUBLE) = 0 THEN NULL ELSE {cost} END",
            },
            is_call,
        )
        draft = record.select(
            drafted,
            reject=f"""CASE
              WHEN {top("type")} IS NULL OR {top("traceId")} IS NULL THEN 'not_this_format'
              WHEN NOT {is_call} THEN NULL
              WHEN {_unreadable(names, values)} THEN 'bad_usage:usageDetails'
              WHEN NOT {unmetered} AND {tokens_in} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {unmetered} AND {tokens_out} IS NULL AND NOT {embeds}
                THEN 'missing_value:output_tokens'
              WHEN NOT {unmetered} AND {five_minutes} IS NULL AND {one_hour} IS NOT NULL
                AND whole_number({nested("usageDetails", *_WRITE)}) > whole_number({one_hour})
                THEN 'cache_totals_disagree:cache_write_tokens'
            END""",
        )
        key = listed_under(head, "data")
        return each_listed(draft, items_under(key)) if key else draft


def _is_ours(record: Mapping[str, Any]) -> bool:
    return record.keys() >= {"traceid", "type", "starttime"} and bool(record.keys() & _USAGE)


def _entries(record: FlatRecord) -> tuple[str, str]:
    """The columns that hold the names and the values of `usageDetails`, in parallel lists."""
    text = record.text("usageDetails")
    is_object = f"json_valid({text}) AND starts_with(ltrim({text}), '{{')"
    names = record.column(f"CASE WHEN {is_object} THEN json_keys({text}) END")
    return names, record.column(f"CASE WHEN {is_object} THEN json_extract_string({text}, '$.*') END")


def _summed(names: str, values: str, side: str) -> str:
    """SQL text of the sum of the details of one side; NULL when there are none."""
    number = f"CASE WHEN contains({names}[i], '{side}') THEN whole_number(t) END"
    return f"cast(list_sum(list_transform({values}, lambda t, i: {number})) AS VARCHAR)"


def _unreadable(names: str, values: str) -> str:
    """SQL that is true when a detail that belongs into a sum is no count."""
    wrong = (
        f"(contains({names}[i], 'input') OR contains({names}[i], 'output')) AND t IS NOT NULL "
        "AND coalesce(whole_number(t) NOT BETWEEN 0 AND 999999999999999, true)"
    )
    return f"coalesce(len(list_filter({values}, lambda t, i: {wrong})) > 0, false)"


def _tier(record: FlatRecord) -> str:
    """The tier that priced the call, else the one that was asked for; `auto` says nothing.

    The names are for people ("Flex", "Fast mode", "Large context (> 272K)"): a tier's word comes first, and
    a length alone is of the standard tier.
    """
    priced = record.column(f"lower(trim({record.top('usagePricingTierName')}))")
    word = f"nullif(regexp_extract({priced}, '^(flex|fast|priority|batch|ultrafast|standard)\\b', 1), '')"
    return f"""coalesce(
      {word}, CASE WHEN contains({priced}, 'context') THEN 'standard' ELSE {priced} END,
      nullif(lower({record.nested("modelParameters", "service_tier")}), 'auto'))"""


def _workload(record: FlatRecord) -> str:
    """A key in the metadata, then the trace's name, its first tag, the prompt, the observation's own name."""
    tags = record.text("traceTags")
    first_tag = f"CASE WHEN json_valid({tags}) THEN json_extract_string({tags}, '$[0]') END"
    return (
        f"coalesce({record.nested('metadata', *WORKLOAD_KEYS)}, {record.top('traceName')}, "
        f"nullif({first_tag}, ''), {record.top('promptName', 'name')}, "
        f"nullif({record.top('environment')}, 'default'))"
    )
