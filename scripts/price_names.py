"""The names that models go by beyond their own: snapshots that cost the same, short names on Bedrock."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from pricing.matching import spellings
from pricing.model import PriceRow
from scripts.price_merge import Draft


def fold_same_priced(drafts: Sequence[Draft]) -> tuple[list[Draft], dict[tuple[str, str], str]]:
    """Drops snapshots and regional ids that cost exactly what their family costs; they become aliases."""
    by_model: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        by_model.setdefault((draft.provider, draft.model), []).append(draft)
    prints = {key: frozenset(_fingerprint(draft) for draft in found) for key, found in by_model.items()}
    folded: dict[tuple[str, str], str] = {}
    for provider, model in sorted(by_model, key=lambda key: (-len(key[1]), key)):
        for family in _families(provider, model):
            if (provider, family) in prints and prints[provider, family] == prints[provider, model]:
                folded[provider, model] = family
                break
    folded = {key: last(folded, key) for key in folded}  # a family may itself have been folded
    kept = [draft for key, found in sorted(by_model.items()) if key not in folded for draft in found]
    return kept, folded


def last(aliases: dict[tuple[str, str], str], key: tuple[str, str]) -> str:
    """Where a chain of aliases ends."""
    provider, name = key
    while (provider, name) in aliases:
        name = aliases[provider, name]
    return name


def _fingerprint(draft: Draft) -> tuple[object, ...]:
    return (draft.tier, draft.band, draft.start, draft.end, tuple(sorted(draft.prices.items())), draft.rule)


def _families(provider: str, model: str) -> list[str]:
    found = [name for name in spellings(provider, model) if name != model]
    for separator in (".", "/") if provider == "bedrock" else ("/",):
        region, _, rest = model.partition(separator)
        if (rest and region in _REGIONS) or (separator == "/" and region.count("-") >= 2 and rest):
            found.append(rest)
            found.extend(spellings(provider, rest))
    return found


_REGIONS: Final = ("us", "eu", "apac", "jp", "au", "in", "global", "us-gov", "global-standard")

_NATIVE_CLAUDE: Final = re.compile(r"^anthropic\.(claude-.+)$")


def short_names(rows: Iterable[PriceRow]) -> dict[tuple[str, str], str]:
    """Claude ids as Anthropic writes them -> Bedrock's own id, where all it can mean cost the same.

    Billing exports and tracing tools drop `anthropic.` and the version. The id without a region is
    taken, at the global price list, whose synchronous prices are Anthropic's.
    """
    meant: dict[str, dict[str, tuple[Decimal | None, Decimal | None]]] = {}
    for row in rows:
        plain = row.tier == "standard" and not row.min_prompt_tokens and row.valid_to is None
        if row.provider == "bedrock" and plain and _NATIVE_CLAUDE.match(row.model):
            for spelling in spellings("bedrock", row.model):
                cost = (row.input_usd_per_mtok, row.output_usd_per_mtok)
                for name in (spelling, spelling.removeprefix("anthropic.")):
                    meant.setdefault(name, {})[row.model] = cost
    return {
        ("bedrock", name): max(models, key=lambda model: (model == f"anthropic.{name}", model))
        for name, models in meant.items()
        if len(set(models.values())) == 1 and any(character.isdigit() for character in name)
    }
