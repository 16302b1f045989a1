"""Workloads of usage reports on the Workloads page: listed, preselected, answered for with one press."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import texts
from tests.test_reports_waits import usage_report


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(usage_report(folder / "usage.csv", "search", "notes"))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def reported(home: Path, template: Path) -> Path:
    """Projects `search` and `notes` from a usage report."""
    shutil.copytree(template, home)
    return home


def choose(app: AppTest, rows: list[int]) -> AppTest:
    key = f"waits_rows_{app.session_state.get('waits_generation', 0)}"
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def labels(home: Path) -> dict[str, str]:
    return {item.workload: item.verdict.label for item in Workbench.open(home).analysis().workloads}


def test_one_press_answers_for_all_that_nobody_has_answered_for(reported: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    assert not app.exception
    (card,) = [item for item in app.expander if "aggregates only" in item.label]
    assert card.label == "2 workloads known from aggregates only: how long may they wait?"
    app.button(key="waits_24h").click().run()
    assert not app.exception
    assert labels(reported) == {"search": "batch", "notes": "batch"}
    assert "2 workloads saved: 24 hours. Projected saving: $0.00 →" in texts(app)
    assert Workbench.open(reported).declaration_history()[0].author == "test@example.com"
    (card,) = [item for item in app.expander if "aggregates only" in item.label]
    assert card.label == "2 workloads known from aggregates only"


def test_only_the_chosen_rows_are_answered_for(reported: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    first = Workbench.open(reported).analysis().workloads[0].workload
    choose(app, [0])
    app.button(key="waits_now").click().run()
    assert labels(reported)[first] == "interactive"
    assert sorted(labels(reported).values()) == ["interactive", "unknown"]


def test_without_a_choice_nothing_can_be_pressed(reported: Path, run_app: RunApp) -> None:
    app = choose(run_app("workloads"), [])
    assert app.button(key="waits_24h").disabled


def test_logs_of_calls_are_not_asked_about(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    assert not [item for item in app.expander if "aggregates only" in item.label]


def test_the_sidebar_and_the_list_never_call_an_aggregate_a_call(reported: Path, run_app: RunApp) -> None:
    app = run_app("data")
    said = " ".join(item.value for item in app.sidebar.caption)
    assert "1 dataset: 2\u00a0aggregates" in said
    (manifest,) = Workbench.open(reported).workspace.datasets()
    app.session_state[f"dataset_{manifest.dataset_id}"] = True
    app.run()
    assert "2 aggregates stand for 800 calls." in texts(app)
    assert "The accepted aggregates cost" in texts(app)
    assert "800 calls" in texts(run_app())
