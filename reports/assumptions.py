"""What a projection assumes and no log can prove: each a share by case, with where it is from.

The cases are cases of the *saving*: `low` is the pessimistic one, `high` the optimistic one. A
user who disagrees with one of these disagrees in one place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pricing.coming import PriceChange
from reports.format import lane_title
from reports.model import Assumption


@dataclass(frozen=True)
class Cases:
    """One assumed share, 0 to 1, for the low, base and high saving."""

    low: Decimal
    base: Decimal
    high: Decimal

    def as_tuple(self) -> tuple[Decimal, Decimal, Decimal]:
        """Low, base, high."""
        return (self.low, self.base, self.high)


BATCH_RERUN: Final = Cases(Decimal("0.05"), Decimal("0.01"), Decimal(0))
"""Share of batch requests that expire or fail and run again at today's cost."""

TIGHT_BATCH_RERUN: Final = Cases(Decimal("0.25"), Decimal("0.05"), Decimal(0))
"""The same when the longest acceptable wait is shorter than the provider's batch window."""

FLEX_RERUN: Final = Cases(Decimal("0.10"), Decimal("0.02"), Decimal(0))
"""Share of flex requests refused for want of capacity and sent at today's cost instead."""

BATCH_HITS_KEPT_UNKNOWN: Final = Cases(Decimal(0), Decimal("0.5"), Decimal(1))
"""Share of today's cache hits still hit inside a batch, where the provider says nothing."""

NO_RERUN: Final = Cases(Decimal(0), Decimal(0), Decimal(0))


def hits_kept(low: Decimal | None, high: Decimal | None) -> Cases:
    """The share of today's cache hits kept inside a batch, from the provider's own range.

    The base case is the middle of the range; without a range `BATCH_HITS_KEPT_UNKNOWN`.
    """
    if low is None or high is None:
        return BATCH_HITS_KEPT_UNKNOWN
    return Cases(low, (low + high) / 2, high)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def listed(
    hit_ranges: Mapping[str, tuple[Decimal | None, Decimal | None]], changes: Sequence[PriceChange] = ()
) -> tuple[Assumption, ...]:
    """The assumptions as the report prints them.

    `hit_ranges` gives, for each provider of the analysis, the published range of cache hits kept
    inside a batch, or (None, None); `changes` are the price changes announced for the coming year.
    """

    def row(name: str, cases: Cases, source: str) -> Assumption:
        low, base, high = (_percent(share) for share in cases.as_tuple())
        return Assumption(name, low, base, high, source)

    published = [
        row(
            f"Cache hits kept inside a batch ({provider})",
            hits_kept(low, high),
            "The provider's documented range; the base case is its middle.",
        )
        for provider, (low, high) in sorted(hit_ranges.items())
        if low is not None and high is not None
    ]
    return (
        row(
            "Batch requests that miss the window and run again at today's cost",
            BATCH_RERUN,
            "Assumed; replace it with your own expiry rate. Requests that miss the window are not billed.",
        ),
        row(
            "The same, where the longest acceptable wait is shorter than the batch window",
            TIGHT_BATCH_RERUN,
            "Assumed where nobody can say how many come late. Else that chance counts, from your own batches "
            "or published figures; the low case bills late answers twice.",
        ),
        row(
            "Flex requests refused for want of capacity and sent at today's cost",
            FLEX_RERUN,
            "Assumed; refused flex requests are not billed.",
        ),
        *published,
        row(
            "Cache hits kept inside a batch (providers that publish no range)",
            BATCH_HITS_KEPT_UNKNOWN,
            "Assumed, where the batch price list includes caching at all.",
        ),
        Assumption(
            "Cache in use today, for workloads described without a log",
            "yes, where offered",
            "no",
            "no",
            "A description does not say; the low case compares with a cached baseline.",
        ),
        Assumption(
            "Volume over the year",
            "as in the log",
            "as in the log",
            "as in the log",
            "8,760 hours over the hours the log covers; a month is a twelfth of the year.",
        ),
        *(_price_change(change) for change in changes),
    )


def _price_change(change: PriceChange) -> Assumption:
    after = f"{_rate(change.input_after)} in, {_rate(change.output_after)} out"
    return Assumption(
        f"The price of {change.model} ({change.provider}) changes on {change.at:%Y-%m-%d}",
        after,
        after,
        after,
        f"Known ahead: until then {_rate(change.input_before)} in, {_rate(change.output_before)} out "
        f"({lane_title(change.lane).lower()}), USD per million tokens. Each hour of the coming year has its "
        "own price.",
    )


def _rate(price: Decimal | None) -> str:
    return "no price" if price is None else f"{price.normalize():f}"
