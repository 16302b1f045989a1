"""The price table: dated rows, aliases, tier terms, and the edits laid over them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise
from typing import Final, Self

from pricing import shipped
from pricing.discounts import Discount
from pricing.errors import PricingError
from pricing.matching import matches, spellings
from pricing.model import BEGINNING, MAX_THRESHOLDS, TIERS, ClockHours, PriceRow, Tier, TierTerms
from pricing.overlay import PriceEdit, lay_over


class PriceTable:
    """An immutable set of dated prices with everything needed to apply them.

    Args:
        rows: no two of one key (provider, model, tier, band) may overlap in time.
        aliases: (provider, alias) -> model of a row.
        terms: first match holds.
        clock: hours of the week billed in another tier.
        discounts: what contracts and regions do to the prices; the rows stay list prices.

    Raises:
        PricingError: rows overlap, or there are more than sixteen context thresholds.
    """

    def __init__(
        self,
        rows: Iterable[PriceRow],
        *,
        aliases: Mapping[tuple[str, str], str] | None = None,
        terms: Sequence[TierTerms] = (),
        clock: Sequence[ClockHours] = (),
        discounts: Sequence[Discount] = (),
    ) -> None:
        self.rows: Final = tuple(sorted(rows, key=_row_order))
        self._aliases: Final = dict(aliases or {})
        self._terms: Final = tuple(terms)
        self._clock: Final = tuple(clock)
        self.discounts: Final = tuple(discounts)
        by_model: defaultdict[tuple[str, str], list[PriceRow]] = defaultdict(list)
        for row in self.rows:
            by_model[row.provider, row.model].append(row)
        self._by_model: Final = {model: tuple(found) for model, found in by_model.items()}
        self._refuse_overlaps()
        if len(self.thresholds()) > MAX_THRESHOLDS:
            raise PricingError(
                "Too many context thresholds",
                f"The table has {len(self.thresholds())} different context thresholds; the roll-up can hold "
                f"{MAX_THRESHOLDS}. Remove a row whose threshold is not needed.",
            )

    @classmethod
    def shipped(cls) -> "PriceTable":
        """The table that comes with the package."""
        return _shipped_table()

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change with any price, alias, term, clock hour or discount."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(row.model_dump_json().encode())
        for (provider, alias), model in sorted(self._aliases.items()):
            digest.update(f"{provider}\t{alias}\t{model}\n".encode())
        for part in (*self._terms, *self._clock, *self.discounts):
            digest.update(part.model_dump_json().encode())
        return digest.hexdigest()[:12]

    def with_edits(self, edits: Iterable[PriceEdit]) -> Self:
        """The table with a user's edits laid over it, oldest first; this table stays as it is."""
        return self._with(lay_over(self.rows, edits), self.discounts)

    def with_discounts(self, discounts: Sequence[Discount]) -> Self:
        """The table with these discounts in place of any it had; none gives list prices."""
        return self._with(self.rows, discounts)

    def _with(self, rows: Iterable[PriceRow], discounts: Sequence[Discount]) -> Self:
        return type(self)(
            rows, aliases=self._aliases, terms=self._terms, clock=self._clock, discounts=discounts
        )

    def models(self) -> tuple[tuple[str, str], ...]:
        """Every (provider, model) with a price, sorted."""
        return tuple(self._by_model)

    def thresholds(self) -> tuple[int, ...]:
        """All non-zero band starts of the table, ascending: what the roll-up must tell apart."""
        return self._thresholds

    @cached_property
    def _thresholds(self) -> tuple[int, ...]:
        return tuple(sorted({row.min_prompt_tokens for row in self.rows if row.min_prompt_tokens}))

    def resolve(self, provider: str, model: str) -> str | None:
        """The table's id of a logged model, or None where no spelling of it is known.

        Tries the id as logged, then without routing prefixes, snapshot dates and version tags, each
        against models and aliases. A snapshot with a price of its own is found before its family.
        """
        for spelling in spellings(provider, model):
            if (provider, spelling) in self._by_model:
                return spelling
            if (provider, spelling) in self._aliases:
                return self._aliases[provider, spelling]
        return None

    def rows_for(self, provider: str, model: str) -> tuple[PriceRow, ...]:
        """All rows of a logged model, every tier, band and interval; empty where it is unknown."""
        key = self.resolve(provider, model)
        return () if key is None else self._by_model[provider, key]

    def terms(self, provider: str, model: str, tier: str) -> TierTerms | None:
        """Window, limits and cache behaviour of a tier; None where nothing is published."""
        key = self.resolve(provider, model) or model.lower()
        for found in self._terms:
            if (found.provider, found.tier) == (provider, tier) and matches(key, found.model_glob):
                return found
        return None

    def clock(self, provider: str, model: str) -> tuple[ClockHours, ...]:
        """The hours in which calls of a model bill in another tier; empty for almost all models."""
        if not any(hours.provider == provider for hours in self._clock):
            return ()
        key = self.resolve(provider, model) or model.lower()
        return tuple(
            hours for hours in self._clock if hours.provider == provider and matches(key, hours.model_glob)
        )

    def _refuse_overlaps(self) -> None:
        for rows in self._by_model.values():
            for earlier, later in pairwise(rows):
                if earlier.key == later.key and (
                    later.valid_from is None
                    or earlier.valid_to is None
                    or earlier.valid_to > later.valid_from
                ):
                    raise PricingError(
                        "Overlapping prices",
                        f"{later.provider} {later.model}, tier {later.tier}, from {later.min_prompt_tokens} "
                        f"tokens: two rows are in force on {later.valid_from or 'all dates'}. "
                        "Give the earlier row an end.",
                    )


def _row_order(row: PriceRow) -> tuple[str, str, int, int, datetime]:
    return (
        row.provider,
        row.model,
        _TIER_ORDER[row.tier],
        row.min_prompt_tokens,
        row.valid_from or BEGINNING,
    )


_TIER_ORDER: Final[dict[Tier, int]] = {tier: position for position, tier in enumerate(TIERS)}


@cache
def _shipped_table() -> PriceTable:
    return PriceTable(
        shipped.price_rows(),
        aliases=shipped.aliases(),
        terms=shipped.tier_terms(),
        clock=shipped.clock_hours(),
    )
