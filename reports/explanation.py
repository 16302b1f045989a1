"""What stands behind a headline figure: formula, numbers, price rows, assumptions; and how each is gathered.

Nothing is computed anew: inputs are values of the analysis, exact, and put into the formula they give
the figure, but for digits beyond the 50th. Long lists keep their largest entries; the others stand in
one sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, localcontext
from typing import Final, Literal

from pricing.table import PriceTable
from reports.analysis import PRECISION, price_used
from reports.model import STAY, Analysis, Assumption, Part, PriceUsed, Provenance, Range
from reports.recommend import TIER_OF_LANE

Unit = Literal["usd", "usd_each", "share", "number", "exact", "ms"]
"""Micro-dollars, those of one thing, a share of 1, a whole number, a number with its digits, milliseconds."""

INPUTS_SHOWN: Final = 6
"""Inputs of a sum that are named; what is left is one input of its own."""
ROWS_SHOWN: Final = 4


@dataclass(frozen=True)
class Input:
    """One number of a formula, in its unit."""

    name: str
    amount: Decimal
    unit: Unit = "usd"


@dataclass(frozen=True)
class PricesNamed:
    """The price rows a figure rests on: the first ones, and how many more there are."""

    rows: tuple[PriceUsed, ...]
    n_more: int
    version: str


@dataclass(frozen=True)
class Explanation:
    """What stands behind one figure.

    Attributes:
        formula: in words, over the names of the inputs; plain text.
        inputs: exact; subtracted amounts carry their sign.
        figure: what the formula gives, in `unit`; None where it is unknown.
        prices: None where no price is in it.
        spread: low to high of an estimate, in `unit`.
        notes: what is to be known beside it: what is left out, what is rounded.
    """

    formula: str
    inputs: tuple[Input, ...]
    figure: Decimal | None
    unit: Unit
    provenance: Provenance
    prices: PricesNamed | None
    assumptions: tuple[Assumption, ...] = ()
    spread: Range | None = None
    notes: tuple[str, ...] = ()


def exact() -> AbstractContextManager[Context]:
    """Arithmetic without rounding, as in the analysis."""
    return localcontext(prec=PRECISION)


def largest(amounts: Iterable[tuple[str, Decimal]], what: str, unit: Unit = "usd") -> tuple[Input, ...]:
    """The largest amounts by name, and the sum of the others as one input, so that all add up exactly."""
    ordered = sorted(amounts, key=lambda item: (-abs(item[1]), item[0]))
    shown = len(ordered) if len(ordered) <= INPUTS_SHOWN + 1 else INPUTS_SHOWN
    named = tuple(Input(name, amount, unit) for name, amount in ordered[:shown])
    rest = ordered[shown:]
    if not rest:
        return named
    with exact():
        together = sum((amount for _, amount in rest), Decimal(0))
    return (*named, Input(f"{len(rest):,} other {what}", together, unit))


def summed(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Amounts by name, those of one name together."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    with exact():
        for name, amount in amounts:
            found[name] += amount
    return dict(found)


def all_parts(analysis: Analysis) -> list[Part]:
    """Every part of every workload."""
    return [part for result in analysis.workloads for part in result.parts]


def part_moves(part: Part) -> bool:
    """Whether another lane is recommended."""
    return part.recommended_lane != STAY


def model_of(part: Part) -> str:
    """The model as `provider / model`."""
    return f"{part.provider} / {part.model}"


def year_of(part: Part) -> Decimal | None:
    """A part's year in today's lane, micro-dollars; None where it is unknown."""
    if part.current_micro_usd is None or part.year_factor is None:
        return None
    return part.current_micro_usd * part.year_factor


def basis(parts: Sequence[Part]) -> tuple[str, ...]:
    """What the projection of the parts rests on, each sentence once, two at most."""
    return tuple(dict.fromkeys(part.window_note for part in parts if part.window_note))[:2]


def price_rows(analysis: Analysis, parts: Sequence[Part], *, planned: bool) -> PricesNamed:
    """The rows of the parts, bounded; see `rows_used`."""
    return named_rows(rows_used(analysis, parts, planned=planned), analysis.price_version)


def named_rows(rows: Iterable[PriceUsed], version: str) -> PricesNamed:
    """The first rows, and the number of the others."""
    found = tuple(rows)
    return PricesNamed(found[:ROWS_SHOWN], max(0, len(found) - ROWS_SHOWN), version)


def rows_used(analysis: Analysis, parts: Sequence[Part], *, planned: bool) -> list[PriceUsed]:
    """The rows of the tiers that the parts run in, dearest part first.

    What is `planned` takes the rows in force from the analysis date on, and those of the recommended
    lane too; what was spent takes all since the log's first hour.
    """
    rows = analysis.prices_used
    if planned:
        rows = _in_force(rows, analysis.as_of)
    found: dict[PriceUsed, None] = {}
    for part in sorted(parts, key=lambda item: -(item.current_micro_usd or Decimal(0))):
        tiers = set(part.tier_mix) or {"standard"}
        if planned and part.recommended_lane != STAY:
            tiers.add(TIER_OF_LANE[part.recommended_lane])
        for row in rows:
            own = row.provider == part.provider and row.model in (part.price_model, part.model)
            if own and row.tier in tiers:
                found[row] = None
    return list(found)


def table_rows(
    prices: PriceTable,
    served: Iterable[tuple[str, str, Iterable[str]]],
    first: datetime | None,
    last: datetime | None,
) -> list[PriceUsed]:
    """The rows of logged models in some tiers that are in force at any time from `first` to `last`.

    Args:
        prices: the table the figure was priced with.
        served: provider, model and its tiers, what matters most first.
        first: naive UTC; None where no row has ended yet.
        last: naive UTC; None where rows that begin later count as well.
    """
    found: dict[PriceUsed, None] = {}
    for provider, model, tiers in served:
        wanted = set(tiers)
        for row in prices.rows_for(provider, model):
            ended = first is not None and row.valid_to is not None and row.valid_to <= first
            later = last is not None and row.valid_from is not None and row.valid_from > last
            if row.tier in wanted and not ended and not later:
                found[price_used(row)] = None
    return list(found)


def _in_force(rows: Sequence[PriceUsed], as_of: datetime) -> tuple[PriceUsed, ...]:
    """Without the rows that a later one had replaced by `as_of`."""
    latest: dict[tuple[str, str, str, int], datetime] = {}
    for row in rows:
        if row.valid_from is not None and row.valid_from <= as_of:
            key = (row.provider, row.model, row.tier, row.min_prompt_tokens)
            latest[key] = max(latest.get(key, row.valid_from), row.valid_from)

    def replaced(row: PriceUsed) -> bool:
        newest = latest.get((row.provider, row.model, row.tier, row.min_prompt_tokens))
        return newest is not None and (row.valid_from is None or row.valid_from < newest)

    return tuple(row for row in rows if not replaced(row))
