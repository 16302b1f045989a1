"""Evidence carries the value, the line it is held against, its direction and who said it."""

from typing import Any

import pytest

from triage.evidence import weigh
from triage.model import Evidence, Label, WorkloadFacts
from triage.policy import Policy

THRESHOLDS = Policy.default().thresholds


def weighed(label: Label, **facts: Any) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    return weigh(WorkloadFacts(name="w", **facts), label, THRESHOLDS)


@pytest.mark.parametrize(
    ("max_wait_ms", "threshold", "direction", "sentence"),
    [
        (20_000, 30_000, "interactive", "The longest acceptable wait is 20 s, below the 30 s line."),
        (
            600_000,
            3_600_000,
            "semi_interactive",
            "The longest acceptable wait is 10 min, from 30 s up to 1 h: a short delay is acceptable, a "
            "batch window is not.",
        ),
        (
            14_400_000,
            3_600_000,
            "batch",
            "The longest acceptable wait is 4 h, above the 1 h line: the work may be deferred.",
        ),
        (
            86_400_000,
            86_400_000,
            "batch",
            "The longest acceptable wait is 24 h: the 24 h batch window fits into it.",
        ),
    ],
)
def test_a_wait_is_held_against_the_line_that_places_it(
    max_wait_ms: int, threshold: int, direction: Label, sentence: str
) -> None:
    (evidence, *_), _ = weighed(direction, max_wait_ms=max_wait_ms)
    assert evidence == Evidence(
        "declared", "max_wait_ms", max_wait_ms, threshold, direction, 10, sentence, "declaration"
    )


def test_a_logged_deadline_is_in_seconds_and_from_the_log() -> None:
    (evidence,), _ = weighed("interactive", min_deadline_s=5)
    assert evidence == Evidence(
        "declared",
        "min_deadline_s",
        5,
        30,
        "interactive",
        10,
        "The shortest deadline in the log is 5 s, below the 30 s line.",
        "log",
    )


def test_the_shorter_of_two_waits_decides_and_the_longer_speaks_against_it() -> None:
    evidence, counter = weighed(
        "semi_interactive", max_wait_ms=86_400_000, min_deadline_s=600, user_waiting=False
    )
    assert [item.field for item in evidence] == ["min_deadline_s", "user_waiting"]
    assert [item.field for item in counter] == ["max_wait_ms"]


@pytest.mark.parametrize("label", ["batch", "semi_interactive"])
def test_it_is_a_doubt_that_nobody_said_whether_somebody_waits(label: Label) -> None:
    _, counter = weighed(label)
    doubt = next(item for item in counter if item.field == "user_waiting")
    assert (doubt.value, doubt.direction, doubt.source) == (None, "unknown", "nobody")


def test_a_batch_on_marks_alone_shows_that_no_wait_is_stated() -> None:
    evidence, counter = weighed("batch", n_batch_eligible=10, requests_seen=10, user_waiting=False)
    assert [item.field for item in evidence] == ["user_waiting", "n_batch_eligible"]
    assert [item.sentence for item in counter] == [
        "Nobody stated the longest acceptable wait: the mark allows batch, but gives no deadline to meet."
    ]


def test_calls_without_mark_or_deadline_are_a_doubt_with_both_numbers() -> None:
    _, counter = weighed(
        "batch",
        max_wait_ms=172_800_000,
        user_waiting=False,
        n_batch_eligible=40,
        min_deadline_s=86_400,
        n_deadline=30,
        requests_seen=1_000,
    )
    assert [(item.field, item.value, item.threshold, item.sentence) for item in counter] == [
        ("n_batch_eligible", 40, 1_000, "A batch mark is on only 40 of 1,000 calls; the others say nothing."),
        ("n_deadline", 30, 1_000, "A deadline is on only 30 of 1,000 calls; the others say nothing."),
    ]


@pytest.mark.parametrize(
    ("trigger", "label", "against"),
    [
        ("user", "batch", True),
        ("user", "semi_interactive", False),
        ("user", "interactive", False),
        ("schedule", "batch", False),
        ("schedule", "semi_interactive", True),
        ("queue", "interactive", True),
        ("ci", "interactive", True),
    ],
)
def test_a_trigger_speaks_for_or_against(trigger: str, label: Label, against: bool) -> None:
    evidence, counter = weighed(label, trigger=trigger)
    assert ("trigger" in [item.field for item in counter]) == against
    assert ("trigger" in [item.field for item in evidence]) != against


@pytest.mark.parametrize("trigger", ["event", "manual"])
def test_a_trigger_that_points_nowhere_is_shown_only_where_the_label_is_open(trigger: str) -> None:
    for label in ("interactive", "semi_interactive", "batch"):
        evidence, counter = weighed(label, trigger=trigger)
        assert "trigger" not in [item.field for item in (*evidence, *counter)]
    (only,), counter = weighed("unknown", trigger=trigger)
    assert (only.field, only.direction, counter) == ("trigger", "unknown", ())


def test_without_anything_that_holds_it_back_an_unknown_workload_only_leans() -> None:
    evidence, counter = weighed("unknown", trigger="schedule", user_waiting=False, sequential=False)
    assert [(item.field, item.direction) for item in evidence] == [
        ("user_waiting", "batch"),
        ("sequential", "batch"),
        ("trigger", "batch"),
    ]
    assert counter == ()


def test_independent_requests_are_no_evidence_for_an_interactive_label() -> None:
    evidence, counter = weighed("interactive", user_waiting=True, sequential=False)
    assert [item.field for item in (*evidence, *counter)] == ["user_waiting"]


def test_sources_name_who_said_it() -> None:
    (evidence,), _ = weighed("interactive", user_waiting=True, sources={"user_waiting": "workloads.csv"})
    assert evidence.source == "workloads.csv"
