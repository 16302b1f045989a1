"""The first rows of a file as the calls a mapping would make of them, by the very SQL of an import.

Everything stays in memory: the rows come bound into the statement, the engine can reach no file,
and only the columns of the call record that the mapping fills come out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from data.db import open_engine
from data.errors import UnreadableFileError
from data.formats.mapped import mapped_format
from data.mapping import ColumnMapping, Field
from data.schema import Reject
from data.staging import check_sql, macro_statements
from data.store import reject
from data.table_sample import PREVIEW_ROWS, Sample

_ALWAYS: Final = ("ts", "provider", "model", "workload", "input_tokens", "output_tokens")
_ASKED: Final[tuple[Field, ...]] = (
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "reasoning_tokens",
    "n_requests",
    "ts_end",
    "status",
    "tier",
    "latency_ms",
    "ttft_ms",
    "reported_cost_usd",
    "call_id",
    "session",
    "streamed",
    "deadline_s",
    "batch_eligible",
    "batch_id",
    "custom_id",
)


@dataclass(frozen=True)
class PreviewRow:
    """One of the first rows: the call it makes, by column, or why it makes none."""

    row: int
    call: Mapping[str, Any] | None
    reject: Reject | None


@dataclass(frozen=True)
class Preview:
    """The first rows, at most 20, and the columns of the call record that the mapping fills."""

    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]

    @property
    def accepted(self) -> int:
        """How many of the rows make a call."""
        return sum(row.call is not None for row in self.rows)


def preview(sample: Sample, mapping: ColumnMapping) -> Preview:
    """Tries a mapping on the first rows; raises MappingError when it does not fit the file.

    Rows count from 1 and leave out lines that cannot be split into columns, which only the import
    finds; duplicates show there too.
    """
    columns = (*_ALWAYS, *(field for field in _ASKED if field in mapping.fields))
    chosen = mapped_format(mapping, sample.head, sample.shown)
    wanted = ", ".join(("reject_code", "reject_column", "reject_detail", *columns))
    statement = (
        f"WITH source AS ({_source(sample)}),\ndraft AS ({chosen.draft(sample.head)}),\n"
        f"checked AS ({check_sql()})\nSELECT {wanted} FROM checked"
    )
    rows = [list(row) for row in sample.rows[:PREVIEW_ROWS]]
    try:
        with open_engine() as engine, engine.cursor() as cursor:
            for macro in macro_statements():
                cursor.execute(macro)
            found = cursor.execute(statement, {"rows": rows}).fetchall()
    except duckdb.Error:
        # The driver may quote what it failed on, so its message goes no further than this.
        raise UnreadableFileError(
            "The first rows cannot be shown",
            f"“{sample.shown}” has values near its beginning that cannot be read. Choose other columns.",
        ) from None
    return Preview(
        columns,
        tuple(
            _row(number, values, columns, chosen.labels)
            for number, values in enumerate(found, 1)
            if values[0] != "blank"
        ),
    )


def _source(sample: Sample) -> str:
    """The relation `source` over the rows that are bound as $rows, with the reader's column names."""
    if sample.is_json:
        return "SELECT row[1] AS raw FROM (SELECT unnest(cast($rows AS VARCHAR[][])) AS row)"
    names = [f"c{position}" for position in range(len(sample.head.columns))]
    cells = ", ".join(f"row[{position}] AS {name}" for position, name in enumerate(names, 1))
    return f"SELECT {cells} FROM (SELECT unnest(cast($rows AS VARCHAR[][])) AS row)"


def _row(
    number: int, values: tuple[Any, ...], columns: tuple[str, ...], labels: Mapping[str, str]
) -> PreviewRow:
    code, column, detail, *call = values
    if code is not None:
        return PreviewRow(number, None, reject(number, code, labels.get(column, column), detail))
    return PreviewRow(number, dict(zip(columns, call, strict=True)), None)
