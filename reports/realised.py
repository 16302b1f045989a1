"""Realised savings: what calls that ran in batch, flex, off-peak or with a cache would have cost otherwise.

Counterfactual minus actual, each call at its own day's price, net of cache writes, of failed and expired
lines that were billed, and of lines that were answered twice. The sign is honest: a cache that is written
more than it is read has a negative saving. All of it is computed from usage; nothing is assumed, except
the day of calls without a time, which makes their share an estimate.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pricing.coming import HOURS_A_YEAR
from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from reports import tables
from reports.look import Inputs
from reports.model import Analysis, Provenance

PRECISION: Final = 60
OWN_UNCACHED: Final = "own_uncached"
_DEAR_TIERS: Final = ("priority", "ultrafast")
"""Tiers in which nobody saves by waiting: their calls are held against themselves without a cache."""

_GROUP: Final = ("hour_utc", "workload", "provider", "model", "tier", "status")
_PRICED: Final = (*_GROUP, "lane", "n_requests", "n_unmetered", "n_priced", "cache_read_tokens",
                  "cache_write_tokens", "cache_write_long_tokens", "cost_micro_usd")  # fmt: skip


@dataclass(frozen=True)
class Levers:
    """What each lever saved, micro-dollars; `saved` is their sum, and each may be negative.

    `lost` is what was billed for deferred lines that failed, expired or were answered twice; `billed` is
    what all these calls cost. `n_unpriced` calls could not be compared and are in no amount.
    """

    cache_micro_usd: Decimal = Decimal(0)
    tier_micro_usd: Decimal = Decimal(0)
    lost_micro_usd: Decimal = Decimal(0)
    billed_micro_usd: Decimal = Decimal(0)
    n_requests: int = 0
    n_failed: int = 0
    n_repeated: int = 0
    n_unpriced: int = 0

    @property
    def saved_micro_usd(self) -> Decimal:
        """Counterfactual minus actual: cache + tier - lost, exactly."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.cache_micro_usd + self.tier_micro_usd - self.lost_micro_usd

    @property
    def counterfactual_micro_usd(self) -> Decimal:
        """What these calls would have cost without the levers."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.billed_micro_usd + self.saved_micro_usd

    def __add__(self, other: "Levers") -> "Levers":
        return Levers(
            self.cache_micro_usd + other.cache_micro_usd,
            self.tier_micro_usd + other.tier_micro_usd,
            self.lost_micro_usd + other.lost_micro_usd,
            self.billed_micro_usd + other.billed_micro_usd,
            self.n_requests + other.n_requests,
            self.n_failed + other.n_failed,
            self.n_repeated + other.n_repeated,
            self.n_unpriced + other.n_unpriced,
        )


@dataclass(frozen=True)
class RealisedRow:
    """The levers of one UTC day (None without a time), workload, model and lane."""

    day_utc: date | None
    workload: str
    provider: str
    model: str
    lane: str
    levers: Levers

    @property
    def provenance(self) -> Provenance:
        """Computed from usage; estimated where the calls have no day and take today's prices."""
        return "computed" if self.day_utc is not None else "estimated"


@dataclass(frozen=True)
class Realised:
    """The realised saving of a workspace, row by row."""

    rows: tuple[RealisedRow, ...]

    @property
    def total(self) -> Levers:
        """All rows together."""
        return _sum(row.levers for row in self.rows)

    def of(self, workloads: Collection[str]) -> "Realised":
        """The rows of some workloads."""
        return Realised(tuple(row for row in self.rows if row.workload in workloads))

    def by_workload(self) -> dict[str, Levers]:
        """Workload -> its levers, greatest saving first."""
        return self._by(lambda row: row.workload)

    def by_lane(self) -> dict[str, Levers]:
        """Lane -> its levers, greatest saving first."""
        return self._by(lambda row: row.lane)

    def by_provider(self) -> dict[str, Levers]:
        """Provider -> its levers, greatest saving first."""
        return self._by(lambda row: row.provider)

    def by_day(self) -> dict[date, Levers]:
        """UTC day -> its levers, in order; calls without a time are on no day."""
        found: dict[date, list[Levers]] = defaultdict(list)
        for row in self.rows:
            if row.day_utc is not None:
                found[row.day_utc].append(row.levers)
        return {day: _sum(found[day]) for day in sorted(found)}

    def undated(self) -> Levers:
        """The levers of calls without a time."""
        return _sum(row.levers for row in self.rows if row.day_utc is None)

    def _by(self, key: Callable[[RealisedRow], str]) -> dict[str, Levers]:
        found: dict[str, list[Levers]] = defaultdict(list)
        for row in self.rows:
            found[key(row)].append(row.levers)
        sums = {name: _sum(parts) for name, parts in found.items()}
        return dict(sorted(sums.items(), key=lambda item: (-item[1].saved_micro_usd, item[0])))


def _sum(parts: Iterable[Levers]) -> Levers:
    with localcontext() as context:
        context.prec = PRECISION
        return sum(parts, Levers())


def realised(inputs: Inputs, cube: pa.Table, repeated: pa.Table) -> Realised:
    """The realised saving of the calls of `cube`.

    Args:
        inputs: prices and the day for calls without a time.
        cube: the logged calls that count, as `reports.ground.Ground.logged`.
        repeated: those of them that answer a line of a batch once more (`data.batches.repeated_usage`).
    """
    parts = [_priced(inputs, cube, 1), _priced(inputs, repeated, -1)]
    rows = tables.rows("realised", {"priced": pa.concat_tables(parts)})
    return Realised(
        tuple(
            RealisedRow(
                row["day_utc"],
                row["workload"],
                row["provider"],
                row["model"],
                row["lane"],
                Levers(
                    row["cache_micro_usd"],
                    row["tier_micro_usd"],
                    row["lost_micro_usd"],
                    row["billed_micro_usd"],
                    row["n_requests"],
                    row["n_failed"],
                    row["n_repeated"],
                    row["n_unpriced"],
                ),
            )
            for row in rows
        )
    )


def _priced(inputs: Inputs, cube: pa.Table, part: int) -> pa.Table:
    own = _costs(inputs, cube, ("sync", "sync+cache", AS_BILLED))
    dear = cube.filter(pc.field("tier").isin(_DEAR_TIERS))
    uncached = _costs(inputs, tables.arrow("plain_input_cube", {"cube": dear}), (AS_BILLED,))
    lane = pa.array([OWN_UNCACHED] * uncached.num_rows, pa.string())
    uncached = uncached.set_column(uncached.schema.get_field_index("lane"), "lane", lane)
    found = pa.concat_tables([own, uncached])
    return found.append_column("part", pa.array([part] * found.num_rows, pa.int32()))


def _costs(inputs: Inputs, cube: pa.Table, lanes: tuple[str, ...]) -> pa.Table:
    return lane_costs(
        cube, inputs.prices, group_by=_GROUP, as_of=None, undated_as_of=inputs.as_of, lanes=lanes
    ).select(list(_PRICED))


# ------------------------------------------------------------------------ beside what is projected


@dataclass(frozen=True)
class TrackDay:
    """Up to and with one day, micro-dollars: what was realised, and what was there to be had."""

    day_utc: date
    realised_micro_usd: Decimal
    attainable_micro_usd: Decimal


@dataclass(frozen=True)
class Track:
    """Realised saving beside the projected one over the days of the log, micro-dollars.

    `open_micro_usd` is what the recommendations of today would still save over as many days as the log
    has, base case: estimated. `capture_rate` is realised over realised and open together, None where
    there is nothing to capture.
    """

    days: tuple[TrackDay, ...]
    realised_micro_usd: Decimal
    open_micro_usd: Decimal

    @property
    def capture_rate(self) -> Decimal | None:
        """The share of the whole saving that is realised; below 0 when what was done lost money."""
        whole = self.realised_micro_usd + self.open_micro_usd
        if whole <= 0:
            return None
        with localcontext() as context:
            context.prec = PRECISION
            return self.realised_micro_usd / whole


def track(realised_saving: Realised, analysis: Analysis) -> Track:
    """The realised saving day by day beside what the recommendations would add at the log's own pace."""
    saved = realised_saving.total.saved_micro_usd
    if analysis.first_hour_utc is None or analysis.last_hour_utc is None:
        return Track((), saved, Decimal(0))
    with localcontext() as context:
        context.prec = PRECISION
        still_open = analysis.totals.saving_per_year.base * analysis.window_hours / HOURS_A_YEAR
        by_day = realised_saving.by_day()
        first = min([analysis.first_hour_utc.date(), *by_day])
        n_days = (max([analysis.last_hour_utc.date(), *by_day]) - first).days + 1
        days: list[TrackDay] = []
        so_far = Decimal(0)
        for number in range(n_days):
            day = first + timedelta(days=number)
            so_far += by_day.get(day, Levers()).saved_micro_usd
            days.append(TrackDay(day, so_far, so_far + still_open * (number + 1) / n_days))
        return Track(tuple(days), saved, still_open)
