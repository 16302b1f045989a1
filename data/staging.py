"""The first pass over a file: every row becomes a staged row, and its text is left behind.

Staging is one streaming statement: the rows of the file (`source`), the format's draft, the checks
of `sql/check_rows.sql`, written to a Parquet file in a scratch folder. Rows keep their order and
none is dropped, so a staged row's position is its record number.
"""

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data.db import open_engine
from data.errors import LanewiseDataError, UnreadableFileError, WorkspaceError
from data.formats.base import DRAFT, Descriptions, FileHead, LogFormat
from data.formats.vocabulary import macros
from data.packed import Feed
from data.reading import MAX_LINE_BYTES
from data.staged import create_word_types, packed, unspoken
from data.survey import Survey, reconciled

_SQL: Final = Path(__file__).resolve().parent / "sql"
_MACRO_FILES: Final = ("read_values.sql", "read_attributes.sql")
_DISK_RESERVE_BYTES: Final = 16 * 1024 * 1024
_IN_MEMORY: Final = "packed_rows"
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
    return (*macros(), *((_SQL / name).read_text(encoding="utf-8") for name in _MACRO_FILES))


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
    skipped = scratch / "skipped.parquet" if head.container in {"jsonl", "csv"} else None
    staged = Staged(scratch / "rows.parquet", skipped, head.csv.skip_lines + 2 if head.csv else 1)
    draft = chosen.draft(head)
    rows = packed("checked", chosen.name, dataset_id, unspoken(draft))
    statement = (
        f"COPY (WITH source AS ({reader_sql(head)}),\ndraft AS ({draft}),\n"
        f"checked AS ({check_sql()})\n{rows}) TO $staged (FORMAT parquet)"
    )
    feed = Feed(head.packed, shown) if _is_fed(head) and head.packed else None
    words = (chosen.name, dataset_id)
    try:
        with feed or nullcontext():
            _stage(statement, words, head, staged, scratch, feed, on_fraction)
    except duckdb.Error as error:
        # The driver quotes the line it failed on, so its message goes no further than this.
        if feed is None or feed.fault is None:
            raise _unreadable(error, head, shown, scratch) from None
    if feed is not None and feed.fault is not None:
        raise feed.fault
    return staged


def complete(staged: Staged, surveyed: Survey, head: FileHead, shown: str) -> Staged:
    """Adds what the reader did not mention to what it skipped.

    Raises UnreadableFileError for a CSV with a row beyond the limit, where it is not clear what
    the reader took for rows, and for JSON Lines of which lines are missing.
    """
    if staged.skipped is None:
        return staged
    if surveyed.overlong and head.container == "csv":
        raise UnreadableFileError(
            "A row is too long",
            f"Line {surveyed.overlong[0]:,} of “{shown}” is longer than "
            f"{MAX_LINE_BYTES // 1024 // 1024} MiB. Leave prompts and answers out, and export it again.",
        )
    with pq.ParquetFile(staged.skipped) as file:  # read_table would load much more than it needs here
        table = file.read()
    if surveyed.overlong:
        reported = zip(table["line"].to_pylist(), table["code"].to_pylist(), strict=True)
        lines, codes = zip(*reconciled(reported, surveyed.overlong), strict=True)
        table = pa.table({"line": pa.array(lines, pa.int64()), "code": pa.array(codes, pa.string())})
        pq.write_table(table, staged.skipped)
    if head.container == "jsonl" and pq.read_metadata(staged.rows).num_rows + len(table) < surveyed.lines:
        raise UnreadableFileError(
            "Lines are missing",
            f"Of the {surveyed.lines:,} lines of “{shown}” some were lost while they were read. "
            "Split the file, or leave very long lines out, and import it again.",
        )
    return staged


def _stage(
    statement: str,
    words: tuple[str, str],
    head: FileHead,
    staged: Staged,
    scratch: Path,
    feed: Feed | None,
    on_fraction: Callable[[float | None], None] | None,
) -> None:
    """Runs the staging statement on an engine of its own; `words` are those of `create_word_types`."""
    path = Path(feed.path) if feed else _reachable(head.path, scratch)
    readable = [] if feed else [head.path, path]
    pipes = [feed.path] if feed else []
    # No spilling: raw lines must not reach the disk, and a streaming pass has nothing to spill.
    with (
        open_engine(readable=readable, writable=[scratch], pipes=pipes) as engine,
        engine.cursor() as cursor,
    ):
        for macro in macro_statements():
            cursor.execute(macro)
        create_word_types(cursor, *words)
        parameters = {**bound_source(cursor, head, path), "staged": str(staged.rows)}
        _watched(cursor, statement, parameters, on_fraction, feed)
        if staged.skipped is not None:
            faults = " ".join(f"WHEN '{kind}' THEN '{code}'" for kind, code in READER_FAULTS.items())
            cursor.execute(
                "COPY (SELECT cast(line AS BIGINT) AS line, "
                f"min(CASE error_type {faults} ELSE 'wrong_columns' END) AS code "
                "FROM reader_rejects GROUP BY line ORDER BY line) TO $skipped (FORMAT parquet)",
                {"skipped": str(staged.skipped)},
            )


def _is_fed(head: FileHead) -> bool:
    """Whether DuckDB cannot open the file itself: it unpacks gzip and Zstandard, but no archives."""
    return head.packed is not None and head.packed.packing == "zip" and head.container != "parquet"


def stage_drafts(described: Descriptions, format_name: str, dataset_id: str, scratch: Path) -> Staged:
    """Runs the checks over drafts that were made row by row."""
    staged = Staged(scratch / "rows.parquet", None, lines=described.lines)
    with open_engine(writable=[scratch]) as engine, engine.cursor() as cursor:
        create_word_types(cursor, format_name, dataset_id)
        rows = _checked(cursor, described, packed("checked", format_name, dataset_id))
        rows.write_parquet(str(staged.rows))
    return staged


def drafts_rejected(described: Descriptions) -> tuple[tuple[str | None, str | None], ...]:
    """Reject code and column of each draft, None for one that an import would accept."""
    with open_engine() as engine, engine.cursor() as cursor:
        return tuple(_checked(cursor, described, "SELECT reject_code, reject_column FROM checked").fetchall())


def _checked(
    cursor: duckdb.DuckDBPyConnection, described: Descriptions, select: str
) -> duckdb.DuckDBPyRelation:
    for macro in macro_statements():
        cursor.execute(macro)
    columns = ", ".join(f"cast(row.{name} AS {kind}) AS {name}" for name, kind in DRAFT.items())
    rows = [{name: draft.get(name) for name in DRAFT} for draft in described.drafts]
    return cursor.sql(
        f"WITH draft AS (SELECT {columns} FROM (SELECT unnest($rows) AS row)),\n"
        f"checked AS ({check_sql()})\n{select}",
        params={"rows": rows},
    )


def reader_sql(head: FileHead) -> str:
    """The relation `source` over $path."""
    rejects = "rejects_table = 'reader_rejects', rejects_scan = 'reader_scans', rejects_limit = 0"
    # By default a thread would buffer 16 of the longest lines, and run out of memory on wide rows.
    sizes = f"max_line_size = {MAX_LINE_BYTES}, buffer_size = {2 * MAX_LINE_BYTES}"
    # Never by the name of the file, which says nothing sure about it.
    packing = head.packed.packing if head.packed else "none"
    compression = f"compression = '{'none' if packing == 'zip' else packing}'"
    fixed = f"auto_detect = false, {compression}, {sizes}, store_rejects = true, {rejects}"
    if head.container == "jsonl":
        return (
            f"SELECT raw FROM read_csv($path, columns = {{'raw': 'VARCHAR'}}, delim = {_NO_DELIMITER}, "
            f"quote = '', escape = '', header = false, strict_mode = false, {fixed})"
        )
    if head.container == "json":
        shape = "array" if head.is_array else "unstructured"
        return (
            "SELECT cast(json AS VARCHAR) AS raw FROM read_json_objects($path, "
            f"format = '{shape}', maximum_object_size = {MAX_LINE_BYTES}, {compression})"
        )
    if head.csv is not None:
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(head.columns)))
        delimiter = f"chr({ord(head.csv.delimiter)})"
        return (
            f"SELECT * FROM read_csv($path, columns = {{{columns}}}, delim = {delimiter}, quote = '\"', "
            f"escape = '\"', header = true, skip = {head.csv.skip_lines}, {fixed})"
        )
    return f"SELECT * FROM {_IN_MEMORY}" if head.packed else "SELECT * FROM read_parquet($path)"


def bound_source(cursor: duckdb.DuckDBPyConnection, head: FileHead, path: Path) -> dict[str, str]:
    """What `reader_sql` needs beside its text: the parameters, and packed Parquet under its name."""
    if head.container != "parquet" or head.packed is None:
        return {"path": str(path)}
    file = pq.ParquetFile(pa.BufferReader(head.packed.whole(path.name)))
    cursor.register(_IN_MEMORY, pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches()))
    return {}


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
    feed: Feed | None,
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
                done = percent / 100 if percent >= 0 else None
                on_fraction(feed.fraction if feed else done)
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
