"""Lanes as rate vectors: five prices for five kinds of token, so that one formula costs them all.

A lane without caching carries the tier's input price in all four input places. Contract and regional
percentages are multiplied in here, exactly; the table keeps list prices. For every model and
lane the vectors partition time and context: exactly one holds, and it has rates or a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from pricing.discounts import Discount, factor_at
from pricing.model import AS_BILLED, LANES, TIERS, Lane, PriceRow, Tier
from pricing.reasons import REASONS, explain
from pricing.table import PriceTable

__all__ = ["LANE_TIERS", "REASONS", "LaneRate", "explain", "lane_rates"]

Caching = Literal["without", "with", "own"]

LANE_TIERS: Final[dict[Lane, tuple[Tier, Caching]]] = {
    "sync": ("standard", "without"),
    "sync+cache": ("standard", "with"),
    "batch": ("batch", "without"),
    "batch+cache": ("batch", "with"),
    "flex": ("flex", "without"),
    "flex+cache": ("flex", "with"),
    "priority": ("priority", "own"),
    "offpeak": ("offpeak", "own"),
}
"""Lane -> tier and caching. `own` prices the split a call really had: nobody moves to a dearer tier,
or to the night, to lose the cache that works there as it does by day."""

UNSETTLED: Final = "unsettled"
"""In place of a tier: a call billed by the clock whose hour is unknown."""


@dataclass(frozen=True)
class LaneRate:
    """The prices of one lane of one logged model, in one interval and one range of prompt length.

    USD per million tokens; prompts of `min_prompt_tokens` up to (not including)
    `max_prompt_tokens`. `reason` is a code of `REASONS` and set exactly when there are no rates.
    `cache_reason` says why a cache rate is None; that matters only to calls with such tokens.
    For `as_billed`, `tier` is the tier that served the call.
    """

    provider: str
    model: str
    lane: str
    tier: str
    min_prompt_tokens: int = 0
    max_prompt_tokens: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    input_usd_per_mtok: Decimal | None = None
    cache_read_usd_per_mtok: Decimal | None = None
    cache_write_usd_per_mtok: Decimal | None = None
    cache_write_long_usd_per_mtok: Decimal | None = None
    output_usd_per_mtok: Decimal | None = None
    reason: str | None = None
    cache_reason: str | None = None
    thinking_apart: bool = False
    """The rates hold for calls without reasoning tokens alone; what the others cost is not in the table."""


@dataclass(frozen=True)
class _Vector:
    input: Decimal
    cache_read: Decimal | None
    cache_write: Decimal | None
    cache_write_long: Decimal | None
    output: Decimal | None
    cache_reason: str | None = None


def lane_rates(table: PriceTable, models: Iterable[tuple[str, str]]) -> list[LaneRate]:
    """The rate vectors of logged models in the eight lanes and as billed in each tier.

    Args:
        table: where prices come from.
        models: (provider, model) as they stand in the log; the result keeps that spelling.
    """
    return [rate for provider, model in models for rate in _model_rates(table, provider, model)]


def _model_rates(table: PriceTable, provider: str, model: str) -> Iterator[LaneRate]:
    rows = table.rows_for(provider, model)
    by_tier = {tier: [row for row in rows if row.tier == tier] for tier in TIERS}
    lanes: list[tuple[str, Tier, Caching]] = [(lane, *LANE_TIERS[lane]) for lane in LANES]
    lanes.extend((AS_BILLED, tier, "own") for tier in TIERS)
    for lane, tier, caching in lanes:
        if not by_tier[tier]:
            code = "tier_not_offered" if rows else "model_not_in_table"
            yield LaneRate(provider, model, lane, tier, reason=code)
            continue
        discounts = [
            discount
            for discount in table.discounts
            if any(discount.applies(row.provider, row.model, tier) for row in by_tier[tier])
        ]
        for start, end in _intervals([*by_tier["standard"], *by_tier[tier], *discounts]):
            standard_rows = [row for row in by_tier["standard"] if row.covers(start)]
            tier_rows = [row for row in by_tier[tier] if row.covers(start)]
            for low, high in _bands(standard_rows + tier_rows):
                standard, own = _band_row(standard_rows, low), _band_row(tier_rows, low)
                vector = _vector(own, standard, caching)
                factor = Decimal(1) if own is None else factor_at(discounts, own, start)
                place = LaneRate(provider, model, lane, tier, low, high, start, end)
                thinking = own is not None and table.thinking(own) is not None
                yield replace(_filled(place, vector, factor), thinking_apart=thinking)
    yield LaneRate(
        provider,
        model,
        AS_BILLED,
        UNSETTLED,
        reason="offpeak_unsettled" if rows else "model_not_in_table",
    )


def _intervals(rows: Sequence[PriceRow | Discount]) -> list[tuple[datetime | None, datetime | None]]:
    """All of time, cut wherever a row begins or ends; None is open."""
    cuts = sorted({at for row in rows for at in (row.valid_from, row.valid_to) if at is not None})
    return list(zip([None, *cuts], [*cuts, None], strict=True))


def _bands(rows: Sequence[PriceRow]) -> list[tuple[int, int | None]]:
    """All prompt lengths, cut wherever a band of these rows begins; None is open."""
    starts = sorted({0} | {row.min_prompt_tokens for row in rows})
    return list(zip(starts, [*starts[1:], None], strict=True))


def _band_row(rows: Sequence[PriceRow], prompt_tokens: int) -> PriceRow | None:
    reached = [row for row in rows if row.min_prompt_tokens <= prompt_tokens]
    return max(reached, key=lambda row: row.min_prompt_tokens, default=None)


def _filled(place: LaneRate, vector: _Vector | str, factor: Decimal) -> LaneRate:
    if isinstance(vector, str):
        return replace(place, reason=vector)

    def charged(price: Decimal | None) -> Decimal | None:
        return None if price is None else price * factor

    return replace(
        place,
        input_usd_per_mtok=charged(vector.input),
        cache_read_usd_per_mtok=charged(vector.cache_read),
        cache_write_usd_per_mtok=charged(vector.cache_write),
        cache_write_long_usd_per_mtok=charged(vector.cache_write_long),
        output_usd_per_mtok=charged(vector.output),
        cache_reason=vector.cache_reason,
    )


def _vector(row: PriceRow | None, standard: PriceRow | None, caching: Caching) -> _Vector | str:
    """The five rates of a tier row with or without caching, or the code of the reason for none."""
    price = None if row is None else row.input_usd_per_mtok
    if row is None or price is None:
        return "no_price_on_date" if row is None else "input_price_missing"
    if standard is not None and standard.min_prompt_tokens > row.min_prompt_tokens:
        return "long_context_not_published"
    if caching == "without" or row.cache_rule == "billed_as_input":
        return _Vector(price, price, price, price, row.output_usd_per_mtok)
    missing = _why_no_cache(row, standard)
    if missing is None:
        return _cached(row, standard, price)
    if caching == "with":
        return missing
    code = "cache_unknown" if missing == "cache_unknown" else "cache_price_missing"
    return _Vector(price, None, None, None, row.output_usd_per_mtok, code)


def _cached(row: PriceRow, standard: PriceRow | None, price: Decimal) -> _Vector:
    """The rates of a tier whose cache is priced, by its own columns or by the standard tier's."""
    read = row.cache_read_usd_per_mtok
    if row.cache_rule == "same_as_standard" and standard is not None:
        read = standard.cache_read_usd_per_mtok
    write, write_long = row.cache_write_usd_per_mtok, row.cache_write_long_usd_per_mtok
    if write is None and write_long is None:
        write = write_long = price  # no premium is charged for writing: the first reading is plain input
    return _Vector(price, read, write, write_long, row.output_usd_per_mtok, "cache_price_missing")


def _why_no_cache(row: PriceRow, standard: PriceRow | None) -> str | None:
    if row.cache_rule == "unknown":
        return "cache_unknown"
    if row.cache_rule == "none":
        return "cache_not_offered"
    if row.cache_rule == "same_as_standard" and (
        standard is None or standard.cache_read_usd_per_mtok is None
    ):
        return "cache_not_offered"
    return None
