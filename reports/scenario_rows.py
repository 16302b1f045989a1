"""The price rows that a scenario's month rests on: those of the models that serve it, on its own day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from pricing.coming import HOURS_A_YEAR
from pricing.table import PriceTable
from reports.explanation import table_rows
from reports.model import PriceUsed
from reports.recommend import TIER_OF_LANE
from reports.scenario_moves import Move


def rows_of(prices: PriceTable, moves: Sequence[Move], at: datetime) -> tuple[PriceUsed, ...]:
    """The rows in force in the year from `at` on, of today's tiers and the new one, dearest part first."""
    tiers: dict[tuple[str, str], set[str]] = {}
    for move in sorted(moves, key=lambda item: -(item.part.current_micro_usd or Decimal(0))):
        mine = tiers.setdefault(move.serves, set())
        mine |= set(move.part.tier_mix) or {"standard"}
        if move.target is not None:
            mine.add(TIER_OF_LANE[move.target])
    served = [(provider, model, wanted) for (provider, model), wanted in tiers.items()]
    return tuple(table_rows(prices, served, at, at + timedelta(hours=HOURS_A_YEAR)))
