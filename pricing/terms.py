"""What a provider asks for caching and for a region, beside the price by the token."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from pricing.model import Confidence, UsdPerMtok


class CacheTerms(BaseModel):
    """When a prompt is cached at all, for how long, and what keeping it costs.

    Tokens, seconds, USD per million tokens and hour. None is unknown or not published, never zero:
    a provider that keeps a cache for nothing has a storage price of 0. `min_tokens` is the shortest
    prefix that is cached; below it a request is served without a cache and without a word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model_glob: str
    """Alternatives separated by `|`, with `*`; the first row in force that matches holds."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    min_tokens: int | None = Field(default=None, ge=0)
    step_tokens: int | None = Field(default=None, ge=1)
    """Cached prefixes grow in steps of this many tokens."""
    ttl_s: int | None = Field(default=None, ge=0)
    """How long an unused entry lives when nothing is asked for."""
    ttl_long_s: int | None = Field(default=None, ge=0)
    """The longer lifetime that can be asked for, where one is sold."""
    refreshed_by_read: bool | None = None
    storage_usd_per_mtok_hour: UsdPerMtok | None = None
    confidence: Confidence
    note: str = ""
    source: str = Field(min_length=1)
    checked_on: date

    def covers(self, at: datetime | None) -> bool:
        """Whether the terms are in force at an instant; None stands for the latest known."""
        if at is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at < self.valid_to
        )


class ThinkingTerms(BaseModel):
    """Models whose answers have another price once the model thinks, a price that no row of the table holds.

    Sources differ in what it applies to (the reasoning tokens or the whole answer), so calls with
    reasoning tokens are not priced by the shipped rows. Whoever knows the contract enters a row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model_glob: str
    """Alternatives separated by `|`, with `*`."""
    note: str = Field(min_length=1)
    source: str = Field(min_length=1)
    checked_on: date


class RegionalFactor(BaseModel):
    """What all token prices of a model are multiplied by where it is served in a region.

    Ids that name their region (`us.anthropic...`, `eu/gpt-...`) have rows of their own with the
    factor in them; it is never applied to those.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model_glob: str
    region_glob: str
    """Alternatives separated by `|`, with `*`; `global` is the list price and never matches."""
    factor: Decimal = Field(gt=0, le=3, max_digits=6, decimal_places=4)
    confidence: Confidence
    note: str = ""
    source: str = Field(min_length=1)
    checked_on: date
