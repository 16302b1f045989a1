"""Deadline risk in lanes: own batches against published figures, and what it leaves, counted by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from reports.assumptions import BATCH_RERUN, TIGHT_BATCH_RERUN, Cases
from reports.lane_risk import (
    MIN_OWN_BATCHES,
    deadline_risk,
    expected_savings,
    own_turnarounds,
    rerun_shares,
    turnarounds,
)
from reports.model import STAY, LaneCost, Range
from reports.recommend import choose, saving, with_reruns
from triage.policy import Policy
from triage.risk import Turnaround, published_turnarounds

START = datetime(2026, 9, 1)
HOUR = 3_600
POLICY = Policy.default()
STRICTER = POLICY.model_copy(
    update={"deadlines": POLICY.deadlines.model_copy(update={"max_miss_share": Decimal("0.2")})}
)
BOLD = POLICY.model_copy(
    update={"deadlines": POLICY.deadlines.model_copy(update={"allow_unknown_risk": True})}
)


def jobs(*rows: dict[str, Any]) -> pa.Table:
    whole = [
        {
            "provider": "openai",
            "batch_id": f"b{number}",
            "n_ended": 1,
            "n_expired": 0,
            "n_cancelled": 0,
            "first_ts": START + timedelta(days=number),
            "last_ts_end": START + timedelta(days=number, hours=1),
        }
        | row
        for number, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(whole)


def same(amount: int) -> Range:
    return Range(Decimal(amount), Decimal(amount), Decimal(amount))


# ---------------------------------------------------------------- turnaround


def test_own_batches_count_from_twenty_on() -> None:
    assert own_turnarounds(jobs(*[{}] * (MIN_OWN_BATCHES - 1))) == {}
    (own,) = own_turnarounds(jobs(*[{}] * MIN_OWN_BATCHES)).values()
    assert (own.n_samples, own.median_s) == (20, HOUR)
    # the twentieth batch is sent on day 19 and back an hour later
    assert own.source == "your log, 2026-09-01 to 2026-09-20"


def test_a_batch_that_lost_a_request_never_came_back_and_a_cancelled_one_does_not_count() -> None:
    late = {"n_expired": 1, "last_ts_end": START + timedelta(days=99)}
    left_out = ({"n_cancelled": 3}, {"n_ended": 0}, {"first_ts": None}, {"batch_id": None})
    rows = jobs(*[{}] * 19, late, *left_out)
    (own,) = own_turnarounds(rows).values()
    assert own.n_samples == 20
    assert own.miss(HOUR).base == own.miss(10**9).base == Decimal("0.05")
    assert own.miss(HOUR - 1).base == 1


def test_the_rows_of_one_batch_are_one_batch() -> None:
    """Answers and failures stand in two rows: the failures name no model and come an hour later."""
    twice = {"batch_id": "b0", "first_ts": START, "last_ts_end": START + timedelta(hours=2), "n_ended": 0}
    (own,) = own_turnarounds(jobs(*[{}] * 20, twice)).values()
    assert own.n_samples == 20
    assert (own.miss(HOUR).base, own.miss(2 * HOUR).base) == (Decimal("0.05"), Decimal(0))


def test_own_batches_replace_what_their_provider_publishes_and_no_other() -> None:
    known = turnarounds(jobs(*[{}] * 20))
    assert known["openai"].n_samples == 20
    assert known["anthropic"] == published_turnarounds()["anthropic"]


# ---------------------------------------------------------------- the policy's limit


def published(provider: str, deadline_s: int, policy: Policy = POLICY) -> Any:
    return deadline_risk(provider, deadline_s, published_turnarounds().get(provider), policy)


def test_no_deadline_is_no_risk() -> None:
    assert deadline_risk("openai", None, None, POLICY) is None


@pytest.mark.parametrize(
    ("deadline_s", "policy", "refused"),
    [
        # Anthropic publishes "most within 1 h": half are late at an hour, a quarter at 12 h 30 min.
        (HOUR, POLICY, None),
        (HOUR - 1, POLICY, "P(miss) is 50 % for its deadline of 59 min 59 s"),
        (45_000, POLICY, None),
        (45_000, STRICTER, "P(miss) is 25 % for its deadline of 12 h 30 min; the policy takes at most 20 %."),
        (24 * HOUR, STRICTER, None),
    ],
)
def test_a_chance_to_miss_above_the_limit_is_not_admissible(
    deadline_s: int, policy: Policy, refused: str | None
) -> None:
    why_not = published("anthropic", deadline_s, policy).why_not
    assert (why_not is None) == (refused is None)
    assert (refused or "") in (why_not or "")


def test_an_unknown_risk_is_taken_only_where_the_policy_says_so() -> None:
    refused = published("openai", 8 * HOUR)
    assert (refused.miss.low, refused.miss.base, refused.miss.high) == (0, None, 1)
    assert "how many batches of openai are back within 8 h" in refused.why_not
    assert published("openai", 8 * HOUR, BOLD).why_not is None
    assert published("nobody", 8 * HOUR).why_not is not None
    # A whole window fits by the policy, even where nothing bounds the wait.
    assert published("azure", 24 * HOUR).why_not is None


def test_own_batches_may_forbid_what_the_window_promises_and_allow_what_nobody_publishes() -> None:
    slow = Turnaround.from_samples([25 * HOUR] * 20, "mine")
    forbidden = deadline_risk("openai", 24 * HOUR, slow, POLICY)
    assert forbidden is not None
    assert "P(miss) is 100 %" in (forbidden.why_not or "")
    quick = Turnaround.from_samples([HOUR] * 20, "mine")
    risk = deadline_risk("openai", 2 * HOUR, quick, POLICY)
    assert risk is not None
    assert (risk.miss.base, risk.why_not, risk.n_batches) == (Decimal(0), None, 20)
    assert risk.basis == "20 batches of your own; mine"


# ---------------------------------------------------------------- spill-over


def test_when_to_give_a_batch_up() -> None:
    known = published_turnarounds()["anthropic"]
    # 8 h less 20 min of running and the policy's 5 min in hand
    plain = deadline_risk("anthropic", 8 * HOUR, known, POLICY, 1_200)
    assert plain is not None
    assert plain.cancel_after_s == 28_800 - 1_200 - 300
    tight = deadline_risk("anthropic", HOUR, known, POLICY, 3_300)
    assert tight is not None
    assert tight.cancel_after_s is None


# ---------------------------------------------------------------- what is left of the saving


@pytest.mark.parametrize(
    ("missed", "once", "twice"),
    [("0.05", "47.5", "45"), ("0.5", "25", "0"), ("0", "50", "50"), ("1", "0", "-50")],
)
def test_re_runs_billed_once_and_twice(missed: str, once: str, twice: str) -> None:
    found = expected_savings(Decimal(100), Decimal(50), Decimal(missed))
    assert found == (Decimal(once), Decimal(twice))


def test_the_worst_case_bills_late_answers_twice() -> None:
    """Half late at worst: 0 left; a quarter in between: 37.5; none at best: 50."""
    cases, twice = rerun_shares(published("anthropic", 45_000), tight=True)
    assert (cases, twice) == (Cases(Decimal("0.5"), Decimal("0.25"), Decimal(0)), Decimal("0.5"))
    cost = with_reruns(same(50), Decimal(100), cases, twice)
    assert saving(same(100), cost) == Range(Decimal(0), Decimal("37.5"), Decimal(50))


def test_what_expires_is_assumed_where_only_the_window_is_published() -> None:
    assert rerun_shares(None, tight=False) == (BATCH_RERUN, Decimal(0))
    assert rerun_shares(published("openai", 24 * HOUR), tight=False) == (BATCH_RERUN, Decimal(0))
    assert rerun_shares(published("openai", 8 * HOUR, BOLD), tight=True) == (TIGHT_BATCH_RERUN, Decimal(0))
    own = deadline_risk("openai", 2 * HOUR, Turnaround.from_samples([HOUR] * 20, "mine"), POLICY)
    cases, twice = rerun_shares(own, tight=True)
    # none of 20 late: the upper end of the interval is 3.8416 / 23.8416
    assert (cases.base, cases.high) == (Decimal(0), Decimal(0))
    assert round(cases.low, 4) == round(twice, 4) == Decimal("0.1611")


# ---------------------------------------------------------------- the recommendation


def lane(name: str, cost: int, why_not: str | None = None, deadline_s: int = 45_000) -> LaneCost:
    risk = published("anthropic", deadline_s, STRICTER if why_not else POLICY)
    return LaneCost(name, Decimal(cost), same(cost), None, None, why_not is None, why_not, risk)


def test_a_lane_that_risks_the_deadline_is_not_taken_and_the_reason_says_the_number() -> None:
    risky = lane("batch", 50, published("anthropic", 45_000, STRICTER).why_not)
    choice = choose([risky], current="sync", baseline=same(100), stay_why=None)
    assert choice.lane == STAY
    assert "its deadline is at risk. P(miss) is 25 %" in choice.because
    dearer = lane("batch", 150, published("anthropic", 45_000, STRICTER).why_not)
    assert "risk" not in choose([dearer], current="sync", baseline=same(100), stay_why=None).because


def test_a_lane_whose_saving_the_risk_eats_is_not_recommended() -> None:
    """A batch at 90 % of the price with a quarter run again: 0.75 x 90 + 0.25 x 100 still saves 7.5 ..."""
    cases, twice = rerun_shares(published("anthropic", 45_000), tight=True)
    cost = with_reruns(same(90), Decimal(100), cases, twice)
    assert saving(same(100), cost) == Range(Decimal(-40), Decimal("7.5"), Decimal(10))
    kept = LaneCost("batch", Decimal(90), cost, None, None, True, None, published("anthropic", 45_000))
    choice = choose([kept], current="sync", baseline=same(100), stay_why=None)
    assert choice.lane == "batch"
    assert choice.because.endswith("meets its SLA, even with 25 % of the answers late and run again.")
    # ... but not when it cost as much as today: nothing is left to pay for the risk.
    none = with_reruns(same(100), Decimal(100), cases, twice)
    level = LaneCost("batch", Decimal(100), none, None, None, True, None, None)
    assert choose([level], current="sync", baseline=same(100), stay_why=None).lane == STAY
