"""A batch counts once: by its totals, or by its requests one by one.

Providers hand out both: an object with the usage of the whole batch, and files with a line a request.
Totals are buckets with a batch id. A request is of the batch when it names the same id, or the file
that the totals name in `custom_id`. Result files do not name their batch: a request that names none
may be of the batch when it ran in tier batch on the same model while the batch lasted, and is treated
as if it were, because a total counted twice is worse than a refusal that says what to do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

_TABLES: Final = """
CREATE TEMP TABLE batch_totals (
  p BIGINT, batch_id VARCHAR, custom_id VARCHAR, provider VARCHAR, model VARCHAR,
  ts TIMESTAMP, ts_end TIMESTAMP
);
CREATE TEMP TABLE batch_lines (p BIGINT, batch_id VARCHAR, provider VARCHAR, model VARCHAR, ts TIMESTAMP);
"""
"""`p` is the position in the file, NULL for what the workspace has already."""

_REFUSED: Final = """
CREATE TEMP TABLE refused AS
WITH pairs AS (
  SELECT totals.p AS total_p, lines.p AS line_p, true AS named
  FROM batch_totals AS totals JOIN batch_lines AS lines ON lines.batch_id = totals.batch_id
  UNION ALL
  SELECT totals.p, lines.p, true
  FROM batch_totals AS totals JOIN batch_lines AS lines ON lines.batch_id = totals.custom_id
  UNION ALL
  SELECT totals.p, lines.p, false
  FROM batch_totals AS totals JOIN batch_lines AS lines
    ON lines.provider = totals.provider AND lines.model = totals.model
    AND lines.ts >= totals.ts AND lines.ts <= totals.ts_end
  WHERE lines.batch_id IS NULL
)
SELECT total_p AS p, CASE WHEN bool_or(named) THEN 'batch_lines_present' ELSE 'batch_lines_likely' END AS code
FROM pairs WHERE total_p IS NOT NULL GROUP BY total_p
UNION ALL
SELECT line_p, CASE WHEN bool_or(named) THEN 'batch_totals_present' ELSE 'batch_totals_likely' END
FROM pairs WHERE line_p IS NOT NULL AND total_p IS NULL GROUP BY line_p
"""
"""Where both are in one file the requests stay, because they say more."""


def counted_once(
    cursor: duckdb.DuckDBPyConnection,
    rows: str,
    parameters: Mapping[str, str],
    known: Sequence[Path],
    path: Path,
) -> bool:
    """Writes the staged rows with those rejected that would count a batch twice.

    Args:
        cursor: of an engine that may read the files and write `path`.
        rows: the relation of the staged rows, with their position `p`.
        parameters: what the relation is bound to.
        known: the call files of the workspace.
        path: where the rows go, in the same order, when one of them is rejected.

    Returns:
        Whether there was anything to reject.
    """
    cursor.execute(_TABLES)
    sources: list[tuple[str, str, str, dict[str, Any]]] = [
        (rows, "p", "reject_code IS NULL AND makes_call", dict(parameters))
    ]
    if known:
        files = {"files": [str(file) for file in known]}
        sources.append(("read_parquet($files)", "NULL", "true", files))
    for relation, position, usable, given in sources:
        cursor.execute(
            f"""INSERT INTO batch_totals
            SELECT {position}, batch_id, custom_id, provider, model, ts, ts_end
            FROM {relation} WHERE {usable} AND grain = 'bucket' AND batch_id IS NOT NULL""",
            given,
        )
    if not cursor.execute("SELECT count(*) FROM batch_totals").fetchall()[0][0]:
        return False
    for relation, position, usable, given in sources:
        cursor.execute(
            f"""INSERT INTO batch_lines SELECT {position}, batch_id, provider, model, ts
            FROM {relation} WHERE {usable} AND grain = 'call' AND (batch_id IS NOT NULL OR tier = 'batch')""",
            given,
        )
    cursor.execute(_REFUSED)
    if not cursor.execute("SELECT count(*) FROM refused").fetchall()[0][0]:
        return False
    cursor.execute(
        f"""COPY (
          SELECT staged.* EXCLUDE (p, file_row_number) REPLACE (coalesce(reject_code, code) AS reject_code)
          FROM {rows} AS staged LEFT JOIN refused ON staged.p = refused.p ORDER BY staged.p
        ) TO $path (FORMAT parquet)""",
        {"path": str(path), **parameters},
    )
    return True
