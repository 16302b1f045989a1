"""What is said of a workload's lanes: terms, break-even, the chance to miss a deadline, payback."""

from fractions import Fraction
from typing import Final

from pricing.lane_terms import LaneOffer
from reports.format import count, file_size, percent, usd
from reports.model import (
    DeadlineRisk,
    LaneCost,
    Part,
)
from reports.payback import Payback
from triage.durations import duration_text
from triage.risk import Miss, Turnaround
from ui.strings.shared import NOT_KNOWN, NOT_KNOWN_DASH, as_percent
from ui.text import linked, md, plural

LANES: Final = "Lane costs"
HOW_LANES: Final = (
    "Each lane with today's tokens and cache hits, for a year at today's prices. The projected range adds "
    "the cache hits kept in the lane and the requests that run again."
)
PICK_MODEL: Final = "Model"
COL_LANE: Final = "Lane"
COL_LANE_COST: Final = "A year, today's mix"
COL_LANE_PROJECTED: Final = "Projected a year"
COL_LANE_NOTE: Final = "Allowed?"
COL_LANE_SAVES: Final = "Saves a year"
COL_MISS: Final = "P(miss)"
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


def allowed(lane: LaneCost) -> str:
    """Whether a lane may be used, in two words."""
    if lane.reason is not None:
        return NOT_OFFERED
    return ALLOWED if lane.admissible else NOT_ALLOWED


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


def alt_lanes(part: Part) -> str:
    """The lane chart in words; no Markdown."""
    return f"Cost a year of {part.workload} on {part.model} in every lane that is offered"


def missed(miss: Miss) -> str:
    """A chance to miss a deadline with what bounds it; no Markdown."""
    low, high = (as_percent(share) for share in (miss.low, miss.high))
    if miss.base is None:
        return NOT_KNOWN if miss.low == 0 and miss.high == 1 else f"{low} to {high}"
    return as_percent(miss.base) if low == high else f"{as_percent(miss.base)} ({low} to {high})"


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
    effort = f"{moving.effort_days:f} person-days ({md(usd(found.effort_usd * 1_000_000))})"
    if found.days is None:
        return f"{said} {effort} are never paid back by the base saving."
    days = plural(found.days, "day")
    if found.in_time:
        return f"{said} {effort} are paid back in {days}."
    return (
        f"{said} {effort} would be paid back in {days}; the policy gives a move "
        f"{plural(moving.payback_within_days, 'day')}, so it is hardly worth it."
    )
