"""One part under a scenario: where it goes, how much of it, and what that costs with some levers pulled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from typing import Final, Literal, get_args

from pricing.model import AS_BILLED
from reports import assumptions, recommend
from reports.format import lane_title
from reports.model import STAY, Analysis, Part, Range, WorkloadResult
from reports.parts import MILLION, hit_range
from reports.scenario import CACHE, CURRENT, IF_TAGGED, LEVERS, MODEL, RECOMMENDED, TAG, TIER, Scenario
from reports.scenario_prices import Priced, ScenarioPrices, Traffic, Weigh
from reports.scenario_risk import rerun_cases

VOLUME: Final = "volume"
PROMPT: Final = "prompt"
PRICES: Final = "prices"
PLANNED: Final = frozenset({VOLUME, PROMPT, PRICES})
"""What happens whatever the team does about lanes, caches and models."""

Levers = frozenset[str]
Case = Literal["low", "base", "high"]
"""Of the saving: low is the pessimistic one."""

CASES: Final[tuple[Case, ...]] = get_args(Case)

_EVERYTHING: Final[Levers] = PLANNED | frozenset(LEVERS)
_MONTHS: Final = 12
_EXACT: Final = Decimal("1E-15")
"""A part's month is cut to this, once, so that every sum and difference of months is exact."""


@dataclass(frozen=True, eq=False)
class Move:
    """One part and what the scenario does with it; `target` is None for a part that stays in its lane.

    `unanswered` tells that nobody has said whether it can wait; `refusal` why the lane is not allowed;
    `no_cache` that its model sells no caching, so that the scenario's hit rate is not for it.
    """

    part: Part
    target: str | None
    own_choice: bool
    unanswered: bool
    share: Decimal
    serves: tuple[str, str]
    hit_millionths: int | None
    prefix_tokens: int
    volume: Decimal
    no_cache: bool
    refusal: str | None = None

    @property
    def swapped(self) -> bool:
        """Whether another model serves it."""
        return self.serves != (self.part.provider, self.part.model)


@dataclass(frozen=True)
class Piece:
    """A month's cost, micro-dollars, and how much of it is in `lane`, where a part of it moved."""

    micro_usd: Decimal
    lane: str = ""
    moved_micro_usd: Decimal = Decimal(0)
    reason: str | None = None


class Engine:
    """What every part of an analysis costs under one scenario, with any set of its levers pulled."""

    def __init__(self, prices: ScenarioPrices, analysis: Analysis, scenario: Scenario) -> None:
        self._prices = prices
        self._scenario = scenario
        self._today = analysis.as_of
        self.at: Final = analysis.as_of if scenario.on is None else datetime.combine(scenario.on, time.min)
        self._flat, self._growing = Weigh(Decimal(0)), Weigh(scenario.growth)
        self._costs: dict[tuple[Move, Levers, Case], Piece] = {}
        self._matters: dict[Move, Levers] = {}

    def moves(self, result: WorkloadResult) -> tuple[Move, ...]:
        """What the scenario does with each part of a workload."""
        return tuple(self._move(result, part) for part in result.parts)

    def worth(self, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        """The same, staying where the scenario's own rule would save less than it asks for."""
        least = self._scenario.min_saving_usd
        if least is None or all(move.own_choice or move.target is None for move in moves):
            return moves
        stay = tuple(replace(move, target=None, refusal=None) for move in moves)
        costs = [self.cost(move, _EVERYTHING, "base") for move in (*moves, *stay)]
        if any(piece.reason for piece in costs):
            return moves
        half = len(moves)
        saved = sum((piece.micro_usd for piece in costs[half:]), Decimal(0)) - sum(
            (piece.micro_usd for piece in costs[:half]), Decimal(0)
        )
        return moves if saved >= least * MILLION else stay

    def prepare(self, moves: Iterable[Move], states: Sequence[Levers]) -> None:
        """Prices everything that these states need, in one statement a date."""
        wanted: set[tuple[Levers, Case]] = {(state, "base") for state in states}
        wanted |= {(_EVERYTHING, case) for case in CASES}
        traffics: set[Traffic] = set()
        for move in moves:
            for state, case in wanted:
                levers = state & self._effective(move)
                traffics.add(self._own(move, levers))
                traffics.add(self._there(move, levers, self._lane(move, levers), case))
        self._prices.prepare(traffics)

    def cost(self, move: Move, levers: Levers, case: Case) -> Piece:
        """An average month of the part with these levers pulled."""
        key = (move, levers & self._effective(move), case)
        if key not in self._costs:
            self._costs[key] = self._cost(*key)
        return self._costs[key]

    def cached_baseline(self, move: Move) -> Decimal:
        """Today's month in the low case: a description does not say that caching is on, but it may be."""
        now = self.cost(move, frozenset(), "base")
        cached = self._price(move, frozenset(), self._own(move, frozenset()), "sync+cache")
        if not move.part.described or cached.micro_usd is None:
            return now.micro_usd
        return min(now.micro_usd, self._month(move, frozenset(), cached.micro_usd))

    # ------------------------------------------------------------------ plans

    def _move(self, result: WorkloadResult, part: Part) -> Move:
        scenario, choice = self._scenario, self._scenario.choice(result.workload)
        asked = choice.lane or scenario.lane
        unanswered = result.verdict.label == "unknown"
        target = self._target(part, asked, unanswered)
        named = choice.model or scenario.models.get(f"{part.provider}/{part.model}")
        provider, _, model = named.partition("/") if named else (part.provider, "", part.model)
        hits, no_cache = choice.hit_rate, False
        if hits is None and scenario.hit_rate is not None:
            # A dial for everything leaves alone what sells no caching; a choice of one's own gets the reason.
            no_cache = part.lane("sync+cache").cost_micro_usd is None and named is None
            hits = None if no_cache else scenario.hit_rate
        prefix = choice.prefix_tokens if choice.prefix_tokens is not None else scenario.prefix_tokens
        return Move(
            part=part,
            target=target,
            own_choice=choice.lane is not None,
            unanswered=unanswered,
            share=choice.share if choice.share is not None else scenario.share,
            serves=(provider, model),
            hit_millionths=None if hits is None else int(hits * MILLION),
            prefix_tokens=prefix,
            volume=choice.volume if choice.volume is not None else scenario.volume,
            no_cache=no_cache,
            refusal=self._refusal(part, target, unanswered),
        )

    def _target(self, part: Part, asked: str, unanswered: bool) -> str | None:
        if asked == IF_TAGGED and unanswered:
            return self._if_it_could_wait(part)
        if asked in (RECOMMENDED, IF_TAGGED):
            return None if part.recommended_lane == STAY else part.recommended_lane
        return None if asked in (CURRENT, part.current_lane) else asked

    def _if_it_could_wait(self, part: Part) -> str | None:
        now = part.current_micro_usd
        allowed = self._prices.inputs.policy.admissible_tiers["batch"]
        lanes = [
            replace(lane, admissible=recommend.TIER_OF_LANE[lane.lane] in allowed) for lane in part.lanes
        ]
        baseline = None if now is None else Range(now, now, now)
        choice = recommend.choose(lanes, current=part.current_lane, baseline=baseline, stay_why=None)
        return None if choice.lane == STAY else choice.lane

    def _refusal(self, part: Part, target: str | None, unanswered: bool) -> str | None:
        if target is None:
            return None
        lane = part.lane(target)
        tier = recommend.TIER_OF_LANE[target]
        could = unanswered and tier in self._prices.inputs.policy.admissible_tiers["batch"]
        return None if lane.admissible or could else lane.why_not

    # ------------------------------------------------------------------ costs

    def _cost(self, move: Move, levers: Levers, case: Case) -> Piece:
        part = move.part
        if part.year_factor is None:
            return _unknown("The log has no dates, so nothing can be projected from it.")
        if move.refusal is not None and levers & {TAG, TIER}:
            return _unknown(f"{lane_title(move.target or '')} is not allowed: {move.refusal}")
        own = self._own(move, levers)
        here = self._price(move, levers, own, self._here(part))
        if here.micro_usd is None:
            return _unknown(here.reason)
        lane = self._lane(move, levers)
        if lane is None:
            return Piece(self._month(move, levers, here.micro_usd), part.current_lane)
        there = self._price(move, levers, self._there(move, levers, lane, case), lane)
        if there.micro_usd is None:
            return _unknown(there.reason)
        again, twice = self._reruns(move, lane, case)
        in_lane = (1 - again + twice) * there.micro_usd
        stays = (1 - move.share) * here.micro_usd + move.share * again * here.micro_usd
        moved = self._month(move, levers, move.share * in_lane)
        return Piece(self._month(move, levers, stays) + moved, lane, moved)

    def _effective(self, move: Move) -> Levers:
        """The levers that can change this part's cost at all."""
        if move not in self._matters:
            asked = self._scenario
            matters = {
                VOLUME: move.volume != 1 or asked.growth != 0,
                PROMPT: move.prefix_tokens != 0,
                PRICES: self.at != self._today or bool(asked.discounts),
                TAG: move.target is not None and move.unanswered,
                MODEL: move.swapped,
                CACHE: move.target is not None or move.hit_millionths is not None or asked.ttl is not None,
                TIER: move.target is not None and not move.unanswered,
            }
            self._matters[move] = frozenset(lever for lever, does in matters.items() if does)
        return self._matters[move]

    @staticmethod
    def _here(part: Part) -> str:
        return "sync" if part.described else AS_BILLED

    def _lane(self, move: Move, levers: Levers) -> str | None:
        """Where the moving share is with these levers pulled; None while it is where it was.

        Turning a cache on in the tier that serves a part today is the cache lever; going to another
        tier, with all that happens to the cache there, is the tier lever, or tagging where that is
        what it waits for.
        """
        target, part = move.target, move.part
        if target is None:
            return None
        if recommend.TIER_OF_LANE[target] == recommend.current_tier(part.current_lane):
            return target if CACHE in levers else None
        goes = (TAG if move.unanswered else TIER) in levers
        caches_anew = part.described and target.endswith("+cache")
        if not goes:
            return "sync+cache" if caches_anew and CACHE in levers and part.current_lane == "sync" else None
        return target.removesuffix("+cache") if caches_anew and CACHE not in levers else target

    def _own(self, move: Move, levers: Levers) -> Traffic:
        """The part's traffic with what these levers do to it."""
        part, caching = move.part, CACHE in levers
        provider, model = move.serves if MODEL in levers else (part.provider, part.model)
        return Traffic(
            part=(part.workload, part.provider, part.model),
            provider=provider,
            model=model,
            at=self.at if PRICES in levers else self._today,
            prefix_tokens=move.prefix_tokens if PROMPT in levers else 0,
            hit_millionths=move.hit_millionths if caching else None,
            ttl=self._scenario.ttl if caching else None,
        )

    def _there(self, move: Move, levers: Levers, lane: str | None, case: Case) -> Traffic:
        """The same in the lane it moves to: inside a batch, only some of the hits are kept."""
        own = self._own(move, levers)
        if lane != "batch+cache":
            return own
        if CACHE in levers and self._scenario.batch_hit_rate is not None:
            return replace(own, batch_hit_millionths=int(self._scenario.batch_hit_rate * MILLION))
        if not (move.part.tokens.cache_read_tokens or own.hit_millionths):
            return own
        kept = getattr(assumptions.hits_kept(*hit_range(self._prices.look, own.provider, own.model)), case)
        return replace(own, kept_millionths=int(kept * MILLION))

    def _price(self, move: Move, levers: Levers, traffic: Traffic, lane: str) -> Priced:
        return self._prices.cost(traffic, lane, self._growing if VOLUME in levers else self._flat)

    def _month(self, move: Move, levers: Levers, window_micro_usd: Decimal) -> Decimal:
        factor = (move.part.year_factor or Decimal(0)) / _MONTHS
        if VOLUME in levers:
            factor *= move.volume * self._growing.mean
        if PRICES in levers:
            provider = (move.serves if MODEL in levers else (move.part.provider, ""))[0]
            factor *= (100 - self._scenario.discounts.get(provider, Decimal(0))) / 100
        return (window_micro_usd * factor).quantize(_EXACT)

    def _reruns(self, move: Move, lane: str, case: Case) -> tuple[Decimal, Decimal]:
        """The share that runs again where it runs today, and what of it the lane bills as well."""
        tier = recommend.TIER_OF_LANE[lane]
        if tier == recommend.current_tier(move.part.current_lane) or tier not in ("batch", "flex"):
            return Decimal(0), Decimal(0)
        cases, late = rerun_cases(self._prices, move.part, move.serves, lane)
        asked = self._scenario.rerun_share
        again: Decimal = getattr(cases, case) if asked is None else asked
        if self._scenario.billed_twice:
            return again, again
        return again, late if asked is None and case == "low" else Decimal(0)


def _unknown(reason: str | None) -> Piece:
    return Piece(Decimal(0), reason=reason or "Its cost is unknown.")
