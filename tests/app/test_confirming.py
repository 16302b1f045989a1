"""Suggestions of the log on the Workloads page: ticked, confirmed or refused with one press, taken back."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import texts
from tests.test_reports_confirming import suggesting


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = suggesting(tmp_path_factory.mktemp("suggesting"))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def jobs(home: Path, template: Path) -> Path:
    """Jobs `scores`, `export` and `chain` that nobody has confirmed, in the order of their saving."""
    shutil.copytree(template, home)
    return home


def tick(app: AppTest, rows: list[int]) -> AppTest:
    key = f"confirm_rows_{app.session_state.get('confirm_generation', 0)}"
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def labels(home: Path) -> dict[str, str]:
    return {item.workload: item.verdict.label for item in Workbench.open(home).analysis().workloads}


def test_one_press_confirms_what_is_ticked_and_is_taken_back(jobs: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    assert not app.exception
    (card,) = [item for item in app.expander if "confirm or refuse" in item.label]
    assert card.label == "3 workloads look as if they could wait: confirm or refuse"
    assert app.button(key="confirm_yes").disabled
    assert app.button(key="confirm_no").disabled
    assert "Confirming batch declares that an answer may take 24 h." in texts(app)
    tick(app, [0, 1])
    assert app.button(key="confirm_yes").label == "Confirm 2 workloads"
    app.button(key="confirm_yes").click().run()
    assert not app.exception
    assert "2 workloads confirmed. Projected saving:" in texts(app)
    said = labels(jobs)
    assert (said["scores"], said["export"], said["chain"]) == ("batch", "batch", "unknown")
    version = Workbench.open(jobs).declaration_history()[0]
    assert (version.author, version.note) == ("test@example.com", "confirmed from behaviour: scores, export")
    (card,) = [item for item in app.expander if "confirm or refuse" in item.label]
    assert card.label == "1 workload looks as if it could wait: confirm or refuse"

    app.button(key="confirm_undo").click().run()
    assert not app.exception
    assert "Taken back" in texts(app)
    assert labels(jobs)["scores"] == "unknown"
    assert "confirm_undo" not in [button.key for button in app.button]


def test_a_refusal_is_recorded_and_the_list_goes(jobs: Path, run_app: RunApp) -> None:
    app = tick(run_app("workloads"), [0, 1, 2])
    app.button(key="confirm_no").click().run()
    assert not app.exception
    assert "3 workloads refused: somebody waits." in texts(app)
    assert {labels(jobs)[name] for name in ("scores", "export", "chain")} == {"interactive"}
    assert not [item for item in app.expander if "confirm or refuse" in item.label]
    assert app.button(key="confirm_undo")
