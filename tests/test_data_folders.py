"""What a path, a folder or a pattern stands for, and that a page reaches nothing outside its folders."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from data.errors import UnreadableFileError
from data.folders import AllowedFolder, allowed_folders, named_files


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """logs/{b.jsonl, .hidden.jsonl, 2026/{a.jsonl, a.csv}, .cache/c.jsonl} beside secret.jsonl."""
    folder = tmp_path / "logs"
    for name in ("b.jsonl", ".hidden.jsonl", "2026/a.jsonl", "2026/a.csv", ".cache/c.jsonl"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (tmp_path / "secret.jsonl").write_text("{}")
    return folder


def shown(path: Path | str) -> list[str]:
    return [found.shown for found in named_files(Path(path))]


def test_a_folder_stands_for_its_files_in_order_without_hidden_ones(logs: Path) -> None:
    assert shown(logs) == ["b.jsonl", "2026 › a.csv", "2026 › a.jsonl"]
    assert named_files(logs)[1].path == logs / "2026" / "a.csv"


def test_a_hidden_or_upward_way_to_a_folder_hides_nothing(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = logs.parent / ".share"
    logs.rename(hidden)
    assert shown(hidden) == ["b.jsonl", "2026 › a.csv", "2026 › a.jsonl"]
    monkeypatch.chdir(hidden / "2026")
    assert shown("..") == ["b.jsonl", "2026 › a.csv", "2026 › a.jsonl"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("**/*.jsonl", ["2026 › a.jsonl", "b.jsonl"]),
        ("*", ["2026 › a.csv", "2026 › a.jsonl", "b.jsonl"]),
        ("2026/a.*", ["a.csv", "a.jsonl"]),
        ("[ab].jsonl", ["b.jsonl"]),
    ],
)
def test_a_pattern_stands_for_what_matches(pattern: str, names: list[str], logs: Path) -> None:
    assert shown(logs / pattern) == names


def test_a_relative_pattern_is_looked_for_here(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    assert shown("**/*.csv") == ["2026 › a.csv"]


def test_a_file_whose_name_has_a_wildcard_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "what[1].jsonl"
    path.write_text("{}")
    assert shown(path) == ["what[1].jsonl"]


def test_a_path_that_is_not_there_is_left_to_the_import(tmp_path: Path) -> None:
    assert shown(tmp_path / "absent.jsonl") == ["absent.jsonl"]


def test_nothing_found_is_said_with_what_to_do(logs: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"No file matches.*quote it"):
        named_files(logs / "**" / "*.jsonl.gz")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / ".DS_Store").write_text("x")
    with pytest.raises(UnreadableFileError, match="The folder has no files"):
        named_files(empty)


def test_links_to_folders_are_not_followed(logs: Path) -> None:
    (logs / "loop").symlink_to(logs)
    (logs / "today.jsonl").symlink_to(logs / "b.jsonl")
    assert shown(logs) == ["b.jsonl", "today.jsonl", "2026 › a.csv", "2026 › a.jsonl"]


def test_a_circle_of_links_is_not_walked(logs: Path) -> None:
    (logs / "2026" / "loop").symlink_to(logs)
    assert shown(logs / "**" / "*.csv") == ["2026 › a.csv"]
    assert shown(logs / "**") == ["2026 › a.csv", "2026 › a.jsonl", "b.jsonl"]


def test_a_long_way_is_cut_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 60) / ("b" * 60) / "part-00001.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert shown(tmp_path) == ["… › " + "b" * 60 + " › part-00001.jsonl"]


# -- allowed folders --------------------------------------------------------------------------


def allowed(folder: Path) -> AllowedFolder:
    (found,) = allowed_folders(str(folder))
    return found


def test_a_listing_has_sizes_and_times_and_the_newest_first(logs: Path, tmp_path: Path) -> None:
    os.utime(logs / "b.jsonl", (1_795_000_000, 1_795_000_000))  # 18 November 2026, 11:06:40 UTC
    os.utime(logs / "2026" / "a.csv", (1_790_000_000, 1_790_000_000))
    os.utime(logs / "2026" / "a.jsonl", (1_780_000_000, 1_780_000_000))
    listing = allowed(logs).listing(without=tmp_path / "workspace")
    assert [item.name for item in listing.files] == ["b.jsonl", "2026/a.csv", "2026/a.jsonl"]
    first = listing.files[0]
    assert (first.shown, first.size_bytes, first.modified_utc) == (
        "b.jsonl",
        2,
        datetime(2026, 11, 18, 11, 6, 40),
    )
    assert (listing.cut, listing.unreadable) == (False, 0)


def test_a_listing_leaves_out_links_and_the_workspace_and_says_when_it_is_cut(logs: Path) -> None:
    (logs / "link.jsonl").symlink_to(logs.parent / "secret.jsonl")
    (logs / "outside").symlink_to(logs.parent)
    os.mkfifo(logs / "pipe")
    folder = allowed(logs)
    listing = folder.listing(without=logs / "2026")
    assert [item.name for item in listing.files] == ["b.jsonl"]
    cut = folder.listing(without=logs.parent / "w", most=2)
    assert (len(cut.files), cut.cut) == (2, True)


def test_a_name_that_is_no_text_is_counted_and_not_offered(logs: Path, tmp_path: Path) -> None:
    (logs / os.fsdecode(b"caf\xe9.jsonl")).write_text("{}")
    listing = allowed(logs).listing(without=tmp_path / "w")
    assert len(listing.files) == 3
    assert listing.unreadable == 1


def test_a_folder_that_is_not_there_is_a_sentence_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        allowed(tmp_path / "absent").listing(without=tmp_path)
    assert "“absent”" in refused.value.message
    assert str(tmp_path) not in refused.value.message


def test_a_file_below_the_folder_is_found(logs: Path) -> None:
    assert allowed(logs).path_of("2026/a.csv") == (logs / "2026" / "a.csv").resolve()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jsonl",
        "2026/../../secret.jsonl",
        "2026/../b.jsonl",
        "{root}/secret.jsonl",
        "/etc/passwd",
        "link.jsonl",
        "outside/secret.jsonl",
        "inside.jsonl",
        ".hidden.jsonl",
        ".cache/c.jsonl",
        "2026",
        "pipe",
        "absent.jsonl",
        "b.jsonl/x",
        "b.jsonl\x00",
        "x" * 5000,
        "",
        ".",
    ],
)
def test_nothing_else_is_reached(name: str, logs: Path) -> None:
    (logs / "link.jsonl").symlink_to(logs.parent / "secret.jsonl")
    (logs / "outside").symlink_to(logs.parent)
    (logs / "inside.jsonl").symlink_to(logs / "b.jsonl")
    os.mkfifo(logs / "pipe")
    with pytest.raises(UnreadableFileError) as refused:
        allowed(logs).path_of(name.replace("{root}", str(logs.parent)))
    assert str(logs.parent) not in refused.value.message


def test_the_folders_of_the_environment(tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "logs", tmp_path / "b" / "logs"
    one.mkdir(parents=True)
    other.mkdir(parents=True)
    found = allowed_folders(os.pathsep.join([str(one), "", str(other), str(one / ".." / "logs")]))
    assert [(item.root, item.label) for item in found] == [
        (one.resolve(), "logs"),
        (other.resolve(), "logs (2)"),
    ]
    assert allowed_folders(None) == ()
    assert allowed_folders("") == ()
