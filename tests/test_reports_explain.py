"""Every explanation names the inputs that give its figure, and the price rows it rests on."""

from datetime import datetime
from decimal import Decimal, localcontext

import pytest

from reports import explain, explain_moves
from reports.explanation import INPUTS_SHOWN, ROWS_SHOWN, Explanation, Input, PricesNamed, largest
from reports.ledger import Entry
from reports.ledger_model import Key
from reports.model import NOTHING, Analysis, PriceUsed, Range
from reports.realised import Levers, Realised, RealisedRow, Track
from reports.scenario import Scenario
from reports.scenario_prices import ScenarioPrices
from reports.whatif import run_scenario
from reports.workbench import Workbench
from tests import ledger_case, report_cases

DIGITS = Decimal("1e-30")
"""Figures of a year have endless decimals; they are compared to the 30th."""


@pytest.fixture
def analysis() -> Analysis:
    """Ten workloads of 1, 2 ... 10 dollars; the even ones move and save a dollar and a half each."""
    saved = Range(Decimal(10**6), Decimal(1_500_000), Decimal(2 * 10**6))
    return report_cases.analysis(
        [
            report_cases.workload(
                f"job-{number}",
                Decimal(number * 10**6),
                NOTHING if number % 2 else saved,
                label="interactive" if number % 2 else "batch",
            )
            for number in range(1, 11)
        ]
    )


def total(found: Explanation) -> Decimal:
    with localcontext(prec=60):
        return sum((item.amount for item in found.inputs), Decimal(0))


def prices_of(found: Explanation) -> PricesNamed:
    assert found.prices is not None
    return found.prices


def test_the_spend_is_the_sum_of_its_workloads_and_of_the_others(analysis: Analysis) -> None:
    found = explain.spend(analysis)
    assert found.figure == Decimal(55 * 10**6) == total(found)
    assert found.inputs[0] == Input("job-10", Decimal(10 * 10**6))
    assert found.inputs[-1] == Input("4 other workloads", Decimal((1 + 2 + 3 + 4) * 10**6))
    assert found.provenance == "computed"
    assert [row.source for row in prices_of(found).rows] == ["https://example.com/prices"]
    assert prices_of(found).n_more == 0


def test_a_short_list_is_named_in_full() -> None:
    amounts = [(f"w{number}", Decimal(number)) for number in range(INPUTS_SHOWN + 1)]
    assert [item.name for item in largest(amounts, "workloads")] == [f"w{n}" for n in (6, 5, 4, 3, 2, 1, 0)]


def test_the_share_that_can_wait_is_made_of_its_labels(analysis: Analysis) -> None:
    found = explain.can_wait(analysis)
    parts = {item.name: item.amount for item in found.inputs}
    assert parts == {"Interactive": Decimal(25 * 10**6), "Batch": Decimal(30 * 10**6)}
    assert found.figure is not None
    assert abs(found.figure - Decimal(6) / Decimal(11)) < Decimal("1e-25")


def test_the_saving_of_a_year_and_of_a_month(analysis: Analysis) -> None:
    year, month = explain.saving_a_year(analysis), explain.saving_a_month(analysis)
    assert year.figure == Decimal(7_500_000) == total(year)
    assert len(year.inputs) == 5
    assert year.spread == Range(Decimal(5 * 10**6), Decimal(7_500_000), Decimal(10**7))
    assert year.assumptions == analysis.assumptions
    assert [item.amount for item in month.inputs] == [Decimal(7_500_000), Decimal(12)]
    assert month.figure == Decimal(625_000)


def test_rows_that_a_later_price_replaced_explain_the_spend_and_no_projection(analysis: Analysis) -> None:
    (known,) = analysis.prices_used

    def since(day: datetime | None, tier: str = "standard", band: int = 0) -> PriceUsed:
        return PriceUsed(
            "openai", "gpt-4o", tier, band, day, Decimal(5), None, None, None, Decimal(10), "none",
            "=1+1", "2026-11-20", "high",
        )  # fmt: skip

    newer, announced = since(datetime(2026, 11, 10)), since(datetime(2026, 12, 24))
    batch, other_tier = since(None, "batch"), since(None, "flex")
    bands = [since(None, "standard", band) for band in (1000, 2000, 3000)]
    rows = (known, newer, announced, batch, other_tier, *bands)
    several = Analysis(**{**vars(analysis), "prices_used": rows})
    spent = prices_of(explain.spend(several))
    assert spent.rows == (known, newer, announced, bands[0])
    assert spent.n_more == 2
    planned = prices_of(explain.saving_a_year(several))
    assert planned.rows == (newer, announced, batch, bands[0])
    assert len(planned.rows) == ROWS_SHOWN
    assert planned.n_more == 2


def test_what_was_realised_is_cache_and_tier_less_failures(analysis: Analysis) -> None:
    levers = Levers(Decimal(700), Decimal(500), Decimal(200), n_failed=3, n_repeated=1)
    row = RealisedRow(datetime(2026, 11, 2).date(), "job-1", "openai", "gpt-4o", "batch", levers)
    undated = RealisedRow(None, "job-2", "openai", "gpt-4o", "batch", Levers(Decimal(50)))
    found = explain_moves.realised_saving(analysis, Realised((row,)))
    assert [item.amount for item in found.inputs] == [Decimal(700), Decimal(500), Decimal(-200)]
    assert found.figure == Decimal(1000)
    assert found.provenance == "computed"
    assert explain_moves.realised_saving(analysis, Realised((row, undated))).provenance == "estimated"
    lost = explain_moves.lost_to_failures(analysis, Realised((row, undated)))
    assert lost.inputs == (Input("job-1", Decimal(200)),)
    assert lost.figure == Decimal(200)
    assert "failed: 3. Answered twice: 1." in lost.notes[0]


def test_what_is_open_and_the_capture_rate(analysis: Analysis) -> None:
    beside = Track((), Decimal(300), Decimal(100))
    rate = explain_moves.capture_rate(analysis, beside)
    assert [item.amount for item in rate.inputs] == [Decimal(300), Decimal(100)]
    assert rate.figure == Decimal("0.75")
    year, hours, whole = (item.amount for item in explain_moves.still_open(analysis, beside).inputs)
    assert (year, hours, whole) == (Decimal(7_500_000), Decimal(336), Decimal(8760))


def test_the_ledger_sums_each_state_and_leaves_blocked_ones_out(analysis: Analysis) -> None:
    def entry(name: str, worth: int, *, blocked: str | None = None) -> Entry:
        key = Key(workload=name, provider="openai", model="gpt-4o", lane="batch")
        saving = Range(Decimal(0), Decimal(worth), Decimal(worth))
        return Entry(name, key, "proposed", expected_per_year=saving, blocked_by=blocked)

    entries = [entry("job-2", 20), entry("job-4", 22), entry("job-6", 1000, blocked="flex")]
    found = explain_moves.ledger_expected(analysis, entries, ("proposed",))
    assert found.figure == Decimal(42) == total(found)
    assert found.inputs[0].name == "job-4, gpt-4o: Batch, no caching"
    assert len(prices_of(found).rows) == 1
    claimed = explain_moves.ledger_expected(analysis, entries, ("claimed",))
    assert (claimed.figure, claimed.inputs) == (Decimal(0), ())
    assert explain_moves.ledger_verified(analysis, entries).figure == Decimal(0)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Seven nights of 200 lines in sync that may wait a day."""
    return ledger_case.before_the_move(tmp_path_factory.mktemp("explained"))


def test_a_real_workload_is_explained_by_its_models(bench: Workbench) -> None:
    analysis = bench.analysis()
    result = analysis.workload("nightly")
    year = explain.year_today(analysis, result)
    # 1,400 lines of 3,500 micro-dollars in 7 days of log, held against a year.
    assert year.figure == result.current_per_year_micro_usd
    assert year.figure is not None
    assert abs(total(year) - year.figure) < DIGITS
    saving = explain.workload_saving(analysis, result)
    assert [item.name for item in saving.inputs] == [
        "openai / gpt-4o: today, Sync, no caching",
        "openai / gpt-4o: Batch, no caching",
    ]
    assert saving.figure == result.saving_per_year.base
    assert saving.figure is not None
    assert saving.figure > 0
    assert abs(total(saving) - saving.figure) < DIGITS
    assert {row.tier for row in prices_of(saving).rows} == {"standard", "batch"}
    stays = explain.workload_saving(analysis, analysis.workload("chat"))
    assert stays.inputs == ()
    assert stays.figure == 0


def test_a_scenario_is_the_sum_of_its_workloads(bench: Workbench) -> None:
    analysis = bench.analysis()
    result = run_scenario(ScenarioPrices(bench.inputs()), analysis, Scenario())
    today = explain_moves.scenario_today(analysis, result)
    cost = explain_moves.scenario_cost(analysis, result)
    saving = explain_moves.scenario_saving(analysis, result)
    for found in (today, cost, saving):
        assert found.figure is not None
        assert abs(total(found) - found.figure) < DIGITS
    assert saving.inputs == (
        Input("Today, a month", result.today_micro_usd),
        Input("Scenario, a month", -result.cost.base),
    )
    assert cost.assumptions == result.assumptions
