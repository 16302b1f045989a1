"""The cost engine: published worked examples, dates, bands, states of unknown, exactness."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.cost import lane_costs
from pricing.errors import PricingError
from pricing.model import LANES
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, at, costs, cube, price_row, usd


def shared_prefix(
    provider: str, model: str, *, n: int, prefix: int, unique: int, out: int, **fields: Any
) -> dict[str, Any]:
    """n requests over one shared prefix: written once, read n - 1 times."""
    return {
        "provider": provider,
        "model": model,
        "n_requests": n,
        "input_tokens": n * (prefix + unique),
        "cache_write_tokens": prefix,
        "cache_read_tokens": (n - 1) * prefix,
        "output_tokens": n * out,
        **fields,
    }


def without_cache(provider: str, model: str, n: int, tokens_in: int, tokens_out: int) -> dict[str, Any]:
    return {
        "provider": provider,
        "model": model,
        "n_requests": n,
        "input_tokens": n * tokens_in,
        "output_tokens": n * tokens_out,
    }


@pytest.mark.parametrize(
    ("n", "prefix", "unique", "out", "expected"),
    [
        pytest.param(50_000, 4_000, 0, 200, ("750", "210.0138", "375", "105.0069"), id="stack.1"),
        pytest.param(50_000, 4_000, 2_000, 200, ("1050", "510.0138", "525", "255.0069"), id="stack.2"),
        pytest.param(50_000, 4_000, 0, 100, ("675", "135.0138", "337.5", "67.5069"), id="stack.3"),
        # published as 420.0052 and 210.0026, rounded to four places
        pytest.param(200_000, 1_500, 300, 50, ("1230", "420.005175", "615", "210.0025875"), id="stack.4"),
        # published as 840.0104 and 420.0052, rounded to four places
        pytest.param(100_000, 3_000, 0, 500, ("1650", "840.01035", "825", "420.005175"), id="stack.6"),
    ],
)
def test_sonnet_in_four_configurations(
    n: int, prefix: int, unique: int, out: int, expected: tuple[str, str, str, str]
) -> None:
    found = costs(
        [shared_prefix("anthropic", "claude-sonnet-4-5", n=n, prefix=prefix, unique=unique, out=out)]
    )
    lanes = ("sync", "sync+cache", "batch", "batch+cache")
    assert tuple(usd(found[lane]) for lane in lanes) == tuple(Decimal(figure) for figure in expected)


def test_gpt_4o_batch_with_cache_is_batch_exactly() -> None:
    found = costs([shared_prefix("openai", "gpt-4o", n=50_000, prefix=4_000, unique=0, out=200)])  # stack.9
    assert usd(found["sync"]) == 600
    assert usd(found["sync+cache"]) == Decimal("350.005")
    assert usd(found["batch"]) == 300
    assert usd(found["batch+cache"]) == 300
    assert (usd(found["flex"]), found["flex"]["reason"]) == (None, "tier_not_offered")


def test_gemini_2_5_flash_keeps_the_standard_cached_rate_in_batch() -> None:
    found = costs([shared_prefix("gemini", "gemini-2.5-flash", n=1_001, prefix=1_000, unique=0, out=100)])
    # sync+cache: first prefix 1,000 x 0.30, then 1,000,000 x 0.03, output 100,100 x 2.50
    assert found["sync+cache"]["cost_micro_usd"] == 300 + 30_000 + 250_250
    # batch+cache: first prefix 1,000 x 0.15, then 1,000,000 x 0.03 as in standard, output 100,100 x 1.25
    assert found["batch+cache"]["cost_micro_usd"] == 150 + 30_000 + 125_125
    assert found["batch"]["cost_micro_usd"] == Decimal("150150") + 125_125


@pytest.mark.parametrize(
    ("provider", "model", "n", "tokens", "runs", "sync", "batch", "saving"),
    [
        pytest.param("openai", "gpt-4o", 10_000, (500, 50), 365, "17.5", "8.75", "3193.75", id="rg.intent"),
        pytest.param("openai", "gpt-4o", 10_000, (2_000, 500), 365, "100", "50", "18250", id="rg.docs"),
        pytest.param(
            "openai", "text-embedding-3-small", 500_000, (300, 0), 52, "3", "1.5", "78", id="rg.embed_weekly"
        ),
        pytest.param(
            "openai",
            "text-embedding-3-small",
            500_000,
            (300, 0),
            365,
            "3",
            "1.5",
            "547.5",
            id="rg.embed_header, if nightly",
        ),
        pytest.param(
            "openai",
            "text-embedding-3-large",
            5_000_000,
            (300, 0),
            52,
            "195",
            "97.5",
            "5070",
            id="rg.embed_10x_large",
        ),
        pytest.param(
            "anthropic",
            "claude-3-5-sonnet",
            5_000,
            (1_500, 200),
            365,
            "37.5",
            "18.75",
            "6843.75",
            id="rg.eval",
        ),
        # published as 1,414.38, rounded
        pytest.param(
            "anthropic",
            "claude-3-haiku-20240307",
            20_000,
            (800, 150),
            365,
            "7.75",
            "3.875",
            "1414.375",
            id="rg.crm",
        ),
        pytest.param(
            "gemini", "gemini-2.5-pro", 10**6, (10_000, 0), 1, "12500", "6250", "6250", id="004.10B"
        ),
        pytest.param(
            "openai",
            "text-embedding-3-small",
            10**6,
            (100_000, 0),
            1,
            "2000",
            "1000",
            "1000",
            id="004.embed small",
        ),
        pytest.param(
            "openai",
            "text-embedding-3-large",
            10**6,
            (100_000, 0),
            1,
            "13000",
            "6500",
            "6500",
            id="004.embed large",
        ),
        pytest.param(
            "gemini",
            "gemini-embedding-001",
            10**6,
            (100_000, 0),
            1,
            "15000",
            "7500",
            "7500",
            id="004.embed gemini",
        ),
    ],
)
def test_published_examples_without_cache(
    provider: str, model: str, n: int, tokens: tuple[int, int], runs: int, sync: str, batch: str, saving: str
) -> None:
    found = costs([without_cache(provider, model, n, *tokens)])
    assert usd(found["sync"]) == Decimal(sync)
    assert usd(found["batch"]) == Decimal(batch)
    assert (found["sync"]["cost_micro_usd"] - found["batch"]["cost_micro_usd"]) * runs == Decimal(
        saving
    ).scaleb(6)


def test_nightly_jobs_against_a_batch_budget() -> None:
    nights = [
        without_cache("openai", "gpt-4o", 10_000, 500, 50) | {"workload": "intent"},
        without_cache("openai", "gpt-4o", 10_000, 2_000, 500) | {"workload": "docs"},
    ]
    embed = without_cache("openai", "text-embedding-3-small", 500_000, 300, 0)
    assert usd(costs(nights)["batch"]) == Decimal("58.75")  # rg.batch_budget, other nights
    assert usd(costs([*nights, embed])["batch"]) == Decimal("60.25")  # the night of the embedding


def test_a_real_batch_of_gpt_5() -> None:
    found = costs(  # fixture.litellm14884
        [
            {
                "provider": "openai",
                "model": "gpt-5-2025-08-07",
                "tier": "batch",
                "n_requests": 10_000,
                "input_tokens": 31_493_594,
                "cache_read_tokens": 24_045_184,
                "output_tokens": 19_786_241,
            }
        ]
    )
    # 7,448,410 x 0.625 + 24,045,184 x 0.0625 + 19,786,241 x 5 = 105,089,285.25 micro-dollars
    assert found["as_billed"]["cost_micro_usd"] == Decimal("105089285.25")
    assert found["batch+cache"]["cost_micro_usd"] == Decimal("105089285.25")
    assert found["sync+cache"]["cost_micro_usd"] == Decimal("210178570.5")


@pytest.mark.parametrize(
    ("provider", "model", "prompt_tokens", "band", "input_usd_per_mtok"),
    [
        ("gemini", "gemini-2.5-pro", 200_000, 200_000, "1.25"),
        ("gemini", "gemini-2.5-pro", 200_001, 200_001, "2.5"),
        ("xai", "grok-4.3", 199_999, 128_001, "1.25"),
        ("xai", "grok-4.3", 200_000, 200_000, "2.5"),
        ("openai", "gpt-5.4", 272_000, 256_001, "2.5"),
        ("openai", "gpt-5.4", 272_001, 272_001, "5"),
        ("anthropic", "claude-haiku-5-5", 100_000, 32_001, "0.1"),
        ("anthropic", "claude-haiku-5-5", 100_001, 100_001, "0.5"),
        ("openai", "gpt-4o", 300_000, 272_001, "2.5"),
    ],
)
def test_the_whole_request_is_priced_by_the_band_its_length_reaches(
    provider: str, model: str, prompt_tokens: int, band: int, input_usd_per_mtok: str
) -> None:
    thresholds = PriceTable.shipped().thresholds()
    assert band == max((start for start in thresholds if start <= prompt_tokens), default=0)
    row = {"provider": provider, "model": model, "prompt_band": band, "input_tokens": prompt_tokens}
    assert costs([row])["sync"]["cost_micro_usd"] == prompt_tokens * Decimal(input_usd_per_mtok)


def test_a_price_change_applies_from_its_instant_on() -> None:
    call = {"provider": "openai", "model": "gpt-5.6-sol", "input_tokens": 1_000_000, "output_tokens": 100_000}
    hours = {"2026-08-20T23:00": "8000000", "2026-08-21T00:00": "6000000"}  # 5 + 3 before, 4 + 2 after
    rows = [call | {"hour_utc": at(hour)} for hour in hours]
    found = costs(rows, as_of=None, group_by=["hour_utc"])
    for hour, expected in hours.items():
        assert found[at(hour), "as_billed"]["cost_micro_usd"] == Decimal(expected)
        assert found[at(hour), "sync"]["cost_micro_usd"] == Decimal(expected)
    assert costs(rows, as_of=at("2026-08-20T23:00"))["sync"]["cost_micro_usd"] == 16_000_000
    assert costs(rows, as_of=at("2026-08-21"))["sync"]["cost_micro_usd"] == 12_000_000


def test_an_announced_change_lies_inside_a_projection_year() -> None:
    call = {"provider": "gemini", "model": "gemini-4-argon", "input_tokens": 1_000_000}
    expected = {  # input per lane: doubles on 2026-12-01 in every tier
        "sync": (2, 4),
        "batch": (1, 2),
        "flex": (1, 2),
        "priority": (Decimal("3.6"), Decimal("7.2")),
    }
    for lane, (before, after) in expected.items():
        assert usd(costs([call], as_of=at("2026-11-30T23:00"))[lane]) == before
        assert usd(costs([call], as_of=at("2026-12-01"))[lane]) == after


def test_several_instants_are_priced_in_one_statement_and_told_apart() -> None:
    call = {"provider": "gemini", "model": "gemini-4-argon", "input_tokens": 1_000_000}
    instants = [at("2026-11-30T23:00"), at("2026-12-01")]
    found = lane_costs(
        cube(call),
        PriceTable.shipped(),
        group_by=["as_of"],
        as_of=instants,
        undated_as_of=TODAY,
        lanes=["sync"],
    ).to_pylist()
    assert [(row["as_of"], row["cost_micro_usd"]) for row in found] == [
        (instants[0], 2_000_000),
        (instants[1], 4_000_000),
    ]
    with pytest.raises(PricingError, match="Group by as_of"):
        lane_costs(cube(call), PriceTable.shipped(), group_by=[], as_of=instants, undated_as_of=TODAY)


def test_rows_without_a_time_take_the_price_of_the_day_given() -> None:
    call = {"provider": "openai", "model": "gpt-5.6-luna", "hour_utc": None, "input_tokens": 1_000_000}
    assert usd(costs([call], as_of=None, undated_as_of=at("2026-07-29"))["as_billed"]) == 1
    assert usd(costs([call], as_of=None, undated_as_of=at("2026-07-30"))["as_billed"]) == Decimal("0.2")


def test_as_billed_uses_the_tier_that_served_and_the_cache_split_it_had() -> None:
    table = PriceTable(
        [
            price_row("10 / 1 / 12 / 20 / 50"),
            price_row("5 / 0.5 / 6 / 10 / 25", tier="batch"),
            price_row("20 / 2 / 24 / 40 / 100", tier="priority"),
            price_row("4 / - / - / - / 20", tier="flex", rule="billed_as_input"),
        ]
    )
    tokens = {
        "provider": "acme",
        "model": "m",
        "input_tokens": 1_111,
        "cache_read_tokens": 1_000,
        "cache_write_tokens": 100,
        "cache_write_long_tokens": 10,
        "output_tokens": 7,
    }
    expected = {  # 1 uncached, 1,000 read, 100 written, 10 written for long, 7 out
        "standard": 10 + 1_000 + 1_200 + 200 + 350,
        "batch": 5 + 500 + 600 + 100 + 175,
        "priority": 20 + 2_000 + 2_400 + 400 + 700,
        "flex": 1_111 * 4 + 140,
    }
    found = costs([tokens | {"tier": tier} for tier in expected], table, group_by=["tier"])
    for tier, cost in expected.items():
        assert found[tier, "as_billed"]["cost_micro_usd"] == cost
        assert found[tier, "sync"]["cost_micro_usd"] == 1_111 * 10 + 350  # whatever served it
    assert found["standard", "flex+cache"]["cost_micro_usd"] == expected["flex"]


def test_a_missing_cache_price_matters_only_to_calls_with_such_tokens() -> None:
    table = PriceTable([price_row("1 / - / - / - / 2")])
    call = {"provider": "acme", "model": "m", "input_tokens": 100}
    plain, cached = call, call | {"cache_read_tokens": 40, "n_requests": 3}
    assert costs([plain], table)["as_billed"]["cost_micro_usd"] == 100
    assert costs([plain], table)["as_billed"]["reason"] is None
    both = costs([plain, cached], table)["as_billed"]
    assert (both["cost_micro_usd"], both["n_priced"], both["n_requests"]) == (100, 1, 4)
    assert both["reason"] == "cache_price_missing"
    assert both["priced_tokens"] == 100
    assert costs([cached], table)["sync+cache"]["reason"] == "cache_not_offered"
    assert costs([cached], table)["sync"]["cost_micro_usd"] == 100


def test_failed_calls_without_tokens_cost_nothing_and_unmetered_ok_calls_are_unknown() -> None:
    call = {"provider": "anthropic", "model": "claude-sonnet-4-5", "tier": "batch"}
    ok = call | {"n_requests": 90, "input_tokens": 9_000, "output_tokens": 900}
    expired = call | {
        "status": "expired",
        "n_requests": 8,
        "n_unmetered": 8,
        "input_tokens": None,
        "output_tokens": None,
    }
    silent = call | {"n_requests": 2, "n_unmetered": 2, "input_tokens": None, "output_tokens": None}

    billed = costs([ok, expired])["as_billed"]
    assert billed["cost_micro_usd"] == 9_000 * Decimal("1.5") + 900 * Decimal("7.5")
    assert billed["reason"] is None
    counts = ("n_requests", "n_unmetered", "n_failed_unmetered", "n_priced")
    assert [billed[name] for name in counts] == [98, 8, 8, 90]

    partial = costs([ok, expired, silent])["as_billed"]
    assert partial["cost_micro_usd"] == billed["cost_micro_usd"]
    assert partial["reason"] == "tokens_unknown"
    assert [partial[name] for name in counts] == [100, 10, 8, 90]

    assert costs([expired])["as_billed"]["cost_micro_usd"] == 0
    assert costs([expired])["as_billed"]["reason"] is None
    assert costs([silent])["as_billed"]["cost_micro_usd"] is None
    assert costs([silent])["as_billed"]["reason"] == "tokens_unknown"


def test_failed_calls_with_tokens_are_priced() -> None:
    cancelled = {"status": "cancelled", "input_tokens": 1_000, "output_tokens": 10}
    assert costs([cancelled])["as_billed"]["cost_micro_usd"] == 3_150


def test_a_row_with_some_unmetered_requests_prices_the_tokens_it_knows() -> None:
    found = costs([{"n_requests": 10, "n_unmetered": 4, "input_tokens": 600, "output_tokens": 60}])["sync"]
    assert (found["cost_micro_usd"], found["n_priced"], found["reason"]) == (2_700, 6, "tokens_unknown")


def test_the_reason_names_the_largest_unpriced_part() -> None:
    unknown_model = {"model": "nobody-knows-me", "n_requests": 5, "input_tokens": 1}
    silent = {"n_requests": 4, "n_unmetered": 4, "input_tokens": None, "output_tokens": None}
    assert costs([unknown_model, silent])["as_billed"]["reason"] == "model_not_in_table"
    assert costs([unknown_model, silent | {"n_requests": 6, "n_unmetered": 6}])["as_billed"]["reason"] == (
        "tokens_unknown"
    )
    no_flex = {"provider": "openai", "model": "gpt-4o", "n_requests": 7, "input_tokens": 1}
    flex = costs([unknown_model, no_flex])["flex"]
    assert (flex["cost_micro_usd"], flex["reason"], flex["n_priced"]) == (None, "tier_not_offered", 0)


def test_every_group_has_every_lane_in_order() -> None:
    rows = [{"workload": name, "hour_utc": hour} for name in ("b", "a") for hour in (TODAY, None)]
    found = lane_costs(
        cube(*rows), PriceTable.shipped(), group_by=["workload", "day_utc"], as_of=None, undated_as_of=TODAY
    )
    assert found.column_names[:3] == ["workload", "day_utc", "lane"]
    assert found.schema.field("cost_micro_usd").type == pa.decimal128(38, 17)
    table = found.to_pylist()
    assert [row["lane"] for row in table] == [*LANES, "as_billed"] * 4
    assert [(row["workload"], row["day_utc"]) for row in table[::9]] == [
        ("a", TODAY.date()),
        ("a", None),
        ("b", TODAY.date()),
        ("b", None),
    ]


def test_an_empty_cube_costs_nothing_to_price() -> None:
    empty = lane_costs(cube(), PriceTable.shipped(), group_by=["workload"], as_of=None, undated_as_of=TODAY)
    assert empty.num_rows == 0
    assert "cost_micro_usd" in empty.column_names


def test_misuse_is_refused_in_words() -> None:
    table = PriceTable.shipped()
    with pytest.raises(PricingError, match="Group by any of") as refused:
        lane_costs(cube(), table, group_by=["workload; drop table cube"], as_of=None, undated_as_of=TODAY)
    assert refused.value.title == "Costs cannot be grouped like that"
    with pytest.raises(PricingError, match="lacks the columns output_tokens"):
        lane_costs(
            cube().drop_columns(["output_tokens"]), table, group_by=[], as_of=None, undated_as_of=TODAY
        )
    with pytest.raises(PricingError, match="asked for: turbo"):
        lane_costs(cube(), table, group_by=[], as_of=None, undated_as_of=TODAY, lanes=["turbo"])


def test_sums_are_exact_beyond_any_float() -> None:
    table = PriceTable([price_row("0.000000001 / - / - / - / 600")])
    rows = [
        {"provider": "acme", "model": "m", "input_tokens": 10**15 + 1, "output_tokens": 10**15 + 3}
        for _ in range(7)
    ]
    found = costs(rows, table)["sync"]["cost_micro_usd"]
    # 7 x (10^15 + 1) x 10^-9 + 7 x (10^15 + 3) x 600
    assert found == Decimal("4200000000007012600.000000007")


def test_prices_of_two_models_do_not_mix_and_unknown_models_stay_unknown() -> None:
    rows = [
        {"provider": "openai", "model": "gpt-4o", "input_tokens": 10},
        {"provider": "azure", "model": "eu/gpt-4o", "input_tokens": 10},
        {"provider": "openai", "model": "eu/gpt-4o", "input_tokens": 10},
    ]
    found = costs(rows, group_by=["provider", "model"])
    assert found["openai", "gpt-4o", "sync"]["cost_micro_usd"] == 25
    assert found["azure", "eu/gpt-4o", "sync"]["cost_micro_usd"] == Decimal("27.5")
    assert found["openai", "eu/gpt-4o", "sync"]["reason"] == "model_not_in_table"


# Independent of lanes.py on purpose: tier -> (input, read, write, write_long, output), no rules, no bands.
_PLAIN = {
    "standard": (Decimal("3"), Decimal("0.3"), Decimal("3.75"), Decimal("6"), Decimal("15")),
    "batch": (Decimal("1.5"), Decimal("0.15"), Decimal("1.875"), Decimal("3"), Decimal("7.5")),
    "priority": (Decimal("6.000000001"), Decimal("0.6"), Decimal("7.5"), Decimal("12"), Decimal("30")),
}
_PARTS = ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")


def _by_hand(row: dict[str, int], rates: tuple[Decimal, ...]) -> Decimal:
    read, write, lasting = (row[part] for part in _PARTS)
    uncached = row["input_tokens"] - read - write - lasting
    return (
        uncached * rates[0]
        + read * rates[1]
        + write * rates[2]
        + lasting * rates[3]
        + row["output_tokens"] * rates[4]
    )


_TOKENS = st.integers(min_value=0, max_value=10**12)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "workload": st.sampled_from("abc"),
            "tier": st.sampled_from(sorted(_PLAIN)),
            "hour_utc": st.sampled_from([TODAY, TODAY - timedelta(days=400), None]),
            "n_requests": st.integers(min_value=1, max_value=9),
            "uncached": _TOKENS,
            "cache_read_tokens": _TOKENS,
            "cache_write_tokens": _TOKENS,
            "cache_write_long_tokens": _TOKENS,
            "output_tokens": _TOKENS,
        }
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(rows=_ROWS, dated=st.booleans())
def test_the_sum_over_groups_is_the_row_by_row_sum(rows: list[dict[str, Any]], dated: bool) -> None:
    table = PriceTable(
        [price_row(" / ".join(str(rate) for rate in rates), tier=tier) for tier, rates in _PLAIN.items()]
    )
    filled = [
        {
            **{name: value for name, value in row.items() if name != "uncached"},
            "provider": "acme",
            "model": "m",
            "input_tokens": row["uncached"] + sum(row[part] for part in _PARTS),
        }
        for row in rows
    ]
    found = costs(filled, table, as_of=None if dated else TODAY, group_by=["workload", "tier", "day_utc"])

    def total(lane: str) -> Decimal:
        return sum((row["cost_micro_usd"] for key, row in found.items() if key[-1] == lane), Decimal(0))

    uncached_only = {tier: (rates[0],) * 4 + (rates[4],) for tier, rates in _PLAIN.items()}
    assert total("as_billed") == sum(_by_hand(row, _PLAIN[row["tier"]]) for row in filled)
    assert total("sync") == sum(_by_hand(row, uncached_only["standard"]) for row in filled)
    assert total("sync+cache") == sum(_by_hand(row, _PLAIN["standard"]) for row in filled)
    assert total("batch") == sum(_by_hand(row, uncached_only["batch"]) for row in filled)
    assert total("batch+cache") == sum(_by_hand(row, _PLAIN["batch"]) for row in filled)
    assert total("priority") == sum(_by_hand(row, _PLAIN["priority"]) for row in filled)


def test_a_million_cube_rows_in_one_statement() -> None:
    models = [("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-5"), ("gemini", "gemini-2.5-pro")]
    rows = [
        {
            "provider": provider,
            "model": model,
            "workload": f"w{step % 50}",
            "hour_utc": TODAY - timedelta(hours=step * 37 % 5_000),
            "input_tokens": step * 7_919 % 1_000_003,
            "output_tokens": step * 6_007 % 100_003,
        }
        for provider, model in models
        for step in range(1_000)
    ]
    small = cube(*rows)
    big = pa.concat_tables([small] * 334)
    assert big.num_rows == 1_002_000
    once, many = costs(small, as_of=None), costs(big, as_of=None)
    for lane in ("sync", "batch", "as_billed"):
        assert many[lane]["cost_micro_usd"] == once[lane]["cost_micro_usd"] * 334
        assert many[lane]["n_priced"] == 1_002_000
