"""Two workloads under one name: found in generated traffic whose truth is known, and not found elsewhere."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reports.mixed import find, hours_ranges
from reports.model import WorkloadResult
from reports.workbench import Workbench
from triage.behaviour import Behaviour
from triage.findings import looks_like_refresh
from ui.strings.workloads import mixed_line

MONDAY = datetime(2026, 11, 2)
AS_OF = datetime(2026, 11, 20)
DAYS = 14


def chat(luck: random.Random, **more: Any) -> Iterator[dict[str, Any]]:
    """Some 40 calls an hour from 7 to 20 o'clock, every day, a few at night."""
    for hour in range(DAYS * 24):
        for _ in range(luck.randrange(25, 55) if 7 <= hour % 24 < 20 else luck.randrange(0, 4)):
            yield {"ts": MONDAY + timedelta(hours=hour, seconds=luck.randrange(3_600)), **more}


def run(luck: random.Random, hour: int, n: int, **more: Any) -> Iterator[dict[str, Any]]:
    """`n` calls in two hours every night."""
    for day in range(DAYS):
        for _ in range(n):
            yield {"ts": MONDAY + timedelta(days=day, hours=hour, seconds=luck.randrange(7_200)), **more}


def workbench(folder: Path, calls: Sequence[dict[str, Any]]) -> Workbench:
    rows = [
        {"call_id": f"c{i}", "provider": "openai", "model": "gpt-4.1", "workload": "assistant",
         "input_tokens": 1_000, "output_tokens": 100, "tier": "standard", "status": "ok",
         "streamed": None, "latency_ms": None} | one
        for i, one in enumerate(calls)
    ]  # fmt: skip
    schema = pa.schema(
        [(name, {"ts": pa.timestamp("us"), "streamed": pa.bool_()}.get(
            name, pa.int64() if name.endswith(("_tokens", "_ms")) else pa.string()))
         for name in rows[0]]
    )  # fmt: skip
    path = folder / "log.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema), path)
    bench = Workbench.open(folder / "workspace")
    bench.import_file(path)
    return bench


@pytest.fixture
def luck() -> random.Random:
    return random.Random(11)  # noqa: S311 - a test, not a secret


def only(bench: Workbench) -> WorkloadResult:
    (result,) = bench.analysis(AS_OF).workloads
    return result


NIGHT = {day * 24 + hour for day in range(7) for hour in (22, 23)}


@pytest.mark.parametrize(
    ("by", "day", "night"),
    [
        ("streaming", {"streamed": True}, {"streamed": False}),
        ("latency", {"latency_ms": 900}, {"latency_ms": 9_000}),
        ("pace", {}, {}),
    ],
)
def test_a_chat_by_day_and_a_run_at_night(
    tmp_path: Path, luck: random.Random, by: str, day: dict[str, Any], night: dict[str, Any]
) -> None:
    calls = [*chat(luck, **day), *run(luck, 22, 3_000 if by == "pace" else 800, **night)]
    result = only(workbench(tmp_path, calls))
    mixed = result.mixed
    assert mixed is not None
    assert (mixed.by, set(mixed.job.hours)) == (by, NIGHT)
    assert mixed.job.result.verdict.suggested == "batch"
    assert mixed.rest.result.verdict.suggested is None
    assert mixed.rest.result.verdict.label == ("interactive" if by == "streaming" else "unknown")
    assert "Two workloads under one name: every day 22:00 to 24:00 UTC" in mixed_line(mixed)
    # The halves are the whole: calls, and money to the last digit.
    halves = (mixed.job.result, mixed.rest.result)
    assert sum(half.n_requests for half in halves) == result.n_requests == len(calls)
    assert sum(half.billed_micro_usd or 0 for half in halves) == result.billed_micro_usd
    # 1,000 x 2 + 100 x 8 USD a million: 2,800 micro-dollars a call; batch halves that.
    n_night = sum(one["ts"].hour >= 22 for one in calls)
    assert mixed.job.result.billed_micro_usd == Decimal(2_800 * n_night)
    assert mixed.job.result.potential_per_year is not None
    assert mixed.job.result.saving_per_year.high == 0, "nothing moves before somebody says so"


def test_what_was_declared_of_the_whole_holds_for_its_halves(tmp_path: Path, luck: random.Random) -> None:
    bench = workbench(tmp_path, [*chat(luck, streamed=True), *run(luck, 22, 800, streamed=False)])
    bench.declare("assistant", user_waiting=True, author="Ann")
    mixed = only(bench).mixed
    assert mixed is not None
    assert [half.result.verdict.label for half in (mixed.job, mixed.rest)] == ["interactive"] * 2
    assert [finding.code for finding in mixed.job.result.verdict.findings] == ["sync-but-job-shaped"]
    assert {half.result.workload for half in (mixed.job, mixed.rest)} == {"assistant"}


@pytest.mark.parametrize("streamed", [True, False, None])
def test_a_chat_alone_is_not_mixed(tmp_path: Path, luck: random.Random, streamed: bool | None) -> None:
    assert find(workbench(tmp_path, list(chat(luck, streamed=streamed))).cube()) == ()


def test_a_job_alone_is_not_mixed(tmp_path: Path, luck: random.Random) -> None:
    assert find(workbench(tmp_path, list(run(luck, 22, 800, streamed=False))).cube()) == ()


def test_a_rush_at_lunchtime_is_not_a_job(tmp_path: Path, luck: random.Random) -> None:
    """It comes gradually: a job's first hour has no busy hour before it."""
    rush = [
        {"ts": MONDAY + timedelta(days=day, hours=hour, seconds=luck.randrange(3_600))}
        for day in range(DAYS)
        for hour, n in ((9, 5), (10, 100), (11, 200), (12, 500), (13, 600), (14, 200), (15, 100))
        for _ in range(n)
    ]
    assert find(workbench(tmp_path, [*chat(luck), *rush]).cube()) == ()


def test_a_log_of_less_than_a_week_is_not_divided(tmp_path: Path, luck: random.Random) -> None:
    calls = [*chat(luck, streamed=True), *run(luck, 22, 800, streamed=False)]
    short = [one for one in calls if one["ts"] < MONDAY + timedelta(days=6)]
    assert find(workbench(tmp_path, short).cube()) == ()


@pytest.mark.parametrize(
    ("hours", "ranges"),
    [
        (sorted(NIGHT), (("every day", ((22, 24),)),)),
        ([day * 24 + hour for day in range(5) for hour in (1, 2, 5)], (("weekdays", ((1, 3), (5, 6))),)),
        ([120, 144], (("weekend", ((0, 1),)),)),
        ([24, 25, 60], (("Tuesday", ((0, 2),)), ("Wednesday", ((12, 13),)))),
    ],
)
def test_hours_of_the_week_as_ranges(hours: list[int], ranges: Any) -> None:
    assert hours_ranges(hours) == ranges


REFRESH: dict[str, Any] = {
    "burst_size_p50": 24, "burst_spread_s": 0, "latency_p50_ms": 6_000, "hour_of_week_spread": 0.3,
    "cron_likeness": 0.02, "streaming_share": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),  # 24 x 6 s = 144 s within a minute
        ({"latency_p50_ms": 2_500}, False),  # 60 s fit into the minute one after the other
        ({"burst_size_p50": 9, "latency_p50_ms": 60_000}, False),
        ({"burst_spread_s": 240, "latency_p50_ms": 60_000}, False),
        ({"streaming_share": 0.5}, False),
        ({"streaming_share": None}, False),
        ({"hour_of_week_spread": 0.1}, False),
        ({"cron_likeness": 0.5}, False),
        ({"latency_p50_ms": None}, False),
    ],
)
def test_a_refresh_button_has_bursts_of_calls_side_by_side(change: dict[str, Any], found: bool) -> None:
    assert looks_like_refresh(Behaviour(1_000, **(REFRESH | change))) is found


def test_a_refresh_button_is_named_from_a_log(tmp_path: Path, luck: random.Random) -> None:
    """Presses at random in office hours, 20 calls within 20 seconds each, 8 s an answer."""
    presses = [
        MONDAY + timedelta(days=day, hours=hour, seconds=luck.randrange(3_500))
        for day in range(DAYS)
        for hour in range(8, 18)
        for _ in range(2)
        if day % 7 < 5
    ]
    calls = [
        {"ts": press + timedelta(seconds=i), "streamed": False, "latency_ms": 8_000}
        for press in presses
        for i in range(20)
    ]
    (finding,) = only(workbench(tmp_path, calls)).verdict.findings
    assert finding.code == "refresh-bursts"
    assert finding.sentence == (
        "Calls come 20 at a time, side by side, at the hours people work, and nobody reads along: as when a "
        "refresh button fills a screen. It looks interactive; ask whether minutes would do."
    )
