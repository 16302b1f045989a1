"""Batch jobs one by one: how they ended, what they and each usable answer cost, whether they were in time.

Costs come from the same engine as every other figure, each line at its own day's price; all of them are
computed from usage, except what the source itself reported.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Final, Literal

import pyarrow as pa

from data.batches import RetryLine
from data.declared import Declared
from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from pricing.table import PriceTable
from reports.look import sum_costs, whole_cost
from reports.triage_report import safe_cell

PRECISION: Final = 60
AT_LIST: Final = "sync+cache"
"""The lane a batch is held against: the same calls at once, with the same cache hits."""
_WITHOUT_HITS: Final = "sync"

Deadline = Literal["calls", "workload", "provider"]
"""Who set the deadline: the calls themselves, what was declared of the workload, or the provider's expiry."""

InTime = Literal["met", "missed", "not_missed", "unknown"]
"""`not_missed`: its lines span less than the deadline, but nothing says when the batch was handed in."""

_COUNTS: Final = ("n_requests", "n_ok", "n_error", "n_expired", "n_cancelled", "n_totals", "n_ok_unmetered")
_CACHED: Final = ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")
_TOKENS: Final = ("input_tokens", "cache_read_tokens", "output_tokens")


@dataclass(frozen=True)
class BatchJob:
    """One batch: its endings, tokens, costs in micro-dollars and times (naive UTC).

    `batch_id` is None for the lines in tier batch whose file does not say which batch they are of.
    `cost_micro_usd` is None where anything of it has no price, and so is `list_micro_usd`, the same
    calls at once with the same cache hits; `lost_micro_usd` is the part billed for lines that failed.
    `errors` counts the error codes of failed lines where the log has them.
    """

    provider: str
    batch_id: str | None
    models: tuple[str, ...]
    workloads: tuple[str, ...]
    n_requests: int
    n_ok: int
    n_error: int
    n_expired: int
    n_cancelled: int
    n_totals: int
    n_ok_unmetered: int
    input_tokens: int
    cache_read_tokens: int
    output_tokens: int
    cost_micro_usd: Decimal | None
    lost_micro_usd: Decimal
    list_micro_usd: Decimal | None
    reported_usd: Decimal | None
    first_ts: datetime | None
    last_ts_end: datetime | None
    deadline_s: int | None
    deadline_by: Deadline | None
    errors: Mapping[str, int]

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.provider}\x1f{self.batch_id or ''}"

    @property
    def error_rate(self) -> Fraction:
        """Failed requests over all, 0 to 1; expired and cancelled ones are not errors."""
        return Fraction(self.n_error, self.n_requests)

    @property
    def hit_rate(self) -> Fraction | None:
        """Input tokens read from the cache over all input tokens, 0 to 1; None without input."""
        return Fraction(self.cache_read_tokens, self.input_tokens) if self.input_tokens else None

    @property
    def cost_per_usable_micro_usd(self) -> Decimal | None:
        """The whole cost by answered request; None without an answer or without a cost."""
        if self.cost_micro_usd is None or not self.n_ok:
            return None
        with localcontext() as context:
            context.prec = PRECISION
            return self.cost_micro_usd / self.n_ok

    @property
    def turnaround(self) -> timedelta | None:
        """From the first to the last known time; None where there is none, or no one batch."""
        if self.batch_id is None or self.first_ts is None or self.last_ts_end is None:
            return None
        return self.last_ts_end - self.first_ts

    @property
    def turnaround_is_whole(self) -> bool:
        """Whether the times are those of the job, not of its lines, which only bound it from below."""
        return self.n_totals > 0

    @property
    def in_time(self) -> InTime:
        """Whether the deadline was met, as far as the log can say."""
        if self.n_expired:
            return "missed"
        if self.turnaround is None or self.deadline_s is None:
            return "unknown"
        if self.turnaround > timedelta(seconds=self.deadline_s):
            return "missed"
        return "met" if self.turnaround_is_whole else "not_missed"

    @property
    def n_to_retry(self) -> int:
        """Requests that failed or expired."""
        return self.n_error + self.n_expired


@dataclass(frozen=True)
class BatchTotals:
    """All batches together: counts, costs in micro-dollars over those with a price for everything.

    `at_list_micro_usd` is None where any of them has no list price, `each_micro_usd`, the cost of one of
    `n_usable` answers, without one.
    """

    n_batches: int
    n_requests: int
    n_errors: int
    n_expired: int
    cost_micro_usd: Decimal | None
    at_list_micro_usd: Decimal | None
    n_usable: int
    each_micro_usd: Decimal | None


def batch_totals(jobs: Sequence[BatchJob]) -> BatchTotals:
    """What the page says of all batches at once."""
    priced = [job for job in jobs if job.cost_micro_usd is not None]
    cost = sum_costs([{"cost_micro_usd": job.cost_micro_usd} for job in priced])
    listed = all(job.list_micro_usd is not None for job in priced)
    usable = sum(job.n_ok for job in priced)
    with localcontext(prec=PRECISION):
        each = cost / usable if cost is not None and usable else None
    return BatchTotals(
        n_batches=sum(job.batch_id is not None for job in jobs),
        n_requests=sum(job.n_requests for job in jobs),
        n_errors=sum(job.n_error for job in jobs),
        n_expired=sum(job.n_expired for job in jobs),
        cost_micro_usd=cost,
        at_list_micro_usd=sum_costs([{"cost_micro_usd": job.list_micro_usd} for job in priced])
        if listed
        else None,
        n_usable=usable,
        each_micro_usd=each,
    )


def batch_jobs(
    jobs: pa.Table,
    usage: pa.Table,
    errors: pa.Table,
    prices: PriceTable,
    declared: Iterable[Declared],
    as_of: datetime,
) -> tuple[BatchJob, ...]:
    """Every batch of a workspace, latest first, those without a time and those without an id last.

    Args:
        jobs: `data.batches.batch_jobs`.
        usage: `data.batches.batch_usage` with the thresholds of `prices`.
        errors: `data.batches.batch_errors`.
        prices: what to price with.
        declared: what people said of workloads, for deadlines.
        as_of: naive UTC; the day of the price of lines without a time.
    """
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in jobs.to_pylist():
        rows[row["provider"], row["batch_id"] or ""].append(row)
    costs = _costs(usage, prices, as_of)
    codes: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in errors.to_pylist():
        codes[row["provider"], row["batch_id"] or ""][row["error_code"]] = row["n"]
    waits = {item.name: item.max_wait_ms for item in declared if item.max_wait_ms is not None}
    found = [
        _job(key, mine, costs.get(key, _Costs.none()), codes.get(key, {}), prices, waits)
        for key, mine in rows.items()
    ]
    found.sort(key=lambda job: (job.provider, job.batch_id or ""))
    dated = [job for job in found if job.first_ts is not None and job.batch_id is not None]
    dated.sort(key=lambda job: job.first_ts or as_of, reverse=True)
    undated = [job for job in found if job.first_ts is None and job.batch_id is not None]
    return (*dated, *undated, *(job for job in found if job.batch_id is None))


@dataclass(frozen=True)
class _Costs:
    whole: Decimal | None
    lost: Decimal
    at_list: Decimal | None

    @classmethod
    def none(cls) -> "_Costs":
        return cls(None, Decimal(0), None)


def _costs(usage: pa.Table, prices: PriceTable, as_of: datetime) -> dict[tuple[str, str], _Costs]:
    priced = lane_costs(
        usage,
        prices,
        group_by=("provider", "workload", "status"),
        as_of=None,
        undated_as_of=as_of,
        lanes=(AS_BILLED, AT_LIST, _WITHOUT_HITS),
    )
    rows: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in priced.to_pylist():
        rows[row["provider"], row["workload"]][row["lane"]].append(row)
    return {
        key: _Costs(
            _whole(lanes[AS_BILLED]),
            sum_costs(row for row in lanes[AS_BILLED] if row["status"] != "ok") or Decimal(0),
            _at_list(lanes),
        )
        for key, lanes in rows.items()
    }


def _at_list(lanes: Mapping[str, Sequence[Mapping[str, Any]]]) -> Decimal | None:
    """At once with the hits; a model without a cache price needs none for calls without cached tokens."""
    found = _whole(lanes[AT_LIST])
    cached = sum(row[name] or 0 for row in lanes[AT_LIST] for name in _CACHED)
    return _whole(lanes[_WITHOUT_HITS]) if found is None and not cached else found


def _whole(rows: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """The rows' cost together; None when any call with tokens has no price, or an answered one no tokens."""
    complete = all(
        whole_cost(row) is not None and row["n_unmetered"] == row["n_failed_unmetered"] for row in rows
    )
    return sum_costs(rows) if complete else None


def _job(
    key: tuple[str, str],
    rows: Sequence[Mapping[str, Any]],
    costs: _Costs,
    errors: Mapping[str, int],
    prices: PriceTable,
    waits: Mapping[str, int],
) -> BatchJob:
    provider, batch_id = key
    models = tuple(sorted({row["model"] for row in rows if row["n_ok"]} or {row["model"] for row in rows}))
    workloads = tuple(
        sorted({row["workload"] for row in rows if row["n_ok"]} or {row["workload"] for row in rows})
    )
    deadline_s, deadline_by = _deadline(provider, models, workloads, rows, prices, waits)
    reported = [row["reported_cost_usd"] for row in rows if row["reported_cost_usd"] is not None]
    sums = {name: sum(row[name] or 0 for row in rows) for name in (*_COUNTS, *_TOKENS)}
    return BatchJob(
        provider=provider,
        batch_id=batch_id or None,
        models=models,
        workloads=workloads,
        cost_micro_usd=costs.whole,
        lost_micro_usd=costs.lost,
        list_micro_usd=costs.at_list,
        reported_usd=sum(reported, Decimal(0)) if reported else None,
        first_ts=min((row["first_ts"] for row in rows if row["first_ts"] is not None), default=None),
        last_ts_end=max((row["last_ts_end"] for row in rows if row["last_ts_end"] is not None), default=None),
        deadline_s=deadline_s if batch_id else None,
        deadline_by=deadline_by if batch_id else None,
        errors=dict(sorted(errors.items(), key=lambda item: (-item[1], item[0]))),
        **sums,
    )


def _deadline(
    provider: str,
    models: Sequence[str],
    workloads: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    prices: PriceTable,
    waits: Mapping[str, int],
) -> tuple[int | None, Deadline | None]:
    """The strictest deadline of the first who set one: the calls, the workloads' owners, the provider."""
    of_calls = [row["min_deadline_s"] for row in rows if row["min_deadline_s"] is not None]
    if of_calls:
        return min(of_calls), "calls"
    of_workloads = [waits[name] // 1000 for name in workloads if name in waits]
    if of_workloads:
        return min(of_workloads), "workload"
    terms = [prices.terms(provider, model, "batch") for model in models]
    expiries = [found.expiry_s for found in terms if found is not None and found.expiry_s is not None]
    return (min(expiries), "provider") if expiries else (None, None)


# ------------------------------------------------------------------------ the retry list


def to_retry(lines: Iterable[RetryLine], *, answered_too: bool) -> tuple[str, ...]:
    """The custom ids to run again; those answered elsewhere since only when asked for."""
    return tuple(
        line.custom_id
        for line in lines
        if line.custom_id is not None and (answered_too or not line.n_answered_since)
    )


def retry_csv(lines: Iterable[RetryLine], wanted: Iterable[str]) -> str:
    """One row a custom id with how it ended, RFC 4180 with CRLF; no cell runs as a formula."""
    chosen = set(wanted)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("custom_id", "status"))
    writer.writerows(
        (safe_cell(line.custom_id), line.status)
        for line in lines
        if line.custom_id in chosen and line.custom_id
    )
    return out.getvalue()


def retry_jsonl(lines: Iterable[RetryLine], wanted: Iterable[str]) -> str:
    """One JSON object a custom id, exactly as the log has it."""
    chosen = set(wanted)
    return "".join(
        json.dumps({"custom_id": line.custom_id, "status": line.status}, ensure_ascii=False) + "\n"
        for line in lines
        if line.custom_id in chosen
    )
