"""Price edits of a workspace: preview by month, apply, undo, reset, files, upgrades, the age of prices."""

import csv
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import pricing.table
from data.errors import WorkspaceError
from pricing.model import PriceRow
from pricing.price_files import csv_text
from pricing.table import PriceTable
from reports.price_age import price_age
from reports.price_preview import MonthChange
from reports.workbench import Workbench
from tests.pricing_cases import price_row

AS_OF = datetime(2026, 11, 20)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 calls on gpt-4o at noon of 10 June, 10 July and 10 August 2026, 1,000 tokens in, 100 out."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "calls.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"])
        for month in (6, 7, 8):
            for call in range(100):
                at = f"2026-{month:02}-10T12:00:{call % 60:02}"
                writer.writerow([f"{month}-{call}", at, "openai", "gpt-4o", "digest", 1000, 100])
            writer.writerow([f"odd-{month}", f"2026-{month:02}-10T12:00:00", "acme", "m", "odd", 10, 1])
    bench = Workbench.open(folder / "workspace")
    bench.import_file(path)
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "workspace"))


def row(**changes: object) -> dict[str, object]:
    usual = {
        "provider": "openai",
        "model": "gpt-4o",
        "tier": "standard",
        "input_usd_per_mtok": "3.50",
        "cache_read_usd_per_mtok": "1.25",
        "output_usd_per_mtok": "10",
        "valid_from": "2026-07-01",
    }
    return usual | changes


def checked(bench: Workbench, *rows: dict[str, object]) -> tuple[PriceRow, ...]:
    check = bench.check_prices(rows)
    assert check.problems == ()
    return check.rows


def test_the_preview_tells_the_months_that_change_and_by_how_much(bench: Workbench) -> None:
    preview = bench.preview_prices(checked(bench, row()), AS_OF)
    # 100 calls x (1,000 x 2.50 + 100 x 10) before, 1,000 x 3.50 after: 1 dollar a million more
    before, after = Decimal(350_000), Decimal(450_000)
    assert preview.months == (
        MonthChange(date(2026, 7, 1), before, after),
        MonthChange(date(2026, 8, 1), before, after),
    )
    assert [change.difference_micro_usd for change in preview.months] == [100_000, 100_000]
    assert preview.spend_before_micro_usd == 3 * before
    assert preview.spend_after_micro_usd == before + 2 * after
    assert preview.n_newly_priced == 0
    assert preview.as_of == AS_OF
    assert bench.price_edits() == ()


def test_a_first_price_counts_the_calls_that_get_one(bench: Workbench) -> None:
    rows = checked(bench, row(provider="acme", model="m", cache_read_usd_per_mtok=None, valid_from=None))
    preview = bench.preview_prices(rows, AS_OF)
    assert preview.n_newly_priced == 3
    assert [change.difference_micro_usd for change in preview.months] == [45, 45, 45]  # 10 x 3.50 + 1 x 10


def test_a_future_change_is_compared_on_its_own_day(bench: Workbench) -> None:
    rows = checked(bench, row(valid_from="2027-01-01"))
    preview = bench.preview_prices(rows, AS_OF)
    assert preview.months == ()
    assert preview.as_of == datetime(2027, 1, 1)
    assert preview.year_after_micro_usd > preview.year_before_micro_usd
    mixed = checked(bench, row(valid_from="2027-01-01"), row(tier="batch", cache_read_usd_per_mtok=None))
    assert bench.preview_prices(mixed, AS_OF).as_of == AS_OF


def test_undo_takes_back_every_kind_of_change_step_by_step(bench: Workbench) -> None:
    book = bench.price_book()
    assert not book.can_undo()
    assert not bench.undo_prices(author="ada")
    bench.apply_prices(checked(bench, row()), author="ada", note="first")
    first = bench.price_edits()
    bench.apply_prices(checked(bench, row(valid_from="2026-08-01")), author="bob", note="second")
    bench.reset_prices(author="cyd")
    assert bench.price_edits() == ()
    assert bench.undo_prices(author="ada")  # the reset
    assert [edit.note for edit in bench.price_edits()] == ["first", "second"]
    assert bench.undo_prices(author="ada")
    assert bench.price_edits() == first
    bench.apply_prices(checked(bench, row(valid_from="2026-09-01")), author="dan", note="third")
    assert bench.undo_prices(author="ada")
    assert bench.price_edits() == first
    assert bench.undo_prices(author="ada")
    assert bench.price_edits() == ()
    assert not bench.undo_prices(author="ada")
    assert [(version.author, version.note) for version in book.history()[::-1]] == [
        ("ada", "first"),
        ("bob", "second"),
        ("cyd", "Reset"),
        ("ada", "Undo"),
        ("ada", "Undo"),
        ("dan", "third"),
        ("ada", "Undo"),
        ("ada", "Undo"),
    ]


def test_a_reset_without_edits_changes_nothing(bench: Workbench) -> None:
    bench.reset_prices(author="ada")
    assert bench.price_book().history() == ()


def test_an_exported_file_comes_back_as_no_change_and_an_edited_line_as_one(bench: Workbench) -> None:
    text = csv_text(bench.prices().rows_for("openai", "gpt-4o"))
    assert bench.check_price_file(text.encode(), "prices.csv").rows == ()
    edited = text.replace(",2.5,1.25,", ",2.25,1.25,")
    check = bench.check_price_file(edited.encode(), "prices.csv")
    assert check.problems == ()
    (changed,) = check.rows
    assert (changed.tier, changed.input_usd_per_mtok) == ("standard", Decimal("2.25"))


def test_a_file_with_faults_changes_nothing(bench: Workbench) -> None:
    text = "provider,model,tier,input_usd_per_mtok\nopenai,gpt-4o,standard,-1\nopenai,gpt-4o,standard,x\n"
    check = bench.check_price_file(text.encode(), "bad.csv")
    assert [(problem.row, problem.column) for problem in check.problems] == [
        (2, "input_usd_per_mtok"),
        (3, "input_usd_per_mtok"),
        (3, "valid_from"),
    ]
    assert bench.price_edits() == ()


def upgraded(monkeypatch: pytest.MonkeyPatch, price: str) -> None:
    """The shipped table as a later release might have it."""
    shipped = PriceTable.shipped()
    rows = [
        item.model_copy(update={"input_usd_per_mtok": Decimal(price)})
        if item.key == ("openai", "gpt-4o", "standard", 0)
        else item
        for item in shipped.rows
    ]
    later = PriceTable(rows)
    monkeypatch.setattr(pricing.table, "_shipped_table", lambda: later)


def test_an_upgrade_keeps_edits_and_shows_what_changed_beneath(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.apply_prices(checked(bench, row()), author="ada", note="contract")
    assert bench.price_book().conflicts() == ()
    upgraded(monkeypatch, "2.20")
    book = bench.price_book()
    (conflict,) = book.conflicts()
    assert conflict.edit.row.input_usd_per_mtok == Decimal("3.50")
    assert conflict.then[0].input_usd_per_mtok == Decimal("2.5")
    assert conflict.now[0].input_usd_per_mtok == Decimal("2.20")

    book.keep([conflict.edit], author="ada")
    assert book.conflicts() == ()
    assert len(bench.price_edits()) == 1
    assert bench.undo_prices(author="ada")
    (conflict,) = book.conflicts()
    book.take([conflict.edit], author="ada")
    assert book.conflicts() == ()
    assert bench.price_edits() == ()
    assert book.history()[0].note == "Took the shipped price of openai / gpt-4o, standard"


def test_many_conflicts_are_settled_in_one_step(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = row(valid_to="2026-08-01"), row(valid_from="2026-08-01")
    bench.apply_prices(checked(bench, first, second), author="ada", note="contract")
    before = bench.price_edits()
    upgraded(monkeypatch, "2.20")
    book = bench.price_book()
    found = [conflict.edit for conflict in book.conflicts()]
    assert len(found) == 2
    book.take(found, author="ada")
    assert bench.price_edits() == ()
    assert book.history()[0].note == "Took the shipped price of 2 rows"
    assert bench.undo_prices(author="ada")
    assert bench.price_edits() == before
    book.keep(found, author="ada")
    assert book.conflicts() == ()
    assert [edit.row for edit in bench.price_edits()] == [edit.row for edit in before]


def test_a_damaged_document_is_a_sentence(bench: Workbench) -> None:
    bench.workspace.document("price_overlay").save({"edits": [{"row": 1}]}, author="x", note="")
    with pytest.raises(WorkspaceError, match="changed by hand"):
        bench.prices()


# ---------------------------------------------------------------- age


def test_prices_are_stale_after_ninety_days() -> None:
    table = PriceTable(
        [
            price_row("1", model="old").model_copy(update={"checked_on": date(2026, 8, 21)}),
            price_row("1", model="older").model_copy(update={"checked_on": date(2026, 8, 20)}),
            price_row("1", model="past", valid_to=AS_OF).model_copy(update={"checked_on": date(2020, 1, 1)}),
            price_row("1", model="unused").model_copy(update={"checked_on": date(2020, 1, 1)}),
        ]
    )
    used = [("acme", "old"), ("acme", "older"), ("acme", "past"), ("acme", "unknown")]
    # 21 August to 19 November are 90 days, and 91 to 20 November
    age = price_age(table, used, datetime(2026, 11, 19))
    assert age is not None
    assert (age.n_rows, age.n_stale, age.stale_models) == (3, 2, (("acme", "older"), ("acme", "past")))
    age = price_age(table, used, AS_OF)
    assert age is not None
    assert (age.n_rows, age.n_stale) == (2, 2)
    assert age.oldest == date(2026, 8, 20)
    assert price_age(table, [("acme", "unknown")], AS_OF) is None
