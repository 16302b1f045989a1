"""Batch jobs rolled up: every ending and time by hand, merged over files, never counted twice."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.batches import JOBS_SCHEMA, batch_errors, batch_jobs, batch_usage
from data.cube import USAGE_SCHEMA
from data.ingest import import_file
from data.store import Workspace
from tests.record_files import write_records

at = datetime.fromisoformat


def line(**changes: Any) -> dict[str, Any]:
    return {
        "ts": "2026-11-09T20:00:00Z",
        "provider": "anthropic",
        "model": "claude-sonnet-4-6",
        "workload": "filings",
        "tier": "batch",
        "batch_id": "b1",
        "input_tokens": 1000,
        "output_tokens": 100,
    } | changes


def failed(status: str, **changes: Any) -> dict[str, Any]:
    return line(status=status, model=None) | {"input_tokens": None, "output_tokens": None} | changes


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    table = batch_jobs(workspace)
    assert table.schema == JOBS_SCHEMA
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def test_no_batches_make_no_rows(workspace: Workspace, tmp_path: Path) -> None:
    assert rows(workspace) == []
    import_file(workspace, write_records(tmp_path / "log.jsonl", line(tier="standard", batch_id=None)))
    assert rows(workspace) == []
    assert batch_usage(workspace, [200_000]).num_rows == 0


def test_answers_and_failures_of_one_batch_in_two_files(workspace: Workspace, tmp_path: Path) -> None:
    answers = [
        line(cache_read_tokens=600, latency_ms=1500, ts="2026-11-09T21:00:00Z", deadline_s=86400),
        line(reported_cost_usd=0.25, deadline_s=3600),
        line(input_tokens=None, output_tokens=None),
    ]
    billed = line(status="error", input_tokens=50, output_tokens=0)
    failures = [billed, failed("error"), failed("expired"), failed("cancelled")]
    import_file(workspace, write_records(tmp_path / "output.jsonl", *answers))
    errors = write_records(tmp_path / "errors.jsonl", *failures)
    import_file(workspace, errors)
    import_file(workspace, errors)

    unknown, sonnet = rows(workspace)
    assert sonnet == {
        "provider": "anthropic",
        "batch_id": "b1",
        "model": "claude-sonnet-4-6",
        "workload": "filings",
        "n_requests": 4,
        "n_ok": 3,
        "n_error": 1,
        "n_expired": 0,
        "n_cancelled": 0,
        "n_totals": 0,
        "n_ended": 0,
        "n_ok_unmetered": 1,
        "n_failed_metered": 1,
        "input_tokens": 2050,
        "cache_read_tokens": 600,
        "cache_write_tokens": 0,
        "cache_write_long_tokens": 0,
        "output_tokens": 200,
        "reasoning_tokens": 0,
        "n_reported": 1,
        "reported_cost_usd": Decimal("0.25"),
        "n_deadline": 2,
        "min_deadline_s": 3600,
        "first_ts": at("2026-11-09 20:00"),
        "last_ts_end": at("2026-11-09 21:00:01.500"),
    }
    assert unknown["model"] == "(unknown)"
    ended = ["n_requests", "n_ok", "n_error", "n_expired", "n_cancelled", "n_failed_metered"]
    assert [unknown[name] for name in ended] == [3, 0, 1, 1, 1, 0]
    assert (unknown["input_tokens"], unknown["n_ok_unmetered"]) == (None, 0)


def test_one_batch_over_two_datasets_is_one_row(workspace: Workspace, tmp_path: Path) -> None:
    import_file(workspace, write_records(tmp_path / "a.jsonl", line(), line(batch_id="b2")))
    import_file(workspace, write_records(tmp_path / "b.jsonl", line(ts="2026-11-10T03:00:00Z")))
    first, second = rows(workspace)
    assert (first["batch_id"], first["n_ok"], first["input_tokens"]) == ("b1", 2, 2000)
    assert (first["first_ts"], first["last_ts_end"]) == (at("2026-11-09 20:00"), at("2026-11-10 03:00"))
    assert (second["batch_id"], second["n_ok"]) == ("b2", 1)


def test_lines_that_name_no_batch_and_calls_elsewhere(workspace: Workspace, tmp_path: Path) -> None:
    calls = [
        line(batch_id=None),
        line(batch_id=None, tier="flex"),
        line(batch_id=None, grain="bucket", n_requests=5, ts_end="2026-11-10T20:00:00Z"),
        line(batch_id="totals", model="x", grain="bucket", n_requests=7, ts_end="2026-11-10T20:00:00Z"),
    ]
    import_file(workspace, write_records(tmp_path / "log.jsonl", *calls))
    found = [(row["batch_id"], row["n_requests"], row["n_totals"], row["n_ended"]) for row in rows(workspace)]
    assert found == [("totals", 7, 7, 7), (None, 1, 0, 0)]
    totals = rows(workspace)[0]
    assert totals["last_ts_end"] == at("2026-11-10 20:00")


def test_the_priced_half_is_a_usage_cube_by_batch(workspace: Workspace, tmp_path: Path) -> None:
    calls = [line(input_tokens=250_000), line(), line(batch_id=None), line(batch_id=None, tier="standard")]
    import_file(workspace, write_records(tmp_path / "log.jsonl", *calls))
    table = batch_usage(workspace, [200_000])
    assert table.schema == USAGE_SCHEMA
    found = sorted((row["workload"], row["prompt_band"], row["n_requests"]) for row in table.to_pylist())
    assert found == [("", 0, 1), ("b1", 0, 1), ("b1", 200_000, 1)]


def test_error_codes_by_batch_and_no_words_of_a_message(workspace: Workspace, tmp_path: Path) -> None:
    codes = ["Server_Error", "server_error", "the prompt was: my secret", None]
    calls = [failed("error", error_code=code) for code in codes]
    calls += [
        failed("expired", error_code="batch_expired"),
        line(error_code="ignored"),
        failed("error", batch_id="b2"),
    ]
    import_file(workspace, write_records(tmp_path / "log.jsonl", *calls))
    import_file(workspace, write_records(tmp_path / "more.jsonl", failed("error", error_code="server_error")))
    found = [(row["batch_id"], row["error_code"], row["n"]) for row in batch_errors(workspace).to_pylist()]
    assert found == [("b1", "(no code)", 2), ("b1", "server_error", 3), ("b2", "(no code)", 1)]
    stored = b"".join(path.read_bytes() for path in workspace.path.rglob("*.parquet"))
    assert b"secret" not in stored
