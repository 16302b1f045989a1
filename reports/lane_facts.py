"""One workload's lanes beside each other: what each promises, what its own tokens cost there by the
million, and where a batch would begin to lose."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from pricing.break_even import (
    RequestMix,
    batch_rates,
    cached_share_at_which_batch_loses,
    hit_rate_at_which_batch_loses,
)
from pricing.lane_terms import CacheLife, LaneOffer, lane_offers, rates_at
from pricing.lanes import LaneRate
from pricing.table import PriceTable
from reports.model import Part


@dataclass(frozen=True)
class LaneFact:
    """One lane: its terms, and USD per million of the workload's own tokens, input and output together."""

    offer: LaneOffer
    effective_usd_per_mtok: Decimal | None


@dataclass(frozen=True)
class LaneSheet:
    """The lanes of one part, and its break-even shares of 1.

    Attributes:
        lanes: all eight, in order.
        cached_share: share of its input read from a cache today; None without input.
        batch_loses_above: the cached share above which a batch costs more; None: never.
        hits_a_batch_needs: the in-batch hit rate below which a batch costs more than today's cache;
            0: none needed; None: no hit rate is enough, or nothing is cached.
    """

    lanes: tuple[LaneFact, ...]
    cached_share: Fraction | None
    batch_loses_above: Fraction | None
    hits_a_batch_needs: Fraction | None


def lane_sheet(prices: PriceTable, part: Part, at: datetime, cache: CacheLife | None = None) -> LaneSheet:
    """The lanes of `part` at an instant, for prompts of its mean length."""
    tokens = part.tokens
    metered = max(part.n_requests - part.n_unmetered_ok, 1)
    mean = tokens.input_tokens // metered
    rates = rates_at(prices, part.provider, part.model, at, mean)
    offers = lane_offers(prices, part.provider, part.model, at, prompt_tokens=mean, cache=cache)
    mix = RequestMix(
        cached_tokens=tokens.cache_read_tokens,
        uncached_tokens=tokens.input_tokens - tokens.cache_read_tokens,
        output_tokens=tokens.output_tokens,
    )
    ratio = Fraction(tokens.output_tokens, tokens.input_tokens) if tokens.input_tokens else None
    return LaneSheet(
        lanes=tuple(LaneFact(offer, _effective(part, offer.lane)) for offer in offers),
        cached_share=Fraction(tokens.cache_read_tokens, tokens.input_tokens) if tokens.input_tokens else None,
        batch_loses_above=(
            None if ratio is None else cached_share_at_which_batch_loses(rates, output_per_input=ratio)
        ),
        hits_a_batch_needs=hit_rate_at_which_batch_loses(
            rates, mix, miss_factor=_miss_factor(batch_rates(rates))
        ),
    )


def _effective(part: Part, lane: str) -> Decimal | None:
    cost = part.lane(lane).cost_micro_usd
    tokens = part.tokens.input_tokens + part.tokens.output_tokens
    return cost / tokens if cost is not None and tokens else None


def _miss_factor(batch: LaneRate | None) -> Fraction:
    """What a missed token costs in the batch's input: it writes the cache again where that is priced."""
    if batch is None or not batch.input_usd_per_mtok or batch.cache_write_usd_per_mtok is None:
        return Fraction(1)
    return Fraction(batch.cache_write_usd_per_mtok) / Fraction(batch.input_usd_per_mtok)
