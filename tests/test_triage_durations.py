"""Durations and numbers read as people write them and are never rounded."""

from decimal import Decimal

import pytest

from triage.durations import duration_text, number_text


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [
        (0, "0 ms"),
        (300, "300 ms"),
        (999, "999 ms"),
        (1_000, "1 s"),
        (1_500, "1.5 s"),
        (29_999, "29.999 s"),
        (30_000, "30 s"),
        (60_000, "1 min"),
        (90_000, "1 min 30 s"),
        (600_000, "10 min"),
        (3_599_999, "59 min 59.999 s"),
        (3_600_000, "1 h"),
        (3_600_001, "1 h 0.001 s"),
        (5_400_000, "1 h 30 min"),
        (86_400_000, "24 h"),
        (259_200_000, "72 h"),
        (259_200_001, "3 days 0.001 s"),
        (604_800_000, "7 days"),
        (608_400_000, "7 days 1 h"),
    ],
)
def test_duration_text(duration_ms: int, text: str) -> None:
    assert duration_text(duration_ms) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(0), "0"),
        (Decimal(100), "100"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("71428.5700"), "71,428.57"),
        (Decimal("0.033"), "0.033"),
        (500_000, "500,000"),
    ],
)
def test_number_text(value: Decimal | int, text: str) -> None:
    assert number_text(value) == text
