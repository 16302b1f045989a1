"""Hours of the week in which work that nobody waits for may be sent: on the wall clock of one named place.

A window opens and closes when the clocks there show its times, so it moves with daylight saving. A
time that the clocks skip means the moment they jump; a time they show twice means the first.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    field_validator,
    model_validator,
)

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SECOND: Final = timedelta(seconds=1)
_DAYS_AHEAD: Final = 9
"""A window opens at least once a week; a day more on each side covers every offset from UTC."""


def _quoted_time(value: Any) -> Any:
    if isinstance(value, int):
        raise ValueError(f'{value!r} must be a time in quotes, such as "22:00": YAML reads it as a number')
    return value


WallTime = Annotated[str, BeforeValidator(_quoted_time), Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class OffPeak(BaseModel):
    """A daily window on the wall clock of `time_zone`; it wraps midnight when `to` is before `from`.

    Attributes:
        days: days on which the window opens; the part after midnight belongs to the day before.
        defer_unstated: whether a request of which nothing is stated is sent in a batch while the
            window is open; what somebody waits for never is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    time_zone: str
    from_: WallTime = Field(alias="from")
    to: WallTime
    days: tuple[Day, ...] = Field(default=DAYS, min_length=1)
    defer_unstated: StrictBool = False

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        """Abbreviations are refused: CET and EST do not say whether daylight saving is kept."""
        if value != "UTC" and "/" not in value:
            raise ValueError(
                f"{value!r} is not an IANA time zone; write UTC or a place, such as Europe/Berlin"
            )
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError(
                f"{value!r} is not a known IANA time zone; write one such as America/New_York"
            ) from None
        return value

    @model_validator(mode="after")
    def _has_length(self) -> "OffPeak":
        if self.from_ == self.to:
            raise ValueError(f"from and to are both {self.to}; a window needs a beginning and an end")
        return self

    def is_open(self, at_utc: datetime) -> bool:
        """Whether the window is open at a moment in UTC (naive); open at `from`, closed at `to`."""
        return self.closes(at_utc) is not None

    def closes(self, at_utc: datetime) -> datetime | None:
        """When the window that is open at `at_utc` closes, in naive UTC; None when it is closed."""
        for opens, closes in self._windows(at_utc):
            if opens <= at_utc < closes:
                return closes
        return None

    def next_open(self, at_utc: datetime) -> datetime:
        """The first moment from `at_utc` on at which the window is open, in naive UTC."""
        return next(max(opens, at_utc) for opens, closes in self._windows(at_utc) if at_utc < closes)

    def _windows(self, at_utc: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The windows around and after a moment, oldest first, without those a clock change swallows."""
        zone = ZoneInfo(self.time_zone)
        first = at_utc.replace(tzinfo=UTC).astimezone(zone).date() - timedelta(days=1)
        wraps = self.to < self.from_
        for ahead in range(_DAYS_AHEAD + 1):
            day = first + timedelta(days=ahead)
            if DAYS[day.weekday()] not in self.days:
                continue
            opens = _moment(day, self.from_, zone)
            closes = _moment(day + timedelta(days=wraps), self.to, zone)
            if opens < closes:
                yield opens, closes


@lru_cache(maxsize=4_096)
def _moment(day: date, wall: str, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` first show `wall` on `day`, or jump over it, in naive UTC."""
    shown = datetime.combine(day, time.fromisoformat(wall))
    early, late = sorted(_utc(shown.replace(fold=fold), zone) for fold in (0, 1))
    if early.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) == shown:
        return early
    # The clocks skip this time: halve the gap until the second in which they jump is found.
    before = late.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == before:
            late = middle
        else:
            early = middle
    return late


def _utc(shown: datetime, zone: ZoneInfo) -> datetime:
    return shown.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
