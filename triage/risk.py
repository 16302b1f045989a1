"""What a deadline costs: the chance to miss it, what re-runs leave of the saving, when to give up.

Shares are Decimals from 0 to 1 and durations whole seconds, so every figure is exact.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from triage.errors import FactsError

_TABLE: Final = Path(__file__).parent / "turnaround.csv"
_NONE: Final = Decimal(0)
_ALL: Final = Decimal(1)
_Z: Final = Decimal("1.96")
"""Standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Miss:
    """The share of answers that come after the deadline.

    Attributes:
        low, high: what the figures at hand rule out lies outside.
        base: the best single figure; None where nothing is known between the bounds.
    """

    low: Decimal
    base: Decimal | None
    high: Decimal


@dataclass(frozen=True)
class Turnaround:
    """How long a batch takes from being sent to having its answers.

    Attributes:
        knots: (seconds, share of the work done by then), both rising; empty where nothing is published.
        n_samples: batches measured; None for a published figure.
        note: what the figures leave out, in words.
        source: where they are from.
    """

    knots: tuple[tuple[int, Decimal], ...]
    n_samples: int | None
    note: str
    source: str

    @classmethod
    def from_samples(cls, seconds: Sequence[int | None], source: str) -> "Turnaround":
        """The distribution of one's own batches; None is a batch that never came back.

        Raises:
            FactsError: when there is no sample, or one is negative.
        """
        if not seconds or any(value is not None and value < 0 for value in seconds):
            raise FactsError(
                "Turnaround cannot be read",
                "Give at least one turnaround in seconds, none below 0, or None where none came back.",
            )
        done = sorted(value for value in seconds if value is not None)
        total = len(seconds)
        knots = {value: Decimal(rank) / total for rank, value in enumerate(done, start=1)}
        return cls(tuple(knots.items()), total, f"{total:,} batches of your own", source)

    @property
    def median_s(self) -> int | None:
        """The time by which half of the work is done; None where that is neither published nor measured."""
        if self.n_samples is None:
            return next((seconds for seconds, share in self.knots if share == Decimal("0.5")), None)
        return next((seconds for seconds, share in self.knots if share >= Decimal("0.5")), None)

    def miss(self, deadline_s: int) -> Miss:
        """The share of answers that come later than `deadline_s` seconds after sending.

        From one's own batches: the share counted, with a 95 % Wilson interval. From published
        figures: the bounds that the published points leave, and between them a straight line
        where a median or a ninth decile is published. The longest time published counts as
        "all done": what expires then is a re-run, counted elsewhere.
        """
        if self.n_samples is not None:
            done = max((share for seconds, share in self.knots if seconds <= deadline_s), default=_NONE)
            return _wilson(_ALL - done, self.n_samples)
        points = ((0, _NONE), *self.knots)
        done = max(share for seconds, share in points if seconds <= max(deadline_s, 0))
        later = min((share for seconds, share in self.knots if seconds > deadline_s), default=None)
        if later is None:
            complete = done == _ALL
            return Miss(_ALL - done if complete else _NONE, _ALL - done if complete else None, _ALL - done)
        has_quantile = len(self.knots) > 1
        return Miss(_ALL - later, _ALL - _between(points, deadline_s) if has_quantile else None, _ALL - done)


def _between(points: Sequence[tuple[int, Decimal]], at_s: int) -> Decimal:
    for (left_s, left), (right_s, right) in pairwise(points):
        if left_s <= at_s < right_s:
            return left + (right - left) * (at_s - left_s) / (right_s - left_s)
    return _NONE


def _wilson(share: Decimal, n: int) -> Miss:
    """Score interval of a share of `n`; source: Wilson 1927, JASA 22(158)."""
    square = _Z * _Z
    middle = share + square / (2 * n)
    half = _Z * (share * (_ALL - share) / n + square / (4 * n * n)).sqrt()
    scale = _ALL + square / n
    low = _NONE if share == _NONE else max(_NONE, (middle - half) / scale)
    high = _ALL if share == _ALL else min(_ALL, (middle + half) / scale)
    return Miss(low, share, high)


@lru_cache(maxsize=1)
def published_turnarounds() -> dict[str, Turnaround]:
    """Provider -> what it publishes about how long its batches take, with the source."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["provider"]: _published(row) for row in csv.DictReader(lines)}


def _published(row: dict[str, str]) -> Turnaround:
    shares = {"p50_s": Decimal("0.5"), "p90_s": Decimal("0.9"), "longest_s": _ALL}
    knots = tuple((int(row[name]), share) for name, share in shares.items() if row[name])
    return Turnaround(knots, None, row["note"], f"{row['source']} ({row['checked_on']})")


def expected_saving(discount: Decimal, missed: Decimal, *, misses_billed: bool) -> Decimal:
    """The share of the bill saved when `missed` of the work runs again at the full price.

    A miss costs the full price; where the provider bills the late answer too, its discounted
    price comes on top. Below 0 the batch costs more than it saves.

    Raises:
        FactsError: when a share is outside 0 to 1.
    """
    for name, share in (("discount", discount), ("missed", missed)):
        if not _NONE <= share <= _ALL:
            raise FactsError("Saving cannot be computed", f"{name} is {share}; it lies between 0 and 1.")
    return discount - missed if misses_billed else discount * (_ALL - missed)


def break_even_miss(discount: Decimal, *, misses_billed: bool) -> Decimal:
    """The share of misses from which the batch saves nothing; 1 where misses are not billed."""
    return discount if misses_billed else _ALL


def spill_over_at(deadline: datetime, sync_run_s: int, margin_s: int = 0) -> datetime:
    """The latest moment to cancel a batch and still meet `deadline` synchronously.

    Args:
        deadline: when the answers are needed.
        sync_run_s: seconds the synchronous run of all requests still open takes.
        margin_s: seconds kept in hand.
    """
    return deadline - timedelta(seconds=sync_run_s + margin_s)
