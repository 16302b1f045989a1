"""Other names of a model, each with the time in which it means that model.

A `-latest` name moves: what it costs on a day is what the model behind it on that day cost. An
alias is therefore a sequence of spans, and the rows of its models are cut to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from pricing.errors import PricingError
from pricing.model import BEGINNING, ClockHours, PriceRow


@dataclass(frozen=True)
class AliasSpan:
    """One model behind a name, during `[valid_from, valid_to)` (naive UTC; None is open)."""

    model: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


Aliases = Mapping[tuple[str, str], str | Sequence[AliasSpan]]
"""(provider, alias) -> the model it always means, or its spans."""


@dataclass(frozen=True)
class Target:
    """The model whose prices a logged id takes, and when."""

    provider: str
    model: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether the id meant this model at an instant."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at < self.valid_to
        )


def spans_of(aliases: Aliases) -> dict[tuple[str, str], tuple[AliasSpan, ...]]:
    """Every alias as spans in order of time.

    Raises:
        PricingError: two spans of one alias overlap.
    """
    found: dict[tuple[str, str], tuple[AliasSpan, ...]] = {}
    for key, meaning in aliases.items():
        spans = (AliasSpan(meaning),) if isinstance(meaning, str) else tuple(meaning)
        spans = tuple(sorted(spans, key=lambda span: span.valid_from or BEGINNING))
        for earlier, later in pairwise(spans):
            if earlier.valid_to is None or later.valid_from is None or earlier.valid_to > later.valid_from:
                raise PricingError(
                    "An alias means two models at once",
                    f"{key[0]} {key[1]}: {earlier.model} and {later.model} on "
                    f"{later.valid_from or 'all dates'}. Give the earlier one an end.",
                )
        found[key] = spans
    return found


_D = TypeVar("_D", PriceRow, ClockHours)


def clipped(dated: _D, target: Target) -> _D | None:
    """The part of a dated row inside a target's time; None where they do not meet."""
    start = max((at for at in (dated.valid_from, target.valid_from) if at is not None), default=None)
    end = min((at for at in (dated.valid_to, target.valid_to) if at is not None), default=None)
    if start is not None and end is not None and start >= end:
        return None
    if (start, end) == (dated.valid_from, dated.valid_to):
        return dated
    return dated.model_copy(update={"valid_from": start, "valid_to": end})
