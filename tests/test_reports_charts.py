import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import plotly.graph_objects as go
import pytest

from data.demo import build_demo
from reports import charts
from reports.model import Analysis
from reports.palette import THEMES, ThemeName
from reports.scenario import Scenario
from reports.scenario_prices import ScenarioPrices
from reports.whatif import run_scenario
from reports.workbench import Workbench

AS_OF = datetime(2026, 11, 20)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    opened = Workbench.open(tmp_path_factory.mktemp("charts") / "workspace")
    build_demo(opened.workspace)
    return opened


@pytest.fixture(scope="module")
def analysis(bench: Workbench) -> Analysis:
    return bench.analysis(AS_OF)


def points(figure: go.Figure) -> int:
    return sum(len(trace.x) for trace in figure.data if trace.x is not None)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("chart", [charts.spend_by_label, charts.spend_by_day, charts.top_savings])
def test_overview_charts_draw_aggregates_in_both_appearances(
    analysis: Analysis, chart: Callable[[Analysis, ThemeName], go.Figure], theme: ThemeName
) -> None:
    figure = chart(analysis, theme)
    assert 0 < points(figure) <= 500
    json.loads(figure.to_json())


def test_days_drawn_sum_to_the_spend(analysis: Analysis) -> None:
    figure = charts.spend_by_day(analysis, "light")
    assert analysis.totals.billed_micro_usd is not None
    drawn = sum(sum(trace.y) for trace in figure.data)
    assert drawn == pytest.approx(float(analysis.totals.billed_micro_usd) / 1e6)


def test_lanes_without_a_price_are_not_drawn_as_zero(analysis: Analysis) -> None:
    (part,) = analysis.workload("filing-review").parts
    (bars,) = charts.lane_costs(part, "light").data
    offered = [lane for lane in part.lanes if lane.cost_micro_usd is not None]
    assert len(bars.y) == len(offered) < len(part.lanes)
    assert all(value > 0 for value in bars.x)


def test_the_waterfall_leads_from_today_to_the_scenario_over_the_levers_that_matter(
    bench: Workbench, analysis: Analysis
) -> None:
    result = run_scenario(ScenarioPrices(bench.inputs(as_of=AS_OF)), analysis, Scenario(volume=Decimal(2)))
    (bars,) = charts.scenario_waterfall(result, "dark").data
    assert (bars.y[0], bars.y[1], bars.y[-1]) == ("Today", "Volume", "Scenario")
    assert len(bars.y) == 2 + sum(step.change_micro_usd != 0 for step in result.steps)
    assert abs(sum(bars.x[:-1]) - bars.x[-1]) < 1e-6


def test_scenarios_stand_beside_today_by_lane_with_their_names_as_text(
    bench: Workbench, analysis: Analysis
) -> None:
    prices = ScenarioPrices(bench.inputs(as_of=AS_OF))
    results = [
        run_scenario(prices, analysis, Scenario(name=name, volume=Decimal(volume)))
        for name, volume in (("<b>one</b>", 1), ("two", 3))
    ]
    figure = charts.scenario_lanes(results, "light")
    assert list(figure.layout.yaxis.ticktext) == ["Today", "&lt;b&gt;one&lt;/b&gt;", "two"]
    stacked = [sum(bars.x[place] for bars in figure.data if bars.type == "bar") for place in range(3)]
    totals = [results[0].today_micro_usd, *(result.scenario_micro_usd for result in results)]
    assert stacked == pytest.approx([float(total) / 1_000_000 for total in totals])


def test_week_heatmap_has_every_hour_once() -> None:
    figure = charts.week_heatmap({0: 5, 167: 7}, "light")
    (cells,) = figure.data
    assert (cells.z[0][0], cells.z[6][23]) == (5, 7)
    assert sum(sum(row) for row in cells.z) == 12


def test_histogram_counts_every_call() -> None:
    (bars,) = charts.log_histogram({10: 3, 12: 4}, "ms", "light").data
    assert sum(bars.y) == 7
