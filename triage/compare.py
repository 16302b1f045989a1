"""What would change if another policy held: for a preview before anybody saves it."""

from collections.abc import Iterable
from dataclasses import dataclass

from triage.engine import judge
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy


@dataclass(frozen=True)
class Change:
    """A workload on which two policies do not agree, with both verdicts."""

    workload: str
    before: Verdict
    after: Verdict

    @property
    def label_changes(self) -> bool:
        """Whether the label itself changes, and not only the rule, the tiers or the minimum volume."""
        return self.before.label != self.after.label


def compare(facts: Iterable[WorkloadFacts], before: Policy, after: Policy) -> tuple[Change, ...]:
    """Every workload whose label, suggestion, rule, tiers or worth would change, label changes first."""
    changes = [
        change
        for change in (Change(item.name, judge(item, before), judge(item, after)) for item in facts)
        if _decision(change.before) != _decision(change.after)
    ]
    return tuple(sorted(changes, key=lambda change: (not change.label_changes, change.workload)))


def _decision(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.label, verdict.suggested, verdict.rule_id, verdict.admissible_tiers, verdict.worth_moving,
    )  # fmt: skip
