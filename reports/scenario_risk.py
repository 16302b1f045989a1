"""Which calls of a move are assumed to run again: as in the analysis, for the model that serves them."""

from decimal import Decimal

from reports import lane_risk, recommend
from reports.assumptions import Cases
from reports.model import DeadlineRisk, Part
from reports.scenario_prices import ScenarioPrices


def rerun_cases(
    prices: ScenarioPrices, part: Part, serves: tuple[str, str], lane: str
) -> tuple[Cases, Decimal]:
    """The share that runs again where it runs today, and what of it is billed twice at worst.

    Args:
        serves: (provider, model) of the scenario, whose batches may be back sooner or later.
    """
    tier = recommend.TIER_OF_LANE[lane]
    terms = prices.inputs.prices.terms(*serves, tier)
    window_s = terms.window_s if terms is not None else None
    return lane_risk.rerun_cases(tier, _risk(prices, part, serves[0]), window_s)


def _risk(prices: ScenarioPrices, part: Part, provider: str) -> DeadlineRisk | None:
    own = part.lane("batch").risk
    if own is None or provider == part.provider:
        return own
    given = prices.inputs
    return lane_risk.deadline_risk(
        provider, own.deadline_s, given.turnarounds.get(provider), given.policy, own.sync_run_s
    )
