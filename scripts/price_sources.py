"""What both sources of prices are turned into, and the wheels they come in.

A `Quote` is the prices of one model in one tier and context band from one date on, USD per million
tokens as exact decimals. The wheels are opened, never installed or run.
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from pricing.model import PRICE_SCALE

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


_FINEST: Final = Decimal(1).scaleb(-PRICE_SCALE)


def per_mtok(price: Decimal) -> Decimal:
    """A price in USD per million tokens as the table can hold it, free of a float's last digits."""
    return price.quantize(_FINEST).normalize()


def without_empty_caching(prices: dict[str, Decimal]) -> dict[str, Decimal]:
    """The prices without a cached price that is no cheaper than reading the prompt anew."""
    if "cache_read" in prices and prices["cache_read"] >= prices.get("input", prices["cache_read"] + 1):
        return {part: price for part, price in prices.items() if not part.startswith("cache")}
    return prices
