"""Reads overrides.yaml: what a person settled about prices, each entry with its reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from pricing.aliases import AliasSpan
from pricing.matching import matches
from scripts.price_merge import Draft
from scripts.price_sources import PRICE_PARTS, Quote

_SECTIONS: Final = {
    "checked_on",
    "prefer",
    "split",
    "drop",
    "rows",
    "patch",
    "scheduled",
    "promos",
    "trust",
    "aliases",
    "conflicts",
}


@dataclass(frozen=True)
class Overrides:
    """The sections of overrides.yaml; see the comments in the file for what each does."""

    sections: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> "Overrides":
        """Reads the file.

        Raises:
            ValueError: the file has a section that means nothing here.
        """
        sections: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        unknown = sorted(set(sections) - _SECTIONS)
        if unknown:
            raise ValueError(f"{path.name}: unknown sections {', '.join(unknown)}")
        return cls(sections)

    @property
    def checked_on(self) -> date:
        """The day the decisions were last looked at."""
        checked: date = self.sections["checked_on"]
        return checked

    def splits(self, provider: str, model: str) -> bool:
        """Whether an id is a model of its own although a source files it under another."""
        return any(
            entry["provider"] == provider and model in entry["models"] for entry in self._entries("split")
        )

    def prefers_genai(self, provider: str, model: str) -> bool:
        """Whether genai-prices is followed for a model of a provider where litellm comes first."""
        return any(self._covers(entry, provider, model) for entry in self._entries("prefer"))

    def kept(self, quote: Quote) -> Quote | None:
        """A source's quote without what was dropped from it; None when nothing is left."""
        for entry in self._entries("drop"):
            if entry["source"] == quote.source_kind and self._covers(
                entry, quote.provider, quote.model, quote.tier
            ):
                if "parts" not in entry:
                    return None
                prices = {part: price for part, price in quote.prices.items() if part not in entry["parts"]}
                quote = replace(quote, prices=prices)
        return quote

    def apply(self, provider: str, model: str, drafts: Sequence[Draft]) -> list[Draft]:
        """The merged rows of one model after all decisions about it."""
        result = list(drafts)
        for entry in self._entries("rows"):
            if (entry["provider"], entry["model"]) == (provider, model):
                added = list(self._rows(entry))
                replaced = {(draft.tier, draft.band) for draft in added}
                result = [draft for draft in result if (draft.tier, draft.band) not in replaced] + added
        for entry in self._entries("patch"):
            if self._covers(entry, provider, model):
                result = [self._patched(entry, draft) for draft in result]
        for entry in self._entries("scheduled"):
            if self._covers(entry, provider, model):
                result = [part for draft in result for part in self._rescheduled(entry, draft)]
        for entry in self._entries("promos"):
            if self._covers(entry, provider, model):
                result = [
                    replace(draft, promo_until=entry["until"]) if _in_force(draft, entry["until"]) else draft
                    for draft in result
                ]
        return result

    def new_models(self, known: set[tuple[str, str]]) -> list[Draft]:
        """Rows of models that no source has."""
        return [
            draft
            for provider, model in sorted(
                {(entry["provider"], entry["model"]) for entry in self._entries("rows")} - known
            )
            for draft in self.apply(provider, model, [])
        ]

    def aliases(self) -> dict[tuple[str, str], str]:
        """(provider, alias) -> model, beyond what the sources say; names that never moved."""
        return {
            (entry["provider"], alias): entry["model"]
            for entry in self._entries("aliases")
            if "from" not in entry and "to" not in entry
            for alias in entry["names"]
        }

    def moving_aliases(self) -> dict[tuple[str, str], tuple[AliasSpan, ...]]:
        """(provider, alias) -> the models it has meant and when, in order of time."""
        found: dict[tuple[str, str], tuple[AliasSpan, ...]] = {}
        for entry in self._entries("aliases"):
            if "from" in entry or "to" in entry:
                span = AliasSpan(entry["model"], _moment(entry.get("from")), _moment(entry.get("to")))
                for alias in entry["names"]:
                    key = (entry["provider"], alias)
                    found[key] = (*found.get(key, ()), span)
        return found

    def trusted(self, draft: Draft) -> Draft:
        """The row with the confidence that a person gave it."""
        if draft.end is not None or draft.confidence == "assumed":
            return draft  # the doubt is about the price of today
        for entry in self._entries("trust"):
            if self._covers(entry, draft.provider, draft.model, draft.tier):
                note = "; ".join(filter(None, (draft.note, entry["reason"])))
                draft = replace(draft, confidence=entry["confidence"], note=note)
        return draft

    def resolution(self, provider: str, model: str, tier: str, part: str) -> tuple[str, str, str]:
        """What was decided about a disagreement of the sources, why, and how sure that is."""
        for entry in self._entries("conflicts"):
            if self._covers(entry, provider, model, tier) and part in entry.get("parts", PRICE_PARTS):
                return entry["decision"], entry["reason"], entry["confidence"]
        return "unreviewed", "", ""

    def unused_decisions(self, conflicts: Iterable[tuple[str, str, str, str]]) -> list[str]:
        """Decisions about disagreements (provider, model, tier, part) that no longer exist."""
        seen = list(conflicts)
        return [
            f"{entry['provider']} {entry['models']}"
            for entry in self._entries("conflicts")
            if not any(
                self._covers(entry, provider, model, tier) and part in entry.get("parts", PRICE_PARTS)
                for provider, model, tier, part in seen
            )
        ]

    def _entries(self, section: str) -> Sequence[dict[str, Any]]:
        entries: Sequence[dict[str, Any]] = self.sections.get(section) or ()
        return entries

    @staticmethod
    def _covers(entry: Mapping[str, Any], provider: str, model: str, tier: str | None = None) -> bool:
        return (
            provider in entry["provider"].split("|")
            and matches(model, entry["models"])
            and (tier is None or tier in entry.get("tiers", (tier,)))
        )

    def _rows(self, entry: Mapping[str, Any]) -> Iterator[Draft]:
        for tier, lines in entry["tiers"].items():
            for line in lines:
                prices = {part: Decimal(line[part]).normalize() for part in PRICE_PARTS if part in line}
                yield Draft(
                    entry["provider"],
                    entry["model"],
                    tier,
                    line.get("band", 0),
                    _moment(line.get("from")),
                    _moment(line.get("to")),
                    prices,
                    line.get("rule", "priced" if "cache_read" in prices else "none"),
                    line.get("kind", "override"),
                    line.get("source", entry["source"]),
                    self.checked_on,
                    line.get("confidence", entry["confidence"]),
                    line.get("note", entry.get("note", "")),
                )

    @staticmethod
    def _patched(entry: Mapping[str, Any], draft: Draft) -> Draft:
        if draft.tier not in entry["tiers"] or ("from" in entry and draft.start != _moment(entry["from"])):
            return draft
        prices = draft.prices | {
            part: Decimal(price).normalize() for part, price in entry.get("set", {}).items()
        }
        note = "; ".join(filter(None, (draft.note, entry["reason"])))
        rule = entry.get("rule", draft.rule)
        if rule != "priced":
            prices = {part: price for part, price in prices.items() if not part.startswith("cache")}
        end = _moment(entry["to"]) if "to" in entry else draft.end
        return replace(draft, prices=prices, rule=rule, end=end, kind="override", note=note)

    @staticmethod
    def _rescheduled(entry: Mapping[str, Any], draft: Draft) -> list[Draft]:
        at = _moment(entry["at"])
        assert at is not None
        if draft.end is not None or (draft.start is not None and draft.start >= at):
            return [draft]
        factor = Decimal(entry["factor"])
        after = {part: (price * factor).normalize() for part, price in draft.prices.items()}
        return [
            replace(draft, end=at),
            replace(
                draft,
                start=at,
                prices=after,
                kind="override",
                source=entry["source"],
                confidence=entry["confidence"],
                note=entry["reason"],
            ),
        ]


def _in_force(draft: Draft, day: date) -> bool:
    at = datetime.combine(day, time())
    return (draft.start is None or draft.start <= at) and (draft.end is None or at < draft.end)


def _moment(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time())
