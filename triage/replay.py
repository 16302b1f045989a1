"""What a policy would have done to a log: what it defers, when it sends it, and which deadlines it risks.

Counts are whole, waits are whole milliseconds and expected misses are Decimals, so a replay is exact.
What it would have saved is for whoever knows prices: `n_by_lane` has the counts to price.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from triage.model import Tier
from triage.policy import Policy
from triage.risk import Turnaround, published_turnarounds
from triage.route import Decision, Request, Ruled, decide, ruled

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Call:
    """`n` equal calls as they were made; the `deadline_s` of each counts from `at_utc` (naive)."""

    at_utc: datetime
    request: Request
    n: int = 1


@dataclass(frozen=True, order=True)
class LaneKey:
    """What calls are counted by."""

    workload: str
    provider: str
    model: str
    tier: Tier


@dataclass(frozen=True)
class Replay:
    """What would have happened.

    Attributes:
        n_calls, n_deferred: all calls, and those sent in a batch or in off-peak hours.
        n_by_lane: calls by workload, provider, model and the tier they would have been sent to.
        n_by_rule: calls by the rule that decided.
        n_flushes: times at which something is sent off, by provider and model.
        n_small_flushes: those of them with fewer requests than the policy's minimum for a batch.
        held_ms_total, held_ms_p50, held_ms_p90, held_ms_max: how long deferred calls wait before
            they are sent; None for the quantiles without any. The batch itself comes on top.
        n_held_shorter, n_held_p50: deferred calls that wait shorter than the middle one, and as long.
        n_with_deadline: deferred calls that have a deadline.
        missed_low, missed_base, missed_high: answers expected after their deadline; the base counts
            only calls whose provider's turnaround is known well enough.
        n_unknown_risk: deferred calls with a deadline that the base leaves out.
        missed_by_provider: the base, by provider.
    """

    n_calls: int
    n_deferred: int
    n_by_lane: Mapping[LaneKey, int]
    n_by_rule: Mapping[str, int]
    n_flushes: int
    n_small_flushes: int
    held_ms_total: int
    held_ms_p50: int | None
    held_ms_p90: int | None
    held_ms_max: int | None
    n_held_shorter: int
    n_held_p50: int
    n_with_deadline: int
    missed_low: Decimal
    missed_base: Decimal
    missed_high: Decimal
    n_unknown_risk: int
    missed_by_provider: Mapping[str, Decimal]


def replay(
    calls: Iterable[Call],
    policy: Policy,
    *,
    flush_every_s: int | None = None,
    turnarounds: Mapping[str, Turnaround] | None = None,
) -> Replay:
    """Routes every call at its own time, in any order.

    Args:
        flush_every_s: the interval to try; None takes the policy's.
        turnarounds: provider -> how long its batches take; None takes the published figures.
    """
    took = published_turnarounds() if turnarounds is None else turnarounds
    counted = _Counted(policy.thresholds.min_requests_per_batch, took)
    every = policy.deadlines.flush_every_s if flush_every_s is None else flush_every_s
    known: dict[Request, Ruled] = {}
    for call in calls:
        said = known.get(call.request)
        if said is None:
            said = known[call.request] = ruled(call.request, policy)
        counted.add(call, decide(call.request, policy, call.at_utc, every, said, took))
    return counted.result()


class _Counted:
    """Running counts; nothing of it grows with the calls but with distinct waits and flushes."""

    def __init__(self, minimum: int, turnarounds: Mapping[str, Turnaround]) -> None:
        self._minimum = minimum
        self._turnarounds = turnarounds
        self._lanes: Counter[LaneKey] = Counter()
        self._rules: Counter[str] = Counter()
        self._flushes: Counter[tuple[str, str, datetime]] = Counter()
        self._held_ms: Counter[int] = Counter()
        self._n_with_deadline = 0
        self._n_unknown_risk = 0
        self._missed = [Decimal(0), Decimal(0), Decimal(0)]
        self._missed_by: dict[str, Decimal] = {}

    def add(self, call: Call, decision: Decision) -> None:
        request = call.request
        provider, model = request.provider or "", request.model or ""
        self._lanes[LaneKey(request.workload, provider, model, decision.tier)] += call.n
        self._rules[decision.rule_id] += call.n
        if not decision.deferred:
            return
        # Off-peak hours need no collecting: the request goes as soon as they open.
        sent = decision.not_before if decision.tier == "offpeak" else decision.flush_by
        self._held_ms[(sent - call.at_utc) // _MILLISECOND] += call.n
        if decision.tier == "batch":
            self._flushes[provider, model, sent] += call.n
            if request.deadline_s is not None:
                left_s = (call.at_utc + timedelta(seconds=request.deadline_s) - sent) // timedelta(seconds=1)
                self._risk(provider, left_s, call.n)

    def _risk(self, provider: str, left_s: int, n: int) -> None:
        self._n_with_deadline += n
        turnaround = self._turnarounds.get(provider, _NOTHING_KNOWN)
        miss = turnaround.miss(left_s)
        self._n_unknown_risk += n if miss.base is None else 0
        for index, share in enumerate((miss.low, miss.base or Decimal(0), miss.high)):
            self._missed[index] += share * n
        if miss.base is not None:
            self._missed_by[provider] = self._missed_by.get(provider, Decimal(0)) + miss.base * n

    def result(self) -> Replay:
        waits = sorted(self._held_ms.items())
        low, base, high = self._missed
        middle = self._quantile(50)
        return Replay(
            n_calls=self._lanes.total(),
            n_deferred=self._held_ms.total(),
            n_by_lane=dict(sorted(self._lanes.items())),
            n_by_rule=dict(sorted(self._rules.items())),
            n_flushes=len(self._flushes),
            n_small_flushes=sum(n < self._minimum for n in self._flushes.values()),
            held_ms_total=sum(held * n for held, n in waits),
            held_ms_p50=middle,
            held_ms_p90=self._quantile(90),
            held_ms_max=waits[-1][0] if waits else None,
            n_held_shorter=sum(n for held, n in waits if middle is not None and held < middle),
            n_held_p50=sum(n for held, n in waits if held == middle),
            n_with_deadline=self._n_with_deadline,
            missed_low=low,
            missed_base=base,
            missed_high=high,
            n_unknown_risk=self._n_unknown_risk,
            missed_by_provider=dict(sorted(self._missed_by.items())),
        )

    def _quantile(self, percent: int) -> int | None:
        """The smallest wait that at least `percent` of the deferred calls do not exceed."""
        total, seen = self._held_ms.total(), 0
        for held, n in sorted(self._held_ms.items()):
            seen += n
            if seen * 100 >= total * percent:
                return held
        return None


_NOTHING_KNOWN: Final = Turnaround((), None, "nothing is known", "nobody")
