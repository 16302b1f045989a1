"""What the Alerts page says, and its banners."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from ui.strings.shared import day, moment, zone_shown
from ui.text import plural

ALERTS_TITLE: Final = "Alerts"
ALERTS_EMPTY_TITLE: Final = "Nothing to watch yet"
ALERTS_EMPTY_BODY: Final = (
    "Budgets, failures and lost savings are watched in a log whose calls have a time. Load one first."
)
ALERTS_NONE: Final = "Nothing fires."
ALERT_SEVERITIES: Final = {"breach": "Breach", "warning": "Warning"}
ALERT_KINDS: Final = {
    "budget": "budget",
    "errors": "failed requests",
    "expired": "expired lines",
    "turnaround": "late batches",
    "hits": "lost cache hits",
    "price_ahead": "a price change ahead",
    "unattributed": "spend of no workload",
    "regressed": "a move that fell back",
    "stale": "old prices",
    "log": "an old log",
}
ALERT_PAGES: Final = {
    "workloads": "See the workload",
    "batches": "See the batch jobs",
    "ledger": "Open the ledger",
    "prices": "See the prices",
    "data": "Import a log",
    "rules": "Write a rule",
}
ALERTS_SEE: Final = "See all"
ALERTS_HIDE: Final = "Hide"
ALERTS_HIDE_HELP: Final = "Until you open the app again, or something else fires."
BUDGETS: Final = "Budgets"
BUDGETS_NONE: Final = "No budget is set."
BUDGETS_HOW: Final = (
    "Sync is everything but batch. A provider or a workload needs its name. Spend is as billed, each call at "
    "its own day's price; the alert comes when the amount is reached, not above it. The empty last row adds "
    "one."
)
COL_CHANNEL: Final = "Channel"
COL_WHICH: Final = "Which"
COL_PERIOD: Final = "Per"
COL_LIMIT: Final = "Limit"
COL_LIMIT_USD: Final = "Limit ($)"
COL_ALERT_AT: Final = "Alert at (%)"
COL_DAYS: Final = "Days"
COL_SO_FAR: Final = "Spent"
COL_OF_LIMIT: Final = "Of the limit"
ALT_BUDGETS: Final = "Budgets with what their period has cost so far"
ALT_BUDGET_GRID: Final = "Budgets to edit, one a row"
BUDGET_CHANNELS: Final = {
    "all": "All calls",
    "sync": "Sync",
    "batch": "Batch",
    "provider": "Provider",
    "workload": "Workload",
}
BUDGET_STATES: Final = {"breach": "limit reached", "warning": "alert", "ok": "within"}
WATCH_EDIT: Final = "Budgets and thresholds"
WATCH_ZONE: Final = "Time zone of budgets"
WATCH_ZONE_HELP: Final = (
    "Days, weeks (from Monday) and months of budgets begin at its midnight, for everybody. Times "
    "are shown in the zone that you chose in the sidebar."
)
WATCH_LIMITS: Final = "Thresholds"
WATCH_FIELDS: Final = {
    "window_days": ("Window (days)", "How much of the log's end rates are taken over."),
    "error_rate": ("Error rate above (%)", "Of requests; an alert above it, not at it."),
    "min_requests": ("Rates from (requests)", "A rate over fewer requests says nothing."),
    "expired_lines": ("Expired lines from", "An alert from so many expired requests on."),
    "turnaround_hours": ("P95 turnaround above (h)", "Of the batches that ended in the window."),
    "hit_rate_drop": ("Hit rate drop above (points)", "Share of the input read from the cache, to before."),
    "price_ahead_days": ("Price changes ahead (days)", "Announced changes are told so long before."),
    "unattributed_usd": (
        "Unattributed growth above ($)",
        "Spend of no workload, from one window to the next.",
    ),
    "log_age_days": ("Log older than (days)", "An alert when the newest call is older."),
    "renotify_hours": ("Send again after (h)", "An alert that goes on is sent again after this."),
}
WATCH_SAVE: Final = "Save"
WATCH_SAVED: Final = "Saved."
WATCH_SAME: Final = "Nothing differs from what is in force."
WATCH_PROBLEMS: Final = "Not saved"
WATCH_NOTE: Final = "Budgets and thresholds edited"
WATCH_UNDO: Final = "Undo the last change"
WATCH_UNDONE: Final = "The last change is taken back."
WATCH_HISTORY: Final = "History of budgets and thresholds"
WATCH_NO_HISTORY: Final = "Nothing was changed yet."
NOTIFY: Final = "Notifications"
NOTIFY_NONE: Final = (
    "Nobody is told yet. Add an address on the command line of this server, then run the check in cron:"
)
NOTIFY_SOME: Final = "Told by the check when something new fires:"
NOTIFY_COMMANDS: Final = "lanewise notify add URL --name ops\nlanewise check --notify"
COL_ADDRESS: Final = "Address"
ALT_TARGETS: Final = "Who is told of alerts"


def alerts_caption(newest: datetime | None, zone: str) -> str:
    """How far the log reaches and whose midnight counts."""
    reach = f"The log reaches to {moment(newest)} {zone_shown()}. " if newest is not None else ""
    return (
        f"{reach}Budgets follow the days of {zone}, the time zone set below. The same check runs in cron: "
        "`lanewise check`."
    )


def alert_banner(n_breaches: int, n_warnings: int, kinds: Sequence[str]) -> str:
    """What fires, in one line on every page."""
    said = " and ".join(
        plural(n, word, many)
        for n, word, many in ((n_breaches, "breach", "breaches"), (n_warnings, "warning", "warnings"))
        if n
    )
    return f"**{said}**: {', '.join(ALERT_KINDS[kind] for kind in kinds)}"


def budget_days(first: date, last: date) -> str:
    """The days of a budget's period."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def budget_unpriced(n: int) -> str:
    """Said below budgets whose spend is partial."""
    return f"{plural(n, 'call')} in these periods have no price and are in no amount."
