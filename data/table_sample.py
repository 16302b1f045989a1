"""The first rows of a table that no format knows, in memory: enough to propose a mapping and to try it.

Nothing here writes to the disk. Cells are cut where no field could be that long, so that a prompt
is not carried about; JSON records stay whole, because their text is what the SQL reads.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from data.db import open_engine
from data.errors import UnreadableFileError
from data.files import display_name as fit_to_show
from data.formats.base import FileHead
from data.formats.flat_record import normal
from data.reading import MAX_COLUMNS, read_head
from data.staging import bound_source, reader_sql

SAMPLE_ROWS: Final = 200
PREVIEW_ROWS: Final = 20
_LONGEST_CELL: Final = 400
"""Longer than any identifier that is accepted, so a cut cell is judged like the whole one."""
_MOST_RAW_BYTES: Final = 32 * 1024 * 1024
_MOST_LEVELS: Final = 8
_PART: Final = re.compile(r'"((?:[^"]|"")*)"(?:\.|$)|([^".]+)(?:\.|$)')


@dataclass(frozen=True)
class Sample:
    """The beginning of a file. `names` are its columns or key paths, `rows` its cells or raw records.

    `signature` is equal for files of the same shape: a hash, because a header may be a row of texts.
    `rows` has one cell a column; for JSON one cell, the record's text.
    """

    head: FileHead = field(repr=False)
    shown: str
    names: tuple[str, ...] = field(repr=False)
    signature: str
    rows: tuple[tuple[str | None, ...], ...] = field(repr=False)

    def values(self, name: str) -> tuple[str, ...]:
        """What the first rows have under a name, as text; rows without it are left out."""
        return tuple(value for value in self.column(name) if value is not None and value.strip())

    def column(self, name: str) -> tuple[str | None, ...]:
        """What each of the first rows has under a name, as text."""
        if self.is_json:
            keys = split_path(name)
            return tuple(_scalar(_reached(record, keys)) for record in self.head.records)
        position = _positions(self.head.columns).get(normal(name))
        return () if position is None else tuple(row[position] for row in self.rows)

    @property
    def is_json(self) -> bool:
        """Whether names are paths of keys rather than columns."""
        return self.head.container in {"jsonl", "json"}


def take_sample(path: Path, display_name: str | None = None) -> Sample:
    """Reads the first rows of a file; raises UnreadableFileError for one that cannot be read at all."""
    shown = fit_to_show(display_name or path.name)
    return sample_of(read_head(path.resolve(), shown), shown)


def take_shape(path: Path, display_name: str | None = None) -> str:
    """The signature of a file; raises UnreadableFileError for one that cannot be read at all."""
    return signature(read_head(path.resolve(), fit_to_show(display_name or path.name)))


def sample_of(head: FileHead, shown: str) -> Sample:
    """The first rows of the file that a head is of, read as an import would read them."""
    refuse_wide(head, shown)
    return Sample(head, shown, usable_names(head), signature(head), _rows(head, shown))


def refuse_wide(head: FileHead, shown: str) -> None:
    """Raises UnreadableFileError for a Parquet file too wide to be read whole; other kinds are bounded."""
    if len(head.columns) > MAX_COLUMNS:
        raise UnreadableFileError(
            "The table is too wide",
            f"“{shown}” has {len(head.columns):,} columns; at most {MAX_COLUMNS:,} are read. "
            "Export the columns that matter and import that.",
        )


def usable_names(head: FileHead) -> tuple[str, ...]:
    """The columns or key paths that a mapping can name, in file order; at most 2,000."""
    return tuple(name for name in _names(head) if name.strip() and name.isprintable())[:MAX_COLUMNS]


def signature(head: FileHead) -> str:
    """The shape of a file: a hash of its kind and of its sorted, normalised names."""
    kind = "json" if head.container in {"jsonl", "json"} else head.container
    names = _names(head) if kind == "json" else [normal(name) for name in head.columns]
    return hashlib.sha256(json.dumps([kind, *sorted(set(names))]).encode()).hexdigest()


def has_name(head: FileHead, name: str) -> bool:
    """Whether the head has a column of that name, or a record with something at that path."""
    if head.container in {"jsonl", "json"}:
        keys = split_path(name)
        return any(_reached(record, keys) is not None for record in head.records)
    return normal(name) in _positions(head.columns)


# -- paths ------------------------------------------------------------------------------------


def join_path(keys: Sequence[str]) -> str:
    """Keys as one path: joined by dots, a key with a dot or a quote in double quotes, quotes doubled."""
    return ".".join(
        '"' + key.replace('"', '""') + '"' if not key or "." in key or '"' in key else key for key in keys
    )


def split_path(path: str) -> tuple[str, ...]:
    """The keys of a path; a path that is not well formed is one key."""
    keys, at = [], 0
    while at < len(path):
        part = _PART.match(path, at)
        if part is None:
            return (path,)
        keys.append(part[1].replace('""', '"') if part[1] is not None else part[2])
        at = part.end()
    return tuple(keys) if keys and not path.endswith(".") else (path,)


def pointer(path: str) -> str:
    """The path as a JSON Pointer (RFC 6901), in which no key has a meaning of its own."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in split_path(path))


# -- reading ----------------------------------------------------------------------------------


def _names(head: FileHead) -> list[str]:
    if head.container in {"jsonl", "json"}:
        paths = (join_path(keys) for record in head.records for keys in _leaves(record, ()))
        return list(dict.fromkeys(paths))
    return [head.columns[position] for position in _positions(head.columns).values()]


def _positions(columns: Sequence[str]) -> dict[str, int]:
    """Where each normalised name first stands."""
    found: dict[str, int] = {}
    for position, column in enumerate(columns):
        found.setdefault(normal(column), position)
    return found


def _leaves(value: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner and len(above) < _MOST_LEVELS:
            yield from _leaves(inner, (*above, key))
        else:
            yield (*above, key)


def _reached(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and len(key) < 10 and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _scalar(value: Any) -> str | None:
    """A JSON value as the text that DuckDB would give, without the text of lists and objects."""
    if value is None or isinstance(value, (dict, list)):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)[:_LONGEST_CELL]


def _rows(head: FileHead, shown: str) -> tuple[tuple[str | None, ...], ...]:
    is_json = head.container in {"jsonl", "json"}
    cells = "raw" if is_json else f"left(cast(COLUMNS(*) AS VARCHAR), {_LONGEST_CELL})"
    limit = PREVIEW_ROWS if is_json else SAMPLE_ROWS
    if any(mark in str(head.path) for mark in "*?["):
        raise UnreadableFileError(
            "The file name cannot be used",
            f"“{shown}” or its folder has one of * ? [ in its name. Rename it and try again.",
        )
    try:
        with open_engine(readable=[head.path]) as engine, engine.cursor() as cursor:
            statement = f"SELECT {cells} FROM ({reader_sql(head)}) LIMIT {limit}"
            rows = cursor.execute(statement, bound_source(cursor, head, head.path)).fetchall()
    except duckdb.Error:
        # The driver quotes the line it failed on, so its message goes no further than this.
        raise UnreadableFileError(
            "The first rows cannot be read",
            f"“{shown}” is damaged near its beginning, or its rows are too long. Export it again.",
        ) from None
    kept: list[tuple[str | None, ...]] = []
    size = 0
    for row in rows:
        size += sum(len(cell) for cell in row if cell is not None)
        if kept and size > _MOST_RAW_BYTES:
            break
        kept.append(tuple(row))
    return tuple(kept)
