"""Reads prices out of the wheels of litellm and genai-prices without importing or running either.

Both become the same thing: a `Quote`, the prices of one model in one tier and context band from one
date on, USD per million tokens as exact decimals. litellm ships JSON without dates; genai-prices
ships Python, read here as a syntax tree of constructor calls whose arguments are all literals.
"""

import ast
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

PRICE_PARTS: Final = ("input", "cache_read", "cache_write", "cache_write_long", "output")


@dataclass(frozen=True)
class Quote:
    """What a source says one model costs in one tier and band from `start` on (None: undated)."""

    provider: str
    model: str
    tier: str
    band: int
    start: date | None
    prices: dict[str, Decimal]
    source_kind: str
    source: str
    checked_on: date | None = None
    embedding: bool = False
    retires: str = ""


@dataclass(frozen=True)
class SourceModel:
    """A model of genai-prices: the ids it answers to and its quotes."""

    provider: str
    model: str
    aliases: tuple[str, ...]
    quotes: tuple[Quote, ...]
    verified: bool
    by_clock: bool
    """Priced by time of day, which a dated row cannot hold: such models are curated instead."""


@dataclass(frozen=True)
class Wheel:
    """Where a table came from: distribution, version, and the hash of the file that was read."""

    name: str
    version: str
    sha256: str
    text: str = field(repr=False)


def open_wheel(path: Path, member: str) -> Wheel:
    """Reads one text file of a wheel.

    Raises:
        KeyError: the wheel has no such file.
    """
    name, version = path.name.split("-")[:2]
    with zipfile.ZipFile(path) as wheel:
        content = wheel.read(member)
    return Wheel(
        name.replace("_", "-"), version, hashlib.sha256(content).hexdigest(), content.decode("utf-8")
    )


# Speech, pictures and live sessions have prices a text table cannot hold.
_NOT_TEXT: Final = re.compile(
    r"audio|realtime|tts|-live|live-|transcri|whisper|image|veo|lyria|voice|nano-banana|omni|orpheus"
    r"|moderation|multimodal|marengo|pegasus|titan-embed-image|voxtral-mini|sonic|ocr|robotics-er-2-streaming"
)


def is_text(model: str) -> bool:
    """Whether a model id belongs in the table: chat, responses, completions, embeddings."""
    return _NOT_TEXT.search(model) is None


# --- litellm -----------------------------------------------------------------------------------

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
)
_LITELLM_PART: Final = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
}
_LITELLM_TIER: Final = {"": "standard", "_batches": "batch", "_flex": "flex", "_priority": "priority"}
_LITELLM_KEY: Final = re.compile(
    rf"^({'|'.join(_LITELLM_PART)})(_above_1hr|_above_12hr)?(?:_above_(\d+)k_tokens)?(_batches|_flex|_priority)?$"
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
        if found is not None:
            rank = _litellm_rank(key, entry)
            if found not in chosen or rank < chosen[found][0]:
                chosen[found] = (rank, key)
    return {model: key for model, (_, key) in chosen.items()}


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
    priced = any(entry.get(part) for part in ("input_cost_per_token", "output_cost_per_token"))
    # A price of 0 marks a free preview or a figure nobody entered; neither is a price.
    return (provider, model) if priced and is_text(model) and "commitment/" not in model else None


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
        price = (Decimal(value) * 1_000_000).normalize()
        if name.startswith("cache") and not price:
            continue  # nobody reads for nothing, and a free write is one that costs no more than input
        found.setdefault((_LITELLM_TIER[suffix or ""], band), {})[name] = price
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
            prices,
            "litellm",
            _litellm_source(entry),
            embedding=entry["mode"] == "embedding",
            retires=entry.get("deprecation_date") or "",
        )


def _litellm_source(entry: dict[str, Any]) -> str:
    source = str(entry.get("source") or "")
    return source if source.startswith("http") else "litellm model_prices_and_context_window.json"


# --- genai-prices ------------------------------------------------------------------------------

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
}
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
    return models


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
    if provider == "gemini" and identifier.startswith("claude"):
        provider = "vertex_ai"
    comment = entry.get("price_comments") or ""
    if not is_text(identifier) or identifier.endswith(":free") or _HEARSAY.search(comment):
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
        for band, found in _bands(one["prices"]).items():
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
