"""What a log covers does not depend on how it was cut into files."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data.store import Workspace
from reports.windows import log_windows
from reports.workbench import Workbench
from tests.test_reports_alerts import cube

DAY = timedelta(days=1)
BEGAN = datetime(2026, 11, 2, 2)
JOB, WEEKLY = ("nightly", "openai", "gpt-4o"), ("weekly", "openai", "gpt-4o")


def at(day: int, dataset: str, workload: str = "nightly", **more: Any) -> dict[str, Any]:
    hour = BEGAN + day * DAY
    return {"hour_utc": hour, "last_ts": hour, "dataset_id": dataset, "workload": workload, **more}


def windows(*rows: dict[str, Any]) -> dict[tuple[str, str, str], Any]:
    table: pa.Table = cube(*rows)
    return {
        part: [((first - BEGAN) / DAY, (last - BEGAN) / DAY) for first, last in found]
        for part, found in log_windows(table).items()
    }


def test_daily_files_are_one_log_and_a_weekly_job_in_it_has_all_of_it() -> None:
    days = [at(day, f"d{day}") for day in range(14)]
    weekly = [at(day, f"d{day}", "weekly") for day in (0, 7)]
    assert windows(*days, *weekly) == {JOB: [(0, 13)], WEEKLY: [(0, 13)]}


@pytest.mark.parametrize("silent_days", [7, 8])
def test_more_than_a_week_apart_are_samples_of_their_own(silent_days: int) -> None:
    # The hour of the first call is covered, so the silence begins an hour after it.
    rows = [at(0, "a"), at(silent_days, "b", hour_utc=BEGAN + silent_days * DAY + timedelta(hours=1))]
    end = silent_days + 1 / 24
    apart = [(0, 0), (pytest.approx(end), pytest.approx(end))]
    assert windows(*rows)[JOB] == ([(0, pytest.approx(end))] if silent_days == 7 else apart)


def test_logs_of_other_formats_or_of_other_parts_are_other_logs() -> None:
    assert windows(at(0, "a"), at(1, "b", source_format="litellm_spend"))[JOB] == [(0, 0), (1, 1)]
    assert windows(at(0, "a"), at(1, "b", "weekly")) == {JOB: [(0, 0)], WEEKLY: [(1, 1)]}


def test_two_logs_become_one_by_a_file_that_holds_parts_of_both() -> None:
    rows = [at(0, "a"), at(1, "b", "weekly"), at(2, "c"), at(2, "c", "weekly")]
    assert windows(*rows) == {JOB: [(0, 2)], WEEKLY: [(0, 2)]}


def test_a_year_costs_the_same_whether_ten_nights_come_in_one_file_or_in_ten(tmp_path: Path) -> None:
    header = "call_id,ts,provider,model,workload,input_tokens,output_tokens"
    nights = [
        [f"{n}-{i},{(BEGAN + n * DAY).isoformat()},openai,gpt-4o,nightly,1000,100" for i in range(20)]
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
    assert whole[0] == 9 * 24 + 1
    assert per_year("ten", *nights) == whole
