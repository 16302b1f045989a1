"""Real exports: every line accounted for, and token sums that an independent reader agrees with.

The whole files are used where the samples folder is there, else the slices committed under
`formats/`; both were recorded from real providers.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.ingest import import_file
from data.store import Workspace
from tests.formats_cases import calls

SLICES = Path(__file__).parent / "formats"
Tokens = tuple[int, int, int, int, int]
"""Input in total, cache read, cache write, cache write long, output."""


def _chat(record: dict[str, Any]) -> list[Tokens]:
    usage = record["response"]["usage"]
    details = usage.get("prompt_tokens_details") or {}
    return [
        (
            usage["prompt_tokens"],
            details.get("cached_tokens") or 0,
            details.get("cache_write_tokens") or 0,
            0,
            usage["completion_tokens"],
        )
    ]


def _responses(record: dict[str, Any]) -> list[Tokens]:
    usage = record["response"]["usage"]
    if usage is None:
        return []
    details = usage["input_tokens_details"]
    write = details.get("cache_write_tokens", 0)
    return [(usage["input_tokens"], details["cached_tokens"], write, 0, usage["output_tokens"])]


def _anthropic_counts(usage: dict[str, Any]) -> Tokens:
    read = usage.get("cache_read_input_tokens") or 0
    split = usage.get("cache_creation") or {
        "ephemeral_5m_input_tokens": usage.get("cache_creation_input_tokens") or 0,
        "ephemeral_1h_input_tokens": 0,
    }
    write, long = split["ephemeral_5m_input_tokens"], split["ephemeral_1h_input_tokens"]
    return usage["input_tokens"] + read + write + long, read, write, long, usage["output_tokens"]


def _anthropic(record: dict[str, Any]) -> list[Tokens]:
    usage = record["response"]["usage"]
    beside = [part for part in usage.get("iterations") or [] if part["type"] != "message"]
    return [_anthropic_counts(usage), *map(_anthropic_counts, beside)]


def _litellm(record: dict[str, Any]) -> list[Tokens]:
    usage = record.get("usage") or record
    return [(usage["prompt_tokens"], 0, 0, 0, usage["completion_tokens"])]


Case = tuple[str, str, str, Callable[[dict[str, Any]], list[Tokens]]]
CASES: list[Case] = [
    ("openai_chat", "recorded_api_responses/openai_chat.jsonl", "openai_chat/recorded/input.jsonl", _chat),
    (
        "openai_responses",
        "recorded_api_responses/openai_responses.jsonl",
        "openai_responses/recorded/input.jsonl",
        _responses,
    ),
    (
        "anthropic_messages",
        "recorded_api_responses/anthropic_messages.jsonl",
        "anthropic_messages/recorded/input.jsonl",
        _anthropic,
    ),
    (
        "anthropic_messages",
        "recorded_api_responses/anthropic_messages_via_other.jsonl",
        "anthropic_messages/recorded_on_bedrock/input.jsonl",
        _anthropic,
    ),
    (
        "litellm_spend",
        "litellm/litellm_proxy_sample.jsonl",
        "litellm_spend/proxy_callbacks/input.jsonl",
        _litellm,
    ),
    (
        "litellm_spend",
        "litellm/example_standard_logging_payload.json",
        "litellm_spend/callback/input.json",
        _litellm,
    ),
]


@pytest.fixture(params=CASES, ids=[case[1].rpartition("/")[2] for case in CASES])
def case(request: pytest.FixtureRequest, samples_dir: Path) -> tuple[str, Path, Callable[..., list[Tokens]]]:
    name, whole, slice_of_it, read = request.param
    path = samples_dir / "exports" / whole
    return name, path if path.exists() else SLICES / slice_of_it, read


def _records(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else [json.loads(text)]


def test_a_real_export(case: tuple[str, Path, Callable[..., list[Tokens]]], tmp_path: Path) -> None:
    name, path, read = case
    records = _records(path)
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, path)
    assert outcome.format == name
    assert outcome.read == len(records)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read

    expected = [read(record) for record in records]
    assert outcome.rejected == sum(not found for found in expected)
    assert outcome.duplicates == 0
    assert outcome.extra_calls == sum(len(found) - 1 for found in expected if found)

    found = calls(workspace)
    parts = (
        "input_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "cache_write_long_tokens",
        "output_tokens",
    )
    per_call = [tuple(call[part] for part in parts) for call in found]
    assert sorted(per_call) == sorted(tokens for tokens_of_row in expected for tokens in tokens_of_row)
    for call in found:
        cached = sum(call[part] for part in parts[1:4])
        assert 0 <= cached <= call["input_tokens"]
        assert all(call[part] >= 0 for part in parts)
        assert call["token_basis"] in {"inclusive", "exclusive"}


def test_queued_answers_are_listed_with_what_to_do(samples_dir: Path, tmp_path: Path) -> None:
    path = samples_dir / "exports" / "recorded_api_responses" / "openai_responses.jsonl"
    path = path if path.exists() else SLICES / "openai_responses" / "recorded" / "input.jsonl"
    waiting = [
        number for number, record in enumerate(_records(path), 1) if record["response"]["status"] == "queued"
    ]
    outcome = import_file(Workspace.open(tmp_path / "workspace"), path)
    assert outcome.reject_counts == {"no_usage_yet": len(waiting)}
    assert [reject.line for reject in outcome.first_rejects] == waiting
    assert all("Log it again once it has finished." in reject.reason for reject in outcome.first_rejects)


def test_litellm_costs_are_as_logged(samples_dir: Path, tmp_path: Path) -> None:
    path = samples_dir / "exports" / "litellm" / "litellm_proxy_sample.jsonl"
    path = path if path.exists() else SLICES / "litellm_spend" / "proxy_callbacks" / "input.jsonl"
    workspace = Workspace.open(tmp_path / "workspace")
    import_file(workspace, path)
    logged = [
        json.loads(line, parse_float=Decimal)["response_cost"] for line in path.read_text().splitlines()
    ]
    assert sorted(call["reported_cost_usd"] for call in calls(workspace)) == sorted(logged)


def test_every_labelled_workload_can_be_imported(samples_dir: Path, tmp_path: Path) -> None:
    """The last column of one row has a comma in it that nobody quoted; no row may be lost for it."""
    path = samples_dir.parent / "facts" / "labelled-workloads.csv"
    if not path.exists():
        path = tmp_path / "labelled-workloads.csv"
        path.write_text(
            "name,description,trigger,user_waiting,max_wait,sequential,requests_per_day,expected_label,why\n"
            'Moderation,"queued, published later",queue,no,4h,no,5000,batch,priced, not hidden\n'
        )
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, path)
    rows = len(path.read_text().splitlines()) - 1
    assert (outcome.read, outcome.accepted) == (rows, rows)
    assert len(workspace.declared()) == rows
    assert outcome.notice == "Ignored columns: expected_label, why."
