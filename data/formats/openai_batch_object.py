"""OpenAI batch objects: what a batch used in all, for jobs whose lines are gone.

Token rule: `usage.input_tokens` is the total of all its requests, cached tokens included; reasoning is
inside `output_tokens`. On some objects `usage.prompt_tokens` is there too and 0: it is not read when
`input_tokens` is given. Jobs from before September 2025, and other providers' jobs, have no usage.

An object is read as up to three records: the requests that completed, with the tokens; those that
failed; and those that were never run because the batch expired or was cancelled. They last from
`created_at` to the end of the job. A batch that is still running is refused.

The totals must not be counted beside the lines of the same batch. `batch_id` is the object's id and
`custom_id` the id of its output (or error) file; an import whose lines or totals are there already
is refused for those rows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.openai_chat import without

_JOB_KEYS = ("name", "job", "job_name", "description")
_RUNNING = "'validating', 'in_progress', 'finalizing', 'cancelling'"


class OpenAIBatchObject:
    """The completed, the failed or the unfinished requests of a batch a row."""

    name = "openai_batch_object"
    title = "OpenAI batch objects (totals)"
    token_rule = "usage.input_tokens is the total of the whole batch, cached tokens included."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "ts": "created_at",
        "input_tokens": "usage.input_tokens",
        "cache_read_tokens": "usage.input_tokens_details.cached_tokens",
        "cache_write_tokens": "usage.input_tokens_details.cache_write_tokens",
        "output_tokens": "usage.output_tokens",
        "reasoning_tokens": "usage.output_tokens_details.reasoning_tokens",
        "n_requests": "request_counts.completed",
    }

    def claim(self, head: FileHead) -> int:
        """Objects of the kind, alone or listed."""
        batches = list(_batches(head))
        matches = sum(batch.get("object") == "batch" and "request_counts" in batch for batch in batches)
        return share(matches, len(batches), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a part of a batch."""
        rows = FlatRecord(head, _PARTS)
        part, requests = rows.top("part"), rows.top("n")

        def batch(*paths: str) -> str:
            return rows.nested("batch", *paths)

        def usage(*paths: str) -> str:
            return f"CASE WHEN {part} = 'completed' THEN {batch(*(f'usage.{path}' for path in paths))} END"

        state = batch("status")
        total_write = usage("input_tokens_details.cache_write_tokens")
        long_write = usage("input_tokens_details.cache_write_tokens_details.ttl_12h_tokens")
        counted = f"({part} <> 'none')"
        return rows.select(
            {
                "call_id": f"{batch('id')} || CASE WHEN {part} <> 'completed' THEN '#' || {part} ELSE '' END",
                "ts_text": batch("created_at"),
                "ts_end_text": batch("completed_at", "expired_at", "cancelled_at", "failed_at"),
                "ts_strict": "true",
                "provider_text": f"coalesce(provider_of_model({batch('model')}), 'openai')",
                "model_text": batch("model"),
                "workload_text": batch(*(f"metadata.{key}" for key in (*WORKLOAD_KEYS, *_JOB_KEYS))),
                "attributes": attribute_list({"endpoint": batch("endpoint")}, metadata=[batch("metadata")]),
                "input_rule": "'inclusive'",
                "input_text": usage("input_tokens", "prompt_tokens"),
                "cache_read_text": usage(
                    "input_tokens_details.cached_tokens", "prompt_tokens_details.cached_tokens"
                ),
                "cache_write_text": without(total_write, long_write),
                "cache_write_long_text": long_write,
                "output_text": usage("output_tokens", "completion_tokens"),
                "reasoning_text": usage("output_tokens_details.reasoning_tokens"),
                "total_text": usage("total_tokens"),
                "tier_text": "'batch'",
                "status_text": f"""CASE
                  WHEN {part} = 'completed' THEN 'ok'
                  WHEN {part} = 'unfinished' AND {state} IN ('expired', 'cancelled') THEN {state}
                  ELSE 'error'
                END""",
                "batch_id_text": batch("id"),
                "custom_id_text": (
                    f"CASE WHEN {part} = 'completed' THEN {batch('output_file_id')} "
                    f"ELSE {batch('error_file_id')} END"
                ),
                "requests_text": f"CASE WHEN {counted} THEN {requests} END",
                "grain_text": "'bucket'",
                "makes_call": counted,
                "notes": noted({"no_usage": f"NOT {counted}"}),
            },
            reject=f"""CASE
              WHEN {part} IS NULL OR {batch("object")} IS DISTINCT FROM 'batch' THEN 'not_this_format'
              WHEN {state} IN ({_RUNNING}) THEN 'batch_not_over'
              WHEN {part} = 'completed' AND {batch("usage.input_tokens", "usage.prompt_tokens")} IS NULL
                THEN 'batch_without_totals'
            END""",
        )


_PARTS = """(
  SELECT CASE WHEN batch IS NULL THEN raw
    ELSE cast(json_object('part', part.name, 'n', part.n, 'batch', batch) AS VARCHAR) END AS raw
  FROM (
    SELECT raw, batch, unnest(CASE WHEN len(parts) > 0 THEN parts ELSE [{'name': 'none', 'n': 0}] END) AS part
    FROM (
      SELECT raw, batch, list_filter([
        {'name': 'completed', 'n': completed},
        {'name': 'failed', 'n': failed},
        {'name': 'unfinished', 'n': total - completed - failed}
      ], lambda part: coalesce(part.n > 0, false)) AS parts
      FROM (
        SELECT raw, batch,
          whole_number(json_extract_string(batch, '$.request_counts.completed')) AS completed,
          coalesce(whole_number(json_extract_string(batch, '$.request_counts.failed')), 0) AS failed,
          whole_number(json_extract_string(batch, '$.request_counts.total')) AS total
        FROM (
          SELECT raw, unnest(
            CASE WHEN json_type(page, '$.data') = 'ARRAY' AND len(json_extract(page, '$.data[*]')) > 0
              THEN json_extract(page, '$.data[*]') ELSE [page] END
          ) AS batch
          FROM (
            SELECT raw,
              CASE WHEN json_valid(raw) AND json_type(raw) = 'OBJECT' THEN cast(raw AS JSON) END AS page
            FROM source
          )
        )
      )
    )
  )
)"""
"""The parts of every batch as records `{part, n, batch}`; text that is no JSON object passes as it is."""


def _batches(head: FileHead) -> Iterator[Mapping[str, Any]]:
    for record in head.records:
        listed = record.get("data")
        if record.get("object") == "list" and isinstance(listed, list):
            yield from (item for item in listed if isinstance(item, Mapping))
        else:
            yield record
