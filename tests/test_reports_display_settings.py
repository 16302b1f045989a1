"""What people chose to see amounts and times in: kept apart from each other and from every figure."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.errors import WorkspaceError
from reports.display import Conversion, Display
from reports.display_settings import DOCUMENT, Rate, RateError, Settings, read_rate, zones
from reports.workbench import Workbench

EUROS = Rate(per_usd=Decimal("0.920"), of=date(2026, 11, 20))
ANN = Settings(time_zone="Asia/Kolkata", currency="EUR", rates={"EUR": EUROS})


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.open(tmp_path / "home")


def test_each_person_has_their_own_and_no_figure_is_computed_anew(bench: Workbench, tmp_path: Path) -> None:
    before = bench.fingerprint()
    bench.display_settings().save("ann@x", ANN)
    bench.display_settings().save("bob@x", Settings(time_zone="UTC"))
    assert bench.fingerprint() == before
    again = Workbench.open(tmp_path / "home").display_settings()
    assert again.of("ann@x") == ANN
    assert again.of("ann@x").rates["EUR"].per_usd.as_tuple() == Decimal("0.920").as_tuple(), "as typed"
    assert again.of("bob@x") == Settings(time_zone="UTC")
    assert again.of("somebody new") == Settings()


def test_the_same_choice_writes_nothing(bench: Workbench) -> None:
    for _ in range(3):
        bench.display_settings().save("ann@x", ANN)
    assert len(bench.workspace.document(DOCUMENT).history()) == 1


@pytest.mark.parametrize(
    "chosen",
    [
        {"time_zone": "Mars/Olympus"},
        {"currency": "XXX"},
        {"rates": {"EUR": {"per_usd": "-1", "of": "2026-11-20"}}},
        {"rates": {"EUR": {"per_usd": "1"}}},
        {"rates": {"EUR": {"per_usd": "1", "of": "1999-12-31"}}},
        {"colour": "red"},
        "EUR",
    ],
)
def test_what_was_changed_by_hand_is_a_sentence_and_choosing_again_mends_it(
    bench: Workbench, chosen: object
) -> None:
    people = {"version": 1, "people": {"ann@x": chosen, "bob@x": ANN.model_dump(mode="json")}}
    bench.workspace.document(DOCUMENT).save(people, author="editor", note="")
    with pytest.raises(WorkspaceError, match="Choose them again"):
        bench.display_settings().of("ann@x")
    assert bench.display_settings().of("bob@x") == ANN
    bench.display_settings().save("ann@x", Settings())
    assert bench.display_settings().of("ann@x") == Settings()


def test_a_rate_is_kept_as_text_so_that_it_stays_exact(bench: Workbench) -> None:
    bench.display_settings().save("ann@x", ANN)
    (path,) = (bench.workspace.path / "documents" / DOCUMENT).glob("*.json")
    saved = json.loads(path.read_text(encoding="utf-8"))["content"]["people"]["ann@x"]
    assert saved["rates"] == {"EUR": {"per_usd": "0.920", "of": "2026-11-20"}}


@pytest.mark.parametrize("text", ["0.92", " 151.37 ", "25000", "0.000001", "10000000"])
def test_rates_that_make_sense(text: str) -> None:
    assert read_rate(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.0", "-0.92", "+1", "0,92", "1e3", "NaN", "Infinity", "0.0000001", "10000001", "١", "1 000"],
)
def test_rates_that_make_none(text: str) -> None:
    with pytest.raises(RateError):
        read_rate(text)


def test_what_is_shown_follows_the_choice_then_the_browser_then_utc() -> None:
    assert Settings().display(None) == Display("UTC", None)
    assert Settings().display("Europe/Berlin") == Display("Europe/Berlin", None)
    assert Settings().display("Not/A_Zone") == Display("UTC", None)
    euros = Conversion("EUR", Decimal("0.920"), date(2026, 11, 20))
    assert ANN.display("Europe/Berlin") == Display("Asia/Kolkata", euros)
    assert Settings(currency="EUR").display(None).conversion is None, "no rate, no conversion"
    kept = ANN.model_copy(update={"currency": "USD"})
    assert kept.display(None).conversion is None, "a rate that is not in use converts nothing"


def test_utc_is_on_top_of_all_zones_and_stands_once() -> None:
    assert zones()[0] == "UTC"
    assert len(zones()) == len(set(zones())) > 400
    assert list(zones()[1:]) == sorted(zones()[1:])
