"""Published cost examples, from a workload description to the figures on the page.

`golden/worked_examples.json` holds the expected figures and says where the published ones are
wrong. Every case that a description can express is here. The others are budgets, re-runs, shares of
a bill and a recorded batch job, which are not properties of one described workload.
"""

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.format import dollars
from reports.model import Analysis, Part
from reports.workbench import Workbench

GOLDEN = Path(__file__).parent / "golden" / "worked_examples.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(GOLDEN.read_text(encoding="utf-8"))
}
AS_OF = datetime(2026, 11, 20)

SONNET = ("anthropic", "claude-sonnet-4-5")
GPT_4O = ("openai", "gpt-4o")
SMALL = ("openai", "text-embedding-3-small")
LARGE = ("openai", "text-embedding-3-large")

# id -> (provider, model, requests a run, runs a year, input a request, shared prefix, output a request)
DESCRIBED: dict[str, tuple[str, str, int, int, int, int, int]] = {
    "rg.intent": (*GPT_4O, 10_000, 365, 500, 0, 50),
    "rg.docs": (*GPT_4O, 10_000, 365, 2_000, 0, 500),
    "rg.embed_weekly": (*SMALL, 500_000, 52, 300, 0, 0),
    "rg.embed_10x_large": (*LARGE, 5_000_000, 52, 300, 0, 0),
    "rg.eval": ("anthropic", "claude-3-5-sonnet-20241022", 5_000, 365, 1_500, 0, 200),
    "rg.crm": ("anthropic", "claude-3-haiku-20240307", 20_000, 365, 800, 0, 150),
    "stack.1": (*SONNET, 50_000, 365, 4_000, 4_000, 200),
    "stack.2": (*SONNET, 50_000, 365, 6_000, 4_000, 200),
    "stack.3": (*SONNET, 50_000, 365, 4_000, 4_000, 100),
    "stack.4": (*SONNET, 200_000, 365, 1_800, 1_500, 50),
    "stack.6": (*SONNET, 100_000, 365, 3_000, 3_000, 500),
    "stack.9": (*GPT_4O, 50_000, 365, 4_000, 4_000, 200),
}


def describe(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "workloads.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(name: str, spec: tuple[str, str, int, int, int, int, int]) -> dict[str, object]:
    provider, model, requests, runs, tokens_in, prefix, tokens_out = spec
    return {
        "name": name,
        "trigger": "schedule",
        "user_waiting": "no",
        "max_wait": "24h",
        "provider": provider,
        "model": model,
        "requests_per_run": requests,
        "runs_per_year": runs,
        "input_tokens": tokens_in,
        "shared_prefix_tokens": prefix,
        "output_tokens": tokens_out,
    }


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("examples")
    bench = Workbench.open(folder / "workspace")
    extra = {
        "004.10B": ("gemini", "gemini-2.5-pro", 1_000_000, 1, 10_000, 0, 0),
        "004.embed.small": (*SMALL, 100_000_000, 1, 1_000, 0, 0),
        "004.embed.large": (*LARGE, 100_000_000, 1, 1_000, 0, 0),
        "004.embed.gemini": ("gemini", "gemini-embedding-001", 100_000_000, 1, 1_000, 0, 0),
    }
    rows = [row(name, spec) for name, spec in {**DESCRIBED, **extra}.items()]
    outcome = bench.import_file(describe(folder, rows))
    assert (outcome.accepted, outcome.rejected) == (len(rows), 0), outcome.first_rejects
    return bench.analysis(AS_OF)


def part(analysis: Analysis, name: str) -> Part:
    (only,) = analysis.workload(name).parts
    return only


def lane_usd(analysis: Analysis, name: str, lane: str) -> Decimal:
    cost = part(analysis, name).lane(lane).cost_micro_usd
    assert cost is not None, part(analysis, name).lane(lane).reason
    return dollars(cost)


LANES = {"sync": "sync", "sync_cache": "sync+cache", "batch": "batch", "batch_cache": "batch+cache"}


@pytest.mark.parametrize("case_id", sorted(DESCRIBED))
def test_lane_costs_of_one_run(analysis: Analysis, case_id: str) -> None:
    expected = CASES[case_id]["expected"]
    for key, lane in LANES.items():
        if key in expected:
            # The published figures are rounded to a hundredth of a cent.
            got = lane_usd(analysis, case_id, lane).quantize(Decimal("0.0001"))
            assert got == Decimal(str(expected[key])).quantize(Decimal("0.0001")), lane


@pytest.mark.parametrize(
    "case_id", [case for case in sorted(DESCRIBED) if "annual_saving" in CASES[case]["expected"]]
)
def test_yearly_saving_of_the_batch_lane(analysis: Analysis, case_id: str) -> None:
    factor = part(analysis, case_id).year_factor
    assert factor is not None
    saved = (lane_usd(analysis, case_id, "sync") - lane_usd(analysis, case_id, "batch")) * factor
    expected = Decimal(str(CASES[case_id]["expected"]["annual_saving"]))
    assert saved.quantize(Decimal("0.01")) == expected.quantize(Decimal("0.01"))


def test_the_weekly_row_is_weekly(analysis: Analysis) -> None:
    weekly = lane_usd(analysis, "rg.embed_weekly", "sync") - lane_usd(analysis, "rg.embed_weekly", "batch")
    expected = CASES["rg.embed_header"]["expected"]
    assert weekly * 52 == Decimal(str(expected["if_weekly"]))
    assert weekly * 365 == Decimal(str(expected["if_nightly"]))


def test_the_night_of_the_embedding_run_costs_more_than_the_others(analysis: Analysis) -> None:
    other = lane_usd(analysis, "rg.intent", "batch") + lane_usd(analysis, "rg.docs", "batch")
    expected = CASES["rg.batch_budget"]["expected"]
    assert other == Decimal(str(expected["other_nights"]))
    assert other + lane_usd(analysis, "rg.embed_weekly", "batch") == Decimal(str(expected["embed_night"]))


def test_ten_billion_tokens_of_gemini(analysis: Analysis) -> None:
    sync, batch = (Decimal(str(amount)) for amount in CASES["004.10B"]["expected"])
    assert (lane_usd(analysis, "004.10B", "sync"), lane_usd(analysis, "004.10B", "batch")) == (sync, batch)


@pytest.mark.parametrize("size", ["small", "large", "gemini"])
def test_a_hundred_billion_tokens_of_embeddings(analysis: Analysis, size: str) -> None:
    batch, sync = (Decimal(str(amount)) for amount in CASES["004.embed"]["expected"][size])
    name = f"004.embed.{size}"
    assert (lane_usd(analysis, name, "sync"), lane_usd(analysis, name, "batch")) == (sync, batch)
