"""Between the price table and the editor's frame: rows out as typed columns, edited rows back as edits."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from pricing.model import CACHE_RULES, CONFIDENCES, PRICE_COLUMNS, TIERS, PriceRow
from pricing.table import PriceTable
from reports.model import Analysis
from ui import strings as s

KEY_COLUMNS = ("provider", "model", "tier", "min_prompt_tokens")
EDITABLE = (*PRICE_COLUMNS, "cache_rule")
SHOWN = (*KEY_COLUMNS, *EDITABLE, "valid_from", "valid_to", "source", "checked_on", "confidence")


@dataclass(frozen=True)
class Row:
    """One line of the editor: a row of the price table, or an empty one for a model without a price."""

    provider: str
    model: str
    price: PriceRow | None


def in_use(analysis: Analysis, table: PriceTable) -> list[tuple[str, str]]:
    """The (provider, model) pairs that the workspace's traffic names, as the price table knows them.

    A name that has moved stands for itself, so that the rows of all its models are shown.
    """
    pairs = set()
    for result in analysis.workloads:
        for part in result.parts:
            targets = table.targets(part.provider, part.model)
            moved = len(targets) != 1
            pairs.add((part.provider, part.model) if moved else (targets[0].provider, targets[0].model))
    return sorted(pairs)


def lines(prices: Iterable[PriceRow], at: datetime, unpriced: Iterable[tuple[str, str]]) -> list[Row]:
    """The rows in force at `at` or later, after an empty line for each model without any."""
    known = [Row(row.provider, row.model, row) for row in prices if row.valid_to is None or row.valid_to > at]
    known.sort(key=lambda line: _order(line.price))
    empty = [Row(provider, model, None) for provider, model in sorted(set(unpriced))]
    return [*empty, *known]


def _order(price: PriceRow | None) -> tuple[object, ...]:
    if price is None:
        return ()
    return (
        price.provider,
        price.model,
        TIERS.index(price.tier),
        price.min_prompt_tokens,
        price.valid_from is not None,
        price.valid_from,
    )


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """The editor's input: one typed column for each of `SHOWN`; prices are Decimal, unknown is empty."""

    def column(name: str) -> list[Any]:
        return [getattr(row.price, name) if row.price is not None else _blank(row, name) for row in rows]

    built: dict[str, pd.Series[Any]] = {}
    for name in SHOWN:
        values = column(name)
        if name in PRICE_COLUMNS:
            built[name] = pd.Series(values, dtype="object")
        elif name == "min_prompt_tokens":
            built[name] = pd.Series(values, dtype="int64")
        elif name in ("valid_from", "valid_to", "checked_on"):
            built[name] = pd.Series([_date(value) for value in values], dtype="object")
        else:
            built[name] = pd.Series(values, dtype="object")
    return pd.DataFrame(built)


def _blank(row: Row, name: str) -> object:
    return {
        "provider": row.provider,
        "model": row.model,
        "tier": "standard",
        "min_prompt_tokens": 0,
        "cache_rule": "none",
        "source": s.PRICE_MISSING,
    }.get(name)


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def changed(before: pd.DataFrame, after: pd.DataFrame) -> list[int]:
    """Positions in `after` whose prices or cache rule differ from `before`, and every added row."""
    found = []
    for position in range(len(after)):
        if position >= len(before):
            found.append(position)
            continue
        old, new = before.iloc[position], after.iloc[position]
        if any(_value(name, old[name]) != _value(name, new[name]) for name in EDITABLE):
            found.append(position)
    return found


def _value(name: str, raw: object) -> object:
    """A cell as an exact value: prices as Decimal (a browser sends them as floats), blanks as None."""
    if raw is None or raw is pd.NaT or raw is pd.NA or (isinstance(raw, float) and math.isnan(raw)):
        return None
    if name in PRICE_COLUMNS:
        return raw if isinstance(raw, Decimal) else Decimal(str(raw))
    if name == "min_prompt_tokens":
        return int(str(raw)) if not isinstance(raw, float) else int(raw)
    return str(raw).strip() or None


def edit(
    after: pd.DataFrame, position: int, rows: Sequence[Row], *, effective: date, author: str, today: date
) -> dict[str, object]:
    """One changed line as the fields of the price row it asks for, to be checked before it is applied.

    A change starts on the effective day and ends where the row it replaces ended. The first price of
    a model in a tier holds for all of its history: there is nothing before it to protect.
    """
    line = after.iloc[position]
    old = rows[position].price if position < len(rows) else None
    asked: dict[str, object] = {name: _value(name, line[name]) for name in (*KEY_COLUMNS, *EDITABLE)}
    asked["min_prompt_tokens"] = asked["min_prompt_tokens"] or 0
    for name in ("provider", "model"):
        asked[name] = str(asked[name] or "").lower()
    # A typed cache price says that the tier prices caching.
    if asked["cache_read_usd_per_mtok"] is not None:
        asked["cache_rule"] = "priced"
    asked["cache_rule"] = asked["cache_rule"] or "none"
    start = datetime.combine(effective, time.min)
    if old is None:
        asked |= {"valid_from": None, "valid_to": None, "promo_until": None}
    else:
        since = old.valid_from if old.valid_from is not None and old.valid_from > start else start
        asked |= {"valid_from": since, "valid_to": old.valid_to, "promo_until": old.promo_until}
    return asked | {
        "source_kind": "user",
        "source": s.price_entered_by(author),
        "checked_on": today,
        "confidence": "high",
        "note": "",
    }


__all__ = [
    "CACHE_RULES",
    "CONFIDENCES",
    "EDITABLE",
    "PRICE_COLUMNS",
    "SHOWN",
    "TIERS",
    "Row",
    "changed",
    "edit",
    "frame",
    "in_use",
    "lines",
]
