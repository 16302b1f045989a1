"""OpenAI's legacy activity CSV.

Token rule: `n_context_tokens_total` is the total input, `n_cached_context_tokens_total` the cached
part of it; `n_generated_tokens_total` is the output. Numbers are written as floats ("5000.0").
`timestamp` is Unix seconds, at midnight UTC in the one real export at hand, where each row is a day;
a time that is not midnight has no known end. Rows of images, speech and transcription have no tokens:
accepted, and no calls. `request_type` is blank or names the batch interface; which other words stand
there is not known, so another one is refused as an unknown tier. Simplified exports with
`n_requests` for `num_requests` and an ISO time are read alike. A row without a count is one request
in the lowest price band.
"""

from collections.abc import Mapping

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, noted
from data.formats.flat_record import FlatRecord, normal
from data.formats.pages import workload_of


class OpenAIActivity:
    """One model, key and operation of a day a row."""

    name = "openai_activity"
    title = "OpenAI activity CSV (legacy)"
    token_rule = "n_context_tokens_total is the total input of the day, cached tokens included."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {
        "ts": "timestamp",
        "input_tokens": "n_context_tokens_total",
        "cache_read_tokens": "n_cached_context_tokens_total",
        "output_tokens": "n_generated_tokens_total",
        "n_requests": "num_requests",
        "tier": "request_type",
    }

    def claim(self, head: FileHead) -> int:
        """The column names that nobody else uses."""
        columns = {normal(column) for column in head.columns}
        return EXACT if {"n_context_tokens_total", "n_generated_tokens_total"} <= columns else 0

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        rows = FlatRecord(head)
        top = rows.top
        context, generated = top("n_context_tokens_total"), top("n_generated_tokens_total")
        requests, day = top("num_requests", "n_requests"), rows.column(f"moment({top('timestamp')})")
        billed = rows.column(
            f"(coalesce({context}, {generated}) IS NOT NULL "
            f"AND coalesce(lower({top('usage_type')}), 'text') NOT IN ('dalle', 'tts', 'whisper'))"
        )
        embeddings = f"contains(lower(coalesce({top('operation')}, '')), 'embedding')"
        return rows.select(
            {
                "call_id": "NULL",
                "ts_text": top("timestamp"),
                "ts_end_text": (
                    f"CASE WHEN {day} = date_trunc('day', {day}) "
                    f"THEN cast({day} + INTERVAL 1 DAY AS VARCHAR) END"
                ),
                "ts_strict": "true",
                "provider_text": "'openai'",
                "model_text": top("model", "snapshot_id"),
                "workload_text": workload_of(
                    top("project_name", "project_id"), top("api_key_name", "api_key_id")
                ),
                "attributes": attribute_list(
                    {
                        "project": top("project_name", "project_id"),
                        "api_key_alias": top("api_key_name", "api_key_id"),
                        "metadata.operation": top("operation"),
                    }
                ),
                "input_rule": "'inclusive'",
                "input_text": f"CASE WHEN {billed} THEN {context} END",
                "cache_read_text": f"CASE WHEN {billed} THEN {top('n_cached_context_tokens_total')} END",
                "output_text": (
                    f"CASE WHEN {billed} THEN coalesce({generated}, CASE WHEN {embeddings} THEN '0' END) END"
                ),
                "tier_text": top("request_type"),
                "requests_text": f"CASE WHEN {billed} THEN {requests} END",
                "band_tokens_text": f"CASE WHEN {billed} AND {requests} IS NULL THEN '0' END",
                "grain_text": "'bucket'",
                "makes_call": billed,
                "notes": noted(
                    {
                        "not_token_usage": f"NOT {billed}",
                        "requests_unknown": f"{billed} AND {requests} IS NULL",
                    }
                ),
            },
            reject=f"""CASE
              WHEN {billed} AND {context} IS NULL THEN 'missing_value:input_tokens'
              WHEN {billed} AND {generated} IS NULL AND NOT {embeddings} THEN 'missing_value:output_tokens'
            END""",
            identity="concat_ws(chr(31), "
            + ", ".join(
                ["'openai_activity'"]
                + [
                    f"coalesce({top(name)}, '')"
                    for name in (
                        "timestamp",
                        "organization_id",
                        "project_id",
                        "api_key_id",
                        "user",
                        "operation",
                        "request_type",
                        "usage_type",
                        "model",
                        "image_size",
                    )
                ]
            )
            + ")",
        )
