"""The Describe page in every state: nothing, the form, the table edited, refused, saved, undone, files."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import texts

CHAT = {
    "name": "Chat",
    "requests_per_day": "1000",
    "model": "gpt-4o",
    "input_tokens": "1000",
    "output_tokens": "100",
}


def fill(app: AppTest, **values: str) -> AppTest:
    generation = app.session_state.get("describe_generation", 0)
    for column, value in values.items():
        key = f"describe_{column}_{generation}"
        if column in {"user_waiting", "sequential"}:
            app.segmented_control(key=key).set_value(value)
        elif column == "trigger":
            app.selectbox(key=key).set_value(value)
        else:
            app.text_input(key=key).set_value(value)
    return app.form_submit_button[0].click().run()


def edit_grid(app: AppTest, **edits: Any) -> AppTest:
    """Edits the table as the browser reports it."""
    key = f"describe_grid_{app.session_state.get('describe_generation', 0)}"
    app.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **edits}
    return app.run()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Workbench.open(tmp_path_factory.mktemp("described") / "workspace")
    bench.save_descriptions([CHAT, {**CHAT, "name": "Digest"}], author="Ann", note="to begin with")
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def described(home: Path, template: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, home))


def test_nothing_is_described_yet(run_app: RunApp) -> None:
    app = run_app("describe")
    assert not app.exception
    assert "Nothing is described yet" in texts(app)
    assert not app.data_editor


def test_a_described_workload_has_a_label_and_a_cost_at_once(home: Path, run_app: RunApp) -> None:
    app = fill(run_app("describe"), **CHAT, user_waiting="no", max_wait="36h", trigger="schedule")
    assert not app.exception
    # 365,000 requests x (1,000 x 2.50 + 100 x 10) micro-dollars is 1,277.50 dollars a year.
    assert "**Chat** is saved. Label: :green-badge[Batch]. Today's lane costs $1.28k a year." in texts(app)
    (item,) = Workbench.open(home).described()
    assert item.row == {**CHAT, "user_waiting": "no", "max_wait": "36h", "trigger": "schedule"}
    (version,) = Workbench.open(home).descriptions_history()
    assert (version.author, version.note) == ("test@example.com", "described Chat")
    assert app.text_input(key="describe_name_1").value == "", "the form is ready for the next"


def test_a_name_alone_is_enough(home: Path, run_app: RunApp) -> None:
    app = fill(run_app("describe"), name="Chat")
    assert not app.exception
    assert "**Chat** is saved. Label: :gray-badge[Unknown]. Add a model, requests and tokens" in texts(app)


def test_describing_it_again_replaces_it(home: Path, run_app: RunApp) -> None:
    app = fill(run_app("describe"), **CHAT)
    app = fill(app, **{**CHAT, "requests_per_day": "2000"})
    assert not app.exception
    assert "costs $2.56k a year" in texts(app), "twice the requests, not three times"
    assert len(app.data_editor[0].value) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Name is missing."),
        ({"max_wait": "soon"}, "Longest wait is not a wait."),
        ({"shared_prefix_tokens": "5000"}, "more than the input tokens"),
        ({"model": "house-model"}, "Provider is missing."),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_saved(
    changes: dict[str, str], sentence: str, home: Path, run_app: RunApp
) -> None:
    app = fill(run_app("describe"), **{**CHAT, **changes})
    assert not app.exception
    assert sentence in texts(app)
    assert Workbench.open(home).described() == ()


def test_the_table_is_edited_and_saved_together(described: Workbench, run_app: RunApp) -> None:
    app = edit_grid(
        run_app("describe"),
        edited_rows={0: {"max_wait": "2s"}},
        added_rows=[{"name": "Nightly", "user_waiting": "no"}],
    )
    assert not app.exception
    assert {item.row["name"] for item in described.described()} == {"Chat", "Digest"}, "nothing is saved yet"
    app.button(key="describe_grid_save").click().run()
    assert not app.exception
    assert "3 workloads described." in texts(app)
    rows = {item.row["name"]: item.row for item in described.described()}
    assert rows["Chat"]["max_wait"] == "2s"
    assert rows["Nightly"] == {"name": "Nightly", "user_waiting": "no"}
    app.button(key="describe_undo").click().run()
    assert not app.exception
    assert {item.row["name"] for item in described.described()} == {"Chat", "Digest"}


def test_a_removed_row_is_gone(described: Workbench, run_app: RunApp) -> None:
    app = edit_grid(run_app("describe"), deleted_rows=[0])
    app.button(key="describe_grid_save").click().run()
    assert [item.row["name"] for item in described.described()] == ["Digest"]
    assert [result.workload for result in described.analysis().workloads] == ["Digest"]


def test_a_problem_of_the_table_has_its_row(described: Workbench, run_app: RunApp) -> None:
    app = edit_grid(run_app("describe"), edited_rows={1: {"output_tokens": "few"}})
    assert not app.exception
    assert "Row 2 (Digest): Output tokens is not a plain number." in texts(app)
    assert app.button(key="describe_grid_save").disabled
    app.button(key="describe_discard").click().run()
    assert not app.error


def test_what_a_file_describes_is_edited_here_and_removed_there(
    home: Path, tmp_path: Path, run_app: RunApp
) -> None:
    source = tmp_path / "team.yaml"
    source.write_text(
        "- name: Chat\n  user_waiting: yes\n- name: Digest\n  user_waiting: no\n", encoding="utf-8"
    )
    bench = Workbench.open(home)
    bench.import_file(source)
    app = run_app("describe")
    assert list(app.data_editor[0].value["from"]) == ["team.yaml", "team.yaml"]
    app = edit_grid(app, deleted_rows=[1])
    assert "Digest is described in team.yaml. Delete that dataset" in texts(app)
    assert app.button(key="describe_grid_save").disabled
    app = edit_grid(app, edited_rows={0: {"user_waiting": "no"}})
    app.button(key="describe_grid_save").click().run()
    assert not app.exception
    assert list(app.data_editor[0].value["from"]) == ["Described in Lanewise", "team.yaml"]
    assert [item.user_waiting for item in bench.workspace.declared()] == [False, False]


def test_a_yaml_file_is_uploaded_like_any_other(home: Path, run_app: RunApp) -> None:
    app = run_app("data")
    app.file_uploader[0].upload("workloads.yaml", b"workloads:\n- name: Chat\n  max_wait: 2s\n")
    app.run()
    app.button(key="upload_import").click().run()
    assert not app.exception
    assert "1 read = 1 accepted + 0 rejected + 0 duplicates" in texts(app)
    assert [item.row for item in Workbench.open(home).described()] == [{"name": "Chat", "max_wait": "2s"}]
