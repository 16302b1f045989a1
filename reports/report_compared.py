"""A comparison with an earlier report as a table and as a section."""

from decimal import Decimal, localcontext
from typing import Final

from reports.analysis import PRECISION
from reports.display import in_dollars
from reports.format import count, usd, usd_signed
from reports.report_compare import Comparison
from reports.report_document import Block, Bullets, Column, Line, Paragraph, Section, Table, line, strong
from reports.report_part import workloads_words

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
    scope = comparison.scope
    parts = [
        [getattr(change, name) for change in comparison.changes if change.change is not None]
        for name in ("by_prices", "by_volume", "by_mix")
    ]
    with localcontext() as context:
        context.prec = PRECISION
        split = [None if None in found else sum(found, Decimal(0)) for found in parts]
        total = (
            "Total",
            scope.cost_then,
            scope.cost_now,
            scope.cost_now - scope.cost_then,
            *split,
            scope.saving_then,
            scope.saving_now,
            "",
        )
    return Table(COMPARED, rows, total)


@in_dollars()
def compared_section(comparison: Comparison) -> Section:
    """The comparison as a section of the report."""
    then, now, scope = comparison.then, comparison.now, comparison.scope
    with localcontext() as context:
        context.prec = PRECISION
        more_cost = scope.cost_now - scope.cost_then
        more_saved = scope.saving_now - scope.saving_then
    facts: list[Line] = [
        line(
            strong("Cost a year:"),
            f" {usd(scope.cost_then)} then, {usd(scope.cost_now)} now, {usd_signed(more_cost)}.",
        ),
        line(
            strong("Saving a year, base:"),
            f" {usd(scope.saving_then)} then, {usd(scope.saving_now)} now, {usd_signed(more_saved)}.",
        ),
        _version("Price table", then.price_version, now.price_version),
        _version("Policy", then.policy_version, now.policy_version),
    ]
    blocks: list[Block] = [*_scope(comparison), Bullets(tuple(facts))]
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


def _scope(comparison: Comparison) -> list[Block]:
    """What is compared, where a filter narrowed one of the two reports."""
    then, now, scope = comparison.then.narrowed, comparison.now.narrowed, comparison.scope
    if then is None and now is None:
        return []
    said = [
        f"{which} covers {workloads_words(mark)} ({mark.by.words})"
        if mark is not None
        else f"{which} covers all"
        for which, mark in (("The earlier report", then), ("this one", now))
    ]
    left = [
        f"{count(number)} {what}"
        for number, what in (
            (scope.left_then, "of the earlier report that this filter leaves out"),
            (scope.left_now, "of this report that the earlier one does not cover"),
        )
        if number
    ]
    rest = f" Not compared: {' and '.join(left)}; they have neither come nor gone." if left else ""
    number = len(scope.names)
    sentence = f" {count(number)} workload{'' if number == 1 else 's'}. {', '.join(said)}.{rest}"
    return [Paragraph(line(strong("Compared:"), sentence))]


def _version(what: str, then: str, now: str) -> Line:
    same = then == now
    return line(strong(f"{what}:"), f" the same ({now})." if same else f" {then} then, {now} now.")
