"""A newer shipped table under older edits: what counts as a change, and how it is settled."""

import json
from collections.abc import Sequence
from decimal import Decimal

from pricing.model import PriceRow
from pricing.overlay import Overlay, changing, hidden_by
from pricing.overlay_conflicts import Conflict, conflicts, keep, take
from pricing.table import PriceTable
from tests.pricing_cases import at, price_row

OLD = PriceTable(
    [
        price_row("10 / 1 / - / - / 50", valid_to=at("2026-12-01")),
        price_row("16 / 2 / - / - / 80", valid_from=at("2026-12-01")),
        price_row("4 / 1 / - / - / 20", tier="batch"),
    ]
)
MINE = price_row("7 / 1 / - / - / 35", valid_from=at("2026-11-01"))


def edited(*rows: PriceRow, shipped: PriceTable = OLD) -> Overlay:
    overlay = Overlay()
    for day, row in enumerate(rows, start=1):
        overlay = overlay.with_rows([row], author="ada", at_utc=at(f"2026-11-{day:02}"), shipped=shipped)
    return overlay


def found(shipped: PriceTable, overlay: Overlay) -> list[tuple[Sequence[PriceRow], Sequence[PriceRow]]]:
    return [(conflict.then, conflict.now) for conflict in conflicts(shipped, overlay)]


def standard(price: str, **changes: object) -> PriceTable:
    """The old table with another price from December on."""
    return PriceTable(
        [
            price_row("10 / 1 / - / - / 50", valid_to=at("2026-12-01")),
            price_row(price, valid_from=at("2026-12-01")).model_copy(update=changes),
            price_row("4 / 1 / - / - / 20", tier="batch"),
        ]
    )


def test_an_edit_remembers_the_shipped_rows_it_hides_cut_to_its_dates() -> None:
    (edit,) = edited(MINE).edits
    assert edit.shipped_version == OLD.version
    assert [(row.valid_from, row.valid_to, row.input_usd_per_mtok) for row in edit.replaced] == [
        (at("2026-11-01"), at("2026-12-01"), Decimal(10)),
        (at("2026-12-01"), None, Decimal(16)),
    ]
    limited = price_row("7", valid_from=at("2026-10-01"), valid_to=at("2026-10-02"))
    assert [row.valid_to for row in hidden_by(limited, OLD.rows)] == [at("2026-10-02")]
    assert hidden_by(price_row("7", tier="flex"), OLD.rows) == ()


def test_what_is_remembered_survives_storage_and_old_documents_still_open() -> None:
    overlay = edited(MINE)
    stored = json.loads(json.dumps(overlay.to_dict()))
    assert Overlay.from_dict(stored) == overlay
    for edit in stored["edits"]:
        del edit["shipped_version"], edit["replaced"]
    old = Overlay.from_dict(stored)
    assert old.edits[0].row == overlay.edits[0].row
    assert conflicts(standard("20 / 2 / - / - / 80"), old) == ()


def test_the_same_table_is_no_conflict() -> None:
    assert conflicts(OLD, edited(MINE)) == ()


def test_a_changed_shipped_price_is_a_conflict_with_then_and_now() -> None:
    new = standard("20 / 2 / - / - / 80")
    (conflict,) = conflicts(new, edited(MINE))
    assert conflict.edit.row.input_usd_per_mtok == 7
    assert [row.input_usd_per_mtok for row in conflict.then] == [10, 16]
    assert [row.input_usd_per_mtok for row in conflict.now] == [10, 20]


def test_a_change_of_dates_or_of_the_cache_rule_is_one_too() -> None:
    assert len(found(standard("16 / 2 / - / - / 80", valid_to=at("2027-06-01")), edited(MINE))) == 1
    no_cache = {"cache_rule": "none", "cache_read_usd_per_mtok": None}
    assert len(found(standard("16 / 2 / - / - / 80", **no_cache), edited(MINE))) == 1


def test_a_row_checked_again_or_cut_in_two_is_the_same_price() -> None:
    again = standard("16 / 2 / - / - / 80", source="another page", confidence="low", note="checked")
    assert found(again, edited(MINE)) == []
    cut = PriceTable(
        [
            price_row("10 / 1 / - / - / 50", valid_to=at("2026-12-01")),
            price_row("16 / 2 / - / - / 80", valid_from=at("2026-12-01"), valid_to=at("2027-01-01")),
            price_row("16 / 2 / - / - / 80", valid_from=at("2027-01-01")),
        ]
    )
    assert found(cut, edited(MINE)) == []


def test_history_before_the_edit_and_other_tiers_do_not_matter() -> None:
    other = PriceTable(
        [
            price_row("11 / 1 / - / - / 50", valid_to=at("2026-11-01")),
            price_row("10 / 1 / - / - / 50", valid_from=at("2026-11-01"), valid_to=at("2026-12-01")),
            price_row("16 / 2 / - / - / 80", valid_from=at("2026-12-01")),
            price_row("3 / 1 / - / - / 20", tier="batch"),
        ]
    )
    assert found(other, edited(MINE)) == []


def test_a_model_the_table_learns_or_forgets_is_a_conflict() -> None:
    bare = PriceTable([])
    ((then, now),) = found(OLD, edited(MINE, shipped=bare))
    assert (len(then), len(now)) == (0, 2)
    ((then, now),) = found(bare, edited(MINE))
    assert (len(then), len(now)) == (2, 0)


def test_an_edit_that_a_later_one_hides_is_left_alone() -> None:
    later = price_row("6 / 1 / - / - / 30", valid_from=at("2026-10-01"))
    new = standard("20 / 2 / - / - / 80")
    (conflict,) = conflicts(new, edited(MINE, later))
    assert conflict.edit.row.input_usd_per_mtok == 6


def settled(new: PriceTable, overlay: Overlay) -> Conflict:
    (conflict,) = conflicts(new, overlay)
    return conflict


def test_keeping_lets_the_edit_stand_and_ends_the_conflict() -> None:
    new = standard("20 / 2 / - / - / 80")
    overlay = edited(MINE)
    kept = keep(new, overlay, settled(new, overlay).edit)
    assert conflicts(new, kept) == ()
    assert [edit.row for edit in kept.edits] == [edit.row for edit in overlay.edits]
    assert len(found(standard("30 / 2 / - / - / 80"), kept)) == 1


def test_taking_uncovers_the_shipped_price_and_not_an_older_edit() -> None:
    new = standard("20 / 2 / - / - / 80")
    first = price_row("9 / 1 / - / - / 45", valid_from=at("2026-06-01"))
    overlay = edited(first, MINE)
    taken = take(
        overlay,
        next(item.edit for item in conflicts(new, overlay) if item.edit.row.valid_from == at("2026-11-01")),
    )
    table = new.with_edits(taken.edits)
    prices = {row.valid_from: row.input_usd_per_mtok for row in table.rows if row.tier == "standard"}
    # the older edit keeps June to October; from November on the shipped prices hold
    assert prices == {None: 10, at("2026-06-01"): 9, at("2026-11-01"): 10, at("2026-12-01"): 20}
    assert conflicts(new, taken) == ()


def test_rows_that_say_what_the_table_says_change_nothing() -> None:
    other = price_row("4 / 1 / - / - / 21", tier="batch")
    assert changing(OLD, [*OLD.rows, other]) == (other,)
