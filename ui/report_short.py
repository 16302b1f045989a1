"""What the Report page shows of a long report: enough to read; the files have all of it."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from ui import strings as s

MOST_POINTS: Final = 50
"""Points of a list that the page shows; a long table is drawn in pages."""
MOST_SECTIONS: Final = 25
"""Workloads whose evidence the page shows; a browser that is sent hundreds of tables stands still."""


def shortened(markdown: str) -> str:
    """The report with its long lists and rows of sections cut, each cut said where it is."""
    return "\n".join(_short_lists(_short_sections(markdown.splitlines())))


def _short_sections(lines: Iterable[str]) -> Iterator[str]:
    seen = 0
    for line in lines:
        if line.startswith(("# ", "## ")):
            yield from _rest(seen - MOST_SECTIONS)
            seen = 0
        seen += line.startswith("### ")
        if seen <= MOST_SECTIONS:
            yield line
    yield from _rest(seen - MOST_SECTIONS)


def _short_lists(lines: Iterable[str]) -> Iterator[str]:
    for point, run in groupby(lines, key=lambda line: line.startswith("- ")):
        held = list(run)
        most = MOST_POINTS if point else len(held)
        yield from held[:most]
        yield from _rest(len(held) - most)


def _rest(left_out: int) -> Iterator[str]:
    if left_out > 0:
        yield from ("", s.report_rest(left_out), "")
