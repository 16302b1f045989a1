"""A workspace as nasty as they come on every page: none falls over, none runs on."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests import nasty_files
from tests.app.conftest import ROOT, RunApp
from tests.app.test_pages import metrics, texts
from ui.components import ROWS_A_PAGE
from ui.text import md

EVERY_PAGE = sorted(path.stem for path in (ROOT / "ui" / "pages").glob("*.py"))
MOST_ELEMENTS = 400
"""What one page may hold: hundreds of workloads belong into a table, not under each other."""


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of `nasty_files`, imported once."""
    folder = tmp_path_factory.mktemp("nasty")
    bench = Workbench.open(folder / "workspace")
    for file in (
        nasty_files.write_calls(folder / "calls.csv"),
        nasty_files.write_descriptions(folder / "described.csv", nasty_files.names()[::2]),
        nasty_files.write_bill(folder / "bill.json"),
    ):
        outcome = bench.import_file(file)
        assert (outcome.rejected, outcome.duplicates) == (0, 0), outcome.first_rejects
    return bench.workspace.path


@pytest.fixture
def at_nasty(nasty: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app looks at the nasty workspace; no test changes it."""
    monkeypatch.setenv("LANEWISE_HOME", str(nasty))
    return nasty


def n_elements(app: AppTest) -> int:
    """How much stands on the page, whatever it is."""
    return sum(1 for _ in app.main)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_stands_and_stays_short(page: str, at_nasty: Path, run_app: RunApp) -> None:
    app = run_app(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value
    assert n_elements(app) < MOST_ELEMENTS
    for table in app.table:
        assert len(table.value) <= ROWS_A_PAGE, "a table that runs on"


def test_amounts_from_nothing_to_billions_are_told_apart(at_nasty: Path, run_app: RunApp) -> None:
    assert metrics(run_app())["Spend in this log"] == "$9.00B"
    # $0.0000004 in 12 days are 30.4 times as much in a year.
    assert metrics(run_app("workloads", workload="+1+1"))["Cost a year, today's lane"] == "$0.000012"
    # The cache of `-2+3`, written and never read, is the only one: 2,700 micro-dollars lost.
    assert "cache -$0.0027, tier" in texts(run_app("savings"))


def test_a_long_table_is_turned_page_by_page(at_nasty: Path, run_app: RunApp) -> None:
    app = run_app("whatif")
    assert "1 to 50 of 500" in texts(app)


def test_a_name_stays_a_name(at_nasty: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    triage = max((frame.value for frame in app.dataframe), key=len)
    assert set(nasty_files.NAMES) < set(triage["Workload"])
    for name in nasty_files.NAMES:
        app.selectbox(key="workload").set_value(name).run()
        assert not app.exception, name
        assert not app.error, name
        assert app.header[0].value == md(name)
