"""The part of a price table that some models need, small enough to travel inside a report.

A figure must come out the same when its report is opened again, whatever the shipped table says by
then. So a report carries what it was priced with, under the ids of its own log.
"""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from pricing.discounts import Discount
from pricing.model import TIERS, ClockHours, PriceRow, TierTerms
from pricing.table import PriceTable
from pricing.terms import ThinkingTerms


class PriceExtract(BaseModel):
    """What a price table holds of some logged models, unknown thinking too, and the table it is from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """The version of the whole table."""
    rows: tuple[PriceRow, ...]
    terms: tuple[TierTerms, ...]
    clock: tuple[ClockHours, ...]
    discounts: tuple[Discount, ...]
    thinking: tuple[ThinkingTerms, ...] = ()
    """Empty in a report of before there were any, which priced calls that think as the others."""

    @classmethod
    def of(cls, table: PriceTable, models: Iterable[tuple[str, str]]) -> Self:
        """What `table` holds for logged models; each (provider, model) once, in any spelling."""
        rows: list[PriceRow] = []
        terms: list[TierTerms] = []
        clock: list[ClockHours] = []
        discounts: list[Discount] = []
        thinking: list[ThinkingTerms] = []
        for provider, model in sorted({(provider, model.strip().lower()) for provider, model in models}):
            found = table.rows_for(provider, model)
            named = {"provider": provider, "model_glob": _literal(model)}
            rows.extend(row.model_copy(update={"provider": provider, "model": model}) for row in found)
            apart = next((own for row in found if (own := table.thinking(row)) is not None), None)
            if apart is not None:
                thinking.append(apart.model_copy(update=named))
            for tier in TIERS:
                known = table.terms(provider, model, tier)
                if known is not None:
                    terms.append(known.model_copy(update=named))
                discounts.extend(
                    discount.model_copy(update={**named, "tier": tier})
                    for discount in _least_specific_first(
                        table.discounts, [row for row in found if row.tier == tier]
                    )
                )
            clock.extend(hours.model_copy(update=named) for hours in table.clock(provider, model))
        return cls(
            version=table.version,
            rows=tuple(rows),
            terms=tuple(terms),
            clock=tuple(clock),
            discounts=tuple(discounts),
            thinking=tuple(thinking),
        )

    def table(self) -> PriceTable:
        """A price table of these models alone; it prices their calls as the whole one did."""
        return PriceTable(
            self.rows,
            terms=self.terms,
            clock=self.clock,
            discounts=self.discounts,
            thinking=self.thinking,
        )


def _least_specific_first(discounts: Iterable[Discount], rows: list[PriceRow]) -> list[Discount]:
    """Those that apply to a tier's rows, so that the last one of a kind that is in force holds."""
    if not rows:
        return []
    first = rows[0]
    applying = [found for found in discounts if found.applies(first.provider, first.model, first.tier)]
    return sorted(applying, key=lambda found: found.rank(first.model))


def _literal(model: str) -> str:
    """A pattern that fits this id alone."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in model)
