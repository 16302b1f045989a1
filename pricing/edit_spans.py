"""Which prices each submitted row replaces and when: repeats, overlaps, and where an open end ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pricing.model import BEGINNING


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row (counted from 1), the column where there is one, and a sentence."""

    row: int
    column: str | None
    sentence: str


@dataclass(frozen=True)
class Span:
    """The key (provider, model, tier, band) and interval of one submitted row; None is open."""

    row: int
    key: tuple[str, str, str, int]
    valid_from: datetime | None
    valid_to: datetime | None


def misordered(span: Span) -> list[Problem]:
    """A problem when the row would end before it starts."""
    if span.valid_from is None or span.valid_to is None or span.valid_from < span.valid_to:
        return []
    return [Problem(span.row, "valid_to", "The end, valid_to, must be later than valid_from.")]


def clashes(spans: Iterable[Span]) -> list[Problem]:
    """Rows of one submission that repeat each other or overlap in time.

    A row without an end is no overlap: the next row of its key ends it.
    """
    problems = []
    furthest: Span | None = None
    previous: Span | None = None
    for span in _by_start(spans):
        if previous is None or previous.key != span.key:
            furthest = None
        elif previous.valid_from == span.valid_from:
            problems.append(
                Problem(
                    span.row,
                    "valid_from",
                    f"The row repeats row {previous.row}: same provider, model, tier, band and start.",
                )
            )
            continue
        elif furthest is not None and (overlap := _overlap(furthest, span)):
            problems.append(overlap)
        if span.valid_to is not None and (
            furthest is None or furthest.valid_to is None or furthest.valid_to < span.valid_to
        ):
            furthest = span
        previous = span
    return problems


def successors(spans: Iterable[Span]) -> dict[int, datetime]:
    """Row without an end -> the start of the next row of its key, where there is one."""
    ends: dict[int, datetime] = {}
    previous: Span | None = None
    for span in _by_start(spans):
        if (
            previous is not None
            and previous.key == span.key
            and previous.valid_to is None
            and span.valid_from is not None
        ):
            ends[previous.row] = span.valid_from
        previous = span
    return ends


def _by_start(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.key, span.valid_from or BEGINNING, span.row))


def _overlap(earlier: Span, later: Span) -> Problem | None:
    if earlier.valid_to is None or later.valid_from is None or earlier.valid_to <= later.valid_from:
        return None
    return Problem(
        later.row,
        "valid_from",
        f"The row starts {later.valid_from:%Y-%m-%d %H:%M}, before row {earlier.row} ends "
        f"({earlier.valid_to:%Y-%m-%d %H:%M}).",
    )
