"""One call with a clock gone wrong, decades before or after the others, moves no figure of the others."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.ingest import import_file
from data.store import Workspace
from reports import tables
from reports.workbench import Workbench
from tests.test_reports_alerts import BATCH_DAY, CENT, NEWEST, cube, found, of_kind, watched

DAYS = 10
BEGAN = datetime(2026, 5, 4)
AS_OF = datetime(2026, 11, 21)


def _bench(folder: Path, *strays: str) -> Workbench:
    """A call an hour for ten days, each of 1,000 tokens in and 100 out of gpt-4o: $0.0035."""
    moments = [(BEGAN + timedelta(hours=n)).isoformat() for n in range(24 * DAYS)]
    lines = [f"c{n},{at},openai,gpt-4o,chat,1000,100" for n, at in enumerate([*moments, *strays])]
    header = "call_id,ts,provider,model,workload,input_tokens,output_tokens"
    (folder / "log.csv").write_text("\n".join([header, *lines]) + "\n")
    bench = Workbench(Workspace.open(folder / "workspace"))
    import_file(bench.workspace, folder / "log.csv")
    return bench


@pytest.mark.parametrize("stray", ["2062-05-04T09:00:00", "2001-01-01T00:00:00"])
def test_a_year_is_not_spread_over_decades_of_silence(stray: str, tmp_path: Path) -> None:
    analysis = _bench(tmp_path, stray).analysis(AS_OF)
    assert analysis.window_hours == 24 * DAYS + 1
    # 241 calls in 241 hours, 8,760 hours a year
    assert analysis.totals.current_per_year_micro_usd == Decimal(8760 * 3500)


def test_a_silence_of_a_year_is_a_yearly_job_and_covered(tmp_path: Path) -> None:
    analysis = _bench(tmp_path, "2027-05-14T23:00:00").analysis(AS_OF)
    assert analysis.window_hours == (365 + DAYS + 1) * 24


def test_a_bucket_covers_its_own_time_before_a_silence_is_measured() -> None:
    began, ended = datetime(2024, 1, 1), datetime(2025, 1, 1)
    year: dict[str, Any] = {"hour_utc": began, "last_ts": ended, "grain": "bucket"}
    after = {"hour_utc": ended + timedelta(days=300), "last_ts": ended + timedelta(days=300)}
    (window,) = tables.rows("dataset_windows", {"cube": cube(year, after)})
    assert (window["first_hour"], window["last_hour"]) == (began, after["hour_utc"])


def test_a_call_years_ahead_hides_no_budget() -> None:
    ahead = {"hour_utc": datetime(2062, 1, 1), "input_tokens": CENT}
    result = found({"input_tokens": 5_000 * CENT}, ahead, watch=watched(BATCH_DAY))
    assert [alert.severity for alert in of_kind("budget", result)] == ["breach"]
    assert result.newest_hour_utc == NEWEST
    (alert,) = of_kind("log", result)
    assert (alert.key, alert.severity) == ("log-ahead", "warning")
    assert "up to 2062-01-01" in alert.sentence


def test_a_month_that_is_not_over_is_no_call_to_come() -> None:
    began = NEWEST.replace(day=1, hour=0)
    month = {"hour_utc": began, "last_ts": datetime(2026, 12, 1), "grain": "bucket"}
    result = found(month)
    assert of_kind("log", result) == []
    assert result.newest_hour_utc == datetime(2026, 11, 30, 23)


def test_a_log_that_lies_ahead_of_the_clock_altogether_is_watched_as_it_is() -> None:
    long_ago = NEWEST - timedelta(days=400)
    result = found({"input_tokens": 5_000 * CENT}, watch=watched(BATCH_DAY), at=long_ago)
    assert [alert.severity for alert in of_kind("budget", result)] == ["breach"]


def test_an_import_tells_of_calls_still_to_come(tmp_path: Path) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=800)).strftime("%Y-%m-%dT%H:%M:%SZ")
    usage = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}
    record = {"id": "a", "object": "chat.completion", "model": "gpt-4o", "created": ahead, "usage": usage}
    (tmp_path / "log.jsonl").write_text(json.dumps(record) + "\n")
    outcome = import_file(Workspace.open(tmp_path / "workspace"), tmp_path / "log.jsonl")
    assert f"The newest call is of {ahead[:10]}, after this import." in (outcome.notice or "")
