"""The price grid: typed rows out, exact edits back, dated so that history does not change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pricing.model import PriceRow
from ui import price_rows
from ui.price_rows import Row

TODAY = date(2026, 11, 21)


def price(**changes: object) -> PriceRow:
    values: dict[str, object] = {
        "provider": "openai",
        "model": "gpt-4o",
        "tier": "standard",
        "input_usd_per_mtok": Decimal("2.5"),
        "cache_read_usd_per_mtok": Decimal("1.25"),
        "output_usd_per_mtok": Decimal("10"),
        "cache_rule": "priced",
        "source_kind": "litellm",
        "source": "list price",
        "checked_on": date(2026, 11, 1),
        "confidence": "high",
    }
    return PriceRow.model_validate(values | changes)


def frame_with(rows: list[Row], position: int, **cells: Any) -> pd.DataFrame:
    edited = price_rows.frame(rows)
    for name, value in cells.items():
        edited.at[position, name] = value
    return edited


def test_lines_leave_out_the_past_and_begin_with_models_without_a_price() -> None:
    past = price(valid_from=None, valid_to=datetime(2026, 11, 1))
    present = price(valid_from=datetime(2026, 11, 1), valid_to=datetime(2026, 12, 1))
    future = price(valid_from=datetime(2026, 12, 1))
    lines = price_rows.lines([future, past, present], datetime(2026, 11, 21), [("acme", "mystery")])
    assert [line.price for line in lines] == [None, present, future]
    assert (lines[0].provider, lines[0].model) == ("acme", "mystery")


def test_the_frame_keeps_prices_exact_and_unknown_empty() -> None:
    built = price_rows.frame([Row("openai", "gpt-4o", price(input_usd_per_mtok=Decimal("0.100001")))])
    assert built.at[0, "input_usd_per_mtok"] == Decimal("0.100001")
    assert built.at[0, "cache_write_usd_per_mtok"] is None
    assert built.at[0, "valid_from"] is None
    assert built.at[0, "checked_on"] == date(2026, 11, 1)


def test_an_untouched_grid_has_no_changes() -> None:
    rows = [Row("openai", "gpt-4o", price()), Row("acme", "mystery", None)]
    assert price_rows.changed(price_rows.frame(rows), price_rows.frame(rows)) == []


@pytest.mark.parametrize("typed", [3.0, Decimal("3"), "3"])
def test_a_changed_price_is_found_whatever_type_the_browser_sends(typed: object) -> None:
    rows = [Row("openai", "gpt-4o", price()), Row("openai", "gpt-4o", price(tier="batch"))]
    edited = frame_with(rows, 1, input_usd_per_mtok=typed)
    assert price_rows.changed(price_rows.frame(rows), edited) == [1]
    asked = price_rows.edit(edited, 1, rows, effective=TODAY, author="Ada", today=TODAY)
    assert asked["input_usd_per_mtok"] == Decimal(3)
    assert asked["tier"] == "batch"


def test_a_float_from_the_browser_is_read_as_it_was_typed() -> None:
    rows = [Row("openai", "gpt-4o", price())]
    edited = frame_with(rows, 0, output_usd_per_mtok=0.1)
    asked = price_rows.edit(edited, 0, rows, effective=TODAY, author="Ada", today=TODAY)
    assert asked["output_usd_per_mtok"] == Decimal("0.1")


def test_a_change_starts_on_the_effective_day_and_ends_where_the_old_row_ended() -> None:
    rows = [Row("openai", "gpt-4o", price(valid_to=datetime(2027, 1, 1)))]
    edited = frame_with(rows, 0, input_usd_per_mtok=2.0)
    asked = price_rows.edit(edited, 0, rows, effective=date(2026, 11, 15), author="Ada", today=TODAY)
    assert asked["valid_from"] == datetime(2026, 11, 15)
    assert asked["valid_to"] == datetime(2027, 1, 1)
    assert asked["source"] == "entered by Ada"
    assert asked["source_kind"] == "user"
    assert asked["checked_on"] == TODAY


def test_a_future_row_keeps_its_own_start() -> None:
    rows = [Row("openai", "gpt-4o", price(valid_from=datetime(2026, 12, 1)))]
    edited = frame_with(rows, 0, input_usd_per_mtok=2.0)
    asked = price_rows.edit(edited, 0, rows, effective=TODAY, author="Ada", today=TODAY)
    assert asked["valid_from"] == datetime(2026, 12, 1)


def test_the_first_price_of_a_model_holds_for_all_of_its_history() -> None:
    rows = [Row("acme", "mystery", None)]
    edited = frame_with(rows, 0, input_usd_per_mtok=1.0, output_usd_per_mtok=2.0)
    asked = price_rows.edit(edited, 0, rows, effective=TODAY, author="Ada", today=TODAY)
    assert (asked["provider"], asked["model"], asked["tier"]) == ("acme", "mystery", "standard")
    assert asked["valid_from"] is None


def test_a_typed_cache_price_says_that_caching_is_priced() -> None:
    rows = [Row("openai", "gpt-4", price(cache_read_usd_per_mtok=None, cache_rule="none"))]
    edited = frame_with(rows, 0, cache_read_usd_per_mtok=0.5)
    asked = price_rows.edit(edited, 0, rows, effective=TODAY, author="Ada", today=TODAY)
    assert asked["cache_rule"] == "priced"


def test_an_added_row_counts_as_changed_and_is_read_by_its_cells() -> None:
    rows = [Row("openai", "gpt-4o", price())]
    before = price_rows.frame(rows)
    added = {
        **dict.fromkeys(before.columns),
        "provider": "Acme",
        "model": "Big-1",
        "tier": "batch",
        "min_prompt_tokens": 200000.0,
        "input_usd_per_mtok": 4,
    }
    after = pd.DataFrame([*before.to_dict("records"), added], dtype="object")
    assert price_rows.changed(before, after) == [1]
    asked = price_rows.edit(after, 1, rows, effective=TODAY, author="Ada", today=TODAY)
    assert (asked["provider"], asked["model"], asked["min_prompt_tokens"]) == ("acme", "big-1", 200000)
    assert asked["valid_from"] is None
