"""What looks mis-triaged, both ways: batched but urgent, synchronous but shaped like a job."""

from collections.abc import Iterator
from typing import Final

from triage import sentences
from triage.facts import wait_s
from triage.model import Finding, Label, WorkloadFacts
from triage.rules import Thresholds
from triage.signals import read_signals

_BATCHED_FROM: Final = 0.05
"""From this share of calls in a batch on, sending them there is a habit and not a trial."""

_SYNC_UP_TO: Final = 0.5
"""Up to this share of calls in batch and flex together, a workload runs synchronously."""


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
