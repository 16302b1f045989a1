"""OpenTelemetry spans that follow the GenAI semantic conventions: OTLP JSON, span objects, flat rows.

Token rule: `gen_ai.usage.input_tokens` is, says the convention, the total with cached tokens in it
(older spelling `prompt_tokens`); reasoning is inside the output. Not every emitter keeps to it: a
public fixture has input 200 with 600 read from the cache. So cached parts that do not fit into the
input are added to it, and on Anthropic's and Bedrock's models, whose own count leaves them out, a
call with cached parts that do fit is kept as read and marked ambiguous. A cache write has no
lifetime here and counts as the default one.

Times: nanoseconds since 1970 in OTLP, ISO 8601 elsewhere; latency is end less start, or
`duration_ms` in flat rows; `time_to_first_chunk` is in seconds. There is no cost; `service_tier` is
the tier that answered. Sampling, if any, is not written down: totals are of what was recorded.

Which spans are calls, and how they are told apart, is in `span_record`.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import normal
from data.formats.openinference import is_openinference
from data.formats.parts import records_of
from data.formats.span_record import LISTS, SpanRecord, attributes_of, otlp_key

_FLAT: Final = {"operation_name", "request_model", "input_tokens", "span_id"}


class OTelGenAI:
    """One span a record."""

    name = "otel_genai"
    title = "OpenTelemetry GenAI spans"
    token_rule = "gen_ai.usage.input_tokens is the total input; cached tokens that do not fit are added."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv", "parquet"})
    labels: Mapping[str, str] = {
        "input_tokens": "gen_ai.usage.input_tokens",
        "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
        "cache_write_tokens": "gen_ai.usage.cache_creation.input_tokens",
        "output_tokens": "gen_ai.usage.output_tokens",
        "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
        "tier": "openai.response.service_tier",
        "model": "gen_ai.request.model",
    }

    def claim(self, head: FileHead) -> int:
        """`resourceSpans`, or spans with `gen_ai.` attributes, among them spans without."""
        if head.container in {"csv", "parquet"}:
            names = {normal(column).removeprefix("attributes.") for column in head.columns}
            return EXACT if names >= _FLAT or any(_is_marker(name) for name in names) else 0
        key = otlp_key(head)
        if key is not None:
            return share(sum(key in record for record in head.records), len(head.records), EXACT)
        if is_openinference(head):
            return 0
        spans = records_of(head, *LISTS)
        marked = sum(_is_genai(span) for span in spans)
        return EXACT if marked and all(_is_span(span) for span in spans) else share(marked, len(spans), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a span."""
        return SpanRecord(head).draft()


def _is_genai(span: Mapping[str, Any]) -> bool:
    return span.keys() >= _FLAT or any(_is_marker(name) for name in attributes_of(span))


def _is_marker(name: str) -> bool:
    return name.startswith(("gen_ai.usage.", "gen_ai.request.", "gen_ai.operation.", "gen_ai.provider.")) or (
        name == "gen_ai."
    )


def _is_span(record: Mapping[str, Any]) -> bool:
    return "attributes" in record or record.keys() >= _FLAT
