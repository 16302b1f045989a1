"""Effort against saving, by hand: 2 person-days at 800 dollars, 365 days to pay them back."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reports.model import STAY, Range, WorkloadResult
from reports.payback import payback
from tests.test_reports_deadlines import DOLLAR, bench_with, judged, usage
from triage.sections import Moving
from ui import strings as s


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> WorkloadResult:
    folder: Path = tmp_path_factory.mktemp("payback")
    return judged(bench_with(folder, usage("w")), "24h")


def saving(result: WorkloadResult, dollars: int) -> WorkloadResult:
    amount = Decimal(dollars) * DOLLAR
    return replace(result, saving_per_year=Range(amount, amount, amount))


@pytest.mark.parametrize(
    ("a_year", "days", "in_time"),
    [(1_600, 365, True), (1_599, 366, False), (584_000, 1, True), (3_200, 183, True), (0, None, False)],
)
def test_days_until_the_effort_is_paid_for(
    result: WorkloadResult, a_year: int, days: int | None, in_time: bool
) -> None:
    found = payback(saving(result, a_year), Moving())
    assert found is not None
    assert (found.effort_usd, found.days, found.in_time) == (Decimal(1_600), days, in_time)


def test_what_stays_takes_no_effort(result: WorkloadResult) -> None:
    assert payback(replace(result, recommended_lane=STAY), Moving()) is None


def test_in_words(result: WorkloadResult) -> None:
    good, slow = (payback(saving(result, amount), Moving()) for amount in (3_200, 800))
    assert good is not None
    assert slow is not None
    assert s.payback(good) == (
        "To move it: a pilot of 200 requests, then up to 10,000 a batch. 2 person-days (\\$1,600.00) are "
        "paid back in 183 days."
    )
    assert s.payback(slow).endswith(
        "would be paid back in 730 days; the policy gives a move 365 days, so it is hardly worth it."
    )
    assert s.payback(replace(good, in_batches=False)).startswith(
        "To move it: a pilot of 200 requests, then the rest. 2 person-days"
    )
    free = payback(saving(result, 1), Moving(effort_days=Decimal(0)))
    assert free is not None
    assert s.payback(free).endswith("a batch. It takes no effort by the policy.")
    never = payback(saving(result, 0), Moving())
    assert never is not None
    assert s.payback(never).endswith("are never paid back by the base saving.")
