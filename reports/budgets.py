"""What a budget's period has cost so far, in the days of a person's own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from pricing.table import PriceTable
from reports.parts import MILLION
from reports.watch_model import Budget, Period

_LONGEST: Final = timedelta(days=63)
"""Two months and the difference between any two clocks."""
_HOUR: Final = timedelta(hours=1)
_STILL_NEWS: Final = timedelta(days=2)
"""For how long after its end a period is still told of, so that a log that comes late is not missed."""


@dataclass(frozen=True)
class Spent:
    """One period of one budget: its first and last day, and what its calls cost as billed.

    `n_unpriced` calls without a known cost are not in it.
    """

    budget: Budget
    first_day: date
    last_day: date
    over: bool
    micro_usd: Decimal
    n_unpriced: int
    by_workload: tuple[tuple[str, Decimal], ...] = ()

    @property
    def limit_micro_usd(self) -> Decimal:
        """What the period may cost."""
        return self.budget.limit_usd * MILLION

    @property
    def alert_micro_usd(self) -> Decimal:
        """From where on it is told."""
        return self.limit_micro_usd * self.budget.alert_at

    @property
    def breached(self) -> bool:
        """Whether the limit is reached."""
        return self.micro_usd >= self.limit_micro_usd

    @property
    def alerting(self) -> bool:
        """Whether the alert share is reached: at 80 % of 50 dollars, 40.00 does and 39.99 does not."""
        return self.micro_usd >= self.alert_micro_usd


def period_days(period: Period, day: date) -> tuple[date, date]:
    """The first and the last day of the period that a day is in; weeks begin on Monday."""
    if period == "day":
        return day, day
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def midnight_utc(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone, naive UTC; a day of 23 or 25 hours is as long as it is."""
    return datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None)


def hourly_spend(cube: pa.Table, prices: PriceTable, newest: datetime) -> pa.Table:
    """The logged calls of the last two months by hour and channel, as billed: input of `spent`."""
    logged = cube.filter(
        (pc.field("source_format") != "workload_description") & (pc.field("hour_utc") > newest - _LONGEST)
    )
    return lane_costs(
        logged,
        prices,
        group_by=("hour_utc", "provider", "workload", "tier"),
        as_of=None,
        undated_as_of=newest,
        lanes=(AS_BILLED,),
    )


def spent(budget: Budget, spend: pa.Table, newest: datetime, zone: ZoneInfo) -> tuple[Spent, ...]:
    """The period of the newest logged hour and, while that is news, the one that ended before it.

    An hour belongs to the day it begins in; a provider's daily total to the day its first hour is in.
    """
    today = newest.replace(tzinfo=UTC).astimezone(zone).date()
    first, last = period_days(budget.period, today)
    found = [_of(budget, spend, first, last, zone, over=False)]
    began = midnight_utc(first, zone)
    if newest + _HOUR - began <= _STILL_NEWS:
        before = period_days(budget.period, first - timedelta(days=1))
        found.append(_of(budget, spend, *before, zone, over=True))
    return tuple(found)


def _of(budget: Budget, spend: pa.Table, first: date, last: date, zone: ZoneInfo, *, over: bool) -> Spent:
    begins, ends = midnight_utc(first, zone), midnight_utc(last + timedelta(days=1), zone)
    chosen = (pc.field("hour_utc") >= begins) & (pc.field("hour_utc") < ends)
    if budget.channel == "batch":
        chosen &= pc.field("tier") == "batch"
    elif budget.channel == "sync":
        chosen &= pc.field("tier") != "batch"
    elif budget.channel != "all":
        chosen &= pc.field(budget.channel) == budget.which
    rows = spend.filter(chosen)
    cost: Decimal | None = pc.sum(rows["cost_micro_usd"]).as_py()
    billable = [
        pc.sum(rows[column]).as_py() or 0 for column in ("n_requests", "n_failed_unmetered", "n_priced")
    ]
    costs = (
        rows.select(["workload", "cost_micro_usd"])
        .group_by("workload")
        .aggregate([("cost_micro_usd", "sum")])
    )
    return Spent(
        budget,
        first,
        last,
        over,
        cost if cost is not None else Decimal(0),
        int(billable[0] - billable[1] - billable[2]),
        tuple(
            (row["workload"], row["cost_micro_usd_sum"])
            for row in costs.to_pylist()
            if row["cost_micro_usd_sum"] is not None
        ),
    )
