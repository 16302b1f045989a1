"""Streamed answers as they were recorded: the server-sent events of one call in one record.

The events stand as a list of objects under one of KEYS, or there as the raw text of the stream, `data:`
lines and all. They are folded into the object that the same call would have given without streaming,
which then stands under `response` for the format of such objects to read, token rule and all:

* OpenAI chat: only the last chunk has `usage`, and only when the caller asked for
  `stream_options.include_usage`; some servers repeat a running total in every chunk. The last usage
  counts; a stream without any is refused with a word on what to ask for. The tier is the last one named.
* OpenAI responses: the last event with a `response` is the finished one, with usage and the tier that
  served it; the first says `auto`.
* Anthropic: usage in `message_delta` is cumulative, and input grows after `message_start` when tools
  run on the server (702 -> 1591 in a recorded call): the last delta counts. Tier, region and the
  lifetimes of cache writes stand only in `message_start`. Where writes grew, their lifetime is that of
  the first ones; with both lifetimes among those nobody knows, and the call is refused. A stream that
  stopped before any delta is a call without tokens.

An `error` event makes a failed call. A record without events is read as the inner format reads it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from data.db import quoted
from data.formats.anthropic_messages import AnthropicMessages
from data.formats.base import EXACT, Container, FileHead, LogFormat, share
from data.formats.openai_chat import OpenAIChat
from data.formats.openai_responses import OpenAIResponses

KEYS: Final = (
    "usage_bearing_events",
    "events",
    "chunks",
    "stream_events",
    "stream",
    "response",
    "response_body",
    "body",
    "sse",
    "raw",
)
"""Where a record may hold the events; the one that most records of the head use counts."""

_DATA_LINES: Final = r"(?m)^data:[ \t]*(\{.*\})[ \t\r]*$"
_ANTHROPIC: Final = (
    "message_start",
    "message_delta",
    "message_stop",
    "content_block_start",
    "content_block_delta",
)


@dataclass(frozen=True)
class Stream:
    """A format of recorded streams of one kind.

    Attributes:
        inner: the format of the finished objects.
        is_event: whether an event is of this kind.
        parts: SQL for what the finished object is made of, by name, from the list `events`.
        folded: SQL for the finished object, a JSON value, from the parts.
        marker: a finished object, as far as the inner format looks at it in a head.
    """

    name: str
    title: str
    token_rule: str
    inner: LogFormat
    is_event: Callable[[Mapping[str, Any]], bool]
    parts: Mapping[str, str]
    folded: str
    marker: Mapping[str, Any]
    containers: frozenset[Container] = frozenset({"jsonl", "json"})

    @property
    def labels(self) -> Mapping[str, str]:
        """The inner format's names."""
        return self.inner.labels

    def claim(self, head: FileHead) -> int:
        """Records that hold a list of events of the kind, or their text."""
        return share(sum(self._keys(head).values()), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        keys = self._keys(head)
        key = max(KEYS, key=lambda name: keys[name])
        inside = replace(head, records=({"response": self.marker},))
        # What held the events is taken out, unless the finished object takes its place.
        without = "" if key == "response" else f"{quoted(key)}, NULL, "
        parts = ", ".join(f"{value} AS {part}" for part, value in self.parts.items())
        finished = f"json_object({without}'stream', true, 'response', {self.folded})"
        return f"""WITH recorded AS (SELECT raw, {_events(key)} AS events FROM source),
parted AS (SELECT raw, events, {parts} FROM recorded),
source AS (
  SELECT CASE WHEN len(events) > 0 THEN cast(json_merge_patch(raw, {finished}) AS VARCHAR) ELSE raw END AS raw
  FROM parted
)
SELECT * FROM ({self.inner.draft(inside)})"""

    def _keys(self, head: FileHead) -> Counter[str]:
        """How many records hold events of the kind under which key."""
        found: Counter[str] = Counter()
        for record in head.records:
            for key in KEYS:
                if any(self.is_event(event) for event in _sample(record.get(key))):
                    found[key] += 1
                    break
        return found


def _sample(value: Any) -> Iterator[Mapping[str, Any]]:
    """The events in a value of a head's record, as far as they can be told without reading them all."""
    if isinstance(value, list):
        yield from (item for item in value[:20] if isinstance(item, Mapping))
    elif isinstance(value, str):
        lines = [line for line in value[:20_000].splitlines() if line.startswith("data:")]
        yield from (item for line in lines[:20] if isinstance(item := _parsed(line[5:]), Mapping))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _events(key: str) -> str:
    """SQL for the events under a key, a list of JSON objects; NULL where there are none."""
    path = quoted(f"$.{key}")
    texts = f"regexp_extract_all(json_extract_string(raw, {path}), {quoted(_DATA_LINES)}, 1)"
    return f"""CASE WHEN json_valid(raw) THEN
      CASE json_type(raw, {path})
        WHEN 'ARRAY' THEN json_extract(raw, {quoted(f"$.{key}[*]")})
        WHEN 'VARCHAR' THEN list_transform(
          list_filter({texts}, lambda line: json_valid(line)), lambda line: cast(line AS JSON)
        )
      END
    END"""


def _last(condition: str, path: str) -> str:
    """SQL for what stands at a path in the last event `e` that fulfils a condition."""
    return f"json_extract(list_filter(events, lambda e: {condition})[-1], '$.{path}')"


def _is(path: str, kind: str) -> str:
    return f"json_type(e, '$.{path}') = '{kind}'"


def _named(key: str, value: str) -> str:
    return f"json_extract_string(e, '$.{key}') = '{value}'"


def _number(value: str, path: str) -> str:
    return f"coalesce(whole_number(json_extract_string({value}, '$.{path}')), 0)"


_ERROR: Final = {"failure": _last(_is("error", "OBJECT"), "error")}
_CHUNK: Final = _named("object", "chat.completion.chunk")

_CHAT_PARTS: Final = {
    **_ERROR,
    "usage": _last(_is("usage", "OBJECT"), "usage"),
    "tier": _last(_is("service_tier", "VARCHAR"), "service_tier"),
    "id": _last(_CHUNK, "id"),
    "created": _last(_CHUNK, "created"),
    "model": _last(_CHUNK, "model"),
}
_CHAT: Final = """json_object(
  'object', CASE WHEN failure IS NULL THEN 'chat.completion.chunk' ELSE 'chat.completion' END,
  'id', id, 'created', created, 'model', model, 'service_tier', tier, 'usage', usage, 'error', failure
)"""

_RESPONSE_PARTS: Final = {**_ERROR, "answer": _last(_is("response", "OBJECT"), "response")}
_RESPONSE: Final = """json_merge_patch(
  coalesce(answer, '{}'),
  -- Which tier a call without usage would have been served in, "auto", is no tier.
  CASE WHEN json_type(answer, '$.usage') = 'OBJECT' THEN '{}' ELSE '{"service_tier": null}' END,
  CASE WHEN failure IS NULL THEN '{}' ELSE json_object('error', failure, 'status', 'failed') END
)"""

_MESSAGE_PARTS: Final = {
    **_ERROR,
    "message": _last(_named("type", "message_start"), "message"),
    "delta": _last(f"{_named('type', 'message_delta')} AND {_is('usage', 'OBJECT')}", "usage"),
}
_SHORT: Final = _number("message", "usage.cache_creation.ephemeral_5m_input_tokens")
_LONG: Final = _number("message", "usage.cache_creation.ephemeral_1h_input_tokens")
_WRITTEN: Final = _number("delta", "cache_creation_input_tokens")
_GREW: Final = f"""(
  json_type(message, '$.usage.cache_creation') = 'OBJECT'
  AND json_type(delta, '$.cache_creation_input_tokens') IS NOT NULL
  AND json_type(delta, '$.cache_creation') IS DISTINCT FROM 'OBJECT'
  AND {_WRITTEN} <> {_SHORT} + {_LONG}
)"""
_MESSAGE: Final = f"""json_merge_patch(
  json_object('type', 'message'),
  coalesce(message, '{{}}'),
  CASE WHEN delta IS NULL THEN '{{"usage": null}}' ELSE json_object('usage', delta) END,
  CASE WHEN {_GREW} AND NOT ({_SHORT} > 0 AND {_LONG} > 0) THEN json_object('usage', json_object(
    'cache_creation', json_object(
      'ephemeral_5m_input_tokens', CASE WHEN {_LONG} > 0 THEN 0 ELSE {_WRITTEN} END,
      'ephemeral_1h_input_tokens', CASE WHEN {_LONG} > 0 THEN {_WRITTEN} ELSE 0 END
    )
  )) ELSE '{{}}' END,
  CASE WHEN failure IS NULL THEN '{{}}' ELSE json_object('error', failure) END
)"""

STREAMS: Final = (
    Stream(
        name="openai_chat_stream",
        title="OpenAI chat streams",
        token_rule="The last chunk's prompt_tokens is the total input, cached tokens included.",  # noqa: S106
        inner=OpenAIChat(),
        is_event=lambda event: event.get("object") == "chat.completion.chunk",
        parts=_CHAT_PARTS,
        folded=_CHAT,
        marker={"object": "chat.completion.chunk"},
    ),
    Stream(
        name="openai_responses_stream",
        title="OpenAI responses streams",
        token_rule="The last event's input_tokens is the total input, cached tokens included.",  # noqa: S106
        inner=OpenAIResponses(),
        is_event=lambda event: str(event.get("type")).startswith("response.") and "response" in event,
        parts=_RESPONSE_PARTS,
        folded=_RESPONSE,
        marker={"object": "response"},
    ),
    Stream(
        name="anthropic_stream",
        title="Anthropic message streams",
        token_rule="The last message_delta counts, and its input_tokens leaves cached tokens out.",  # noqa: S106
        inner=AnthropicMessages(),
        is_event=lambda event: event.get("type") in _ANTHROPIC,
        parts=_MESSAGE_PARTS,
        folded=_MESSAGE,
        marker={"type": "message"},
    ),
)
"""One format a kind of stream."""
