"""The discounts of a workspace: kept in versions, undoable, and in every price of the workbench."""

from decimal import Decimal
from pathlib import Path

import pytest

from data.errors import WorkspaceError
from pricing.discounts import Discount
from pricing.table import PriceTable
from reports.workbench import Workbench

TEN = Discount(provider="openai", percent_off=Decimal(10))
HALF = Discount(provider="gemini", percent_off=Decimal(50), note="pilot")


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.open(tmp_path)


def factors(bench: Workbench) -> list[tuple[str, Decimal, str]]:
    return [(found.provider, found.factor, found.author) for found in bench.discounts().current()]


def test_discounts_are_in_the_prices_and_in_the_fingerprint(bench: Workbench) -> None:
    before = bench.fingerprint()
    assert bench.prices() is PriceTable.shipped()
    assert bench.discounts().set([TEN], author="ada", note="contract 7")
    assert bench.fingerprint() != before
    assert bench.prices().discounts == (TEN.model_copy(update={"author": "ada"}),)
    assert bench.prices().rows == PriceTable.shipped().rows


def test_who_entered_a_discount_stays_with_it(bench: Workbench) -> None:
    discounts = bench.discounts()
    discounts.set([TEN], author="ada")
    discounts.set([TEN, HALF], author="bob")
    assert factors(bench) == [("openai", Decimal("0.9"), "ada"), ("gemini", Decimal("0.5"), "bob")]
    assert not discounts.set(discounts.current(), author="cleo")
    assert [version.author for version in discounts.history()] == ["bob", "ada"]


def test_undo_goes_back_change_by_change(bench: Workbench) -> None:
    discounts = bench.discounts()
    assert not discounts.undo(author="ada")
    discounts.set([TEN], author="ada")
    discounts.set([TEN, HALF], author="ada")
    assert discounts.undo(author="ada")
    assert [provider for provider, _, _ in factors(bench)] == ["openai"]
    discounts.set([HALF], author="ada")
    assert discounts.undo(author="ada")
    assert [provider for provider, _, _ in factors(bench)] == ["openai"]
    assert discounts.undo(author="ada")
    assert factors(bench) == []
    assert not discounts.undo(author="ada")


def test_a_check_and_a_preview_change_nothing(bench: Workbench) -> None:
    check = bench.check_discounts([{"provider": "openai", "percent_off": "10"}])
    assert check.discounts == (TEN,)
    preview = bench.preview_discounts(check.discounts)
    assert (preview.spend_before_micro_usd, preview.lane_changes) == (None, ())
    assert bench.discounts().history() == ()


def test_a_damaged_document_says_what_to_do(bench: Workbench) -> None:
    bench.workspace.document("discounts").save({"discounts": [{"provider": "x"}]}, author="ada", note="")
    with pytest.raises(WorkspaceError, match="documents/discounts"):
        bench.prices()
