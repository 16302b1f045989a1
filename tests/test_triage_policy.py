"""A policy is read strictly: what is wrong is named with its path and the values allowed there."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from triage.engine import judge
from triage.errors import PolicyError
from triage.model import WorkloadFacts
from triage.policy import Policy

DEFAULT_TEXT = (Path(__file__).resolve().parent.parent / "triage/policies/default.yaml").read_text("utf-8")


def edited(old: str, new: str) -> str:
    """The default policy with the first occurrence of `old` replaced."""
    assert old in DEFAULT_TEXT, old
    return DEFAULT_TEXT.replace(old, new, 1)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        Policy.load(text)
    assert caught.value.title == "The policy cannot be used"
    return caught.value.problems


def test_the_default_policy_is_what_it_says() -> None:
    policy = Policy.default()
    assert policy.name == "Lanewise default"
    assert policy.thresholds.model_dump() == {
        "interactive_below_s": 30,
        "semi_up_to_s": 3_600,
        "batch_window_s": 86_400,
        "min_requests_per_batch": 100,
    }
    assert policy.admissible_tiers == {
        "interactive": ("standard", "priority"),
        "semi_interactive": ("standard", "priority", "flex"),
        "batch": ("standard", "priority", "flex", "batch", "offpeak"),
        "unknown": ("standard", "priority"),
    }
    assert Policy.default() is policy


def test_a_policy_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Policy.default().name = "other"  # type: ignore[misc]


def test_the_version_follows_what_the_policy_says_and_not_how_it_is_written() -> None:
    version = Policy.default().version
    assert len(version) == 12
    assert int(version, 16) >= 0
    assert Policy.load("# a remark\n" + DEFAULT_TEXT).version == version
    assert Policy.load(edited("interactive_below_s: 30 ", "interactive_below_s: 31 ")).version != version
    assert Policy.load(edited("Somebody waits and", "Somebody is waiting and")).version != version


def test_a_threshold_moves_every_rule_that_names_it() -> None:
    policy = Policy.load(edited("interactive_below_s: 30 ", "interactive_below_s: 10 "))
    verdict = judge(WorkloadFacts(name="w", max_wait_ms=20_000), policy)
    assert verdict.label == "semi_interactive"
    assert verdict.sentence.startswith("The longest acceptable wait is 20 s, from 10 s up to 1 h:")
    assert judge(WorkloadFacts(name="w", max_wait_ms=9_999), policy).label == "interactive"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "label: interactive",
            "label: bach",
            "rules[0] (waits-and-short).label: 'bach' is not one of interactive, semi_interactive, batch, "
            "unknown.",
        ),
        ("policy_format: 1", "policy_format: 2", "policy_format: 2 is not one of 1."),
        ("name: Lanewise default\n", "", "name: is missing."),
        ("name: Lanewise default", 'name: ""', "name: String should have at least 1 character."),
        ("name: Lanewise default", "name: 5", "name: 5 must be text."),
        (
            "policy_format: 1",
            "policy_format: 1\nnotes: x",
            "notes: there is no such field; fields here are policy_format, name, description, thresholds, "
            "sla_classes, overrides, moving, deadlines, off_peak, confidence, admissible_tiers, rules.",
        ),
        (
            "thresholds:\n",
            "thresholds:\n  patience_s: 5\n",
            "thresholds.patience_s: there is no such field; fields here are interactive_below_s, "
            "semi_up_to_s, "
            "batch_window_s, min_requests_per_batch.",
        ),
        (
            "lost_per_counter: 0.1",
            "lost: 0.1\n  lost_per_counter: 0.1",
            "confidence.lost: there is no such field; fields here are lost_per_counter, floor.",
        ),
        ("floor: 0.5", "floor: 1.5", "confidence.floor: 1.5 must be less than or equal to 1."),
        (
            "interactive_below_s: 30 ",
            'interactive_below_s: "30" ',
            "thresholds.interactive_below_s: '30' must be a whole number.",
        ),
        (
            "interactive_below_s: 30 ",
            "interactive_below_s: 0 ",
            "thresholds.interactive_below_s: 0 must be greater than 0.",
        ),
        (
            "interactive_below_s: 30 ",
            "interactive_below_s: 3600 ",
            "thresholds.interactive_below_s: 3600 is not below semi_up_to_s (3600), so nothing could be "
            "semi-interactive; lower it or raise the other.",
        ),
        (
            "semi_up_to_s: 3600 ",
            "semi_up_to_s: 86400 ",
            "thresholds.semi_up_to_s: 86400 is not below batch_window_s (86400), so a wait that the window "
            "fits "
            "into would not be batch; lower it, to 86399 at most, or raise the other.",
        ),
        (
            "interactive: [standard, priority]",
            "interactive: [standard, flex]",
            "admissible_tiers.interactive: may not contain flex; allowed are standard, priority.",
        ),
        (
            "  unknown: [standard, priority]",
            "  unknown: [standard, batch]",
            "admissible_tiers.unknown: may not contain batch; allowed are standard, priority.",
        ),
        (
            "semi_interactive: [standard, priority, flex]",
            "semi_interactive: [standard, batch]",
            "admissible_tiers.semi_interactive: may not contain batch; allowed are standard, priority, flex, "
            "offpeak.",
        ),
        (
            "interactive: [standard, priority]",
            "interactive: [standard, slow]",
            "admissible_tiers.interactive[1]: 'slow' is not one of standard, batch, flex, priority, "
            "ultrafast, offpeak.",
        ),
        (
            "interactive: [standard, priority]",
            "interactive: [standard, standard]",
            "admissible_tiers.interactive: names a tier twice.",
        ),
        (
            "interactive: [standard, priority]",
            "interactive: [priority]",
            "admissible_tiers.interactive: must contain standard, so that staying where it is stays "
            "possible.",
        ),
        (
            "  unknown: [standard, priority]\n",
            "",
            "admissible_tiers.unknown: is missing; each of interactive, semi_interactive, batch, unknown "
            "needs a "
            "list of tiers.",
        ),
        (
            "  unknown: [standard, priority]\n",
            "  urgent: [standard, priority]\n",
            "admissible_tiers.urgent: 'urgent' is not one of interactive, semi_interactive, batch, unknown.",
        ),
    ],
)
def test_fields_thresholds_and_tiers(old: str, new: str, problem: str) -> None:
    assert problems(edited(old, new)) == (problem,)


def test_every_problem_is_named_at_once() -> None:
    text = edited("label: interactive", "label: bach").replace("floor: 0.5", "floor: high")
    assert problems(text) == (
        "confidence.floor: 'high' must be a number.",
        "rules[0] (waits-and-short).label: 'bach' is not one of interactive, semi_interactive, batch, "
        "unknown.",
    )


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words", "42"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert problems(text) == (
        "The file must be a mapping with policy_format, name, description, thresholds, sla_classes, "
        "overrides, moving, deadlines, off_peak, confidence, admissible_tiers, rules.",
    )


def test_rules_must_be_a_list_with_something_in_it() -> None:
    head = DEFAULT_TEXT[: DEFAULT_TEXT.index("rules:")]
    (problem,) = problems(head + "rules: []")
    assert problem.startswith("rules: the last rule must be labelled unknown")
    assert problems(head + "rules: {}") == ("rules: must be a list.",)
    assert problems(head + "rules: [1]") == (
        "rules[0]: must be a mapping with id, when, label, reason, confidence, suggests, question, answer.",
    )
