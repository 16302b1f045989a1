"""What-if over the cube: a scenario priced by the engine that prices everything, lever by lever.

A scenario never invents a price: what has none gives no figure and its reason. Costs are those of an
average month of the year that begins at the scenario's day, in exact micro-dollars.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from reports.analysis import PRECISION
from reports.model import Analysis, Assumption, PriceUsed, Range, WorkloadResult
from reports.scenario import LEVERS, Scenario
from reports.scenario_moves import CASES, PLANNED, PRICES, PROMPT, VOLUME, Engine, Levers, Move, Piece
from reports.scenario_prices import ScenarioPrices
from reports.scenario_rows import rows_of
from reports.scenario_terms import assumptions_of, notes_of

MIXED: Final = "mixed"


@dataclass(frozen=True)
class Step:
    """What one lever changes in the base case, a month: negative saves.

    `alone` is what it would change by itself; levers overlap, so these do not add up and are in no total.
    """

    lever: str
    change_micro_usd: Decimal
    alone_micro_usd: Decimal


@dataclass(frozen=True)
class ScenarioRow:
    """One workload a month, micro-dollars: today, in the scenario, and what the scenario saves.

    `reason` says why there is no scenario cost; `lane` is the lane it is in then. `needs_answer` tells
    that the move counts only once somebody has said that the workload can wait.
    """

    workload: str
    today_micro_usd: Decimal | None
    scenario: Range | None
    saving: Range | None
    lane_today: str
    lane: str
    reason: str | None
    needs_answer: bool = False
    model: str | None = None

    @property
    def scenario_micro_usd(self) -> Decimal | None:
        """The base case; None where it is unknown."""
        return None if self.scenario is None else self.scenario.base

    @property
    def saving_micro_usd(self) -> Decimal | None:
        """Today minus scenario in the base case; None when either is unknown."""
        return None if self.saving is None else self.saving.base


@dataclass(frozen=True)
class ScenarioResult:
    """Every workload of the scenario; totals, lanes and steps cover those that have both figures."""

    scenario: Scenario
    rows: tuple[ScenarioRow, ...]
    today_micro_usd: Decimal
    cost: Range
    saving: Range
    steps: tuple[Step, ...]
    lanes_today: Mapping[str, Decimal]
    lanes: Mapping[str, Decimal]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    set_aside: frozenset[str] = frozenset()
    """Workloads in no total although they may have a figure here; another scenario beside it has none."""
    prices_used: tuple[PriceUsed, ...] = ()
    """The price rows that the scenario's month rests on, of the dearest part first."""

    @property
    def left_out(self) -> tuple[ScenarioRow, ...]:
        """The workloads without a figure, each with its reason."""
        return tuple(row for row in self.rows if row.scenario is None)

    @property
    def known(self) -> bool:
        """Whether any workload is in the totals; without one they are unknown, not 0."""
        return any(row.scenario is not None and row.workload not in self.set_aside for row in self.rows)

    @property
    def scenario_micro_usd(self) -> Decimal:
        """The base case of the scenario's cost."""
        return self.cost.base

    @property
    def saving_micro_usd(self) -> Decimal:
        """Today minus scenario in the base case; negative when the scenario costs more."""
        return self.saving.base

    @property
    def overlap_micro_usd(self) -> Decimal:
        """What the levers would seem to save together, each taken alone, beyond what they do save."""
        return sum((step.change_micro_usd - step.alone_micro_usd for step in self.steps), Decimal(0))


def run_scenario(
    prices: ScenarioPrices, analysis: Analysis, scenario: Scenario, set_aside: Collection[str] = ()
) -> ScenarioResult:
    """Prices `scenario`; `analysis` must be that of the inputs behind `prices`.

    Workloads that are `set_aside` keep their rows and are in no total: what another scenario beside
    this one has no figure for, so that the totals of both compare.
    """
    with localcontext() as context:
        context.prec = PRECISION
        engine = Engine(prices, analysis, scenario)
        planned = {result.workload: engine.moves(result) for result in analysis.workloads if result.parts}
        path = _path(scenario.order)
        alone = [PLANNED | {lever} for lever in LEVERS]
        engine.prepare([move for moves in planned.values() for move in moves], [*path, *alone])
        by_name = {result.workload: result for result in analysis.workloads}
        planned = {name: engine.worth(moves) for name, moves in planned.items()}
        rows = tuple(_row(engine, by_name[name], moves) for name, moves in planned.items())
        counted = [row for row in rows if row.scenario is not None and row.workload not in set_aside]
        known = [move for row in counted for move in planned[row.workload]]
        return ScenarioResult(
            scenario=scenario,
            rows=rows,
            today_micro_usd=_sum(row.today_micro_usd for row in counted),
            cost=_sum_ranges(row.scenario for row in counted),
            saving=_sum_ranges(row.saving for row in counted),
            steps=_steps(engine, known, scenario.order),
            lanes_today=_by_lane(engine, known, frozenset()),
            lanes=_by_lane(engine, known, path[-1]),
            assumptions=assumptions_of(scenario, known, prices),
            notes=notes_of(scenario, known, planned),
            set_aside=frozenset(set_aside),
            prices_used=rows_of(prices.inputs.prices, known, engine.at),
        )


def _path(order: Sequence[str]) -> list[Levers]:
    """The states on the way from today to the scenario: what happens anyway first, then what a team does."""
    states: list[Levers] = [frozenset()]
    for lever in (VOLUME, PROMPT, PRICES, *order):
        states.append(states[-1] | {lever})
    return states


def _row(engine: Engine, result: WorkloadResult, moves: Sequence[Move]) -> ScenarioRow:
    today = _together(engine.cost(move, frozenset(), "base") for move in moves)
    everything = PLANNED | frozenset(LEVERS)
    cases = {case: _together(engine.cost(move, everything, case) for move in moves) for case in CASES}
    reason = next((piece.reason for piece in (today, *cases.values()) if piece.reason), None)
    scenario = saving = None
    if reason is None:
        low, base, high = (cases[case].micro_usd for case in CASES)
        scenario = Range(min(low, base, high), base, max(low, base, high))
        baseline = sum((engine.cached_baseline(move) for move in moves), Decimal(0))
        now = today.micro_usd
        saving = Range(min(baseline, now) - scenario.high, now - base, now - scenario.low)
    lanes = {move.target or move.part.current_lane for move in moves}
    swapped = {"/".join(move.serves) for move in moves if move.swapped}
    return ScenarioRow(
        workload=result.workload,
        today_micro_usd=None if today.reason else today.micro_usd,
        scenario=scenario,
        saving=saving,
        lane_today=result.current_lane,
        lane=next(iter(lanes)) if len(lanes) == 1 else MIXED,
        reason=reason,
        needs_answer=any(move.target and move.unanswered for move in moves),
        model=", ".join(sorted(swapped)) or None,
    )


def _together(pieces: Iterable[Piece]) -> Piece:
    total = Decimal(0)
    for piece in pieces:
        if piece.reason is not None:
            return piece
        total += piece.micro_usd
    return Piece(total)


def _steps(engine: Engine, moves: Sequence[Move], order: Sequence[str]) -> tuple[Step, ...]:
    """The base case lever by lever; the changes of all steps add up to the whole difference exactly.

    Where a state in between has no price (a model without that lane), its part of the change falls
    into the next step that has one.
    """
    levers = (VOLUME, PROMPT, PRICES, *order)
    states = _path(order)
    changes = dict.fromkeys(levers, Decimal(0))
    alone = dict.fromkeys(levers, Decimal(0))
    for move in moves:
        cost = engine.cost(move, states[0], "base").micro_usd
        for lever, state in zip(levers, states[1:], strict=True):
            after = engine.cost(move, state, "base")
            if after.reason is None:
                changes[lever] += after.micro_usd - cost
                cost = after.micro_usd
        start = engine.cost(move, PLANNED, "base")
        for lever in order:
            single = engine.cost(move, PLANNED | {lever}, "base")
            if single.reason is None and start.reason is None:
                alone[lever] += single.micro_usd - start.micro_usd
    for lever in (VOLUME, PROMPT, PRICES):
        alone[lever] = changes[lever]
    return tuple(Step(lever, changes[lever], alone[lever]) for lever in levers)


def _by_lane(engine: Engine, moves: Sequence[Move], levers: Levers) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for move in moves:
        piece = engine.cost(move, levers, "base")
        stays = piece.micro_usd - piece.moved_micro_usd
        for lane, amount in ((move.part.current_lane, stays), (piece.lane, piece.moved_micro_usd)):
            if amount:
                found[lane] = found.get(lane, Decimal(0)) + amount
    return found


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _sum_ranges(ranges: Iterable[Range | None]) -> Range:
    nothing = Range(Decimal(0), Decimal(0), Decimal(0))
    return sum((amount for amount in ranges if amount is not None), nothing)
