"""What the answers that an owner could give would change: the label, the lane and the saving of each.

Each supposed answer is judged and priced like a declared one, by the same rules and the same prices;
nothing is recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from reports.analysis import PRECISION
from reports.look import Inputs, Look
from reports.model import NOTHING, STAY, Part, Range
from reports.parts import Priced, workload_parts
from triage.engine import judge
from triage.model import Label, WorkloadFacts

SUPPOSED_WAITS_S: Final = (600, 28_800, 86_400, 129_600)
"""10 minutes, a night, a day, a day and a half: one on each side of the lines of the policies."""


@dataclass(frozen=True)
class Answer:
    """One supposed answer and what would follow.

    Attributes:
        max_wait_s: how long it may take by that answer; None is "somebody waits".
        lane: recommended then; `stay` where it would not move.
        saving_per_year: zero where it would stay.
        because: why that lane.
        changes: whether label or lane differ from today's.
    """

    max_wait_s: int | None
    label: Label
    lane: str
    saving_per_year: Range
    because: str
    changes: bool


class Answers:
    """The supposed answers of one workspace; the traffic is priced once for all of them."""

    def __init__(self, inputs: Inputs) -> None:
        self._look = Look(inputs)
        with localcontext() as context:
            context.prec = PRECISION
            self._priced = Priced.of(self._look)

    def of(self, workload: str) -> tuple[Answer, ...]:
        """What each answer would make of a workload; nothing for one that nobody knows."""
        facts = self._look.ground.facts.get(workload)
        if facts is None:
            return ()
        with localcontext() as context:
            context.prec = PRECISION
            today = self._look.ground.verdicts[workload]
            now = (today.label, _lanes(workload_parts(self._look, self._priced, workload, facts, today)))
            return tuple(self._answer(workload, facts, wait, now) for wait in (None, *SUPPOSED_WAITS_S))

    def _answer(
        self, workload: str, facts: WorkloadFacts, wait_s: int | None, now: tuple[Label, frozenset[str]]
    ) -> Answer:
        supposed = replace(
            facts,
            user_waiting=wait_s is None,
            max_wait_ms=None if wait_s is None else wait_s * 1_000,
        )
        verdict = judge(supposed, self._look.inputs.policy)
        parts = workload_parts(self._look, self._priced, workload, supposed, verdict)
        moving = [part for part in parts if part.recommended_lane != STAY]
        lanes = _lanes(parts)
        return Answer(
            max_wait_s=wait_s,
            label=verdict.label,
            lane="mixed" if len(lanes) > 1 else next(iter(lanes), STAY),
            saving_per_year=sum((part.saving_per_year for part in moving), NOTHING),
            because=(moving[0] if moving else parts[0]).because if parts else "",
            changes=(verdict.label, lanes) != now,
        )


def _lanes(parts: Iterable[Part]) -> frozenset[str]:
    return frozenset(part.recommended_lane for part in parts if part.recommended_lane != STAY)


def best(answers: Iterable[Answer], saving_today: Decimal) -> Answer | None:
    """The answer that saves most more than today, the shortest wait among equals; None where none does."""
    found = [answer for answer in answers if answer.saving_per_year.base > saving_today]
    return min(found, key=lambda item: (-item.saving_per_year.base, item.max_wait_s or 0), default=None)
