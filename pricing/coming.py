"""The prices of the year to come: what is announced, dated, and known to change on a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pricing.lanes import LaneRate, lane_rates
from pricing.table import PriceTable

HOURS_A_YEAR: Final = 8760
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class PricePeriod:
    """A stretch of the coming year in which no rate of a model changes: its start, naive UTC, and hours."""

    start: datetime
    hours: int


@dataclass(frozen=True)
class PriceChange:
    """One announced change of a model: from when on, in which lane, and input and output around it.

    USD per million tokens; None where there is no price. The lane is the first that changes.
    """

    provider: str
    model: str
    at: datetime
    lane: str
    input_before: Decimal | None
    input_after: Decimal | None
    output_before: Decimal | None
    output_after: Decimal | None


def coming_periods(prices: PriceTable, provider: str, model: str, as_of: datetime) -> tuple[PricePeriod, ...]:
    """The 8,760 hours from `as_of` on, cut where a rate of the model changes; one period for most models."""
    starts = [start for start, _ in _stages(prices, provider, model, as_of)]
    ends = [*starts[1:], starts[0] + HOURS_A_YEAR * _HOUR]
    return tuple(
        PricePeriod(start, int((end - start) / _HOUR)) for start, end in zip(starts, ends, strict=True)
    )


def coming_changes(prices: PriceTable, provider: str, model: str, as_of: datetime) -> tuple[PriceChange, ...]:
    """What changes in those hours, oldest first; empty for most models."""
    stages = _stages(prices, provider, model, as_of)
    return tuple(_change(provider, model, at, before, after) for (_, before), (at, after) in pairwise(stages))


_Stage = dict[tuple[str, str, int], LaneRate]
"""The rates in force at an instant by lane, tier and band."""


def _stages(prices: PriceTable, provider: str, model: str, as_of: datetime) -> list[tuple[datetime, _Stage]]:
    first = as_of.replace(minute=0, second=0, microsecond=0)
    last = first + HOURS_A_YEAR * _HOUR
    rates = lane_rates(prices, [(provider, model)])
    cuts = {at for rate in rates for at in (rate.valid_from, rate.valid_to) if at is not None}
    stages: list[tuple[datetime, _Stage]] = []
    for start in sorted({first, *(at for at in cuts if first < at < last)}):
        stage = {
            (rate.lane, rate.tier, rate.min_prompt_tokens): rate for rate in rates if _holds(rate, start)
        }
        if not stages or _figures(stage) != _figures(stages[-1][1]):
            stages.append((start, stage))
    return stages


def _holds(rate: LaneRate, at: datetime) -> bool:
    return (rate.valid_from is None or rate.valid_from <= at) and (
        rate.valid_to is None or at < rate.valid_to
    )


def _figures(stage: _Stage) -> dict[tuple[str, str, int], tuple[object, ...]]:
    return {place: _figure(rate) for place, rate in stage.items()}


def _figure(rate: LaneRate) -> tuple[object, ...]:
    return (
        rate.max_prompt_tokens,
        rate.input_usd_per_mtok,
        rate.cache_read_usd_per_mtok,
        rate.cache_write_usd_per_mtok,
        rate.cache_write_long_usd_per_mtok,
        rate.output_usd_per_mtok,
        rate.reason,
        rate.cache_reason,
    )


def _change(provider: str, model: str, at: datetime, before: _Stage, after: _Stage) -> PriceChange:
    changed = next(
        place
        for place in [*before, *after]
        if place not in before or place not in after or _figure(before[place]) != _figure(after[place])
    )
    old, new = before.get(changed), after.get(changed)
    return PriceChange(
        provider,
        model,
        at,
        changed[0],
        old.input_usd_per_mtok if old else None,
        new.input_usd_per_mtok if new else None,
        old.output_usd_per_mtok if old else None,
        new.output_usd_per_mtok if new else None,
    )
