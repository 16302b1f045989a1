"""Scenarios as files, and how little is priced when a control moves."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from pricing.cost import lane_costs
from reports import scenario_prices
from reports.model import Analysis
from reports.scenario import CURRENT, Choice, Scenario
from reports.scenario_export import CSV_COLUMNS, SCHEMA, csv_text, json_text
from reports.scenario_prices import ScenarioPrices
from reports.whatif import run_scenario
from reports.workbench import Workbench
from tests.whatif_bench import AS_OF, TODAY, a_month, open_bench


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return open_bench(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def analysis(bench: Workbench) -> Analysis:
    return bench.analysis(AS_OF)


@pytest.fixture(scope="module")
def prices(bench: Workbench) -> ScenarioPrices:
    return ScenarioPrices(bench.inputs(as_of=AS_OF))


def test_the_files_hold_exact_dollars_and_reasons(prices: ScenarioPrices, analysis: Analysis) -> None:
    asked = [
        Scenario(name="=half", lane=CURRENT, volume=Decimal("0.5")),
        Scenario(name="flex", lane=CURRENT, workloads={"nightly": Choice(lane="flex")}),
    ]
    results = [run_scenario(prices, analysis, scenario) for scenario in asked]
    rows = list(csv.DictReader(io.StringIO(csv_text(results), newline="")))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == 2 * (len(TODAY) + 1)
    assert rows[0]["scenario"] == "'=half"
    total = next(row for row in rows if row["workload"] == "TOTAL")
    today = a_month(sum(TODAY.values())) / 1_000_000
    assert abs(Decimal(total["today_per_month_usd"]) - today) < Decimal("1E-12")
    assert abs(Decimal(total["saving_per_month_base_usd"]) - today / 2) < Decimal("1E-12")
    (missing,) = (row for row in rows if row["reason"])
    assert (missing["scenario"], missing["workload"]) == ("flex", "nightly")
    assert (missing["scenario_per_month_base_usd"], missing["in_totals"]) == ("", "no")

    content: dict[str, Any] = json.loads(json_text(results))
    assert (content["schema"], content["per"]) == (SCHEMA, "month")
    half, flex = content["scenarios"]
    assert half["scenario"] == {"version": 1, "name": "=half", "lane": CURRENT, "volume": "0.5"}
    changes = sum(Decimal(step["change_usd"]) for step in half["levers"])
    assert changes == Decimal(half["cost_usd"]["base"]) - Decimal(half["today_usd"])
    assert [item["cost_usd"] for item in flex["workloads"] if item["workload"] == "nightly"] == [None]
    beside = json.loads(json_text([run_scenario(prices, analysis, asked[0], {"nightly"})]))["scenarios"][0]
    assert [item["workload"] for item in beside["workloads"] if not item["in_totals"]] == ["nightly"]
    assert flex["saving_usd"] == {"low": "0", "base": "0", "high": "0"}


def test_a_moved_control_prices_only_what_is_new(
    bench: Workbench, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[int] = []

    def counted(cube: Any, *args: Any, **named: Any) -> Any:
        statements.append(cube.num_rows)
        return lane_costs(cube, *args, **named)

    monkeypatch.setattr(scenario_prices, "lane_costs", counted)
    prices = ScenarioPrices(bench.inputs(as_of=AS_OF))

    def ask(**dials: object) -> int:
        before = len(statements)
        run_scenario(prices, analysis, Scenario.model_validate(dials))
        return len(statements) - before

    assert ask() == 1
    # 336 hours of five workloads are one row each, once as they are and once for each kept share of hits.
    assert statements[0] <= 4 * len(TODAY)
    assert ask(volume="2", growth="0.1", share="0.3", discounts={"openai": "5"}, rerun_share="0.2") == 0
    assert ask(hit_rate="0.4") == 1
    assert ask(hit_rate="0.4", volume="3", lane=CURRENT) == 0
    assert ask(hit_rate="0.5", models={"openai/gpt-4o": "openai/gpt-4o-mini"}) == 1
    assert ask(on="2027-01-01") == 1
