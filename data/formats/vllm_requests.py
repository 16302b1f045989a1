"""vLLM request logs: one finished request a row, with the engine's own time stamps.

Token rule: the prompt count is the total, whatever part of it was in the prefix cache; that part is
`num_cached_tokens` where the log has it.

`arrival_time` is in Unix seconds. `queued_ts`, `scheduled_ts`, `first_token_ts` and `last_token_ts`
are seconds of a monotonic clock with another zero, so only their differences mean anything: the time
to first token is first - queued, the latency last - queued. A log without a model name gets the
model `(unknown)`, since one server mostly runs one model. Nothing is billed by the token.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal

_NEEDED: Final = frozenset({"arrival_time", "first_token_ts", "last_token_ts"})
_PROMPT: Final = ("input_toks", "num_prompt_tokens", "prompt_tokens", "prompt_len", "input_tokens")
_OUTPUT: Final = (
    "output_toks",
    "num_generation_tokens",
    "completion_tokens",
    "output_len",
    "output_tokens",
)
_CACHED: Final = ("num_cached_tokens", "cached_toks", "cached_tokens")


class VllmRequests:
    """One request a record."""

    name = "vllm_requests"
    title = "vLLM request logs"
    token_rule = "The prompt count is the total input, tokens found in the prefix cache included."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv", "jsonl", "json", "parquet"})
    labels: Mapping[str, str] = {
        "ts": "arrival_time",
        "input_tokens": "input_toks",
        "output_tokens": "output_toks",
        "cache_read_tokens": "num_cached_tokens",
        "latency_ms": "last_token_ts - queued_ts",
        "ttft_ms": "first_token_ts - queued_ts",
    }

    def claim(self, head: FileHead) -> int:
        """The time stamps by name."""
        if head.container in {"csv", "parquet"}:
            return EXACT if {normal(name) for name in head.columns} >= _NEEDED else 0
        matches = sum(record.keys() >= _NEEDED for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a request."""
        record = FlatRecord(head)
        top, column = record.top, record.column
        queued, first, last = (
            column(f"try_cast({top(name)} AS DECIMAL(28, 9))")
            for name in ("queued_ts", "first_token_ts", "last_token_ts")
        )
        prompt, output = top(*_PROMPT), top(*_OUTPUT)
        # An engine that never came to a token writes 0.
        since = {
            name: f"CASE WHEN {queued} > 0 AND {then} >= {queued} "
            f"THEN cast(({then} - {queued}) * 1000 AS VARCHAR) END"
            for name, then in (("ttft_text", first), ("latency_text", last))
        }
        return record.select(
            {
                **since,
                "call_id": top("request_id"),
                "ts_text": top("arrival_time"),
                "ts_strict": "false",
                "provider_text": "'self-hosted'",
                "model_text": f"coalesce({top('model', 'model_name', 'served_model_name')}, '(unknown)')",
                "workload_text": top("workload", "tag", "lora_name"),
                "session_text": top("session_id", "user"),
                "input_rule": "'inclusive'",
                "input_text": prompt,
                "cache_read_text": top(*_CACHED),
                "output_text": output,
                "status_text": (
                    f"CASE lower({top('finish_reason', 'finished_reason')}) WHEN 'abort' THEN 'cancelled' "
                    "WHEN 'error' THEN 'error' ELSE 'ok' END"
                ),
            },
            reject=f"""CASE
              WHEN {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN {output} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )
