"""Overrides state what nobody declared, by name or tag, and never loosen what was."""

from decimal import Decimal
from typing import Any

import pytest

from triage.compare import compare
from triage.engine import judge, judge_all
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy

TEXT = Policy.preset_text("default")


def policy(*overrides: str) -> Policy:
    listed = "\n".join(f"  - {override}" for override in overrides)
    return Policy.load(TEXT.replace("overrides: []", f"overrides:\n{listed}"))


def verdict(rules: Policy, **facts: Any) -> Verdict:
    return judge(WorkloadFacts(**{"name": "Invoice parser", **facts}), rules)


@pytest.mark.parametrize(
    ("override", "facts", "label"),
    [
        ('{tag: "night*", sla: by-morning}', {"tags": ("team:pay", "Nightly")}, "batch"),
        ('{tag: "night*", sla: by-morning}', {"tags": ("knight",)}, "unknown"),
        ('{tag: "night*", sla: by-morning}', {}, "unknown"),
        ('{workload: "invoice*", sla: within-a-day}', {}, "batch"),
        ('{workload: "parser", sla: within-a-day}', {}, "unknown"),
        ("{tag: ui, sla: interactive}", {"tags": ("ui",)}, "interactive"),
        ("{tag: soon, sla: ten-minutes}", {"tags": ("soon",)}, "semi_interactive"),
    ],
)
def test_an_override_labels_what_matches(override: str, facts: dict[str, Any], label: str) -> None:
    assert verdict(policy(override), **facts).label == label


def test_its_evidence_is_a_rule_and_says_which() -> None:
    found = verdict(policy('{tag: "night*", sla: by-morning}'), tags=("nightly",))
    assert [(item.kind, item.field, item.value, item.weight, item.source) for item in found.evidence] == [
        ("rule", "max_wait_ms", 43_200_000, 8, "policy, tag night*"),
        ("rule", "user_waiting", False, 8, "policy, tag night*"),
    ]
    assert [(item.kind, item.field, item.weight) for item in found.counter_evidence] == [
        ("rule", "max_wait_ms", 0)
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_the_stricter_of_two_promises_holds_in_any_order(order: int) -> None:
    both = ["{tag: a, sla: within-a-day}", "{tag: b, sla: ten-minutes}", "{tag: c, sla: interactive}"][
        ::order
    ]
    assert verdict(policy(*both), tags=("a", "b")).label == "semi_interactive"
    assert verdict(policy(*both), tags=("b", "a")).label == "semi_interactive"
    assert verdict(policy(*both), tags=("a", "c")).rule_id == "waits-yet-long"
    assert verdict(policy(*both), tags=("b", "c")).label == "interactive"


def test_a_declaration_holds_against_an_override_and_says_so() -> None:
    rules = policy("{tag: a, sla: within-a-day}")
    found = verdict(rules, tags=("a",), max_wait_ms=600_000, user_waiting=True)
    assert found.label == "interactive"
    assert [(item.code, item.fields, item.sentence) for item in found.findings] == [
        (
            "declared-against-rule",
            ("user_waiting",),
            "A person declared that somebody waits; the policy says for tag a that nobody waits. The "
            "declaration "
            "holds.",
        ),
        (
            "declared-against-rule",
            ("max_wait_ms",),
            "A person declared that it may wait 10 min; the policy says for tag a that it may wait 24 h. The "
            "declaration holds.",
        ),
    ]
    agreed = verdict(rules, tags=("a",), max_wait_ms=86_400_000, user_waiting=False)
    assert agreed.findings == ()
    assert {item.kind for item in agreed.evidence} == {"declared"}


def test_a_minimum_volume_of_ones_own() -> None:
    rules = policy(
        '{workload: "Invoice*", min_requests_per_batch: 20}', "{tag: a, min_requests_per_batch: 5}"
    )
    twenty = {"requests_per_day": Decimal(20), "max_wait_ms": 86_400_000}
    assert verdict(rules, **twenty).worth_moving
    assert not verdict(rules, **{**twenty, "requests_per_day": Decimal(19)}).worth_moving
    assert verdict(rules, **twenty).worth_reason == (
        "A day brings 20 requests, at least the 20 a batch needs to be worth moving."
    )
    assert not verdict(rules, name="Other", **twenty).worth_moving
    assert verdict(rules, name="Other", tags=("a",), **twenty).worth_moving
    assert not verdict(rules, tags=("a",), requests_per_day=Decimal(6)).worth_moving


def test_the_preview_names_every_workload_that_would_change() -> None:
    facts = [
        WorkloadFacts(name="chat", user_waiting=True),
        WorkloadFacts(name="export", max_wait_ms=2_700_000),
        WorkloadFacts(name="digest", max_wait_ms=14_400_000),
        WorkloadFacts(name="archive", max_wait_ms=604_800_000),
        WorkloadFacts(name="poll", max_wait_ms=172_800_000, requests_per_day=Decimal(50)),
        WorkloadFacts(name="nightly", tags=("nightly",)),
    ]
    default, gateway, strict = (judge_all(facts, Policy.named(name)) for name in Policy.presets())
    assert compare(default, default) == ()
    assert [
        (change.workload, change.before.label, change.after.label, change.after.rule_id)
        for change in compare(default, gateway)
    ] == [
        ("export", "semi_interactive", "batch", "window-at-risk"),
        ("nightly", "unknown", "batch", "window-at-risk"),
    ]
    assert [(change.workload, change.after.label) for change in compare(default, strict)] == [
        ("digest", "semi_interactive")
    ]
    lower = Policy.load(TEXT.replace("min_requests_per_batch: 100", "min_requests_per_batch: 50"))
    (change,) = compare(default, judge_all(facts, lower))
    assert (change.workload, change.label_changes) == ("poll", False)
    assert (change.before.worth_moving, change.after.worth_moving) == (False, True)
