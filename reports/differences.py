"""Why two amounts for the same calls differ: every difference gets a class, and none is absorbed.

A class is claimed only where pricing the very same calls in that way gives the other amount. What no such
price explains is unknown. The classes of a comparison sum exactly to its difference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, Literal, get_args

PRECISION: Final = 60

Cause = Literal["rounding", "tier", "cache", "price_age", "missing_calls", "credits", "no_model", "unknown"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
"""`credits` are credits and discounts on a bill, `no_model` charges that name no model (tools, storage)."""

MATCH: Final = Decimal("0.0005")
"""How near, as a share, another price has to come to explain an amount: one part in two thousand."""

ROUNDING_OF_A_CALL: Final = Decimal("0.5")
"""Micro-dollars a call: half of the sixth decimal of a dollar, to which gateways round."""

ROUNDING_OF_A_LINE: Final = Decimal(5000)
"""Micro-dollars a bill line: half a cent."""


@dataclass(frozen=True)
class Alternative:
    """What the same calls cost when priced in another way: the class it would explain, and the words for it.

    `detail` is a lane, or the ISO day whose prices were used.
    """

    cause: Cause
    detail: str
    micro_usd: Decimal


@dataclass(frozen=True)
class Comparison:
    """One amount of somebody else beside the computed one, micro-dollars.

    `source` is a dataset's id or the provider of a bill. Dimensions that are not told apart are None. The
    period is [first_day, last_day], UTC. `detail` says what explained it, None where nothing did.
    """

    source: str
    provider: str
    model: str | None
    workload: str | None
    tier: str | None
    first_day: date | None
    last_day: date | None
    n_requests: int
    computed_micro_usd: Decimal
    other_micro_usd: Decimal
    causes: tuple[tuple[Cause, Decimal], ...]
    detail: str | None = None

    @property
    def difference_micro_usd(self) -> Decimal:
        """The other amount minus the computed one."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.other_micro_usd - self.computed_micro_usd

    @property
    def main_cause(self) -> Cause | None:
        """The class with the largest amount; None where the two amounts are equal."""
        real = [(abs(amount), cause) for cause, amount in self.causes if amount]
        return max(real)[1] if real else None


@dataclass(frozen=True)
class Sums:
    """Comparisons together: both amounts, and the difference by class in the order of `CAUSES`."""

    n_requests: int
    computed_micro_usd: Decimal
    other_micro_usd: Decimal
    causes: tuple[tuple[Cause, Decimal], ...]

    @property
    def difference_micro_usd(self) -> Decimal:
        """The other amount minus the computed one: the classes together."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.other_micro_usd - self.computed_micro_usd


def classify(
    other: Decimal,
    computed: Decimal,
    alternatives: Sequence[Alternative],
    *,
    rounding: Decimal,
    fallback: Cause = "unknown",
) -> tuple[tuple[tuple[Cause, Decimal], ...], str | None]:
    """The difference `other - computed` by class, and what explained it.

    Args:
        other: the amount to explain, micro-dollars.
        computed: what Lanewise computed for the same calls.
        alternatives: other prices of the same calls, the likelier first; the first that fits is taken.
        rounding: a difference that rounding alone may have made.
        fallback: the class where nothing fits.
    """
    with localcontext() as context:
        context.prec = PRECISION
        difference = other - computed
        if not difference:
            return (), None
        if abs(difference) <= rounding:
            return (("rounding", difference),), None
        for alternative in alternatives:
            room = max(rounding, abs(alternative.micro_usd) * MATCH)
            if abs(alternative.micro_usd - computed) <= rounding or abs(other - alternative.micro_usd) > room:
                continue
            explained, rest = alternative.micro_usd - computed, other - alternative.micro_usd
            found: list[tuple[Cause, Decimal]] = [(alternative.cause, explained), ("rounding", rest)]
            return tuple((cause, amount) for cause, amount in found if amount), alternative.detail
        if abs(difference) <= abs(computed) * MATCH:
            return (("rounding", difference),), None
        return ((fallback, difference),), None


def together(comparisons: Iterable[Comparison]) -> Sums:
    """Comparisons summed, each class by itself; classes without an amount are left out."""
    with localcontext() as context:
        context.prec = PRECISION
        amounts: dict[Cause, Decimal] = dict.fromkeys(CAUSES, Decimal(0))
        requests, computed, other = 0, Decimal(0), Decimal(0)
        for comparison in comparisons:
            requests += comparison.n_requests
            computed += comparison.computed_micro_usd
            other += comparison.other_micro_usd
            for cause, amount in comparison.causes:
                amounts[cause] += amount
        return Sums(requests, computed, other, tuple((c, amount) for c, amount in amounts.items() if amount))


def grouped(comparisons: Iterable[Comparison], key: Callable[[Comparison], str]) -> dict[str, Sums]:
    """Comparisons summed by a key, largest difference first."""
    groups: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        groups.setdefault(key(comparison), []).append(comparison)
    sums = {name: together(members) for name, members in groups.items()}
    return dict(sorted(sums.items(), key=lambda item: (-abs(item[1].difference_micro_usd), item[0])))
