"""The query engine: DuckDB in memory over files, locked down, a fresh cursor for every query.

Nothing is kept inside DuckDB: datasets are Parquet files, so no lock is held between processes
and no storage version ties a workspace to one release.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

MAX_THREADS: Final = 4
"""Every thread holds lines and row groups of its own; more threads do not fit in 1 GB."""


def quoted(text: str) -> str:
    """A SQL string literal, for our own constants and for settings, which take no bound parameters."""
    return "'" + text.replace("'", "''") + "'"


def _listed(paths: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(path) for path in paths) + "]"


class Engine:
    """One locked-down in-memory DuckDB; use `cursor()` for every query, from any thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one query: one connection used by two threads at once raises."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def close(self) -> None:
        """Frees all memory the engine holds; the engine is of no use afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_engine(
    *,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    pipes: Sequence[str] = (),
    spill: Path | None = None,
    memory_limit: str = "1GB",
    threads: int | None = None,
) -> Engine:
    """Opens an engine that can reach the named files and folders and nothing else.

    A path that exists and is no folder is allowed as that one file. DuckDB does not tell reading
    from writing; the two parameters say what the caller means to do. `pipes` are the paths of pipes
    that are open in this process, such as /dev/fd/7, taken as they stand. Sorting and joining that
    outgrow `memory_limit` use the folder `spill`, and fail with an out-of-memory error when there
    is none. All times are read and shown as UTC.
    """
    files: list[str] = list(pipes)
    folders: list[str] = []
    for path in (*readable, *writable):
        resolved = path.resolve()
        if resolved.is_dir():
            folders.append(f"{resolved}{os.sep}")
        else:
            files.append(str(resolved))
    connection = duckdb.connect(":memory:")
    settings = [
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        f"SET memory_limit = {quoted(memory_limit)}",
        f"SET threads = {threads or min(os.cpu_count() or 1, MAX_THREADS)}",
        "SET GLOBAL TimeZone = 'UTC'",
        # The optimizer makes a join of a long IN list, and a join need not keep the order of the rows,
        # which is how staging tells their record numbers.
        "SET disabled_optimizers = 'in_clause'",
        # Without this DuckDB spills into a folder below the current directory.
        f"SET temp_directory = {quoted(str(spill.resolve()) if spill else '')}",
    ]
    if files:
        settings.append(f"SET allowed_paths = {_listed(files)}")
    if folders:
        settings.append(f"SET allowed_directories = {_listed(folders)}")
    # The order matters: the allowed paths cannot be set once external access is off.
    settings.append("SET allowed_configs = ['enable_progress_bar', 'enable_progress_bar_print']")
    settings += ["SET enable_external_access = false", "SET lock_configuration = true"]
    try:
        for setting in settings:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return Engine(connection)
