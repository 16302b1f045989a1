"""What its owner should look at: batched but urgent, a job run synchronously, and screens that fill up."""

from collections.abc import Iterator
from typing import Final

from triage import sentences
from triage.behaviour import Behaviour
from triage.facts import wait_s
from triage.model import Finding, Label, WorkloadFacts
from triage.rules import Thresholds
from triage.signals import read_signals

_BATCHED_FROM: Final = 0.05
"""From this share of calls in a batch on, sending them there is a habit and not a trial."""

_SYNC_UP_TO: Final = 0.5
"""Up to this share of calls in batch and flex together, a workload runs synchronously."""

_REFRESH_FROM: Final = 10
"""Calls in the burst of the median call: fewer may be one person's clicks."""

_REFRESH_WITHIN_S: Final = 180
"""A burst that goes on for longer is a list being worked off, or many people."""

_MINUTE_S: Final = 60
"""Bursts are known to the minute, so one of spread 0 lasts up to that long."""

_PEOPLE_SPREAD: Final = 0.15
"""Share of the hours of the week above which calls come as people do."""

_CLOCK_LIKENESS: Final = 0.1
"""Cron-likeness from which on they come as a clock strikes."""

_READ_ALONG: Final = 0.05
"""Share of streamed calls above which somebody reads along."""


def findings(facts: WorkloadFacts, label: Label, thresholds: Thresholds) -> Iterator[Finding]:
    """Every finding that the log gives reason for, in a fixed order."""
    behaviour = facts.behaviour
    if behaviour is None:
        return
    batched = behaviour.batch_tier_share or 0.0
    wait = wait_s(facts)
    urgent = facts.user_waiting is True or (wait is not None and wait <= thresholds.semi_up_to_s)
    if batched >= _BATCHED_FROM and (urgent or label == "interactive"):
        shown: Label = "interactive" if facts.user_waiting or label == "interactive" else "semi_interactive"
        yield Finding(
            "batched-but-urgent",
            ("behaviour.batch_tier_share", "user_waiting" if facts.user_waiting else "max_wait_ms"),
            sentences.batched_but_urgent_sentence(batched, shown, thresholds),
        )
    deferred = batched + (behaviour.flex_tier_share or 0.0)
    if label != "batch" and deferred <= _SYNC_UP_TO and read_signals(behaviour).lean == "batch":
        shape = tuple(item.field for item in read_signals(behaviour).evidence if item.direction == "batch")
        yield Finding("sync-but-job-shaped", shape, sentences.job_shaped_sentence(label))
    if label != "batch" and deferred <= _SYNC_UP_TO and looks_like_refresh(behaviour):
        yield Finding(
            "refresh-bursts",
            ("behaviour.burst_size_p50", "behaviour.burst_spread_s", "behaviour.latency_p50_ms"),
            sentences.refresh_sentence(round(behaviour.burst_size_p50 or 0)),
        )


def looks_like_refresh(behaviour: Behaviour) -> bool:
    """Whether somebody presses a button and many calls fill a screen: minutes might do.

    Short bursts at people's hours that nobody reads along, in which calls run beside one another:
    together they take longer than the burst. A chain of steps cannot, since each waits for the last.
    """
    size, spread, latency = behaviour.burst_size_p50, behaviour.burst_spread_s, behaviour.latency_p50_ms
    if size is None or spread is None or latency is None or behaviour.hour_of_week_spread is None:
        return False
    if behaviour.streaming_share is None or behaviour.streaming_share > _READ_ALONG:
        return False
    at_once = size * latency / 1_000 > spread + _MINUTE_S
    by_people = (
        behaviour.hour_of_week_spread > _PEOPLE_SPREAD and (behaviour.cron_likeness or 0) < _CLOCK_LIKENESS
    )
    return at_once and by_people and size >= _REFRESH_FROM and spread <= _REFRESH_WITHIN_S
