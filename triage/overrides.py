"""What a policy's overrides state about one workload: beside what people declared, never over it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from triage import sentences
from triage.model import Finding, WorkloadFacts
from triage.policy import Policy
from triage.sections import Override


@dataclass(frozen=True)
class Ruled:
    """A workload's facts with what overrides add.

    Attributes:
        fields: fields of the facts that an override states.
        min_requests_per_batch: the minimum volume that holds for this workload.
        findings: declarations that overrule an override.
    """

    facts: WorkloadFacts
    fields: frozenset[str]
    min_requests_per_batch: int
    findings: tuple[Finding, ...]


def apply_overrides(facts: WorkloadFacts, policy: Policy) -> Ruled:
    """Adds what the policy's overrides state; a declared fact stays as it is declared.

    Where several overrides match, the stricter promise holds whatever their order: "somebody waits"
    over "nobody waits", the shorter wait over the longer. The first minimum volume given holds.
    """
    matching = [override for override in policy.overrides if _matches(override, facts)]
    changes: dict[str, bool | int] = {}
    sources: dict[str, str] = {}
    findings: list[Finding] = []
    for name, (value, override) in _promised(matching, policy).items():
        declared = getattr(facts, name)
        if declared is None:
            changes[name] = value
            sources[name] = f"policy, {override.named}"
        elif declared != value:
            said = sentences.overruled_sentence(name, declared, value, override.named)
            findings.append(Finding("declared-against-rule", (name,), said))
    minimum = next(
        (item.min_requests_per_batch for item in matching if item.min_requests_per_batch is not None),
        policy.thresholds.min_requests_per_batch,
    )
    if changes:
        facts = replace(facts, **changes, sources={**facts.sources, **sources})  # type: ignore[arg-type]
    return Ruled(facts, frozenset(changes), minimum, tuple(findings))


def _matches(override: Override, facts: WorkloadFacts) -> bool:
    if override.workload is not None:
        return fnmatchcase(facts.name.lower(), override.workload.lower())
    pattern = (override.tag or "").lower()
    return any(fnmatchcase(tag.lower(), pattern) for tag in facts.tags)


def _promised(matching: Sequence[Override], policy: Policy) -> dict[str, tuple[bool | int, Override]]:
    """Field of the facts -> the strictest value promised and the override that does."""
    promised: dict[str, tuple[bool | int, Override]] = {}
    for override in matching:
        if override.sla is None:
            continue
        sla = policy.sla_classes[override.sla]
        waiting = sla.user_waiting
        if waiting is not None and ("user_waiting" not in promised or waiting > promised["user_waiting"][0]):
            promised["user_waiting"] = (waiting, override)
        if sla.max_wait_s is not None:
            wait_ms = sla.max_wait_s * 1_000
            if "max_wait_ms" not in promised or wait_ms < promised["max_wait_ms"][0]:
                promised["max_wait_ms"] = (wait_ms, override)
    return promised
