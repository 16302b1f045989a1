"""What an analysis rests on, and what every step of it needs: computed once, shared, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from data.declared import Declared
from data.store import Manifest
from pricing.cost import lane_costs
from pricing.lanes import explain
from pricing.model import AS_BILLED, LANES
from pricing.table import PriceTable
from reports import facts, projection, tables
from reports.behaviour import Rollups, behaviours
from reports.mixed import Split, find
from reports.model import NotCounted
from reports.projection import Basis, PartKey
from triage.behaviour import Behaviour
from triage.engine import judge
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy

PART: Final = ("workload", "provider", "model")
NO_DATES: Final = "no_dates"
"""The reason code of a lane that has no projection because nothing in the log is dated."""


@dataclass(frozen=True)
class Inputs:
    """What an analysis rests on: the cube, what people declared, prices, policy and the date.

    `set_aside` is what a person left out of the cube; `rollups` is how the calls behave,
    `tags` what all calls of a workload are tagged with.
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


class Look:
    """One look at `inputs`: the usable cube, its projection, the facts and the verdicts."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    @cached_property
    def cube(self) -> pa.Table:
        """The cube without descriptions of workloads that also have a log."""
        return tables.arrow("usable_cube", {"cube": self.inputs.cube})

    @cached_property
    def log(self) -> dict[str, Any]:
        """Totals of the logged part: see `reports/sql/log_totals.sql`."""
        return tables.rows("log_totals", {"cube": self.cube})[0]

    @cached_property
    def window_hours(self) -> int:
        """Hours that the logs cover together."""
        windows = tables.rows("dataset_windows", {"cube": self.cube})
        return projection.covered_hours((row["first_hour"], row["last_hour"]) for row in windows)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The workloads that are two under one name."""
        return find(self.cube)

    @cached_property
    def behaviours(self) -> dict[str, Behaviour]:
        """How the logged calls behave, by workload."""
        found = behaviours(self.cube, self.inputs.rollups)
        for split in self.splits:
            found[split.workload] = replace(found[split.workload], two_behaviours=True)
        return found

    @cached_property
    def facts(self) -> dict[str, WorkloadFacts]:
        """What triage is told, by workload."""
        known = facts.workload_facts(self.cube, self.inputs.declared, self.window_hours, self.behaviours)
        return {item.name: replace(item, tags=self.inputs.tags.get(item.name, ())) for item in known}

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """What triage answers, by workload."""
        return {name: judge(item, self.inputs.policy) for name, item in self.facts.items()}

    @cached_property
    def bases(self) -> dict[PartKey, Basis]:
        """What each part's projection rests on."""
        return projection.bases(self.cube, self.inputs.declared)

    @cached_property
    def projected(self) -> pa.Table:
        """The cube rows that projections rest on."""
        return projection.projection_cube(self.cube, self.bases)

    def models(self) -> list[tuple[str, str]]:
        """Every (provider, model) of the cube, sorted."""
        return sorted({(provider, model) for _, provider, model in self.bases})

    def lanes(
        self, cube: pa.Table, lanes: Sequence[str] = (*LANES, AS_BILLED)
    ) -> dict[PartKey, dict[str, dict[str, Any]]]:
        """Part -> lane -> cost row of `cube`, everything at the analysis date's prices."""
        priced = lane_costs(
            cube,
            self.inputs.prices,
            group_by=PART,
            as_of=self.inputs.as_of,
            undated_as_of=self.inputs.as_of,
            lanes=lanes,
        )
        found: dict[PartKey, dict[str, dict[str, Any]]] = {}
        for row in priced.to_pylist():
            found.setdefault(part_key(row), {})[row["lane"]] = row
        return found

    @cached_property
    def billed(self) -> list[dict[str, Any]]:
        """The logged calls' cost by part, tier and day, each at its own day's price: see `billed`."""
        return billed(self.cube, self.inputs.prices, self.inputs.as_of, *PART, "tier", "day_utc")


def billed(cube: pa.Table, prices: PriceTable, as_of: datetime, *group_by: str) -> list[dict[str, Any]]:
    """The logged cube's cost by group, each call at its own day's price in the tier that served it.

    Undated calls take the price at `as_of`. Rows as `pricing.cost.lane_costs` gives them.
    """
    logged = tables.arrow("logged_cube", {"cube": cube})
    priced = lane_costs(
        logged, prices, group_by=group_by, as_of=None, undated_as_of=as_of, lanes=(AS_BILLED,)
    )
    return list(priced.to_pylist())


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
