"""What a lane promises beside its price: whether it is sold, how long it takes, how much it takes in,
and what becomes of the cache in it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from pricing.lanes import LANE_TIERS, LaneRate, lane_rates
from pricing.model import LANES, CacheRule, Lane, Tier, TierTerms
from pricing.reasons import explain
from pricing.table import PriceTable


class CacheLife(Protocol):
    """Terms of prompt caching of one model; None is unknown, and a storage price of 0 is free."""

    @property
    def min_tokens(self) -> int | None:
        """The shortest prefix that is cached."""

    @property
    def ttl_s(self) -> int | None:
        """Seconds that an unused entry lives when nothing is asked for."""

    @property
    def ttl_long_s(self) -> int | None:
        """Seconds of the longer lifetime, where one is sold."""

    @property
    def storage_usd_per_mtok_hour(self) -> Decimal | None:
        """What keeping a million tokens for an hour costs."""


@dataclass(frozen=True)
class LaneOffer:
    """One lane of one model at an instant, for prompts of one length.

    `reason` is the code, and `why_not` the sentence, of a lane that is not sold; `window_s` is what
    the provider aims at, `expiry_s` when it gives up. `cache_rule` says how cached tokens bill in
    the lane's tier, `cache_hit_low` and `cache_hit_high` how many hits survive there, 0 to 1.
    """

    lane: Lane
    tier: Tier
    reason: str | None
    why_not: str | None
    window_s: int | None
    expiry_s: int | None
    max_requests: int | None
    max_bytes: int | None
    cache_rule: CacheRule | None
    cache_hit_low: Decimal | None
    cache_hit_high: Decimal | None
    cache_min_tokens: int | None
    cache_ttl_s: int | None
    cache_ttl_long_s: int | None
    cache_storage_usd_per_mtok_hour: Decimal | None
    note: str
    source: str | None

    @property
    def offered(self) -> bool:
        """Whether the lane can be bought."""
        return self.reason is None

    @property
    def caches(self) -> bool:
        """Whether the lane is one with caching, and sold."""
        return self.offered and LANE_TIERS[self.lane][1] != "without" and self.cache_rule in _CACHING


_CACHING: Final[tuple[CacheRule, ...]] = ("priced", "same_as_standard")


def rates_at(
    table: PriceTable, provider: str, model: str, at: datetime, prompt_tokens: int = 0
) -> dict[str, LaneRate]:
    """Lane -> its rates at an instant for prompts of a length, with rates or a reason for none."""
    return {
        rate.lane: rate
        for rate in lane_rates(table, [(provider, model)])
        if rate.lane in LANES
        and (rate.valid_from is None or rate.valid_from <= at)
        and (rate.valid_to is None or at < rate.valid_to)
        and rate.min_prompt_tokens <= prompt_tokens
        and (rate.max_prompt_tokens is None or prompt_tokens < rate.max_prompt_tokens)
    }


def lane_offers(
    table: PriceTable,
    provider: str,
    model: str,
    at: datetime,
    *,
    prompt_tokens: int = 0,
    cache: CacheLife | None = None,
) -> tuple[LaneOffer, ...]:
    """The eight lanes of a logged model, in their order.

    Args:
        table: where prices and terms come from.
        provider: as logged.
        model: as logged.
        at: the instant, naive UTC.
        prompt_tokens: the length of the prompts; some tiers sell no long ones.
        cache: the model's terms of caching, where they are known.
    """
    rates = rates_at(table, provider, model, at, prompt_tokens)
    rows = table.rows_for(provider, model)
    offers = []
    for lane, (tier, caching) in LANE_TIERS.items():
        rate = rates[lane]
        terms = table.terms(provider, model, tier)
        rule = next((row.cache_rule for row in rows if row.tier == tier and row.covers(at)), None)
        offers.append(
            _offer(
                lane, tier, rate, terms, rule, cache if caching != "without" and rule in _CACHING else None
            )
        )
    return tuple(offers)


def _offer(
    lane: Lane,
    tier: Tier,
    rate: LaneRate,
    terms: TierTerms | None,
    rule: CacheRule | None,
    cache: CacheLife | None,
) -> LaneOffer:
    why_not = (
        None
        if rate.reason is None
        else explain(rate.reason, provider=rate.provider, model=rate.model, tier=tier)
    )
    return LaneOffer(
        lane=lane,
        tier=tier,
        reason=rate.reason,
        why_not=why_not,
        window_s=terms.window_s if terms else None,
        expiry_s=terms.expiry_s if terms else None,
        max_requests=terms.max_requests if terms else None,
        max_bytes=terms.max_bytes if terms else None,
        cache_rule=rule,
        cache_hit_low=terms.cache_hit_low if terms else None,
        cache_hit_high=terms.cache_hit_high if terms else None,
        cache_min_tokens=cache.min_tokens if cache else None,
        cache_ttl_s=cache.ttl_s if cache else None,
        cache_ttl_long_s=cache.ttl_long_s if cache else None,
        cache_storage_usd_per_mtok_hour=cache.storage_usd_per_mtok_hour if cache else None,
        note=terms.note if terms else "",
        source=terms.source if terms else None,
    )
