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
from reports.format import count, file_size, label_title, lane_title, percent, usd, usd_short
from reports.mixed import hours_ranges
from reports.model import (
    Analysis,
    Coverage,
    DeadlineRisk,
    HoursPart,
    LaneCost,
    Mixed,
    Part,
    Range,
    Totals,
    Unpriced,
)
from reports.payback import Payback
from reports.policy_preview import PolicyPreview
from reports.price_preview import PricePreview
from reports.spend_treemap import Tile
from triage.durations import duration_text, share_text
from triage.model import LABELS
from triage.risk import Miss, Turnaround
from ui.text import linked, md, plural, short

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


def rows_shown(first: int, last: int, length: int) -> str:
    """Which rows of a long table are drawn."""
    return f"{first:,} to {last:,} of {length:,}"


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
NAV_POLICY: Final = "Policy"
NAV_POLICY_HELP: Final = "What decides which workloads can wait: classes, rules, off-peak hours, overrides."
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
SPEND_BY_WORKLOAD: Final = "Spend by label and workload"
HOW_TREEMAP: Final = (
    "**Computed from usage.** The area is the spend: each workload inside its label, the greatest by name, "
    "the rest of a label as one tile. The tiles add up to the spend of the log. Press a label to look into "
    "it, and its heading to come back."
)
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


def basis(price_version: str, policy: str) -> str:
    """What the page rests on."""
    return f"Price table {md(price_version)}, triage policy {md(policy)}."


def alt_spend_by_label(totals: Totals) -> str:
    """The bar by label in words; no Markdown."""
    return f"Spend by label: {kpi_wait_detail(totals)}"


def alt_treemap(tiles: Sequence[Tile]) -> str:
    """The treemap in words, each label with its greatest workloads; no Markdown."""
    said = []
    for label in dict.fromkeys(tile.label for tile in tiles):
        own = [tile for tile in tiles if tile.label == label]
        total = sum((tile.micro_usd for tile in own), Decimal(0))
        named = ", ".join(f"{short(tile.name, 40)} {usd_short(tile.micro_usd)}" for tile in own[:4])
        more = f" and {count(len(own) - 4)} more" if len(own) > 4 else ""
        said.append(f"{label_title(label)} {usd_short(total)}: {named}{more}")
    return f"Spend by label and workload. {'; '.join(said)}"


def alt_spend_by_day(analysis: Analysis) -> str:
    """The chart by day in words; no Markdown."""
    return f"Spend by UTC day and label over {analysis.window_hours // 24} days"


# ---------------------------------------------------------------- workloads

WORKLOADS_TITLE: Final = "Workloads"
WORKLOADS_CAPTION: Final = (
    "Pick a row, or use the selector above the table, to see why it has its label and what each lane costs. "
    "Alt+Up and Alt+Down step through the list; the address of the page names what is shown."
)
FIND: Final = "Find a workload"
FIND_PLACEHOLDER: Final = "part of its name"
SORT: Final = "Order by"
SORTS: Final = {"saving": "Saving", "spend": "Spend", "name": "Name"}
NOT_FOUND: Final = "No workload of that name and with these labels. Clear the filters to see all of them."
PREVIOUS: Final = "Previous"
NEXT: Final = "Next"
WORKLOADS_EMPTY_TITLE: Final = "No workloads yet"
WORKLOADS_EMPTY_BODY: Final = "They appear here once a log or a workload description is loaded."
FILTER_LABEL: Final = "Show labels"
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
COL_LANE_SAVES: Final = "Saves a year"
COL_MISS: Final = "P(miss)"
CHANGES: Final = "What would change it"
HOW_CHANGES: Final = (
    "Each answer is judged by the policy in force and priced like a declared one. Nothing is recorded until "
    "somebody saves it."
)
COL_IF: Final = "If its owner says"
ALT_CHANGES: Final = "What label, lane and saving each possible answer of the owner would give"
NOTHING_TO_CHANGE: Final = "No answer of its owner would save more than today."
HALVES: Final = "Two workloads under one name"
HALF_JOB: Final = "The job"
HALF_REST: Final = "The rest"
HALF_STAYS: Final = "Stays where it is"
CACHE: Final = "What a prompt cache could read, and for how long it should keep it"
CACHE_ASK: Final = "Look for it in the log"
CACHE_READS: Final = (
    "This reads every call of the log once, which takes a while where there are millions; the answer is kept "
    "until the data changes."
)
CACHE_READING: Final = "Reading the calls…"
CACHE_NONE: Final = "Its calls have no times and lengths to go by."
COL_TTL: Final = "Kept for"
COL_COULD_READ: Final = "Could be read"
COL_READ_TODAY: Final = "Read today"
COL_BASIS: Final = "Basis"
ALT_CACHE: Final = "Share of the input that a cache could have read, by how long it keeps a prefix"
CHART_GAPS: Final = "Seconds from one call to the next"
CHART_TIERS: Final = "Calls a day by the tier that served them"
NO_GAPS: Final = "It has no two calls to measure between."
NO_TIERS: Final = "Its calls have no days."
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
BADGE_AS_TODAY: Final = "as today"
BADGE_RECOMMENDED: Final = "recommended"
ALLOWED: Final = "Allowed"
NOT_ALLOWED: Final = "Not allowed"
NOT_OFFERED: Final = "Not offered"
BEHAVIOUR: Final = "Behaviour in the log"
HOW_BEHAVIOUR: Final = (
    "Work that runs at night or at fixed times often waits well; long answers nobody watches do too."
)
NO_BEHAVIOUR: Final = "The log has no single calls of it, so there is nothing to draw."
CHART_WEEK: Final = "Calls by hour of the week"
CHART_LATENCY: Final = "How long its calls take"
CHART_INPUT: Final = "How long its prompts are"
NO_LATENCY: Final = "The log has no latencies for it; this is the length of its prompts instead."
NO_HOURS: Final = "Its calls have no times."


def allowed(lane: LaneCost) -> str:
    """Whether a lane may be used, in two words."""
    if lane.reason is not None:
        return NOT_OFFERED
    return ALLOWED if lane.admissible else NOT_ALLOWED


def rule_line(rule_id: str, policy_version: str, confidence: float, basis: str) -> str:
    """Which rule decided, under which policy, how firmly, and what that rests on."""
    firmness = f", confidence {percent(confidence)}. {md(basis)}" if confidence else "."
    return f"Decided by rule {md(rule_id)} of policy {md(policy_version)}{firmness}"


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
        f"{linked(part.window_note)}"
    )


def alt_lanes(part: Part) -> str:
    """The lane chart in words; no Markdown."""
    return f"Cost a year of {part.workload} on {part.model} in every lane that is offered"


def alt_week(workload: str, zone: str) -> str:
    """The heat map in words; no Markdown."""
    return f"Calls of {workload} by day of the week and hour, {zone}"


def alt_latency(workload: str) -> str:
    """The latency histogram in words; no Markdown."""
    return f"How many calls of {workload} took how many seconds"


def alt_inputs(workload: str) -> str:
    """The prompt histogram in words; no Markdown."""
    return f"How many calls of {workload} sent how many input tokens"


def alt_gaps(workload: str) -> str:
    """The histogram of gaps in words; no Markdown."""
    return f"How often how many seconds passed between two calls of {workload}"


def alt_tiers(workload: str) -> str:
    """The tier history in words; no Markdown."""
    return f"Calls of {workload} a day by the tier that served them"


def in_zone(zone: str) -> str:
    """Whose clocks a chart goes by; no Markdown."""
    return f"Clocks: {zone}"


def missed(miss: Miss) -> str:
    """A chance to miss a deadline with what bounds it; no Markdown."""
    low, high = (_share(share) for share in (miss.low, miss.high))
    if miss.base is None:
        return NOT_KNOWN if miss.low == 0 and miss.high == 1 else f"{low} to {high}"
    return _share(miss.base) if low == high else f"{_share(miss.base)} ({low} to {high})"


def _share(share: Decimal) -> str:
    return share_text(float(share))


def deadline(risk: DeadlineRisk, once: str | None, twice: str | None) -> str:
    """What a deadline means for a batch: the chance, its ground, what is left, when to give up.

    The amounts are Markdown text; None where the chance is not known.
    """
    said = [
        f"**Deadline {duration_text(risk.deadline_s * 1_000)}.** P(miss) in a batch: {missed(risk.miss)}, "
        f"from: {linked(risk.basis)}."
    ]
    if once is not None and twice is not None and risk.miss.base:
        said.append(
            f"Late answers run again: that leaves {once} a year where they are not billed, {twice} where "
            "they are."
        )
    if risk.cancel_after_s is None:
        said.append("There is no time to cancel a late batch and still run it synchronously.")
    else:
        runs = (
            f"{duration_text(risk.sync_run_s * 1_000)} that a run takes"
            if risk.sync_run_s
            else "the time a synchronous run takes, which the log does not show"
        )
        less = "kept back for" if risk.sync_run_s else "less"
        said.append(
            f"Spill-over: cancel what is not back {duration_text(risk.cancel_after_s * 1_000)} after sending "
            f"({less} {runs}) and send it synchronously."
        )
    return " ".join(said)


CHART_RISK: Final = "Chance to miss a deadline in a batch"
HOW_RISK: Final = (
    "The share of answers that come later than a deadline, as the deadline grows. From your own batches with "
    "this provider where the log has 20 or more, with their 95 % interval; else from what the provider "
    "publishes: the band is what that allows, and a line is drawn only where a single figure is known."
)


def risk_basis(provider: str, known: Turnaround, deadline_s: int | None, *, bounds: bool) -> str:
    """What the curve rests on and how it stands to the workload's deadline."""
    ground = f"For batches of {md(provider)}, from: {md(known.note)}; {linked(known.source)}."
    if bounds:
        ground += (
            " Before the longest time only the bounds are known, so there is no line: anything may be late."
        )
    if deadline_s is None:
        return f"{ground} No deadline is stated for this workload."
    own = f"{duration_text(deadline_s * 1000)}: P(miss) {missed(known.miss(deadline_s))}"
    return f"{ground} Its deadline, {own}."


def risk_unknown(provider: str, known: Turnaround | None) -> str:
    """Why there is no curve."""
    why = f" ({md(known.note)})" if known is not None and known.note else ""
    return (
        f"Nobody can say how long batches of {md(provider)} take{why}, and the log has fewer than 20 of your "
        "own, so there is no curve to draw."
    )


def alt_risk(provider: str, known: Turnaround, deadline_s: int | None) -> str:
    """The curve in words, at a few deadlines and the workload's own; no Markdown."""
    at = sorted({3_600, 14_400, 86_400, *([deadline_s] if deadline_s else [])})
    points = ", ".join(f"{duration_text(s * 1000)} {missed(known.miss(s))}" for s in at)
    return f"Chance that an answer of a batch of {provider} misses a deadline of: {points}"


def payback(found: Payback) -> str:
    """What a move takes, and when its effort is paid for."""
    moving = found.moving
    then = f"up to {count(moving.max_requests_per_batch)} a batch" if found.in_batches else "the rest"
    said = f"To move it: a pilot of {plural(moving.pilot_requests, 'request')}, then {then}."
    if not found.effort_usd:
        return f"{said} It takes no effort by the policy."
    effort = f"{moving.effort_days:f} person-days (\\${found.effort_usd:,.2f})"
    if found.days is None:
        return f"{said} {effort} are never paid back by the base saving."
    days = plural(found.days, "day")
    if found.in_time:
        return f"{said} {effort} are paid back in {days}."
    return (
        f"{said} {effort} would be paid back in {days}; the policy gives a move "
        f"{plural(moving.payback_within_days, 'day')}, so it is hardly worth it."
    )


def answer(max_wait_s: int | None) -> str:
    """A possible answer of the owner."""
    return "Somebody waits for it" if max_wait_s is None else f"{duration_text(max_wait_s * 1_000)} is fine"


def would_change(max_wait_s: int, lane: str, amount: str, more: str) -> str:
    """The answer worth asking for; lane and amounts are Markdown text."""
    fine = f"{duration_text(max_wait_s * 1_000)} is fine"
    said = f"If its owner says **{fine}**: {lane}, saves **{amount}** a year"
    return f"{said}." if amount == more else f"{said}, {more} more than now."


def half_line(half: HoursPart, *, is_rest: bool) -> str:
    """When one half of a mixed workload comes and how much of it there is; the rest has the hours left."""
    calls = f"{percent(half.share_of_calls)} of the calls, {count(round(half.calls_per_hour))} an hour"
    when = "the other hours" if is_rest else f"{hours_text(half.hours)} UTC"
    return f"{when} · {calls}"


def ttl(ttl_s: int | None) -> str:
    """How long a cache keeps a prefix."""
    return "No cache" if not ttl_s else duration_text(ttl_s * 1_000)


def could_read(low: Decimal, high: Decimal) -> str:
    """Bounds of what a cache could have read; no Markdown."""
    return _share(low) if low == high else f"{_share(low)} to {_share(high)}"


def cache_basis(basis: str, width: Decimal) -> str:
    """How well it is known."""
    return "block hashes of the log" if basis == "measured" else f"times and lengths, {_share(width)} wide"


def cache_by_hits(best: int | None) -> str:
    """Which lifetime the possible hits make cheapest."""
    if best is None:
        return "Between these bounds either lifetime may be the cheaper one."
    if best == 0:
        return "Whatever holds between the bounds, no cache is cheapest."
    return f"Whatever holds between the bounds, keeping it for **{ttl(best)}** is cheapest."


def cache_by_gaps(tokens: int, costs: Sequence[tuple[int | None, str]], best: int | None) -> str:
    """What a shared prefix costs by lifetime for the gaps between the calls; amounts are Markdown text."""
    each = ", ".join(f"{ttl(ttl_s).lower() if not ttl_s else ttl(ttl_s)} {amount}" for ttl_s, amount in costs)
    cheapest = "going without a cache" if best is None else f"**{ttl(best)}**"
    return (
        f"For its own gaps, {count(tokens)} tokens that all calls share cost over the log: {each}. Cheapest "
        f"is {cheapest}."
    )


# ---------------------------------------------------------------- how a figure is computed, and the terms

EXPLAIN: Final = "How?"
EXPLAIN_PROVENANCE: Final = {
    "billed": "Billed: a source reported it",
    "computed": "Computed from usage",
    "estimated": "Estimated",
}
EXPLAIN_INPUT: Final = "Input"
EXPLAIN_NUMBER: Final = "Number"
EXPLAIN_RESULT: Final = "Gives"
EXPLAIN_ROUNDED: Final = "Shown to the cent; the sum is of exact amounts."
EXPLAIN_PRICES: Final = "Price rows, USD per million tokens"
EXPLAIN_ASSUMED: Final = "Assumed, low / base / high"
EXPLAIN_LINK: Final = "All price rows"


def explain_help(label: str) -> str:
    """Over the button that opens it."""
    return f"How is this computed? {label}: formula, inputs, price rows."


def explain_alt(label: str) -> str:
    """The numbers of a formula, for screen readers."""
    return f"The numbers that give: {label}"


def explain_spread(spread: str) -> str:
    """Low to high of an estimate."""
    return f"From low to high: {spread}"


def explain_cases(low: str, base: str, high: str) -> str:
    """The three cases of an assumption; plain text."""
    return f"{low} / {base} / {high}."


def explain_row(
    model: str,
    tier: str,
    min_prompt_tokens: int,
    price_in: Decimal | None,
    cached: Decimal | None,
    price_out: Decimal | None,
    source: str,
    checked: str,
) -> str:
    """A price row in one line; `model` and `source` are Markdown."""
    prices = ((price_in, "in"), (cached, "cached"), (price_out, "out"))
    said = ", ".join(f"{price.normalize():f} {what}" for price, what in prices if price is not None)
    band = f", prompts from {count(min_prompt_tokens)} tokens" if min_prompt_tokens else ""
    return f"{model}, {tier}{band}: {said} :small[{source}, checked {checked}]"


def explain_more_rows(n_more: int, version: str) -> str:
    """How many rows are not listed, and the table they are all from; plain text."""
    more = f"{plural(n_more, 'more row')} on the Prices page. " if n_more else ""
    return f"{more}Price table {version}."


GLOSSARY: Final = {
    "Workload": "The calls of one feature or job. Rules name it; calls that none names are (unattributed).",
    "Unattributed": "Calls that no rule can name. They are counted and priced like any other.",
    "Label": "Whether anybody waits: interactive (somebody does), semi-interactive (minutes are fine), batch "
    "(hours are fine), unknown (ask its owner).",
    "Confidence": "How often verdicts stated as firmly were right on labelled workloads.",
    "Lane": "A way to run a call that a provider prices: sync, batch or flex, each with or without cache, "
    "priority, off-peak.",
    "Tier": "What the provider served a call in: standard, batch, flex, priority, ultrafast, off-peak.",
    "Batch": "Requests handed over together and answered within a window, mostly at half the price.",
    "Batch window": "The time within which a provider aims to answer a batch, mostly 24 hours; no promise.",
    "Flex": "A cheaper tier for single calls that are slower and may be refused when capacity is short.",
    "Priority": "A dearer tier for calls that must be answered faster than standard.",
    "Off-peak": "Hours of the day in which a provider charges less for the same call.",
    "Cache hit": "Input tokens that the provider had seen lately and reads from its cache at a lower price.",
    "Cached share": "Cache hits divided by all input tokens.",
    "Cache write": "Input tokens put into the cache, at some providers for more than the plain input price.",
    "TTL": "Time to live: how long a cache entry lasts after its last use, mostly 5 minutes or an hour.",
    "As billed": "Each call at the price of its own day and tier.",
    "List price": "The provider's public price, before any discount of your own.",
    "P(miss)": "The chance that an answer of a batch comes after the workload's deadline.",
    "Re-run": "A call that expired, failed or was refused in its lane and runs again where it ran before.",
    "Realised saving": "What the same calls would have cost at once and without a cache, minus what they did "
    "cost. Computed from usage.",
    "Capture rate": "Realised saving divided by realised and still open saving together.",
    "Baseline": "How a workload's calls ran and what they cost before a move, frozen when it is claimed.",
    "Coverage": "How much of the log has a price, by calls, tokens and reported spend.",
    "Billed": "A figure that a provider or a gateway reported.",
    "Computed": "Tokens times price: a figure that needs no assumption.",
    "Estimated": "A figure that rests on a description or on a named assumption.",
}
"""Every term of art on the pages, explained once; docs/guide/glossary.md says the same. Plain text."""

TERMS_OVERVIEW: Final = ("Workload", "Label", "Lane", "As billed", "Coverage", "Estimated")
TERMS_WORKLOADS: Final = (
    "Label", "Confidence", "Lane", "Batch", "Batch window", "Flex", "Cache hit", "P(miss)", "Re-run",
)  # fmt: skip
TERMS_WHATIF: Final = ("Lane", "Flex", "Off-peak", "Cached share", "Cache write", "TTL", "Re-run")
TERMS_SAVINGS: Final = ("Realised saving", "Capture rate", "Tier", "Cache hit", "Cache write")
TERMS_BATCHES: Final = ("Batch", "Batch window", "Re-run", "List price", "Cached share")
TERMS_LEDGER: Final = ("Baseline", "Realised saving", "Lane", "Re-run")


def terms(*names: str) -> str:
    """Terms of a page with what they mean, for the help beside the sentence that uses them first."""
    return "\n".join(f"- **{name}**: {md(GLOSSARY[name])}" for name in names)


# ---------------------------------------------------------------- verify: savings, batch jobs, bills

NAV_VERIFY: Final = "Verify"
NAV_SAVINGS: Final = "Savings"
NAV_SAVINGS_HELP: Final = (
    "What batch, flex, off-peak and caches really saved, beside what is still projected."
)
NAV_BATCHES: Final = "Batch jobs"
NAV_BATCHES_HELP: Final = "Every batch: how it ended, what a usable answer cost, and what to run again."
NAV_BILLS: Final = "Bills"
NAV_BILLS_HELP: Final = "Computed costs beside what gateways reported and providers charged."
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

BATCHES_EMPTY_TITLE: Final = "No batch jobs yet"
BATCHES_EMPTY_BODY: Final = (
    "Import the output **and** the error files of your batches, with the id of the batch in their names, "
    "or their batch objects. Each batch then has a row here, and what failed is a list to run again."
)
BATCHES_CAPTION: Final = (
    "One row a batch; nothing counts twice. Costs are computed from usage, times are UTC."
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
COL_BATCH_START: Final = "Begun (UTC)"
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
        f"begun {begun}, took {took}" if begun else "no times",
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
SLA_HISTORY: Final = "History of decisions"
SLA_NO_HISTORY: Final = "Nobody has decided anything about this workload yet."

_TRIGGERS: Final = {
    None: "Not said",
    "user": "A user's action",
    "event": "An event",
    "schedule": "A schedule",
    "queue": "A queue",
    "ci": "Continuous integration",
    "manual": "Somebody, by hand",
}


def declared_facts(names: str) -> str:
    """Which facts somebody declared, from the note of the version; no Markdown."""
    titles = {
        "user_waiting": "whether somebody waits",
        "max_wait_ms": "the longest acceptable wait",
        "trigger": "what starts it",
        "sequential": "whether steps depend on one another",
    }
    return ", ".join(titles.get(name, name.replace("_", " ")) for name in names.split(", "))


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


# ---------------------------------------------------------------- confirming what behaviour suggests

CONFIRM_HOW: Final = (
    "The log suggests these labels; it decides nothing. Tick the workloads you can answer for, then say it "
    "for all of them with one press. Your name and the time are kept, and the press can be taken back."
)
HOW_CONFIRM_SAVING: Final = (
    "**Estimated.** A year's saving once it is confirmed, base case; until then it is in no total. As on the "
    "workload's own page."
)
HOW_CONFIRM_CONFIDENCE: Final = "How often such a suggestion was right on labelled workloads."
CONFIRM_REFUSE: Final = "No, somebody waits"
CONFIRM_REFUSE_HELP: Final = "They are interactive from then on, and are not asked about again."
CONFIRM_UNDO: Final = "Take it back"
CONFIRM_UNDONE: Final = "Taken back: what was declared before holds again."
CONFIRM_CHANGED: Final = (
    "Somebody has declared something since, so it is not taken back here. Use the form below."
)
COL_SUGGESTED: Final = "Suggested"
COL_SUGGESTED_BY: Final = "What the log shows"
COL_IF_CONFIRMED: Final = "Saves a year, if so"
COL_CONFIRM_LANE: Final = "Then in"
ALT_CONFIRM: Final = (
    "Workloads whose log suggests a label, with confidence, evidence and the saving if confirmed"
)


def confirm_title(workloads: int) -> str:
    """The heading of the list, which says how many wait for an answer."""
    looks = "looks as if it" if workloads == 1 else "look as if they"
    return f"{plural(workloads, 'workload')} {looks} could wait: confirm or refuse"


def confirm_button(workloads: int) -> str:
    """The press that confirms what is ticked; a label."""
    return f"Confirm {plural(workloads, 'workload')}" if workloads else "Confirm"


def confirm_ticked(workloads: int, of: int, saving: Range) -> str:
    """What the ticked rows would save together."""
    if not workloads:
        return "Nothing is ticked."
    base, low, high = (md(usd_short(amount)) for amount in (saving.base, saving.low, saving.high))
    return f"Ticked: {workloads} of {of}, **{base}** a year if confirmed ({low} to {high})."


def confirm_means(label: str, waits: str) -> str:
    """What a confirmation declares; `waits` as people write durations."""
    return f"Confirming {label_title(label).lower()} declares that an answer may take {waits}."


def confirm_not_by_press(names: str) -> str:
    """Rows that a press cannot confirm; names come in escaped."""
    return (
        f"A press cannot confirm {names}: what else is known leads to another label. Declare on their own "
        "page how long an answer may take."
    )


def confirm_last(author: str, at: datetime, what: str) -> str:
    """The last press that can be taken back; author and note come in escaped."""
    return f"{author}, {utc(at)} UTC: {what}"


def confirm_saved(workloads: int, refused: bool, before: str, after: str) -> str:
    """What a press did."""
    said = "refused: somebody waits" if refused else "confirmed"
    return f"{plural(workloads, 'workload')} {said}. Projected saving: {before} → **{after}** a year."


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


# ---------------------------------------------------------------- the policy replayed

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


def report_rest(left_out: int) -> str:
    """Markdown for what a long report leaves out on screen."""
    return f"*{left_out:,} more in the files above.*"


# ---------------------------------------------------------------- ledger

NAV_LEDGER: Final = "Ledger"
NAV_LEDGER_HELP: Final = "What became of each recommendation: claimed, measured, verified or dismissed."
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
        f"Counted from {utc(since)} UTC on."
    )


def baseline_versions(policy: str, prices: str, label: str, n_rows: int) -> str:
    """What a baseline was computed with."""
    kept = plural(n_rows, "price row")
    return f"Label {label.lower()} by policy {policy}; {kept} of table {prices}, kept with it."


def measured_line(*, saving: str, low: str, high: str, year: str, first: datetime, last: datetime) -> str:
    """The outcome of a verification beside what was expected of the same calls."""
    return (
        f"**{saving}** saved, {low} to {high} expected of these calls; **{year}** a year at this pace. "
        f"From {utc(first)} to {utc(last)} UTC."
    )


def regression_line(share: Decimal, before: Decimal, since: datetime, *, of_cache: bool) -> str:
    """How a verified move fell back."""
    what = "of its input is read from the cache" if of_cache else "of its calls run in that lane"
    return (
        f"It fell back: {share * 100:.0f} % {what} since {utc(since)} UTC, {before * 100:.0f} % when it was "
        "verified."
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


# ---------------------------------------------------------------- alerts and budgets

NAV_ALERTS: Final = "Alerts"
NAV_ALERTS_HELP: Final = "What needs attention now, and the budgets and thresholds it is measured by."
ALERTS_TITLE: Final = "Alerts"
ALERTS_EMPTY_TITLE: Final = "Nothing to watch yet"
ALERTS_EMPTY_BODY: Final = "Budgets, failures and lost savings are watched in a log. Load one first."
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
WATCH_ZONE: Final = "Time zone"
WATCH_ZONE_HELP: Final = "Days, weeks (from Monday) and months of budgets begin at its midnight."
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
    reach = f"The log reaches to {utc(newest)} UTC. " if newest is not None else ""
    return f"{reach}Budgets follow the days of {zone}. The same check runs in cron: `lanewise check`."


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


# ---------------------------------------------------------------- triage policy

POLICY_TITLE: Final = "Policy"
POLICY_CAPTION: Final = (
    "What decides which workloads can wait. A change is shown workload by workload before it is saved, and "
    "is in every figure as soon as it is."
)
POLICY_CHANGE: Final = "Change it"
POLICY_WAYS: Final = {
    "preset": "Choose a preset",
    "override": "Override one workload",
    "yaml": "Edit the YAML",
    "file": "Upload a file",
}
POLICY_PRESET: Final = "Preset"
POLICY_PRESET_USE: Final = "Try this preset"
POLICY_OVERRIDE_HOW: Final = (
    "It states what nobody declared of this workload; a declaration on its own page holds against it. "
    "Patterns such as nightly-\\* and tags go into the YAML."
)
POLICY_OVERRIDE_SLA: Final = "What holds for it"
POLICY_OVERRIDE_SLA_HELP: Final = "One of the policy's SLA classes, taken as stated."
POLICY_OVERRIDE_NONE: Final = "As stated elsewhere"
POLICY_OVERRIDE_MINIMUM: Final = "Minimum volume, requests"
POLICY_OVERRIDE_MINIMUM_HELP: Final = (
    "From how many requests on a batch of it is worth moving. Empty: as for all."
)
POLICY_OVERRIDE_ADD: Final = "Try this override"
POLICY_OVERRIDE_PICK: Final = "Override to remove"
POLICY_OVERRIDE_REMOVE: Final = "Remove it"
POLICY_OVERRIDE_NO_WORKLOADS: Final = "There is no workload yet. Load data, or write a pattern into the YAML."
POLICY_MEND_FIRST: Final = "Mend the YAML first; an override is written into a policy that can be used."
POLICY_YAML: Final = "Policy as YAML"
POLICY_YAML_HELP: Final = (
    "Every field is explained in docs/policy.md. Ctrl + Enter, or a press on the button, checks the text on "
    "the server and shows what it would change; nothing is saved by that."
)
POLICY_YAML_CHECK: Final = "Check and preview"
POLICY_FILE: Final = "A policy as YAML or JSON"
POLICY_FILE_NOT_TEXT: Final = "The file is not UTF-8 text. Save it as UTF-8 and upload it again."
POLICY_PENDING: Final = "Not saved yet"
POLICY_NOTE: Final = "Why (kept in the history)"
POLICY_NOTE_PLACEHOLDER: Final = "Exports may take until the morning, as agreed in May"
POLICY_DEFAULT_NOTE: Final = "Edited on the Policy page"
POLICY_SAVE: Final = "Save the policy"
POLICY_DISCARD: Final = "Discard"
POLICY_FURTHER: Final = "Once these are mended, the rules are checked together as well."
POLICY_NO_PREVIEW: Final = (
    "What is in force cannot be used, so there is nothing to compare with. You can save all the same."
)
POLICY_NOTHING_CHANGES: Final = "No workload of this workspace would change."
POLICY_SAVING_AFTER: Final = "Projected saving a year, then"
POLICY_POTENTIAL_AFTER: Final = "Waiting for an answer a year, then"
HOW_POLICY_SAVING: Final = (
    "**Estimated.** All recommendations under this policy together, base case, at today's prices; below it, "
    "what it is now."
)
HOW_POLICY_POTENTIAL: Final = (
    "**Estimated.** What the workloads labelled unknown would save if they can wait. It is in no total."
)
POLICY_HALVES: Final = "Rows with hours are halves of a mixed workload; they are in no total, the whole is."
COL_FROM_LANE: Final = "Recommended lane"
COL_SAVING_CHANGE: Final = "Saving a year"
COL_COLUMN_NUMBER: Final = "Column"
COL_MEND: Final = "What to mend"
COL_AS_WRITTEN: Final = "As written"
COL_VERSION: Final = "Version"
ALT_POLICY_FAULTS: Final = "What to mend in the policy, with line, column and the line as it stands"
ALT_POLICY_PREVIEW: Final = (
    "Workloads that would change, with label, recommended lane and saving now and then"
)
POLICY_YAML_DOWNLOAD: Final = "YAML"
POLICY_YAML_DOWNLOAD_HELP: Final = "The policy in force with its comments, to keep in your repository."
POLICY_JSON_DOWNLOAD: Final = "JSON for gateways"
POLICY_JSON_DOWNLOAD_HELP: Final = (
    "The policy in force for a dispatcher of your own; its layout is in the schema."
)
POLICY_SCHEMA_DOWNLOAD: Final = "JSON schema"
POLICY_DRAFT_DOWNLOAD: Final = "Download this draft"
POLICY_UNDO: Final = "Undo the last save"
POLICY_UNDO_HELP: Final = "The policy before it is in force again at once."
POLICY_UNDONE: Final = "The last save is taken back."
POLICY_RESET: Final = "Back to the preset"
POLICY_RESET_HELP: Final = "Puts the preset as it ships here to look at; nothing changes until you save it."
POLICY_HISTORY: Final = "History of the policy"
POLICY_NO_HISTORY: Final = "The shipped default is in force; nobody has saved another."
POLICY_PICK_VERSION: Final = "Version"
POLICY_LOOK: Final = "Look at this version"
POLICY_OUTDATED: Final = (
    "The preset ships in another version by now. Yours stays in force until you go back to the preset."
)
POLICY_SAYS: Final = "What it says"
POLICY_SAYS_DRAFT: Final = "What the draft says"


def policy_in_force(title: str, version: str) -> str:
    """Which policy is in force; the title comes in escaped."""
    return f"In force: **{title}**. Its fingerprint, which every verdict carries: {md(version)}."


def policy_saved_by(author: str, at: datetime, note: str) -> str:
    """Who saved what is in force; author and note come in escaped."""
    return f"Saved by {author}, {utc(at)} UTC" + (f": {note}" if note else "")


def policy_preset(name: str, file: str) -> str:
    """A preset in the choice; no Markdown."""
    return f"{name} ({file})"


def policy_draft_note(way: str, what: str) -> str:
    """The note of a save when nobody wrote one; no Markdown."""
    return {
        "preset": f"Preset {what}",
        "override": f"Override of {what}",
        "remove": f"Removed the override of {what}",
        "file": f"From the file {what}",
        "version": f"Back to version {what}",
    }[way]


def policy_faults(number: int) -> str:
    """How much there is to mend."""
    return f"{plural(number, 'thing')} to mend before this can be saved"


def policy_effect(preview: PolicyPreview) -> str:
    """What a policy would change, in one line."""
    if not preview.n_workloads:
        return "There is no workload yet, so nothing changes today."
    if not preview.effects:
        return POLICY_NOTHING_CHANGES
    rest = preview.n_workloads - preview.n_changed
    others = f" The other {rest} {'stays' if rest == 1 else 'stay'} exactly as now." if rest else ""
    return (
        f"{preview.n_changed} of {plural(preview.n_workloads, 'workload')} would change, "
        f"{preview.n_labels or 'none'} of them the label.{others}"
    )


def now_then(now: str, then: str) -> str:
    """A value and what becomes of it; one of them when they are the same."""
    return now if now == then else f"{now} → {then}"


def policy_saved(title: str, before: str, after: str) -> str:
    """What a save did; title and amounts come in escaped."""
    return f"{title} is saved and in force. Projected saving: {before} → **{after}** a year."


def policy_saved_only(title: str) -> str:
    """What a save did where nothing could be compared; the title comes in escaped."""
    return f"{title} is saved and in force."


def policy_section(title: str, rows: int) -> str:
    """A part of the policy that is folded away; a label."""
    return f"{title} ({rows})"


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
