"""What the sources of the shipped prices disagree about, what was decided, and how sure that is.

Two kinds: figures that both price catalogues state differently (found by the build, each covered
by a decision), and questions about rules that no figure shows (settled by hand).
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Sureness = Literal["high", "medium", "low"]


class Disagreement(BaseModel):
    """One price, in USD per million tokens, that the two catalogues state differently today."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model: str
    tier: str
    min_prompt_tokens: int
    part: str
    """input, cache_read, cache_write, cache_write_long or output"""
    litellm_usd_per_mtok: Decimal
    genai_prices_usd_per_mtok: Decimal
    shipped_usd_per_mtok: Decimal | None = None
    resolution: Literal["litellm", "genai-prices", "override"]
    reason: str = Field(min_length=1)
    confidence: Sureness


class Decision(BaseModel):
    """One question that sources answer differently, in words: what each says, what was taken, why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    provider: str
    models: str
    readings: str
    decision: str
    reason: str
    confidence: Sureness
    source: str
    checked_on: date
