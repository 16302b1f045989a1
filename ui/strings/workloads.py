"""What the Workloads page says of a workload: label, evidence, behaviour, cache."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from reports.format import count, percent
from reports.mixed import hours_ranges
from reports.model import (
    HoursPart,
    Mixed,
    Part,
)
from triage.durations import duration_text
from ui.strings.shared import as_percent
from ui.text import linked, md, plural

WORKLOADS_TITLE: Final = "Workloads"
WORKLOADS_CAPTION: Final = (
    "Pick a row, or use the selector above the table, to see why it has its label and what each lane costs. "
    "Alt+Up and Alt+Down step through the list; the address of the page names what is shown."
)
SORT: Final = "Order by"
SORTS: Final = {"saving": "Saving", "spend": "Spend", "name": "Name"}
PREVIOUS: Final = "Previous"
NEXT: Final = "Next"
WORKLOADS_EMPTY_TITLE: Final = "No workloads yet"
WORKLOADS_EMPTY_BODY: Final = "They appear here once a log or a workload description is loaded."
PICK_WORKLOAD: Final = "Workload"
ALT_TRIAGE: Final = "Triage table: every workload with its label, reason, lanes, spend and saving"
COL_WHY: Final = "Why"
COL_SPEND: Final = "Spend in log"
COL_TODAY: Final = "Lane today"
COL_MOVE_TO: Final = "Recommended"
COL_SAVING: Final = "Saving a year"
COL_CONFIDENCE: Final = "Confidence"
COL_PRICE_CONFIDENCE: Final = "Price confidence"
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
NO_USAGE: Final = "There is no usage for it yet, so nothing can be priced."
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
    return as_percent(low) if low == high else f"{as_percent(low)} to {as_percent(high)}"


def cache_basis(basis: str, width: Decimal) -> str:
    """How well it is known."""
    return (
        "block hashes of the log" if basis == "measured" else f"times and lengths, {as_percent(width)} wide"
    )


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
