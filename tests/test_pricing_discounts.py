"""Contract and regional percentages: exact, dated, the most specific of a kind, never in the table."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pricing.discounts import Discount, read_discounts
from pricing.table import PriceTable
from tests.pricing_cases import at, costs, price_row, usd

TABLE = PriceTable(
    [
        price_row("3 / 0.3 / 3.75 / 6 / 15"),
        price_row("1.5 / 0.15 / 1.875 / 3 / 7.5", tier="batch"),
        price_row("10 / - / - / - / 40", model="big"),
    ],
    aliases={("acme", "m-latest"): "m"},
)
MILLION_IN = {"provider": "acme", "model": "m", "input_tokens": 1_000_000}


def off(percent: str, **fields: Any) -> Discount:
    return Discount.model_validate({"provider": "acme", "percent_off": percent} | fields)


def dollars(table: PriceTable, lane: str = "sync", **row: Any) -> Decimal | None:
    return usd(costs([MILLION_IN | row], table, as_of=None)[lane])


@pytest.mark.parametrize(
    ("discounts", "sync", "batch"),
    [
        pytest.param([], "3", "1.5", id="none"),
        pytest.param([off("10")], "2.7", "1.35", id="a provider"),
        pytest.param([off("10", tier="batch")], "3", "1.35", id="a tier"),
        pytest.param([off("10", model_glob="big")], "3", "1.5", id="another model"),
        pytest.param([off("10", provider="other")], "3", "1.5", id="another provider"),
        pytest.param([off("12.34", model_glob="m*")], "2.6298", "1.3149", id="two decimals"),
        pytest.param([off("-10", kind="regional")], "3.3", "1.65", id="a regional surcharge"),
        pytest.param([off("10"), off("-10", kind="regional")], "2.97", "1.485", id="kinds multiply"),
        pytest.param(
            [off("10"), off("20", model_glob="m")], "2.4", "1.2", id="the model replaces the provider"
        ),
        pytest.param([off("20", model_glob="m"), off("10")], "2.4", "1.2", id="in any order"),
        pytest.param([off("10"), off("30", tier="batch")], "2.7", "1.05", id="the tier replaces all tiers"),
        pytest.param(
            [off("5", model_glob="big|m"), off("50", model_glob="m*")], "2.85", "1.425", id="by name"
        ),
        pytest.param([off("100")], "0", "0", id="free"),
    ],
)
def test_what_is_charged(discounts: list[Discount], sync: str, batch: str) -> None:
    table = TABLE.with_discounts(discounts)
    assert (dollars(table), dollars(table, "batch")) == (Decimal(sync), Decimal(batch))
    assert dollars(table.with_discounts(())) == 3  # list prices stay available


def test_every_rate_of_a_vector_is_discounted_exactly() -> None:
    row = {
        "provider": "acme",
        "model": "m-latest",  # an alias is its model
        "input_tokens": 1_111,
        "cache_read_tokens": 100,
        "cache_write_tokens": 10,
        "cache_write_long_tokens": 1,
        "output_tokens": 7,
    }
    found = costs([row], TABLE.with_discounts([off("33.33"), off("-1.01", kind="regional")]))
    # 1,000 x 3 + 100 x 0.3 + 10 x 3.75 + 1 x 6 + 7 x 15 = 3178.5, times 0.6667 x 1.0101
    assert found["sync+cache"]["cost_micro_usd"] == Decimal("3178.5") * Decimal("0.67343367")
    assert found["as_billed"]["cost_micro_usd"] == Decimal("2140.508920095")


def test_a_discount_holds_between_its_dates_only() -> None:
    table = TABLE.with_discounts([off("50", valid_from=at("2026-07-01"), valid_to=at("2026-10-01"))])
    by_hour = {
        "2026-06-30T23:00": "3",
        "2026-07-01T00:00": "1.5",
        "2026-09-30T23:00": "1.5",
        "2026-10-01T00:00": "3",
    }
    for hour, expected in by_hour.items():
        assert dollars(table, "as_billed", hour_utc=at(hour)) == Decimal(expected), hour


def test_the_version_changes_with_a_discount_and_edits_keep_it() -> None:
    table = TABLE.with_discounts([off("10")])
    assert table.version != TABLE.version
    assert table.with_discounts(()).version == TABLE.version
    assert table.with_edits([]).discounts == table.discounts


def cells(**changes: Any) -> dict[str, Any]:
    return {"provider": " ACME ", "percent_off": "12.5 %"} | changes


def test_rows_of_a_form_become_discounts() -> None:
    check = read_discounts(
        TABLE,
        [
            cells(model_glob="", tier=None, note=" contract 7 "),
            cells(model_glob="M*", tier="Batch", kind="regional", percent_off=-10, valid_from="2026-07-01"),
        ],
    )
    assert check.problems == ()
    assert check.discounts == (
        off("12.5", note="contract 7"),
        off("-10", model_glob="m*", tier="batch", kind="regional", valid_from=at("2026-07-01")),
    )


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"percent_off": "much"}, "percent_off", "'much' is not a number"),
        ({"percent_off": "101"}, "percent_off", "between -100 (double price) and 100"),
        ({"percent_off": "-200"}, "percent_off", "between -100 (double price) and 100"),
        ({"percent_off": "nan"}, "percent_off", "percent off is missing"),
        ({"percent_off": "inf"}, "percent_off", "no percentage off"),
        ({"percent_off": "1.234"}, "percent_off", "more than 2 decimal places"),
        ({"percent_off": ""}, "percent_off", "percent off is missing"),
        ({"provider": None}, "provider", "provider is missing"),
        ({"provider": "acne"}, "provider", "providers are: acme"),
        ({"model_glob": "gpt-*"}, "model_glob", "No model of acme"),
        ({"tier": "cheap"}, "tier", "use one of: standard, batch"),
        ({"kind": "gift"}, "kind", "use one of: contract, regional"),
        ({"valid_from": "2026-07-01T00:30"}, "valid_from", "on a whole hour"),
        ({"valid_from": "2026-07-02", "valid_to": "2026-07-01"}, None, "later than valid_from"),
        ({"rebate": "1"}, "rebate", "There is no column 'rebate'"),
    ],
)
def test_each_fault_is_named_with_its_row_and_column(
    changes: dict[str, Any], column: str | None, words: str
) -> None:
    problems = read_discounts(TABLE, [cells(tier="flex"), cells(**changes)]).problems
    assert [(problem.row, problem.column) for problem in problems] == [(2, column)]
    assert words in problems[0].sentence
    assert problems[0].sentence.endswith(".")


def test_two_rows_that_say_different_things_of_one_day_are_refused() -> None:
    later = cells(valid_from="2026-07-01", percent_off="20")
    assert [
        problem.row for problem in read_discounts(TABLE, [cells(valid_to="2026-08-01"), later]).problems
    ] == [2]
    assert read_discounts(TABLE, [cells(valid_to="2026-07-01"), later]).problems == ()
    assert read_discounts(TABLE, [cells(tier="batch"), later]).problems == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"percent_off": "200"},
        {"percent_off": "1.001"},
        {"percent_off": "1", "valid_from": at("2026-07-01T00:30")},
        {"percent_off": "1", "valid_from": at("2026-07-01"), "valid_to": at("2026-07-01")},
    ],
)
def test_a_discount_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Discount.model_validate({"provider": "acme"} | fields)
