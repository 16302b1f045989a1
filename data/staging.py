"""The first pass over a file: every row becomes a staged row, and its text is left behind.

Staging is one streaming statement: the rows of the file (`source`), the format's draft, the checks
of `sql/check_rows.sql`, written to a Parquet file in a scratch folder. Rows keep their order and
none is dropped, so a staged row's position is its record number.
"""

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from data.db import open_engine
from data.errors import LanewiseDataError, UnreadableFileError, WorkspaceError
from data.formats.base import DRAFT, Descriptions, FileHead, LogFormat
from data.formats.vocabulary import macros
from data.reading import MAX_LINE_BYTES
from data.staged import create_word_types, makes_one_call_a_row, packed

_SQL: Final = Path(__file__).resolve().parent / "sql"
_DISK_RESERVE_BYTES: Final = 16 * 1024 * 1024
_NO_DELIMITER: Final = "chr(1) || chr(2) || chr(3) || chr(4)"
"""A line is one column: valid JSON has no raw control characters, let alone these four in a row."""

READER_FAULTS: Final[Mapping[str, str]] = {
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "INVALID ENCODING": "not_utf8",
    "MISSING COLUMNS": "wrong_columns",
    "TOO MANY COLUMNS": "wrong_columns",
    "UNQUOTED VALUE": "bad_quotes",
}
"""DuckDB's name for what is wrong with a line -> our reject code."""


@dataclass(frozen=True)
class Staged:
    """What the first pass left in the scratch folder.

    `rows` has one row per record that could be split off; `skipped` has (line, code) of those
    that could not. Lines count from `first_line`, unless `lines` names the line of every row.
    """

    rows: Path
    skipped: Path | None
    first_line: int = 1
    lines: tuple[int, ...] = ()


@cache
def check_sql() -> str:
    """The checks as a SELECT over `draft`."""
    return (_SQL / "check_rows.sql").read_text(encoding="utf-8")


@cache
def macro_statements() -> tuple[str, ...]:
    """Everything that `check_sql` and the formats' drafts call."""
    return (*macros(), (_SQL / "read_values.sql").read_text(encoding="utf-8"))


def stage_log(
    chosen: LogFormat,
    head: FileHead,
    shown: str,
    dataset_id: str,
    scratch: Path,
    on_fraction: Callable[[float | None], None] | None,
) -> Staged:
    """Runs the first pass over a log.

    `on_fraction` is told the share of the file that was read, on the calling thread; whatever it
    raises stops the pass. Raises UnreadableFileError for a file that turns out to be damaged.
    """
    path = _reachable(head.path, scratch)
    skipped = scratch / "skipped.parquet" if head.container in {"jsonl", "csv"} else None
    staged = Staged(scratch / "rows.parquet", skipped, head.csv.skip_lines + 2 if head.csv else 1)
    draft = chosen.draft(head)
    rows = packed("checked", chosen.name, dataset_id, one_call_a_row=makes_one_call_a_row(draft))
    statement = (
        f"COPY (WITH source AS ({reader_sql(head)}),\ndraft AS ({draft}),\n"
        f"checked AS ({check_sql()})\n{rows}) TO $staged (FORMAT parquet)"
    )
    # No spilling: raw lines must not reach the disk, and a streaming pass has nothing to spill.
    with open_engine(readable=[head.path, path], writable=[scratch]) as engine, engine.cursor() as cursor:
        try:
            for macro in macro_statements():
                cursor.execute(macro)
            create_word_types(cursor, chosen.name, dataset_id)
            _watched(cursor, statement, {"path": str(path), "staged": str(staged.rows)}, on_fraction)
            if skipped is not None:
                faults = " ".join(f"WHEN '{kind}' THEN '{code}'" for kind, code in READER_FAULTS.items())
                cursor.execute(
                    "COPY (SELECT cast(line AS BIGINT) AS line, "
                    f"min(CASE error_type {faults} ELSE 'wrong_columns' END) AS code "
                    "FROM reader_rejects GROUP BY line ORDER BY line) TO $skipped (FORMAT parquet)",
                    {"skipped": str(skipped)},
                )
        except duckdb.Error as error:
            # The driver quotes the line it failed on, so its message goes no further than this.
            raise _unreadable(error, head, shown, scratch) from None
    return staged


def stage_drafts(described: Descriptions, format_name: str, dataset_id: str, scratch: Path) -> Staged:
    """Runs the checks over drafts that were made row by row."""
    packing = packed("checked", format_name, dataset_id, one_call_a_row=False)
    staged = Staged(scratch / "rows.parquet", None, lines=described.lines)
    columns = ", ".join(f"cast(row.{name} AS {kind}) AS {name}" for name, kind in DRAFT.items())
    rows = [{name: draft.get(name) for name in DRAFT} for draft in described.drafts]
    with open_engine(writable=[scratch]) as engine, engine.cursor() as cursor:
        for macro in macro_statements():
            cursor.execute(macro)
        create_word_types(cursor, format_name, dataset_id)
        cursor.execute(
            f"COPY (WITH draft AS (SELECT {columns} FROM (SELECT unnest($rows) AS row)),\n"
            f"checked AS ({check_sql()})\n{packing}) TO $staged (FORMAT parquet)",
            {"rows": rows, "staged": str(staged.rows)},
        )
    return staged


def reader_sql(head: FileHead) -> str:
    """The relation `source` over $path."""
    rejects = "rejects_table = 'reader_rejects', rejects_scan = 'reader_scans', rejects_limit = 0"
    # By default a thread would buffer 16 of the longest lines, and run out of memory on wide rows.
    sizes = f"max_line_size = {MAX_LINE_BYTES}, buffer_size = {2 * MAX_LINE_BYTES}"
    fixed = f"auto_detect = false, {sizes}, store_rejects = true, {rejects}"
    if head.container == "jsonl":
        return (
            f"SELECT raw FROM read_csv($path, columns = {{'raw': 'VARCHAR'}}, delim = {_NO_DELIMITER}, "
            f"quote = '', escape = '', header = false, strict_mode = false, {fixed})"
        )
    if head.container == "json":
        shape = "array" if head.is_array else "unstructured"
        return (
            "SELECT cast(json AS VARCHAR) AS raw FROM read_json_objects($path, "
            f"format = '{shape}', maximum_object_size = {MAX_LINE_BYTES})"
        )
    if head.csv is not None:
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(head.columns)))
        delimiter = f"chr({ord(head.csv.delimiter)})"
        return (
            f"SELECT * FROM read_csv($path, columns = {{{columns}}}, delim = {delimiter}, quote = '\"', "
            f"escape = '\"', header = true, skip = {head.csv.skip_lines}, {fixed})"
        )
    return "SELECT * FROM read_parquet($path)"


def _reachable(path: Path, scratch: Path) -> Path:
    """The file under a name in which DuckDB sees no wildcard."""
    if not any(mark in str(path) for mark in "*?["):
        return path
    link = scratch / "source"
    link.symlink_to(path)
    return link


def _watched(
    cursor: duckdb.DuckDBPyConnection,
    statement: str,
    parameters: Mapping[str, str],
    on_fraction: Callable[[float | None], None] | None,
) -> None:
    """Runs a long statement, reporting its progress from the calling thread."""
    if on_fraction is None:
        cursor.execute(statement, dict(parameters))
        return
    cursor.execute("SET enable_progress_bar = true")
    cursor.execute("SET enable_progress_bar_print = false")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(cursor.execute, statement, dict(parameters))
        try:
            while not wait([running], timeout=0.1).done:
                percent = cursor.query_progress()
                on_fraction(percent / 100 if percent >= 0 else None)
        except BaseException:
            cursor.interrupt()
            raise
        running.result()


def _unreadable(error: duckdb.Error, head: FileHead, shown: str, scratch: Path) -> LanewiseDataError:
    if shutil.disk_usage(scratch).free < _DISK_RESERVE_BYTES:
        return WorkspaceError(
            "The disk is full",
            "There is no room for the dataset in the workspace. Free some space and try again.",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return UnreadableFileError(
            "The file has too many broken lines",
            f"“{shown}” does not fit in memory while it is read: it has very long lines, or very many that "
            "cannot be read. Leave prompts and answers out, or split the file.",
        )
    if head.container == "parquet":
        return UnreadableFileError(
            "The Parquet file is damaged",
            f"“{shown}” cannot be read to its end. Copy or export it again.",
        )
    if head.container == "json":
        return UnreadableFileError(
            "The JSON document is damaged",
            f"“{shown}” is not one complete, valid JSON document with records of at most "
            f"{MAX_LINE_BYTES // 1024 // 1024} MiB; it may have been cut off. "
            "Export it again, best as one object a line.",
        )
    return UnreadableFileError(
        "The file cannot be read as a table",
        f"“{shown}” mixes line ends (Windows and Unix) or quotes in a way that leaves its rows unclear. "
        "Save it again with one kind of line end.",
    )
