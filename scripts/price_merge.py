"""Merges what the sources say about one model into dated rows: precedence, back-dating, cache rules.

A curated override wins; then genai-prices for the providers whose pages it checks; then litellm;
then a multiplier of `modifiers.csv`. Nothing is made up silently: derived and back-dated rows say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from pricing.matching import matches
from scripts.price_modifiers import Modifier
from scripts.price_sources import PRICE_PARTS, Quote, SourceModel

FIRST_PARTY: Final = ("openai", "anthropic", "gemini", "mistral", "groq", "xai", "deepseek", "openrouter")
"""Providers whose own price pages genai-prices follows; elsewhere litellm comes first."""

Bands = dict[int, dict[str, Decimal]]


@dataclass(frozen=True)
class Draft:
    """A price row in the making: the prices of one tier and band during one interval."""

    provider: str
    model: str
    tier: str
    band: int
    start: datetime | None
    end: datetime | None
    prices: dict[str, Decimal]
    rule: str
    kind: str
    source: str
    checked_on: date
    confidence: str
    note: str = ""
    promo_until: date | None = None


@dataclass(frozen=True)
class _Span:
    """One regime of a tier: all its bands, from one price change to the next."""

    start: datetime | None
    end: datetime | None
    bands: Bands
    kind: str
    source: str
    checked_on: date
    confidence: str
    note: str = ""
    agreed: frozenset[int] = frozenset()
    """Bands for which both sources state the same input and output price."""


@dataclass(frozen=True)
class Evidence:
    """All there is to know about one model before it is merged."""

    provider: str
    model: str
    genai: SourceModel | None
    litellm: Sequence[Quote] = ()


def merge(evidence: Evidence, modifiers: Sequence[Modifier], build_date: date) -> list[Draft]:
    """The dated rows of one model, every tier."""
    standard = _standard(evidence, build_date)
    if not standard:
        return []
    drafts = _drafts(evidence, "standard", standard, standard, None)
    for tier in ("batch", "flex", "priority", "ultrafast"):
        modifier = next(
            (
                one
                for one in modifiers
                if (one.provider, one.tier) == (evidence.provider, tier)
                and matches(evidence.model, one.model_glob)
            ),
            None,
        )
        spans = _tier(evidence, tier, standard, modifier, build_date)
        drafts.extend(_drafts(evidence, tier, spans, standard, modifier))
    retires = next((quote.retires for quote in evidence.litellm if quote.retires), "")
    if retires:
        drafts = [
            replace(draft, note=_joined(draft.note, f"retires {retires}"))
            if (draft.tier, draft.band, draft.end) == ("standard", 0, None)
            else draft
            for draft in drafts
        ]
    return drafts


# --- spans of one tier -------------------------------------------------------------------------


def _standard(evidence: Evidence, build_date: date) -> list[_Span]:
    from_litellm = _undated(evidence.litellm, "standard", build_date)
    if evidence.genai is None:
        return from_litellm
    spans = _dated(evidence.genai, "standard", build_date)
    if not from_litellm:
        return spans
    return [_completed(span, from_litellm[0].bands) for span in spans]


def _tier(
    evidence: Evidence,
    tier: str,
    standard: Sequence[_Span],
    modifier: Modifier | None,
    build_date: date,
) -> list[_Span]:
    listed = _undated(evidence.litellm, tier, build_date)
    spans = _dated(evidence.genai, tier, build_date) if evidence.genai is not None else []
    if spans:
        spans = [_completed(span, listed[0].bands) for span in spans] if listed else spans
        return [*_backdated(spans[0], standard, modifier), *spans]
    if listed:
        return _followed(listed[0], standard, modifier, build_date)
    if modifier is not None and modifier.use == "missing":
        return [_derived(span, modifier, modifier.confidence) for span in standard]
    return []


def _dated(model: SourceModel, tier: str, build_date: date) -> list[_Span]:
    by_start: dict[date | None, Bands] = {}
    for quote in model.quotes:
        if quote.tier == tier:
            by_start.setdefault(quote.start, {})[quote.band] = quote.prices
    first, resold = model.quotes[0], model.provider == "openrouter"
    starts = sorted(by_start, key=lambda start: start or date.min)
    spans: list[_Span] = []
    for start, end in zip(starts, [*starts, None][1:], strict=True):
        bands = by_start[start]
        if spans and spans[-1].bands == bands:
            spans[-1] = replace(spans[-1], end=_midnight(end))
            continue
        spans.append(
            _Span(
                _midnight(start),
                _midnight(end),
                bands,
                "genai-prices",
                first.source,
                first.checked_on or build_date,
                "high" if model.verified else "low" if resold and end is not None else "medium",
                "until the source compared it; the seller's own change may be older"
                if resold and end
                else "",
            )
        )
    return spans


def _undated(quotes: Iterable[Quote], tier: str, build_date: date) -> list[_Span]:
    found = [quote for quote in quotes if quote.tier == tier]
    if not found:
        return []
    bands = {quote.band: quote.prices for quote in found}
    return [_Span(None, None, bands, "litellm", found[0].source, build_date, "medium")]


def _completed(span: _Span, listed: Bands) -> _Span:
    """Adds what only litellm prices (a 12-hour write, a cache read), where both agree on the rest."""
    agreed = frozenset(
        band
        for band, prices in span.bands.items()
        if listed.get(band, {}).get("input") == prices.get("input")
        and ("output" not in prices or listed[band].get("output") == prices["output"])
    )
    bands = {band: listed[band] | prices if band in agreed else prices for band, prices in span.bands.items()}
    return replace(span, bands=bands, agreed=agreed)


def _backdated(first: _Span, standard: Sequence[_Span], modifier: Modifier | None) -> list[_Span]:
    """A tier before the day a source began to follow it: the multipliers have been stable for years."""
    if first.start is None:
        return []
    then = next(span for span in reversed(standard) if span.start is None or span.start <= first.start)
    spans = []
    for span in standard:
        if span.start is not None and span.start >= first.start:
            break
        end = first.start if span.end is None else min(span.end, first.start)
        if span.bands == then.bands:
            bands, basis = first.bands, "same standard price"
        elif modifier is not None and modifier.input_mult is not None:
            bands, basis = (
                _multiplied(span.bands, modifier),
                f"{modifier.input_mult} x the standard price then",
            )
        else:
            continue
        spans.append(
            replace(
                first,
                start=span.start,
                end=end,
                bands=bands,
                kind="derived",
                confidence="assumed",
                note=f"assumed before {first.start:%Y-%m-%d}: {basis}",
                agreed=frozenset(),
            )
        )
    return spans


def _followed(
    listed: _Span, standard: Sequence[_Span], modifier: Modifier | None, build_date: date
) -> list[_Span]:
    """litellm's one undated price of a tier, spread over the changes of the standard price."""
    today = datetime.combine(build_date, time())
    spans = []
    current = next(span for span in reversed(standard) if span.start is None or span.start <= today)
    for span in standard:
        if span is current:
            spans.append(replace(listed, start=span.start, end=span.end))
        elif span.start is not None and span.start > today:
            factor = span.bands[0]["input"] / current.bands[0]["input"]
            spans.append(
                replace(
                    listed,
                    start=span.start,
                    end=span.end,
                    bands=_scaled(listed.bands, factor),
                    kind="derived",
                    note="follows the announced change of the standard price",
                )
            )
        elif modifier is not None and modifier.input_mult is not None:
            spans.append(_derived(span, modifier, "assumed"))
    return spans


def _derived(span: _Span, modifier: Modifier, confidence: str) -> _Span:
    return replace(
        span,
        bands=_multiplied(span.bands, modifier),
        kind="derived",
        source=modifier.source,
        checked_on=modifier.checked_on,
        confidence=confidence,
        note=f"{modifier.input_mult} x standard input, {modifier.output_mult} x output",
        agreed=frozenset(),
    )


def _multiplied(bands: Bands, modifier: Modifier) -> Bands:
    assert modifier.input_mult is not None
    assert modifier.output_mult is not None
    result: Bands = {}
    for band, prices in bands.items():
        result[band] = {
            part: (price * (modifier.output_mult if part == "output" else modifier.input_mult)).normalize()
            for part, price in prices.items()
            if modifier.cache_rule == "priced" or not part.startswith("cache")
        }
    return result


def _scaled(bands: Bands, factor: Decimal) -> Bands:
    return {
        band: {part: (price * factor).normalize() for part, price in prices.items()}
        for band, prices in bands.items()
    }


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


# --- rows --------------------------------------------------------------------------------------


def _drafts(
    evidence: Evidence,
    tier: str,
    spans: Sequence[_Span],
    standard: Sequence[_Span],
    modifier: Modifier | None,
) -> list[Draft]:
    drafts = []
    for span in spans:
        beside = next(
            (
                one
                for one in reversed(standard)
                if one.start is None or (span.start and one.start <= span.start)
            ),
            standard[0],
        )
        for band, prices in span.bands.items():
            usual = beside.bands.get(band, beside.bands[0])
            rule = _cache_rule(tier, prices, usual, modifier)
            note = span.note
            stated = prices
            fills = modifier is not None and (modifier.use, modifier.cache_rule) == ("missing", "priced")
            if rule == "unknown" and modifier is not None and fills:
                stated = _with_cache_of(usual, prices, modifier)
                rule, note = "priced", _joined(note, "cache prices derived from the standard tier")
            kept: dict[str, Decimal] = {
                part: stated[part]
                for part in PRICE_PARTS
                if part in stated and (rule == "priced" or not part.startswith("cache"))
            }
            lasting = usual.get("cache_write_long")
            if tier != "standard" and lasting and "cache_write" in kept and "cache_write_long" not in kept:
                kept["cache_write_long"] = (lasting * prices["input"] / usual["input"]).normalize()
                note = _joined(note, "long cache write derived from the standard tier")
            drafts.append(
                Draft(
                    evidence.provider,
                    evidence.model,
                    tier,
                    band,
                    span.start,
                    span.end,
                    kept,
                    rule,
                    span.kind,
                    span.source,
                    span.checked_on,
                    "high" if band in span.agreed else span.confidence,
                    note,
                )
            )
    return drafts


def _with_cache_of(
    standard: dict[str, Decimal], prices: dict[str, Decimal], modifier: Modifier
) -> dict[str, Decimal]:
    """Prices of a tier, their missing cache parts derived by the tier's multiplier."""
    assert modifier.input_mult is not None
    return {
        part: (price * modifier.input_mult).normalize()
        for part, price in standard.items()
        if part.startswith("cache")
    } | prices


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _cache_rule(
    tier: str, prices: dict[str, Decimal], standard: dict[str, Decimal], modifier: Modifier | None
) -> str:
    """How cached tokens bill: what a person settled for the class, else what the prices show."""
    if tier != "standard" and "cache_read" not in standard and "cache_read" not in prices:
        return "none"
    if modifier is not None and modifier.cache_rule != "priced":
        return modifier.cache_rule
    if "cache_read" in prices:
        return "priced"
    return "none" if tier == "standard" else "unknown"
