"""What one would do instead of an import, on the same files in the same run: none of it is a dependency.

A peer that is not there is skipped, and said to be. pandas comes with the project; `litellm` is looked
for in the Python of LANEWISE_BENCH_PYTHON (else this one), `frugon` and `ccusage` on the PATH. Each takes
its own process, so what starting it costs is in its time, as it is for the user.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_PANDAS: Final = """
import sys, pandas
calls = pandas.read_csv(sys.argv[1])
calls["hour"] = pandas.to_datetime(calls["ts"], format="ISO8601").dt.floor("h")
columns = ["input_tokens", "cache_read_tokens", "output_tokens"]
calls.groupby(["hour", "provider", "model", "workload"], dropna=False)[columns].sum()
"""

_LITELLM: Final = """
import csv, os, sys
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm
total = 0.0
with open(sys.argv[1], newline="") as file:
    for call in csv.DictReader(file):
        if call["input_tokens"]:
            try:
                total += sum(litellm.cost_per_token(
                    model=call["model"], prompt_tokens=int(call["input_tokens"]),
                    completion_tokens=int(call["output_tokens"]),
                    cache_read_input_tokens=int(call["cache_read_tokens"] or 0),
                ))
            except Exception:
                pass
"""
"""A model without a price raises, and a loop has to go on."""

_LANEWISE: Final = """
import sys
from pathlib import Path
from data.cube import signals, usage_cube
from data.ingest import import_file
from data.store import Workspace
workspace = Workspace.open(Path(sys.argv[2]))
for source in sys.argv[3:] or [sys.argv[1]]:
    import_file(workspace, Path(source))
usage_cube(workspace, (200_000,))
signals(workspace)
"""


class Peer(NamedTuple):
    """What one program took on one file: its name, wall seconds, and how many times Lanewise's."""

    name: str
    job: str
    seconds: float | None
    ratio: float | None


def compared(folder: Path, table: Path, log: Path, transcripts: Path, runs: int = 3) -> Iterator[Peer]:
    """Each peer's time on the CSV `table`, the provider log `log` or the folder `transcripts`.

    Seconds are medians of `runs`; they are None for a peer that is not there or gives up.
    """
    python = os.environ.get("LANEWISE_BENCH_PYTHON", sys.executable)
    has_litellm = subprocess.run([python, "-c", "import litellm"], capture_output=True, check=False)
    sessions = sorted(transcripts.rglob("*.jsonl"))
    jobs: list[tuple[str, str, list[Path], list[str] | None]] = [
        (
            "pandas",
            "read the CSV, group by hour, model and workload",
            [table],
            [sys.executable, "-c", _PANDAS],
        ),
        (
            "litellm",
            "price each row of the CSV in a loop",
            [table],
            [python, "-c", _LITELLM] if has_litellm.returncode == 0 else None,
        ),
        ("frugon", "`frugon analyze` on the provider log", [log], _found("frugon", "analyze")),
        (
            "ccusage",
            "`ccusage daily` on the transcripts",
            sessions,
            _found("ccusage", "daily", "--offline", "--json"),
        ),
    ]
    for name, job, files, command in jobs:
        if command is None:
            yield Peer(name, job, None, None)
            continue
        ours, theirs = [], []
        for _ in range(runs):
            workspace = folder / "peers-workspace"
            shutil.rmtree(workspace, ignore_errors=True)
            ours.append(
                _seconds([sys.executable, "-c", _LANEWISE, str(files[0]), str(workspace), *map(str, files)])
            )
            given = [] if name == "ccusage" else [str(files[0])]
            theirs.append(_seconds([*command, *given], transcripts))
        shutil.rmtree(workspace, ignore_errors=True)
        if None in ours or None in theirs:
            yield Peer(name, job, None, None)
            continue
        own, other = (sorted(t for t in taken if t is not None)[runs // 2] for taken in (ours, theirs))
        yield Peer(name, job, other, other / own)


def described(peer: Peer) -> str:
    """A peer's result as a line of text; one that was skipped says so loudly."""
    if peer.seconds is None or peer.ratio is None:
        return f"SKIPPED {peer.name}: not installed, or it could not do the job ({peer.job})"
    return (
        f"peer {peer.name:8} {peer.seconds:7.2f} s, {peer.ratio:5.1f}x Lanewise's whole import  ({peer.job})"
    )


def write_transcripts(folder: Path, answers: int, a_session: int = 500) -> Path:
    """Writes Claude Code sessions below `folder`/projects, two lines an answer, as ccusage looks for them."""
    project = folder / "projects" / "-srv-shop"
    project.mkdir(parents=True)
    for start in range(0, answers, a_session):
        with (project / f"session-{start:09d}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(start, min(start + a_session, answers)):
                file.writelines(f"{json.dumps(line)}\n" for line in _answer(number, start))
    return folder


def _answer(number: int, session: int) -> Iterator[dict[str, object]]:
    usage = {
        "input_tokens": 10 + number % 90,
        "cache_creation_input_tokens": number % 2000,
        "cache_read_input_tokens": 12_000 + number % 5000,
        "output_tokens": 200 + number % 800,
        "service_tier": "standard",
    }
    for block in ("thinking", "text"):
        yield {
            "type": "assistant",
            "uuid": f"{block}-{number:09d}",
            "sessionId": f"session-{session:09d}",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(1_790_000_000 + 20 * number)),
            "cwd": "/srv/shop",
            "version": "2.1.0",
            "requestId": f"req_{number:024d}",
            "message": {
                "id": f"msg_{number:024d}",
                "type": "message",
                "role": "assistant",
                "model": "claude-sonnet-4-5-20250929",
                "content": [{"type": block, block: "words " * 40}],
                "usage": usage,
            },
        }


def _found(name: str, *arguments: str) -> list[str] | None:
    path = shutil.which(name)
    return [path, *arguments] if path else None


def _seconds(command: list[str], config: Path | None = None) -> float | None:
    """Wall seconds of a program, None when it fails."""
    start = time.perf_counter()
    environment = os.environ | {"CLAUDE_CONFIG_DIR": str(config)} if config else None
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    return time.perf_counter() - start if done.returncode == 0 else None
