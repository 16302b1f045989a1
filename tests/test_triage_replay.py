"""A day of calls replayed: what is deferred, when it leaves, what may come late; counted by hand."""

from datetime import datetime
from decimal import Decimal

from triage.policy import Policy
from triage.replay import Call, LaneKey, replay
from triage.risk import Turnaround
from triage.route import Request

DAY = 86_400
REPORT = Request(workload="report", deadline_s=2 * DAY, provider="openai", model="gpt-5")
CHAT = Request(workload="chat", user_waiting=True, provider="openai", model="gpt-5")
REFRESH = Request(workload="refresh", deadline_s=600, provider="openai", model="gpt-5")


def at(hour: int, minute: int, second: int = 0, milli: int = 0) -> datetime:
    return datetime(2026, 1, 15, hour, minute, second, milli * 1_000)


CALLS = (
    Call(at(9, 10), REPORT),  # held 50 min
    Call(at(9, 59, 59, 500), REPORT),  # held half a second
    Call(at(10, 0), REPORT),  # not held
    Call(at(10, 30), REPORT),  # held 30 min
    Call(at(9, 15), CHAT),
    Call(at(9, 20), REFRESH),
)


def test_what_is_deferred_and_when_it_leaves() -> None:
    result = replay(CALLS, Policy.default())
    assert (result.n_calls, result.n_deferred) == (6, 4)
    assert result.n_by_lane == {
        LaneKey("chat", "openai", "gpt-5", "standard"): 1,
        LaneKey("refresh", "openai", "gpt-5", "flex"): 1,
        LaneKey("report", "openai", "gpt-5", "batch"): 4,
    }
    assert result.n_by_rule == {"waits": 1, "wait-within-the-hour": 1, "window-fits": 4}
    # 10:00 takes three calls and 11:00 one; both are below the 100 a batch needs.
    assert (result.n_flushes, result.n_small_flushes) == (2, 2)
    assert result.held_ms_total == 3_000_000 + 500 + 0 + 1_800_000
    assert (result.held_ms_p50, result.held_ms_p90, result.held_ms_max) == (500, 3_000_000, 3_000_000)


def test_another_interval_trades_waiting_for_fuller_batches() -> None:
    quick = replay(CALLS, Policy.default(), flush_every_s=600)
    assert (quick.n_flushes, quick.held_ms_total, quick.held_ms_max) == (3, 500, 500)
    daily = replay(CALLS, Policy.default(), flush_every_s=DAY)
    assert daily.n_flushes == 1
    # To midnight: 14 h 50 min, 14 h 0.5 s, 14 h, 13 h 30 min.
    assert daily.held_ms_total == (53_400 + 50_400 + 50_400 + 48_600) * 1_000 + 500


def test_the_order_of_the_calls_does_not_matter() -> None:
    assert replay(reversed(CALLS), Policy.default()) == replay(CALLS, Policy.default())


def test_enough_calls_make_a_whole_batch() -> None:
    result = replay([Call(at(9, 10), REPORT)] * 100, Policy.default())
    assert (result.n_flushes, result.n_small_flushes) == (1, 0)
    assert replay([Call(at(9, 10), REPORT)] * 99, Policy.default()).n_small_flushes == 1


def test_deadlines_at_risk_are_counted_with_their_bounds() -> None:
    """Due in 12.5 h and sent at once: published, a quarter is late, between none and half."""
    tight = Request(deadline_s=45_000, provider="anthropic")
    result = replay([Call(at(9, 10), tight)] * 8, Policy.default())
    assert (result.n_deferred, result.n_with_deadline, result.n_unknown_risk) == (8, 8, 0)
    assert (result.missed_low, result.missed_base, result.missed_high) == (
        Decimal(0), Decimal(2), Decimal(4),
    )  # fmt: skip
    assert (result.held_ms_total, result.held_ms_max) == (0, 0)


def test_waiting_for_company_counts_against_the_deadline() -> None:
    """Due in 25 h and held for 50 min: 24 h 10 min are left, and a batch of 24 h 5 min still makes it."""
    own = {
        "openai": Turnaround.from_samples([3_600, 86_700], "mine"),
        "anthropic": Turnaround.from_samples([3_600, 87_001], "mine"),
    }
    calls = [
        Call(at(9, 10), Request(deadline_s=90_000, provider="openai")),
        Call(at(9, 10), Request(deadline_s=90_000, provider="anthropic")),
    ]
    result = replay(calls, Policy.default(), turnarounds=own)
    assert result.held_ms_total == 2 * 3_000_000
    assert result.missed_base == Decimal("0.5")


def test_a_provider_of_which_nothing_is_known_is_counted_apart() -> None:
    calls = [Call(at(9, 0), Request(deadline_s=2 * DAY, provider="unheard-of"))]
    result = replay(calls, Policy.default())
    assert (result.n_with_deadline, result.n_unknown_risk) == (1, 1)
    assert result.missed_low == result.missed_base == 0
    assert result.missed_high == 1


def test_equal_calls_may_be_given_as_one_with_a_count() -> None:
    tight = Request(deadline_s=45_000, provider="anthropic")
    listed = [Call(at(9, 10), tight)] * 5 + [Call(at(9, 10), CHAT)] * 2
    counted = [Call(at(9, 10), tight, 5), Call(at(9, 10), CHAT, 2)]
    assert replay(counted, Policy.default()) == replay(listed, Policy.default())
    unheard = [Call(at(9, 0), Request(deadline_s=2 * DAY, provider="unheard-of"), 7)]
    assert replay(unheard, Policy.default()).n_unknown_risk == 7


def test_off_peak_hours_hold_calls_until_they_open() -> None:
    night = Request(deadline_s=DAY, provider="deepseek", offered_tiers=("standard", "offpeak"))
    result = replay([Call(at(12, 0), night), Call(at(23, 0), night)], Policy.named("gateway"))
    assert result.n_by_lane == {LaneKey("", "deepseek", "", "offpeak"): 2}
    assert (result.held_ms_total, result.n_flushes) == (10 * 3_600_000, 0)


def test_a_log_of_nothing() -> None:
    result = replay([], Policy.default())
    assert (result.n_calls, result.n_deferred, result.held_ms_total) == (0, 0, 0)
    assert result.held_ms_p50 is result.held_ms_p90 is result.held_ms_max is None
