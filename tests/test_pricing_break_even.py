"""Break-even shares, cache lifetimes and storage, against published and hand-computed values."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pricing.break_even import (
    RequestMix,
    batch_rates,
    cached_share_at_which_batch_loses,
    hit_rate_at_which_batch_loses,
    lifetime_costs,
    reads_per_hour_that_pay_storage,
    storage_micro_usd,
    uses_from_which_writing_pays,
)
from pricing.lane_terms import rates_at
from pricing.lanes import LaneRate
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, price_row

SONNET = ("anthropic", "claude-sonnet-4-5")


def rates(provider: str, model: str) -> dict[str, LaneRate]:
    return rates_at(PriceTable.shipped(), provider, model, TODAY)


@pytest.mark.parametrize(
    ("provider", "model", "share"),
    [
        # published as 66.7 %, 55.6 %, never: (i - i') / ((i - r) - (i' - r'))
        ("openai", "gpt-4.1", Fraction(2, 3)),  # (2 - 1) / (1.5 - 0)
        ("openai", "o3", Fraction(2, 3)),
        ("azure", "gpt-4.1", Fraction(2, 3)),
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", Fraction(5, 9)),  # (3 - 1.5) / (2.7 - 0)
        ("openai", "gpt-4o", None),  # ties only when everything is cached
        ("groq", "openai/gpt-oss-120b", None),
        ("gemini", "gemini-2.5-pro", None),
        ("anthropic", "claude-sonnet-4-5", None),
        ("openai", "gpt-5", None),
        ("xai", "grok-4.3", None),
        ("deepseek", "deepseek-v4-pro", None),  # there is no batch
        ("openai", "text-embedding-3-small", None),  # there is no cache
        ("openai", "nobody-knows", None),
    ],
)
def test_the_cached_share_at_which_a_batch_begins_to_lose(
    provider: str, model: str, share: Fraction | None
) -> None:
    assert cached_share_at_which_batch_loses(rates(provider, model)) == share


@pytest.mark.parametrize(
    ("batch", "read", "share"),
    [
        pytest.param("0.8", "0.1", Fraction(2, 9), id="a fifth off and no cache: 22.2 %"),
        pytest.param("0.5", "0.2", Fraction(5, 8), id="half and an implicit cache: 62.5 %"),
        pytest.param("1.5", "0.1", Fraction(0), id="a dearer batch loses at once"),
    ],
)
def test_the_share_of_a_batch_that_bills_cached_tokens_as_input(
    batch: str, read: str, share: Fraction
) -> None:
    table = PriceTable(
        [
            price_row(f"1 / {read} / - / - / 0"),
            price_row(f"{batch} / - / - / - / 0", tier="batch", rule="billed_as_input"),
        ]
    )
    assert cached_share_at_which_batch_loses(rates_at(table, "acme", "m", TODAY)) == share


def test_output_moves_the_share() -> None:
    # gpt-4.1, a tenth as much output as input: (1 + 0.1 x 4) / 1.5
    found = cached_share_at_which_batch_loses(rates("openai", "gpt-4.1"), output_per_input=Fraction(1, 10))
    assert found == Fraction(14, 15)
    # with half as much output a batch never loses
    assert (
        cached_share_at_which_batch_loses(rates("openai", "gpt-4.1"), output_per_input=Fraction(1, 2)) is None
    )


@pytest.mark.parametrize(
    ("miss_factor", "expected", "published"),
    [
        # 4,000 cached, 200 out: (4,000 x 1.5 + 200 x 7.5 - 4,200) / (4,000 x 1.35)
        pytest.param(Fraction(1), Fraction(3_300, 5_400), "0.6111", id="a miss is plain input"),
        # (4,000 x 1.875 + 1,500 - 4,200) / (4,000 x 1.725)
        pytest.param(Fraction(5, 4), Fraction(4_800, 6_900), "0.6957", id="a miss writes again"),
    ],
)
def test_the_hit_rate_below_which_a_batch_loses(
    miss_factor: Fraction, expected: Fraction, published: str
) -> None:
    mix = RequestMix(cached_tokens=4_000, uncached_tokens=0, output_tokens=200)
    found = hit_rate_at_which_batch_loses(rates(*SONNET), mix, miss_factor=miss_factor)
    assert found == expected
    assert f"{float(expected):.4f}" == published


def test_at_the_break_even_both_lanes_cost_the_same() -> None:
    mix = RequestMix(cached_tokens=3_000, uncached_tokens=700, output_tokens=150)
    share = hit_rate_at_which_batch_loses(rates(*SONNET), mix)
    assert share is not None
    today = 3_000 * Fraction("0.3") + 700 * 3 + 150 * 15
    batch = 3_000 * (share * Fraction("0.15") + (1 - share) * Fraction("1.5")) + Fraction("1050") + 1_125
    assert today == batch


def test_a_batch_that_never_or_always_loses() -> None:
    # much output: half price on it outweighs every lost hit
    talkative = RequestMix(cached_tokens=100, uncached_tokens=0, output_tokens=10_000)
    assert hit_rate_at_which_batch_loses(rates(*SONNET), talkative) == 0
    # gpt-4.1 has no cache in a batch: 1,000 x 1 against 1,000 x 0.5, whatever is hit
    silent = RequestMix(cached_tokens=1_000, uncached_tokens=0, output_tokens=0)
    assert hit_rate_at_which_batch_loses(rates("openai", "gpt-4.1"), silent) is None
    nothing_cached = RequestMix(cached_tokens=0, uncached_tokens=1_000, output_tokens=0)
    assert hit_rate_at_which_batch_loses(rates(*SONNET), nothing_cached) is None
    assert hit_rate_at_which_batch_loses(rates("deepseek", "deepseek-v4-pro"), silent) is None
    assert batch_rates(rates("deepseek", "deepseek-v4-pro")) is None


def test_how_often_a_prefix_has_to_be_sent() -> None:
    lane = rates(*SONNET)["sync+cache"]
    assert uses_from_which_writing_pays(lane) == 2  # 1.25 + 0.1 against 2
    assert uses_from_which_writing_pays(lane, long=True) == 3  # 2 + 0.2 against 3
    assert uses_from_which_writing_pays(rates("openai", "gpt-4.1")["sync+cache"]) == 2  # ties at once
    assert uses_from_which_writing_pays(rates("openai", "gpt-4.1")["sync"]) is None
    assert uses_from_which_writing_pays(LaneRate("acme", "m", "sync", "standard")) is None


def test_five_minutes_or_an_hour_for_the_gaps_of_a_workload() -> None:
    lane = rates(*SONNET)["sync+cache"]  # 3 / 0.3 / 3.75 / 6
    gaps = [(2, 90), (300, 5), (301, 3), (3_600, 1), (7_200, 1)]  # 101 requests
    without, short, long = lifetime_costs(lane, 10_000, gaps, {300: False, 3_600: True})
    assert (without.ttl_s, without.writes, without.reads) == (None, 0, 0)
    assert without.cost_micro_usd == 101 * 30_000
    # five minutes: 95 gaps are short enough; 6 writes at 37,500 and 95 reads at 3,000
    assert (short.ttl_s, short.writes, short.reads) == (300, 6, 95)
    assert short.cost_micro_usd == 6 * 37_500 + 95 * 3_000
    # an hour: 2 writes at 60,000 and 99 reads
    assert (long.ttl_s, long.writes, long.reads) == (3_600, 2, 99)
    assert long.cost_micro_usd == 2 * 60_000 + 99 * 3_000
    assert long.cost_micro_usd < short.cost_micro_usd


def test_close_requests_do_not_pay_for_an_hour() -> None:
    _, short, long = lifetime_costs(
        rates(*SONNET)["sync+cache"], 10_000, [(10, 50)], {300: False, 3_600: True}
    )
    assert (short.writes, long.writes) == (1, 1)
    assert long.cost_micro_usd - short.cost_micro_usd == 10_000 * (Decimal(6) - Decimal("3.75"))


def test_a_lifetime_without_a_price_is_left_out() -> None:
    table = PriceTable([price_row("3 / 0.3 / 3.75 / - / 15")])
    found = lifetime_costs(
        rates_at(table, "acme", "m", TODAY)["sync+cache"], 1_000, [(10, 1)], {300: False, 3_600: True}
    )
    assert [one.ttl_s for one in found] == [None, 300]


def test_storage_is_paid_by_reads() -> None:
    # a million tokens for two and a half hours at $0.50
    assert storage_micro_usd(1_000_000, Decimal("2.5"), Decimal("0.5")) == 1_250_000
    # Gemini 3.6 Flash: 0.5 / (0.75 - 0.075) reads an hour
    lane = rates("gemini", "gemini-3.6-flash")["sync+cache"]
    assert reads_per_hour_that_pay_storage(lane, Decimal("0.5")) == Fraction(500, 675)
    assert reads_per_hour_that_pay_storage(rates("gemini", "gemini-3.6-flash")["sync"], Decimal(1)) is None
