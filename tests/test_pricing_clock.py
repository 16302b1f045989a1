"""Prices by the clock: DeepSeek's peak hours, and what an hourly log cannot decide."""

from decimal import Decimal
from typing import Any

import pytest

from tests.pricing_cases import at, costs


def call(hour: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "provider": "deepseek",
        "model": "deepseek-v4-pro",
        "hour_utc": None if hour is None else at(hour),
        "input_tokens": 100,
        **fields,
    }


@pytest.mark.parametrize(
    ("hour", "usd_per_mtok"),
    [
        ("2026-11-18T01:00", "1.32"),  # Wednesday
        ("2026-11-18T03:00", "1.32"),
        ("2026-11-18T04:00", "0.66"),
        ("2026-11-18T05:00", "0.66"),
        ("2026-11-18T06:00", "1.32"),
        ("2026-11-18T09:00", "1.32"),
        ("2026-11-18T10:00", "0.66"),
        ("2026-11-18T23:00", "0.66"),
        ("2026-11-18T00:00", "0.66"),
        ("2026-11-21T02:00", "0.66"),  # Saturday
        ("2026-11-22T07:00", "0.66"),  # Sunday
        ("2026-08-22T02:00", "1.32"),  # the last Saturday before weekends became off-peak
        ("2026-08-16T12:00", "0.435"),  # one price all day until 2026-08-17
    ],
)
def test_a_standard_call_is_billed_by_its_hour(hour: str, usd_per_mtok: str) -> None:
    found = costs([call(hour)], as_of=None)["as_billed"]
    assert found["cost_micro_usd"] == 100 * Decimal(usd_per_mtok)


def test_the_lanes_are_the_price_if_everything_ran_at_that_time_of_day() -> None:
    found = costs([call("2026-11-18T12:00")], as_of=None)
    assert found["sync"]["cost_micro_usd"] == 132
    assert found["offpeak"]["cost_micro_usd"] == 66
    assert found["as_billed"]["cost_micro_usd"] == 66


def test_a_call_logged_as_offpeak_needs_no_clock() -> None:
    assert costs([call(None, tier="offpeak")])["as_billed"]["cost_micro_usd"] == 66


def test_a_bucket_or_an_undated_call_cannot_be_settled() -> None:
    for row in (call("2026-11-18T00:00", grain="bucket"), call(None)):
        billed = costs([row])["as_billed"]
        assert (billed["cost_micro_usd"], billed["reason"]) == (None, "offpeak_unsettled")
        assert costs([row])["sync"]["cost_micro_usd"] == 132


@pytest.mark.parametrize(
    ("start", "end", "micro_usd"),
    [
        ("2026-11-18T02:00", "2026-11-18T03:00", 132),  # one peak hour of a Wednesday
        ("2026-11-18T12:00", "2026-11-18T13:00", 66),
        ("2026-11-21T02:00", "2026-11-21T03:00", 66),  # Saturday
        ("2026-11-18T02:00", "2026-11-18T04:00", None),  # two hours, though both are peak
        ("2026-11-18T02:00", "2026-11-18T02:00", None),  # no end is known
        ("2026-11-18T00:00", "2026-11-19T00:00", None),
    ],
)
def test_a_bucket_of_one_whole_hour_is_billed_by_that_hour(
    start: str, end: str, micro_usd: int | None
) -> None:
    row = call(start, grain="bucket", last_ts=at(end))
    assert costs([row])["as_billed"]["cost_micro_usd"] == micro_usd


def test_before_there_was_a_clock_an_undated_call_is_priced() -> None:
    found = costs([call(None)], as_of=None, undated_as_of=at("2026-08-01"))["as_billed"]
    assert found["cost_micro_usd"] == Decimal("43.5")


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("2025-03-05T17:00", ("13.5", None)),
        ("2025-03-05T15:00", ("27", None)),
        ("2025-03-05T16:00", (None, "offpeak_unsettled")),  # the window began at 16:30
        ("2025-03-05T00:00", (None, "offpeak_unsettled")),  # and ended at 00:30
        ("2025-09-05T15:00", ("27", None)),
        ("2025-09-05T17:00", ("56", None)),  # discontinued at 16:00 that day, with a new price list
    ],
)
def test_an_hour_that_a_window_cuts_in_two_is_unsettled(
    hour: str, expected: tuple[str | None, str | None]
) -> None:
    found = costs([call(hour, model="deepseek-chat")], as_of=None)["as_billed"]
    cost, reason = expected
    assert found["cost_micro_usd"] == (None if cost is None else Decimal(cost))
    assert found["reason"] == reason


def test_the_hour_decides_even_at_the_prices_of_another_day() -> None:
    night, day = call("2026-11-18T12:00"), call("2026-11-18T02:00")
    assert costs([night], as_of=at("2026-12-24"))["as_billed"]["cost_micro_usd"] == 66
    assert costs([day], as_of=at("2026-12-24"))["as_billed"]["cost_micro_usd"] == 132


def test_other_providers_know_no_clock() -> None:
    row = {"provider": "vertex_ai", "model": "deepseek-ai/deepseek-v3.2-maas", "hour_utc": None}
    assert costs([row | {"input_tokens": 100}])["as_billed"]["reason"] is None
