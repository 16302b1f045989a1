"""What a deadline does to a batch: the chance to miss it, what re-runs leave of the saving, when to give up.

The chance is counted over the team's own batches where there are enough, else taken from what
providers publish. Amounts are micro-dollars over the projection window, shares are of 1.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from reports import tables
from reports.assumptions import BATCH_RERUN, FLEX_RERUN, NO_RERUN, TIGHT_BATCH_RERUN, Cases
from reports.model import DeadlineRisk
from triage.durations import seconds_text, share_text
from triage.policy import Policy
from triage.risk import Turnaround, published_turnarounds

MIN_OWN_BATCHES: Final = 20
"""Fewer batches than this say less than what is published: none missed in 20 may still be one in six."""

_ONE: Final = Decimal(1)
_NONE: Final = Decimal(0)


def turnarounds(jobs: pa.Table) -> dict[str, Turnaround]:
    """Provider -> how long its batches take: one's own where there are enough, else the published figures.

    Args:
        jobs: the batch jobs of the log (see `data.batches`).
    """
    return {**published_turnarounds(), **own_turnarounds(jobs)}


def own_turnarounds(jobs: pa.Table) -> dict[str, Turnaround]:
    """The providers of which the log has at least `MIN_OWN_BATCHES` batches with both times.

    A batch is back with its last answer: one with a request that expired never was. What somebody
    cancelled says nothing about the provider and is left out.
    """
    of_provider: dict[str, list[Mapping[str, Any]]] = {}
    for job in tables.rows("batch_times", {"jobs": jobs}):
        if not job["n_cancelled"]:
            of_provider.setdefault(job["provider"], []).append(job)
    return {
        provider: Turnaround.from_samples(
            [None if job["n_expired"] else _seconds(job) for job in found],
            f"your log, {min(job['first_ts'] for job in found):%Y-%m-%d} to "
            f"{max(job['last_ts_end'] for job in found):%Y-%m-%d}",
        )
        for provider, found in of_provider.items()
        if len(found) >= MIN_OWN_BATCHES
    }


def _seconds(job: Mapping[str, Any]) -> int:
    return int((job["last_ts_end"] - job["first_ts"]).total_seconds())


def deadline_risk(
    provider: str,
    deadline_s: int | None,
    turnaround: Turnaround | None,
    policy: Policy,
    sync_run_s: int | None = None,
) -> DeadlineRisk | None:
    """What the deadline of a workload means for a batch; None where nobody stated one.

    A deadline as long as the policy's batch window fits by that policy, unless one's own batches
    say otherwise. A shorter one is held against `deadlines.max_miss_share`.

    Args:
        turnaround: how long the provider's batches take, as far as anybody knows.
        sync_run_s: seconds that today's synchronous run takes; None where the log does not show it.
    """
    if deadline_s is None:
        return None
    known = turnaround if turnaround is not None else Turnaround((), None, "nothing is published", "")
    miss = known.miss(deadline_s)
    terms = policy.deadlines
    at_risk = known.n_samples is not None or deadline_s < policy.thresholds.batch_window_s
    unknown = miss.base is None
    too_risky = at_risk and (
        not terms.allow_unknown_risk if miss.base is None else miss.base > terms.max_miss_share
    )
    left_s = deadline_s - (sync_run_s or 0) - terms.spill_over_margin_s
    return DeadlineRisk(
        deadline_s=deadline_s,
        miss=miss,
        n_batches=known.n_samples,
        basis=f"{known.note}; {known.source}" if known.source else known.note,
        why_not=None
        if not too_risky
        else _unknown_risk(provider, deadline_s)
        if unknown
        else _too_risky(deadline_s, miss.base or _NONE, terms.max_miss_share),
        sync_run_s=sync_run_s,
        cancel_after_s=left_s if left_s > 0 else None,
    )


def _too_risky(deadline_s: int, missed: Decimal, limit: Decimal) -> str:
    return (
        f"P(miss) is {share_text(float(missed))} for its deadline of {seconds_text(deadline_s)}; the policy "
        f"takes at most {share_text(float(limit))}."
    )


def _unknown_risk(provider: str, deadline_s: int) -> str:
    return (
        f"Nobody can say how many batches of {provider} are back within {seconds_text(deadline_s)}: nothing "
        f"is published, and the log has fewer than {MIN_OWN_BATCHES} of its own. The policy takes no "
        "unknown risk."
    )


def rerun_shares(risk: DeadlineRisk | None, *, tight: bool) -> tuple[Cases, Decimal]:
    """The share of requests that runs again by case of the saving, and what of it is billed twice at worst.

    `tight` says that the deadline is shorter than the provider's window. What expires in the batch
    is not billed; what comes back late is, unless it was cancelled in time.
    """
    assumed = TIGHT_BATCH_RERUN if tight else BATCH_RERUN
    if risk is None or risk.miss.base is None:
        return assumed, _NONE
    late = Cases(risk.miss.high, risk.miss.base, risk.miss.low)
    if risk.n_batches is not None:  # what expired is among them
        return late, late.low
    expired = BATCH_RERUN
    both = (max(pair) for pair in zip(late.as_tuple(), expired.as_tuple(), strict=True))
    return Cases(*both), late.low


def rerun_cases(tier: str, risk: DeadlineRisk | None, window_s: int | None) -> tuple[Cases, Decimal]:
    """The share of requests that runs again at today's cost, and what of it is billed twice at worst.

    Args:
        risk: what the deadline means for a batch of that provider; None where nobody stated one.
        window_s: the time the provider gives itself for a batch, as far as it says.
    """
    if tier != "batch":
        return (FLEX_RERUN if tier == "flex" else NO_RERUN), _NONE
    tight = risk is not None and window_s is not None and risk.deadline_s < window_s
    return rerun_shares(risk, tight=tight)


def expected_savings(current: Decimal, lane: Decimal, missed: Decimal) -> tuple[Decimal, Decimal]:
    """What the lane saves when `missed` of the work runs again at today's cost: billed once, billed twice."""
    return (_ONE - missed) * (current - lane), current - lane - missed * current
