"""The batch jobs of a workspace: how the requests of each ended, how long it took, what it used.

A job is known by its provider and its batch id. Lines in tier batch whose file does not say which batch
they are of come together under no id. Nothing counts twice here: the same line in two files is a
duplicate, and totals beside the lines of their batch are refused (`data.batch_totals`).
"""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from data.cube import USAGE_GRAIN, USAGE_SCHEMA, Rollup, rolled_up, rolled_up_by
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

_OF_A_BATCH: Final = "case when batch_id is not null or (tier = 'batch' and grain = 'call')"
_JOBS: Final = Rollup("batch_jobs", JOBS_SCHEMA, tuple(JOBS_SCHEMA.names[:4]))
_USAGE: Final = Rollup(
    "batch_usage",
    USAGE_SCHEMA,
    USAGE_GRAIN,
    sql="usage",
    by=f"{_OF_A_BATCH} then coalesce(batch_id, '') end",
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


def batch_usage(workspace: Workspace, thresholds: Sequence[int]) -> pa.Table:
    """What batch jobs used, to be priced: a usage cube whose `workload` is the batch id, '' without one.

    Raises:
        LanewiseDataError: the thresholds make no bands, as for `data.cube.usage_cube`.
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up_by(workspace, _USAGE, thresholds)
