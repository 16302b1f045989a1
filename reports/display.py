"""What a page shows amounts and times in, of whoever looks; dollars and UTC are what is kept.

Set for the thread that draws a page and nowhere else, so no other session, file or command line
sees it. Amounts that leave the app are written within `in_dollars`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Final
from zoneinfo import ZoneInfo

UTC_ZONE: Final = "UTC"
DOLLARS: Final = "USD"

_MICRO: Final = Decimal(1_000_000)
_EXACT_DIGITS: Final = 60


@dataclass(frozen=True)
class Currency:
    """A currency: its name, the mark before an amount, and the digits of its smallest unit in use."""

    name: str
    mark: str
    places: int = 2


CURRENCIES: Final[dict[str, Currency]] = {
    DOLLARS: Currency("US dollar", "$"),
    "EUR": Currency("Euro", "€"),
    "GBP": Currency("Pound sterling", "£"),
    "CHF": Currency("Swiss franc", "CHF "),
    "SEK": Currency("Swedish krona", "SEK "),
    "NOK": Currency("Norwegian krone", "NOK "),
    "DKK": Currency("Danish krone", "DKK "),
    "PLN": Currency("Polish złoty", "PLN "),
    "CZK": Currency("Czech koruna", "CZK "),
    "HUF": Currency("Hungarian forint", "HUF "),
    "RON": Currency("Romanian leu", "RON "),
    "UAH": Currency("Ukrainian hryvnia", "UAH "),
    "TRY": Currency("Turkish lira", "TRY "),
    "ISK": Currency("Icelandic króna", "ISK ", 0),
    "JPY": Currency("Japanese yen", "¥", 0),
    "CNY": Currency("Chinese yuan", "CN¥"),
    "KRW": Currency("South Korean won", "₩", 0),
    "INR": Currency("Indian rupee", "₹"),
    "TWD": Currency("Taiwan dollar", "NT$"),
    "HKD": Currency("Hong Kong dollar", "HK$"),
    "SGD": Currency("Singapore dollar", "S$"),
    "AUD": Currency("Australian dollar", "A$"),
    "NZD": Currency("New Zealand dollar", "NZ$"),
    "CAD": Currency("Canadian dollar", "CA$"),
    "BRL": Currency("Brazilian real", "R$"),
    "MXN": Currency("Mexican peso", "MX$"),
    "CLP": Currency("Chilean peso", "CLP ", 0),
    "COP": Currency("Colombian peso", "COP "),
    "IDR": Currency("Indonesian rupiah", "IDR "),
    "MYR": Currency("Malaysian ringgit", "MYR "),
    "PHP": Currency("Philippine peso", "PHP "),
    "THB": Currency("Thai baht", "THB "),
    "VND": Currency("Vietnamese đồng", "VND ", 0),
    "AED": Currency("UAE dirham", "AED "),
    "ILS": Currency("Israeli new shekel", "ILS "),
    "SAR": Currency("Saudi riyal", "SAR "),
    "ZAR": Currency("South African rand", "ZAR "),
}
"""What amounts can be shown in, by ISO 4217 code; marks are unlike each other and unlike the dollar's."""


@dataclass(frozen=True)
class Conversion:
    """From dollars to another currency at a rate that somebody typed, of the day they say."""

    code: str
    per_usd: Decimal
    rate_of: date


@dataclass(frozen=True)
class Display:
    """The IANA zone that times are shown in, and the currency; None is dollars, which are not converted."""

    zone: str = UTC_ZONE
    conversion: Conversion | None = None


_KEPT: Final = Display()
_SHOWN: ContextVar[Display] = ContextVar("display", default=_KEPT)


def show_in(display: Display) -> None:
    """Shows everything that this thread draws from now on in `display`."""
    _SHOWN.set(display)


def shown() -> Display:
    """What this thread shows amounts and times in."""
    return _SHOWN.get()


@contextmanager
def in_dollars() -> Iterator[None]:
    """Amounts as they are kept, whatever the person looking chose: for all that leaves a page or stays.

    Also a decorator. Sentences that are cached, saved or sent are made within it.
    """
    before = _SHOWN.get()
    _SHOWN.set(Display(before.zone))
    try:
        yield
    finally:
        _SHOWN.set(before)


def amount(micro_usd: Decimal) -> Decimal:
    """Micro-dollars as an exact amount of the currency shown."""
    conversion = _SHOWN.get().conversion
    with localcontext() as context:
        context.prec = _EXACT_DIGITS
        converted = micro_usd if conversion is None else micro_usd * conversion.per_usd
        return converted / _MICRO


def currency() -> Currency:
    """The currency shown."""
    conversion = _SHOWN.get().conversion
    return CURRENCIES[DOLLARS if conversion is None else conversion.code]


def about() -> str:
    """What stands before every converted amount, on one line with it; empty before dollars."""
    return "" if _SHOWN.get().conversion is None else "≈\N{NO-BREAK SPACE}"


def mark() -> str:
    """What stands before a number on an axis: `$`, or `≈ €` where it is converted."""
    return f"{about()}{currency().mark}"


def unit() -> str:
    """What an axis counts in: `US dollars`, or `≈ EUR` where it is converted."""
    conversion = _SHOWN.get().conversion
    return "US dollars" if conversion is None else f"{about()}{conversion.code}"


def local(at_utc: datetime) -> datetime:
    """A naive UTC moment as the naive wall time of the zone shown."""
    there = at_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(_SHOWN.get().zone))
    return there.replace(tzinfo=None)


def moment(at_utc: datetime) -> str:
    """A naive UTC moment in the zone shown, to the minute.

    An hour that clocks show twice in autumn carries its offset, so that the two are told apart.
    """
    there = at_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(_SHOWN.get().zone))
    text = f"{there:%Y-%m-%d %H:%M}"
    if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
        return text
    offset = f"{there:%z}"
    return f"{text} ({offset[:3]}:{offset[3:]})"
