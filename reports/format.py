"""Numbers as people read them; exact values stay exact until here.

Money comes in as Decimal micro-dollars and is shown in the currency of whoever looks, in dollars
wherever none was chosen (see `reports.display`): `usd`, `usd_short` and `usd_unit` convert, `dollars` never.
"""

import math
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from reports import display

UNKNOWN: Final = "unknown"
"""What an unknown amount is called; never 0, never blank."""

_MICRO: Final = Decimal(1_000_000)
_SHORT_UNITS: Final = (
    (Decimal(10) ** 12, "T"),
    (Decimal(10) ** 9, "B"),
    (Decimal(10) ** 6, "M"),
    (Decimal(1000), "k"),
)

LANE_TITLES: Final = {
    "sync": "Sync, no caching",
    "sync+cache": "Sync with cache",
    "batch": "Batch, no caching",
    "batch+cache": "Batch with cache",
    "flex": "Flex, no caching",
    "flex+cache": "Flex with cache",
    "priority": "Priority",
    "ultrafast": "Ultrafast",
    "offpeak": "Off-peak",
    "mixed": "Mixed tiers",
    "stay": "Stay",
    "none": "No usage yet",
}

LABEL_TITLES: Final = {
    "interactive": "Interactive",
    "semi_interactive": "Semi-interactive",
    "batch": "Batch",
    "unknown": "Unknown",
}


def dollars(micro_usd: Decimal) -> Decimal:
    """Micro-dollars as exact dollars."""
    with localcontext() as context:
        context.prec = 60
        return micro_usd / _MICRO


def usd(micro_usd: Decimal | None) -> str:
    """Dollars and cents; amounts under a cent keep two significant digits; None is `unknown`."""
    if micro_usd is None:
        return UNKNOWN
    amount = display.amount(micro_usd)
    return f"{_before(amount)}{_digits(abs(amount))}"


def usd_signed(micro_usd: Decimal, *, short: bool = False) -> str:
    """A difference with its sign, plus included; none before nothing."""
    plus = "+" if micro_usd > 0 else ""
    amount = display.amount(micro_usd)
    return f"{_before(amount, plus)}{_short_digits(abs(amount)) if short else _digits(abs(amount))}"


def usd_unit(micro_usd: Decimal | None) -> str:
    """The price of one thing: four significant digits below a dollar, else as `usd`."""
    if micro_usd is None:
        return UNKNOWN
    amount = display.amount(micro_usd)
    size = abs(amount)
    if size == 0 or size >= 100 * _smallest():
        return usd(micro_usd)
    digits = size.quantize(Decimal(1).scaleb(size.adjusted() - 3), ROUND_HALF_EVEN)
    return f"{_before(amount)}{digits.normalize():f}"


def usd_short(micro_usd: Decimal | None) -> str:
    """Three significant digits with a unit ($1.23k, $4.50M); cents below a thousand dollars."""
    if micro_usd is None:
        return UNKNOWN
    amount = display.amount(micro_usd)
    return f"{_before(amount)}{_short_digits(abs(amount))}"


def _smallest() -> Decimal:
    """The smallest unit of the currency shown: a cent, a yen."""
    return Decimal(1).scaleb(-display.currency().places)


def _before(amount: Decimal, plus: str = "") -> str:
    """What stands before the digits: that they are converted, the sign, the currency."""
    return f"{display.about()}{'-' if amount < 0 else plus}{display.currency().mark}"


def _digits(size: Decimal) -> str:
    smallest = _smallest()
    if size == 0 or size >= smallest:
        return f"{size.quantize(smallest, ROUND_HALF_EVEN):,f}"
    digits = size.quantize(Decimal(1).scaleb(size.adjusted() - 1), ROUND_HALF_EVEN)
    return f"{digits.normalize():f}"


def _short_digits(size: Decimal) -> str:
    for unit, letter in _SHORT_UNITS:
        if size >= unit:
            value = size / unit
            places = 0 if value >= 100 else 1 if value >= 10 else 2
            return f"{value:.{places}f}{letter}"
    return f"{size:.0f}" if size >= 100 else _digits(size)


def percent(share: float | None, places: int = 0) -> str:
    """A share of 1 as a percentage; a share that rounds to 100 % without being it says 99.9 %."""
    if share is None:
        return UNKNOWN
    text = f"{share * 100:.{places}f}"
    if share < 1 and float(text) >= 100:
        return "> 99.9 %"
    if share > 0 and float(text) == 0:
        return "< 0.1 %" if places else "< 1 %"
    return f"{text} %"


def count(number: int) -> str:
    """A whole number with thousands separators."""
    return f"{number:,}"


def file_size(size_bytes: int) -> str:
    """A size in decimal units, as file managers show it: `900 bytes`, `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} {'byte' if size_bytes == 1 else 'bytes'}"
    for unit, factor in (("GB", 10**9), ("MB", 10**6)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:,.1f} {unit}"
    return f"{size_bytes / 1000:.0f} kB"


def time_left(seconds: float) -> str:
    """A rough remaining time, never more exact than the estimate is: `8 s left`, `3 min left`."""
    if seconds < 60:
        return f"{max(1, math.ceil(seconds))} s left"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min left" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min left"


def progress_facts(
    *, rows: int | None, bytes_read: int, bytes_total: int, seconds_left: float | None
) -> tuple[str, ...]:
    """What is known of how far a long read is, piece by piece; nothing for what is not known."""
    found: list[str] = []
    if rows:
        found.append(f"{count(rows)} {'row' if rows == 1 else 'rows'}")
    if 0 < bytes_read < bytes_total:
        found.append(f"{file_size(bytes_read)} of {file_size(bytes_total)}")
    if seconds_left is not None:
        found.append(time_left(seconds_left))
    return tuple(found)


def lane_title(lane: str) -> str:
    """The lane's name on screen; an unknown id is shown as it stands."""
    return LANE_TITLES.get(lane, lane)


def label_title(label: str) -> str:
    """The label's name on screen."""
    return LABEL_TITLES.get(label, label)
