"""The committed tables: well formed, sourced, reviewed, and right for the models people have in logs."""

import csv
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest

from pricing import shipped
from pricing.matching import matches
from pricing.model import PRICE_COLUMNS, PriceRow
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, at

TABLE = PriceTable.shipped()
CHECKED_UNTIL = TODAY.date()


def records(name: str) -> list[dict[str, str]]:
    with (shipped.TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row(
    provider: str, model: str, tier: str = "standard", *, band: int = 0, when: datetime = TODAY
) -> PriceRow | None:
    found = [
        one
        for one in TABLE.rows_for(provider, model)
        if (one.tier, one.min_prompt_tokens) == (tier, band) and one.covers(when)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def prices(found: PriceRow | None) -> str:
    """`input / read / write / long write / output`, a dash for none."""
    if found is None:
        return "none"
    cells = [getattr(found, column) for column in PRICE_COLUMNS]
    return " / ".join("-" if cell is None else format(cell.normalize(), "f") for cell in cells)


def test_the_table_loads_without_overlaps_and_covers_the_26_providers() -> None:
    # PriceTable refuses overlapping rows when it is made
    assert {provider for provider, _ in TABLE.models()} == {
        "anthropic",
        "azure",
        "bedrock",
        "cerebras",
        "cohere",
        "dashscope",
        "databricks",
        "deepinfra",
        "deepseek",
        "fireworks_ai",
        "gemini",
        "groq",
        "minimax",
        "mistral",
        "moonshot",
        "nebius",
        "novita",
        "openai",
        "openrouter",
        "perplexity",
        "sambanova",
        "together_ai",
        "vertex_ai",
        "voyage",
        "xai",
        "zai",
    }
    assert TABLE.thresholds() == (
        32_001,
        100_001,
        128_001,
        200_000,
        200_001,
        256_001,
        272_001,
        512_001,
    )


def test_every_row_has_a_source_and_the_day_it_was_read() -> None:
    for one in TABLE.rows:
        assert one.source.strip(), one
        assert one.checked_on <= CHECKED_UNTIL, one
        assert one.source_kind != "user"
        if one.confidence in ("low", "assumed") or one.source_kind == "derived":
            assert one.note, one


def test_every_price_is_plausible() -> None:
    for one in TABLE.rows:
        assert one.input_usd_per_mtok is not None, one
        if one.model.endswith(":free"):
            assert one.provider == "openrouter", one
            assert one.input_usd_per_mtok == one.output_usd_per_mtok == Decimal(0), one
            continue
        assert 0 < one.input_usd_per_mtok <= 200, one
        assert one.output_usd_per_mtok is None or one.output_usd_per_mtok <= 600, one
        if one.cache_read_usd_per_mtok is not None:
            assert 0 < one.cache_read_usd_per_mtok < one.input_usd_per_mtok, one
        if one.provider == "minimax" and one.model.endswith("-highspeed"):
            continue  # MiniMax lists one write price for the model and its faster, dearer variant
        for write in (one.cache_write_usd_per_mtok, one.cache_write_long_usd_per_mtok):
            assert write is None or write >= one.input_usd_per_mtok, one


def standard_beside(one: PriceRow) -> Iterator[PriceRow]:
    for other in TABLE.rows_for(one.provider, one.model):
        if (other.tier, other.min_prompt_tokens) == ("standard", one.min_prompt_tokens):
            ends_before = other.valid_to and one.valid_from and other.valid_to <= one.valid_from
            starts_after = other.valid_from and one.valid_to and one.valid_to <= other.valid_from
            if not ends_before and not starts_after:
                yield other


def test_no_price_of_a_discount_tier_is_above_standard() -> None:
    compared = 0
    for one in TABLE.rows:
        if one.tier not in ("batch", "flex", "offpeak"):
            continue
        if one.provider == "openrouter":
            continue  # the listed standard price is that of the cheapest seller, which may sell no batch
        for standard in standard_beside(one):
            for column in PRICE_COLUMNS:
                discounted, usual = getattr(one, column), getattr(standard, column)
                if discounted is not None and usual is not None:
                    assert discounted <= usual, (one, column)
                    compared += 1
    assert compared > 2_000


def test_a_tier_never_exists_without_a_standard_price() -> None:
    for provider, model in TABLE.models():
        tiers = {one.tier for one in TABLE.rows_for(provider, model)}
        assert "standard" in tiers, (provider, model)


def test_every_tier_row_has_the_terms_of_its_tier() -> None:
    for one in TABLE.rows:
        if one.tier != "standard":
            terms = TABLE.terms(one.provider, one.model, one.tier)
            assert terms is not None, one
            assert terms.note or terms.window_s is None


def test_terms_of_the_lanes_people_plan_with() -> None:
    def terms(provider: str, model: str) -> tuple[int | None, int | None, int | None, int | None, str]:
        found = TABLE.terms(provider, model, "batch")
        assert found is not None
        return (found.window_s, found.expiry_s, found.max_requests, found.max_bytes, found.cache_rule)

    assert terms("openai", "gpt-5") == (86_400, 86_400, 50_000, 200_000_000, "priced")
    assert terms("openai", "gpt-4o") == (86_400, 86_400, 50_000, 200_000_000, "billed_as_input")
    assert terms("azure", "gpt-4o") == (86_400, None, 50_000, 200_000_000, "billed_as_input")
    assert terms("anthropic", "claude-opus-5") == (3_600, 86_400, 100_000, 256_000_000, "priced")
    assert terms("gemini", "gemini-2.5-flash") == (86_400, 172_800, None, 2_000_000_000, "same_as_standard")
    assert terms("vertex_ai", "gemini-3.8-flash") == (
        86_400,
        259_200,
        200_000,
        1_000_000_000,
        "same_as_standard",
    )
    assert terms("bedrock", "amazon.nova-pro-v1:0") == (86_400, 86_400, 50_000, 1_000_000_000, "none")
    anthropic = TABLE.terms("anthropic", "claude-sonnet-4-5", "batch")
    assert anthropic is not None
    assert (anthropic.cache_hit_low, anthropic.cache_hit_high) == (Decimal("0.30"), Decimal("0.98"))


def test_the_cache_rule_of_a_row_is_that_of_its_tier_or_says_that_less_is_known() -> None:
    for one in TABLE.rows:
        if one.tier == "standard":
            continue
        terms = TABLE.terms(one.provider, one.model, one.tier)
        assert terms is not None
        allowed = {terms.cache_rule, "none", "unknown"}
        if one.model.startswith("ft:"):
            allowed.add("priced")  # fine-tuned models have published cached prices in batch
        assert one.cache_rule in allowed, one


def test_aliases_lead_to_models_and_hide_none() -> None:
    known = set(TABLE.models())
    for (provider, alias), spans in shipped.aliases().items():
        for span in spans:
            assert (provider, span.model) in known, alias
        assert (provider, alias) not in known, alias
        # a fine-tuned model is never priced as the model it was made from
        assert {span.model.startswith("ft:") for span in spans} == {alias.startswith("ft:")}, alias


def test_every_conflict_of_the_sources_was_reviewed() -> None:
    conflicts = records("price_conflicts.csv")
    assert len(conflicts) > 100
    for conflict in conflicts:
        assert conflict["resolution"] in ("litellm", "genai-prices", "override"), conflict
        assert conflict["reason"], conflict
        assert conflict["confidence"] in ("high", "medium", "low"), conflict
        if conflict["resolution"] != "override":
            stated = conflict[f"{conflict['resolution'].replace('-', '_')}_usd_per_mtok"]
            assert conflict["shipped_usd_per_mtok"] == stated, conflict


def test_the_provenance_matches_the_committed_files() -> None:
    meta = json.loads((shipped.TABLES / "prices.meta.json").read_text(encoding="utf-8"))
    assert {(source["name"], source["version"]) for source in meta["sources"]} == {
        ("litellm", "1.109.1"),
        ("genai-prices", "0.2.3"),
    }
    for name, digest in meta["curated"].items():
        assert hashlib.sha256((shipped.TABLES / name).read_bytes()).hexdigest() == digest, (
            f"{name} changed; run the build again"
        )
    assert hashlib.sha256((shipped.TABLES / "prices.csv").read_bytes()).hexdigest() == meta["prices_sha256"]
    assert (meta["rows"], meta["models"]) == (len(TABLE.rows), len(TABLE.models()))


@pytest.mark.parametrize(
    ("provider", "model", "standard", "batch", "flex", "priority"),
    [
        # read off the published price lists (2026-11-21), written here by hand
        (
            "openai",
            "gpt-6.1-sol",
            "2 / 0.1 / 2.5 / 5 / 10",
            "1 / 0.05 / 1.25 / 2.5 / 5",
            "1 / 0.05 / 1.25 / 2.5 / 5",
            "4 / 0.2 / 5 / 10 / 20",
        ),
        (
            "openai",
            "gpt-5.5",
            "5 / 0.5 / - / - / 30",
            "2.5 / 0.25 / - / - / 15",
            "2.5 / 0.25 / - / - / 15",
            "12.5 / 1.25 / - / - / 75",
        ),
        (
            "openai",
            "gpt-5.4",
            "2.5 / 0.25 / - / - / 15",
            "1.25 / 0.13 / - / - / 7.5",
            "1.25 / 0.13 / - / - / 7.5",
            "5 / 0.5 / - / - / 30",
        ),
        (
            "openai",
            "gpt-5-mini",
            "0.25 / 0.025 / - / - / 2",
            "0.125 / 0.0125 / - / - / 1",
            "0.125 / 0.0125 / - / - / 1",
            "0.45 / 0.045 / - / - / 3.6",
        ),
        (
            "openai",
            "gpt-4.1",
            "2 / 0.5 / - / - / 8",
            "1 / - / - / - / 4",
            "none",
            "3.5 / 0.875 / - / - / 14",
        ),
        (
            "openai",
            "o4-mini",
            "1.1 / 0.275 / - / - / 4.4",
            "0.55 / - / - / - / 2.2",
            "0.55 / 0.138 / - / - / 2.2",
            "2 / 0.5 / - / - / 8",
        ),
        (
            "anthropic",
            "claude-fable-5-1",
            "10 / 0.25 / 12.5 / 20 / 50",
            "5 / 0.125 / 6.25 / 10 / 25",
            "none",
            "none",
        ),
        (
            "anthropic",
            "claude-opus-5-5",
            "4 / 0.2 / 5 / 8 / 20",
            "2 / 0.1 / 2.5 / 4 / 10",
            "none",
            "8 / 0.4 / 10 / 16 / 40",
        ),
        (
            "anthropic",
            "claude-sonnet-5-5",
            "2 / 0.1 / 2.5 / 4 / 10",
            "1 / 0.05 / 1.25 / 2 / 5",
            "none",
            "none",
        ),
        (
            "gemini",
            "gemini-2.5-pro",
            "1.25 / 0.125 / - / - / 10",
            "0.625 / - / - / - / 5",
            "0.625 / - / - / - / 5",
            "2.25 / 0.225 / - / - / 18",
        ),
        (
            "gemini",
            "gemini-3.7-flash",
            "0.75 / 0.075 / - / - / 3.75",
            "0.375 / 0.0375 / - / - / 1.875",
            "0.375 / 0.0375 / - / - / 1.875",
            "1.35 / 0.135 / - / - / 6.75",
        ),
        (
            "vertex_ai",
            "claude-opus-5-5",
            "4 / 0.2 / 5 / 8 / 20",
            "2 / 0.1 / 2.5 / 4 / 10",
            "none",
            "none",
        ),
        (
            "mistral",
            "mistral-large-4",
            "0.7 / 0.07 / - / - / 2.1",
            "0.35 / 0.035 / - / - / 1.05",
            "none",
            "1.225 / 0.1225 / - / - / 3.675",
        ),
        ("xai", "grok-4.7", "2 / 0.5 / - / - / 6", "1.6 / 0.4 / - / - / 4.8", "none", "none"),
        ("xai", "grok-4.6", "2 / 0.5 / - / - / 6", "none", "none", "none"),
        (
            "groq",
            "openai/gpt-oss-20b",
            "0.075 / 0.0375 / - / - / 0.3",
            "0.0375 / - / - / - / 0.15",
            "0.075 / 0.0375 / - / - / 0.3",
            "none",
        ),
        (
            "azure",
            "gpt-5",
            "1.25 / 0.125 / - / - / 10",
            "0.625 / 0.0625 / - / - / 5",
            "none",
            "2.5 / 0.25 / - / - / 20",
        ),
        (
            "bedrock",
            "us.amazon.nova-2-lite-v1:0",
            "0.33 / 0.0825 / - / - / 2.75",
            "0.165 / - / - / - / 1.375",
            "0.165 / 0.04125 / - / - / 1.375",
            "0.5775 / 0.144375 / - / - / 4.8125",
        ),
        ("openai", "gpt-5-codex", "1.25 / 0.125 / - / - / 10", "none", "none", "none"),
    ],
)
def test_flagship_prices_of_today(
    provider: str, model: str, standard: str, batch: str, flex: str, priority: str
) -> None:
    tiers = ("standard", "batch", "flex", "priority")
    assert [prices(row(provider, model, tier)) for tier in tiers] == [standard, batch, flex, priority]


@pytest.mark.parametrize(
    ("provider", "model", "tier", "instants"),
    [
        (
            "openai",
            "o3",
            "standard",
            {"2025-06-09": "10 / 2.5 / - / - / 40", "2025-06-10": "2 / 0.5 / - / - / 8"},
        ),
        ("openai", "o3", "batch", {"2025-06-09": "5 / - / - / - / 20", "2025-06-10": "1 / - / - / - / 4"}),
        (
            "openai",
            "gpt-5.6-luna",
            "batch",
            {"2026-07-29": "0.5 / 0.05 / 0.625 / - / 3", "2026-07-30": "0.1 / 0.01 / 0.125 / 0.25 / 0.6"},
        ),
        (
            "mistral",
            "mistral-large-4",
            "standard",
            {
                "2026-10-19": "0.68 / 0.07 / - / - / 2.09",
                "2026-10-20": "1.36 / 0.14 / - / - / 4.18",
                "2026-10-29": "0.7 / 0.07 / - / - / 2.1",
            },
        ),
        (
            "gemini",
            "gemini-4-argon",
            "priority",
            {"2026-11-30": "3.6 / 0.18 / - / - / 18", "2026-12-01": "7.2 / 0.36 / - / - / 36"},
        ),
        (
            "gemini",
            "gemini-3.8-flash",
            "flex",
            {
                "2026-12-31": "0.375 / 0.0375 / - / - / 1.875",
                "2027-01-01": "0.75 / 0.075 / - / - / 3.75",
            },
        ),
        (
            "vertex_ai",
            "gemini-4-argon",
            "standard",
            {"2026-11-30": "2 / 0.1 / - / - / 10", "2026-12-01": "4 / 0.2 / - / - / 20"},
        ),
        (
            "xai",
            "grok-4.20",
            "batch",
            {"2026-04-29": "1.6 / 0.16 / - / - / 4.8", "2026-04-30": "1 / 0.16 / - / - / 2"},
        ),
        (
            "deepseek",
            "deepseek-v4-flash",
            "offpeak",
            {
                "2026-08-16": "none",
                "2026-08-17": "0.22 / 0.007 / - / - / 0.66",
                "2026-09-10": "0.15 / 0.003 / - / - / 0.6",
            },
        ),
        (
            "anthropic",
            "claude-opus-4-8",
            "priority",
            {"2026-11-29": "10 / 1 / 12.5 / 20 / 50", "2026-11-30": "none"},
        ),
    ],
)
def test_recorded_and_announced_changes(
    provider: str, model: str, tier: str, instants: dict[str, str]
) -> None:
    assert {day: prices(row(provider, model, tier, when=at(day))) for day in instants} == instants


def test_long_context_prices() -> None:
    assert prices(row("openai", "gpt-6-sol", band=272_001)) == "4 / 0.4 / 5 / 10 / 15"
    assert prices(row("anthropic", "claude-haiku-5-5", "batch", band=100_001)) == (
        "0.25 / 0.025 / 0.3125 / 0.5 / 1.25"
    )
    assert prices(row("gemini", "gemini-2.5-pro", "batch", band=200_001)) == "1.25 / - / - / - / 7.5"
    assert prices(row("xai", "grok-4.3", "batch", band=200_000)) == "2 / 0.32 / - / - / 4"
    assert prices(row("anthropic", "claude-sonnet-4-6", band=200_001, when=at("2026-03-12"))) == (
        "6 / 0.6 / 7.5 / 12 / 22.5"
    )
    assert row("anthropic", "claude-sonnet-4-6", band=200_001, when=at("2026-03-13")) is None
    assert prices(row("openai", "gpt-5.5-pro", "batch", band=272_001)) == "30 / - / - / - / 135"
    assert row("openai", "gpt-5.5-pro", "flex", band=272_001) is None


def test_a_tier_dated_back_says_so() -> None:
    assumed = row("openai", "gpt-5", "batch", when=at("2026-09-01"))
    checked = row("openai", "gpt-5", "batch")
    assert assumed is not None
    assert checked is not None
    assert prices(assumed) == prices(checked) == "0.625 / 0.0625 / - / - / 5"
    assert (assumed.valid_from, assumed.confidence, assumed.source_kind) == (None, "assumed", "derived")
    assert "assumed before 2026-10-14" in assumed.note
    assert (checked.confidence, checked.source_kind) == ("high", "genai-prices")


def test_introductory_prices_name_their_last_day() -> None:
    for provider in ("gemini", "vertex_ai"):
        for tier in ("standard", "batch", "flex", "priority"):
            argon, flash = row(provider, "gemini-4-argon", tier), row(provider, "gemini-3.6-flash", tier)
            assert argon is not None
            assert flash is not None
            assert argon.promo_until == at("2026-11-30").date()
            assert flash.promo_until == at("2026-12-31").date()
    after = row("gemini", "gemini-4-argon", when=at("2026-12-01"))
    assert after is not None
    assert after.promo_until is None


LEGACY = {
    ("openai", "gpt-3.5-turbo-0125"): "0.5 / - / - / - / 1.5",
    ("openai", "gpt-3.5-turbo-0613"): "1.5 / - / - / - / 2",
    ("openai", "gpt-3.5-turbo-instruct"): "1.5 / - / - / - / 2",
    ("openai", "gpt-4-0613"): "30 / - / - / - / 60",
    ("openai", "gpt-4-turbo-2024-04-09"): "10 / - / - / - / 30",
    ("openai", "gpt-4o-2024-05-13"): "5 / - / - / - / 15",
    ("openai", "davinci:2023-07-21-v2"): "2 / - / - / - / 2",
    ("openai", "o1-mini-2024-09-12"): "1.1 / 0.55 / - / - / 4.4",
    ("anthropic", "claude-2.1"): "none",
    ("anthropic", "claude-3-haiku-20240307"): "0.25 / 0.03 / 0.3 / 0.5 / 1.25",
    ("anthropic", "claude-3-5-sonnet-20241022"): "3 / 0.3 / 3.75 / 6 / 15",
    ("anthropic", "claude-3-opus-20240229"): "15 / 1.5 / 18.75 / 30 / 75",
    ("anthropic", "claude-sonnet-4-20250514"): "3 / 0.3 / 3.75 / 6 / 15",
    ("gemini", "gemini-1.5-flash-002"): "0.075 / 0.01875 / - / - / 0.3",
    ("bedrock", "anthropic.claude-v2"): "8 / - / - / - / 24",
    ("bedrock", "us.anthropic.claude-3-haiku-20240307-v1:0"): "0.25 / - / - / - / 1.25",
    ("azure", "gpt-35-turbo"): "0.5 / - / - / - / 1.5",
}


@pytest.mark.parametrize(("provider", "model"), sorted(LEGACY))
def test_retired_models_keep_their_price(provider: str, model: str) -> None:
    assert prices(row(provider, model)) == LEGACY[provider, model]


# Every model of the recorded OpenAI and Anthropic responses and LiteLLM logs, with its price today.
RECORDED = {
    "openai": {
        "davinci-002": "2 / 2",
        "davinci:2023-07-21-v2": "2 / 2",
        "gpt-3.5-turbo": "0.5 / 1.5",
        "gpt-3.5-turbo-0125": "0.5 / 1.5",
        "gpt-3.5-turbo-0613": "1.5 / 2",
        "gpt-3.5-turbo-instruct": "1.5 / 2",
        "gpt-4-0613": "30 / 60",
        "gpt-4-1106-vision-preview": "10 / 30",
        "gpt-4.1-2025-04-14": "2 / 8",
        "gpt-4.1-mini": "0.4 / 1.6",
        "gpt-4.1-mini-2025-04-14": "0.4 / 1.6",
        "gpt-4.1-nano-2025-04-14": "0.1 / 0.4",
        "gpt-4.5-preview-2025-02-27": "75 / 150",
        "gpt-4o": "2.5 / 10",
        "gpt-4o-2024-05-13": "5 / 15",
        "gpt-4o-2024-08-06": "2.5 / 10",
        "gpt-4o-mini": "0.15 / 0.6",
        "gpt-4o-mini-2024-07-18": "0.15 / 0.6",
        "gpt-4o-search-preview-2025-03-11": "2.5 / 10",
        "gpt-5": "1.25 / 10",
        "gpt-5-2025-08-07": "1.25 / 10",
        "gpt-5-mini-2025-08-07": "0.25 / 2",
        "gpt-5-nano-2025-08-07": "0.05 / 0.4",
        "gpt-5.2-2025-12-11": "1.75 / 14",
        "gpt-5.4-2026-03-05": "2.5 / 15",
        "gpt-5.4-mini-2026-03-17": "0.75 / 4.5",
        "gpt-5.5-2026-04-23": "5 / 30",
        "gpt-5.6-sol": "4 / 20",
        "o1-mini-2024-09-12": "1.1 / 4.4",
        "o3-2025-04-16": "2 / 8",
        "o3-mini-2025-01-31": "1.1 / 4.4",
        "o4-mini-2025-04-16": "1.1 / 4.4",
    },
    "anthropic": {
        "claude-3-5-haiku-20241022": "0.8 / 4",
        "claude-3-5-haiku-latest": "0.8 / 4",
        "claude-3-5-sonnet-20240620": "3 / 15",
        "claude-3-7-sonnet-20250219": "3 / 15",
        "claude-3-opus-20240229": "15 / 75",
        "claude-fable-5": "10 / 50",
        "claude-haiku-4-5-20251001": "1 / 5",
        "claude-opus-4-6": "5 / 25",
        "claude-opus-4-7": "5 / 25",
        "claude-opus-4-8": "5 / 25",
        "claude-opus-5": "5 / 25",
        "claude-sonnet-4-20250514": "3 / 15",
        "claude-sonnet-4-5-20250929": "3 / 15",
        "claude-sonnet-4-6": "3 / 15",
        "claude-sonnet-5": "2 / 10",
    },
}


def test_every_model_of_the_recorded_responses_is_priced() -> None:
    for provider, models in RECORDED.items():
        found = {}
        for model in models:
            one = row(provider, model)
            assert one is not None, model
            assert one.input_usd_per_mtok is not None
            assert one.output_usd_per_mtok is not None
            found[model] = f"{one.input_usd_per_mtok.normalize():f} / {one.output_usd_per_mtok.normalize():f}"
        assert found == models


def test_snapshots_that_only_differ_in_name_have_the_tiers_of_their_family() -> None:
    for snapshot, family in (
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
    ):
        assert TABLE.rows_for("anthropic", snapshot) == TABLE.rows_for("anthropic", family)


def test_every_glob_of_the_curated_tables_still_means_something() -> None:
    models = TABLE.models()
    for name in ("modifiers.csv", "tiers.csv", "clock.csv"):
        for record in records(name):
            assert any(
                provider == record["provider"] and matches(model, record["model_glob"])
                for provider, model in models
            ), (name, record["provider"], record["model_glob"])
