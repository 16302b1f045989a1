"""A comparison with an earlier report as a table and as a section."""

from decimal import Decimal, localcontext
from typing import Final

from reports.analysis import PRECISION
from reports.display import in_dollars
from reports.format import usd, usd_signed
from reports.model import Analysis
from reports.report_compare import Comparison, known_amount
from reports.report_document import Block, Bullets, Column, Line, Paragraph, Section, Table, line, strong

COMPARED: Final = (
    Column("Workload", width=20),
    Column("Cost then", "money", "not there", width=13),
    Column("Cost now", "money", "not there", width=13),
    Column("Change", "money", width=13),
    Column("By prices", "money", width=12),
    Column("By volume", "money", width=12),
    Column("By mix", "money", width=12),
    Column("Saving then", "money", "not there", width=13),
    Column("Saving now", "money", "not there", width=13),
    Column("Why", width=48),
)


def compared_table(comparison: Comparison) -> Table:
    """One row for each workload that changed; the totals are those of the two reports."""
    rows = tuple(
        (
            change.workload,
            change.cost_then,
            change.cost_now,
            change.change,
            change.by_prices,
            change.by_volume,
            change.by_mix,
            change.saving_then,
            change.saving_now,
            " ".join(change.why),
        )
        for change in comparison.changes
    )
    then = comparison.then
    parts = [
        [getattr(change, name) for change in comparison.changes if change.change is not None]
        for name in ("by_prices", "by_volume", "by_mix")
    ]
    with localcontext() as context:
        context.prec = PRECISION
        cost, saved = _totals(comparison.now)
        split = [None if None in found else sum(found, Decimal(0)) for found in parts]
        total = ("Total", then.cost, cost, cost - then.cost, *split, then.saving, saved, "")
    return Table(COMPARED, rows, total)


def _totals(now: Analysis) -> tuple[Decimal, Decimal]:
    """Cost and base saving a year, as they are compared."""
    return known_amount(now.totals.current_per_year_micro_usd), known_amount(now.totals.saving_per_year.base)


@in_dollars()
def compared_section(comparison: Comparison) -> Section:
    """The comparison as a section of the report."""
    then, now = comparison.then, comparison.now
    with localcontext() as context:
        context.prec = PRECISION
        cost, saved = _totals(now)
        more_cost, more_saved = cost - then.cost, saved - then.saving
    facts: list[Line] = [
        line(strong("Cost a year:"), f" {usd(then.cost)} then, {usd(cost)} now, {usd_signed(more_cost)}."),
        line(
            strong("Saving a year, base:"),
            f" {usd(then.saving)} then, {usd(saved)} now, {usd_signed(more_saved)}.",
        ),
        _version("Price table", then.price_version, now.price_version),
        _version("Policy", then.policy_version, now.policy_version),
    ]
    blocks: list[Block] = [Bullets(tuple(facts))]
    if comparison.changes:
        whole = compared_table(comparison)
        figures = Table(whole.columns[:-1], tuple(row[:-1] for row in whole.rows), (whole.total or ())[:-1])
        causes = [change for change in comparison.changes if change.why]
        blocks.append(figures)
        blocks.append(
            Bullets(
                tuple(line(strong(f"{change.workload}:"), f" {' '.join(change.why)}") for change in causes)
            )
        )
    words = "workload is as it was" if comparison.n_unchanged == 1 else "workloads are as they were"
    blocks.append(
        Paragraph(
            line(
                f"{comparison.n_unchanged} {words}. By prices: today's calls at today's prices less the same "
                "calls at the earlier prices. By volume: the earlier cost times the growth of calls. By mix: "
                "the rest (tokens a call, models, cache hits, tiers). The three add up to the change."
            )
        )
    )
    return Section(f"Since the report of {then.as_of:%Y-%m-%d}", tuple(blocks))


def _version(what: str, then: str, now: str) -> Line:
    same = then == now
    return line(strong(f"{what}:"), f" the same ({now})." if same else f" {then} then, {now} now.")
