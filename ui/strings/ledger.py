"""What the Ledger page says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from reports.format import count, usd
from ui.strings.shared import day, moment, zone_shown
from ui.text import md, plural

LEDGER_TITLE: Final = "Ledger"
LEDGER_CAPTION: Final = (
    "A claim freezes how the calls ran before; verifying measures the calls since, as they ran, against the "
    "same calls where they were. The baseline never moves; what changed since is told apart."
)
LEDGER_EMPTY_TITLE: Final = "Nothing to follow yet"
LEDGER_EMPTY_BODY: Final = "Recommendations come from a log. Load one, then claim the moves you make."
LEDGER_NO_MOVES: Final = "No move is recommended now, and none was ever claimed."
LEDGER_STATES: Final = {
    "proposed": "Proposed",
    "claimed": "Claimed",
    "verified": "Verified",
    "failed": "Failed",
    "dismissed": "Dismissed",
}
LEDGER_SHOW: Final = "Show"
LEDGER_ALL: Final = "All"
LEDGER_FELL_BACK: Final = "Fell back"
LEDGER_CAME_BACK: Final = "Came back"
KPI_PROPOSED: Final = "Proposed a year"
HOW_PROPOSED: Final = "Base case of every recommendation that nobody has claimed or dismissed. Estimated."
KPI_CLAIMED: Final = "Claimed a year"
HOW_CLAIMED: Final = "Base case that was frozen with each claim that is not verified yet. Estimated."
KPI_VERIFIED: Final = "Verified a year"
HOW_VERIFIED: Final = (
    "What the verified moves save at the pace of the calls measured since their claims: what the answers "
    "would have cost in the baseline's lane at the prices of their days, less what all calls cost as they "
    "ran. Computed."
)
KPI_EXPECTED_OF: Final = "Expected of the measured"
HOW_EXPECTED_OF: Final = (
    "Base case that was frozen with the claims that are verified or failed, to compare with."
)
COL_MOVE: Final = "Move"
COL_STATE: Final = "State"
COL_OWNER: Final = "Owner"
COL_EXPECTED_YEAR: Final = "Expected a year"
COL_VERIFIED_YEAR: Final = "Measured a year"
COL_PAYBACK: Final = "Payback"
ALT_LEDGER: Final = "Recommendations with state, owner, expected and measured saving"
LEDGER_NONE_IN_STATE: Final = "None in this state."
LEDGER_OPEN: Final = "Recommendation"
LEDGER_BLOCKED: Final = "The same calls are claimed for another lane already; verify or dismiss that first."
LEDGER_CLAIM: Final = "Claim"
LEDGER_CLAIM_AGAIN: Final = "Claim anew"
LEDGER_CLAIM_HOW: Final = "Freezes the baseline now. The saving is measured from the next whole hour on."
LEDGER_OWNER: Final = "Owner"
LEDGER_OWNER_HELP: Final = "Who makes the move and answers for it."
LEDGER_NOTE: Final = "Note"
LEDGER_NOTE_HELP: Final = "Kept in the history, with your name and the time."
LEDGER_DISMISS: Final = "Dismiss"
LEDGER_DISMISS_HOW: Final = "Puts it aside; it comes back on the day you choose if it still pays."
LEDGER_REASON: Final = "Reason"
LEDGER_RECHECK: Final = "Look again on"
LEDGER_VERIFY: Final = "Verify"
LEDGER_VERIFY_HOW: Final = "Measures every call since the claim, failed and re-run lines included."
LEDGER_REOPEN: Final = "Take the dismissal back"
LEDGER_CLAIMED: Final = "Claimed. Its baseline is frozen."
LEDGER_DISMISSED: Final = "Dismissed."
LEDGER_REOPENED: Final = "Proposed again."
LEDGER_MEASURED_OK: Final = "Verified: the saving is there."
LEDGER_MEASURED_SHORT: Final = "Failed: the saving falls short of the low end of what was expected."
LEDGER_LOST: Final = "No calls of that name"
LEDGER_LOST_WHY: Final = (
    "No call in the log has this name any more: a workload rule or a mapping renamed them, or their "
    "datasets were deleted. Its saving is in no sum here, because the same calls may be proposed under "
    "their new name."
)
LEDGER_BASELINE: Final = "Baseline"
LEDGER_HOW_BASELINE: Final = "Frozen at the claim. No later price, policy or log changes it."
LEDGER_MEASURED: Final = "Measured"
LEDGER_CHANGED: Final = "What changed since the claim"
COL_EFFECT: Final = "Of the saving"
ALT_LEDGER_CHANGES: Final = "What changed since the claim, and its part of the saving"
CHANGE_KINDS: Final = {"prices": "Prices", "policy": "Policy", "volume": "Volume", "calls": "Size of calls"}
CHANGE_YES: Final = "changed"
CHANGE_NO: Final = "as it was"
LEDGER_MADE: Final = "Moves already made"
LEDGER_MADE_HOW: Final = (
    "These calls changed tier in the log. Claim the move as of that day: the baseline is what was known "
    "before it."
)
LEDGER_MADE_NOT_PROPOSED: Final = (
    "Before that day the analysis proposed no such move, so there is nothing to claim."
)
LEDGER_CSV: Final = "CSV"
LEDGER_JSON: Final = "JSON"
LEDGER_EXPORT_HELP: Final = "Every recommendation with its baseline and what was measured, exact."
LEDGER_HISTORY: Final = "History"
LEDGER_NO_HISTORY: Final = "Nothing was claimed or dismissed yet."
LEDGER_EVENTS: Final = {**LEDGER_STATES, "reopened": "Reopened"}


def ledger_line(workload: str, model: str, lane: str, state: str) -> str:
    """A recommendation in a list; no Markdown."""
    return f"{workload} · {model} to {lane} ({state.lower()})"


def ledger_state_count(title: str, n: int) -> str:
    """A filter with how many it shows."""
    return f"{title} {n}"


def ledger_payback(days: Decimal | None) -> str:
    """When the effort is paid for, in words."""
    if days is None:
        return "never"
    if days < 1:
        return "at once"
    if days < 730:
        return plural(round(days), "day")
    return f"{days / 365:.1f} years" if days <= 3650 else "over 10 years"


def ledger_effort(effort_usd: Decimal, days: Decimal | None) -> str:
    """What a move takes by the policy, and when it is paid for."""
    effort = md(usd(effort_usd * 1_000_000))
    return f"The policy counts {effort} of work for a move: payback {ledger_payback(days)}."


def baseline_line(
    *, n_requests: int, hours: int, cost: str, unit: str, lane: str, first: datetime | None, since: datetime
) -> str:
    """The frozen figures of a claim."""
    when = f" in {count(hours)} hours from {day(first)}" if first is not None else ", described"
    return (
        f"{count(n_requests)} calls{when}: {cost} in {lane.lower()}, {unit} a call. "
        f"Counted from {moment(since)} {zone_shown()} on."
    )


def baseline_versions(policy: str, prices: str, label: str, n_rows: int) -> str:
    """What a baseline was computed with."""
    kept = plural(n_rows, "price row")
    return f"Label {label.lower()} by policy {policy}; {kept} of table {prices}, kept with it."


def measured_line(*, saving: str, low: str, high: str, year: str, first: datetime, last: datetime) -> str:
    """The outcome of a verification beside what was expected of the same calls."""
    return (
        f"**{saving}** saved, {low} to {high} expected of these calls; **{year}** a year at this pace. "
        f"From {moment(first)} to {moment(last)} {zone_shown()}."
    )


def regression_line(share: Decimal, before: Decimal, since: datetime, *, of_cache: bool) -> str:
    """How a verified move fell back."""
    what = "of its input is read from the cache" if of_cache else "of its calls run in that lane"
    return (
        f"It fell back: {share * 100:.0f} % {what} since {moment(since)} {zone_shown()}, "
        f"{before * 100:.0f} % when it was verified."
    )


def dismissed_line(due: date, reason: str) -> str:
    """Why and until when a recommendation is put aside."""
    return f"Dismissed until {day(due)}: {reason}"


def came_back_line(due: date, reason: str) -> str:
    """Why a dismissed recommendation stands here again."""
    return f"It was dismissed until {day(due)} ({reason}) and still pays."


def made_line(workload: str, model: str, before: str, after: str, since: datetime) -> str:
    """A change of tier in the log; no Markdown."""
    return f"{workload} · {model}: {before} to {after} on {day(since)}"


def no_longer(state: str) -> str:
    """Said of what the analysis does not propose any more."""
    return f"{state}: the analysis of today no longer proposes it."
