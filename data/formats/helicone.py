"""Helicone requests: its export tool's CSV and JSON, its query API, and the table's own export.

Token rule: ambiguous by age and provider. `prompt_tokens` held the cached tokens once; the current
processors take them out for some providers. So a call is settled by its own numbers: cached parts
that do not fit into `prompt_tokens`, or a `total_tokens` that only adds up with them on top, mean
that they come on top; every other call with cached parts is kept as if they were inside and marked
ambiguous. Calls without cached parts are the same under both readings.

What was not billed: answers from Helicone's own cache (`cache_reference_id`) are rejected and
listed. For a failed call (HTTP status of 400 and more) without output the prompt tokens are
Helicone's own estimate; its tokens are unknown. Status -3 is cancelled by the caller, -2 pending.

`delay_ms` and `time_to_first_token` are milliseconds, `cost` and `costUSD` dollars. The export
tool's CSV names a request by `response_id` only; that id is used first, so that a CSV and a JSON
export of the same requests count once.
"""

from collections.abc import Mapping, Set
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, MARKED, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    each_listed,
    items_under,
    listed_under,
    parts_sum,
    provider_in_name,
    records_of,
    unless,
)

_COUNTS: Final = {"prompt_tokens", "completion_tokens"}
_IDS: Final = {"request_id", "response_id"}
_OWN: Final = {
    "request_created_at",
    "request_properties",
    "helicone_user",
    "delay_ms",
    "prompt_cache_read_tokens",
}
_SIMPLE: Final = {"request_id", "created_at", "status", "latency_ms", "request_body"}
_NO_CACHE: Final = "00000000-0000-0000-0000-000000000000"
_PROPERTIES: Final = ("properties", "request_properties")


class Helicone:
    """One request a record."""

    name = "helicone"
    title = "Helicone requests"
    token_rule = (
        "prompt_tokens may hold cached tokens or not: where the numbers do not settle it, calls with cached "  # noqa: S105
        "tokens are marked ambiguous."
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "prompt_tokens",
        "cache_read_tokens": "prompt_cache_read_tokens",
        "cache_write_tokens": "prompt_cache_write_tokens",
        "output_tokens": "completion_tokens",
        "reported_cost_usd": "cost",
        "latency_ms": "delay_ms",
        "ttft_ms": "time_to_first_token",
    }

    def claim(self, head: FileHead) -> int:
        """Prompt and completion tokens beside an id and one of Helicone's own fields."""
        if head.container == "csv":
            return _strength({normal(column) for column in head.columns})
        records = records_of(head, "data")
        found = [_strength({normal(key) for key in record}) for record in records]
        return share(sum(map(bool, found)), len(found), max(found, default=0))

    def draft(self, head: FileHead) -> str:
        """One row a request."""
        record = FlatRecord(head)
        top, nested = record.top, record.nested
        status = record.column(f"try_cast({top('response_status', 'status')} AS INTEGER)")
        failed = record.column(f"coalesce({status} >= 400 OR {status} < 0, false)")
        prompt, completion = top("prompt_tokens"), top("completion_tokens")
        unmetered = record.column(
            f"coalesce(whole_number({completion}), 0) = 0 AND "
            f"({failed} OR coalesce(whole_number({prompt}), 0) = 0)"
        )
        read, write = top("prompt_cache_read_tokens"), top("prompt_cache_write_tokens")
        parts = record.column(parts_sum(read, write))
        on_top = record.column(
            f"{parts} > 0 AND coalesce({parts} > whole_number({prompt}) OR "
            f"whole_number({top('total_tokens')}) = whole_number({prompt}) + {parts} "
            f"+ whole_number({completion}), false)"
        )
        model = top("response_model", "model", "request_model", "model_override")
        named = f"nullif(upper({top('provider')}), 'CUSTOM')"
        said = [nested(place, *WORKLOAD_KEYS, '"Helicone-Prompt-Id"') for place in _PROPERTIES]
        sessions = [nested(place, '"Helicone-Session-Id"') for place in _PROPERTIES]
        total = f"CASE WHEN {parts} = 0 THEN {top('total_tokens')} END"
        draft = record.select(
            {
                "call_id": top("response_id", "request_id"),
                "ts_text": top("request_created_at", "created_at", "response_created_at"),
                "ts_strict": "false",
                "provider_text": (
                    f"coalesce({named}, provider_of_host(host_of({top('target_url')})), "
                    f"{provider_in_name(model)}, '(unknown)')"
                ),
                "model_text": model,
                "workload_text": f"coalesce({', '.join(said)}, {top('prompt_id')})",
                "attributes": attribute_list(
                    {
                        "endpoint": top("request_path", "target_url"),
                        "metadata.prompt_name": top("prompt_id"),
                    },
                    metadata=[top(*_PROPERTIES)],
                ),
                "session_text": (
                    f"coalesce({', '.join(sessions)}, {top('helicone_user', 'request_user_id', 'user_id')})"
                ),
                "input_rule": f"CASE WHEN {on_top} THEN 'exclusive' ELSE 'inclusive' END",
                "token_basis_text": f"CASE WHEN {parts} > 0 AND NOT {on_top} THEN 'ambiguous' END",
                "input_text": unless(unmetered, prompt),
                "cache_read_text": unless(unmetered, read),
                "cache_write_text": unless(unmetered, write),
                "output_text": unless(unmetered, completion),
                "reasoning_text": unless(unmetered, top("reasoning_tokens")),
                "total_text": total,
                "tier_text": (
                    f"coalesce({nested('response_body', 'service_tier')}, "
                    f"nullif({nested('request_body', 'service_tier')}, 'auto'))"
                ),
                "status_text": (
                    f"CASE WHEN {status} = -3 THEN 'cancelled' WHEN {failed} THEN 'error' ELSE 'ok' END"
                ),
                "latency_text": top("delay_ms", "latency_ms", "latency"),
                "ttft_text": top("time_to_first_token"),
                "streamed_text": nested("request_body", "stream"),
                "cost_text": top("cost", "costUSD"),
            },
            reject=f"""CASE
              WHEN {prompt} IS NULL AND {status} IS NULL THEN 'not_this_format'
              WHEN {status} = -2 THEN 'no_usage_yet'
              WHEN {top("cache_reference_id")} <> '{_NO_CACHE}' THEN 'gateway_cache_hit'
              WHEN NOT {unmetered} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {unmetered} AND {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )
        key = listed_under(head, "data")
        return each_listed(draft, items_under(key)) if key else draft


def _strength(names: Set[str]) -> int:
    if "call_type" in names or not names >= _COUNTS or not names & _IDS:
        return 0
    if names & _OWN:
        return EXACT
    return MARKED if names >= _SIMPLE else 0
