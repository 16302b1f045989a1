"""Codex transcripts: the rollout files under `~/.codex/sessions`.

Token rule: `input_tokens` is the total, cached reads included; reasoning is inside `output_tokens`.

Calls are the `token_count` events. `info.last_token_usage` is the call that just ended and is what
counts; `info.total_token_usage` is the running sum of the session and never does (on a recorded
session the former add up to the last of the latter, and a sum over the running sums is 4.8 times as
much). Events without `info` only report rate limits. The event is written again, unchanged, when a
turn ends or the limits change: an event with the running sum and the usage of one before it in the
session is a duplicate. The first 2025 versions wrote running sums only; those events are rejected.

The model is that of the last `turn_context` before the event (an event that names a model itself is
believed), session, folder and provider those of the last `session_meta`. A forked session repeats the
lines of its parent, `session_meta` included, so its calls are duplicates there too. All other lines are
context: accepted, and no calls. Some third-party files count reasoning beside the output, so that the
total is not input + output; those calls are marked ambiguous.

The workload is the last folder of `cwd`, because its path names the user. There is no latency, and
a session paid by subscription is not billed by the token; its calls carry list prices all the same.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord

_LINE_TYPES: Final = ("session_meta", "turn_context", "event_msg", "response_item", "compacted")
_LAST: Final = "payload.info.last_token_usage"
_SO_FAR: Final = "OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


class Codex:
    """One line of a transcript a record, a call where it counts the tokens of one."""

    name = "codex"
    title = "Codex transcripts"
    token_rule = (
        "input_tokens is the total input, cached tokens included; each call counts by last_token_usage."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl"})
    labels: Mapping[str, str] = {
        "model": "turn_context.model",
        "input_tokens": f"{_LAST}.input_tokens",
        "cache_read_tokens": f"{_LAST}.cached_input_tokens",
        "output_tokens": f"{_LAST}.output_tokens",
        "reasoning_tokens": f"{_LAST}.reasoning_output_tokens",
    }

    def claim(self, head: FileHead) -> int:
        """Lines with a `payload` of one of the types."""
        lines = sum(
            record.get("type") in _LINE_TYPES and isinstance(record.get("payload"), Mapping)
            for record in head.records
        )
        return share(lines, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line; what a call has from lines before it is carried down to it."""
        record = FlatRecord(head)
        top, column = record.top, record.column

        def carried(kind: str, path: str) -> str:
            """The value that the last line of a kind had, up to this one."""
            there = column(f"CASE WHEN {top('type')} = '{kind}' THEN {top(path)} END")
            return column(f"last_value({there} IGNORE NULLS) {_SO_FAR}")

        first_time = column(f"any_value({top('timestamp')}) {_SO_FAR}")
        session = carried("session_meta", "payload.id")
        model = column(f"coalesce({top('payload.info.model')}, {carried('turn_context', 'payload.model')})")
        cwd = column(
            f"coalesce({carried('turn_context', 'payload.cwd')}, {carried('session_meta', 'payload.cwd')})"
        )
        folder = column(f"nullif(regexp_extract({cwd}, '([^/\\\\]+)[/\\\\]*$', 1), '')")
        client, version = (carried("session_meta", f"payload.{key}") for key in ("originator", "cli_version"))
        provider = carried("session_meta", "payload.model_provider")
        counted = column(
            f"coalesce({top('type')} = 'event_msg' AND {top('payload.type')} = 'token_count', false)"
        )
        usage = top(_LAST)
        call = column(f"{counted} AND {usage} IS NOT NULL")
        running = top("payload.info.total_token_usage")
        known_by = f"concat_ws(chr(31), coalesce({session}, {first_time}), {running}, {usage})"
        values = {
            "ts_text": top("timestamp"),
            "model_text": model,
            "workload_text": folder,
            "attributes": attribute_list(
                {
                    "project": folder,
                    "user_agent": f"concat_ws('/', {client}, {version})",
                    "metadata.git_branch": carried("session_meta", "payload.git.branch"),
                    "metadata.entrypoint": carried("session_meta", "payload.source"),
                }
            ),
            "session_text": session,
            "input_text": top(f"{_LAST}.input_tokens"),
            "cache_read_text": top(f"{_LAST}.cached_input_tokens"),
            "output_text": top(f"{_LAST}.output_tokens"),
            "reasoning_text": top(f"{_LAST}.reasoning_output_tokens"),
            "total_text": top(f"{_LAST}.total_tokens"),
            "streamed_text": "'true'",
            # Without a running sum a repeated event cannot be told from a second, equal call.
            "call_id": f"CASE WHEN {running} IS NOT NULL THEN 'codex-' || left(sha256({known_by}), 40) END",
        }
        return record.select(
            {
                **{name: f"CASE WHEN {call} THEN {text} END" for name, text in values.items()},
                "makes_call": call,
                "ts_strict": "false",
                "provider_text": f"coalesce({provider}, provider_of_model({model}), 'openai')",
                "input_rule": "'inclusive'",
            },
            reject=f"""CASE
              WHEN {counted} AND {usage} IS NULL
                AND coalesce({running}, {top("payload.total_tokens")}) IS NOT NULL
                THEN 'missing_value:{_LAST}'
              WHEN {call} AND {top(f"{_LAST}.input_tokens")} IS NULL THEN 'missing_value:input_tokens'
              WHEN {call} AND {top(f"{_LAST}.output_tokens")} IS NULL THEN 'missing_value:output_tokens'
            END""",
            identity=f"CASE WHEN {call} THEN raw ELSE '' END",
        )
