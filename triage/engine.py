"""Judges workloads: the first rule whose conditions all hold decides, and all else is shown beside it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from triage import sentences
from triage.calibration import Basis, band_of
from triage.evidence import weigh
from triage.facts import Known, read_facts
from triage.findings import findings
from triage.model import Evidence, Verdict, WorkloadFacts
from triage.overrides import apply_overrides
from triage.policy import Policy
from triage.rules import Rule
from triage.signals import read_signals


def judge(facts: WorkloadFacts, policy: Policy) -> Verdict:
    """The verdict on one workload; the same facts and policy always give the same one."""
    ruled = apply_overrides(facts, policy)
    facts = ruled.facts
    rule = deciding_rule(read_facts(facts), policy)
    thresholds = policy.thresholds
    evidence, counter_evidence = weigh(facts, rule.label, thresholds, ruled.fields)
    confidence, basis = _confidence(rule, facts, counter_evidence, policy)
    open_label = rule.label == "unknown"
    requests = facts.requests_per_run if facts.requests_per_run is not None else facts.requests_per_day
    minimum = ruled.min_requests_per_batch
    return Verdict(
        workload=facts.name,
        label=rule.label,
        rule_id=rule.id,
        sentence=sentences.filled(rule.reason, facts, thresholds),
        evidence=evidence,
        counter_evidence=counter_evidence,
        confidence=0.0 if open_label else confidence,
        confidence_basis=basis,
        suggested=rule.suggests,
        suggested_confidence=confidence if rule.suggests else 0.0,
        question=None if rule.question is None else sentences.filled(rule.question, facts, thresholds),
        shortest_answer=None if rule.answer is None else sentences.filled(rule.answer, facts, thresholds),
        worth_moving=requests is None or requests >= minimum,
        worth_reason=sentences.worth_sentence(
            requests, per_run=facts.requests_per_run is not None, minimum=minimum
        ),
        findings=(*ruled.findings, *findings(facts, rule.label, thresholds)),
        admissible_tiers=policy.admissible_tiers[rule.label],
        policy_version=policy.version,
    )


def judge_all(facts: Iterable[WorkloadFacts], policy: Policy) -> tuple[Verdict, ...]:
    """One verdict for each workload, in the order given."""
    return tuple(judge(item, policy) for item in facts)


def deciding_rule(known: Known, policy: Policy) -> Rule:
    """The first rule whose conditions all hold; a policy's last rule has none, so there always is one."""
    return next(
        rule
        for rule in policy.rules
        if all(condition.holds(known[name], policy.thresholds) for name, condition in rule.when.items())
    )


def score(rule: Rule, counter_evidence: Sequence[Evidence], policy: Policy) -> Decimal:
    """How firmly stated facts decide, 0 to 1: the rule's own confidence less what speaks against it.

    Each stated fact against it counts once, the signals of the log once together, a name never.
    """
    stated = sum(item.kind in ("declared", "rule") for item in counter_evidence)
    seen = any(item.kind == "behaviour" for item in counter_evidence)
    terms = policy.confidence
    return max(terms.floor, (rule.confidence or Decimal(0)) - terms.lost_per_counter * (stated + seen))


def _confidence(
    rule: Rule, facts: WorkloadFacts, counter_evidence: Sequence[Evidence], policy: Policy
) -> tuple[float, str]:
    """What such verdicts were worth on the labelled sets, and the sentence that says so."""
    if rule.label == "unknown" and rule.suggests is None:
        return 0.0, sentences.NO_CONFIDENCE
    basis: Basis = "declared"
    points = score(rule, counter_evidence, policy)
    if "behaviour" in rule.when:
        reading = read_signals(facts.behaviour)
        basis = "behaves-interactive" if reading.lean == "interactive" else "behaves-batch"
        points = Decimal(reading.points)
    band = band_of(basis, points)
    said = sentences.calibrated_sentence(
        band.confidence,
        band.n,
        band.n_right,
        same_policy=band.policy_version == policy.version,
        seen=basis != "declared",
    )
    return float(band.confidence), said
