"""The build: what is read from the sources, who wins, what is derived, and that nothing passes unseen."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pricing.model import PRICE_COLUMNS, PriceRow
from scripts.build_prices import GENAI_MEMBER, LITELLM_MEMBER, build, main
from scripts.price_genai import genai_models
from scripts.price_litellm import litellm_quotes
from scripts.price_overrides import Overrides

BUILD_DATE = date.fromisoformat("2026-11-21")


def litellm(**models: dict[str, Any]) -> str:
    return json.dumps({name.replace("__", "/"): entry for name, entry in models.items()})


def chat(provider: str, **prices: Any) -> dict[str, Any]:
    return {"litellm_provider": provider, "mode": "chat", "source": "https://prices.test/list", **prices}


def genai(*providers: str) -> str:
    return (
        "import datetime\nfrom decimal import Decimal\nfrom .types import *\n"
        f"providers: list[Provider] = [{', '.join(providers)}]\n"
    )


def provider(name: str, *models: str) -> str:
    return (
        f"Provider(id='{name}', name='X', api_pattern='x', pricing_urls=['https://prices.test/x'],"
        f" models=[{', '.join(models)}])"
    )


def model(name: str, prices: str, *, match: str | None = None, variants: str = "", comment: str = "") -> str:
    match = match or f"ClauseEquals(equals='{name}')"
    return (
        f"ModelInfo(id='{name}', match={match}, price_comments='{comment}', prices={prices},"
        f" price_variants=[{variants}])"
    )


def plain(**prices: str) -> str:
    return f"ModelPrice({', '.join(f'{part}_mtok=Decimal({price!r})' for part, price in prices.items())})"


def from_day(day: str, prices: str) -> str:
    year, month, dom = day.split("-")
    constraint = f"StartDateConstraint(start_date=datetime.date({year}, {int(month)}, {int(dom)}))"
    return f"ConditionalPrice(constraint={constraint}, prices={prices})"


def batch(day: str, prices: str) -> str:
    year, month, dom = day.split("-")
    return (
        f"PriceVariant(when={{'processing': 'batch'}}, prices={prices}, "
        f"constraint=StartDateConstraint(start_date=datetime.date({year}, {int(month)}, {int(dom)})))"
    )


def overrides(**sections: Any) -> Overrides:
    return Overrides({"checked_on": BUILD_DATE, **sections})


def built(
    litellm_text: str, genai_text: str, settled: Overrides | None = None
) -> tuple[list[str], dict[tuple[str, str], str], list[str]]:
    """Rows as one line each, aliases, conflicts as one line each."""
    rows, spans, conflicts = build(litellm_text, genai_text, settled or overrides(), BUILD_DATE)
    aliases = {key: " then ".join(span.model for span in found) for key, found in spans.items()}
    return [line(row) for row in rows], aliases, [" ".join(conflict.cells()) for conflict in conflicts]


def line(row: PriceRow) -> str:
    def day(name: str) -> str:
        moment = getattr(row, name)
        return "-" if moment is None else f"{moment:%Y-%m-%d}"

    cells = [getattr(row, column) for column in PRICE_COLUMNS]
    figures = "/".join("-" if cell is None else f"{cell.normalize():f}" for cell in cells)
    return (
        f"{row.provider} {row.model} {row.tier} {row.min_prompt_tokens} "
        f"{day('valid_from')}..{day('valid_to')} {figures} "
        f"{row.cache_rule} {row.source_kind} {row.confidence}"
    )


NO_GENAI = genai(provider("openai"))


def test_litellm_prices_are_read_as_exact_decimals_with_tiers_bands_and_long_writes() -> None:
    text = litellm(
        azure__gpt_x=chat(
            "azure",
            input_cost_per_token=1.1e-06,
            input_cost_per_token_batches=5.5e-07,
            input_cost_per_token_above_272k_tokens=2.2e-06,
            output_cost_per_token=3e-07,
            output_cost_per_token_batches=1.5e-07,
            output_cost_per_token_above_272k_tokens=4.5e-07,
            cache_read_input_token_cost=1.1e-07,
            cache_read_input_token_cost_above_272k_tokens=2.2e-07,
            cache_creation_input_token_cost=1.375e-06,
            cache_creation_input_token_cost_above_12hr=2.2e-06,
            input_cost_per_audio_token=1e-05,
        )
    )
    rows, _, _ = built(text, NO_GENAI)
    assert rows == [
        "azure gpt_x standard 0 -..- 1.1/0.11/1.375/2.2/0.3 priced litellm medium",
        "azure gpt_x standard 272001 -..- 2.2/0.22/-/-/0.45 priced litellm medium",
        # Azure's curated rule for models that are not GPT-5: cached tokens bill as input in batch
        "azure gpt_x batch 0 -..- 0.55/-/-/-/0.15 billed_as_input litellm medium",
    ]


def test_the_band_of_xai_begins_at_its_threshold_others_one_token_later() -> None:
    price = {"input_cost_per_token": 1e-06, "input_cost_per_token_above_200k_tokens": 2e-06}
    quotes = litellm_quotes(litellm(xai__grok=chat("xai", **price), azure__grok=chat("azure", **price)))
    assert [quote.band for quote in quotes["xai", "grok"]] == [0, 200_000]
    assert [quote.band for quote in quotes["azure", "grok"]] == [0, 200_001]


def test_what_a_text_table_cannot_hold_is_left_out() -> None:
    price = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}
    text = litellm(
        sample_spec={"mode": "chat"},
        gpt_realtime=chat("openai", **price),
        whisper=chat("openai", **price) | {"mode": "audio_transcription"},
        free=chat("gemini", input_cost_per_token=0.0, output_cost_per_token=0.0),
        elsewhere=chat("replicate", **price),
        reserved=chat("bedrock", input_cost_per_second=0.01),
        kept=chat("openai", **price),
    )
    assert set(litellm_quotes(text)) == {("openai", "kept")}


def test_a_zero_cache_price_is_not_a_free_cache() -> None:
    text = litellm(
        azure__m=chat(
            "azure",
            input_cost_per_token=1e-06,
            output_cost_per_token=1e-06,
            cache_read_input_token_cost=0.0,
            cache_creation_input_token_cost=0.0,
        )
    )
    assert built(text, NO_GENAI)[0] == ["azure m standard 0 -..- 1/-/-/-/1 none litellm medium"]


def test_genai_prices_is_read_as_literals_and_never_run() -> None:
    with pytest.raises(ValueError, match="not a literal"):
        genai_models(genai("Provider(id='openai', models=[m for m in range(3)])"))
    with pytest.raises(ValueError, match="assigns no `providers`"):
        genai_models("print('never executed')")
    found = genai_models(
        genai(
            provider(
                "x-ai",
                model(
                    "grok-9",
                    "ModelPrice(input_mtok=TieredPrices(base=Decimal('1'),"
                    " tiers=[Tier(start=199999, price=Decimal('2'))]), output_mtok=Decimal('3'))",
                    match="ClauseOr(or_=[ClauseEquals(equals='grok-9'), ClauseEquals(equals='Grok-Newest'),"
                    " ClauseStartsWith(starts_with='grok-nine-')])",
                ),
                model("hearsay", plain(input="1"), comment="Imported from OpenRouter pricing; verify it."),
            )
        )
    )
    assert [(one.provider, one.model, one.aliases) for one in found] == [
        ("xai", "grok-9", ("grok-newest", "grok-nine"))
    ]
    assert [(quote.band, {k: str(v) for k, v in quote.prices.items()}) for quote in found[0].quotes] == [
        (0, {"input": "1", "output": "3"}),
        (200_000, {"input": "2", "output": "3"}),
    ]


def test_genai_prices_comes_first_for_first_parties_and_litellm_fills_what_it_lacks() -> None:
    theirs = genai(
        provider(
            "openai",
            model("gpt-5", plain(input="1.25", cache_read="0.125", output="10")),
            model("gpt-5-other", plain(input="9", output="9")),
        )
    )
    ours = litellm(
        **{
            "gpt-5": chat(
                "openai",
                input_cost_per_token=1.25e-06,
                output_cost_per_token=1e-05,
                cache_read_input_token_cost=1.25e-07,
                cache_creation_input_token_cost_above_12hr=2.5e-06,
                input_cost_per_token_batches=6.25e-07,
                output_cost_per_token_batches=5e-06,
                cache_read_input_token_cost_batches=6.25e-08,
            ),
            "gpt-5-other": chat(
                "openai",
                input_cost_per_token=8e-06,
                output_cost_per_token=9e-06,
                cache_read_input_token_cost=1e-06,
            ),
        }
    )
    rows, _, conflicts = built(ours, theirs)
    assert rows == [
        "openai gpt-5 standard 0 -..- 1.25/0.125/-/2.5/10 priced genai-prices high",
        "openai gpt-5 batch 0 -..- 0.625/0.0625/-/-/5 priced litellm medium",
        # they disagree on input, so nothing of litellm's is mixed in
        "openai gpt-5-other standard 0 -..- 9/-/-/-/9 none genai-prices medium",
    ]
    assert conflicts == ["openai gpt-5-other standard 0 input 8 9 9 unreviewed  "]


def test_differences_within_half_a_per_cent_are_rounding() -> None:
    theirs = genai(provider("openai", model("gpt-5", plain(input="1.000", output="10"))))
    ours = litellm(
        **{"gpt-5": chat("openai", input_cost_per_token=1.005e-06, output_cost_per_token=1.006e-05)}
    )
    assert built(ours, theirs)[2] == ["openai gpt-5 standard 0 output 10.06 10 10 unreviewed  "]


def test_a_tier_is_dated_back_over_the_standard_price_of_the_time() -> None:
    prices = (
        f"[ConditionalPrice(prices={plain(input='5', cache_read='0.5', output='30')}), "
        f"{from_day('2026-08-21', plain(input='4', cache_read='0.4', output='20'))}]"
    )
    variant = batch("2026-10-14", plain(input="2", cache_read="0.21", output="10"))
    rows, _, _ = built("{}", genai(provider("openai", model("gpt-5.6-x", prices, variants=variant))))
    assert rows == [
        "openai gpt-5.6-x standard 0 -..2026-08-21 5/0.5/-/-/30 priced genai-prices medium",
        "openai gpt-5.6-x standard 0 2026-08-21..- 4/0.4/-/-/20 priced genai-prices medium",
        # another standard price: the multiple; the same standard price: the same figures
        "openai gpt-5.6-x batch 0 -..2026-08-21 2.5/0.25/-/-/15 priced derived assumed",
        "openai gpt-5.6-x batch 0 2026-08-21..2026-10-14 2/0.21/-/-/10 priced derived assumed",
        "openai gpt-5.6-x batch 0 2026-10-14..- 2/0.21/-/-/10 priced genai-prices medium",
    ]


def test_an_undated_tier_follows_an_announced_change_of_the_standard_price() -> None:
    prices = (
        f"[ConditionalPrice(prices={plain(input='2', output='10')}), "
        f"{from_day('2026-12-01', plain(input='4', output='20'))}]"
    )
    ours = litellm(
        **{
            "gemini/gemini-9": chat(
                "gemini",
                input_cost_per_token=2e-06,
                output_cost_per_token=1e-05,
                input_cost_per_token_flex=1e-06,
                output_cost_per_token_flex=5e-06,
            )
        }
    )
    rows, _, _ = built(ours, genai(provider("google", model("gemini-9", prices))))
    assert [row for row in rows if " flex " in row] == [
        "gemini gemini-9 flex 0 -..2026-12-01 1/-/-/-/5 none litellm medium",
        "gemini gemini-9 flex 0 2026-12-01..- 2/-/-/-/10 none derived medium",
    ]


def test_cache_rules_are_curated_by_class_of_model() -> None:
    def rule(name: str, source: str, **cached: str) -> str:
        variant = batch("2026-10-14", plain(input="1", output="1", **cached))
        text = genai(
            provider(source, model(name, plain(input="2", cache_read="0.5", output="2"), variants=variant))
        )
        found = [row for row in built("{}", text)[0] if " batch " in row]
        return found[-1].split()[-3]

    assert rule("gpt-4.1", "openai") == "billed_as_input"
    assert rule("gpt-5", "openai", cache_read="0.25") == "priced"
    assert rule("gpt-5", "openai") == "unknown"
    assert rule("gemini-2.5-flash", "google") == "same_as_standard"
    assert rule("openai/gpt-oss-9b", "groq", cache_read="1") == "billed_as_input"


def test_batches_of_retired_anthropic_models_are_derived_with_the_long_write() -> None:
    prices = plain(input="3", cache_read="0.3", cache_write="3.75", cache_write_1h="6", output="15")
    rows, _, _ = built("{}", genai(provider("anthropic", model("claude-3-5-x", prices))))
    assert rows[1] == "anthropic claude-3-5-x batch 0 -..- 1.5/0.15/1.875/3/7.5 priced derived medium"


def test_snapshots_become_aliases_only_when_they_cost_the_same() -> None:
    theirs = genai(
        provider(
            "openai",
            model("gpt-5", plain(input="1", output="2"), match="ClauseStartsWith(starts_with='gpt-5')"),
        )
    )
    ours = litellm(
        **{
            "gpt-5-2025-08-07": chat("openai", input_cost_per_token=1e-06, output_cost_per_token=2e-06),
            "gpt-5-2025-01-01": chat("openai", input_cost_per_token=3e-06, output_cost_per_token=2e-06),
            "azure/gpt-9": chat("azure", input_cost_per_token=1e-06, output_cost_per_token=2e-06),
            "azure/eu/gpt-9": chat("azure", input_cost_per_token=1e-06, output_cost_per_token=2e-06),
            "azure/us/gpt-9": chat("azure", input_cost_per_token=2e-06, output_cost_per_token=2e-06),
        }
    )
    rows, aliases, conflicts = built(ours, theirs)
    assert [" ".join(row.split()[:2]) for row in rows] == [
        "azure gpt-9",
        "azure us/gpt-9",
        "openai gpt-5",
        "openai gpt-5-2025-01-01",
    ]
    assert aliases == {("azure", "eu/gpt-9"): "gpt-9"}  # the dated one is found by spelling
    assert conflicts == ["openai gpt-5-2025-01-01 standard 0 input 3 1 3 unreviewed  "]


def test_overrides_win_and_each_kind_does_its_work() -> None:
    text = litellm(
        **{
            "azure/a": chat("azure", input_cost_per_token=1e-06, output_cost_per_token=1e-06),
            "azure/b": chat("azure", input_cost_per_token=1e-06, output_cost_per_token=1e-06),
            "azure/c": chat("azure", input_cost_per_token=1e-06, output_cost_per_token=1e-06),
        }
    )
    settled = overrides(
        **yaml.safe_load(
            """
            drop:
              - {provider: azure, models: b, source: litellm, reason: wrong}
            rows:
              - provider: azure
                model: new
                source: https://prices.test/new
                confidence: high
                tiers:
                  standard:
                    - {to: 2026-01-01, input: "9", output: "9"}
                    - {from: 2026-01-01, input: "8", cache_read: "0.8", output: "8"}
            patch:
              - {provider: azure, models: a, tiers: [standard], set: {output: "7"}, reason: misprint}
            scheduled:
              - {provider: azure, models: c, at: 2027-01-01, factor: "2", source: https://prices.test/c,
                 confidence: low, reason: announced}
            promos:
              - {provider: azure, models: c, until: 2026-12-31}
            trust:
              - {provider: azure, models: a, confidence: low, reason: doubtful}
            aliases:
              - {provider: azure, model: a, names: [first]}
            """
        )
    )
    rows, aliases, _ = built(text, NO_GENAI, settled)
    assert rows == [
        "azure a standard 0 -..- 1/-/-/-/7 none override low",
        "azure c standard 0 -..2027-01-01 1/-/-/-/1 none litellm medium",
        "azure c standard 0 2027-01-01..- 2/-/-/-/2 none override low",
        "azure new standard 0 -..2026-01-01 9/-/-/-/9 none override high",
        "azure new standard 0 2026-01-01..- 8/0.8/-/-/8 priced override high",
    ]
    assert aliases == {("azure", "first"): "a"}
    kept, _, _ = build(text, NO_GENAI, settled, BUILD_DATE)
    assert {row.model: (row.promo_until, row.note) for row in kept if row.valid_from is None} == {
        "a": (None, "misprint; doubtful"),
        "c": (date.fromisoformat("2026-12-31"), ""),
        "new": (None, ""),
    }


def test_ranges_of_prompt_length_become_bands_that_begin_one_token_later() -> None:
    text = litellm(
        dashscope__qwen=chat(
            "dashscope",
            tiered_pricing=[
                {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06},
                {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
                {"max_results_range": [0, 25], "input_cost_per_query": 0.005},
            ],
        )
    )
    rows, _, _ = built(text, NO_GENAI)
    assert rows == [
        "dashscope qwen standard 0 -..- 1/-/-/-/4 none litellm medium",
        "dashscope qwen standard 32001 -..- 2/-/-/-/8 none litellm medium",
    ]


def test_the_ultrafast_tier_is_read_and_never_derived() -> None:
    text = litellm(
        **{
            "gpt-9": chat(
                "openai",
                input_cost_per_token=1e-06,
                output_cost_per_token=2e-06,
                input_cost_per_token_ultrafast=6e-06,
                output_cost_per_token_ultrafast=1.2e-05,
            ),
            "gpt-9-mini": chat("openai", input_cost_per_token=1e-07, output_cost_per_token=2e-07),
        }
    )
    rows, _, _ = built(text, NO_GENAI)
    assert [row for row in rows if "ultrafast" in row] == [
        "openai gpt-9 ultrafast 0 -..- 6/-/-/-/12 none litellm medium"
    ]


def test_a_cached_price_that_is_no_cheaper_is_no_caching() -> None:
    text = litellm(
        azure__m=chat(
            "azure",
            input_cost_per_token=1e-06,
            output_cost_per_token=1e-06,
            cache_read_input_token_cost=1e-06,
            cache_creation_input_token_cost=1e-06,
        )
    )
    assert built(text, NO_GENAI)[0] == ["azure m standard 0 -..- 1/-/-/-/1 none litellm medium"]


def test_size_classes_are_not_models_and_routes_are_not_names() -> None:
    price = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}
    text = litellm(
        **{
            "together-ai-4.1b-8b": chat("together_ai", **price),
            "together_ai/Meta/Llama": chat("together_ai", **price),
            "fireworks_ai/accounts/fireworks/models/kimi": chat("fireworks_ai", **price),
            "perplexity/perplexity/sonar": chat("perplexity", **price) | {"mode": "responses"},
        }
    )
    assert set(litellm_quotes(text)) == {
        ("together_ai", "meta/llama"),
        ("fireworks_ai", "kimi"),
        ("perplexity", "perplexity/sonar"),
    }


def test_the_second_endpoint_of_bedrock_keeps_its_own_price() -> None:
    def price(cost: float) -> dict[str, float]:
        return {"input_cost_per_token": cost, "output_cost_per_token": cost}

    text = litellm(
        **{
            "anthropic.claude-9": chat("bedrock_converse", **price(4e-06)),
            "bedrock_mantle/anthropic.claude-9": chat("bedrock_mantle", **price(4.4e-06)),
            "qwen.q9": chat("bedrock_converse", **price(1e-06)),
            "bedrock_mantle/qwen.q9": chat("bedrock_mantle", **price(1e-06)),
            "bedrock_mantle/xai.g9": chat("bedrock_mantle", **price(2e-06)),
        }
    )
    assert {model for _, model in litellm_quotes(text)} == {
        "anthropic.claude-9",
        "bedrock_mantle/anthropic.claude-9",
        "qwen.q9",
        "xai.g9",
    }


def test_openrouter_sells_batches_under_an_id_free_trials_and_storage_with_the_write() -> None:
    theirs = genai(
        provider(
            "openrouter",
            model("google/g", plain(input="1", cache_read="0.1", cache_write="0.25", output="2")),
            model("google/g:batch", plain(input="0.5", output="1")),
            model("small:free", "ModelPrice()"),
            model("small:free-ish", plain(input="1", output="1"), comment="Seen on OpenRouter"),
            model(
                "moved",
                f"[{from_day('2026-10-19', plain(input='3', output='3'))}]".replace(
                    "[", "[ConditionalPrice(prices=" + plain(input="2", output="2") + "), ", 1
                ),
            ),
        )
    )
    rows, _, conflicts = built(litellm(), theirs)
    assert rows == [
        # the listed write is five minutes of storage, on top of the input price
        "openrouter google/g standard 0 -..- 1/0.1/1.25/-/2 priced genai-prices medium",
        "openrouter google/g batch 0 -..- 0.5/-/-/-/1 unknown genai-prices medium",
        "openrouter google/g:batch standard 0 -..- 0.5/-/-/-/1 none genai-prices medium",
        "openrouter google/g:batch batch 0 -..- 0.5/-/-/-/1 none genai-prices medium",
        "openrouter moved standard 0 -..2026-10-19 2/-/-/-/2 none genai-prices low",
        "openrouter moved standard 0 2026-10-19..- 3/-/-/-/3 none genai-prices medium",
        "openrouter small:free standard 0 -..- 0/-/-/-/0 none genai-prices medium",
        "openrouter small:free-ish standard 0 -..- 1/-/-/-/1 none genai-prices medium",
    ]
    assert conflicts == []


def test_one_catalogue_can_be_preferred_for_a_model_of_a_seller() -> None:
    ours = litellm(
        novita__a=chat("novita", input_cost_per_token=1e-06, output_cost_per_token=1e-06),
        novita__b=chat("novita", input_cost_per_token=1e-06, output_cost_per_token=1e-06),
    )
    theirs = genai(
        provider("novita", model("a", plain(input="2", output="1")), model("b", plain(input="2", output="1")))
    )
    settled = overrides(
        prefer=[{"provider": "novita", "models": "a", "reason": "the model page"}],
        conflicts=[
            {
                "provider": "novita",
                "models": "*",
                "decision": "genai-prices",
                "confidence": "medium",
                "reason": "the model page",
            }
        ],
    )
    rows, _, conflicts = built(ours, theirs, settled)
    assert rows == [
        "novita a standard 0 -..- 2/-/-/-/1 none genai-prices medium",
        "novita b standard 0 -..- 1/-/-/-/1 none litellm medium",
    ]
    assert conflicts == [
        "novita a standard 0 input 1 2 2 genai-prices the model page medium",
        "novita b standard 0 input 1 2 1 genai-prices the model page medium",
    ]


def test_a_name_that_moved_has_no_rows_and_leads_to_the_models_it_meant() -> None:
    price = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}
    text = litellm(
        azure__one=chat("azure", **price),
        azure__two=chat("azure", **price),
        azure__newest=chat("azure", input_cost_per_token=9e-06, output_cost_per_token=9e-06),
    )
    settled = overrides(
        **yaml.safe_load(
            """
            aliases:
              - {provider: azure, names: [newest], model: one, to: 2026-06-16}
              - {provider: azure, names: [newest], model: two, from: 2026-06-16}
            """
        )
    )
    rows, aliases, _ = built(text, NO_GENAI, settled)
    assert [row.split(" ")[1] for row in rows] == ["one", "two"]
    assert aliases == {("azure", "newest"): "one then two"}


def test_a_fine_tuned_id_is_no_other_name_of_its_base() -> None:
    match = "ClauseOr(or_=[ClauseEquals(equals='gpt-8'), ClauseStartsWith(starts_with='ft:gpt-8-')])"
    theirs = genai(provider("openai", model("gpt-8", plain(input="1", output="1"), match=match)))
    assert built(litellm(), theirs)[1] == {}


def test_claude_on_bedrock_is_found_by_the_name_anthropic_gives_it() -> None:
    def price(cost: float) -> dict[str, float]:
        return {"input_cost_per_token": cost, "output_cost_per_token": cost}

    text = litellm(
        **{
            "anthropic.claude-haiku-8-20260101-v1:0": chat("bedrock_converse", **price(1e-06)),
            "us.anthropic.claude-haiku-8-20260101-v1:0": chat("bedrock_converse", **price(1.1e-06)),
            # two snapshots that cost different things: the name alone says nothing
            "anthropic.claude-opus-8-20260101-v1:0": chat("bedrock_converse", **price(5e-06)),
            "anthropic.claude-opus-8-20260601-v1:0": chat("bedrock_converse", **price(4e-06)),
        }
    )
    _, aliases, _ = built(text, NO_GENAI)
    assert aliases["bedrock", "claude-haiku-8"] == "anthropic.claude-haiku-8-20260101-v1:0"
    assert aliases["bedrock", "anthropic.claude-haiku-8"] == "anthropic.claude-haiku-8-20260101-v1:0"
    assert ("bedrock", "claude-opus-8") not in aliases
    assert aliases["bedrock", "claude-opus-8-20260601"] == "anthropic.claude-opus-8-20260601-v1:0"


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text("checked_on: 2026-11-21\nruns: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown sections runs"):
        Overrides.load(path)


def wheels(folder: Path) -> list[str]:
    """Two small wheels, a conflict between them, and the arguments to build from them."""
    ours, theirs = folder / "litellm-9.9.9-py3-none-any.whl", folder / "genai_prices-8.8.8-py3-none-any.whl"
    text = litellm(**{"gpt-5": chat("openai", input_cost_per_token=2e-06, output_cost_per_token=1e-06)})
    with zipfile.ZipFile(ours, "w") as wheel:
        wheel.writestr(LITELLM_MEMBER, text)
    with zipfile.ZipFile(theirs, "w") as wheel:
        wheel.writestr(GENAI_MEMBER, genai(provider("openai", model("gpt-5", plain(input="1", output="1")))))
    out = folder / "out"
    out.mkdir()
    return ["--litellm", str(ours), "--genai-prices", str(theirs), "--date", "2026-11-21", "--out", str(out)]


def test_the_script_writes_the_same_bytes_twice_and_fails_on_what_nobody_reviewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = wheels(tmp_path)
    out = tmp_path / "out"
    assert main(arguments) == 1
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(arguments) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert set(first) == {
        "prices.csv",
        "aliases.csv",
        "sources.csv",
        "price_conflicts.csv",
        "prices.meta.json",
    }
    meta = json.loads(first["prices.meta.json"])
    assert [(source["name"], source["version"]) for source in meta["sources"]] == [
        ("litellm", "9.9.9"),
        ("genai-prices", "8.8.8"),
    ]
    assert meta["build_date"] == "2026-11-21"
    said = capsys.readouterr().err
    assert "unreviewed: Conflict(provider='openai', model='gpt-5'" in said
    assert "decision about a conflict that no longer exists: groq" in said
