"""The vocabulary of prices: tiers, lanes, one dated price row, the terms of a tier.

Prices are USD per million tokens, so `tokens x usd_per_mtok` is exactly micro-dollars. Times are
naive UTC on whole hours; intervals are half-open, `[valid_from, valid_to)`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Tier = Literal["standard", "batch", "flex", "priority", "ultrafast", "offpeak"]
Lane = Literal["sync", "sync+cache", "batch", "batch+cache", "flex", "flex+cache", "priority", "offpeak"]
CacheRule = Literal["priced", "same_as_standard", "billed_as_input", "none", "unknown"]
SourceKind = Literal["litellm", "genai-prices", "override", "derived", "user"]
Confidence = Literal["high", "medium", "low", "assumed"]

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
LANES: Final[tuple[Lane, ...]] = get_args(Lane)
CACHE_RULES: Final[tuple[CacheRule, ...]] = get_args(CacheRule)
CONFIDENCES: Final[tuple[Confidence, ...]] = get_args(Confidence)

BEGINNING: Final = datetime.fromisoformat("0001-01-01")
"""Stands for "since always" where an instant is needed: before any price of anything."""

AS_BILLED: Final = "as_billed"
"""The ninth "lane": every call in the tier that served it, with the cache split it really had."""

PRICE_SCALE: Final = 9
"""Decimal places of a price; the finest published price has seven."""

PRICE_DIGITS: Final = 18

MAX_THRESHOLDS: Final = 16
"""The roll-up knows sixteen context thresholds; more could not be told apart in the cube."""

PRICE_COLUMNS: Final = (
    "input_usd_per_mtok",
    "cache_read_usd_per_mtok",
    "cache_write_usd_per_mtok",
    "cache_write_long_usd_per_mtok",
    "output_usd_per_mtok",
)
CACHE_COLUMNS: Final = PRICE_COLUMNS[1:4]

UsdPerMtok = Annotated[
    Decimal, Field(ge=0, max_digits=PRICE_DIGITS, decimal_places=PRICE_SCALE, allow_inf_nan=False)
]


def is_whole_hour(at: datetime) -> bool:
    """Whether an instant can begin or end a price: naive (UTC) and on the hour."""
    return at.tzinfo is None and (at.minute, at.second, at.microsecond) == (0, 0, 0)


class PriceRow(BaseModel):
    """What one model costs in one tier and context band during one interval.

    A price of None is unknown, never zero. `min_prompt_tokens` is the first total input (cached
    parts included) that this band prices; the band's prices then apply to the whole request.

    `cache_rule` says how tokens served from a cache bill in this tier:
    `priced`: by the cache columns of this row (a missing write price means that writing costs what
    input costs); `same_as_standard`: reads at the standard tier's cache price, whatever that is on
    the day; `billed_as_input`: no discount, cached tokens cost what input costs in this tier;
    `none`: the tier (or the model) sells no caching; `unknown`: nobody has published it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str = Field(min_length=1, pattern=r"^[^A-Z\s]+$")
    model: str = Field(min_length=1, pattern=r"^[^A-Z\s]+$")
    tier: Tier
    min_prompt_tokens: int = Field(default=0, ge=0)
    valid_from: datetime | None = None
    """None: since always. No source dates it, so that is an assumption."""
    valid_to: datetime | None = None
    input_usd_per_mtok: UsdPerMtok | None = None
    cache_read_usd_per_mtok: UsdPerMtok | None = None
    cache_write_usd_per_mtok: UsdPerMtok | None = None
    cache_write_long_usd_per_mtok: UsdPerMtok | None = None
    output_usd_per_mtok: UsdPerMtok | None = None
    cache_rule: CacheRule
    promo_until: date | None = None
    """Last day of an announced introductory price."""
    source_kind: SourceKind
    source: str = Field(min_length=1)
    checked_on: date
    confidence: Confidence
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Provider, model, tier, band: rows that share it may not overlap in time."""
        return (self.provider, self.model, self.tier, self.min_prompt_tokens)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("valid_from", "valid_to"):
            at: datetime | None = getattr(self, name)
            if at is not None and not is_whole_hour(at):
                raise ValueError(f"{name} must be a UTC time without zone on a whole hour")
        if self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to:
            raise ValueError("valid_to must be later than valid_from")
        if self.cache_rule == "same_as_standard" and self.tier == "standard":
            raise ValueError("same_as_standard is a rule for the other tiers")
        if (self.cache_rule == "priced") != (self.cache_read_usd_per_mtok is not None):
            raise ValueError("a cache read price goes with the rule 'priced', and only with it")
        if self.cache_rule != "priced" and any(getattr(self, column) is not None for column in CACHE_COLUMNS):
            raise ValueError(f"the rule {self.cache_rule!r} leaves no room for a cache write price")
        return self

    def covers(self, at: datetime | None) -> bool:
        """Whether the row is in force at an instant; None stands for before all dated changes."""
        if at is None:
            return self.valid_from is None
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at < self.valid_to
        )


class TierTerms(BaseModel):
    """What a provider promises and limits in one tier, beside the price.

    Seconds, requests and bytes per batch; `expiry_s` is when unfinished work is given up.
    `cache_hit_low` and `cache_hit_high` bound the published cache hit rate inside the tier, 0..1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model_glob: str
    """Alternatives separated by `|`, with `*`."""
    tier: Tier
    window_s: int | None = Field(default=None, ge=0)
    expiry_s: int | None = Field(default=None, ge=0)
    max_requests: int | None = Field(default=None, ge=0)
    max_bytes: int | None = Field(default=None, ge=0)
    cache_rule: CacheRule
    cache_hit_low: Decimal | None = Field(default=None, ge=0, le=1)
    cache_hit_high: Decimal | None = Field(default=None, ge=0, le=1)
    note: str = ""
    source: str = Field(min_length=1)
    checked_on: date


class ClockHours(BaseModel):
    """Hours of the week (UTC) in which a provider bills another tier by the clock.

    Weekdays are ISO (1 is Monday), both ends included; hours are `[hour_from, hour_to)`. The tier
    `unsettled` marks an hour that a window cuts in two, which hourly data cannot decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    model_glob: str
    billed: Literal["offpeak", "unsettled"]
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    weekday_first: int = Field(ge=1, le=7)
    weekday_last: int = Field(ge=1, le=7)
    hour_from: int = Field(ge=0, le=23)
    hour_to: int = Field(ge=1, le=24)
    source: str = Field(min_length=1)
    checked_on: date
