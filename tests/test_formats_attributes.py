"""What every format hands to workload rules, by hand for one record each, and that the guide says so."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from data.attributes import attribute_sets, has_attributes
from data.formats import FORMATS
from data.ingest import import_file
from data.mapping import ColumnMapping
from data.rules import RuleSet, fields_of
from data.schema import UNATTRIBUTED
from data.store import Workspace
from tests.formats_cases import CASES, source

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "rules.md"
TEXT = "the canary sang behind the blue door, twice"

WRAPPED: Final[dict[str, Any]] = {
    "tags": ["nightly"],
    "feature": "notes",
    "project": "blue",
    "api_key_alias": "ci",
    "trace_name": "summarise",
    "url": "https://api.example.com/v1/chat?x=1",
    "user_agent": "tool/1.0 (Linux)",
    "metadata": {"team": "data"},
}
"""What a caller may write beside a provider's object."""

SEEN: Final[dict[str, tuple[str, ...]]] = {
    "tag": ("nightly",),
    "project": ("blue",),
    "api_key_alias": ("ci",),
    "trace_name": ("summarise",),
    "endpoint": ("/v1/chat",),
    "user_agent": ("tool/1.0",),
    "metadata.feature": ("notes",),
    "metadata.team": ("data",),
}

SEEN_FLAT: Final[dict[str, tuple[str, ...]]] = {
    name: value for name, value in SEEN.items() if name != "metadata.feature"
}
"""The same of a record that is not wrapped."""

CHAT: Final = {
    "object": "chat.completion",
    "id": "c-1",
    "created": 1777885200,
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
}
RESPONSE: Final = {
    "object": "response",
    "id": "resp_1",
    "created_at": 1777885200,
    "status": "completed",
    "model": "gpt-4o",
    "usage": {"input_tokens": 10, "output_tokens": 1, "total_tokens": 11},
}
MESSAGE: Final = {
    "type": "message",
    "id": "msg_1",
    "model": "claude-sonnet-4-5",
    "usage": {"input_tokens": 10, "output_tokens": 1},
}
GEMINI: Final = {
    "responseId": "g-1",
    "modelVersion": "gemini-2.5-flash",
    "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1, "totalTokenCount": 11},
}
CONVERSE: Final = {"usage": {"inputTokens": 10, "outputTokens": 1}}
STARTED: Final = {"type": "message_start", "message": {**MESSAGE, "usage": {"input_tokens": 10}}}
ENDED: Final = {"type": "message_delta", "usage": {"input_tokens": 10, "output_tokens": 1}}
OWN: Final = {"ts": "2026-05-04T09:00:00Z", "model": "gpt-4o", "input_tokens": 10, "output_tokens": 1}
OTHER: Final = {name: value for name, value in WRAPPED.items() if name not in {"feature", "url"}}

RECORDS: Final[dict[str, tuple[dict[str, Any], dict[str, tuple[str, ...]]]]] = {
    "openai_chat": ({**WRAPPED, "response": CHAT}, SEEN),
    "openai_responses": ({**WRAPPED, "response": RESPONSE}, SEEN),
    "anthropic_messages": ({**WRAPPED, "response": MESSAGE}, SEEN),
    "gemini_responses": ({**WRAPPED, "response": GEMINI}, SEEN),
    "gemini_sse": ({**WRAPPED, "events": [GEMINI]}, SEEN),
    "openrouter_chat": ({**WRAPPED, "response": {**CHAT, "id": "gen-1"}}, SEEN),
    "bedrock_converse": (
        {
            **WRAPPED,
            "modelId": "amazon.nova-lite-v1:0",
            "response": {"usage": {"inputTokens": 9, "outputTokens": 1}},
        },
        SEEN,
    ),
    "openai_chat_stream": ({**WRAPPED, "events": [{**CHAT, "object": "chat.completion.chunk"}]}, SEEN),
    "openai_responses_stream": (
        {**WRAPPED, "events": [{"type": "response.completed", "response": RESPONSE}]},
        SEEN,
    ),
    "anthropic_stream": ({**WRAPPED, "events": [STARTED, ENDED]}, SEEN),
    "lanewise_jsonl": (
        {**OWN, **OTHER, "tag": "first", "endpoint": "/v1/chat"},
        {
            **SEEN_FLAT,
            "tag": ("nightly", "first"),
        },
    ),
    "openai_batch": (
        {
            **OTHER,
            "id": "batch_req_1",
            "custom_id": "a",
            "endpoint": "/v1/chat",
            "metadata": None,
            "response": {"status_code": 200, "body": {**CHAT, "metadata": {"team": "data"}}},
            "error": None,
        },
        SEEN_FLAT,
    ),
    "anthropic_batch": (
        {
            **OTHER,
            "custom_id": "a",
            "endpoint": "/v1/chat",
            "result": {"type": "succeeded", "message": MESSAGE},
        },
        SEEN_FLAT,
    ),
    "bedrock_batch": (
        {
            **OTHER,
            "recordId": "a",
            "endpoint": "/v1/chat",
            "modelInput": {},
            "modelOutput": {**MESSAGE, "id": "msg_bdrk_1"},
        },
        SEEN_FLAT,
    ),
    "openrouter_generation_api": (
        {
            "data": {
                "id": "gen-1",
                "created_at": "2026-05-12T10:00:00Z",
                "model": "openai/gpt-4o",
                "total_cost": 0.1,
                "native_tokens_prompt": 10,
                "native_tokens_completion": 1,
                "app_id": 7,
                "origin": "https://shop.example.com/",
                "router": "openrouter/auto",
                "external_user": "user-7",
                "api_key_name": "shop-key",
                "user_agent": "tool/1.0 (Linux)",
            }
        },
        {
            "api_key_alias": ("shop-key",),
            "user_agent": ("tool/1.0",),
            "metadata.app": ("7",),
            "metadata.origin": ("https://shop.example.com/",),
            "metadata.router": ("openrouter/auto",),
        },
    ),
    "openai_batch_object": (
        {
            "object": "batch",
            "id": "batch_1",
            "endpoint": "/v1/chat/completions",
            "status": "completed",
            "created_at": 1777885200,
            "completed_at": 1777888800,
            "model": "gpt-4o",
            "metadata": {"team": "data", "description": "weekly"},
            "request_counts": {"completed": 1, "failed": 0, "total": 1},
            "usage": {"input_tokens": 10, "output_tokens": 1},
        },
        {
            "endpoint": ("/v1/chat/completions",),
            "metadata.description": ("weekly",),
            "metadata.team": ("data",),
        },
    ),
    "gemini_batch": (
        {
            "status": "",
            "processed_time": "2026-03-01T18:13:16Z",
            "request": {"labels": {"team": "data"}},
            "response": GEMINI,
        },
        {"metadata.team": ("data",)},
    ),
    "openai_usage": (
        {
            "start_time": 1767225600,
            "end_time": 1767312000,
            "results": [
                {
                    "object": "organization.usage.completions.result",
                    "input_tokens": 10,
                    "output_tokens": 1,
                    "num_model_requests": 1,
                    "model": "gpt-4o",
                    "project_id": "proj_a",
                    "api_key_id": "key_a",
                    "user_id": "user-x",
                    "api_source": "api",
                }
            ],
        },
        {"project": ("proj_a",), "api_key_alias": ("key_a",), "metadata.api_source": ("api",)},
    ),
    "anthropic_usage": (
        {
            "starting_at": "2026-01-01T00:00:00Z",
            "ending_at": "2026-01-02T00:00:00Z",
            "results": [
                {
                    "uncached_input_tokens": 10,
                    "output_tokens": 1,
                    "model": "claude-sonnet-4-5",
                    "workspace_id": "wrkspc_a",
                    "api_key_id": "apikey_a",
                    "product": "api",
                }
            ],
        },
        {"project": ("wrkspc_a",), "api_key_alias": ("apikey_a",), "metadata.product": ("api",)},
    ),
    "helicone": (
        {
            "request_id": "r-1",
            "request_created_at": "2026-02-01T12:00:01Z",
            "response_status": 200,
            "response_model": "gpt-4o",
            "request_path": "https://api.openai.com/v1/chat/completions",
            "prompt_tokens": 10,
            "completion_tokens": 1,
            "prompt_id": "support",
            "delay_ms": 5,
            "request_properties": {
                "team": "data",
                "Helicone-Session-Id": "s-17",
                "Helicone-User-Id": "u-4",
                "Environment": "prod",
            },
        },
        {
            "endpoint": ("/v1/chat/completions",),
            "metadata.prompt_name": ("support",),
            "metadata.Environment": ("prod",),
            "metadata.team": ("data",),
        },
    ),
    "portkey": (
        {
            "id": "pk-1",
            "trace_id": "t-1",
            "created_at": "2026-01-15T08:00:01Z",
            "ai_org": "openai",
            "ai_model": "gpt-4o",
            "req_units": 10,
            "res_units": 1,
            "request_url": "https://api.openai.com/v1/chat/completions",
            "virtual_key": "openai-prod",
            "workspace_slug": "blue",
            "span_name": "summarise",
            "prompt_slug": "pp-faq",
            "config": "pc-main",
            "metadata": {"_user": "jo", "user": "jo", "team": "data"},
        },
        {
            "project": ("blue",),
            "api_key_alias": ("openai-prod",),
            "trace_name": ("summarise",),
            "endpoint": ("/v1/chat/completions",),
            "metadata.prompt_slug": ("pp-faq",),
            "metadata.config": ("pc-main",),
            "metadata._user": ("jo",),
            "metadata.team": ("data",),
        },
    ),
    "langfuse": (
        {
            "id": "o-1",
            "traceId": "t-1",
            "type": "GENERATION",
            "startTime": "2026-04-01T09:00:00Z",
            "projectId": "p1",
            "name": "answer",
            "environment": "prod",
            "promptName": "faq",
            "model": "gpt-4o",
            "usageDetails": {"input": 10, "output": 1, "total": 11},
            "traceName": "support",
            "traceTags": ["chat", "eu"],
            "metadata": {"team": "data", "note": TEXT},
            "input": TEXT,
        },
        {
            "tag": ("chat", "eu"),
            "project": ("p1",),
            "trace_name": ("support",),
            "metadata.name": ("answer",),
            "metadata.environment": ("prod",),
            "metadata.prompt_name": ("faq",),
            "metadata.team": ("data",),
        },
    ),
    "braintrust": (
        {
            "id": "b-1",
            "root_span_id": "s-0",
            "project_id": "pr-1",
            "created": "2026-05-05T05:00:01Z",
            "span_attributes": {"name": "Chat Completion", "type": "llm"},
            "metrics": {"prompt_tokens": 10, "completion_tokens": 1},
            "metadata": {"model": "gpt-4o", "team": "data"},
            "tags": ["eval"],
        },
        {
            "tag": ("eval",),
            "project": ("pr-1",),
            "metadata.span_name": ("Chat Completion",),
            "metadata.model": ("gpt-4o",),
            "metadata.team": ("data",),
        },
    ),
    "weave": (
        {
            "id": "w-1",
            "project_id": "acme/helpdesk",
            "op_name": "weave:///acme/helpdesk/op/openai.chat.completions.create:abc",
            "display_name": "answer",
            "trace_id": "t-1",
            "started_at": "2026-06-06T06:00:01Z",
            "attributes": {"team": "data", "weave": {"client_version": "0.51"}},
            "summary": {"usage": {"gpt-4o": {"requests": 1, "prompt_tokens": 10, "completion_tokens": 1}}},
        },
        {
            "project": ("helpdesk",),
            "trace_name": ("answer",),
            "metadata.op_name": ("openai.chat.completions.create",),
            "metadata.team": ("data",),
        },
    ),
    "otel_genai": (
        {
            "resourceSpans": [
                {
                    "resource": {
                        "attributes": [
                            {"key": "service.name", "value": {"stringValue": "shop"}},
                            {"key": "service.namespace", "value": {"stringValue": "eu"}},
                            {"key": "deployment.environment.name", "value": {"stringValue": "prod"}},
                        ]
                    },
                    "scopeSpans": [
                        {
                            "spans": [
                                {
                                    "traceId": "a1",
                                    "spanId": "b1",
                                    "name": "chat gpt-4o",
                                    "startTimeUnixNano": "1767225600100000000",
                                    "attributes": [
                                        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                                        {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
                                        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "10"}},
                                        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 1}},
                                        {"key": "gen_ai.agent.name", "value": {"stringValue": "helper"}},
                                        {"key": "gen_ai.workflow.name", "value": {"stringValue": "refund"}},
                                        {"key": "trace.name", "value": {"stringValue": "ask"}},
                                        {"key": "project.name", "value": {"stringValue": "blue"}},
                                        {"key": "team", "value": {"stringValue": "data"}},
                                        {"key": "gen_ai.input.messages", "value": {"stringValue": "hello"}},
                                        {
                                            "key": "url.full",
                                            "value": {"stringValue": "https://api.example.com/v1/chat?k=1"},
                                        },
                                        {
                                            "key": "user_agent.original",
                                            "value": {"stringValue": "tool/1.0 (Linux)"},
                                        },
                                    ],
                                }
                            ]
                        }
                    ],
                }
            ]
        },
        {
            "project": ("blue",),
            "trace_name": ("ask",),
            "endpoint": ("/v1/chat",),
            "user_agent": ("tool/1.0",),
            "metadata.service.name": ("shop",),
            "metadata.service.namespace": ("eu",),
            "metadata.gen_ai.workflow.name": ("refund",),
            "metadata.deployment.environment.name": ("prod",),
            "metadata.gen_ai.agent.name": ("helper",),
            "metadata.team": ("data",),
            "metadata.span.name": ("chat gpt-4o",),
        },
    ),
    "openinference": (
        {
            "name": "ChatCompletion",
            "context": {"trace_id": "a1", "span_id": "b1"},
            "span_kind": "LLM",
            "start_time": "2026-03-04T10:00:00+00:00",
            "attributes": {
                "llm.model_name": "gpt-4o",
                "llm.token_count.prompt": 10,
                "llm.token_count.completion": 1,
                "metadata": '{"team": "data"}',
                "tag.tags": ["chat"],
                "input.value": "hello",
            },
            "resource_attributes": {"openinference.project.name": "helpdesk", "service.name": "shop"},
        },
        {
            "tag": ("chat",),
            "project": ("helpdesk",),
            "metadata.service.name": ("shop",),
            "metadata.span.name": ("ChatCompletion",),
            "metadata.team": ("data",),
        },
    ),
    "bedrock_invocation_log": (
        {
            "schemaType": "ModelInvocationLog",
            "timestamp": "2026-04-01T10:00:00Z",
            "accountId": "123456789012",
            "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/enricher/jo"},
            "requestId": "l-1",
            "operation": "Converse",
            "modelId": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
            "input": {"inputTokenCount": 10},
            "output": {"outputTokenCount": 1},
            "requestMetadata": {"team": "search"},
        },
        {
            "project": ("123456789012",),
            "api_key_alias": ("enricher",),
            "metadata.profile": ("application-inference-profile/abc",),
            "metadata.team": ("search",),
        },
    ),
    "claude_code": (
        {
            "type": "assistant",
            "message": {**MESSAGE, "role": "assistant"},
            "timestamp": "2026-06-01T05:40:29Z",
            "cwd": "/home/jo/shop",
            "sessionId": "s-1",
            "version": "2.1.157",
            "gitBranch": "main",
            "entrypoint": "cli",
            "isSidechain": True,
        },
        {
            "project": ("shop",),
            "user_agent": ("claude-code/2.1.157",),
            "metadata.git_branch": ("main",),
            "metadata.entrypoint": ("cli",),
            "metadata.subagent": ("true",),
        },
    ),
    "litellm_spend": (
        {
            "call_type": "acompletion",
            "request_id": "a",
            "spend": 0.1,
            "model": "gpt-4o",
            "prompt_tokens": 10,
            "completion_tokens": 1,
            "startTime": "2026-05-04T09:00:00Z",
            "request_tags": ["nightly"],
            "metadata": {
                "user_api_key_alias": "ci",
                "user_api_key_team_alias": "data",
                "user_api_key_request_route": "/chat/completions",
                "user_agent": "curl/8.1",
                "requester_metadata": {"env": "prod", "trace_name": "summarise"},
            },
        },
        {
            "tag": ("nightly",),
            "project": ("data",),
            "api_key_alias": ("ci",),
            "trace_name": ("summarise",),
            "endpoint": ("/chat/completions",),
            "user_agent": ("curl/8.1",),
            "metadata.env": ("prod",),
            "metadata.trace_name": ("summarise",),
        },
    ),
    "codex": (
        {
            "type": "event_msg",
            "timestamp": "2026-03-21T10:06:00Z",
            "payload": {
                "type": "token_count",
                "info": {
                    "total_token_usage": {"input_tokens": 10, "output_tokens": 1},
                    "last_token_usage": {"input_tokens": 10, "output_tokens": 1},
                },
            },
        },
        {
            "project": ("shop",),
            "user_agent": ("codex_cli_rs/0.114.0",),
            "metadata.git_branch": ("main",),
            "metadata.entrypoint": ("cli",),
        },
    ),
}
"""Format -> one record of it, and the attributes it must give."""

BEFORE: Final[dict[str, list[dict[str, Any]]]] = {
    "codex": [
        {
            "type": "session_meta",
            "timestamp": "2026-03-21T10:05:59Z",
            "payload": {
                "id": "s-1",
                "cwd": "/home/jo/shop",
                "originator": "codex_cli_rs",
                "cli_version": "0.114.0",
                "source": "cli",
                "git": {"branch": "main"},
            },
        },
        {"type": "turn_context", "payload": {"model": "gpt-5-codex", "cwd": "/home/jo/shop"}},
    ]
}
"""Lines that stand before the record."""

TABLES: Final[dict[str, tuple[dict[str, str], dict[str, tuple[str, ...]]]]] = {
    "openai_usage": (
        {
            "start_time": "1759622400",
            "end_time": "1759708800",
            "start_time_iso": "2025-10-05T00:00:00+00:00",
            "project_id": "proj_A",
            "project_name": "Search",
            "num_model_requests": "1.0",
            "api_key_id": "key_A",
            "model": "gpt-4o",
            "input_tokens": "10.0",
            "output_tokens": "1.0",
        },
        {"project": ("Search",), "api_key_alias": ("key_A",)},
    ),
    "openai_activity": (
        {
            "operation": "completion",
            "n_context_tokens_total": "10.0",
            "n_generated_tokens_total": "1.0",
            "api_key_id": "key_1",
            "api_key_name": "chat-key",
            "api_key_redacted": "sk-proj...9aB",
            "project_id": "proj_1",
            "project_name": "Search",
            "model": "gpt-4o",
            "timestamp": "1745366400",
            "num_requests": "1",
        },
        {"project": ("Search",), "api_key_alias": ("chat-key",), "metadata.operation": ("completion",)},
    ),
    "anthropic_usage": (
        {
            "usage_date_utc": "2026-07-03 01:00",
            "model_version": "claude-opus-4-8",
            "api_key": "ci-key",
            "workspace": "Search",
            "usage_type": "standard",
            "usage_input_tokens_no_cache": "10",
            "usage_output_tokens": "1",
        },
        {"project": ("Search",), "api_key_alias": ("ci-key",)},
    ),
    "openrouter_generations": (
        {
            "generation_id": "gen-1",
            "created_at": "2026-05-12 10:00:00",
            "cost_total": "0.1",
            "tokens_prompt": "10",
            "tokens_completion": "1",
            "model_permaslug": "openai/gpt-4o",
            "user": "user-7",
            "api_key_name": "shop-key",
            "app_name": "Shop",
        },
        {"api_key_alias": ("shop-key",), "metadata.app": ("Shop",)},
    ),
    "litellm_daily": (
        {
            "date": "2026-06-01",
            "model": "gpt-4o",
            "spend": "0.1",
            "prompt_tokens": "10",
            "completion_tokens": "1",
            "api_requests": "1",
            "team_id": "team-1",
            "tag": "nightly",
            "key_alias": "search-prod",
            "entity_alias": "Search",
        },
        {
            "tag": ("nightly",),
            "project": ("team-1",),
            "api_key_alias": ("search-prod",),
            "metadata.entity": ("Search",),
        },
    ),
    "deepseek_console": (
        {
            "utc_date": "2026-07-25",
            "model": "deepseek-chat",
            "api_key_name": "ci",
            "api_key": "sk-x***",
            "type": "output_tokens",
            "price": "1",
            "amount": "10",
        },
        {"api_key_alias": ("ci",)},
    ),
    "lanewise_csv": (
        {
            **{name: str(value) for name, value in OWN.items()},
            **{name: str(value) for name, value in OTHER.items() if name not in {"tags", "metadata"}},
            "tag": "first",
            "tags": '["nightly"]',
            "endpoint": "/v1/chat",
            "metadata": '{"team": "data"}',
        },
        {
            **SEEN_FLAT,
            "tag": ("nightly", "first"),
        },
    ),
}
"""Format -> one CSV row of it, and the attributes it must give."""

NOTHING: Final = (
    "openrouter_daily",
    "vllm_requests",
    "workload_description",
    # bills, which make no calls
    "openai_costs",
    "anthropic_costs",
    "gcp_billing",
    "focus",
    "deepseek_costs",
    # public traces
    "azure_llm_trace",
    "burstgpt_trace",
    "vidur_lengths",
    "mooncake_trace",
    "bailian_trace",
    "ragpulse_trace",
)
"""Formats whose records have none."""

SAME_AS: Final = {"lanewise_parquet": "lanewise_csv"}
"""A container that golden cases cannot hold, read by the same code."""


def attributes_in(folder: Path, path: Path, name: str) -> dict[str, tuple[str, ...]]:
    workspace = Workspace.open(folder / "workspace")
    outcome = import_file(workspace, path)
    assert (outcome.format, outcome.calls, outcome.rejected) == (name, 1, 0)
    (found,) = attribute_sets(workspace, str(outcome.dataset_id)).values()
    assert "canary" not in str(found)
    return dict(found)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_gives_these_attributes(name: str, tmp_path: Path) -> None:
    record, expected = RECORDS[name]
    path = tmp_path / "log.jsonl"
    lines = [*BEFORE.get(name, []), record]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert attributes_in(tmp_path, path, name) == expected


@pytest.mark.parametrize("name", TABLES)
def test_a_row_gives_these_attributes(name: str, tmp_path: Path) -> None:
    row, expected = TABLES[name]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    path = tmp_path / "log.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    assert attributes_in(tmp_path, path, name) == expected


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_any_other_table_gives_the_columns_of_these_names(suffix: str, tmp_path: Path) -> None:
    row = {
        "m": "gpt-4o",
        "i": "10",
        "o": "1",
        "project": "blue",
        "tags": '["nightly"]',
        "metadata": '{"team": "x"}',
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    path = tmp_path / f"log.{suffix}"
    path.write_text(text.getvalue() if suffix == "csv" else json.dumps(row) + "\n", encoding="utf-8")
    made = ColumnMapping.model_validate(
        {
            "name": "own",
            "fields": {
                "model": {"column": "m"},
                "provider": {"constant": "openai"},
                "input_tokens": {"column": "i"},
                "output_tokens": {"column": "o"},
            },
            "row_is": "call",
        }
    )
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, path, mapping=made)
    (found,) = attribute_sets(workspace, str(outcome.dataset_id)).values()
    assert found == {"tag": ("nightly",), "project": ("blue",), "metadata.team": ("x",)}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.parent.name in NOTHING], ids=lambda case: case.parent.name
)
def test_a_format_without_attributes_keeps_none(case: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, source(case))
    assert outcome.dataset_id is None or not has_attributes(workspace, outcome.dataset_id)


def test_the_guide_says_what_every_format_gives() -> None:
    """A row of the guide names formats and their attributes; keys a caller chose are `metadata.<key>`."""
    given: dict[str, set[str]] = {name: set() for name in (*NOTHING, *SAME_AS)}
    for name, (_, expected) in [*RECORDS.items(), *TABLES.items()]:
        given.setdefault(name, set()).update(expected)
    for name, other in SAME_AS.items():
        given[name] = given[other]
    # One module reads the spans of both conventions.
    given["otel_genai"] = given["openinference"] = given["otel_genai"] | given["openinference"]
    assert given.keys() == {known.name for known in FORMATS}
    table = GUIDE.read_text(encoding="utf-8").split("## What each format gives")[1].split("\n## ")[0]
    for name, names in given.items():
        rows = [line for line in table.splitlines() if f"`{name}`" in line.rpartition(" | ")[0]]
        assert len(rows) == 1, name
        said = set(re.findall(r"`([^`]+)`", rows[0].rpartition(" | ")[2]))
        free = "metadata.<key>" in said
        assert said - {"metadata.<key>"} <= names, name
        rest = names - said
        assert not rest or (free and all(one.startswith("metadata.") for one in rest)), (name, rest)


@pytest.mark.parametrize(
    ("attributes", "workload"),
    [
        ({"trace_name": ("summarise",), "project": ("blue",)}, "summarise"),
        ({"tag": ("nightly", "eu"), "metadata.service.name": ("shop",)}, "nightly"),
        ({"metadata.service.name": ("shop",), "project": ("blue",)}, "shop"),
        ({"project": ("blue",), "api_key_alias": ("ci",)}, "blue"),
        ({"api_key_alias": ("ci",), "metadata.team": ("data",)}, "ci"),
        ({"metadata.team": ("data",), "user_agent": ("curl/8.1",), "endpoint": ("/v1/chat",)}, UNATTRIBUTED),
    ],
)
def test_the_shipped_rules_name_what_the_log_does_not(
    attributes: dict[str, tuple[str, ...]], workload: str
) -> None:
    for named, expected in ((UNATTRIBUTED, workload), ("as logged", "as logged")):
        call = fields_of(named=named, model="m", provider="p", source_format="f", attributes=attributes)
        assert RuleSet.default().deciding(call)[1] == expected
