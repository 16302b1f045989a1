"""Sentences: templates without holes, phrases with the right numbers, the meaning of a confidence."""

from decimal import Decimal

import pytest

from triage.behaviour import Behaviour
from triage.model import Trigger, WorkloadFacts
from triage.policy import Policy
from triage.sentences import (
    PLACEHOLDERS,
    confidence_text,
    filled,
    placeholders_in,
    trigger_sentence,
    worth_sentence,
)


@pytest.mark.parametrize(
    ("template", "names"),
    [("no numbers", ()), ("{wait} and {semi_up_to}", ("wait", "semi_up_to")), ("a {{brace}}", ())],
)
def test_placeholders_in(template: str, names: tuple[str, ...]) -> None:
    assert placeholders_in(template) == names


@pytest.mark.parametrize(
    "template", ["{", "}", "{}", "{0}", "{wait.real}", "{wait[0]}", "{wait!r}", "{wait:>9}"]
)
def test_anything_but_plain_names_in_braces_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"plain placeholder|without its partner"):
        placeholders_in(template)


def test_every_placeholder_is_filled_with_its_own_number() -> None:
    facts = WorkloadFacts(
        name="w",
        trigger="ci",
        max_wait_ms=7_200_000,
        min_deadline_s=5_400,
        n_deadline=40,
        n_batch_eligible=600,
        n_batch_ineligible=150,
        requests_seen=1_000,
        requests_per_day=Decimal("71428.5"),
        behaviour=Behaviour(1_000, streaming_share=0.9, busiest_hours_share=0.85),
    )
    expected = {
        "wait": "1 h 30 min",
        "wait_basis": "Shortest deadline in the log",
        "deadline": "1 h 30 min",
        "with_deadline": "40 of 1,000 calls",
        "eligible": "600 of 750 marked calls",
        "marked": "750 of 1,000 calls",
        "trigger": "A CI pipeline",
        "requests_per_day": "71,428.5",
        "signals": "1 signal of its log says interactive, 1 says otherwise",
        "interactive_below": "30 s",
        "semi_up_to": "1 h",
        "batch_window": "24 h",
    }
    assert set(expected) == set(PLACEHOLDERS)
    for name, text in expected.items():
        assert filled(f"{{{name}}}", facts, Policy.default().thresholds) == text


def test_one_and_all_read_as_such() -> None:
    thresholds = Policy.default().thresholds
    one = WorkloadFacts(name="w", n_batch_eligible=1, requests_seen=1)
    assert filled("{eligible}; {marked}", one, thresholds) == "The only marked call; the only call"
    every = WorkloadFacts(name="w", n_batch_eligible=7, requests_seen=7)
    assert filled("{eligible}; {marked}", every, thresholds) == "All 7 marked calls; all 7 calls"
    share = WorkloadFacts(name="w", batch_eligible_share=1.0)
    assert filled("{eligible}", share, thresholds) == "All marked calls"


@pytest.mark.parametrize(
    ("trigger", "sentence"),
    [
        ("user", "A user starts it, so somebody may look for the answer soon."),
        ("schedule", "A schedule starts it, and such work can often wait."),
        ("queue", "A queue starts it, and such work can often wait."),
        ("ci", "A CI pipeline starts it, and such work can often wait."),
        ("event", "An event starts it, which says nothing about how long the answer may take."),
        ("manual", "A person, by hand, starts it, which says nothing about how long the answer may take."),
    ],
)
def test_trigger_sentence(trigger: Trigger, sentence: str) -> None:
    assert trigger_sentence(trigger) == sentence


@pytest.mark.parametrize(
    ("confidence", "level"),
    [
        (1.0, "High"),
        (0.85, "High"),
        (0.84, "Medium"),
        (0.65, "Medium"),
        (0.64, "Low"),
        (0.5, "Low"),
        (0.0, "None"),
    ],
)
def test_a_confidence_has_a_written_meaning(confidence: float, level: str) -> None:
    assert confidence_text(confidence).split(":")[0] == level


def test_one_request_is_one_request() -> None:
    assert worth_sentence(Decimal(14 * 24) / 51, per_run=False, minimum=100).startswith(
        "A day brings 6.58 requests, below the 100"
    )
    assert worth_sentence(Decimal("99.999"), per_run=False, minimum=100).startswith("A day brings 99.99 ")
    assert worth_sentence(Decimal("1.0"), per_run=True, minimum=1) == (
        "One run has 1 request, at least the 1 a batch needs to be worth moving."
    )
