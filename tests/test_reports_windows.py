"""What a log covers does not depend on how it was cut into files."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.store import Workspace
from reports.log_hours import covered
from reports.look import Look
from reports.windows import PartKey, log_windows
from reports.workbench import Workbench
from tests.test_reports_alerts import cube

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGAN = datetime(2026, 11, 2)
JOB, WEEKLY = ("nightly", "openai", "gpt-4o"), ("weekly", "openai", "gpt-4o")


def at(day: int, dataset: str, workload: str = "nightly", **more: Any) -> dict[str, Any]:
    hour = BEGAN + day * DAY
    return {"hour_utc": hour, "last_ts": hour, "dataset_id": dataset, "workload": workload, **more}


def hours(*rows: dict[str, Any]) -> dict[PartKey, int]:
    """Part -> hours covered by its logs."""
    return {part: covered(windows).hours for part, windows in log_windows(cube(*rows)).items()}


def test_daily_files_are_one_log_and_a_weekly_job_in_it_has_all_of_it() -> None:
    nights = [at(day, f"d{day}") for day in range(14)]
    weekly = [at(day, f"d{day}", "weekly") for day in (0, 7)]
    assert hours(*nights, *weekly) == {JOB: 14 * 24, WEEKLY: 14 * 24}


def test_a_weekly_job_in_daily_files_of_steady_traffic_has_all_of_them() -> None:
    rows = [at(0, f"d{h // 24}", "chat", hour_utc=BEGAN + h * HOUR) for h in range(14 * 24)]
    weekly = [at(day, f"d{day}", "weekly") for day in (0, 7)]
    assert hours(*rows, *weekly)[WEEKLY] == 14 * 24


@pytest.mark.parametrize(("silent_days", "logs"), [(8, 1), (9, 2)])
def test_far_apart_are_samples_of_their_own(silent_days: int, logs: int) -> None:
    # The hour of the first call is covered, so the silence begins an hour after it.
    again = BEGAN + silent_days * DAY + HOUR
    steady = [at(0, "a", "chat", hour_utc=BEGAN - n * HOUR) for n in range(48)]
    rows = [*steady, at(0, "a"), at(0, "b", hour_utc=again)]
    known = log_windows(cube(*rows))
    assert len(known["chat", "openai", "gpt-4o"]) == (2 if logs == 1 else 1)
    assert len(known[JOB]) == 2


def test_logs_of_other_formats_or_of_other_parts_are_other_logs() -> None:
    other_format = at(20, "b", source_format="litellm_spend")
    assert len(log_windows(cube(at(0, "a"), at(1, "b", "weekly")))[JOB]) == 1
    assert len(log_windows(cube(at(0, "a", "chat"), at(0, "a"), other_format))[JOB]) == 2


def test_two_logs_become_one_by_a_file_that_holds_parts_of_both() -> None:
    rows = [at(0, "a"), at(1, "b", "weekly"), at(2, "c"), at(2, "c", "weekly")]
    assert hours(*rows) == {JOB: 3 * 24, WEEKLY: 3 * 24}


def test_a_daily_total_of_a_provider_is_steady_traffic_of_that_day() -> None:
    assert hours(at(0, "a", grain="bucket", last_ts=BEGAN + 2 * DAY)) == {JOB: 48}


def test_a_year_costs_the_same_whether_ten_nights_come_in_one_file_or_in_ten(tmp_path: Path) -> None:
    header = "call_id,ts,provider,model,workload,input_tokens,output_tokens"
    nights = [
        [
            f"{n}-{i},{(BEGAN + n * DAY + 2 * HOUR).isoformat()},openai,gpt-4o,nightly,1000,100"
            for i in range(20)
        ]
        for n in range(10)
    ]

    def per_year(name: str, *files: list[str]) -> tuple[int, Decimal | None]:
        bench = Workbench(Workspace.open(tmp_path / name))
        for number, lines in enumerate(files):
            path = tmp_path / f"{name}-{number}.csv"
            path.write_text("\n".join([header, *lines]) + "\n")
            bench.import_file(path)
        analysis = bench.analysis(datetime(2026, 11, 21))
        return analysis.window_hours, analysis.totals.current_per_year_micro_usd

    whole = per_year("one", [line for night in nights for line in night])
    # 20 calls a night at $0.0035
    assert whole == (240, Decimal(365 * 20 * 3_500))
    assert per_year("ten", *nights) == whole


def test_requests_a_day_are_the_dated_calls_over_the_hours_of_their_own_log(tmp_path: Path) -> None:
    """Two days of one job in one log; three calls without a time; ten days of another job in another log."""
    bench = Workbench(Workspace.open(tmp_path / "home"))
    header = "call_id,ts,provider,model,workload,input_tokens,output_tokens"
    files = {
        "first": [f"a{n},{(BEGAN + n * HOUR).isoformat()},openai,gpt-4o,first,10,1" for n in range(48)],
        "undated": [f"u{n},,openai,gpt-4o,{'first' if n else 'never'},10,1" for n in range(3)],
        "later": [
            f"b{n},{(BEGAN + 30 * DAY + n * HOUR).isoformat()},openai,gpt-4o,later,10,1" for n in range(240)
        ],
    }
    for name, lines in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n")
        bench.import_file(tmp_path / f"{name}.csv")
    facts = Look(bench.inputs()).ground.facts
    assert {name: facts[name].requests_per_day for name in ("first", "later", "never")} == {
        "first": 24,
        "later": 24,
        "never": None,
    }
