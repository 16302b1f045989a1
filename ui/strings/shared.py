"""Words that several pages share, and how they write days, ranges and counts of rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from reports import display
from triage.durations import share_text

PRODUCT: Final = "Lanewise"
ABOUT: Final = (
    "**Lanewise** tells which of your LLM calls can wait, what each workload would cost in every lane, "
    "and what moving it saves. Logs stay on this machine; prompts and answers are never stored."
)
CANCEL: Final = "Cancel"
STAYS: Final = "stays"
SEE_WORKLOADS: Final = "See the workloads"
NOT_KNOWN: Final = "unknown"
NOT_KNOWN_DASH: Final = "–"
DATASET: Final = "dataset"
COL_WHAT: Final = "What"
COL_WHO: Final = "Who"
COL_NOTE: Final = "Note"
COL_CALLS: Final = "Calls"
COL_TOKENS: Final = "Tokens"
COL_MODEL: Final = "Model"
COL_PROVIDER: Final = "Provider"
COL_WORKLOAD: Final = "Workload"
COL_LABEL: Final = "Label"


def moment(at_utc: datetime) -> str:
    """A moment on the clocks of the time zone shown, to the minute; no Markdown."""
    return display.moment(at_utc)


def zone_shown() -> str:
    """The time zone that moments are shown in, as an IANA name; no Markdown."""
    return display.shown().zone


def col_when() -> str:
    """The column of moments."""
    return f"When ({zone_shown()})"


def day(at: datetime | date) -> str:
    """A day as people write it: 1 May 2026."""
    return f"{at.day} {at:%b %Y}"


def rows_shown(first: int, last: int, length: int) -> str:
    """Which rows of a long table are drawn."""
    return f"{first:,} to {last:,} of {length:,}"


def low_to_high(low: str, high: str) -> str:
    """Two amounts as a range; no Markdown."""
    return f"{low} to {high}"


def as_percent(share: Decimal) -> str:
    """A share of 0 to 1 in percent, to the digits that tell it apart from none and all; no Markdown."""
    return share_text(float(share))
