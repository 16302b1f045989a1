"""Where litellm and genai-prices disagree about a price by more than half a per cent, and what won."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar, Final

from pricing.matching import spellings
from scripts.price_merge import Draft
from scripts.price_overrides import Overrides
from scripts.price_sources import PRICE_PARTS, Quote, SourceModel

TOLERANCE: Final = Decimal("0.005")


@dataclass(frozen=True)
class Conflict:
    """One disagreement about today's price; prices in USD per million tokens."""

    provider: str
    model: str
    tier: str
    min_prompt_tokens: int
    part: str
    litellm: Decimal
    genai_prices: Decimal
    shipped: Decimal | None
    resolution: str
    reason: str
    confidence: str

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "provider",
        "model",
        "tier",
        "min_prompt_tokens",
        "part",
        "litellm_usd_per_mtok",
        "genai_prices_usd_per_mtok",
        "shipped_usd_per_mtok",
        "resolution",
        "reason",
        "confidence",
    )

    def cells(self) -> tuple[str, ...]:
        """The fields as text, in the order of `COLUMNS`."""
        return tuple(
            ""
            if value is None
            else format(value.normalize(), "f")
            if isinstance(value, Decimal)
            else str(value)
            for value in astuple(self)
        )


def find_conflicts(
    sourced: Sequence[SourceModel],
    listed: Mapping[tuple[str, str], Sequence[Quote]],
    aliases: Mapping[tuple[str, str], str],
    drafts: Sequence[Draft],
    overrides: Overrides,
    build_date: date,
) -> list[Conflict]:
    """Every price in force on the build date that both sources state, for any id both know."""
    shipped: dict[tuple[str, str, str, int], Draft] = {}
    today = datetime.combine(build_date, time())
    for draft in drafts:
        if (draft.start is None or draft.start <= today) and (draft.end is None or today < draft.end):
            shipped[draft.provider, draft.model, draft.tier, draft.band] = draft
    conflicts = []
    snapshots: dict[tuple[str, str], list[str]] = {}
    for provider, name in listed:
        for spelling in spellings(provider, name):
            snapshots.setdefault((provider, spelling), []).append(name)
    own = {(model.provider, name) for model in sourced for name in (model.model, *model.aliases)}
    for model in sourced:
        stated = _current(model, build_date)
        also = [
            name
            for name in snapshots.get((model.provider, model.model), ())
            if (model.provider, name) not in own
        ]
        for name in sorted({model.model, *model.aliases, *also}):
            for quote in listed.get((model.provider, name), ()):
                said = stated.get((quote.tier, quote.band), {})
                for part in PRICE_PARTS:
                    if part not in said or part not in quote.prices:
                        continue
                    if _agree(quote.prices[part], said[part]):
                        continue
                    ours = _shipped(shipped, aliases, model.provider, name, quote)
                    decision, reason, confidence = overrides.resolution(
                        model.provider, name, quote.tier, part
                    )
                    conflicts.append(
                        Conflict(
                            model.provider,
                            name,
                            quote.tier,
                            quote.band,
                            part,
                            quote.prices[part],
                            said[part],
                            None if ours is None else ours.prices.get(part),
                            decision,
                            reason,
                            confidence,
                        )
                    )
    return sorted(
        set(conflicts), key=lambda one: (one.provider, one.model, one.tier, one.min_prompt_tokens, one.part)
    )


def _current(model: SourceModel, build_date: date) -> dict[tuple[str, int], dict[str, Decimal]]:
    found: dict[tuple[str, int], dict[str, Decimal]] = {}
    starts: dict[str, date] = {}
    for quote in model.quotes:
        start = quote.start or date.min
        if start > build_date or start < starts.get(quote.tier, date.min):
            continue
        if start > starts.get(quote.tier, date.min):
            found = {key: prices for key, prices in found.items() if key[0] != quote.tier}
            starts[quote.tier] = start
        found[quote.tier, quote.band] = quote.prices
    return found


def _agree(first: Decimal, second: Decimal) -> bool:
    return abs(first - second) <= TOLERANCE * max(first, second)


def _shipped(
    shipped: Mapping[tuple[str, str, str, int], Draft],
    aliases: Mapping[tuple[str, str], str],
    provider: str,
    name: str,
    quote: Quote,
) -> Draft | None:
    while (provider, name, "standard", 0) not in shipped and (provider, name) in aliases:
        name = aliases[provider, name]
    return shipped.get((provider, name, quote.tier, quote.band))
