"""Recorded provider responses, end to end: every line accounted for, every dollar summed twice.

The second sum is made here, line by line with json, csv and Decimal, from the price rows of the
shipped file; it shares only the mapping of model names with the engine.
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.ingest import ImportOutcome
from pricing.table import PriceTable
from reports.workbench import Workbench, today
from tests.conftest import COMMITTED_SAMPLES, full_samples

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ("openai_chat.jsonl", "openai_responses.jsonl", "anthropic_messages.jsonl")
LITELLM = ("litellm_proxy_sample.jsonl", "example_standard_logging_payload.json")


def sources(samples_dir: Path) -> list[Path]:
    exports = samples_dir / "exports"
    return [exports / "recorded_api_responses" / name for name in RECORDED] + [
        exports / "litellm" / name for name in LITELLM
    ]


def documents(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return [json.loads(text)]
    return [json.loads(line) for line in text.splitlines() if line.strip()]


class Prices:
    """The shipped CSV read by hand: the row of a model, tier and band in force at an instant."""

    def __init__(self) -> None:
        with (ROOT / "pricing" / "tables" / "prices.csv").open(encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.table = PriceTable.shipped()

    def row(self, provider: str, model: str, tier: str, tokens_in: int, at: datetime) -> dict[str, str]:
        name = self.table.resolve(provider, model)
        fitting = [
            row
            for row in self.rows
            if (row["provider"], row["model"], row["tier"]) == (provider, name, tier)
            and int(row["min_prompt_tokens"]) <= tokens_in
            and (not row["valid_from"] or datetime.fromisoformat(row["valid_from"]) <= at)
            and (not row["valid_to"] or at < datetime.fromisoformat(row["valid_to"]))
        ]
        return max(fitting, key=lambda row: int(row["min_prompt_tokens"]))


def usd(row: dict[str, str], call: dict[str, Any]) -> Decimal:
    """One call at one row's prices, in micro-dollars."""

    def price(column: str, fallback: str) -> Decimal:
        return Decimal(row[f"{column}_usd_per_mtok"] or row[f"{fallback}_usd_per_mtok"] or "0")

    parts = call["read"] + call["write"] + call["write_long"]
    total: Decimal = (
        (call["input"] - parts) * price("input", "input")
        + call["read"] * price("cache_read", "input")
        + call["write"] * price("cache_write", "input")
        + call["write_long"] * price("cache_write_long", "input")
        + call["output"] * price("output", "output")
    )
    return total


def calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The calls of one recorded line; none when it has no usage."""
    if "call_type" in document:
        yield from litellm_calls(document)
        return
    body = document["response"]
    usage = body.get("usage")
    if usage is None:
        return
    tier = {
        None: "standard",
        "default": "standard",
        "standard": "standard",
        "auto": "standard",
        "priority": "priority",
    }
    base: dict[str, Any] = {
        "model": body["model"],
        "tier": tier[body.get("service_tier") or usage.get("service_tier")],
    }
    if body.get("type") == "message":
        base |= {"provider": "anthropic", "at": recorded(document)}
        yield base | anthropic_tokens(usage)
        for sub in usage.get("iterations") or []:
            if sub["type"] != "message":
                yield base | {"model": sub["model"]} | anthropic_tokens(sub)
        return
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    base |= {
        "provider": "openai",
        "at": datetime.fromtimestamp(body.get("created") or body["created_at"], UTC),
    }
    yield base | {
        "input": usage.get("prompt_tokens", usage.get("input_tokens")),
        "read": details.get("cached_tokens") or 0,
        "write": details.get("cache_write_tokens") or 0,
        "write_long": 0,
        "output": usage.get("completion_tokens", usage.get("output_tokens", 0)) or 0,
    }


def recorded(document: dict[str, Any]) -> datetime | None:
    return parsedate_to_datetime(document["recorded_at"]) if document["recorded_at"] else None


def anthropic_tokens(usage: dict[str, Any]) -> dict[str, int]:
    creation = usage.get("cache_creation") or {}
    long = creation.get("ephemeral_1h_input_tokens", 0)
    write = creation.get("ephemeral_5m_input_tokens", usage.get("cache_creation_input_tokens") or 0)
    read = usage.get("cache_read_input_tokens") or 0
    return {
        "input": usage["input_tokens"] + read + write + long,
        "read": read,
        "write": write,
        "write_long": long,
        "output": usage["output_tokens"],
    }


def litellm_calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    usage = document.get("usage") or document
    start = document["startTime"]
    yield {
        "provider": document.get("custom_llm_provider")
        or ("anthropic" if "claude" in document["model"] else "openai"),
        "model": document["model"],
        "tier": "standard",
        "at": datetime.fromtimestamp(start, UTC)
        if isinstance(start, float)
        else datetime.fromisoformat(start),
        "input": usage["prompt_tokens"],
        "read": 0,
        "write": 0,
        "write_long": 0,
        "output": usage["completion_tokens"],
    }


@pytest.fixture(scope="module", params=[folder for folder in (COMMITTED_SAMPLES, full_samples()) if folder])
def imported(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, tuple[Workbench, Path, ImportOutcome]]:
    found = {}
    for path in sources(request.param):
        bench = Workbench.open(tmp_path_factory.mktemp("real") / "workspace")
        found[path.name] = (bench, path, bench.import_file(path))
    return found


@pytest.mark.parametrize("name", [*RECORDED, *LITELLM])
def test_every_line_is_accounted_for(
    imported: dict[str, tuple[Workbench, Path, ImportOutcome]], name: str
) -> None:
    _, path, outcome = imported[name]
    lines = len(documents(path))
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read == lines
    with_usage = sum(1 for document in documents(path) for _ in list(calls(document))[:1])
    assert outcome.accepted + outcome.duplicates == with_usage
    assert outcome.rejected == lines - with_usage


@pytest.mark.parametrize("name", [*RECORDED, *LITELLM])
def test_every_accepted_row_satisfies_the_token_identity(
    imported: dict[str, tuple[Workbench, Path, ImportOutcome]], name: str
) -> None:
    bench, _, outcome = imported[name]
    assert outcome.dataset_id is not None
    rows = pq.read_table(bench.workspace.path / "datasets" / outcome.dataset_id / "calls").to_pylist()
    assert len(rows) == outcome.calls > 0
    for row in rows:
        parts = [
            row[part] or 0 for part in ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")
        ]
        assert all(part >= 0 for part in parts), row["call_id"]
        assert sum(parts) <= row["input_tokens"], row["call_id"]
        assert row["output_tokens"] >= 0


@pytest.mark.parametrize("name", [*RECORDED, *LITELLM])
def test_the_total_cost_equals_an_independent_sum(
    imported: dict[str, tuple[Workbench, Path, ImportOutcome]], name: str
) -> None:
    bench, path, outcome = imported[name]
    assert outcome.dataset_id is not None
    assert outcome.duplicates == 0
    cost, covered = bench.import_cost(outcome.dataset_id)
    assert covered.complete
    prices = Prices()
    total = Decimal(0)
    for document in documents(path):
        for call in calls(document):
            at = call["at"].astimezone(UTC).replace(tzinfo=None) if call["at"] is not None else today()
            row = prices.row(call["provider"], call["model"], call["tier"], call["input"], at)
            total += usd(row, call)
    assert cost == total


def test_queued_responses_are_listed_and_not_costed(
    imported: dict[str, tuple[Workbench, Path, ImportOutcome]],
) -> None:
    _, _, outcome = imported["openai_responses.jsonl"]
    assert outcome.reject_counts == {"no_usage_yet": 2}
    assert all("no usage" in reject.reason for reject in outcome.first_rejects)
