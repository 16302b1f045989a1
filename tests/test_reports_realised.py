"""Realised savings: equal to sums made line by line by hand, negative when they are, exact by lever."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from data.demo import DEMO_FOLDER
from data.ingest import import_file
from reports.realised import Realised, track
from reports.workbench import Workbench
from tests.record_files import write_records

MICRO = 1_000_000
SONNET = {"provider": "anthropic", "model": "claude-sonnet-4-5"}
"""3 USD per million of input, 15 of output; 0.30 read from and 3.75 written to the cache; batch half."""


def call(**changes: Any) -> dict[str, Any]:
    return {
        "ts": "2026-11-10T10:00:00Z",
        **SONNET,
        "workload": "notes",
        "tier": "standard",
        "input_tokens": 1000,
        "output_tokens": 0,
    } | changes


Log = Callable[..., Workbench]

GPT: dict[str, Any] = {"provider": "openai", "model": "gpt-5.4"}
"""2.50 a million of input; flex half, priority twice that; a cache read costs a tenth."""
DEEPSEEK: dict[str, Any] = {"provider": "deepseek", "model": "deepseek-v4-pro", "output_tokens": 1000}
NO_TOKENS: dict[str, Any] = {"input_tokens": None, "output_tokens": None}
LINE: dict[str, Any] = {"tier": "batch", "batch_id": "b1", "custom_id": "row-1"}
NEXT_DAY = {"ts": "2026-11-11T10:00:00Z"}

CASES: dict[str, list[dict[str, Any]]] = {
    "writes": [*[call(cache_write_tokens=1000)] * 3, call(cache_read_tokens=1000, **NEXT_DAY)],
    "both": [call(tier="batch", cache_read_tokens=600, output_tokens=100)],
    "flex": [call(**GPT, tier="flex")],
    "priority": [
        call(**GPT, tier="priority", cache_read_tokens=1000),
        call(**GPT, tier="priority", **NEXT_DAY),
        call(**GPT),
    ],
    "expired": [*[call(tier="batch")] * 19, call(tier="batch", status="expired") | NO_TOKENS, call()],
    "expired and billed": [*[call(tier="batch")] * 19, call(tier="batch", status="expired"), call()],
    "twice": [
        call(**LINE), call(**LINE), call(**LINE | {"custom_id": "row-2"}), call(**LINE | {"batch_id": "b2"}),
    ],
    "by the clock": [
        call(**DEEPSEEK, ts="2026-11-10T02:00:00Z"),  # a Tuesday, within the dear hours 01 to 04 UTC
        call(**DEEPSEEK, ts="2026-11-10T20:00:00Z"),
    ],
    "unpriced": [call(tier="batch", model="no-such-model"), call(tier="batch")],
    "undated": [call(tier="batch"), call(tier="batch", ts=None), call(tier="batch", **NEXT_DAY)],
    "plain": [call()],
}  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A workspace of the given calls."""
    return lambda *calls: workspace_of(tmp_path, *calls)


def workspace_of(folder: Path, *calls: dict[str, Any]) -> Workbench:
    bench = Workbench.open(folder / "workspace")
    assert bench.import_file(write_records(folder / "log.jsonl", *calls)).rejected == 0
    return bench


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Realised:
    """The cases, each a workload of its own."""
    calls = [one | {"workload": name} for name, case in CASES.items() for one in case]
    return workspace_of(tmp_path_factory.mktemp("cases"), *calls).verify().realised()


def of(found: Realised, workload: str) -> Realised:
    return Realised(tuple(row for row in found.rows if row.workload == workload))


# The demo's migrated workload, once more and by hand ----------------------------------------------


def line_by_line() -> tuple[Decimal, int, int]:
    """The dollars that `filing-review` saved, from the file itself; its batch lines, and the failed ones."""
    table = pq.read_table(DEMO_FOLDER / "anthropic.parquet")
    saved, in_batch, failed = Decimal(0), 0, 0
    for row in table.filter(pc.equal(table["workload"], "filing-review")).to_pylist():
        in_batch += row["tier"] == "batch"
        failed += row["status"] != "ok"
        if row["input_tokens"] is None:
            continue
        read, write = row["cache_read_tokens"] or 0, row["cache_write_tokens"] or 0
        plain = row["input_tokens"] - read - write
        rate = Decimal("0.5") if row["tier"] == "batch" else Decimal(1)
        actual = rate * (
            plain * Decimal(3)
            + read * Decimal("0.30")
            + write * Decimal("3.75")
            + row["output_tokens"] * Decimal(15)
        )
        otherwise = row["input_tokens"] * Decimal(3) + row["output_tokens"] * Decimal(15)
        saved += (otherwise if row["status"] == "ok" else Decimal(0)) - actual
    return saved / MICRO, in_batch, failed


def test_the_demos_migrated_workload_saved_what_its_lines_sum_to(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    import_file(bench.workspace, DEMO_FOLDER / "anthropic.parquet")
    expected, in_batch, failed = line_by_line()
    assert (in_batch, failed) == (4009, 91)

    found = bench.verify().realised()
    mine = found.by_workload()["filing-review"]
    assert mine.saved_micro_usd / MICRO == expected
    assert round(expected, 2) == Decimal("152.11")
    assert (mine.n_failed, mine.n_unpriced) == (91, 0)
    assert mine.cache_micro_usd + mine.tier_micro_usd - mine.lost_micro_usd == mine.saved_micro_usd
    assert found.by_lane()["batch+cache"].tier_micro_usd == mine.tier_micro_usd
    jobs = bench.verify().batch_jobs()
    assert sum(job.n_requests for job in jobs) == 4009
    assert sum(job.cost_micro_usd or 0 for job in jobs) == (
        found.by_lane()["batch+cache"].billed_micro_usd + found.by_lane()["batch"].billed_micro_usd
    )


# Single rules ------------------------------------------------------------------------------------


def test_a_day_on_which_a_cache_is_written_more_than_read_has_lost_money(found: Realised) -> None:
    # a write costs 0.75 a million more than plain input, a read 2.70 less
    assert {day: item.saved_micro_usd for day, item in of(found, "writes").by_day().items()} == {
        date(2026, 11, 10): Decimal(-2250),
        date(2026, 11, 11): Decimal(2700),
    }
    assert of(found, "writes").total.saved_micro_usd == 450


def test_the_levers_are_cache_first_and_then_the_tier(found: Realised) -> None:
    both = found.by_workload()["both"]
    # otherwise 1,000 x 3 + 100 x 15 = 4,500; with hits 400 x 3 + 600 x 0.3 + 1,500 = 2,880; billed half of it
    assert both.counterfactual_micro_usd == 4500
    assert [both.cache_micro_usd, both.tier_micro_usd, both.lost_micro_usd] == [1620, 1440, 0]
    assert both.billed_micro_usd == 1440


def test_flex_saves_and_priority_is_no_saving_but_its_cache_is(found: Realised) -> None:
    assert of(found, "flex").by_lane()["flex"].tier_micro_usd == 1250
    (lane,) = of(found, "priority").by_lane().items()
    assert lane[0] == "priority"
    assert [lane[1].cache_micro_usd, lane[1].tier_micro_usd] == [5000 - 500, 0]
    assert lane[1].n_requests == 1


@pytest.mark.parametrize(
    ("case", "share", "lost"), [("expired", "0.475", 0), ("expired and billed", "0.45", 1500)]
)
def test_expired_lines_that_run_again_and_may_be_billed_twice(
    found: Realised, case: str, share: str, lost: int
) -> None:
    """One in twenty misses the deadline and runs again at once."""
    assert found.by_workload()[case].saved_micro_usd == Decimal(share) * 20 * 3000
    assert found.by_workload()[case].lost_micro_usd == lost


def test_a_line_that_is_answered_twice_is_charged_twice_and_replaces_one_call(found: Realised) -> None:
    twice = found.by_workload()["twice"]
    # four answers at 1,500 stand for three calls at 3,000
    assert twice.saved_micro_usd == 3 * 3000 - 4 * 1500
    assert twice.n_repeated == 1
    assert [twice.lost_micro_usd, twice.billed_micro_usd] == [1500, 6000]


def test_the_cheap_hours_of_a_model_sold_by_the_clock_are_a_saving(found: Realised) -> None:
    (lane,) = of(found, "by the clock").by_lane().items()
    assert lane[0] == "offpeak"
    assert lane[1].n_requests == 1
    assert lane[1].tier_micro_usd > 0


def test_calls_that_cannot_be_compared_are_counted_and_in_no_amount(found: Realised) -> None:
    unpriced = found.by_workload()["unpriced"]
    assert (unpriced.n_requests, unpriced.n_unpriced) == (2, 1)
    assert unpriced.saved_micro_usd == 1500


def test_days_and_undated_calls_are_everything(found: Realised) -> None:
    mine = of(found, "undated")
    assert len(mine.by_day()) == 2
    assert mine.undated().saved_micro_usd == 1500
    assert sum(item.saved_micro_usd for item in mine.by_day().values()) == 3000
    assert mine.total.saved_micro_usd == 4500
    assert {row.provenance for row in mine.rows} == {"computed", "estimated"}


def test_every_view_has_the_same_total_and_plain_calls_are_in_none(found: Realised) -> None:
    for view in (found.by_workload(), found.by_lane(), found.by_provider()):
        assert sum(item.saved_micro_usd for item in view.values()) == found.total.saved_micro_usd
    assert "plain" not in found.by_workload()


def test_each_call_is_priced_at_its_own_day(log: Log) -> None:
    bench = log(call(tier="batch"), call(tier="batch", ts="2026-11-12T10:00:00Z"))
    edits: list[dict[str, object]] = [
        {**SONNET, "tier": tier, "valid_from": "2026-11-11", "input_usd_per_mtok": price}
        for tier, price in (("standard", "6"), ("batch", "1"))
    ]
    check = bench.check_prices(edits)
    assert not check.problems
    bench.apply_prices(check.rows, author="Ann", note="")
    days = bench.verify().realised().by_day()
    assert [item.saved_micro_usd for item in days.values()] == [1500, 5000]


# Beside what is projected --------------------------------------------------------------------------


def test_the_capture_rate_and_the_days_by_hand(log: Log) -> None:
    """A workload that ran in batch for the first of two days: half is saved, half still to be had."""
    day = [f"2026-11-{number:02}" for number in (2, 3)]
    calls = [
        call(ts=f"{at}T{hour:02}:{minute:02}:00Z", tier=tier, input_tokens=100_000)
        for at, tier in zip(day, ("batch", "standard"), strict=True)
        for hour in range(24)
        for minute in range(0, 60, 10)
    ]
    bench = log(*calls)
    bench.declare("notes", author="Ann", user_waiting=False, max_wait="7d")
    analysis = bench.analysis()
    found = track(bench.verify().realised(), analysis)
    assert found.realised_micro_usd == 144 * 150_000
    yearly = analysis.totals.saving_per_year.base
    assert yearly > 0
    expected = yearly * 48 / 8760
    assert abs(found.open_micro_usd - expected) < Decimal("0.001")
    assert found.capture_rate is not None
    assert abs(found.capture_rate - 21_600_000 / (21_600_000 + expected)) < Decimal("0.000001")
    first, last = found.days
    assert first.realised_micro_usd == last.realised_micro_usd == 21_600_000
    assert last.attainable_micro_usd - last.realised_micro_usd == found.open_micro_usd
