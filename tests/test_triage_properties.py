"""What holds for every combination of facts under the default policy."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.cases import find_case, within
from triage.engine import judge
from triage.model import LABELS, TRIGGERS, WorkloadFacts
from triage.policy import Policy

POLICY = Policy.default()
QUIET = settings(deadline=None, database=None)
LINES_MS = (0, 1, 29_999, 30_000, 30_001, 3_599_999, 3_600_000, 3_600_001, 86_399_999, 86_400_000, 86_400_001)
WAITS_MS = st.one_of(st.sampled_from(LINES_MS), st.integers(0, 10 * 86_400_000))
DEADLINES_S = st.one_of(st.sampled_from((0, 29, 30, 3_600, 3_601, 86_399, 86_400)), st.integers(0, 900_000))
COUNTS = st.sampled_from((0, 1, 50, 1_000))


@st.composite
def workloads(draw: st.DrawFn, /, **fixed: Any) -> WorkloadFacts:
    n_eligible, n_ineligible, n_unmarked = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    n_seen = n_eligible + n_ineligible + n_unmarked
    values: dict[str, Any] = {
        "name": draw(st.sampled_from(("w", "nightly batch", "production chat"))),
        "description": draw(st.sampled_from((None, "runs every night", "a user waits for it"))),
        "trigger": draw(st.sampled_from((None, *TRIGGERS))),
        "user_waiting": draw(st.sampled_from((None, False, True))),
        "max_wait_ms": draw(st.none() | WAITS_MS),
        "sequential": draw(st.sampled_from((None, False, True))),
        "requests_per_day": draw(st.none() | st.decimals(0, 10**6, places=2)),
        "requests_per_run": draw(st.none() | st.decimals(0, 10**6, places=0)),
        "min_deadline_s": draw(st.none() | DEADLINES_S),
        "n_batch_eligible": n_eligible,
        "n_batch_ineligible": n_ineligible,
        "requests_seen": draw(st.sampled_from((None, n_seen))),
        "n_deadline": draw(st.none() | st.integers(0, n_seen)),
    }
    return WorkloadFacts(**{**values, **fixed})


@settings(QUIET, max_examples=400)
@given(workloads())
def test_exactly_one_verdict_with_a_sentence_and_a_question_only_when_unknown(facts: WorkloadFacts) -> None:
    verdict = judge(facts, POLICY)
    assert verdict.label in LABELS
    for sentence in (verdict.sentence, verdict.worth_reason):
        assert sentence.strip()
        assert "{" not in sentence
        assert "None" not in sentence
    unknown = verdict.label == "unknown"
    assert (verdict.question is not None) == unknown
    assert (verdict.shortest_answer is not None) == unknown
    assert (verdict.confidence == 0) == unknown
    assert 0 <= verdict.confidence <= 1
    assert verdict.admissible_tiers[0] == "standard"
    assert not set(verdict.evidence) & set(verdict.counter_evidence)
    if not unknown:
        assert verdict.evidence


@settings(QUIET, max_examples=300)
@given(workloads(user_waiting=True))
def test_what_somebody_waits_for_is_never_deferred(facts: WorkloadFacts) -> None:
    verdict = judge(facts, POLICY)
    assert verdict.label in ("interactive", "unknown")
    assert set(verdict.admissible_tiers) == {"standard", "priority"}


@settings(QUIET, max_examples=300)
@given(workloads(max_wait_ms=None, min_deadline_s=None, n_batch_eligible=0, n_batch_ineligible=0))
def test_nothing_becomes_batch_or_semi_interactive_on_weak_evidence(facts: WorkloadFacts) -> None:
    assert judge(facts, POLICY).label in ("interactive", "unknown")


@settings(QUIET, max_examples=300)
@given(workloads())
def test_batch_always_rests_on_a_stated_wait_or_a_mark_on_every_call(facts: WorkloadFacts) -> None:
    if judge(facts, POLICY).label != "batch":
        return
    waits_ms = [facts.max_wait_ms] if facts.max_wait_ms is not None else []
    waits_ms += [facts.min_deadline_s * 1_000] if facts.min_deadline_s is not None else []
    assert facts.user_waiting is not True
    assert facts.n_batch_ineligible == 0
    assert all(wait > 3_600_000 for wait in waits_ms)
    assert waits_ms or facts.n_batch_eligible > 0
    if not waits_ms and facts.requests_seen is not None:
        assert facts.n_batch_eligible == facts.requests_seen


@settings(QUIET, max_examples=500)
@given(workloads(max_wait_ms=0), WAITS_MS, WAITS_MS)
def test_a_shorter_wait_never_admits_what_a_longer_one_did_not(
    facts: WorkloadFacts, one_ms: int, other_ms: int
) -> None:
    shorter, longer = (
        judge(replace(facts, max_wait_ms=wait_ms), POLICY) for wait_ms in sorted((one_ms, other_ms))
    )
    assert set(shorter.admissible_tiers) <= set(longer.admissible_tiers)


@settings(QUIET, max_examples=300)
@given(workloads(min_deadline_s=0), DEADLINES_S, DEADLINES_S)
def test_a_shorter_deadline_never_admits_what_a_longer_one_did_not(
    facts: WorkloadFacts, one_s: int, other_s: int
) -> None:
    shorter, longer = (
        judge(replace(facts, min_deadline_s=deadline_s), POLICY) for deadline_s in sorted((one_s, other_s))
    )
    assert set(shorter.admissible_tiers) <= set(longer.admissible_tiers)


@settings(QUIET, max_examples=300)
@given(workloads(), st.sampled_from((Decimal(0), Decimal(99), Decimal(100), None)))
def test_name_description_and_volume_never_change_the_label(
    facts: WorkloadFacts, requests: Decimal | None
) -> None:
    verdict = judge(facts, POLICY)
    other = replace(facts, name="", description=None, requests_per_day=requests, requests_per_run=None)
    assert judge(other, POLICY).rule_id == verdict.rule_id
    assert judge(other, POLICY).worth_moving == (requests is None or requests >= 100)


FEW = {
    "user_waiting": (None, False, True),
    "sequential": (None, False, True),
    "wait_s": (None, Decimal(10), Decimal(30), Decimal(3_600), Decimal(4_000), Decimal(86_400)),
    "batch_eligible_share": (None, Decimal(0), Decimal("0.5"), Decimal(1)),
}


@settings(QUIET, max_examples=60)
@given(
    st.fixed_dictionaries(
        {name: st.sets(st.sampled_from(values), min_size=1) for name, values in FEW.items()}
    ),
    st.lists(
        st.sampled_from([rule for rule in POLICY.rules if rule.when and set(rule.when) <= set(FEW)]),
        max_size=5,
    ),
)
def test_the_search_for_a_free_case_agrees_with_trying_them_all(
    drawn: dict[str, Any], rules: list[Any]
) -> None:
    box = {name: tuple(values) for name, values in drawn.items()}
    every = [
        {"user_waiting": waiting, "sequential": sequential, "wait_s": wait, "batch_eligible_share": share}
        for waiting in box["user_waiting"]
        for sequential in box["sequential"]
        for wait in box["wait_s"]
        for share in box["batch_eligible_share"]
    ]
    free = [
        case
        for case in every
        if not any(
            all(condition.holds(case[name], POLICY.thresholds) for name, condition in rule.when.items())
            for rule in rules
        )
    ]
    found = find_case(box, rules, POLICY.thresholds)
    assert (found in free) if free else found is None
    for rule in rules:
        narrowed = within(box, rule.when, POLICY.thresholds)
        assert narrowed is None or all(set(narrowed[name]) <= set(box[name]) for name in box)
