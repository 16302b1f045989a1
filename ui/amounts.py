"""Columns of amounts in tables that are sorted by them: numbers, in the currency shown."""

from decimal import Decimal
from typing import Any

import streamlit as st

from reports import display


def rounded(micro_usd: Decimal | None, more_places: int = 0) -> Decimal | None:
    """An amount to the smallest unit of the currency shown, or so many places beyond; None stays unknown."""
    if micro_usd is None:
        return None
    return round(display.amount(micro_usd), display.currency().places + more_places)


def column(*, width: int, help: str, more_places: int = 0) -> Any:
    """The column of `rounded` amounts, each marked as dollars or as converted."""
    places = display.currency().places + more_places
    return st.column_config.NumberColumn(
        format="dollar"
        if display.shown().conversion is None and not more_places
        else f"{display.mark()}%,.{places}f",
        width=width,
        help=help,
    )


def width_of(amounts: Any, least: int) -> int:
    """Pixels in which the longest of `amounts` fits: a grid cuts a number's first digits off."""
    places = display.currency().places
    longest = max((len(f"{display.mark()}{amount:,.{places}f}") for amount in amounts), default=0)
    return max(least, 20 + 7 * longest)
