"""The off-peak window on the clocks of a place: midnight, daylight saving, both sides of every edge."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from triage.off_peak import OffPeak


def window(**changed: Any) -> OffPeak:
    return OffPeak.model_validate({"time_zone": "Europe/Berlin", "from": "22:00", "to": "06:00", **changed})


@pytest.mark.parametrize(
    ("at_utc", "is_open"),
    [
        # Winter, UTC+1: 22:00 to 06:00 is 21:00 to 05:00 UTC.
        ("2026-01-15T20:59:59", False),
        ("2026-01-15T21:00:00", True),
        ("2026-01-15T21:30:00", True),  # 22:30 there
        ("2026-01-15T23:00:00", True),  # midnight there
        ("2026-01-16T04:59:59", True),
        ("2026-01-16T05:00:00", False),
        # Summer, UTC+2: 20:00 to 04:00 UTC.
        ("2026-07-15T19:59:59", False),
        ("2026-07-15T20:30:00", True),  # 22:30 there
        ("2026-07-16T03:59:59", True),
        ("2026-07-16T04:00:00", False),
    ],
)
def test_half_past_ten_in_the_evening_is_off_peak_in_winter_and_summer(at_utc: str, is_open: bool) -> None:
    assert window().is_open(datetime.fromisoformat(at_utc)) is is_open


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        # The night of 28 to 29 March 2026 loses the hour from 02:00 to 03:00.
        ("2026-03-28T21:00:00", "2026-03-29T04:00:00", 7),
        # The night of 24 to 25 October 2026 has the hour from 02:00 to 03:00 twice.
        ("2026-10-24T20:00:00", "2026-10-25T05:00:00", 9),
        ("2026-10-25T21:00:00", "2026-10-26T05:00:00", 8),
    ],
)
def test_the_nights_on_which_the_clocks_change(opens: str, closes: str, hours: int) -> None:
    start, end = datetime.fromisoformat(opens), datetime.fromisoformat(closes)
    assert end - start == timedelta(hours=hours)
    second = timedelta(seconds=1)
    assert [window().is_open(at) for at in (start - second, start, end - second, end)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert window().closes(start) == end
    assert window().next_open(start - timedelta(hours=3)) == start


def test_a_time_that_the_clocks_skip_is_the_moment_they_jump() -> None:
    """02:30 does not exist on 29 March: the clocks jump at 01:00 UTC, from 02:00 to 03:00."""
    late = window(**{"from": "02:30", "to": "05:00"})
    assert late.next_open(datetime(2026, 3, 29)) == datetime(2026, 3, 29, 1)
    assert late.closes(datetime(2026, 3, 29, 1)) == datetime(2026, 3, 29, 3)
    swallowed = window(**{"from": "02:10", "to": "02:50"})
    assert swallowed.next_open(datetime(2026, 3, 29)) == datetime(2026, 3, 30, 0, 10)


def test_a_time_that_the_clocks_show_twice_is_the_first() -> None:
    """On 25 October the clocks show 02:30 at 00:30 UTC and again at 01:30 UTC."""
    late = window(**{"from": "02:30", "to": "05:00"})
    assert late.next_open(datetime(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30)
    assert late.closes(datetime(2026, 10, 25, 1, 15)) == datetime(2026, 10, 25, 4)
    early = window(**{"from": "22:00", "to": "02:30"})
    assert early.closes(datetime(2026, 10, 24, 22)) == datetime(2026, 10, 25, 0, 30)
    assert not early.is_open(datetime(2026, 10, 25, 1))


def test_the_other_side_of_the_world_and_its_summer() -> None:
    """Sydney is UTC+11 in January and UTC+10 in July; its day begins the day before in UTC."""
    sydney = window(time_zone="Australia/Sydney")
    assert sydney.closes(datetime(2026, 1, 15, 11)) == datetime(2026, 1, 15, 19)
    assert not sydney.is_open(datetime(2026, 1, 15, 10, 59, 59))
    assert sydney.closes(datetime(2026, 7, 15, 12)) == datetime(2026, 7, 15, 20)
    assert not sydney.is_open(datetime(2026, 7, 15, 11, 59, 59))


def test_days_are_those_on_which_the_window_opens() -> None:
    """Friday night reaches into Saturday; 16 January 2026 is a Friday."""
    friday = window(days=["fri"])
    assert friday.is_open(datetime(2026, 1, 17, 4, 59))
    assert not friday.is_open(datetime(2026, 1, 16, 4, 59))
    assert not friday.is_open(datetime(2026, 1, 17, 21))
    assert friday.next_open(datetime(2026, 1, 17, 5)) == datetime(2026, 1, 23, 21)
    assert friday.next_open(datetime(2026, 1, 16, 22)) == datetime(2026, 1, 16, 22)


def test_a_window_inside_one_day() -> None:
    lunch = window(**{"time_zone": "UTC", "from": "12:00", "to": "13:00"})
    assert lunch.is_open(datetime(2026, 1, 1, 12))
    assert not lunch.is_open(datetime(2026, 1, 1, 13))
    assert lunch.next_open(datetime(2026, 1, 1, 13)) == datetime(2026, 1, 2, 12)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"time_zone": "CET"}, "'CET' is not an IANA time zone; write UTC or a place, such as Europe/Berlin"),
        ({"time_zone": "Europe/Bonn"}, "'Europe/Bonn' is not a known IANA time zone"),
        ({"time_zone": "../etc/passwd"}, "is not a known IANA time zone"),
        ({"from": 1320}, '1320 must be a time in quotes, such as "22:00": YAML reads it as a number'),
        ({"from": "24:00"}, "String should match pattern"),
        ({"to": "22:00"}, "from and to are both 22:00; a window needs a beginning and an end"),
        ({"days": []}, "at least 1 item"),
        ({"days": ["Friday"]}, "Input should be 'mon'"),
        ({"defer_unstated": 1}, "valid boolean"),
        ({"until": "06:00"}, "Extra inputs are not permitted"),
    ],
)
def test_what_a_window_may_not_be(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        window(**changed)
    assert problem in str(caught.value)
