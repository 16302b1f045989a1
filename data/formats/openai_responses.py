"""OpenAI Responses API objects.

Token rule: `input_tokens` is the total, cached reads and cache writes included; reasoning is
inside `output_tokens`. Verified on 145 recorded responses. `cache_write_tokens` splits into
`ttl_30m_tokens` (the default lifetime) and `ttl_12h_tokens`; without the split it is the default.
Background responses logged while queued have `usage: null` and tier `auto`: they are rejected
with a word on what to do, never counted as nothing. One that failed or was cancelled before a tier
served it says `auto` for good: it is a call without tokens, which costs nothing in any tier, and is
counted as standard. With usage `auto` is no tier, and the record is rejected.
"""

from collections.abc import Mapping

from data.formats.base import MARKED, Container, FileHead, share
from data.formats.json_record import ProviderRecord, missing_counts, objects_at
from data.formats.openai_chat import without


class OpenAIResponses:
    """One response object a record, bare or inside the caller's own record."""

    name = "openai_responses"
    title = "OpenAI responses"
    token_rule = "input_tokens is the total input, cached tokens included; reasoning is inside output_tokens."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "usage.input_tokens",
        "cache_read_tokens": "usage.input_tokens_details.cached_tokens",
        "cache_write_tokens": "usage.input_tokens_details.cache_write_tokens",
        "cache_write_long_tokens": "usage.input_tokens_details.cache_write_tokens_details.ttl_12h_tokens",
        "output_tokens": "usage.output_tokens",
        "reasoning_tokens": "usage.output_tokens_details.reasoning_tokens",
        "tier": "service_tier",
    }

    def claim(self, head: FileHead) -> int:
        """Records that hold an object of the kind."""
        matches = sum(
            any(found is not None and found.get("object") == "response" for found in objects_at(record))
            for record in head.records
        )
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = ProviderRecord(head, "object", ("response",))
        own = record.own
        usage = record.has("usage")
        state, tier = own("status"), own("service_tier")
        total_write = own("usage.input_tokens_details.cache_write_tokens")
        long_write = own("usage.input_tokens_details.cache_write_tokens_details.ttl_12h_tokens")
        default_write = own("usage.input_tokens_details.cache_write_tokens_details.ttl_30m_tokens")
        began, ended = (f"try_cast({own(key)} AS DECIMAL(18, 6))" for key in ("created_at", "completed_at"))
        took_ms = f"({ended} - {began}) * 1000"
        return record.select(
            {
                **record.common(),
                "call_id": own("id"),
                "ts_text": f"coalesce({own('created_at')}, {record.moment()})",
                "provider_text": record.provider("openai"),
                "session_text": record.session("conversation.id", "user", "safety_identifier"),
                "input_rule": "'inclusive'",
                "input_text": own("usage.input_tokens"),
                "cache_read_text": own("usage.input_tokens_details.cached_tokens"),
                "cache_write_text": f"coalesce({default_write}, {without(total_write, long_write)})",
                "cache_write_long_text": long_write,
                "output_text": own("usage.output_tokens"),
                "reasoning_text": own("usage.output_tokens_details.reasoning_tokens"),
                "total_text": own("usage.total_tokens"),
                "tier_text": f"CASE WHEN {usage} IS NOT NULL OR {tier} <> 'auto' THEN {tier} END",
                "latency_text": (
                    f"coalesce({record.common()['latency_text']}, "
                    f"CASE WHEN {took_ms} >= 0 THEN cast({took_ms} AS VARCHAR) END)"
                ),
                "status_text": f"""CASE
                  WHEN {record.failed()} OR {state} = 'failed' THEN 'error'
                  WHEN {state} IN ('cancelled', 'canceled') THEN 'cancelled'
                  WHEN {state} = 'expired' THEN 'expired'
                  WHEN {state} IN ('completed', 'complete', 'incomplete', 'in_progress', 'queued') THEN 'ok'
                  ELSE coalesce({state}, 'ok')
                END""",
            },
            reject=f"""CASE
              WHEN {usage} IS NULL AND {state} IN ('queued', 'in_progress') THEN 'no_usage_yet'
              {missing_counts(usage, own("usage.input_tokens"), own("usage.output_tokens"))}
            END""",
        )
