"""Workloads described in the workspace: checked, saved, replaced without counting twice, undone."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from data import descriptions
from data.cube import usage_cube
from data.descriptions import COLUMNS, SOURCE_NAME
from data.errors import LanewiseDataError
from data.ingest import ImportOutcome, import_file
from data.store import DESCRIBED_HERE, Workspace
from reports.workbench import Workbench
from tests.formats_cases import calls

CHAT = {
    "name": "Chat",
    "requests_per_day": "100",
    "model": "gpt-4o",
    "input_tokens": "1000",
    "output_tokens": "100",
    "max_wait": "2s",
    "user_waiting": "yes",
}
DIGEST = {**CHAT, "name": "Digest", "requests_per_day": "10", "max_wait": "8h", "user_waiting": "no"}
HEADER = "name,requests_per_day,model,input_tokens,output_tokens,max_wait,user_waiting"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def save(workspace: Workspace, *rows: dict[str, str]) -> None:
    assert descriptions.check(workspace, rows) == ()
    descriptions.save(workspace, rows, author="Ann", note="test")


def counted(workspace: Workspace) -> dict[str, int]:
    return {row["workload"]: row["n_requests"] for row in usage_cube(workspace, []).to_pylist()}


def shown(workspace: Workspace) -> list[tuple[str, str, bool]]:
    return [(item.row["name"], item.source, item.here) for item in descriptions.described(workspace)]


def upload(workspace: Workspace, tmp_path: Path, *rows: dict[str, str]) -> ImportOutcome:
    source = tmp_path / "team.csv"
    lines = [",".join(row[column] for column in HEADER.split(",")) for row in rows]
    source.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return import_file(workspace, source)


def test_saved_rows_are_in_the_cube_and_the_declared_facts(workspace: Workspace) -> None:
    save(workspace, CHAT, DIGEST)
    assert counted(workspace) == {"Chat": 100, "Digest": 10}
    chat, digest = workspace.declared()
    assert (chat.max_wait_ms, chat.user_waiting, chat.sources["max_wait_ms"]) == (2000, True, SOURCE_NAME)
    assert (digest.max_wait_ms, digest.has_usage) == (8 * 3_600_000, True)
    assert [dict(item.row) for item in descriptions.described(workspace)] == [
        {column: row[column] for column in COLUMNS if column in row} for row in (CHAT, DIGEST)
    ]


def test_an_edited_row_replaces_the_one_before(workspace: Workspace) -> None:
    save(workspace, CHAT, DIGEST)
    save(workspace, {**CHAT, "requests_per_day": "250", "user_waiting": ""}, DIGEST)
    assert counted(workspace) == {"Chat": 250, "Digest": 10}
    chat = workspace.declared()[0]
    assert chat.user_waiting is None, "a cleared fact is unknown again"
    assert len(workspace.datasets()) == 1
    assert len(list((workspace.path / "datasets").iterdir())) == 1


def test_a_removed_row_is_gone_and_the_last_one_takes_the_dataset_along(workspace: Workspace) -> None:
    save(workspace, CHAT, DIGEST)
    save(workspace, DIGEST)
    assert counted(workspace) == {"Digest": 10}
    save(workspace)
    assert workspace.datasets() == ()
    assert counted(workspace) == {}


def test_every_save_can_be_undone_one_at_a_time(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "home")
    bench.save_descriptions([CHAT], author="Ann", note="one")
    bench.save_descriptions([DIGEST], author="Ann", note="two")
    assert bench.undo_descriptions(author="Bob")
    assert counted(bench.workspace) == {"Chat": 100}
    assert bench.undo_descriptions(author="Bob")
    assert counted(bench.workspace) == {}
    assert not bench.undo_descriptions(author="Bob")
    assert [version.author for version in bench.descriptions_history()] == ["Bob", "Bob", "Ann", "Ann"]


def test_a_row_described_here_wins_over_a_file(workspace: Workspace, tmp_path: Path) -> None:
    upload(workspace, tmp_path, CHAT, DIGEST)
    changed = {**CHAT, "requests_per_day": "777"}
    save(workspace, changed, DIGEST)
    assert counted(workspace) == {"Chat": 777, "Digest": 10}
    assert shown(workspace) == [("Chat", SOURCE_NAME, True), ("Digest", "team.csv", False)]
    current = workspace.document("descriptions").current()
    assert current is not None
    assert [row["name"] for row in current[1]["workloads"]] == ["Chat"], "what the file says stays its own"
    save(workspace, CHAT, DIGEST)
    assert shown(workspace) == [("Chat", "team.csv", False), ("Digest", "team.csv", False)]
    assert counted(workspace) == {"Chat": 100, "Digest": 10}


def test_a_file_that_describes_the_same_workload_later_changes_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    save(workspace, CHAT)
    outcome = upload(workspace, tmp_path, {**CHAT, "requests_per_day": "5"}, DIGEST)
    assert (outcome.accepted, outcome.duplicates) == (1, 1)
    assert counted(workspace) == {"Chat": 100, "Digest": 10}


def test_a_row_that_only_a_file_holds_cannot_be_removed_here(workspace: Workspace, tmp_path: Path) -> None:
    upload(workspace, tmp_path, CHAT, DIGEST)
    assert descriptions.missing(workspace, [CHAT]) == (("Digest", "team.csv"),)
    assert descriptions.missing(workspace, [CHAT, DIGEST]) == ()


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"name": ""}, "name", "missing"),
        ({"max_wait": "soon"}, "max_wait", "300ms"),
        ({"trigger": "cron"}, "trigger", "schedule"),
        ({"user_waiting": "maybe"}, "user_waiting", "yes nor no"),
        ({"requests_per_day": "many"}, "requests_per_day", "plain number"),
        ({"input_tokens": "1.5"}, "input_tokens", "whole number"),
        ({"shared_prefix_tokens": "2000"}, "input_tokens", "more than the input"),
        ({"model": "house-model"}, "provider", "missing"),
        ({"input_tokens": "999999999999999"}, "input_tokens", "10^15"),
    ],
)
def test_what_an_import_would_reject_is_a_problem_of_the_row(
    workspace: Workspace, changes: dict[str, str], column: str, words: str
) -> None:
    problems = descriptions.check(workspace, [DIGEST, {**CHAT, **changes}])
    (problem,) = problems
    assert (problem.row, problem.column) == (1, column)
    assert words in problem.sentence()
    assert list(workspace.path.glob(".tmp-*")) == []


def test_two_rows_of_one_name_are_a_problem(workspace: Workspace) -> None:
    (problem,) = descriptions.check(workspace, [CHAT, CHAT])
    assert (problem.row, problem.column) == (1, "name")


def test_the_moment_the_new_dataset_is_there_the_old_one_does_not_count(workspace: Workspace) -> None:
    save(workspace, CHAT)
    (old,) = workspace.dataset_ids()
    kept = workspace.path / "kept"
    shutil.copytree(workspace.dataset_path(old), kept)
    save(workspace, {**CHAT, "requests_per_day": "250"})
    kept.rename(workspace.path / "datasets" / old)  # as if a crash came before the old one was deleted
    assert counted(workspace) == {"Chat": 250}
    assert workspace.replaced_ids() == (old,)
    Workbench.open(workspace.path)
    assert workspace.replaced_ids() == ()
    assert counted(workspace) == {"Chat": 250}


def test_a_crash_between_document_and_dataset_is_made_good_on_opening(workspace: Workspace) -> None:
    save(workspace, CHAT)
    workspace.document("descriptions").save({"workloads": [DIGEST]}, author="Ann", note="crashed after this")
    assert counted(workspace) == {"Chat": 100}
    Workbench.open(workspace.path)
    assert counted(workspace) == {"Digest": 10}
    before = workspace.dataset_ids()
    Workbench.open(workspace.path)
    assert workspace.dataset_ids() == before, "what is right already is not made again"


def test_deleting_the_dataset_describes_nothing_and_can_be_undone(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "home")
    bench.save_descriptions([CHAT], author="Ann", note="one")
    (dataset_id,) = bench.workspace.dataset_ids()
    assert dataset_id.endswith(DESCRIBED_HERE)
    bench.delete(dataset_id, author="Bob")
    assert bench.workspace.datasets() == ()
    assert Workbench.open(bench.workspace.path).workspace.datasets() == ()
    assert bench.undo_descriptions(author="Bob")
    assert counted(bench.workspace) == {"Chat": 100}


def test_the_rows_as_a_file_are_imported_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    odd = {**DIGEST, "name": "no: 'x' # 007 [y]", "description": "a" * 200}
    save(workspace, CHAT, odd)
    source = tmp_path / "workloads.yaml"
    source.write_text(descriptions.to_yaml([item.row for item in descriptions.described(workspace)]))
    other = Workspace.open(tmp_path / "other")
    assert import_file(other, source).accepted == 2
    assert [item.row for item in descriptions.described(other)] == [
        item.row for item in descriptions.described(workspace)
    ]


# ---------------------------------------------------------------- YAML files


def bring(tmp_path: Path, text: str, name: str = "workloads.yaml", **options: Any) -> ImportOutcome:
    source = tmp_path / name
    source.write_text(text, encoding="utf-8")
    return import_file(Workspace.open(tmp_path / "workspace"), source, **options)


@pytest.mark.parametrize("start", ["", "workloads:\n", "# our workloads\n---\n", "\n\nworkloads:\n"])
@pytest.mark.parametrize("name", ["workloads.yaml", "list.txt"])
def test_a_yaml_list_is_recognised_by_its_content(tmp_path: Path, start: str, name: str) -> None:
    text = f"{start}- name: Chat\n  user_waiting: yes\n  max_wait: 2s\n- name: Digest\n  Max-Wait: 8h\n"
    outcome = bring(tmp_path, text, name)
    assert (outcome.format, outcome.container) == ("workload_description", "yaml")
    assert (outcome.read, outcome.accepted) == (2, 2)
    found = {item.name: item.max_wait_ms for item in Workspace.open(tmp_path / "workspace").declared()}
    assert found == {"Chat": 2000, "Digest": 8 * 3_600_000}


def test_values_stay_what_they_are_written_as(tmp_path: Path) -> None:
    text = """
- name: 007
  trigger: ~
  requests_per_day: 1,000
- name: no
  requests_per_day: 10
  model: gpt-4o
  input_tokens: 1000
  output_tokens: 5
  sequential: off
- name: Nested
  max_wait: {h: 8}
- {name: Once, requests_per_run: 2.0, runs_per_year: null}
"""
    outcome = bring(tmp_path, text)
    assert (outcome.read, outcome.accepted) == (4, 1)
    assert [(item.line, item.code) for item in outcome.first_rejects] == [
        (1, "bad_amount"),
        (2, "not_yes_or_no"),
        (3, "not_plain"),
    ]
    workspace = Workspace.open(tmp_path / "workspace")
    assert calls(workspace) == []
    assert [item.name for item in workspace.declared()] == ["Once"]


@pytest.mark.parametrize(
    ("text", "title", "words"),
    [
        ("- name: a\n  name: b\n  trigger: user\n", "The file is not valid YAML", "Line 2"),
        ("workloads:\n  Chat: 1\n", "The file is no list of workloads", "records"),
        ("- name: a\n- just text\n", "The file is no list of workloads", "records"),
        ("workloads: []\n", "The file has no rows", "empty"),
        ("- name: &x a\n  trigger: *x\n", "The file is not valid YAML", "aliases"),
        ("- title: a\n  owner: b\n", "Not a log that is known", "title"),
        ("- name: [" + "[" * 3000 + "\n", "The file is not valid YAML", "“workloads.yaml”"),
    ],
)
def test_a_yaml_file_that_is_no_list_of_workloads(tmp_path: Path, text: str, title: str, words: str) -> None:
    with pytest.raises(LanewiseDataError) as refused:
        bring(tmp_path, text)
    assert refused.value.title == title
    assert words in refused.value.message
    assert Workspace.open(tmp_path / "workspace").datasets() == ()


def test_a_yaml_file_is_not_read_as_a_log(tmp_path: Path) -> None:
    with pytest.raises(LanewiseDataError, match="YAML, and openai_chat reads"):
        bring(tmp_path, "- name: a\n  trigger: user\n", format_name="openai_chat")
