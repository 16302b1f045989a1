"""Results of Anthropic message batches.

A line is `{custom_id, result: {type, message | error}}` with type succeeded, errored, canceled or
expired. Token rule: as in the message inside, `input_tokens` leaves cached tokens out; what
`usage.iterations` bills on top becomes calls of its own.

* Every line is in tier batch, whatever the message says.
* Lines that did not succeed are calls without tokens: Anthropic does not charge them. They name no
  model. A message carries no time, so without one beside it (`ended_at`, `created_at`) a line is undated.
* Lines without a message have no id: they are known by batch and content. The batch's id is taken from
  the file name (`msgbatch_..._results.jsonl`), so name files after their batch where custom ids repeat.
* The batch object has no usage, and lines of requests (`{custom_id, params}`) none either: no calls.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.anthropic_messages import kept_in_us, usage_columns
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.openai_batch import batch_id_in

_STATUSES: Final[Mapping[str, str]] = {
    "succeeded": "ok",
    "errored": "error",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "expired": "expired",
}


class AnthropicBatch:
    """One result a row."""

    name = "anthropic_batch"
    title = "Anthropic message batch results"
    token_rule = "input_tokens leaves cached tokens out, as in a message; every line ran in tier batch."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "result.message.usage.input_tokens",
        "cache_read_tokens": "result.message.usage.cache_read_input_tokens",
        "cache_write_tokens": "result.message.usage.cache_creation_input_tokens",
        "cache_write_long_tokens": "result.message.usage.cache_creation.ephemeral_1h_input_tokens",
        "output_tokens": "result.message.usage.output_tokens",
        "model": "result.message.model",
        "status": "result.type",
    }

    def claim(self, head: FileHead) -> int:
        """A `custom_id` beside a result or beside the parameters of a request; the batch object."""
        return share(sum(map(_is_line, head.records)), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        line = FlatRecord(head)
        top = line.top

        def result(*paths: str) -> str:
            return line.nested("result", *paths)

        kind = result("type")
        columns, faults = usage_columns(result, line.column, "message.")
        request = line.column(f"({top('result')} IS NULL AND {top('params')} IS NOT NULL)")
        batch = line.column(f"coalesce({top('type')} = 'message_batch', false)")
        status = " ".join(f"WHEN '{word}' THEN '{meaning}'" for word, meaning in _STATUSES.items())
        batch_id = f"coalesce({top('batch_id', 'message_batch_id')}, {batch_id_in(head.name)})"
        return line.select(
            {
                **columns,
                "call_id": result("message.id"),
                "ts_text": top("ended_at", "timestamp", "ts", "created_at"),
                "ts_strict": "false",
                "provider_text": f"coalesce({top('provider')}, 'anthropic')",
                "model_text": result("message.model"),
                "workload_text": (
                    f"coalesce({top(*WORKLOAD_KEYS)}, {line.nested('metadata', *WORKLOAD_KEYS)})"
                ),
                "attributes": line.attributes(),
                "tier_text": "'batch'",
                "status_text": f"CASE {kind} {status} ELSE {kind} END",
                "streamed_text": "'false'",
                "batch_id_text": batch_id,
                "custom_id_text": top("custom_id"),
                "error_code_text": result("error.error.type", "error.type"),
                "makes_call": f"NOT ({request} OR {batch})",
                "notes": noted(
                    {
                        "batch_requests": request,
                        "batch_object": batch,
                        "served_in_us": kept_in_us(result("message.usage.inference_geo")),
                    }
                ),
            },
            reject=f"""CASE
              WHEN {request} OR {batch} THEN NULL
              WHEN {top("custom_id")} IS NULL OR {kind} IS NULL THEN 'not_this_format'
              WHEN {kind} = 'succeeded' AND {result("message.usage")} IS NULL THEN 'missing_value:usage'
              {faults}
            END""",
            identity=f"concat_ws(chr(31), {batch_id}, raw)",
        )


def _is_line(record: Mapping[str, Any]) -> bool:
    if record.get("type") == "message_batch":
        return True
    result = record.get("result")
    if not isinstance(record.get("custom_id"), str):
        return False
    return (isinstance(result, Mapping) and str(result.get("type")) in _STATUSES) or isinstance(
        record.get("params"), Mapping
    )
