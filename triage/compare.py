"""What would change if another policy held: for a preview before anybody saves it."""

from collections.abc import Iterable
from dataclasses import dataclass

from triage.model import Verdict


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


def compare(before: Iterable[Verdict], after: Iterable[Verdict]) -> tuple[Change, ...]:
    """Every workload whose verdicts differ in what they decide, label changes first, then by name."""
    then = {verdict.workload: verdict for verdict in after}
    changes = [
        Change(now.workload, now, then[now.workload])
        for now in before
        if _decision(now) != _decision(then[now.workload])
    ]
    return tuple(sorted(changes, key=lambda change: (not change.label_changes, change.workload)))


def _decision(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.label, verdict.suggested, verdict.rule_id, verdict.admissible_tiers, verdict.worth_moving,
        verdict.confidence,
    )  # fmt: skip
