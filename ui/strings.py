"""Every sentence a person reads on the pages, in one place: to check, to keep alike, to translate.

Markdown is allowed unless a comment says otherwise. Text of other people's making comes in escaped
(see `ui.text.md`); a dollar sign written here is escaped by hand, two of them would be a formula.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.lane_terms import LaneOffer
from reports.format import count, file_size, label_title, percent, usd, usd_short
from reports.mixed import hours_ranges
from reports.model import Analysis, Coverage, Mixed, Part, Range, Totals, Unpriced
from reports.price_preview import PricePreview
from triage.durations import duration_text
from triage.model import LABELS
from ui.text import md, plural

# ---------------------------------------------------------------- everywhere

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
COL_WHEN: Final = "When (UTC)"
COL_WHO: Final = "Who"
COL_NOTE: Final = "Note"
COL_CALLS: Final = "Calls"
COL_TOKENS: Final = "Tokens"
COL_MODEL: Final = "Model"
COL_PROVIDER: Final = "Provider"
COL_WORKLOAD: Final = "Workload"
COL_LABEL: Final = "Label"


def utc(at: datetime) -> str:
    """A moment, to the minute."""
    return f"{at:%Y-%m-%d %H:%M}"


def day(at: datetime | date) -> str:
    """A day as people write it: 1 May 2026."""
    return f"{at.day} {at:%b %Y}"


def low_to_high(low: str, high: str) -> str:
    """Two amounts as a range; no Markdown."""
    return f"{low} to {high}"


# ---------------------------------------------------------------- sign-in, navigation, sidebar

SIGN_IN_TITLE: Final = "Sign in to Lanewise"
SIGN_IN_BODY: Final = (
    "This workspace is shared by a team. Sign in with your organisation's account to see it."
)
SIGN_IN: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
NAV_DECIDE: Final = "Decide"
NAV_INPUTS: Final = "Inputs"
NAV_OVERVIEW: Final = "Overview"
NAV_OVERVIEW_HELP: Final = "What the log cost, how much of it can wait, and what moving it would save."
NAV_WORKLOADS: Final = "Workloads"
NAV_WORKLOADS_HELP: Final = (
    "Each workload's label with its reasons, its cost in every lane, and the facts you declare."
)
NAV_WHATIF: Final = "What-if"
NAV_WHATIF_HELP: Final = "Try another lane, cache hit rate or volume and see the month it would make."
NAV_REPORT: Final = "Report"
NAV_REPORT_HELP: Final = "The triage report to read, forward and download."
NAV_DATA: Final = "Data"
NAV_DATA_HELP: Final = "Upload logs, see what was accepted and what was not, delete datasets."
NAV_DESCRIBE: Final = "Describe"
NAV_DESCRIBE_HELP: Final = "Describe workloads without a log: how often, how long, how long they may wait."
NAV_RULES: Final = "Workload rules"
NAV_RULES_HELP: Final = "The rules that say which workload a call is part of, and what they leave over."
NAV_PRICES: Final = "Prices"
NAV_PRICES_HELP: Final = "The price rows behind every figure: sources, edits, undo, export."


def signed_in(name: str) -> str:
    """Who is signed in."""
    return f"Signed in as {name}"


def sidebar(*, workspace: str, loaded: str, holds: str, prices: str, edited: bool) -> str:
    """What is loaded and which prices hold, at the foot of the sidebar."""
    own = ", with your edits" if edited else ""
    # A number stays on the line of what it counts.
    unbroken = ", ".join(part.replace(" ", "\u00a0") for part in holds.split(", "))
    return (
        f"Workspace **{workspace}**  \n{loaded}: {unbroken}  \nPrice table {prices}{own}  \nAll times are UTC"
    )


# ---------------------------------------------------------------- empty workspace and demo

WELCOME_TITLE: Final = "Which of your LLM calls can wait?"
WELCOME_BODY: Final = (
    "Give Lanewise a usage log or a list of workloads. It sorts them into those somebody waits for and "
    "those that can wait, prices each in every lane the provider sells (sync, cache, batch, flex and more), "
    "and shows what moving them would save, with the evidence."
)
WELCOME_OWN_TITLE: Final = "Your own log"
WELCOME_OWN_BODY: Final = (
    "OpenAI and Anthropic responses, LiteLLM spend logs, Lanewise CSV, JSON Lines or Parquet, or a CSV that "
    "describes your workloads. Prompts and answers are dropped while reading and never stored."
)
WELCOME_OWN_BUTTON: Final = "Upload a log"
WELCOME_DEMO_TITLE: Final = "A worked example"
WELCOME_DEMO_BODY: Final = (
    "About nine workloads over two weeks, built from public traces: chat, code completion, nightly "
    "summaries, evaluations and more. You can delete it again on the Data page."
)
DEMO_BUTTON: Final = "Load the demo"
DEMO_LOADING: Final = "Loading the demo data"
DEMO_NOTICE: Final = "This is demo data. Names, models and tiers are assigned; timings and lengths are real."

# ---------------------------------------------------------------- overview

KPI_SPEND: Final = "Spend in this log"
KPI_SPEND_DESCRIBED: Final = "Cost a year, as described"
KPI_WAIT: Final = "Can wait"
KPI_SAVING_YEAR: Final = "Projected saving a year"
KPI_SAVING_MONTH: Final = "Projected saving a month"
LINK_SPEND: Final = "Spend by workload"
LINK_WAIT: Final = "Workloads that can wait"
LINK_SAVING: Final = "The report behind it"
LINK_WHATIF: Final = "Try other lanes"
LINK_PRICES: Final = "Add the missing prices"
TOP_MOVES: Final = "Top moves"
NO_MOVES: Final = "No workload has to move: each is already in the cheapest lane its label allows."
NO_MOVES_YET: Final = (
    "No workload has to move as far as is known. Those labelled unknown wait for an answer from their owners."
)
TO_ASK: Final = "Worth a question"
NO_USAGE_YET: Final = "no usage yet"
ASK_NOT_IN_TOTAL: Final = "not in any total"
SPEND_BY_LABEL: Final = "Spend by label"
SPEND_BY_DAY: Final = "Spend by day"
NO_SPEND: Final = "The log has no priced calls yet, so there is no spend to draw."
NOT_COUNTED: Final = "What is not counted"
ALL_COUNTED: Final = "Every row that was read is in these figures."
PARTIAL_TITLE: Final = "Totals are partial"
COL_HOW_MANY: Final = "How many"
COL_WHERE: Final = "Why, and where to look"
COL_WHY_UNPRICED: Final = "Why there is no cost"
ALT_UNPRICED: Final = "Models without a price, with their calls, tokens and the reason"

HOW_SPEND: Final = (
    "**Computed from usage.** Tokens of each call times the price of its model and tier on the day of the "
    "call, cached tokens at their own price. Nothing is rounded before the sum."
)
HOW_DESCRIBED: Final = (
    "**Estimated.** Requests and tokens as described, at today's list prices, in the sync lane "
    "without caching."
)
HOW_WAIT: Final = (
    "Spend of workloads labelled batch (can wait hours) or semi-interactive (can wait minutes), divided by "
    "all spend of the log. Unknown workloads count as not waiting until somebody answers for them."
)
HOW_SAVING: Final = (
    "**Estimated.** For each workload: a year in today's lane minus a year in the recommended lane, at "
    "today's prices and the log's own volume. Low and high span the assumed cache hits and re-runs, which "
    "the report lists."
)
HOW_SAVING_MONTH: Final = "**Estimated.** A twelfth of the yearly saving, from low to high."
HOW_MOVES: Final = (
    "The recommended lane is the cheapest one that the workload's label allows, after cache hits and "
    "re-runs. Staying is a frequent answer."
)
HOW_ASK: Final = (
    "Nobody has said whether these can wait. The amount is what they would save a year if they can; it is "
    "kept out of every total until somebody answers."
)
HOW_LABELS: Final = (
    "**Interactive**: somebody waits. **Semi-interactive**: can wait minutes. **Batch**: can wait hours. "
    "**Unknown**: the evidence does not say, and Lanewise does not guess."
)
HOW_DAYS: Final = "**Computed from usage.** Each call at its own day's price; days are UTC."
HOW_NOT_COUNTED: Final = "Everything that was seen and left out, so that no total hides it."


def overview_headline(saving: Range, waiting: float | None, potential: Range) -> str:
    """The finding, as the page's title."""
    if saving.base > 0:
        return f"About {md(usd_short(saving.base))} a year to save by letting calls wait"
    if waiting:
        return f"{percent(waiting)} of the spend can wait, and it is already where it should be"
    if potential.base > 0:
        return f"Up to {md(usd_short(potential.base))} a year, once somebody says what can wait"
    return "Nothing to move yet"


def window(analysis: Analysis) -> str:
    """What the figures cover: the log's dates, its size, the day of the prices."""
    size = f"{plural(analysis.totals.n_requests, 'call')}, {plural(len(analysis.workloads), 'workload')}"
    prices = f"projections at the prices of {day(analysis.as_of)}"
    if analysis.first_hour_utc is None or analysis.last_hour_utc is None:
        return f"{size} · {prices}"
    first, last = day(analysis.first_hour_utc), day(analysis.last_hour_utc)
    return f"{first} to {last} (UTC) · {size} · {prices}"


def partial(coverage: Coverage, unpriced: Sequence[Unpriced]) -> str:
    """How partial the totals are and what to do about it."""
    missing = coverage.n_requests - coverage.n_priced - coverage.n_failed_unmetered
    models = len({(item.provider, item.model) for item in unpriced})
    return (
        f"{plural(missing, 'call')} of {count(coverage.n_requests)} could not be priced "
        f"({plural(models, 'model')}); {percent(coverage.share_of_tokens, 1)} of all tokens are priced. "
        "The calls left out are listed at the end of this page; they are not counted as free."
    )


def kpi_spend_detail(totals: Totals, hours: int) -> str:
    """Under the spend: the exact amount and its window; no Markdown."""
    days = f"{hours // 24} days" if hours and hours % 24 == 0 else plural(hours, "hour")
    reported = ""
    if totals.reported_micro_usd is not None:
        reported = (
            f"; the source reported {usd(totals.reported_micro_usd)} for {plural(totals.n_reported, 'call')}"
        )
    return f"{usd(totals.billed_micro_usd)} over {days}, computed from tokens{reported}"


def described_detail(n_workloads: int) -> str:
    """Under the described cost; no Markdown."""
    return f"{plural(n_workloads, 'workload')}, estimated from descriptions"


def kpi_wait_detail(totals: Totals) -> str:
    """Under the waiting share: each label's part of the spend; no Markdown."""
    spend = sum(totals.spend_by_label.values(), Decimal(0))
    if spend <= 0:
        return "no spend to share out yet"
    parts = [
        f"{label_title(label).lower()} {percent(float(totals.spend_by_label[label] / spend))}"
        for label in LABELS
        if totals.spend_by_label.get(label)
    ]
    return ", ".join(parts)


def kpi_saving_detail(saving: Range, current_per_year: Decimal) -> str:
    """Under the saving: the range and its share of the yearly cost; no Markdown."""
    low, high = usd_short(saving.low), usd_short(saving.high)
    spread = low if low == high else low_to_high(low, high)
    if current_per_year <= 0 or saving.base == 0:
        return spread
    return (
        f"{spread}; {percent(float(saving.base / current_per_year))} of {usd_short(current_per_year)} a year"
    )


def move_saving(amount: str) -> str:
    """One move's worth."""
    return f"**{md(amount)}** a year"


def ask_saving(amount: str) -> str:
    """What an answered question could be worth."""
    return f"up to **{md(amount)}** a year :small[({ASK_NOT_IN_TOTAL})]"


def small(text: str) -> str:
    """Markdown in small print, at full strength where a caption would fade its colours."""
    return f":small[{text}]"


def more_moves(number: int, amount: str) -> str:
    """The moves not shown; a label, no block Markdown."""
    return f"{plural(number, 'more move')}, {md(amount)} a year together"


def basis(price_version: str, policy_version: str) -> str:
    """What the page rests on."""
    return f"Price table {md(price_version)}, triage policy {md(policy_version)}."


def alt_spend_by_label(totals: Totals) -> str:
    """The bar by label in words; no Markdown."""
    return f"Spend by label: {kpi_wait_detail(totals)}"


def alt_spend_by_day(analysis: Analysis) -> str:
    """The chart by day in words; no Markdown."""
    return f"Spend by UTC day and label over {analysis.window_hours // 24} days"


# ---------------------------------------------------------------- workloads

WORKLOADS_TITLE: Final = "Workloads"
WORKLOADS_CAPTION: Final = (
    "Pick a row, or use the selector under the table, to see why it has its label and what each lane costs."
)
WORKLOADS_EMPTY_TITLE: Final = "No workloads yet"
WORKLOADS_EMPTY_BODY: Final = "They appear here once a log or a workload description is loaded."
FILTER_LABEL: Final = "Show labels"
FILTERED_OUT: Final = "No workload has these labels. Clear the filter to see all of them."
PICK_WORKLOAD: Final = "Workload"
ALT_TRIAGE: Final = "Triage table: every workload with its label, reason, lanes, spend and saving"
COL_WHY: Final = "Why"
COL_SPEND: Final = "Spend in log"
COL_TODAY: Final = "Lane today"
COL_MOVE_TO: Final = "Recommended"
COL_SAVING: Final = "Saving a year"
COL_CONFIDENCE: Final = "Confidence"
HOW_CONFIDENCE: Final = "How often verdicts stated as firmly were right on labelled workloads."
KPI_YEAR_TODAY: Final = "Cost a year, today's lane"
HOW_YEAR_TODAY: Final = "**Estimated.** The log's own volume and token mix for a year at today's prices."
KPI_MOVE_TO: Final = "Recommended lane"
STAYS_PUT: Final = "it stays where it is"
KPI_POTENTIAL: Final = "Would save, if it can wait"
EVIDENCE: Final = "Why this label"
HOW_EVIDENCE: Final = "Facts in order of weight: said by a person, a rule, behaviour in the log, a name."
NO_EVIDENCE: Final = "Nothing is known that settles it."
COUNTER_EVIDENCE: Final = "Against it"
QUESTION_TITLE: Final = "To ask its owner"
LANES: Final = "Lane costs"
HOW_LANES: Final = (
    "Each lane with today's tokens and cache hits, for a year at today's prices. The projected range adds "
    "the cache hits kept in the lane and the requests that run again."
)
NO_USAGE: Final = "There is no usage for it yet, so nothing can be priced."
PICK_MODEL: Final = "Model"
COL_LANE: Final = "Lane"
COL_LANE_COST: Final = "A year, today's mix"
COL_LANE_PROJECTED: Final = "Projected a year"
COL_LANE_NOTE: Final = "Allowed?"
TERMS: Final = "Terms of each lane, and where a batch would lose"
COL_OWN_PRICE: Final = "USD per million of its own tokens"
COL_WINDOW: Final = "How long it may take"
COL_LIMITS: Final = "At once"
COL_CACHED: Final = "Cached tokens"
ALT_TERMS: Final = "Price of its own token mix, window, limits and caching of every lane"
HOW_TERMS: Final = (
    "The price is of the workload's own mix of input, cached input and output, at today's prices. A window "
    "is what the provider aims at, not a promise."
)
_CACHE_RULES: Final = {
    "priced": "own cache price",
    "same_as_standard": "at the synchronous cache price",
    "billed_as_input": "no discount: billed as input",
    "none": "no caching",
    "unknown": "not published",
}
ALT_LANES: Final = "Cost a year in every lane, the projected range, and whether the lane is allowed"
BADGE_TODAY: Final = "today"
BADGE_RECOMMENDED: Final = "recommended"
ALLOWED: Final = "Allowed"
NOT_ALLOWED: Final = "The label does not allow it."
BEHAVIOUR: Final = "Behaviour in the log"
HOW_BEHAVIOUR: Final = (
    "Work that runs at night or at fixed times often waits well; long answers nobody watches do too."
)
NO_BEHAVIOUR: Final = "The log has no single calls of it, so there is nothing to draw."
CHART_WEEK: Final = "Calls by hour of the week (UTC)"
CHART_LATENCY: Final = "How long its calls take"
CHART_INPUT: Final = "How long its prompts are"
NO_LATENCY: Final = "The log has no latencies for it; this is the length of its prompts instead."
NO_HOURS: Final = "Its calls have no times."


def rule_line(rule_id: str, policy_version: str, confidence: float) -> str:
    """Which rule decided, under which policy, how firmly."""
    firmness = f", confidence {percent(confidence)}" if confidence else ""
    return f"Decided by rule {md(rule_id)} of policy {md(policy_version)}{firmness}."


def mixed_line(found: Mixed) -> str:
    """That a workload is two under one name, and how its halves differ."""
    job, rest = found.job, found.rest
    if found.by == "streaming":
        few, most = (percent(half.streaming_share or 0) for half in (job, rest))
        apart = f"{few} of the calls stream, else {most}"
    elif found.by == "latency":
        slow, quick = (seconds_text(half.latency_mean_ms or 0) for half in (job, rest))
        apart = f"answers take {slow} on average, else {quick}"
    else:
        apart = (
            f"{count(round(job.calls_per_hour))} calls come an hour, else {count(round(rest.calls_per_hour))}"
        )
    return (
        f"Two workloads under one name: {hours_text(job.hours)} UTC ({percent(job.share_of_calls)} of its "
        f"calls) it behaves like a job: {apart}. Give the job a name of its own, so that each gets its own "
        "verdict."
    )


def hours_text(hours: Sequence[int]) -> str:
    """Hours of the week as a phrase: 'every day 22:00 to 24:00'."""
    return "; ".join(
        f"{days} " + ", ".join(f"{first:02d}:00 to {last:02d}:00" for first, last in ranges)
        for days, ranges in hours_ranges(hours)
    )


def lane_window(offer: LaneOffer) -> str:
    """How long a lane takes and when it gives up."""
    if not offer.offered or offer.window_s is None:
        return NOT_KNOWN_DASH
    aims = f"aims at {duration_text(offer.window_s * 1000)}"
    gives_up = offer.expiry_s if offer.expiry_s not in (None, offer.window_s) else None
    return aims if gives_up is None else f"{aims}, gives up after {duration_text(gives_up * 1000)}"


def lane_limits(offer: LaneOffer) -> str:
    """How much one job may hold."""
    if not offer.offered:
        return NOT_KNOWN_DASH
    limits = [
        *([plural(offer.max_requests, "request")] if offer.max_requests is not None else []),
        *([file_size(offer.max_bytes)] if offer.max_bytes is not None else []),
    ]
    return ", ".join(limits) or NOT_KNOWN_DASH


def lane_cached(offer: LaneOffer) -> str:
    """What becomes of cached tokens in a lane; no Markdown."""
    if offer.why_not is not None:
        return offer.why_not
    if not offer.caches:
        return NOT_KNOWN_DASH
    said = [_CACHE_RULES[offer.cache_rule]] if offer.cache_rule is not None else []
    if offer.cache_hit_low is not None and offer.cache_hit_high is not None:
        said.append(
            f"{percent(float(offer.cache_hit_low))} to {percent(float(offer.cache_hit_high))} of hits"
        )
    if offer.cache_min_tokens:
        said.append(f"from {plural(offer.cache_min_tokens, 'token')}")
    if offer.cache_ttl_s:
        said.append(f"kept {duration_text(offer.cache_ttl_s * 1000)}")
    return ", ".join(said) or NOT_KNOWN_DASH


def break_even(cached: Fraction | None, loses_above: Fraction | None, needs: Fraction | None) -> str:
    """Where a batch begins to lose against today's cache."""
    if cached is None:
        return "Without input there is nothing to compare."
    today = f"{percent(float(cached), 1)} of its input is read from a cache today."
    if loses_above is None:
        return f"{today} A batch never costs more here, whatever the cache."
    loses = f"{today} A batch costs more as soon as more than {percent(float(loses_above), 1)} of it is."
    if needs is None or needs == 0:
        return loses
    return (
        f"{loses} With this cache, a batch pays only from an in-batch hit rate of {percent(float(needs), 1)}."
    )


def seconds_text(milliseconds: float) -> str:
    """Milliseconds as seconds, with a decimal where that matters."""
    seconds = milliseconds / 1_000
    return f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:.1f} s"


def said_by(kind: str, source: str) -> str:
    """Where a piece of evidence is from."""
    kinds = {
        "declared": "declared",
        "rule": "rule",
        "behaviour": "seen in the log",
        "name": "its name",
    }
    return f"({kinds.get(kind, kind)}: {source})" if source else f"({kinds.get(kind, kind)})"


def part_line(part: Part) -> str:
    """What the lane table is about: model, volume and basis of the projection."""
    failed = f", {count(part.n_failed)} failed" if part.n_failed else ""
    cached = part.tokens.cached_share
    hits = f" · {percent(cached)} of input read from cache" if cached else ""
    return (
        f"{md(part.provider)} / {md(part.model)} · {plural(part.n_requests, 'request')}{failed}{hits} · "
        f"{md(part.window_note)}"
    )


def alt_lanes(part: Part) -> str:
    """The lane chart in words; no Markdown."""
    return f"Cost a year of {part.workload} on {part.model} in every lane that is offered"


def alt_week(workload: str) -> str:
    """The heat map in words; no Markdown."""
    return f"Calls of {workload} by day of the week and hour, UTC"


def alt_latency(workload: str) -> str:
    """The latency histogram in words; no Markdown."""
    return f"How many calls of {workload} took how many seconds"


def alt_inputs(workload: str) -> str:
    """The prompt histogram in words; no Markdown."""
    return f"How many calls of {workload} sent how many input tokens"


# ---------------------------------------------------------------- SLA

SLA_TITLE: Final = "What you know about it"
HOW_SLA: Final = "What a person declares outweighs everything the log shows. Who said it, and when, is kept."
SLA_WAITING: Final = "Does somebody wait for the answer?"
SLA_WAITING_HELP: Final = "A person in front of a screen, or a system that blocks until the answer is there."
SLA_MAX_WAIT: Final = "Longest acceptable wait"
SLA_MAX_WAIT_HELP: Final = (
    "A number and a unit: ms, s, m (minutes), h or d. Leave it empty when nobody has said."
)
SLA_MAX_WAIT_PLACEHOLDER: Final = "300ms, 2s, 5m, 8h, 7d"
SLA_TRIGGER: Final = "What starts it?"
SLA_TRIGGER_HELP: Final = "What makes a request happen, as far as you know."
SLA_SEQUENTIAL: Final = "Does each step need the answer before it?"
SLA_SEQUENTIAL_HELP: Final = (
    "Agents and chains that wait for one answer before asking the next cannot be batched as one."
)
SLA_SAVE: Final = "Save"
SLA_SAVED: Final = "Saved"
SLA_REFUSED: Final = "Not saved"
SLA_HISTORY: Final = "History of declarations"
SLA_NO_HISTORY: Final = "Nothing has been declared on this page yet."

_TRIGGERS: Final = {
    None: "Not said",
    "user": "A user's action",
    "event": "An event",
    "schedule": "A schedule",
    "queue": "A queue",
    "ci": "Continuous integration",
    "manual": "Somebody, by hand",
}


def yes_no(answer: str) -> str:
    """An answer as it reads on the form."""
    return {"yes": "Yes", "no": "No", "unsaid": "Not said"}[answer]


def trigger_title(trigger: str | None) -> str:
    """A trigger as it reads on the form."""
    return _TRIGGERS.get(trigger, str(trigger))


def sla_effect(label_before: str | None, label_now: str, saving_before: str, saving_now: str) -> str:
    """What a saved declaration changed."""
    label = f"Label: {label_before} → {label_now}" if label_before else f"The label stays {label_now}"
    if saving_before == saving_now:
        return f"{label}. The projected saving stays {saving_now} a year."
    return f"{label}. Projected saving: {saving_before} → **{saving_now}** a year."


# ---------------------------------------------------------------- how long aggregates may wait

WAITS_HOW: Final = (
    "A usage report shows cost, not behaviour, so only a person can say how long the work of each project, "
    "key or workspace may wait. Choose rows and press once for all of them."
)
WAITS_UNATTRIBUTED: Final = (
    "“(unattributed)” is what the report does not tell apart. Export it grouped by project, key or "
    "workspace to answer for each."
)
WAITS_PRESS: Final = "The chosen ones may wait:"
COL_LONGEST_WAIT: Final = "May wait"
ALT_WAITS: Final = (
    "Workloads known from aggregates only, with label, stated wait, calls and spend, to choose from"
)
_WAITS: Final = {
    "now": "Not at all",
    "5m": "5 minutes",
    "1h": "1 hour",
    "8h": "8 hours",
    "24h": "24 hours",
    "unsaid": "Nobody has said",
}


def waits_title(workloads: int, unanswered: int) -> str:
    """Above the workloads of usage reports; a label."""
    known = f"{plural(workloads, 'workload')} known from aggregates only"
    if not unanswered:
        return known
    all_of_them = "it" if workloads == 1 else "they"
    who = all_of_them if unanswered == workloads else f"{count(unanswered)} of them"
    return f"{known}: how long may {who} wait?"


def waits_choice(choice: str) -> str:
    """How long something may wait, on a button."""
    return _WAITS[choice]


def waits_saved(workloads: int, choice: str, before: str, after: str) -> str:
    """What one press for many changed."""
    said = f"{plural(workloads, 'workload')} saved: {waits_choice(choice).lower()}."
    if before == after:
        return f"{said} The projected saving stays {after} a year."
    return f"{said} Projected saving: {before} → **{after}** a year."


# ---------------------------------------------------------------- what-if

WHATIF_TITLE: Final = "What-if"
WHATIF_CAPTION: Final = (
    "Every figure here is estimated: today's list prices, the log's own tokens, no re-runs."
)
WHATIF_EMPTY_TITLE: Final = "Nothing to try yet"
WHATIF_EMPTY_BODY: Final = (
    "Load a log, or describe workloads with their model and tokens, and try lanes here."
)
WHATIF_DEFAULT: Final = "Lane of every workload"
WHATIF_DEFAULT_HELP: Final = "Where workloads run unless you choose a lane for one of them below."
WHATIF_SET_HITS: Final = "Set the cache hit rate"
WHATIF_HITS: Final = "Input read from cache"
WHATIF_HITS_HELP: Final = (
    "Off: each workload keeps the cache hits of its log. On: this share of every input is read from cache."
)
WHATIF_VOLUME: Final = "Volume, today is 100 %"
WHATIF_VOLUME_HELP: Final = (
    "Multiplies the requests of every workload in the scenario; today's month stays as it is."
)
WHATIF_LANES: Final = "Lane by workload"
WHATIF_LANES_HELP: Final = "Only lanes that the workload's label allows and its model offers are listed."
WHATIF_TODAY: Final = "Today, a month"
WHATIF_SCENARIO: Final = "Scenario, a month"
HOW_WHATIF_TODAY: Final = "**Estimated.** Today's lanes and volume for a twelfth of a year at today's prices."
HOW_WHATIF_SCENARIO: Final = (
    "**Estimated.** The same tokens in the chosen lanes, with the hit rate and volume set above."
)
WHATIF_BY_WORKLOAD: Final = "Today and scenario by workload"
WHATIF_TABLE: Final = "Differences"
COL_SCENARIO_LANE: Final = "Lane in the scenario"
COL_TODAY_MONTH: Final = "Today, a month"
COL_SCENARIO_MONTH: Final = "Scenario, a month"
COL_DIFFERENCE: Final = "Difference"
SAME: Final = "the same"
ALT_SCENARIO: Final = "Cost a month by workload, today beside the scenario"
ALT_SCENARIO_TABLE: Final = "Lane, cost today, cost in the scenario and difference by workload, a month"


def default_lane(choice: str) -> str:
    """A setting for every workload, as it reads on the control."""
    return {"recommended": "Recommended", "current": "Today's"}[choice]


def follow(default: str) -> str:
    """The choice that leaves a workload to the setting for everything; no Markdown."""
    return f"As above: {default.lower()}"


def today_is(lane: str) -> str:
    """Today's lane as a choice; no Markdown."""
    return f"Today: {lane}"


def recommended_is(lane: str) -> str:
    """The recommended lane as a choice; no Markdown."""
    return f"Recommended: {lane}"


def scenario_lane(lane: str, title: str) -> str:
    """The lane a scenario asked for; no Markdown."""
    return {"current": "Today's", "stay": "Stays"}.get(lane, title)


def whatif_saving(saving: Decimal) -> str:
    """The label of the difference: saved or more, never a bare sign."""
    return "Costs more, a month" if saving < 0 else "Saves, a month"


def whatif_left_out(names: Sequence[str]) -> str:
    """Which workloads have no figure in the scenario."""
    return f"Not in these totals, because a cost is unknown: {', '.join(names)}."


def saves(amount: str) -> str:
    """A saving in a table cell."""
    return f"saves {amount}"


def costs_more(amount: str) -> str:
    """A loss in a table cell."""
    return f"costs {amount} more"


# ---------------------------------------------------------------- report

REPORT_TITLE: Final = "Triage report"
REPORT_CAPTION: Final = "What you see is the Markdown file. Every format holds the same totals, to the cent."
REPORT_EMPTY_TITLE: Final = "No report yet"
REPORT_EMPTY_BODY: Final = "It writes itself once a log or a workload description is loaded."
REPORT_FORMATS: Final = {
    "pdf": ("PDF", "To send: one page to decide on, then the evidence; its text can be searched."),
    "html": ("HTML", "One file that opens offline, with charts; prints well."),
    "xlsx": ("Excel", "Typed cells, one sheet a section, totals as formulas."),
    "md": ("Markdown", "The whole report, to read, print or paste."),
    "csv": ("CSV", "One row a workload with exact dollars, safe to open in a spreadsheet."),
    "json": ("JSON", "Everything the report says, exact, for other programs; can be compared with later."),
    "focus": ("FOCUS", "Spend by day with FOCUS 1.2 column names, for FinOps tools; computed, not billed."),
}
REPORT_COMPARE: Final = "What moved since an earlier report"
REPORT_COMPARE_LABEL: Final = "The JSON file of an earlier report"
REPORT_COMPARE_HELP: Final = (
    "Its figures stay as they are in the file; today's calls are priced again at its date and prices, which "
    "tells a price change from a change of your traffic. The file is read and not kept."
)
REPORT_COMPARE_FAILED: Final = "Nothing to compare with"
REPORT_COMPARED: Final = "The comparison is part of the PDF, HTML, Excel and Markdown files above."
REPORT_MIGRATION: Final = "How to move, step by step"
REPORT_MIGRATION_WORKLOAD: Final = "Workload"
REPORT_MIGRATION_NONE: Final = "No workload moves at the moment, so there is nothing to migrate."


def report_file(as_of: datetime) -> str:
    """The name of the downloaded file without its suffix."""
    return f"lanewise-triage-{as_of:%Y-%m-%d}"


# ---------------------------------------------------------------- data

DATA_TITLE: Final = "Data"
DATA_CAPTION: Final = (
    "Logs come in here. A file already imported changes nothing: its calls are recognised as duplicates."
)
UPLOAD_LABEL: Final = "Usage logs or workload descriptions"
UPLOAD_HELP: Final = (
    "Logs and exports as they are, also packed with gzip or Zstandard, and ZIP archives of them. Each file "
    "of an archive becomes a dataset of its own."
)
FORMAT_LABEL: Final = "Format"
FORMAT_AUTO: Final = "Recognise automatically"
FORMAT_HELP: Final = (
    "Formats are told apart by the first rows of a file. Choose one only when that goes wrong."
)
STAGE_OPEN: Final = "opening"
_STAGES: Final = {"reading": "reading rows", "settling": "looking for duplicates and storing"}
RESULTS_TITLE: Final = "Last import"
IMPORT_ENDING: Final = "Ending the import"
RESULTS_EARLY: Final = (
    "The import was ended before it was done. Files listed here were finished by then and stay; nothing else "
    "came in."
)
RESULTS_IN_ARCHIVE: Final = (
    "A table inside an archive that no format knows can be mapped, column by column, when it is uploaded by "
    "itself."
)
COL_FILE: Final = "File"
COL_READ_AS: Final = "Read as"
COL_SIZE: Final = "Size"
COL_MODIFIED: Final = "Modified (UTC)"
MOMENT_FORMAT: Final = "YYYY-MM-DD HH:mm"
ALT_RESULTS: Final = "Every file of the import with its format or problem and its row counts"
FOLDER_TITLE: Final = "From a folder on this server"
FOLDER_WHICH: Final = "Folder"
FOLDER_EMPTY: Final = "There is no file in this folder. Hidden names and links are left out."
FOLDER_SEARCH: Final = "Name contains"
FOLDER_SEARCH_PLACEHOLDER: Final = "2026-11"
FOLDER_NO_MATCH: Final = "No file of this folder has that in its name."
FOLDER_REFRESH: Final = "List again"
ALT_FOLDER: Final = "Files of the folder with size and time of change, to choose from"
RESULTS_NEXT: Final = "See what can wait"
RESULTS_DISMISS: Final = "Dismiss"
NOTHING_NEW: Final = "Nothing new came in, so no dataset was made."
DATASETS_TITLE: Final = "Datasets"
HOW_DATASETS: Final = (
    "Each import makes one dataset. Open one to see what was accepted, what was not, and to delete it."
)
COUNT_READ: Final = "Read"
COUNT_ACCEPTED: Final = "Accepted"
COUNT_REJECTED: Final = "Rejected"
COUNT_DUPLICATES: Final = "Duplicates"
COUNT_UNDATED: Final = "Undated"
COUNT_COST: Final = "Cost"
HOW_READ: Final = "Rows of the source file."
HOW_REJECTED: Final = "Rows that could not be used; each has its line and reason."
HOW_DUPLICATES: Final = "Calls that are already in this workspace or came earlier in the file; counted once."
HOW_UNDATED: Final = "Accepted calls without a time: priced at today's prices, not projected."
HOW_IMPORT_COST: Final = (
    "**Computed from usage.** Accepted calls at the price of their own day; undated ones at today's."
)
COL_LINE: Final = "Line"
COL_COLUMN: Final = "Column"
COL_REASON: Final = "Reason"
WHOLE_ROW: Final = "whole row"
ALT_REJECTS: Final = "Rejected rows with line, column and reason"
DELETE: Final = "Delete this dataset"
DELETE_TITLE: Final = "Delete this dataset?"
DELETE_CONFIRM: Final = "Delete"
FIRST_DATA_TITLE: Final = "Nothing is loaded yet"
FIRST_DATA_BODY: Final = "Upload a log above, or look around with the demo data first."
FORMATS_TITLE: Final = "What can be uploaded"
FORMATS: Final = {
    "OpenAI": "Chat and Responses objects, bare, wrapped or streamed; batch files; usage and cost exports",
    "Anthropic": "Messages, bare, wrapped or streamed; batch results; usage and cost exports",
    "Google": "Gemini and Vertex AI responses, streams and batch output; Google Cloud billing rows",
    "Amazon": "Bedrock invocation logs and Converse responses",
    "Gateways": "LiteLLM, OpenRouter, Helicone and Portkey logs; DeepSeek exports; vLLM request logs",
    "Observability": "OpenTelemetry and OpenInference spans; Langfuse, Braintrust and W&B Weave exports",
    "Coding agents": "Claude Code and Codex transcripts",
    "Bills and traces": "FOCUS bills; traces (Azure, Mooncake, Qwen Bailian, BurstGPT, RAGPulse, Vidur)",
    "Lanewise": "CSV, JSON Lines or Parquet with one row a call",
    "Any other table": "CSV, JSON Lines, JSON or Parquet: you say once what its columns mean",
    "Workload descriptions": (
        "CSV or YAML with a name a row and, as far as you know it: trigger, user_waiting, max_wait, "
        "sequential, requests_per_day, provider, model, input_tokens, shared_prefix_tokens, output_tokens"
    ),
}
"""What the first screen of the Data page says about formats."""


def upload_button(files: int) -> str:
    """The import button; a label."""
    return "Import" if files == 0 else f"Import {plural(files, 'file')}"


def importing(files: int) -> str:
    """While files are read; a label."""
    return f"Importing {plural(files, 'file')}"


def imported(done: int, failed: int, to_map: int = 0) -> str:
    """After files were read; a label."""
    if to_map:
        return f"{plural(done, 'file')} read, {failed} not, {to_map} to map"
    return f"{plural(done, 'file')} read, {failed} not" if failed else f"{plural(done, 'file')} read"


def stage(name: str) -> str:
    """What an import is doing; no Markdown."""
    return _STAGES.get(name, name)


def import_place(name: str, place: int, files: int) -> str:
    """Which of several files is read; a label."""
    return f"{name} ({count(place)} of {count(files)})"


def import_step(name: str, *known: str) -> str:
    """One file's progress, the stage first; a label."""
    return f"{name}: {' · '.join(known)}"


def upload_caption(most_mb: int) -> str:
    """Under the upload: what is kept, and where larger files go."""
    return (
        "Prompts and answers are dropped while reading. Only times, models, token counts and identifiers are "
        f"kept, on this machine. The browser takes files up to {most_mb} MB; larger ones go in with "
        "`lanewise import`, or from a folder named by `lanewise serve --folder`."
    )


def folder_caption(files: int, size_bytes: int, cut_at: int | None, unreadable: int) -> str:
    """Under the files of a folder: what importing them does, and what is not listed."""
    more = f" Only {count(cut_at)} files are listed; `lanewise import` reads them all." if cut_at else ""
    closed = (
        f" Not listed: {plural(unreadable, 'name')} that cannot be opened or read as UTF-8 text."
        if unreadable
        else ""
    )
    return (
        f"{plural(files, 'file')}, {file_size(size_bytes)}. Files are read where they are, in the format "
        f"chosen above; nothing is copied.{more}{closed}"
    )


def folder_import_chosen(files: int) -> str:
    """Imports the chosen files of a folder; a label."""
    return f"Import {plural(files, 'chosen file')}" if files else "Import chosen files"


def folder_import_all(files: int) -> str:
    """Imports every listed file of a folder; a label."""
    return "Import all" if files < 2 else f"Import all {count(files)}"


def results_files(usable: int, unusable: int) -> str:
    """How many files of an import could be read."""
    rest = f", {count(unusable)} could not be used" if unusable else ""
    return f"**{plural(usable, 'file')} read**{rest}"


def results_line(name: str, problem: str) -> str:
    """A file's line among many; a label."""
    return f"**{name}** · {problem}" if problem else f"**{name}**"


def recognised(format_name: str, container: str, token_rule: str) -> str:
    """How a file was read."""
    return f"Read as **{format_name}** ({container}). {token_rule}"


def counts_sum(read: int, accepted: int, rejected: int, duplicates: int) -> str:
    """The identity every import keeps."""
    parts = f"{count(accepted)} accepted + {count(rejected)} rejected + {plural(duplicates, 'duplicate')}"
    return f"{count(read)} read = {parts}"


def import_cost(cost: str, priced_share: str | None, *, aggregates: bool) -> str:
    """What the accepted calls cost, and how much of them has a price."""
    rows = "aggregates" if aggregates else "calls"
    if priced_share is None:
        return f"The accepted {rows} cost {cost}; every one of them is priced."
    return f"The accepted {rows} cost {cost}. That is partial: {priced_share} of their tokens have a price."


def aggregates_stand_for(aggregates: int, calls: int) -> str:
    """How many calls the rows of a usage report sum up."""
    stand = "stands" if aggregates == 1 else "stand"
    return f"{plural(aggregates, 'aggregate')} {stand} for {plural(calls, 'call')}."


def rejects_title(shown: int, total: int) -> str:
    """Above the rejects."""
    return (
        f"**Rejected rows** (the first {shown} of {count(total)})" if shown < total else "**Rejected rows**"
    )


def duplicate_lines(lines: Sequence[int], total: int) -> str:
    """Where the duplicates are."""
    listed = ", ".join(f"{line:,}" for line in lines)
    more = f" and {count(total - len(lines))} more" if total > len(lines) else ""
    return f"Duplicate on line {listed}." if total == 1 else f"Duplicates on lines {listed}{more}."


def holds(calls: int = 0, aggregates: int = 0, described: int = 0, bills: int = 0) -> str:
    """What there is of what; rows that sum up calls are never called calls."""
    kinds = (
        (calls, plural(calls, "call")),
        (aggregates, plural(aggregates, "aggregate")),
        (described, f"{plural(described, 'workload')} described"),
        (bills, plural(bills, "bill line")),
    )
    return ", ".join(text for number, text in kinds if number) or plural(0, "call")


def dataset_line(name: str, content: str, imported_at: str) -> str:
    """A dataset's line in the list; a label."""
    return f"**{name}** · {content} · imported {imported_at}"


def dataset_window(first: datetime | None, last: datetime | None, size: int) -> str:
    """What a dataset covers and how large its source was."""
    if first is None or last is None:
        return f"No dated calls · {file_size(size)}"
    return f"{utc(first)} to {utc(last)} UTC · {file_size(size)}"


def delete_body(name: str, content: str) -> str:
    """What deleting does."""
    return f"**{name}** ({content}) leaves every figure. The source file is not touched."


def deleted(name: str) -> str:
    """After deleting."""
    return f"{name} is deleted"


# ---------------------------------------------------------------- mapping columns

MAP_TITLE: Final = "Tell Lanewise what the columns mean"
MAP_NOTHING: Final = "(not in this file)"
MAP_CONSTANT: Final = "(one value for every row)"
MAP_MORE: Final = "More columns"
MAP_QUESTIONS: Final = "What the file cannot say"
HOW_MAP_QUESTIONS: Final = (
    "A wrong unit or a double count would show in no total, so these are never guessed. Ask whoever writes "
    "the log, or look at one call you know."
)
MAP_NAME: Final = "Name of this column mapping"
MAP_NAME_HELP: Final = (
    "Files with the same columns are read with it from now on. Letters, digits, - _ and dots."
)
MAP_NAME_BAD: Final = "Use up to 60 letters, digits, dots, hyphens and underscores, without blanks."
MAP_PREVIEW: Final = "Preview"
HOW_MAP_PREVIEW: Final = (
    "The first rows as an import would read them. Nothing is stored yet; duplicates are found when importing."
)
MAP_NO_CALLS: Final = (
    "None of these rows would be a call. Check the columns and the units above; each row says why."
)
MAP_SAVE: Final = "Save and import"
MAP_LEAVE: Final = "Leave this file out"
MAP_COL_RESULT: Final = "Result"
MAP_COL_ROW: Final = "Row"
MAP_IS_CALL: Final = "call"
MAP_IS_BUCKET: Final = "bucket"
ALT_MAP_PREVIEW: Final = "The first rows of the file as calls, or the reason why a row is none"
MAPPINGS_TITLE: Final = "Saved column mappings"
MAPPINGS_HOW: Final = "Files with the columns of one of these are imported without questions."
MAPPING_FORGET: Final = "Forget"
MAPPING_YAML: Final = "YAML"
MAPPING_YAML_HELP: Final = "The mapping as a file for the command line: import --mapping."

_FIELDS: Final = {
    "ts": ("Time", "When the call was made, or a bucket began."),
    "ts_end": ("End", "When the bucket ended."),
    "provider": ("Provider", "Who ran the model; may be left open where the model's name settles it."),
    "model": ("Model", "The id of the model that answered."),
    "workload": ("Workload", "What the call was for: a feature, job, team or tag."),
    "input_tokens": ("Input tokens", "Tokens sent. Whether cached ones are among them is asked below."),
    "output_tokens": ("Output tokens", "Tokens answered, reasoning included; one value 0 for embeddings."),
    "cache_read_tokens": ("Cache read tokens", "Input tokens read from the provider's cache."),
    "cache_write_tokens": ("Cache write tokens", "Input tokens written to cache at the default lifetime."),
    "cache_write_long_tokens": ("Long cache write tokens", "The same at the extended lifetime."),
    "reasoning_tokens": ("Reasoning tokens", "Part of the output; for information."),
    "n_requests": ("Requests in the bucket", "How many requests the row sums up."),
    "call_id": (
        "Call id",
        "An id that no two calls share, in any file. Without one, a call is known by its content.",
    ),
    "session": ("Session or user", "Kept as a hash when it looks personal."),
    "tier": ("Service tier", "standard, batch, flex, priority or off-peak; empty is standard."),
    "status": ("Status", "Words such as ok, failed, cancelled, or HTTP codes; empty is ok."),
    "latency_ms": ("Latency", "How long the call took."),
    "ttft_ms": ("Time to first token", "How long until the answer began."),
    "streamed": ("Streamed", "Yes or no."),
    "deadline_s": ("Deadline", "Seconds the call may wait, where the log says so."),
    "batch_eligible": ("May be batched", "Yes or no, where the log says so."),
    "batch_id": ("Batch id", "The batch job the call ran in."),
    "custom_id": ("Custom id", "Your own id inside a batch job."),
    "reported_cost_usd": ("Cost", "What the source says the call cost."),
}
_QUESTIONS: Final = {
    "row_is": "What is one row?",
    "time_unit": "How is the time written?",
    "input_includes_cached": "Do input tokens count the cached ones?",
    "latency_unit": "What are durations in?",
    "cost_unit": "What is the cost in?",
}
_CHOICES: Final = {
    ("row_is", "call"): "One call",
    ("row_is", "bucket"): "A bucket of several calls",
    ("time_unit", "iso"): "As text (ISO 8601)",
    ("time_unit", "s"): "Seconds since 1970",
    ("time_unit", "ms"): "Milliseconds",
    ("time_unit", "us"): "Microseconds",
    ("time_unit", "ns"): "Nanoseconds",
    ("input_includes_cached", "True"): "Yes, input is the total",
    ("input_includes_cached", "False"): "No, they come on top",
    ("latency_unit", "ms"): "Milliseconds",
    ("latency_unit", "s"): "Seconds",
    ("cost_unit", "usd"): "US dollars",
    ("cost_unit", "cents"): "US cents",
}


def map_intro(name: str, columns: int, is_json: bool) -> str:
    """Why the form is there and what becomes of it."""
    what = plural(columns, "key") if is_json else plural(columns, "column")
    return (
        f"**{name}** ({what}) is none of the formats known. Map it once, and the next file with the same "
        f"{'keys' if is_json else 'columns'} is imported without questions. Only what you choose is read; "
        "leave prompts and answers out."
    )


def map_proposed(fields: int) -> str:
    """How much of the form is filled in already."""
    if not fields:
        return "No column could be proposed from names and contents. Choose at least model, input and output."
    return f"{plural(fields, 'field')} proposed from names and contents. Check them."


def map_resembles(name: str) -> str:
    """The form is filled in from a mapping of a similar file."""
    return f"The columns of your mapping **{name}** are all here, so its answers are filled in. Check them."


def map_waiting(files: int) -> str:
    """More files that nobody knows."""
    return f"{plural(files, 'more file')} of another shape to map after this one."


def map_together(files: int) -> str:
    """Files that one mapping serves."""
    return f"{plural(files, 'more file')} with the same columns will be imported with it."


def field_title(field: str) -> str:
    """A field of the call record as people call it; a label."""
    return _FIELDS[field][0]


def field_help(field: str) -> str:
    """What belongs into a field."""
    return _FIELDS[field][1]


def map_why(field: str, confidence: float, why: str) -> str:
    """What belongs into a field, and why a column was proposed for it."""
    return f"{field_help(field)} Proposed by {why}, {percent(confidence)} sure."


def map_constant(field: str) -> str:
    """The value for every row; a label."""
    return f"{field_title(field)} of every row"


def map_question(answer: str) -> str:
    """A question that a file cannot answer; a label."""
    return _QUESTIONS[answer]


def map_choice(answer: str, choice: str | bool) -> str:
    """One answer to it; a label."""
    return _CHOICES[answer, str(choice)]


def map_open(settings: Sequence[str]) -> str:
    """What is still to be said before there is a preview."""
    titles = [_QUESTIONS.get(name) or (_FIELDS[name][0] if name in _FIELDS else name) for name in settings]
    return f"The first rows show here as calls once these are said: {' · '.join(md(it) for it in titles)}"


def map_prose(column: str, field: str) -> str:
    """A column that seems to hold texts."""
    kept_as = field_title(field).lower()
    return f"“{column}” looks like text that people wrote. Its values would be kept as {kept_as}."


def map_preview(rows: int, calls: int) -> str:
    """The preview in one line."""
    return f"{plural(rows, 'row')} tried: {count(calls)} usable, {count(rows - calls)} not."


def mapped_title(name: str) -> str:
    """A format made by a mapping; no Markdown."""
    return f"Your mapping {name}"


def mapping_line(name: str, columns: int) -> str:
    """A saved mapping in the list."""
    return f"**{name}** · {plural(columns, 'field')}"


def mapping_forgotten(name: str) -> str:
    """After forgetting a mapping."""
    return f"The mapping {name} is forgotten. What was imported with it stays."


# ---------------------------------------------------------------- described workloads

DESCRIBE_TITLE: Final = "Describe"
DESCRIBE_CAPTION: Final = (
    "Workloads without a log: what you know of them is enough for a label and the cost of every lane. "
    "Only the name is needed. A log of the same name counts instead, once there is one."
)
DESCRIBE_FORM: Final = "Describe a workload"
HOW_DESCRIBE_FORM: Final = "A name that is described already is described anew; it never counts twice."
DESCRIBE_SAVE: Final = "Save the workload"
DESCRIBE_GRID: Final = "Described workloads"
HOW_DESCRIBE_GRID: Final = (
    "Double-click a cell to edit it, add a row at the end, or select rows to remove them. Nothing changes "
    "until you save. An edited row replaces what a file said."
)
ALT_DESCRIBE_GRID: Final = "Described workloads, one a row, with what is known of each, editable"
DESCRIBE_NONE: Final = (
    "Nothing is described yet. Use the form, or upload a CSV or YAML file on the Data page."
)
DESCRIBE_GRID_SAVE: Final = "Save the table"
DESCRIBE_DISCARD: Final = "Discard"
DESCRIBE_DOWNLOAD: Final = "Download as YAML"
DESCRIBE_DOWNLOAD_HELP: Final = "The same rows for `lanewise import`, or to keep in your repository."
DESCRIBE_UNDO: Final = "Undo the last save"
DESCRIBE_UNDO_HELP: Final = "What was described before it holds again at once."
DESCRIBE_UNDONE: Final = "The last save is taken back."
DESCRIBE_PROBLEMS: Final = "This cannot be saved yet"
DESCRIBE_HISTORY: Final = "History of descriptions"
DESCRIBE_NO_HISTORY: Final = "Nothing has been described on this page yet."
DESCRIBE_GRID_NOTE: Final = "Edited as a table"
COL_FROM: Final = "From"

_DESCRIBE_COLUMNS: Final = {
    "name": ("Name", "The workload's name; a log with the same name joins it."),
    "description": ("Description", "For people."),
    "model": ("Model", "As the provider calls it, for example gpt-5.4-mini."),
    "provider": ("Provider", "Only where the model's name does not settle it."),
    "requests_per_day": ("Requests a day", "On an average day."),
    "requests_per_run": ("Requests a run", "For work that comes in runs, instead of requests a day."),
    "runs_per_year": ("Runs a year", "A weekly job has 52, a nightly one 365."),
    "input_tokens": ("Input tokens", "All that one request sends, the shared prefix included."),
    "shared_prefix_tokens": ("Shared prefix", "How many of them are the same in every request."),
    "output_tokens": ("Output tokens", "What one request answers, reasoning included."),
    "max_wait": ("Longest wait", "A number and a unit: 300ms, 2s, 5m, 8h, 7d."),
    "trigger": ("Trigger", "What makes a request happen."),
    "user_waiting": ("User waiting", "Does somebody wait for the answer?"),
    "sequential": ("Sequential", "Does each step need the answer before it?"),
}


def describe_column(column: str) -> str:
    """What a column of a description is called; no Markdown."""
    return _DESCRIBE_COLUMNS[column][0]


def describe_help(column: str) -> str:
    """What a column of a description means."""
    return _DESCRIBE_COLUMNS[column][1]


def describe_problem(line: int, name: str, sentence: str) -> str:
    """One problem of a row of the table."""
    return f"Row {line} ({name}): {sentence}" if name else f"Row {line}: {sentence}"


def describe_missing(name: str, source: str) -> str:
    """A removed row that a file still holds."""
    return f"{name} is described in {source}. Delete that dataset on the Data page to end it."


def describe_saved(name: str, label: str, cost: str) -> str:
    """After the form was saved."""
    return f"**{name}** is saved. Label: {label}. Today's lane costs {cost} a year."


def describe_saved_fact(name: str, label: str) -> str:
    """After the form was saved without model, requests or tokens."""
    return (
        f"**{name}** is saved. Label: {label}. Add a model, requests and tokens to see what every lane costs."
    )


def describe_saved_table(rows: int) -> str:
    """After the table was saved."""
    return f"{plural(rows, 'workload')} described."


def describe_note(name: str) -> str:
    """Why a version was saved through the form; no Markdown."""
    return f"described {name}"


# ---------------------------------------------------------------- aggregates beside calls

AGGREGATES: Final = (
    "These are aggregates: they drive cost, not behaviour. Nothing in them shows how work behaves, so tell "
    "how long each project, key or workspace may wait."
)
AGGREGATES_WAY: Final = "Tell it on the Workloads page"
COUNTING_TITLE: Final = "The same spend may be counted twice"
COUNTING_SETTLED: Final = "Datasets that cover the same days"
COUNTING_QUESTION: Final = "Which counts on these days?"
COUNTING_HELP: Final = (
    "Choose one if both hold the same calls. Count both if they are different traffic, such as two services. "
    "What does not count is listed under “What is not counted” on the Overview."
)
COUNTING_HISTORY: Final = "History of these choices"
COUNTING_WAY: Final = "Choose which counts"

_COUNTS: Final = {"calls": "Only the calls", "aggregates": "Only the aggregates", "both": "Both"}


def counting_choice(counts: str) -> str:
    """A choice of what counts, on the control."""
    return _COUNTS[counts]


def counting_overlap(provider: str, aggregates: str, calls: str, days: Sequence[datetime]) -> str:
    """Which two datasets cover which days."""
    span = day(days[0]) if len(days) == 1 else f"{day(days[0])} to {day(days[-1])}"
    return (
        f"**{aggregates}** (aggregates) and **{calls}** (calls) both hold {provider} usage of "
        f"{plural(len(days), 'day')}, {span}."
    )


def counting_overview(pairs: int) -> str:
    """On the Overview, while nobody has chosen."""
    cover = "covers" if pairs == 1 else "cover"
    return (
        f"{plural(pairs, 'pair')} of datasets {cover} the same days of the same provider, once as aggregates "
        "and once call by call. Until somebody chooses, both are in every figure."
    )


def counting_left_out(days: int, other: str) -> str:
    """On a dataset that does not count on some days."""
    return f"On {plural(days, 'day')} it does not count, because **{other}** does."


# ---------------------------------------------------------------- workload rules

RULES_TITLE: Final = "Workload rules"
RULES_CAPTION: Final = (
    "Which workload is a call part of? The rules are asked in order; the first that can name a call decides. "
    "A change is in every figure as soon as it is saved, without importing again."
)
RULES_EMPTY_TITLE: Final = "No calls to name yet"
RULES_EMPTY_BODY: Final = (
    "Rules look at the tags, keys and names in a log. Described workloads keep the name they were given."
)
RULES_LEFT_CALLS: Final = "Calls without a workload"
RULES_LEFT_SPEND: Final = "Their share of spend"
RULES_NAMED: Final = "Workloads made"
HOW_RULES_LEFT: Final = (
    "No rule can name these calls. They are counted and priced like any other, under “(unattributed)”."
)
RULES_LIST: Final = "Rules"
HOW_RULES_LIST: Final = (
    "Calls and spend of the logs in this workspace that each rule takes, after the rules above it. "
    "**Computed from usage**, each call at its own day's price."
)
ALT_RULES_LIST: Final = "Rules in order with their conditions, the workload, calls, spend and its share"
COL_RULE: Final = "Rule"
COL_WHEN_RULE: Final = "When"
COL_NAMES: Final = "Workload"
COL_SHARE: Final = "Share of spend"
COL_SPENT: Final = "Spend"
RULE_LEFT_OVER: Final = "no rule"
RULES_EVERY_CALL: Final = "every call"
RULES_ADD: Final = "Add a rule"
HOW_RULES_ADD: Final = (
    "It is put first, so it wins over the rules that are there. Change its place afterwards if it should not."
)
RULES_FIELD: Final = "Look at"
RULES_FIELD_HELP: Final = (
    "Only short, plain values of a log are kept for this: tags, keys, names. Never prompts or answers."
)
RULES_HOW: Final = "which"
RULES_VALUE: Final = "Value"
RULES_VALUE_HELP: Final = "Pick one that is in the logs, or type. Capitals do not matter."
RULES_VALUE_PLACEHOLDER: Final = "nightly-*"
RULES_WORKLOAD: Final = "is part of the workload"
RULES_WORKLOAD_HELP: Final = (
    "A name as it stands, or with fields in braces: {tag}, {project}, {metadata.team}. A call that does not "
    "have the field is left to the next rule."
)
RULES_ADD_BUTTON: Final = "Add it as the first rule"
RULES_ARRANGE: Final = "Change a rule's place"
RULES_PICK: Final = "Rule to move or remove"
RULES_UP: Final = "Up"
RULES_DOWN: Final = "Down"
RULES_REMOVE: Final = "Remove"
RULES_YAML: Final = "The list as YAML"
RULES_YAML_HELP: Final = (
    "Everything a rule can say: several conditions, alternatives, exact and prefix matches. Paste a list, or "
    "keep this one in your repository."
)
RULES_YAML_USE: Final = "Try this list"
RULES_YAML_DOWNLOAD: Final = "Download"
RULES_REFUSED: Final = "The list cannot be used yet"
RULES_PENDING: Final = "Not saved yet"
RULES_NOTE: Final = "Why (kept in the history)"
RULES_NOTE_PLACEHOLDER: Final = "The data team's jobs, as agreed in May"
RULES_DEFAULT_NOTE: Final = "Edited on the Workload rules page"
RULES_SAVE: Final = "Save the rules"
RULES_DISCARD: Final = "Discard"
RULES_UNDO: Final = "Undo the last save"
RULES_UNDO_HELP: Final = "The rules before it are in force again at once."
RULES_SHIPPED: Final = "Start again from the shipped rules"
RULES_SHIPPED_HELP: Final = "Puts the shipped list here to look at; nothing changes until you save it."
RULES_SAVED: Final = "The rules are saved and in force."
RULES_UNDONE: Final = "The last save is taken back."
RULES_HISTORY: Final = "History of the rules"
RULES_NO_HISTORY: Final = "The shipped rules are in force; nobody has saved others."
RULES_NO_EFFECT: Final = "No call changes its workload."
COL_CALLS_BEFORE: Final = "Calls now"
COL_CALLS_AFTER: Final = "Calls then"
COL_SPEND_AFTER: Final = "Spend then"
ALT_RULES_EFFECT: Final = "Workloads whose calls change, with calls now and then and the spend"

_HOWS: Final = {"glob": "is (with * and ?)", "prefix": "begins with", "exact": "is exactly"}
_RULE_FIELDS: Final = {
    "tag": "Tag",
    "project": "Project or team",
    "api_key_alias": "API key alias",
    "trace_name": "Trace name",
    "endpoint": "Endpoint",
    "user_agent": "User agent",
    "named": "Name in the log",
    "model": "Model",
    "provider": "Provider",
    "format": "Source format",
}


def rules_how(how: str) -> str:
    """A way of comparing, on the form."""
    return _HOWS[how]


def rules_field(field: str) -> str:
    """A field of a call as people call it; no Markdown."""
    return _RULE_FIELDS.get(field, field.replace("metadata.", "Metadata: ", 1))


def rules_when(field: str, how: str, texts: Sequence[str]) -> str:
    """One condition of a rule; no Markdown."""
    verb = {"glob": "is", "prefix": "begins with", "exact": "is exactly"}[how]
    return f"{rules_field(field)} {verb} {' or '.join(texts)}"


def rules_all(conditions: Sequence[str]) -> str:
    """All conditions of a rule; no Markdown."""
    return " and ".join(conditions) if conditions else RULES_EVERY_CALL


def rules_makes(template: str, names: Sequence[str], number: int) -> str:
    """What a rule names its calls: the name, or the template with the names it made."""
    if list(names) in ([], [template]):
        return md(template)
    more = f" and {number - 3} more" if number > 3 else ""
    return f"{md(template)}: {md(', '.join(names[:3]))}{more}"


def rules_line(position: int, when: str) -> str:
    """A rule in a selector; no Markdown."""
    return f"{position}. {when}"


def rules_candidate(calls: int, spend: str, share: float | None) -> str:
    """What a rule that is being written would take."""
    if not calls:
        return "It would take no call."
    part = f", {percent(share, 1)} of the spend" if share is not None else ""
    return f"It would take **{plural(calls, 'call')}** ({spend}{part})."


def rules_unattributed(share: float) -> str:
    """The way from the workloads to the rules; a label."""
    return f"(unattributed) is {percent(share, 1)} of the spend: write a rule"


# ---------------------------------------------------------------- calculators

NAV_CALCULATORS: Final = "Calculators"
NAV_CALCULATORS_HELP: Final = "What a job, a share of a bill or a GPU would cost, without any log."
CALC_TITLE: Final = "Calculators"
CALC_CAPTION: Final = (
    "The same price engine as everywhere else, on figures you type. The address of this page keeps them."
)
CALC_PICK: Final = "Question"
CALC_MODEL: Final = "Model"
CALC_DATE: Final = "At the prices of (UTC)"
CALC_DATE_HELP: Final = "Any day: past prices are kept, announced ones are known."
CALC_REQUESTS: Final = "Requests"
CALC_PREFIX: Final = "Shared prefix, tokens"
CALC_PREFIX_HELP: Final = "The part of the prompt that all requests have in common and that can be cached."
CALC_SUFFIX: Final = "Own part, tokens"
CALC_SUFFIX_HELP: Final = "The part of each prompt that no other request has."
CALC_OUTPUT: Final = "Answer, tokens"
CALC_CACHE: Final = "Caching"
CALC_HITS: Final = "Requests that find the prefix cached"
CALC_MISS: Final = "The others"
CALC_LONG: Final = "Longer cache lifetime"
CALC_LONG_HELP: Final = "Writes at the price of the extended lifetime: one hour, or twelve at OpenAI."
CALC_CHEAPEST: Final = "Cheapest lane"
CALC_BILL: Final = "Bill a month (USD)"
CALC_SHARE: Final = "Share of it that can wait"
CALC_PAID: Final = "Paid today in"
CALC_CACHED: Final = "Input read from cache"
CALC_CACHED_HELP: Final = (
    "Share of the input tokens that the cache serves today, and would serve in the lane."
)
CALC_RATIO: Final = "Input tokens per output token"
CALC_TOKENS: Final = "Input tokens"
CALC_TOKENS_HELP: Final = "A number with K, M, B or T: 10B is ten thousand million."
CALC_OUT_TOKENS: Final = "Output tokens"
CALC_SIZE: Final = "Tokens per request"
CALC_SIZE_HELP: Final = "Decides the context band: long prompts cost more per token at some providers."
CALC_NO_NUMBER: Final = "Write a whole number of tokens such as 10B, 2.5M or 100 000, up to 1000T."
CALC_GPU_HOUR: Final = "USD per GPU-hour"
CALC_GPUS: Final = "GPUs"
CALC_HOURS: Final = "Hours reserved a night"
CALC_SPEED: Final = "Tokens a second, no prefix cache"
CALC_SPEED_CACHED: Final = "Tokens a second, prefix cache"
CALC_SPEED_HELP: Final = (
    "Prompt and answer together, all GPUs together, measured on requests of about this size."
)
CALC_NIGHT: Final = "The GPU a night"
CALC_NIGHT_HELP: Final = "USD per hour x GPUs x hours, used or not."
CALC_FITS: Final = "Requests that fit, no prefix cache"
CALC_FITS_CACHED: Final = "Requests that fit, prefix cache"
CALC_WORKING: Final = "Working: formula, prices, sources"
CALC_LINK: Final = "This calculation as a link, with its date:"
CALC_LANES_ALT: Final = "Cost in each lane, or the reason why it has none"
CALC_RATES: Final = "**Rates used**, USD per million tokens"
CALC_RATES_ALT: Final = "The tokens of each kind and the rate of each lane for them"
CALC_SOURCES: Final = "**Price rows used**"
CALC_SOURCES_ALT: Final = "Price rows with validity, source, day checked and confidence"
CALC_NO_PRICE: Final = "No price row of this model is in force on that day."
CALC_DISCOUNTED: Final = "Contract and regional percentages of this workspace are multiplied into the rates."
CALC_EXACT: Final = "Exactly, USD"
CALC_KIND_TOKENS: Final = "Tokens"
COL_COST: Final = "Cost"
COL_PER_THOUSAND: Final = "1,000 requests"
COL_AGAINST_SYNC: Final = "Against sync, no caching"
COL_LOW_MONTH: Final = "A month, low"
COL_HIGH_MONTH: Final = "A month, high"
COL_HIGH_YEAR: Final = "A year, high"
COL_RATIO: Final = "Price against today"
COL_IN_FORCE: Final = "In force"
COL_API_NIGHT: Final = "API a night"
COL_VOLUME: Final = "GPU pays from"
COL_PREFIX_PLAIN: Final = "By prefix length, no prefix cache"
COL_PREFIX_CACHED: Final = "By prefix length, prefix cache"
COL_LIFETIME: Final = "Write"
COL_PAYS: Final = "Caching pays"
COL_REQUEST_N: Final = "Requests with the prefix"
COL_NOT_CACHED: Final = "Not cached"
COL_CACHED_DEFAULT: Final = "Cached"
COL_CACHED_LONG: Final = "Cached, longer lifetime"
PAYBACK_ALT: Final = "From which request on a cache write pays, by lane and lifetime"
PAYBACK_STEPS: Final = "**In sync, request by request**"
PAYBACK_STEPS_ALT: Final = "Cost of one to six requests that share the prefix, cached and not"
GPU_ALT: Final = "Each lane's bill for the night against the GPU"
LIFETIME_DEFAULT: Final = "default lifetime"
LIFETIME_LONG: Final = "longer lifetime"

CALCULATORS: Final = {
    "job": "Four configurations",
    "share": "Share that can wait",
    "bulk": "Bulk tokens",
    "gpu": "API or GPU",
    "write": "Cache writes",
}
CALC_ABOUT: Final = {
    "job": "One job, with and without caching, now or in a batch: which lane is cheapest?",
    "share": "A part of a bill can wait. What does it save in each lane, for tokens like yours?",
    "bulk": "A heap of tokens without a shared prefix: now, in a batch, or in flex?",
    "gpu": "A night's job on the API against GPUs reserved by the hour.",
    "write": "From which request on does writing a prefix to the cache pay?",
}
CALC_FORMULA: Final = {
    "job": (
        "cost = uncached x input + read x cache read + write x cache write + output x output; prompts are "
        "prefix + own part; requests that find the prefix read it. Tokens x USD per million is micro-dollars."
    ),
    "share": (
        "saving = bill x share x (1 - cost in the lane / cost in today's lane), both for a million output "
        "tokens with the stated input and cached share, at short prompts."
    ),
    "bulk": "cost = input tokens x input price + output tokens x output price, nothing cached.",
    "gpu": (
        "GPU a night G = USD per hour x GPUs x hours. It serves 3,600 x hours x tokens a second in a night. "
        "The GPU pays from the first number of requests whose API bill reaches G. The prefix columns compare "
        "a request's share of G at full use with its API cost, as the prefix grows; everything else stays."
    ),
    "write": (
        "not cached: n x prefix x input; cached: prefix x cache write + (n - 1) x prefix x cache read. "
        "Caching pays from the first n at which the second is smaller."
    ),
}
CACHE_MODES: Final = {
    "once": "First request writes, the rest read",
    "rate": "By a hit rate",
}
MISS_MODES: Final = {"write": "Write it again", "input": "Send it as plain input"}
TOKEN_KINDS: Final = {
    "input_usd_per_mtok": "Uncached input",
    "cache_read_usd_per_mtok": "Cache read",
    "cache_write_usd_per_mtok": "Cache write",
    "cache_write_long_usd_per_mtok": "Long write",
    "output_usd_per_mtok": "Output",
}


def calc_model(provider: str, model: str) -> str:
    """A model in the picker and in the address; no Markdown."""
    return f"{provider} / {model}"


def rate(amount: Decimal | None) -> str:
    """A rate in USD per million tokens; no Markdown."""
    return NOT_KNOWN_DASH if amount is None else f"{amount.normalize():f}"


def exact_usd(amount: Decimal | None) -> str:
    """Every digit of an amount in dollars; no Markdown."""
    return NOT_KNOWN_DASH if amount is None else f"{amount.normalize():,f}"


def calc_saving(amount: str, share: float | None) -> str:
    """A saving and what part of the cost it is; no Markdown."""
    return f"saves {amount}" if share is None else f"saves {amount} ({percent(share, 1)})"


def calc_saves(share: str) -> str:
    """The label of the saving against sync without caching; no Markdown."""
    return f"Saves {share} against sync, no caching"


def calc_more(amount: str) -> str:
    """A negative saving; no Markdown."""
    return f"costs {amount} more"


def calc_batches(batches: int) -> str:
    """How many batch files the requests fill."""
    return f"By the provider's limit on requests, that is {plural(batches, 'batch', 'batches')}."


def in_force(since: datetime | None, until: datetime | None) -> str:
    """A validity interval; no Markdown."""
    if since is None:
        return "always" if until is None else f"until {day(until)}"
    return f"since {day(since)}" if until is None else f"{day(since)} to {day(until)}"


def from_band(min_prompt_tokens: int) -> str:
    """A context band; no Markdown."""
    return f"from {count(min_prompt_tokens)} tokens" if min_prompt_tokens else "any length"


def calc_prices(version: str, at: date) -> str:
    """Which table and day the figures rest on."""
    return f"Price table {md(version)}, prices in force on {day(at)} at 00:00 UTC."


def gpu_volume(requests: int | None, capacity: int) -> str:
    """The break-even volume, or why there is none; no Markdown."""
    if requests is None:
        return NOT_KNOWN_DASH
    if requests > capacity:
        return f"never: full at {count(capacity)} of {count(requests)} requests"
    return f"{plural(requests, 'request')} a night"


def gpu_prefix(api_cheaper_without: bool, tokens: int | None) -> str:
    """Which side is cheaper below and above the break-even prefix; no Markdown."""
    first, second = ("API", "GPU") if api_cheaper_without else ("GPU", "API")
    if tokens is None:
        return f"{first} at any length"
    return f"{first} below {count(tokens)} tokens, {second} from there"


def gpu_hours(hours: str, reserved: str, fits: bool, cached: bool) -> str:
    """Whether the job fits into the night."""
    with_cache = "with prefix cache" if cached else "without prefix cache"
    verdict = "fits" if fits else "**does not fit**"
    return f"The job takes {hours} of the {reserved} reserved hours {with_cache}: it {verdict}."


def pays_from(request: int | None) -> str:
    """From which request on; no Markdown."""
    if request is None:
        return "never"
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if request % 100 in (11, 12, 13) else endings.get(request % 10, "th")
    return f"from the {request}{ending} request"


# ---------------------------------------------------------------- prices

PRICES_TITLE: Final = "Prices"
PRICES_EMPTY_TITLE: Final = "No price rows to show"
PRICES_EMPTY_BODY: Final = "No model matches. Load data, clear the search, or show every model."
PRICES_ALL: Final = "Every model"
PRICES_ALL_HELP: Final = "Off: only the models in your data. On: the whole price table."
PRICES_PROVIDER: Final = "Provider"
PRICES_ANY_PROVIDER: Final = "Any provider"
PRICES_SEARCH: Final = "Model contains"
PRICES_SEARCH_PLACEHOLDER: Final = "gpt, claude, flash"
PRICES_LOCKED: Final = "Apply or discard your edits to change what is shown."
PRICES_HOW_TO_EDIT: Final = (
    "Double-click a price to edit it, or add a row at the end of the table. Nothing changes until you apply "
    "it."
)
PRICE_MISSING: Final = "no price yet: fill in this row"
ALT_PRICES: Final = "Price rows in US dollars per million tokens, editable"
COL_TIER: Final = "Tier"
COL_BAND: Final = "From tokens"
COL_BAND_HELP: Final = "Total input of a request from which this row's prices hold for the whole request."
COL_CACHE_RULE: Final = "Cached tokens"
COL_CACHE_RULE_HELP: Final = (
    "How tokens read from cache are billed in this tier: at their own price, at the standard tier's cache "
    "price, as plain input, not sold, or not published."
)
COL_SINCE: Final = "Since (UTC)"
COL_SINCE_HELP: Final = "First day (UTC) of the price. Empty: since always, which no source states."
COL_UNTIL: Final = "Until (UTC)"
COL_UNTIL_HELP: Final = "First day (UTC) on which the price no longer holds. Empty: until further notice."
COL_SOURCE: Final = "Source"
COL_CHECKED: Final = "Checked"
PRICES_EFFECTIVE: Final = "Holds from (UTC)"
PRICES_EFFECTIVE_HELP: Final = (
    "Calls before this day keep the price they had. The first price of a model holds for all of its history."
)
PRICES_PROBLEMS: Final = "These rows cannot be applied yet"
PRICES_NOTE: Final = "Why (kept in the history)"
PRICES_NOTE_PLACEHOLDER: Final = "Our contract price from December"
PRICES_DEFAULT_NOTE: Final = "Edited on the Prices page"
PRICES_APPLY: Final = "Apply"
PRICES_DISCARD: Final = "Discard"
PRICES_UNDO: Final = "Undo the last edit"
PRICES_UNDO_HELP: Final = "Takes back what was changed last, a reset or an import too."
PRICES_RESET: Final = "Back to shipped prices"
PRICES_RESET_HELP: Final = "Takes back every edit of this workspace."
PRICES_RESET_TITLE: Final = "Take back every price edit?"
PRICES_RESET_CONFIRM: Final = "Take them back"
PRICES_UNDONE: Final = "The last edit is taken back."
PRICES_WERE_RESET: Final = "The shipped prices hold again."
PRICES_SPEND_AFTER: Final = "Spend in the log, after"
PRICES_SAVING_AFTER: Final = "Saving a year, after"
HOW_PREVIEW_SPEND: Final = "Calls on or after the effective day change; those before keep their price."
HOW_PREVIEW_SAVING: Final = "The base case over all workloads, at today's prices with your edits."
PRICES_EXPORT_CSV: Final = "Export CSV"
PRICES_EXPORT_YAML: Final = "Export YAML"
PRICES_EXPORT_SHOWN: Final = "The rows shown, every field, with sources and dates. It can be imported again."
PRICES_EXPORT_ALL: Final = "Every row of the price table, with sources and dates. It can be imported again."
PRICES_MODE: Final = "Change prices"
PRICES_MODES: Final = {
    "table": "In the table",
    "model": "Add a model",
    "change": "Add a dated change",
    "file": "Import a file",
    "discount": "Contract discounts",
}
PRICES_MODEL_HOW: Final = (
    "Any provider and model id, as they stand in your log. A price without a first day holds for all of the "
    "model's history."
)
PRICES_CHANGE_HOW: Final = (
    "A new price of a known model from a day on, past or future. What held before that day stays as it was."
)
PRICES_FILE_HOW: Final = (
    "CSV or YAML with the columns of an export; provider, model, tier and one price are enough. Rows that "
    "say what the table says are passed over. If anything is wrong, nothing is applied."
)
PRICES_DISCOUNT_HOW: Final = (
    "What a contract or a region does to list prices, as a percentage. List prices stay as they are; the "
    "percentage is multiplied into every figure."
)
PRICES_FILE: Final = "Price file (CSV, YAML)"
PRICES_FILE_NOTHING: Final = "Every row of the file says what the table says already."
PRICES_FILL_MODEL: Final = "Give a provider, a model and at least one price."
PRICES_FILL_CHANGE: Final = "Change at least one price."
PRICES_NO_ROW: Final = "This tier of the model has no price on that day; what you give will be its first."
PRICES_FIRST_DAY: Final = "First day (UTC), if any"
PRICES_LAST_DAY: Final = "No longer from (UTC), if any"
PRICES_SOURCE: Final = "Where it is from"
PRICES_SOURCE_PLACEHOLDER: Final = "https://… or a contract"
PRICES_KNOWN: Final = "The table knows this model. For a new price from a day on, add a dated change."
PRICES_FAULTS_ALT: Final = "Every problem of the file with its row and column"
COL_ROW: Final = "Row"
COL_PROBLEM: Final = "Problem"
COL_CHANGED: Final = "Changed"
CHANGED_PRICES: Final = "prices"
CHANGED_DISCOUNTS: Final = "discounts"
WHOLE_FILE: Final = "file"
FILE_NAME_SHOWN: Final = 80
DISCOUNT_MODELS: Final = "Models"
DISCOUNT_MODELS_HELP: Final = "Ids with * for any characters; alternatives divided by |. * alone is all."
DISCOUNT_ANY_TIER: Final = "every tier"
DISCOUNT_KIND: Final = "Kind"
DISCOUNT_KINDS: Final = {"contract": "Contract", "regional": "Regional"}
DISCOUNT_PERCENT: Final = "Percent off"
DISCOUNT_PERCENT_HELP: Final = "10 is a tenth off; -10 is a surcharge of a tenth."
DISCOUNT_NONE: Final = "No discount is in force in this workspace."
DISCOUNT_ALT: Final = "Contract and regional percentages with models, tier and dates"
DISCOUNT_REMOVE: Final = "Remove"
DISCOUNT_REMOVE_PICK: Final = "Remove one"
DISCOUNT_REMOVED: Final = "The discount is removed."
DISCOUNT_ADDED: Final = "Contract discount added"
DISCOUNT_UNDO: Final = "Undo the last discount change"
DISCOUNT_UNDONE: Final = "The last change of discounts is taken back."
COL_PERCENT: Final = "Percent off"
CONFLICT_TITLE: Final = "Shipped prices changed under your edits"
CONFLICT_YOURS: Final = "yours"
CONFLICT_THEN: Final = "shipped, when you edited"
CONFLICT_NOW: Final = "shipped, now"
CONFLICT_KEEP: Final = "Keep mine"
CONFLICT_TAKE: Final = "Take the shipped price"
CONFLICT_KEPT: Final = "Your price stays."
CONFLICT_TAKEN: Final = "The shipped price holds again."
CONFLICT_NOT_SHIPPED: Final = "not in the table"
CONFLICT_ALT: Final = "Your price, the shipped price when you edited, and the shipped price now"
COL_WHOSE: Final = "Whose"
PRICES_HISTORY: Final = "History of price edits"
PRICES_NO_HISTORY: Final = "No price has been edited in this workspace."

MONTHS_NAMED: Final = 3
_PRICE_COLUMNS: Final = {
    "input_usd_per_mtok": ("Input", "USD per million input tokens that are not cached."),
    "cache_read_usd_per_mtok": ("Cache read", "USD per million tokens read from cache."),
    "cache_write_usd_per_mtok": (
        "Cache write",
        "USD per million tokens written to cache at the default lifetime.",
    ),
    "cache_write_long_usd_per_mtok": (
        "Long write",
        "USD per million tokens written to cache at the extended lifetime.",
    ),
    "output_usd_per_mtok": ("Output", "USD per million output tokens, reasoning included."),
}


def prices_caption(version: str, as_of: datetime) -> str:
    """What the table is."""
    return f"US dollars per million tokens · table {md(version)} · rows in force on {day(as_of)} or later"


def price_column(name: str) -> str:
    """A price column's title with its unit; no Markdown."""
    return f"{_PRICE_COLUMNS[name][0]} ($/M)"


def price_heading(name: str) -> str:
    """The same in the grid, where "cache" goes without saying: all five fit a laptop's screen."""
    return price_column(name).removeprefix("Cache ").capitalize().replace("($/m)", "($/M)")


def price_column_help(name: str) -> str:
    """A price column's unit and meaning."""
    return _PRICE_COLUMNS[name][1]


def price_entered_by(author: str) -> str:
    """The source of a price a person typed; no Markdown."""
    return f"entered by {author}"


def prices_age(checked: date, days: int) -> str:
    """How fresh the prices of the models in use are."""
    return f"The oldest price of your models was checked on {day(checked)}, {plural(days, 'day')} ago."


def prices_stale(stale: int, rows: int, after: int, oldest: date, models: Sequence[str]) -> str:
    """The same when some were checked long ago."""
    listed = ", ".join(models[:5]) + (f" and {len(models) - 5} more" if len(models) > 5 else "")
    return (
        f"Checked more than {after} days ago: {stale} of {plural(rows, 'price row')} of your models, the "
        f"oldest on {day(oldest)} ({listed}). Compare them with the provider's page before you rely on them."
    )


def signed(amount: Decimal) -> str:
    """A difference with its sign; no Markdown."""
    return f"+{usd(amount)}" if amount > 0 else usd(amount)


def prices_change(preview: PricePreview) -> str:
    """What a change of prices does, in a sentence or three."""
    listed = [
        f"**{_month(change.month)}** by **{md(signed(change.difference_micro_usd))}**"
        for change in preview.months[:MONTHS_NAMED]
    ]
    rest = preview.months[MONTHS_NAMED:]
    if rest:
        together = sum((change.difference_micro_usd for change in rest), Decimal(0))
        listed.append(f"{plural(len(rest), 'more month')} by **{md(signed(together))}**")
    spend = f"This changes {_listed(listed)}" if listed else "This changes no month of the log"
    moves = len(preview.lane_changes)
    lanes = plural(moves, "workload changes lane", "workloads change lane") if moves else "no lane changes"
    said = [f"{spend}, {lanes}."]
    if preview.n_newly_priced:
        said.append(f"{plural(preview.n_newly_priced, 'call')} without a price get one.")
    year = preview.year_after_micro_usd - preview.year_before_micro_usd
    if year:
        said.append(
            f"A year in today's lanes, at the prices of {day(preview.as_of)}: **{md(signed(year))}** "
            f"({md(usd(preview.year_before_micro_usd))} → {md(usd(preview.year_after_micro_usd))})."
        )
    return " ".join(said)


def _month(month: date | None) -> str:
    return "the calls without a date" if month is None else f"{month:%B %Y}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def file_problems(problems: int, rows: int) -> str:
    """Above the problems of an imported file."""
    return f"Nothing is applied: {plural(problems, 'problem')} in {plural(rows, 'row')}"


def imported_note(name: str) -> str:
    """The note of an import in the history; no Markdown."""
    return f"Imported {name}"


def model_option(provider: str, model: str, used: bool) -> str:
    """A model in the picker of dated changes; no Markdown."""
    return f"{provider} / {model}" + (" (in your data)" if used else "")


def conflict_how(number: int) -> str:
    """What the person is asked to decide."""
    return f"{plural(number, 'edited row')} to decide on. Your prices hold until you do."


def conflict_keep_all(number: int) -> str:
    """A button."""
    return f"Keep all {number} of mine"


def conflict_take_all(number: int) -> str:
    """A button."""
    return f"Take all {number} shipped prices"


def conflict_line(provider: str, model: str, tier: str) -> str:
    """Which price has changed beneath an edit."""
    return f"The shipped price of **{provider} / {model}**, {tier}, has changed since you edited it."


def discount_pending(provider: str, models: str) -> str:
    """Above what a discount would change; a label."""
    return f"A discount on {provider}, {models}, not applied yet"


def discount_line(provider: str, models: str, percent_off: str) -> str:
    """A discount in the picker; no Markdown."""
    return f"{provider}, {models}: {percent_off} %"


def discount_applied(before: str, after: str) -> str:
    """After applying a discount."""
    if before == after:
        return f"The discount is applied. The projected saving stays {after} a year."
    return f"The discount is applied. Projected saving: {before} → **{after}** a year."


def prices_pending(rows: int) -> str:
    """Above what an edit would change; a label."""
    return f"{plural(rows, 'changed row')}, not applied yet"


def price_problem(line: int, what: str, sentence: str) -> str:
    """One problem with its line."""
    return f"Row {line} ({what}): {sentence}"


def prices_applied(rows: int, before: str, after: str) -> str:
    """After applying."""
    if before == after:
        return f"{plural(rows, 'row')} applied. The projected saving stays {after} a year."
    return f"{plural(rows, 'row')} applied. Projected saving: {before} → **{after}** a year."


def prices_reset_body(edits: int) -> str:
    """What a reset does."""
    return f"{plural(edits, 'edited row')} will no longer hold. The history keeps them."


def was(amount: str) -> str:
    """The value before an edit; no Markdown."""
    return f"now {amount}"


def lane_change(workload: str, before: str, after: str) -> str:
    """A recommendation that an edit moves."""
    return f"{workload}: {before} → {after}"


# ---------------------------------------------------------------- models without a price

UNMATCHED_HOW: Final = (
    "Choose what a model is and it takes that model's prices, for all of the log and for later imports. You "
    "can also type its own price into the table below."
)
UNMATCHED_LIKE: Final = "Models with a similar name"
UNMATCHED_USE: Final = "Use this price"
UNMATCHED_USE_HELP: Final = "Choose a model first. The choice is kept in this workspace and can be removed."
UNMATCHED_NONE_LIKE: Final = "No model of the table has a similar name."
UNMATCHED_OTHER: Final = "Another model"
UNMATCHED_ANY: Final = "Any model of the table"
UNMATCHED_ANY_PLACEHOLDER: Final = "Type a part of its name"
MAPPED_REMOVE: Final = "Remove"
MAPPED_UNDO: Final = "Undo the last change"
MAPPED_UNDONE: Final = "The last change is taken back."
MAPPED_NOTHING_TO_UNDO: Final = "There is nothing to take back."
ALT_MAPPED_HISTORY: Final = "Who said what about which model, newest first"


def seller_and_model(model: tuple[str, str]) -> str:
    """A model with its seller; no Markdown."""
    return f"{model[0]} / {model[1]}"


def unmatched_title(models: int) -> str:
    """Above the models without a price."""
    return f"{plural(models, 'model')} without a price"


def unmatched_line(provider: str, model: str, calls: int, tokens: int, reported: Decimal | None) -> str:
    """One model without a price and what it carries."""
    said = f", reported as {md(usd(reported.scaleb(6)))}" if reported is not None else ""
    return f"**{provider} / {model}** · {plural(calls, 'call')}, {plural(tokens, 'token')}{said}"


def unmatched_offer(provider: str, model: str, price_in: Decimal | None, price_out: Decimal | None) -> str:
    """One suggestion with its prices."""

    def shown(price: Decimal | None) -> str:
        return NOT_KNOWN if price is None else md(f"${price.normalize():f}")

    return f"{model} ({provider}) · {shown(price_in)} in, {shown(price_out)} out"


def unmatched_more(models: int) -> str:
    """Below the models that have a choice."""
    return f"{plural(models, 'model')} with fewer tokens follow when these are settled."


def unmatched_mapped(model: str, provider: str, target: str) -> str:
    """After mapping a model."""
    return f"{model} takes the prices of {target} ({provider}) from now on, for all of the log."


def matched_title(models: int) -> str:
    """The expander of what was said of models."""
    return f"Models you matched ({models})"


def mapped_line(logged: str, target: str, author: str, at: datetime, *, in_force: bool) -> str:
    """One mapping: what, by whom, when, and whether it still counts."""
    idle = "" if in_force else " · not in force: the table has a price for this id, or lost the other model"
    return f"**{logged}** → {target} · {author}, {utc(at)}{idle}"


def mapped_removed(model: str) -> str:
    """After taking a mapping back."""
    return f"{model} is no longer matched."


# ---------------------------------------------------------------- sources that disagree

REVIEW_HOW: Final = (
    "Shipped prices come from two public catalogues and the providers' pages. Where these differ, one was "
    "taken, and where it was a toss-up the higher price, so that no saving is overstated. US dollars per "
    "million tokens."
)
ALT_REVIEW: Final = "Every decision about a price that sources state differently"
COL_ABOUT: Final = "About"
COL_READINGS: Final = "What sources say"
COL_TAKEN: Final = "Taken"


def review_title(decisions: int) -> str:
    """The expander of the decisions about prices."""
    return f"Sources that disagree ({decisions} decisions)"


def review_about(topic: str, provider: str, models: str, prices: int | None) -> str:
    """What a decision is about; no Markdown."""
    figures = "" if prices is None else f" ({plural(prices, 'figure')})"
    return f"{topic}{figures} · {provider}: {models}"
