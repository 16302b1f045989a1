"""Every rule of the default policy decides something, on exact lines, and conflicts stay and ask."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from triage.behaviour import Behaviour
from triage.engine import judge, judge_all, score
from triage.errors import FactsError
from triage.model import Label, Verdict, WorkloadFacts
from triage.policy import Policy

SECOND = 1_000
HOUR = 3_600_000
DAY = 86_400_000


def verdict_on(**facts: Any) -> Verdict:
    return judge(WorkloadFacts(name="w", **facts), Policy.default())


def marked(n_eligible: int, n_ineligible: int, n_seen: int | None = None) -> dict[str, Any]:
    return {
        "n_batch_eligible": n_eligible,
        "n_batch_ineligible": n_ineligible,
        "requests_seen": n_eligible + n_ineligible if n_seen is None else n_seen,
    }


CHAT = Behaviour(5_000, streaming_share=0.97, multi_turn_share=0.6, session_gap_p50_s=45, n_users=800)
JOB = Behaviour(
    5_000, cron_likeness=0.7, busiest_hours_share=0.98, burst_size_p50=900, streaming_share=0.0, n_users=1
)

CASES: list[tuple[str, Label, dict[str, Any]]] = [
    ("waits-and-short", "interactive", {"user_waiting": True, "max_wait_ms": 2_000}),
    ("short-wait", "interactive", {"min_deadline_s": 5}),
    ("short-wait", "interactive", {"max_wait_ms": 0}),
    ("short-wait", "interactive", {"max_wait_ms": DAY, "min_deadline_s": 5}),
    ("short-wait", "interactive", {"min_deadline_s": 5, **marked(1_000, 0)}),
    ("waits-yet-long", "unknown", {"user_waiting": True, "max_wait_ms": DAY}),
    ("waits-yet-long", "unknown", {"user_waiting": True, "min_deadline_s": 7_200}),
    ("waits-yet-marked", "unknown", {"user_waiting": True, **marked(1_000, 0)}),
    ("waits-yet-marked", "unknown", {"user_waiting": True, **marked(1, 999)}),
    ("waits-tolerates", "interactive", {"user_waiting": True, "max_wait_ms": 120_000}),
    ("waits", "interactive", {"user_waiting": True}),
    ("waits", "interactive", {"user_waiting": True, **marked(0, 1_000)}),
    ("marks-mixed", "unknown", marked(600, 400)),
    ("marks-mixed", "unknown", {"user_waiting": False, "max_wait_ms": DAY, **marked(999, 1)}),
    ("marks-mixed", "unknown", {"batch_eligible_share": 0.5}),
    ("deadline-on-part", "unknown", {"min_deadline_s": 86_400, "n_deadline": 40, "requests_seen": 1_000}),
    ("deadline-on-part", "unknown", {"min_deadline_s": 600, "n_deadline": 999, "requests_seen": 1_000}),
    ("wait-within-the-hour", "semi_interactive", {"max_wait_ms": 600_000}),
    ("wait-within-the-hour", "semi_interactive", {"max_wait_ms": DAY, "min_deadline_s": 600}),
    ("wait-within-the-hour", "semi_interactive", {"min_deadline_s": 600, **marked(0, 10)}),
    ("wait-within-the-hour", "semi_interactive", {"trigger": "schedule", "max_wait_ms": 2_700_000}),
    ("long-but-sequential", "semi_interactive", {"sequential": True, "max_wait_ms": 7 * DAY}),
    ("long-but-marked-not", "semi_interactive", {"max_wait_ms": 12 * HOUR, **marked(0, 1_000)}),
    ("window-fits", "batch", {"max_wait_ms": 2 * DAY}),
    ("window-fits", "batch", {"min_deadline_s": 86_400, "n_deadline": 500, "requests_seen": 500}),
    ("window-fits", "batch", {"min_deadline_s": 86_400, **marked(1_000, 0)}),
    ("window-at-risk", "batch", {"max_wait_ms": 4 * HOUR}),
    ("window-at-risk", "batch", {"max_wait_ms": 4 * HOUR, "min_deadline_s": 86_400, "n_deadline": 1,
                                 "requests_seen": 1_000}),
    ("marked-but-sequential", "unknown", {"sequential": True, **marked(1_000, 0)}),
    ("marked-in-part", "unknown", marked(40, 0, 1_000)),
    ("all-marked", "batch", marked(1_000, 0)),
    ("all-marked", "batch", {"batch_eligible_share": 1.0}),
    ("marked-not", "unknown", marked(0, 1_000)),
    ("behaves-interactive", "interactive", {"behaviour": CHAT}),
    ("behaves-interactive", "interactive", {"behaviour": CHAT, "trigger": "user"}),
    ("user-starts-a-job", "unknown", {"behaviour": JOB, "trigger": "user"}),
    ("behaves-like-a-chain", "unknown", {"behaviour": JOB, "sequential": True}),
    ("behaves-like-a-job", "unknown", {"behaviour": JOB}),
    ("behaves-like-a-job", "unknown", {"behaviour": JOB, "user_waiting": False, "trigger": "schedule"}),
    ("marked-not", "unknown", {"behaviour": JOB, **marked(0, 1_000)}),
    ("all-marked", "batch", {"behaviour": JOB, **marked(1_000, 0)}),
    ("waits", "interactive", {"behaviour": JOB, "user_waiting": True}),
    ("nobody-waits", "unknown", {"behaviour": CHAT, "user_waiting": False}),
    ("nobody-waits", "unknown", {"user_waiting": False}),
    ("nobody-waits", "unknown", {"user_waiting": False, "trigger": "schedule", "sequential": False}),
    ("trigger-alone", "unknown", {"trigger": "schedule"}),
    ("trigger-alone", "unknown", {"trigger": "user"}),
    ("nothing-stated", "unknown", {}),
    ("nothing-stated", "unknown", {"sequential": False, "requests_per_day": Decimal(9_000)}),
    ("nothing-stated", "unknown", {"sequential": True, "requests_seen": 9_000}),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "label", "facts"), CASES)
def test_the_rule_and_label_for_these_facts(rule_id: str, label: Label, facts: dict[str, Any]) -> None:
    verdict = verdict_on(**facts)
    assert (verdict.rule_id, verdict.label) == (rule_id, label)
    assert verdict.policy_version == Policy.default().version


def test_every_rule_of_the_default_policy_has_a_case() -> None:
    assert {rule_id for rule_id, _, _ in CASES} == {rule.id for rule in Policy.default().rules}


@pytest.mark.parametrize(
    ("max_wait_ms", "label", "at_risk"),
    [
        (30 * SECOND - 1, "interactive", False),
        (30 * SECOND, "semi_interactive", False),
        (30 * SECOND + 1, "semi_interactive", False),
        (HOUR - 1, "semi_interactive", False),
        (HOUR, "semi_interactive", False),
        (HOUR + 1, "batch", True),
        (DAY - 1, "batch", True),
        (DAY, "batch", False),
        (DAY + 1, "batch", False),
    ],
)
def test_both_sides_of_every_line_for_a_declared_wait(max_wait_ms: int, label: Label, at_risk: bool) -> None:
    verdict = verdict_on(max_wait_ms=max_wait_ms, user_waiting=False)
    assert verdict.label == label
    risks = [item for item in verdict.counter_evidence if item.field == "max_wait_ms"]
    assert [(risk.value, risk.threshold) for risk in risks] == ([(max_wait_ms, DAY)] if at_risk else [])


@pytest.mark.parametrize(
    ("min_deadline_s", "label", "at_risk"),
    [
        (29, "interactive", False),
        (30, "semi_interactive", False),
        (3_600, "semi_interactive", False),
        (3_601, "batch", True),
        (86_399, "batch", True),
        (86_400, "batch", False),
    ],
)
def test_both_sides_of_every_line_for_a_logged_deadline(
    min_deadline_s: int, label: Label, at_risk: bool
) -> None:
    verdict = verdict_on(min_deadline_s=min_deadline_s, user_waiting=False)
    assert verdict.label == label
    risks = [item for item in verdict.counter_evidence if item.field == "min_deadline_s"]
    assert [(risk.value, risk.threshold, risk.source) for risk in risks] == (
        [(min_deadline_s, 86_400, "log")] if at_risk else []
    )


@pytest.mark.parametrize(
    ("max_wait_ms", "label", "rule_id"),
    [
        (30 * SECOND - 1, "interactive", "waits-and-short"),
        (30 * SECOND, "interactive", "waits-tolerates"),
        (HOUR, "interactive", "waits-tolerates"),
        (HOUR + 1, "unknown", "waits-yet-long"),
    ],
)
def test_somebody_who_waits_is_never_deferred(max_wait_ms: int, label: Label, rule_id: str) -> None:
    verdict = verdict_on(user_waiting=True, max_wait_ms=max_wait_ms)
    assert (verdict.label, verdict.rule_id) == (label, rule_id)
    assert verdict.admissible_tiers == ("standard", "priority")


def test_waiting_and_24_h_is_a_conflict_shown_from_both_sides() -> None:
    verdict = verdict_on(user_waiting=True, max_wait_ms=DAY, sources={"user_waiting": "Ada"})
    assert verdict.sentence == (
        "Two statements contradict each other: somebody waits, yet the longest acceptable wait is 24 h, "
        "above the 1 h line. It stays where it is until the owner says which one holds."
    )
    assert (
        verdict.question
        == "Does somebody really wait for each answer, or would it do if it came within 24 h?"
    )
    assert [(item.field, item.source) for item in verdict.evidence] == [("user_waiting", "Ada")]
    assert [(item.field, item.source, item.direction) for item in verdict.counter_evidence] == [
        ("max_wait_ms", "declaration", "batch")
    ]


def test_waiting_and_a_batch_mark_is_a_conflict_shown_from_both_sides() -> None:
    verdict = verdict_on(user_waiting=True, **marked(1_000, 0))
    assert verdict.sentence == (
        "Two statements contradict each other: somebody waits, yet the log allows batch for all 1,000 marked "
        "calls. It stays where it is until the owner says which one holds."
    )
    assert verdict.question == "Does somebody wait for the calls that are marked as eligible for batch?"
    assert [item.field for item in verdict.evidence] == ["user_waiting"]
    assert [item.sentence for item in verdict.counter_evidence] == [
        "The log allows batch for all 1,000 marked calls."
    ]


def test_mixed_marks_are_a_conflict_shown_from_both_sides() -> None:
    verdict = verdict_on(**marked(600, 400))
    assert verdict.sentence == (
        "The log says both: it allows batch for 600 of 1,000 marked calls and refuses it for the others, so "
        "one label cannot fit them all."
    )
    assert verdict.question is not None
    assert [(item.field, item.value) for item in verdict.evidence] == [("n_batch_ineligible", 400)]
    assert [(item.field, item.value) for item in verdict.counter_evidence] == [("n_batch_eligible", 600)]


def test_mixed_marks_without_counts_quote_the_share() -> None:
    verdict = verdict_on(batch_eligible_share=0.25)
    assert "for 25 % of the marked calls" in verdict.sentence
    assert verdict.evidence[0].sentence == "The log refuses batch for 75 % of the marked calls."
    assert verdict.evidence[0].field == "batch_eligible_share"


@pytest.mark.parametrize(
    ("asked", "answer", "label"),
    [
        ({}, {"user_waiting": True}, "interactive"),
        ({}, {"max_wait_ms": 12 * HOUR}, "batch"),
        ({"user_waiting": False}, {"max_wait_ms": 600_000}, "semi_interactive"),
        ({"trigger": "schedule"}, {"max_wait_ms": 12 * HOUR}, "batch"),
        ({"user_waiting": True, "max_wait_ms": DAY}, {"user_waiting": False}, "batch"),
        ({"user_waiting": True, "max_wait_ms": DAY}, {"max_wait_ms": 60_000}, "interactive"),
        ({"user_waiting": True, **marked(10, 0)}, {"user_waiting": False}, "batch"),
        ({"user_waiting": True, **marked(10, 0)}, {"n_batch_eligible": 0}, "interactive"),
        (marked(6, 4), {"n_batch_eligible": 10, "n_batch_ineligible": 0}, "batch"),
        (marked(4, 0, 10), {"max_wait_ms": DAY}, "batch"),
        (marked(0, 10), {"max_wait_ms": 600_000}, "semi_interactive"),
        ({"sequential": True, **marked(10, 0)}, {"max_wait_ms": DAY}, "semi_interactive"),
        ({"min_deadline_s": 86_400, "n_deadline": 1, "requests_seen": 9}, {"max_wait_ms": DAY}, "batch"),
    ],
)
def test_the_shortest_answer_settles_the_question(
    asked: dict[str, Any], answer: dict[str, Any], label: Label
) -> None:
    facts = WorkloadFacts(name="w", **asked)
    before = judge(facts, Policy.default())
    assert before.label == "unknown"
    assert before.question
    assert before.question.endswith("?")
    assert before.shortest_answer
    after = judge(replace(facts, **answer), Policy.default())
    assert (after.label, after.question, after.shortest_answer) == (label, None, None)


def score_of(policy: Policy | None = None, **facts: Any) -> Decimal:
    policy = policy or Policy.default()
    verdict = judge(WorkloadFacts(name="w", **facts), policy)
    rule = next(rule for rule in policy.rules if rule.id == verdict.rule_id)
    return score(rule, verdict.counter_evidence, policy)


def test_a_score_falls_with_each_piece_of_counter_evidence_to_the_floor() -> None:
    assert score_of(max_wait_ms=2 * DAY, user_waiting=False) == Decimal("0.95")
    assert score_of(max_wait_ms=2 * DAY) == Decimal("0.85")
    assert score_of(max_wait_ms=4 * HOUR) == Decimal("0.75")
    assert score_of(max_wait_ms=4 * HOUR, trigger="user") == Decimal("0.65")
    crowded: dict[str, Any] = {
        "max_wait_ms": 4 * HOUR,
        "trigger": "user",
        "min_deadline_s": 600,
        "sequential": True,
    }
    assert [item.field for item in verdict_on(**crowded, **marked(10, 0)).counter_evidence] == [
        "max_wait_ms", "n_batch_eligible", "user_waiting",
    ]  # fmt: skip
    assert score_of(**crowded, **marked(10, 0)) == Decimal("0.65")
    contrary: dict[str, Any] = {
        "max_wait_ms": DAY,
        "min_deadline_s": 5,
        "user_waiting": False,
        "trigger": "schedule",
    }
    assert len(verdict_on(**contrary, **marked(9, 1)).counter_evidence) == 4
    assert score_of(**contrary, **marked(9, 1)) == Decimal("0.55")
    policy = Policy.default()
    strict = policy.model_copy(
        update={"confidence": policy.confidence.model_copy(update={"lost_per_counter": Decimal("0.2")})}
    )
    assert score_of(strict, max_wait_ms=DAY, min_deadline_s=5, user_waiting=False, trigger="ci") == Decimal(
        "0.5"
    )


def test_the_log_lowers_a_score_once_however_many_signals_speak_against_it() -> None:
    """Three signals point to a person who waits; together they count as one doubt, a name as none."""
    chat = Behaviour(1_000, streaming_share=0.9, n_users=300, priority_tier_share=0.8)
    verdict = verdict_on(max_wait_ms=2 * DAY, user_waiting=False, behaviour=chat)
    assert (verdict.label, verdict.rule_id) == ("batch", "window-fits")
    assert [(item.kind, item.field, item.weight) for item in verdict.counter_evidence] == [
        ("behaviour", "behaviour.streaming_share", 3),
        ("behaviour", "behaviour.priority_tier_share", 2),
        ("behaviour", "behaviour.n_users", 1),
    ]
    assert score_of(max_wait_ms=2 * DAY, user_waiting=False, behaviour=chat) == Decimal("0.85")


@pytest.mark.parametrize(
    ("volume", "worth_moving", "reason"),
    [
        (
            {"requests_per_day": Decimal(99)},
            False,
            "A day brings 99 requests, below the 100 a batch needs to be worth moving.",
        ),
        (
            {"requests_per_day": Decimal("99.5")},
            False,
            "A day brings 99.5 requests, below the 100 a batch needs to be worth moving.",
        ),
        (
            {"requests_per_day": Decimal(100)},
            True,
            "A day brings 100 requests, at least the 100 a batch needs to be worth moving.",
        ),
        (
            {"requests_per_day": Decimal(1), "requests_per_run": Decimal(30)},
            False,
            "One run has 30 requests, below the 100 a batch needs to be worth moving.",
        ),
        (
            {"requests_per_day": Decimal(50), "requests_per_run": Decimal(350)},
            True,
            "One run has 350 requests, at least the 100 a batch needs to be worth moving.",
        ),
        (
            {},
            True,
            "The volume is not known, so the minimum of 100 requests per batch was not checked.",
        ),
    ],
)
def test_volume_decides_whether_moving_is_worth_it_and_never_the_label(
    volume: dict[str, Any], worth_moving: bool, reason: str
) -> None:
    verdict = verdict_on(max_wait_ms=2 * DAY, user_waiting=False, **volume)
    assert (verdict.label, verdict.worth_moving, verdict.worth_reason) == ("batch", worth_moving, reason)


@pytest.mark.parametrize(
    ("facts", "tiers"),
    [
        ({"user_waiting": True}, {"standard", "priority"}),
        ({}, {"standard", "priority"}),
        ({"max_wait_ms": 600_000}, {"standard", "priority", "flex"}),
        ({"max_wait_ms": DAY}, {"standard", "priority", "flex", "batch", "offpeak"}),
    ],
)
def test_a_label_admits_the_tiers_that_meet_its_promise(facts: dict[str, Any], tiers: set[str]) -> None:
    assert set(verdict_on(**facts).admissible_tiers) == tiers


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"max_wait_ms": -1}, "max_wait_ms is -1; it cannot be below 0"),
        ({"min_deadline_s": -5}, "min_deadline_s is -5"),
        ({"requests_per_day": Decimal("-0.1")}, "requests_per_day is -0.1"),
        ({"batch_eligible_share": 1.1}, "lies between 0 and 1"),
        ({"batch_eligible_share": float("nan")}, "lies between 0 and 1"),
        ({"batch_eligible_share": 0.5, "n_batch_eligible": 10}, "10 of 10 marked calls are eligible"),
        ({"n_batch_eligible": 10, "requests_seen": 9}, "10 batch marks on 9 requests"),
        ({"n_deadline": 10, "requests_seen": 9}, "10 deadlines on 9 requests"),
    ],
)
def test_facts_that_cannot_all_be_meant_are_refused(facts: dict[str, Any], problem: str) -> None:
    with pytest.raises(FactsError) as caught:
        WorkloadFacts(name="Invoices", **facts)
    assert caught.value.title == "Facts that cannot all be meant"
    assert "'Invoices'" in caught.value.message
    assert problem in caught.value.message


def test_a_share_that_agrees_with_its_counts_is_taken() -> None:
    facts = WorkloadFacts(name="w", batch_eligible_share=1 / 3, n_batch_eligible=1, n_batch_ineligible=2)
    assert judge(facts, Policy.default()).rule_id == "marks-mixed"


def test_judging_keeps_the_order_and_is_repeatable() -> None:
    facts = [WorkloadFacts(name=str(number), max_wait_ms=number * 1_000) for number in range(1_000)]
    verdicts = judge_all(facts, Policy.default())
    assert [verdict.workload for verdict in verdicts] == [item.name for item in facts]
    assert verdicts == judge_all(facts, Policy.default())
