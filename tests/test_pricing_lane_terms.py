"""What each lane promises: sold or why not, window, expiry, limits, and the cache in it."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.lane_terms import LaneOffer, lane_offers, rates_at
from pricing.model import LANES
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, at


@dataclass(frozen=True)
class Cache:
    min_tokens: int | None = 1_024
    ttl_s: int | None = 300
    ttl_long_s: int | None = 3_600
    storage_usd_per_mtok_hour: Decimal | None = Decimal(0)


def offers(provider: str, model: str, *, prompt_tokens: int = 0) -> dict[str, LaneOffer]:
    found = lane_offers(
        PriceTable.shipped(), provider, model, TODAY, prompt_tokens=prompt_tokens, cache=Cache()
    )
    assert [offer.lane for offer in found] == list(LANES)
    return {offer.lane: offer for offer in found}


def test_claude_in_a_batch() -> None:
    lanes = offers("anthropic", "claude-sonnet-4-5")
    batch = lanes["batch+cache"]
    assert (batch.offered, batch.caches, batch.cache_rule) == (True, True, "priced")
    assert (batch.window_s, batch.expiry_s) == (3_600, 86_400)
    assert (batch.max_requests, batch.max_bytes) == (100_000, 256_000_000)
    assert (batch.cache_hit_low, batch.cache_hit_high) == (Decimal("0.30"), Decimal("0.98"))
    assert (batch.cache_min_tokens, batch.cache_ttl_s, batch.cache_ttl_long_s) == (1_024, 300, 3_600)
    assert batch.source is not None
    assert lanes["batch"].cache_min_tokens is None  # the lane without caching promises none
    assert not lanes["batch"].caches
    flex = lanes["flex"]
    assert (flex.offered, flex.reason) == (False, "tier_not_offered")
    assert flex.why_not == "The price table has no flex price for claude-sonnet-4-5 on anthropic."


def test_the_cache_of_a_batch_differs_by_class() -> None:
    rules = {
        ("openai", "gpt-4.1"): ("billed_as_input", True, False),
        ("gemini", "gemini-2.5-pro"): ("same_as_standard", True, True),
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"): ("none", False, False),
        ("openai", "gpt-5"): ("priced", True, True),
    }
    for (provider, model), (rule, offered, caches) in rules.items():
        offer = offers(provider, model)["batch+cache"]
        assert (offer.cache_rule, offer.offered, offer.caches) == (rule, offered, caches), model
        assert (offer.cache_ttl_s is not None) == caches


def test_windows_and_expiries_of_other_providers() -> None:
    gemini = offers("gemini", "gemini-2.5-flash")
    assert (gemini["batch"].window_s, gemini["batch"].expiry_s) == (86_400, 172_800)
    assert gemini["flex"].window_s == 900
    assert offers("openai", "gpt-5")["batch"].max_requests == 50_000
    assert offers("deepseek", "deepseek-v4-pro")["offpeak"].window_s == 14_400
    sync = offers("openai", "gpt-5")["sync"]
    assert (sync.offered, sync.window_s, sync.expiry_s, sync.source) == (True, None, None, None)


def test_a_tier_that_sells_no_long_prompts() -> None:
    short = offers("gemini", "gemini-3.1-pro-preview", prompt_tokens=200_000)["flex"]
    long = offers("gemini", "gemini-3.1-pro-preview", prompt_tokens=200_001)["flex"]
    assert (short.offered, long.offered, long.reason) == (True, False, "long_context_not_published")


def test_an_unknown_model_offers_nothing_and_says_so() -> None:
    assert {offer.reason for offer in offers("openai", "nobody-knows").values()} == {"model_not_in_table"}


def test_rates_are_those_of_the_day() -> None:
    table = PriceTable.shipped()
    before = rates_at(table, "openai", "gpt-5.6-sol", at("2026-08-20T23:00"))
    after = rates_at(table, "openai", "gpt-5.6-sol", at("2026-08-21"))
    assert before["sync"].input_usd_per_mtok == Decimal(5)
    assert after["sync"].input_usd_per_mtok == Decimal(4)
    assert set(after) == set(LANES)
