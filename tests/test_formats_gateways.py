"""Gateways, consoles and engines: OpenRouter, LiteLLM's daily sums, DeepSeek, vLLM."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.errors import UnreadableFileError
from data.ingest import import_file, recognise
from data.store import Workspace
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import FORMATS, calls, imported

FOLDERS = [folder / "exports" for folder in (COMMITTED_SAMPLES, full_samples()) if folder]


@pytest.mark.parametrize("exports", FOLDERS)
def test_recorded_openrouter_answers(exports: Path, tmp_path: Path) -> None:
    source = exports / "recorded_api_responses" / "openrouter_chat.jsonl"
    text = source.read_text(encoding="utf-8")
    bodies = [json.loads(line, parse_float=Decimal)["response"] for line in text.splitlines()]
    found = recognise(source)
    assert (found.format, found.strength) == ("openrouter_chat", 100)

    _, outcome, rows = imported(tmp_path, source)

    assert outcome.read == outcome.accepted == len(rows) == len(bodies) == 28
    for row, body in zip(rows, bodies, strict=True):
        usage = body["usage"]
        details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
        assert row["input_tokens"] == usage.get("prompt_tokens", usage.get("input_tokens"))
        assert row["output_tokens"] == usage.get("completion_tokens", usage.get("output_tokens"))
        assert row["input_tokens"] + row["output_tokens"] == usage["total_tokens"]
        assert row["cache_read_tokens"] == details.get("cached_tokens", 0)
        assert row["cache_write_tokens"] == details.get("cache_write_tokens", 0)
        own_key = usage["cost_details"]["upstream_inference_cost"] if usage.get("is_byok") else 0
        cost = usage.get("cost")
        assert row["reported_cost_usd"] == (None if cost is None else cost + own_key)
    assert {row["provider"] for row in rows} == {"openrouter"}
    assert {row["tier"] for row in rows} == {"standard"}


@pytest.mark.parametrize("exports", FOLDERS)
def test_openrouter_exports(exports: Path, tmp_path: Path) -> None:
    folder = exports / "openrouter"
    daily = folder / "activity_daily_aggregate.header_and_2_rows.csv"
    assert recognise(daily).format == "openrouter_daily"
    _, outcome, rows = imported(tmp_path, daily)
    with daily.open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert sum(row["n_requests"] for row in rows) == sum(int(row["Requests"]) for row in told) == 8369
    assert sum(row["input_tokens"] for row in rows) == sum(int(row["Prompt Tokens"]) for row in told)
    assert sum(row["reported_cost_usd"] for row in rows) == Decimal("430.07") + Decimal("505.87")
    assert {row["grain"] for row in rows} == {"bucket"}
    assert outcome.notice is not None
    assert "does not say which tokens were read from a cache" in outcome.notice

    header = folder / "activity_generation_export.header.csv"
    assert recognise(header).format == "openrouter_generations"
    with pytest.raises(UnreadableFileError, match="nothing below it"):
        import_file(Workspace.open(tmp_path / "other"), header)


def test_a_day_exported_again_is_found_again(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    header = "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n"
    day = tmp_path / "day.csv"
    day.write_text(header + "2026-05-12,a/b,1,0,10,100,10,0\n", encoding="utf-8")
    later = tmp_path / "later.csv"
    later.write_text(
        header + "2026-05-12,a/b,2,0,20,200,20,0\n2026-05-13,a/b,3,0,30,300,30,0\n", encoding="utf-8"
    )
    assert import_file(workspace, day).calls == 1
    outcome = import_file(workspace, later)
    assert (outcome.calls, outcome.duplicates) == (1, 1)
    assert sum(row["input_tokens"] for row in calls(workspace)) == 400


def test_litellm_pages_are_counted_once(tmp_path: Path) -> None:
    source = FORMATS / "litellm_daily" / "page" / "input.json"
    _, outcome, rows = imported(tmp_path, source)
    page = json.loads(source.read_text(encoding="utf-8"))
    models = page["results"][0]["breakdown"]["models"]
    assert sum(row["input_tokens"] for row in rows) == sum(
        m["metrics"]["prompt_tokens"] for m in models.values()
    )
    assert sum(row["reported_cost_usd"] for row in rows) == 41
    assert (outcome.read, outcome.accepted, outcome.rejected, outcome.calls) == (5, 4, 1, 3)


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_litellm_daily_rows_as_json(tmp_path: Path, kind: str) -> None:
    row: dict[str, Any] = {
        "date": "2026-06-01",
        "tag": "nightly",
        "api_key": "h",
        "model": "gpt-4o",
        "custom_llm_provider": "azure",
        "spend": 0.5,
        "prompt_tokens": 1000,
        "completion_tokens": 50,
        "api_requests": 3,
        "cache_read_input_tokens": 200,
    }
    rows = [row, row | {"date": "2026-06-02"}]
    source = tmp_path / f"daily.{kind}"
    text = json.dumps(rows) if kind == "json" else "\n".join(map(json.dumps, rows))
    source.write_text(text, encoding="utf-8")
    assert recognise(source).format == "litellm_daily"
    _, outcome, found = imported(tmp_path, source)
    assert [(r["provider"], r["workload"], r["n_requests"], r["cache_read_tokens"]) for r in found] == [
        ("azure", "nightly", 3, 200)
    ] * 2
    assert outcome.notice == (
        "Sums by tag: 2 rows. A request with several tags is counted once for each of them."
    )


def test_deepseek_rows_of_a_bucket_in_any_order(tmp_path: Path) -> None:
    case = FORMATS / "deepseek_console" / "days"
    header, *lines = (case / "input.csv").read_bytes().decode("utf-8-sig").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    counted = {}
    for name, source in (("as it is", case / "input.csv"), ("turned", turned)):
        _, outcome, rows = imported(tmp_path / name, source)
        assert (outcome.read, outcome.rejected, outcome.calls) == (14, 4, 4)
        counted[name] = sorted(
            (str(row["ts"]), row["model"], row["input_tokens"], row["output_tokens"], row["n_requests"])
            for row in rows
        )
    assert counted["turned"] == counted["as it is"]
    workspace = Workspace.open(tmp_path / "twice")
    import_file(workspace, case / "input.csv")
    assert import_file(workspace, turned).dataset_id is None


def test_what_a_deepseek_export_does_not_say_is_said(tmp_path: Path) -> None:
    _, outcome, _ = imported(tmp_path, FORMATS / "deepseek_console" / "days" / "input.csv")
    assert outcome.notice == (
        "Not billed by the token: 1 row of images, speech, searches, storage, moderation or their like. "
        "They are no calls and take no part in the costs. "
        "No number of requests in 2 rows, each counted as one request: tokens and costs hold, "
        "figures per request do not."
    )


def test_a_long_deepseek_file_keeps_its_line_numbers(tmp_path: Path) -> None:
    lines = ["utc_date,model,api_key_name,type,price,amount"]
    for day in range(1, 29):
        for key in range(200):
            date = f"2026-02-{day:02d}"
            lines += [f"{date},m,k{key},{kind},1,{day}" for kind in ("output_tokens", "request_count")]
    lines[7777] = lines[7777].rsplit(",", 1)[0] + ",many"
    source = tmp_path / "amount.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, outcome, rows = imported(tmp_path, source)
    assert outcome.read == 28 * 200 * 2
    assert len(rows) == 28 * 200 - 1
    assert {reject.line: reject.code for reject in outcome.first_rejects} == {
        7778: "not_a_whole_number",
        7779: "broken_bucket",
    }


def test_vllm_parquet_is_read_too(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    row = {
        "request_id": "r1",
        "arrival_time": 1760000000.5,
        "queued_ts": 10.0,
        "first_token_ts": 10.5,
        "last_token_ts": 12.0,
        "input_toks": 100,
        "output_toks": 20,
    }
    source = tmp_path / "requests.parquet"
    pq.write_table(pa.Table.from_pylist([row]), source)
    assert recognise(source).format == "vllm_requests"
    _, _, rows = imported(tmp_path, source)
    assert [(r["latency_ms"], r["ttft_ms"], r["input_tokens"]) for r in rows] == [(2000, 500, 100)]
