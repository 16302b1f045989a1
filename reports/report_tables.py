"""The rows of the triage report, built once and drawn by every format."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from reports import migration
from reports.format import lane_title, percent
from reports.model import STAY, Analysis, Part, WorkloadResult
from reports.report_document import Cell, Column, Table
from triage.durations import share_text
from triage.risk import Miss

RECHECK_DAYS: Final = 90
"""When a decision is looked at again where no price change is announced before."""

_HALF: Final = Decimal("0.5")

DECISIONS: Final = (
    Column("Workload", width=20),
    Column("Label", "label", width=15),
    Column("Today", "lane", width=18),
    Column("Cost a year", "money", width=12),
    Column("Recommended", "lane", width=18),
    Column("Saving low", "money", width=12),
    Column("Saving base", "money", width=12),
    Column("Saving high", "money", width=12),
    Column("Risk", width=18),
    Column("Effort", width=8),
    Column("Open question", width=26),
    Column("Re-check", "date", width=11),
    Column("Basis", width=12),
)

QUESTIONS: Final = (
    Column("Workload", width=20),
    Column("Question", width=50),
    Column("Shortest answer", width=25),
    Column("Up to, a year", "money", "nothing known", width=13),
)

EVIDENCE: Final = (
    Column("Workload", width=20),
    Column("Side", width=8),
    Column("What it says", width=50),
    Column("Kind", width=10),
    Column("Source", width=25),
)

LANES: Final = (
    Column("Lane", width=18),
    Column("Cost a year, same hits", "money", "none", width=14),
    Column("With risks, base case", "money", "none", width=14),
    Column("Allowed", width=8),
    Column("Why not", width=40),
)

LANES_OF: Final = (
    Column("Workload", width=20),
    Column("Provider", width=10),
    Column("Model", width=18),
    Column("Calls", "count", width=10),
    *LANES,
)

ASSUMPTIONS: Final = (
    Column("What", width=34),
    Column("Low saving", width=12),
    Column("Base", width=12),
    Column("High saving", width=12),
    Column("From", width=44),
)

UNPRICED: Final = (
    Column("Provider", width=12),
    Column("Model", width=24),
    Column("Calls", "count", width=12),
    Column("Tokens", "count", width=14),
    Column("Why it has no price", width=50),
)

NOT_COUNTED: Final = (
    Column("Not counted or not certain", width=30),
    Column("Rows", "count", width=12),
    Column("What that means", width=60),
)

PRICES: Final = (
    Column("Provider", width=10),
    Column("Model", width=20),
    Column("Tier", width=16),
    Column("From", "date", "as far back as known", width=12),
    Column("Input", "rate", "none", width=9),
    Column("Cache read", "rate", "none", width=9),
    Column("Cache write", "rate", "none", width=9),
    Column("Long write", "rate", "none", width=9),
    Column("Output", "rate", "none", width=9),
    Column("Cache rule", width=14),
    Column("Source", width=36),
)

DISCOUNTS: Final = (
    Column("Provider", width=12),
    Column("Model", width=20),
    Column("Tier", width=12),
    Column("Kind", width=12),
    Column("Off the list price", width=10),
    Column("From", "date", "always", width=12),
    Column("To", "date", "open", width=12),
    Column("Note", width=24),
)

DAYS: Final = (
    Column("Day (UTC)", "date", "without a date", width=14),
    Column("Workload", width=24),
    Column("Provider", width=12),
    Column("Tier", width=12),
    Column("Calls", "count", width=12),
    Column("Spend", "money", width=16),
)


def decisions(analysis: Analysis) -> Table:
    """One row a workload and the totals, as the pages show them."""
    changes = _price_changes(analysis)
    rows = tuple(
        (
            result.workload,
            result.verdict.label,
            result.current_lane,
            result.current_per_year_micro_usd,
            result.recommended_lane,
            result.saving_per_year.low,
            result.saving_per_year.base,
            result.saving_per_year.high,
            risk(result),
            effort(result),
            result.verdict.question or "",
            recheck(analysis, result, changes),
            _basis(result),
        )
        for result in analysis.workloads
    )
    totals = analysis.totals
    saved = totals.saving_per_year
    known = any(result.current_per_year_micro_usd is not None for result in analysis.workloads)
    return Table(
        DECISIONS,
        rows,
        (
            "Total",
            "",
            "",
            totals.current_per_year_micro_usd if known else None,
            "",
            saved.low,
            saved.base,
            saved.high,
        )
        + ("",) * 5,
        sums=(3, 5, 6, 7),
    )


def risk(result: WorkloadResult) -> str:
    """How much of the base saving is left in the low case, and how often a deadline is missed in the batch.

    Empty where nothing moves; without the second half where no batch meets a deadline.
    """
    moving = migration.moving(result.parts)
    if not moving:
        return ""
    saved = result.saving_per_year
    if saved.low <= 0:
        kept = "High (0 %)"
    else:
        level = "Medium" if saved.low < saved.base * _HALF else "Low"
        kept = f"{level} ({percent(float(saved.low / saved.base))})"
    late = [
        lane.risk.miss
        for part in moving
        for lane in part.lanes
        if lane.lane == part.recommended_lane and lane.risk is not None
    ]
    return f"{kept}; late {_late(late)}" if late else kept


def _late(chances: Sequence[Miss]) -> str:
    """The worst of several chances to miss a deadline, as its bounds where no figure is known."""
    if any(chance.base is None for chance in chances):
        low, high = max(chance.low for chance in chances), max(chance.high for chance in chances)
        return (
            "unknown" if low == 0 and high == 1 else f"{share_text(float(low))} to {share_text(float(high))}"
        )
    return share_text(float(max(chance.base or Decimal(0) for chance in chances)))


def effort(result: WorkloadResult) -> str:
    """How much work the move is; empty where nothing moves."""
    needed = migration.effort(result.parts)
    return migration.EFFORT_TITLES[needed] if needed is not None else ""


def _basis(result: WorkloadResult) -> str:
    """What its figures rest on, in one word; `WorkloadResult.basis` is the whole of it."""
    if not result.parts:
        return "declared"
    return "estimated" if result.described else "computed"


def recheck(analysis: Analysis, result: WorkloadResult, changes: dict[tuple[str, str], date]) -> date:
    """The day of the next known price change of its models, else 90 days after the analysis."""
    later = analysis.as_of.date() + timedelta(days=RECHECK_DAYS)
    known = [
        changes[key]
        for part in result.parts
        if (key := (part.provider, part.model.strip().lower())) in changes
    ]
    return min([later, *known])


def _price_changes(analysis: Analysis) -> dict[tuple[str, str], date]:
    """(provider, model) -> the first day after the analysis on which a price of theirs changes."""
    today = analysis.as_of.date()
    found: dict[tuple[str, str], date] = {}
    for row in analysis.price_extract.rows if analysis.price_extract is not None else ():
        days = [at.date() for at in (row.valid_from, row.valid_to) if at is not None]
        if row.promo_until is not None:
            days.append(row.promo_until + timedelta(days=1))
        for day in days:
            key = (row.provider, row.model)
            if day > today and day < found.get(key, date.max):
                found[key] = day
    return found


def questions(analysis: Analysis) -> Table:
    """What to ask, and what depends on the answer."""
    return Table(
        QUESTIONS,
        tuple(
            (
                result.workload,
                result.verdict.question,
                result.verdict.shortest_answer or "",
                result.potential_per_year.base if result.potential_per_year is not None else None,
            )
            for result in analysis.workloads
            if result.verdict.question
        ),
    )


def evidence(analysis: Analysis) -> Table:
    """Verdict, evidence for and against, and decision of every workload, one row each."""
    rows: list[tuple[Cell, ...]] = []
    for result in analysis.workloads:
        verdict = result.verdict
        rows.append((result.workload, "Verdict", verdict.sentence, "rule", verdict.rule_id))
        for side, found in (("For", verdict.evidence), ("Against", verdict.counter_evidence)):
            rows.extend((result.workload, side, item.sentence, item.kind, item.source) for item in found)
        rows.append((result.workload, "Decision", result.because, "", ""))
    return Table(EVIDENCE, tuple(rows))


def lanes(part: Part) -> Table:
    """A year of one part in every lane."""
    return Table(LANES, tuple(_lane_rows(part)))


def lanes_of_all(analysis: Analysis) -> Table:
    """The same for every part, each row with what it belongs to."""
    return Table(
        LANES_OF,
        tuple(
            (part.workload, part.provider, part.model, part.n_requests, *row)
            for result in analysis.workloads
            for part in result.parts
            for row in _lane_rows(part)
        ),
    )


def _lane_rows(part: Part) -> Iterable[tuple[Cell, ...]]:
    factor = part.year_factor
    for lane in part.lanes:
        yearly = lane.cost_micro_usd * factor if lane.cost_micro_usd is not None and factor else None
        risky = lane.projected.base * factor if lane.projected is not None and factor else None
        yield (
            lane_title(lane.lane) + (" (today)" if lane.lane == part.current_lane else ""),
            yearly,
            risky,
            "yes" if lane.admissible else "no",
            lane.reason or lane.why_not or "",
        )


def assumptions(analysis: Analysis) -> Table:
    """What the projections assume."""
    return Table(
        ASSUMPTIONS,
        tuple((item.name, item.low, item.base, item.high, item.source) for item in analysis.assumptions),
    )


def unpriced(analysis: Analysis) -> Table:
    """Calls without a price, and why."""
    return Table(
        UNPRICED,
        tuple(
            (item.provider, item.model, item.n_requests, item.tokens, item.reason)
            for item in analysis.unpriced
        ),
    )


def not_counted(analysis: Analysis) -> Table:
    """What was seen and is in no total."""
    return Table(NOT_COUNTED, tuple((item.what, item.count, item.detail) for item in analysis.not_counted))


def prices(analysis: Analysis) -> Table:
    """The price rows that the figures rest on, dollars per million tokens."""
    return Table(
        PRICES,
        tuple(
            (
                row.provider,
                row.model,
                row.tier + (f" from {row.min_prompt_tokens:,} tokens" if row.min_prompt_tokens else ""),
                row.valid_from.date() if row.valid_from is not None else None,
                row.input_usd_per_mtok,
                row.cache_read_usd_per_mtok,
                row.cache_write_usd_per_mtok,
                row.cache_write_long_usd_per_mtok,
                row.output_usd_per_mtok,
                row.cache_rule,
                f"{row.source} ({row.checked_on}, {row.confidence})",
            )
            for row in analysis.prices_used
        ),
    )


def discounts(analysis: Analysis) -> Table:
    """The percentages laid over list prices."""
    found = analysis.price_extract.discounts if analysis.price_extract is not None else ()
    return Table(
        DISCOUNTS,
        tuple(
            (
                one.provider,
                one.model_glob,
                one.tier or "every tier",
                one.kind,
                f"{one.percent_off.normalize():f} %",
                one.valid_from.date() if one.valid_from is not None else None,
                one.valid_to.date() if one.valid_to is not None else None,
                one.note,
            )
            for one in found
        ),
    )


def days(analysis: Analysis) -> Table:
    """Spend by day, workload, provider and tier; the total is the spend in the log."""
    totals = analysis.totals
    return Table(
        DAYS,
        tuple(
            (day.day_utc, day.workload, day.provider, day.tier, day.n_requests, day.cost_micro_usd)
            for day in analysis.days
        ),
        ("Total", "", "", "", totals.n_requests, totals.billed_micro_usd),
        sums=(5,),
    )


def spend_by_day(analysis: Analysis) -> dict[str, dict[date, Decimal]]:
    """Label -> day -> micro-dollars, dated calls only."""
    label_of = {result.workload: result.verdict.label for result in analysis.workloads}
    found: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for day in analysis.days:
        if day.day_utc is not None and day.cost_micro_usd is not None:
            found[label_of.get(day.workload, "unknown")][day.day_utc] += day.cost_micro_usd
    return found


def moves(analysis: Analysis) -> list[WorkloadResult]:
    """Workloads that move and save, the greatest base saving first."""
    found = [r for r in analysis.workloads if r.recommended_lane != STAY and r.saving_per_year.base > 0]
    return sorted(found, key=lambda result: result.saving_per_year.base, reverse=True)
