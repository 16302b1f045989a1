"""What each stated fact says by itself, and which of it speaks against a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from triage import sentences
from triage.facts import batch_eligible_share, max_wait_s, min_deadline_s, wait_s
from triage.model import LABELS, WEIGHTS, Evidence, Label, Trigger, WorkloadFacts
from triage.rules import Thresholds
from triage.signals import name_evidence, read_signals

_LOG: Final = "log"
_DECLARED: Final = "declaration"
_NOBODY: Final = "nobody"
_LOG_FIELDS: Final = (
    "batch_eligible_share", "n_batch_eligible", "n_batch_ineligible", "min_deadline_s", "n_deadline",
)  # fmt: skip

_WaitField = Literal["max_wait_ms", "min_deadline_s"]
_UNITS_PER_S: Final[dict[_WaitField, int]] = {"max_wait_ms": 1_000, "min_deadline_s": 1}

_TRIGGER_LEANS: Final[dict[Trigger, tuple[Label, tuple[Label, ...]]]] = {
    "user": ("interactive", ("interactive", "semi_interactive")),
    "schedule": ("batch", ("batch",)),
    "queue": ("batch", ("batch",)),
    "ci": ("batch", ("batch",)),
}
"""Trigger -> the label it points to and those it agrees with; the others point nowhere."""

_SIGNAL_ALLOWS: Final[dict[Label, tuple[Label, ...]]] = {
    "interactive": ("interactive",),
    "semi_interactive": ("semi_interactive", "batch"),
    "batch": ("batch",),
    "unknown": (),
}
"""The label a signal of the log points to -> the labels it agrees with; a doubt agrees with none."""


@dataclass(frozen=True)
class _Item:
    """One piece of evidence and the labels it agrees with; a mere doubt agrees with none."""

    evidence: Evidence
    allows: tuple[Label, ...]


def weigh(
    facts: WorkloadFacts, label: Label, thresholds: Thresholds, ruled: frozenset[str] = frozenset()
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """Evidence for `label` and counter-evidence against it, each in a fixed order, heaviest kind first.

    `ruled` names the fields that a rule of the policy states and not a person. An `unknown` verdict
    rests on what keeps the workload where it is; where something does, all that would let it wait is
    counter-evidence. Where nothing does, every fact is only a lean.
    """
    stated = (*_stated(facts, label, thresholds), *_doubts(facts, label, thresholds))
    items = (*(_by_rule(item, ruled) for item in stated), *_seen(facts), *_named(facts, label))
    held = any("interactive" in item.allows and "batch" not in item.allows for item in items)
    for_label: list[Evidence] = []
    against: list[Evidence] = []
    for item in items:
        if label == "unknown":
            contrary = not item.allows or (held and "interactive" not in item.allows)
        else:
            contrary = label not in item.allows
        (against if contrary else for_label).append(item.evidence)
    return tuple(for_label), tuple(against)


def _by_rule(item: _Item, ruled: frozenset[str]) -> _Item:
    """A fact that an override states weighs as a rule; that nobody stated one stays as it is."""
    if item.evidence.field not in ruled or item.evidence.value is None:
        return item
    weight = WEIGHTS["rule"] if item.evidence.weight else 0
    return replace(item, evidence=replace(item.evidence, kind="rule", weight=weight))


def _seen(facts: WorkloadFacts) -> Iterator[_Item]:
    for evidence in read_signals(facts.behaviour).evidence:
        yield _Item(evidence, _SIGNAL_ALLOWS[evidence.direction])


def _named(facts: WorkloadFacts, label: Label) -> Iterator[_Item]:
    """A name only leans, and only where nothing better decided."""
    if label == "unknown":
        for evidence in name_evidence(facts.name):
            yield _Item(evidence, LABELS)


def _stated(facts: WorkloadFacts, label: Label, thresholds: Thresholds) -> Iterator[_Item]:
    max_wait, deadline = max_wait_s(facts), min_deadline_s(facts)
    if max_wait is not None:
        yield _wait(facts, "max_wait_ms", max_wait, thresholds)
    if deadline is not None:
        yield _wait(facts, "min_deadline_s", deadline, thresholds)
    if facts.user_waiting is not None:
        yield _item(
            facts,
            "user_waiting",
            facts.user_waiting,
            direction="interactive" if facts.user_waiting else "batch",
            sentence=sentences.user_waiting_sentence(facts.user_waiting),
            allows=("interactive",) if facts.user_waiting else ("semi_interactive", "batch"),
        )
    # Independent requests matter only where a batch is in question.
    if facts.sequential or (facts.sequential is False and label in ("batch", "unknown")):
        yield _item(
            facts,
            "sequential",
            facts.sequential,
            direction="semi_interactive" if facts.sequential else "batch",
            sentence=sentences.sequential_sentence(facts.sequential),
            allows=("interactive", "semi_interactive") if facts.sequential else LABELS,
        )
    if facts.trigger is not None and (facts.trigger in _TRIGGER_LEANS or label == "unknown"):
        direction, allows = _TRIGGER_LEANS.get(facts.trigger, ("unknown", LABELS))
        said = sentences.trigger_sentence(facts.trigger)
        yield _item(facts, "trigger", facts.trigger, direction=direction, sentence=said, allows=allows)
    yield from _marks(facts)


def _wait(facts: WorkloadFacts, name: _WaitField, wait: Decimal, thresholds: Thresholds) -> _Item:
    label: Label
    if wait < thresholds.interactive_below_s:
        label, line_s = "interactive", thresholds.interactive_below_s
    elif wait <= thresholds.semi_up_to_s:
        label, line_s = "semi_interactive", thresholds.semi_up_to_s
    elif wait < thresholds.batch_window_s:
        label, line_s = "batch", thresholds.semi_up_to_s
    else:
        label, line_s = "batch", thresholds.batch_window_s
    return _item(
        facts,
        name,
        int(wait * _UNITS_PER_S[name]),
        threshold=line_s * _UNITS_PER_S[name],
        direction=label,
        sentence=sentences.wait_sentence(name, wait, label, thresholds),
        allows=(label,),
    )


def _marks(facts: WorkloadFacts) -> Iterator[_Item]:
    share = batch_eligible_share(facts)
    counted = facts.n_batch_eligible + facts.n_batch_ineligible > 0
    if share is not None and share > 0:
        yield _item(
            facts,
            "n_batch_eligible" if counted else "batch_eligible_share",
            facts.n_batch_eligible if counted else facts.batch_eligible_share,
            direction="batch",
            sentence=sentences.eligible_sentence(facts),
            allows=("batch",),
        )
    if share is not None and share < 1:
        yield _item(
            facts,
            "n_batch_ineligible" if counted else "batch_eligible_share",
            facts.n_batch_ineligible if counted else facts.batch_eligible_share,
            direction="semi_interactive",
            sentence=sentences.ineligible_sentence(facts),
            allows=("interactive", "semi_interactive"),
        )


def _doubts(facts: WorkloadFacts, label: Label, thresholds: Thresholds) -> Iterator[_Item]:
    """What nobody said, or only some calls say, where the label depends on it."""
    wait = wait_s(facts)
    if label == "batch" and wait is None:
        yield _doubt(facts, "max_wait_ms", None, sentences.no_wait_sentence())
    if label == "batch" and wait is not None and wait < thresholds.batch_window_s:
        name: _WaitField = "max_wait_ms" if wait == max_wait_s(facts) else "min_deadline_s"
        said = sentences.deadline_risk_sentence(wait, thresholds)
        value, line = (int(number * _UNITS_PER_S[name]) for number in (wait, thresholds.batch_window_s))
        yield _doubt(facts, name, value, said, line)
    if label in ("semi_interactive", "batch") and facts.user_waiting is None:
        yield _doubt(facts, "user_waiting", None, sentences.user_waiting_sentence(None))
    seen = facts.requests_seen
    if seen is None or label == "interactive":
        return
    marked = facts.n_batch_eligible + facts.n_batch_ineligible
    if 0 < marked < seen and label != "semi_interactive":
        marks = "n_batch_eligible" if facts.n_batch_eligible else "n_batch_ineligible"
        yield _doubt(facts, marks, marked, sentences.partly_marked_sentence(marked, seen), seen)
    if facts.min_deadline_s is not None and facts.n_deadline is not None and facts.n_deadline < seen:
        said = sentences.partly_due_sentence(facts.n_deadline, seen)
        yield _doubt(facts, "n_deadline", facts.n_deadline, said, seen)


def _doubt(
    facts: WorkloadFacts, name: str, value: int | None, sentence: str, threshold: int | None = None
) -> _Item:
    item = _item(facts, name, value, threshold=threshold, direction="unknown", sentence=sentence, allows=())
    return replace(item, evidence=replace(item.evidence, weight=0))


def _item(
    facts: WorkloadFacts,
    name: str,
    value: bool | int | float | str | None,
    *,
    direction: Label,
    sentence: str,
    allows: tuple[Label, ...],
    threshold: int | None = None,
) -> _Item:
    said_by = facts.sources.get(name) or (_LOG if name in _LOG_FIELDS else _DECLARED)
    source = _NOBODY if value is None else said_by
    return _Item(
        Evidence("declared", name, value, threshold, direction, WEIGHTS["declared"], sentence, source), allows
    )
