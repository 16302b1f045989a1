"""What triage is told about a workload, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from triage.behaviour import Behaviour
from triage.errors import FactsError

Label = Literal["interactive", "semi_interactive", "batch", "unknown"]
Trigger = Literal["user", "event", "schedule", "queue", "ci", "manual"]
Tier = Literal["standard", "batch", "flex", "priority", "ultrafast", "offpeak"]
Kind = Literal["declared", "rule", "behaviour", "name"]

LABELS: Final[tuple[Label, ...]] = ("interactive", "semi_interactive", "batch", "unknown")
TRIGGERS: Final[tuple[Trigger, ...]] = ("user", "event", "schedule", "queue", "ci", "manual")
TIERS: Final[tuple[Tier, ...]] = ("standard", "batch", "flex", "priority", "ultrafast", "offpeak")
KINDS: Final[tuple[Kind, ...]] = ("declared", "rule", "behaviour", "name")
"""Kinds of evidence, heaviest first: a person said it, a rule did, the log shows it, a name hints at it."""

WEIGHTS: Final[dict[Kind, int]] = {"declared": 10, "rule": 8}
"""Points of what was stated; signals of the log carry 1 to 3 of their own, a doubt or a name none."""

_SHARE_TOLERANCE: Final = 1e-6


@dataclass(frozen=True)
class WorkloadFacts:
    """Everything triage is told about one workload; None is "nobody said", never "no" and never 0.

    Name and description identify the workload to people and are never read for its label.

    Attributes:
        max_wait_ms: the longest acceptable wait for an answer, in milliseconds.
        sequential: whether a step needs the answer of the step before it.
        requests_per_day: requests on an average day.
        requests_per_run: requests of one run, for work that comes in runs.
        batch_eligible_share: eligible calls by calls that carry the mark either way, 0 to 1; it
            follows from the two counts when they are given.
        n_batch_eligible: calls marked in the log as eligible for batch.
        n_batch_ineligible: calls marked in the log as not eligible for batch.
        min_deadline_s: the shortest deadline any call carries in the log, in seconds.
        n_deadline: calls that carry a deadline; None takes the deadline for the whole workload's.
        requests_seen: requests of this workload in the log.
        tags: tags of its calls or of its description, for overrides of the policy.
        behaviour: the signals of its log.
        sources: field name -> who said it (a file, a person).

    Raises:
        FactsError: when a duration or count is negative, a share is outside 0 to 1 or contradicts
            its counts, or more calls are marked than were seen.
    """

    name: str
    description: str | None = None
    trigger: Trigger | None = None
    user_waiting: bool | None = None
    max_wait_ms: int | None = None
    sequential: bool | None = None
    requests_per_day: Decimal | None = None
    requests_per_run: Decimal | None = None
    batch_eligible_share: float | None = None
    n_batch_eligible: int = 0
    n_batch_ineligible: int = 0
    min_deadline_s: int | None = None
    n_deadline: int | None = None
    requests_seen: int | None = None
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    tags: tuple[str, ...] = ()
    behaviour: Behaviour | None = None

    def __post_init__(self) -> None:
        for name in (
            "max_wait_ms", "requests_per_day", "requests_per_run", "n_batch_eligible",
            "n_batch_ineligible", "min_deadline_s", "n_deadline", "requests_seen",
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and value < 0:
                self._refuse(f"{name} is {value}; it cannot be below 0")
        marked = self.n_batch_eligible + self.n_batch_ineligible
        share = self.batch_eligible_share
        if share is not None:
            if not 0 <= share <= 1:
                self._refuse(f"batch_eligible_share is {share}; it lies between 0 and 1")
            if marked and abs(share - self.n_batch_eligible / marked) > _SHARE_TOLERANCE:
                self._refuse(
                    f"batch_eligible_share is {share}, but {self.n_batch_eligible} of {marked} marked calls "
                    "are eligible; leave the share out or count it over the marked calls"
                )
        if self.requests_seen is not None:
            for what, count in (("batch marks", marked), ("deadlines", self.n_deadline or 0)):
                if count > self.requests_seen:
                    self._refuse(
                        f"{count} {what} on {self.requests_seen} requests; count both over the same calls"
                    )

    def _refuse(self, problem: str) -> None:
        raise FactsError("Facts that cannot all be meant", f"Workload {self.name!r}: {problem}.")


@dataclass(frozen=True)
class Evidence:
    """One fact that speaks for or against a label, with its number and the line it is held against.

    Attributes:
        field: the field of `WorkloadFacts` it was read from (`behaviour.` before a signal); value and
            threshold are in its unit.
        value: None where the evidence is that nobody said.
        threshold: None where the fact is not held against a number.
        direction: the label it points to; `unknown` where it only raises doubt.
        weight: points, see `WEIGHTS`; only signals of the log are added up.
        source: who said it.
    """

    kind: Kind
    field: str
    value: bool | int | float | str | None
    threshold: int | float | None
    direction: Label
    weight: int
    sentence: str
    source: str


@dataclass(frozen=True)
class Finding:
    """Something about a workload that its owner should look at, whatever its label.

    Attributes:
        code: `batched-but-urgent`, `sync-but-job-shaped`, `refresh-bursts` or `declared-against-rule`.
        fields: the fields of `WorkloadFacts` it rests on.
    """

    code: str
    fields: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What one workload is, why, what speaks against it, and the tiers its label admits.

    Attributes:
        sentence: the deciding rule's reason, with the workload's own numbers.
        confidence: 0 to 1, how often such a verdict was right on the labelled sets; 0 where the
            label is `unknown`. `triage.sentences.confidence_text` says what a value means.
        confidence_basis: what the confidence was measured on, as a sentence.
        suggested: the label the log points to where nobody stated one; a person or a rule has to
            confirm it, until then the label stays `unknown`.
        suggested_confidence: the same measure for the suggestion; 0 without one.
        question: what to ask the owner; given exactly when the label is `unknown`.
        shortest_answer: the shortest answer that settles the question.
        findings: what looks mis-triaged, in a fixed order.
        worth_moving: False only where the volume is known and below the policy's minimum.
        worth_reason: the numbers behind `worth_moving`; always given.
        admissible_tiers: tiers that meet the label's promise, `standard` always among them.
        policy_version: the version of the policy that decided.
    """

    workload: str
    label: Label
    rule_id: str
    sentence: str
    evidence: tuple[Evidence, ...]
    counter_evidence: tuple[Evidence, ...]
    confidence: float
    confidence_basis: str
    suggested: Label | None
    suggested_confidence: float
    question: str | None
    shortest_answer: str | None
    worth_moving: bool
    worth_reason: str
    findings: tuple[Finding, ...]
    admissible_tiers: tuple[Tier, ...]
    policy_version: str

    @property
    def needs_confirmation(self) -> bool:
        """Whether somebody has to confirm what the log suggests before anything moves."""
        return self.suggested is not None
