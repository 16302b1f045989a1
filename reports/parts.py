"""The parts of every workload: what each costs in every lane, where it should run and what that saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from data.schema import TIERS
from pricing.model import AS_BILLED, LANES
from reports import assumptions, lane_risk, recommend, tables
from reports.format import label_title, lane_title
from reports.look import NO_DATES, Look, part_key, reason_sentence, sum_costs, whole_cost
from reports.model import NOTHING, STAY, DeadlineRisk, LaneCost, Part, Range, TokenSums
from reports.projection import Basis
from reports.windows import PartKey
from triage.facts import wait_s
from triage.model import Verdict, WorkloadFacts
from triage.overrides import apply_overrides

MILLION: Final = 1_000_000
_CASES: Final = ("low", "base", "high")
"""Of the saving, as `assumptions.Cases` orders them; low is the pessimistic one."""
_UNDATED: Final = Basis(None, 0, None, "The log has no dates, so nothing can be projected from it.")


@dataclass(frozen=True)
class _Traffic:
    """One part's traffic in the projection: tokens, tiers, and where it runs today."""

    key: PartKey
    described: bool
    tokens: TokenSums
    tier_counts: Mapping[str, int]
    current: str
    now: Decimal | None
    verdict: Verdict
    basis: Basis
    risk: DeadlineRisk | None


@dataclass(frozen=True)
class Priced:
    """What the traffic of every part costs, whatever anybody says of it; one pricing serves many verdicts."""

    lanes: Mapping[PartKey, Mapping[str, dict[str, Any]]]
    kept: Mapping[PartKey, Range]
    spent: Mapping[PartKey, Decimal | None]
    used: Mapping[PartKey, Mapping[str, Any]]
    whole: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def of(cls, look: Look) -> "Priced":
        """Prices every part of a look."""
        whole: dict[str, list[Mapping[str, Any]]] = {}
        for row in look.ground.tokens:
            whole.setdefault(row["workload"], []).append(row)
        return cls(
            lanes=look.lanes(look.ground.projected),
            kept=batch_cache_cases(look),
            spent={key: sum_costs(rows) for key, rows in _by_part(look.billed).items()},
            used={part_key(row): row for row in look.ground.projected_tokens},
            whole=whole,
        )


def build_parts(look: Look) -> dict[str, tuple[Part, ...]]:
    """Workload -> its parts; a declared workload without usage has none."""
    priced = Priced.of(look)
    return {
        name: workload_parts(look, priced, name, look.ground.facts[name], verdict)
        for name, verdict in look.ground.verdicts.items()
    }


def workload_parts(
    look: Look, priced: Priced, name: str, facts: WorkloadFacts, verdict: Verdict
) -> tuple[Part, ...]:
    """The parts of one workload as they are under facts and a verdict, which may be supposed ones."""
    found = []
    for whole in priced.whole.get(name, ()):
        key = part_key(whole)
        lanes = priced.lanes.get(key, {})
        traffic = _traffic(look, key, whole, priced.used.get(key, whole), lanes, facts, verdict)
        costs = _lane_costs(look, traffic, lanes, priced.kept.get(key))
        found.append(_part(look, traffic, whole, costs, priced.spent.get(key)))
    return tuple(found)


def batch_cache_cases(look: Look) -> dict[PartKey, Range]:
    """What batch with cache costs when only the assumed share of today's hits is kept in it.

    Costs over the projection window, ordered as costs; parts without such a price are left out.
    """
    models = look.models()
    if not models:
        return {}
    shares = [assumptions.hits_kept(*hit_range(look, *model)).as_tuple() for model in models]
    rewrites = [_charges_writes(look, *model) for model in models]
    kept = pa.table(
        {
            "assumed": pa.array([case for case in _CASES for _ in models], pa.string()),
            "provider": pa.array([provider for provider, _ in models] * len(_CASES), pa.string()),
            "model": pa.array([model for _, model in models] * len(_CASES), pa.string()),
            "kept_millionths": pa.array(
                [int(of_model[case] * MILLION) for case in range(len(_CASES)) for of_model in shares],
                pa.int64(),
            ),
            "rewrites": pa.array(rewrites * len(_CASES), pa.bool_()),
        }
    )
    cube = tables.arrow("keep_hits", {"cube": look.ground.projected, "kept": kept})
    priced = look.lanes_by_dataset(cube, ("batch+cache",))
    pessimistic, base, optimistic = (
        {
            key: cost
            for key, rows in priced.get(case, {}).items()
            if (cost := whole_cost(rows.get("batch+cache"))) is not None
        }
        for case in _CASES
    )
    return {
        key: Range(*sorted((optimistic[key], base[key], pessimistic[key])))
        for key in base
        if key in pessimistic and key in optimistic
    }


def hit_range(look: Look, provider: str, model: str) -> tuple[Decimal | None, Decimal | None]:
    """The provider's published range of cache hits inside a batch, shares of 1; (None, None) without one."""
    terms = look.inputs.prices.terms(provider, model, "batch")
    return (terms.cache_hit_low, terms.cache_hit_high) if terms else (None, None)


def _priced_as(look: Look, provider: str, model: str) -> str | None:
    """The table's id of the model whose prices hold at the analysis date; None where it is unknown."""
    found = look.inputs.prices.locate(provider, model, look.inputs.as_of)
    return None if found is None else found[1]


def _charges_writes(look: Look, provider: str, model: str) -> bool:
    rows = look.inputs.prices.rows_for(provider, model)
    return any(row.cache_write_usd_per_mtok is not None and row.cache_write_usd_per_mtok > 0 for row in rows)


def _traffic(
    look: Look,
    key: PartKey,
    whole: Mapping[str, Any],
    row: Mapping[str, Any],
    priced: Mapping[str, dict[str, Any]],
    facts: WorkloadFacts,
    verdict: Verdict,
) -> _Traffic:
    tokens = TokenSums(*(int(row[column]) for column in TokenSums.__dataclass_fields__))
    tier_counts: dict[str, int] = {tier: int(row[f"n_{tier}"]) for tier in TIERS}
    described = bool(whole["described"])
    caching = tokens.cache_read_tokens + tokens.cache_write_tokens + tokens.cache_write_long_tokens > 0
    return _Traffic(
        key=key,
        described=described,
        tokens=tokens,
        tier_counts=tier_counts,
        # A description does not say that caching is on, so it starts from a lane without it.
        current="sync" if described else recommend.current_lane(tier_counts, caching),
        now=whole_cost(priced.get("sync" if described else AS_BILLED)),
        verdict=verdict,
        basis=look.ground.bases.get(key, _UNDATED),
        risk=_deadline_risk(look, key, facts),
    )


def _deadline_risk(look: Look, key: PartKey, facts: WorkloadFacts) -> DeadlineRisk | None:
    """What the stated wait, or that of an override's SLA class, means for a batch."""
    workload, provider, _ = key
    policy = look.inputs.policy
    wait = wait_s(apply_overrides(facts, policy).facts)
    shown = look.ground.behaviours.get(workload)
    run_s = shown.burst_spread_s if shown is not None else None
    return lane_risk.deadline_risk(
        provider,
        None if wait is None else int(wait),
        look.inputs.turnarounds.get(provider),
        policy,
        None if run_s is None else round(run_s),
    )


def _lane_costs(
    look: Look, traffic: _Traffic, priced: Mapping[str, dict[str, Any]], kept: Range | None
) -> tuple[LaneCost, ...]:
    _, provider, model = traffic.key
    found = []
    for lane in LANES:
        row = priced.get(lane)
        cost = whole_cost(row)
        tier = recommend.TIER_OF_LANE[lane]
        risk = traffic.risk if tier == "batch" else None
        why_not = _why_not(traffic.verdict, tier, risk)
        once, twice = _risked(traffic.now, cost, risk)
        code = None if cost is not None else row["reason"] if row is not None else NO_DATES
        found.append(
            LaneCost(
                lane=lane,
                cost_micro_usd=cost,
                projected=_projected(look, traffic, lane, cost, kept),
                reason_code=code,
                reason=reason_sentence(code, provider, model, tier),
                admissible=why_not is None,
                why_not=why_not,
                risk=risk,
                saving_once_micro_usd=once,
                saving_twice_micro_usd=twice,
            )
        )
    return tuple(found)


def _projected(
    look: Look, traffic: _Traffic, lane: str, cost: Decimal | None, kept: Range | None
) -> Range | None:
    if cost is None or traffic.now is None:
        return None
    plain = Range(cost, cost, cost)
    if lane == traffic.current:
        return plain
    start = kept if lane == "batch+cache" and kept is not None and traffic.tokens.cache_read_tokens else plain
    tier = recommend.TIER_OF_LANE[lane]
    _, provider, model = traffic.key
    terms = look.inputs.prices.terms(provider, model, tier)
    cases, twice = lane_risk.rerun_cases(tier, traffic.risk, terms.window_s if terms is not None else None)
    return recommend.with_reruns(start, traffic.now, cases, twice)


def _risked(
    now: Decimal | None, cost: Decimal | None, risk: DeadlineRisk | None
) -> tuple[Decimal | None, Decimal | None]:
    if now is None or cost is None or risk is None or risk.miss.base is None:
        return None, None
    return lane_risk.expected_savings(now, cost, risk.miss.base)


def _part(
    look: Look,
    traffic: _Traffic,
    whole: Mapping[str, Any],
    costs: tuple[LaneCost, ...],
    spent: Decimal | None,
) -> Part:
    workload, provider, model = traffic.key
    factor = traffic.basis.year_factor
    baseline = _baseline(traffic, costs)
    choice = recommend.choose(costs, current=traffic.current, baseline=baseline, stay_why=_stay_why(traffic))
    potential = _potential(look, traffic, costs, baseline)
    total = sum(traffic.tier_counts.values())
    return Part(
        workload=workload,
        provider=provider,
        model=model,
        price_model=_priced_as(look, provider, model),
        described=traffic.described,
        n_requests=int(whole["n_requests"]),
        n_failed=int(whole["n_failed"]),
        n_unmetered_ok=int(whole["n_unmetered_ok"]),
        tokens=traffic.tokens,
        tier_mix={tier: count / total for tier, count in traffic.tier_counts.items() if count},
        window_note=traffic.basis.note,
        year_factor=factor,
        billed_micro_usd=None if traffic.described else spent,
        current_lane=traffic.current,
        current_micro_usd=traffic.now,
        lanes=costs,
        recommended_lane=choice.lane,
        because=choice.because,
        saving_per_year=choice.saving.scaled(factor) if factor is not None else NOTHING,
        potential_per_year=potential.scaled(factor) if potential is not None and factor is not None else None,
    )


def _baseline(traffic: _Traffic, lanes: tuple[LaneCost, ...]) -> Range | None:
    """Today's cost as a range of costs; a description's low case has the cache on already."""
    if traffic.now is None:
        return None
    cached = next((lane.cost_micro_usd for lane in lanes if lane.lane == "sync+cache"), None)
    low = min(traffic.now, cached) if traffic.described and cached is not None else traffic.now
    return Range(low, traffic.now, traffic.now)


def _stay_why(traffic: _Traffic) -> str | None:
    verdict, current = traffic.verdict, traffic.current
    tier = recommend.current_tier(current)
    if traffic.basis.year_factor is None:
        return traffic.basis.note
    if verdict.label == "unknown":
        return "It stays until somebody answers: " + (verdict.question or "can it wait?")
    if not verdict.worth_moving:
        return verdict.worth_reason
    if tier in ("priority", "ultrafast") and verdict.label == "interactive":
        return f"It pays for {tier}; whether it needs the speed is for its owner to say."
    if not traffic.described and tier is not None and tier not in verdict.admissible_tiers:
        return (
            f"It runs in {lane_title(current).lower()} today, which its label "
            f"({label_title(verdict.label).lower()}) does not allow: check whether anybody waits for it."
        )
    return None


def _potential(
    look: Look, traffic: _Traffic, costs: tuple[LaneCost, ...], baseline: Range | None
) -> Range | None:
    """What an unknown workload would save if it turned out to be batch; None for the others."""
    if traffic.verdict.label != "unknown" or traffic.basis.year_factor is None:
        return None
    allowed = look.inputs.policy.admissible_tiers["batch"]
    lanes = [replace(lane, admissible=_admitted(lane, allowed)) for lane in costs]
    choice = recommend.choose(lanes, current=traffic.current, baseline=baseline, stay_why=None)
    return None if choice.lane == STAY else choice.saving


def _admitted(lane: LaneCost, tiers: Sequence[str]) -> bool:
    return recommend.TIER_OF_LANE[lane.lane] in tiers and (lane.risk is None or lane.risk.why_not is None)


def _why_not(verdict: Verdict, tier: str, risk: DeadlineRisk | None) -> str | None:
    """Why a lane of that tier is not admissible; None where it is."""
    if tier in verdict.admissible_tiers:
        return None if risk is None else risk.why_not
    if verdict.label == "unknown":
        return "Nobody has said whether it can wait."
    return f"{label_title(verdict.label)} workloads are not moved to {tier}."


def _by_part(rows: list[dict[str, Any]]) -> dict[PartKey, list[dict[str, Any]]]:
    found: dict[PartKey, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(part_key(row), []).append(row)
    return found
