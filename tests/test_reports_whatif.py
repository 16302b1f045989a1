import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from reports.model import Analysis
from reports.whatif import CURRENT, RECOMMENDED, Scenario, ScenarioResult, run_scenario
from reports.workbench import Workbench

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2)
MONTHS = Decimal(8760) / 336 / 12


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    folder = tmp_path_factory.mktemp("whatif")
    log = folder / "log.jsonl"
    rows = [
        {
            "call_id": f"{workload}-{hour}",
            "ts": (START + timedelta(hours=hour)).isoformat(),
            "provider": provider,
            "model": model,
            "workload": workload,
            "input_tokens": 1_000,
            "cache_read_tokens": 0,
            "output_tokens": 100,
            "tier": "standard",
            "status": "ok",
        }
        for hour in range(336)
        for workload, provider, model in (
            ("nightly", "openai", "gpt-4o"),
            ("chat", "anthropic", "claude-sonnet-4-5"),
        )
    ]
    log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    opened = Workbench.open(folder / "workspace")
    opened.import_file(log)
    opened.declare("nightly", author="Ada", user_waiting=False, max_wait="24h")
    opened.declare("chat", author="Ada", user_waiting=True, trigger="user")
    return opened


@pytest.fixture(scope="module")
def analysis(bench: Workbench) -> Analysis:
    return bench.analysis(AS_OF)


def run(bench: Workbench, analysis: Analysis, scenario: Scenario) -> ScenarioResult:
    return run_scenario(bench.inputs(as_of=AS_OF), analysis, scenario)


def close(left: Decimal | None, right: Decimal) -> bool:
    return left is not None and abs(left - right) < Decimal("1E-12")


def test_everything_current_is_today(bench: Workbench, analysis: Analysis) -> None:
    result = run(bench, analysis, Scenario(default_lane=CURRENT))
    assert result.saving_micro_usd == 0
    assert result.today_micro_usd == result.scenario_micro_usd
    # 3,500 micro-dollars a gpt-4o call, 4,500 a Sonnet call.
    assert close(result.today_micro_usd, 336 * Decimal(8_000) * MONTHS)


def test_one_workload_in_batch_halves_it_and_leaves_the_other(bench: Workbench, analysis: Analysis) -> None:
    result = run(bench, analysis, Scenario(default_lane=CURRENT, lanes={"nightly": "batch"}))
    rows = {row.workload: row for row in result.rows}
    assert rows["chat"].saving_micro_usd == 0
    assert close(rows["nightly"].saving_micro_usd, 336 * Decimal(1_750) * MONTHS)


def test_volume_scales_the_scenario_and_not_today(bench: Workbench, analysis: Analysis) -> None:
    result = run(bench, analysis, Scenario(default_lane=CURRENT, volume=Decimal(3)))
    assert close(result.scenario_micro_usd, 3 * result.today_micro_usd)
    assert result.saving_micro_usd < 0


def test_a_hit_rate_prices_that_share_of_the_input_as_cache_reads(
    bench: Workbench, analysis: Analysis
) -> None:
    scenario = Scenario(default_lane=CURRENT, lanes={"chat": "sync+cache"}, hit_rate=Decimal("0.8"))
    rows = {row.workload: row for row in run(bench, analysis, scenario).rows}
    # 200 x 3 + 800 x 0.3 + 100 x 15 a call.
    assert close(rows["chat"].scenario_micro_usd, 336 * Decimal(2_340) * MONTHS)


def test_a_lane_that_is_not_offered_has_no_figure_and_says_why(bench: Workbench, analysis: Analysis) -> None:
    result = run(bench, analysis, Scenario(default_lane="flex"))
    assert result.left_out == ("chat", "nightly") or set(result.left_out) == {"chat", "nightly"}
    assert all(row.scenario_micro_usd is None and row.reason for row in result.rows)
    assert result.today_micro_usd == 0


def test_recommended_is_what_the_analysis_recommends(bench: Workbench, analysis: Analysis) -> None:
    result = run(bench, analysis, Scenario(default_lane=RECOMMENDED))
    lanes = {row.workload: row.lane for row in result.rows}
    assert lanes == {item.workload: item.recommended_lane for item in analysis.workloads}


@pytest.mark.parametrize(
    "wrong", [{"hit_rate": Decimal("1.1")}, {"hit_rate": Decimal(-1)}, {"volume": Decimal(-1)}]
)
def test_impossible_dials_are_refused(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="not"):
        Scenario(**wrong)  # type: ignore[arg-type]
