"""Bedrock: golden cases, and token sums that an independent reader agrees with."""

import json
from pathlib import Path

import pytest

from data.ingest import recognise
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import imported

FOLDERS = [folder / "exports" for folder in (COMMITTED_SAMPLES, full_samples()) if folder]


@pytest.mark.parametrize("exports", FOLDERS)
def test_recorded_converse_answers(exports: Path, tmp_path: Path) -> None:
    source = exports / "recorded_api_responses" / "bedrock_converse.jsonl"
    records = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    usages = [record["response"]["usage"] for record in records]
    assert recognise(source).format == "bedrock_converse"

    _, outcome, rows = imported(tmp_path, source)

    assert outcome.read == outcome.accepted == len(rows) == 78
    reads = [usage.get("cacheReadInputTokens", 0) for usage in usages]
    writes = [usage.get("cacheWriteInputTokens", 0) for usage in usages]
    assert [row["cache_read_tokens"] for row in rows] == reads
    assert [row["cache_write_tokens"] for row in rows] == writes
    assert [row["cache_write_long_tokens"] for row in rows] == [0] * 78
    assert [row["input_tokens"] for row in rows] == [
        usage["inputTokens"] + read + write for usage, read, write in zip(usages, reads, writes, strict=True)
    ]
    assert [row["input_tokens"] + row["output_tokens"] for row in rows] == [
        usage["totalTokens"] for usage in usages
    ]
    assert (sum(reads), sum(writes)) == (8636, 5645)
    assert [row["latency_ms"] for row in rows] == [
        record["response"]["metrics"]["latencyMs"] for record in records
    ]
    assert {row["token_basis"] for row in rows} == {"exclusive"}
    profiled = [row["model"] for row, record in zip(rows, records, strict=True) if "arn%3A" in record["url"]]
    assert profiled == ["us.anthropic.claude-3-7-sonnet-20250219-v1:0"]


@pytest.mark.parametrize("exports", FOLDERS)
def test_the_documented_log_record(exports: Path, tmp_path: Path) -> None:
    source = exports / "bedrock_invocation_log" / "shape_only_record.json"
    assert recognise(source).strength == 100

    _, outcome, rows = imported(tmp_path, source)

    assert (outcome.format, outcome.container, outcome.read) == ("bedrock_invocation_log", "json", 1)
    (row,) = rows
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (433 + 2752, 2752, 16)
    assert (row["workload"], row["latency_ms"], row["streamed"]) == ("nightly-enrichment", 1200, False)
