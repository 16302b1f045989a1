import csv
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.schema import TIERS as DATA_TIERS
from pricing.model import LANES
from pricing.model import TIERS as PRICE_TIERS
from reports.format import LANE_TITLES, dollars
from reports.model import STAY, Analysis
from reports.recommend import SIMPLEST_FIRST, TIER_OF_LANE
from reports.workbench import Workbench
from tests.make_calls import write_four_configuration_calls
from triage.model import TIERS as TRIAGE_TIERS

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2)


def call(number: int, **values: object) -> dict[str, object]:
    """One plain call in Lanewise's own record: an hour apart, 1,000 in, 100 out, gpt-4o."""
    return {
        "call_id": f"c{number}",
        "ts": (START + timedelta(hours=number)).isoformat(),
        "provider": "openai",
        "model": "gpt-4o",
        "workload": "w",
        "input_tokens": 1_000,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "cache_write_long_tokens": 0,
        "output_tokens": 100,
        "tier": "standard",
        "status": "ok",
    } | values


def bench_with(folder: Path, calls: list[dict[str, object]]) -> Workbench:
    bench = Workbench.open(folder / "workspace")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(item) + "\n" for item in calls))
    outcome = bench.import_file(log)
    assert outcome.rejected == 0, outcome.first_rejects
    return bench


def describe(bench: Workbench, folder: Path, row: dict[str, object]) -> None:
    path = folder / f"described-{row['name']}.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(row))
        writer.writeheader()
        writer.writerow(row)
    outcome = bench.import_file(path)
    assert outcome.accepted == 1, outcome.first_rejects


def test_the_packages_share_one_vocabulary() -> None:
    assert set(DATA_TIERS) == set(PRICE_TIERS) == set(TRIAGE_TIERS)
    assert set(TIER_OF_LANE) == set(LANES) == set(SIMPLEST_FIRST)
    # nothing is moved to the dearest tier, so it is no lane
    assert set(TIER_OF_LANE.values()) == set(PRICE_TIERS) - {"ultrafast"}
    assert set(LANES) <= set(LANE_TITLES)


def test_four_configurations_from_fifty_thousand_calls(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    bench.import_file(write_four_configuration_calls(tmp_path / "calls.parquet"))
    (part,) = bench.analysis(AS_OF).workload("four-configurations").parts
    costs = {lane: part.lane(lane).cost_micro_usd for lane in ("sync", "sync+cache", "batch", "batch+cache")}
    assert costs == {
        "sync": Decimal("750000000"),
        "sync+cache": Decimal("210013800"),
        "batch": Decimal("375000000"),
        "batch+cache": Decimal("105006900"),
    }


@pytest.mark.parametrize(
    ("provider", "model", "expected"),
    [
        # Cached tokens cost what input costs in the batch, so batch with cache is batch.
        ("openai", "gpt-4o", (Decimal("1250") + 1000, Decimal("1250") + 1000)),
        # The cached rate stays the standard one: 400 x 0.15 + 600 x 0.03 + 100 x 1.25.
        ("gemini", "gemini-2.5-flash", (Decimal(150) + 125, Decimal(60) + 18 + 125)),
        # Both discounts apply: 400 x 1.5 + 600 x 0.15 + 100 x 7.5.
        ("anthropic", "claude-sonnet-4-5", (Decimal(1500) + 750, Decimal(600) + 90 + 750)),
    ],
)
def test_stacking_follows_the_model(
    tmp_path: Path, provider: str, model: str, expected: tuple[Decimal, Decimal]
) -> None:
    tokens_out = 200 if model == "gpt-4o" else 100
    item = call(0, provider=provider, model=model, cache_read_tokens=600, output_tokens=tokens_out)
    (part,) = bench_with(tmp_path, [item]).analysis(AS_OF).workload("w").parts
    assert (part.lane("batch").cost_micro_usd, part.lane("batch+cache").cost_micro_usd) == expected


def test_a_model_without_flex_shows_no_flex_cost_and_says_why(tmp_path: Path) -> None:
    (part,) = bench_with(tmp_path, [call(0)]).analysis(AS_OF).workload("w").parts
    lane = part.lane("flex")
    assert lane.cost_micro_usd is None
    assert lane.projected is None
    assert lane.reason_code == "tier_not_offered"
    assert "flex" in (lane.reason or "")
    assert "gpt-4o" in (lane.reason or "")


def test_an_unpriced_model_is_listed_and_never_zero(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(0), call(1, model="made-up-9", workload="mystery")])
    analysis = bench.analysis(AS_OF)
    mystery = analysis.workload("mystery")
    assert mystery.billed_micro_usd is None
    assert mystery.complete is False
    assert [(u.model, u.n_requests, u.tokens) for u in analysis.unpriced] == [("made-up-9", 1, 1_100)]
    assert analysis.coverage.complete is False
    assert analysis.coverage.share_of_tokens == 0.5


def test_undated_calls_are_spent_and_not_projected(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(0, ts=None, workload="undated"), call(1)])
    analysis = bench.analysis(AS_OF)
    undated = analysis.workload("undated")
    assert undated.billed_micro_usd == Decimal(1_000) * Decimal("2.5") + 100 * 10
    assert undated.saving_per_year.base == 0
    assert undated.current_per_year_micro_usd is None
    assert undated.parts[0].year_factor is None
    assert {item.what: item.count for item in analysis.not_counted}["Calls without a time"] == 1


def test_failed_calls_without_usage_cost_nothing_and_succeeded_ones_are_unknown(tmp_path: Path) -> None:
    none: dict[str, Any] = dict.fromkeys(
        (
            "input_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "cache_write_long_tokens",
            "output_tokens",
        )
    )
    bench = bench_with(
        tmp_path,
        [call(0), call(1, status="error", **none), call(2, **none), call(3, status="expired", **none)],
    )
    analysis = bench.analysis(AS_OF)
    assert analysis.totals.billed_micro_usd == Decimal(3_500)
    counted = {item.what: item.count for item in analysis.not_counted}
    assert counted["Failed calls without usage"] == 2
    assert counted["Calls without token counts"] == 1
    assert analysis.coverage.complete is False


def test_spend_is_the_same_by_day_by_workload_and_by_label(tmp_path: Path) -> None:
    calls = [call(n, workload=f"w{n % 3}", model=("gpt-4o", "gpt-4o-mini")[n % 2]) for n in range(60)]
    analysis = bench_with(tmp_path, calls).analysis(AS_OF)
    total = analysis.totals.billed_micro_usd
    # 30 calls of each: 1,000 x 2.5 + 100 x 10 and 1,000 x 0.15 + 100 x 0.6.
    assert total == 30 * (Decimal(3_500) + Decimal(210))
    assert sum(day.cost_micro_usd or 0 for day in analysis.days) == total
    assert sum(result.billed_micro_usd or 0 for result in analysis.workloads) == total
    assert sum(analysis.totals.spend_by_label.values()) == total


def test_a_year_is_8760_hours_over_the_hours_of_the_log(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(0), call(335)])  # two weeks to the hour
    (part,) = bench.analysis(AS_OF).workload("w").parts
    assert part.year_factor is not None
    assert abs(part.year_factor * 336 - 8760) < Decimal("1E-20")


def test_declaring_a_wait_moves_the_label_the_lane_and_the_saving(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(336)])
    before = bench.analysis(AS_OF).workload("w")
    assert before.verdict.label == "unknown"
    assert before.recommended_lane == STAY
    assert before.saving_per_year.base == 0
    assert before.verdict.question
    # 336 calls in two weeks are 24 a day; a nightly run of a fortnight's calls is worth moving.
    describe(bench, tmp_path, {"name": "w", "requests_per_run": "336", "runs_per_year": "26"})
    bench.declare("w", author="Ada", user_waiting=False, max_wait="24h", trigger="schedule", sequential=False)
    after = bench.analysis(AS_OF).workload("w")
    assert after.verdict.label == "batch"
    assert after.recommended_lane == "batch"
    # Half of 3,500 micro-dollars a call, less the 1 % that is assumed to run again at full cost.
    yearly = 336 * Decimal(3_500) * Decimal(8760) / Decimal(336)
    assert after.saving_per_year.high == yearly / 2
    assert after.saving_per_year.base == yearly - (yearly / 2 * Decimal("0.99") + yearly * Decimal("0.01"))
    assert next(version.author for version in bench.declaration_history()) == "Ada"


def test_a_workload_both_described_and_logged_counts_once(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(24)])
    alone = bench.analysis(AS_OF).totals
    describe(
        bench,
        tmp_path,
        {
            "name": "w",
            "provider": "openai",
            "model": "gpt-4o",
            "requests_per_day": 1_000_000,
            "input_tokens": 1_000,
            "output_tokens": 100,
        },
    )
    both = bench.analysis(AS_OF)
    assert both.totals.current_per_year_micro_usd == alone.current_per_year_micro_usd
    assert both.totals.billed_micro_usd == alone.billed_micro_usd
    assert any(item.what.startswith("Described workloads") for item in both.not_counted)


def test_labelled_descriptions_get_their_labels_through_the_import(tmp_path: Path) -> None:
    golden = Path(__file__).parent / "golden" / "labelled_workloads.csv"
    bench = Workbench.open(tmp_path / "workspace")
    outcome = bench.import_file(golden)
    with golden.open(encoding="utf-8") as file:
        expected = {row["name"]: row["expected_label"] for row in csv.DictReader(file)}
    assert (outcome.accepted, outcome.rejected) == (len(expected), 0)
    analysis = bench.analysis(AS_OF)
    assert {result.workload: result.verdict.label for result in analysis.workloads} == expected
    assert all(result.verdict.sentence and result.verdict.evidence for result in analysis.workloads)


def test_a_warm_cache_that_batch_would_lose_means_stay(tmp_path: Path) -> None:
    calls = [call(n, model="gpt-4.1", cache_read_tokens=900, output_tokens=10) for n in range(336)]
    bench = bench_with(tmp_path, calls)
    describe(bench, tmp_path, {"name": "w", "requests_per_run": "336", "runs_per_year": "26"})
    bench.declare("w", author="Ada", user_waiting=False, max_wait="24h")
    result = bench.analysis(AS_OF).workload("w")
    assert (result.verdict.label, result.current_lane, result.recommended_lane) == (
        "batch",
        "sync+cache",
        STAY,
    )
    (part,) = result.parts
    batch, today = part.lane("batch").cost_micro_usd, part.current_micro_usd
    assert batch is not None
    assert today is not None
    # 100 x 2 + 900 x 0.5 + 10 x 8 today; 1,000 x 1 + 10 x 4 in the batch.
    assert (today, batch) == (336 * Decimal(730), 336 * Decimal(1_040))


def test_an_edited_price_moves_projections_and_leaves_history(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(336)])
    before = bench.analysis(AS_OF)
    row = {
        "provider": "openai",
        "model": "gpt-4o",
        "tier": "standard",
        "valid_from": "2026-11-18",
        "input_usd_per_mtok": "5",
        "output_usd_per_mtok": "10",
        "cache_read_usd_per_mtok": "1.25",
        "cache_rule": "priced",
    }
    check = bench.check_prices([row])
    assert check.problems == ()
    preview = bench.preview_prices(check.rows, AS_OF)
    assert preview.spend_after_micro_usd == preview.spend_before_micro_usd
    bench.apply_prices(check.rows, author="Ada", note="contract")
    after = bench.analysis(AS_OF)
    assert after.totals.billed_micro_usd == before.totals.billed_micro_usd
    assert after.totals.current_per_year_micro_usd > before.totals.current_per_year_micro_usd
    assert bench.undo_prices(author="Ada") is True
    assert bench.analysis(AS_OF).totals == before.totals
    assert bench.undo_prices(author="Ada") is False


def test_an_empty_workspace_gives_an_empty_analysis(tmp_path: Path) -> None:
    analysis: Analysis = Workbench.open(tmp_path / "workspace").analysis(AS_OF)
    assert analysis.workloads == ()
    assert analysis.totals.billed_micro_usd is None
    assert analysis.coverage.share_of_tokens is None


def test_dollars_of_a_real_case_read_as_expected(tmp_path: Path) -> None:
    analysis = bench_with(tmp_path, [call(0)]).analysis(AS_OF)
    assert analysis.totals.billed_micro_usd is not None
    assert dollars(analysis.totals.billed_micro_usd) == Decimal("0.0035")


def test_a_declaration_records_only_what_changed(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(0)])
    assert bench.declare("w", author="Ada", user_waiting=False, max_wait="24h") is True
    assert bench.declare("w", author="Bob", user_waiting=False, max_wait="24h") is False
    assert bench.declare("w", author="Bob", user_waiting=False, max_wait="8h") is True
    (known,) = bench.workspace.declared()
    assert (known.sources["user_waiting"], known.sources["max_wait_ms"]) == ("Ada", "Bob")


def test_a_workload_that_is_only_declared_claims_no_usage(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    bench.declare("planned", author="Ada", user_waiting=False, max_wait="24h")
    result = bench.analysis(AS_OF).workload("planned")
    assert (result.current_lane, result.recommended_lane, result.basis) == (
        "none",
        STAY,
        "declared, no usage yet",
    )
    assert result.billed_micro_usd is None
