"""Judges workloads: the first rule whose conditions all hold decides, and all else is shown beside it."""

from collections.abc import Iterable
from decimal import Decimal

from triage import sentences
from triage.evidence import weigh
from triage.facts import Known, read_facts
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy
from triage.rules import Rule


def judge(facts: WorkloadFacts, policy: Policy) -> Verdict:
    """The verdict on one workload; the same facts and policy always give the same one."""
    rule = _deciding_rule(read_facts(facts), policy)
    thresholds = policy.thresholds
    evidence, counter_evidence = weigh(facts, rule.label, thresholds)
    requests = facts.requests_per_run if facts.requests_per_run is not None else facts.requests_per_day
    minimum = thresholds.min_requests_per_batch
    return Verdict(
        workload=facts.name,
        label=rule.label,
        rule_id=rule.id,
        sentence=sentences.filled(rule.reason, facts, thresholds),
        evidence=evidence,
        counter_evidence=counter_evidence,
        confidence=_confidence(rule, len(counter_evidence), policy),
        question=None if rule.question is None else sentences.filled(rule.question, facts, thresholds),
        shortest_answer=None if rule.answer is None else sentences.filled(rule.answer, facts, thresholds),
        worth_moving=requests is None or requests >= minimum,
        worth_reason=sentences.worth_sentence(
            requests, per_run=facts.requests_per_run is not None, minimum=minimum
        ),
        admissible_tiers=policy.admissible_tiers[rule.label],
        policy_version=policy.version,
    )


def judge_all(facts: Iterable[WorkloadFacts], policy: Policy) -> tuple[Verdict, ...]:
    """One verdict for each workload, in the order given."""
    return tuple(judge(item, policy) for item in facts)


def _deciding_rule(known: Known, policy: Policy) -> Rule:
    """The first rule whose conditions all hold; a policy's last rule has none, so there always is one."""
    return next(
        rule
        for rule in policy.rules
        if all(condition.holds(known[name], policy.thresholds) for name, condition in rule.when.items())
    )


def _confidence(rule: Rule, n_counter: int, policy: Policy) -> float:
    if rule.confidence is None:
        return 0.0
    terms = policy.confidence
    return float(max(terms.floor, rule.confidence - terms.lost_per_counter * Decimal(n_counter)))
