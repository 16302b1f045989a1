"""What a report says of itself when a filter narrowed it: of which part it is, and what the whole is."""

from decimal import Decimal
from typing import Final

from reports.chosen import Narrowed
from reports.display import in_dollars
from reports.format import count, usd
from reports.model import Analysis
from reports.report_document import Bullets, Line, Paragraph, Section, line, strong

TITLE: Final = "What this report covers"
ALL: Final = "all workloads"


def share_words(part: Decimal | None, whole: Decimal | None) -> str:
    """`$919.59 of $1,548.89`; plain text."""
    return f"{usd(part)} of {usd(whole)}"


def workloads_words(mark: Narrowed) -> str:
    """`4 of 10 workloads`; plain text."""
    noun = "workload" if mark.of_workloads == 1 else "workloads"
    return f"{count(mark.n_workloads)} of {count(mark.of_workloads)} {noun}"


def spend_words(analysis: Analysis) -> str:
    """The part's spend of the whole's, or a year of each where nothing is logged; empty for a whole."""
    mark, totals = analysis.narrowed, analysis.totals
    if mark is None:
        return ""
    if mark.whole_n_requests:
        spend = totals.billed_micro_usd if totals.n_requests else Decimal(0)
        return f"{share_words(spend, mark.whole_billed_micro_usd)} spend"
    yearly = share_words(totals.current_per_year_micro_usd, mark.whole_current_per_year_micro_usd)
    return f"{yearly} a year"


@in_dollars()
def covers(analysis: Analysis) -> str:
    """What the figures are of, for formats without sections; plain text."""
    mark = analysis.narrowed
    if mark is None:
        return ALL
    return f"{workloads_words(mark)}, {spend_words(analysis)}; {mark.by.words}"


@in_dollars()
def section(analysis: Analysis) -> Section | None:
    """The first section of a narrowed report; None for a whole one."""
    mark, totals = analysis.narrowed, analysis.totals
    if mark is None:
        return None
    lines: list[Line] = []
    if mark.whole_n_requests:
        spend = totals.billed_micro_usd if totals.n_requests else Decimal(0)
        lines.append(
            line(strong("Spend in the log:"), f" {share_words(spend, mark.whole_billed_micro_usd)}.")
        )
        calls = f" {count(totals.n_requests)} of {count(mark.whole_n_requests)}."
        lines.append(line(strong("Calls in the log:"), calls))
    yearly = share_words(totals.current_per_year_micro_usd, mark.whole_current_per_year_micro_usd)
    lines.append(line(strong("Cost a year at today's volume:"), f" {yearly}."))
    return Section(
        TITLE,
        (
            Paragraph(
                line(
                    strong(f"A part: {workloads_words(mark)}."),
                    f" Filter: {mark.by.words}. Workloads are in it whole or not at all. Every figure below "
                    "is of these; what cannot be divided by workload says so. Beside the whole:",
                )
            ),
            Bullets(tuple(lines)),
        ),
    )
