"""Reads the tables that ship with the package; the only file access in `pricing`."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from pricing.aliases import AliasSpan
from pricing.model import ClockHours, PriceRow, TierTerms
from pricing.review import Decision, Disagreement
from pricing.terms import CacheTerms, RegionalFactor, ThinkingTerms

TABLES: Final = Path(__file__).parent / "tables"


def price_rows() -> tuple[PriceRow, ...]:
    """Every row of prices.csv, its source key replaced by the source it stands for."""
    sources = {record["key"]: record["source"] for record in _records("sources.csv")}
    return tuple(
        PriceRow.model_validate(_filled(record) | {"source": sources[record["source"]]})
        for record in _records("prices.csv")
    )


def aliases() -> dict[tuple[str, str], tuple[AliasSpan, ...]]:
    """(provider, alias) -> the models it has meant and when, from aliases.csv."""
    found: dict[tuple[str, str], tuple[AliasSpan, ...]] = {}
    for record in _records("aliases.csv"):
        key = (record["provider"], record["alias"])
        span = AliasSpan(record["model"], _moment(record["valid_from"]), _moment(record["valid_to"]))
        found[key] = (*found.get(key, ()), span)
    return found


def tier_terms() -> tuple[TierTerms, ...]:
    """Every row of tiers.csv, in file order: the first that matches a model holds."""
    return tuple(TierTerms.model_validate(_filled(record)) for record in _records("tiers.csv"))


def clock_hours() -> tuple[ClockHours, ...]:
    """Every row of clock.csv: the hours in which a provider bills by the clock."""
    return tuple(ClockHours.model_validate(_filled(record)) for record in _records("clock.csv"))


def cache_terms() -> tuple[CacheTerms, ...]:
    """Every row of cache.csv, in file order: the first in force that matches a model holds."""
    return tuple(CacheTerms.model_validate(_filled(record)) for record in _records("cache.csv"))


def regional_factors() -> tuple[RegionalFactor, ...]:
    """Every row of regions.csv, in file order: the first that matches a model and region holds."""
    return tuple(RegionalFactor.model_validate(_filled(record)) for record in _records("regions.csv"))


def thinking_terms() -> tuple[ThinkingTerms, ...]:
    """Every row of thinking.csv: models whose price is another one once they think."""
    return tuple(ThinkingTerms.model_validate(_filled(record)) for record in _records("thinking.csv"))


def disagreements() -> tuple[Disagreement, ...]:
    """Every row of price_conflicts.csv: prices that both catalogues state differently."""
    return tuple(Disagreement.model_validate(_filled(record)) for record in _records("price_conflicts.csv"))


def decisions() -> tuple[Decision, ...]:
    """Every row of decisions.csv: questions settled by hand."""
    return tuple(Decision.model_validate(_filled(record)) for record in _records("decisions.csv"))


def _records(name: str) -> Iterator[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _filled(record: dict[str, str]) -> dict[str, object]:
    """Blank cells are left to the model's defaults; dates of validity may omit midnight."""
    filled: dict[str, object] = {column: cell for column, cell in record.items() if cell != ""}
    for column in ("valid_from", "valid_to"):
        if column in filled:
            filled[column] = _moment(record[column])
    return filled


def _moment(cell: str) -> datetime | None:
    return datetime.fromisoformat(cell) if cell else None
