"""How much of the input a prompt cache could have read, and for how long it should keep it.

Measured where the log carries block hashes, else bounded by times and lengths. Shares are of input
tokens, 0 to 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import pyarrow as pa

from data import prefixes
from data.store import Workspace
from pricing.table import PriceTable
from reports.format import count

Basis = Literal["measured", "estimated"]

USUAL_MINIMUM: Final = 1024
"""Tokens; the minimum taken where none is published for a model: it is the one most models have."""

_TTL_TEXT: Final = {300: "5 minutes", 3_600: "1 hour"}


@dataclass(frozen=True)
class CachePotential:
    """What a cache could have read of one workload's input on one model.

    Attributes:
        ttl_s: how long a prefix is kept after its last use.
        low, high: shares of input tokens; the truth lies between them.
        basis: measured on block hashes, or estimated from times and lengths.
        minimum_tokens: shorter prefixes are not cached.
        minimum_known: whether that is published for the model; else the usual one is taken.
        sentence: the finding, its width and what it rests on.
    """

    workload: str
    provider: str
    model: str
    ttl_s: int
    low: Decimal
    high: Decimal
    basis: Basis
    n_calls: int
    input_tokens: int
    minimum_tokens: int
    minimum_known: bool
    sentence: str

    @property
    def width(self) -> Decimal:
        """How far apart the bounds are."""
        return self.high - self.low


@dataclass(frozen=True)
class TtlChoice:
    """Which TTL makes the input cheapest, as multiples of its plain price.

    Attributes:
        costs: TTL in seconds -> (at best, at worst) within the bounds of the hits.
        best: the TTL that is cheaper than any other and than no cache, whatever holds between the
            bounds; 0 where no cache is; None where the bounds leave it open.
    """

    costs: dict[int, tuple[Decimal, Decimal]]
    best: int | None


def cache_potentials(workspace: Workspace) -> tuple[CachePotential, ...]:
    """For every workload, model and TTL: measured where block hashes cover its calls, else estimated.

    Raises WorkspaceError when a dataset cannot be read.
    """
    measured = potentials(prefixes.measured(workspace), "measured")
    known = {(item.workload, item.provider, item.model) for item in measured}
    estimated = potentials(prefixes.bounded(workspace), "estimated")
    rest = [item for item in estimated if (item.workload, item.provider, item.model) not in known]
    return tuple(
        sorted((*measured, *rest), key=lambda item: (item.workload, item.provider, item.model, item.ttl_s))
    )


def potentials(shared: pa.Table, basis: Basis) -> tuple[CachePotential, ...]:
    """The rows of `data.prefixes.SHARED_SCHEMA` at each model's minimum prefix."""
    return tuple(_potentials(shared.to_pylist(), basis))


def _potentials(rows: Iterable[dict[str, Any]], basis: Basis) -> Iterable[CachePotential]:
    for row in rows:
        published = published_minimum(row["provider"], row["model"])
        minimum = _counted_minimum(USUAL_MINIMUM if published is None else published)
        if row["minimum_tokens"] != minimum or not row["input_tokens"]:
            continue
        low, high = (Decimal(row[f"{end}_tokens"]) / row["input_tokens"] for end in ("low", "high"))
        yield CachePotential(
            workload=row["workload"],
            provider=row["provider"],
            model=row["model"],
            ttl_s=row["ttl_s"],
            low=low,
            high=high,
            basis=basis,
            n_calls=row["n_calls"],
            input_tokens=row["input_tokens"],
            minimum_tokens=minimum,
            minimum_known=published is not None,
            sentence=_sentence(low, high, basis, row["ttl_s"], minimum, known=published is not None),
        )


def published_minimum(provider: str, model: str) -> int | None:
    """Fewer tokens than this are never cached; None where no minimum is published for the model."""
    terms = PriceTable.shipped().cache_terms(provider, model)
    return None if terms is None else terms.min_tokens


def _counted_minimum(tokens: int) -> int:
    """The minimum that hits were counted at, never below the model's own: no hit is promised that is none."""
    return next(
        (counted for counted in sorted(prefixes.MINIMUMS) if counted >= tokens), max(prefixes.MINIMUMS)
    )


def _sentence(low: Decimal, high: Decimal, basis: Basis, ttl_s: int, minimum: int, *, known: bool) -> str:
    spread = f"{_share(low)} to {_share(high)}"
    source = (
        "Measured on the log's block hashes"
        if basis == "measured"
        else f"Bounded by times and lengths alone, {_share(high - low)} of the input wide"
    )
    least = "this model's minimum" if known else "the usual minimum, as none is published for this model"
    return (
        f"A cache of {_TTL_TEXT[ttl_s]} could have read {spread} of the input. {source}; prefixes below "
        f"{count(minimum)} tokens, {least}, count as none."
    )


def _share(value: Decimal) -> str:
    return f"{value * 100:.1f} %"


def choose_ttl(items: Iterable[CachePotential], *, read: Decimal, write: dict[int, Decimal]) -> TtlChoice:
    """Compares TTLs of one workload and model when all that is not read is written.

    Args:
        items: one potential a TTL.
        read: price of a token read, as a multiple of the input price.
        write: TTL in seconds -> price of a token written, likewise (1.25 and 2 for 5 min and 1 h on
            Anthropic).
    """
    costs = {
        item.ttl_s: (
            item.high * read + (1 - item.high) * write[item.ttl_s],
            item.low * read + (1 - item.low) * write[item.ttl_s],
        )
        for item in items
    }
    options = {0: (Decimal(1), Decimal(1)), **costs}
    sure = [
        ttl
        for ttl, (_, worst) in options.items()
        if all(worst < best for other, (best, _) in options.items() if other != ttl)
    ]
    return TtlChoice(costs, sure[0] if sure else None)
