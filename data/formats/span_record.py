"""Spans of traced model calls, under the names of OpenTelemetry GenAI and of OpenInference.

Both conventions write the same facts under different keys, and one span may carry both; the shape
of the file differs more than they do. This module reads a span in every shape it was met in:

* OTLP JSON: `resourceSpans` > `scopeSpans` > `spans`, attributes as a list of key and typed value,
  whole numbers as text or as numbers, times in nanoseconds as text;
* span objects, one a line, in a list, or in a document under `spans` or `data`, with an
  `attributes` object whose keys are dotted (`"gen_ai.usage.input_tokens"`) or nested;
* flat rows of a table with one column an attribute, with or without `attributes.` before its name.

Which spans are calls. `gen_ai.operation.name` decides where it is given: chat, text_completion,
generate_content and embeddings call a model; invoke_agent, create_agent, invoke_workflow and
execute_tool stand around such calls and repeat their usage. Else `openinference.span.kind`: LLM is
a call, EMBEDDING is one when it carries a token count, all other kinds stand around calls. Else
`llm.request.type` (chat, completion, embedding), else a span named `chat <model>` and the like.
Every other span is accepted without being a call and leaves nothing behind.

A call without any usage is kept with unknown tokens: it was made, and what it cost is not known.
0 in and 0 out is how emitters write "no usage" for failed calls (148 of 148 failed ones among 2,294
recorded), so both together are unknown too.

A call is known by `gen_ai.response.id`: two spans with one response id are one answer recorded
twice, by two instrumentations around each other or by a cache in front of the model (5 among those
2,294, answered within a millisecond). Without one the trace and span id name it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from data.db import quoted
from data.formats.attributes import METADATA, attribute_list
from data.formats.base import FileHead
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    between_ms,
    calls_only,
    each_listed,
    guarded_rule,
    items_under,
    listed_under,
    over,
    parts_sum,
    provider_in_name,
    records_of,
    seconds_as_ms,
    unless,
)

OPERATIONS: Final = ("chat", "text_completion", "generate_content", "embeddings")
"""The values of `gen_ai.operation.name` that call a model."""

AROUND_CALLS: Final = (
    "AGENT",
    "CHAIN",
    "TOOL",
    "RETRIEVER",
    "RERANKER",
    "GUARDRAIL",
    "EVALUATOR",
    "PROMPT",
)
"""The values of `openinference.span.kind` that stand around calls."""

LISTS: Final = ("spans", "data")
"""Where a document may list its spans."""

_OTLP_VALUE: Final = """[{"key": "VARCHAR", "value": {"stringValue": "VARCHAR", "intValue": "VARCHAR",
 "doubleValue": "VARCHAR", "boolValue": "VARCHAR"}}]"""

_INPUT: Final = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
)
_OUTPUT: Final = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
)
_READ: Final = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_tokens",
    "gen_ai.usage.input_cached_tokens",
    "gen_ai.usage.details.cached_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input",
)
_WRITE: Final = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "llm.token_count.prompt_details.cache_write",
)
_REASONING: Final = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
)
_TOTAL: Final = ("gen_ai.usage.total_tokens", "llm.token_count.total", "llm.usage.total_tokens")
_MODEL: Final = (
    "gen_ai.response.model",
    "gen_ai.request.model",
    "llm.model_name",
    "embedding.model_name",
)
_PROVIDER: Final = ("gen_ai.provider.name", "llm.provider", "gen_ai.system", "llm.system")
_FRAMEWORKS: Final = ("langchain", "llamaindex", "llama_index", "haystack", "crewai", "agno", "unknown")
"""What instrumentations of frameworks write where the provider belongs."""

_TIER: Final = ("openai.response.service_tier", "gen_ai.openai.response.service_tier")
_TTFT_S: Final = ("gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token")
_COST: Final = ("llm.cost.total", "gen_ai.usage.cost")
_SESSION: Final = ("gen_ai.conversation.id", "session.id", "gen_ai.session.id")
_WORKLOAD: Final = ("gen_ai.workflow.name", "gen_ai.agent.name", "agent.name")
_ATTRIBUTES: Final = {
    "project": ("project.name", "project"),
    "trace_name": ("trace.name", "langfuse.trace.name", "traceloop.workflow.name"),
    "endpoint": ("url.full", "url.path", "http.route", "http.url", "http.target"),
    "user_agent": ("user_agent.original", "http.user_agent"),
}
_RESOURCE: Final = ("service.name", "service.namespace", "deployment.environment.name")
_NAMES: Final = (*_WORKLOAD, "feature", "use_case", "workload", "team")
"""Attributes that rules see as `metadata.` and their own name."""


class SpanRecord(FlatRecord):
    """Builds a draft over spans; attributes that a span does not have are NULL."""

    def __init__(self, head: FileHead) -> None:
        super().__init__(head)
        self._otlp = otlp_key(head)
        self._list = None if self._otlp else listed_under(head, *LISTS)
        self._nested = any(_is_nested(span.get("attributes")) for span in records_of(head, *LISTS))
        self._is_table = head.container in {"csv", "parquet"}

    def field(self, *names: str) -> str:
        """The first of the span's own fields that has a value, as text; a dot goes one object deeper."""
        texts: list[str] = []
        for name in names:
            if self._otlp:
                texts.append(self.text(f"span.{name}"))
                continue
            texts.append(self.text(name))
            if "." in name and not self._is_table:
                texts.append(self.text(f'"{name}"'))
        return self._first(texts)

    def attribute(self, *names: str) -> str:
        """The first of the attributes that has a value, as text; in OTLP also those of the resource."""
        if self._otlp:
            keys, values = self._otlp_attributes()
            return self._first([f"{values}[list_position({keys}, {quoted(name)})]" for name in names])
        texts: list[str] = []
        for name in names:
            if self._is_table:
                texts += [self.text(f"attributes.{name}"), self.text(name)]
                continue
            texts.append(self.text(f'attributes."{name}"'))
            if self._nested:
                texts.append(self.text(f"attributes.{name}"))
            texts.append(self.text(f'"attributes.{name}"'))
        return self._first(texts)

    def resource(self, name: str) -> str:
        """An attribute of the resource the span comes from, as text."""
        if self._otlp:
            return self.attribute(name)
        if self._is_table:
            return self.field(f"resource_attributes.{name}", f"resource.attributes.{name}")
        return self._first(
            [self.text(f'{place}."{name}"') for place in ("resource_attributes", "resource.attributes")]
        )

    def _first(self, texts: Sequence[str]) -> str:
        return self.column("coalesce(" + ", ".join(f"nullif({text}, '')" for text in texts) + ")")

    def _otlp_attributes(self) -> tuple[str, str]:
        """The columns that hold the keys and the values of all attributes, in parallel lists."""
        lists = []
        for name in ("span.attributes", "resource"):
            text = self.text(name)
            lists.append(f"CASE WHEN json_valid({text}) THEN from_json({text}, '{_OTLP_VALUE}') END")
        every = self.column(f"list_concat({lists[0]}, {lists[1]})")
        value = "coalesce(a.value.stringValue, a.value.intValue, a.value.doubleValue, a.value.boolValue)"
        return (
            self.column(f"list_transform({every}, lambda a: a.key)"),
            self.column(f"list_transform({every}, lambda a: {value})"),
        )

    def draft(self) -> str:
        """The draft's SELECT over `source`: one row a span."""
        selected = self._select()
        if self._otlp:
            return over(selected, _otlp_spans(self._otlp))
        return each_listed(selected, items_under(self._list)) if self._list else selected

    def _select(self) -> str:
        span_id = self.field("spanId", "span_id", "context.span_id", "_spanContext.spanId")
        trace_id = self.field("traceId", "trace_id", "context.trace_id", "_spanContext.traceId")
        started = self.field("startTimeUnixNano", "start_time_unix_nano", "start_time", "start_time_iso")
        ended = self.field("endTimeUnixNano", "end_time_unix_nano", "end_time", "end_time_iso")
        if not self._is_table:
            # JavaScript writes a time as [seconds, nanoseconds].
            started = f"coalesce({started}, {self.field('startTime[0]', 'startTime')})"
            ended = f"coalesce({ended}, {self.field('endTime[0]', 'endTime')})"
        model = self._first([self.attribute(*_MODEL), self.field("response_model", "request_model")])
        status = f"upper({self.field('status.code', 'status.status_code', 'status_code')})"
        failed = self.column(
            f"coalesce({status} IN ('2', 'STATUS_CODE_ERROR', 'ERROR'), false) "
            f"OR {self.attribute('error.type')} IS NOT NULL "
            f"OR coalesce(flag({self.field('is_error')}), false)"
        )
        tokens_in = self._first([self.attribute(*_INPUT), self.field("input_tokens")])
        tokens_out = self._first([self.attribute(*_OUTPUT), self.field("output_tokens")])
        unmetered = self.column(
            f"coalesce(whole_number({tokens_in}), 0) = 0 AND coalesce(whole_number({tokens_out}), 0) = 0"
        )
        operation, is_call = self._kind(model, tokens_in)
        read, write = self.attribute(*_READ), self.attribute(*_WRITE)
        total = self.attribute(*_TOTAL)
        provider = self.column(
            f"coalesce(CASE WHEN lower({self.attribute(*_PROVIDER)}) NOT IN "
            f"({', '.join(map(quoted, _FRAMEWORKS))}) THEN {self.attribute(*_PROVIDER)} END, "
            f"{provider_in_name(model)}, '(unknown)')"
        )
        embeds = f"{operation} IN ('embeddings', 'embedding')"
        values = {
            "call_id": (
                f"coalesce({self.attribute('gen_ai.response.id')}, {self.field('response_id')}, "
                f"concat_ws('/', {trace_id}, {span_id}))"
            ),
            "ts_text": started,
            "ts_strict": "false",
            "provider_text": provider,
            "model_text": model,
            "workload_text": self._workload(),
            "attributes": self._attributes(),
            "session_text": self._first(
                [self.attribute(*_SESSION), self.field("session_id"), self.attribute("user.id"), trace_id]
            ),
            "input_rule": guarded_rule(tokens_in, read, write),
            "token_basis_text": (
                f"CASE WHEN {_unsure(provider, model, tokens_in, read, write)} THEN 'ambiguous' END"
            ),
            "input_text": unless(unmetered, tokens_in),
            "cache_read_text": unless(unmetered, read),
            "cache_write_text": unless(unmetered, write),
            "output_text": unless(unmetered, f"coalesce({tokens_out}, CASE WHEN {embeds} THEN '0' END)"),
            "reasoning_text": unless(unmetered, self.attribute(*_REASONING)),
            "total_text": f"CASE WHEN {parts_sum(read, write)} <= whole_number({tokens_in}) THEN {total} END",
            "tier_text": self.attribute(*_TIER),
            "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
            "latency_text": f"coalesce({self.field('duration_ms')}, {between_ms(started, ended)})",
            "ttft_text": seconds_as_ms(self.attribute(*_TTFT_S)),
            "streamed_text": self.attribute("gen_ai.request.stream", "llm.is_streaming"),
            "cost_text": self.attribute(*_COST),
        }
        kept = calls_only(values, is_call)
        return self.select(
            kept,
            reject=f"""CASE
              WHEN {span_id} IS NULL AND {operation} = '' AND {self.field("attributes")} IS NULL
                THEN 'not_this_format'
              WHEN {is_call} AND NOT {failed} AND NOT {unmetered} AND {tokens_in} IS NULL
                THEN 'missing_value:input_tokens'
              WHEN {is_call} AND NOT {failed} AND NOT {unmetered} AND {tokens_out} IS NULL AND NOT {embeds}
                THEN 'missing_value:output_tokens'
            END""",
        )

    def _kind(self, model: str, tokens_in: str) -> tuple[str, str]:
        """The operation as written, '' without one, and whether the span is a call."""
        operation = self.column(
            f"lower(coalesce({self.attribute('gen_ai.operation.name')}, {self.field('operation_name')}, ''))"
        )
        kind = self.column(
            f"upper(coalesce({self.attribute('openinference.span.kind')}, {self.field('span_kind')}))"
        )
        request = self.column(f"lower({self.attribute('llm.request.type')})")
        name = self.field("name", "span_name")
        wanted = ", ".join(map(quoted, OPERATIONS))
        around = ", ".join(map(quoted, AROUND_CALLS))
        is_call = self.column(
            f"""coalesce(CASE
      WHEN {operation} <> '' THEN {operation} IN ({wanted})
      WHEN {kind} = 'LLM' THEN true
      WHEN {kind} = 'EMBEDDING' THEN {tokens_in} IS NOT NULL
      WHEN {kind} IN ({around}) THEN false
      WHEN {request} IS NOT NULL THEN {request} IN ('chat', 'completion', 'embedding')
      ELSE regexp_matches({name}, '^({"|".join(OPERATIONS)}) ') AND {model} IS NOT NULL
    END, false)"""
        )
        embeds = f"{operation} = '' AND ({kind} = 'EMBEDDING' OR {request} = 'embedding')"
        return self.column(f"CASE WHEN {embeds} THEN 'embedding' ELSE {operation} END"), is_call

    def _workload(self) -> str:
        """What somebody named the work: a workflow, an agent, a key in the metadata, a tag, the service."""
        metadata = self.attribute("metadata")
        paths = ", ".join(quoted(f"$.{key}") for key in WORKLOAD_KEYS)
        opened = self.column(
            f"CASE WHEN json_valid({metadata}) THEN json_extract_string({metadata}, [{paths}]) END"
        )
        said = ", ".join(f"nullif({opened}[{number + 1}], '')" for number in range(len(WORKLOAD_KEYS)))
        tags = self.attribute("tag.tags")
        service = self.resource("service.name")
        return (
            f"coalesce({self.attribute(*_WORKLOAD)}, {said}, "
            f"CASE WHEN json_valid({tags}) THEN json_extract_string({tags}, '$[0]') END, "
            f"{self.field('benchmark')}, "
            f"CASE WHEN NOT starts_with({service}, 'unknown_service') THEN {service} END)"
        )

    def _attributes(self) -> str:
        """What workload rules may look at; the attributes of one request and of its texts are left out."""
        fields = {field: self.attribute(*names) for field, names in _ATTRIBUTES.items()}
        fields["project"] = f"coalesce({fields['project']}, {self.resource('openinference.project.name')})"
        for name in _RESOURCE:
            fields[f"{METADATA}{name}"] = self.resource(name)
        for name in _NAMES:
            fields[f"{METADATA}{name}"] = self.attribute(name)
        fields[f"{METADATA}span.name"] = self.field("name", "span_name")
        return attribute_list(
            fields, tags=[self.attribute("tag.tags")], metadata=[self.attribute("metadata")]
        )


def _unsure(provider: str, model: str, tokens_in: str, read: str, write: str) -> str:
    """SQL that is true when cached parts fit into an input that the provider itself counts without them.

    Both conventions say that the input holds the cached parts, and most emitters add them for
    Anthropic's models, whose own count leaves them out; some copy the count as it is.
    """
    parts = parts_sum(read, write)
    return (
        f"(provider_of({provider}) IN ('anthropic', 'bedrock') OR contains(lower({model}), 'claude')) "
        f"AND {parts} > 0 AND {parts} <= whole_number({tokens_in})"
    )


def _otlp_spans(key: str) -> str:
    """The `source` of OTLP documents: each span with its resource's attributes, as one JSON text.

    A document, resource or scope without spans leaves a blank row, which counts as nothing read.
    """
    listed = f"coalesce(CASE WHEN json_valid(raw) THEN json_type(raw, '$.{key}') = 'ARRAY' END, false)"
    return f"""resources AS (
  SELECT CASE WHEN NOT listed THEN raw END AS other, unnest(CASE WHEN listed
    THEN coalesce(nullif(cast(json_extract(raw, '$.{key}[*]') AS VARCHAR[]), []), [NULL]) ELSE [NULL]
  END) AS resource
  FROM (SELECT raw, {listed} AS listed FROM source)
),
spans AS (
  SELECT other, coalesce(cast(json_extract(resource, '$.resource.attributes') AS VARCHAR), '[]') AS shared,
    unnest(coalesce(
      nullif(cast(json_extract(resource, '$.scopeSpans[*].spans[*]') AS VARCHAR[]), []), [NULL]
    )) AS span
  FROM resources
),
source AS (
  SELECT coalesce(
    other, CASE WHEN span IS NOT NULL THEN concat('{{"span":', span, ',"resource":', shared, '}}') END
  ) AS raw
  FROM spans
)"""


def otlp_key(head: FileHead) -> str | None:
    """The key under which documents hold OTLP's tree of resources, scopes and spans; None for other files."""
    if any(isinstance(record.get("resourceSpans"), list) for record in head.records):
        return "resourceSpans"
    scoped = any(isinstance(item, Mapping) and "scopeSpans" in item for item in records_of(head, "batches"))
    return "batches" if scoped else None


def _is_nested(attributes: Any) -> bool:
    return isinstance(attributes, Mapping) and any(
        isinstance(attributes.get(key), Mapping) for key in ("gen_ai", "llm", "openinference")
    )


def attributes_of(span: Mapping[str, Any]) -> frozenset[str]:
    """The names of a span's attributes, as far as they tell the convention, in whichever spelling."""
    found = span.get("attributes")
    names = {key.removeprefix("attributes.") for key in span}
    if isinstance(found, Mapping):
        names |= set(found)
        names |= {f"{key}." for key, value in found.items() if isinstance(value, Mapping)}
    elif isinstance(found, list):
        names |= {str(item.get("key")) for item in found if isinstance(item, Mapping)}
    return frozenset(names)
