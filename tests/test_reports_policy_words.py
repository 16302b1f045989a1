"""A policy in words: every number of it is said, every fact has a phrase, nothing is left out."""

import pytest

from reports.policy_words import Section, described, rule_when
from triage.facts import FACTS
from triage.policy import Policy
from triage.rules import Rule

TEXT = Policy.preset_text("default")
POLICY = Policy.default()


def section(policy: Policy, title: str) -> Section:
    return next(item for item in described(policy) if item.title == title)


@pytest.mark.parametrize("preset", Policy.presets())
def test_every_rule_class_and_override_has_its_row(preset: str) -> None:
    policy = Policy.named(preset)
    assert [row[1] for row in section(policy, "Rules, in order").rows] == [rule.id for rule in policy.rules]
    assert [row[0] for row in section(policy, "SLA classes").rows] == list(policy.sla_classes)
    assert len(section(policy, "Overrides").rows) == len(policy.overrides)
    for part in described(policy):
        assert part.sentences
        assert all(len(row) == len(part.header) for row in part.rows)


@pytest.mark.parametrize(
    ("rule", "when"),
    [
        ("waits-and-short", "somebody waits and the wait is below 30 s"),
        ("wait-within-the-hour", "the wait is at least 30 s and at most 1 h"),
        ("window-at-risk", "the wait is above 1 h and below 24 h"),
        (
            "marks-mixed",
            "the share of marks that allow batch is above 0 % and below 100 %",
        ),
        (
            "deadline-on-part",
            "nobody said the declared wait and the share of calls with a deadline is below 100 %",
        ),
        (
            "behaves-interactive",
            "the lean of the log is interactive and nobody said whether somebody waits",
        ),
        ("nobody-waits", "nobody waits"),
        ("trigger-alone", "what starts it is known"),
        ("nothing-stated", "always"),
    ],
)
def test_a_rules_conditions_are_a_phrase(rule: str, when: str) -> None:
    policy = Policy.default()
    assert rule_when(next(item for item in policy.rules if item.id == rule), policy) == when


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_can_be_said(name: str) -> None:
    fact = FACTS[name]
    asked: dict[str, list[dict[str, object]]] = {
        "yes_no": [{"is": True}, {"is": False}, {"known": True}],
        "number": [{"above": 3}, {"known": True}],
        "word": [{"one_of": fact.words}, {"is": fact.words[0]}] if fact.words else [],
    }
    said = {
        rule_when(
            Rule.model_validate({"id": "a", "when": {name: when}, "label": "unknown", "reason": "x"}), POLICY
        )
        for when in [*asked[fact.kind], {"known": False}]
    }
    assert len(said) == len(asked[fact.kind]) + 1
    assert not any("None" in phrase or "_" in phrase for phrase in said)


def test_thresholds_and_tiers_are_said_label_by_label() -> None:
    part = section(Policy.named("gateway"), "Labels")
    assert part.rows == (
        ("Interactive", "somebody waits, or below 30 s", "standard, priority"),
        ("Semi-interactive", "from 30 s up to 30 min", "standard, priority, flex"),
        ("Batch", "above 30 min", "standard, priority, flex, batch, offpeak"),
        ("Unknown", "nobody said enough: it stays where it is", "standard, priority"),
    )
    assert "A batch window is 24 h" in part.sentences[0]
    assert part.sentences[1] == "A batch is worth moving from 100 requests on."


def test_off_peak_hours_say_their_zone_and_the_next_day() -> None:
    text = Policy.preset_text("gateway").replace("time_zone: UTC ", "time_zone: Europe/Berlin ")
    said = section(Policy.load(text), "Off-peak hours").sentences
    assert said[0] == (
        "They open every day at 22:00 and close at 06:00 on the next day, on the clocks of Europe/Berlin; "
        "daylight saving there moves them."
    )
    assert "sent in a batch while they last" in said[1]
    assert section(Policy.default(), "Off-peak hours").sentences == (
        "There are none: the hour of the day decides nothing.",
    )


def test_deadlines_effort_and_overrides_are_said_with_their_numbers() -> None:
    policy = Policy.load(
        TEXT.replace(
            "overrides: []",
            'overrides:\n  - {tag: "nightly*", sla: by-morning}\n'
            "  - {workload: A, min_requests_per_batch: 20}",
        )
    )
    assert section(policy, "Overrides").rows == (
        ("tag nightly*", "by-morning: nobody waits, within 12 h", "as for all"),
        ("workload A", "as stated elsewhere", "20 requests"),
    )
    assert "up to a chance of 50 %" in section(policy, "Deadlines of single requests").sentences[0]
    assert section(policy, "What a move takes").sentences[1] == (
        "A move takes 2 person-days at $800 and has to pay for them within 365 days."
    )
