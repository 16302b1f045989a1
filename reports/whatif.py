"""What-if over the cube: another lane, hit rate or volume per workload, priced by the same engine.

A scenario never invents a price: a lane that a model does not offer gives no figure and its reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any, Final

from pricing.model import AS_BILLED
from reports import tables
from reports.analysis import PRECISION
from reports.format import lane_title
from reports.look import Inputs, Look, whole_cost
from reports.model import STAY, Analysis, WorkloadResult
from reports.parts import MILLION
from reports.projection import PartKey

CURRENT: Final = "current"
RECOMMENDED: Final = "recommended"
MONTHS_A_YEAR: Final = Decimal(12)


@dataclass(frozen=True)
class Scenario:
    """What is asked: a lane per workload, a hit rate and a volume.

    Attributes:
        lanes: workload -> lane, `current` or `recommended`; a workload not named uses `default_lane`.
        hit_rate: share of input tokens read from the cache, 0 to 1; None keeps the log's own.
        volume: today's volume is 1.
    """

    default_lane: str = RECOMMENDED
    lanes: Mapping[str, str] = field(default_factory=dict)
    hit_rate: Decimal | None = None
    volume: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if self.hit_rate is not None and not 0 <= self.hit_rate <= 1:
            raise ValueError(f"A hit rate lies between 0 and 1, not at {self.hit_rate}.")
        if self.volume < 0:
            raise ValueError(f"Volume is a factor of today's, 0 or more, not {self.volume}.")


@dataclass(frozen=True)
class ScenarioRow:
    """One workload a month, micro-dollars: today, in the scenario, and what the scenario saves.

    `reason` says why there is no scenario cost; `lane` is the lane asked for.
    """

    workload: str
    today_micro_usd: Decimal | None
    scenario_micro_usd: Decimal | None
    lane: str
    reason: str | None

    @property
    def saving_micro_usd(self) -> Decimal | None:
        """Today minus scenario; None when either is unknown."""
        if self.today_micro_usd is None or self.scenario_micro_usd is None:
            return None
        return self.today_micro_usd - self.scenario_micro_usd


@dataclass(frozen=True)
class ScenarioResult:
    """Every workload of the scenario; totals cover the workloads that have both figures."""

    rows: tuple[ScenarioRow, ...]
    today_micro_usd: Decimal
    scenario_micro_usd: Decimal
    left_out: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def saving_micro_usd(self) -> Decimal:
        """Today minus scenario a month; negative when the scenario costs more."""
        return self.today_micro_usd - self.scenario_micro_usd


def run_scenario(inputs: Inputs, analysis: Analysis, scenario: Scenario) -> ScenarioResult:
    """Prices `scenario` against `analysis`, which must be the analysis of the same inputs."""
    with localcontext() as context:
        context.prec = PRECISION
        look = Look(inputs)
        cube = look.ground.projected
        if scenario.hit_rate is not None:
            cube = tables.arrow("set_hit_rate", {"cube": cube}, millionths=int(scenario.hit_rate * MILLION))
        priced = look.lanes(cube)
        rows = tuple(_row(result, priced, scenario) for result in analysis.workloads if result.parts)
        both = [row for row in rows if row.today_micro_usd is not None and row.scenario_micro_usd is not None]
        return ScenarioResult(
            rows=rows,
            today_micro_usd=_total(row.today_micro_usd for row in both),
            scenario_micro_usd=_total(row.scenario_micro_usd for row in both),
            left_out=tuple(row.workload for row in rows if row not in both),
            notes=_notes(scenario),
        )


def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _row(
    result: WorkloadResult, priced: Mapping[PartKey, Mapping[str, dict[str, Any]]], scenario: Scenario
) -> ScenarioRow:
    asked = scenario.lanes.get(result.workload, scenario.default_lane)
    today: Decimal | None = Decimal(0)
    then: Decimal | None = Decimal(0)
    reason = None
    for part in result.parts:
        factor = part.year_factor
        if factor is None or part.current_micro_usd is None:
            today, then, reason = None, None, reason or "Today's cost is unknown."
            continue
        lane = part.recommended_lane if asked == RECOMMENDED else asked
        if lane in (CURRENT, STAY):
            lane = "sync" if part.described else AS_BILLED
        cost = whole_cost(priced.get((part.workload, part.provider, part.model), {}).get(lane))
        today = today + part.current_micro_usd * factor if today is not None else None
        if cost is None:
            then = None
            known = next((item.reason for item in part.lanes if item.lane == lane), None)
            reason = known or f"{lane_title(lane)} has no price for {part.model}."
        elif then is not None:
            then += cost * factor * scenario.volume
    return ScenarioRow(
        workload=result.workload,
        today_micro_usd=today / MONTHS_A_YEAR if today is not None else None,
        scenario_micro_usd=then / MONTHS_A_YEAR if then is not None else None,
        lane=result.recommended_lane if asked == RECOMMENDED else asked,
        reason=reason,
    )


def _notes(scenario: Scenario) -> tuple[str, ...]:
    notes = ["Estimated: list prices at the analysis date, no re-runs, the same cache hits in every lane."]
    if scenario.hit_rate is not None:
        notes.append(
            f"{scenario.hit_rate * 100:.0f} % of every call's input is read from the cache; cache writes "
            "stay as they are, as far as there is input left for them."
        )
    if scenario.volume != 1:
        notes.append(f"Volume is {scenario.volume.normalize():f} times today's.")
    return tuple(notes)
