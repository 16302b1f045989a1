"""Whether a verified move fell back: its newest calls run again where they ran before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from reports import tables
from reports.ledger_model import Key, Measured
from reports.recommend import TIER_OF_LANE
from reports.verification import tier_counts, token_sums

RECENT: Final = timedelta(days=7)
"""How much of the log's end is looked at."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Regression:
    """A move that fell back: since which hour was looked, and how much of it is left, shares of 1.

    Of a lane of another tier the share is that of the calls in it; of a lane with cache in the standard
    tier it is that of the input read from the cache.
    """

    since_utc: datetime
    n_requests: int
    share: Decimal
    share_when_verified: Decimal
    of_cache: bool


def regression(key: Key, measured: Measured, cube: pa.Table) -> Regression | None:
    """How a verified move fell back: less than half of what was verified is left; None where it holds.

    Looks at the part's last seven days of calls after those that were verified; None without any.
    """
    calls = tables.arrow(
        "part_since",
        {"cube": cube},
        workload=key.workload,
        provider=key.provider,
        model=key.model,
        since=measured.last_hour_utc + _HOUR,
    )
    if not calls.num_rows:
        return None
    newest = pc.max(calls["hour_utc"]).as_py()
    since = max(measured.last_hour_utc + _HOUR, newest - RECENT + _HOUR)
    row = tables.rows(
        "part_tokens",
        {
            "cube": tables.arrow(
                "part_since",
                {"cube": calls},
                workload=key.workload,
                provider=key.provider,
                model=key.model,
                since=since,
            )
        },
    )[0]
    tier = TIER_OF_LANE.get(key.lane, "standard")
    if tier == "standard":
        tokens, before = token_sums(row), measured.tokens
        now_share = _share(tokens.cache_read_tokens, tokens.input_tokens)
        then_share = _share(before.cache_read_tokens, before.input_tokens)
    else:
        counts = tier_counts(row)
        now_share = _share(counts.get(tier, 0), sum(counts.values()))
        then_share = _share(measured.tiers.get(tier, 0), sum(measured.tiers.values()))
    if now_share * 2 >= then_share:
        return None
    return Regression(since, int(row["n_requests"]), now_share, then_share, tier == "standard")


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)
