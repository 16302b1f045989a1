"""The report as files: every format by its name, for the page and for the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reports.display import in_dollars
from reports.model import Analysis
from reports.report_compare import Comparison
from reports.report_compared import compared_section
from reports.report_document import Section

Write = Callable[[Analysis, Comparison | None], bytes]


@dataclass(frozen=True)
class FileFormat:
    """One format: its name on the command line, what its files are called, and how one is written.

    `compares` says whether a comparison with an earlier report is part of it.
    """

    name: str
    suffix: str
    mime: str
    compares: bool
    write: Write

    @property
    def text(self) -> bool:
        """Whether the file is text that a terminal can show."""
        return self.name not in {"pdf", "xlsx"}


def _sections(comparison: Comparison | None) -> tuple[Section, ...]:
    return (compared_section(comparison),) if comparison is not None else ()


@in_dollars()
def _markdown(analysis: Analysis, comparison: Comparison | None) -> bytes:
    from reports.report_markdown import render
    from reports.report_sections import document

    return render(document(analysis, before=_sections(comparison))).encode()


@in_dollars()
def _html(analysis: Analysis, comparison: Comparison | None) -> bytes:
    from reports.report_html import html

    return html(analysis, before=_sections(comparison))


@in_dollars()
def _pdf(analysis: Analysis, comparison: Comparison | None) -> bytes:
    from reports.report_pdf import pdf

    return pdf(analysis, before=_sections(comparison))


@in_dollars()
def _xlsx(analysis: Analysis, comparison: Comparison | None) -> bytes:
    from reports.report_xlsx import workbook

    return workbook(analysis, comparison)


@in_dollars()
def _csv(analysis: Analysis, _comparison: Comparison | None) -> bytes:
    from reports.triage_report import csv_text

    return csv_text(analysis).encode()


@in_dollars()
def _json(analysis: Analysis, _comparison: Comparison | None) -> bytes:
    from reports.triage_report import json_text

    return json_text(analysis).encode()


@in_dollars()
def _focus(analysis: Analysis, _comparison: Comparison | None) -> bytes:
    from reports.report_focus import focus_csv

    return focus_csv(analysis).encode()


FORMATS: Final[dict[str, FileFormat]] = {
    found.name: found
    for found in (
        FileFormat("md", ".md", "text/markdown", True, _markdown),
        FileFormat("html", ".html", "text/html", True, _html),
        FileFormat("pdf", ".pdf", "application/pdf", True, _pdf),
        FileFormat(
            "xlsx",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            True,
            _xlsx,
        ),
        FileFormat("csv", ".csv", "text/csv", False, _csv),
        FileFormat("json", ".json", "application/json", False, _json),
        FileFormat("focus", ".focus.csv", "text/csv", False, _focus),
    )
}
"""Every format, in the order in which they are offered."""


def format_of(file_name: str) -> str:
    """The format that a file's name ends in; Markdown where it ends in none of ours."""
    found = [known for known in FORMATS.values() if file_name.lower().endswith(known.suffix)]
    return max(found, key=lambda known: len(known.suffix)).name if found else "md"
