"""What the log suggests and a person confirms or refuses: many workloads at once, as one declaration each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import localcontext
from typing import Final

from data.declared import MAX_WAIT_MS_LIMIT, Declared
from data.store import Workspace
from reports.analysis import PRECISION, analyse
from reports.look import Inputs, Look
from reports.model import NOTHING, Analysis, Range
from triage.engine import judge
from triage.model import Evidence, Label, Verdict, WorkloadFacts
from triage.policy import Policy

CONFIRMED: Final = "confirmed from behaviour"
REFUSED: Final = "refused what behaviour suggests: somebody waits"
_DOCUMENT: Final = "declarations"
_LINE: Final = re.compile(r"\s*\(line: [^)]*\)(?=\.$)")
_SIGNALS_SHOWN: Final = 3
_NAMES_NOTED: Final = 20
_MS: Final = 1_000
_REFUSAL: Final[Mapping[str, bool | int]] = {"user_waiting": True}


@dataclass(frozen=True)
class Suggestion:
    """One workload whose log suggests a label that nobody has confirmed.

    Attributes:
        confidence: 0 to 1, how often such a suggestion was right on labelled workloads.
        evidence: the heaviest signals for it in one line, and what speaks against it.
        confirming: the declared facts that confirm it; None where a press cannot, because what is known
            beside it says otherwise.
        saving: a year, if it is confirmed, less what it saves today.
    """

    workload: str
    label: Label
    confidence: float
    evidence: str
    question: str
    confirming: Mapping[str, bool | int] | None
    saving: Range
    lane: str


@dataclass(frozen=True)
class Press:
    """The last press that confirmed or refused suggestions and still holds."""

    seq: int
    at_utc: datetime
    author: str
    note: str


def suggestions(inputs: Inputs, analysis: Analysis) -> tuple[Suggestion, ...]:
    """Every workload with a suggestion, the largest saving first; `analysis` is that of `inputs`."""
    listed = [result for result in analysis.workloads if result.verdict.suggested is not None]
    if not listed:
        return ()
    facts = Look(inputs).ground.facts
    answers = {
        result.workload: _confirming(facts[result.workload], result.verdict, inputs.policy)
        for result in listed
    }
    then = analyse(replace(inputs, declared=_declared(inputs.declared, answers)))
    found = []
    for result in listed:
        after = then.workload(result.workload)
        confirming = answers[result.workload]
        verdict = result.verdict
        found.append(
            Suggestion(
                workload=result.workload,
                label=verdict.suggested or verdict.label,
                confidence=verdict.suggested_confidence,
                evidence=one_line(verdict),
                question=verdict.question or "",
                confirming=confirming,
                saving=NOTHING
                if confirming is None
                else _gain(result.saving_per_year, after.saving_per_year),
                lane=after.recommended_lane,
            )
        )
    return tuple(sorted(found, key=lambda item: (-item.saving.base, item.workload)))


class Confirming:
    """Confirms and refuses suggestions of a workspace; each press is one version that can be taken back."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def confirm(self, chosen: Sequence[Suggestion], *, author: str) -> int:
        """Declares for each what confirms it; returns for how many a press can."""
        facts = {item.workload: item.confirming for item in chosen if item.confirming is not None}
        return self._declare(facts, author, CONFIRMED)

    def refuse(self, workloads: Sequence[str], *, author: str) -> int:
        """Declares of each that somebody waits, so that it is interactive and not asked about again."""
        return self._declare(dict.fromkeys(workloads, _REFUSAL), author, REFUSED)

    def _declare(self, facts: Mapping[str, Mapping[str, bool | int]], author: str, what: str) -> int:
        if facts:
            names = list(facts)
            more = f" and {len(names) - _NAMES_NOTED} more" if len(names) > _NAMES_NOTED else ""
            note = f"{what}: {', '.join(names[:_NAMES_NOTED])}{more}"
            self._workspace.declare_many(facts, author=author, note=note, by=f"{author}, {what}")
        return len(facts)

    def last(self) -> Press | None:
        """The last declaration, where it is such a press; None when anybody declared something since."""
        document = self._workspace.document(_DOCUMENT)
        history = document.history()
        if not history or not history[-1].note.startswith((f"{CONFIRMED}: ", f"{REFUSED}: ")):
            return None
        newest = history[-1]
        return Press(newest.seq, newest.at_utc, newest.author, newest.note)

    def undo(self, press: Press, *, author: str) -> bool:
        """Takes a press back; False when anybody declared something since."""
        last = self.last()
        return (
            last is not None
            and last.seq == press.seq
            and self._workspace.document(_DOCUMENT).undo(author=author)
        )


def _confirming(facts: WorkloadFacts, verdict: Verdict, policy: Policy) -> Mapping[str, bool | int] | None:
    """The answer to the suggestion's question that leads to its label, tried on the workload itself."""
    lines = policy.thresholds
    answers: dict[Label, Mapping[str, bool | int]] = {
        "batch": {"max_wait_ms": lines.batch_window_s * _MS},
        "semi_interactive": {"max_wait_ms": lines.semi_up_to_s * _MS},
        "interactive": _REFUSAL,
    }
    answer = answers.get(verdict.suggested or "unknown")
    if answer is None or answer.get("max_wait_ms", 1) > MAX_WAIT_MS_LIMIT:
        return None
    confirmed = judge(replace(facts, **answer), policy)  # type: ignore[arg-type]
    return answer if confirmed.label == verdict.suggested else None


def _declared(
    known: Iterable[Declared], answers: Mapping[str, Mapping[str, bool | int] | None]
) -> tuple[Declared, ...]:
    """The declarations as they would be once everything is confirmed."""
    by_name = {item.name: item for item in known}
    for name, answer in answers.items():
        if answer is not None:
            by_name[name] = replace(by_name.get(name, Declared(name)), **answer)  # type: ignore[arg-type]
    return tuple(by_name[name] for name in sorted(by_name))


def _gain(before: Range, after: Range) -> Range:
    with localcontext() as context:
        context.prec = PRECISION
        return Range(after.low - before.low, after.base - before.base, after.high - before.high)


def one_line(verdict: Verdict) -> str:
    """The heaviest signals for the suggestion, then everything known that points elsewhere or raises doubt.

    An unknown verdict's own sides are for and against staying, so both are read for what they point to.
    """
    agreeing = ("interactive",) if verdict.suggested == "interactive" else ("batch", "semi_interactive")
    known = [item for item in (*verdict.evidence, *verdict.counter_evidence) if item.value is not None]
    signals = [item for item in known if item.kind == "behaviour" and item.direction in agreeing]
    signals.sort(key=lambda item: -item.weight)
    said = " ".join(_short(item) for item in signals[:_SIGNALS_SHOWN]) or verdict.sentence
    against = " ".join(_short(item) for item in known if item.direction not in agreeing)
    return f"{said} Against it: {against}" if against else said


def _short(item: Evidence) -> str:
    """A signal's sentence without the line it is held against."""
    return _LINE.sub("", item.sentence)
