"""Which hours the logs cover, however they were cut into files.

Ten files of a day each are one log of ten days, with the nights that no file reaches into. So datasets of
one format that share a part (workload, provider, model) are one log while no more than a week is silent
between them, and a part of any of them has the whole of it: a weekly job ran twice in two weeks of daily
files. What lies further apart are samples of their own, and the time between them is not known.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa

from reports import tables

PartKey = tuple[str, str, str]
Window = tuple[datetime, datetime]
"""The first and the last hour, both covered."""

SAME_LOG_WITHIN: Final = timedelta(days=7)
"""Files are cut by the hour, day or week, and a team that works on weekdays leaves silent weekends."""
_HOUR: Final = timedelta(hours=1)
_HOURS_A_DAY: Final = 24

_Piece = tuple[str, datetime]
"""A dataset and the first hour of one of its windows."""


def log_windows(cube: pa.Table) -> dict[PartKey, tuple[Window, ...]]:
    """The windows of the logs that hold each logged, dated part of the cube, in order."""
    ends: dict[_Piece, datetime] = {}
    formats: dict[_Piece, str] = {}
    busy: dict[_Piece, int] = {}
    parts: dict[_Piece, list[PartKey]] = defaultdict(list)
    for row in tables.rows("dataset_windows", {"cube": cube}):
        piece = (row["dataset_id"], row["first_hour"])
        ends[piece], formats[piece] = row["last_hour"], row["source_format"]
        busy[piece] = row["busy_hours"]
        parts[piece].append((row["workload"], row["provider"], row["model"]))

    log_of: dict[_Piece, int] = {}
    logs: dict[int, Window] = {}
    newest: dict[tuple[str, PartKey], _Piece] = {}
    for number, piece in enumerate(sorted(ends, key=lambda piece: (piece[1], piece[0]))):
        first, last = piece[1], ends[piece]
        before = {
            log_of[known]
            for part in parts[piece]
            if (known := newest.get((formats[piece], part))) is not None
        }
        near = {log for log in before if first - logs[log][1] - _HOUR <= SAME_LOG_WITHIN}
        joined = [logs.pop(log) for log in near]
        logs[number] = (
            min([first, *(begun for begun, _ in joined)]),
            max([last, *(ended for _, ended in joined)]),
        )
        log_of |= {known: number for known, log in log_of.items() if log in near}
        log_of[piece] = number
        newest |= {(formats[piece], part): piece for part in parts[piece]}

    busy_in: Counter[int] = Counter()
    for piece, log in log_of.items():
        busy_in[log] += busy[piece]
    whole = {log: _whole_days(window, busy_in[log]) for log, window in logs.items()}
    found: dict[PartKey, set[Window]] = defaultdict(set)
    for piece, keys in parts.items():
        for key in keys:
            found[key].add(whole[log_of[piece]])
    return {key: tuple(sorted(windows)) for key, windows in found.items()}


def _whole_days(window: Window, busy_hours: int) -> Window:
    """A log of jobs, silent for most of its hours, covers the UTC days of its runs, the first to the last.

    From the first of ten nights to the last there are nine days: a year of that would have a ninth more
    nights than it has. A log of steady traffic covers what it covers.
    """
    first, last = window
    if busy_hours * 2 >= (last - first) // _HOUR + 1:
        return window
    return first.replace(hour=0), last.replace(hour=_HOURS_A_DAY - 1)
