"""The edges of time: a job at half past ten in the evening of every day, and waits a second apart."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from triage.engine import judge
from triage.model import WorkloadFacts
from triage.policy import Policy
from triage.route import Request, route

MINUTE, HOUR, DAY = 60, 3_600, 86_400
GATEWAY = Policy.preset_text("gateway")
ZONES = {
    # Both clock changes of 2026, as the days on which the night before ends.
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Sydney": (date(2026, 4, 5), date(2026, 10, 4)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
}


def gateway_in(zone: str) -> Policy:
    """The gateway preset, 22:00 to 06:00, on the clocks of a place."""
    return Policy.load(GATEWAY.replace("time_zone: UTC ", f"time_zone: {zone} "))


def shown(day: date, wall: str, zone: str) -> datetime:
    """When the clocks of a place show a time, in naive UTC."""
    local = datetime.fromisoformat(f"{day}T{wall}").replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
def test_a_job_at_half_past_ten_is_off_peak_on_every_day_of_the_year(zone: str) -> None:
    policy = gateway_in(zone)
    for ahead in range(365):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        at, until = shown(day, "22:30:00", zone), shown(day + timedelta(days=1), "06:00:00", zone)
        decision = route(Request(trigger="schedule"), policy, at)
        assert (decision.tier, decision.rule_id) == ("batch", "off-peak"), day
        assert at <= decision.flush_by <= until, day
        assert route(Request(), policy, shown(day, "21:59:59", zone)).tier == "standard", day


@pytest.mark.parametrize(("zone", "changes"), ZONES.items())
def test_the_window_closes_at_six_on_the_clocks_after_both_changes(
    zone: str, changes: tuple[date, date]
) -> None:
    hours = gateway_in(zone).off_peak
    assert hours is not None
    lengths = set()
    for day in changes:
        evening = shown(day - timedelta(days=1), "22:30:00", zone)
        closes = hours.closes(evening)
        assert closes == shown(day, "06:00:00", zone)
        lengths.add(closes - shown(day - timedelta(days=1), "22:00:00", zone))
        assert hours.is_open(closes - timedelta(seconds=1))
        assert not hours.is_open(closes)
    step = timedelta(minutes=30) if zone == "Australia/Lord_Howe" else timedelta(hours=1)
    assert lengths == {timedelta(hours=8) - step, timedelta(hours=8) + step}


URGENT = (
    Request(user_waiting=True),
    Request(stream=True),
    Request(deadline_s=5),
    Request(deadline_s=29),
    Request(tags=("realtime",)),
    Request(tags=("nightly", "realtime")),
    Request(tags=("realtime",), batch_eligible=True),
    Request(user_waiting=True, deadline_s=2 * DAY),
    Request(user_waiting=True, trigger="schedule"),
)


@pytest.mark.parametrize(("zone", "changes"), ZONES.items())
def test_no_hour_of_a_night_with_a_clock_change_defers_what_is_needed_at_once(
    zone: str, changes: tuple[date, date]
) -> None:
    """Every quarter of an hour from 21:00 to 07:00, midnight and the change among them."""
    policy = gateway_in(zone)
    for day in changes:
        start, end = shown(day - timedelta(days=1), "21:00:00", zone), shown(day, "07:00:00", zone)
        for quarter in range(int((end - start) / timedelta(minutes=15)) + 1):
            at = start + timedelta(minutes=15) * quarter
            for request in URGENT:
                decision = route(request, policy, at)
                assert (decision.tier, decision.flush_by) == ("standard", at), (at, request)


@pytest.mark.parametrize(
    ("wait_s", "default", "gateway", "strict"),
    [
        (29, "interactive", "interactive", "interactive"),
        (30, "semi_interactive", "semi_interactive", "semi_interactive"),
        (29 * MINUTE, "semi_interactive", "semi_interactive", "semi_interactive"),
        (30 * MINUTE, "semi_interactive", "semi_interactive", "semi_interactive"),
        (30 * MINUTE + 1, "semi_interactive", "batch", "semi_interactive"),
        (31 * MINUTE, "semi_interactive", "batch", "semi_interactive"),
        (59 * MINUTE, "semi_interactive", "batch", "semi_interactive"),
        (HOUR, "semi_interactive", "batch", "semi_interactive"),
        (61 * MINUTE, "batch", "batch", "semi_interactive"),
        (DAY - 1, "batch", "batch", "semi_interactive"),
        (DAY, "batch", "batch", "batch"),
        (DAY + 1, "batch", "batch", "batch"),
    ],
)
@pytest.mark.parametrize("said_by", ["max_wait", "deadline"])
def test_a_wait_is_on_the_right_side_of_every_line(
    wait_s: int, default: str, gateway: str, strict: str, said_by: str
) -> None:
    """Whether a person declared it or every call of the log carries it as its deadline."""
    facts = (
        WorkloadFacts(name="w", max_wait_ms=wait_s * 1_000)
        if said_by == "max_wait"
        else WorkloadFacts(name="w", min_deadline_s=wait_s, n_deadline=200, requests_seen=200)
    )
    found = [judge(facts, Policy.named(preset)).label for preset in ("default", "gateway", "strict_24h")]
    assert found == [default, gateway, strict]


@pytest.mark.parametrize("preset", Policy.presets())
@pytest.mark.parametrize(("wait_s", "risk"), [(DAY - 1, True), (DAY, False), (DAY + 1, False)])
def test_exactly_the_window_fits_and_a_second_less_is_a_risk(preset: str, wait_s: int, risk: bool) -> None:
    verdict = judge(WorkloadFacts(name="w", max_wait_ms=wait_s * 1_000), Policy.named(preset))
    assert (verdict.rule_id == "window-fits") is not risk
    assert any(item.field == "max_wait_ms" for item in verdict.counter_evidence) == (
        risk and verdict.label == "batch"
    )
