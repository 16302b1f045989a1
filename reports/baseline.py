"""Freezing how a part runs at the moment somebody claims its move."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from pricing.extract import PriceExtract
from reports import tables
from reports.analysis import analyse
from reports.ledger_model import Amounts, Baseline, Key
from reports.look import Inputs, Look
from reports.model import Analysis, Part, Range
from reports.verification import LedgerError, tier_counts, token_sums

_HOUR: Final = timedelta(hours=1)
_MICRO: Final = Decimal(1)


def freeze(
    key: Key, inputs: Callable[[datetime | None], Inputs], moved_on: datetime | None, now: datetime
) -> Baseline:
    """The baseline of a recommendation as of `now`, or as it was known when the calls moved.

    LedgerError when the analysis proposes no such move.
    """
    given = inputs(None) if moved_on is None else known_before(inputs, moved_on)
    measured_from = _next_hour(moved_on if moved_on is not None else now)
    look = Look(given)
    analysis = analyse(given)
    part = _proposed(analysis, key)
    if part is None or part.current_micro_usd is None or part.year_factor is None:
        when = "" if moved_on is None else f" from the calls before {moved_on:%Y-%m-%d %H:%M} UTC"
        raise LedgerError(
            "Nothing to claim",
            f"The analysis{when} proposes no {key.lane} for {key.workload} on {key.model}. "
            "Reload: prices, facts or the log have changed since it did.",
        )
    (row,) = [
        row
        for row in look.ground.projected_tokens
        if (row["workload"], row["provider"], row["model"]) == key.part
    ]
    basis = look.ground.bases[key.part]
    verdict = look.ground.verdicts[key.workload]
    return Baseline(
        priced_at=given.as_of,
        measured_from=measured_from,
        first_hour_utc=basis.since,
        last_hour_utc=look.ground.log["last_hour"] if basis.since is not None else None,
        hours=basis.hours,
        n_requests=int(row["n_requests"]),
        n_failed=int(row["n_failed"]),
        tokens=token_sums(row),
        lane=part.current_lane,
        tiers=tier_counts(row),
        cost_micro_usd=part.current_micro_usd,
        saving=Amounts.of(_rounded(part.saving_per_year, part.year_factor)),
        expected_per_year=Amounts.of(_rounded(part.saving_per_year, Decimal(1))),
        effort_usd=given.policy.moving.effort_usd,
        label=verdict.label,
        policy_version=given.policy.version,
        price_version=given.prices.version,
        prices=PriceExtract.of(given.prices, [(key.provider, key.model)]),
    )


def known_before(inputs: Callable[[datetime | None], Inputs], moment: datetime) -> Inputs:
    """What an analysis rests on, without the calls from a moment (naive UTC) on, at its day's prices."""
    given = inputs(datetime.combine(moment.date(), time.min))
    return replace(given, cube=tables.arrow("cube_before", {"cube": given.cube}, until=_next_hour(moment)))


def _proposed(analysis: Analysis, key: Key) -> Part | None:
    for result in analysis.workloads:
        for part in result.parts:
            if (part.workload, part.provider, part.model) == key.part and part.recommended_lane == key.lane:
                return part
    return None


def _rounded(saving: Range, factor: Decimal) -> Range:
    """A saving a year over `factor`, in whole micro-dollars."""
    low, base, high = (
        (amount / factor).quantize(_MICRO, ROUND_HALF_EVEN)
        for amount in (saving.low, saving.base, saving.high)
    )
    return Range(low, base, high)


def _next_hour(at: datetime) -> datetime:
    """The first whole hour at or after an instant: an hour of the cube is before it or after it."""
    floor = at.replace(minute=0, second=0, microsecond=0)
    return floor if floor == at else floor + _HOUR
