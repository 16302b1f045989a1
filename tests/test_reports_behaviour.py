"""Behaviour read from a log: every number by hand, and what a short or silent log does not say."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports.behaviour import behaviours, gaps, middle, window_hours
from reports.look import Look
from reports.workbench import Workbench
from triage.behaviour import Behaviour

MONDAY = datetime(2026, 11, 2)
COLUMNS = (
    "call_id", "ts", "provider", "model", "workload", "session", "input_tokens", "output_tokens", "tier",
    "status", "latency_ms", "ttft_ms", "streamed",
)  # fmt: skip


def log(folder: Path, calls: list[dict[str, Any]]) -> Workbench:
    """A workspace that holds these calls; what a call leaves out is a plain default or unknown."""
    path = folder / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for i, one in enumerate(calls):
            writer.writerow(
                {"call_id": f"c{i}", "provider": "openai", "model": "gpt-5.4-mini", "workload": "w",
                 "input_tokens": 100, "output_tokens": 10, "tier": "standard", "status": "ok"} | one
            )  # fmt: skip
    bench = Workbench.open(folder / "workspace")
    bench.import_file(path)
    return bench


def read(bench: Workbench) -> dict[str, Behaviour]:
    return behaviours(bench.cube(), bench.rollups())


def test_a_nightly_job_and_a_chat_of_two_weeks(tmp_path: Path) -> None:
    """200 calls at 02:00 every night, one a second; and one streamed call at each full hour."""
    calls: list[dict[str, Any]] = [
        {"ts": MONDAY + timedelta(days=day, hours=2, seconds=i), "workload": "job", "streamed": "false"}
        for day in range(14)
        for i in range(200)
    ]
    calls += [
        {"ts": MONDAY + timedelta(hours=hour), "workload": "chat", "streamed": "true", "latency_ms": 1000}
        for hour in range(14 * 24)
    ]
    found = read(log(tmp_path, calls))
    job, chat = found["job"], found["chat"]
    assert (job.n_calls, job.busiest_hours_share, job.streaming_share) == (2_800, 1.0, 0.0)
    assert job.hour_of_week_spread == 7 / 168
    assert (job.burst_size_p50, job.burst_spread_s) == (200, 180)  # minutes 02:00 to 02:03
    assert job.cron_likeness is not None
    assert 0.25 < job.cron_likeness < 0.35
    assert (job.multi_turn_share, job.n_sessions, job.retry_share, job.latency_p50_ms) == (None,) * 4
    assert (chat.n_calls, chat.busiest_hours_share, chat.streaming_share) == (336, 0.125, 1.0)
    assert (chat.hour_of_week_spread, chat.cron_likeness, chat.burst_size_p50) == (1.0, 1.0, 1)
    # 3,600 s lie in 1.25^36 = 3,081 to 3,852; 1,000 ms in 1.25^30 = 807.8 to 1,009.7.
    assert chat.gap_p50_s is not None
    assert 3_081 < chat.gap_p50_s < 3_853
    assert chat.latency_p50_ms is not None
    assert 807 < chat.latency_p50_ms < 1_010


def test_a_log_of_one_hour_says_nothing_of_days_and_weeks(tmp_path: Path) -> None:
    """Else an hour of chat would look like a job that runs in one hour of the week."""
    found = read(log(tmp_path, [{"ts": MONDAY + timedelta(seconds=9 * i)} for i in range(300)]))["w"]
    assert (found.n_calls, found.burst_size_p50) == (300, 300)
    assert (found.cron_likeness, found.busiest_hours_share, found.hour_of_week_spread) == (None,) * 3


def test_sessions_failures_and_tiers(tmp_path: Path) -> None:
    calls: list[dict[str, Any]] = [
        {"ts": MONDAY + timedelta(hours=i, seconds=60 * turn), "session": f"s{i}", "tier": "flex"}
        for i in range(3)
        for turn in range(3)
    ]
    calls += [{"ts": MONDAY, "session": "once", "tier": "batch", "status": "error", "input_tokens": "",
               "output_tokens": ""}]  # fmt: skip
    calls[0]["status"] = "error"
    found = read(log(tmp_path, calls))["w"]
    assert (found.n_sessions, found.multi_turn_share) == (4, 0.75)
    # 60 s lie in 1.25^18 = 55.5 to 69.4.
    assert found.session_gap_p50_s is not None
    assert 55.5 < found.session_gap_p50_s < 69.4
    assert (found.error_share, found.retry_share) == (0.2, 0.1)
    assert (found.batch_tier_share, found.flex_tier_share, found.priority_tier_share) == (0.1, 0.9, 0.0)


def test_models_of_one_workload_make_one_burst(tmp_path: Path) -> None:
    calls = [
        {"ts": MONDAY + timedelta(minutes=i), "model": ("gpt-5.4", "gpt-5.4-mini")[i % 2]} for i in range(120)
    ]
    bench = log(tmp_path, calls)
    assert read(bench)["w"].burst_size_p50 == 120
    # 60 s between two: 119 gaps in 1.25^18 = 55.5 to 69.4.
    assert gaps(bench.rollups().bursts) == {"w": {18: 119}}
    assert window_hours(bench.cube()) == {"w": 24}, "two hours of one day"


def test_verdicts_rest_on_the_behaviour_of_the_log(tmp_path: Path) -> None:
    calls = [
        {"ts": MONDAY + timedelta(hours=i % 200, seconds=i), "streamed": "true", "session": f"s{i // 4}"}
        for i in range(400)
    ]
    bench = log(tmp_path, calls)
    (result,) = bench.analysis(datetime(2026, 11, 20)).workloads
    assert (result.verdict.label, result.verdict.rule_id) == ("interactive", "behaves-interactive")
    assert Look(bench.inputs()).ground.facts["w"].behaviour == read(bench)["w"]


@pytest.mark.parametrize(("counts", "expected"), [({}, None), ({0: 5}, 1.118), ({10: 1, 20: 3}, 96.97)])
def test_the_middle_of_a_histogram(counts: dict[int, int], expected: float | None) -> None:
    """sqrt(1 x 1.25) = 1.118; sqrt(86.74 x 108.42) = 96.97."""
    assert middle(counts) == (expected and pytest.approx(expected, rel=1e-3))


def test_a_tag_holds_for_a_workload_when_every_call_carries_it(tmp_path: Path) -> None:
    """One call with a stray tag must not defer the others under an override by tag."""
    rows = [
        {"workload": "a", "tags": ["nightly", "team-x"]},
        {"workload": "a", "tags": ["nightly"]},
        {"workload": "b", "tags": ["nightly"]},
        {"workload": "b", "tags": []},
    ]
    path = tmp_path / "log.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {"call_id": f"c{i}", "ts": f"2026-11-02T0{i}:00:00", "provider": "openai", "model": "gpt-4.1",
                 "input_tokens": 10, "output_tokens": 1} | row
            )
            + "\n"
            for i, row in enumerate(rows)
        ),
        encoding="utf-8",
    )  # fmt: skip
    bench = Workbench.open(tmp_path / "workspace")
    bench.import_file(path)
    facts = Look(bench.inputs()).ground.facts
    assert (facts["a"].tags, facts["b"].tags) == (("nightly",), ())
