"""The attributes of a dataset's calls: what workload rules may look at besides the call record.

    datasets/<dataset_id>/attributes.parquet    attributes_id, attributes (JSON text)

Calls share few different sets of attributes, so a call only carries the number of its set, in the
column `attributes_id` beside the call record; calls without attributes have NULL there, and a dataset
without any has no such file. Calls kept as they were staged also have the set itself beside its number.
What may be in a set is decided while reading, in `sql/read_attributes.sql`: short plain values, never
text of prompts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import DamagedDatasetError
from data.store import Workspace

ATTRIBUTES_ID: Final = "attributes_id"
"""The column of a dataset's call files that names the call's set."""

NUMBER_SQL: Final = "CASE WHEN attributes IS NOT NULL THEN cast(hash(attributes) >> 1 AS BIGINT) END"
"""The number that a set has while its row is staged, before it is known which sets there are."""

MAX_SETS: Final = 5_000
"""How many different sets a dataset keeps; attributes that tell single requests apart are left out."""

AttributeSet = Mapping[str, tuple[str, ...]]
"""Attribute -> its values in the order of the log; only tags have more than one as a rule."""

NONE: Final[AttributeSet] = {}


@dataclass(frozen=True)
class Numbering:
    """The attributes left out because they have too many values, and whether the staged numbers hold."""

    dropped: tuple[str, ...] = ()
    as_staged: bool = False


def number_sets(
    cursor: duckdb.DuckDBPyConnection, rows: str, parameters: Mapping[str, Any], path: Path, *, staged: bool
) -> Numbering | None:
    """Makes the table `attribute_sets` (attributes, attributes_id) of staged rows and writes the file.

    `rows` is the relation of the staged rows; `staged` tells that it has numbers already. They are
    kept unless there are too many sets, or two of one number. Returns None when no accepted row has
    attributes: then there is neither table nor file.
    """
    number = ATTRIBUTES_ID if staged else "NULL"
    cursor.execute(
        f"""CREATE TABLE attribute_texts AS
        SELECT DISTINCT attributes, cast({number} AS BIGINT) AS attributes_id FROM {rows}
        WHERE attributes IS NOT NULL AND reject_code IS NULL AND makes_call""",
        dict(parameters),
    )
    texts = _count(cursor, "SELECT count(*) FROM attribute_texts")
    if not texts:
        return None
    as_staged = texts <= MAX_SETS and texts == _count(
        cursor, "SELECT count(DISTINCT attributes_id) FROM attribute_texts"
    )
    if as_staged:
        cursor.execute("CREATE TABLE attribute_sets AS SELECT *, attributes AS kept FROM attribute_texts")
    dropped = () if as_staged else _without_varied(cursor)
    cursor.execute(
        """COPY (SELECT DISTINCT attributes_id, kept AS attributes FROM attribute_sets ORDER BY attributes_id)
        TO $path (FORMAT parquet)""",
        {"path": str(path)},
    )
    cursor.execute("ALTER TABLE attribute_sets DROP COLUMN kept")
    return Numbering(dropped, as_staged)


def _without_varied(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Numbers the sets, leaving out the most varied attributes until few enough sets are left."""
    dropped: list[str] = []
    while True:
        cursor.execute(
            """CREATE OR REPLACE TABLE attribute_sets AS
            SELECT attributes, kept, dense_rank() OVER (ORDER BY kept) AS attributes_id FROM (
              SELECT attributes, nullif(cast(to_json(list_filter(
                from_json(attributes, '[{"name": "VARCHAR", "value": "VARCHAR"}]'),
                lambda one: NOT list_contains($dropped, one.name)
              )) AS VARCHAR), '[]') AS kept
              FROM attribute_texts
            ) WHERE kept IS NOT NULL""",
            {"dropped": dropped},
        )
        if _count(cursor, "SELECT count(DISTINCT kept) FROM attribute_sets") <= MAX_SETS:
            break
        dropped.append(_most_varied(cursor))
    return tuple(dropped)


def _most_varied(cursor: duckdb.DuckDBPyConnection) -> str:
    """The attribute with the most different values."""
    found = cursor.execute(
        """SELECT one.name FROM (
          SELECT unnest(from_json(kept, '[{"name": "VARCHAR", "value": "VARCHAR"}]')) AS one
          FROM attribute_sets
        ) GROUP BY one.name ORDER BY count(DISTINCT one.value) DESC, one.name LIMIT 1"""
    ).fetchall()
    return str(found[0][0])


def _count(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(cursor.execute(query).fetchall()[0][0])


def has_attributes(workspace: Workspace, dataset_id: str) -> bool:
    """Whether the calls of a dataset carry the numbers of attribute sets."""
    return _path(workspace, dataset_id).exists()


def attribute_sets(workspace: Workspace, dataset_id: str) -> dict[int, AttributeSet]:
    """The sets of a dataset by their number, {} when its calls have none.

    Raises DamagedDatasetError when the file is damaged.
    """
    path = _path(workspace, dataset_id)
    if not path.exists():
        return {}
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        return {row["attributes_id"]: _read(row["attributes"]) for row in table.to_pylist()}
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise DamagedDatasetError(dataset_id, path.name) from error


def _read(text: str) -> AttributeSet:
    found: dict[str, tuple[str, ...]] = {}
    for one in json.loads(text):
        found[one["name"]] = (*found.get(one["name"], ()), one["value"])
    return found


def _path(workspace: Workspace, dataset_id: str) -> Path:
    return workspace.dataset_path(dataset_id) / "attributes.parquet"
