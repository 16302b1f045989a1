"""Deadlines and a cache that a batch would lose, through the whole analysis; every amount by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reports import parts
from reports.model import STAY, Part, WorkloadResult
from reports.report_tables import risk
from reports.workbench import Workbench
from tests.record_files import write_records

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2)
DOLLAR = 1_000_000


def usage(workload: str, **changes: Any) -> dict[str, Any]:
    """A day of 50,000 requests of 4,000 tokens in and 200 out on Claude Sonnet 4.5: 750 dollars."""
    return {
        "ts": START.isoformat(),
        "ts_end": (START + timedelta(days=1)).isoformat(),
        "grain": "bucket",
        "n_requests": 50_000,
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "workload": workload,
        "input_tokens": 200_000_000,
        "output_tokens": 10_000_000,
        "tier": "standard",
    } | changes


def bench_with(folder: Path, *records: dict[str, Any]) -> Workbench:
    bench = Workbench.open(folder / "workspace")
    outcome = bench.import_file(write_records(folder / "log.jsonl", *records))
    assert outcome.rejected == 0, outcome.first_rejects
    return bench


def judged(bench: Workbench, max_wait: str) -> WorkloadResult:
    bench.declare("w", author="Ada", user_waiting=False, max_wait=max_wait)
    return bench.analysis(AS_OF).workload("w")


def part_of(result: WorkloadResult) -> Part:
    (part,) = result.parts
    return part


# ---------------------------------------------------------------- a warm cache


WARM = usage("w", cache_read_tokens=199_996_000, cache_write_tokens=4_000)
AT_INPUT_PRICE = {
    "provider": "anthropic",
    "model": "claude-sonnet-4-5",
    "tier": "batch",
    "valid_from": "2026-11-18",
    "input_usd_per_mtok": "1.5",
    "cache_read_usd_per_mtok": "0.15",
    "cache_write_usd_per_mtok": "1.5",
    "output_usd_per_mtok": "7.5",
    "cache_rule": "priced",
}
"""A batch in which a missed token costs what its input costs, instead of 1.25 times that."""


@pytest.mark.parametrize(
    ("miss_factor", "hits", "lane"),
    [
        # 30 x + 375 (1 - x) + 75 = 210 dollars at x = 240/345; at 1x 30 x + 300 (1 - x) + 75 at 165/270.
        ("1.25", "0.695", STAY),
        ("1.25", "0.697", "batch+cache"),
        ("1", "0.610", STAY),
        ("1", "0.612", "batch+cache"),
    ],
)
def test_a_batch_loses_below_the_break_even_hit_rate_and_wins_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, miss_factor: str, hits: str, lane: str
) -> None:
    bench = bench_with(tmp_path, WARM)
    if miss_factor == "1":
        check = bench.check_prices([AT_INPUT_PRICE])
        assert check.problems == ()
        bench.apply_prices(check.rows, author="Ada", note="misses at the input price")
    monkeypatch.setattr(parts, "hit_range", lambda *_: (Decimal(hits), Decimal(hits)))
    result = judged(bench, "24h")
    part = part_of(result)
    # 199,996,000 reads at 0.3, 4,000 written at 3.75, 10 million out at 15
    assert part.current_micro_usd == Decimal("210013800")
    assert part.lane("batch").cost_micro_usd == 375 * DOLLAR
    assert (
        part.lane("batch+cache").cost_micro_usd
        == {
            "1.25": Decimal("105006900"),
            "1": Decimal("105005400"),
        }[miss_factor]
    )
    assert (result.verdict.label, result.recommended_lane) == ("batch", lane)
    needs = bench.lane_sheet(part, AS_OF).hits_a_batch_needs
    expected = {"1.25": Fraction(240, 345), "1": Fraction(165, 270)}[miss_factor]
    assert needs is not None
    # the 4,000 tokens that a cache write costs today move it by less than a thousandth
    assert abs(needs - expected) < Fraction(1, 1_000)


# ---------------------------------------------------------------- a deadline


@pytest.mark.parametrize(
    ("max_wait", "recommended", "said"),
    [
        # 750 dollars a day, half of it in a batch; a quarter is late at 12 h 30 min.
        ("750m", "batch", "even with 25 % of the answers late and run again"),
        ("24h", "batch", "meets its SLA."),
    ],
)
def test_the_deadline_is_priced(tmp_path: Path, max_wait: str, recommended: str, said: str) -> None:
    result = judged(bench_with(tmp_path, usage("w")), max_wait)
    batch = part_of(result).lane("batch")
    assert (result.recommended_lane, said in result.because) == (recommended, True)
    assert batch.cost_micro_usd == 375 * DOLLAR
    assert batch.projected is not None
    if max_wait == "24h":
        # 1 % runs again at the full price; at worst 5 %
        assert batch.projected.base == Decimal("378.75") * DOLLAR
        assert batch.projected.high == Decimal("393.75") * DOLLAR
        return
    assert batch.saving_once_micro_usd == Decimal("281.25") * DOLLAR
    assert batch.saving_twice_micro_usd == Decimal("187.5") * DOLLAR
    # at best 1 % expires nowhere; base 0.75 x 375 + 0.25 x 750; at worst half is late and billed twice
    dollars = [
        amount / DOLLAR for amount in (batch.projected.low, batch.projected.base, batch.projected.high)
    ]
    assert dollars == [Decimal(375), Decimal("468.75"), Decimal(750)]


def test_a_deadline_nobody_can_promise_keeps_it_where_it_is(tmp_path: Path) -> None:
    """OpenAI publishes its window alone, so within 8 h anything may happen."""
    result = judged(bench_with(tmp_path, usage("w", provider="openai", model="gpt-4o")), "8h")
    batch = part_of(result).lane("batch")
    assert (result.verdict.label, result.recommended_lane, batch.admissible) == ("batch", STAY, False)
    assert "how many batches of openai are back within 8 h" in (batch.why_not or "")
    assert "its deadline is at risk" in result.because


def test_ones_own_batches_settle_it(tmp_path: Path) -> None:
    """Twenty batches of an hour each, one of which took ten: one in twenty misses 8 h."""
    own = [
        {
            "ts": (START + timedelta(hours=12 * number)).isoformat(),
            "ts_end": (START + timedelta(hours=12 * number + (10 if number == 7 else 1))).isoformat(),
            "provider": "openai",
            "model": "gpt-4o",
            "workload": "other",
            "tier": "batch",
            "batch_id": f"b{number}",
            "grain": "bucket",
            "n_requests": 500,
            "input_tokens": 500_000,
            "output_tokens": 50_000,
        }
        for number in range(20)
    ]
    log = usage("w", provider="openai", model="gpt-4o")
    result = judged(bench_with(tmp_path, log, *own), "8h")
    batch = part_of(result).lane("batch")
    assert batch.risk is not None
    assert (batch.risk.miss.base, batch.risk.n_batches) == (Decimal("0.05"), 20)
    assert batch.risk.basis == "20 batches of your own; your log, 2026-11-02 to 2026-11-11"
    assert (result.recommended_lane, batch.admissible) == ("batch", True)
    # 200 x 2.5 + 10 x 10 = 600 dollars a day: 47.5 % of it when late answers are not billed, else 45 %
    assert batch.saving_once_micro_usd == 285 * DOLLAR
    assert batch.saving_twice_micro_usd == 270 * DOLLAR
    assert risk(result).endswith("; late 5 %")
