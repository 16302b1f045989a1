from decimal import Decimal

import pytest

from reports.format import UNKNOWN, dollars, file_size, percent, progress_facts, time_left, usd, usd_short


@pytest.mark.parametrize(
    ("micro_usd", "text"),
    [
        (Decimal(0), "$0.00"),
        (Decimal("210013800"), "$210.01"),
        (Decimal("1234567890"), "$1,234.57"),
        (Decimal("-500000"), "-$0.50"),
        (Decimal("9999"), "$0.01"),
        (Decimal("4200"), "$0.0042"),
        (Decimal("0.4"), "$0.0000004"),
        (Decimal("-0.4"), "-$0.0000004"),
        (Decimal(9) * 10**15, "$9,000,000,000.00"),
        (None, UNKNOWN),
    ],
)
def test_exact_amounts_keep_small_ones_readable_and_unknown_is_not_zero(
    micro_usd: Decimal | None, text: str
) -> None:
    assert usd(micro_usd) == text


@pytest.mark.parametrize(
    ("micro_usd", "text"),
    [
        (Decimal("1234000000"), "$1.23k"),
        (Decimal("-45600000000"), "-$45.6k"),
        (Decimal(9) * 10**15, "$9.00B"),
        (Decimal("123450000"), "$123"),
        (Decimal("12345000"), "$12.34"),
        (Decimal("4200"), "$0.0042"),
        (None, UNKNOWN),
    ],
)
def test_short_amounts_keep_three_digits(micro_usd: Decimal | None, text: str) -> None:
    assert usd_short(micro_usd) == text


def test_dollars_are_exact_beyond_float() -> None:
    assert dollars(Decimal("9007199254740993.000000001")) == Decimal("9007199254.740993000000001")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.5, "50 %"), (0.9999, "> 99.9 %"), (1.0, "100 %"), (0.0001, "< 1 %"), (0.0, "0 %"), (None, UNKNOWN)],
)
def test_a_share_never_rounds_to_all_or_nothing(share: float | None, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (999_499, "999 kB"),
        (1_250_000, "1.2 MB"),
        (3_400_000_000, "3.4 GB"),
        (12_345_600_000_000, "12,345.6 GB"),
    ],
)
def test_sizes_are_decimal(size: int, text: str) -> None:
    assert file_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1 s left"),
        (7.2, "8 s left"),
        (60.0, "1 min left"),
        (61.0, "2 min left"),
        (4_000.0, "1 h 7 min left"),
    ],
)
def test_time_left_is_rounded_up(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


def test_progress_tells_only_what_is_known() -> None:
    nothing = progress_facts(rows=None, bytes_read=0, bytes_total=0, seconds_left=None)
    assert nothing == ()
    some = progress_facts(rows=1, bytes_read=2_000_000, bytes_total=3_000_000, seconds_left=5.0)
    assert some == ("1 row", "2.0 MB of 3.0 MB", "5 s left")
