"""Which datasets make up the log of a part, however the log was cut into files.

Datasets of one format that share a part (workload, provider, model) are one log while no more than a week
is silent between them, and a part of any of them has all of them: a weekly job in daily files ran twice in
two weeks, although twelve of the files do not know it.
"""

from collections import defaultdict, deque
from datetime import datetime
from typing import Final

import pyarrow as pa

from reports import tables
from reports.log_hours import PAUSE_H, Window, hours_between

PartKey = tuple[str, str, str]

_Piece = tuple[str, Window]
"""A dataset and one of its windows."""


_RECENT: Final[deque[tuple[pa.Table, dict[PartKey, tuple[Window, ...]]]]] = deque(maxlen=4)
"""An analysis asks for the same cube's windows several times; of a file an hour they take seconds."""


def log_windows(cube: pa.Table) -> dict[PartKey, tuple[Window, ...]]:
    """The windows of the datasets that make up the logs of each logged, dated part of the cube, in order.

    Parts of the same logs have the very same tuple.
    """
    for known, windows in tuple(_RECENT):
        if known is cube:
            return windows
    found = _log_windows(cube)
    _RECENT.appendleft((cube, found))
    return found


def _log_windows(cube: pa.Table) -> dict[PartKey, tuple[Window, ...]]:
    formats: dict[_Piece, str] = {}
    parts: dict[_Piece, list[PartKey]] = defaultdict(list)
    for row in tables.rows("dataset_windows", {"cube": cube}):
        window = Window(row["first_hour"], row["last_hour"], row["silent_h"], row["usual_silence_h"])
        piece = (row["dataset_id"], window)
        formats[piece] = row["source_format"]
        parts[piece].append((row["workload"], row["provider"], row["model"]))

    log_of: dict[_Piece, int] = {}
    pieces_of: dict[int, list[_Piece]] = {}
    end_of: dict[int, datetime] = {}
    newest: dict[tuple[str, PartKey], _Piece] = {}
    for number, piece in enumerate(sorted(formats, key=lambda piece: (piece[1].first, piece[0]))):
        known = (newest.get((formats[piece], part)) for part in parts[piece])
        near = {
            log
            for log in {log_of[before] for before in known if before is not None}
            if hours_between(end_of[log], piece[1].first) <= PAUSE_H
        }
        # The largest one takes the others in, so that a log of many files is not copied for each of them.
        log = max(near, key=lambda one: len(pieces_of[one]), default=number)
        taken = [piece, *(old for other in near - {log} for old in pieces_of.pop(other))]
        pieces_of.setdefault(log, []).extend(taken)
        end_of[log] = max([piece[1].until, *(end_of[one] for one in near)])
        log_of |= dict.fromkeys(taken, log)
        newest |= {(formats[piece], part): piece for part in parts[piece]}

    logs_of: dict[PartKey, set[int]] = defaultdict(set)
    for piece, keys in parts.items():
        for key in keys:
            logs_of[key].add(log_of[piece])
    of_logs = {
        logs: tuple(sorted({window for log in logs for _, window in pieces_of[log]}, key=_in_time))
        for logs in {frozenset(logs) for logs in logs_of.values()}
    }
    return {key: of_logs[frozenset(logs)] for key, logs in logs_of.items()}


def _in_time(window: Window) -> tuple[datetime, datetime]:
    return window.first, window.last
