"""Before and after: the causes of a change by hand, and exactly the change for any two periods."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.before_after import STEPS, Change, Period, equal_days, explain_change
from reports.workbench import Workbench
from tests.record_files import write_records

AMOUNT = st.decimals(min_value=0, max_value=10**12, places=9, allow_nan=False)


@st.composite
def any_period(draw: st.DrawFn) -> Period:
    billed = draw(AMOUNT | st.just(Decimal(0)))
    return Period(
        draw(st.integers(0, 10**7)),
        draw(AMOUNT),
        draw(AMOUNT),
        draw(AMOUNT),
        billed,
        billed + draw(AMOUNT | st.just(Decimal(0))),
        draw(AMOUNT | st.just(Decimal(0))),
    )


@given(before=any_period(), after=any_period())
@settings(max_examples=60, deadline=None)
def test_steps_and_residual_are_the_change_exactly(before: Period, after: Period) -> None:
    steps, residual = explain_change(before, after)
    assert tuple(steps) == STEPS
    with localcontext() as context:
        context.prec = 60
        together = sum((step for step in steps.values() if step is not None), residual)
        assert together == after.spend + after.apart - before.spend - before.apart


def money(amount: str) -> Decimal:
    return Decimal(amount)


def test_a_change_by_hand() -> None:
    before = Period(100, money("1000"), money("1000"), money("800"), money("800"), money("800"))
    after = Period(200, money("3000"), money("1500"), money("1200"), money("600"), money("660"), money("5"))
    steps, residual = explain_change(before, after)
    # twice the calls, half as many tokens again in each, half the price, the same hits, batch, failures
    assert steps == {
        "volume": 800, "mix": 800, "price": -1200, "cache": -240 + 240, "tier": -600, "errors": 60,
    }  # fmt: skip
    assert residual == 5


def test_a_workload_that_is_new_is_all_volume_and_one_that_stopped_too() -> None:
    after = Period(10, *(money("50"),) * 5)
    assert explain_change(Period(), after)[0]["volume"] == 50
    gone, residual = explain_change(after, Period())
    assert gone == {"volume": -50, "mix": 0, "price": 0, "cache": 0, "tier": 0, "errors": 0}
    assert residual == 0


def test_a_factor_without_a_value_before_leaves_its_effect_in_the_residual() -> None:
    only_failures = Period(0, *(money("0"),) * 4, money("10"))
    steps, residual = explain_change(only_failures, Period(5, *(money("40"),) * 5))
    assert set(steps.values()) == {None}
    assert residual == 30


@pytest.mark.parametrize(
    ("first", "split", "last", "days"),
    [
        ("2026-11-01", "2026-11-09", "2026-11-30", 7),
        ("2026-11-03", "2026-11-09", "2026-11-15", 6),
        ("2026-10-01", "2026-11-01", "2026-11-20", 14),
        ("2026-11-09", "2026-11-09", "2026-11-15", 0),
        ("2026-11-01", "2026-12-09", "2026-11-15", 0),
    ],
)
def test_both_sides_are_as_long_and_of_whole_weeks_where_there_are_any(
    first: str, split: str, last: str, days: int
) -> None:
    assert equal_days(*(date.fromisoformat(day) for day in (first, split, last))) == days


# From a log ---------------------------------------------------------------------------------------

Log = Callable[..., Workbench]


def call(day: int, **changes: Any) -> dict[str, Any]:
    return {
        "ts": f"2026-11-{day:02}T10:00:00Z",
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "workload": "notes",
        "tier": "standard",
        "input_tokens": 1000,
        "output_tokens": 0,
    } | changes


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    found = Workbench.open(tmp_path / "workspace")
    calls = [
        call(2), call(3),
        call(4, tier="batch"), call(5, tier="batch", cache_read_tokens=1000), call(5, tier="batch"),
        call(5, tier="batch", status="error"), call(5, model="no-such-model"),
        call(5, workload="other"), call(5, ts=None),
    ]  # fmt: skip
    found.import_file(write_records(tmp_path / "log.jsonl", *calls))
    return found


def change(bench: Workbench, split: int) -> Change | None:
    return bench.verify().changes().over("notes", date(2026, 11, split))


def test_a_move_to_batch_with_a_hit_and_a_failure(bench: Workbench) -> None:
    found = change(bench, 4)
    assert found is not None
    assert (found.days, found.before.n_ok, found.after.n_ok) == (2, 2, 4)
    # 6,000 before. After, three answered calls have a price: 9,000 plain, 6,300 with the hit, half of it
    # billed; the failure cost 1,500. The call without a price counts as a call, and nowhere else.
    assert found.before.total == 6000
    assert found.after.total == 3150 + 1500
    assert found.steps == {
        "volume": 6000, "mix": -3000, "price": 0, "cache": -2700, "tier": -3150, "errors": 1500,
    }  # fmt: skip
    assert found.residual_micro_usd == 0
    assert found.change_micro_usd == -1350


def test_a_price_change_is_a_step_of_its_own(bench: Workbench) -> None:
    check = bench.check_prices(
        [
            {"provider": "anthropic", "model": "claude-sonnet-4-5", "tier": tier, "valid_from": "2026-11-03",
             "input_usd_per_mtok": price}
            for tier, price in (("standard", "6"), ("batch", "3"))
        ]
    )  # fmt: skip
    assert not check.problems
    bench.apply_prices(check.rows, author="Ann", note="")
    found = change(bench, 3)
    assert found is not None
    assert found.days == 1
    assert found.steps["price"] == 3000
    assert found.steps["volume"] == found.steps["tier"] == 0
    assert found.change_micro_usd == 3000


def test_no_comparison_without_a_day_on_both_sides(bench: Workbench) -> None:
    assert change(bench, 2) is None
    assert change(bench, 20) is None
    assert bench.verify().changes().over("nobody", date(2026, 11, 4)) is None
