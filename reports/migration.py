"""Migration notes: what to do, provider by provider, to move a workload into its recommended lane.

The words are data (`migration_notes/*.yaml`, each recipe with its sources and their dates); limits
come from the price table's terms that the analysis was made with, so that they cannot disagree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from pricing.model import TierTerms
from reports.format import count, file_size
from reports.model import STAY, Analysis, Part, Range
from reports.recommend import TIER_OF_LANE

_FOLDER: Final = Path(__file__).parent / "migration_notes"
_ANY: Final = "*"

Kind = Literal["batch", "flex", "cache", "offpeak", "standard"]
Effort = Literal["small", "medium", "large"]

KIND_OF_LANE: Final[dict[str, Kind]] = {
    "sync": "standard",
    "sync+cache": "cache",
    "batch": "batch",
    "batch+cache": "batch",
    "flex": "flex",
    "flex+cache": "flex",
    "priority": "standard",
    "offpeak": "offpeak",
}

EFFORT_TITLES: Final[dict[Effort, str]] = {"small": "Small", "medium": "Medium", "large": "Large"}
EFFORTS: Final[tuple[Effort, ...]] = ("small", "medium", "large")


class Source(BaseModel):
    """A page that a recipe rests on, and the day somebody looked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1)
    checked_on: date


class Recipe(BaseModel):
    """How to move to one kind of lane at some providers; `*` stands for every other provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    providers: tuple[str, ...] = Field(min_length=1)
    title: str = Field(min_length=1)
    sdk: str = Field(min_length=1)
    effort: Effort
    effort_why: str = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=1)
    file_format: str
    failures: tuple[str, ...] = Field(min_length=1)
    cache: tuple[str, ...] = Field(min_length=1)
    hygiene: tuple[str, ...] = Field(min_length=1)
    watch: tuple[str, ...] = Field(min_length=1)
    snippet: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Note:
    """One move: the workloads that make it, its recipe, and the limits that hold for their models.

    `saving_per_year` is the sum over the parts that move this way, micro-dollars.
    """

    provider: str
    lane: str
    recipe: Recipe
    workloads: tuple[str, ...]
    models: tuple[str, ...]
    limits: tuple[str, ...]
    saving_per_year: Range

    @property
    def snippet(self) -> str:
        """The recipe's code with the first model's id in it, as a string that no id can break out of."""
        return self.recipe.snippet.replace('"<model>"', json.dumps(self.models[0]))


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe that is shipped; those for named providers come before those for all others."""
    found = [
        Recipe.model_validate(entry)
        for path in sorted(_FOLDER.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return tuple(sorted(found, key=lambda recipe: _ANY in recipe.providers))


def recipe_for(provider: str, lane: str) -> Recipe:
    """The recipe of a lane at a provider, else the one for all providers; KeyError for no lane of ours."""
    kind = KIND_OF_LANE[lane]
    return next(
        recipe
        for recipe in recipes()
        if recipe.kind == kind and (provider in recipe.providers or _ANY in recipe.providers)
    )


def moving(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a workload that have somewhere to go."""
    return tuple(part for part in parts if part.recommended_lane not in {STAY, part.current_lane})


def effort(parts: Sequence[Part]) -> Effort | None:
    """The greatest effort among the moves of a workload; None when nothing moves."""
    needed = {recipe_for(part.provider, part.recommended_lane).effort for part in moving(parts)}
    return max(needed, key=EFFORTS.index) if needed else None


def notes(analysis: Analysis) -> tuple[Note, ...]:
    """One note for each provider and lane that something moves to, the greatest saving first."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for result in analysis.workloads:
        for part in moving(result.parts):
            groups.setdefault((part.provider, part.recommended_lane), []).append(part)
    found = [_note(analysis, provider, lane, parts) for (provider, lane), parts in groups.items()]
    return tuple(sorted(found, key=lambda note: (-note.saving_per_year.base, note.provider, note.lane)))


def _note(analysis: Analysis, provider: str, lane: str, parts: Sequence[Part]) -> Note:
    total = parts[0].saving_per_year
    for part in parts[1:]:
        total = total + part.saving_per_year
    models = tuple(dict.fromkeys(part.model for part in parts))
    return Note(
        provider=provider,
        lane=lane,
        recipe=recipe_for(provider, lane),
        workloads=tuple(dict.fromkeys(part.workload for part in parts)),
        models=models,
        limits=_limits(analysis, provider, lane, models),
        saving_per_year=total,
    )


def _limits(analysis: Analysis, provider: str, lane: str, models: Sequence[str]) -> tuple[str, ...]:
    """The terms of the models, each sentence once; a sentence that holds for some names them."""
    extract = analysis.price_extract
    tier = TIER_OF_LANE[lane]
    terms = [
        found
        for found in (extract.terms if extract is not None else ())
        if found.provider == provider and found.tier == tier
    ]
    wanted = {model.strip().lower() for model in models}
    sentences: dict[str, list[str]] = {}
    for found in terms:
        model = _plain(found.model_glob)
        if model in wanted:
            for sentence in limit_sentences(found):
                sentences.setdefault(sentence, []).append(model)
    return tuple(
        sentence if len(set(named)) == len(wanted) else f"{', '.join(dict.fromkeys(named))}: {sentence}"
        for sentence, named in sentences.items()
    )


def limit_sentences(terms: TierTerms) -> list[str]:
    """What a provider promises and limits in one tier, in words, with its source."""
    found = []
    if terms.window_s is not None:
        found.append(f"Aims at an answer within {_duration(terms.window_s)}.")
    if terms.expiry_s is not None:
        found.append(f"Gives unfinished work up after {_duration(terms.expiry_s)}.")
    if terms.max_requests is not None:
        found.append(f"At most {count(terms.max_requests)} requests a job.")
    if terms.max_bytes is not None:
        found.append(f"At most {file_size(terms.max_bytes)} a job.")
    if terms.note:
        found.append(f"{terms.note[0].upper()}{terms.note[1:]}.")
    if found:
        found.append(f"Limits from {terms.source} (checked {terms.checked_on.isoformat()}).")
    return found


def _duration(seconds: int) -> str:
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def _plain(model_glob: str) -> str:
    """The id that an extract's own pattern stands for: each sign with a meaning is bracketed there."""
    for sign in "*?[":
        model_glob = model_glob.replace(f"[{sign}]", sign)
    return model_glob
