"""Claude Code transcripts: the session files under `~/.claude/projects`, and `stream-json` output.

Token rule: as in a Message: `input_tokens` leaves out what was read from and written to the cache.

A transcript is no list of calls. Every content block of an answer is a line of its own, and each of
them repeats the usage of the whole answer, in some versions with the output counted so far. A call is
one pair of message id and request id (the message id alone where there is no request id); its last
line counts and the earlier ones are duplicates. On a recorded session of 10 answers in 25 lines a sum
over all lines has 3.95 times the input and 2.83 times the output. Resumed and forked sessions copy old
lines into new files, where they are duplicates of the dataset that has them.

All other lines are context: accepted, and no calls. So are answers that Claude Code wrote itself
(model `<synthetic>`); only one that stands for an API error is a failed call. The `result` line that
closes `stream-json` output repeats the sum of the session and is context too.

The workload is the last folder of `cwd`, because its path names the user; the calls of subagents
(`isSidechain`) are one workload of their own. `speed: fast` is served and charged as Anthropic's
fast mode. `costUSD` stands in old transcripts only. There is no latency.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.anthropic_messages import (
    billed_iterations,
    kept_in_us,
    tier_served,
    unreadable_iterations,
)
from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.bedrock import bedrock_name
from data.formats.flat_record import FlatRecord

_LINE_TYPES: Final = (
    "attachment",
    "custom-title",
    "file-history-snapshot",
    "last-prompt",
    "permission-mode",
    "pr-link",
    "progress",
    "queue-operation",
    "result",
    "summary",
    "system",
)
"""Lines beside those of user and assistant; others are known by their `sessionId`."""


class ClaudeCode:
    """One line of a transcript a record, a call where it has the usage of an answer."""

    name = "claude_code"
    title = "Claude Code transcripts"
    token_rule = (
        "input_tokens leaves cached tokens out; each answer counts once, by message id and request id."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "model": "message.model",
        "input_tokens": "message.usage.input_tokens",
        "cache_read_tokens": "message.usage.cache_read_input_tokens",
        "cache_write_tokens": "message.usage.cache_creation_input_tokens",
        "cache_write_long_tokens": "message.usage.cache_creation.ephemeral_1h_input_tokens",
        "output_tokens": "message.usage.output_tokens",
        "tier": "message.usage.service_tier",
        "reported_cost_usd": "costUSD",
    }

    def keeps_last(self, head: FileHead) -> bool:
        """Always."""
        del head
        return True

    def claim(self, head: FileHead) -> int:
        """Lines of a transcript, of which at least one is of a conversation."""
        if not any(map(_is_turn, head.records)):
            return 0
        lines = sum(_is_turn(record) or _is_context(record) for record in head.records)
        return share(lines, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        record = FlatRecord(head)
        top, column = record.top, record.column

        def usage(*paths: str) -> str:
            return top(*(f"message.usage.{path}" for path in paths))

        kind, role = top("type"), top("message.role")
        answer = column(
            f"coalesce({kind} = 'assistant' OR ({kind} IS NULL AND {role} = 'assistant'), false) "
            f"AND {top('message.usage')} IS NOT NULL"
        )
        own_words = column(f"coalesce({top('message.model')} = '<synthetic>', false)")
        failed = column(f"{answer} AND coalesce(flag({top('isApiErrorMessage')}), false)")
        call = column(f"{answer} AND ({failed} OR NOT {own_words})")
        met = column(f"{call} AND NOT {failed}")
        model = column(f"CASE WHEN {call} AND NOT {own_words} THEN {top('message.model')} END")
        message, request = top("message.id"), top("requestId", "request_id")
        flat = usage("cache_creation_input_tokens")
        five_minutes, one_hour = (
            usage(f"cache_creation.ephemeral_{part}_input_tokens") for part in ("5m", "1h")
        )
        billed = column(f"CASE WHEN {met} THEN {billed_iterations(usage('iterations'), model)} END")
        folder = column(f"nullif(regexp_extract({top('cwd')}, '([^/\\\\]+)[/\\\\]*$', 1), '')")
        names = attribute_list(
            {
                "project": folder,
                "user_agent": f"'claude-code/' || {top('version')}",
                "metadata.git_branch": top("gitBranch"),
                "metadata.entrypoint": top("entrypoint"),
                "metadata.subagent": f"CASE WHEN flag({top('isSidechain')}) THEN 'true' END",
            }
        )
        counts = {
            "input_text": usage("input_tokens"),
            "cache_read_text": usage("cache_read_input_tokens"),
            "cache_write_text": f"coalesce({five_minutes}, CASE WHEN {one_hour} IS NULL THEN {flat} END)",
            "cache_write_long_text": one_hour,
            "output_text": usage("output_tokens"),
            "reasoning_text": usage("output_tokens_details.thinking_tokens"),
            "cost_text": top("costUSD"),
        }
        return record.select(
            {
                **{name: f"CASE WHEN {met} THEN {text} END" for name, text in counts.items()},
                "makes_call": call,
                "call_id": f"CASE WHEN {call} THEN CASE WHEN {request} IS NULL THEN {message} "
                f"ELSE {message} || ':' || {request} END END",
                "ts_text": f"CASE WHEN {call} THEN {top('timestamp')} END",
                "ts_strict": "false",
                "provider_text": (
                    f"CASE WHEN starts_with({message}, 'msg_bdrk_') THEN 'bedrock' "
                    f"WHEN starts_with({message}, 'msg_vrtx_') THEN 'vertex_ai' "
                    f"WHEN contains({model}, 'claude') OR {model} IS NULL THEN 'anthropic' "
                    f"ELSE coalesce(provider_of_model({model}), '(unknown)') END"
                ),
                "model_text": f"CASE WHEN starts_with({message}, 'msg_bdrk_') "
                f"THEN {bedrock_name(model)} ELSE {model} END",
                "workload_text": (
                    f"CASE WHEN NOT {call} THEN NULL WHEN coalesce(flag({top('isSidechain')}), false) "
                    f"THEN {folder} || ' (subagents)' ELSE {folder} END"
                ),
                "attributes": f"CASE WHEN {call} THEN {names} END",
                "session_text": f"CASE WHEN {call} THEN {top('sessionId', 'session_id')} END",
                "input_rule": "'exclusive'",
                "tier_text": f"CASE WHEN {met} THEN {tier_served(usage('speed'), usage('service_tier'))} END",
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "streamed_text": f"CASE WHEN {met} THEN 'true' END",
                "extra_calls": billed,
                "notes": noted({"served_in_us": f"{met} AND {kept_in_us(usage('inference_geo'))}"}),
            },
            reject=f"""CASE
              WHEN {met} AND {usage("input_tokens")} IS NULL THEN 'missing_value:input_tokens'
              WHEN {met} AND {usage("output_tokens")} IS NULL THEN 'missing_value:output_tokens'
              WHEN {met} AND ({five_minutes} IS NOT NULL OR {one_hour} IS NOT NULL) AND whole_number({flat})
                <> coalesce(whole_number({five_minutes}), 0) + coalesce(whole_number({one_hour}), 0)
                THEN 'cache_totals_disagree:cache_write_tokens'
              WHEN {unreadable_iterations(billed)} THEN 'bad_iterations:message.usage.iterations'
            END""",
            identity=f"CASE WHEN {call} THEN raw ELSE '' END",
        )


def _is_turn(record: Mapping[str, Any]) -> bool:
    """A line of the conversation; transcripts of early versions have no `type` on it."""
    message = record.get("message")
    if not isinstance(message, Mapping):
        return False
    return record.get("type") in ("user", "assistant") or (
        "sessionId" in record and message.get("role") in ("user", "assistant")
    )


def _is_context(record: Mapping[str, Any]) -> bool:
    return "sessionId" in record or record.get("type") in _LINE_TYPES
