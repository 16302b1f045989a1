"""What an analysis rests on, and what every step of it needs: computed once, shared, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from data.declared import Declared
from data.store import Manifest
from pricing.coming import HOURS_A_YEAR, PriceChange, PricePeriod, coming_changes, coming_periods
from pricing.cost import lane_costs
from pricing.lanes import explain
from pricing.model import AS_BILLED, LANES
from pricing.table import PriceTable
from reports import tables
from reports.behaviour import Rollups
from reports.ground import Ground, ground_of
from reports.model import NotCounted, PolicyUsed
from reports.windows import PartKey
from triage.policy import Policy
from triage.risk import Turnaround, published_turnarounds

PART: Final = ("workload", "provider", "model")
NO_DATES: Final = "no_dates"
"""The reason code of a lane that has no projection because nothing in the log is dated."""


@dataclass(frozen=True)
class Inputs:
    """What an analysis rests on: the cube, what people declared, prices, policy and the date.

    `set_aside` is what a person left out of the cube; `rollups` is how the calls behave,
    `tags` what all calls of a workload are tagged with, `policy_used` where the policy is from,
    `turnarounds` how long each provider's batches take.
    """

    cube: pa.Table
    declared: tuple[Declared, ...]
    manifests: tuple[Manifest, ...]
    prices: PriceTable
    policy: Policy
    as_of: datetime
    set_aside: tuple[NotCounted, ...] = ()
    rollups: Rollups = field(default_factory=Rollups.none)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policy_used: PolicyUsed | None = None
    turnarounds: Mapping[str, Turnaround] = field(default_factory=published_turnarounds)


class Look:
    """One look at `inputs`: what no price changes (`ground`), and what things cost."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    @cached_property
    def ground(self) -> Ground:
        """Everything that no price changes."""
        given = self.inputs
        return ground_of(given.cube, given.declared, given.policy, given.rollups, given.tags)

    def models(self) -> list[tuple[str, str]]:
        """Every (provider, model) of the cube, sorted."""
        return sorted({(provider, model) for _, provider, model in self.ground.bases})

    def lanes(
        self, cube: pa.Table, lanes: Sequence[str] = (*LANES, AS_BILLED)
    ) -> dict[PartKey, dict[str, dict[str, Any]]]:
        """Part -> lane -> cost row of `cube`, at the prices of the year that begins at the analysis date.

        Where a price is known to change in that year, the cost is the average over its 8,760 hours;
        elsewhere it is the cost at the analysis date, exactly.
        """
        return next(iter(self.lanes_by_dataset(cube, lanes, told_apart=False).values()), {})

    def lanes_by_dataset(
        self, cube: pa.Table, lanes: Sequence[str], *, told_apart: bool = True
    ) -> dict[str, dict[PartKey, dict[str, dict[str, Any]]]]:
        """The same for each dataset of `cube`; under one name when they are not told apart."""
        starts = sorted({period.start for periods in self.periods.values() for period in periods})
        priced = lane_costs(
            cube,
            self.inputs.prices,
            group_by=(*PART, "as_of", *(("dataset_id",) if told_apart else ())),
            as_of=starts,
            undated_as_of=self.inputs.as_of,
            lanes=lanes,
        )
        by_start: dict[tuple[str, PartKey, str], dict[datetime, dict[str, Any]]] = {}
        for row in priced.to_pylist():
            place = (row.get("dataset_id", ""), part_key(row), row["lane"])
            by_start.setdefault(place, {})[row["as_of"]] = row
        found: dict[str, dict[PartKey, dict[str, dict[str, Any]]]] = {}
        for (dataset, key, lane), rows in by_start.items():
            periods = self.periods[key[1], key[2]]
            row = _average([(period.hours, rows[period.start]) for period in periods])
            found.setdefault(dataset, {}).setdefault(key, {})[lane] = row
        return found

    @cached_property
    def periods(self) -> dict[tuple[str, str], tuple[PricePeriod, ...]]:
        """(provider, model) -> the coming year, cut where its prices change."""
        return {
            (provider, model): coming_periods(self.inputs.prices, provider, model, self.inputs.as_of)
            for provider, model in self.models()
        }

    def price_changes(self) -> tuple[PriceChange, ...]:
        """What is announced to change in the coming year for the models in use, oldest first."""
        changes = (
            change
            for model, periods in self.periods.items()
            if len(periods) > 1
            for change in coming_changes(self.inputs.prices, *model, self.inputs.as_of)
        )
        return tuple(sorted(changes, key=lambda change: (change.at, change.provider, change.model)))

    @cached_property
    def billed(self) -> list[dict[str, Any]]:
        """The logged calls' cost by part, tier and day, each at its own day's price."""
        return self._billed(self.inputs.prices, *PART, "tier", "day_utc")

    @cached_property
    def billed_at_list(self) -> Decimal | None:
        """The same calls at list prices together; None where no discount is set."""
        prices = self.inputs.prices
        return sum_costs(self._billed(prices.with_discounts(()), "provider")) if prices.discounts else None

    def _billed(self, prices: PriceTable, *group_by: str) -> list[dict[str, Any]]:
        priced = lane_costs(
            self.ground.logged,
            prices,
            group_by=group_by,
            as_of=None,
            undated_as_of=self.inputs.as_of,
            lanes=(AS_BILLED,),
        )
        return list(priced.to_pylist())


def billed(cube: pa.Table, prices: PriceTable, as_of: datetime, *group_by: str) -> list[dict[str, Any]]:
    """The logged cube's cost by group, each call at its own day's price in the tier that served it.

    Undated calls take the price at `as_of`. Rows as `pricing.cost.lane_costs` gives them.
    """
    logged = tables.arrow("logged_cube", {"cube": cube})
    priced = lane_costs(
        logged, prices, group_by=group_by, as_of=None, undated_as_of=as_of, lanes=(AS_BILLED,)
    )
    return list(priced.to_pylist())


def _average(weighted: Sequence[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    """The row of a year from the rows of its periods; the first incomplete one, where there is one."""
    if len(weighted) == 1:
        return weighted[0][1]
    for _, row in weighted:
        if whole_cost(row) is None:
            return row
    total = sum((row["cost_micro_usd"] * hours for hours, row in weighted), Decimal(0))
    return {**weighted[0][1], "cost_micro_usd": total / HOURS_A_YEAR}


def part_key(row: Mapping[str, Any]) -> PartKey:
    """The part that a row belongs to."""
    return (row["workload"], row["provider"], row["model"])


def whole_cost(row: Mapping[str, Any] | None) -> Decimal | None:
    """The row's cost when every call with token counts is in it, else None; micro-dollars."""
    if row is None or row["n_priced"] + row["n_unmetered"] != row["n_requests"]:
        return None
    cost: Decimal | None = row["cost_micro_usd"]
    return cost


def sum_costs(rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """The known costs together; None when there is none."""
    known = [row["cost_micro_usd"] for row in rows if row["cost_micro_usd"] is not None]
    return sum(known, Decimal(0)) if known else None


def reason_sentence(code: str | None, provider: str, model: str, tier: str) -> str | None:
    """Why a cost is missing, as a sentence; None without a code."""
    if code is None:
        return None
    if code == NO_DATES:
        return "The log has no dates, so nothing can be projected from it."
    return explain(code, provider=provider, model=model, tier=tier)
