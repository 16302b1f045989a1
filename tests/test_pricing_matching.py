"""Which shipped price a logged id finds: spellings of every seller, moved names, new tiers and sellers."""

from decimal import Decimal

import pytest

from pricing.model import PRICE_COLUMNS, PriceRow
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, at, costs, cube

TABLE = PriceTable.shipped()


def priced(provider: str, model: str, tier: str = "standard", *, band: int = 0, when: str = "") -> str:
    """`input / read / write / long write / output` in force on a day, a dash for none."""
    instant = at(when) if when else TODAY
    found: list[PriceRow] = [
        row
        for row in TABLE.rows_for(provider, model)
        if (row.tier, row.min_prompt_tokens) == (tier, band) and row.covers(instant)
    ]
    assert len(found) <= 1
    if not found:
        return "none"
    cells = [getattr(found[0], column) for column in PRICE_COLUMNS]
    return " / ".join("-" if cell is None else format(cell.normalize(), "f") for cell in cells)


@pytest.mark.parametrize(
    ("shown", "prices"),
    [
        # the names in the cost export of the Anthropic Console
        ("Claude Haiku 3", "0.25 / 0.03 / 0.3 / 0.5 / 1.25"),
        ("Claude Haiku 3.5", "0.8 / 0.08 / 1 / 1.6 / 4"),
        ("Claude Sonnet 3.7", "3 / 0.3 / 3.75 / 6 / 15"),
        ("Claude Sonnet 4", "3 / 0.3 / 3.75 / 6 / 15"),
        ("Claude Sonnet 4.5", "3 / 0.3 / 3.75 / 6 / 15"),
        ("Claude Haiku 4.5", "1 / 0.1 / 1.25 / 2 / 5"),
        ("Claude Opus 4", "15 / 1.5 / 18.75 / 30 / 75"),
        ("Claude Opus 4.1", "15 / 1.5 / 18.75 / 30 / 75"),
        ("Claude Opus 4.5", "5 / 0.5 / 6.25 / 10 / 25"),
        ("Claude Opus 4.8", "5 / 0.5 / 6.25 / 10 / 25"),
        ("Claude Opus 5", "5 / 0.5 / 6.25 / 10 / 25"),
        ("Claude Opus 5.5", "4 / 0.2 / 5 / 8 / 20"),
        ("Claude Sonnet 5", "2 / 0.2 / 2.5 / 4 / 10"),
        ("Claude Sonnet 5.5", "2 / 0.1 / 2.5 / 4 / 10"),
        ("Claude Haiku 5.5", "0.1 / 0.01 / 0.125 / 0.2 / 0.5"),
        ("Claude Fable 5.1", "10 / 0.25 / 12.5 / 20 / 50"),
        ("Claude Mythos 5.1", "10 / 0.25 / 12.5 / 20 / 50"),
    ],
)
def test_display_names_of_claude_models(shown: str, prices: str) -> None:
    assert priced("anthropic", shown) == prices


@pytest.mark.parametrize(
    ("provider", "logged", "prices"),
    [
        ("azure", "azure/gpt-5", "1.25 / 0.125 / - / - / 10"),
        ("azure", "azure/gpt-5-2025-08-07", "1.25 / 0.125 / - / - / 10"),
        ("azure", "azure/eu/gpt-5-2025-08-07", "1.375 / 0.1375 / - / - / 11"),
        ("vertex_ai", "vertex_ai/gemini-3.8-flash", "0.75 / 0.075 / - / - / 3.75"),
        ("vertex_ai", "vertex_ai/claude-sonnet-4-5@20250929", "3 / 0.3 / 3.75 / 6 / 15"),
        # Bedrock: global prices are Anthropic's, ids with a region a tenth above
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "3 / 0.3 / 3.75 / 6 / 15"),
        ("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "3 / 0.3 / 3.75 / 6 / 15"),
        (
            "bedrock",
            "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "3.3 / 0.33 / 4.125 / 6.6 / 16.5",
        ),
        ("bedrock", "bedrock/converse/eu.anthropic.claude-opus-5", "5.5 / 0.55 / 6.875 / 11 / 27.5"),
        ("bedrock", "claude-sonnet-4-5", "3 / 0.3 / 3.75 / 6 / 15"),
        ("bedrock", "claude-sonnet-4-5-20250929", "3 / 0.3 / 3.75 / 6 / 15"),
        ("bedrock", "Claude Sonnet 4.5", "3 / 0.3 / 3.75 / 6 / 15"),
        ("bedrock", "anthropic.claude-sonnet-4-5", "3 / 0.3 / 3.75 / 6 / 15"),
        ("bedrock", "claude-opus-4-5", "5 / 0.5 / 6.25 / 10 / 25"),
        ("bedrock", "anthropic.claude-fable-5-2", "8 / 0.2 / 10 / 16 / 40"),
        ("bedrock", "us.anthropic.claude-fable-5-2", "8.8 / 0.22 / 11 / 17.6 / 44"),
        ("bedrock", "us.anthropic.claude-fable-5-2-v1:0", "8.8 / 0.22 / 11 / 17.6 / 44"),
        ("bedrock", "claude-3-haiku", "0.25 / - / - / - / 1.25"),
        ("bedrock", "claude", "none"),
        # OpenRouter
        ("openrouter", "anthropic/claude-sonnet-4.5", "3 / 0.3 / 3.75 / - / 15"),
        ("openrouter", "openrouter/anthropic/claude-sonnet-4.5", "3 / 0.3 / 3.75 / - / 15"),
        ("openrouter", "anthropic/claude-4.5-sonnet-20250929", "3 / 0.3 / 3.75 / - / 15"),
        ("openrouter", "anthropic/claude-sonnet-4.5:batch", "1.5 / 0.15 / 1.875 / - / 7.5"),
        ("openrouter", "google/gemma-3-12b-it:free", "0 / - / - / - / 0"),
        ("openrouter", "openai/gpt-5:nitro", "none"),
        # 1.25 for reading the prompt and 0.375 for keeping it five minutes
        ("openrouter", "google/gemini-2.5-pro", "1.25 / 0.125 / 1.625 / - / 10"),
        # other sellers
        ("together_ai", "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "1.04 / - / - / - / 1.04"),
        ("fireworks_ai", "accounts/fireworks/models/kimi-k3", "3 / 0.3 / - / - / 15"),
        (
            "fireworks_ai",
            "fireworks_ai/accounts/fireworks/models/deepseek-v4-pro",
            "1.74 / 0.145 / - / - / 3.48",
        ),
        ("deepinfra", "deepinfra/anthropic/claude-opus-5", "5 / - / - / - / 25"),
        ("cerebras", "gpt-oss-120b", "0.35 / - / - / - / 0.75"),
        ("cohere", "command-a-03-2025", "2.5 / - / - / - / 10"),
        ("cohere", "embed-multilingual-light-v3.0", "0.1 / - / - / - / 0"),
        ("moonshot", "moonshotai/kimi-k2.5", "0.6 / 0.1 / - / - / 3"),
        ("zai", "z-ai/glm-5", "1 / 0.2 / - / - / 3.2"),
        ("voyage", "voyageai/voyage-3.5", "0.06 / - / - / - / 0"),
        ("dashscope", "qwen-flash", "0.05 / - / - / - / 0.4"),
        # fine-tuned: their own prices where published, else none
        ("openai", "ft:gpt-4o-mini-2024-07-18:acme:shop:9x7", "0.3 / 0.15 / - / - / 1.2"),
        ("openai", "ft:gpt-4o-mini:acme::9x7", "0.3 / 0.15 / - / - / 1.2"),
        ("openai", "ft:gpt-4.1:acme::9x7", "3 / 0.75 / - / - / 12"),
        ("openai", "ft:o4-mini-2025-04-16:acme::9x7", "4 / 1 / - / - / 16"),
        ("openai", "ft:gpt-5:acme::9x7", "none"),
        ("openai", "ft:gpt-4-0125-preview:acme::9x7", "none"),
        ("azure", "gpt-4o-mini-2024-07-18.ft-0a1b2c", "none"),
    ],
)
def test_what_a_logged_id_costs(provider: str, logged: str, prices: str) -> None:
    assert priced(provider, logged) == prices


def test_the_bands_of_qwen_begin_above_their_thresholds() -> None:
    assert priced("dashscope", "qwen-flash", band=256_001) == "0.25 / - / - / - / 2"
    (below,) = {row["lane"]: row for row in [_costs("dashscope", "qwen-flash", 256_000)["sync"]]}.values()
    above = _costs("dashscope", "qwen-flash", 256_001)["sync"]
    assert below["cost_micro_usd"] == Decimal("12800")  # 256,000 x 0.05
    assert above["cost_micro_usd"] == Decimal("64000.25")  # 256,001 x 0.25


def _costs(provider: str, model: str, tokens: int) -> dict[str, dict[str, object]]:
    band = max((start for start in TABLE.thresholds() if start <= tokens), default=0)
    return costs(
        cube({"provider": provider, "model": model, "input_tokens": tokens, "prompt_band": band}), TABLE
    )


@pytest.mark.parametrize(
    ("alias", "day", "model", "prices", "batch"),
    [
        ("mistral-medium-latest", "2026-06-15", "mistral-medium-3-1", "0.4 / 0.04 / - / - / 2", "0.2"),
        ("mistral-medium-latest", "2026-06-16", "mistral-medium-3-5", "1.5 / 0.15 / - / - / 7.5", "0.75"),
        (
            "mistral-small-latest",
            "2026-03-15",
            "mistral-small-3.2-24b-instruct",
            "0.1 / - / - / - / 0.3",
            "0.05",
        ),
        ("mistral-small-latest", "2026-03-16", "mistral-small-2603", "0.15 / 0.015 / - / - / 0.6", "0.075"),
        ("mistral-large-latest", "2025-12-01", "mistral-large", "2 / - / - / - / 6", "1"),
        ("mistral-large-latest", "2025-12-02", "mistral-large-2512", "0.5 / 0.05 / - / - / 1.5", "0.25"),
        ("ministral-8b-latest", "2025-12-01", "ministral-8b", "0.1 / - / - / - / 0.1", "0.05"),
        ("ministral-8b-latest", "2025-12-02", "ministral-8b-2512", "0.15 / 0.015 / - / - / 0.15", "0.075"),
        ("ministral-3b-latest", "2025-12-02", "ministral-3b-2512", "0.1 / 0.01 / - / - / 0.1", "0.05"),
        ("magistral-medium-latest", "2026-05-21", "magistral-medium", "2 / - / - / - / 5", "1"),
        ("magistral-medium-latest", "2026-05-22", "mistral-medium-3-5", "1.5 / 0.15 / - / - / 7.5", "0.75"),
        ("magistral-small-latest", "2026-04-30", "mistral-small-2603", "0.15 / 0.015 / - / - / 0.6", "0.075"),
    ],
)
def test_names_that_moved(alias: str, day: str, model: str, prices: str, batch: str) -> None:
    assert TABLE.resolve("mistral", alias, at(day)) == model
    assert priced("mistral", alias, when=day) == prices
    assert priced("mistral", f"mistral/{alias}", "batch", when=day).split(" / ")[0] == batch


def test_the_ultrafast_tier_is_priced_as_billed_and_nobody_is_moved_to_it() -> None:
    assert priced("openai", "gpt-6-astra", "ultrafast") == "60 / 6 / 75 / 150 / 300"
    assert priced("openai", "gpt-6.1-sol", "ultrafast") == "12 / 0.6 / 15 / 30 / 60"
    found = costs(
        cube(
            {
                "provider": "openai",
                "model": "gpt-6-astra",
                "tier": "ultrafast",
                "input_tokens": 1_000,
                "output_tokens": 100,
            }
        ),
        TABLE,
    )
    # 1,000 x 60 + 100 x 300 micro-dollars
    assert found["as_billed"]["cost_micro_usd"] == Decimal(90_000)
    assert "ultrafast" not in found
    missing = costs(cube({"provider": "openai", "model": "gpt-5", "tier": "ultrafast", "input_tokens": 1}))
    assert missing["as_billed"]["cost_micro_usd"] is None
    assert missing["as_billed"]["reason"] == "tier_not_offered"


@pytest.mark.parametrize(
    ("model", "day", "prices"),
    [
        ("gpt-5.6-sol", "2026-08-20", "5 / 0.5 / 6.25 / - / 30"),
        ("gpt-5.6-sol", "2026-08-21", "4 / 0.4 / 5 / 10 / 20"),
        ("gpt-5.6-luna", "2026-07-29", "1 / 0.1 / 1.25 / - / 6"),
        ("gpt-5.6-luna", "2026-07-30", "0.2 / 0.02 / 0.25 / 0.5 / 1.2"),
        ("gpt-5.6-terra", "2026-07-29", "2.5 / 0.25 / 3.125 / - / 15"),
        ("gpt-5.6-terra", "2026-07-30", "2 / 0.2 / 2.5 / 5 / 12"),
    ],
)
def test_the_price_cuts_of_2026(model: str, day: str, prices: str) -> None:
    assert priced("openai", model, when=day) == prices


def test_price_cuts_change_only_the_calls_after_them() -> None:
    calls = cube(
        *(
            {"provider": "openai", "model": model, "hour_utc": at(hour), "input_tokens": 1_000_000}
            for model, hour in (
                ("gpt-5.6-sol", "2026-08-20T23:00"),
                ("gpt-5.6-sol", "2026-08-21T00:00"),
                ("gpt-5.6-luna", "2026-07-29T23:00"),
                ("gpt-5.6-luna", "2026-07-30T00:00"),
            )
        )
    )
    found = costs(calls, TABLE, as_of=None, group_by=["model", "hour_utc"])
    billed = {key[:2]: row["cost_micro_usd"] for key, row in found.items() if key[2] == "as_billed"}
    assert billed == {
        ("gpt-5.6-sol", at("2026-08-20T23:00")): Decimal(5_000_000),
        ("gpt-5.6-sol", at("2026-08-21T00:00")): Decimal(4_000_000),
        ("gpt-5.6-luna", at("2026-07-29T23:00")): Decimal(1_000_000),
        ("gpt-5.6-luna", at("2026-07-30T00:00")): Decimal(200_000),
    }


def test_discounts_that_only_a_rule_states_are_marked_as_derived() -> None:
    for provider, model, expected in (
        ("fireworks_ai", "kimi-k3", "1.5 / - / - / - / 7.5"),
        ("deepinfra", "qwen/qwq-32b", "0.12 / - / - / - / 0.32"),
        ("dashscope", "qwen-plus", "0.2 / - / - / - / 0.6"),
    ):
        assert priced(provider, model, "batch") == expected
        (row,) = (
            one
            for one in TABLE.rows_for(provider, model)
            if (one.tier, one.min_prompt_tokens) == ("batch", 0)
        )
        assert (row.source_kind, row.confidence) == ("derived", "medium")
    # DeepInfra passes on the models of others, whose batch it does not sell
    assert priced("deepinfra", "anthropic/claude-opus-5", "batch") == "none"
    # nobody publishes which of Together's models are cheaper in a batch, so none is
    assert {
        row.tier
        for provider, model in TABLE.models()
        if provider == "together_ai"
        for row in TABLE.rows_for(provider, model)
    } == {"standard"}
