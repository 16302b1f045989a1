"""The second pass of an import: staged rows become a dataset folder, each call once in a workspace.

A call is known by its id. Of rows with equal ids the first accepted one is kept (the last one, where
a format repeats a call with growing numbers), but what was answered and metered before what failed: a
gateway may log both under one id, and the answer is billed. An id that another dataset has is a duplicate
of that dataset, unless that is a failure without tokens and this the billed answer. A row without an id
is known by its content and by how many equal rows stood before it in the file, so equal rows of one file
all count, and the same file imported again adds nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow.parquet as pq

from data.attributes import ATTRIBUTES_ID, Numbering, number_sets
from data.batch_totals import counted_once
from data.db import open_engine, quoted
from data.errors import WorkspaceError
from data.files import hard_link_or_copy, sync_file, sync_folder
from data.schema import BILL_COLUMNS, COLUMNS, Grain, Reject
from data.staged import create_word_types, is_call_file, stored, unpacked, unpacked_again
from data.staging import Staged
from data.store import Workspace, reject

_ANSWERED: Final = "status = 'ok' AND input_tokens IS NOT NULL"
_FAILED: Final = "status <> 'ok' AND coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0"
"""A failure that nobody bills; one that has tokens may have been billed as it is."""

_HASH: Final = "hash(call_id)"
"""Tells ids apart well enough to find suspects: 64 bits, and equal ones are compared as text."""

SHOWN: Final = 20
"""How many rejects and duplicate lines an outcome lists."""


@dataclass(frozen=True)
class Settled:
    """What became of the staged rows; `folder` holds the dataset, of use when it `holds_anything`.

    Rows that are no calls are accepted and leave nothing behind, so a file may be accepted in full
    and make no dataset.
    """

    folder: Path
    read: int
    accepted: int
    rejected: int
    duplicates: int
    extra_calls: int
    calls: int
    bills: int
    facts: int
    undated: int
    first_ts_utc: datetime | None
    last_ts_utc: datetime | None
    grain: Grain
    reject_counts: Mapping[str, int]
    duplicates_of: Mapping[str, int]
    first_rejects: tuple[Reject, ...]
    first_duplicate_lines: tuple[int, ...]
    note_counts: Mapping[str, int]
    dropped_attributes: tuple[str, ...] = ()

    @property
    def holds_anything(self) -> bool:
        """Whether there are calls, bill lines or declared facts; an accepted row may make none of these."""
        return bool(self.calls or self.bills or self.facts)


@dataclass(frozen=True)
class Source:
    """What the rows came from: format name, its names for columns, fact rows by call id, repeats."""

    format: str
    labels: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]
    keeps_last: bool = False


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
            job = _Settling(cursor, staged, source, dataset_id)
            job.refuse_batches_counted_twice(workspace, against, scratch / "rows-refused.parquet")
            job.number_lines()
            job.name_rows()
            job.find_duplicates(workspace, against)
            job.write_rejects(folder / "rejects.parquet")
            job.number_attributes(folder / "attributes.parquet")
            extra_calls = job.write_calls(folder / "calls")
            bills = job.write_bills(folder / "bills")
            facts = job.accepted_facts()
            settled = job.summary(folder, extra_calls, bills, len(facts))
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
    for inner in (folder / "calls", folder / "bills", folder):
        if inner.is_dir():
            sync_folder(inner)


class _Settling:
    """The statements of one settling, on one cursor, in the order `settle` runs them."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, staged: Staged, source: Source, dataset_id: str
    ) -> None:
        self._cursor = cursor
        self._staged = staged
        self._source = source
        self._rows = {"rows": str(staged.rows)}
        self._is_call_file = is_call_file(cursor, staged.rows)
        self._all = unpacked(staged.rows, finished=self._is_call_file)
        self._numbering: Numbering | None = None
        self._named = self._all
        self._own = {"source_format": quoted(source.format), "dataset_id": quoted(dataset_id)}
        create_word_types(cursor, source.format, dataset_id)

    def refuse_batches_counted_twice(
        self, workspace: Workspace, against: tuple[str, ...], path: Path
    ) -> None:
        """Goes on with rows that count no batch twice; see `data.batch_totals`."""
        known = [file for dataset_id in against for file in workspace.call_files(dataset_id)]
        if counted_once(self._cursor, self._all, self._rows, known, path):
            self._rows = {"rows": str(path)}
            self._all = unpacked_again()
            self._is_call_file = False

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
        """`numbered`: rows without an id whose key stood in the file before, and how many times with them."""
        unnamed = f"(SELECT p, row_key FROM {self._all} WHERE reject_code IS NULL AND call_id IS NULL)"
        self._cursor.execute(
            f"""CREATE TABLE numbered AS
            SELECT p, nth FROM (
              SELECT p, row_number() OVER (PARTITION BY row_key ORDER BY p) AS nth
              FROM {unnamed} SEMI JOIN (
                SELECT hash(row_key) AS suspect FROM {unnamed} GROUP BY suspect HAVING count(*) > 1
              ) ON hash(row_key) = suspect
            ) WHERE nth > 1""",
            self._rows,
        )
        # No join, which might change places with its other side, and the order of the rows with it.
        nth = "coalesce((SELECT nth FROM numbered WHERE numbered.p = rows.p), 1)"
        call_id = f"coalesce(call_id, concat('row-', left(row_key, 40), '-', {nth})) AS call_id"
        self._named = (
            f"(SELECT rows.* REPLACE ({call_id}) FROM {self._all} AS rows WHERE reject_code IS NULL)"
        )

    def find_duplicates(self, workspace: Workspace, against: tuple[str, ...]) -> None:
        """`duplicates`: each position left out, and the dataset that has the call, NULL for this file."""
        ids = f"""(
          SELECT p, call_id, coalesce({_ANSWERED}, false) AS answered FROM {self._all}
          WHERE reject_code IS NULL AND call_id IS NOT NULL
        )"""
        # Few ids repeat, so hashes find the suspects, in a fifth of the memory that the ids would take.
        self._cursor.execute(
            f"""CREATE TABLE suspects AS
            SELECT {_HASH} AS suspect FROM {ids} GROUP BY suspect HAVING count(*) > 1""",
            self._rows,
        )
        self._cursor.execute("CREATE TABLE duplicates (p BIGINT, dataset_id VARCHAR)")
        first = "max(p)" if self._source.keeps_last else "min(p)"
        kept = f"coalesce({first} FILTER (WHERE answered), {first})"
        if self._count("SELECT count(*) FROM suspects"):
            self._cursor.execute(
                f"""INSERT INTO duplicates
                WITH ids AS MATERIALIZED (
                  SELECT p, call_id, answered FROM {ids} SEMI JOIN suspects ON {_HASH} = suspect
                ),
                repeated AS (SELECT call_id, {kept} AS kept FROM ids GROUP BY call_id HAVING count(*) > 1)
                SELECT ids.p, cast(NULL AS VARCHAR) AS dataset_id
                FROM ids JOIN repeated ON ids.call_id = repeated.call_id WHERE ids.p <> repeated.kept""",
                self._rows,
            )
        known, parameters = self._known(workspace, against)
        if known:
            self._cursor.execute(
                f"""INSERT INTO duplicates
                WITH ids AS MATERIALIZED (
                  SELECT p, call_id, coalesce({_ANSWERED}, false) AS answered FROM {self._named}
                  SEMI JOIN (SELECT {_HASH} AS suspect FROM ({known})) ON {_HASH} = suspect
                )
                SELECT ids.p, min(known.dataset_id)
                FROM ids
                JOIN ({known}) AS known ON ids.call_id = known.call_id AND NOT (ids.answered AND known.failed)
                WHERE NOT EXISTS (FROM duplicates WHERE duplicates.p = ids.p)
                GROUP BY ids.p""",
                parameters | self._rows,
            )

    def _known(self, workspace: Workspace, against: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        """The ids of the datasets there are, bill lines and described workloads without usage included."""
        files = [str(file) for known in against for file in workspace.call_files(known)]
        described = [
            {"call_id": row["row_id"], "dataset_id": known}
            for known in against
            for row in workspace.facts(known)
        ]
        bills = [str(file) for known in against for file in workspace.bill_files(known)]
        queries = []
        if files:
            failed = f"coalesce({_FAILED}, false) AS failed"
            queries.append(f"SELECT call_id, dataset_id, {failed} FROM read_parquet($files)")
        if bills:
            queries.append("SELECT line_id AS call_id, dataset_id, false AS failed FROM read_parquet($bills)")
        if described:
            queries.append("SELECT unnest($described, recursive := true), false AS failed")
        given = {"files": files, "bills": bills, "described": described}
        return " UNION ALL ".join(queries), {name: value for name, value in given.items() if value}

    def write_rejects(self, path: Path) -> None:
        """rejects.parquet: line, code, column (as the file names it) and detail, in line order."""
        labels = " ".join(
            f"WHEN {quoted(column)} THEN {quoted(label)}" for column, label in self._source.labels.items()
        )
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

    def number_attributes(self, path: Path) -> None:
        """`attribute_sets`, and the dataset's file of them when its calls have any."""
        staged = self._is_call_file and ATTRIBUTES_ID in pq.read_schema(self._staged.rows).names
        self._numbering = number_sets(self._cursor, self._all, self._rows, path, staged=staged)

    def _kept(self, kind: str) -> str:
        """The accepted rows of a kind (makes_call, makes_bill) that are no duplicates, each with an id."""
        return f"(FROM {self._named} WHERE {kind} AND p NOT IN (SELECT p FROM duplicates))"

    def write_calls(self, folder: Path) -> int:
        """The call files; returns how many calls were made beyond one a row."""
        is_kept_as_staged = self._numbering is None or self._numbering.as_staged
        if self._is_call_file and is_kept_as_staged and not self._count("SELECT count(*) FROM duplicates"):
            hard_link_or_copy(self._staged.rows, folder / "part-0.parquet")
            return 0
        kept = self._kept("makes_call")
        self._copy(folder / "part-0.parquet", COLUMNS, self._own, kept)
        extra_calls = self._count(
            f"SELECT count(*) FROM (SELECT unnest(extra_calls) FROM {kept} WHERE len(extra_calls) > 0)",
            self._rows,
        )
        if extra_calls:
            beside = {"latency_ms", "ttft_ms", "reported_cost_usd", "reasoning_tokens", "custom_id"}
            billed = self._own | dict.fromkeys(beside, "NULL")
            billed |= {"call_id": "call_id || '#' || extra.kind || '-' || nth"}
            billed |= {"model": "extra.model", "model_raw": "extra.model"}
            tokens = ("input", "cache_read", "cache_write", "cache_write_long", "output")
            billed |= {f"{part}_tokens": f"extra.{part}_tokens" for part in tokens}
            each = f"""(
              SELECT *, unnest(extra_calls) AS extra, generate_subscripts(extra_calls, 1) AS nth
              FROM {kept} WHERE len(extra_calls) > 0
            )"""
            self._copy(folder / "part-1.parquet", COLUMNS, billed, each)
        return extra_calls

    def write_bills(self, folder: Path) -> int:
        """The files of bill lines, none when there are none; returns how many lines."""
        kept = self._kept("makes_bill")
        if not self._count(f"SELECT count(*) FROM {self._all} WHERE makes_bill", self._rows):
            return 0
        lines = self._count(f"SELECT count(*) FROM {kept}", self._rows)
        if lines:
            folder.mkdir()
            as_billed = {name: f"bill_{name}" for name in ("model", "workload", "tier")}
            values = self._own | as_billed | {"line_id": "call_id"}
            self._copy(folder / "part-0.parquet", BILL_COLUMNS, values, kept)
        return lines

    def _copy(self, path: Path, wanted: Mapping[str, str], values: Mapping[str, str], relation: str) -> None:
        columns = ", ".join(
            stored(name, values.get(name, name))
            if wanted is COLUMNS
            else f"cast({values.get(name, name)} AS {kind}) AS {name}"
            for name, kind in wanted.items()
        )
        if wanted is COLUMNS and self._numbering is not None:
            same = "one.attributes = kept.attributes"
            number = f"SELECT {ATTRIBUTES_ID} FROM attribute_sets AS one WHERE {same}"
            columns += f", ({number}) AS {ATTRIBUTES_ID}"
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

    def summary(self, folder: Path, extra_calls: int, bills: int, facts: int) -> Settled:
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
        if bills and not calls:
            first_ts, last_ts = self._cursor.execute(
                f"SELECT min(ts), max(ts) FROM {self._kept('makes_bill')}", self._rows
            ).fetchall()[0]
        note_counts = dict(
            self._cursor.execute(
                f"""SELECT note, count(*) FROM (
                  SELECT p, unnest(notes) AS note FROM {self._all} WHERE reject_code IS NULL
                ) AS noted WHERE NOT EXISTS (FROM duplicates WHERE duplicates.p = noted.p)
                GROUP BY note ORDER BY note""",
                self._rows,
            ).fetchall()
        )
        return Settled(
            folder=folder,
            read=usable + sum(rejected.values()),
            accepted=usable - duplicates,
            rejected=sum(rejected.values()),
            duplicates=duplicates,
            extra_calls=extra_calls,
            calls=calls,
            bills=bills,
            facts=facts,
            undated=undated,
            first_ts_utc=first_ts,
            last_ts_utc=last_ts,
            grain="call" if single else "bucket",
            reject_counts=rejected,
            duplicates_of=duplicates_of,
            first_rejects=tuple(reject(*row) for row in first_rejects),
            first_duplicate_lines=tuple(line for (line,) in duplicate_lines),
            note_counts=note_counts,
            dropped_attributes=self._numbering.dropped if self._numbering else (),
        )

    def _count(self, query: str, parameters: Mapping[str, Any] | None = None) -> int:
        return int(self._cursor.execute(query, dict(parameters or {})).fetchall()[0][0])
