"""Deadline risk: chances, what re-runs leave of a saving, and the moment to give up, by hand."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from triage.errors import FactsError
from triage.risk import (
    Miss,
    Turnaround,
    break_even_miss,
    expected_saving,
    published_turnarounds,
    spill_over_at,
)

HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("missed", "unbilled", "billed"),
    [("0", "0.5", "0.5"), ("0.05", "0.475", "0.45"), ("0.5", "0.25", "0"), ("1", "0", "-0.5")],
)
def test_what_missed_and_re_run_answers_leave_of_half_the_bill(
    missed: str, unbilled: str, billed: str
) -> None:
    assert expected_saving(HALF, Decimal(missed), misses_billed=False) == Decimal(unbilled)
    assert expected_saving(HALF, Decimal(missed), misses_billed=True) == Decimal(billed)


def test_the_same_by_adding_up_a_bill_of_1000_requests() -> None:
    """20 % discount, 1,000 requests at 10 cents, 150 missed: sync is 100.00 dollars."""
    first_try = Decimal(850) * Decimal("0.08")
    again = Decimal(150) * Decimal("0.10")
    late = Decimal(150) * Decimal("0.08")
    assert 1 - (first_try + again) / 100 == expected_saving(
        Decimal("0.2"), Decimal("0.15"), misses_billed=False
    )
    assert 1 - (first_try + again + late) / 100 == expected_saving(
        Decimal("0.2"), Decimal("0.15"), misses_billed=True
    )


def test_where_a_batch_saves_nothing() -> None:
    assert break_even_miss(HALF, misses_billed=True) == HALF
    assert break_even_miss(HALF, misses_billed=False) == 1
    for billed in (True, False):
        assert expected_saving(HALF, break_even_miss(HALF, misses_billed=billed), misses_billed=billed) == 0


@pytest.mark.parametrize(("discount", "missed"), [("1.1", "0"), ("-0.1", "0"), ("0.5", "1.01")])
def test_shares_outside_0_to_1_are_refused(discount: str, missed: str) -> None:
    with pytest.raises(FactsError, match="between 0 and 1"):
        expected_saving(Decimal(discount), Decimal(missed), misses_billed=True)


@pytest.mark.parametrize(
    ("provider", "deadline_s", "low", "base", "high"),
    [
        # Nothing but the 24 h window is published: between "all miss" and "none misses".
        ("openai", 14_400, "0", None, "1"),
        ("openai", 86_399, "0", None, "1"),
        ("openai", 86_400, "0", "0", "0"),
        # Half within 1 h, all within 24 h: at 12.5 h half of the second half is done.
        ("anthropic", 1_800, "0.5", "0.75", "1"),
        ("anthropic", 3_600, "0", "0.5", "0.5"),
        ("anthropic", 45_000, "0", "0.25", "0.5"),
        ("anthropic", 86_400, "0", "0", "0"),
        # Median 7 min, nine in ten within 1 h: 2,010 s is half way between the two.
        ("openrouter", 2_010, "0.1", "0.3", "0.5"),
        ("openrouter", 3_600, "0", "0.1", "0.1"),
        # No bound at all.
        ("azure", 86_400, "0", None, "1"),
        ("xai", 10**9, "0", None, "1"),
    ],
)
def test_the_chance_to_miss_from_published_figures(
    provider: str, deadline_s: int, low: str, base: str | None, high: str
) -> None:
    expected = Miss(Decimal(low), None if base is None else Decimal(base), Decimal(high))
    assert published_turnarounds()[provider].miss(deadline_s) == expected


def test_every_published_figure_has_a_source_and_rises() -> None:
    table = published_turnarounds()
    assert len(table) == 10
    for provider, turnaround in table.items():
        assert turnaround.source.startswith("https://"), provider
        assert turnaround.source.endswith("(2026-11-21)"), provider
        assert turnaround.note
        assert list(turnaround.knots) == sorted(turnaround.knots)
        assert turnaround.n_samples is None
    assert table["openrouter"].median_s == 420
    assert table["openai"].median_s is None


def test_ones_own_batches_count_and_carry_their_uncertainty() -> None:
    """Ten batches, one never came back: after 2 h two are missing; the interval is that of 2 in 10."""
    turnaround = Turnaround.from_samples(
        [600, 600, 1_200, 1_800, 2_400, 3_000, 3_600, 7_200, 9_000, None], "mine"
    )
    miss = turnaround.miss(7_200)
    assert miss.base == Decimal("0.2")
    assert round(miss.low, 4) == Decimal("0.0567")
    assert round(miss.high, 4) == Decimal("0.5098")
    assert turnaround.miss(7_199).base == Decimal("0.3")
    assert turnaround.miss(599).base == 1
    assert turnaround.miss(10**6).base == Decimal("0.1")
    assert turnaround.median_s == 2_400
    assert turnaround.source == "mine"


def test_no_miss_in_ten_batches_is_not_proof_that_none_will_come() -> None:
    miss = Turnaround.from_samples([60] * 10, "mine").miss(60)
    assert miss.low == miss.base == 0
    assert round(miss.high, 4) == Decimal("0.2775")
    never = Turnaround.from_samples([None], "mine")
    assert never.miss(60).base == never.miss(60).high == 1
    assert never.median_s is None


@pytest.mark.parametrize("samples", [[], [-1], [60, -1]])
def test_samples_that_cannot_be_are_refused(samples: list[int | None]) -> None:
    with pytest.raises(FactsError, match="Turnaround cannot be read"):
        Turnaround.from_samples(samples, "mine")


def test_the_latest_moment_to_spill_over() -> None:
    due = datetime(2026, 11, 21, 7)
    assert spill_over_at(due, 1_200) == datetime(2026, 11, 21, 6, 40)
    assert spill_over_at(due, 1_200, 300) == datetime(2026, 11, 21, 6, 35)


def test_the_published_worked_examples() -> None:
    examples = json.loads((Path(__file__).parent / "golden" / "worked_examples.json").read_text("utf-8"))
    for example in examples:
        if example["id"].startswith("fallback."):
            missed = Decimal(example["id"].removeprefix("fallback."))
            unbilled = expected_saving(HALF, missed, misses_billed=False)
            billed = expected_saving(HALF, missed, misses_billed=True)
            assert unbilled == Decimal(str(example["expected"]["saving_if_unbilled"]))
            assert billed == Decimal(str(example["expected"]["saving_if_double_billed"]))
