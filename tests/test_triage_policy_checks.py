"""Rules that could never decide, leave a hole in a sentence or defer what must not wait are refused."""

from pathlib import Path

import pytest

from triage.engine import judge
from triage.errors import PolicyError
from triage.model import WorkloadFacts
from triage.policy import Policy

DEFAULT_TEXT = (Path(__file__).resolve().parent.parent / "triage/policies/default.yaml").read_text("utf-8")
FACTS = (
    "user_waiting, sequential, trigger, wait_s, max_wait_s, min_deadline_s, deadline_share, "
    "batch_eligible_share, batch_marked_share, requests_per_day, behaviour"
)


def edited(old: str, new: str) -> str:
    """The default policy with the first occurrence of `old` replaced, one in the rules before any other."""
    head, rules = DEFAULT_TEXT.split("\nrules:\n")
    if old in rules:
        return f"{head}\nrules:\n{rules.replace(old, new, 1)}"
    assert old in DEFAULT_TEXT, old
    return DEFAULT_TEXT.replace(old, new, 1)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        Policy.load(text)
    assert caught.value.title == "The policy cannot be used"
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "id: waits\n",
            "id: short-wait\n",
            "rules[5].id: 'short-wait' is taken by rules[1]; ids are unique.",
        ),
        (
            "id: waits\n",
            "id: Who waits\n",
            "rules[5] (Who waits).id: 'Who waits' must be lower-case words joined by hyphens, such as "
            "short-wait.",
        ),
        (
            "user_waiting: yes",
            "waiting: yes",
            f"rules[0] (waits-and-short).when.waiting: there is no such fact; facts are {FACTS}.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: maybe",
            "rules[0] (waits-and-short).when.user_waiting: must be yes or no, or known: yes or no.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: {one_of: [maybe]}",
            "rules[0] (waits-and-short).when.user_waiting: must be yes or no, or known: yes or no.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: 3",
            "rules[0] (waits-and-short).when.user_waiting.is: 3 is neither yes, no nor a word; numbers take "
            "below, at_most, at_least, above.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: {below: 3}",
            "rules[0] (waits-and-short).when.user_waiting: is not a number; it takes yes, no or known, not "
            "below.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: {unless: no}",
            "rules[0] (waits-and-short).when.user_waiting.unless: there is no such field; fields here are "
            "is, "
            "one_of, known, below, at_most, at_least, above.",
        ),
        (
            "user_waiting: yes",
            "user_waiting:",
            "rules[0] (waits-and-short).when.user_waiting: says nothing; write a value, or 'known: no' for a "
            "fact nobody stated.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: {}",
            "rules[0] (waits-and-short).when.user_waiting: says nothing; write one or more of is, one_of, "
            "known, "
            "below, at_most, at_least, above.",
        ),
        (
            "user_waiting: yes",
            "user_waiting: {is: }",
            "rules[0] (waits-and-short).when.user_waiting: gives no value to is.",
        ),
        (
            "{below: interactive_below_s}",
            "{below: soon}",
            "rules[0] (waits-and-short).when.wait_s.below: 'soon' is neither a number nor a threshold; "
            "thresholds "
            "are interactive_below_s, semi_up_to_s, batch_window_s, min_requests_per_batch.",
        ),
        (
            "{below: interactive_below_s}",
            "{below: .inf}",
            "rules[0] (waits-and-short).when.wait_s.below: inf is neither a number nor a threshold; "
            "thresholds "
            "are interactive_below_s, semi_up_to_s, batch_window_s, min_requests_per_batch.",
        ),
        (
            "wait_s: {below: interactive_below_s}",
            "wait_s: short",
            "rules[0] (waits-and-short).when.wait_s: a number takes below, at_most, at_least, above or "
            "known, not "
            "is.",
        ),
        (
            "trigger: {known: yes}",
            "trigger: cron",
            "rules[22] (trigger-alone).when.trigger: 'cron' is not one of user, event, schedule, queue, ci, "
            "manual.",
        ),
        (
            "trigger: {known: yes}",
            "trigger: {one_of: [ci, cron]}",
            "rules[22] (trigger-alone).when.trigger: 'cron' is not one of user, event, schedule, queue, ci, "
            "manual.",
        ),
        (
            "trigger: {known: yes}",
            "trigger: {known: 1}",
            "rules[22] (trigger-alone).when.trigger.known: 1 must be yes or no.",
        ),
        (
            "trigger: {known: yes}",
            "trigger: {one_of: ci}",
            "rules[22] (trigger-alone).when.trigger.one_of: must be a list.",
        ),
        (
            "trigger: {known: yes}",
            "trigger: {above: 2}",
            "rules[22] (trigger-alone).when.trigger: is not a number; it takes user, event, schedule, "
            "queue, ci, "
            "manual, one_of or known, not above.",
        ),
        (
            "when: {}",
            "when: []",
            "rules[23] (nothing-stated).when: must be a mapping of fact to condition.",
        ),
        (
            "    confidence: 0.95\n",
            "",
            "rules[0] (waits-and-short).confidence: is missing; write a number above 0 and up to 1.",
        ),
        (
            "    confidence: 0.95\n",
            "    confidence: 0.4\n",
            "rules[0] (waits-and-short).confidence: 0.4 is below the floor of 0.5; raise it or lower the "
            "floor.",
        ),
        (
            "    confidence: 0.95\n",
            "    confidence: 0.95\n    question: Why?\n",
            "rules[0] (waits-and-short).question: only a rule labelled unknown asks; remove it or change the "
            "label.",
        ),
        (
            "    label: unknown\n",
            "    label: unknown\n    confidence: 0.6\n",
            "rules[2] (waits-yet-long).confidence: belongs to a label; a rule labelled unknown has none.",
        ),
        (
            "    answer: \"'Nobody waits', or 'the mark is wrong'.\"\n",
            "",
            "rules[3] (waits-yet-marked).answer: is missing; a rule labelled unknown says what to ask and "
            "what "
            "settles it.",
        ),
        (
            "is {wait}, below the",
            "is {waiting_time}, below the",
            "rules[0] (waits-and-short).reason: there is no placeholder {waiting_time}; there are wait, "
            "wait_basis, deadline, with_deadline, eligible, marked, trigger, requests_per_day, signals, "
            "interactive_below, semi_up_to, batch_window.",
        ),
        (
            "is {wait}, below the",
            "is {wait.numerator}, below the",
            "rules[0] (waits-and-short).reason: {wait.numerator} is not a plain placeholder.",
        ),
        (
            "is {wait}, below the",
            "is {wait, below the",
            "rules[0] (waits-and-short).reason: has a brace without its partner; write {{ for a brace that "
            "is "
            "meant.",
        ),
        (
            "how long that may take.",
            "how long that may take: {deadline}.",
            "rules[5] (waits).reason: {deadline} would be a hole for a workload without min_deadline_s; add "
            "a "
            "condition on min_deadline_s or deadline_share, such as 'known: yes', or drop it.",
        ),
        (
            '"What would 24 hours mean for this user?"',
            '"  "',
            "rules[23] (nothing-stated).question: is blank.",
        ),
    ],
)
def test_rules_that_are_not_sound_by_themselves(old: str, new: str, problem: str) -> None:
    assert problems(edited(old, new)) == (problem,)


@pytest.mark.parametrize(
    ("old", "new"),
    [("when: {}", "when: {user_waiting: no}"), ("  - id: nothing-stated", "  - id: nothing-else")],
)
def test_the_last_rule_catches_everything_and_is_unknown(old: str, new: str) -> None:
    text = edited(old, new)
    if "nothing-else" in new:
        text = text[: text.index("  - id: nothing-else")]
    assert problems(text) == (
        "rules: the last rule must be labelled unknown and have an empty 'when: {}', so that every workload "
        "gets "
        "a verdict and no other label is a guess.",
    )


def inserted(rule: str, before: str) -> str:
    return edited(f"  - id: {before}\n", f"{rule}  - id: {before}\n")


def rule(when: str, label: str = "batch") -> str:
    return f"  - {{id: new-rule, when: {{{when}}}, label: {label}, confidence: 0.9, reason: Because.}}\n"


@pytest.mark.parametrize(
    "when",
    [
        "wait_s: {below: 10, at_least: 20}",
        "wait_s: {below: 10, at_least: 10}",
        "wait_s: {below: 0}",
        "batch_eligible_share: {above: 1}",
        "batch_eligible_share: {at_least: 1.5}",
        "wait_s: {known: no, below: 5}",
        "trigger: {is: ci, one_of: [user, event]}",
        "trigger: {one_of: []}",
    ],
)
def test_conditions_that_contradict_each_other_are_refused(when: str) -> None:
    assert problems(inserted(rule(when, "interactive"), "waits-and-short")) == (
        "rules[0] (new-rule).when: no workload can meet these conditions together; mend them.",
    )


def test_a_rule_that_an_earlier_one_shadows_is_refused() -> None:
    (problem,) = problems(
        inserted(rule("user_waiting: yes, wait_s: {below: 5}", "interactive"), "waits-yet-long")
    )
    assert problem == (
        "rules[2] (new-rule): can never decide, because all it matches is decided before it by "
        "waits-and-short, "
        "short-wait; move it up, change it or remove it."
    )


def test_a_rule_that_earlier_ones_shadow_only_together_is_refused() -> None:
    (problem,) = problems(inserted(rule("wait_s: {above: 86400}"), "marked-but-sequential"))
    assert problem.startswith("rules[13] (new-rule): can never decide")
    assert "window-fits" in problem


def test_a_rule_that_is_reached_at_one_point_only_is_accepted() -> None:
    text = inserted(
        rule("wait_s: {at_least: 3600, at_most: 3600}", "semi_interactive"), "wait-within-the-hour"
    )
    policy = Policy.load(text)
    decided_by = [
        judge(WorkloadFacts(name="w", max_wait_ms=wait_ms), policy).rule_id
        for wait_ms in (3_599_999, 3_600_000, 3_600_001)
    ]
    assert decided_by == ["wait-within-the-hour", "new-rule", "window-at-risk"]


@pytest.mark.parametrize(
    ("when", "label", "before", "promise"),
    [
        ("user_waiting: yes", "batch", "waits-and-short", "somebody waits for as batch"),
        (
            "user_waiting: yes, wait_s: {at_least: 600}",
            "semi_interactive",
            "waits-and-short",
            "somebody waits for as semi_interactive, for example one with user_waiting yes, wait_s 600",
        ),
        (
            "wait_s: {below: 20}",
            "semi_interactive",
            "short-wait",
            "that is needed below interactive_below_s as semi_interactive",
        ),
        (
            "trigger: schedule, wait_s: {above: 1800}",
            "batch",
            "wait-within-the-hour",
            "that is needed within semi_up_to_s as batch",
        ),
        (
            "trigger: schedule",
            "batch",
            "trigger-alone",
            "for which nobody stated a wait or marked a call as batch",
        ),
        (
            "user_waiting: no",
            "batch",
            "nobody-waits",
            "for which nobody stated a wait or marked a call as batch",
        ),
        (
            "requests_per_day: {above: 100000}",
            "batch",
            "nothing-stated",
            "for which nobody stated a wait or marked a call as batch",
        ),
        (
            "batch_eligible_share: {at_least: 0.9}",
            "batch",
            "marks-mixed",
            "with calls marked as not eligible as batch",
        ),
        (
            "batch_eligible_share: {at_least: 1}",
            "batch",
            "marked-in-part",
            "of which only a part is marked as batch",
        ),
        (
            "user_waiting: no, min_deadline_s: {at_least: 86400}",
            "batch",
            "deadline-on-part",
            "of which only a part has a deadline as batch",
        ),
    ],
)
def test_no_policy_can_defer_what_must_not_wait(when: str, label: str, before: str, promise: str) -> None:
    found = problems(inserted(rule(when, label), before))
    assert any(f"(new-rule): would label a workload {promise}" in problem for problem in found), found
