"""The calculators against figures worked out by hand, on shipped prices and on a table of their own."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pricing.model import Lane
from pricing.table import PriceTable
from reports.calculators import (
    Bill,
    Job,
    batches_needed,
    bulk_usage,
    read_tokens,
    share_savings,
    write_paybacks,
)
from reports.quote import Subject, Usage, quote, quotes, rows_used
from tests.pricing_cases import at, price_row

GOLDEN = Path(__file__).parent / "golden" / "worked_examples.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(GOLDEN.read_text(encoding="utf-8"))
}
DAY = datetime(2026, 11, 20)
TABLE = PriceTable(
    [
        price_row("10 / 1 / 12.5 / 20 / 50", valid_to=at("2026-12-01")),
        price_row("20 / 2 / 25 / 40 / 100", valid_from=at("2026-12-01")),
        price_row("20 / 2 / 25 / 40 / 75", band=200_001, valid_to=at("2026-12-01")),
        price_row("8 / - / - / - / 40", tier="batch", rule="billed_as_input"),
    ]
)


def exactly(*amounts: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def shipped(provider: str, model: str) -> Subject:
    return Subject(PriceTable.shipped(), provider, model, DAY)


SONNET = shipped("anthropic", "claude-sonnet-4-5")
GPT_4O = shipped("openai", "gpt-4o")
ACME = Subject(TABLE, "acme", "m", DAY)


def dollars(subject: Subject, usage: Usage) -> dict[str, Decimal | None]:
    found = quote(subject, usage)
    return {
        lane: None if item.cost_micro_usd is None else item.cost_micro_usd / 1_000_000
        for lane, item in found.items()
    }


@pytest.mark.parametrize(
    ("case", "subject", "job"),
    [
        ("stack.1", SONNET, Job(50_000, 4_000, 0, 200)),
        ("stack.2", SONNET, Job(50_000, 4_000, 2_000, 200)),
        ("stack.3", SONNET, Job(50_000, 4_000, 0, 100)),
        ("stack.4", SONNET, Job(200_000, 1_500, 300, 50)),
        ("stack.6", SONNET, Job(100_000, 3_000, 0, 500)),
        ("stack.9", GPT_4O, Job(50_000, 4_000, 0, 200)),
    ],
)
def test_the_published_examples_of_four_configurations(case: str, subject: Subject, job: Job) -> None:
    expected = CASES[case]["expected"]
    found = dollars(subject, job.usage())
    for lane, name in (
        ("sync", "sync"),
        ("sync+cache", "sync_cache"),
        ("batch", "batch"),
        ("batch+cache", "batch_cache"),
    ):
        cost = found[lane]
        assert cost is not None
        assert round(cost, 4) == Decimal(str(expected[name])).quantize(Decimal("0.0001"))


def test_a_hundred_thousand_documents_to_the_micro_dollar() -> None:
    found = {
        lane: item.cost_micro_usd for lane, item in quote(SONNET, Job(100_000, 3_000, 0, 500).usage()).items()
    }
    # 3e8 prefix tokens and 5e7 output tokens at 3 / 15; one write at 3.75, 99,999 reads at 0.30
    assert found["sync"] == 3 * 300_000_000 + 15 * 50_000_000 == 1_650_000_000
    assert found["sync+cache"] == Decimal("840010350")
    assert found["batch"] == 825_000_000
    assert found["batch+cache"] == Decimal("420005175")


def test_a_lane_that_is_not_sold_says_why_and_costs_nothing_it_does_not_know() -> None:
    found = quote(SONNET, Job(10, 1_000, 0, 10).usage())
    assert found["flex"].cost_micro_usd is None
    assert found["flex"].rate is None
    assert found["flex"].reason == "The price table has no flex price for claude-sonnet-4-5 on anthropic."
    assert dollars(GPT_4O, Job(50_000, 4_000, 0, 200).usage())["batch+cache"] == Decimal(300)


def test_a_long_write_that_the_model_does_not_sell_has_no_price() -> None:
    subject = shipped("openai", "gpt-5.6-sol")
    assert quote(subject, Job(2, 1_000, 0, 0).usage())["sync+cache"].cost_micro_usd is not None
    bare = Subject(PriceTable([price_row("10 / 1 / 12 / - / 50")]), "acme", "m", DAY)
    missing = quote(bare, Job(2, 1_000, 0, 0, long_lifetime=True).usage())["sync+cache"]
    assert missing.cost_micro_usd is None
    assert missing.reason is not None
    assert "no price for that" in missing.reason


@pytest.mark.parametrize(
    ("job", "micro_usd"),
    [
        # 4 of 10 read 1,000 tokens at 1, 6 write them at 12.5; 10 x 100 suffix tokens at 10
        (Job(10, 1_000, 100, 0, Decimal("0.4")), 4_000 * 1 + 75_000 + 10_000),
        # the same, but the 6 send the prefix as plain input at 10
        (Job(10, 1_000, 100, 0, Decimal("0.4"), "input"), 4_000 + 60_000 + 10_000),
        # writes of the longer lifetime at 20
        (Job(10, 1_000, 100, 0, Decimal("0.4"), long_lifetime=True), 4_000 + 120_000 + 10_000),
        # every request finds it
        (Job(10, 1_000, 0, 1, Decimal(1)), 10_000 + 10 * 50),
        # 2.5 requests are 2, half to even
        (Job(5, 1_000, 0, 0, Decimal("0.5"), "input"), 2_000 + 30_000),
    ],
)
def test_hit_rate_and_write_behaviour(job: Job, micro_usd: int) -> None:
    assert quote(ACME, job.usage())["sync+cache"].cost_micro_usd == micro_usd


def test_the_date_and_the_prompt_length_choose_the_row() -> None:
    long_prompt = Job(1, 200_001, 0, 0).usage()
    assert quote(ACME, Job(1, 200_000, 0, 0).usage())["sync"].cost_micro_usd == 2_000_000
    assert quote(ACME, long_prompt)["sync"].cost_micro_usd == 20 * 200_001
    after = Subject(TABLE, "acme", "m", datetime(2026, 12, 1))
    assert quote(after, Job(1, 1_000, 0, 0).usage())["sync"].cost_micro_usd == 20_000
    (standard, batch) = rows_used(ACME, 200_001)
    assert standard.min_prompt_tokens == 200_001
    assert standard.input_usd_per_mtok == 20
    assert batch.tier == "batch"
    rate = quote(ACME, long_prompt)["sync+cache"].rate
    assert rate is not None
    assert (rate.cache_read_usd_per_mtok, rate.cache_write_long_usd_per_mtok) == exactly(2, 40)


def test_several_usages_are_priced_together_and_stay_apart() -> None:
    found = quotes(ACME, {"a": Job(1, 1_000, 0, 0).usage(), "b": Job(2, 1_000, 0, 0).usage()})
    assert found["a"]["sync"].cost_micro_usd == 10_000
    assert found["b"]["sync"].cost_micro_usd == 20_000


# ---------------------------------------------------------------- share of a bill


def savings(subject: Subject, bill: Bill) -> dict[Lane, tuple[Decimal | None, Decimal | None]]:
    return {
        item.quote.lane: (item.low_micro_usd, item.high_micro_usd) for item in share_savings(subject, bill)
    }


def test_the_published_shares_of_a_bill() -> None:
    five_thousand = Decimal(5_000_000_000)
    found = savings(GPT_4O, Bill(five_thousand, Decimal("0.2"), Decimal("0.4")))
    assert found["batch"] == exactly(500_000_000, 1_000_000_000)
    found = savings(GPT_4O, Bill(five_thousand, Decimal("0.3"), Decimal("0.3")))
    assert found["batch"] == exactly(750_000_000, 750_000_000)
    found = savings(GPT_4O, Bill(Decimal(15_000_000_000), Decimal("0.4"), Decimal("0.4")))
    assert found["batch"] == exactly(3_000_000_000, 3_000_000_000)
    assert found["flex"] == (None, None)
    assert "sync" not in found


def test_batch_can_cost_more_than_a_warm_cache() -> None:
    # per output token 4 of input, 80 % cached: today 0.8 x 10 + 3.2 x 1 + 50 = 61.2; batch 4 x 8 + 40 = 72
    bill = Bill(Decimal(612), Decimal(1), Decimal(1), "sync+cache", Decimal("0.8"), 4)
    assert savings(ACME, bill)["batch"] == exactly(-108, -108)


def test_a_bill_of_output_or_of_input_alone() -> None:
    assert savings(ACME, Bill(Decimal(100), Decimal(1), Decimal(1), input_per_output=0))["batch"] == exactly(
        20, 20
    )


# ---------------------------------------------------------------- bulk tokens


def test_ten_billion_tokens_of_gemini_and_a_hundred_billion_of_an_embedding() -> None:
    gemini = dollars(shipped("gemini", "gemini-2.5-pro"), bulk_usage(10**10, 0, 1_000))
    assert (gemini["sync"], gemini["batch"]) == exactly(12_500, 6_250)
    small = dollars(shipped("openai", "text-embedding-3-small"), bulk_usage(10**11, 0, 300))
    assert (small["sync"], small["batch"]) == exactly(2_000, 1_000)
    large = dollars(shipped("openai", "text-embedding-3-large"), bulk_usage(10**11, 0, 300))
    assert (large["sync"], large["batch"]) == exactly(13_000, 6_500)


def test_long_requests_of_bulk_tokens_meet_the_long_prices() -> None:
    assert dollars(shipped("gemini", "gemini-2.5-pro"), bulk_usage(10**10, 0, 200_001))["sync"] == 25_000


def test_batches_are_counted_by_the_published_limit() -> None:
    assert batches_needed(GPT_4O, bulk_usage(100_001_000, 0, 1_000)) == 3  # 100,001 requests, 50,000 a file
    assert batches_needed(ACME, bulk_usage(10**9, 0, 1_000)) is None


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("10B", 10**10),
        ("100 000", 100_000),
        ("1,500", 1_500),
        ("2.5m", 2_500_000),
        (" 1T ", 10**12),
        ("7", 7),
        ("0.5", None),
        ("-5", None),
        ("ten", None),
        ("", None),
        ("2000T", None),
        ("1,000,000", 1_000_000),
        # A decimal comma: 2.5 million, or nothing at all; certainly not 25 million.
        ("2,5M", None),
        ("12,34", None),
        ("1,00", None),
    ],
)
def test_amounts_of_tokens_as_people_write_them(text: str, tokens: int | None) -> None:
    assert read_tokens(text) == tokens


# ---------------------------------------------------------------- cache writes


def test_a_write_pays_from_the_second_request_and_a_long_one_from_the_third() -> None:
    found = {(item.lane, item.long_lifetime): item for item in write_paybacks(SONNET, 4_000)}
    assert found["sync+cache", False].pays_from == 2
    assert found["sync+cache", True].pays_from == 3
    assert found["batch+cache", False].pays_from == 2
    assert found["batch+cache", True].pays_from == 3
    # 4,000 tokens: plain 3, 6, 9 x 4,000; cached 3.75, 4.05, 4.35; long 6, 6.3, 6.6
    assert found["sync+cache", False].plain_micro_usd[:3] == exactly(12_000, 24_000, 36_000)
    assert found["sync+cache", False].cached_micro_usd[:3] == exactly(15_000, 16_200, 17_400)
    assert found["sync+cache", True].cached_micro_usd[:3] == exactly(24_000, 25_200, 26_400)
    flex = found["flex+cache", False]
    assert flex.pays_from is None
    assert flex.reason is not None
    assert "no flex price" in flex.reason


def test_a_tier_without_a_discount_never_pays_a_write_back() -> None:
    found = {(item.lane, item.long_lifetime): item for item in write_paybacks(ACME, 1_000)}
    assert found["batch+cache", False].pays_from is None
    assert found["batch+cache", False].reason is None
    assert found["batch+cache", False].cached_micro_usd[:2] == exactly(8_000, 16_000)


def test_a_write_without_a_premium_pays_with_the_first_reading() -> None:
    found = {(item.lane, item.long_lifetime): item for item in write_paybacks(GPT_4O, 2_000)}
    assert found["sync+cache", False].pays_from == 2
