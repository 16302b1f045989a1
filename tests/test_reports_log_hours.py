"""How many hours a log stands for, counted by hand; three nightly runs are three nights in any packing."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reports.log_hours import Covered, Window, covered
from reports.workbench import Workbench

MONDAY = datetime(2026, 11, 2)
AS_OF = datetime(2026, 11, 21)
DAY = 24


def window(first: int, last: int, silent_h: int = 0, usual_h: int = 0) -> Window:
    """The hours from `first` to `last` of November, counted from Monday the 2nd."""
    return Window(MONDAY + timedelta(hours=first), MONDAY + timedelta(hours=last), silent_h, usual_h)


def test_traffic_around_the_clock_covers_its_own_hours() -> None:
    assert covered([window(0, 335)]) == Covered(336, 0)
    assert covered([window(10, 34)]) == Covered(25, 0), "the last day, exported at half past ten"


def test_windows_that_overlap_count_once_and_a_week_between_long_ones_is_no_log() -> None:
    assert covered([window(0, 23), window(12, 35), window(300, 347)]) == Covered(36 + 48, 0)


def test_hours_before_since_do_not_count() -> None:
    assert covered([window(0, 335)], since=MONDAY + timedelta(days=7)).hours == 7 * DAY
    assert covered([window(0, 23)], since=MONDAY + timedelta(days=2)) == Covered(0, 0)
    assert covered([]) == Covered(0, 0)


def test_nightly_runs_stand_for_whole_days_in_one_file_and_in_many() -> None:
    """Two hours a night: 22 silent hours follow the last run as they follow the others."""
    one_file = [window(2, 2 * DAY + 3, silent_h=44, usual_h=22)]
    a_file_a_run = [window(n * DAY + 2, n * DAY + 3) for n in range(3)]
    assert covered(one_file) == covered(a_file_a_run) == Covered(3 * DAY, 22)


def test_weekly_and_monthly_runs_in_files_of_their_own() -> None:
    weekly = [window(n * 7 * DAY, n * 7 * DAY + 1) for n in range(4)]
    assert covered(weekly).hours == 28 * DAY
    every_other_day = [window(n * 2 * DAY, n * 2 * DAY + 1) for n in range(15)]
    assert covered(every_other_day).hours == 30 * DAY
    monthly = [window(day * DAY, day * DAY + 1) for day in (0, 30, 61, 91)]
    assert covered(monthly).hours == 91 * DAY + 2 + 718, "the pauses were 718, 742 and 718 hours"


def test_a_log_that_ends_in_its_silence_is_not_given_it_twice() -> None:
    """Seven nights at one o'clock, and one call that ends the log at 23 h on the last day."""
    assert covered([window(1, 6 * DAY + 23, silent_h=6 * 23 + 21, usual_h=23)]) == Covered(7 * DAY, 1)


def test_a_long_pause_is_a_habit_from_the_second_time_on() -> None:
    assert covered([window(0, 335, silent_h=334, usual_h=334)]) == Covered(336, 0)
    assert covered([window(0, 671, silent_h=668, usual_h=334)]) == Covered(672 + 334, 334)


def test_an_office_day_is_followed_by_its_night() -> None:
    files = [window(n * DAY + 9, n * DAY + 17) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    assert covered(files) == Covered(12 * DAY, 15), "Monday to Friday of the next week"


def test_less_than_a_day_counts_as_one_since_nothing_says_that_it_goes_on() -> None:
    assert covered([window(2, 3)]) == Covered(DAY, 22)
    two_samples = [window(2, 3), window(40 * DAY, 40 * DAY)]
    assert covered(two_samples).hours == 2 * DAY, "one long gap may be a missing file"


def test_an_outage_is_no_habit() -> None:
    assert covered([window(0, 335, silent_h=10, usual_h=10)]) == Covered(336, 0)
    assert covered([window(0, 167), window(178, 345)]) == Covered(346, 0), "ten hours without a file"


def test_what_another_log_fills_is_not_silent() -> None:
    nightly = window(2, 13 * DAY + 3, silent_h=13 * 22, usual_h=22)
    assert covered([nightly, window(0, 335)]) == Covered(336, 0)


@pytest.mark.parametrize("files", [1, 3])
def test_three_nights_are_projected_as_three_nights(files: int, tmp_path: Path) -> None:
    """200 calls a night of a million tokens at 2.50 dollars: 500 dollars a night, 182,500 a year."""
    bench = Workbench.open(tmp_path / "workspace")
    nights: list[list[int]] = [[0, 1, 2]] if files == 1 else [[0], [1], [2]]
    for number, held in enumerate(nights):
        path = tmp_path / f"{number}.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(
                ["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"]
            )
            for night in held:
                for call in range(200):
                    at = MONDAY + timedelta(days=night, hours=2, seconds=30 * call)
                    writer.writerow(
                        [f"{night}-{call}", at.isoformat(), "openai", "gpt-4o", "nightly", 1_000_000, 0]
                    )
        assert bench.import_file(path).rejected == 0
    analysis = bench.analysis(AS_OF)
    assert analysis.window_hours == 3 * DAY
    assert analysis.totals.current_per_year_micro_usd == Decimal(182_500_000_000)
    (part,) = analysis.workload("nightly").parts
    assert part.window_note.startswith(
        "Projected from the log's 3 days. 22 hours after its calls count as silent."
    )
