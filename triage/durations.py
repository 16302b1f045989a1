"""Durations, numbers and shares as people write them: 300 ms, 1 h 30 min, 7 days, 1,234.5, 12.3 %."""

from decimal import Decimal
from typing import Final

_MS_PER_MINUTE: Final = 60_000
_MS_PER_HOUR: Final = 3_600_000
_MS_PER_DAY: Final = 86_400_000
_HOURS_UP_TO_MS: Final = 3 * _MS_PER_DAY
"""Up to here hours are easier to compare with a batch window than days are."""


def duration_text(duration_ms: int) -> str:
    """Writes a duration in milliseconds exactly, so that a value just past a line never reads as the line."""
    if duration_ms < 1_000:
        return f"{duration_ms} ms"
    parts: list[str] = []
    rest_ms = duration_ms
    if duration_ms > _HOURS_UP_TO_MS:
        days, rest_ms = divmod(rest_ms, _MS_PER_DAY)
        parts.append(f"{days} days")
    hours, rest_ms = divmod(rest_ms, _MS_PER_HOUR)
    minutes, rest_ms = divmod(rest_ms, _MS_PER_MINUTE)
    if hours:
        parts.append(f"{hours} h")
    if minutes:
        parts.append(f"{minutes} min")
    if rest_ms:
        parts.append(f"{number_text(Decimal(rest_ms) / 1_000)} s")
    return " ".join(parts)


def seconds_text(seconds: Decimal | int) -> str:
    """A duration in seconds, as people write it."""
    return duration_text(int(seconds * 1_000))


def share_text(share: float) -> str:
    """A share from 0 to 1 as a percentage with one digit after the point at most."""
    return f"{number_text(Decimal(str(round(share * 100, 1))))} %"


def number_text(value: Decimal | int) -> str:
    """Writes a number in full with thousands separated and no trailing zeros after the point."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text
