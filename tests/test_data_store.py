"""The workspace folder: what is in it, what survives a crash, what is refused."""

import json
import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from data.errors import WorkspaceError
from data.files import TEMPORARY
from data.ingest import import_file
from data.schema import Reject
from data.store import Manifest, Workspace
from tests.formats_cases import snapshot

LOG = """call_id,ts,provider,model,input_tokens,output_tokens
{name}-1,2026-05-04T09:00:00Z,openai,gpt-4o,100,10
{name}-2,2026-05-04T10:00:00Z,openai,gpt-4o,many,10
{name}-3,,openai,gpt-4o,300,30
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def _import(workspace: Workspace, tmp_path: Path, name: str) -> str:
    source = tmp_path / f"{name}.csv"
    source.write_text(LOG.format(name=name))
    dataset_id = import_file(workspace, source).dataset_id
    assert dataset_id is not None
    return dataset_id


def test_a_new_workspace_is_empty(workspace: Workspace) -> None:
    assert workspace.datasets() == ()
    assert workspace.declared() == ()
    assert sorted(path.name for path in workspace.path.iterdir()) == [
        ".lock",
        "cache",
        "datasets",
        "documents",
    ]


def test_a_dataset_and_its_manifest(workspace: Workspace, tmp_path: Path) -> None:
    dataset_id = _import(workspace, tmp_path, "a")
    (manifest,) = workspace.datasets()
    assert manifest == workspace.manifest(dataset_id)
    assert manifest.name == "a.csv"
    assert manifest.format == "lanewise_csv"
    assert manifest.container == "csv"
    assert manifest.token_rule == "input_tokens is the total input, cached parts included."
    assert manifest.source_bytes == len(LOG.format(name="a"))
    assert (manifest.read, manifest.accepted, manifest.rejected, manifest.duplicates) == (3, 2, 1, 0)
    assert (manifest.calls, manifest.extra_calls, manifest.undated) == (2, 0, 1)
    assert manifest.reject_counts == {"not_a_whole_number": 1}
    assert manifest.duplicates_of == {}
    assert manifest.first_ts_utc == manifest.last_ts_utc == datetime(2026, 5, 4, 9)
    assert manifest.grain == "call"
    assert len(manifest.source_sha256) == 64
    assert workspace.rejects(dataset_id, 10) == (
        Reject(3, "not_a_whole_number", "input_tokens", "input_tokens is not a whole number."),
    )
    assert workspace.rejects(dataset_id, 0) == ()


def test_datasets_are_listed_oldest_first_and_survive_reopening(workspace: Workspace, tmp_path: Path) -> None:
    ids = [_import(workspace, tmp_path, name) for name in ("b", "a", "c")]
    assert [manifest.dataset_id for manifest in Workspace.open(workspace.path).datasets()] == ids


def test_delete_removes_the_dataset_and_its_cache(workspace: Workspace, tmp_path: Path) -> None:
    kept = _import(workspace, tmp_path, "a")
    before = snapshot(workspace.path)
    gone = _import(workspace, tmp_path, "b")
    (workspace.cache_path(gone) / "cube.parquet").write_bytes(b"derived")
    workspace.delete(gone)
    assert snapshot(workspace.path) == before
    assert [manifest.dataset_id for manifest in workspace.datasets()] == [kept]
    with pytest.raises(WorkspaceError, match="No such dataset"):
        workspace.delete(gone)


def test_a_deleted_dataset_can_be_imported_again(workspace: Workspace, tmp_path: Path) -> None:
    workspace.delete(_import(workspace, tmp_path, "a"))
    assert workspace.manifest(_import(workspace, tmp_path, "a")).accepted == 2


@pytest.mark.parametrize("dataset_id", ["", ".", "..", "../documents", "a/b", "nothing", "/etc"])
def test_an_id_is_never_a_path(workspace: Workspace, dataset_id: str) -> None:
    for ask in (
        workspace.manifest,
        workspace.delete,
        workspace.calls_glob,
        workspace.facts,
        workspace.cache_path,
    ):
        with pytest.raises(WorkspaceError):
            ask(dataset_id)


def test_the_fingerprint_changes_with_every_change(workspace: Workspace, tmp_path: Path) -> None:
    seen = [workspace.fingerprint()]
    assert workspace.fingerprint() == seen[0]
    dataset_id = _import(workspace, tmp_path, "a")
    seen.append(workspace.fingerprint())
    workspace.declare("Chat", author="Ann", user_waiting=True)
    seen.append(workspace.fingerprint())
    workspace.document("overlay").save({}, author="Ann", note="")
    seen.append(workspace.fingerprint())
    (workspace.cache_path(dataset_id) / "cube.parquet").write_bytes(b"derived")
    assert workspace.fingerprint() == seen[-1]
    workspace.delete(dataset_id)
    seen.append(workspace.fingerprint())
    assert len(set(seen)) == len(seen)


def test_opening_sweeps_what_a_crash_left(workspace: Workspace) -> None:
    before = snapshot(workspace.path)
    left = workspace.path / f"{TEMPORARY}0123"
    (left / "calls").mkdir(parents=True)
    (left / ".lease").write_bytes(b"")
    (left / "calls" / "part-0.parquet").write_bytes(b"half")
    (workspace.path / f"{TEMPORARY}file").write_bytes(b"half")
    workspace.document("overlay").save({"a": 1}, author="Ann", note="")
    after_save = snapshot(workspace.path / "documents")
    (workspace.path / "documents" / "overlay" / f"{TEMPORARY}000002.json").write_bytes(b"half")
    Workspace.open(workspace.path)
    assert snapshot(workspace.path / "documents") == after_save
    assert {name for name in snapshot(workspace.path) if not name.startswith("documents")} == {
        name for name in before if name != "documents"
    }


def test_opening_leaves_a_running_import_alone(workspace: Workspace) -> None:
    with workspace.scratch() as scratch:
        (scratch / "rows.parquet").write_bytes(b"being written")
        Workspace.open(workspace.path)
        assert (scratch / "rows.parquet").exists()
    assert not scratch.exists()


def test_scratch_is_removed_after_an_error(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), workspace.scratch():
        raise ZeroDivisionError
    assert not list(workspace.path.glob(f"{TEMPORARY}*"))


@pytest.mark.parametrize("text", [None, "", "{", "{}", '{"dataset_id": 1}'])
def test_a_damaged_manifest_names_the_dataset(workspace: Workspace, tmp_path: Path, text: str | None) -> None:
    dataset_id = _import(workspace, tmp_path, "a")
    path = workspace.dataset_path(dataset_id) / "manifest.json"
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        workspace.datasets()
    assert dataset_id in caught.value.message
    workspace.delete(dataset_id)
    assert workspace.datasets() == ()


def test_a_newer_dataset_is_not_called_damaged(workspace: Workspace, tmp_path: Path) -> None:
    dataset_id = _import(workspace, tmp_path, "a")
    path = workspace.dataset_path(dataset_id) / "manifest.json"
    newer = json.loads(path.read_text()) | {"schema_version": 2, "what_came_later": True}
    path.write_text(json.dumps(newer))
    with pytest.raises(WorkspaceError, match="newer version") as error:
        workspace.datasets()
    assert dataset_id in error.value.message
    assert "elete" not in error.value.message


def test_damaged_rejects_name_the_dataset(workspace: Workspace, tmp_path: Path) -> None:
    dataset_id = _import(workspace, tmp_path, "a")
    (workspace.dataset_path(dataset_id) / "rejects.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(WorkspaceError) as caught:
        workspace.rejects(dataset_id, 5)
    assert dataset_id in caught.value.message


def test_a_manifest_accounts_for_every_row(workspace: Workspace, tmp_path: Path) -> None:
    manifest = workspace.manifest(_import(workspace, tmp_path, "a"))
    fields = manifest.model_dump()
    changes: list[dict[str, Any]] = [
        {"read": 4},
        {"rejected": 0},
        {"accepted": -1},
        {"reject_counts": {}},
        {"new_field": 1},
    ]
    for change in changes:
        with pytest.raises(ValidationError):
            Manifest.model_validate({**fields, **change})


def test_declared_facts_of_people_and_files(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "team.csv"
    source.write_text(
        "name,trigger,user_waiting,max_wait,requests_per_day,model,input_tokens,output_tokens\n"
        "Chat,user,yes,2s,1000,gpt-4o,500,100\n"
        "Digest,schedule,no,24h,,,,\n"
    )
    import_file(workspace, source)
    assert workspace.declare("Digest", author="Ann", max_wait_ms=3_600_000, requests_per_day="12.5") == 1
    assert workspace.declare("Other", author="Bob", sequential=True) == 2
    chat, digest, other = Workspace.open(workspace.path).declared()
    assert (chat.name, chat.max_wait_ms, chat.user_waiting, chat.has_usage) == ("Chat", 2000, True, True)
    assert (chat.annual_factor, chat.declared_by) == (Decimal(365), "team.csv")
    assert (digest.max_wait_ms, digest.trigger, digest.has_usage) == (3_600_000, "schedule", False)
    assert (digest.requests_per_day, digest.declared_by) == (Decimal("12.5"), "Ann")
    assert digest.sources == {
        "trigger": "team.csv",
        "user_waiting": "team.csv",
        "max_wait_ms": "Ann",
        "requests_per_day": "Ann",
    }
    assert (other.name, other.sequential) == ("Other", True)


def test_a_bad_declaration_is_not_saved(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="yes or no"):
        workspace.declare("Chat", author="Ann", user_waiting="yes")
    with pytest.raises(KeyError, match="has_usage"):
        workspace.declare("Chat", author="Ann", has_usage=True)
    assert workspace.document("declarations").current() is None


def test_declarations_changed_by_hand_say_so(workspace: Workspace) -> None:
    workspace.declare("Chat", author="Ann", user_waiting=True)
    file = workspace.path / "documents" / "declarations" / "000001.json"
    version = json.loads(file.read_text())
    version["content"] = {"Chat": {"made": [{"facts": {"user_waiting": "very"}}]}}
    file.write_text(json.dumps(version))
    with pytest.raises(WorkspaceError, match="Declared facts"):
        workspace.declared()


def test_a_document_name_cannot_leave_the_folder(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="document name"):
        workspace.document("../datasets")


def test_a_folder_that_cannot_be_a_workspace(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(WorkspaceError, match="cannot be used"):
        Workspace.open(file)
    with pytest.raises(WorkspaceError, match="without them"):
        Workspace.open(tmp_path / "what*")


def test_the_workspace_follows_links_and_dots(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    workspace = Workspace.open(tmp_path / "link" / "." / "ws")
    dataset_id = _import(workspace, tmp_path, "a")
    assert workspace.calls_glob(dataset_id) == os.fspath(
        tmp_path / "real" / "ws" / "datasets" / dataset_id / "calls" / "*.parquet"
    )
