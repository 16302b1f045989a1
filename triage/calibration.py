"""How often verdicts were right on the labelled sets: the committed table, and how to read it.

The table is made by `scripts/build_calibration.py`, which says how; its figures hold for the
default policy of the version in it.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Basis = Literal["declared", "behaves-interactive", "behaves-batch"]
BASES: Final[tuple[Basis, ...]] = ("declared", "behaves-interactive", "behaves-batch")

_TABLE: Final = Path(__file__).parent / "calibration.csv"


@dataclass(frozen=True)
class Band:
    """Verdicts of one kind whose score reaches `score_from` and not the next band.

    Attributes:
        basis: what decided: stated facts, or signals of the log that point to a label.
        score_from: for stated facts the rule's score from 0 to 1, for signals whole points.
        n, n_right: labelled cases with such a score, and those whose label was right; a workload
            counts 1 however many variants of it were tried.
        confidence: (n_right + 1) / (n + 2), never falling with the score.
        policy_version: the policy under which it was counted.
    """

    basis: Basis
    score_from: Decimal
    n: Decimal
    n_right: Decimal
    confidence: Decimal
    policy_version: str


@lru_cache(maxsize=1)
def bands() -> tuple[Band, ...]:
    """The committed table, by basis and rising score."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Band(
                next(basis for basis in BASES if basis == row["basis"]),
                Decimal(row["score_from"]),
                Decimal(row["n"]),
                Decimal(row["n_right"]),
                Decimal(row["confidence"]),
                row["policy_version"],
            )
            for row in csv.DictReader(lines)
        )


def band_of(basis: Basis, score: Decimal) -> Band:
    """The band of a score; scores below the lowest band are read as the lowest."""
    own = [band for band in bands() if band.basis == basis]
    return next((band for band in reversed(own) if band.score_from <= score), own[0])
