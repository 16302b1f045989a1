"""The explanations of batch jobs, bills, imports, rules, previews and calculators give their figures anew."""

from datetime import datetime, timedelta
from decimal import Decimal, localcontext

import pytest

from data.rules import RuleSet
from data.schema import UNATTRIBUTED
from pricing.discounts import Discount
from pricing.model import Lane
from pricing.table import PriceTable
from reports import explain_calculators, explain_inputs, explain_moves, explain_verify, mapping, price_preview
from reports.batch_jobs import BatchJob, batch_totals
from reports.calculators import Job
from reports.differences import Comparison
from reports.explanation import Explanation, Input, table_rows
from reports.gpu import Gpu
from reports.mapping import CallGroup
from reports.model import Analysis, Range
from reports.quote import CALCULATOR_LANES, Subject, quote
from reports.scenario import CURRENT, Choice, Scenario
from reports.scenario_prices import ScenarioPrices
from reports.whatif import run_scenario
from reports.workbench import Workbench
from tests import ledger_case, report_cases
from tests.pricing_cases import at, price_row

DAY = datetime(2026, 11, 20)
DOLLAR = Decimal(10**6)
TABLE = PriceTable(
    [
        price_row("10 / 1 / 12.5 / 20 / 50", valid_to=at("2026-11-01")),
        price_row("20 / 2 / 25 / 40 / 100", valid_from=at("2026-11-01")),
        price_row("8 / - / - / - / 40", tier="batch", rule="billed_as_input"),
    ]
)
MODEL = ("acme", "m")


def total(found: Explanation) -> Decimal:
    with localcontext(prec=60):
        return sum((item.amount for item in found.inputs), Decimal(0))


def quotient(found: Explanation) -> Decimal:
    first, second = (item.amount for item in found.inputs)
    with localcontext(prec=60):
        return first / second


def names(found: Explanation) -> dict[str, Decimal]:
    return {item.name: item.amount for item in found.inputs}


def opened(bench: Workbench) -> Analysis:
    return bench.analysis(DAY)


# ---------------------------------------------------------------- batch jobs


def job(name: str | None, dollars: int | None, *, ok: int, errors: int = 0) -> BatchJob:
    return BatchJob(
        provider=MODEL[0],
        batch_id=name,
        models=(MODEL[1],),
        workloads=("nightly",),
        n_requests=ok + errors,
        n_ok=ok,
        n_error=errors,
        n_expired=0,
        n_cancelled=0,
        n_totals=1,
        n_ok_unmetered=0,
        input_tokens=1,
        cache_read_tokens=0,
        output_tokens=1,
        cost_micro_usd=None if dollars is None else dollars * DOLLAR,
        lost_micro_usd=Decimal(0),
        list_micro_usd=None,
        reported_usd=None,
        first_ts=DAY,
        last_ts_end=DAY + timedelta(hours=1),
        deadline_s=None,
        deadline_by=None,
        errors={},
    )


JOBS = [
    job("a", 3, ok=40, errors=2),
    job("b", 4, ok=60),
    job("c", None, ok=7, errors=1),
    job(None, 1, ok=100),
]


def test_batches_errors_and_costs_are_the_sums_of_their_batches() -> None:
    totals = batch_totals(JOBS)
    count = explain_verify.batches(JOBS, totals)
    assert count.figure == 3 == total(count)
    assert "name no batch, in all other figures: 100." in count.notes[0]
    errors = explain_verify.batch_errors(JOBS, totals)
    assert errors.figure == 3 == total(errors)
    assert names(errors) == {"acme, a": Decimal(2), "acme, c": Decimal(1)}
    assert "Of 210 requests." in errors.notes[0]
    cost = explain_verify.batch_cost(JOBS, totals, TABLE)
    assert cost.figure == 8 * DOLLAR == total(cost)
    assert cost.notes == ("Batches without a price for all of their requests, not in it: 1.",)
    assert cost.prices is not None
    assert [row.tier for row in cost.prices.rows] == ["batch"]


def test_a_usable_answer_is_the_cost_divided_by_the_answers_that_are_in_it() -> None:
    found = explain_verify.usable_answer(JOBS, batch_totals(JOBS), TABLE)
    assert [item.amount for item in found.inputs] == [8 * DOLLAR, Decimal(200)]
    assert found.figure == Decimal(40_000) == quotient(found)
    none = explain_verify.usable_answer([JOBS[2]], batch_totals([JOBS[2]]), TABLE)
    assert (none.figure, none.inputs) == (None, (Input("Requests answered", Decimal(0), "number"),))


def test_only_rows_of_the_time_and_the_tier_are_named() -> None:
    whole = [(*MODEL, ("standard", "batch"))]

    def inputs(first: str | None, last: str | None) -> list[Decimal | None]:
        rows = table_rows(TABLE, whole, at(first) if first else None, at(last) if last else None)
        return [row.input_usd_per_mtok for row in rows if row.tier == "standard"]

    assert inputs("2026-11-01", "2026-11-02") == [Decimal(20)]
    assert inputs("2026-10-01", "2026-10-31") == [Decimal(10)]
    assert inputs("2026-10-31", "2026-11-01") == inputs(None, None) == [Decimal(10), Decimal(20)]


# ---------------------------------------------------------------- bills


def compared(model: str | None, computed: int, other: int) -> Comparison:
    return Comparison(
        "openai", "openai", model, None, None, DAY.date(), DAY.date(), 1,
        computed * DOLLAR, other * DOLLAR, (("unknown", (other - computed) * DOLLAR),),
    )  # fmt: skip


def test_both_sides_of_a_bill_and_their_difference() -> None:
    saved = Range(Decimal(0), Decimal(0), Decimal(0))
    analysis = report_cases.analysis([report_cases.workload("job", DOLLAR, saved)])
    rows = [compared("gpt-4o", 5, 6), compared("gpt-4o", 1, 1), compared(None, 0, 2)]
    own = explain_verify.compared_cost(analysis, rows)
    assert own.figure == 6 * DOLLAR == total(own)
    assert names(own) == {"openai / gpt-4o": 6 * DOLLAR, "openai, no model named": Decimal(0)}
    assert own.prices is not None
    assert [row.model for row in own.prices.rows] == ["gpt-4o"]
    theirs = explain_verify.other_cost(rows, "amounts of the bill")
    assert theirs.figure == 9 * DOLLAR == total(theirs)
    assert (theirs.provenance, theirs.prices) == ("billed", None)
    between = explain_verify.difference(analysis, rows, "Billed")
    assert between.figure == 3 * DOLLAR == total(between)
    elsewhere = explain_verify.compared_cost(analysis, [compared("o3", 1, 1)]).prices
    assert elsewhere is not None
    assert elsewhere.rows == ()


# ---------------------------------------------------------------- what a file brought, and rules


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Seven nights of 200 lines at 3,500 micro-dollars, and a call of 35 for somebody who waits."""
    return ledger_case.before_the_move(tmp_path_factory.mktemp("checked"))


def test_an_import_costs_what_its_models_cost(bench: Workbench) -> None:
    (known,) = bench.workspace.datasets()
    prices = bench.prices()
    found = explain_inputs.import_cost(bench.cube(prices), prices, known.dataset_id, DAY)
    assert found.figure == Decimal(1400 * 3_500 + 35) == total(found)
    assert names(found) == {"openai / gpt-4o, standard": found.figure}
    assert found.figure == bench.import_cost(known.dataset_id)[0]
    assert found.prices is not None
    assert {(row.model, row.tier) for row in found.prices.rows} == {("gpt-4o", "standard")}
    rows = explain_inputs.rows_read(known.accepted, known.rejected, known.duplicates)
    assert rows.figure == known.read == total(rows)


def test_what_rules_leave_over_is_what_they_do_not_take() -> None:
    groups = [
        CallGroup({"named": ("chat",)}, 90, 3 * DOLLAR),
        CallGroup({"named": ()}, 10, DOLLAR),
    ]
    found = mapping.preview(groups, RuleSet.load("rules:\n- {when: {named: {glob: '*'}}, workload: a}\n"))
    assert UNATTRIBUTED in found.workloads
    calls = explain_inputs.left_calls(found)
    assert calls.figure == 10 == total(calls)
    spend = explain_inputs.left_spend(found, "v")
    assert spend.figure == Decimal("0.25") == quotient(spend)
    made = explain_inputs.named_workloads(found)
    assert made.figure == 1 == total(made)
    nothing = explain_inputs.left_spend(mapping.preview([], RuleSet(rules=())), "v")
    assert nothing.figure is None


# ---------------------------------------------------------------- previews


def test_a_price_preview_is_what_was_and_the_changes() -> None:
    def analysed(cost: int, saved: int) -> Analysis:
        worth = Range(Decimal(0), saved * DOLLAR, saved * DOLLAR)
        kept = report_cases.workload("kept", DOLLAR, Range(Decimal(0), DOLLAR, DOLLAR))
        return report_cases.analysis([report_cases.workload("job", cost * DOLLAR, worth), kept])

    found = price_preview.compare(analysed(4, 3), analysed(6, 2))
    spend, saving = explain_inputs.changed_spend(found), explain_inputs.changed_saving(found)
    assert names(spend) == {"As it is": 5 * DOLLAR, "November 2026": 2 * DOLLAR}
    assert spend.figure == 7 * DOLLAR == total(spend)
    assert names(saving) == {"As it is": 4 * DOLLAR, "job": -DOLLAR}
    assert saving.figure == 3 * DOLLAR == total(saving)


# ---------------------------------------------------------------- scenarios


def test_a_scenario_names_the_rows_of_the_models_that_serve_it(bench: Workbench) -> None:
    analysis = opened(bench)
    prices = ScenarioPrices(bench.inputs(as_of=DAY))
    choice = Choice(model="anthropic/claude-haiku-4-5", lane="batch")
    asked = Scenario(lane=CURRENT, workloads={"nightly": choice}, discounts={"openai": Decimal(10)})
    result = run_scenario(prices, analysis, asked)
    used = {(row.provider, row.model, row.tier) for row in result.prices_used}
    assert used == {
        ("anthropic", "claude-haiku-4-5", "standard"),
        ("anthropic", "claude-haiku-4-5", "batch"),
        ("openai", "gpt-4o", "standard"),
    }
    cost = explain_moves.scenario_cost(analysis, result)
    saving = explain_moves.scenario_saving(analysis, result)
    assert cost.prices is not None
    assert saving.prices is not None
    assert cost.prices.rows == result.prices_used
    assert {row.model for row in saving.prices.rows} == {"claude-haiku-4-5", "gpt-4o"}
    assert saving.prices.rows[0].model == "claude-haiku-4-5"
    assert cost.notes == ("The scenario's discounts come off the prices of the table: openai 10 %.",)
    same = run_scenario(prices, analysis, Scenario(lane=CURRENT))
    assert {row.tier for row in same.prices_used} == {"standard"}
    assert explain_moves.scenario_cost(analysis, same).notes == ()


# ---------------------------------------------------------------- calculators

USAGE = Job(100, 2_000, 500, 300, hit_rate=Decimal("0.8")).usage()


@pytest.mark.parametrize("discounted", [False, True])
@pytest.mark.parametrize("lane", CALCULATOR_LANES)
def test_a_lane_s_cost_is_tokens_times_rates(lane: Lane, discounted: bool) -> None:
    table = (
        TABLE.with_discounts([Discount(provider="acme", percent_off=Decimal(10))]) if discounted else TABLE
    )
    subject = Subject(table, *MODEL, DAY)
    found = explain_calculators.lane_cost(subject, USAGE, quote(subject, USAGE)[lane])
    if found.figure is None:
        assert lane.startswith("flex")
        assert found.inputs == ()
        return
    assert found.figure == total(found)
    assert any("percentages" in note for note in found.notes) is discounted
    assert found.prices is not None
    assert [row.tier for row in found.prices.rows] == ["batch" if lane.startswith("batch") else "standard"]


def test_the_inputs_of_a_lane_are_written_out() -> None:
    subject = Subject(TABLE, *MODEL, DAY)
    found = explain_calculators.lane_cost(subject, USAGE, quote(subject, USAGE)["sync+cache"])
    assert names(found) == {
        "50,000 uncached input x 20": DOLLAR,
        "160,000 cache read x 2": Decimal(320_000),
        "40,000 cache write x 25": DOLLAR,
        "30,000 output x 100": 3 * DOLLAR,
    }
    saved = explain_calculators.lane_saving(subject, USAGE, quote(subject, USAGE), "batch")
    # 250,000 tokens at 20 and 30,000 at 100 are 8 dollars; at 8 and 40 they are 3.20.
    assert [item.amount for item in saved.inputs] == [8 * DOLLAR, Decimal(-3_200_000)]
    assert saved.figure == Decimal(4_800_000) == total(saved)


def test_a_gpu_s_night_and_what_fits_into_it() -> None:
    gpu = Gpu(Decimal("2.5"), 2, Decimal("7.5"), Decimal(1_000))
    night = explain_calculators.gpu_night(gpu)
    price, gpus, hours = (item.amount for item in night.inputs)
    assert night.figure == price * gpus * hours == Decimal(37_500_000)
    fits = explain_calculators.gpu_fits(gpu, Job(1, 2_000, 500, 300))
    speed, seconds, hours, size = (item.amount for item in fits.inputs)
    assert fits.figure == speed * seconds * hours // size == 9_642
