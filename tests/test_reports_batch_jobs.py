"""Batch jobs: endings, costs and deadlines by hand, and a retry list of exactly what failed or expired."""

import csv
import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from data.batches import RetryLine
from reports.batch_jobs import BatchJob, retry_csv, retry_jsonl, to_retry
from reports.workbench import Workbench
from tests.record_files import write_records


def line(batch: str | None, name: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "ts": "2026-11-09T20:00:00Z",
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "workload": "filings",
        "tier": "batch",
        "batch_id": batch,
        "custom_id": name,
        "input_tokens": 1000,
        "output_tokens": 0,
    } | changes


def failed(batch: str | None, name: str | None, status: str = "error", **changes: Any) -> dict[str, Any]:
    return line(batch, name, status=status, model=None, input_tokens=None, output_tokens=None) | changes


BILLED: dict[str, Any] = {"model": "claude-sonnet-4-5", "input_tokens": 1000, "output_tokens": 0}
LATER = {"ts": "2026-11-10T07:00:00Z"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Four batches, lines that name none, and calls elsewhere that answer one of the failed lines."""
    folder = tmp_path_factory.mktemp("batches")
    found = Workbench.open(folder / "workspace")
    calls = [
        # `lines`: two answers, one failure that is billed, one failure answered in the same batch, one later
        line("lines", "a", cache_read_tokens=500, **LATER), line("lines", "b"),
        failed("lines", "c", error_code="Server_Error", **BILLED),
        failed("lines", "b", error_code="rate_limit"), failed("lines", "d"), failed("lines", None),
        failed("lines", "x", "cancelled"),
        line(None, "d", tier="standard", ts="2026-11-10T09:00:00Z"),
        # `late`: expired; `quick`: nothing wrong; an earlier answer to `e` is no answer to its failure
        failed("late", "e", "expired"), line("late", "f", ts="2026-11-10T19:00:00Z"),
        line(None, "e", tier="flex", ts="2026-11-08T09:00:00Z"),
        line("quick", "g", deadline_s=3600, ts="2026-11-11T20:00:00Z"),
        line("quick", "h", deadline_s=7200, ts="2026-11-11T20:30:00Z", latency_ms=1000),
        line("totals", "file-1", model="claude-haiku-4-5", grain="bucket", n_requests=10,
             ts="2026-11-08T00:00:00Z", ts_end="2026-11-09T12:00:00Z"),
        line("unpriced", "u", model="no-such-model", ts=None),
        line(None, "nameless"), line(None, None, tier="batch", model="no-such-model"),
    ]  # fmt: skip
    assert found.import_file(write_records(folder / "log.jsonl", *calls)).rejected == 0
    found.declare("filings", author="Ann", max_wait="10h")
    return found


@pytest.fixture(scope="module")
def jobs(bench: Workbench) -> dict[str | None, BatchJob]:
    return {job.batch_id: job for job in bench.verify().batch_jobs()}


def test_the_latest_comes_first_and_what_has_no_time_or_name_last(jobs: dict[str | None, BatchJob]) -> None:
    assert list(jobs) == ["quick", "late", "lines", "totals", "unpriced", None]


def test_endings_and_rates(jobs: dict[str | None, BatchJob]) -> None:
    job = jobs["lines"]
    assert (job.n_requests, job.n_ok, job.n_error, job.n_expired, job.n_cancelled) == (7, 2, 4, 0, 1)
    assert job.error_rate == Fraction(4, 7)
    assert job.hit_rate == Fraction(500, 3000)
    assert job.errors == {"(no code)": 2, "rate_limit": 1, "server_error": 1}
    assert job.models == ("claude-sonnet-4-5",)
    assert (job.n_to_retry, jobs["late"].n_to_retry) == (4, 1)


def test_costs_and_what_a_usable_answer_costs(jobs: dict[str | None, BatchJob]) -> None:
    job = jobs["lines"]
    # batch halves 3 USD a million: 500 x 1.5 + 500 x 0.15, and twice 1,000 x 1.5, one of them for a failure
    assert job.cost_micro_usd == 825 + 1500 + 1500
    assert job.lost_micro_usd == 1500
    assert job.list_micro_usd == 2 * 3825
    assert job.cost_per_usable_micro_usd == Decimal("1912.5")
    assert jobs["unpriced"].cost_micro_usd is None
    assert jobs["unpriced"].cost_per_usable_micro_usd is None


def test_deadlines_are_those_of_the_calls_then_the_owner_then_the_provider(
    jobs: dict[str | None, BatchJob],
) -> None:
    quick, late, lines, totals = (jobs[name] for name in ("quick", "late", "lines", "totals"))
    assert (quick.deadline_s, quick.deadline_by, quick.in_time) == (3600, "calls", "not_missed")
    assert quick.turnaround == timedelta(minutes=30, seconds=1)
    assert (late.in_time, late.deadline_by) == ("missed", "workload")
    assert (lines.deadline_s, lines.turnaround, lines.in_time) == (36_000, timedelta(hours=11), "missed")
    assert totals.turnaround_is_whole
    assert totals.in_time == "missed"
    assert jobs["unpriced"].in_time == "unknown"
    assert jobs[None].deadline_s is None


def test_only_what_failed_or_expired_is_to_run_again(
    bench: Workbench, jobs: dict[str | None, BatchJob]
) -> None:
    lines = bench.verify().retry_lines(jobs["lines"])
    assert lines == (
        RetryLine("c", "error", 1, 0),
        RetryLine("d", "error", 1, 1),
        RetryLine(None, "error", 1, 0),
    )
    assert to_retry(lines, answered_too=False) == ("c",)
    assert to_retry(lines, answered_too=True) == ("c", "d")
    assert bench.verify().retry_lines(jobs["late"]) == (RetryLine("e", "expired", 1, 0),)
    assert bench.verify().retry_lines(jobs["quick"]) == ()
    assert bench.verify().retry_lines(jobs["totals"]) == ()
    assert bench.verify().retry_lines(jobs[None]) == ()


def test_ids_are_bound_values_and_never_sql(bench: Workbench, jobs: dict[str | None, BatchJob]) -> None:
    hostile = jobs["lines"].__class__(**{**vars(jobs["lines"]), "batch_id": "x' OR 1=1 --"})
    assert bench.verify().retry_lines(hostile) == ()


def test_downloads_hold_the_ids_and_no_formula() -> None:
    lines = [
        RetryLine("=cmd()", "error", 1, 0),
        RetryLine("a,b", "expired", 2, 0),
        RetryLine(None, "error", 1, 0),
    ]
    wanted = to_retry(lines, answered_too=False)
    rows = list(csv.reader(retry_csv(lines, wanted).splitlines()))
    assert rows == [["custom_id", "status"], ["'=cmd()", "error"], ["a,b", "expired"]]
    objects = [json.loads(text) for text in retry_jsonl(lines, wanted).splitlines()]
    assert objects == [
        {"custom_id": "=cmd()", "status": "error"},
        {"custom_id": "a,b", "status": "expired"},
    ]
    assert retry_jsonl(lines, ("a,b",)).count("\n") == 1


def test_a_workspace_without_batches_has_no_jobs(tmp_path: Path) -> None:
    assert Workbench.open(tmp_path / "empty").verify().batch_jobs() == ()
