"""OpenInference spans as Phoenix and its kin export them: span objects, dataframes as CSV or Parquet.

Token rule: `llm.token_count.prompt` is the total with cached tokens in it (the instrumentation of
Anthropic adds them); `prompt_details.cache_read` and `.cache_write` name the parts; reasoning is
inside `completion`. Older instrumentations copied Anthropic's own count, which leaves the cached
parts out: parts that do not fit are added, and on Anthropic's and Bedrock's models a call whose
parts do fit is kept as read and marked ambiguous.

Only spans of kind LLM are calls, and EMBEDDING spans with a token count; CHAIN, AGENT, TOOL and the
rest sum up what is below them. OpenInference has no response id: two instrumentations around each
other (a framework and the client below it) make two LLM spans of one call, which cannot be told
from two calls. `llm.cost.*` is what the exporter computed from its own prices, in dollars.

Times are ISO 8601. Which spans are calls is in `span_record`.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.base import EXACT, Container, FileHead
from data.formats.flat_record import normal
from data.formats.parts import records_of
from data.formats.span_record import AROUND_CALLS, LISTS, SpanRecord, attributes_of

_KINDS: Final = {"LLM", "EMBEDDING", "UNKNOWN", *AROUND_CALLS}


class OpenInference:
    """One span a record."""

    name = "openinference"
    title = "OpenInference spans (Phoenix)"
    token_rule = "llm.token_count.prompt is the total input; cached tokens that do not fit are added."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv", "parquet"})
    labels: Mapping[str, str] = {
        "input_tokens": "llm.token_count.prompt",
        "cache_read_tokens": "llm.token_count.prompt_details.cache_read",
        "cache_write_tokens": "llm.token_count.prompt_details.cache_write",
        "output_tokens": "llm.token_count.completion",
        "reasoning_tokens": "llm.token_count.completion_details.reasoning",
        "reported_cost_usd": "llm.cost.total",
        "model": "llm.model_name",
    }

    def claim(self, head: FileHead) -> int:
        """Spans with OpenInference attributes or its span kinds beside a span id."""
        if head.container in {"csv", "parquet"}:
            names = {normal(column).removeprefix("attributes.") for column in head.columns}
            named = any(name.startswith(("llm.token_count.", "openinference.")) for name in names)
            return EXACT if named or {"span_kind", "context.span_id"} <= names else 0
        return EXACT if is_openinference(head) else 0

    def draft(self, head: FileHead) -> str:
        """One row a span."""
        return SpanRecord(head).draft()


def is_openinference(head: FileHead) -> bool:
    """Whether the head holds span objects of this convention, alone or mixed with those of others."""
    return any(_is_ours(span) for span in records_of(head, *LISTS))


def _is_ours(span: Mapping[str, Any]) -> bool:
    names = attributes_of(span)
    if any(name.startswith(("llm.token_count.", "openinference.")) for name in names):
        return True
    has_id = isinstance(span.get("context"), Mapping) or "context.span_id" in span
    return has_id and isinstance(span.get("span_kind"), str) and span["span_kind"].upper() in _KINDS
