"""What the What-if page says, and the replay of a policy."""

from datetime import date
from decimal import Decimal
from typing import Final

from reports.format import count, percent
from triage.durations import duration_text
from ui.strings.shared import NOT_KNOWN_DASH
from ui.text import plural

WHATIF_TITLE: Final = "What-if"
WHATIF_CAPTION: Final = (
    "Move a control and see the month it makes. Every figure is estimated, with the assumptions it rests on."
)
WHATIF_EMPTY_TITLE: Final = "Nothing to try yet"
WHATIF_EMPTY_BODY: Final = (
    "Load a log, or describe workloads with their model and tokens, and try lanes here."
)
WHATIF_FIRST_NAME: Final = "Scenario 1"
WHATIF_PICK: Final = "Scenario"
WHATIF_MENU: Final = "Scenarios"
WHATIF_NAME: Final = "Name"
WHATIF_SAVE: Final = "Save"
WHATIF_SAVE_AGAIN: Final = "Save over it"
WHATIF_TAKEN: Final = "That name is saved already. Save over it, or choose another name."
WHATIF_DUPLICATE: Final = "Duplicate beside it"
WHATIF_CLOSE: Final = "Take out of the comparison"
WHATIF_RESET: Final = "Back to the recommendation"
WHATIF_SAVED: Final = "Saved scenarios"
WHATIF_SAVED_NONE: Final = "None saved yet. Name this one and save it."
WHATIF_OPEN: Final = "Open beside it"
WHATIF_RENAME: Final = "Rename to the name above"
WHATIF_DELETE: Final = "Delete"
WHATIF_UNDO: Final = "Undo the last change"
WHATIF_SHARE: Final = "Share"
WHATIF_SHARE_BODY: Final = (
    "The address of this page holds every scenario shown. Copy it and send it to someone who can open this "
    "workspace; it holds no figures and no calls."
)
WHATIF_TOO_LONG: Final = "Too long for an address"
WHATIF_CSV: Final = "CSV"
WHATIF_JSON: Final = "JSON"
WHATIF_FOUR: Final = "Four scenarios stand side by side already; take one out first."
WHATIF_BAD_LINK: Final = "A scenario of the address was left out"
WHATIF_MORE_LINKS: Final = "The address holds more than four scenarios; the first four are shown."

WHATIF_LANES: Final = "Lanes"
WHATIF_DEFAULT: Final = "Lane of every workload"
WHATIF_DEFAULT_HELP: Final = (
    "*Recommended* is what the Workloads page says. *If tagged* also moves what nobody has answered for, "
    "as if their owners had said that they can wait. *Today's* leaves everything where it is."
)
WHATIF_SHARE_MOVED: Final = "Share of the calls that move"
WHATIF_FLOOR: Final = "Only moves that save more than, $ a month"
WHATIF_FLOOR_NONE: Final = "every move"
WHATIF_ONE: Final = "One workload"
WHATIF_ONE_PICK: Final = "Workload"
WHATIF_ONE_LANE: Final = "Its lane"
WHATIF_ONE_LANE_HELP: Final = "Only lanes that its label allows and its model offers are listed."
WHATIF_ONE_OWN: Final = "Dials of its own"
WHATIF_CACHE: Final = "Cache"
WHATIF_SET_HITS: Final = "Set the cache hit rate"
WHATIF_HITS: Final = "Input read from cache"
WHATIF_HITS_HELP: Final = (
    "Off: each workload keeps the cache hits of its log. On: this share of every input is read from cache, "
    "wherever the model sells caching."
)
WHATIF_SET_BATCH_HITS: Final = "Set the hit rate inside a batch"
WHATIF_BATCH_HITS: Final = "Input read from cache in a batch"
WHATIF_BATCH_HITS_HELP: Final = (
    "Off: a share of the hits is kept, low, base and high, as the provider documents it. Hits that are lost "
    "are written again where writing costs extra."
)
WHATIF_TTL: Final = "Lifetime of cache writes"
WHATIF_TTL_HELP: Final = (
    "At which price every write counts. A longer life brings more hits too; how many, you set above."
)
WHATIF_TRAFFIC: Final = "Volume and prompts"
WHATIF_VOLUME: Final = "Volume, today is 100 %"
WHATIF_VOLUME_HELP: Final = (
    "Multiplies the calls of every workload in the scenario; today's month stays as it is."
)
WHATIF_GROWTH: Final = "Growth a month"
WHATIF_GROWTH_HELP: Final = (
    "Compounds over the twelve months from the scenario's day. The figures are of the average month; later "
    "prices count for more calls."
)
WHATIF_PREFIX: Final = "Shared prefix, tokens more or less a call"
WHATIF_PREFIX_HELP: Final = (
    "Added to every call, or with a minus taken away, and cached in the proportion of the rest of its input. "
    "A prompt that grows past a context threshold pays its prices."
)
WHATIF_MODELS: Final = "Models"
WHATIF_SWAP: Final = "Model in use"
WHATIF_SWAP_TO: Final = "Priced as"
WHATIF_SWAP_HELP: Final = "The same calls and token counts at another model's prices."
WHATIF_KEEP_MODEL: Final = "Keep it"
WHATIF_SWAP_CAVEAT: Final = (
    "Price only: whether a swapped model answers well enough is yours to test, and its tokenizer may count "
    "differently."
)
WHATIF_PRICES: Final = "Contract and date"
WHATIF_PROVIDER: Final = "Provider"
WHATIF_DISCOUNT: Final = "Discount, % on top of the prices in force"
WHATIF_DISCOUNT_HELP: Final = (
    "Negative is a surcharge. Percentages you have agreed already belong on the Prices page."
)
WHATIF_ON: Final = "Prices of the year from"
WHATIF_ON_HELP: Final = (
    "Empty is today. Price changes known for that year count from their day on; the Prices page takes more."
)
WHATIF_RISK: Final = "Risk"
WHATIF_SET_RERUN: Final = "Set the share that runs again"
WHATIF_RERUN: Final = "Moved calls that expire or fail and run again"
WHATIF_RERUN_HELP: Final = (
    "They run again where they run today. Off: low, base and high shares are assumed, see the assumptions."
)
WHATIF_TWICE: Final = "They are billed twice"
WHATIF_TWICE_HELP: Final = (
    "Whether the call that failed was billed too. Most providers do not bill expired ones."
)
WHATIF_ORDER: Final = "Order of the levers"
WHATIF_ORDER_HELP: Final = (
    "Levers overlap: which comes first takes the larger step. The total is the same in every order."
)
WHATIF_OWN: Final = "Set in this scenario"
WHATIF_BROKEN: Final = "This setting cannot be used"

WHATIF_UNKNOWN: Final = "No workload has a figure; below is why"
WHATIF_TODAY: Final = "Today, a month"
WHATIF_SCENARIO: Final = "Scenario, a month"
HOW_WHATIF_TODAY: Final = "**Estimated.** Today's lanes and volume for a twelfth of a year at today's prices."
HOW_WHATIF_SCENARIO: Final = (
    "**Estimated.** An average month of the year from the scenario's day on, base case; below it low to high."
)
HOW_WHATIF_SAVING: Final = (
    "**Estimated.** Today minus the scenario. Low is the pessimistic case of every assumption, high the "
    "optimistic one."
)
WHATIF_STEPS: Final = "From today to the scenario"
WHATIF_STEPS_HELP: Final = (
    "Volume, prompts and prices come first, since they come anyway; then the levers in the order chosen. The "
    "steps add up to the difference exactly."
)
WHATIF_SIDE_BY_SIDE: Final = "Side by side"
WHATIF_BY_LANE: Final = "A month by lane"
WHATIF_BY_WORKLOAD: Final = "By workload"
WHATIF_LEVERS: Final = "Levers one by one"
WHATIF_LEVERS_HOW: Final = (
    "Alone is what a lever would do by itself. Two levers can save the same dollar; it is counted once, in "
    "the lever that comes first."
)
WHATIF_ASSUMPTIONS: Final = "Assumptions"
COL_LEVER: Final = "Lever"
COL_IN_ORDER: Final = "In this order"
COL_ALONE: Final = "Alone"
LEVER_OVERLAP: Final = "Counted once, not twice"
LEVER_TOTAL: Final = "Together"
COL_SCENARIO: Final = "Scenario"
COL_SCENARIO_LANE: Final = "Lane"
COL_TODAY_MONTH: Final = "Today, a month"
COL_SCENARIO_MONTH: Final = "Scenario, a month"
COL_DIFFERENCE: Final = "Difference"
COL_SAVES_MONTH: Final = "Saves, a month"
COL_SAVES_YEAR: Final = "Saves, a year"
COL_LOW_TO_HIGH: Final = "Low to high"
COL_ASSUMPTION: Final = "Assumption"
COL_LOW: Final = "Low"
COL_BASE: Final = "Base"
COL_HIGH: Final = "High"
COL_ASSUMED_FROM: Final = "Where it is from"
SAME: Final = "the same"
ALT_WATERFALL: Final = "From today's month to the scenario's, lever by lever"
ALT_LANES_BY_SCENARIO: Final = "A month by lane, today and each scenario"
ALT_SCENARIO_TABLE: Final = "Lane, cost today, cost in the scenario and difference by workload, a month"
ALT_COMPARISON: Final = "Cost and saving of each scenario"
ALT_LEVERS: Final = "What each lever changes in this order and alone"
ALT_ASSUMPTIONS: Final = "Assumptions of the scenario by case, with their source"
NEEDS_ANSWER: Final = "once somebody says it can wait"
_DEFAULT_LANES: Final = {"recommended": "Recommended", "if_tagged": "If tagged", "current": "Today's"}
_TTLS: Final = {"log": "As in the log", "5m": "5 minutes", "1h": "1 hour"}


def default_lane(choice: str) -> str:
    """A setting for every workload, as it reads on the control."""
    return _DEFAULT_LANES[choice]


def scenario_ttl(choice: str) -> str:
    """A lifetime of cache writes, as it reads on the control."""
    return _TTLS[choice]


def follow(default: str) -> str:
    """The choice that leaves a workload to the setting for everything; no Markdown."""
    return f"As every workload: {default}"


def today_is(lane: str) -> str:
    """Today's lane as a choice; no Markdown."""
    return f"Today: {lane}"


def recommended_is(lane: str) -> str:
    """The recommended lane as a choice; no Markdown."""
    return f"Recommended: {lane}"


def whatif_saving(saving: Decimal) -> str:
    """The label of the difference: saved or more, never a bare sign."""
    return "Costs more, a month" if saving < 0 else "Saves, a month"


def whatif_saved(name: str) -> str:
    """What a save says; Markdown."""
    return f"Saved as **{name}**."


def whatif_deleted(name: str) -> str:
    """What a deletion says; Markdown."""
    return f"Deleted **{name}**. It can be undone."


def whatif_named(number: int) -> str:
    """The name of a further scenario."""
    return f"Scenario {number}"


def whatif_own_dials(workload: str) -> str:
    """The workload has dials of its own; Markdown."""
    return f"**{workload}**: own choice"


def whatif_file(day: date) -> str:
    """The name of a download without its ending."""
    return f"lanewise-what-if-{day:%Y-%m-%d}"


def whatif_left_out(scenarios: int) -> str:
    """Above the workloads that have no figure in a scenario, with their reasons."""
    where = "these totals" if scenarios == 1 else "the totals of any scenario, so that they compare"
    return f"Not in {where}, because a cost is unknown:"


def whatif_left_out_rest(workloads: int) -> str:
    """Below the first of those workloads."""
    return f"and {workloads:,} more. The table of the Overview has every model without a price."


def saves(amount: str) -> str:
    """A saving in a table cell."""
    return f"saves {amount}"


def costs_more(amount: str) -> str:
    """A loss in a table cell."""
    return f"costs {amount} more"


REPLAY: Final = "A dispatcher with this policy, replayed over the log"
REPLAY_HOW: Final = (
    "As if your own dispatcher had asked the policy, by `route(request, policy, now)`, for every synchronous "
    "call of the log: what it would have deferred, when that would have left, what it saves and what might "
    "have come late."
)
REPLAY_EVERY: Final = "Send what was collected every"
REPLAY_EVERY_HELP: Final = "A longer interval makes fuller batches and longer waits."
REPLAY_BUTTON: Final = "Replay the log"
REPLAY_RUNNING: Final = "Replaying the calls…"
REPLAY_NOTHING: Final = "The log has no single synchronous calls with a time, so there is nothing to replay."
REPLAY_DEFERRED: Final = "Calls deferred"
REPLAY_SAVING: Final = "Saved a year"
HOW_REPLAY_SAVING: Final = (
    "**Estimated.** What each workload would save in the lane it was sent to, re-runs included, for the "
    "share of its calls that was sent there."
)
REPLAY_WAIT: Final = "Added wait, median"
HOW_REPLAY_WAIT: Final = "Until the calls are sent; how long the batch takes comes on top."
REPLAY_LATE: Final = "Answers after their deadline"
HOW_REPLAY_LATE: Final = (
    "Expected from your own batches where there are enough, else from published figures; of the deferred "
    "calls that have a deadline."
)
COL_DEFERRED: Final = "Deferred"
COL_FLEX: Final = "Sent in flex"
ALT_REPLAY: Final = "What a dispatcher would have done with the calls of each workload"


def every(seconds: int) -> str:
    """An interval as it reads in the picker."""
    return duration_text(seconds * 1_000)


def replay_deferred(n: int, whole: int, left_out: int) -> str:
    """Of how many calls; no Markdown."""
    others = f"; {plural(left_out, 'other call')} had left that path already" if left_out else ""
    return f"{percent(n / whole) if whole else '0 %'} of {plural(whole, 'synchronous call')}{others}"


def replay_wait(p90_ms: int | None, longest_ms: int | None) -> str:
    """How long the others wait; no Markdown."""
    if p90_ms is None or longest_ms is None:
        return "nothing is deferred"
    return f"nine in ten at most {about(p90_ms)}, the longest {about(longest_ms)}"


def about(milliseconds: int | None) -> str:
    """A wait to the minute; no Markdown."""
    if milliseconds is None:
        return NOT_KNOWN_DASH
    return duration_text(round(milliseconds / 60_000) * 60_000) if milliseconds >= 60_000 else "under 1 min"


def replay_flushes(n: int, small: int, minimum: int) -> str:
    """How often something is sent."""
    few = f", {count(small)} of them with fewer than {count(minimum)} requests" if small else ""
    return f"Sent {plural(n, 'time')} by provider and model{few}."


def replay_late(low: Decimal, high: Decimal, n: int, unknown: int) -> str:
    """What bounds the answers that come late; no Markdown."""
    if not n:
        return "no deadline on what is deferred"
    open_ = f"; of {count(unknown)} nobody knows" if unknown else ""
    return f"{count(round(low))} to {count(round(high))} of {plural(n, 'call')} with a deadline{open_}"


def replay_unpriced(n: int) -> str:
    """That a saving is partial."""
    return f"Without {plural(n, 'workload')} that would move and whose saving is unknown."
