"""How long a prompt cache should keep a workload's prefixes: by what could be read, and by its own gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from data.queries import log_bucket_bounds
from pricing.break_even import LifetimeCost, lifetime_costs
from pricing.lane_terms import rates_at
from pricing.lanes import LaneRate
from pricing.table import PriceTable
from reports.cache_potential import CachePotential, TtlChoice, choose_ttl
from reports.model import Part

PREFIX_TOKENS: Final = 1_000
"""The length of prefix that lifetimes are compared for; the cheaper one is the same for any length."""


@dataclass(frozen=True)
class CacheChoice:
    """What a prompt cache could do for one part.

    Attributes:
        potentials: what could have been read, one a lifetime, shortest first.
        read_today: share of the input read from a cache today; None without input.
        by_hits: the lifetime that the potentials make cheapest; None where the model has no price for it.
        by_gaps: what a prefix of `PREFIX_TOKENS` that every call shares costs without a cache and by
            lifetime, for the gaps between the calls; empty where the log has none or caching no price.
    """

    part: Part
    potentials: tuple[CachePotential, ...]
    read_today: float | None
    by_hits: TtlChoice | None
    by_gaps: tuple[LifetimeCost, ...]

    @property
    def cheapest(self) -> LifetimeCost | None:
        """The cheapest by the gaps, the shorter lifetime among equals; None where nothing is known."""
        return min(self.by_gaps, key=lambda item: (item.cost_micro_usd, item.ttl_s or 0), default=None)


def cache_choice(
    prices: PriceTable,
    part: Part,
    potentials: Iterable[CachePotential],
    gaps_s: Mapping[int, int],
    at: datetime,
) -> CacheChoice:
    """The choice for one part at an instant, of the lifetimes its model sells.

    Args:
        potentials: of any workloads and models; those of the part are taken.
        gaps_s: seconds between a call and the next, in log buckets; each counts with its upper end.
    """
    terms = prices.cache_terms(part.provider, part.model, at)
    rate = rates_at(prices, part.provider, part.model, at).get("sync+cache")
    sold = {
        ttl_s: long
        for ttl_s, long in ((terms.ttl_s, False), (terms.ttl_long_s, True))
        if ttl_s is not None
    } if terms is not None else {}  # fmt: skip
    mine = sorted(
        (
            item
            for item in potentials
            if (item.workload, item.provider, item.model) == (part.workload, part.provider, part.model)
        ),
        key=lambda item: item.ttl_s,
    )
    priced = rate is not None and rate.reason is None
    gaps = [(round(log_bucket_bounds(bucket).high), n) for bucket, n in gaps_s.items()]
    return CacheChoice(
        part=part,
        potentials=tuple(mine),
        read_today=part.tokens.cached_share,
        by_hits=_by_hits(rate, mine, sold) if rate is not None and priced else None,
        by_gaps=lifetime_costs(rate, PREFIX_TOKENS, gaps, sold)
        if rate is not None and priced and gaps and sold
        else (),
    )


def _by_hits(rate: LaneRate, items: Iterable[CachePotential], sold: Mapping[int, bool]) -> TtlChoice | None:
    plain, read = rate.input_usd_per_mtok, rate.cache_read_usd_per_mtok
    write: dict[int, Decimal] = {}
    for ttl_s, long in sold.items():
        price = rate.cache_write_long_usd_per_mtok if long else rate.cache_write_usd_per_mtok
        if price is not None and plain:
            write[ttl_s] = price / plain
    offered = [item for item in items if item.ttl_s in write]
    if not plain or read is None or not offered:
        return None
    return choose_ttl(offered, read=read / plain, write=write)
