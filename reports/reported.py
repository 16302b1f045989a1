"""What the source of each log said its calls cost, beside what Lanewise computes for the same calls."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

import pyarrow as pa

from reports import tables
from reports.alternatives import Priced, priced_ways
from reports.differences import PRECISION, ROUNDING_OF_A_CALL, Alternative, Comparison, classify
from reports.look import Inputs
from reports.recommend import LANE_OF_TIER

MICRO: Final = Decimal(1_000_000)
_CELL: Final = ("dataset_id", "day_utc", "provider", "model", "workload", "tier")


@dataclass(frozen=True)
class NotCompared:
    """Amounts of a source that nothing could be held against, micro-dollars, and why (a code)."""

    source: str
    reason: str
    n: int
    micro_usd: Decimal | None


@dataclass(frozen=True)
class Reported:
    """The comparisons with the sources of the logs, and what could not be compared."""

    rows: tuple[Comparison, ...]
    not_compared: tuple[NotCompared, ...]


def reported(inputs: Inputs, cube: pa.Table) -> Reported:
    """Each source's own costs, a comparison a day, model, workload and tier.

    Calls without a reported cost are left out, hour by hour; where an hour has both, the cost is for some
    of the calls only and the difference is that of missing calls.
    """
    said = tables.arrow("reported_cube", {"cube": cube})
    if not said.num_rows:
        return Reported((), ())
    counts = {
        tuple(row[name] for name in _CELL): int(row["n_reported"])
        for row in tables.rows("reported_counts", {"cube": said})
    }
    rows: list[Comparison] = []
    unpriced: dict[str, NotCompared] = {}
    with localcontext() as context:
        context.prec = PRECISION
        for key, priced in priced_ways(said, inputs.prices, _CELL, inputs.as_of).items():
            other = (priced.reported_usd or Decimal(0)) * MICRO
            dataset, day, provider, model, workload, tier = key
            if not priced.complete:
                known = unpriced.get(dataset, NotCompared(dataset, "no_price", 0, Decimal(0)))
                total = (known.micro_usd or Decimal(0)) + other
                unpriced[dataset] = NotCompared(dataset, "no_price", known.n + priced.n_requests, total)
                continue
            partial = counts.get(key, 0) < priced.n_requests
            causes, detail = classify(
                other,
                priced.computed_micro_usd,
                [] if partial else _likely(priced, tier),
                rounding=ROUNDING_OF_A_CALL * priced.n_requests,
                fallback="missing_calls" if partial else "unknown",
            )
            rows.append(
                Comparison(
                    dataset,
                    provider,
                    model,
                    workload,
                    tier,
                    day,
                    day,
                    priced.n_requests,
                    priced.computed_micro_usd,
                    other,
                    causes,
                    detail,
                )
            )
    return Reported(tuple(rows), tuple(unpriced.values()))


def _likely(priced: Priced, tier: str) -> list[Alternative]:
    """The other ways in which a source may have priced: the lanes of the tier itself are not another tier."""
    own = LANE_OF_TIER.get(tier, tier)
    return [way for way in priced.alternatives if way.cause != "tier" or way.detail.partition("+")[0] != own]
