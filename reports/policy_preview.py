"""What another policy would change: labels, lanes and savings, workload by workload, before it is saved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.analysis import analyse
from reports.format import percent
from reports.look import Inputs
from reports.model import Analysis, Range, WorkloadResult
from triage.compare import compare
from triage.model import Verdict
from triage.policy import Policy


@dataclass(frozen=True)
class Effect:
    """One workload, or one half of a mixed one, that another policy would change.

    Attributes:
        hours: the hours of the week (0 is Monday 00:00 UTC) of a half; empty for a whole workload.
            A half is in no total, since the whole is.
    """

    workload: str
    hours: tuple[int, ...]
    before: WorkloadResult
    after: WorkloadResult

    @property
    def label_changes(self) -> bool:
        """Whether the label itself changes."""
        return self.before.verdict.label != self.after.verdict.label

    @property
    def lane_changes(self) -> bool:
        """Whether another lane would be recommended."""
        return self.before.recommended_lane != self.after.recommended_lane

    @property
    def why(self) -> str:
        """What decides under the other policy and what else differs, as plain text."""
        return " ".join(_reasons(self.before, self.after))


@dataclass(frozen=True)
class PolicyPreview:
    """What a policy would do: every workload that changes in anything, and the totals of all of them.

    Savings are micro-dollars a year; a potential is what unknown workloads would save if they can wait.
    """

    effects: tuple[Effect, ...]
    n_workloads: int
    saving_before: Range
    saving_after: Range
    potential_before: Range
    potential_after: Range

    @property
    def n_labels(self) -> int:
        """Whole workloads whose label changes."""
        return sum(effect.label_changes and not effect.hours for effect in self.effects)

    @property
    def n_changed(self) -> int:
        """Whole workloads that change in anything."""
        return sum(not effect.hours for effect in self.effects)


def preview(inputs: Inputs, before: Analysis, policy: Policy) -> PolicyPreview:
    """What `policy` in place of the one in force would change; `before` is the analysis of `inputs`."""
    after = analyse(replace(inputs, policy=policy, policy_used=None))
    effects = [
        effect
        for now, then in zip(_kinds(before), _kinds(after), strict=True)
        for effect in _effects(now, then)
    ]
    effects.sort(key=lambda effect: (not effect.label_changes, not effect.lane_changes))
    return PolicyPreview(
        effects=tuple(effects),
        n_workloads=len(before.workloads),
        saving_before=before.totals.saving_per_year,
        saving_after=after.totals.saving_per_year,
        potential_before=before.totals.potential_per_year,
        potential_after=after.totals.potential_per_year,
    )


_Kind = dict[str, tuple[tuple[int, ...], WorkloadResult]]
"""Workload -> hours and result, of whole workloads or of one half of the mixed ones."""


def _kinds(analysis: Analysis) -> tuple[_Kind, _Kind, _Kind]:
    found = [(result.workload, result.mixed) for result in analysis.workloads]
    return (
        {result.workload: ((), result) for result in analysis.workloads},
        {name: (mixed.job.hours, mixed.job.result) for name, mixed in found if mixed},
        {name: (mixed.rest.hours, mixed.rest.result) for name, mixed in found if mixed},
    )


def _effects(now: _Kind, then: _Kind) -> Iterator[Effect]:
    changes = compare(_verdicts(now), _verdicts(then))
    decided = {change.workload for change in changes}
    for name, (hours, result) in now.items():
        after = then[name][1]
        if name in decided or _money(result) != _money(after):
            yield Effect(name, hours, result, after)


def _verdicts(kind: _Kind) -> list[Verdict]:
    return [result.verdict for _, result in kind.values()]


def _money(result: WorkloadResult) -> tuple[object, ...]:
    return result.recommended_lane, result.saving_per_year, result.potential_per_year


def _reasons(before: WorkloadResult, after: WorkloadResult) -> Iterator[str]:
    now, then = before.verdict, after.verdict
    if (now.label, now.suggested, now.rule_id) != (then.label, then.suggested, then.rule_id):
        yield f"{then.sentence} (Rule {then.rule_id}, so far {now.rule_id}.)"
    if now.admissible_tiers != then.admissible_tiers:
        yield f"Tiers allowed: {', '.join(then.admissible_tiers)}; so far {', '.join(now.admissible_tiers)}."
    if now.worth_moving != then.worth_moving:
        yield then.worth_reason
    if now.confidence != then.confidence and then.label != "unknown":
        yield f"Confidence {percent(then.confidence)}, so far {percent(now.confidence)}."
    if before.recommended_lane != after.recommended_lane and after.because != then.worth_reason:
        yield after.because
