"""Where caching and batches stop paying: exact shares, from rates and a workload's own tokens.

Shares are Fractions of 1. Rates are those of `pricing.lane_terms.rates_at`, USD per million tokens,
so tokens x rate is micro-dollars.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.lanes import LaneRate

NO_PREMIUM: Final = Fraction(1)


@dataclass(frozen=True)
class RequestMix:
    """An average request: tokens that a cache holds today, other input, and output."""

    cached_tokens: int
    uncached_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class LifetimeCost:
    """What one way of caching costs for a run of requests: writes, reads, micro-dollars.

    `ttl_s` is None for no caching; the cost covers the shared prefix alone.
    """

    ttl_s: int | None
    writes: int
    reads: int
    cost_micro_usd: Decimal


def batch_rates(rates: Mapping[str, LaneRate]) -> LaneRate | None:
    """What a batch bills: with its cache where it has one, else cached tokens as its input.

    None where the model has no batch.
    """
    for lane in ("batch+cache", "batch"):
        if lane in rates and rates[lane].reason is None:
            return rates[lane]
    return None


def cached_share_at_which_batch_loses(
    rates: Mapping[str, LaneRate], *, output_per_input: Fraction = Fraction(0)
) -> Fraction | None:
    """The share of input read from a cache above which a batch costs more than staying with the cache.

    None: a batch never costs more (or there is nothing to compare). `output_per_input` is output
    tokens over input tokens; 0 compares input alone. Solves
    (1 - h) i + h r + q o = (1 - h) i' + h r' + q o' for h.
    """
    now, then = rates.get("sync+cache"), batch_rates(rates)
    if now is None or then is None or now.reason is not None:
        return None
    lost = (_of(now.input_usd_per_mtok) - _of(now.cache_read_usd_per_mtok)) - (
        _of(then.input_usd_per_mtok) - _of(then.cache_read_usd_per_mtok)
    )
    gained = _of(now.input_usd_per_mtok) - _of(then.input_usd_per_mtok)
    gained += output_per_input * (_of(now.output_usd_per_mtok) - _of(then.output_usd_per_mtok))
    if lost <= 0 or gained >= lost:
        return None
    return max(gained / lost, Fraction(0))


def hit_rate_at_which_batch_loses(
    rates: Mapping[str, LaneRate], mix: RequestMix, *, miss_factor: Fraction = NO_PREMIUM
) -> Fraction | None:
    """The in-batch hit rate below which a batch costs more than staying with a warm cache.

    0: a batch never costs more; None: it always does, or there is nothing to compare. A missed token
    costs `miss_factor` times the batch's input (1.25 where each miss writes the cache again). Solves
    C (x r' + (1 - x) m i') + U i' + O o' = C r + U i + O o for x.
    """
    now, then = rates.get("sync+cache"), batch_rates(rates)
    if now is None or then is None or now.reason is not None or not mix.cached_tokens:
        return None
    today = (
        mix.cached_tokens * _of(now.cache_read_usd_per_mtok)
        + mix.uncached_tokens * _of(now.input_usd_per_mtok)
        + mix.output_tokens * _of(now.output_usd_per_mtok)
    )
    missed = mix.cached_tokens * miss_factor * _of(then.input_usd_per_mtok)
    without_hits = (
        missed
        + mix.uncached_tokens * _of(then.input_usd_per_mtok)
        + mix.output_tokens * _of(then.output_usd_per_mtok)
    )
    if without_hits <= today:
        return Fraction(0)
    saved_by_hits = missed - mix.cached_tokens * _of(then.cache_read_usd_per_mtok)
    if saved_by_hits < without_hits - today:
        return None
    return (without_hits - today) / saved_by_hits


def uses_from_which_writing_pays(rate: LaneRate, *, long: bool = False) -> int | None:
    """How often a prefix has to be sent, the first time included, for caching it to cost less.

    None where caching never pays or has no price.
    """
    price = rate.cache_write_long_usd_per_mtok if long else rate.cache_write_usd_per_mtok
    if rate.input_usd_per_mtok is None or rate.cache_read_usd_per_mtok is None or price is None:
        return None
    gain = _of(rate.input_usd_per_mtok) - _of(rate.cache_read_usd_per_mtok)
    if gain <= 0:
        return None
    # one write and n - 1 reads cost less than n inputs from the first n above this
    return max(math.floor((_of(price) - _of(rate.cache_read_usd_per_mtok)) / gain) + 1, 1)


def lifetime_costs(
    rate: LaneRate, prefix_tokens: int, gaps: Iterable[tuple[Decimal | int, int]], ttls: Mapping[int, bool]
) -> tuple[LifetimeCost, ...]:
    """What a shared prefix costs for requests with these gaps: without a cache, then by lifetime.

    Args:
        rate: a lane with caching.
        prefix_tokens: the length of the shared prefix.
        gaps: (seconds between two requests of one prefix, how often). n gaps are n + 1 requests.
        ttls: lifetime in seconds -> whether it takes the long write price. Each use renews an
            entry for nothing, and the time counts from the request's start; so a gap no longer
            than the lifetime is a read, and a longer one a write.

    Lifetimes whose price is not published are left out.
    """
    counted = list(gaps)
    requests = 1 + sum(n for _, n in counted)
    found = []
    if rate.input_usd_per_mtok is not None:
        found.append(LifetimeCost(None, 0, 0, requests * prefix_tokens * rate.input_usd_per_mtok))
    for ttl_s, long in sorted(ttls.items()):
        price = rate.cache_write_long_usd_per_mtok if long else rate.cache_write_usd_per_mtok
        if price is None or rate.cache_read_usd_per_mtok is None:
            continue
        reads = sum(n for gap_s, n in counted if gap_s <= ttl_s)
        writes = requests - reads
        cost = prefix_tokens * (writes * price + reads * rate.cache_read_usd_per_mtok)
        found.append(LifetimeCost(ttl_s, writes, reads, cost))
    return tuple(found)


def storage_micro_usd(tokens: int, hours: Decimal, usd_per_mtok_hour: Decimal) -> Decimal:
    """What keeping `tokens` in a cache for `hours` costs, where storage is charged; micro-dollars."""
    return tokens * hours * usd_per_mtok_hour


def reads_per_hour_that_pay_storage(rate: LaneRate, usd_per_mtok_hour: Decimal) -> Fraction | None:
    """How often an hour a stored prefix has to be read for its storage to be paid; None: it never is."""
    if rate.input_usd_per_mtok is None or rate.cache_read_usd_per_mtok is None:
        return None
    gain = _of(rate.input_usd_per_mtok) - _of(rate.cache_read_usd_per_mtok)
    return Fraction(usd_per_mtok_hour) / gain if gain > 0 else None


def _of(price: Decimal | None) -> Fraction:
    """An exact price; one that is missing belongs to tokens of which there are none."""
    return Fraction(price) if price is not None else Fraction(0)
