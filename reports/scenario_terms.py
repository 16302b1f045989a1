"""What a scenario assumes, by name and case, and what must be said beside its figures."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from reports import assumptions, recommend
from reports.model import Assumption
from reports.parts import hit_range
from reports.scenario import CACHE, MODEL, TAG, TIER, Scenario
from reports.scenario_moves import PRICES, PROMPT, VOLUME, Move
from reports.scenario_prices import ScenarioPrices
from reports.scenario_risk import rerun_cases

LEVER_TITLES: Final = {
    VOLUME: "Volume",
    PROMPT: "Prompt length",
    PRICES: "Prices",
    TAG: "Tag",
    MODEL: "Model",
    CACHE: "Cache",
    TIER: "Tier",
}
SET_HERE: Final = "Set in this scenario."


def assumptions_of(
    scenario: Scenario, moves: Sequence[Move], prices: ScenarioPrices
) -> tuple[Assumption, ...]:
    """Every assumption that the scenario's figures rest on, each once."""
    found = [*_reruns(scenario, moves, prices), *_hits(scenario, moves, prices), *_traffic(scenario)]
    if scenario.discounts:
        found += [
            _set(f"Discount of {provider}, on top of the prices in force", f"{percent.normalize():f} %")
            for provider, percent in sorted(scenario.discounts.items())
        ]
    if scenario.on is not None:
        found.append(_set("Prices of the year from", scenario.on.isoformat()))
    return tuple(dict.fromkeys(found))


def _set(name: str, value: str, source: str = SET_HERE) -> Assumption:
    return Assumption(name, value, value, value, source)


def percent(share: Decimal) -> str:
    """A share of 1 as an exact percentage."""
    return f"{(share * 100).normalize():f} %"


def _cases(name: str, cases: assumptions.Cases, source: str) -> Assumption:
    low, base, high = (percent(share) for share in cases.as_tuple())
    return Assumption(name, low, base, high, source)


def _reruns(scenario: Scenario, moves: Sequence[Move], prices: ScenarioPrices) -> list[Assumption]:
    billed = "billed twice" if scenario.billed_twice else "billed once"
    found = []
    for move in moves:
        tier = recommend.TIER_OF_LANE.get(move.target or "")
        if tier not in ("batch", "flex") or tier == recommend.current_tier(move.part.current_lane):
            continue
        name = f"Calls moved to {tier} that run again where they run today, {billed}"
        if scenario.rerun_share is not None:
            found.append(_set(name, percent(scenario.rerun_share)))
            continue
        cases, late = rerun_cases(prices, move.part, move.serves, move.target or "")
        tight = cases is assumptions.TIGHT_BATCH_RERUN
        source = "Assumed; set your own share under Risk."
        if late:
            source = (
                f"At worst {percent(late)} come late and are billed twice; set your own share under Risk."
            )
        found.append(
            _cases(
                f"{name} (it may wait less than the batch window)" if tight else name,
                cases,
                source,
            )
        )
    return found


def _hits(scenario: Scenario, moves: Sequence[Move], prices: ScenarioPrices) -> list[Assumption]:
    found = []
    if scenario.hit_rate is not None:
        found.append(_set("Input read from the cache", percent(scenario.hit_rate)))
    if scenario.ttl is not None:
        lifetime = "5 minutes" if scenario.ttl == "5m" else "1 hour"
        found.append(_set("Every cache write is priced at a lifetime of", lifetime))
    for move in moves:
        if move.target != "batch+cache":
            continue
        if scenario.batch_hit_rate is not None:
            found.append(_set("Input read from the cache inside a batch", percent(scenario.batch_hit_rate)))
            continue
        low, high = hit_range(prices.look, *move.serves)
        source = (
            "Assumed; the provider publishes no range."
            if low is None or high is None
            else "The provider's documented range; the base case is its middle."
        )
        found.append(
            _cases(
                f"Cache hits kept inside a batch ({move.serves[0]})", assumptions.hits_kept(low, high), source
            )
        )
    return found


def _traffic(scenario: Scenario) -> list[Assumption]:
    found = []
    if scenario.volume != 1:
        found.append(_set("Volume, today's being 1", f"{scenario.volume.normalize():f}"))
    if scenario.growth:
        found.append(
            _set(
                "Growth a month, compounding over the year", percent(scenario.growth), f"{SET_HERE} {_GROWTH}"
            )
        )
    if scenario.prefix_tokens:
        found.append(_set("Shared prefix, tokens a call", f"{scenario.prefix_tokens:+,}"))
    return found


_GROWTH: Final = "The first month has today's volume; a month is a twelfth of 8,760 hours."


def notes_of(scenario: Scenario, moves: Sequence[Move], workloads: Collection[str]) -> tuple[str, ...]:
    """What a reader must know beside the figures, as sentences; `workloads` are those there are."""
    notes = [
        "Estimated: an average month of the year from the scenario's day on, each period at its own prices."
    ]
    absent = sorted(set(scenario.workloads) - set(workloads))
    if absent:
        notes.append(
            f"The scenario also sets workloads that have no usage in this workspace: {', '.join(absent[:5])}"
            f"{'' if len(absent) <= 5 else f' and {len(absent) - 5} more'}. They change nothing here."
        )
    if any(move.swapped for move in moves):
        notes.append(
            "A swapped model is compared by price alone, with the same token counts: nothing here says that "
            "its answers are as good, and its tokenizer may count differently. Try it on cases of your own."
        )
    if any(move.hit_millionths is not None for move in moves):
        notes.append(
            "The hit rate holds in every lane with a cache; cache writes stay as they are, as far as there "
            "is input left for them. A longer lifetime is priced, its further hits are not guessed: set them."
        )
    without = sorted({move.part.model for move in moves if move.no_cache})
    if without:
        notes.append(
            f"No cache price is known for {', '.join(without)}: the hit rate leaves its calls as they are."
        )
    if any(move.prefix_tokens for move in moves):
        notes.append(
            "Prefix tokens are added or removed in every call and cached in the proportion of the rest of "
            "its input; the context band follows the average prompt."
        )
    if any(move.target and move.unanswered for move in moves):
        notes.append(
            "What counts under Tag is saved only once somebody has said that those workloads can wait."
        )
    return tuple(notes)
