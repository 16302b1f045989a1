"""Workloads that are two under one name: interactive by day, a bulk run at night.

The hours of the week are divided by what they show: whether calls stream, how long answers take, how
many come. A division counts when the log of one half looks like a job and that of the other does
not (`triage.signals`). It is a finding: the workload keeps its own verdict until somebody splits it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import pyarrow as pa

from data.cube import SESSIONS_SCHEMA, SIGNALS_SCHEMA
from reports import tables
from reports.behaviour import HOURS_A_WEEK, Rollups, behaviours, window_hours
from reports.model import MixedBy
from triage.signals import MIN_CALLS, read_signals

_LEAST_SHARE: Final = 0.02
"""Of the calls, in each half: less is noise or a few stray calls."""
_STREAMS: Final = 0.5
_HARDLY: Final = 0.1
_SAID: Final = 0.9
"""Of the calls, that say whether they streamed, or how long they took."""
_SLOWER: Final = 4
_BUSIER: Final = 8
_EDGE: Final = 0.25
"""The hour before a job has at most this share of its rate; people come gradually."""

Hours = frozenset[int]


@dataclass(frozen=True)
class Cell:
    """What a workload did in one hour of the week, over all weeks of the log."""

    n: int
    n_hours: int
    n_streamed: int
    n_unstreamed: int
    n_timed: int
    latency_ms: int

    @property
    def rate(self) -> float:
        """Calls an hour, over the hours in which there were any."""
        return self.n / self.n_hours


@dataclass(frozen=True)
class Split:
    """How the hours of one workload divide; `job` are the hours that look like a job."""

    workload: str
    by: MixedBy
    job: Hours
    rest: Hours

    def part_names(self) -> tuple[str, str]:
        """Names for the halves that no workload has: names have no control characters."""
        return f"{self.workload}\x1fjob", f"{self.workload}\x1frest"


def profiles(cube: pa.Table) -> dict[str, dict[int, Cell]]:
    """Workload -> hour of the week -> what it did there."""
    found: dict[str, dict[int, Cell]] = defaultdict(dict)
    for row in tables.rows("week_profile", {"cube": cube}):
        found[row["workload"]][row["hour_of_week"]] = Cell(
            **{name: int(row[name] or 0) for name in Cell.__dataclass_fields__}
        )
    return dict(found)


def find(cube: pa.Table) -> tuple[Split, ...]:
    """The mixed workloads of a log, at most one split each; a log of less than a week has none."""
    windows = window_hours(cube)
    candidates = [
        Split(name, by, job, rest)
        for name, cells in profiles(cube).items()
        if windows.get(name, 0) >= HOURS_A_WEEK
        for by, divide in _DIVISIONS.items()
        for job, rest in divide(cells)
        if _both_count(cells, job, rest)
    ]
    found: dict[str, Split] = {}
    for by in _DIVISIONS:
        tried = [one for one in candidates if one.by == by and one.workload not in found]
        leans = _leans(cube, tried)
        for one in tried:
            job, rest = (leans.get(name) for name in one.part_names())
            if job == "batch" and rest != "batch":
                found[one.workload] = one
    return tuple(found[name] for name in sorted(found))


def _leans(cube: pa.Table, splits: Sequence[Split]) -> dict[str, str | None]:
    if not splits:
        return {}
    divided = split_cube(cube, splits)
    known = behaviours(divided, pace_of(divided))
    return {name: read_signals(behaviour).lean for name, behaviour in known.items()}


def _both_count(cells: Mapping[int, Cell], job: Hours, rest: Hours) -> bool:
    whole = sum(cell.n for cell in cells.values())
    halves = [sum(cells[hour].n for hour in hours) for hours in (job, rest)]
    return all(n >= MIN_CALLS and n >= whole * _LEAST_SHARE for n in halves)


Division = Iterable[tuple[Hours, Hours]]


def _by_streaming(cells: Mapping[int, Cell]) -> Division:
    """Hours in which most calls stream, and hours in which hardly any does."""
    whole = sum(cell.n for cell in cells.values())
    if sum(cell.n_streamed + cell.n_unstreamed for cell in cells.values()) < whole * _SAID:
        return
    job, rest = _divided(cells, lambda cell: cell.n_unstreamed > cell.n_streamed)
    shares = [streaming_share([cells[hour] for hour in hours]) for hours in (job, rest)]
    if shares[0] is not None and shares[1] is not None and shares[0] <= _HARDLY and shares[1] >= _STREAMS:
        yield job, rest


def _by_latency(cells: Mapping[int, Cell]) -> Division:
    """Hours whose answers take several times as long as those of the other hours."""
    whole = sum(cell.n for cell in cells.values())
    if sum(cell.n_timed for cell in cells.values()) < whole * _SAID:
        return
    line = median(latency_mean_ms([cell]) or 0.0 for cell in cells.values()) * _SLOWER
    yield _divided(cells, lambda cell: (latency_mean_ms([cell]) or 0.0) >= line > 0)


def _by_pace(cells: Mapping[int, Cell]) -> Division:
    """Hours with many times the calls of the others, that begin all at once."""
    line = median(cell.rate for cell in cells.values()) * _BUSIER
    job, rest = _divided(cells, lambda cell: cell.rate >= line)
    for hour in job:
        before = cells.get((hour - 1) % HOURS_A_WEEK)
        if (hour - 1) % HOURS_A_WEEK not in job and before and before.rate > cells[hour].rate * _EDGE:
            return
    yield job, rest


_DIVISIONS: Final[dict[MixedBy, Callable[[Mapping[int, Cell]], Division]]] = {
    "streaming": _by_streaming,
    "latency": _by_latency,
    "pace": _by_pace,
}
"""In the order they are tried: what says most first."""


def _divided(cells: Mapping[int, Cell], is_job: Callable[[Cell], bool]) -> tuple[Hours, Hours]:
    job = frozenset(hour for hour, cell in cells.items() if is_job(cell))
    return job, frozenset(cells) - job


def streaming_share(cells: Iterable[Cell]) -> float | None:
    """Calls that streamed, by those that say whether they did."""
    counted = [(cell.n_streamed, cell.n_unstreamed) for cell in cells]
    said = sum(streamed + whole for streamed, whole in counted)
    return sum(streamed for streamed, _ in counted) / said if said else None


def latency_mean_ms(cells: Iterable[Cell]) -> float | None:
    """Mean time to the whole answer, over the calls that carry one."""
    timed = [(cell.latency_ms, cell.n_timed) for cell in cells]
    n = sum(count for _, count in timed)
    return sum(total for total, _ in timed) / n if n else None


# The halves as workloads of their own -------------------------------------------------------------


def split_cube(cube: pa.Table, splits: Sequence[Split]) -> pa.Table:
    """The cube with the halves as workloads of their own; all other rows stay, so windows do."""
    rows = [
        {"workload": split.workload, "hour_of_week": hour, "part": part}
        for split in splits
        for part, hours in zip(split.part_names(), (split.job, split.rest), strict=True)
        for hour in sorted(hours)
    ]
    schema = pa.schema([("workload", pa.string()), ("hour_of_week", pa.int64()), ("part", pa.string())])
    return tables.arrow("split_cube", {"cube": cube, "hours": pa.Table.from_pylist(rows, schema)})


def pace_of(cube: pa.Table) -> Rollups:
    """What the cube alone shows of pace; minutes and sessions were counted over whole workloads."""
    return Rollups(
        SIGNALS_SCHEMA.empty_table(),
        tables.arrow("hour_bursts", {"cube": cube}),
        SESSIONS_SCHEMA.empty_table(),
    )


def hours_ranges(hours: Sequence[int]) -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
    """Hours of the week as (days, ranges of hours): days are `every day`, `weekdays`, `weekend` or one day.

    A range is first hour and the hour after its last: (22, 24).
    """
    by_day: dict[int, list[int]] = defaultdict(list)
    for hour in hours:
        by_day[hour // 24].append(hour % 24)
    ranges = {day: _stretches(found) for day, found in by_day.items()}
    for title, days in (("every day", range(7)), ("weekdays", range(5)), ("weekend", range(5, 7))):
        if set(ranges) == set(days) and len(set(ranges.values())) == 1:
            return ((title, ranges[days[0]]),)
    return tuple((_DAYS[day], ranges[day]) for day in sorted(ranges))


_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _stretches(hours: Sequence[int]) -> tuple[tuple[int, int], ...]:
    found: list[list[int]] = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour:
            found[-1][1] = hour + 1
        else:
            found.append([hour, hour + 1])
    return tuple((first, last) for first, last in found)
