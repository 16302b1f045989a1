"""Which part of the log a projection rests on, and how much of a year that is.

A part (workload x provider x model) is projected from all of its log, unless it moved to another
tier on the way: then only from that day on, so that a move already made is never sold again.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pyarrow as pa

from data.declared import Declared
from reports import tables
from reports.log_hours import Window, covered
from reports.windows import PartKey, log_windows

HOURS_A_YEAR: Final = 8760
RECENT_SHARE: Final = 4
"""The tier in use now is the busiest one of the last quarter of the part's active days."""
MINIMUM_RECENT_DAYS: Final = 2
MOVED_SHARE: Final = 5
"""A move leaves at most a fifth of the requests on the wrong side of its day."""


@dataclass(frozen=True)
class Basis:
    """What one part's projection rests on.

    `since` is the first hour used (None for a described workload), `hours` the hours it covers,
    `year_factor` what its costs are multiplied by for a year, `note` the same as a sentence.
    """

    since: datetime | None
    hours: int
    year_factor: Decimal | None
    note: str


@dataclass(frozen=True)
class Move:
    """A change of tier for good: from which day on, out of and into which tier."""

    since: datetime
    before: str
    after: str


def move(days: Mapping[datetime, Mapping[str, int]]) -> Move | None:
    """The day on which a part moved to the tier it runs in now; None when it did not move.

    `days` maps each UTC day to requests by tier. The tier in use now is the one that carried most
    requests in the last quarter (at least two) of the active days. The day is the one that best
    separates days without that tier from days in it; it counts as a move when the tier has at most
    a fifth of the requests before and at least four fifths from then on. A few failed requests run
    again elsewhere do not hide it.
    """
    active = sorted(days)
    recent = active[-max(MINIMUM_RECENT_DAYS, len(active) // RECENT_SHARE) :]
    now = _busiest(days[day] for day in recent)
    best: tuple[int, datetime] | None = None
    for index in range(1, len(active)):
        score = sum(_out_of(days[day], now) for day in active[:index])
        score -= sum(_out_of(days[day], now) for day in active[index:])
        if best is None or score > best[0]:
            best = (score, active[index])
    if best is None:
        return None
    since = best[1]
    before = [days[day] for day in active if day < since]
    after = [days[day] for day in active if day >= since]
    if _share(before, now) * MOVED_SHARE > 1 or (1 - _share(after, now)) * MOVED_SHARE > 1:
        return None
    return Move(since, _busiest(before), now)


def _busiest(days: Iterable[Mapping[str, int]]) -> str:
    totals: Counter[str] = Counter()
    for counts in days:
        totals.update(counts)
    return max(totals, key=lambda tier: (totals[tier], tier))


def _out_of(counts: Mapping[str, int], tier: str) -> int:
    """Requests outside the tier minus those in it."""
    return sum(counts.values()) - 2 * counts.get(tier, 0)


def _share(days: Sequence[Mapping[str, int]], tier: str) -> Fraction:
    total = sum(sum(counts.values()) for counts in days)
    return Fraction(sum(counts.get(tier, 0) for counts in days), total) if total else Fraction(0)


def bases(cube: pa.Table, declared: Iterable[Declared]) -> dict[PartKey, Basis]:
    """The basis of every dated or described part of the cube."""
    windows = log_windows(cube)
    days: dict[PartKey, dict[datetime, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in tables.rows("part_days", {"cube": cube}):
        days[row["workload"], row["provider"], row["model"]][row["day_utc"]][row["tier"]] = row["n_requests"]

    found = {key: _logged_basis(windows[key], days[key]) for key in windows}
    factors = {item.name: item for item in declared if item.has_usage}
    for row in tables.rows("part_tokens", {"cube": cube}):
        key = (row["workload"], row["provider"], row["model"])
        if key in found:
            continue
        if row["described"] and row["workload"] in factors:
            item = factors[row["workload"]]
            found[key] = Basis(None, 0, item.annual_factor, _described_note(item))
        else:
            found[key] = Basis(None, 0, None, "The log has no dates, so nothing can be projected from it.")
    return found


def _logged_basis(windows: Collection[Window], days: Mapping[datetime, Mapping[str, int]]) -> Basis:
    moved = move(days)
    since = moved.since if moved is not None else min(window.first for window in windows)
    known = covered(windows, since)
    hours = known.hours
    span = f"{hours:,} hours" if hours % 24 or hours < 48 else f"{hours // 24:,} days"
    note = f"Projected from the log's {span}."
    if moved is not None:
        note = (
            f"It moved from {moved.before} to {moved.after} on {moved.since:%Y-%m-%d}; "
            f"projected from the {span} since."
        )
    if known.added:
        plural = "hour" if known.added == 1 else "hours"
        note += f" {known.added:,} {plural} after its calls count as silent."
    if hours < 24 * 7:
        note += " Less than a week: weekdays and weekends may differ."
    return Basis(since, hours, Decimal(HOURS_A_YEAR) / Decimal(hours), note)


def _described_note(item: Declared) -> str:
    if item.requests_per_run is not None:
        runs, requests = item.annual_factor.normalize(), item.requests_per_run.normalize()
        return f"Described: {runs:f} runs a year of {requests:f} requests."
    return f"Described: {item.annual_factor.normalize():f} days a year."


def projection_cube(cube: pa.Table, found: dict[PartKey, Basis]) -> pa.Table:
    """The cube rows the projections rest on: see `reports/sql/projection_cube.sql`."""
    logged = [(key, basis.since) for key, basis in found.items() if basis.since is not None]
    starts = pa.table(
        {
            "workload": pa.array([key[0] for key, _ in logged], pa.string()),
            "provider": pa.array([key[1] for key, _ in logged], pa.string()),
            "model": pa.array([key[2] for key, _ in logged], pa.string()),
            "since": pa.array([since for _, since in logged], pa.timestamp("us")),
        }
    )
    return tables.arrow("projection_cube", {"cube": cube, "starts": starts})
