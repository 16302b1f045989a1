"""The table: what a row may say, which model an id means, terms of tiers, refusals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pricing.aliases import AliasSpan
from pricing.cost import lane_costs
from pricing.errors import PricingError
from pricing.model import ClockHours, TierTerms
from pricing.table import PriceTable
from tests.pricing_cases import at, cube, price_row

TABLE = PriceTable(
    [
        price_row("1", provider="openai", model="gpt-4o"),
        price_row("5", provider="openai", model="gpt-4o-2024-05-13"),
        price_row("2", provider="openai", model="ft:gpt-4o"),
        price_row("1", provider="groq", model="openai/gpt-oss-120b"),
        price_row("3", provider="anthropic", model="claude-sonnet-4-5"),
        price_row("3", provider="vertex_ai", model="claude-sonnet-4-5"),
        price_row("1", provider="gemini", model="gemini-2.5-pro"),
        price_row("3", provider="bedrock", model="anthropic.claude-3-7-sonnet-20250219-v1:0"),
        price_row("1", provider="bedrock", model="qwen.qwen3-32b"),
        price_row("1", provider="azure", model="gpt-4o"),
        price_row("2", provider="azure", model="eu/gpt-4o"),
    ],
    aliases={
        ("openai", "gpt-4-0613"): "gpt-4o",
        ("anthropic", "claude-sonnet-4.5"): "claude-sonnet-4-5",
        (
            "bedrock",
            "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        ): "anthropic.claude-3-7-sonnet-20250219-v1:0",
    },
)


@pytest.mark.parametrize(
    ("provider", "logged", "model"),
    [
        ("openai", "gpt-4o", "gpt-4o"),
        ("openai", "GPT-4o", "gpt-4o"),
        ("openai", "openai/gpt-4o", "gpt-4o"),
        ("openai", "gpt-4o-2024-08-06", "gpt-4o"),
        ("openai", "gpt-4o-20240806", "gpt-4o"),
        ("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),  # a snapshot with a price of its own
        ("openai", "gpt-4o-latest", "gpt-4o"),
        ("openai", "gpt-4-0613", "gpt-4o"),
        ("openai", "ft:gpt-4o-2024-08-06:acme:shop:9x7", "ft:gpt-4o"),
        ("openai", "gpt-4o-mini", None),
        ("openai", "gpt-4o-audio-preview", None),
        ("openai", "gpt-4o-1106", None),  # four digits are a version, not a date
        ("groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("groq", "groq/openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("anthropic", "anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("vertex_ai", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("vertex_ai", "publishers/anthropic/models/claude-sonnet-4-5@default", "claude-sonnet-4-5"),
        ("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("gemini", "gemini/gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
        ("gemini", "gemini-2.5-pro-001", "gemini-2.5-pro"),
        ("gemini", "gemini-2.5-pro-preview-tts", None),
        ("bedrock", "qwen.qwen3-32b-v1:0", "qwen.qwen3-32b"),
        (
            "bedrock",
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0",
            "anthropic.claude-3-7-sonnet-20250219-v1:0",
        ),
        ("bedrock", "eu.anthropic.claude-3-7-sonnet-20250219-v1:0", None),  # may cost more there
        ("azure", "azure/gpt-4o", "gpt-4o"),
        ("azure", "azure/eu/gpt-4o", "eu/gpt-4o"),
        ("acme", "gpt-4o", None),
        # what people and exports write instead of ids
        ("anthropic", "Claude Sonnet 4.5", "claude-sonnet-4-5"),
        ("anthropic", "claude-4.5-sonnet", "claude-sonnet-4-5"),
        ("anthropic", "claude-4-5-sonnet-20250929", "claude-sonnet-4-5"),
        ("anthropic", "Claude  Sonnet  4.5 ", "claude-sonnet-4-5"),
        ("anthropic", "Claude Sonnet 4", None),
        ("gemini", "Gemini 2.5 Pro", "gemini-2.5-pro"),
        # a fine-tuned model is never its base, whatever it was made from
        ("openai", "ft:gpt-4o:acme::9x7", "ft:gpt-4o"),
        ("openai", "openai/ft:gpt-4o-2024-05-13:acme::9x7", "ft:gpt-4o"),
        ("openai", "ft:gpt-4-0613:acme::9x7", None),
        ("azure", "azure/gpt-4o.ft-0a1b2c", None),
        ("azure", "gpt-4o-2024-08-06.ft-0a1b2c", None),
        ("bedrock", "arn:aws:bedrock:us-east-1:1:custom-model/qwen.qwen3-32b-v1:0/4f2k", None),
        # another seller's prefix is another price
        ("openai", "azure/gpt-4o", None),
    ],
)
def test_which_model_a_logged_id_means(provider: str, logged: str, model: str | None) -> None:
    assert TABLE.resolve(provider, logged) == model
    assert {row.model for row in TABLE.rows_for(provider, logged)} == ({model} if model else set())


def test_overlapping_rows_are_refused_with_their_place() -> None:
    rows = [
        price_row("1", valid_to=at("2026-06-01")),
        price_row("2", valid_from=at("2026-05-31T23:00")),
    ]
    with pytest.raises(PricingError, match="acme m, tier standard, from 0 tokens") as refused:
        PriceTable(rows)
    assert refused.value.title == "Overlapping prices"
    with pytest.raises(PricingError, match="all dates"):
        PriceTable([price_row("1"), price_row("2")])
    assert PriceTable([rows[0], price_row("2", valid_from=at("2026-06-01"))]).models() == (("acme", "m"),)


def test_thresholds_are_the_band_starts_and_at_most_sixteen() -> None:
    bands = [0, 272_001, 200_000, 200_001]
    assert PriceTable(price_row("1", band=band) for band in bands).thresholds() == (
        200_000,
        200_001,
        272_001,
    )
    with pytest.raises(PricingError, match="17 different context thresholds"):
        PriceTable(price_row("1", band=band) for band in range(0, 18_000, 1_000))


def test_the_version_is_short_and_follows_the_content() -> None:
    table = PriceTable([price_row("1")])
    assert len(table.version) == 12
    assert table.version == PriceTable([price_row("1")]).version
    assert table.version != PriceTable([price_row("1.1")]).version
    assert table.version != PriceTable([price_row("1")], aliases={("acme", "n"): "m"}).version


def terms(model_glob: str, tier: str, **fields: Any) -> TierTerms:
    return TierTerms.model_validate(
        {
            "provider": "acme",
            "model_glob": model_glob,
            "tier": tier,
            "cache_rule": "priced",
            "source": "test",
            "checked_on": date.fromisoformat("2026-11-21"),
        }
        | fields
    )


def test_the_first_terms_that_match_hold() -> None:
    table = PriceTable(
        [price_row("1", model="big-5"), price_row("1", model="big-4")],
        aliases={("acme", "newest"): "big-5"},
        terms=[
            terms("big-5*|big-6*", "batch", window_s=60),
            terms("*", "batch", window_s=3_600),
            terms("*", "flex"),
        ],
    )

    def window(model: str, tier: str = "batch", provider: str = "acme") -> int | None:
        found = table.terms(provider, model, tier)
        return None if found is None else found.window_s

    assert (window("big-5"), window("newest"), window("big-4"), window("unheard-of")) == (
        60,
        60,
        3_600,
        3_600,
    )
    assert window("big-5", "flex") is None
    assert table.terms("acme", "big-5", "flex") is not None
    assert table.terms("acme", "big-5", "priority") is None
    assert table.terms("other", "big-5", "batch") is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"input_usd_per_mtok": "-1"}, "greater than or equal to 0"),
        ({"input_usd_per_mtok": "NaN"}, "finite number"),
        ({"input_usd_per_mtok": "0.0000000001"}, "no more than 9 decimal places"),
        ({"tier": "turbo"}, "Input should be 'standard'"),
        ({"provider": "Acme"}, "should match pattern"),
        ({"model": "M 1"}, "should match pattern"),
        ({"min_prompt_tokens": -1}, "greater than or equal to 0"),
        ({"valid_from": datetime.fromisoformat("2026-01-01T00:30")}, "whole hour"),
        ({"valid_from": datetime.fromisoformat("2026-01-01T00:00+00:00")}, "without zone"),
        ({"valid_from": at("2026-01-02"), "valid_to": at("2026-01-02")}, "later than valid_from"),
        ({"cache_rule": "same_as_standard"}, "other tiers"),
        ({"cache_rule": "priced"}, "goes with the rule"),
        ({"cache_rule": "none", "cache_write_usd_per_mtok": "1"}, "no room"),
        ({"source": ""}, "at least 1 character"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(fields: dict[str, Any], words: str) -> None:
    usual = price_row("1").model_dump() | {"cache_rule": "none"}
    with pytest.raises(ValidationError, match=words):
        type(price_row("1")).model_validate(usual | fields)


def test_clock_hours_belong_to_models_by_name_or_alias() -> None:
    hours = ClockHours(
        provider="acme",
        model_glob="night-*",
        billed="offpeak",
        weekday_first=1,
        weekday_last=5,
        hour_from=0,
        hour_to=8,
        source="test",
        checked_on=date.fromisoformat("2026-11-21"),
    )
    table = PriceTable(
        [price_row("1", model="night-owl")], aliases={("acme", "owl"): "night-owl"}, clock=[hours]
    )
    assert table.clock("acme", "night-owl") == table.clock("acme", "owl") == (hours,)
    assert table.clock("acme", "day-bird") == table.clock("other", "night-owl") == ()


MOVED = PriceTable(
    [
        price_row("4 / 1 / - / - / 8", model="medium-1"),
        price_row("2 / 0.5 / - / - / 4", model="medium-1", tier="batch"),
        price_row("6 / 1 / - / - / 12", model="medium-2", valid_to=at("2026-09-01")),
        price_row("5 / 1 / - / - / 10", model="medium-2", valid_from=at("2026-09-01")),
    ],
    aliases={
        ("acme", "medium-latest"): [
            AliasSpan("medium-2", valid_from=at("2026-06-16")),
            AliasSpan("medium-1", valid_to=at("2026-06-16")),
        ],
        ("acme", "new-latest"): [AliasSpan("medium-2", valid_from=at("2026-06-16"))],
    },
)


def test_a_name_that_moved_means_the_model_of_the_day() -> None:
    assert MOVED.resolve("acme", "medium-latest", at("2026-06-15T23:00")) == "medium-1"
    assert MOVED.resolve("acme", "medium-latest", at("2026-06-16")) == "medium-2"
    assert MOVED.resolve("acme", "acme/Medium-Latest") == "medium-2"  # the latest
    assert MOVED.resolve("acme", "new-latest", at("2026-01-01")) is None  # the name meant nothing then
    assert MOVED.resolve("acme", "medium-latest-preview") is None


def test_the_rows_of_a_name_that_moved_are_cut_to_its_time() -> None:
    found = [
        (row.model, row.tier, row.valid_from, row.valid_to) for row in MOVED.rows_for("acme", "medium-latest")
    ]
    moved, cut = at("2026-06-16"), at("2026-09-01")
    assert found == [
        ("medium-1", "standard", None, moved),
        ("medium-1", "batch", None, moved),
        ("medium-2", "standard", moved, cut),
        ("medium-2", "standard", cut, None),
    ]
    assert MOVED.rows_for("acme", "medium-1")[0].valid_to is None  # the model itself is sold on


def test_calls_by_a_moved_name_cost_what_its_model_cost_on_their_day() -> None:
    calls = cube(
        *(
            {"provider": "acme", "model": "medium-latest", "hour_utc": at(day), "input_tokens": 1_000_000}
            for day in ("2026-06-15T23:00", "2026-06-16", "2026-09-01")
        )
    )
    costs = lane_costs(
        calls,
        MOVED,
        group_by=["hour_utc"],
        as_of=None,
        undated_as_of=at("2026-11-21"),
        lanes=["sync", "batch"],
    ).to_pylist()
    assert [(row["lane"], row["cost_micro_usd"], row["reason"]) for row in costs] == [
        ("sync", Decimal(4_000_000), None),
        ("batch", Decimal(2_000_000), None),
        ("sync", Decimal(6_000_000), None),
        ("batch", None, "no_price_on_date"),  # the second model sells no batch
        ("sync", Decimal(5_000_000), None),
        ("batch", None, "no_price_on_date"),
    ]


def test_a_call_before_a_name_meant_anything_has_no_price() -> None:
    calls = cube({"provider": "acme", "model": "new-latest", "hour_utc": at("2026-01-01"), "input_tokens": 1})
    (cost,) = lane_costs(
        calls, MOVED, group_by=[], as_of=None, undated_as_of=at("2026-11-21"), lanes=["as_billed"]
    ).to_pylist()
    assert (cost["cost_micro_usd"], cost["reason"]) == (None, "no_price_on_date")


def test_an_alias_cannot_mean_two_models_at_once() -> None:
    with pytest.raises(PricingError, match=r"acme latest: m and n on 2026-06-15"):
        PriceTable(
            [price_row("1")],
            aliases={
                ("acme", "latest"): [
                    AliasSpan("m", valid_to=at("2026-06-16")),
                    AliasSpan("n", valid_from=at("2026-06-15")),
                ]
            },
        )


def test_clock_hours_of_a_moved_name_are_cut_to_its_time() -> None:
    hours = ClockHours(
        provider="acme",
        model_glob="medium-2",
        billed="offpeak",
        weekday_first=1,
        weekday_last=7,
        hour_from=0,
        hour_to=6,
        source="https://prices.test",
        checked_on=date.fromisoformat("2026-11-21"),
    )
    table = PriceTable(
        [price_row("1", model="medium-1"), price_row("1", model="medium-2")],
        aliases={
            ("acme", "latest"): [
                AliasSpan("medium-1", valid_to=at("2026-06-16")),
                AliasSpan("medium-2", valid_from=at("2026-06-16")),
            ]
        },
        clock=[hours],
    )
    assert [one.valid_from for one in table.clock("acme", "latest")] == [at("2026-06-16")]
    assert table.clock("acme", "medium-1") == ()


def test_a_person_says_what_an_unmatched_model_is() -> None:
    plain = PriceTable([price_row("1"), price_row("7", provider="other", model="big")])
    assert plain.rows_for("gateway", "in-house") == ()
    mapped = plain.with_aliases({("gateway", "In-House"): ("other", "big")})
    assert mapped.locate("gateway", "in-house") == ("other", "big")
    assert mapped.resolve("gateway", "in-house") is None  # it is not one of the gateway's own models
    assert [row.input_usd_per_mtok for row in mapped.rows_for("gateway", "IN-HOUSE")] == [Decimal(7)]
    assert mapped.version != plain.version
    assert mapped.with_aliases({}).version == plain.version
    # edits and the mapping do not undo each other
    assert mapped.with_edits([]).locate("gateway", "in-house") == ("other", "big")


def test_a_price_of_its_own_comes_before_what_a_person_mapped() -> None:
    table = PriceTable(
        [price_row("1", model="mine"), price_row("7", model="big")],
        mapped={("acme", "mine"): ("acme", "big")},
    )
    assert table.locate("acme", "mine") == ("acme", "mine")


def test_a_mapping_to_a_model_that_is_gone_leaves_the_id_unmatched() -> None:
    table = PriceTable([price_row("1")], mapped={("acme", "mine"): ("acme", "gone")})
    assert table.locate("acme", "mine") is None
    assert table.rows_for("acme", "mine") == ()
