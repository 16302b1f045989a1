"""The second pass of an import: staged rows become a dataset folder, each call once in a workspace.

A call is known by its id. Of rows with equal ids the first accepted one is kept; an id that another
dataset has is a duplicate of that dataset. A row without an id is known by its content and by how
many equal rows stood before it in the file, so equal rows of one file all count, and the same file
imported again adds nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from data.db import open_engine, quoted
from data.errors import WorkspaceError
from data.files import hard_link_or_copy, sync_file, sync_folder
from data.schema import COLUMNS, Grain, Reject
from data.staged import create_word_types, is_call_file, stored, unpacked
from data.staging import Staged
from data.store import Workspace, reject

_HASH: Final = "hash(call_id)"
"""Tells ids apart well enough to find suspects: 64 bits, and equal ones are compared as text."""

SHOWN: Final = 20
"""How many rejects and duplicate lines an outcome lists."""


@dataclass(frozen=True)
class Settled:
    """What became of the staged rows; `folder` holds the dataset when anything was accepted."""

    folder: Path
    read: int
    accepted: int
    rejected: int
    duplicates: int
    extra_calls: int
    calls: int
    undated: int
    first_ts_utc: datetime | None
    last_ts_utc: datetime | None
    grain: Grain
    reject_counts: Mapping[str, int]
    duplicates_of: Mapping[str, int]
    first_rejects: tuple[Reject, ...]
    first_duplicate_lines: tuple[int, ...]


@dataclass(frozen=True)
class Source:
    """What the rows came from: format name, its names for columns, fact rows by call id."""

    format: str
    labels: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]


def settle(
    staged: Staged,
    source: Source,
    workspace: Workspace,
    against: tuple[str, ...],
    dataset_id: str,
    scratch: Path,
) -> Settled:
    """Writes the dataset folder in `scratch`, leaving out what the datasets `against` already have.

    Raises WorkspaceError when the disk is full or one of those datasets is damaged.
    """
    folder = scratch / dataset_id
    (folder / "calls").mkdir(parents=True)
    with (
        open_engine(readable=[workspace.path], writable=[scratch], spill=scratch / "spill") as engine,
        engine.cursor() as cursor,
    ):
        try:
            job = _Settling(cursor, staged, source)
            job.number_lines()
            job.name_rows()
            job.find_duplicates(workspace, against)
            job.write_rejects(folder / "rejects.parquet")
            extra_calls = job.write_calls(folder / "calls", dataset_id)
            facts = job.accepted_facts()
            settled = job.summary(folder, extra_calls)
        except duckdb.Error as error:
            raise WorkspaceError(
                "The import could not be finished",
                f"Writing the dataset or comparing it with the others failed ({type(error).__name__}). "
                "Check that the disk is not full; if another dataset is damaged, delete it and try again.",
            ) from None
    if facts:
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (folder / "facts.json").write_text(text, encoding="utf-8")
    return settled


def finish(folder: Path) -> None:
    """Syncs a dataset folder to the disk before it is renamed into place."""
    for file in folder.rglob("*"):
        if file.is_file():
            sync_file(file)
    for inner in (folder / "calls", folder):
        sync_folder(inner)


class _Settling:
    """The statements of one settling, on one cursor, in the order `settle` runs them."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, staged: Staged, source: Source) -> None:
        self._cursor = cursor
        self._staged = staged
        self._source = source
        self._rows = {"rows": str(staged.rows)}
        self._is_call_file = is_call_file(cursor, staged.rows)
        self._all = unpacked(staged.rows, finished=self._is_call_file)

    def number_lines(self) -> None:
        """`gaps`: from which position on how many lines lie before a record beyond its position."""
        first_line, lines, skipped = self._staged.first_line, self._staged.lines, self._staged.skipped
        self._cursor.execute("CREATE TABLE skipped (line BIGINT, code VARCHAR)")
        self._cursor.execute("CREATE TABLE gaps (start BIGINT, beyond BIGINT)")
        if lines:
            given = [{"start": start, "beyond": line - start} for start, line in enumerate(lines)]
            self._cursor.execute(
                "INSERT INTO gaps SELECT unnest($given, recursive := true)", {"given": given}
            )
            return
        if skipped is not None:
            self._cursor.execute(
                "INSERT INTO skipped SELECT line, code FROM read_parquet($skipped)", {"skipped": str(skipped)}
            )
        self._cursor.execute(
            """INSERT INTO gaps SELECT start, $first_line + max(nth) FROM (
              SELECT 0 AS start, 0 AS nth
              UNION ALL
              SELECT greatest(line - $first_line - (nth - 1), 0), nth
              FROM (SELECT line, row_number() OVER (ORDER BY line) AS nth FROM skipped)
            ) GROUP BY start""",
            {"first_line": first_line},
        )

    def name_rows(self) -> None:
        """`named`: ids for the accepted rows that have none of their own."""
        self._cursor.execute(
            f"""CREATE TABLE named AS
            SELECT p, concat(
              'row-', left(row_key, 40), '-', row_number() OVER (PARTITION BY row_key ORDER BY p)
            ) AS call_id
            FROM {self._all} WHERE reject_code IS NULL AND call_id IS NULL""",
            self._rows,
        )

    def find_duplicates(self, workspace: Workspace, against: tuple[str, ...]) -> None:
        """`duplicates`: each position left out, and the dataset that has the call, NULL for this file."""
        ids = f"""(
          SELECT p, call_id FROM {self._all} WHERE reject_code IS NULL AND call_id IS NOT NULL
        )"""
        # Few ids repeat, so hashes find the suspects, in a fifth of the memory that the ids would take.
        self._cursor.execute(
            f"""CREATE TABLE suspects AS
            SELECT {_HASH} AS suspect FROM {ids} GROUP BY suspect HAVING count(*) > 1""",
            self._rows,
        )
        self._cursor.execute(
            f"""CREATE TABLE duplicates AS
            WITH ids AS MATERIALIZED (
              SELECT p, call_id FROM {ids} SEMI JOIN suspects ON {_HASH} = suspect
            ),
            repeated AS (SELECT call_id, min(p) AS kept FROM ids GROUP BY call_id HAVING count(*) > 1)
            SELECT ids.p, cast(NULL AS VARCHAR) AS dataset_id
            FROM ids JOIN repeated ON ids.call_id = repeated.call_id WHERE ids.p > repeated.kept""",
            self._rows,
        )
        known, parameters = self._known(workspace, against)
        if known:
            self._cursor.execute(
                f"""INSERT INTO duplicates
                WITH ids AS MATERIALIZED (
                  SELECT p, call_id FROM (FROM {ids} UNION ALL SELECT p, call_id FROM named)
                  SEMI JOIN (SELECT {_HASH} AS suspect FROM ({known})) ON {_HASH} = suspect
                )
                SELECT ids.p, min(known.dataset_id)
                FROM ids JOIN ({known}) AS known ON ids.call_id = known.call_id
                WHERE NOT EXISTS (FROM duplicates WHERE duplicates.p = ids.p)
                GROUP BY ids.p""",
                parameters | self._rows,
            )

    def _known(self, workspace: Workspace, against: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        """The ids of the datasets there are, described workloads without usage included."""
        files = [str(file) for known in against for file in workspace.call_files(known)]
        described = [
            {"call_id": row["row_id"], "dataset_id": known}
            for known in against
            for row in workspace.facts(known)
        ]
        queries = []
        if files:
            queries.append("SELECT call_id, dataset_id FROM read_parquet($files)")
        if described:
            queries.append("SELECT unnest($described, recursive := true)")
        given = {"files": files, "described": described}
        return " UNION ALL ".join(queries), {name: value for name, value in given.items() if value}

    def write_rejects(self, path: Path) -> None:
        """rejects.parquet: line, code, column (as the file names it) and detail, in line order."""
        labels = " ".join(f"WHEN '{column}' THEN '{label}'" for column, label in self._source.labels.items())
        column = f"CASE reject_column {labels} ELSE reject_column END" if labels else "reject_column"
        self._cursor.execute(
            f"""COPY (
              SELECT line, code, "column", detail FROM (
                SELECT p + beyond AS line, reject_code AS code, {column} AS "column", reject_detail AS detail
                FROM (
                  SELECT p, reject_code, reject_column, reject_detail FROM {self._all}
                  WHERE reject_code IS NOT NULL AND reject_code <> 'blank'
                ) AS rejected ASOF JOIN gaps ON rejected.p >= gaps.start
                UNION ALL
                SELECT line, code, cast(NULL AS VARCHAR), cast(NULL AS VARCHAR) FROM skipped
              ) ORDER BY line
            ) TO $path (FORMAT parquet)""",
            {"path": str(path), **self._rows},
        )

    def write_calls(self, folder: Path, dataset_id: str) -> int:
        """The call files; returns how many calls were made beyond one a row."""
        if self._is_call_file and not self._count("SELECT count(*) FROM duplicates"):
            hard_link_or_copy(self._staged.rows, folder / "part-0.parquet")
            return 0
        create_word_types(self._cursor, self._source.format, dataset_id)
        own = {"source_format": quoted(self._source.format), "dataset_id": quoted(dataset_id)}
        kept = f"""(
          SELECT rows.* REPLACE (coalesce(rows.call_id, named.call_id) AS call_id)
          FROM {self._all} AS rows LEFT JOIN named ON rows.p = named.p
          WHERE reject_code IS NULL AND makes_call
            AND NOT EXISTS (FROM duplicates WHERE duplicates.p = rows.p)
        )"""
        self._copy(folder / "part-0.parquet", own, kept)
        extra_calls = self._count(
            f"SELECT count(*) FROM (SELECT unnest(extra_calls) FROM {kept} WHERE len(extra_calls) > 0)",
            self._rows,
        )
        if extra_calls:
            beside = {"latency_ms", "ttft_ms", "reported_cost_usd", "reasoning_tokens", "custom_id"}
            billed = own | dict.fromkeys(beside, "NULL")
            billed |= {"call_id": "call_id || '#' || extra.kind || '-' || nth"}
            billed |= {"model": "extra.model", "model_raw": "extra.model"}
            tokens = ("input", "cache_read", "cache_write", "cache_write_long", "output")
            billed |= {f"{part}_tokens": f"extra.{part}_tokens" for part in tokens}
            each = f"""(
              SELECT *, unnest(extra_calls) AS extra, generate_subscripts(extra_calls, 1) AS nth
              FROM {kept} WHERE len(extra_calls) > 0
            )"""
            self._copy(folder / "part-1.parquet", billed, each)
        return extra_calls

    def _copy(self, path: Path, values: Mapping[str, str], relation: str) -> None:
        columns = ", ".join(stored(name, values.get(name, name)) for name in COLUMNS)
        self._cursor.execute(
            f"COPY (SELECT {columns} FROM {relation} AS kept) TO $path (FORMAT parquet)",
            {"path": str(path), **self._rows},
        )

    def accepted_facts(self) -> list[Mapping[str, Any]]:
        """The fact rows of the accepted descriptions."""
        if not self._source.facts:
            return []
        rows = self._cursor.execute(
            f"""SELECT call_id FROM {self._all} AS rows
            WHERE reject_code IS NULL AND NOT EXISTS (FROM duplicates WHERE duplicates.p = rows.p)
            ORDER BY p""",
            self._rows,
        ).fetchall()
        return [self._source.facts[call_id] for (call_id,) in rows]

    def summary(self, folder: Path, extra_calls: int) -> Settled:
        """The counts of everything, and the first rejects and duplicates."""
        rejects = {"rejects": str(folder / "rejects.parquet")}
        rejected = dict(
            self._cursor.execute(
                "SELECT code, count(*) FROM read_parquet($rejects) GROUP BY code ORDER BY code", rejects
            ).fetchall()
        )
        first_rejects = self._cursor.execute(
            f'SELECT line, code, "column", detail FROM read_parquet($rejects) ORDER BY line LIMIT {SHOWN}',
            rejects,
        ).fetchall()
        duplicate_lines = self._cursor.execute(
            f"""SELECT p + beyond FROM duplicates ASOF JOIN gaps ON duplicates.p >= gaps.start
            ORDER BY p LIMIT {SHOWN}"""
        ).fetchall()
        duplicates_of = dict(
            self._cursor.execute(
                """SELECT dataset_id, count(*) FROM duplicates
                WHERE dataset_id IS NOT NULL GROUP BY dataset_id ORDER BY dataset_id"""
            ).fetchall()
        )
        duplicates = self._count("SELECT count(*) FROM duplicates")
        usable = self._count(f"SELECT count(*) FROM {self._all} WHERE reject_code IS NULL", self._rows)
        calls, undated, first_ts, last_ts, single = self._cursor.execute(
            """SELECT count(*), count(*) FILTER (WHERE ts IS NULL), min(ts), max(ts),
              count(*) FILTER (WHERE grain = 'call') FROM read_parquet($calls)""",
            {"calls": [str(file) for file in sorted((folder / "calls").iterdir())]},
        ).fetchall()[0]
        return Settled(
            folder=folder,
            read=usable + sum(rejected.values()),
            accepted=usable - duplicates,
            rejected=sum(rejected.values()),
            duplicates=duplicates,
            extra_calls=extra_calls,
            calls=calls,
            undated=undated,
            first_ts_utc=first_ts,
            last_ts_utc=last_ts,
            grain="call" if single else "bucket",
            reject_counts=rejected,
            duplicates_of=duplicates_of,
            first_rejects=tuple(reject(*row) for row in first_rejects),
            first_duplicate_lines=tuple(line for (line,) in duplicate_lines),
        )

    def _count(self, query: str, parameters: Mapping[str, Any] | None = None) -> int:
        return int(self._cursor.execute(query, dict(parameters or {})).fetchall()[0][0])
