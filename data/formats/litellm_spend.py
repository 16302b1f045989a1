"""LiteLLM: rows of the SpendLogs table and callback payloads (StandardLoggingPayload).

Token rule: `prompt_tokens` is the total for every provider, Anthropic included, because LiteLLM
adds the cached parts; they are named only inside `metadata.additional_usage_values`,
`metadata.usage_object` or the answer's own `usage`. JSON columns of a database dump are encoded
twice; both spellings are read.

What is not a call, or was not billed:
* `cache_hit` true is LiteLLM's own cache: no provider was called, the row is rejected and listed;
* `acreate_batch`, file and list operations carry 0 tokens and are rejected;
* `aretrieve_batch` with tokens is one row for a whole batch: kept as a bucket in tier batch, with
  as many requests as `metadata.batch_successful_requests` says.

`completionStartTime` equal to `endTime` means that nothing was streamed, unless `stream` says so;
there is then no time to first token. Failed calls and calls that LiteLLM could not meter are
written with 0 prompt and 0 completion tokens: both become unknown, not zero.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS

_READ: Final = ("cache_read_input_tokens", "prompt_tokens_details.cached_tokens")
_WRITE: Final = (
    "cache_creation_input_tokens",
    "prompt_tokens_details.cache_creation_tokens",
    "prompt_tokens_details.cache_write_tokens",
)
_LONG: Final = ("prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens",)
_REASONING: Final = ("completion_tokens_details.reasoning_tokens",)
_USAGE_IN_METADATA: Final = ("additional_usage_values", "usage_object")
_BATCH_CALLS: Final = "'aretrieve_batch', 'retrieve_batch'"


class LiteLLMSpend:
    """One logged request a record, or one whole batch."""

    name = "litellm_spend"
    title = "LiteLLM spend logs and callbacks"
    token_rule = "prompt_tokens is the total input, cached tokens included, for every provider."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "input_tokens": "prompt_tokens",
        "output_tokens": "completion_tokens",
        "reported_cost_usd": "spend",
        "n_requests": "metadata.batch_successful_requests",
        "latency_ms": "request_duration_ms",
    }

    def claim(self, head: FileHead) -> int:
        """`call_type` beside a cost or a start time."""
        if head.container == "csv":
            return EXACT if _is_spend({normal(column) for column in head.columns}) else 0
        matches = sum(_is_spend({normal(key) for key in record}) for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        # CSV headers are matched in lower case; JSON keys as LiteLLM writes them.
        record = FlatRecord(head)
        top, nested = record.top, record.nested
        if head.container == "csv":
            started, ended, first = top("starttime"), top("endtime"), top("completionstarttime")
        else:
            started, ended, first = top("startTime"), top("endTime"), top("completionStartTime")
        prompt, completion = (
            record.column(
                f"coalesce({top(key)}, {nested('usage', key)}, {nested('response', f'usage.{key}')})"
            )
            for key in ("prompt_tokens", "completion_tokens")
        )
        unmetered = record.column(
            f"coalesce(whole_number({prompt}), 0) = 0 AND coalesce(whole_number({completion}), 0) = 0"
        )

        def usage(*paths: str) -> str:
            found = [
                nested("metadata", *(f"{place}.{path}" for path in paths)) for place in _USAGE_IN_METADATA
            ]
            found += [nested("usage", *paths), nested("response", *(f"usage.{path}" for path in paths))]
            return record.column(f"CASE WHEN NOT {unmetered} THEN coalesce({', '.join(found)}) END")

        write, long_write = usage(*_WRITE), usage(*_LONG)
        call_type = record.column(f"lower({top('call_type')})")
        whole_batch = record.column(f"coalesce({call_type} IN ({_BATCH_CALLS}), false)")
        began_ms = record.column(f"epoch_ms(moment({started}))")
        ended_ms = record.column(f"epoch_ms(moment({ended})) - {began_ms}")
        first_ms = record.column(f"epoch_ms(moment({first})) - {began_ms}")
        streamed = top("stream")
        requests = nested("metadata", "batch_successful_requests")
        model = top("model", "model_group")
        state = f"lower({top('status')})"
        return record.select(
            {
                "call_id": top("request_id", "id"),
                "ts_text": started,
                "ts_end_text": f"CASE WHEN {whole_batch} THEN {ended} END",
                "ts_strict": "false",
                "provider_text": (
                    f"coalesce({top('custom_llm_provider')}, provider_of_host(host_of({top('api_base')})), "
                    f"provider_of_model({model}), '(unknown)')"
                ),
                "model_text": f"coalesce({model}, {nested('metadata', 'batch_models[0]')})",
                "workload_text": _workload(record),
                "attributes": _attributes(record),
                "session_text": top("session_id", "trace_id", "end_user", "user"),
                "input_rule": "'inclusive'",
                "input_text": f"CASE WHEN NOT {unmetered} THEN {prompt} END",
                "cache_read_text": usage(*_READ),
                "cache_write_text": (
                    f"CASE WHEN whole_number({long_write}) IS NULL THEN {write} "
                    f"ELSE cast(whole_number({write}) - whole_number({long_write}) AS VARCHAR) END"
                ),
                "cache_write_long_text": long_write,
                "output_text": f"CASE WHEN NOT {unmetered} THEN {completion} END",
                "reasoning_text": usage(*_REASONING),
                "tier_text": f"""CASE WHEN {whole_batch} THEN 'batch' ELSE coalesce(
                  {nested("cost_breakdown", "service_tier")},
                  {nested("metadata", "cost_breakdown.service_tier")},
                  {nested("response", "service_tier")}) END""",
                "status_text": (
                    f"CASE WHEN {state} IN ('success', 'ok', 'completed') OR {state} IS NULL THEN 'ok' "
                    f"WHEN {state} IN ('failure', 'failed', 'error') THEN 'error' ELSE {state} END"
                ),
                "latency_text": (
                    f"CASE WHEN NOT {whole_batch} THEN coalesce({top('request_duration_ms')}, "
                    f"CASE WHEN {ended_ms} > 0 THEN cast({ended_ms} AS VARCHAR) END) END"
                ),
                "ttft_text": (
                    f"CASE WHEN {first_ms} > 0 AND NOT {whole_batch} "
                    f"AND ({first} <> {ended} OR coalesce(flag({streamed}), false)) "
                    f"THEN cast({first_ms} AS VARCHAR) END"
                ),
                "streamed_text": streamed,
                "cost_text": top("spend", "response_cost"),
                "requests_text": f"CASE WHEN {whole_batch} THEN {requests} END",
                "grain_text": f"CASE WHEN {whole_batch} THEN 'bucket' END",
            },
            reject=f"""CASE
              WHEN {call_type} IS NULL THEN 'not_this_format'
              WHEN flag({top("cache_hit")}) OR contains({top("request_id", "id")}, '_cache_hit')
                THEN 'gateway_cache_hit'
              WHEN {whole_batch} AND {unmetered} THEN 'not_a_model_call'
              WHEN {whole_batch} AND {requests} IS NULL THEN 'batch_size_unknown'
              WHEN NOT {whole_batch} AND regexp_matches({call_type}, '(^|_)(batch|batches|file|files)(_|$)')
                THEN 'not_a_model_call'
              WHEN NOT {unmetered} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {unmetered} AND {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )


def _is_spend(names: set[str]) -> bool:
    return "call_type" in names and bool(names & {"spend", "response_cost", "starttime"})


def _attributes(record: FlatRecord) -> str:
    """Tags, key, team, route, user agent and the caller's own metadata; a user agent tag is no tag."""
    tags = record.json_text("request_tags")
    chosen = record.column(
        f"""CASE WHEN json_valid({tags}) THEN cast(to_json(list_filter(
      from_json({tags}, '["VARCHAR"]'), lambda t: NOT starts_with(t, 'User-Agent:'))) AS VARCHAR) END"""
    )
    metadata = record.nested
    return attribute_list(
        {
            "project": f"coalesce({metadata('metadata', 'user_api_key_team_alias')}, "
            f"{record.top('team_id')})",
            "api_key_alias": metadata("metadata", "user_api_key_alias"),
            "trace_name": metadata(
                "metadata", "spend_logs_metadata.trace_name", "requester_metadata.trace_name", "trace_name"
            ),
            "endpoint": metadata("metadata", "user_api_key_request_route"),
            "user_agent": metadata("metadata", "user_agent"),
        },
        tags=[chosen],
        metadata=[metadata("metadata", place) for place in ("spend_logs_metadata", "requester_metadata")],
    )


def _workload(record: FlatRecord) -> str:
    """The first tag a person set, else what the caller or the key says; user agents LiteLLM tags itself."""
    tags = record.json_text("request_tags")
    chosen = f"""list_filter(
      CASE WHEN json_valid({tags}) THEN from_json({tags}, '["VARCHAR"]') END,
      lambda t: t <> '' AND NOT starts_with(t, 'User-Agent:'))[1]"""
    said = [
        f"{place}.{key}" for place in ("spend_logs_metadata", "requester_metadata") for key in WORKLOAD_KEYS
    ]
    key = record.nested("metadata", *said, "user_api_key_alias", "user_api_key_team_alias")
    return f"coalesce({chosen}, {key}, {record.top('team_id')})"
