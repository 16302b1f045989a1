"""Reads the tables that ship with the package; the only file access in `pricing`."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from pricing.model import ClockHours, PriceRow, TierTerms

TABLES: Final = Path(__file__).parent / "tables"


def price_rows() -> tuple[PriceRow, ...]:
    """Every row of prices.csv, its source key replaced by the source it stands for."""
    sources = {record["key"]: record["source"] for record in _records("sources.csv")}
    return tuple(
        PriceRow.model_validate(_filled(record) | {"source": sources[record["source"]]})
        for record in _records("prices.csv")
    )


def aliases() -> dict[tuple[str, str], str]:
    """(provider, alias) -> model, from aliases.csv."""
    return {(record["provider"], record["alias"]): record["model"] for record in _records("aliases.csv")}


def tier_terms() -> tuple[TierTerms, ...]:
    """Every row of tiers.csv, in file order: the first that matches a model holds."""
    return tuple(TierTerms.model_validate(_filled(record)) for record in _records("tiers.csv"))


def clock_hours() -> tuple[ClockHours, ...]:
    """Every row of clock.csv: the hours in which a provider bills by the clock."""
    return tuple(ClockHours.model_validate(_filled(record)) for record in _records("clock.csv"))


def _records(name: str) -> Iterator[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _filled(record: dict[str, str]) -> dict[str, object]:
    """Blank cells are left to the model's defaults; dates of validity may omit midnight."""
    filled: dict[str, object] = {column: cell for column, cell in record.items() if cell != ""}
    for column in ("valid_from", "valid_to"):
        if column in filled:
            filled[column] = datetime.fromisoformat(record[column])
    return filled
