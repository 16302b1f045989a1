"""What the Savings page says."""

from decimal import Decimal
from typing import Final

from reports.format import count, usd, usd_short
from ui.text import md, plural

COL_SAVED: Final = "Saved"
COL_WOULD_HAVE: Final = "Would have cost"
COL_DID_COST: Final = "Did cost"
COL_CACHE_LEVER: Final = "By cache"
COL_TIER_LEVER: Final = "By tier"
COL_LOST: Final = "Lost"
COL_CAUSE: Final = "Cause"
COL_AMOUNT: Final = "Amount"
COL_MEANS: Final = "What it means"

SAVINGS_EMPTY_TITLE: Final = "Nothing to verify yet"
SAVINGS_EMPTY_BODY: Final = "Realised savings appear once a log of calls is loaded."
SAVINGS_NONE_TITLE: Final = "No call has saved anything yet"
SAVINGS_NONE_BODY: Final = (
    "No call of the log ran in batch, flex or off-peak, and none used a cache. The Workloads page says which "
    "could; once they do, import the log of those days and their saving is counted here."
)
SAVINGS_CAPTION: Final = (
    "Computed from usage: what the same calls would have cost at once and without a cache, minus what they "
    "did cost, each at its own day's price. Days are UTC."
)
KPI_REALISED: Final = "Realised saving"
KPI_OPEN: Final = "Still to be had"
KPI_CAPTURE: Final = "Capture rate"
KPI_LOST: Final = "Lost to failures"
OPEN_DETAIL: Final = "as many days at today's recommendations, base case"
CAPTURE_DETAIL: Final = "realised, of realised and still to be had"
CAPTURE_NONE: Final = "nothing realised, and nothing to be had"
LINK_JOBS: Final = "Batch jobs"
LINK_MOVES: Final = "The moves left"
HOW_REALISED: Final = (
    "**Computed from usage.** Cache saving, at the standard tier's prices and net of cache writes, plus tier "
    "saving of what then is left, minus what was billed for lines that failed or were answered twice. It is "
    "negative where a cache was written more than it was read."
)
HOW_OPEN: Final = (
    "**Estimated.** The projected saving a year of every recommended move that was not made, for as long as "
    "the log is."
)
HOW_CAPTURE: Final = "**Estimated.** Realised saving over realised and still open saving together."
HOW_LOST: Final = (
    "**Computed from usage.** Billed for deferred lines that failed, expired, were cancelled, or were "
    "answered twice in one batch. It is subtracted from the saving. Failed lines without tokens cost nothing."
)
SAVINGS_TIME: Final = "Over time"
SAVINGS_VIEW_TRACK: Final = "Since the first day"
SAVINGS_VIEW_DAYS: Final = "Each day"
SAVINGS_PICK_VIEW: Final = "Chart"
HOW_SAVINGS_TIME: Final = (
    "Solid: computed from usage. Dashed: what today's recommendations would have added by then, an estimate "
    "at the log's average pace."
)
ALT_SAVINGS_TRACK: Final = "Realised saving since the first day, and together with what is still open"
ALT_SAVINGS_DAYS: Final = "Saving of each UTC day by cache and tier, and what was lost to failures"
SAVINGS_BY: Final = "Who saved it"
SAVINGS_GROUP: Final = "Show by"
GROUP_WORKLOAD: Final = "Workload"
GROUP_LANE: Final = "Lane"
GROUP_PROVIDER: Final = "Provider"
GROUP_DAY: Final = "Day"
GROUP_MODEL: Final = "Model"
GROUP_PROJECT: Final = "Workload or project"
ALT_SAVINGS_TABLE: Final = "Calls, cost, saving by lever and loss of each group"
CHANGE: Final = "Before and after"
HOW_CHANGE: Final = (
    "**Computed from usage.** Two equally long periods, whole weeks where the log has them. Each step "
    "changes one factor and begins where the last one ended, so that they sum to the change exactly: calls "
    "answered; tokens and models of a call; prices; what the cache leaves; what the tier leaves; billed "
    "failures. What cannot be told apart is the residual."
)
CHANGE_WORKLOAD: Final = "Workload"
CHANGE_DATE: Final = "First day after (UTC)"
CHANGE_NONE: Final = (
    "The log has no day of this workload on one side of that date. Choose a day within the log."
)
CHANGE_UNPRICED: Final = (
    "No call of this workload has a price, so its spend is unknown before and after. Add the price on the "
    "Prices page."
)
CHANGE_ONE_DAY: Final = "All calls of this workload are of one day, so there is nothing to compare."
CHANGE_UNDATED: Final = "The calls of this workload have no times, so there is no before and after."
ALT_CHANGE: Final = "Spend before, the effect of each cause, and spend after"
ALT_CHANGE_TABLE: Final = "The causes of the change with their amounts; they sum to it"
RESIDUAL: Final = "Residual"
CHANGE_TOTAL: Final = "Change in spend"
CHANGE_OPEN: Final = "cannot be told; in the residual"
CHANGE_MEANS: Final = {
    "volume": "More or fewer answered calls, each as before",
    "mix": "Longer or shorter calls, other models",
    "price": "Prices that changed between the two periods",
    "cache": "Another share of the input read from or written to a cache",
    "tier": "Another share in batch, flex or off-peak",
    "errors": "Failed calls that were billed",
    "residual": "What no cause explains: calls without a price in some lane",
}


def savings_headline(saved: Decimal) -> str:
    """The finding, as the page's title."""
    if saved < 0:
        return f"{md(usd_short(-saved))} more was spent than without caches and cheaper lanes"
    return f"{md(usd_short(saved))} saved so far"


def realised_detail(cache: Decimal, tier: Decimal, lost: Decimal) -> str:
    """The levers under the realised saving; no Markdown."""
    parts = [f"cache {usd(cache)}", f"tier {usd(tier)}"]
    return ", ".join([*parts, f"lost {usd(lost)}"] if lost else parts)


def lost_detail(failed: int, repeated: int) -> str:
    """Under the loss; no Markdown."""
    again = f", {count(repeated)} answered twice" if repeated else ""
    return f"{plural(failed, 'line')} failed or expired{again}"


def savings_left_out(unpriced: int, calls: int) -> str:
    """That some calls could not be compared."""
    return (
        f"{plural(unpriced, 'call')} of {count(calls)} in these lanes have no price to compare with and are "
        "in no saving. The Overview says which prices are missing."
    )


def savings_undated(amount: str) -> str:
    """That some of the saving has no day; `amount` is plain."""
    return f"{md(amount)} of it is of calls without a time, at today's prices: an estimate, and on no day."


def saving_amount(amount: Decimal) -> str:
    """A saving: red when it lost money, as Markdown."""
    return f":red[{md(usd(amount))}]" if amount < 0 else md(usd(amount))


def change_line(days: int, before: int, after: int) -> str:
    """What was compared."""
    return f"{plural(days, 'day')} before and after: {plural(before, 'call')}, then {plural(after, 'call')}."
