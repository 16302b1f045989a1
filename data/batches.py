"""The batch jobs of a workspace: how the requests of each ended, how long it took, what it used.

A job is known by its provider and its batch id. Lines in tier batch whose file does not say which batch
they are of come together under no id. Nothing counts twice here: the same line in two files is a
duplicate, and totals beside the lines of their batch are refused (`data.batch_totals`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from data.cube import USAGE_GRAIN, USAGE_SCHEMA, Rollup, checked_bands, rolled_up, rolled_up_unnamed
from data.db import open_engine
from data.errors import WorkspaceError
from data.rules import RuleSet
from data.store import Workspace

JOBS_SCHEMA: Final = pa.schema(
    [
        ("provider", pa.string()),
        ("batch_id", pa.string()),
        ("model", pa.string()),
        ("workload", pa.string()),
        ("n_requests", pa.int64()),
        ("n_ok", pa.int64()),
        ("n_error", pa.int64()),
        ("n_expired", pa.int64()),
        ("n_cancelled", pa.int64()),
        ("n_totals", pa.int64()),
        ("n_ended", pa.int64()),
        ("n_ok_unmetered", pa.int64()),
        ("n_failed_metered", pa.int64()),
        ("input_tokens", pa.int64()),
        ("cache_read_tokens", pa.int64()),
        ("cache_write_tokens", pa.int64()),
        ("cache_write_long_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("n_reported", pa.int64()),
        ("reported_cost_usd", pa.decimal128(38, 12)),
        ("n_deadline", pa.int64()),
        ("min_deadline_s", pa.int64()),
        ("first_ts", pa.timestamp("us")),
        ("last_ts_end", pa.timestamp("us")),
    ]
)
"""Columns of the batch jobs, in order; their meaning is in `sql/rollup_batch_jobs.sql`."""

ERRORS_SCHEMA: Final = pa.schema(
    [
        ("provider", pa.string()),
        ("batch_id", pa.string()),
        ("error_code", pa.string()),
        ("n", pa.int64()),
    ]
)
"""Columns of the errors of batch jobs, in order; their meaning is in `sql/rollup_batch_errors.sql`."""

_JOBS: Final = Rollup("batch_jobs", JOBS_SCHEMA, tuple(JOBS_SCHEMA.names[:4]))
_USAGE: Final = Rollup(
    "batch_usage",
    USAGE_SCHEMA,
    USAGE_GRAIN,
    sql="usage",
    by="coalesce(batch_id, '')",
    of="where batch_id is not null or (tier = 'batch' and grain = 'call')",
)
_ERRORS: Final = Rollup("batch_errors", ERRORS_SCHEMA, tuple(ERRORS_SCHEMA.names[:3]))
_REPEATED: Final = Rollup(
    "batch_repeats",
    USAGE_SCHEMA,
    USAGE_GRAIN,
    sql="usage",
    of="""where grain = 'call' and input_tokens is not null and status = 'ok'
      and batch_id is not null and custom_id is not null
      qualify row_number() over (partition by provider, batch_id, custom_id order by ts, call_id) > 1""",
)


def batch_jobs(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """The batch jobs of all datasets, as `JOBS_SCHEMA`: a row per provider, batch, model and workload.

    A batch may have several rows, because failed lines name no model; `batch_id` is NULL for the lines
    in tier batch that name no batch. Workloads are what `rules`, the workspace's own when None, make of
    the calls.

    Raises:
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up(workspace, _JOBS, (), rules)


def batch_errors(workspace: Workspace) -> pa.Table:
    """The error codes of the failed lines of each batch of all datasets, as `ERRORS_SCHEMA`.

    Raises:
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up_unnamed(workspace, _ERRORS)


def batch_usage(workspace: Workspace, thresholds: Sequence[int]) -> pa.Table:
    """What batch jobs used, to be priced: a usage cube whose `workload` is the batch id, '' without one.

    Raises:
        LanewiseDataError: the thresholds make no bands, as for `data.cube.usage_cube`.
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up_unnamed(workspace, _USAGE, checked_bands(thresholds))


def repeated_usage(workspace: Workspace, thresholds: Sequence[int], rules: RuleSet | None = None) -> pa.Table:
    """Lines that a batch answered, and so billed, more than once: the usage of all but the first of each.

    A usage cube with the workloads that `rules`, the workspace's own when None, make of the calls. A
    custom id stands once in a batch, so a second answer under it is a second charge. Lines without a
    batch or a custom id cannot be told apart and are not among them.

    Raises:
        LanewiseDataError: the thresholds make no bands, as for `data.cube.usage_cube`.
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up(workspace, _REPEATED, checked_bands(thresholds), rules)


@dataclass(frozen=True)
class RetryLine:
    """One line of a batch that has to run again: how it ended, and whether it was answered elsewhere since.

    `custom_id` is None for all lines together that carry none.
    """

    custom_id: str | None
    status: str
    n_lines: int
    n_answered_since: int


def retry_lines(workspace: Workspace, provider: str, batch_id: str | None) -> tuple[RetryLine, ...]:
    """The lines of one batch that failed or expired, read from the calls themselves.

    Raises:
        WorkspaceError: the calls cannot be read.
    """
    files = [str(file) for name in workspace.dataset_ids() for file in workspace.call_files(name)]
    if not files:
        return ()
    query = (Path(__file__).parent / "sql" / "retry_lines.sql").read_text(encoding="utf-8")
    asked = {"files": files, "provider": provider, "batch_id": batch_id or ""}
    try:
        with open_engine(readable=[workspace.path]) as engine, engine.cursor() as cursor:
            return tuple(RetryLine(*row) for row in cursor.execute(query, asked).fetchall())
    except (duckdb.Error, OSError) as error:
        raise WorkspaceError(
            "The calls cannot be read",
            f"The calls of a dataset in {workspace.path} are damaged or gone. Delete the dataset that the"
            " Data page names as damaged and import its source again.",
        ) from error
