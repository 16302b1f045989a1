"""Lines of OpenAI batch files: results, errors and requests.

A result line is an envelope `{id: "batch_req_...", custom_id, response: {status_code, body}, error}`
around a chat completion, response, completion or embedding; Groq, Mistral, Azure and vLLM write the
same. The envelope is the only sign of the batch: `service_tier` in the body says `default`, so every
line is in tier batch.

Token rule: as in the object inside, prompt_tokens (input_tokens) is the total, cached tokens included;
reasoning is inside the output. Embeddings have no output.

* Requests that failed with a status, were cancelled (`batch_cancelled`) or ran out of time
  (`batch_expired`) are only in the error file: both files together are the job. Failed lines are
  calls without tokens: nobody was charged, but they count for the error rate. They name no model
  and, but for the time inside a body, no time.
* `created` is when a request ran, not when the batch was handed in; lines are in no order.
* Lines of an input file, `{custom_id, method, url, body}`, are requests and no calls.
* No line names its batch. Its id is taken from a file name such as `batch_6769..._output.jsonl` or the
  output file's own id, so that the totals of the same batch are not counted beside its lines.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from data.db import quoted
from data.formats.attributes import FIELDS, attribute_list
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.openai_chat import without

_BATCH_ID: Final = re.compile(
    r"(?:msg)?batch_(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{16,64})"
    r"|file-[A-Za-z0-9]{16,64}"
)


class OpenAIBatch:
    """One line of an output, error or input file a row."""

    name = "openai_batch"
    title = "OpenAI batch files"
    token_rule = "The input is the total, cached tokens included; every line ran in tier batch."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "response.body.usage.prompt_tokens",
        "cache_read_tokens": "response.body.usage.prompt_tokens_details.cached_tokens",
        "cache_write_tokens": "response.body.usage.prompt_tokens_details.cache_write_tokens",
        "output_tokens": "response.body.usage.completion_tokens",
        "reasoning_tokens": "response.body.usage.completion_tokens_details.reasoning_tokens",
        "model": "response.body.model",
    }

    def claim(self, head: FileHead) -> int:
        """A `custom_id` beside the envelope of a result or of a request."""
        return share(sum(map(_is_line, head.records)), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        line = FlatRecord(head)
        top = line.top

        def body(*paths: str) -> str:
            return line.nested("response", *(f"body.{path}" for path in paths))

        def usage(*paths: str) -> str:
            return body(*(f"usage.{path}" for path in paths))

        def details(path: str) -> str:
            return usage(f"prompt_tokens_details.{path}", f"input_tokens_details.{path}")

        status_code = f"try_cast({line.nested('response', 'status_code')} AS INTEGER)"
        error, state = line.nested("error", "code"), body("status")
        request = line.column(
            f"({top('response')} IS NULL AND {top('error')} IS NULL AND {top('body')} IS NOT NULL)"
        )
        status = line.column(
            f"""CASE
              WHEN {error} = 'batch_expired' THEN 'expired'
              WHEN {error} IN ('batch_cancelled', 'batch_canceled') THEN 'cancelled'
              WHEN {top("error")} IS NOT NULL OR {status_code} >= 400 OR {state} = 'failed' THEN 'error'
              WHEN {state} IN ('cancelled', 'canceled') THEN 'cancelled'
              ELSE 'ok'
            END"""
        )
        model = body("model")
        output = usage("completion_tokens", "output_tokens")
        embedding = f"({body('object')} = 'list' AND {output} IS NULL)"
        total_write, long_write = (
            details("cache_write_tokens"),
            details("cache_write_tokens_details.ttl_12h_tokens"),
        )
        short_write = details("cache_write_tokens_details.ttl_30m_tokens")
        return line.select(
            {
                "call_id": top("id"),
                "ts_text": body("created", "created_at"),
                "ts_strict": "false",
                "provider_text": f"""coalesce({top("provider")},
                  CASE WHEN {body("x_groq")} IS NOT NULL THEN 'groq'
                    WHEN {body("prompt_filter_results")} IS NOT NULL THEN 'azure' END,
                  provider_of_model({model}), 'openai')""",
                "model_text": model,
                "workload_text": f"""coalesce(
                  {top(*WORKLOAD_KEYS)}, {line.nested("metadata", *WORKLOAD_KEYS)},
                  {body(*(f"metadata.{key}" for key in WORKLOAD_KEYS))})""",
                "attributes": attribute_list(
                    {name: top(name) for name in FIELDS},
                    tags=[top("tags")],
                    metadata=[top("metadata"), body("metadata")],
                ),
                "input_rule": "'inclusive'",
                "input_text": usage("prompt_tokens", "input_tokens"),
                "cache_read_text": usage(
                    "prompt_tokens_details.cached_tokens",
                    "input_tokens_details.cached_tokens",
                    "num_cached_tokens",
                ),
                "cache_write_text": f"coalesce({short_write}, {without(total_write, long_write)})",
                "cache_write_long_text": long_write,
                "output_text": f"CASE WHEN {embedding} THEN '0' ELSE {output} END",
                "reasoning_text": usage(
                    "completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens"
                ),
                "total_text": usage("total_tokens"),
                "tier_text": "'batch'",
                "status_text": status,
                "streamed_text": "'false'",
                "batch_id_text": f"coalesce({top('batch_id')}, {batch_id_in(head.name)})",
                "custom_id_text": top("custom_id"),
                "error_code_text": f"""coalesce({error}, {body("error.code", "error.type")},
                  'http_' || {status_code})""",
                "makes_call": f"NOT {request}",
                "notes": noted({"batch_requests": request}),
            },
            reject=f"""CASE
              WHEN NOT {request}
                AND ({top("custom_id")} IS NULL OR coalesce({top("response")}, {top("error")}) IS NULL)
                THEN 'not_this_format'
              WHEN {body("usage")} IS NOT NULL AND {usage("prompt_tokens", "input_tokens")} IS NULL
                THEN 'missing_value:input_tokens'
              WHEN {body("usage")} IS NOT NULL AND {output} IS NULL AND NOT {embedding}
                THEN 'missing_value:output_tokens'
            END""",
        )


def batch_id_in(name: str) -> str:
    """SQL for the id of a batch, or of its result file, in a file's name; NULL where there is none."""
    found = _BATCH_ID.search(name)
    return quoted(found[0]) if found else "CAST(NULL AS VARCHAR)"


def _is_line(record: Mapping[str, Any]) -> bool:
    if not isinstance(record.get("custom_id"), str):
        return False
    response, error = record.get("response"), record.get("error")
    if isinstance(response, Mapping):
        return "status_code" in response and "body" in response
    if "response" in record and isinstance(error, Mapping):
        return "code" in error
    return isinstance(record.get("body"), Mapping) and "url" in record and "method" in record
