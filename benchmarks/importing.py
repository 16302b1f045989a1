"""What an import costs against the floor: DuckDB parsing every column of the same file, once."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.timing import seconds
from data.ingest import import_file
from data.store import Workspace
from tests.make_calls import write_calls

_SCANS = {
    ".jsonl": "read_json_auto(?, format = 'newline_delimited')",
    ".csv": "read_csv(?)",
    ".parquet": "read_parquet(?)",
}


def measure(folder: Path, calls: int) -> Iterator[str]:
    """One line a container: import seconds over bare scan seconds."""
    for suffix, reader in _SCANS.items():
        source = write_calls(folder / f"calls{suffix}", calls)
        floor = seconds(partial(_scan, source, reader))
        taken = seconds(partial(_import, folder / "workspace", source))
        yield (
            f"import {suffix[1:]:8} {calls:>10,} calls  {taken:7.2f} s  "
            f"{taken / floor:5.1f}x the bare scan ({floor:.2f} s)"
        )


def _scan(source: Path, reader: str) -> None:
    with duckdb.connect(":memory:") as connection:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {reader}", [str(source)]).fetchall()
        counts = ", ".join(f'count("{column[0]}")' for column in columns)
        connection.execute(f"SELECT {counts} FROM {reader}", [str(source)]).fetchall()


def _import(workspace: Path, source: Path) -> None:
    shutil.rmtree(workspace, ignore_errors=True)
    import_file(Workspace.open(workspace), source)
