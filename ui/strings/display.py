"""What the Display control says, and the marks of what is shown in another currency or time zone."""

from decimal import Decimal
from typing import Final

from reports import display
from reports.format import usd
from ui.strings.shared import day
from ui.text import md

DISPLAY: Final = "Display"
DISPLAY_ZONE: Final = "Time zone"
DISPLAY_ZONE_HELP: Final = (
    "For every time on the pages. Days that figures are counted in stay UTC days, and say so. Type to search."
)
DISPLAY_CURRENCY: Final = "Currency"
DISPLAY_CURRENCY_HELP: Final = (
    "For amounts on the pages. Prices a million tokens, what you type, the report and every file stay in US "
    "dollars."
)
DISPLAY_RATE_HELP: Final = "As your accounting has it. No rate is looked up or built in."
DISPLAY_RATE_OF: Final = "Rate of"
DISPLAY_KEPT: Final = "Remembered for you in this workspace. No figure is computed anew."
AMOUNTS_IN_DOLLARS: Final = (
    "Amounts on this page are in US dollars, whatever currency is chosen for the other pages."
)


def display_browser(zone: str | None) -> str:
    """The choice that follows the browser; no Markdown."""
    return f"{zone} (this browser)" if zone else "This browser's (not known: UTC)"


def display_currency(code: str, name: str) -> str:
    """A currency in the list; no Markdown."""
    return f"{code} · {name}"


def display_rate(code: str) -> str:
    """The field of the rate."""
    return f"1 USD = … {code}"


def display_needs_rate(code: str) -> str:
    """Said until a rate is typed."""
    return f"Type how much {code} one US dollar is. Until then amounts stay as they are."


def display_example() -> str:
    """An amount at the rate, to see a rate that was typed the wrong way round."""
    thousand = Decimal(1000).scaleb(6)
    return f"\\$1,000.00 is shown as {md(usd(thousand))}."


def display_times() -> str:
    """Whose clocks the times go by, and what amounts are in, for the foot of the sidebar."""
    now = display.shown()
    said = [f"All times are {md(now.zone)}"]
    if now.zone != display.UTC_ZONE:
        said.append("Days are counted in UTC")
    if now.conversion is not None:
        said.append(f"Amounts are {display.unit()}")
    return "  \n".join(said)


def converted(made: display.Conversion) -> str:
    """Above a page with converted amounts: the rate, of when and by whom, and what is kept."""
    return (
        f"Amounts marked ≈ are converted: 1 USD = {made.per_usd:f} {made.code}, rate of {day(made.rate_of)}, "
        "typed by you. US dollars are what is kept."
    )
