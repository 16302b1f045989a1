"""Portkey log exports: JSON Lines (or CSV, JSON) with one request a record.

Token rule: `req_units` is the input as the provider counted it and `res_units` the output. Cached
parts are not columns; they stand in the answer's own `usage`, when answers are exported too. For
OpenAI-shaped usage (`prompt_tokens_details.cached_tokens`) they are inside. Under Anthropic's names
(`cache_read_input_tokens`) they come on top where they do not fit; where they do fit, gateway
versions differ, and the call is marked ambiguous.

`cost` is in cents of `cost_currency`: 100 of it are a dollar; another currency is left out.
`response_time` is in milliseconds. `cache_status` is Portkey's own cache: a hit was answered by no
provider and is rejected and listed. A failed request carries 0 units, which is unknown, not zero.
"""

from collections.abc import Mapping, Set
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    each_listed,
    guarded_rule,
    items_under,
    listed_under,
    parts_sum,
    provider_in_name,
    records_of,
    unless,
)

_MARKERS: Final = {"ai_org", "req_units"}
_INSIDE: Final = "prompt_tokens_details.cached_tokens"
_LABELS: Final = ("team", "agent", "workflow_name")
"""Keys that people put into Portkey's metadata, beside those every format looks for."""


class Portkey:
    """One request a record."""

    name = "portkey"
    title = "Portkey logs"
    token_rule = "req_units is the total input; cached tokens that do not fit are added."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "req_units",
        "output_tokens": "res_units",
        "reported_cost_usd": "cost",
        "latency_ms": "response_time",
        "model": "ai_model",
        "provider": "ai_org",
    }

    def claim(self, head: FileHead) -> int:
        """`ai_org` beside `req_units`."""
        if head.container == "csv":
            return EXACT if _is_ours({normal(column) for column in head.columns}) else 0
        records = records_of(head, "data")
        return share(sum(_is_ours(record.keys()) for record in records), len(records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a request."""
        record = FlatRecord(head)
        top, nested = record.top, record.nested

        def usage(*paths: str) -> str:
            places = [f"{place}.{path}" for path in paths for place in ("body.usage", "usage")]
            return record.column(unless(unmetered, nested("response", *places)))

        prompt, completion = top("req_units"), top("res_units")
        unmetered = record.column(
            f"coalesce(whole_number({prompt}), 0) = 0 AND coalesce(whole_number({completion}), 0) = 0"
        )
        status = f"try_cast({top('response_status_code')} AS INTEGER)"
        failed = record.column(
            f"coalesce({status} >= 400, false) OR coalesce(NOT flag({top('is_success')}), false)"
        )
        model = top("ai_model")
        read, write = usage(_INSIDE, "cache_read_input_tokens"), usage("cache_creation_input_tokens")
        parts = record.column(parts_sum(read, write))
        cost, currency = top("cost"), f"coalesce(upper({top('cost_currency')}), 'USD')"
        draft = record.select(
            {
                "call_id": top("id"),
                "ts_text": top("created_at", "time_of_generation"),
                "ts_strict": "false",
                "provider_text": f"coalesce({top('ai_org')}, {provider_in_name(model)}, '(unknown)')",
                "model_text": model,
                "workload_text": (
                    f"coalesce({nested('metadata', *WORKLOAD_KEYS, *_LABELS)}, "
                    f"{top('prompt_slug', 'virtual_key')})"
                ),
                "attributes": attribute_list(
                    {
                        "project": top("workspace_slug", "workspace_id"),
                        "api_key_alias": top("virtual_key"),
                        "trace_name": top("trace_name", "span_name"),
                        "endpoint": top("request_url"),
                        "metadata.prompt_slug": top("prompt_slug"),
                        "metadata.config": top("config"),
                    },
                    metadata=[top("metadata")],
                ),
                "session_text": f"coalesce({nested('metadata', '_user', 'user')}, {top('trace_id')})",
                "input_rule": guarded_rule(prompt, read, write),
                "token_basis_text": (
                    f"CASE WHEN {usage(_INSIDE)} IS NULL AND {parts} > 0 "
                    f"AND {parts} <= whole_number({prompt}) THEN 'ambiguous' END"
                ),
                "input_text": unless(unmetered, prompt),
                "cache_read_text": read,
                "cache_write_text": write,
                "output_text": unless(unmetered, completion),
                "reasoning_text": usage("completion_tokens_details.reasoning_tokens"),
                "total_text": f"CASE WHEN {parts} = 0 THEN {top('total_units')} END",
                "tier_text": nested("response", "body.service_tier", "service_tier"),
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "latency_text": top("response_time"),
                "streamed_text": top("stream_mode"),
                "cost_text": (
                    f"CASE WHEN {currency} = 'USD' THEN "
                    f"coalesce(cast(try_cast({cost} AS DECIMAL(24, 12)) * 0.01 AS VARCHAR), {cost}) END"
                ),
            },
            reject=f"""CASE
              WHEN {top("ai_org")} IS NULL AND {prompt} IS NULL THEN 'not_this_format'
              WHEN contains(upper({top("cache_status")}), 'HIT') THEN 'gateway_cache_hit'
              WHEN NOT {unmetered} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {unmetered} AND {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )
        key = listed_under(head, "data")
        return each_listed(draft, items_under(key)) if key else draft


def _is_ours(names: Set[str]) -> bool:
    return names >= _MARKERS
