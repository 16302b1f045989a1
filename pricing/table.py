"""The price table: dated rows, aliases, terms, a user's mapping of models, and the edits laid over them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise
from typing import Final, Self

from pricing import shipped
from pricing.aliases import Aliases, Target, clipped, spans_of
from pricing.discounts import Discount
from pricing.errors import PricingError
from pricing.matching import matches, spellings
from pricing.model import BEGINNING, MAX_THRESHOLDS, TIERS, ClockHours, PriceRow, Tier, TierTerms
from pricing.overlay import PriceEdit, lay_over
from pricing.terms import CacheTerms, RegionalFactor, ThinkingTerms

UserAliases = Mapping[tuple[str, str], tuple[str, str]]
"""(provider, model) as logged -> (provider, model) whose prices it takes."""


class PriceTable:
    """An immutable set of dated prices with everything needed to apply them.

    Args:
        rows: no two of one key (provider, model, tier, band) may overlap in time.
        aliases: (provider, alias) -> model of a row, or the models it has meant and when.
        terms: first match holds.
        clock: hours of the week billed in another tier.
        discounts: what contracts and regions do to the prices; the rows stay list prices.
        cache: terms of prompt caching; first match in force holds.
        regions: price factors of regions; first match holds.
        thinking: models that cost something else, not in the rows, once they think.
        mapped: what a person said an unmatched model is; a row of the very same id comes first.

    Raises:
        PricingError: rows or spans of an alias overlap, or there are more than sixteen context
            thresholds.
    """

    def __init__(
        self,
        rows: Iterable[PriceRow],
        *,
        aliases: Aliases | None = None,
        terms: Sequence[TierTerms] = (),
        clock: Sequence[ClockHours] = (),
        discounts: Sequence[Discount] = (),
        cache: Sequence[CacheTerms] = (),
        regions: Sequence[RegionalFactor] = (),
        thinking: Sequence[ThinkingTerms] = (),
        mapped: UserAliases | None = None,
    ) -> None:
        self.rows: Final = tuple(sorted(rows, key=_row_order))
        self._aliases: Final = spans_of(aliases or {})
        self._terms: Final = tuple(terms)
        self._clock: Final = tuple(clock)
        self.discounts: Final = tuple(discounts)
        self._cache: Final = tuple(cache)
        self._regions: Final = tuple(regions)
        self._thinking: Final = tuple(thinking)
        self._mapped: Final = {
            (provider, model.strip().lower()): target for (provider, model), target in (mapped or {}).items()
        }
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
        """Twelve hex digits that change with any price, alias, term, clock hour, mapping or discount."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(row.model_dump_json().encode())
        for (provider, alias), spans in sorted(self._aliases.items()):
            digest.update(f"{provider}\t{alias}\t{spans}\n".encode())
        for part in (
            *self._terms,
            *self._clock,
            *self._cache,
            *self._regions,
            *self._thinking,
            *self.discounts,
        ):
            digest.update(part.model_dump_json().encode())
        for logged, target in sorted(self._mapped.items()):
            digest.update(f"{logged}\t{target}\n".encode())
        return digest.hexdigest()[:12]

    def with_edits(self, edits: Iterable[PriceEdit]) -> Self:
        """The table with a user's edits laid over it, oldest first; this table stays as it is."""
        return self._but(rows=lay_over(self.rows, edits))

    def with_aliases(self, mapped: UserAliases) -> Self:
        """The table with what a person said unmatched models are; this table stays as it is."""
        return self._but(mapped=mapped)

    def with_discounts(self, discounts: Sequence[Discount]) -> Self:
        """The table with these discounts in place of any it had; none gives list prices."""
        return self._but(discounts=discounts)

    def _but(
        self,
        *,
        rows: Iterable[PriceRow] | None = None,
        mapped: UserAliases | None = None,
        discounts: Sequence[Discount] | None = None,
    ) -> Self:
        return type(self)(
            self.rows if rows is None else rows,
            aliases=self._aliases,
            terms=self._terms,
            clock=self._clock,
            cache=self._cache,
            regions=self._regions,
            thinking=self._thinking,
            mapped=self._mapped if mapped is None else mapped,
            discounts=self.discounts if discounts is None else discounts,
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

    def targets(self, provider: str, model: str) -> tuple[Target, ...]:
        """The models whose prices a logged id takes, in order of time; empty where it is unknown.

        A row of the very same id comes first, then what a person mapped it to, then its spellings:
        without routing prefixes, snapshot dates and version tags, each against models and aliases.
        A snapshot with a price of its own is found before its family.
        """
        literal = model.strip().lower()
        mapped = self._mapped.get((provider, literal))
        if mapped is not None and (provider, literal) not in self._by_model:
            found = self._own_targets(*mapped)
            if found:
                return found
        return self._own_targets(provider, model)

    def _own_targets(self, provider: str, model: str) -> tuple[Target, ...]:
        for spelling in spellings(provider, model):
            if (provider, spelling) in self._by_model:
                return (Target(provider, spelling),)
            if (provider, spelling) in self._aliases:
                return tuple(
                    Target(provider, span.model, span.valid_from, span.valid_to)
                    for span in self._aliases[provider, spelling]
                )
        return ()

    def locate(self, provider: str, model: str, at: datetime | None = None) -> tuple[str, str] | None:
        """The (provider, model) whose prices a logged id takes at an instant, mappings included.

        `at` is naive UTC; None asks for the latest. None where no spelling of the id is known, or
        where the name meant nothing then.
        """
        return _in_force(self.targets(provider, model), at)

    def resolve(self, provider: str, model: str, at: datetime | None = None) -> str | None:
        """The table's own id of a logged model: as `locate`, without what a person mapped."""
        found = _in_force(self._own_targets(provider, model), at)
        return None if found is None else found[1]

    def rows_for(self, provider: str, model: str) -> tuple[PriceRow, ...]:
        """All rows of a logged model, every tier, band and interval; empty where it is unknown.

        The rows of a name that has moved are those of the models behind it, cut to its time.
        """
        return tuple(
            row
            for target in self.targets(provider, model)
            for whole in self._by_model.get((target.provider, target.model), ())
            if (row := clipped(whole, target)) is not None
        )

    def discounts_for(self, provider: str, model: str, tier: str) -> tuple[Discount, ...]:
        """The discounts that ever apply to a logged model in a tier, whatever the day."""
        priced_by = self.locate(provider, model) or (provider, model.lower())
        return tuple(found for found in self.discounts if found.applies(*priced_by, tier))

    def terms(self, provider: str, model: str, tier: str) -> TierTerms | None:
        """Window, limits and cache behaviour of a tier; None where nothing is published."""
        seller, key = self.locate(provider, model) or (provider, model.lower())
        for found in self._terms:
            if (found.provider, found.tier) == (seller, tier) and matches(key, found.model_glob):
                return found
        return None

    def cache_terms(self, provider: str, model: str, at: datetime | None = None) -> CacheTerms | None:
        """Minimum length, lifetimes and storage price of prompt caching; None where none is known.

        `at` is naive UTC; None asks for the latest.
        """
        seller, key = self.locate(provider, model, at) or (provider, model.lower())
        for found in self._cache:
            if found.provider == seller and found.covers(at) and matches(key, found.model_glob):
                return found
        return None

    def regional(self, provider: str, model: str, region: str) -> RegionalFactor | None:
        """The price factor of a region; None where the list price holds.

        `region` is what the log says (`eu`, `us`, `europe-west4`); `global` always has the list
        price. Ids with a region in their name carry the factor in their own rows.
        """
        where = region.strip().lower()
        seller, key = self.locate(provider, model) or (provider, model.lower())
        if where in ("", "global") or model.lower().startswith("global."):
            return None
        for found in self._regions:
            if (
                found.provider == seller
                and matches(key, found.model_glob)
                and matches(where, found.region_glob)
            ):
                return found
        return None

    def thinking(self, row: PriceRow) -> ThinkingTerms | None:
        """Why a row does not price calls that think; None where it does, as every row of a person's own."""
        if row.source_kind == "user":
            return None
        for found in self._thinking:
            if found.provider == row.provider and matches(row.model, found.model_glob):
                return found
        return None

    def clock(self, provider: str, model: str) -> tuple[ClockHours, ...]:
        """The hours in which calls of a model bill in another tier; empty for almost all models."""
        targets = self.targets(provider, model) or (Target(provider, model.lower()),)
        return tuple(
            hours
            for target in targets
            for whole in self._clock
            if whole.provider == target.provider
            and matches(target.model, whole.model_glob)
            and (hours := clipped(whole, target)) is not None
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


def _in_force(targets: Sequence[Target], at: datetime | None) -> tuple[str, str] | None:
    found = [target for target in targets if at is None or target.covers(at)]
    return (found[-1].provider, found[-1].model) if found else None


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
        cache=shipped.cache_terms(),
        regions=shipped.regional_factors(),
        thinking=shipped.thinking_terms(),
    )
