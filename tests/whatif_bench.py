"""Five workloads whose month is easy to work out by hand, for the tests of scenarios.

Two weeks, five calls an hour each. Micro-dollars a call today: nightly 3,500 (gpt-4o), chat 4,500 and docs
4,875 (Sonnet), long 238,500 (Gemini 2.5 Pro, just under its 200,000-token threshold), mystery 3,500.
"""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reports.workbench import Workbench

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2)
HOURS = 336
CALLS = 5 * HOURS
MONTHS = Decimal(8760) / HOURS / 12
TODAY = {"nightly": 3_500, "chat": 4_500, "docs": 4_875, "long": 238_500, "mystery": 3_500}

_WORKLOADS: dict[str, dict[str, Any]] = {
    "nightly": {"provider": "openai", "model": "gpt-4o"},
    "chat": {"provider": "anthropic", "model": "claude-sonnet-4-5"},
    "docs": {"provider": "anthropic", "model": "claude-sonnet-4-5", "cache_write_tokens": 500},
    "long": {"provider": "gemini", "model": "gemini-2.5-pro", "input_tokens": 190_000},
    "mystery": {"provider": "openai", "model": "gpt-4o"},
}


def a_month(micro_usd_a_call: object) -> Decimal:
    """What five calls an hour make of an amount a call."""
    return CALLS * Decimal(str(micro_usd_a_call)) * MONTHS


def close(left: Decimal | None, right: Decimal) -> bool:
    """Equal but for the last digits of 8,760 / 336 / 12."""
    return left is not None and abs(left - right) < Decimal("1E-9")


def open_bench(folder: Path) -> Workbench:
    """A workspace with the five workloads; nobody has said whether `mystery` can wait."""
    log = folder / "log.jsonl"
    with log.open("w", encoding="utf-8") as out:
        for call in range(CALLS):
            for workload, own in _WORKLOADS.items():
                row = {
                    "call_id": f"{workload}-{call}",
                    "ts": (START + timedelta(minutes=12 * call)).isoformat(),
                    "workload": workload,
                    "input_tokens": 1_000,
                    "cache_read_tokens": 0,
                    "output_tokens": 100,
                    "tier": "standard",
                    "status": "ok",
                    **own,
                }
                out.write(json.dumps(row) + "\n")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(log)
    for workload in ("nightly", "docs", "long"):
        bench.declare(workload, author="Ada", user_waiting=False, max_wait="24h")
    bench.declare("chat", author="Ada", user_waiting=True, trigger="user")
    return bench
