"""Models whose answers cost something else once they think: unknown, never priced as other output."""

from decimal import Decimal

import pytest

from pricing import shipped
from pricing.cost import REASONING
from pricing.extract import PriceExtract
from pricing.matching import matches
from pricing.table import PriceTable
from pricing.terms import ThinkingTerms
from tests.pricing_cases import TODAY, costs, cube, price_row, usd

APART = ThinkingTerms(
    provider="acme",
    model_glob="m",
    note="thinking mode has a price of its own",
    source="https://prices.test",
    checked_on=TODAY.date(),
)
ROW = {"provider": "acme", "model": "m", "input_tokens": 1_000_000, "output_tokens": 1_000_000}
PLAIN = price_row("2 / - / - / - / 8")


def test_calls_that_think_are_unknown_and_the_others_priced() -> None:
    table = PriceTable([PLAIN], thinking=[APART])
    found = costs([ROW, {**ROW, "reasoning_tokens": 1}, {**ROW, "reasoning_tokens": 0}], table)
    for lane in ("sync", "as_billed"):
        assert usd(found[lane]) == Decimal(20), "two of the three calls, each 2 + 8"
        assert found[lane]["n_priced"] == 2
        assert found[lane]["reason"] == "thinking_price_missing"


def test_a_model_that_bills_thinking_as_output_is_priced_with_it() -> None:
    found = costs([{**ROW, "reasoning_tokens": 900_000}], PriceTable([PLAIN]))
    assert usd(found["as_billed"]) == Decimal(10)
    assert found["as_billed"]["reason"] is None


def test_a_row_of_ones_own_prices_calls_that_think() -> None:
    own = price_row("2 / - / - / - / 24", source_kind="user")
    found = costs([{**ROW, "reasoning_tokens": 1}], PriceTable([own], thinking=[APART]))
    assert usd(found["as_billed"]) == Decimal(26)


def test_what_travels_with_a_report_or_a_claim_leaves_them_unknown_too() -> None:
    table = PriceTable([PLAIN], thinking=[APART])
    frozen = PriceExtract.model_validate_json(PriceExtract.of(table, [("acme", "m")]).model_dump_json())
    found = costs([ROW, {**ROW, "reasoning_tokens": 1}], frozen.table())["as_billed"]
    assert (usd(found), found["reason"]) == (Decimal(10), "thinking_price_missing")


def test_a_cube_that_does_not_tell_is_priced() -> None:
    without = cube(ROW).drop_columns([REASONING])
    assert usd(costs(without, PriceTable([PLAIN], thinking=[APART]))["as_billed"]) == Decimal(10)


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("dashscope", "qwen-plus"),
        ("dashscope", "qwen-plus-2025-09-11"),
        ("dashscope", "qwen-turbo-latest"),
        ("perplexity", "sonar-deep-research"),
        ("openrouter", "perplexity/sonar-deep-research"),
    ],
)
def test_shipped_models_with_a_price_for_thinking(provider: str, model: str) -> None:
    usage = {"provider": provider, "model": model, "input_tokens": 10, "output_tokens": 10}
    assert costs([usage])["as_billed"]["reason"] is None
    thinking = costs([{**usage, "reasoning_tokens": 5}])["as_billed"]
    assert thinking["cost_micro_usd"] is None
    assert thinking["reason"] == "thinking_price_missing"


def test_every_row_names_a_model_of_the_table_and_its_source() -> None:
    models = PriceTable.shipped().models()
    for terms in shipped.thinking_terms():
        for glob in terms.model_glob.split("|"):
            assert any(seller == terms.provider and matches(model, glob) for seller, model in models), (
                f"{terms.provider} {glob}"
            )
        assert terms.source.startswith("https://")


def test_the_version_of_a_table_changes_with_it() -> None:
    assert PriceTable([PLAIN]).version != PriceTable([PLAIN], thinking=[APART]).version
