"""The policy replayed over a log of its own: counts, waits and savings by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data.minutes import MINUTES_SCHEMA, call_minutes
from reports import explain_replay
from reports.dispatch import Dispatch, dispatch
from reports.workbench import Workbench
from tests.record_files import write_records

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2, 9, 10)


def call(minute: int, **changes: Any) -> dict[str, Any]:
    """Ten cents on GPT-4o: 20,000 in at 2.5 and 5,000 out at 10 dollars a million."""
    return {
        "ts": (START + timedelta(minutes=minute)).isoformat(),
        "provider": "openai",
        "model": "gpt-4o",
        "workload": "report",
        "input_tokens": 20_000,
        "output_tokens": 5_000,
        "tier": "standard",
    } | changes


LOG = (
    call(0),  # 9:10, held 50 minutes
    call(0, call_id="twin"),
    call(49),  # 9:59, held 1 minute
    call(80),  # 10:30, held 30 minutes
    call(80, tier="batch", call_id="done"),  # was deferred already
    call(5, workload="chat"),
    call(6, workload="chat", streamed=True),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    folder = tmp_path_factory.mktemp("dispatch")
    made = Workbench.open(folder / "workspace")
    outcome = made.import_file(write_records(folder / "log.jsonl", *LOG))
    assert outcome.rejected == 0, outcome.first_rejects
    made.declare("report", author="Ada", user_waiting=False, max_wait="48h")
    made.declare("chat", author="Ada", user_waiting=True)
    return made


def replayed(bench: Workbench, flush_every_s: int | None = None) -> Dispatch:
    return dispatch(
        call_minutes(bench.workspace), bench.inputs(as_of=AS_OF), bench.analysis(AS_OF), flush_every_s
    )


def test_calls_of_one_kind_and_minute_are_one_row(bench: Workbench, tmp_path: Path) -> None:
    table = call_minutes(bench.workspace)
    assert table.schema == MINUTES_SCHEMA
    assert [
        (row["minute_utc"].minute, row["workload"], row["tier"], row["n"]) for row in table.to_pylist()
    ] == [
        (10, "report", "standard", 2),
        (15, "chat", "standard", 1),
        (16, "chat", "standard", 1),
        (59, "report", "standard", 1),
        (30, "report", "batch", 1),
        (30, "report", "standard", 1),
    ]
    empty = Workbench.open(tmp_path / "empty")
    assert call_minutes(empty.workspace).num_rows == 0


def test_a_file_in_two_halves_is_the_same_minutes(bench: Workbench, tmp_path: Path) -> None:
    halves = Workbench.open(tmp_path / "halves")
    for number, part in enumerate((LOG[:3], LOG[3:])):
        halves.import_file(write_records(tmp_path / f"{number}.jsonl", *part))
    assert call_minutes(halves.workspace).equals(call_minutes(bench.workspace))


def test_what_would_have_been_deferred_and_what_it_saves(bench: Workbench) -> None:
    found = replayed(bench)
    outcome = found.outcome
    assert (found.flush_every_s, found.n_left_out) == (3_600, 1)
    assert (outcome.n_calls, outcome.n_deferred, outcome.n_flushes, outcome.n_small_flushes) == (6, 4, 2, 2)
    assert outcome.n_by_rule == {"streams": 1, "waits": 1, "window-fits": 4}
    assert outcome.held_ms_total == (50 + 50 + 1 + 30) * 60_000
    assert (outcome.n_with_deadline, outcome.n_unknown_risk, outcome.missed_high) == (4, 0, Decimal(0))
    report, chat = found.rows
    assert (report.workload, report.n_calls, report.n_deferred, report.n_flex) == ("report", 4, 4, 0)
    assert (chat.workload, chat.n_calls, chat.n_deferred, chat.saving_per_year) == ("chat", 2, 0, Decimal(0))
    # The part's five calls cost 4 x 0.10 + 0.05 today, and 5 x 0.05 in a batch with 1 % run again at
    # today's cost; the log covers two hours of one day, so a year is 365 logs.
    today, batch = Decimal("0.45"), Decimal("0.25")
    saved = (today - (batch * Decimal("0.99") + today * Decimal("0.01"))) * 365 * 1_000_000
    assert report.saving_per_year == saved == found.saving_per_year
    assert found.n_unpriced == 0


def test_its_figures_are_explained_by_what_gives_them(bench: Workbench) -> None:
    found = replayed(bench)
    count, saving = explain_replay.deferred(found), explain_replay.saving(bench.analysis(AS_OF), found)
    assert count.figure == 4 == sum(item.amount for item in count.inputs)
    assert saving.figure == found.saving_per_year == sum(item.amount for item in saving.inputs)
    assert saving.prices is not None
    assert {row.tier for row in saving.prices.rows} == {"standard", "batch"}
    # Held 1, 30, 50 and 50 minutes: the second of the four is in the middle.
    wait = explain_replay.wait(found)
    assert (wait.figure, wait.unit) == (Decimal(30 * 60_000), "ms")
    assert [item.amount for item in wait.inputs] == [1, 1, 2]
    late = explain_replay.late(found)
    assert late.figure == found.outcome.missed_base == sum(item.amount for item in late.inputs)
    assert late.notes == ("Deferred calls with a deadline: 4.",)


def test_another_interval_holds_calls_longer(bench: Workbench) -> None:
    daily = replayed(bench, 86_400).outcome
    assert daily.n_flushes == 1
    assert daily.held_ms_max == ((24 - 9) * 60 - 10) * 60_000


def test_a_log_without_single_calls_replays_nothing(bench: Workbench) -> None:
    nothing = dispatch(
        pa.Table.from_pylist([], MINUTES_SCHEMA), bench.inputs(as_of=AS_OF), bench.analysis(AS_OF)
    )
    assert (nothing.outcome.n_calls, len(nothing.rows), nothing.saving_per_year) == (0, 0, Decimal(0))
