"""Cache terms and regional factors of the shipped table, against values written down by hand."""

from decimal import Decimal

import pytest

from pricing import shipped
from pricing.matching import matches
from pricing.table import PriceTable
from pricing.terms import CacheTerms, RegionalFactor
from tests.pricing_cases import TODAY, at, price_row

TABLE = PriceTable.shipped()


@pytest.mark.parametrize(
    ("provider", "model", "min_tokens", "ttl_s", "ttl_long_s"),
    [
        ("anthropic", "claude-fable-5-1", 512, 300, 3_600),
        ("anthropic", "claude-opus-5-5", 512, 300, 3_600),
        ("anthropic", "claude-opus-5", 512, 300, 3_600),
        ("anthropic", "claude-sonnet-5-5", 512, 300, 3_600),
        ("anthropic", "claude-haiku-5-5", 512, 300, 3_600),
        ("anthropic", "claude-sonnet-5", 1_024, 300, 3_600),
        ("anthropic", "claude-sonnet-4-6", 1_024, 300, 3_600),
        ("anthropic", "claude-sonnet-4-5-20250929", 1_024, 300, 3_600),
        ("anthropic", "claude-opus-4-8", 1_024, 300, 3_600),
        ("anthropic", "claude-opus-4-7", 2_048, 300, 3_600),
        ("anthropic", "claude-3-5-haiku-20241022", 2_048, 300, 3_600),
        ("anthropic", "claude-mythos-preview", 2_048, 300, 3_600),
        ("anthropic", "claude-opus-4-6", 4_096, 300, 3_600),
        ("anthropic", "claude-opus-4-5", 4_096, 300, 3_600),
        ("anthropic", "claude-haiku-4-5", 4_096, 300, 3_600),
        ("vertex_ai", "claude-haiku-4-5@20251001", 4_096, 300, 3_600),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 1_024, 300, 3_600),
        ("bedrock", "anthropic.claude-opus-4-7", 2_048, 300, 3_600),
        ("openai", "gpt-6.1-sol", 1_024, 1_800, 43_200),
        ("openai", "gpt-5.6-luna", 1_024, 1_800, 43_200),
        ("openai", "gpt-5", 1_024, 300, 86_400),
        ("openai", "gpt-4.1", 1_024, 300, None),
        ("openai", "o4-mini", 1_024, 300, None),
        ("openai", "ft:gpt-4o-mini-2024-07-18:acme::1", 1_024, 300, None),
        ("azure", "gpt-4o", 1_024, 300, None),
        ("gemini", "gemini-2.5-pro", 2_048, 3_600, None),
        ("gemini", "gemini-3.5-flash", 4_096, 3_600, None),
        ("gemini", "gemini-4-argon", 4_096, None, None),
        ("vertex_ai", "gemini-4-argon", 6_144, None, None),
        ("groq", "openai/gpt-oss-120b", None, 7_200, None),
        ("dashscope", "qwen-plus", 256, 300, None),
    ],
)
def test_when_a_prompt_is_cached_and_for_how_long(
    provider: str, model: str, min_tokens: int | None, ttl_s: int | None, ttl_long_s: int | None
) -> None:
    terms = TABLE.cache_terms(provider, model)
    assert terms is not None
    assert (terms.min_tokens, terms.ttl_s, terms.ttl_long_s) == (min_tokens, ttl_s, ttl_long_s)


def test_cached_prefixes_grow_in_steps() -> None:
    def step(provider: str, model: str) -> int | None:
        terms = TABLE.cache_terms(provider, model)
        assert terms is not None
        return terms.step_tokens

    assert step("openai", "gpt-5.4") == 128
    assert step("mistral", "mistral-large-2512") == 64
    assert step("xai", "grok-4.7") == 128
    assert step("anthropic", "claude-opus-5") is None


def test_storage_is_charged_where_published_from_its_day_and_unknown_where_unsettled() -> None:
    def storage(model: str, when: str) -> Decimal | None:
        terms = TABLE.cache_terms("gemini", model, at(when))
        assert terms is not None
        return terms.storage_usd_per_mtok_hour

    for model in ("gemini-3.6-flash", "gemini-3.7-flash", "gemini-3.8-flash"):
        assert storage(model, "2026-11-21") == Decimal("0.50")
        assert storage(model, "2026-12-31T23:00") == Decimal("0.50")
        assert storage(model, "2027-01-01") == Decimal("1.00")
    assert storage("gemini-2.5-pro", "2026-11-21") is None
    assert storage("gemini-2.5-flash", "2026-11-21") is None
    assert storage("gemini-4-argon", "2026-11-21") == 0  # implicit caching only
    anthropic = TABLE.cache_terms("anthropic", "claude-opus-5", TODAY)
    assert anthropic is not None
    assert anthropic.storage_usd_per_mtok_hour == 0  # keeping is paid for by the price of the write


def test_the_latest_terms_are_given_when_no_instant_is_asked_for() -> None:
    latest = TABLE.cache_terms("gemini", "gemini-3.8-flash")
    assert latest is not None
    assert latest.storage_usd_per_mtok_hour == Decimal("1.00")


def test_models_without_caching_have_no_cache_terms() -> None:
    assert TABLE.cache_terms("openai", "gpt-4") is None
    assert TABLE.cache_terms("openai", "text-embedding-3-small") is None
    assert TABLE.cache_terms("acme", "anything") is None


@pytest.mark.parametrize(
    ("provider", "model", "region", "factor"),
    [
        ("openai", "gpt-5.4", "eu", "1.1"),
        ("openai", "gpt-6.1-sol", "us", "1.1"),
        ("openai", "gpt-5.4", "global", None),
        ("openai", "gpt-5.4", "", None),
        ("openai", "gpt-5.1", "eu", None),
        ("openai", "gpt-4.1", "eu", None),
        ("anthropic", "claude-opus-5-5", "us", "1.1"),
        ("anthropic", "claude-opus-4-6", "US", "1.1"),
        ("anthropic", "claude-sonnet-4-5", "us", None),
        ("anthropic", "claude-opus-5-5", "global", None),
        ("vertex_ai", "claude-sonnet-4-5@20250929", "europe-west4", "1.1"),
        ("vertex_ai", "claude-sonnet-4-5", "global", None),
        ("vertex_ai", "gemini-3.8-flash", "us-central1", "1.1"),
        ("vertex_ai", "gemini-2.5-pro", "us-central1", None),
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "eu-west-1", "1.1"),
        ("bedrock", "claude-sonnet-4-5", "eu-west-1", "1.1"),
        # the region is in the id, and the factor in its rows
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1", None),
        ("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1", None),
        ("bedrock", "anthropic.claude-3-haiku-20240307-v1:0", "us-east-1", None),
        ("bedrock", "claude_platform/claude-opus-5", "us", "1.1"),
        ("mistral", "mistral-large-2512", "eu", "1.1"),
        ("xai", "grok-4.7", "us-east-1", "1.1"),
        ("xai", "grok-4.7", "eu-west-1", None),
        ("gemini", "gemini-3.8-flash", "us", None),
        ("acme", "anything", "eu", None),
    ],
)
def test_what_a_region_costs(provider: str, model: str, region: str, factor: str | None) -> None:
    found = TABLE.regional(provider, model, region)
    assert (None if found is None else found.factor) == (None if factor is None else Decimal(factor))


def test_regional_rows_of_bedrock_are_a_tenth_above_the_plain_ones() -> None:
    # where a region has rows of its own they must agree with the factor for those that have not
    plain = TABLE.rows_for("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0")[0]
    regional = TABLE.rows_for("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")[0]
    assert plain.input_usd_per_mtok == Decimal(3)
    assert regional.input_usd_per_mtok == Decimal("3.3")


def test_every_row_of_both_tables_means_something() -> None:
    rows: list[CacheTerms | RegionalFactor] = [*shipped.cache_terms(), *shipped.regional_factors()]
    for terms in rows:
        assert any(
            provider == terms.provider and matches(model, terms.model_glob)
            for provider, model in TABLE.models()
        ), terms
        assert terms.confidence != "low" or terms.note, terms


def test_both_follow_a_moved_name_to_the_model_of_the_day() -> None:
    def terms(glob: str, **fields: object) -> CacheTerms:
        return CacheTerms.model_validate(
            {
                "provider": "acme",
                "model_glob": glob,
                "confidence": "high",
                "source": "https://prices.test",
                "checked_on": "2026-11-21",
                **fields,
            }
        )

    table = PriceTable(
        [price_row("1", model="old"), price_row("2", model="new")],
        cache=[terms("old", min_tokens=1_024), terms("new", min_tokens=512)],
        regions=[
            RegionalFactor(
                provider="acme",
                model_glob="new",
                region_glob="eu",
                factor=Decimal("1.2"),
                confidence="high",
                source="https://prices.test",
                checked_on=TODAY.date(),
            )
        ],
        mapped={("gateway", "in-house"): ("acme", "new")},
    )
    mapped = table.cache_terms("gateway", "in-house")
    assert mapped is not None
    assert mapped.min_tokens == 512
    region = table.regional("gateway", "in-house", "eu")
    assert region is not None
    assert region.factor == Decimal("1.2")
    assert table.regional("acme", "old", "eu") is None


def test_what_was_decided_is_told_with_its_reason_and_how_sure_it_is() -> None:
    decisions = shipped.decisions()
    assert len(decisions) >= 18
    for decision in decisions:
        assert decision.reason.endswith("."), decision
        assert decision.readings, decision
        assert decision.source.startswith("https://"), decision
    topics = {(decision.topic, decision.provider) for decision in decisions}
    assert ("Cache read price", "anthropic") in topics
    assert ("Cached tokens in a batch", "vertex_ai") in topics
    assert ("Cached tokens in a batch", "bedrock") in topics
    assert ("Batch above 272,000 tokens", "openai") in topics
    assert ("Storage of explicit caches", "gemini") in topics
    assert ("End of an introductory price", "openai") in topics


def test_every_disagreement_of_the_catalogues_carries_a_decision() -> None:
    found = shipped.disagreements()
    assert len(found) > 100
    sonar = [one for one in found if (one.provider, one.model, one.part) == ("perplexity", "sonar", "output")]
    assert [(one.litellm_usd_per_mtok, one.genai_prices_usd_per_mtok) for one in sonar] == [
        (Decimal(1), Decimal("2.5"))
    ]
    assert sonar[0].resolution == "override"
