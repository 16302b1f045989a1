"""OpenAI chat completion and text completion objects, and the same from compatible servers.

Token rule: `prompt_tokens` is the total, cached reads and cache writes included; reasoning is
inside `completion_tokens`. Verified on 237 recorded responses of OpenAI (total = prompt +
completion on every one). A write without a lifetime is the default lifetime (30 minutes). Some
compatible servers leave reasoning out of `completion_tokens`: where `total_tokens` does not add
up, the call is kept and marked ambiguous.

A log may have the pieces of a stream line by line, and some servers count the usage so far in each of
them: of lines with one id the last counts, as it does in a stream that is one record.

Cached reads elsewhere: Mistral writes `num_cached_tokens`, DeepSeek `prompt_cache_hit_tokens`.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import MARKED, Container, FileHead, share
from data.formats.json_record import ProviderRecord, missing_counts, objects_at

_OBJECTS: Final = ("chat.completion", "text_completion", "chat.completion.chunk")


class OpenAIChat:
    """One chat or text completion object a record, bare or inside the caller's own record."""

    name = "openai_chat"
    title = "OpenAI chat completions"
    token_rule = (
        "prompt_tokens is the total input, cached tokens included; reasoning is inside completion_tokens."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "usage.prompt_tokens",
        "cache_read_tokens": "usage.prompt_tokens_details.cached_tokens",
        "cache_write_tokens": "usage.prompt_tokens_details.cache_write_tokens",
        "cache_write_long_tokens": "usage.prompt_tokens_details.cache_write_tokens_details.ttl_12h_tokens",
        "output_tokens": "usage.completion_tokens",
        "reasoning_tokens": "usage.completion_tokens_details.reasoning_tokens",
        "tier": "service_tier",
    }

    def keeps_last(self, head: FileHead) -> bool:
        """Where the log has pieces of streams; a finished answer that is logged twice is the same twice."""
        return has_pieces(head)

    def claim(self, head: FileHead) -> int:
        """Records that hold an object of the kind."""
        matches = sum(
            any(found is not None and found.get("object") in _OBJECTS for found in objects_at(record))
            for record in head.records
        )
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = ProviderRecord(head, "object", _OBJECTS)
        own = record.own
        failed = record.failed()
        usage = record.has("usage")
        total_write = own("usage.prompt_tokens_details.cache_write_tokens")
        long_write = own("usage.prompt_tokens_details.cache_write_tokens_details.ttl_12h_tokens")
        return record.select(
            {
                **record.common(),
                "call_id": own("id"),
                "ts_text": f"coalesce({own('created')}, {record.moment()})",
                "provider_text": record.provider("openai"),
                "session_text": record.session("user", "safety_identifier"),
                "input_rule": "'inclusive'",
                "input_text": own("usage.prompt_tokens"),
                "cache_read_text": own(
                    "usage.prompt_tokens_details.cached_tokens",
                    "usage.num_cached_tokens",
                    "usage.prompt_cache_hit_tokens",
                ),
                "cache_write_text": without(total_write, long_write),
                "cache_write_long_text": long_write,
                "output_text": own("usage.completion_tokens"),
                "reasoning_text": own("usage.completion_tokens_details.reasoning_tokens"),
                "total_text": own("usage.total_tokens"),
                "tier_text": own("service_tier"),
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "streamed_text": (
                    f"CASE WHEN {own('object')} = 'chat.completion.chunk' THEN 'true' "
                    f"ELSE {record.common()['streamed_text']} END"
                ),
            },
            reject=f"""CASE
              WHEN {usage} IS NULL AND {own("object")} = 'chat.completion.chunk' THEN 'stream_chunk'
              {missing_counts(usage, own("usage.prompt_tokens"), own("usage.completion_tokens"))}
            END""",
        )


def has_pieces(head: FileHead) -> bool:
    """Whether the records of a head hold pieces of streams."""
    return any(
        found is not None and found.get("object") == "chat.completion.chunk"
        for record in head.records
        for found in objects_at(record)
    )


def without(total: str, part: str) -> str:
    """SQL text of a total less a part of it; the total itself where the part is absent or no number."""
    return (
        f"CASE WHEN whole_number({part}) IS NULL THEN {total} "
        f"ELSE cast(whole_number({total}) - whole_number({part}) AS VARCHAR) END"
    )
