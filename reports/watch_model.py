"""What a workspace is watched for: budgets and thresholds, checked as people write them."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from data.errors import LanewiseDataError

ChannelKind = Literal["all", "sync", "batch", "provider", "workload"]
Period = Literal["day", "week", "month"]
CHANNEL_KINDS: Final[tuple[ChannelKind, ...]] = ("all", "sync", "batch", "provider", "workload")
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month")
NAMED_KINDS: Final = ("provider", "workload")
"""Channels that need to be told which."""
MAX_BUDGETS: Final = 100


class WatchError(LanewiseDataError):
    """Budgets or thresholds cannot be saved; `problems` has one sentence for each thing to mend."""

    def __init__(self, title: str, problems: tuple[str, ...]) -> None:
        super().__init__(title, "\n".join(problems))
        self.problems = problems


def _exact(value: object) -> object:
    """A decimal from text or a whole number; a float has no exact dollars."""
    if isinstance(value, float):
        raise ValueError("write it as text, such as '49.99'")
    if isinstance(value, str):
        try:
            return Decimal(value.strip().replace("$", "").replace(",", ""))
        except InvalidOperation:
            raise ValueError(f"“{value}” is no number") from None
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Budget(_Frozen):
    """What a channel may cost in a day, a week or a month, and at which share of it to say so.

    Attributes:
        channel: `all`; `batch`; `sync`, which is everything but batch; one `provider` or `workload`.
        which: the provider or the workload.
        alert_at: share of the limit, above 0 and at most 1.
    """

    channel: ChannelKind
    which: str = Field(default="", max_length=500)
    period: Period
    limit_usd: Exact = Field(gt=0, le=Decimal(10) ** 12, decimal_places=6)
    alert_at: Exact = Field(default=Decimal("0.8"), gt=0, le=1)

    @model_validator(mode="after")
    def _is_of_something(self) -> Self:
        if (self.channel in NAMED_KINDS) != bool(self.which):
            raise ValueError(
                f"name the {self.channel}" if self.channel in NAMED_KINDS else f"{self.channel} needs no name"
            )
        return self

    @property
    def key(self) -> str:
        """What it is known by; two budgets for the same thing would contradict each other."""
        return "/".join(("budget", self.channel, self.which, self.period))

    @property
    def about(self) -> str:
        """What it is for, in words: `batch`, `workload nightly`."""
        return f"{self.channel} {self.which}".strip() if self.channel != "all" else "all calls"


class Thresholds(_Frozen):
    """From where on something is said.

    Attributes:
        window_days: how much of the log's end rates are taken over.
        error_rate: an alert above this share of requests, not at it.
        min_requests: rates over fewer requests say nothing.
        expired_lines: an alert from so many expired requests on.
        turnaround_hours: an alert when P95 is above.
        hit_rate_drop: an alert when the share of the input read from the cache falls by more, of 1.
        price_ahead_days: announced price changes are told so many days before.
        unattributed_usd: an alert when spend of no workload grew by more from one window to the next.
        log_age_days: an alert when the newest call is older.
        renotify_hours: an alert that goes on is sent again after this.
    """

    window_days: int = Field(default=7, ge=1, le=30)
    error_rate: Exact = Field(default=Decimal("0.02"), ge=0, lt=1)
    min_requests: int = Field(default=100, ge=1)
    expired_lines: int = Field(default=1, ge=1)
    turnaround_hours: Exact = Field(default=Decimal(12), gt=0, le=Decimal(1000))
    hit_rate_drop: Exact = Field(default=Decimal("0.2"), gt=0, le=1)
    price_ahead_days: int = Field(default=30, ge=1, le=365)
    unattributed_usd: Exact = Field(default=Decimal(10), ge=0)
    log_age_days: int = Field(default=7, ge=1, le=365)
    renotify_hours: int = Field(default=24, ge=1, le=8_760)


class Watched(_Frozen):
    """Everything a workspace is watched for; days begin at midnight of `time_zone`."""

    time_zone: str = "UTC"
    budgets: tuple[Budget, ...] = Field(default=(), max_length=MAX_BUDGETS)
    thresholds: Thresholds = Thresholds()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.time_zone not in available_timezones():
            raise ValueError(f"“{self.time_zone}” is no time zone; write one such as Europe/Berlin")
        keys = [budget.key for budget in self.budgets]
        for budget in self.budgets:
            if keys.count(budget.key) > 1:
                raise ValueError(f"two budgets a {budget.period} for {budget.about}; keep one")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days, weeks and months begin."""
        return ZoneInfo(self.time_zone)


def read_watched(content: object) -> Watched:
    """What a person or a document says; WatchError with a sentence for each problem and its place."""
    try:
        return Watched.model_validate(content)
    except ValidationError as error:
        raise WatchError("Not saved", tuple(_problem(item) for item in error.errors())) from error


def _problem(item: Any) -> str:
    place = [part for part in item["loc"] if part not in ("budgets", "thresholds")]
    where = " ".join(
        f"budget {part + 1}" if isinstance(part, int) else part.replace("_", " ") for part in place
    )
    what = str(item["msg"]).removeprefix("Value error, ")
    return f"{where}: {what}." if where else f"{what[:1].upper()}{what[1:]}."
