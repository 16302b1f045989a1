"""Moves that were made before anybody claimed them: parts whose calls changed tier in the log."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from reports import tables
from reports.projection import Move, move
from reports.windows import PartKey


@dataclass(frozen=True)
class MoveMade:
    """A part (workload, provider, model) and how it moved; its day begins at midnight UTC."""

    part: PartKey
    move: Move


def moves_made(cube: pa.Table) -> tuple[MoveMade, ...]:
    """Every part that changed tier for good, the newest move first."""
    days: dict[PartKey, dict[datetime, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in tables.rows("part_days", {"cube": cube}):
        days[row["workload"], row["provider"], row["model"]][row["day_utc"]][row["tier"]] = row["n_requests"]
    found = [MoveMade(part, made) for part, by_day in days.items() if (made := move(by_day)) is not None]
    return tuple(sorted(found, key=lambda item: (item.move.since, item.part), reverse=True))
