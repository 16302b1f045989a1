"""Small questions asked of the usage cube and the signals; whole numbers and times, never money."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

LOG_BASE: Final = 1.25
"""Bucket k of a `_log` signal holds values from LOG_BASE^k up to LOG_BASE^(k+1); bucket 0 also holds 0."""

DESCRIBED: Final = "workload_description"
"""The `source_format` of rows that somebody declared; every other row was logged."""

_HOUR: Final = timedelta(hours=1)


class ObservedWindow(NamedTuple):
    """The hours a log covers: first and last hour (UTC, both included) and how many that makes."""

    first_hour_utc: datetime
    last_hour_utc: datetime
    hours: int


class Bounds(NamedTuple):
    """Where a percentile lies: at least `low` and below `high`, in the unit of its signal."""

    low: float
    high: float


def observed_window(cube: pa.Table) -> ObservedWindow | None:
    """The hours from the first to the last logged call, or None when no logged call has a time.

    Described workloads do not count, since nobody observed them. A provider's bucket counts to its end.
    """
    rows = cube.filter((pc.field("source_format") != DESCRIBED) & pc.field("hour_utc").is_valid())
    if rows.num_rows == 0:
        return None
    first: datetime = pc.min(rows["hour_utc"]).as_py()
    last: datetime = pc.max(rows["hour_utc"]).as_py()
    buckets = rows.filter(pc.field("grain") == "bucket")
    if buckets.num_rows:
        bucket_end: datetime = pc.max(buckets["last_ts"]).as_py()
        last = max(last, _hour_of(bucket_end - timedelta(microseconds=1)))
    return ObservedWindow(first, last, (last - first) // _HOUR + 1)


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def hour_of_week(cube: pa.Table, group_by: Sequence[str] = ("workload",)) -> pa.Table:
    """Calls per hour of the week: columns `*group_by`, `hour_of_week`, `n_requests`, ordered.

    Hour 0 is Monday 00:00 UTC, hour 167 the last of Sunday. Counts single calls only: a bucket of a
    day says nothing about its hours.
    """
    calls = cube.filter((pc.field("grain") == "call") & pc.field("hour_utc").is_valid())
    hour = pc.add(pc.multiply(pc.day_of_week(calls["hour_utc"]), 24), pc.hour(calls["hour_utc"]))
    keys = [*group_by, "hour_of_week"]
    counted = calls.append_column("hour_of_week", pc.cast(hour, pa.int64())).group_by(keys)
    return (
        counted.aggregate([("n_requests", "sum")])
        .rename_columns([*keys, "n_requests"])
        .sort_by([(key, "ascending") for key in keys])
    )


def histogram(signals: pa.Table, signal: str, workload: str | None = None) -> dict[int, int]:
    """Bucket to number of calls, for one signal of one workload (of all when None), ascending."""
    rows = signals.filter(pc.field("signal") == signal)
    if workload is not None:
        rows = rows.filter(pc.field("workload") == workload)
    totals = rows.group_by("bucket").aggregate([("n", "sum")]).sort_by("bucket")
    return dict(zip(totals["bucket"].to_pylist(), totals["n_sum"].to_pylist(), strict=True))


def log_bucket_bounds(bucket: int) -> Bounds:
    """What bucket `bucket` of a `_log` signal holds, in milliseconds or tokens."""
    return Bounds(0.0 if bucket == 0 else LOG_BASE**bucket, LOG_BASE ** (bucket + 1))


def percentile(counts: Mapping[int, int], q: float) -> Bounds | None:
    """Where the q-th quantile (0 < q <= 1, nearest rank) of a `_log` histogram lies; None when it is empty.

    A histogram knows its percentiles only as well as its buckets: at most a quarter wide.
    """
    if not 0 < q <= 1:
        raise ValueError(f"a quantile lies above 0 and at most at 1, not at {q}")
    total = sum(counts.values())
    rank = math.ceil(Fraction(str(q)) * total)  # as a float, 0.07 x 100 is a little more than 7
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= rank and total:
            return log_bucket_bounds(bucket)
    return None
