from decimal import Decimal

import pytest

from reports.assumptions import Cases, hits_kept
from reports.model import NOTHING, STAY, LaneCost, Range
from reports.recommend import choose, current_lane, saving, with_reruns


def lane(name: str, cost: int | None, *, admissible: bool = True) -> LaneCost:
    amount = Decimal(cost) if cost is not None else None
    projected = Range(amount, amount, amount) if amount is not None else None
    return LaneCost(name, amount, projected, None, None, admissible, None if admissible else "no")


def same(amount: int) -> Range:
    return Range(Decimal(amount), Decimal(amount), Decimal(amount))


def test_the_cheapest_admissible_lane_wins() -> None:
    lanes = [lane("sync", 100), lane("flex", 60), lane("batch", 50)]
    choice = choose(lanes, current="sync", baseline=same(100), stay_why=None)
    assert (choice.lane, choice.saving.base) == ("batch", Decimal(50))


def test_a_cheaper_lane_that_is_not_admissible_is_not_taken() -> None:
    lanes = [lane("sync", 100), lane("flex", 60), lane("batch", 50, admissible=False)]
    assert choose(lanes, current="sync", baseline=same(100), stay_why=None).lane == "flex"


def test_batch_that_loses_to_the_warm_cache_means_stay() -> None:
    lanes = [lane("sync", 750), lane("sync+cache", 210), lane("batch", 375)]
    choice = choose(lanes, current="sync+cache", baseline=same(210), stay_why=None)
    assert (choice.lane, choice.saving) == (STAY, NOTHING)
    assert "warm cache" in choice.because


def test_equal_costs_go_to_the_simpler_lane() -> None:
    lanes = [lane("batch", 50), lane("batch+cache", 50), lane("flex", 50), lane("sync", 100)]
    assert choose(lanes, current="sync", baseline=same(100), stay_why=None).lane == "flex"


def test_a_lane_without_a_price_is_never_chosen() -> None:
    lanes = [lane("sync", 100), lane("batch", None)]
    assert choose(lanes, current="sync", baseline=same(100), stay_why=None).lane == STAY


def test_a_reason_to_stay_comes_before_money() -> None:
    choice = choose([lane("batch", 1)], current="sync", baseline=same(100), stay_why="Ask first.")
    assert (choice.lane, choice.because) == (STAY, "Ask first.")


def test_unknown_cost_today_means_no_figure() -> None:
    assert choose([lane("batch", 1)], current="sync", baseline=None, stay_why=None).saving == NOTHING


@pytest.mark.parametrize(
    ("counts", "caching", "expected"),
    [
        ({"standard": 100}, False, "sync"),
        ({"standard": 100}, True, "sync+cache"),
        ({"standard": 96, "batch": 4}, False, "sync"),
        ({"standard": 94, "batch": 6}, False, "mixed"),
        ({"batch": 10}, True, "batch+cache"),
        ({"priority": 10}, True, "priority"),
        ({}, False, "sync"),
    ],
)
def test_current_lane(counts: dict[str, int], caching: bool, expected: str) -> None:
    assert current_lane(counts, caching) == expected


def test_five_and_fifty_per_cent_missed_and_unbilled_leave_47_5_and_25_per_cent_of_the_bill() -> None:
    half = same(50)
    for share, expected in ((Decimal("0.05"), Decimal("47.5")), (Decimal("0.5"), Decimal(25))):
        cost = with_reruns(half, Decimal(100), Cases(share, share, share))
        assert saving(same(100), cost) == Range(expected, expected, expected)


def test_savings_are_ordered_even_when_the_move_costs_more() -> None:
    cost = Range(Decimal(90), Decimal(120), Decimal(150))
    assert saving(same(100), cost) == Range(Decimal(-50), Decimal(-20), Decimal(10))


def test_kept_hits_take_the_published_range_and_its_middle() -> None:
    assert hits_kept(Decimal("0.30"), Decimal("0.98")) == Cases(
        Decimal("0.30"), Decimal("0.64"), Decimal("0.98")
    )
    assert hits_kept(None, Decimal("0.98")).base == Decimal("0.5")
