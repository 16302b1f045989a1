"""How long a prompt's shared beginning has to be before a provider caches it."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Final

from pricing.matching import matches, spellings

_TABLE: Final = Path(__file__).parent / "tables" / "cache_minimums.csv"

USUAL_MINIMUM: Final = 1024
"""Tokens; the minimum assumed where none is published for a model: it is the one most models have."""


def minimum_prefix_tokens(provider: str, model: str) -> int | None:
    """Fewer tokens than this are never cached; None where no minimum is published for the model.

    The rows of `tables/cache_minimums.csv`, each with its source, are tried in order.
    """
    for spelling in spellings(provider, model):
        for row in _rows():
            if row["provider"] == provider and matches(spelling, row["model_glob"]):
                return int(row["min_prefix_tokens"])
    return None


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
