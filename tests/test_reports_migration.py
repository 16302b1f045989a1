"""Migration notes: a recipe for every lane that is sold, code that is code, limits from the price table."""

import ast
from datetime import date

import pytest

from pricing.model import TierTerms
from pricing.shipped import tier_terms
from reports.migration import KIND_OF_LANE, Recipe, limit_sentences, recipe_for, recipes
from reports.recommend import TIER_OF_LANE

NAMED = ("openai", "azure", "anthropic", "gemini", "vertex_ai", "bedrock", "mistral", "groq")


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: f"{recipe.kind}-{recipe.providers[0]}")
def test_every_snippet_is_code_and_every_recipe_says_where_it_is_from(recipe: Recipe) -> None:
    ast.parse(recipe.snippet)
    assert recipe.sources or recipe.providers == ("*",)
    for source in recipe.sources:
        assert source.url.startswith("https://")
        assert date(2026, 1, 1) < source.checked_on < date(2027, 1, 1)
    if recipe.kind == "batch":
        assert recipe.file_format


def test_every_lane_has_a_recipe_at_every_provider() -> None:
    for terms in tier_terms():
        if terms.tier in {"batch", "flex", "offpeak"}:
            assert recipe_for(terms.provider, terms.tier).kind == terms.tier
    assert set(KIND_OF_LANE) == set(TIER_OF_LANE)
    for lane, kind in KIND_OF_LANE.items():
        assert recipe_for("a provider nobody knows", lane).kind == kind


@pytest.mark.parametrize("provider", NAMED)
def test_the_large_providers_have_recipes_of_their_own(provider: str) -> None:
    assert provider in recipe_for(provider, "batch").providers
    assert recipe_for(provider, "batch").snippet


def test_batch_and_its_cached_twin_are_one_move() -> None:
    assert recipe_for("anthropic", "batch") is recipe_for("anthropic", "batch+cache")
    assert recipe_for("deepseek", "offpeak").title == "DeepSeek off-peak hours"


def test_limits_are_words_with_their_source() -> None:
    terms = TierTerms(
        provider="anthropic",
        model_glob="*",
        tier="batch",
        window_s=3600,
        expiry_s=86_400,
        max_requests=100_000,
        max_bytes=256_000_000,
        cache_rule="priced",
        note="results kept 29 days",
        source="https://example.com/batch",
        checked_on=date(2026, 11, 21),
    )
    assert limit_sentences(terms) == [
        "Aims at an answer within 1 h.",
        "Gives unfinished work up after 24 h.",
        "At most 100,000 requests a job.",
        "At most 256.0 MB a job.",
        "Results kept 29 days.",
        "Limits from https://example.com/batch (checked 2026-11-21).",
    ]
