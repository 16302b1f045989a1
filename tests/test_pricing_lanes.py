"""Lanes: which caches survive in which tier, what is not offered and why, and that nothing is left out."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.errors import PricingError
from pricing.lanes import LANE_TIERS, REASONS, LaneRate, explain, lane_rates
from pricing.model import AS_BILLED, LANES, TIERS
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, at, costs, price_row


def rate(
    table: PriceTable, provider: str, model: str, lane: str, *, tier: str | None = None, prompt: int = 0
) -> LaneRate:
    """The one vector in force today."""
    found = [
        one
        for one in lane_rates(table, [(provider, model)])
        if one.lane == lane
        and tier in (None, one.tier)
        and one.min_prompt_tokens <= prompt
        and (one.max_prompt_tokens is None or prompt < one.max_prompt_tokens)
        and (one.valid_from is None or one.valid_from <= TODAY)
        and (one.valid_to is None or one.valid_to > TODAY)
    ]
    assert len(found) == 1
    return found[0]


def vector(found: LaneRate) -> tuple[Decimal | None, ...]:
    return (
        found.input_usd_per_mtok,
        found.cache_read_usd_per_mtok,
        found.cache_write_usd_per_mtok,
        found.cache_write_long_usd_per_mtok,
        found.output_usd_per_mtok,
    )


def dec(*prices: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(price) for price in prices)


SHIPPED = PriceTable.shipped()


@pytest.mark.parametrize(
    ("provider", "model", "batch_cache"),
    [
        # the cache discount stacks on the batch discount
        ("anthropic", "claude-sonnet-4-5", ("1.5", "0.15", "1.875", "3", "7.5")),
        ("anthropic", "claude-sonnet-5-5", ("1", "0.05", "1.25", "2", "5")),
        ("openai", "gpt-5", ("0.625", "0.0625", "0.625", "0.625", "5")),
        ("openai", "gpt-6.1-sol", ("1", "0.05", "1.25", "2.5", "5")),
        ("xai", "grok-4.3", ("1", "0.16", "1", "1", "2")),
        ("mistral", "mistral-medium-3-5", ("0.75", "0.075", "0.75", "0.75", "3.75")),
        ("gemini", "gemini-3.8-flash", ("0.375", "0.0375", "0.375", "0.375", "1.875")),
        ("gemini", "gemini-3.5-flash-lite", ("0.15", "0.02", "0.15", "0.15", "1.25")),
        # cached reads keep the standard price
        ("gemini", "gemini-2.5-flash", ("0.15", "0.03", "0.15", "0.15", "1.25")),
        ("gemini", "gemini-3.1-pro-preview", ("1", "0.2", "1", "1", "6")),
        ("vertex_ai", "gemini-2.5-pro", ("0.625", "0.125", "0.625", "0.625", "5")),
        # no discount: cached tokens bill as batch input
        ("openai", "gpt-4o", ("1.25", "1.25", "1.25", "1.25", "5")),
        ("openai", "gpt-4.1", ("1", "1", "1", "1", "4")),
        ("openai", "o3", ("1", "1", "1", "1", "4")),
        ("azure", "gpt-4.1", ("1", "1", "1", "1", "4")),
        ("groq", "openai/gpt-oss-120b", ("0.075", "0.075", "0.075", "0.075", "0.3")),
    ],
)
def test_the_stacking_class_of_each_model(provider: str, model: str, batch_cache: tuple[str, ...]) -> None:
    assert vector(rate(SHIPPED, provider, model, "batch+cache")) == dec(*batch_cache)
    price = Decimal(batch_cache[0])
    assert vector(rate(SHIPPED, provider, model, "batch")) == (price,) * 4 + (Decimal(batch_cache[4]),)


@pytest.mark.parametrize(
    ("provider", "model", "lane", "reason"),
    [
        ("openai", "gpt-4o", "flex", "tier_not_offered"),
        ("openai", "gpt-4o", "flex+cache", "tier_not_offered"),
        ("openai", "gpt-5.3-codex", "batch", "tier_not_offered"),
        ("openai", "gpt-4", "sync+cache", "cache_not_offered"),
        ("anthropic", "claude-sonnet-4-5", "offpeak", "tier_not_offered"),
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "batch+cache", "cache_not_offered"),
        ("azure", "gpt-5.4", "flex+cache", "cache_unknown"),
        ("openai", "no-such-model", "sync", "model_not_in_table"),
        ("acme", "gpt-4o", "batch", "model_not_in_table"),
    ],
)
def test_a_lane_that_is_not_offered_has_no_rates_but_a_reason(
    provider: str, model: str, lane: str, reason: str
) -> None:
    found = rate(SHIPPED, provider, model, lane)
    assert found.reason == reason
    assert vector(found) == (None,) * 5


def test_a_long_prompt_in_a_tier_without_a_long_price_is_unknown() -> None:
    short = rate(SHIPPED, "openai", "gpt-5.4", "priority", prompt=272_000)
    long = rate(SHIPPED, "openai", "gpt-5.4", "priority", prompt=272_001)
    assert short.input_usd_per_mtok == 5
    assert (long.input_usd_per_mtok, long.reason) == (None, "long_context_not_published")
    flex = {"provider": "gemini", "model": "gemini-2.5-pro", "prompt_band": 200_001, "input_tokens": 10**6}
    assert costs([flex])["flex"]["reason"] == "long_context_not_published"
    assert costs([flex])["batch"]["cost_micro_usd"] == 1_250_000


def test_native_bedrock_batch_has_no_cache_and_claude_platform_has_it() -> None:
    native = rate(SHIPPED, "bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "batch")
    platform = rate(SHIPPED, "bedrock", "claude_platform/claude-sonnet-4-5", "batch+cache")
    assert vector(native) == dec("1.5", "1.5", "1.5", "1.5", "7.5")
    assert vector(platform) == dec("1.5", "0.15", "1.875", "3", "7.5")


def test_a_tier_that_follows_the_standard_cache_price_follows_its_changes() -> None:
    table = PriceTable(
        [
            price_row("1 / 0.1 / - / - / 4", valid_to=at("2026-06-01")),
            price_row("2 / 0.3 / - / - / 8", valid_from=at("2026-06-01")),
            price_row("0.5 / - / - / - / 2", tier="batch", rule="same_as_standard"),
        ]
    )
    call = {"provider": "acme", "model": "m", "input_tokens": 100, "cache_read_tokens": 100}
    assert costs([call], table, as_of=at("2026-05-31T23:00"))["batch+cache"]["cost_micro_usd"] == 10
    assert costs([call], table, as_of=at("2026-06-01"))["batch+cache"]["cost_micro_usd"] == 30


def test_no_price_on_a_date_is_not_the_price_of_another() -> None:
    table = PriceTable(
        [price_row("1 / - / - / - / 2", valid_from=at("2026-02-01"), valid_to=at("2026-03-01"))]
    )
    call = {"provider": "acme", "model": "m", "input_tokens": 100}
    assert costs([call], table, as_of=at("2026-01-31T23:00"))["sync"]["reason"] == "no_price_on_date"
    assert costs([call], table, as_of=at("2026-02-01"))["sync"]["cost_micro_usd"] == 100
    assert costs([call], table, as_of=at("2026-02-28T23:00"))["sync"]["cost_micro_usd"] == 100
    assert costs([call], table, as_of=at("2026-03-01"))["sync"]["cost_micro_usd"] is None


def test_a_missing_write_price_costs_input_unless_another_write_is_priced() -> None:
    plain = PriceTable([price_row("8 / 2 / - / - / 9")])
    assert vector(rate(plain, "acme", "m", "sync+cache")) == dec("8", "2", "8", "8", "9")
    charged = PriceTable([price_row("8 / 2 / 10 / - / 9")])
    found = rate(charged, "acme", "m", "sync+cache")
    assert vector(found) == (*dec("8", "2", "10"), None, Decimal(9))
    assert found.cache_reason == "cache_price_missing"
    long_write = {"provider": "acme", "model": "m", "input_tokens": 5, "cache_write_long_tokens": 5}
    assert costs([long_write], charged)["sync+cache"]["reason"] == "cache_price_missing"


def test_missing_input_and_output_prices_are_named() -> None:
    call = {"provider": "acme", "model": "m", "input_tokens": 5, "output_tokens": 1}
    no_input = PriceTable([price_row("- / - / - / - / 9")])
    no_output = PriceTable([price_row("9 / - / - / - / -")])
    assert costs([call], no_input)["sync"]["reason"] == "input_price_missing"
    assert costs([call], no_output)["sync"]["reason"] == "output_price_missing"
    assert costs([call | {"output_tokens": 0}], no_output)["sync"]["cost_micro_usd"] == 45


def test_priority_and_offpeak_keep_the_cache_split() -> None:
    call = {
        "provider": "deepseek",
        "model": "deepseek-v4-pro",
        "input_tokens": 1_000,
        "cache_read_tokens": 800,
        "output_tokens": 100,
    }
    found = costs([call])
    # 200 x 0.66 + 800 x 0.022 + 100 x 1.98
    assert found["offpeak"]["cost_micro_usd"] == Decimal("347.6")
    assert found["sync+cache"]["cost_micro_usd"] == Decimal("695.2")


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_has_a_sentence_for_people(code: str) -> None:
    sentence = explain(code, provider="xai", model="grok-4.3", tier="flex")
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert sentence[0] == sentence[0].upper()
    general = explain(code)
    assert "None" not in general
    assert "{" not in general


def test_an_unknown_reason_is_misuse() -> None:
    with pytest.raises(PricingError, match="not a reason code"):
        explain("because")


def test_every_lane_has_a_tier() -> None:
    assert tuple(LANE_TIERS) == LANES
    # traffic is billed in `ultrafast`, and never moved there
    assert {tier for tier, _ in LANE_TIERS.values()} == set(TIERS) - {"ultrafast"}


_INSTANTS = [at("2026-01-01"), at("2026-04-01"), at("2026-08-01")]
_INTERVALS = st.sampled_from([(None, None), (None, 0), (0, 1), (1, None), (1, 2), (0, 2), (2, None)])


@settings(max_examples=60, deadline=None)
@given(
    specs=st.lists(
        st.tuples(
            st.sampled_from(TIERS),
            st.sampled_from([0, 200_001]),
            _INTERVALS,
            st.sampled_from(["priced", "billed_as_input", "none", "unknown", "same_as_standard"]),
        ),
        unique_by=lambda spec: spec[:2],
        max_size=8,
    ),
    instant=st.sampled_from([at("2025-01-01"), *_INSTANTS, at("2027-01-01")]),
    prompt=st.sampled_from([0, 200_000, 200_001]),
)
def test_exactly_one_vector_holds_at_any_time_and_length(
    specs: list[tuple[str, int, tuple[int | None, int | None], str]], instant: datetime, prompt: int
) -> None:
    rows = [
        price_row(
            "2 / 1 / - / - / 3" if rule == "priced" else "2 / - / - / - / 3",
            tier=tier,
            band=band,
            rule="none" if rule == "same_as_standard" and tier == "standard" else rule,
            valid_from=None if start is None else _INSTANTS[start],
            valid_to=None if end is None else _INSTANTS[end],
        )
        for tier, band, (start, end), rule in specs
    ]
    table = PriceTable(rows)
    rates = lane_rates(table, [("acme", "m")])
    wanted: list[tuple[str, str]] = [(lane, LANE_TIERS[lane][0]) for lane in LANES]
    wanted += [(AS_BILLED, tier) for tier in (*TIERS, "unsettled")]
    for lane, tier in wanted:
        held = [
            one
            for one in rates
            if (one.lane, one.tier) == (lane, tier)
            and one.min_prompt_tokens <= prompt
            and (one.max_prompt_tokens is None or prompt < one.max_prompt_tokens)
            and (one.valid_from is None or one.valid_from <= instant)
            and (one.valid_to is None or instant < one.valid_to)
        ]
        assert len(held) == 1, (lane, tier)
        assert (held[0].reason is None) == (held[0].input_usd_per_mtok is not None)
        assert held[0].reason is None or held[0].reason in REASONS
