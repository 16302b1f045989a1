"""Imports on the Data page: allowed folders, many files as a table, an import that was ended early."""

import json
import os
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from data.progress import Progress
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import texts
from ui import importing


def log(name: str, calls: int) -> str:
    usage = {"prompt_tokens": 1_000, "completion_tokens": 100}
    call = {"object": "chat.completion", "created": 1_795_000_000, "model": "gpt-4o", "usage": usage}
    return "".join(json.dumps({**call, "id": f"{name}-{number}"}) + "\n" for number in range(calls))


@pytest.fixture
def logs(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """llm-logs/{old.jsonl, new.jsonl, 2026/a.jsonl, empty.csv, unknown.csv}, the only allowed folder."""
    folder = tmp_path / "llm-logs"
    (folder / "2026").mkdir(parents=True)
    for at, (name, text) in enumerate(
        [
            ("unknown.csv", "when,engine,in tok,out tok\n1777885200,gpt-4o,1000,100\n"),
            ("empty.csv", ""),
            ("old.jsonl", log("old", 2)),
            ("2026/a.jsonl", log("a", 3)),
            ("new.jsonl", log("new", 4) + "{broken\n"),
        ]
    ):
        (folder / name).write_text(text)
        os.utime(folder / name, (1_795_000_000 + at, 1_795_000_000 + at))
    monkeypatch.setenv("LANEWISE_FOLDERS", str(folder))
    return folder


def opened(run_app: RunApp) -> AppTest:
    app = run_app("data")
    app.session_state["folder_import"] = True
    return app.run()


def sources(home: Path) -> list[str]:
    return [manifest.name for manifest in Workbench.open(home).workspace.datasets()]


def test_without_an_allowed_folder_there_is_nothing_to_open(home: Path, run_app: RunApp) -> None:
    app = opened(run_app)
    assert not any("folder" in item.label for item in app.expander)


def test_a_folder_is_listed_newest_first_without_its_path(logs: Path, run_app: RunApp) -> None:
    app = opened(run_app)
    assert not app.exception
    listed = app.dataframe[0].value
    assert list(listed["File"]) == ["new.jsonl", "2026 › a.jsonl", "old.jsonl", "empty.csv", "unknown.csv"]
    assert list(listed["Size"])[3] == 0
    assert "nothing is copied" in texts(app)
    assert str(logs.parent) not in texts(app)
    assert app.button(key="folder_import_chosen").disabled


def test_chosen_files_are_imported_from_where_they_are(logs: Path, home: Path, run_app: RunApp) -> None:
    app = opened(run_app)
    key = "folder_files_0_llm-logs_"
    app.session_state[key] = {"selection": {"rows": [1, 2], "columns": [], "cells": []}}
    app.run()
    app.button(key="folder_import_chosen").click().run()
    assert not app.exception
    assert sources(home) == ["2026 › a.jsonl", "old.jsonl"]
    assert "3 read = 3 accepted + 0 rejected + 0 duplicates" in texts(app)


def test_all_files_give_a_table_details_and_the_form(logs: Path, home: Path, run_app: RunApp) -> None:
    app = opened(run_app)
    app.button(key="folder_import_all").click().run()
    assert not app.exception
    assert sources(home) == ["new.jsonl", "2026 › a.jsonl", "old.jsonl"]
    said = texts(app)
    assert "**unknown.csv** (4 columns) is none of the formats known" in said
    assert "**3 files read**, 1 could not be used" in said
    assert "10 read = 9 accepted + 1 rejected + 0 duplicates" in said
    table = next(item.value for item in app.dataframe if "Read as" in item.value.columns)
    assert list(table["File"]) == ["new.jsonl", "2026 › a.jsonl", "old.jsonl", "empty.csv"]
    assert list(table["Read as"])[3] == "The file is empty"
    assert list(table["Accepted"].dropna()) == [4, 3, 2]
    app.session_state["result_0"] = True
    app.run()
    assert "Rejected rows" in texts(app)


def test_a_folder_that_went_away_is_a_sentence(
    logs: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANEWISE_FOLDERS", str(logs / "gone"))
    app = opened(run_app)
    (message,) = app.error
    assert "“gone”" in message.value
    assert str(logs) not in message.value


def test_two_folders_are_told_apart_by_name(
    logs: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANEWISE_FOLDERS", f"{logs}{os.pathsep}{logs / '2026'}")
    app = opened(run_app)
    app.selectbox(key="folder_which").set_value("2026").run()
    assert list(app.dataframe[0].value["File"]) == ["a.jsonl"]


def test_an_import_that_was_ended_early_is_told_once_it_has_ended(home: Path, run_app: RunApp) -> None:
    app = run_app("data")
    ended = Event()
    ended.set()
    app.session_state["import_running"] = importing.Running(ended=ended)
    app.run()
    assert not app.exception
    assert "The import was ended before it was done." in texts(app)
    app.button(key="results_dismiss").click().run()
    assert "ended before it was done" not in texts(app)


@pytest.mark.parametrize(
    ("progress", "share", "said"),
    [
        (Progress("reading", None), 0.0, ["reading rows"]),
        (Progress("reading", 0.25), 0.25, ["reading rows", "25 %"]),
        (Progress("settling", None), 0.9, ["looking for duplicates and storing"]),
        (
            Progress("reading", 0.5, rows=1_000, bytes_read=2_000_000, bytes_total=4_000_000, seconds_left=3),
            0.5,
            ["reading rows", "50 %", "1,000 rows", "2.0 MB of 4.0 MB", "3 s left"],
        ),
    ],
)
def test_progress_is_shown_as_far_as_it_is_known(progress: Progress, share: float, said: list[str]) -> None:
    assert importing.share(progress) == share
    assert importing.known(progress) == said
