"""Whether a move is worth its effort: what the policy says it takes against what it saves."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from reports.format import dollars
from reports.model import STAY, WorkloadResult
from triage.sections import Moving

_DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Payback:
    """What a move takes and when it has paid for itself.

    Attributes:
        effort_usd: what the effort costs, dollars.
        days: whole days until the base saving has paid for it, rounded up; None where it never does.
        in_time: whether that is within the time the policy gives.
        in_batches: whether the move is into a batch lane, at least in part.
    """

    moving: Moving
    effort_usd: Decimal
    days: int | None
    in_time: bool
    in_batches: bool


def payback(result: WorkloadResult, moving: Moving) -> Payback | None:
    """What moving a workload takes under a policy; None for one that stays."""
    if result.recommended_lane == STAY:
        return None
    a_day = dollars(result.saving_per_year.base) / _DAYS_A_YEAR
    days = moving.payback_days(a_day)
    return Payback(
        moving=moving,
        effort_usd=moving.effort_usd,
        days=None if days is None else int(days.to_integral_value(ROUND_CEILING)),
        in_time=moving.pays_back(a_day),
        in_batches=any(part.recommended_lane.startswith("batch") for part in result.parts),
    )
