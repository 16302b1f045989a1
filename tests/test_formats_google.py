"""Gemini and Vertex AI: golden cases, and token sums that an independent reader agrees with."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.ingest import import_file, recognise
from data.store import Workspace
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import calls, cases, imported

FOLDERS = [folder / "exports" for folder in (COMMITTED_SAMPLES, full_samples()) if folder]


def count(usage: dict[str, Any], *keys: str) -> int:
    return sum(usage.get(key) or 0 for key in keys)


@pytest.fixture(params=FOLDERS, ids=["committed", "full"][: len(FOLDERS)])
def exports(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


def recorded(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_recorded_responses(exports: Path, tmp_path: Path) -> None:
    source = exports / "recorded_api_responses" / "gemini_generate_content.jsonl"
    bodies = [record["response"] for record in recorded(source)]
    answers = [body for body in bodies if "cachedContents/" not in body.get("name", "")]
    usages = [body["usageMetadata"] for body in answers]
    assert recognise(source).format == "gemini_responses"

    _, outcome, rows = imported(tmp_path, source)

    assert (len(bodies), outcome.read, outcome.accepted) == (218, 218, 216)
    assert outcome.reject_counts == {"cache_storage": 2}
    metered = [usage for usage in usages if "promptTokenCount" in usage]
    assert sum(row["input_tokens"] or 0 for row in rows) == sum(
        count(usage, "promptTokenCount", "toolUsePromptTokenCount") for usage in metered
    )
    assert sum(row["output_tokens"] or 0 for row in rows) == sum(
        count(usage, "candidatesTokenCount", "thoughtsTokenCount") for usage in usages
    )
    assert sum(row["cache_read_tokens"] or 0 for row in rows) == sum(
        count(usage, "cachedContentTokenCount") for usage in usages
    )
    # The two together are what Google calls the total, on every answer that names it.
    assert sum(row["input_tokens"] + row["output_tokens"] for row in rows if row["input_tokens"]) == sum(
        usage["totalTokenCount"] for usage in metered
    )
    unclear = [row for row in rows if row["token_basis"] == "ambiguous"]
    assert [(row["input_tokens"], row["output_tokens"]) for row in unclear] == [(None, 18 + 58)]
    blocked = [row for row in rows if row["status"] == "error"]
    assert [(row["call_id"], row["output_tokens"]) for row in blocked] == [("mSEXaseKG-P51PIPwv66qQs", None)]
    assert {(row["provider"], row["tier"]) for row in rows} == {
        ("gemini", "standard"),
        ("vertex_ai", "standard"),
        ("vertex_ai", "flex"),
    }
    vertex = sum("trafficType" in usage for usage in usages)
    assert sum(row["provider"] == "vertex_ai" for row in rows) == vertex == 57


def test_recorded_streams_count_their_last_event(exports: Path, tmp_path: Path) -> None:
    source = exports / "recorded_api_responses" / "gemini_sse.jsonl"
    lasts = [record["usage_bearing_events"][-1]["usageMetadata"] for record in recorded(source)]
    assert recognise(source).format == "gemini_sse"

    _, outcome, rows = imported(tmp_path, source)

    assert outcome.accepted == len(rows) == len(lasts) == 6
    assert [row["input_tokens"] for row in rows] == [
        count(usage, "promptTokenCount", "toolUsePromptTokenCount") for usage in lasts
    ]
    assert [row["output_tokens"] for row in rows] == [92 + 28, 5, 12, 47 + 787, 160 + 412, 10 + 202]
    assert all(row["streamed"] for row in rows)
    # Two streams count less at their end than before.
    assert [row["token_basis"] == "ambiguous" for row in rows] == [True, False, True, False, False, False]


def test_documented_batch_output(exports: Path, tmp_path: Path) -> None:
    source = exports / "vertex" / "batch_output.doc_shape.jsonl"
    found = recognise(source)
    assert (found.format, found.strength) == ("gemini_batch", 100)

    _, outcome, rows = imported(tmp_path, source)

    assert (outcome.read, outcome.accepted) == (2, 2)
    assert [(row["status"], row["tier"], row["input_tokens"], row["output_tokens"]) for row in rows] == [
        ("ok", "batch", 29180, 36),
        ("error", "batch", None, None),
    ]
    assert rows[0]["model"] == "gemini-2.0-flash-001"


def test_a_record_of_ones_own_with_a_key_is_no_batch_output(tmp_path: Path) -> None:
    answer = {"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3}}
    source = tmp_path / "own.jsonl"
    source.write_text(json.dumps({"key": "a", "latency_ms": 5, "response": answer}) + "\n", encoding="utf-8")
    assert recognise(source).format == "gemini_responses"


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    source = next(case for case in cases("gemini_responses") if case.name == "chunks") / "input.json"
    first = import_file(workspace, source)
    again = import_file(workspace, source)
    assert (first.calls, first.duplicates) == (2, 3)
    assert (again.dataset_id, again.duplicates) == (None, 5)
    assert len(calls(workspace)) == 2
