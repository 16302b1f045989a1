"""The calls of a workspace by the minute, as a dispatcher would have met them: to replay a policy over."""

from typing import Final

import pyarrow as pa

from data.cube import Rollup, rolled_up
from data.rules import RuleSet
from data.store import Workspace

MINUTES_SCHEMA: Final = pa.schema(
    [
        ("minute_utc", pa.timestamp("us")),
        ("workload", pa.string()),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("tier", pa.string()),
        ("deadline_s", pa.int64()),
        ("batch_eligible", pa.bool_()),
        ("streamed", pa.bool_()),
        ("n", pa.int64()),
    ]
)
"""Columns of the minutes, in order; their meaning is in `sql/rollup_minutes.sql`."""

_MINUTES: Final = Rollup("minutes", MINUTES_SCHEMA, tuple(MINUTES_SCHEMA.names[:8]))


def call_minutes(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """The dated single calls of all datasets by minute and kind, as `MINUTES_SCHEMA`, in order of time.

    Workloads are what `rules`, the workspace's own when None, make of the calls.

    Raises:
        WorkspaceError: the calls of a dataset cannot be read.
    """
    return rolled_up(workspace, _MINUTES, (), rules)
