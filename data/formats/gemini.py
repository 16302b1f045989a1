"""Gemini answers from the Gemini API and from Vertex AI: response objects, streams, batch output.

Token rule, the same on both: `promptTokenCount` is the prompt with its cached part inside
(`cachedContentTokenCount`); the prompts of tools come on top of it (`toolUsePromptTokenCount`);
thoughts come on top of `candidatesTokenCount`. So input = prompt + toolUse and output = candidates +
thoughts. On all 214 recorded responses that name prompt and total the four add up to
`totalTokenCount`. Counts of 0 are left out of the JSON: where prompt and total are there, an absent
part is 0.

Traps:
* An answer whose numbers do not add up, or without `promptTokenCount`, is kept and marked ambiguous
  (one recorded response names output only).
* `cachedContents` resources carry a `usageMetadata` too. They are storage, not calls.
* A prompt that was blocked has `promptFeedback` and no candidates: a failed call, mostly unmetered.
* In a stream every event carries the usage so far, and the last one holds. Streams exist whose later
  events count less than earlier ones (a first estimate of 169 prompt tokens that ends at 79; one
  with several turns inside); those are marked ambiguous.
* `trafficType` is Vertex only and comes as a word or, from older clients, as a number. The Gemini API
  has `serviceTier`, on newer answers only.
* Batch output lines of Vertex have `status`, `processed_time` and `request` beside `response`, those
  of the Gemini API `key` alone. A line that failed has no response and was not billed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from data.db import quoted
from data.formats.attributes import attribute_list
from data.formats.base import EXACT, MARKED, Container, FileHead, noted, share
from data.formats.counts import added
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS, ProviderRecord, objects_at, value_at

_RULE: Final = (
    "Cached tokens are inside promptTokenCount; tool prompts are added to the input, thoughts to the output."
)
_LABELS: Final[Mapping[str, str]] = {
    "input_tokens": "usageMetadata.promptTokenCount",
    "cache_read_tokens": "usageMetadata.cachedContentTokenCount",
    "output_tokens": "usageMetadata.candidatesTokenCount",
    "reasoning_tokens": "usageMetadata.thoughtsTokenCount",
    "tier": "usageMetadata.trafficType or serviceTier",
}
_USAGE_KEYS: Final = (
    "promptTokenCount",
    "toolUsePromptTokenCount",
    "cachedContentTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "totalTokenCount",
    "promptTokensDetails",
    "trafficType",
    "serviceTier",
)
_EVENT_LISTS: Final = ("usage_bearing_events", "events", "chunks", "stream", "response", "responses")
_EVENT: Final = (
    '[{"responseId": "VARCHAR", "modelVersion": "VARCHAR", "createTime": "VARCHAR", "usageMetadata": {'
    + ", ".join(f'"{key}": "VARCHAR"' for key in _USAGE_KEYS)
    + "}}]"
)
_TRAFFIC_NUMBERS: Final = (
    "WHEN '0' THEN NULL WHEN '1' THEN 'on_demand' WHEN '2' THEN 'provisioned_throughput'"
)
_AUDIO: Final = """"modality"[ ]*:[ ]*("AUDIO"|4[^0-9])"""
"""A part of the prompt that is charged more than text; older clients number the modalities."""

_BATCH_KEYS: Final = frozenset({"key", "response", "error", "metadata"})


class GeminiResponses:
    """One GenerateContentResponse a record, bare or inside the caller's own record."""

    name = "gemini_responses"
    title = "Gemini and Vertex AI responses"
    token_rule = _RULE
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels = _LABELS

    def keeps_last(self, head: FileHead) -> bool:
        """Always."""
        del head
        return True

    def claim(self, head: FileHead) -> int:
        """Records that hold usage metadata, or an error as Google writes it."""
        matches = sum(
            any(
                isinstance(found.get("usageMetadata"), Mapping) or _is_google_error(found.get("error"))
                for found in objects_at(record)
                if found is not None
            )
            for record in head.records
        )
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = ProviderRecord(head, "usageMetadata")
        own = record.own
        blocked = f"({own('promptFeedback.blockReason')} IS NOT NULL AND {own('candidates')} IS NULL)"
        usage = _usage(record.column, lambda key: own(f"usageMetadata.{key}"))
        return record.select(
            {
                **_wrapped(record, own("modelVersion"), usage["traffic"]),
                **usage["columns"],
                "call_id": own("responseId"),
                "ts_text": f"coalesce({own('createTime')}, {record.moment()})",
                "status_text": f"CASE WHEN {record.failed()} OR {blocked} THEN 'error' ELSE 'ok' END",
            },
            reject=f"""CASE
              WHEN contains({own("name")}, 'cachedContents/') THEN 'cache_storage'
              WHEN {usage["unfinished"]} THEN 'missing_value:output_tokens'
            END""",
        )


class GeminiStreams:
    """One streamed answer a record: the list of its events inside the caller's own record."""

    name = "gemini_sse"
    title = "Gemini and Vertex AI streams"
    token_rule = f"{_RULE} The last event of a stream holds."
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels = _LABELS

    def claim(self, head: FileHead) -> int:
        """Records with a list of events of which some carry usage metadata."""
        matches = sum(_event_list(record) is not None for record in head.records)
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        listed = next(filter(None, map(_event_list, head.records)), _EVENT_LISTS[0])
        record = ProviderRecord(head, listed)
        events = record.own(listed)
        parsed = record.column(f"from_json(json_list({events}), '{_EVENT}')")
        counted = record.column(f"list_filter({parsed}, lambda e: e.usageMetadata IS NOT NULL)")
        last = record.column(f"{counted}[-1]")
        usage = _usage(record.column, lambda key: f"{last}.usageMetadata.{key}")
        highest = (
            f"list_max(list_transform({counted}, lambda e: whole_number(e.usageMetadata.totalTokenCount)))"
        )
        fell = f"coalesce({highest} > whole_number({last}.usageMetadata.totalTokenCount), false)"
        columns = usage["columns"]
        return record.select(
            {
                **_wrapped(record, f"{last}.modelVersion", usage["traffic"]),
                **columns,
                "token_basis_text": (
                    f"CASE WHEN {fell} THEN 'ambiguous' ELSE {columns['token_basis_text']} END"
                ),
                "call_id": f"{last}.responseId",
                "ts_text": f"coalesce({last}.createTime, {record.moment()})",
                "status_text": f"CASE WHEN {record.failed()} THEN 'error' ELSE 'ok' END",
                "streamed_text": "'true'",
            },
            reject=f"""CASE
              WHEN {last} IS NULL AND NOT {record.failed()} THEN 'stream_chunk'
              WHEN {usage["unfinished"]} THEN 'missing_value:output_tokens'
            END""",
        )


class GeminiBatch:
    """One line of the output of a batch job, of Vertex AI or of the Gemini API."""

    name = "gemini_batch"
    title = "Gemini and Vertex AI batch output"
    token_rule = _RULE
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels = _LABELS

    def claim(self, head: FileHead) -> int:
        """`status`, `processed_time` and `request`; or `key` and nothing but an answer or an error."""
        return share(sum(map(_is_batch_line, head.records)), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        record = FlatRecord(head)
        top = record.top
        usage = _usage(record.column, lambda key: top(f"response.usageMetadata.{key}"))
        answer, error = top("response"), top("status", "error")
        processed, key = top("processed_time"), top("key")
        return record.select(
            {
                **usage["columns"],
                "call_id": top("response.responseId"),
                "ts_text": f"coalesce({processed}, {top('response.createTime')})",
                "ts_strict": "false",
                "provider_text": f"CASE WHEN {processed} IS NULL THEN 'gemini' ELSE 'vertex_ai' END",
                "model_text": _model_name(top("response.modelVersion")),
                "workload_text": top(*(f"request.labels.{name}" for name in WORKLOAD_KEYS)),
                "attributes": attribute_list({}, metadata=[top("request.labels", "metadata")]),
                "tier_text": "'batch'",
                "status_text": (
                    f"CASE WHEN {error} IS NULL AND {answer} IS NOT NULL THEN 'ok' ELSE 'error' END"
                ),
                "streamed_text": "'false'",
                "custom_id_text": f"coalesce({top('custom_id')}, {key})",
                "error_code_text": top("error.status", "error.code"),
            },
            reject=f"""CASE
              WHEN {processed} IS NULL AND {key} IS NULL THEN 'not_this_format'
              WHEN {usage["unfinished"]} THEN 'missing_value:output_tokens'
            END""",
        )


def _usage(column: Callable[[str], str], at: Callable[[str], str]) -> dict[str, Any]:
    """The draft columns of a `usageMetadata`, its traffic type, and when it is cut off before the output."""
    prompt, candidates, thoughts, total = (
        at(key)
        for key in ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount")
    )
    traffic = at("trafficType")
    no_output = f"{candidates} IS NULL AND {thoughts} IS NULL"
    some = f"({candidates} IS NOT NULL OR {thoughts} IS NOT NULL OR {total} IS NOT NULL)"
    tier = f"CASE {traffic} {_TRAFFIC_NUMBERS} ELSE {traffic} END"
    output = column(added(candidates, thoughts))
    empty = f"{no_output} AND {prompt} IS NOT NULL AND {total} IS NOT NULL"
    columns = {
        "input_rule": "'inclusive'",
        "input_text": (
            f"CASE WHEN {prompt} IS NOT NULL THEN {column(added(prompt, at('toolUsePromptTokenCount')))} END"
        ),
        "cache_read_text": at("cachedContentTokenCount"),
        "output_text": f"CASE WHEN {empty} THEN '0' ELSE {output} END",
        "reasoning_text": thoughts,
        "total_text": total,
        "token_basis_text": f"CASE WHEN {prompt} IS NULL AND {some} THEN 'ambiguous' END",
        "notes": noted({"audio_input": f"regexp_matches({at('promptTokensDetails')}, {quoted(_AUDIO)})"}),
        "tier_text": f"nullif(nullif(lower(coalesce({tier}, {at('serviceTier')})), 'unspecified'), "
        "'traffic_type_unspecified')",
    }
    unfinished = f"{prompt} IS NOT NULL AND {no_output} AND {total} IS NULL"
    return {"columns": columns, "traffic": traffic, "unfinished": unfinished}


def _wrapped(record: ProviderRecord, version: str, traffic: str) -> dict[str, str]:
    """The draft columns that come from the caller's record, with model and provider of a Gemini answer."""
    url = record.beside("url", "base_url", "api_base")
    asked = (
        f"coalesce({record.beside('request.model', 'model')}, nullif(regexp_extract({url}, '{_URL}', 1), ''))"
    )
    host = record.column(f"provider_of_host(host_of({url}))")
    vertex = f"{traffic} IS NOT NULL OR {record.own('createTime')} IS NOT NULL"
    common = record.common()
    return {
        **common,
        "model_text": _model_name(f"coalesce({version}, {asked})"),
        "provider_text": (
            f"coalesce({record.beside('provider')}, {host}, "
            f"CASE WHEN {vertex} THEN 'vertex_ai' ELSE 'gemini' END)"
        ),
        "session_text": record.session(),
        "streamed_text": (
            f"CASE WHEN contains({url}, ':streamGenerateContent') THEN 'true' "
            f"WHEN contains({url}, ':generateContent') THEN 'false' ELSE {common['streamed_text']} END"
        ),
    }


_URL: Final = "/(models/[^/:?]+)"


def _model_name(text: str) -> str:
    """SQL: a model without the path it is a resource of and without `@default`."""
    return f"regexp_replace(regexp_replace({text}, '^(.*/)?models/', ''), '@default$', '')"


def _event_list(record: Mapping[str, Any]) -> str | None:
    """The key under which a record has a list of events with usage, None where it has none."""
    for found in objects_at(record):
        for key in _EVENT_LISTS if found is not None else ():
            events = value_at(found or {}, key)
            if isinstance(events, list) and any(
                isinstance(event, Mapping) and isinstance(event.get("usageMetadata"), Mapping)
                for event in events
            ):
                return key
    return None


def _is_google_error(error: Any) -> bool:
    return (
        isinstance(error, Mapping)
        and isinstance(error.get("code"), int)
        and isinstance(error.get("status"), str)
        and error["status"].isupper()
    )


def _is_batch_line(record: Mapping[str, Any]) -> bool:
    if record.keys() >= {"status", "processed_time", "request"}:
        return True
    answer = value_at(record, "response.usageMetadata") or record.get("error")
    return record.keys() <= _BATCH_KEYS and isinstance(record.get("key"), str) and isinstance(answer, Mapping)
