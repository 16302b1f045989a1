"""What the Batch jobs page says."""

from decimal import Decimal
from typing import Final

from reports.format import count, usd
from triage.durations import duration_text
from ui.strings.shared import zone_shown
from ui.text import md, plural

BATCHES_EMPTY_TITLE: Final = "No batch jobs yet"
BATCHES_EMPTY_BODY: Final = (
    "Import the output **and** the error files of your batches, with the id of the batch in their names, "
    "or their batch objects. Each batch then has a row here, and what failed is a list to run again."
)
KPI_BATCHES: Final = "Batches"
KPI_BATCH_ERRORS: Final = "Requests that failed"
KPI_BATCH_COST: Final = "Cost"
KPI_USABLE: Final = "Cost of a usable answer"
HOW_BATCH_COST: Final = "**Computed from usage**, each line at its own day's batch price."
HOW_USABLE: Final = (
    "**Computed from usage.** The whole cost of the batches over the requests that were answered."
)
COL_BATCH: Final = "Batch"
TIME_FORMAT: Final = "YYYY-MM-DD HH:mm"
COL_REQUESTS: Final = "Requests"
COL_OK: Final = "OK"
COL_ERRORS: Final = "Errors"
COL_EXPIRED: Final = "Expired"
COL_CANCELLED: Final = "Cancelled"
COL_LIST: Final = "At once"
COL_USABLE: Final = "Per answer"
COL_HITS: Final = "Hit rate"
COL_TURNAROUND: Final = "Took"
COL_DEADLINE: Final = "Deadline"
HELP_LIST: Final = "What the same calls would cost in the standard tier with the same cache hits."
HELP_TURNAROUND: Final = (
    "From the first to the last time in the batch. Lines say when they ran, not when the batch was handed "
    "in, so that it took at least as long; totals know both."
)
HELP_DEADLINE: Final = (
    "Of its calls, else what was declared for its workload, else when the provider gives up. Where only "
    "lines are known, a deadline that their times do not break is not missed, as far as they say."
)
NO_BATCH_ID: Final = "(names no batch)"
ALT_BATCHES: Final = "Every batch with its endings, cost, hit rate, time and deadline"
PICK_BATCH: Final = "Batch to look at"
BATCH_ERROR_TYPES: Final = "Error codes"
BATCH_NO_ERRORS: Final = "No line of this batch failed with an error."
RETRY: Final = "To run again"
HOW_RETRY: Final = (
    "The custom ids of lines that failed or expired and were not answered in this batch. Cancelled lines "
    "were stopped on purpose and are not on the list."
)
RETRY_NONE: Final = "Nothing of this batch has to run again."
RETRY_TOTALS: Final = "Only the totals of this batch are known. Import its error file for the ids."
RETRY_ANSWERED_TOO: Final = "List those too that were answered elsewhere since"
RETRY_CSV: Final = "Retry list (CSV)"
RETRY_JSONL: Final = "Retry list (JSONL)"
ALT_RETRY: Final = "The first custom ids to run again and how they ended"
COL_CUSTOM_ID: Final = "Custom id"
COL_ENDED: Final = "Ended as"
ENDINGS: Final = {"error": "error", "expired": "expired"}
IN_TIME: Final = {
    "met": "met",
    "missed": "missed",
    "not_missed": "not missed",
    "unknown": "not known",
}
_DEADLINE_BY: Final = {
    "calls": "set by its calls",
    "workload": "declared for the workload",
    "provider": "when the provider gives up",
}


def batches_caption() -> str:
    """What the rows are, and whose clocks their times go by."""
    return f"One row a batch; nothing counts twice. Costs are computed from usage, times are {zone_shown()}."


def col_batch_start() -> str:
    """The column of when batches began."""
    return f"Begun ({zone_shown()})"


def batches_detail(requests: int, expired: int) -> str:
    """Under the number of batches; no Markdown."""
    return f"{plural(requests, 'request')}, {count(expired)} expired"


def batch_errors_detail(errors: int, rate: str) -> str:
    """Under the failures; no Markdown."""
    return f"{rate} of all requests" if errors else "none of the requests"


def batch_cost_detail(at_list: str) -> str:
    """Under the cost; no Markdown."""
    return f"{at_list} at once, with the same cache hits"


def usable_detail(usable: int) -> str:
    """Under the cost of a usable answer; no Markdown."""
    return f"{plural(usable, 'usable answer')}"


def batch_option(name: str, requests: int, retry: int) -> str:
    """A batch in the picker; no Markdown."""
    return f"{name}: {plural(requests, 'request')}, {count(retry)} to run again"


def batch_deadline(in_time: str, deadline_s: int | None, by: str | None) -> str:
    """Whether a deadline was met, and whose it is; no Markdown."""
    known = f"deadline {IN_TIME[in_time]}"
    if deadline_s is None or by is None:
        return known
    return f"{known} ({duration_text(deadline_s * 1000)}, {_DEADLINE_BY[by]})"


def batch_facts(
    *,
    models: str,
    begun: str | None,
    took: str,
    deadline: str,
    cost: Decimal | None,
    lost: Decimal,
    reported: Decimal | None,
) -> str:
    """One batch in a line; `models` is escaped, micro-dollars."""
    parts = [
        models,
        f"begun {begun} {zone_shown()}, took {took}" if begun else "no times",
        deadline,
        f"cost {md(usd(cost))}",
    ]
    if lost:
        parts.append(f"{md(usd(lost))} of it for lines that failed")
    if reported is not None:
        parts.append(f"the source reported {md(usd(reported))}")
    return " · ".join(parts)


def batch_took(seconds: int, whole: bool) -> str:
    """How long a batch took; a lower bound where only its lines are known."""
    if seconds >= 48 * 3600:
        text = f"{seconds // 86_400} d {seconds % 86_400 // 3600} h"
    elif seconds >= 3600:
        text = f"{seconds // 3600} h {seconds % 3600 // 60:02} min"
    else:
        text = f"{seconds // 60} min"
    return text if whole else f"≥ {text}"


def retry_counts(listed: int, answered: int, nameless: int) -> str:
    """How many ids are on the list, and which failed lines are not."""
    parts = [
        f"**{plural(listed, 'custom id')}** to run again." if listed else "Nothing is left to run again."
    ]
    if answered:
        were = "line was" if answered == 1 else "lines were"
        parts.append(f"{count(answered)} {were} answered elsewhere since under the same custom id.")
    if nameless:
        carry = "line carries" if nameless == 1 else "lines carry"
        parts.append(f"{count(nameless)} failed {carry} no custom id and cannot be listed.")
    return " ".join(parts)


def retry_first(shown: int, listed: int) -> str:
    """That the table is cut."""
    return f"The first {count(shown)} of {count(listed)}; the downloads have all."
