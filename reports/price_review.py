"""Where the sources of the shipped prices disagree, as a person reads it: one line for each decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pricing import shipped
from pricing.review import Disagreement

MODELS_NAMED: Final = 3

_PARTS: Final = {
    "input": "input",
    "cache_read": "cache read",
    "cache_write": "cache write",
    "cache_write_long": "long cache write",
    "output": "output",
}
_TAKEN: Final = {
    "litellm": "litellm",
    "genai-prices": "genai-prices",
    "override": "neither alone: dated rows of our own",
}


@dataclass(frozen=True)
class Settled:
    """One decision: what it is about, what each source says, what was taken, why, and how sure that is.

    `n_prices` counts the figures it settles; None for a question about a rule.
    """

    topic: str
    provider: str
    models: str
    readings: str
    taken: str
    reason: str
    confidence: str
    n_prices: int | None


def settled() -> tuple[Settled, ...]:
    """Every decision about the shipped prices: questions of rules first, then figures by seller."""
    rules = [
        Settled(
            one.topic,
            one.provider,
            one.models,
            one.readings,
            one.decision,
            one.reason,
            one.confidence,
            None,
        )
        for one in shipped.decisions()
    ]
    grouped: dict[tuple[str, str, str, str], list[Disagreement]] = {}
    for one in shipped.disagreements():
        grouped.setdefault((one.provider, one.resolution, one.reason, one.confidence), []).append(one)
    figures = [
        Settled(
            "Price",
            provider,
            _models(found),
            _reading(found[0]),
            _TAKEN[resolution],
            _sentence(reason),
            confidence,
            len(found),
        )
        for (provider, resolution, reason, confidence), found in sorted(grouped.items())
    ]
    return (*rules, *figures)


def _models(found: Sequence[Disagreement]) -> str:
    names = list(dict.fromkeys(one.model for one in found))
    more = len(names) - MODELS_NAMED
    return ", ".join(names[:MODELS_NAMED]) + (f" and {more} more" if more > 0 else "")


def _reading(one: Disagreement) -> str:
    litellm, genai = _usd(one.litellm_usd_per_mtok), _usd(one.genai_prices_usd_per_mtok)
    return f"{one.model}, {_PARTS[one.part]}: litellm {litellm}, genai-prices {genai}"


def _usd(price: Decimal) -> str:
    return f"{price.normalize():f}"


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:].rstrip('.')}."
