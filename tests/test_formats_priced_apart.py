"""What one log calls alike and a provider charges apart: fast mode, Priority Tier, regions, audio."""

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.ingest import ImportOutcome, import_file
from data.store import Workspace
from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from reports.workbench import Workbench

AT = "2026-11-01T10:00:00Z"
EVENTS = [
    {"type": "message_delta", "usage": {"output_tokens": 100}},
]


def _message(**usage: Any) -> dict[str, Any]:
    """1,000 uncached tokens in and 100 out of a model at $5 and $25, in fast mode at $10 and $50."""
    counts = {"input_tokens": 1000, "output_tokens": 100}
    return {"id": "msg_1", "type": "message", "model": "claude-opus-5", "usage": counts | usage}


def _imported(folder: Path, *records: dict[str, Any]) -> tuple[Workbench, ImportOutcome]:
    file = folder / "log.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    bench = Workbench(Workspace.open(folder / "workspace"))
    return bench, import_file(bench.workspace, file)


def _billed(bench: Workbench) -> Decimal | None:
    undated = datetime(2026, 11, 1)
    found = lane_costs(
        bench.cube(), bench.prices(), group_by=(), as_of=None, undated_as_of=undated, lanes=(AS_BILLED,)
    )
    cost: Decimal | None = found.to_pylist()[0]["cost_micro_usd"]
    return cost


def test_fast_mode_of_messages_and_streams_costs_twice_the_standard_price(tmp_path: Path) -> None:
    start = {"type": "message_start", "message": _message(speed="fast", service_tier="standard")}
    for name, record in (
        ("message", {"timestamp": AT, "response": _message(speed="fast", service_tier="standard")}),
        ("stream", {"timestamp": AT, "events": [start, *EVENTS]}),
    ):
        (tmp_path / name).mkdir()
        bench, _ = _imported(tmp_path / name, record)
        # 1,000 x $10 + 100 x $50 a million
        assert _billed(bench) == 15_000


def test_priority_tier_is_paid_in_advance_and_never_takes_the_price_of_fast_mode(tmp_path: Path) -> None:
    _, outcome = _imported(tmp_path, {"timestamp": AT, "response": _message(service_tier="priority")})
    assert outcome.reject_counts == {"prepaid_capacity": 1}


@pytest.mark.parametrize(("geo", "is_told"), [("us", True), ("global", False), (None, False)])
def test_a_dearer_region_is_told(geo: str | None, is_told: bool, tmp_path: Path) -> None:
    _, outcome = _imported(tmp_path, {"timestamp": AT, "response": _message(inference_geo=geo)})
    assert ("inference_geo" in (outcome.notice or "")) == is_told


def test_audio_in_a_prompt_is_told(tmp_path: Path) -> None:
    def answer(name: str, modality: object) -> dict[str, Any]:
        usage = {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}
        details = [{"modality": "TEXT", "tokenCount": 4}, {"modality": modality, "tokenCount": 5}]
        body = {"responseId": name, "modelVersion": "gemini-2.5-flash"}
        return {
            "timestamp": AT,
            "response": body | {"usageMetadata": usage | {"promptTokensDetails": details}},
        }

    _, outcome = _imported(tmp_path, answer("a", "AUDIO"), answer("b", 4), answer("c", "IMAGE"))
    assert outcome.calls == 3
    assert "Audio in the prompts of 2 rows." in (outcome.notice or "")


@pytest.mark.parametrize("prefix", ["chatcmpl-", "gen-1790000000-"])
def test_of_the_pieces_of_a_stream_that_count_so_far_the_last_one_holds(prefix: str, tmp_path: Path) -> None:
    piece = {
        "id": f"{prefix}Aa1Bb2Cc3Dd4Ee5Ff6G",
        "object": "chat.completion.chunk",
        "model": "openai/gpt-4o",
    }
    pieces = [
        piece | {"usage": {"prompt_tokens": 1000, "completion_tokens": n, "total_tokens": 1000 + n}}
        for n in (1, 50, 100)
    ]
    bench, outcome = _imported(tmp_path, *pieces)
    assert (outcome.read, outcome.accepted, outcome.duplicates) == (3, 1, 2)
    # 1,000 x $2.50 + 100 x $10 a million
    assert _billed(bench) == 3_500


@pytest.mark.parametrize(
    ("named", "tier"),
    [
        ("Flex", "flex"),
        ("Fast mode", "priority"),
        ("Flex, large context", "flex"),
        ("Large context (> 272K)", "standard"),
        ("Standard", "standard"),
        (None, "standard"),
    ],
)
def test_langfuse_names_the_tier_that_priced_a_call(named: str | None, tier: str, tmp_path: Path) -> None:
    observation = {
        "id": "o1",
        "traceId": "t",
        "type": "GENERATION",
        "startTime": AT,
        "model": "gpt-5.4",
        "usageDetails": {"input": 1000, "output": 100, "total": 1100},
        "usagePricingTierName": named,
    }
    bench, outcome = _imported(tmp_path, observation)
    assert outcome.rejected == 0
    assert bench.cube()["tier"].to_pylist() == [tier]


def test_litellm_rows_of_a_dump_with_json_inside_a_json_string_keep_their_cached_tokens(
    tmp_path: Path,
) -> None:
    details = {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200}
    usage = {
        "cache_read_input_tokens": 800,
        "cache_creation_input_tokens": 300,
        "prompt_tokens_details": {"cache_creation_token_details": details},
    }
    row = {
        "request_id": "r1",
        "call_type": "anthropic_messages",
        "startTime": "2026-11-01 00:00:00+00",
        "endTime": "2026-11-01 00:00:02+00",
        "model": "claude-opus-5",
        "custom_llm_provider": "anthropic",
        "prompt_tokens": "2000",
        "completion_tokens": "100",
        "spend": "0.010025",
        "request_tags": json.dumps(json.dumps(["Enrichment"])),
        "metadata": json.dumps(json.dumps({"additional_usage_values": usage})),
    }
    with (tmp_path / "spend.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row)
    bench = Workbench(Workspace.open(tmp_path / "workspace"))
    assert import_file(bench.workspace, tmp_path / "spend.csv").calls == 1
    assert bench.cube()["workload"].to_pylist() == ["Enrichment"]
    # 900 x $5 + 800 x $0.50 + 100 x $6.25 + 200 x $10 + 100 x $25 a million
    assert _billed(bench) == 10_025
