"""One request at a time: the right tier and the right moment on each side of every edge."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.engine import judge
from triage.errors import TriageError
from triage.model import WorkloadFacts
from triage.policy import Policy
from triage.risk import Turnaround
from triage.route import Decision, Request, route

MINUTE = 60
HOUR = 3_600
DAY = 86_400
NOON = datetime(2026, 1, 15, 12)
GATEWAY_TEXT = Policy.preset_text("gateway")


def by_default(at: datetime = NOON, **request: Any) -> Decision:
    return route(Request(**request), Policy.default(), at)


def by_gateway(at: datetime = NOON, **request: Any) -> Decision:
    return route(Request(**request), Policy.named("gateway"), at)


def in_berlin(at: datetime, **request: Any) -> Decision:
    """The gateway preset with its window on the clocks of Berlin."""
    policy = Policy.load(GATEWAY_TEXT.replace("time_zone: UTC ", "time_zone: Europe/Berlin "))
    return route(Request(**request), policy, at)


@pytest.mark.parametrize(
    ("deadline_s", "tier"),
    [
        (29, "standard"),
        (30, "flex"),
        (29 * MINUTE, "flex"),
        (30 * MINUTE, "flex"),
        (30 * MINUTE + 1, "batch"),
        (31 * MINUTE, "batch"),
        (DAY, "batch"),
    ],
)
def test_the_gateway_sends_a_deadline_over_30_minutes_in_a_batch(deadline_s: int, tier: str) -> None:
    assert by_gateway(deadline_s=deadline_s).tier == tier


@pytest.mark.parametrize(
    ("deadline_s", "tier", "rule_id"),
    [
        (59 * MINUTE, "flex", "wait-within-the-hour"),
        (60 * MINUTE, "flex", "wait-within-the-hour"),
        # Half of the batches come within the hour: the chance to miss 61 minutes is just under a half.
        (61 * MINUTE, "batch", "window-at-risk"),
        (DAY - 1, "batch", "window-at-risk"),
        (DAY, "batch", "window-fits"),
        (DAY + 1, "batch", "window-fits"),
    ],
)
def test_the_default_defers_past_the_hour(deadline_s: int, tier: str, rule_id: str) -> None:
    decision = by_default(deadline_s=deadline_s, provider="anthropic")
    assert (decision.tier, decision.rule_id) == (tier, rule_id)


@pytest.mark.parametrize("deadline_s", [59 * MINUTE, 61 * MINUTE, DAY - 1, DAY])
def test_strict_24_h_takes_no_deadline_risk(deadline_s: int) -> None:
    decision = route(Request(deadline_s=deadline_s), Policy.named("strict_24h"), NOON)
    assert decision.tier == ("batch" if deadline_s == DAY else "flex")


def test_exactly_the_window_is_sent_at_once_and_a_longer_deadline_waits_for_company() -> None:
    at = datetime(2026, 1, 15, 12, 10)
    assert by_default(at, deadline_s=DAY).flush_by == at
    assert by_default(at, deadline_s=DAY + 20 * MINUTE).flush_by == datetime(2026, 1, 15, 12, 30)
    assert by_default(at, deadline_s=2 * DAY).flush_by == datetime(2026, 1, 15, 13)
    assert by_default(at, batch_eligible=True).flush_by == datetime(2026, 1, 15, 13)
    assert by_default(NOON, deadline_s=2 * DAY).flush_by == NOON
    assert by_default(NOON + timedelta(microseconds=1), deadline_s=2 * DAY).flush_by == datetime(
        2026, 1, 15, 13
    )
    assert by_gateway(at, deadline_s=2 * DAY).flush_by == datetime(2026, 1, 15, 12, 15)


def test_a_late_batch_is_given_up_in_time() -> None:
    """Due at 12:00 the day after tomorrow, five minutes in hand."""
    decision = by_default(deadline_s=2 * DAY)
    assert decision.cancel_by == datetime(2026, 1, 17, 11, 55)
    assert by_gateway(deadline_s=31 * MINUTE).cancel_by == datetime(2026, 1, 15, 12, 26)
    assert by_default(batch_eligible=True).cancel_by is None
    assert by_default(deadline_s=10).cancel_by is None


@pytest.mark.parametrize(
    ("provider", "deadline_s", "tier"),
    [
        ("openrouter", 2 * HOUR, "batch"),  # nine in ten come within the hour
        ("openai", 12 * HOUR, "flex"),  # nothing but the window is published
        ("azure", 12 * HOUR, "flex"),
        (None, 12 * HOUR, "flex"),
        ("openai", DAY, "batch"),
    ],
)
def test_a_deadline_inside_the_window_needs_a_known_chance(
    provider: str | None, deadline_s: int, tier: str
) -> None:
    decision = by_default(deadline_s=deadline_s, provider=provider)
    assert decision.tier == tier
    assert ("chance to miss" in decision.sentence) == (tier == "flex")


@pytest.mark.parametrize(
    ("request_", "tier", "rule_id"),
    [
        ({"tags": ("nightly",)}, "batch", "window-at-risk"),
        ({"tags": ("Batch", "team:search")}, "batch", "window-fits"),
        ({"tags": ("lane:batch",)}, "batch", "window-fits"),
        ({"tags": ("batches",)}, "standard", "nothing-stated"),
        ({"tags": ("realtime",)}, "standard", "waits-and-short"),
        ({"tags": ("batch", "realtime")}, "standard", "waits-and-short"),
        ({"tags": ("batch", "interactive")}, "standard", "waits-yet-long"),
        ({"tags": ("batch",), "user_waiting": True}, "standard", "waits-yet-long"),
        ({"tags": ("batch",), "deadline_s": 20}, "standard", "short-wait"),
        ({"tags": ("batch",), "stream": True}, "standard", "streams"),
        ({"tags": ("batch",), "batch_eligible": False}, "flex", "long-but-marked-not"),
    ],
)
def test_a_tag_decides_unless_something_says_that_it_is_urgent(
    request_: dict[str, Any], tier: str, rule_id: str
) -> None:
    decision = by_gateway(**request_)
    assert (decision.tier, decision.rule_id) == (tier, rule_id)


HALF_PAST_TEN_WINTER = datetime(2026, 1, 15, 21, 30)
HALF_PAST_TEN_SUMMER = datetime(2026, 7, 15, 20, 30)


@pytest.mark.parametrize(
    ("at", "tier"),
    [
        (HALF_PAST_TEN_WINTER, "batch"),
        (HALF_PAST_TEN_SUMMER, "batch"),
        (datetime(2026, 1, 15, 20, 59, 59), "standard"),  # 21:59:59 in Berlin
        (datetime(2026, 1, 15, 21), "batch"),  # 22:00:00
        (datetime(2026, 7, 15, 19, 59, 59), "standard"),
        (datetime(2026, 7, 15, 20), "batch"),
        (datetime(2026, 1, 15, 23, 30), "batch"),  # half past midnight
        (datetime(2026, 1, 16, 4, 59, 59), "batch"),  # 05:59:59
        (datetime(2026, 1, 16, 5), "standard"),  # 06:00:00
        # 22:30 on the evening before each change of the clocks, and 06:00 on the morning after.
        (datetime(2026, 3, 28, 21, 30), "batch"),
        (datetime(2026, 3, 29, 3, 59, 59), "batch"),
        (datetime(2026, 3, 29, 4), "standard"),
        (datetime(2026, 10, 24, 20, 30), "batch"),
        (datetime(2026, 10, 25, 4, 59, 59), "batch"),
        (datetime(2026, 10, 25, 5), "standard"),
        # 22:30 on the evening after each change.
        (datetime(2026, 3, 29, 20, 30), "batch"),
        (datetime(2026, 10, 25, 21, 30), "batch"),
    ],
)
def test_a_request_with_nothing_stated_is_deferred_in_the_off_peak_hours_of_its_place(
    at: datetime, tier: str
) -> None:
    decision = in_berlin(at)
    assert decision.tier == tier
    assert decision.rule_id == ("off-peak" if tier == "batch" else "nothing-stated")


@pytest.mark.parametrize(
    "request_",
    [
        {"user_waiting": True},
        {"stream": True},
        {"deadline_s": 5},
        {"deadline_s": -5},
        {"tags": ("realtime",)},
        {"tags": ("interactive",)},
        {"trigger": "user"},
        {"batch_eligible": False},
        {"sequential": True},
        {"offered_tiers": ("standard", "priority")},
    ],
)
def test_off_peak_hours_never_override_what_says_that_the_answer_is_needed(request_: dict[str, Any]) -> None:
    assert in_berlin(HALF_PAST_TEN_WINTER, **request_).tier == "standard"


def test_what_is_deferred_by_the_hour_leaves_before_the_hours_end() -> None:
    assert in_berlin(HALF_PAST_TEN_WINTER).flush_by == datetime(2026, 1, 15, 21, 30)
    late = datetime(2026, 1, 16, 4, 50)
    policy = Policy.load(
        GATEWAY_TEXT.replace("time_zone: UTC ", "time_zone: Europe/Berlin ").replace(
            "flush_every_s: 900", "flush_every_s: 7200"
        )
    )
    assert route(Request(), policy, late).flush_by == datetime(2026, 1, 16, 5)


def test_the_default_policy_has_no_off_peak_hours() -> None:
    assert by_default(HALF_PAST_TEN_WINTER).tier == "standard"


def test_without_a_batch_off_peak_prices_are_waited_for_where_the_deadline_allows() -> None:
    offered: Any = ("standard", "offpeak")
    noon = by_gateway(offered_tiers=offered, deadline_s=DAY)
    assert (noon.tier, noon.not_before, noon.flush_by) == (
        "offpeak", datetime(2026, 1, 15, 22), datetime(2026, 1, 16, 6),
    )  # fmt: skip
    night = by_gateway(datetime(2026, 1, 15, 23), offered_tiers=offered, deadline_s=2 * HOUR)
    assert (night.not_before, night.flush_by) == (datetime(2026, 1, 15, 23), datetime(2026, 1, 16, 0, 55))
    assert by_gateway(offered_tiers=offered, deadline_s=10 * HOUR).tier == "standard"
    assert by_gateway(offered_tiers=offered, deadline_s=10 * HOUR + 5 * MINUTE).tier == "offpeak"


def test_times_come_back_in_the_form_they_were_given() -> None:
    berlin = datetime(2026, 7, 15, 22, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    decision = in_berlin(berlin)
    assert decision.flush_by == datetime(2026, 7, 15, 20, 30, tzinfo=UTC)
    assert decision.flush_by.tzinfo == berlin.tzinfo
    assert decision.not_before.utcoffset() == timedelta(hours=2)
    assert by_default(deadline_s=2 * DAY).flush_by.tzinfo is None
    india = timezone(timedelta(hours=5, minutes=30))
    due = by_default(datetime(2026, 1, 15, 17, 30, tzinfo=india), deadline_s=2 * DAY).cancel_by
    assert due == datetime(2026, 1, 17, 11, 55, tzinfo=UTC)


def test_a_request_without_a_way_back_is_refused() -> None:
    with pytest.raises(TriageError, match="must contain standard"):
        by_default(offered_tiers=("batch",))


def test_sentences_say_why_and_where_to() -> None:
    assert by_default(deadline_s=2 * DAY).sentence == (
        "The longest acceptable wait is 48 h, and the 24 h batch window fits into it. Sent in a batch."
    )
    assert by_default(deadline_s=600).sentence.endswith("is not. Sent in the flex tier.")
    assert in_berlin(HALF_PAST_TEN_WINTER).sentence == (
        "Nothing is stated about it and it comes in off-peak hours, 22:00 to 06:00 in Europe/Berlin. Sent in "
        "a batch."
    )


@settings(deadline=None, database=None, max_examples=300)
@given(
    st.sampled_from(Policy.presets()),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
    st.builds(
        Request,
        tags=st.lists(st.sampled_from(("nightly", "batch", "realtime", "interactive", "x")), max_size=3).map(
            tuple
        ),
        deadline_s=st.none() | st.integers(-10, 3 * DAY),
        user_waiting=st.sampled_from((None, False, True)),
        stream=st.sampled_from((None, False, True)),
        batch_eligible=st.sampled_from((None, False, True)),
        trigger=st.sampled_from((None, "user", "schedule")),
        sequential=st.sampled_from((None, False, True)),
        provider=st.sampled_from((None, "openai", "anthropic", "openrouter")),
    ),
)
def test_nothing_that_is_needed_soon_is_deferred_at_any_hour(
    preset: str, at: datetime, request_: Request
) -> None:
    decision = route(request_, Policy.named(preset), at)
    assert decision.not_before <= decision.flush_by
    assert at <= decision.not_before
    if decision.tier == "standard":
        assert (decision.not_before, decision.flush_by) == (at, at)
    if decision.tier == "standard":
        return
    assert request_.user_waiting is not True
    assert request_.stream is not True
    assert request_.deadline_s is None or request_.deadline_s >= 30
    if decision.deferred:
        assert request_.batch_eligible is not False
        assert request_.deadline_s is None or request_.deadline_s > 1_800
        assert preset != "gateway" or "realtime" not in request_.tags or request_.user_waiting is False
        if request_.deadline_s is not None:
            due = at + timedelta(seconds=request_.deadline_s)
            assert decision.flush_by <= due
            assert decision.flush_by == at or decision.flush_by + timedelta(days=1) <= due


@pytest.mark.parametrize("preset", Policy.presets())
@pytest.mark.parametrize("deadline_s", [None, 0, 29, 30, 1_800, 1_801, 3_600, 3_601, DAY - 1, DAY, 7 * DAY])
@pytest.mark.parametrize("waiting", [None, True, False])
def test_a_request_gets_the_label_its_workload_would_get(
    preset: str, deadline_s: int | None, waiting: bool | None
) -> None:
    policy = Policy.named(preset)
    decision = route(Request(deadline_s=deadline_s, user_waiting=waiting), policy, NOON)
    facts = WorkloadFacts(
        name="", user_waiting=waiting, max_wait_ms=None if deadline_s is None else deadline_s * 1_000
    )
    verdict = judge(facts, policy)
    assert (decision.label, decision.rule_id) == (verdict.label, verdict.rule_id)
    assert decision.tier in verdict.admissible_tiers


def test_ones_own_turnarounds_replace_what_is_published() -> None:
    """OpenAI publishes no share that is back within 8 h; twenty batches settle it, either way."""
    request = Request(workload="w", deadline_s=8 * 3_600, provider="openai")
    now = datetime(2026, 1, 15, 9)
    assert route(request, Policy.default(), now).tier == "flex"
    for took_s, tier in ((3_600, "batch"), (9 * 3_600, "flex")):
        own = {"openai": Turnaround.from_samples([took_s] * 20, "mine")}
        assert route(request, Policy.default(), now, turnarounds=own).tier == tier
    # a whole window fits by what is promised, not by batches that take longer
    whole = Request(workload="w", deadline_s=DAY, provider="openai")
    slow = {"openai": Turnaround.from_samples([DAY + 1] * 20, "mine")}
    assert route(whole, Policy.default(), now).tier == "batch"
    assert route(whole, Policy.default(), now, turnarounds=slow).tier == "flex"
