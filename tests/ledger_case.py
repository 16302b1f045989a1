"""A job that moved to batch on 9 November, small enough to be added up by hand.

200 lines a night on gpt-4o, 1,000 tokens in and 100 out: 3,500 micro-dollars a line in sync
(2.50 and 10 USD per million), 1,750 in batch. Until the 8th all run in sync. From the 9th on 190
answer in batch, 10 expire there and run again in sync.
"""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from reports.ledger_model import Key
from reports.workbench import Workbench

HEADER = ["call_id", "ts", "provider", "model", "workload", "tier", "status", "input_tokens", "output_tokens"]
MOVED = datetime(2026, 11, 9)
KEY = Key(workload="nightly", provider="openai", model="gpt-4o", lane="batch")


def lines(name: str, at: datetime, n: int, tier: str = "standard", status: str = "ok") -> list[list[object]]:
    """`n` lines of the job in one hour; those without an answer have no tokens."""
    tokens: list[object] = [1_000, 100] if status == "ok" else ["", ""]
    return [
        [f"{name}-{number}", at.isoformat(), "openai", "gpt-4o", "nightly", tier, status, *tokens]
        for number in range(n)
    ]


def nights(first: int, last: int, *, moved: bool) -> list[list[object]]:
    """The lines of some nights of November 2026."""
    rows: list[list[object]] = []
    for day in range(first, last + 1):
        at = datetime(2026, 11, day, 1)
        if moved:
            rows += lines(f"b{day}", at, 190, "batch") + lines(f"x{day}", at, 10, "batch", "expired")
            rows += lines(f"r{day}", at + timedelta(hours=6), 10)
        else:
            rows += lines(f"s{day}", at, 200)
    # The log of each day ends at midnight, whoever calls then.
    end = datetime(2026, 11, last, 23)
    rows.append([f"e{last}", end.isoformat(), "openai", "gpt-4o", "chat", "standard", "ok", 10, 1])
    return rows


def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """The rows as a Lanewise CSV."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def before_the_move(folder: Path) -> Workbench:
    """A workspace with seven nights in sync, and the fact that the job may wait a day."""
    bench = Workbench.open(folder / "home")
    bench.import_file(write(folder / "before.csv", nights(2, 8, moved=False)))
    bench.declare("nightly", author="Ann", user_waiting=False, max_wait="24h")
    return bench


def after_the_move(bench: Workbench, folder: Path) -> None:
    """Seven more nights, in batch."""
    bench.import_file(write(folder / "after.csv", nights(9, 15, moved=True)))
