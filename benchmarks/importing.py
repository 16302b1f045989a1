"""What a whole import costs against the floor: DuckDB parsing every column of the same file, once.

The import is all of it: recognise, parse, check, find duplicates, write, roll up usage and signals. The
scan takes a hash of every value of every column, because a count alone is answered from the statistics
of a Parquet file without reading it.

`python -m benchmarks.importing --calls 100000 1000000 10000000` measures sizes one after the other. Scan
and import take turns, each in a process of its own, so that what else the machine does falls on both,
and the peak memory is that of one of them. After each import DuckDB copies the calls it wrote once more,
unchecked: what keeping the record costs by itself, below which no import that keeps it can come. The
processor's time is given beside the clock's, because it hardly depends on the neighbours.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import duckdb

from data.cube import signals, usage_cube
from data.ingest import import_file
from data.store import Workspace
from tests.make_calls import write_calls, write_chat_completions

_JSONL: Final = "read_json_auto(?, format = 'newline_delimited')"
_SCANS: Final = {".jsonl": _JSONL, ".csv": "read_csv(?)", ".parquet": "read_parquet(?)"}
_SOURCES: Final[dict[str, tuple[str, Callable[[Path, int], Path]]]] = {
    "OpenAI JSONL": ("chat.jsonl", write_chat_completions),
    "own JSONL": ("own.jsonl", write_calls),
    "own CSV": ("own.csv", write_calls),
    "own Parquet": ("own.parquet", write_calls),
}
_THRESHOLDS: Final = (200_000,)


class Cost(NamedTuple):
    """What one process took: wall seconds, processor seconds and peak resident memory in MiB."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


class Result(NamedTuple):
    """One kind of file at one size: medians of the runs; ratios are to the scan that ran just before.

    `copy_ratio` is the processor time of copying the calls that the import wrote.
    """

    kind: str
    calls: int
    scan: Cost
    whole: Cost
    wall_ratio: float
    cpu_ratio: float
    copy_ratio: float


def measured(folder: Path, calls: int) -> Iterator[Result]:
    """One result a kind of file: import over bare scan."""
    for kind in _SOURCES:
        yield compared(folder, kind, calls, runs=3)


def described(result: Result) -> str:
    """A result as a line of text."""
    return (
        f"import {result.kind:13} {result.calls:>10,} calls  {result.whole.seconds:7.2f} s  "
        f"{result.wall_ratio:5.1f}x the bare scan ({result.scan.seconds:.2f} s), "
        f"{result.cpu_ratio:5.1f}x in processor time (a copy of the calls {result.copy_ratio:.1f}x)  "
        f"{result.whole.peak_mib:5.0f} MiB at most"
    )


def compared(folder: Path, kind: str, calls: int, runs: int) -> Result:
    """Writes a file of so many calls, then scans and imports it in turns; leaves nothing behind."""
    name, _ = _SOURCES[kind]
    source, workspace = folder / name, folder / "workspace"
    _in_a_process("write", kind, source, calls)
    try:
        _in_a_process("scan", source)  # warms the file cache
        scans, imports, copies = [], [], []
        for _ in range(runs):
            shutil.rmtree(workspace, ignore_errors=True)
            scans.append(_in_a_process("scan", source))
            imports.append(_in_a_process("import", source, workspace))
            copies.append(_in_a_process("copy", workspace))
    finally:
        source.unlink()
        shutil.rmtree(workspace, ignore_errors=True)
    pairs = list(zip(scans, imports, strict=True))
    return Result(
        kind,
        calls,
        _median(scans),
        _median(imports),
        statistics.median(whole.seconds / scan.seconds for scan, whole in pairs),
        statistics.median(whole.cpu_seconds / scan.cpu_seconds for scan, whole in pairs),
        statistics.median(
            copy.cpu_seconds / scan.cpu_seconds for scan, copy in zip(scans, copies, strict=True)
        ),
    )


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def _in_a_process(*arguments: object) -> Cost:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.importing", "--one", *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Cost(*json.loads(done.stdout))


def _one(action: str, *arguments: str) -> Cost:
    """Does one thing in this process and says what it took."""
    actions: dict[str, Callable[..., object]] = {
        "write": lambda kind, path, calls: _SOURCES[kind][1](Path(path), int(calls)),
        "scan": lambda source: _scan(Path(source)),
        "import": lambda source, workspace: _import(Path(source), Workspace.open(Path(workspace))),
        "copy": lambda workspace: _copy(Path(workspace)),
    }
    start, cpu_start = time.perf_counter(), time.process_time()
    actions[action](*arguments)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost(seconds, cpu_seconds, peak / (2**20 if sys.platform == "darwin" else 2**10))


def _scan(source: Path) -> None:
    reader = _SCANS[source.suffix]
    with duckdb.connect(":memory:") as connection:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {reader}", [str(source)]).fetchall()
        hashes = ", ".join(f'bit_xor(hash("{column[0]}"))' for column in columns)
        connection.execute(f"SELECT {hashes} FROM {reader}", [str(source)]).fetchall()


def _import(source: Path, workspace: Workspace) -> None:
    import_file(workspace, source)
    usage_cube(workspace, _THRESHOLDS)
    signals(workspace)


def _copy(workspace: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "COPY (FROM read_parquet($calls)) TO $path (FORMAT parquet)",
            {
                "calls": str(workspace / "datasets" / "*" / "calls" / "*.parquet"),
                "path": str(workspace / "copy"),
            },
        )


def growth(results: Sequence[Result]) -> Iterator[str]:
    """Per kind, what one call costs at each size against the smallest; 1.0 is linear."""
    for kind in dict.fromkeys(result.kind for result in results):
        own = [result for result in results if result.kind == kind]
        first = own[0].whole.cpu_seconds / own[0].calls
        steps = (f"{one.whole.cpu_seconds / one.calls / first:.2f}x at {one.calls:,}" for one in own)
        yield f"a call of {kind:13} costs {', '.join(steps)}"


def main() -> None:
    """Measures the sizes asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--kind", choices=list(_SOURCES), nargs="+", default=list(_SOURCES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files go for as long as it takes")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(_one(*asked.one)))
        return
    results = []
    with tempfile.TemporaryDirectory(prefix="lanewise-bench-", dir=asked.folder) as folder:
        for calls in asked.calls:
            for kind in asked.kind:
                results.append(compared(Path(folder), kind, calls, asked.runs))
                print(described(results[-1]), flush=True)
    for line in growth(results):
        print(line)


if __name__ == "__main__":
    main()
