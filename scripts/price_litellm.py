"""Reads the price file of litellm: JSON by model, without any date."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from scripts.price_sources import Quote, is_text, per_mtok, without_empty_caching

_LITELLM_PROVIDERS: Final = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "azure": "azure",
    "azure_text": "azure",
    "azure_ai": "azure",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "mistral": "mistral",
    "xai": "xai",
    "groq": "groq",
    "deepseek": "deepseek",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "bedrock_mantle": "bedrock",
    "together_ai": "together_ai",
    "fireworks_ai": "fireworks_ai",
    "fireworks_ai-embedding-models": "fireworks_ai",
    "deepinfra": "deepinfra",
    "nebius": "nebius",
    "novita": "novita",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "perplexity": "perplexity",
    "dashscope": "dashscope",
    "moonshot": "moonshot",
    "zai": "zai",
    "minimax": "minimax",
    "sambanova": "sambanova",
    "databricks": "databricks",
    "voyage": "voyage",
}
_LITELLM_MODES: Final = ("chat", "responses", "completion", "embedding")
_LITELLM_PREFIXES: Final = (
    "azure_ai/",
    "azure/",
    "vertex_ai/",
    "bedrock_mantle/",
    "bedrock/",
    "gemini/",
    "mistral/",
    "xai/",
    "groq/",
    "deepseek/",
    "openai/",
    "together_ai/",
    "fireworks_ai/accounts/fireworks/models/",
    "fireworks_ai/accounts/fireworks/routers/",
    "fireworks_ai/",
    "deepinfra/",
    "nebius/",
    "novita/",
    "cerebras/",
    "cohere/",
    "perplexity/",
    "dashscope/",
    "moonshot/",
    "zai/",
    "minimax/",
    "sambanova/",
    "databricks/",
    "voyage/",
)
_SIZE_CLASS: Final = ("together-ai-", "fireworks-ai-")
"""How ids begin that stand for a range of model sizes instead of a model."""

_LITELLM_PART: Final = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
}
_LITELLM_TIER: Final = {
    "": "standard",
    "_batches": "batch",
    "_flex": "flex",
    "_priority": "priority",
    "_ultrafast": "ultrafast",
}
_LITELLM_KEY: Final = re.compile(
    rf"^({'|'.join(_LITELLM_PART)})(_above_1hr|_above_12hr)?(?:_above_(\d+)k_tokens)?"
    r"(_batches|_flex|_priority|_ultrafast)?$"
)


def litellm_quotes(text: str) -> dict[tuple[str, str], list[Quote]]:
    """(provider, model) -> quotes, from model_prices_and_context_window_backup.json."""
    entries: dict[str, Any] = json.loads(text, parse_float=Decimal)
    keys = litellm_keys(entries)
    return {model: list(_litellm_entry(*model, entries[key])) for model, key in sorted(keys.items())}


def litellm_keys(entries: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(provider, model) -> the key of litellm's list that prices it."""
    chosen: dict[tuple[str, str], tuple[int, str]] = {}
    for key, entry in entries.items():
        found = _litellm_model(key, entry)
        if found is not None and _regional_twin(key, found[1], entries):
            found = (found[0], key.lower())
        if found is not None:
            rank = _litellm_rank(key, entry)
            if found not in chosen or rank < chosen[found][0]:
                chosen[found] = (rank, key)
    return {model: key for model, (_, key) in chosen.items()}


def _regional_twin(key: str, model: str, entries: dict[str, Any]) -> bool:
    """Whether an id of Bedrock's second endpoint costs something else there than the plain id does."""
    plain = entries.get(model)
    return (
        key.startswith("bedrock_mantle/")
        and isinstance(plain, dict)
        and plain.get("input_cost_per_token") != entries[key].get("input_cost_per_token")
    )


def _litellm_model(key: str, entry: Any) -> tuple[str, str] | None:
    if not isinstance(entry, dict) or entry.get("mode") not in _LITELLM_MODES:
        return None
    listed = entry.get("litellm_provider", "")
    provider = "vertex_ai" if listed.startswith("vertex_ai") else _LITELLM_PROVIDERS.get(listed)
    if provider is None:
        return None
    model = key.lower()
    for prefix in _LITELLM_PREFIXES:
        if model.startswith(prefix) and not (provider == "groq" and prefix != "groq/"):
            model = model.removeprefix(prefix)
            break
    stated = [entry, *(band for _, band in _ranges(entry))]
    priced = any(
        one.get(part) for one in stated for part in ("input_cost_per_token", "output_cost_per_token")
    )
    # A price of 0 marks a free preview or a figure nobody entered; neither is a price.
    useful = priced and is_text(model) and "commitment/" not in model and not model.startswith(_SIZE_CLASS)
    return (provider, model) if useful else None


def _ranges(entry: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The context bands of an entry that lists them as ranges: (tokens before the band, its prices)."""
    return [
        (int(band["range"][0]), band)
        for band in entry.get("tiered_pricing") or ()
        if isinstance(band.get("range"), list)
    ]


def _litellm_rank(key: str, entry: dict[str, Any]) -> int:
    """The entry that wins where two keys mean one model: the routed id of the provider itself."""
    listed = entry["litellm_provider"]
    if listed in ("azure_ai", "bedrock_mantle"):
        return 2
    return 0 if key.lower().startswith(_LITELLM_PREFIXES) or listed.startswith("bedrock") else 1


def _litellm_entry(provider: str, model: str, entry: dict[str, Any]) -> Iterator[Quote]:
    found: dict[tuple[str, int], dict[str, Decimal]] = {}
    for key, value in entry.items():
        parsed = _LITELLM_KEY.match(key)
        if parsed is None or value is None:
            continue
        part, lasting, thousands, suffix = parsed.groups()
        name = _LITELLM_PART[part] + ("_long" if lasting else "")
        band = 0 if thousands is None else int(thousands) * 1000 + (0 if provider == "xai" else 1)
        price = per_mtok(Decimal(value) * 1_000_000)
        if name.startswith("cache") and not price:
            continue  # nobody reads for nothing, and a free write is one that costs no more than input
        found.setdefault((_LITELLM_TIER[suffix or ""], band), {})[name] = price
    for before, band_prices in _ranges(entry):
        found.setdefault(
            ("standard", before + 1 if before else 0),
            {
                name: per_mtok(Decimal(band_prices[part]) * 1_000_000)
                for part, name in _LITELLM_PART.items()
                if band_prices.get(part)
            },
        )
    for (tier, band), prices in sorted(found.items()):
        base = found.get((tier, 0), {})
        if "input" not in prices or "input" not in base:
            continue  # a lone cache or output price belongs to no complete offer
        if band and "cache_write" not in base:
            prices.pop("cache_write", None)  # a surcharge on a write that costs nothing extra
        yield Quote(
            provider,
            model,
            tier,
            band,
            None,
            without_empty_caching(prices),
            "litellm",
            _litellm_source(entry),
            embedding=entry["mode"] == "embedding",
            retires=entry.get("deprecation_date") or "",
        )


def _litellm_source(entry: dict[str, Any]) -> str:
    source = str(entry.get("source") or "")
    return source if source.startswith("http") else "litellm model_prices_and_context_window.json"
