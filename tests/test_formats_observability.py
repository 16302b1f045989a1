"""Traces, gateways' logs and public traces: sums made by hand, and what must not be counted."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from data.ingest import import_file
from data.store import Workspace
from pricing.table import PriceTable
from tests.conftest import full_samples
from tests.formats_cases import FORMATS, Rows, calls, imported, source

Summed = Callable[[Rows], tuple[int, int, int]]

# Added up by hand from the inputs: accepted, rejected, duplicates, calls; then input, cache read, cache
# write, long cache write and output tokens of the calls.
TOTALS = {
    "braintrust/fetch_page": (8, 3, 0, 5, 19340, 18048, 250, 50, 160),
    "braintrust/lines": (2, 2, 0, 2, 11160, 10048, 150, 0, 120),
    "braintrust/table_csv": (3, 0, 0, 2, 11160, 10048, 100, 50, 120),
    "helicone/export_tool_csv": (2, 1, 0, 2, 3000, 0, 0, 0, 80),
    "helicone/query_json": (7, 4, 0, 7, 15919, 10848, 150, 0, 281),
    "langfuse/api_page": (3, 0, 0, 2, 700, 0, 0, 0, 30),
    "langfuse/blob_lines": (9, 3, 0, 7, 19553, 18048, 100, 50, 170),
    "langfuse/table_csv": (7, 1, 0, 6, 19453, 18048, 100, 50, 165),
    "openinference/dataframe_csv": (6, 1, 0, 5, 7220, 6048, 200, 0, 112),
    "openinference/nested_attributes": (2, 1, 0, 1, 3000, 2048, 0, 0, 80),
    "openinference/phoenix_spans": (8, 2, 0, 5, 7220, 6048, 200, 0, 112),
    "openinference/rest_page": (2, 0, 0, 1, 3000, 2048, 0, 0, 80),
    "otel_genai/console_exporter": (4, 0, 1, 3, 1510, 1408, 0, 0, 25),
    "otel_genai/otlp_document": (5, 0, 0, 2, 5000, 3072, 0, 0, 300),
    "otel_genai/otlp_lines": (10, 6, 1, 7, 7940, 4272, 100, 0, 410),
    "otel_genai/span_list_without_usage": (3, 0, 0, 3, 0, 0, 0, 0, 0),
    "portkey/export_lines": (6, 4, 0, 6, 25320, 18048, 300, 0, 320),
    "weave/calls_lines": (9, 3, 0, 6, 19632, 18048, 150, 0, 190),
    "weave/calls_list": (4, 0, 0, 2, 11160, 10048, 150, 0, 120),
    "burstgpt_trace/eight_columns": (5, 1, 0, 5, 3656, 0, 0, 0, 776),
    "burstgpt_trace/six_columns": (5, 1, 0, 5, 2276, 0, 0, 0, 531),
    "bailian_trace/turns": (2, 1, 0, 2, 561, 0, 0, 0, 139),
    "ragpulse_trace/week": (4, 1, 0, 4, 11034, 0, 0, 0, 619),
}


@pytest.mark.parametrize("case", TOTALS)
def test_the_sums_are_those_made_by_hand(case: str, tmp_path: Path) -> None:
    _, first, made = imported(tmp_path, source(FORMATS / case))
    sums = [
        sum(call[column] or 0 for call in made)
        for column in (
            "input_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "cache_write_long_tokens",
            "output_tokens",
        )
    ]
    assert (first.accepted, first.rejected, first.duplicates, first.calls, *sums) == TOTALS[case]


# -- real files in full ---------------------------------------------------------------------------


def records(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return list(csv.DictReader(file))
        return [json.loads(line) for line in file]


def exgentic(rows: Rows) -> tuple[int, int, int]:
    answers = {row["response_id"] or row["span_id"]: row for row in rows}
    return (
        len(answers),
        sum(row["input_tokens"] for row in answers.values()),
        sum(row["output_tokens"] for row in answers.values()),
    )


def plain(tokens_in: str, tokens_out: str) -> Summed:
    return lambda rows: (
        len(rows),
        sum(int(row[tokens_in]) for row in rows),
        sum(int(row[tokens_out]) for row in rows),
    )


REAL: dict[str, tuple[str, Summed]] = {
    "traces/exgentic_agent/swebench_claude_code_shard12.jsonl": ("otel_genai", exgentic),
    "traces/azure2023/AzureLLMInferenceTrace_code.csv": (
        "azure_llm_trace",
        plain("ContextTokens", "GeneratedTokens"),
    ),
    "traces/azure2023/AzureLLMInferenceTrace_conv.csv": (
        "azure_llm_trace",
        plain("ContextTokens", "GeneratedTokens"),
    ),
    "traces/mooncake/conversation_trace.jsonl": ("mooncake_trace", plain("input_length", "output_length")),
    "traces/vidur/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv": (
        "vidur_lengths",
        plain("num_prefill_tokens", "num_decode_tokens"),
    ),
}


def slices() -> list[tuple[Path, str, Summed]]:
    """The real files in full where they are, and the committed slice of agent spans, which is real too."""
    committed = source(FORMATS / "otel_genai" / "flat_rows")
    found: list[tuple[Path, str, Summed]] = [(committed, "otel_genai", exgentic)]
    samples = full_samples()
    if samples is not None:
        found += [(samples / name, known, summed) for name, (known, summed) in REAL.items()]
    return found


@pytest.mark.parametrize(("path", "known", "summed"), slices(), ids=lambda value: getattr(value, "name", ""))
def test_every_token_of_a_real_file_is_counted_once(
    path: Path,
    known: str,
    summed: Summed,
    tmp_path: Path,
) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, path)
    rows = records(path)
    assert outcome.format == known
    assert outcome.read == len(rows)
    assert outcome.rejected == 0
    made = calls(workspace, outcome)
    n, tokens_in, tokens_out = summed(rows)
    assert (outcome.accepted, outcome.duplicates) == (n, len(rows) - n)
    assert sum(call["input_tokens"] or 0 for call in made) == tokens_in
    assert sum(call["output_tokens"] or 0 for call in made) == tokens_out


# -- single rules -----------------------------------------------------------------------------------


def one(tmp_path: Path, name: str, text: str) -> Rows:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "workspace")
    return calls(workspace, import_file(workspace, path))


MINIMAL = {
    "openinference": "context.span_id,span_kind,attributes.llm.token_count.prompt\n",
    "langfuse": "id,traceId,type,startTime,usageDetails\n",
    "helicone": "request_id,delay_ms,prompt_tokens,completion_tokens\n",
    "portkey": "ai_org,req_units\n",
    "braintrust": "span_attributes,metrics\n",
    "burstgpt_trace": "Timestamp,Model,Request tokens,Response tokens,Log Type\n",
    "otel_genai": "operation_name,request_model,input_tokens,span_id\n",
}


@pytest.mark.parametrize("name", sorted(MINIMAL))
def test_a_table_with_the_telling_columns_alone_is_read(name: str, tmp_path: Path) -> None:
    header = MINIMAL[name]
    path = tmp_path / "export.csv"
    path.write_text(header + ",".join("7" for _ in header.split(",")) + "\n", encoding="utf-8")
    outcome = import_file(Workspace.open(tmp_path / "workspace"), path)
    assert outcome.format == name
    assert outcome.read == outcome.accepted + outcome.rejected == 1


def test_a_trace_without_a_model_is_counted_and_never_priced(tmp_path: Path) -> None:
    (call,) = one(
        tmp_path, "trace.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-12 00:00:01+00:00,9,1\n"
    )
    assert (call["provider"], call["model"], call["ts"]) == (
        "(not logged)",
        "(not logged)",
        datetime.fromisoformat("2024-05-12T00:00:01"),
    )
    assert PriceTable.shipped().resolve("(not logged)", "(not logged)") is None


def test_seconds_and_milliseconds_are_told_apart(tmp_path: Path) -> None:
    span = {
        "resourceSpans": [
            {
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "spanId": "s",
                                "startTimeUnixNano": 1_767_225_600_000_000_000,
                                "endTimeUnixNano": 1_767_225_600_250_000_000,
                                "attributes": [
                                    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                                    {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-5.1"}},
                                    {
                                        "key": "gen_ai.response.time_to_first_chunk",
                                        "value": {"doubleValue": 0.12},
                                    },
                                ],
                            }
                        ]
                    }
                ]
            }
        ]
    }
    (call,) = one(tmp_path, "spans.json", json.dumps(span))
    assert (call["latency_ms"], call["ttft_ms"], call["ts"]) == (
        250,
        120,
        datetime.fromisoformat("2026-01-01"),
    )


def test_parents_of_weave_calls_are_left_out_wherever_they_stand(tmp_path: Path) -> None:
    usage = {"gpt-4o": {"requests": 1, "prompt_tokens": 10, "completion_tokens": 1}}
    leaf = {
        "id": "leaf",
        "parent_id": "top",
        "trace_id": "t",
        "op_name": "o",
        "started_at": "2026-06-06T06:00:00Z",
        "summary": {"usage": usage},
    }
    top = leaf | {"id": "top", "parent_id": None}
    for number, order in enumerate(([leaf, top], [top, leaf])):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = one(folder, "calls.jsonl", "".join(json.dumps(call) + "\n" for call in order))
        assert [call["call_id"] for call in made] == ["leaf"]


def test_prompts_of_spans_that_are_no_calls_are_not_kept_either(tmp_path: Path) -> None:
    canary = "the quick canary sings at midnight"
    span = {
        "context": {"span_id": "a", "trace_id": "b"},
        "span_kind": "CHAIN",
        "name": canary,
        "attributes": {"llm.model_name": canary, "session.id": canary, "llm.token_count.prompt": canary},
    }
    one(tmp_path, "spans.jsonl", json.dumps(span) + "\n")
    kept = b"".join(file.read_bytes() for file in (tmp_path / "workspace").rglob("*") if file.is_file())
    assert canary.encode() not in kept
