"""The facts that rules may ask about: each has one name, one meaning and one way of reading it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from triage.model import TRIGGERS, WorkloadFacts
from triage.signals import LEANS, read_signals

FactKind = Literal["yes_no", "word", "number"]
FactValue = bool | str | Decimal
Known = dict[str, FactValue | None]


@dataclass(frozen=True)
class Fact:
    """One thing a rule may ask about.

    Attributes:
        words: the values a `word` fact may take.
        high: the largest value a `number` fact can take (none is below 0); None is no limit.
    """

    name: str
    kind: FactKind
    read: Callable[[WorkloadFacts], FactValue | None]
    words: tuple[str, ...] = ()
    high: Decimal | None = None


def max_wait_s(facts: WorkloadFacts) -> Decimal | None:
    """The declared longest acceptable wait, in seconds."""
    return None if facts.max_wait_ms is None else Decimal(facts.max_wait_ms) / 1_000


def min_deadline_s(facts: WorkloadFacts) -> Decimal | None:
    """The shortest deadline any call carries in the log, in seconds."""
    return None if facts.min_deadline_s is None else Decimal(facts.min_deadline_s)


def wait_s(facts: WorkloadFacts) -> Decimal | None:
    """The shorter of declared wait and logged deadline, in seconds: a lane has to meet both."""
    stated = [value for value in (max_wait_s(facts), min_deadline_s(facts)) if value is not None]
    return min(stated) if stated else None


def batch_eligible_share(facts: WorkloadFacts) -> Decimal | None:
    """Calls marked eligible for batch, as a share of the calls marked either way."""
    marked = facts.n_batch_eligible + facts.n_batch_ineligible
    if marked:
        return Decimal(facts.n_batch_eligible) / marked
    return None if facts.batch_eligible_share is None else Decimal(str(facts.batch_eligible_share))


def batch_marked_share(facts: WorkloadFacts) -> Decimal | None:
    """Calls that carry a batch mark either way, as a share of all calls seen."""
    marked = facts.n_batch_eligible + facts.n_batch_ineligible
    return _share_of_seen(marked, facts) if marked else None


def deadline_share(facts: WorkloadFacts) -> Decimal | None:
    """Calls that carry a deadline, as a share of all calls seen."""
    if facts.min_deadline_s is None or facts.n_deadline is None:
        return None
    return _share_of_seen(facts.n_deadline, facts)


def _share_of_seen(count: int, facts: WorkloadFacts) -> Decimal | None:
    return Decimal(count) / facts.requests_seen if facts.requests_seen else None


_ONE: Final = Decimal(1)

FACTS: Final[dict[str, Fact]] = {
    fact.name: fact
    for fact in (
        Fact("user_waiting", "yes_no", lambda facts: facts.user_waiting),
        Fact("sequential", "yes_no", lambda facts: facts.sequential),
        Fact("trigger", "word", lambda facts: facts.trigger, words=TRIGGERS),
        Fact("wait_s", "number", wait_s),
        Fact("max_wait_s", "number", max_wait_s),
        Fact("min_deadline_s", "number", min_deadline_s),
        Fact("deadline_share", "number", deadline_share, high=_ONE),
        Fact("batch_eligible_share", "number", batch_eligible_share, high=_ONE),
        Fact("batch_marked_share", "number", batch_marked_share, high=_ONE),
        Fact("requests_per_day", "number", lambda facts: facts.requests_per_day),
        Fact("behaviour", "word", lambda facts: read_signals(facts.behaviour).lean, words=LEANS),
    )
}
"""Name -> fact; a rule that names any other fact is refused."""


def read_facts(facts: WorkloadFacts) -> Known:
    """Reads every fact once; None where nobody said."""
    return {name: fact.read(facts) for name, fact in FACTS.items()}
