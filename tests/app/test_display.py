"""The Display control: a currency and a time zone chosen in the sidebar, and where they show."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reports.display_settings import DOCUMENT, Rate, Settings
from reports.format import usd
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts
from ui import strings as s

PERSON = "test@example.com"
"""Who an AppTest is signed in as."""


@pytest.fixture
def chosen(own_demo: Path) -> Iterator[Workbench]:
    """The demo, looked at by somebody who chose euros at 0.92 and the clocks of Kolkata."""
    bench = Workbench.open(own_demo)
    rates = {"EUR": Rate(per_usd=Decimal("0.92"), of=date(2026, 11, 20))}
    bench.display_settings().save(PERSON, Settings(time_zone="Asia/Kolkata", currency="EUR", rates=rates))
    yield bench
    shutil.rmtree(own_demo)


def test_a_currency_shows_once_its_rate_is_typed_and_is_remembered(own_demo: Path, run_app: RunApp) -> None:
    app = run_app()
    before = metrics(app)
    assert before[s.KPI_SAVING_YEAR].startswith("$")
    app.selectbox(key="display_currency").set_value("EUR").run()
    assert metrics(app) == before, "no rate is built in"
    assert s.display_needs_rate("EUR") in texts(app)
    for wrong in ("0,92", "0", "-1", "1e3", "99999999"):
        app.text_input(key="display_rate").set_value(wrong).run()
        assert metrics(app) == before
        assert len(app.error) == 1, wrong
    # at a rate of 1 the digits are those of dollars, and only the mark tells them apart
    app.text_input(key="display_rate").set_value("1").run()
    assert not app.exception
    assert not app.error
    amounts = [label for label, text in before.items() if text.startswith("$")]
    assert amounts
    assert {label: metrics(app)[label] for label in amounts} == {
        label: before[label].replace("$", "≈\N{NO-BREAK SPACE}€") for label in amounts
    }
    assert "1 USD = 1 EUR, rate of " in texts(app)
    assert usd(Decimal(1_000_000)) == "$1.00", "what a run shows in stays with it"
    app.text_input(key="display_rate").set_value("").run()
    assert [error.value for error in app.error] == [s.display_needs_rate("EUR")]
    assert metrics(app)[s.KPI_SAVING_YEAR].startswith("≈"), "the rate in use holds until there is another"
    again = run_app()
    assert metrics(again)[s.KPI_SAVING_YEAR] == metrics(app)[s.KPI_SAVING_YEAR]
    assert again.text_input(key="display_rate").value == "1"
    again.selectbox(key="display_currency").set_value("USD").run()
    assert metrics(again) == before
    again.selectbox(key="display_currency").set_value("EUR").run()
    assert metrics(again)[s.KPI_SAVING_YEAR].startswith("≈\N{NO-BREAK SPACE}€"), (
        "the rate is not asked for again"
    )


def test_times_are_in_the_zone_and_the_report_in_dollars(chosen: Workbench, run_app: RunApp) -> None:
    app = run_app("batches")
    assert not app.exception
    said = texts(app)
    assert (
        "All times are Asia/Kolkata  \nDays are counted in UTC  \nAmounts are ≈\N{NO-BREAK SPACE}EUR" in said
    )
    assert "1 USD = 0.92 EUR, rate of 20 Nov 2026, typed by you. US dollars are what is kept." in said
    shown = app.dataframe[0].value
    jobs = [job for job in chosen.verify().batch_jobs() if job.first_ts is not None]
    assert jobs
    for row, job in enumerate(jobs):
        assert job.first_ts is not None
        assert shown["Begun (Asia/Kolkata)"][row] == job.first_ts + timedelta(hours=5, minutes=30)
        assert job.cost_micro_usd is not None
        in_euros = (job.cost_micro_usd * Decimal("0.92")).scaleb(-6)
        assert abs(Decimal(shown[s.COL_COST][row]) - in_euros) <= Decimal("0.005")
    app = run_app("workloads", workload="nightly-summaries")
    assert not app.exception
    assert "Clocks: Asia/Kolkata" in texts(app)
    app = run_app("report")
    assert not app.exception
    assert s.AMOUNTS_IN_DOLLARS in texts(app)
    main = [*app.main.markdown, *app.main.caption, *app.main.table]
    assert not [element for element in main if "≈" in str(element.value)]


def test_what_cannot_be_read_is_said_where_it_is_chosen_and_mended_there(
    own_demo: Path, run_app: RunApp
) -> None:
    bench = Workbench.open(own_demo)
    broken = {"version": 1, "people": {PERSON: {"currency": "XXX"}}}
    bench.workspace.document(DOCUMENT).save(broken, author="editor", note="")
    app = run_app("calculators")
    assert not app.exception
    assert "Choose them again" in texts(app)
    assert "All times are UTC" in texts(app)
    app.selectbox(key="display_zone").set_value("Asia/Tokyo").run()
    assert not app.error
    assert bench.display_settings().of(PERSON) == Settings(time_zone="Asia/Tokyo")
    assert "All times are Asia/Tokyo" in texts(app)
