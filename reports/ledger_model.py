"""What the ledger holds: frozen baselines, measured savings, and the events they come in.

Everything is stored as it stands here, amounts as text of exact micro-dollars, and never changed.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pricing.extract import PriceExtract
from reports.format import dollars
from reports.model import Range
from triage.model import Label

State = Literal["proposed", "claimed", "verified", "failed", "dismissed"]
STATES: Final[tuple[State, ...]] = ("proposed", "claimed", "verified", "failed", "dismissed")

ChangeKind = Literal["prices", "policy", "volume", "calls"]
"""What can differ between a claim and its verification; `calls` are the tokens of a call."""

_DAYS_A_YEAR: Final = 365


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Key(_Frozen):
    """What a recommendation is known by, however often the log is analysed again."""

    workload: str
    provider: str
    model: str
    lane: str

    @property
    def part(self) -> tuple[str, str, str]:
        """The part it moves."""
        return (self.workload, self.provider, self.model)


class Amounts(_Frozen):
    """Low, base and high of an expected saving, micro-dollars."""

    low: Decimal
    base: Decimal
    high: Decimal

    @classmethod
    def of(cls, amounts: Range) -> "Amounts":
        """The same amounts, fit to be stored."""
        return cls(low=amounts.low, base=amounts.base, high=amounts.high)

    def range(self) -> Range:
        """The same amounts, fit to be shown."""
        return Range(self.low, self.base, self.high)


class Tokens(_Frozen):
    """Token sums; the cache parts are inside `input_tokens`."""

    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_long_tokens: int
    output_tokens: int


class Baseline(_Frozen):
    """How a part ran before its move, frozen at the claim.

    Attributes:
        priced_at: the instant whose prices hold in `cost_micro_usd`.
        measured_from: the first hour (UTC) whose calls count as made after the claim.
        first_hour_utc, last_hour_utc, hours: the window it was observed in; None and 0 for a description.
        lane, tiers: where the calls ran, and how many in each tier.
        cost_micro_usd: what the window cost in that lane.
        saving: what the move was expected to save over the same window.
        expected_per_year: the same a year.
        effort_usd: what the policy says a move takes.
        prices: every price row the figures rest on.
    """

    priced_at: datetime
    measured_from: datetime
    first_hour_utc: datetime | None
    last_hour_utc: datetime | None
    hours: int
    n_requests: int
    n_failed: int
    tokens: Tokens
    lane: str
    tiers: dict[str, int]
    cost_micro_usd: Decimal
    saving: Amounts
    expected_per_year: Amounts
    effort_usd: Decimal
    label: Label
    policy_version: str
    price_version: str
    prices: PriceExtract

    @property
    def unit_micro_usd(self) -> Decimal | None:
        """The cost of one call; None without calls."""
        return self.cost_micro_usd / self.n_requests if self.n_requests else None


class Change(_Frozen):
    """One thing that may have changed since the claim: whether it did, what is known of it, and its effect.

    `effect_micro_usd` is its part of the measured saving; None where it has none or it cannot be told.
    """

    kind: ChangeKind
    changed: bool
    sentence: str
    effect_micro_usd: Decimal | None = None


class Measured(_Frozen):
    """What the calls since a claim cost as they ran, against the baseline's lane at the same days' prices.

    Attributes:
        first_hour_utc, last_hour_utc, hours: from the first hour that counts to the log's last.
        n_requests, n_ok: all of the part's calls there, and those that gave an answer.
        tiers: requests by the tier that served them.
        tokens: of all of them, with the cache split they had.
        actual_micro_usd: what they cost, failed and re-run lines included.
        baseline_lane_micro_usd: what the answers would have cost in the baseline's lane.
        expected: the saving that the claim promised for these calls.
        saving_per_year_micro_usd: the saving at this pace.
    """

    first_hour_utc: datetime
    last_hour_utc: datetime
    hours: int
    n_requests: int
    n_ok: int
    tiers: dict[str, int]
    tokens: Tokens
    actual_micro_usd: Decimal
    baseline_lane_micro_usd: Decimal
    expected: Amounts
    saving_per_year_micro_usd: Decimal
    price_version: str
    policy_version: str
    changes: tuple[Change, ...]
    sentence: str

    @property
    def saving_micro_usd(self) -> Decimal:
        """The saving of these calls; negative when the move costs money."""
        return self.baseline_lane_micro_usd - self.actual_micro_usd

    @property
    def holds(self) -> bool:
        """Whether the saving is real and within what was expected."""
        return self.saving_micro_usd > 0 and self.saving_micro_usd >= self.expected.low


class Claimed(_Frozen):
    """Somebody will make, or made, the move."""

    event: Literal["claimed"] = "claimed"
    key: Key
    owner: str
    baseline: Baseline


class Dismissed(_Frozen):
    """It is not to be made, for the reason in the note, until somebody looks again."""

    event: Literal["dismissed"] = "dismissed"
    key: Key
    owner: str
    recheck_on: date
    expected_per_year: Amounts | None


class Verified(_Frozen):
    """The calls since the claim were measured, and the saving is there."""

    event: Literal["verified"] = "verified"
    key: Key
    owner: str
    measured: Measured


class Failed(_Frozen):
    """The calls since the claim were measured, and the saving is not there."""

    event: Literal["failed"] = "failed"
    key: Key
    owner: str
    measured: Measured


class Reopened(_Frozen):
    """A dismissal was taken back."""

    event: Literal["reopened"] = "reopened"
    key: Key
    owner: str


Event = Claimed | Dismissed | Verified | Failed | Reopened
EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def payback_days(effort_usd: Decimal, saving_per_year_micro_usd: Decimal) -> Decimal | None:
    """Days until a yearly saving has paid for an effort; None where it never does."""
    if not effort_usd:
        return Decimal(0)
    if saving_per_year_micro_usd <= 0:
        return None
    return effort_usd * _DAYS_A_YEAR / dollars(saving_per_year_micro_usd)
