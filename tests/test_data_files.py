"""Atomic writes, locks and names fit to show."""

import threading
import time
from pathlib import Path

import pytest

from data.files import MAX_NAME_LENGTH, TEMPORARY, display_name, exclusive, write_atomically


def test_writes_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert target.read_bytes() == b"two"


def test_a_failing_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.json"
    write_atomically(target, b"old")

    def fail(path: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert (tmp_path / f"{TEMPORARY}a.json").exists()


def test_the_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    inside: list[str] = []

    def work(name: str) -> None:
        with exclusive(tmp_path / ".lock"):
            inside.append(f"{name} in")
            time.sleep(0.02)
            inside.append(f"{name} out")

    workers = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pairs = [inside[at : at + 2] for at in range(0, len(inside), 2)]
    assert sorted(pairs) == [[f"{name} in", f"{name} out"] for name in "abc"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("log.jsonl", "log.jsonl"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\log.csv", "log.csv"),
        ("a\x00b\nc\u202egpj.exe", "abcgpj.exe"),
        ("  spaced name.csv ", "spaced name.csv"),
        ("Umsätze März.csv", "Umsätze März.csv"),
        ("", "unnamed"),
        ("\x07", "unnamed"),
        ("folder/", "unnamed"),
    ],
)
def test_display_name(given: str, shown: str) -> None:
    assert display_name(given) == shown


def test_a_long_name_is_cut() -> None:
    shown = display_name("x" * 500 + ".csv")
    assert len(shown) == MAX_NAME_LENGTH
    assert shown == "x" * 119 + "…"
