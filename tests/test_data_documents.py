"""Versioned documents: nothing is ever lost, and two savers never write over each other."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.documents import Document
from data.errors import WorkspaceError
from data.private import PrivateFile
from data.store import Workspace


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return Document(tmp_path, "overlay", tmp_path / ".lock")


def test_before_the_first_save(document: Document, tmp_path: Path) -> None:
    assert document.current() is None
    assert document.history() == ()
    assert not (tmp_path / "overlay").exists()


def test_saves_are_versions(document: Document) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    assert document.save({"price": "1.10"}, author="Ann", note="first") == 1
    assert document.save({"price": "1.20", "über": [1, None]}, author="Bob", note="second") == 2
    assert document.current() == (2, {"price": "1.20", "über": [1, None]})
    assert document.at(1) == {"price": "1.10"}
    first, second = document.history()
    assert (first.seq, first.author, first.note) == (1, "Ann", "first")
    assert (second.seq, second.author, second.note) == (2, "Bob", "second")
    assert before <= first.at_utc <= second.at_utc <= before + timedelta(minutes=1)


def test_revert_is_a_save_of_the_old_content(document: Document) -> None:
    for value in ("one", "two", "three"):
        document.save({"value": value}, author="Ann", note="")
    assert document.revert(1, author="Bob") == 4
    assert document.current() == (4, {"value": "one"})
    assert document.at(3) == {"value": "three"}
    assert document.history()[-1].note == "back to version 1"


def test_a_saved_version_is_never_touched_again(document: Document, tmp_path: Path) -> None:
    document.save({"value": 1}, author="Ann", note="")
    first = (tmp_path / "overlay" / "000001.json").read_bytes()
    document.save({"value": 2}, author="Ann", note="")
    document.revert(1, author="Ann")
    assert (tmp_path / "overlay" / "000001.json").read_bytes() == first


def test_updates_at_once_are_all_kept(document: Document) -> None:
    def add(name: str) -> None:
        document.update(lambda content: {**content, name: True}, author=name, note="")

    workers = [threading.Thread(target=add, args=(f"w{number}",)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert document.current() == (8, {f"w{number}": True for number in range(8)})


def test_two_objects_for_one_document_agree(document: Document, tmp_path: Path) -> None:
    other = Document(tmp_path, "overlay", tmp_path / ".lock")
    document.save({"a": 1}, author="Ann", note="")
    assert other.current() == (1, {"a": 1})
    assert other.save({"a": 2}, author="Bob", note="") == 2
    assert document.current() == (2, {"a": 2})


def test_exact_numbers_only_as_text(document: Document) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        document.save({"value": float("nan")}, author="Ann", note="")
    assert document.current() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seq": 7}', '{"seq": 1, "content": []}'])
def test_a_damaged_version_says_so(document: Document, tmp_path: Path, text: str) -> None:
    document.save({"a": 1}, author="Ann", note="")
    (tmp_path / "overlay" / "000001.json").write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        document.current()
    assert "“overlay”" in caught.value.message
    assert "000001.json" in caught.value.message


def test_a_version_without_author_is_damaged(document: Document, tmp_path: Path) -> None:
    document.save({"a": 1}, author="Ann", note="")
    file = tmp_path / "overlay" / "000001.json"
    version = json.loads(file.read_text())
    del version["author"]
    file.write_text(json.dumps(version))
    assert document.current() == (1, {"a": 1})
    with pytest.raises(WorkspaceError):
        document.history()


def test_a_missing_version_says_so(document: Document) -> None:
    document.save({"a": 1}, author="Ann", note="")
    with pytest.raises(WorkspaceError):
        document.revert(9, author="Ann")


@pytest.mark.parametrize("name", ["", "..", "Prices", "a/b", "1st", "a b"])
def test_a_name_is_an_identifier(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="document name"):
        Document(tmp_path, name, tmp_path / ".lock")


def test_a_full_disk_is_said_in_a_sentence_and_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(tmp_path / "full")
    document, private = workspace.document("notes"), PrivateFile(workspace, "targets")
    document.save({"a": 1}, author="Ann", note="")
    private.update(lambda _: {"a": 1})

    def fail(path: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(WorkspaceError, match="cannot be written") as error:
        document.save({"a": 2}, author="Ann", note="")
    assert "A change of “notes” was not saved (No space left on device)" in error.value.message
    with pytest.raises(WorkspaceError, match="cannot be written"):
        private.update(lambda _: {"a": 2})
    assert (document.current(), private.read()) == ((1, {"a": 1}), {"a": 1})
