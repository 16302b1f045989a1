"""Aggregates on the pages: what they are said to be, the warning about counting twice, the choice."""

import shutil
from pathlib import Path

import pytest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts
from tests.test_reports_counting import BUCKET, CALL, bucket, call, day, write


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("both")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(write(folder / "usage.csv", BUCKET, [bucket(day(2)), bucket(day(3))]))
    bench.import_file(write(folder / "calls.csv", CALL, [call(1, day(3))]))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def both(home: Path, template: Path) -> Path:
    """Aggregates of two days at 10 dollars each, and one call of 2.50 dollars on the second."""
    shutil.copytree(template, home)
    return home


def test_an_aggregate_says_what_it_is_good_for(both: Path, run_app: RunApp) -> None:
    app = run_app("data")
    (overlap,) = Workbench.open(both).overlaps()
    for manifest, is_aggregate in ((overlap.aggregates, True), (overlap.calls, False)):
        app.session_state[f"dataset_{manifest.dataset_id}"] = True
        app.run()
        assert not app.exception
        assert ("they drive cost, not behaviour" in texts(app)) is is_aggregate
        app.session_state[f"dataset_{manifest.dataset_id}"] = False
    app.session_state[f"dataset_{overlap.aggregates.dataset_id}"] = True
    app.run()
    app.button(key=f"tell_{overlap.aggregates.dataset_id}").click().run()
    assert app.title[0].value == "Workloads"


def test_the_overview_warns_until_somebody_chooses(both: Path, run_app: RunApp) -> None:
    app = run_app()
    assert "1 pair of datasets covers the same days" in texts(app)
    assert metrics(app)["Spend in this log"] == "$22.50"
    app.button(key="go_counting").click().run()
    assert app.title[0].value == "Data"
    assert "**usage.csv** (aggregates) and **calls.csv** (calls) both hold openai usage of 1 day" in texts(
        app
    )


@pytest.mark.parametrize(
    ("counts", "spend", "left_out"),
    [("calls", "$12.50", "usage.csv"), ("aggregates", "$20.00", "calls.csv"), ("both", "$22.50", None)],
)
def test_a_choice_is_in_every_figure_at_once(
    counts: str, spend: str, left_out: str | None, both: Path, run_app: RunApp
) -> None:
    app = run_app("data")
    (overlap,) = Workbench.open(both).overlaps()
    app.segmented_control(key="counting_" + "_".join(overlap.key)).set_value(counts).run()
    assert not app.exception
    assert not app.warning
    (version,) = Workbench.open(both).counting_history()
    assert version.author == "test@example.com"
    overview = run_app()
    assert not overview.exception
    assert not overview.warning
    assert metrics(overview)["Spend in this log"] == spend
    listed = [
        str(cell).replace("\\", "") for table in overview.table for cell in table.value.to_numpy().ravel()
    ]
    assert any("another dataset counts" in cell for cell in listed) is (left_out is not None)
    assert left_out is None or f"Requests of “{left_out}” that another dataset counts" in listed


def test_a_dataset_says_on_how_many_days_it_does_not_count(both: Path, run_app: RunApp) -> None:
    bench = Workbench.open(both)
    (overlap,) = bench.overlaps()
    bench.choose_counting(overlap, "calls", author="Ann")
    app = run_app("data")
    app.session_state[f"dataset_{overlap.aggregates.dataset_id}"] = True
    app.run()
    assert "On 1 day it does not count, because **calls.csv** does." in texts(app)


def test_without_an_overlap_nothing_is_asked(demo: Path, run_app: RunApp) -> None:
    for page in ("data", "overview"):
        app = run_app(page)
        assert not app.warning
        assert not app.segmented_control
