"""The triage report as one document: one page a manager reads, then the evidence an engineer checks."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from reports import report_part
from reports import report_tables as tables
from reports.display import in_dollars
from reports.format import count, label_title, percent, usd, usd_short
from reports.model import Analysis, Part, WorkloadResult
from reports.report_document import (
    Bar,
    BarChart,
    Block,
    Bullets,
    DayChart,
    Document,
    Line,
    Paragraph,
    Section,
    Table,
    code,
    line,
    strong,
)
from reports.report_notes import migration_sections
from triage.model import LABELS

TITLE: Final = "LLM triage report"
_MONTHS: Final = Decimal(12)
_TOP: Final = 10


@in_dollars()
def document(
    analysis: Analysis,
    *,
    before: Iterable[Section] = (),
    appendix: bool = True,
    evidence: int | None = None,
) -> Document:
    """The report on an analysis.

    `before` are sections that follow the summary, such as a comparison; without `appendix` the
    migration notes are left out; `evidence` bounds the workloads with evidence of their own, the
    dearest first, and the report says how many are left out.
    """
    shown = analysis.workloads if evidence is None else analysis.workloads[:evidence]
    sections = [
        report_part.section(analysis),
        _summary(analysis),
        *before,
        _decisions(analysis),
        _questions(analysis),
        Section("Evidence by workload", _left_out(analysis, shown)),
        *(_evidence(result) for result in shown),
        Section("Assumptions", (tables.assumptions(analysis),)),
        _coverage(analysis),
        _prices(analysis),
        _discounts(analysis),
        _method(analysis),
        *(migration_sections(analysis) if appendix else ()),
    ]
    return Document(
        TITLE,
        _subtitle(analysis),
        tuple(section for section in sections if section is not None),
        {
            "as_of": f"{analysis.as_of:%Y-%m-%d}",
            "price_version": analysis.price_version,
            "policy": analysis.policy_title,
            "policy_version": analysis.policy_version,
        },
    )


def _subtitle(analysis: Analysis) -> str:
    mark = analysis.narrowed
    # The subtitle is at the foot of every page of the PDF: no page may pass for one of the whole.
    part = f". Part of the whole: {report_part.workloads_words(mark)}" if mark is not None else ""
    if analysis.first_hour_utc is None or analysis.last_hour_utc is None:
        return f"As of {analysis.as_of:%Y-%m-%d}{part}"
    return (
        f"As of {analysis.as_of:%Y-%m-%d}, on calls from {analysis.first_hour_utc:%Y-%m-%d} to "
        f"{analysis.last_hour_utc:%Y-%m-%d} UTC{part}"
    )


def _summary(analysis: Analysis) -> Section:
    chart = _savings_chart(analysis)
    return Section("Summary", (Bullets(tuple(summary_lines(analysis))), *([chart] if chart.bars else ())))


@in_dollars()
def summary_lines(analysis: Analysis) -> list[Line]:
    """The figures of the first page, one line each."""
    totals, saved = analysis.totals, analysis.totals.saving_per_year
    partial = "" if analysis.coverage.complete else " (partial: not every call has a price)"
    spend = f" {usd(totals.billed_micro_usd)}{partial} for {count(totals.n_requests)} calls"
    lines = []
    if analysis.first_hour_utc is not None and analysis.last_hour_utc is not None:
        lines.append(
            line(
                strong("Spend in the log:"),
                f"{spend}, {analysis.first_hour_utc:%Y-%m-%d} to {analysis.last_hour_utc:%Y-%m-%d} UTC "
                "(computed from usage, each call at its own day's price).",
            )
        )
    elif totals.n_requests:
        lines.append(
            line(
                strong("Spend in the log:"),
                f"{spend} without dates (computed from usage at the analysis date's prices).",
            )
        )
    if totals.list_micro_usd is not None:
        lines.append(
            line(strong("The same at list prices:"), f" {usd(totals.list_micro_usd)}, before discounts.")
        )
    if totals.reported_micro_usd is not None:
        lines.append(
            line(
                strong("Reported by the source:"),
                f" {usd(totals.reported_micro_usd)} on {count(totals.n_reported)} of those calls (billed).",
            )
        )
    waits = sum(
        (totals.spend_by_label.get(label, Decimal(0)) for label in ("batch", "semi_interactive")), Decimal(0)
    )
    if totals.billed_micro_usd:
        lines.append(
            line(
                strong("Can wait:"),
                f" {usd(waits)}, {percent(float(waits / totals.billed_micro_usd))} of the spend.",
            )
        )
    lines.append(
        line(
            strong("Projected saving:"),
            f" {usd(saved.base)} a year, {usd(saved.base / _MONTHS)} a month "
            f"(low {usd(saved.low)}, high {usd(saved.high)} a year; estimated, see the assumptions).",
        )
    )
    if totals.potential_per_year.base:
        lines.append(
            line(
                strong("Waiting for an answer:"),
                f" up to {usd(totals.potential_per_year.base)} a year more, if the workloads labelled "
                "unknown can wait. It is in no total.",
            )
        )
    lines.append(
        line(
            f"Analysis date {analysis.as_of:%Y-%m-%d}, price table ",
            code(analysis.price_version),
            f", policy {analysis.policy_title}, ",
            code(analysis.policy_version),
            ".",
        )
    )
    return lines


def _savings_chart(analysis: Analysis) -> BarChart:
    return BarChart(
        f"Saved a year, base case, US dollars; the line spans low to high (the {_TOP} greatest)",
        tuple(
            Bar(
                result.workload,
                result.saving_per_year.base,
                usd_short(result.saving_per_year.base),
                "saving",
                result.saving_per_year.low,
                result.saving_per_year.high,
            )
            for result in tables.moves(analysis)[:_TOP]
        ),
    )


def _label_chart(analysis: Analysis) -> BarChart:
    spend = analysis.totals.spend_by_label
    total = sum(spend.values(), Decimal(0))
    return BarChart(
        "Spend in the log by label, US dollars",
        tuple(
            Bar(
                label_title(label),
                spend[label],
                f"{usd_short(spend[label])} ({percent(float(spend[label] / total))})",
                f"label-{label}",
            )
            for label in LABELS
            if spend.get(label)
        ),
    )


def _day_chart(analysis: Analysis) -> DayChart | None:
    sums = tables.spend_by_day(analysis)
    days = tuple(sorted({day for found in sums.values() for day in found}))
    if len(days) < 2:
        return None
    return DayChart(
        "Spend a UTC day by label, US dollars",
        days,
        tuple(
            (label, tuple(sums[label].get(day, Decimal(0)) for day in days))
            for label in LABELS
            if sums.get(label)
        ),
    )


def _decisions(analysis: Analysis) -> Section:
    return Section(
        "Decisions",
        (
            tables.decisions(analysis),
            Paragraph(
                line(
                    "Amounts are a year at today's volume. The share beside a risk is what the low case "
                    "keeps of the base saving; effort is explained in the migration notes; re-check is the "
                    "next known price change of the workload's models, else "
                    f"{tables.RECHECK_DAYS} days after the analysis."
                )
            ),
        ),
    )


def _questions(analysis: Analysis) -> Section | None:
    found = tables.questions(analysis)
    if not found.rows:
        return None
    items = []
    for result in analysis.workloads:
        if not result.verdict.question:
            continue
        depends = (
            f" Up to {usd(result.potential_per_year.base)} a year depends on it."
            if result.potential_per_year is not None
            else ""
        )
        items.append(line(strong(f"{result.workload}:"), f" {result.verdict.question}{depends}"))
    return Section("Open questions", (Bullets(tuple(items)),))


def _left_out(analysis: Analysis, shown: tuple[WorkloadResult, ...]) -> tuple[Block, ...]:
    missing = len(analysis.workloads) - len(shown)
    if not missing:
        return ()
    return (
        Paragraph(
            line(
                f"The {count(len(shown))} dearest workloads; the evidence for {count(missing)} more would "
                "make this file too large and stands in the XLSX and JSON reports. Every total includes them."
            )
        ),
    )


def _evidence(result: WorkloadResult) -> Section:
    verdict = result.verdict
    blocks: list[Block] = [
        Paragraph(
            line(
                strong(label_title(verdict.label)),
                " (rule ",
                code(verdict.rule_id),
                f", confidence {verdict.confidence:.2f}). {verdict.sentence}",
            )
        ),
        Bullets(
            (
                *(
                    line(f"{side}: {item.sentence} ({item.kind}, {item.source})")
                    for side, found in (("For", verdict.evidence), ("Against", verdict.counter_evidence))
                    for item in found
                ),
                line(f"Decision: {result.because}"),
            )
        ),
    ]
    for part in result.parts:
        blocks += [Paragraph(line(part_text(part))), tables.lanes(part)]
    return Section(result.workload, tuple(blocks), level=3)


def part_text(part: Part) -> str:
    """What one part of a workload is, in a sentence."""
    tokens = part.tokens
    cached = tokens.cached_share
    return (
        f"{part.provider} / {part.model}: {count(part.n_requests)} calls, "
        f"{count(tokens.input_tokens)} input tokens "
        f"({percent(cached, 1) if cached is not None else 'none'} from the cache), "
        f"{count(tokens.output_tokens)} output tokens. {part.window_note}"
    )


def coverage_line(analysis: Analysis) -> str:
    """How much of the log has a price; empty without calls."""
    covered = analysis.coverage
    if not covered.n_requests:
        return ""
    return (
        f"Priced: {count(covered.n_priced)} of {count(covered.n_requests - covered.n_failed_unmetered)} "
        f"calls with something to price, {percent(covered.share_of_tokens, 1)} of the tokens"
        + (
            f", {percent(covered.share_of_spend, 1)} of the spend that the source reports."
            if covered.share_of_spend is not None
            else "."
        )
    )


def _coverage(analysis: Analysis) -> Section | None:
    blocks: list[Block] = []
    if text := coverage_line(analysis):
        blocks.append(Paragraph(line(text)))
    if (labels := _label_chart(analysis)).bars:
        blocks.append(labels)
    if (chart := _day_chart(analysis)) is not None:
        blocks.append(chart)
    blocks += [found for found in (tables.unpriced(analysis), tables.not_counted(analysis)) if found.rows]
    return Section("Coverage", tuple(blocks)) if blocks else None


def _prices(analysis: Analysis) -> Section | None:
    return _with_table("Prices used", "US dollars per million tokens.", tables.prices(analysis))


def _discounts(analysis: Analysis) -> Section | None:
    return _with_table("Discounts", "", tables.discounts(analysis))


def _with_table(title: str, text: str, table: Table) -> Section | None:
    if not table.rows:
        return None
    return Section(title, (*((Paragraph(line(text)),) if text else ()), table))


def method_text() -> str:
    """How the figures come about, in one paragraph."""
    labels = ", ".join(label_title(label).lower() for label in LABELS)
    return (
        "Every call is priced as tokens x price of its own day and tier, exactly, in micro-dollars; "
        "input counts include cached tokens. Each workload gets one label "
        f"({labels}) from what people declared and what its calls carry; the label says which lanes are "
        "allowed, and the recommended lane is the cheapest of those in the base case, or the one it is in. "
        "Prices are list prices, less the discounts above where there are any; taxes and tool fees are not "
        "in these figures."
    )


def _method(_analysis: Analysis) -> Section:
    return Section("Method", (Paragraph(line(method_text())),))
