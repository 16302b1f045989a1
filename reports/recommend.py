"""The recommended lane of one part: the cheapest admissible one in the base case, or stay.

Triage decides which tiers are allowed, the price table what each lane costs, the assumptions what
a move risks. "Stay" is a valid and frequent answer: a batch without the warm cache can cost more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.assumptions import Cases
from reports.format import lane_title
from reports.model import NOTHING, STAY, LaneCost, Range
from triage.durations import share_text

TIER_OF_LANE: Final[Mapping[str, str]] = {
    "sync": "standard",
    "sync+cache": "standard",
    "batch": "batch",
    "batch+cache": "batch",
    "flex": "flex",
    "flex+cache": "flex",
    "priority": "priority",
    "offpeak": "offpeak",
}

LANE_OF_TIER: Final[Mapping[str, str]] = {
    "standard": "sync",
    "batch": "batch",
    "flex": "flex",
    "priority": "priority",
    "ultrafast": "ultrafast",
    "offpeak": "offpeak",
}
"""The lane of a tier without caching; `+cache` is added where the traffic uses the cache. `ultrafast` is no
lane to move to, six times the price saves nobody anything, but traffic can be in it."""

SIMPLEST_FIRST: Final = (
    "sync",
    "sync+cache",
    "flex",
    "flex+cache",
    "batch",
    "batch+cache",
    "offpeak",
    "priority",
)
"""Ties go to the lane that asks least of the team: a flag before a file."""

_NO_OTHER: Final = "No other lane is both allowed and offered for this model."


@dataclass(frozen=True)
class Choice:
    """The recommended lane (or `stay`), what it saves over the projection window, and why."""

    lane: str
    saving: Range
    because: str


def current_lane(tier_counts: Mapping[str, int], caching: bool) -> str:
    """The lane the traffic is in today; `mixed` when no tier carries 95 % of the requests."""
    total = sum(tier_counts.values())
    if not total:
        return "sync+cache" if caching else "sync"
    tier, most = max(tier_counts.items(), key=lambda item: item[1])
    if most * 100 < total * 95:
        return "mixed"
    lane = LANE_OF_TIER[tier]
    return f"{lane}+cache" if caching and f"{lane}+cache" in TIER_OF_LANE else lane


def current_tier(lane: str) -> str | None:
    """The tier of a lane that traffic is in; None for mixed traffic."""
    return TIER_OF_LANE.get(lane, lane if lane in LANE_OF_TIER else None)


def with_reruns(cost: Range, current: Decimal, cases: Cases, billed_twice: Decimal = Decimal(0)) -> Range:
    """Lane costs with a share of the requests done at today's cost instead, unbilled in the lane.

    `cost` is ordered as costs (low is the optimistic case); so is the result. In the pessimistic
    case the share `billed_twice` is billed in the lane as well.
    """
    optimistic, base, pessimistic = (
        (1 - share) * lane + share * current
        for lane, share in ((cost.low, cases.high), (cost.base, cases.base), (cost.high, cases.low))
    )
    low, middle, high = sorted((optimistic, base, pessimistic + billed_twice * cost.high))
    return Range(low, middle, high)


def saving(baseline: Range, cost: Range) -> Range:
    """Baseline minus cost by case; both are costs, the result is ordered as savings."""
    low, base, high = sorted((baseline.low - cost.high, baseline.base - cost.base, baseline.high - cost.low))
    return Range(low, base, high)


def choose(
    lanes: Sequence[LaneCost], *, current: str, baseline: Range | None, stay_why: str | None
) -> Choice:
    """The cheapest admissible lane in the base case, against `baseline` (today's cost as costs).

    `stay_why` is a reason to stay that comes before money (nothing is known; too little volume).
    """
    if baseline is None:
        return Choice(STAY, NOTHING, "Today's cost is unknown, so no lane can be compared with it.")
    if stay_why is not None:
        return Choice(STAY, NOTHING, stay_why)
    offered = [
        lane for lane in lanes if lane.admissible and lane.projected is not None and lane.lane != current
    ]
    if not offered:
        return Choice(STAY, NOTHING, _too_risky(lanes, baseline) or _NO_OTHER)
    best = min(offered, key=lambda lane: (_base(lane), SIMPLEST_FIRST.index(lane.lane)))
    gain = baseline.base - _base(best)
    if gain <= 0:
        return Choice(STAY, NOTHING, _too_risky(lanes, baseline) or _why_stay(lanes, current, best))
    assert best.projected is not None  # noqa: S101 - filtered above
    return Choice(
        best.lane,
        saving(baseline, best.projected),
        f"{lane_title(best.lane)} is the cheapest lane that meets its SLA{_despite(best)}.",
    )


def _despite(lane: LaneCost) -> str:
    """That the deadline is missed now and then, where it is."""
    missed = lane.risk.miss.base if lane.risk is not None else None
    return f", even with {share_text(float(missed))} of the answers late and run again" if missed else ""


def _too_risky(lanes: Sequence[LaneCost], baseline: Range) -> str | None:
    """That a lane would save, were it not for the deadline; None where none would."""
    return next(
        (
            f"It stays: {lane_title(lane.lane).lower()} would cost less, but its deadline is at risk. "
            f"{lane.risk.why_not}"
            for lane in lanes
            if lane.risk is not None and lane.risk.why_not == lane.why_not is not None
            if lane.projected is not None and lane.projected.base < baseline.base
        ),
        None,
    )


def _base(lane: LaneCost) -> Decimal:
    if lane.projected is None:
        raise ValueError(f"{lane.lane} has no projected cost")
    return lane.projected.base


def _why_stay(lanes: Sequence[LaneCost], current: str, best: LaneCost) -> str:
    batch = next(
        (lane for lane in lanes if lane.lane == "batch" and lane.admissible and lane.projected), None
    )
    if current.endswith("+cache") and batch is not None:
        return (
            "It stays: its warm cache makes today's lane cheaper than "
            f"{lane_title(best.lane).lower()}, the cheapest other lane that is allowed."
        )
    at_risk = any(lane.risk is not None and lane.why_not == lane.risk.why_not is not None for lane in lanes)
    if current.endswith("+cache") and at_risk:
        return "It stays: its warm cache is cheaper than a batch, which its deadline rules out besides."
    return (
        f"It stays: {lane_title(best.lane).lower()}, the cheapest other lane that is allowed, "
        "would not cost less."
    )
