"""The policy for one request at a time: which tier to send it to, and by when, for people's own dispatchers.

It is the same policy that judges workloads, and it says "wait" only where that one would: the label
comes from the same rules, and what somebody waits for is never held back. Times are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from triage import sentences
from triage.engine import deciding_rule
from triage.errors import TriageError
from triage.facts import max_wait_s, read_facts
from triage.model import TIERS, Label, Tier, Trigger, WorkloadFacts
from triage.overrides import apply_overrides
from triage.policy import Policy
from triage.risk import Turnaround, published_turnarounds, spill_over_at
from triage.rules import Rule

_EPOCH: Final = datetime(1970, 1, 1)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Request:
    """What a dispatcher knows of a request; None is "nobody said", never "no".

    Attributes:
        workload, tags: what overrides of the policy may match.
        deadline_s: whole seconds from now until the answer is needed.
        user_waiting: whether somebody waits for the answer.
        stream: whether the answer is streamed, which no batch does.
        batch_eligible: the caller's own mark.
        provider: whose published turnaround counts where a deadline is shorter than the batch window.
        model: kept beside the decision, never read for it.
        offered_tiers: tiers the provider sells for the model.
    """

    workload: str = ""
    tags: tuple[str, ...] = ()
    deadline_s: int | None = None
    user_waiting: bool | None = None
    stream: bool | None = None
    batch_eligible: bool | None = None
    trigger: Trigger | None = None
    sequential: bool | None = None
    provider: str | None = None
    model: str | None = None
    offered_tiers: tuple[Tier, ...] = TIERS


@dataclass(frozen=True)
class Decision:
    """Where a request goes.

    Attributes:
        not_before: the moment from which it may be sent; later than now only for off-peak hours.
        flush_by: the moment by which it must be sent; now for what is not held back.
        cancel_by: when to give a late batch up, less the time the synchronous run takes; None
            without a deadline, or where nothing is held back.
        label, rule_id: what the policy says; `streams` and `off-peak` are no rules of the file.
        sentence: why, and where to.
    """

    tier: Tier
    not_before: datetime
    flush_by: datetime
    cancel_by: datetime | None
    label: Label
    rule_id: str
    sentence: str

    @property
    def deferred(self) -> bool:
        """Whether it leaves the synchronous path."""
        return self.tier in ("batch", "offpeak")


def route(
    request: Request,
    policy: Policy,
    now: datetime,
    *,
    turnarounds: Mapping[str, Turnaround] | None = None,
) -> Decision:
    """Decides one request.

    Args:
        now: naive UTC, or aware; the decision's times come back in the same form.
        turnarounds: provider -> how long its batches take; None takes the published figures.

    Raises:
        TriageError: when no synchronous tier is offered, so that there is no way back.
    """
    aware = now.tzinfo is not None
    at = now.astimezone(UTC).replace(tzinfo=None) if aware else now
    decision = decide(request, policy, at, policy.deadlines.flush_every_s, turnarounds=turnarounds)
    if not aware:
        return decision
    times = (decision.not_before, decision.flush_by, decision.cancel_by)
    first, last, cancel = (None if time is None else _back(time, now) for time in times)
    return Decision(
        decision.tier, first or now, last or now, cancel, decision.label, decision.rule_id, decision.sentence
    )


def _back(time: datetime, now: datetime) -> datetime:
    return time.replace(tzinfo=UTC).astimezone(now.tzinfo)


@dataclass(frozen=True)
class Ruled:
    """What the rules say of a request; it holds at every moment, so a replay asks it once a kind."""

    facts: WorkloadFacts
    rule: Rule
    reason: str


def ruled(request: Request, policy: Policy) -> Ruled:
    """The rule that decides a request; raises as `route` does."""
    if "standard" not in request.offered_tiers:
        raise TriageError(
            "There is no way back", "offered_tiers must contain standard, the synchronous tier."
        )
    facts = apply_overrides(_facts(request), policy).facts
    rule = deciding_rule(read_facts(facts), policy)
    return Ruled(facts, rule, sentences.filled(rule.reason, facts, policy.thresholds))


def decide(
    request: Request,
    policy: Policy,
    at: datetime,
    flush_every_s: int,
    known: Ruled | None = None,
    turnarounds: Mapping[str, Turnaround] | None = None,
) -> Decision:
    """`route` in naive UTC, with requests sent together at whole multiples of `flush_every_s` since 1970.

    `known` is what `ruled` says of the request, where that was asked before.
    """
    said = known if known is not None else ruled(request, policy)
    facts, rule, reason = said.facts, said.rule, said.reason
    took = published_turnarounds() if turnarounds is None else turnarounds
    now = _Moment(request, policy, facts, at, flush_every_s, took)
    if request.stream:
        return now.sends("standard", "interactive", "streams", sentences.STREAMS)
    if rule.label == "unknown" and _unstated(facts):
        decision = now.off_peak_batch()
        if decision is not None:
            return decision
    if rule.label == "batch":
        return now.deferred(rule.id, reason)
    if rule.label == "semi_interactive" and now.may("flex", rule.label):
        return now.sends("flex", rule.label, rule.id, sentences.sent(reason, "flex"))
    return now.sends("standard", rule.label, rule.id, sentences.sent(reason, "standard"))


def _facts(request: Request) -> WorkloadFacts:
    marked = request.batch_eligible is not None
    return WorkloadFacts(
        name=request.workload,
        tags=request.tags,
        trigger=request.trigger,
        user_waiting=request.user_waiting,
        # A deadline that has passed is as urgent as one that is now.
        max_wait_ms=None if request.deadline_s is None else max(0, request.deadline_s) * 1_000,
        sequential=request.sequential,
        n_batch_eligible=int(request.batch_eligible is True),
        n_batch_ineligible=int(request.batch_eligible is False),
        requests_seen=1 if marked else None,
    )


def _unstated(facts: WorkloadFacts) -> bool:
    """Whether nothing, not even a mark or a user, hints that the answer is needed soon."""
    return (
        facts.user_waiting is not True
        and facts.max_wait_ms is None
        and facts.trigger != "user"
        and facts.sequential is not True
        and not facts.n_batch_ineligible
    )


@dataclass(frozen=True)
class _Moment:
    """One request at one moment, and the ways it can go."""

    request: Request
    policy: Policy
    facts: WorkloadFacts
    at: datetime
    flush_every_s: int
    turnarounds: Mapping[str, Turnaround]

    def may(self, tier: Tier, label: Label) -> bool:
        return tier in self.policy.admissible_tiers[label] and tier in self.request.offered_tiers

    def sends(self, tier: Tier, label: Label, rule_id: str, sentence: str) -> Decision:
        return Decision(tier, self.at, self.at, None, label, rule_id, sentence)

    def off_peak_batch(self) -> Decision | None:
        """In off-peak hours a policy may defer what nobody stated anything about."""
        hours = self.policy.off_peak
        if hours is None or not hours.defer_unstated or "batch" not in self.request.offered_tiers:
            return None
        closes = hours.closes(self.at)
        if closes is None:
            return None
        said = sentences.off_peak_sentence(hours.from_, hours.to, hours.time_zone)
        return Decision("batch", self.at, min(self._next_flush(), closes), None, "unknown", "off-peak", said)

    def deferred(self, rule_id: str, reason: str) -> Decision:
        """A request that may wait: the batch where its deadline allows, else the next best."""
        wait = max_wait_s(self.facts)
        due = None if wait is None else self.at + timedelta(milliseconds=self.facts.max_wait_ms or 0)
        margin_s = self.policy.deadlines.spill_over_margin_s
        cancel_by = None if due is None else max(self.at, spill_over_at(due, 0, margin_s))
        if self.may("batch", "batch"):
            flush_by = self._next_flush()
            latest = None if due is None else due - timedelta(seconds=self.policy.thresholds.batch_window_s)
            if latest is not None:
                flush_by = min(flush_by, max(latest, self.at))
            fits = latest is not None and latest >= self.at and not self._measured()
            if latest is None or fits or self._worth_the_risk(due):
                said = sentences.sent(reason, "batch")
                return Decision("batch", self.at, flush_by, cancel_by, "batch", rule_id, said)
            reason = f"{reason} {sentences.TOO_RISKY}"
        elif self.may("offpeak", "batch") and self.policy.off_peak is not None:
            opens = self.policy.off_peak.next_open(self.at)
            closes = self.policy.off_peak.closes(opens)
            if closes is not None and (cancel_by is None or opens <= cancel_by):
                last = closes if cancel_by is None else min(closes, cancel_by)
                said = sentences.sent(reason, "offpeak")
                return Decision("offpeak", opens, last, cancel_by, "batch", rule_id, said)
        tier: Tier = "flex" if self.may("flex", "batch") else "standard"
        return self.sends(tier, "batch", rule_id, sentences.sent(reason, tier))

    def _measured(self) -> bool:
        """Whether one's own batches say how long they take; what a provider promises counts no more then."""
        turnaround = self.turnarounds.get(self.request.provider or "")
        return turnaround is not None and turnaround.n_samples is not None

    def _worth_the_risk(self, due: datetime | None) -> bool:
        """Whether the chance to miss the deadline is one the policy takes."""
        turnaround = self.turnarounds.get(self.request.provider or "")
        missed = None
        if turnaround is not None and due is not None:
            missed = turnaround.miss((due - self.at) // _SECOND).base
        if missed is None:
            return self.policy.deadlines.allow_unknown_risk
        return missed <= self.policy.deadlines.max_miss_share

    def _next_flush(self) -> datetime:
        every = timedelta(seconds=self.flush_every_s)
        return _EPOCH - ((_EPOCH - self.at) // every) * every
