"""What changed traffic costs in every lane: one priced statement for all that is new, the rest remembered.

Shares, volume, discounts and lane choices do not change what a lane costs, so moving those dials
prices nothing; moving the others prices only the traffic that was not asked for before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Any, Final, Literal

import pyarrow as pa

from pricing.coming import PricePeriod, coming_periods
from pricing.cost import ALL_LANES, lane_costs
from reports import tables
from reports.look import Inputs, Look, reason_sentence, whole_cost
from reports.recommend import TIER_OF_LANE
from reports.windows import PartKey

Ttl = Literal["5m", "1h"]
KEPT: Final = 30_000
"""Traffics remembered; with a few hundred bytes each that is a few dozen megabytes at most."""


@dataclass(frozen=True)
class Traffic:
    """One part's traffic as it is, or changed: who serves it, how long its prompts are, what it hits.

    Shares are whole millionths; `kept_millionths` is of the hits, the others are of the input.
    """

    part: PartKey
    provider: str
    model: str
    at: datetime
    prefix_tokens: int = 0
    hit_millionths: int | None = None
    ttl: Ttl | None = None
    batch_hit_millionths: int | None = None
    kept_millionths: int | None = None


@dataclass(frozen=True)
class Priced:
    """A cost over the projection window, micro-dollars, or the reason why there is none."""

    micro_usd: Decimal | None
    reason: str | None = None


Weights = Mapping[datetime, Decimal]
_ByStart = dict[datetime, dict[str, Any]]


class ScenarioPrices:
    """The costs of traffic over one set of inputs, computed once each; safe to share between threads."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs: Final = inputs
        self.look: Final = Look(inputs)
        self._known: dict[Traffic, dict[str, _ByStart]] = {}
        self._rows: dict[tuple[frozenset[str], bool], pa.Table] = {}
        self._periods: dict[tuple[str, str, datetime], tuple[PricePeriod, ...]] = {}
        self._lock = Lock()

    def prepare(self, traffics: Iterable[Traffic]) -> None:
        """Prices what is not known yet: one statement for each analysis date among it."""
        with self._lock:
            new = {traffic for traffic in traffics if traffic not in self._known}
            if len(self._known) + len(new) > KEPT:
                self._known.clear()
            for at in sorted({traffic.at for traffic in new}):
                self._price([traffic for traffic in new if traffic.at == at])

    def cost(self, traffic: Traffic, lane: str, weigh: "Weigh") -> Priced:
        """What prepared traffic costs in a lane, each price period with the weight it is given."""
        found = self._known.get(traffic)
        if found is None:
            self.prepare([traffic])
            found = self._known[traffic]
        rows = found.get(lane)
        if rows is None:
            return Priced(None, reason_sentence("no_dates", traffic.provider, traffic.model, ""))
        total = Decimal(0)
        for start, weight in weigh(self.periods(traffic.provider, traffic.model, traffic.at)).items():
            row = rows[start]
            cost = whole_cost(row)
            if cost is None:
                tier = TIER_OF_LANE.get(lane, "standard")
                return Priced(None, reason_sentence(row["reason"], traffic.provider, traffic.model, tier))
            total += cost * weight
        return Priced(total)

    def periods(self, provider: str, model: str, at: datetime) -> tuple[PricePeriod, ...]:
        """The year that begins at `at`, cut where prices of the model change."""
        key = (provider, model, at)
        if key not in self._periods:
            self._periods[key] = coming_periods(self.inputs.prices, provider, model, at)
        return self._periods[key]

    def _price(self, traffics: Collection[Traffic]) -> None:
        numbered = {str(number): traffic for number, traffic in enumerate(traffics)}
        models = {(traffic.provider, traffic.model) for traffic in traffics}
        rows = self._grouped(
            hourly=frozenset("/".join(traffic.part[1:]) for traffic in traffics if self._clocked(traffic)),
            by_length=any(traffic.prefix_tokens for traffic in traffics),
        )
        cube = tables.arrow(
            "scenario_cube", {"cube": rows, "asked": self._asked(numbered), "threshold": self._thresholds()}
        )
        at = next(iter(traffics)).at
        starts = {period.start for model in models for period in self.periods(*model, at)}
        priced = lane_costs(
            cube,
            self.inputs.prices,
            group_by=("dataset_id", "as_of"),
            as_of=sorted(starts),
            undated_as_of=at,
            lanes=ALL_LANES,
        )
        found: dict[str, dict[str, _ByStart]] = {number: {} for number in numbered}
        for row in priced.select(_KEPT_COLUMNS).to_pylist():
            found[row["dataset_id"]].setdefault(row["lane"], {})[row["as_of"]] = row
        self._known.update({numbered[number]: costs for number, costs in found.items()})

    def _clocked(self, traffic: Traffic) -> bool:
        """Whether the hour of the week matters to the model that serves the traffic."""
        return bool(self.inputs.prices.clock(traffic.provider, traffic.model))

    def _grouped(self, *, hourly: frozenset[str], by_length: bool) -> pa.Table:
        key = (hourly, by_length)
        if key not in self._rows:
            self._rows[key] = tables.arrow(
                "scenario_rows",
                {"cube": self.look.ground.projected},
                hourly=sorted(hourly),
                by_length=by_length,
            )
        return self._rows[key]

    def _thresholds(self) -> pa.Table:
        return pa.table({"at_tokens": pa.array([0, *self.inputs.prices.thresholds()], pa.int64())})

    def _asked(self, numbered: Mapping[str, Traffic]) -> pa.Table:
        traffics = list(numbered.values())
        rewrites = {
            model: any(
                row.cache_write_usd_per_mtok is not None and row.cache_write_usd_per_mtok > 0
                for row in self.inputs.prices.rows_for(*model)
            )
            for model in {(traffic.provider, traffic.model) for traffic in traffics}
        }
        text, number = pa.string(), pa.int64()
        return pa.table(
            {
                "traffic": pa.array(list(numbered), text),
                "workload": pa.array([traffic.part[0] for traffic in traffics], text),
                "provider": pa.array([traffic.part[1] for traffic in traffics], text),
                "model": pa.array([traffic.part[2] for traffic in traffics], text),
                "to_provider": pa.array([traffic.provider for traffic in traffics], text),
                "to_model": pa.array([traffic.model for traffic in traffics], text),
                "prefix_tokens": pa.array([traffic.prefix_tokens for traffic in traffics], number),
                "hit_millionths": pa.array([traffic.hit_millionths for traffic in traffics], number),
                "batch_hit_millionths": pa.array(
                    [traffic.batch_hit_millionths for traffic in traffics], number
                ),
                "kept_millionths": pa.array([traffic.kept_millionths for traffic in traffics], number),
                "ttl": pa.array([traffic.ttl for traffic in traffics], text),
                "rewrites": pa.array(
                    [rewrites[traffic.provider, traffic.model] for traffic in traffics], pa.bool_()
                ),
            }
        )


_KEPT_COLUMNS: Final = [
    "dataset_id",
    "as_of",
    "lane",
    "n_requests",
    "n_unmetered",
    "n_priced",
    "cost_micro_usd",
    "reason",
]


class Weigh:
    """How much each stretch of a year counts when volume grows by a share every month.

    A month is a twelfth of 8,760 hours. Without growth every hour counts the same.
    """

    def __init__(self, growth: Decimal) -> None:
        self._months: Final = tuple((1 + growth) ** month for month in range(12))
        self.mean: Final = sum(self._months, Decimal(0)) / 12
        """The average month's volume, the first month's being 1."""
        self._known: dict[tuple[PricePeriod, ...], Weights] = {}

    def __call__(self, periods: tuple[PricePeriod, ...]) -> Weights:
        """Start of each period -> its share of the year's volume; they add up to 1."""
        known = self._known.get(periods)
        if known is None:
            known = self._known[periods] = self._weights(periods)
        return known

    def _weights(self, periods: tuple[PricePeriod, ...]) -> Weights:
        if len(periods) == 1 or not self.mean:
            return {periods[0].start: Decimal(1)}
        found: dict[datetime, Decimal] = {}
        begin = 0
        for period in periods:
            end = begin + period.hours
            hours = (
                (max(0, min(end, _MONTH * (month + 1)) - max(begin, _MONTH * month)), volume)
                for month, volume in enumerate(self._months)
            )
            found[period.start] = sum((overlap * volume for overlap, volume in hours), Decimal(0))
            begin = end
        whole = _MONTH * 12 * self.mean
        return {start: volume / whole for start, volume in found.items()}


_MONTH: Final = 730
