"""Reads modifiers.csv: how a tier relates to the standard one where no source states its price."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class Modifier:
    """One line of modifiers.csv: how a tier relates to the standard one, and how its cache bills."""

    provider: str
    model_glob: str
    tier: str
    input_mult: Decimal | None
    output_mult: Decimal | None
    cache_rule: str
    use: str
    """`missing`: derive the tier where no source prices it; `backdate`: only for dates before a
    source begins; `rule`: only the cache rule."""
    confidence: str
    source: str
    checked_on: date


def read_modifiers(path: Path) -> list[Modifier]:
    """modifiers.csv, in file order: the first line that matches holds."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Modifier(
                record["provider"],
                record["model_glob"],
                record["tier"],
                Decimal(record["input_mult"]) if record["input_mult"] else None,
                Decimal(record["output_mult"]) if record["output_mult"] else None,
                record["cache_rule"],
                record["use"],
                record["confidence"],
                record["source"],
                date.fromisoformat(record["checked_on"]),
            )
            for record in csv.DictReader(file)
        ]
