"""Ctrl-C while a log is imported, on the real command: it ends with a word, and leaves nothing behind."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from data.errors import UnreadableFileError
from data.ingest import ImportOutcome
from lanewise.importing import import_paths
from reports.workbench import Workbench

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60


@pytest.fixture(scope="module")
def large_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 MB of calls: enough to be in the middle of them."""
    path = tmp_path_factory.mktemp("logs") / "large.jsonl"
    usage = {"prompt_tokens": 1_000, "completion_tokens": 100}
    with path.open("w", encoding="utf-8") as out:
        for number in range(200_000):
            call = {"id": f"c-{number}", "object": "chat.completion", "created": 1_795_000_000 + number}
            out.write(json.dumps({**call, "model": "gpt-4o", "usage": usage}) + "\n")
    return path


def started(log: Path, workspace: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "lanewise", "import", str(log), "--workspace", str(workspace), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(workspace: Path, pattern: str, process: "subprocess.Popen[str]") -> None:
    """Waits until a file appears in the scratch folder."""
    until = time.monotonic() + PATIENCE_S
    while not list(workspace.glob(pattern)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("reached", [".tmp-*/rows.parquet", ".tmp-*/2*/calls"])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_an_interrupted_import_leaves_nothing(
    reached: str, options: tuple[str, ...], large_log: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "w"
    process = started(large_log, workspace, *options)
    wait_for(workspace, reached, process)
    process.send_signal(signal.SIGINT)
    said, problems = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert problems.strip().endswith("Interrupted.")
    assert "Traceback" not in problems
    assert said == ""
    assert list(workspace.glob(".tmp-*")) == []
    assert list((workspace / "datasets").iterdir()) == []
    assert list((workspace / "cache").iterdir()) == []


def test_an_interrupt_that_reads_like_a_fault_of_the_file_still_ends_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def swallowed(_: Workbench, path: Path, **__: object) -> Iterator[ImportOutcome]:
        asked.append(path)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise UnreadableFileError("The file cannot be read", "A statement failed.")

    monkeypatch.setattr(Workbench, "import_all", swallowed)
    before = signal.getsignal(signal.SIGINT)
    files = (tmp_path / "one.jsonl", tmp_path / "two.jsonl")
    with pytest.raises(KeyboardInterrupt):
        list(import_paths(Workbench.open(tmp_path / "w"), files, None, None, quiet=True))
    assert asked == [files[0]]
    assert signal.getsignal(signal.SIGINT) is before
