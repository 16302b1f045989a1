"""The same calls priced in other ways: by tier, without the cache, at another day's prices."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from pricing.table import PriceTable
from reports import tables
from reports.differences import Alternative
from reports.look import whole_cost

_TIER_LANES: Final = ("sync+cache", "sync", "batch+cache", "batch", "flex+cache", "flex")
_HOUR: Final = timedelta(hours=1)

Key = tuple[Any, ...]


@dataclass
class Priced:
    """What the calls of one group cost, micro-dollars, and what they would cost in other ways.

    `computed_micro_usd` covers the priced calls; the group is `complete` when that is all of them.
    `reported_usd` is what the source itself said.
    """

    n_requests: int = 0
    complete: bool = True
    computed_micro_usd: Decimal = Decimal(0)
    reported_usd: Decimal | None = None
    alternatives: list[Alternative] = field(default_factory=list)


def priced_ways(
    cube: pa.Table, prices: PriceTable, group_by: Sequence[str], undated_as_of: datetime
) -> dict[Key, Priced]:
    """Every group of a cube as computed and in the other ways, the likelier ones first.

    Ways without a price for all calls of a group are left out.
    """

    def costs(
        table: pa.Table, as_of: Sequence[datetime] | None, lanes: Sequence[str]
    ) -> list[dict[str, Any]]:
        by = (*group_by, "as_of") if as_of else tuple(group_by)
        return list(
            lane_costs(
                table, prices, group_by=by, as_of=as_of, undated_as_of=undated_as_of, lanes=lanes
            ).to_pylist()
        )

    def key(row: Mapping[str, Any]) -> Key:
        return tuple(row[name] for name in group_by)

    found: dict[Key, Priced] = defaultdict(Priced)
    for row in costs(cube, None, (AS_BILLED, *_TIER_LANES)):
        whole, group = whole_cost(row), found[key(row)]
        if row["lane"] == AS_BILLED:
            group.n_requests = row["n_requests"]
            group.complete = whole is not None and row["n_unmetered"] == row["n_failed_unmetered"]
            group.computed_micro_usd = row["cost_micro_usd"] or Decimal(0)
            group.reported_usd = row["reported_usd"]
        elif whole is not None:
            group.alternatives.append(Alternative("tier", row["lane"], whole))
    for row in costs(tables.arrow("plain_input_cube", {"cube": cube}), None, (AS_BILLED,)):
        if (whole := whole_cost(row)) is not None:
            found[key(row)].alternatives.append(Alternative("cache", "", whole))
    instants = _instants(prices, cube)
    if instants:
        rows = costs(cube, instants, (AS_BILLED,))
        for row in sorted(rows, key=lambda row: row["as_of"], reverse=True):
            if (whole := whole_cost(row)) is not None:
                day = row["as_of"].date().isoformat()
                found[key(row)].alternatives.append(Alternative("price_age", day, whole))
    if prices.discounts:
        undiscounted = lane_costs(
            cube,
            prices.with_discounts(()),
            group_by=group_by,
            as_of=None,
            undated_as_of=undated_as_of,
            lanes=(AS_BILLED,),
        )
        for row in undiscounted.to_pylist():
            if (whole := whole_cost(row)) is not None:
                found[key(row)].alternatives.append(Alternative("credits", "", whole))
    return found


def _instants(prices: PriceTable, cube: pa.Table) -> list[datetime]:
    """The last hour before each change of a price in use, and the change itself."""
    pairs: Iterable[Mapping[str, Any]] = (
        cube.select(["provider", "model"]).group_by(["provider", "model"]).aggregate([]).to_pylist()
    )
    changes = {
        row.valid_from
        for pair in pairs
        for row in prices.rows_for(pair["provider"], pair["model"])
        if row.valid_from is not None
    }
    return sorted({at for change in changes for at in (change, change - _HOUR)})
