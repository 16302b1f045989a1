"""Scenarios against figures worked out by hand; see `whatif_bench` for the calls behind them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.coming import PricePeriod
from pricing.overlay import PriceEdit
from reports.analysis import analyse
from reports.model import Analysis
from reports.scenario import CACHE, CURRENT, IF_TAGGED, MODEL, RECOMMENDED, TAG, TIER, Choice, Scenario
from reports.scenario_moves import PRICES, PROMPT, VOLUME
from reports.scenario_prices import ScenarioPrices, Weigh
from reports.whatif import ScenarioResult, ScenarioRow, run_scenario
from reports.workbench import Workbench
from tests.whatif_bench import AS_OF, TODAY, a_month, close, open_bench

HALF = Decimal("0.5")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return open_bench(tmp_path_factory.mktemp("whatif"))


@pytest.fixture(scope="module")
def analysis(bench: Workbench) -> Analysis:
    return bench.analysis(AS_OF)


@pytest.fixture(scope="module")
def prices(bench: Workbench) -> ScenarioPrices:
    return ScenarioPrices(bench.inputs(as_of=AS_OF))


class Ask:
    """Runs scenarios in which everything stays but what a test names."""

    def __init__(self, prices: ScenarioPrices, analysis: Analysis) -> None:
        self._prices, self._analysis = prices, analysis

    def __call__(self, scenario: Scenario) -> ScenarioResult:
        return run_scenario(self._prices, self._analysis, scenario)

    def row(self, workload: str, choice: Choice, **dials: object) -> ScenarioRow:
        asked = Scenario.model_validate({"lane": CURRENT, "workloads": {workload: choice}, **dials})
        (found,) = (row for row in self(asked).rows if row.workload == workload)
        return found

    def cost(self, workload: str, choice: Choice, **dials: object) -> Decimal:
        row = self.row(workload, choice, **dials)
        assert row.scenario_micro_usd is not None, row.reason
        return row.scenario_micro_usd


@pytest.fixture(scope="module")
def ask(prices: ScenarioPrices, analysis: Analysis) -> Ask:
    return Ask(prices, analysis)


def changes(result: ScenarioResult) -> dict[str, Decimal]:
    return {step.lever: step.change_micro_usd for step in result.steps}


def test_everything_current_is_today(ask: Ask) -> None:
    result = ask(Scenario(lane=CURRENT))
    assert result.saving.low == result.saving.base == result.saving.high == 0
    assert result.today_micro_usd == result.scenario_micro_usd
    assert close(result.today_micro_usd, a_month(sum(TODAY.values())))
    assert set(changes(result).values()) == {Decimal(0)}


def test_the_recommendation_saves_what_the_analysis_says_in_every_case(ask: Ask, analysis: Analysis) -> None:
    result, yearly = ask(Scenario()), analysis.totals.saving_per_year
    for case in ("low", "base", "high"):
        assert close(getattr(result.saving, case) * 12, getattr(yearly, case)), case
    assert result.saving.low < result.saving.base < result.saving.high
    lanes = {row.workload: row.lane for row in result.rows}
    wanted = {item.workload: item.recommended_lane for item in analysis.workloads}
    assert {name: lane for name, lane in lanes.items() if wanted[name] != "stay"} == {
        name: lane for name, lane in wanted.items() if lane != "stay"
    }
    assert all(lanes[name] == "sync" for name, lane in wanted.items() if lane == "stay" and name != "docs")


def test_a_share_of_a_workload_moves_to_batch(ask: Ask) -> None:
    # 40 % at 1,750 instead of 3,500, nothing run again
    cost = ask.cost("nightly", Choice(lane="batch", share=Decimal("0.4")), rerun_share=Decimal(0))
    assert close(cost, a_month(2_800))


def test_low_base_and_high_are_the_assumed_reruns(ask: Ask) -> None:
    row = ask.row("nightly", Choice(lane="batch"))
    assert row.scenario is not None
    # 0, 1 and 5 % run again: (1 - r) x 1,750 + r x 3,500
    expected = (a_month(1_750), a_month("1767.5"), a_month("1837.5"))
    assert all(map(close, (row.scenario.low, row.scenario.base, row.scenario.high), expected))


@pytest.mark.parametrize(("twice", "a_call"), [(False, "1837.5"), (True, "1925")])
def test_calls_that_run_again_are_billed_once_or_twice(ask: Ask, twice: bool, a_call: str) -> None:
    dials = {"rerun_share": Decimal("0.05"), "billed_twice": twice}
    assert close(ask.cost("nightly", Choice(lane="batch"), **dials), a_month(a_call))


def test_volume_and_growth(ask: Ask) -> None:
    assert close(ask.cost("chat", Choice(volume=Decimal(3))), a_month(3 * 4_500))
    # 1 + 1.1 + ... + 1.1^11 = 21.38428376721
    grown = ask.cost("chat", Choice(), growth=Decimal("0.1"))
    assert close(grown, a_month(4_500) * Decimal("21.38428376721") / 12)


def test_a_hit_rate_prices_that_share_of_the_input_as_cache_reads(ask: Ask) -> None:
    # 200 x 3 + 800 x 0.3 + 100 x 15
    assert close(ask.cost("chat", Choice(hit_rate=Decimal("0.8"))), a_month(2_340))
    # 900 read; of the 500 written, 100 are left: 900 x 0.3 + 100 x 3.75 + 100 x 15
    assert close(ask.cost("docs", Choice(hit_rate=Decimal("0.9"))), a_month(2_145))


@pytest.mark.parametrize(("ttl", "a_call"), [("5m", 4_875), ("1h", 6_000)])
def test_cache_writes_are_priced_at_the_lifetime_asked_for(ask: Ask, ttl: str, a_call: int) -> None:
    # 500 x 3 + 500 written at 3.75 or 6 + 100 x 15
    assert close(ask.cost("docs", Choice(), ttl=ttl), a_month(a_call))


def test_a_longer_prefix_is_paid_in_every_call_and_a_shorter_one_saved(ask: Ask) -> None:
    assert close(ask.cost("nightly", Choice(prefix_tokens=500)), a_month(1_500 * 2.5 + 1_000))
    assert close(ask.cost("nightly", Choice(prefix_tokens=-5_000)), a_month(1_000))
    # docs writes half of its input, and half of what is added: 750 x 3 + 750 x 3.75 + 1,500
    assert close(ask.cost("docs", Choice(prefix_tokens=500)), a_month("6562.5"))


def test_a_prompt_that_crosses_a_context_threshold_takes_its_prices(ask: Ask) -> None:
    # 2.50 in and 15 out above 200,000 tokens, 1.25 and 10 below
    assert close(ask.cost("long", Choice(prefix_tokens=20_000)), a_month(210_000 * 2.5 + 1_500))
    assert close(ask.cost("long", Choice(prefix_tokens=5_000)), a_month(195_000 * 1.25 + 1_000))


def test_a_swapped_model_is_priced_with_the_same_tokens_and_says_what_it_is(ask: Ask) -> None:
    # 0.15 in, 0.60 out
    row = ask.row("nightly", Choice(model="openai/gpt-4o-mini"))
    assert close(row.scenario_micro_usd, a_month(210))
    assert row.model == "openai/gpt-4o-mini"
    everywhere = ask(Scenario(lane=CURRENT, models={"openai/gpt-4o": "openai/gpt-4o-mini"}))
    assert close(changes(everywhere)[MODEL], -2 * a_month(3_290))
    assert any("price alone" in note for note in everywhere.notes)


def test_a_swap_keeps_the_context_bands_of_the_calls(ask: Ask) -> None:
    # Sonnet 4.5 charges 6 and 22.50 above 200,000 tokens
    choice = Choice(model="anthropic/claude-sonnet-4-5", prefix_tokens=20_000)
    assert close(ask.cost("long", choice), a_month(210_000 * 6 + 2_250))


@pytest.mark.parametrize(
    ("workload", "choice", "said"),
    [
        ("nightly", Choice(model="openai/no-such-model"), "not in the price table"),
        ("nightly", Choice(lane="flex"), "flex"),
        ("chat", Choice(lane="batch"), "not allowed"),
        ("nightly", Choice(lane="batch", model="deepseek/deepseek-v4-flash"), "deepseek"),
    ],
)
def test_what_has_no_price_or_is_not_allowed_is_a_reason_and_in_no_total(
    ask: Ask, workload: str, choice: Choice, said: str
) -> None:
    result = ask(Scenario(lane=CURRENT, workloads={workload: choice}))
    (row,) = result.left_out
    assert row.workload == workload
    assert row.scenario is None
    assert row.saving_micro_usd is None
    assert said.lower() in (row.reason or "").lower()
    others = sum(amount for name, amount in TODAY.items() if name != workload)
    assert close(result.today_micro_usd, a_month(others))


def test_a_contract_discount_takes_its_percentage_off_one_provider(ask: Ask) -> None:
    result = ask(Scenario(lane=CURRENT, discounts={"openai": Decimal("12.5")}))
    assert close(result.saving_micro_usd, a_month(7_000) / 8)
    assert close(changes(result)[PRICES], -a_month(7_000) / 8)


def test_only_moves_above_a_floor(ask: Ask, analysis: Analysis) -> None:
    yearly = analysis.workload("nightly").saving_per_year.base
    assert yearly > 0
    cents = (yearly / 12 / 10_000).quantize(Decimal(1)) / 100
    for floor, moves in ((cents - Decimal("0.01"), True), (cents + Decimal("0.01"), False)):
        result = ask(Scenario(min_saving_usd=floor))
        row = next(row for row in result.rows if row.workload == "nightly")
        assert (row.lane == "batch") is moves
    own = ask.row("nightly", Choice(lane="batch"), min_saving_usd=Decimal(10**6))
    assert own.lane == "batch"


def test_what_nobody_has_answered_for_counts_under_tag(ask: Ask) -> None:
    result = ask(Scenario(lane=IF_TAGGED))
    row = next(row for row in result.rows if row.workload == "mystery")
    assert (row.lane, row.needs_answer) == ("batch", True)
    assert close(changes(result)[TAG], -a_month("1732.5"))
    assert changes(ask(Scenario(lane=RECOMMENDED)))[TAG] == 0


def test_the_levers_follow_the_order_asked_for_and_always_add_up(ask: Ask) -> None:
    dials = {"models": {"openai/gpt-4o": "openai/gpt-4o-mini"}, "rerun_share": Decimal(0)}
    workloads = {"nightly": Choice(lane="batch")}
    first = ask(Scenario(lane=CURRENT, workloads=workloads, **dials))
    last = ask(Scenario(lane=CURRENT, workloads=workloads, order=(TIER, TAG, MODEL, CACHE), **dials))
    # model first: 3,500 -> 210, then half of that; tier first: half of 3,500, then 1,750 -> 105
    assert close(changes(first)[TIER], -a_month(105))
    assert close(changes(last)[TIER], -a_month(1_750))
    for result in (first, last):
        total = sum(changes(result).values())
        assert total == result.scenario_micro_usd - result.today_micro_usd
    # nightly alone: 3,290 by the model and 1,750 by the tier are 1,645 more than both together
    assert close(first.overlap_micro_usd, a_month(1_645))


def test_a_step_without_a_price_falls_into_the_next(ask: Ask) -> None:
    # gpt-4o has no flex; gpt-5.4 does: with the tier first there is no figure before the model
    workloads = {"nightly": Choice(lane="flex", model="openai/gpt-5.4")}
    result = ask(Scenario(lane=CURRENT, workloads=workloads, order=(TIER, TAG, MODEL, CACHE)))
    assert result.left_out == ()
    assert changes(result)[TIER] == 0
    assert sum(changes(result).values()) == result.scenario_micro_usd - result.today_micro_usd


def test_lanes_add_up_to_the_months(ask: Ask) -> None:
    result = ask(Scenario(share=HALF))
    assert sum(result.lanes_today.values()) == result.today_micro_usd
    assert sum(result.lanes.values()) == result.scenario_micro_usd
    assert {"sync", "batch"} <= set(result.lanes)


def test_a_shared_scenario_says_which_of_its_workloads_are_not_here(ask: Ask) -> None:
    result = ask(Scenario(workloads={"elsewhere": Choice(lane="batch"), "chat": Choice(lane=CURRENT)}))
    (note,) = (note for note in result.notes if "no usage in this workspace" in note)
    assert "elsewhere" in note
    assert "chat" not in note


def test_what_is_set_aside_keeps_its_row_and_is_in_no_total(
    prices: ScenarioPrices, analysis: Analysis
) -> None:
    result = run_scenario(prices, analysis, Scenario(volume=Decimal(2)), {"long", "chat"})
    assert {row.workload for row in result.rows if row.scenario is not None} == set(TODAY)
    assert close(result.today_micro_usd, a_month(3_500 + 4_875 + 3_500))
    assert sum(changes(result).values()) == result.scenario_micro_usd - result.today_micro_usd
    assert sum(result.lanes.values()) == result.scenario_micro_usd


def test_assumptions_are_named_by_case(ask: Ask) -> None:
    named = {item.name: (item.low, item.base, item.high) for item in ask(Scenario()).assumptions}
    reruns = next(cases for name, cases in named.items() if "run again" in name)
    assert reruns == ("5 %", "1 %", "0 %")
    own = ask(Scenario(rerun_share=Decimal("0.03"))).assumptions
    assert any((item.low, item.high) == ("3 %", "3 %") and "Set in" in item.source for item in own)


def test_price_changes_inside_the_year_count_from_their_day(bench: Workbench) -> None:
    row = {
        "provider": "openai",
        "model": "gpt-4o",
        "tier": "standard",
        "valid_from": "2027-01-01",
        "input_usd_per_mtok": "5",
        "cache_read_usd_per_mtok": "2.5",
        "output_usd_per_mtok": "20",
    }
    edits = [
        PriceEdit(row=checked, author="Ada", at_utc=AS_OF, note="")
        for checked in bench.check_prices([row]).rows
    ]
    inputs = bench.inputs(bench.prices().with_edits(edits), AS_OF)
    ask = Ask(ScenarioPrices(inputs), analyse(inputs))
    today = ask.row("nightly", Choice()).today_micro_usd
    # 42 days are left of 2026: 1,008 of 8,760 hours at 3,500, the others at 7,000
    assert close(today, a_month(Decimal(1_008 * 3_500 + 7_752 * 7_000) / 8_760))
    later = ask(Scenario(lane=CURRENT, on=date(2027, 1, 1)))
    row_then = next(item for item in later.rows if item.workload == "nightly")
    assert close(row_then.scenario_micro_usd, a_month(7_000))
    assert changes(later)[PRICES] == later.scenario_micro_usd - later.today_micro_usd


def test_growth_gives_later_prices_more_weight() -> None:
    # Volume doubles every month: months 0 to 5 make 63 and months 6 to 11 make 4,032 of 4,095.
    half_year = (PricePeriod(datetime(2026, 1, 1), 4_380), PricePeriod(datetime(2026, 7, 2), 4_380))
    weights = Weigh(Decimal(1))(half_year)
    assert abs(weights[datetime(2026, 1, 1)] - Decimal(63) / 4_095) < Decimal("1E-20")
    assert sum(Weigh(Decimal(0))(half_year).values()) == 1
    assert Weigh(Decimal(0))(half_year)[datetime(2026, 7, 2)] == HALF


def test_traffic_steps_come_before_what_a_team_does(ask: Ask) -> None:
    asked = Scenario(lane=CURRENT, volume=Decimal(2), prefix_tokens=1_000, discounts={"openai": Decimal(50)})
    found = changes(ask(asked))
    assert close(found[VOLUME], a_month(sum(TODAY.values())))
    # 1,000 tokens more in each of two calls; docs writes half of them; 191,000 stays below the threshold
    more = 2_500 + 3_000 + (1_500 + 1_875) + 1_250 + 2_500
    assert close(found[PROMPT], 2 * a_month(more))
    assert close(found[PRICES], -a_month(2 * (6_000)))


def share_of(most: int, steps: int) -> st.SearchStrategy[Decimal]:
    """Few different shares, so that most of what a run asks for is priced already."""
    return st.integers(0, steps).map(lambda step: Decimal(most * step) / steps)


LANES_ASKED = st.sampled_from(
    [None, CURRENT, RECOMMENDED, IF_TAGGED, "sync+cache", "batch", "batch+cache", "flex"]
)
MODELS_ASKED = st.sampled_from([None, "openai/gpt-4o-mini", "openai/gpt-5.4", "anthropic/claude-haiku-4-5"])
CHOICES = st.builds(
    Choice,
    lane=LANES_ASKED,
    share=st.none() | share_of(1, 2),
    model=MODELS_ASKED,
    hit_rate=st.none() | share_of(1, 2),
    volume=st.none() | share_of(5, 4),
)
SCENARIOS = st.builds(
    Scenario,
    lane=st.sampled_from([CURRENT, RECOMMENDED, IF_TAGGED]),
    min_saving_usd=st.sampled_from([None, Decimal(1), Decimal(10_000)]),
    share=share_of(1, 4),
    hit_rate=st.none() | share_of(1, 2),
    batch_hit_rate=st.none() | share_of(1, 2),
    ttl=st.sampled_from([None, "5m", "1h"]),
    prefix_tokens=st.sampled_from([0, 0, -400, 20_000]),
    volume=share_of(4, 8),
    growth=st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("-0.1")]),
    discounts=st.dictionaries(st.sampled_from(["openai", "anthropic"]), st.integers(-20, 50).map(Decimal)),
    rerun_share=st.none() | share_of(1, 5),
    billed_twice=st.booleans(),
    order=st.permutations([TAG, MODEL, CACHE, TIER]).map(tuple),
    workloads=st.dictionaries(st.sampled_from(sorted(TODAY)), CHOICES, max_size=3),
)


@settings(max_examples=40, deadline=None)
@given(scenario=SCENARIOS)
def test_of_any_scenario_the_steps_lanes_and_workloads_add_up_exactly(ask: Ask, scenario: Scenario) -> None:
    result = ask(scenario)
    counted = [row for row in result.rows if row.scenario is not None]
    assert len(counted) + len(result.left_out) == len(TODAY)
    assert all(row.reason for row in result.left_out)
    difference = result.scenario_micro_usd - result.today_micro_usd
    assert sum(step.change_micro_usd for step in result.steps) == difference == -result.saving_micro_usd
    # No dollar is in two workloads or in two lanes.
    assert sum(row.today_micro_usd or 0 for row in counted) == result.today_micro_usd
    assert sum(row.scenario_micro_usd or 0 for row in counted) == result.scenario_micro_usd
    assert sum(result.lanes.values()) == result.scenario_micro_usd
    assert sum(result.lanes_today.values()) == result.today_micro_usd
    assert result.cost.low <= result.cost.base <= result.cost.high
    assert result.saving.low <= result.saving.base <= result.saving.high
    # A saving is never more than what there is to save, and no workload costs less than nothing.
    assert result.cost.low >= 0
    assert result.saving.high <= result.today_micro_usd
