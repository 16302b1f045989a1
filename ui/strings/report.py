"""What the Report page says."""

from datetime import datetime
from typing import Final

REPORT_TITLE: Final = "Triage report"
REPORT_CAPTION: Final = (
    "What you see is the Markdown file. Every format holds the same totals, to the cent, in US dollars. "
    "Filtered, they are all of the part that is shown, and say so first."
)
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


def report_file(as_of: datetime, *, part: bool = False) -> str:
    """The name of the downloaded file without its suffix; that of a filtered report is another."""
    return f"lanewise-triage-{as_of:%Y-%m-%d}{'-part' if part else ''}"


def report_rest(left_out: int) -> str:
    """Markdown for what a long report leaves out on screen."""
    return f"*{left_out:,} more in the files above.*"
