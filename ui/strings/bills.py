"""What the Bills page says."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from reports.format import count, lane_title
from ui.strings.shared import NOT_KNOWN, NOT_KNOWN_DASH
from ui.text import md, plural

BILLS_EMPTY_TITLE: Final = "Nothing to hold the figures against yet"
BILLS_EMPTY_BODY: Final = (
    "Import a provider's cost export (OpenAI costs, Anthropic cost report, a cloud bill), or a gateway's log "
    "that carries costs. Every difference from the computed cost is then explained here, or called unknown."
)
BILLS_UPLOAD: Final = "Upload a bill or a log"
BILLS_CAPTION: Final = (
    "Differences are the other amount minus the computed one. A cause is named only where pricing the same "
    "calls that way gives the other amount; the rest stays unknown. Days are UTC."
)
TRUST: Final = "Whom to trust"
HOW_TRUST: Final = (
    "Totals over the days that the bill covers, beside its charges for models before credits. Within 1 % of "
    "the bill a total agrees with it."
)
ALT_TRUST: Final = "Each total beside the bill, and whether it agrees"
COL_TOTAL: Final = "Total"
COL_BILL: Final = "Bill"
COL_OFF: Final = "Off by"
COL_VERDICT: Final = "Verdict"
OWN_FIGURES: Final = "Lanewise, computed"
AGREES: Final = "agrees with the bill"
DISAGREES: Final = "does not agree"
BILL_SECTION: Final = "The bill beside the computed cost"
BILL_NONE: Final = "No bill has been imported. Upload a provider's cost export on the Data page."
REPORTED_SECTION: Final = "What the logs report beside the computed cost"
REPORTED_NONE: Final = "No log that was imported carries costs."
KPI_COMPUTED: Final = "Computed"
KPI_BILLED: Final = "Billed"
KPI_REPORTED: Final = "Reported"
BILL_AMOUNTS: Final = {"billed": "amounts of the bill", "reported": "costs that the logs carry"}
"""What is added up, by section; no Markdown."""
KPI_DIFFERENCE: Final = "Difference"
HOW_COMPUTED: Final = "**Computed from usage**, of the calls that are compared."
HOW_BILLED: Final = "**Billed**: what the provider's export charges, credits included."
HOW_REPORTED: Final = "**Billed**, as the source of the log reports it; gateways compute it themselves."
HOW_DIFFERENCE: Final = "The other amount minus the computed one. The causes below sum to it exactly."
ALT_CAUSES: Final = "The difference by cause, with what each means"
ALT_DIFFERENCES: Final = "Both amounts, the difference and its main cause by group"
COL_DIFF: Final = "Difference"
COL_MAIN_CAUSE: Final = "Main cause"
NO_DIFFERENCE: Final = "none"
CAUSE_TITLES: Final = {
    "rounding": "Rounding",
    "tier": "Tier",
    "cache": "Cache",
    "price_age": "Price age",
    "missing_calls": "Missing calls",
    "credits": "Credits and discounts",
    "no_model": "Charges without a model",
    "unknown": "Unknown",
}
_CAUSE_MEANS: Final = {
    "rounding": "Amounts were rounded on the way",
    "tier": "The same calls at another tier's rate",
    "cache": "Cached tokens at the full input price",
    "price_age": "The same calls at another day's prices",
    "missing_calls": "One side does not have all of the calls",
    "credits": "Credits and discounts on the bill that no price row or discount here knows",
    "no_model": "Tools, storage and other charges for which the bill names no model",
    "unknown": "No other price of these calls gives the amount; it is not absorbed anywhere",
}
EVERYTHING_AGREES: Final = "Both amounts are the same to the last digit."


def cause_meaning(cause: str, details: Sequence[tuple[str | None, str]]) -> str:
    """What a cause means, with what explained it: the tier of the calls and a lane or a day; no Markdown."""
    if cause == "price_age" and details:
        days = sorted({detail for _, detail in details})
        more = f" and {plural(len(days) - 3, 'other day')}" if len(days) > 3 else ""
        return f"The same calls at the prices of {', '.join(days[:3])}{more}"
    if cause == "tier" and details:
        said = sorted({(tier or "", lane_title(lane)) for tier, lane in details})
        each = [
            f"{f'{tier.capitalize()} calls' if tier else 'Calls'} at the rate of {lane}"
            for tier, lane in said
        ]
        return "; ".join(each[:3])
    return _CAUSE_MEANS[cause]


def bill_period(first: date | None, last: date | None) -> str:
    """The days of a comparison; no Markdown."""
    if first is None or last is None:
        return "no time"
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def not_compared(source: str, reason: str, n: int, amount: str | None) -> str:
    """An amount that nothing could be held against; `source` is escaped, `amount` plain."""
    if reason.startswith("currency:"):
        code = reason.partition(":")[2]
        return (
            f"{plural(n, 'line')} of the bill of {source} are in {md(code)} and compared with nothing: "
            "import an export that converts them to US dollars."
        )
    if reason == "unpriced":
        return (
            f"{plural(n, 'call')} of {source} have no price here: the bill has what they cost and the "
            "computed amount has not. The Prices page says which models are missing."
        )
    return (
        f"{plural(n, 'call')} of {source} for which it reports {md(amount or NOT_KNOWN)} have no price here "
        "and are compared with nothing. The Prices page says which models are missing."
    )


def differences_first(shown: int, all_of_them: int) -> str:
    """That a table is cut."""
    return f"The {count(shown)} largest differences of {count(all_of_them)}."


def off_by(share: Decimal | None) -> str:
    """How far a total is from the bill, with its sign."""
    if share is None:
        return NOT_KNOWN_DASH
    return f"{share * 100:+.2f} %"


def trust_source(name: str, missing: int) -> str:
    """A source in the table of whom to trust; `name` is escaped."""
    return f"{name} :small[({plural(missing, 'call')} without a cost)]" if missing else name
