"""Why a cost is missing: one code, one sentence, for every NULL that pricing hands out."""

from typing import Final

from pricing.errors import PricingError

REASONS: Final[dict[str, str]] = {
    "model_not_in_table": "Not in the price table: {model} ({provider}). Add its price, or map it to a model "
    "the table knows.",
    "tier_not_offered": "The price table has no {tier} price for {model} on {provider}.",
    "cache_not_offered": "The price table has no prompt caching for {model} on {provider} in {tier}: it is "
    "not sold, or its price is not published.",
    "cache_unknown": "How {provider} bills cached tokens of {model} in {tier} is not published, so this is "
    "not priced.",
    "cache_price_missing": "The calls wrote to or read from a cache, and the table has no price for that "
    "for {model} in {tier}.",
    "long_context_not_published": "The prompts are longer than {provider} publishes a {tier} price for on "
    "{model}.",
    "no_price_on_date": "The table has no {tier} price for {model} that was in force on that date.",
    "input_price_missing": "The table has no {tier} input price for {model}.",
    "output_price_missing": "The table has no {tier} output price for {model}.",
    "thinking_price_missing": "{provider} bills {model} otherwise once it thinks, at a price the table does "
    "not have. Enter a {tier} row of your own: it also prices calls that think.",
    "tokens_unknown": "The log gives no token counts for these calls, so their cost is unknown.",
    "offpeak_unsettled": "The price of {model} on {provider} goes by the clock, and the log does not say in "
    "which hour these calls ran.",
}
"""Reason code -> sentence with {model}, {provider} and {tier}."""


def explain(
    code: str, *, provider: str | None = None, model: str | None = None, tier: str | None = None
) -> str:
    """The sentence of a reason code; what is not given is named in general words.

    Raises:
        PricingError: there is no such code.
    """
    if code not in REASONS:
        raise PricingError("Unknown reason", f"{code!r} is not a reason code of the price engine.")
    sentence = REASONS[code].format(
        provider=provider or "the provider", model=model or "the model", tier=tier or "this tier"
    )
    return sentence[0].upper() + sentence[1:]
