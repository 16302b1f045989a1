"""What a stated usage of one model costs in each lane on one day, by the price engine over a cube made of it.

The calculators ask here and nowhere else, so they cannot disagree with the analysis of a log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import pyarrow as pa

from pricing.cost import lane_costs
from pricing.lanes import LANE_TIERS, LaneRate, explain, lane_rates
from pricing.model import Lane, PriceRow
from pricing.table import PriceTable

CALCULATOR_LANES: Final[tuple[Lane, ...]] = (
    "sync",
    "sync+cache",
    "batch",
    "batch+cache",
    "flex",
    "flex+cache",
)


@dataclass(frozen=True)
class Usage:
    """Requests that are alike, together; the cache parts are inside `input_tokens`.

    `prompt_tokens` is the input of one request: it decides the context band of all of them.
    """

    n_requests: int
    prompt_tokens: int
    input_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_long_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class LaneQuote:
    """What a usage costs in one lane, micro-dollars, and the rates it was priced with; or why not."""

    lane: Lane
    cost_micro_usd: Decimal | None
    reason: str | None
    rate: LaneRate | None


@dataclass(frozen=True)
class Subject:
    """The model and the instant (naive UTC) that prices are asked for."""

    table: PriceTable
    provider: str
    model: str
    at: datetime

    def band(self, prompt_tokens: int) -> int:
        """The largest context threshold of the table that a prompt reaches, else 0."""
        return max((start for start in self.table.thresholds() if start <= prompt_tokens), default=0)


def quotes(
    subject: Subject, usages: Mapping[str, Usage], lanes: Sequence[Lane] = CALCULATOR_LANES
) -> dict[str, dict[Lane, LaneQuote]]:
    """Each named usage in each lane; one statement however many there are."""
    cube = _cube(subject, usages)
    priced = lane_costs(
        cube,
        subject.table,
        group_by=("workload",),
        as_of=subject.at,
        undated_as_of=subject.at,
        lanes=lanes,
    )
    rates = lane_rates(subject.table, [(subject.provider, subject.model)])
    found: dict[str, dict[Lane, LaneQuote]] = {name: {} for name in usages}
    for row in priced.to_pylist():
        lane: Lane = row["lane"]
        code: str | None = row["reason"]
        found[row["workload"]][lane] = LaneQuote(
            lane,
            None if code else row["cost_micro_usd"],
            explain(code, provider=subject.provider, model=subject.model, tier=LANE_TIERS[lane][0])
            if code
            else None,
            _rate(rates, lane, subject, usages[row["workload"]].prompt_tokens),
        )
    return found


def quote(subject: Subject, usage: Usage, lanes: Sequence[Lane] = CALCULATOR_LANES) -> dict[Lane, LaneQuote]:
    """One usage in each lane."""
    return quotes(subject, {"usage": usage}, lanes)["usage"]


def rows_used(
    subject: Subject, prompt_tokens: int, lanes: Sequence[Lane] = CALCULATOR_LANES
) -> tuple[PriceRow, ...]:
    """The price rows in force for that prompt length in the tiers of the lanes, standard first."""
    wanted = {LANE_TIERS[lane][0] for lane in lanes}
    best: dict[str, PriceRow] = {}
    for row in subject.table.rows_for(subject.provider, subject.model):
        if row.tier in wanted and row.covers(subject.at) and row.min_prompt_tokens <= prompt_tokens:
            held = best.get(row.tier)
            if held is None or held.min_prompt_tokens < row.min_prompt_tokens:
                best[row.tier] = row
    return tuple(best.values())


def _rate(rates: Sequence[LaneRate], lane: Lane, subject: Subject, prompt_tokens: int) -> LaneRate | None:
    for rate in rates:
        if (
            rate.lane == lane
            and rate.reason is None
            and rate.min_prompt_tokens <= prompt_tokens
            and (rate.max_prompt_tokens is None or prompt_tokens < rate.max_prompt_tokens)
            and (rate.valid_from is None or rate.valid_from <= subject.at)
            and (rate.valid_to is None or subject.at < rate.valid_to)
        ):
            return rate
    return None


def _cube(subject: Subject, usages: Mapping[str, Usage]) -> pa.Table:
    """The usages as rows of the usage cube, told apart by their workload."""
    items = list(usages.items())

    def text(value: str) -> pa.Array:
        return pa.array([value] * len(items), pa.string())

    def tokens(column: str) -> pa.Array:
        return pa.array([getattr(usage, column) for _, usage in items], pa.int64())

    return pa.table(
        {
            "hour_utc": pa.array([None] * len(items), pa.timestamp("us")),
            "provider": text(subject.provider),
            "model": text(subject.model),
            "workload": pa.array([name for name, _ in items], pa.string()),
            "tier": text("standard"),
            "prompt_band": pa.array([subject.band(usage.prompt_tokens) for _, usage in items], pa.int64()),
            "status": text("ok"),
            "grain": text("bucket"),
            "n_requests": tokens("n_requests"),
            "n_unmetered": pa.array([0] * len(items), pa.int64()),
            "input_tokens": tokens("input_tokens"),
            "cache_read_tokens": tokens("cache_read_tokens"),
            "cache_write_tokens": tokens("cache_write_tokens"),
            "cache_write_long_tokens": tokens("cache_write_long_tokens"),
            "output_tokens": tokens("output_tokens"),
        }
    )
