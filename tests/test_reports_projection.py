from datetime import datetime, timedelta

from reports.projection import Move, move

START = datetime(2026, 11, 2)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_a_move_half_way_starts_the_projection_at_its_day() -> None:
    days = {day(n): {"standard": 800} for n in range(7)} | {day(n): {"batch": 800} for n in range(7, 14)}
    assert move(days) == Move(day(7), "standard", "batch")


def test_failed_lines_run_again_elsewhere_do_not_hide_a_move() -> None:
    days = {day(n): {"standard": 800} for n in range(5)} | {
        day(n): {"batch": 790, "standard": 10} for n in range(7, 12)
    }
    # The last re-runs come on a day without a batch of its own.
    days[day(12)] = {"standard": 14}
    assert move(days) == Move(day(7), "standard", "batch")


def test_a_first_trial_of_another_tier_is_not_a_move() -> None:
    days = {day(n): {"standard": 800} for n in range(14)}
    days[day(13)] = {"standard": 700, "batch": 100}
    assert move(days) is None


def test_two_tiers_side_by_side_are_not_a_move() -> None:
    assert move({day(n): {"standard": 50, "flex": 50} for n in range(14)}) is None


def test_one_tier_or_one_day_is_not_a_move() -> None:
    assert move({day(0): {"standard": 5}, day(7): {"standard": 5}}) is None
    assert move({day(0): {"standard": 5, "batch": 1}}) is None
