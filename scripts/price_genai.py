"""Reads the price file of genai-prices: Python, of which only constructor calls on literals are read.

The file is parsed as a syntax tree and never run. Prices are dated where the source dates them.
"""

import ast
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from scripts.price_sources import Quote, SourceModel, is_text, per_mtok, without_empty_caching

_GENAI_PROVIDERS: Final = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "gemini",
    "mistral": "mistral",
    "groq": "groq",
    "x-ai": "xai",
    "deepseek": "deepseek",
    "aws": "bedrock",
    "azure": "azure",
    "openrouter": "openrouter",
    "together": "together_ai",
    "fireworks": "fireworks_ai",
    "novita": "novita",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "perplexity": "perplexity",
    "moonshotai": "moonshot",
    "zai": "zai",
    "minimax": "minimax",
    "databricks": "databricks",
    "voyageai": "voyage",
}
_OWN_PREFIX: Final = ("perplexity/", "accounts/fireworks/models/")
_VARIANTS: Final = {":batch": "batch"}
"""OpenRouter sells a batch as a model id of its own."""

_GENAI_PART: Final = {
    "input_mtok": "input",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_long",
    "output_mtok": "output",
}
_GENAI_TIERS: Final = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
    ("speed", "fast"): "priority",
}
_HEARSAY: Final = re.compile(
    r"Imported from OpenRouter pricing; verify(?!.*Verified against)"
    r"|[Jj]ust trusting open router|Seen on OpenRouter|trusting th(?:ese prices|e original source)",
    re.DOTALL,
)
_VERIFIED: Final = re.compile(r"(?:verified|[Cc]hecked)[^.]*?on (\d{4}-\d{2}-\d{2})")
_URL: Final = re.compile(r"https://[^\s,)`]+[^\s,)`.]")


def genai_models(text: str) -> list[SourceModel]:
    """Every text model of the providers we take, from data.py.

    Raises:
        ValueError: the file holds anything but literals and constructor calls.
    """
    models = []
    for provider in _providers(text):
        ours = _GENAI_PROVIDERS.get(provider["id"])
        if ours is None:
            continue
        home = (provider.get("pricing_urls") or ["genai-prices"])[0]
        for entry in provider["models"]:
            model = _genai_model(ours, entry, home)
            if model is not None:
                models.append(model)
    return _with_variants(models)


def _with_variants(models: list[SourceModel]) -> list[SourceModel]:
    """Ids such as `vendor/model:batch` as the tier they are, of the model and of the id itself."""
    tiers: dict[tuple[str, str], tuple[Quote, ...]] = {}
    result = []
    for model in models:
        ending = next((one for one in _VARIANTS if model.model.endswith(one)), None)
        if model.provider == "openrouter" and ending is not None:
            base = model.model.removesuffix(ending)
            tier = tuple(replace(quote, tier=_VARIANTS[ending]) for quote in model.quotes)
            tiers["openrouter", base] = tuple(replace(quote, model=base) for quote in tier)
            result.append(replace(model, quotes=(*model.quotes, *tier)))
        else:
            result.append(model)
    return [
        replace(model, quotes=(*model.quotes, *tiers.get((model.provider, model.model), ())))
        for model in result
    ]


def _providers(text: str) -> list[dict[str, Any]]:
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "providers":
            assert statement.value is not None
            providers: list[dict[str, Any]] = _literal(statement.value)
            return providers
    raise ValueError("data.py of genai-prices assigns no `providers`")


def _literal(node: ast.expr) -> Any:
    """The value of a literal or of a constructor call; calls become dicts with their name at `_`."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal(element) for element in node.elts]
    if isinstance(node, ast.Dict):
        return {
            _literal(key): _literal(value)
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        }
    if isinstance(node, ast.Call):
        return _constructed(node)
    if ast.unparse(node) == "datetime.UTC":
        return "UTC"
    raise ValueError(f"data.py of genai-prices holds {ast.dump(node)[:80]}, which is not a literal")


def _constructed(node: ast.Call) -> Any:
    name = ast.unparse(node.func)
    arguments = [_literal(argument) for argument in node.args]
    if name == "Decimal":
        return Decimal(arguments[0])
    if name == "datetime.date":
        return date(*arguments)
    return {"_": name} | {
        keyword.arg: _literal(keyword.value) for keyword in node.keywords if keyword.arg is not None
    }


def _genai_model(provider: str, entry: dict[str, Any], home: str) -> SourceModel | None:
    identifier = entry["id"].lower().removeprefix("regional.").rstrip("-")
    for prefix in _OWN_PREFIX:
        identifier = identifier.removeprefix(prefix)
    if provider == "gemini" and identifier.startswith("claude"):
        provider = "vertex_ai"
    comment = entry.get("price_comments") or ""
    resold = provider == "openrouter"
    free = identifier.endswith(":free")
    if not is_text(identifier) or (not resold and (free or _HEARSAY.search(comment))):
        return None
    equal, stems = _names(entry["match"])
    if identifier.endswith("-latest") and identifier.removesuffix("-latest") in stems:
        identifier = identifier.removesuffix("-latest")
    prices = entry["prices"]
    conditional = [{"prices": prices}] if isinstance(prices, dict) else prices
    by_clock = any((one.get("constraint") or {}).get("_") == "TimeOfDateConstraint" for one in conditional)
    verified = _VERIFIED.findall(comment)
    source = next(iter(_URL.findall(comment)), home)
    quotes: list[Quote] = []

    def add(tier: str, one: dict[str, Any]) -> None:
        constraint = one.get("constraint") or {}
        if constraint.get("_") == "TimeOfDateConstraint":
            return
        for band, stated in _bands(one["prices"]).items():
            found = _resold(stated, free=free) if resold else stated
            quotes.append(
                Quote(
                    provider,
                    identifier,
                    tier,
                    band,
                    constraint.get("start_date"),
                    found,
                    "genai-prices",
                    source,
                    date.fromisoformat(max(verified)) if verified else None,
                )
            )

    for one in conditional:
        add("standard", one)
    standard_now = conditional[-1]["prices"]
    for variant in entry.get("price_variants") or ():
        tiers = {_GENAI_TIERS.get(condition) for condition in variant["when"].items()}
        tier = tiers.pop() if len(tiers) == 1 else None
        if tier is not None:
            # A variant without any price repeats the standard one.
            stated = variant["prices"] if len(variant["prices"]) > 1 else standard_now
            add(tier, variant | {"prices": stated})
    if not any(quote.tier == "standard" and "input" in quote.prices for quote in quotes):
        return None
    aliases = tuple(sorted({*equal, *stems} - {identifier}))
    return SourceModel(provider, identifier, aliases, tuple(quotes), bool(verified), by_clock)


def _resold(prices: dict[str, Decimal], *, free: bool) -> dict[str, Decimal]:
    """OpenRouter's figures in our terms.

    `:free` ids cost nothing. For Gemini the listed write is five minutes of storage alone, which is
    charged on top of the input price.
    """
    if free:
        return {"input": Decimal(0), "output": Decimal(0)}
    if "cache_write" in prices and prices["cache_write"] < prices.get("input", Decimal(0)):
        prices = prices | {"cache_write": prices["cache_write"] + prices["input"]}
    return without_empty_caching({part: per_mtok(price) for part, price in prices.items()})


def _bands(prices: dict[str, Any]) -> dict[int, dict[str, Decimal]]:
    """Context band -> prices; a threshold of genai-prices fires above its start, ours begins at it."""
    parts = {_GENAI_PART[key]: value for key, value in prices.items() if key in _GENAI_PART}
    starts = {0} | {
        tier["start"] + 1 for value in parts.values() if isinstance(value, dict) for tier in value["tiers"]
    }
    return {start: {part: _at(value, start) for part, value in parts.items()} for start in sorted(starts)}


def _at(value: Any, start: int) -> Decimal:
    if not isinstance(value, dict):
        flat: Decimal = value
        return flat.normalize()
    price: Decimal = value["base"]
    for tier in sorted(value["tiers"], key=lambda one: int(one["start"])):
        if tier["start"] + 1 <= start:
            price = tier["price"]
    return price.normalize()


def _names(match: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The ids a model's match clause names outright, and the stems it accepts with any ending."""
    kind = match["_"].removeprefix("Clause")
    if kind == "Or":
        equal: set[str] = set()
        stems: set[str] = set()
        for clause in match["or_"]:
            more_equal, more_stems = _names(clause)
            equal |= more_equal
            stems |= more_stems
        return equal, stems
    if kind == "And":
        _, stems = _names(match["and_"][0])
        return set(), stems
    if kind == "Equals":
        return {match["equals"].lower()}, set()
    if kind == "StartsWith":
        return set(), {match["starts_with"].lower().rstrip("-@")}
    if kind == "Contains" and "." in match["contains"]:
        return set(), {match["contains"].lower().rstrip("-@")}
    return set(), set()
