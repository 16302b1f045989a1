"""How old the prices are that figures rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pricing.table import PriceTable

STALE_AFTER_DAYS: Final = 90
"""A price last compared with its source longer ago than this is called stale."""


@dataclass(frozen=True)
class PriceAge:
    """The rows in force or to come of some models: how many, how many stale, the oldest check.

    `stale_models` are (provider, model) with a stale row, sorted.
    """

    n_rows: int
    n_stale: int
    oldest: date
    stale_models: tuple[tuple[str, str], ...]


def price_age(table: PriceTable, models: Iterable[tuple[str, str]], as_of: datetime) -> PriceAge | None:
    """The age of the models' prices on a day; None when they have no price."""
    rows = {
        row
        for provider, model in models
        for row in table.rows_for(provider, model)
        if row.valid_to is None or row.valid_to > as_of
    }
    if not rows:
        return None
    stale = [row for row in rows if (as_of.date() - row.checked_on).days > STALE_AFTER_DAYS]
    return PriceAge(
        len(rows),
        len(stale),
        min(row.checked_on for row in rows),
        tuple(sorted({(row.provider, row.model) for row in stale})),
    )
