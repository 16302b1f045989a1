"""Edits: what they hide and what they leave, how they are stored, and every way a row can be wrong."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.overlay import Overlay, Problem, check_edits, read_edits
from pricing.table import PriceTable
from tests.pricing_cases import at, costs, price_row

CALL = {"provider": "acme", "model": "m", "input_tokens": 100}
BASE = PriceTable(
    [
        price_row("10 / 1 / - / - / 50", valid_to=at("2026-06-01")),
        price_row("8 / 1 / - / - / 40", valid_from=at("2026-06-01"), valid_to=at("2026-12-01")),
        price_row("16 / 2 / - / - / 80", valid_from=at("2026-12-01")),
        price_row("4 / 1 / - / - / 20", tier="batch"),
        price_row("20 / 2 / - / - / 90", band=200_001),
    ],
    aliases={("acme", "m-nickname"): "m"},
)


def sync_price(table: PriceTable, day: str) -> Decimal | None:
    cost: Decimal | None = costs([CALL], table, as_of=at(day))["sync"]["cost_micro_usd"]
    return None if cost is None else cost / 100


def edited(*rows: Any) -> PriceTable:
    overlay = Overlay()
    for row in rows:
        overlay = overlay.with_rows([row], author="ada", at_utc=at("2026-11-21"), note="contract")
    return BASE.with_edits(overlay.edits)


def test_an_open_ended_edit_hides_everything_from_its_start_on_and_nothing_before() -> None:
    table = edited(price_row("7 / 1 / - / - / 35", valid_from=at("2026-07-01")))
    assert [sync_price(table, day) for day in ("2026-05-31", "2026-06-30", "2026-07-01", "2027-01-01")] == [
        10,
        8,
        7,
        7,
    ]
    assert sync_price(BASE, "2026-07-01") == 8


def test_an_edit_with_an_end_gives_way_to_the_shipped_price() -> None:
    table = edited(price_row("7 / 1 / - / - / 35", valid_from=at("2026-05-01"), valid_to=at("2026-07-01")))
    days = ("2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01", "2026-12-01")
    assert [sync_price(table, day) for day in days] == [10, 7, 7, 8, 16]


def test_an_edit_touches_its_own_tier_and_band_only() -> None:
    table = edited(price_row("7 / 1 / - / - / 35", valid_from=at("2026-07-01")))
    found = costs([CALL, CALL | {"prompt_band": 200_001}], table, group_by=["prompt_band"])
    assert found[0, "batch"]["cost_micro_usd"] == 400
    assert found[200_001, "sync"]["cost_micro_usd"] == 2_000


def test_a_later_edit_hides_an_earlier_one_from_its_own_start_on() -> None:
    table = edited(
        price_row("7 / 1 / - / - / 35", valid_from=at("2026-07-01")),
        price_row("6 / 1 / - / - / 30", valid_from=at("2026-09-01")),
        price_row("5 / 1 / - / - / 25", valid_from=at("2026-10-01"), valid_to=at("2026-11-01")),
    )
    days = ("2026-08-31", "2026-09-01", "2026-10-31", "2026-11-01")
    assert [sync_price(table, day) for day in days] == [7, 6, 5, 6]


def test_an_edit_without_a_start_replaces_all_of_history() -> None:
    table = edited(price_row("3 / 1 / - / - / 9"))
    assert [sync_price(table, day) for day in ("2020-01-01", "2026-07-01", "2028-01-01")] == [3, 3, 3]


def test_an_edit_can_bring_a_model_tier_or_threshold_the_table_lacks() -> None:
    flex = price_row("2 / - / - / - / 9", tier="flex", rule="unknown")
    table = edited(price_row("1 / - / - / - / 2", model="new"), flex, price_row("40", band=500_001))
    assert costs([CALL | {"model": "new"}], table)["sync"]["cost_micro_usd"] == 100
    assert costs([CALL], table)["flex"]["cost_micro_usd"] == 200
    assert costs([CALL], table)["flex+cache"]["reason"] == "cache_unknown"
    assert table.thresholds() == (200_001, 500_001)


def test_the_version_changes_with_an_edit_and_back_with_its_undoing() -> None:
    overlay = Overlay().with_rows(
        [price_row("7 / 1 / - / - / 35", valid_from=at("2026-07-01"))], author="ada", at_utc=at("2026-11-21")
    )
    assert BASE.with_edits(overlay.edits).version != BASE.version
    assert BASE.with_edits(overlay.edits[:-1]).version == BASE.version


def test_an_overlay_survives_storage_exactly() -> None:
    overlay = Overlay().with_rows(
        [price_row("0.123456789 / 0.1 / - / - / 35", valid_from=at("2026-07-01T16:00"), note="so & so")],
        author="ada",
        at_utc=at("2026-11-21T08:30:15"),
        note="contract 7",
    )
    stored = json.loads(json.dumps(overlay.to_dict()))
    assert Overlay.from_dict(stored) == overlay
    assert stored["edits"][0]["row"]["input_usd_per_mtok"] == "0.123456789"
    assert stored["edits"][0]["row"]["source_kind"] == "user"
    assert (stored["edits"][0]["author"], stored["edits"][0]["note"]) == ("ada", "contract 7")


def cells(**changes: Any) -> dict[str, Any]:
    usual = {"provider": "acme", "model": "m", "tier": "standard", "input_usd_per_mtok": "1.5"}
    return usual | changes


def test_clean_rows_become_price_rows() -> None:
    check = read_edits(
        BASE,
        [
            cells(
                provider=" ACME ",
                model="M-Nickname",
                tier="Batch",
                min_prompt_tokens="200,001",
                valid_from="2026-12-01",
                valid_to="2027-01-01T16:00",
                input_usd_per_mtok=0.1,
                cache_read_usd_per_mtok="0.050",
                output_usd_per_mtok=Decimal("2"),
                promo_until="2026-12-31",
                note="contract",
            ),
            cells(valid_to=None, output_usd_per_mtok=float("nan")),
        ],
        checked_on=date.fromisoformat("2026-11-21"),
    )
    assert check.problems == ()
    first, second = check.rows
    assert first.key == ("acme", "m", "batch", 200_001)  # the alias is read as its model
    assert (first.valid_from, first.valid_to) == (at("2026-12-01"), at("2027-01-01T16:00"))
    assert first.input_usd_per_mtok == Decimal("0.1")  # not 0.1000000000000000055
    assert (first.cache_rule, first.source_kind, first.source) == ("priced", "user", "user")
    assert first.promo_until == date.fromisoformat("2026-12-31")
    assert (second.cache_rule, second.output_usd_per_mtok, second.valid_from) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"input_usd_per_mtok": "-1"}, "input_usd_per_mtok", "cannot be negative"),
        ({"output_usd_per_mtok": "two"}, "output_usd_per_mtok", "'two' is not a number"),
        ({"output_usd_per_mtok": "inf"}, "output_usd_per_mtok", "is not a price"),
        ({"input_usd_per_mtok": "$3"}, "input_usd_per_mtok", "not a number"),
        ({"input_usd_per_mtok": "15000"}, "input_usd_per_mtok", "another unit"),
        ({"input_usd_per_mtok": "0.0000000001"}, "input_usd_per_mtok", "more than 9 decimal places"),
        ({"tier": "bacth"}, "tier", "use one of: standard, batch, flex, priority, ultrafast, offpeak"),
        ({"tier": ""}, "tier", "The tier is missing"),
        ({"provider": None}, "provider", "The provider is missing"),
        ({"model": "gpt 4o"}, "model", "contains a space"),
        ({"model": "=cmd|' /c calc'!a1"}, "model", "contains a space"),
        ({"model": "=1+1"}, "model", "is no id of a provider or model"),
        ({"provider": "x" * 129}, "provider", "129 characters is too long"),
        ({"input_usd_per_mtok": "1." + "0" * 5000}, "input_usd_per_mtok", "5002 characters"),
        ({"min_prompt_tokens": "9" * 5000}, "min_prompt_tokens", "not a whole number"),
        ({"min_prompt_tokens": "999999999"}, "min_prompt_tokens", "more than any model reads"),
        ({"valid_from": "0206-01-01"}, "valid_from", "years from 2015 to 2100"),
        ({"note": "x" * 501}, "note", "501 characters; 500 are the most"),
        ({"source": "a\x00b"}, "source", "cannot be shown"),
        ({"min_prompt_tokens": "1.5"}, "min_prompt_tokens", "not a whole number"),
        ({"min_prompt_tokens": "-5"}, "min_prompt_tokens", "not a whole number"),
        ({"valid_from": "soon"}, "valid_from", "'soon' is not a date"),
        ({"valid_from": "2026-12-01T00:30"}, "valid_from", "on a whole hour"),
        ({"valid_from": "2026-12-01T00:00+01:00"}, "valid_from", "without a zone"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-12-01"}, "valid_to", "later than valid_from"),
        ({"valid_from": "2026-12-02", "valid_to": "2026-12-01"}, "valid_to", "later than valid_from"),
        ({"cache_rule": "halved"}, "cache_rule", "use one of: priced"),
        ({"cache_rule": "priced"}, None, "cache read price goes with the rule 'priced'"),
        ({"cache_rule": "none", "cache_read_usd_per_mtok": "1"}, None, "goes with the rule 'priced'"),
        ({"input_usd_per_mtok": " "}, None, "no price"),
        ({"discount": "10"}, "discount", "There is no column 'discount'"),
    ],
)
def test_each_fault_is_named_with_its_row_and_column(
    changes: dict[str, Any], column: str | None, words: str
) -> None:
    problems = check_edits(BASE, [cells(model="other"), cells(**changes)])
    assert [(problem.row, problem.column) for problem in problems] == [(2, column)]
    assert words in problems[0].sentence
    assert problems[0].sentence.endswith(".")


def test_all_faults_of_all_rows_are_listed_together() -> None:
    problems = check_edits(
        BASE,
        [
            cells(input_usd_per_mtok="-1", output_usd_per_mtok="x"),
            cells(),
            cells(tier="fast", valid_from="never"),
        ],
    )
    assert [(problem.row, problem.column) for problem in problems] == [
        (1, "input_usd_per_mtok"),
        (1, "output_usd_per_mtok"),
        (2, "valid_from"),  # the same key as row 1, whose prices cannot be read
        (3, "tier"),
        (3, "valid_from"),
    ]


def test_a_repeated_key_is_found_across_rows() -> None:
    rows = [
        cells(valid_from="2026-01-01"),
        cells(tier="batch", valid_from="2026-01-01"),
        cells(model="m-nickname", valid_from="2026-01-01"),
    ]
    assert check_edits(BASE, rows) == (
        Problem(3, "valid_from", "The row repeats row 1: same provider, model, tier, band and start."),
    )


def test_overlapping_dates_are_found_across_rows() -> None:
    rows = [
        cells(valid_from="2026-05-01", valid_to="2026-09-01"),
        cells(tier="batch", valid_from="2026-05-01", valid_to="2026-09-01"),
        cells(valid_from="2026-01-01", valid_to="2026-06-01"),
    ]
    assert check_edits(BASE, rows) == (
        Problem(1, "valid_from", "The row starts 2026-05-01 00:00, before row 3 ends (2026-06-01 00:00)."),
    )


def test_a_long_row_overlaps_every_row_it_covers_not_only_the_next() -> None:
    rows = [
        cells(valid_from="2026-01-01", valid_to="2026-12-01"),
        cells(valid_from="2026-02-01", valid_to="2026-03-01"),
        cells(valid_from="2026-04-01", valid_to="2026-05-01"),
    ]
    assert [(problem.row, problem.column) for problem in check_edits(BASE, rows)] == [
        (2, "valid_from"),
        (3, "valid_from"),
    ]


def test_a_row_with_another_fault_still_counts_as_a_repeat() -> None:
    rows = [cells(valid_from="2026-01-01"), cells(valid_from="2026-01-01", output_usd_per_mtok="x")]
    assert [(problem.row, problem.column) for problem in check_edits(BASE, rows)] == [
        (2, "output_usd_per_mtok"),
        (2, "valid_from"),
    ]


def test_an_open_row_ends_where_the_next_begins_in_whatever_order_they_come() -> None:
    later = cells(valid_from="2026-09-01", input_usd_per_mtok="6")
    earlier = cells(valid_from="2026-07-01", input_usd_per_mtok="7")
    for rows in ([earlier, later], [later, earlier]):
        check = read_edits(BASE, rows, checked_on=date.fromisoformat("2026-11-21"))
        assert check.problems == ()
        table = edited(*check.rows)
        days = ("2026-06-30", "2026-07-01", "2026-08-31", "2026-09-01")
        assert [sync_price(table, day) for day in days] == [8, 7, 7, 6]


def test_a_day_checked_is_kept_and_may_not_lie_ahead() -> None:
    today = date.fromisoformat("2026-11-21")
    kept = read_edits(BASE, [cells(checked_on="2026-08-01")], checked_on=today)
    assert kept.rows[0].checked_on == date.fromisoformat("2026-08-01")
    ahead = read_edits(BASE, [cells(checked_on="2026-11-22")], checked_on=today, numbers=[7])
    assert ahead.problems == (Problem(7, "checked_on", "A price cannot have been checked in the future."),)


def test_a_price_that_is_followed_by_another_is_a_change_and_no_overlap() -> None:
    assert check_edits(BASE, [cells(valid_from="2026-01-01"), cells(valid_from="2026-06-01")]) == ()
    assert check_edits(BASE, [cells(), cells(valid_from="2026-06-01")]) == ()


def test_more_thresholds_than_the_cube_can_hold_are_refused() -> None:
    rows = [cells(model="big", min_prompt_tokens=str(1_000 * step)) for step in range(1, 17)]
    problems = check_edits(BASE, rows)
    assert [(problem.row, problem.column) for problem in problems] == [(16, "min_prompt_tokens")]
    assert "16 can be told apart" in problems[0].sentence
    assert check_edits(BASE, rows[:15]) == ()
