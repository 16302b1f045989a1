"""The usage cube and the workload signals of a workspace: everything later works on these.

They are made by the portable roll-up SQL beside this module, once a dataset, and kept as Parquet in
the workspace's `cache` folder. The cache is derived: any file of it may be deleted or damaged at any
time and is made again.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.attributes import attribute_sets, has_attributes
from data.attribution import KEY_SQL, name_workloads
from data.db import Engine
from data.errors import DamagedDatasetError, LanewiseDataError
from data.files import TEMPORARY
from data.queries import DESCRIBED
from data.rules import RuleSet, current_rules
from data.schema import COLUMNS
from data.shared_engine import roll_up_engine
from data.store import Manifest, Workspace

MAX_THRESHOLDS: Final = 16
"""How many context thresholds `rollup_usage.sql` can tell apart."""

_SQL: Final = Path(__file__).resolve().parent / "sql"
_DAMAGED: Final = (OSError, pa.ArrowException, ValueError, KeyError)

USAGE_SCHEMA: Final = pa.schema(
    [
        ("hour_utc", pa.timestamp("us")),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("workload", pa.string()),
        ("tier", pa.string()),
        ("prompt_band", pa.int64()),
        ("status", pa.string()),
        ("grain", pa.string()),
        ("source_format", pa.string()),
        ("dataset_id", pa.string()),
        ("n_requests", pa.int64()),
        ("n_unmetered", pa.int64()),
        ("input_tokens", pa.int64()),
        ("cache_read_tokens", pa.int64()),
        ("cache_write_tokens", pa.int64()),
        ("cache_write_long_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("n_reported", pa.int64()),
        ("reported_cost_usd", pa.decimal128(38, 12)),
        ("n_batch_eligible", pa.int64()),
        ("n_batch_ineligible", pa.int64()),
        ("n_deadline", pa.int64()),
        ("min_deadline_s", pa.int64()),
        ("n_ambiguous", pa.int64()),
        ("n_streamed", pa.int64()),
        ("n_unstreamed", pa.int64()),
        ("n_timed", pa.int64()),
        ("latency_ms", pa.int64()),
        ("first_ts", pa.timestamp("us")),
        ("last_ts", pa.timestamp("us")),
    ]
)
"""Columns of the usage cube, in order; their meaning is in `sql/rollup_usage.sql`."""

USAGE_GRAIN: Final = tuple(USAGE_SCHEMA.names[:10])

SIGNALS_SCHEMA: Final = pa.schema(
    [
        ("workload", pa.string()),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("signal", pa.string()),
        ("bucket", pa.int64()),
        ("n", pa.int64()),
    ]
)
"""Columns of the signals, in order; their meaning is in `sql/rollup_signals.sql`."""

SIGNALS_GRAIN: Final = tuple(SIGNALS_SCHEMA.names[:5])

BURSTS_SCHEMA: Final = pa.schema(
    [
        ("workload", pa.string()),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("first_minute_utc", pa.timestamp("us")),
        ("last_minute_utc", pa.timestamp("us")),
        ("n", pa.int64()),
    ]
)
"""Columns of the bursts, in order; their meaning is in `sql/rollup_bursts.sql`."""

SESSIONS_SCHEMA: Final = pa.schema(
    [
        ("workload", pa.string()),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("turns_log", pa.int64()),
        ("pause_log", pa.int64()),
        ("n_sessions", pa.int64()),
        ("n_calls", pa.int64()),
        ("n_repeats", pa.int64()),
    ]
)
"""Columns of the sessions, in order; their meaning is in `sql/rollup_sessions.sql`."""


@dataclass(frozen=True)
class Rollup:
    """One roll-up of the calls, kept under its name; `sql/rollup_<name>.sql` and `merge_<name>.sql` make it.

    `sql` names other SQL files to make it with. `of` is SQL for which calls it is of, all when empty; `by`
    for what it groups by in place of the workload.
    """

    name: str
    schema: pa.Schema
    grain: tuple[str, ...]
    sql: str = ""
    of: str = ""
    by: str = ""

    @property
    def rollup_sql(self) -> str:
        """The query over the calls of one dataset."""
        return (_SQL / f"rollup_{self.sql or self.name}.sql").read_text(encoding="utf-8")

    @property
    def merge_sql(self) -> str:
        """The query over the roll-ups of several."""
        return (_SQL / f"merge_{self.sql or self.name}.sql").read_text(encoding="utf-8")

    def exact(self, query: str) -> str:
        """The query in grain order, whole numbers as BIGINT: exact in Parquet and plain integers in Arrow."""
        columns = ", ".join(
            f"cast({field.name} as bigint) as {field.name}" if pa.types.is_int64(field.type) else field.name
            for field in self.schema
        )
        return f"select {columns} from (\n{query}\n) order by {', '.join(self.grain)}"


_USAGE: Final = Rollup("usage", USAGE_SCHEMA, USAGE_GRAIN)
_SIGNALS: Final = Rollup("signals", SIGNALS_SCHEMA, SIGNALS_GRAIN)
_BURSTS: Final = Rollup("bursts", BURSTS_SCHEMA, tuple(BURSTS_SCHEMA.names[:4]))
_SESSIONS: Final = Rollup("sessions", SESSIONS_SCHEMA, tuple(SESSIONS_SCHEMA.names[:5]))


def usage_cube(workspace: Workspace, thresholds: Sequence[int], rules: RuleSet | None = None) -> pa.Table:
    """The usage cube of all datasets, as `USAGE_SCHEMA`, ordered by its grain.

    Args:
        workspace: where the calls are.
        thresholds: context thresholds of the price table in tokens per request, at most 16; each is
            the smallest total input that falls into its band.
        rules: which workload a call is part of; the workspace's own when None.

    Raises:
        LanewiseDataError: more than 16 thresholds, or one that is not positive.
        DamagedDatasetError: the calls of a dataset cannot be read.
    """
    return rolled_up(workspace, _USAGE, checked_bands(thresholds), rules)


def keyed_usage(workspace: Workspace, thresholds: Sequence[int]) -> pa.Table:
    """The logged usage before workload rules: a cube whose `workload` is a key of `data.attribution`.

    Raises as `usage_cube` does.
    """
    bands = checked_bands(thresholds)
    with roll_up_engine(workspace) as engine:
        parts = [
            _dataset_part(workspace, engine, manifest.dataset_id, _USAGE, bands)
            for manifest in workspace.datasets()
            if manifest.format != DESCRIBED
        ]
    return pa.concat_tables([USAGE_SCHEMA.empty_table(), *parts])


def signals(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """The workload signals of all datasets together, as `SIGNALS_SCHEMA`, ordered by their grain.

    Workloads are what `rules`, the workspace's own when None, make of the calls.

    Raises:
        DamagedDatasetError: the calls of a dataset cannot be read.
    """
    return rolled_up(workspace, _SIGNALS, (), rules)


def bursts(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """The bursts of calls of all datasets together, as `BURSTS_SCHEMA`; else as `signals`."""
    return rolled_up(workspace, _BURSTS, (), rules)


def sessions(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """The sessions of all datasets together, as `SESSIONS_SCHEMA`; else as `signals`."""
    return rolled_up(workspace, _SESSIONS, (), rules)


def rolled_up_unnamed(workspace: Workspace, rollup: Rollup, bands: tuple[int, ...] = ()) -> pa.Table:
    """One roll-up of all datasets together in which no workload is to be named; else as `rolled_up`."""
    with roll_up_engine(workspace) as engine:
        parts = [
            _dataset_part(workspace, engine, manifest.dataset_id, rollup, bands)
            for manifest in workspace.datasets()
        ]
        return _merged(engine, rollup, parts)


def checked_bands(thresholds: Sequence[int]) -> tuple[int, ...]:
    """The thresholds in order, each once; LanewiseDataError where they make no bands."""
    bands = tuple(sorted(set(thresholds)))
    if len(bands) > MAX_THRESHOLDS:
        raise LanewiseDataError(
            "Too many context bands",
            f"The price table has {len(bands)} different context thresholds; at most {MAX_THRESHOLDS} can be"
            " told apart. Remove price rows of models you do not use, or give bands the same start.",
        )
    if bands and bands[0] <= 0:
        raise LanewiseDataError(
            "Context band below one token",
            f"A context threshold of {bands[0]} tokens is no band; prices without a threshold are band 0.",
        )
    return bands


def rolled_up(
    workspace: Workspace, rollup: Rollup, bands: tuple[int, ...], rules: RuleSet | None
) -> pa.Table:
    """One roll-up of all datasets together, its workloads named by the rules; raises as `signals` does."""
    asked = current_rules(workspace) if rules is None else rules
    with roll_up_engine(workspace) as engine, engine.cursor() as naming:
        parts = [
            _named(
                workspace,
                naming,
                manifest,
                _dataset_part(workspace, engine, manifest.dataset_id, rollup, bands),
                asked,
            )
            for manifest in workspace.datasets()
        ]
        return _merged(engine, rollup, parts)


def _merged(engine: Engine, rollup: Rollup, parts: Sequence[pa.Table]) -> pa.Table:
    with engine.cursor() as cursor:
        cursor.register("parts", pa.concat_tables([rollup.schema.empty_table(), *parts]))
        return cursor.sql(rollup.exact(rollup.merge_sql)).to_arrow_table().cast(rollup.schema)


def _named(
    workspace: Workspace,
    cursor: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    part: pa.Table,
    rules: RuleSet,
) -> pa.Table:
    if manifest.format == DESCRIBED:
        # A person named it, and its declared facts go by that name.
        return _still_described(workspace, manifest.dataset_id, part)
    sets = attribute_sets(workspace, manifest.dataset_id)
    return name_workloads(cursor, part, rules, sets, manifest.format)


def _still_described(workspace: Workspace, dataset_id: str, part: pa.Table) -> pa.Table:
    """Without the workloads that another dataset describes by now."""
    holders = workspace.describing()
    replaced = [
        row["name"]
        for row in workspace.facts(dataset_id)
        if holders.get(row["name"], dataset_id) != dataset_id
    ]
    return part.filter(pc.invert(pc.is_in(part["workload"], pa.array(replaced, pa.string()))))


def _dataset_part(
    workspace: Workspace, engine: Engine, dataset_id: str, rollup: Rollup, bands: tuple[int, ...]
) -> pa.Table:
    files = sorted((workspace.dataset_path(dataset_id) / "calls").glob("*.parquet"))
    if not files:
        return rollup.schema.empty_table()
    keyed = has_attributes(workspace, dataset_id)
    key = _cache_key(files, rollup, bands, keyed=keyed)
    path = workspace.cache_path(dataset_id) / f"{rollup.name}-{key}.parquet"
    cached = _read_cached(path, rollup.schema)
    if cached is not None:
        return cached
    try:
        part = _roll_up(engine, files, rollup, bands, keyed=keyed)
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        raise DamagedDatasetError(dataset_id, "The calls") from error
    # The cache only saves time: a full disk must not keep the answer from the user.
    with suppress(OSError):
        _write_cached(path, part)
    return part


def _roll_up(
    engine: Engine, files: Sequence[Path], rollup: Rollup, bands: tuple[int, ...], *, keyed: bool
) -> pa.Table:
    padded = [*bands, *[None] * (MAX_THRESHOLDS - len(bands))]
    band_columns = ", ".join(f"cast($t{i} as bigint) as t{i}" for i in range(1, MAX_THRESHOLDS + 1))
    # Not materialized: the roll-up names `calls` several times and each needs few of its columns.
    # A dataset from before a column was known has none of it: for each of its calls it is unknown.
    absent = COLUMNS.keys() - set(pq.read_schema(files[0]).names)
    unknown = "".join(f", cast(null as {COLUMNS[name]}) as {name}" for name in sorted(absent))
    by = rollup.by or (KEY_SQL if keyed else "")
    columns = f"* replace ({by} as workload)" if by else "*"
    query = (
        f"with calls as not materialized (select {columns}{unknown} from read_parquet($files) {rollup.of}),"
        f" prompt_bands as (select {band_columns})\n"
        f"select * from (\n{rollup.rollup_sql}\n)"
    )
    values = {"files": [str(file) for file in files]} | {f"t{i}": t for i, t in enumerate(padded, start=1)}
    with engine.cursor() as cursor:
        return cursor.sql(rollup.exact(query), params=values).to_arrow_table().cast(rollup.schema)


def _cache_key(files: Sequence[Path], rollup: Rollup, bands: tuple[int, ...], *, keyed: bool) -> str:
    """Changes with anything the part depends on: SQL, bands, both schemas and the files of calls.

    It does not depend on the workload rules, which are asked about the part afterwards.

    A dataset deleted and imported again has the same id but perhaps other rows, because what was a
    duplicate then is none now; so the files count, not only the id.
    """
    stats = [(file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    made_by = [rollup.rollup_sql, rollup.of, rollup.by or (KEY_SQL if keyed else "")]
    content = [made_by, list(bands), list(COLUMNS.items()), str(rollup.schema), stats]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20]


def _read_cached(path: Path, schema: pa.Schema) -> pa.Table | None:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:  # read_table would load much more
            table = file.read()
    except _DAMAGED:
        return None
    return table if table.schema.equals(schema) else None


def _write_cached(path: Path, part: pa.Table) -> None:
    partial = path.with_name(f"{TEMPORARY}{uuid.uuid4().hex}")
    try:
        pq.write_table(part, partial, compression="zstd", write_page_checksum=True)
        partial.replace(path)  # not synced: a file cut short by a power cut fails its checksum and is remade
    finally:
        partial.unlink(missing_ok=True)
    kind = path.name.partition("-")[0]
    for stale in path.parent.glob(f"{kind}-*.parquet"):
        if stale != path:
            stale.unlink(missing_ok=True)
