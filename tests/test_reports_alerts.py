"""Budgets and alerts at their exact edges, on cubes of a few rows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from data.batches import JOBS_SCHEMA
from data.cube import USAGE_SCHEMA
from data.store import Workspace
from pricing.overlay import PriceEdit
from pricing.table import PriceTable
from reports import alerts, explain_verify
from reports.alerts import Alert, Found, Seen
from reports.budgets import midnight_utc, period_days
from reports.ledger import Entry
from reports.ledger_model import Key
from reports.regression import Regression
from reports.watch_model import Watched, WatchError, read_watched
from reports.workbench import Workbench
from tests import report_cases

NEWEST = datetime(2026, 11, 18, 12)  # a Wednesday
ROW: dict[str, Any] = {
    "hour_utc": NEWEST,
    "provider": "openai",
    "model": "gpt-4o",
    "workload": "nightly",
    "tier": "batch",
    "prompt_band": 0,
    "status": "ok",
    "grain": "call",
    "source_format": "lanewise_csv",
    "dataset_id": "d",
    "n_requests": 1,
    "n_unmetered": 0,
    "input_tokens": 0,
    "cache_read_tokens": 0,
    "cache_write_tokens": 0,
    "cache_write_long_tokens": 0,
    "output_tokens": 0,
}
CENT = 8_000
"""Input tokens of gpt-4o that cost one cent in batch, at 1.25 dollars a million."""


def cube(*rows: dict[str, Any]) -> pa.Table:
    counts = [
        name for name, kind in zip(USAGE_SCHEMA.names, USAGE_SCHEMA.types, strict=True) if kind == pa.int64()
    ]
    return pa.Table.from_pylist(
        [{**dict.fromkeys(counts, 0), **ROW, **row} for row in rows], schema=USAGE_SCHEMA
    )


def watched(*budgets: dict[str, Any], zone: str = "UTC", **thresholds: Any) -> Watched:
    return read_watched({"time_zone": zone, "budgets": budgets, "thresholds": thresholds})


def found(
    *rows: dict[str, Any],
    watch: Watched | None = None,
    batches: Sequence[dict[str, Any]] = (),
    entries: Sequence[Entry] = (),
    at: datetime = NEWEST,
    prices: PriceTable | None = None,
) -> Found:
    return alerts.look(
        Seen(
            cube(*rows),
            pa.Table.from_pylist(list(batches), schema=JOBS_SCHEMA),
            prices if prices is not None else PriceTable.shipped(),
            entries,
            watch if watch is not None else Watched(),
            at,
        )
    )


def of_kind(kind: str, result: Found) -> list[Alert]:
    return [alert for alert in result.alerts if alert.kind == kind]


BATCH_DAY = {"channel": "batch", "period": "day", "limit_usd": "50"}


@pytest.mark.parametrize(
    ("cents", "severity"), [(3_999, None), (4_000, "warning"), (4_999, "warning"), (5_000, "breach")]
)
def test_a_budget_of_50_dollars_a_day_is_told_from_40_on(cents: int, severity: str | None) -> None:
    result = found({"input_tokens": cents * CENT}, watch=watched(BATCH_DAY))
    assert [alert.severity for alert in of_kind("budget", result)] == ([severity] if severity else [])
    assert result.budgets[0].micro_usd == cents * 10_000


def test_a_budget_says_its_numbers() -> None:
    (alert,) = of_kind("budget", found({"input_tokens": 4_000 * CENT}, watch=watched(BATCH_DAY)))
    assert (
        alert.sentence == "Budget of batch: $40.00 of $50.00 a day (2026-11-18, UTC), alert from $40.00 on."
    )
    assert alert.key == "budget/batch//day/2026-11-18"


@pytest.mark.parametrize(
    ("channel", "which", "cents"),
    [
        ("all", "", 1 + 20 + 300 + 3_000),
        ("batch", "", 1),
        ("sync", "", 20 + 300 + 3_000),
        ("provider", "anthropic", 3_000),
        ("workload", "chat", 20 + 300),
    ],
)
def test_channels_hold_what_they_say(channel: str, which: str, cents: int) -> None:
    rows: list[dict[str, Any]] = [
        {"input_tokens": CENT},
        {"workload": "chat", "tier": "standard", "input_tokens": 20 * CENT // 2},
        {"workload": "chat", "tier": "flex", "model": "o3", "input_tokens": 300 * 10_000},
        {
            "provider": "anthropic",
            "model": "claude-sonnet-4-5",
            "tier": "standard",
            "input_tokens": 10_000_000,
        },
    ]
    budget = {"channel": channel, "which": which, "period": "day", "limit_usd": "1000"}
    result = found(*rows, watch=watched(budget))
    # sync is twice the batch price; o3 is 1 dollar a million in flex, the other model 3 dollars
    assert result.budgets[0].micro_usd == cents * 10_000
    explained = explain_verify.budget(report_cases.analysis([]), result.budgets[0])
    assert explained.figure == cents * 10_000 == sum(item.amount for item in explained.inputs)
    if channel == "all":
        assert dict(result.budgets[0].by_workload) == {"nightly": 30_010_000, "chat": 3_200_000}


@pytest.mark.parametrize(
    ("zone", "hours", "micro_usd"),
    [
        # the 18th begins in Berlin at 23:00 UTC of the 17th, in Los Angeles at 08:00 UTC
        ("UTC", (datetime(2026, 11, 17, 23), datetime(2026, 11, 18, 0)), 20_000),
        ("Europe/Berlin", (datetime(2026, 11, 17, 22), datetime(2026, 11, 17, 23)), 20_000),
        ("America/Los_Angeles", (datetime(2026, 11, 18, 7), datetime(2026, 11, 18, 8)), 20_000),
    ],
)
def test_days_begin_at_midnight_of_the_zone(
    zone: str, hours: tuple[datetime, datetime], micro_usd: int
) -> None:
    before, inside = hours
    rows = [{"hour_utc": hour, "input_tokens": CENT} for hour in (before, inside, NEWEST)]
    result = found(*rows, watch=watched(BATCH_DAY, zone=zone))
    assert result.budgets[0].micro_usd == micro_usd
    assert result.budgets[1].micro_usd == 10_000, "the day before"


def test_periods_are_those_of_the_calendar() -> None:
    assert period_days("week", date(2026, 11, 18)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period_days("month", date(2024, 2, 29)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert period_days("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    berlin = ZoneInfo("Europe/Berlin")
    # the clocks go back on 25 October 2026: a day of 25 hours
    assert midnight_utc(date(2026, 10, 26), berlin) - midnight_utc(date(2026, 10, 25), berlin) == timedelta(
        hours=25
    )


def test_a_period_that_ended_is_told_for_two_days() -> None:
    month = {"channel": "all", "period": "month", "limit_usd": "1"}

    def shown(newest: datetime) -> list[date]:
        result = found({"hour_utc": newest, "input_tokens": CENT}, watch=watched(month))
        return [item.first_day for item in result.budgets]

    assert shown(datetime(2026, 11, 2, 23)) == [date(2026, 11, 1), date(2026, 10, 1)]
    assert shown(datetime(2026, 11, 3, 0)) == [date(2026, 11, 1)]


def test_calls_without_a_price_are_said_to_be_missing() -> None:
    rows: list[dict[str, Any]] = [
        {"input_tokens": 4_000 * CENT},
        {"model": "nobody-knows-this", "input_tokens": 5, "n_requests": 3},
    ]
    (alert,) = of_kind("budget", found(*rows, watch=watched(BATCH_DAY)))
    assert alert.sentence.endswith("3 calls without a price are not in it.")


@pytest.mark.parametrize(("errors", "fires"), [(200, False), (201, True)])
def test_an_error_rate_fires_above_2_percent_of_10_000(errors: int, fires: bool) -> None:
    result = found({"n_requests": 10_000 - errors}, {"status": "error", "n_requests": errors})
    told = of_kind("errors", result)
    assert bool(told) == fires
    if fires:
        assert told[0].severity == "breach"
        assert "201 of 10,000 requests failed (2.01 %)" in told[0].sentence


@pytest.mark.parametrize(("requests", "fires"), [(99, False), (100, True)])
def test_a_rate_over_a_few_requests_says_nothing(requests: int, fires: bool) -> None:
    result = found({"n_requests": requests - 50}, {"status": "error", "n_requests": 50})
    assert bool(of_kind("errors", result)) == fires


def test_errors_out_of_the_window_are_over() -> None:
    old = {"status": "error", "n_requests": 5_000, "hour_utc": NEWEST - timedelta(days=7)}
    assert not of_kind("errors", found({"n_requests": 5_000}, old))
    assert of_kind("errors", found({"n_requests": 5_000}, old, watch=watched(window_days=8)))


@pytest.mark.parametrize(("lines", "least", "fires"), [(1, 1, True), (4, 5, False), (5, 5, True)])
def test_expired_lines(lines: int, least: int, fires: bool) -> None:
    result = found({"status": "expired", "n_requests": lines}, watch=watched(expired_lines=least))
    assert bool(of_kind("expired", result)) == fires


def batch(number: int, hours: str, *, provider: str = "openai") -> dict[str, Any]:
    end = NEWEST + timedelta(hours=1)
    return {
        "provider": provider,
        "batch_id": f"batch-{number}",
        "model": "gpt-4o",
        "workload": "nightly",
        "n_requests": 10,
        "first_ts": end - timedelta(seconds=int(Decimal(hours) * 3600)),
        "last_ts_end": end,
    }


@pytest.mark.parametrize(
    ("late", "fires"),
    # of 20 batches the 19th is the P95: one late one is not it, two are
    [(["12.001"], False), (["12.001", "30"], True), (["12", "30"], False)],
)
def test_turnaround_is_the_nearest_rank_above_12_hours(late: list[str], fires: bool) -> None:
    jobs = [batch(number, "1") for number in range(20 - len(late))]
    jobs += [batch(100 + number, hours) for number, hours in enumerate(late)]
    told = of_kind("turnaround", found({}, batches=jobs))
    assert bool(told) == fires
    if fires:
        assert "P95 of 20 turnarounds" in told[0].sentence
        assert "is 12.0 h, above 12 h; the slowest, batch-101, took 30.0 h" in told[0].sentence


def test_lines_without_a_batch_or_an_end_are_not_timed() -> None:
    nameless = {**batch(1, "30"), "batch_id": None}
    open_end = {**batch(2, "30"), "last_ts_end": None}
    old = {**batch(3, "30"), "last_ts_end": NEWEST - timedelta(days=8)}
    assert not of_kind("turnaround", found({}, batches=[nameless, open_end, old]))


@pytest.mark.parametrize(("read", "fires"), [(600, False), (599, True)])
def test_cache_hits_that_drop_by_more_than_20_points(read: int, fires: bool) -> None:
    before = {"hour_utc": NEWEST - timedelta(days=10), "n_requests": 100, "input_tokens": 1_000}
    now = {"n_requests": 100, "input_tokens": 1_000, "cache_read_tokens": read}
    told = of_kind("hits", found({**before, "cache_read_tokens": 800}, now))
    assert bool(told) == fires
    if fires:
        assert "60 % of the input was read from the cache" in told[0].sentence


@pytest.mark.parametrize(("days", "fires"), [(30, True), (31, False)])
def test_an_announced_price_is_told_thirty_days_before(days: int, fires: bool) -> None:
    (row,) = [
        row
        for row in PriceTable.shipped().rows_for("openai", "gpt-4o")
        if row.tier == "standard" and row.valid_to is None
    ]
    change = row.model_copy(
        update={"valid_from": NEWEST + timedelta(days=days), "input_usd_per_mtok": Decimal("3.10")}
    )
    table = PriceTable.shipped().with_edits([PriceEdit(row=change, author="Ann", at_utc=NEWEST, note="")])
    told = of_kind("price_ahead", found({"tier": "standard"}, prices=table))
    assert bool(told) == fires
    if fires:
        assert "input $2.5 a million to $3.1 a million from 2026-12-18 on" in told[0].sentence


@pytest.mark.parametrize(("cents", "fires"), [(1_500, False), (1_501, True)])
def test_unattributed_spend_that_grows_by_more_than_10_dollars(cents: int, fires: bool) -> None:
    nameless = {"workload": "(unattributed)"}
    before = {**nameless, "hour_utc": NEWEST - timedelta(days=8), "input_tokens": 500 * CENT}
    told = of_kind("unattributed", found(before, {**nameless, "input_tokens": cents * CENT}))
    assert bool(told) == fires
    if fires:
        assert "grew to $15.01" in told[0].sentence
        assert "from $5.00" in told[0].sentence


def test_a_move_that_fell_back_is_a_breach() -> None:
    key = Key(workload="nightly", provider="openai", model="gpt-4o", lane="batch")
    back = Regression(NEWEST, 211, Decimal("0.25"), Decimal("0.95"), of_cache=False)
    entry = Entry("abc", key, "verified", owner="Ann", regression=back)
    (alert,) = of_kind("regressed", found({}, entries=[entry, Entry("def", key, "claimed")]))
    assert (alert.severity, alert.where, alert.key) == ("breach", "ledger", "regressed/abc")
    assert "25 % of the calls in batch, no caching" in alert.sentence
    assert alert.todo.startswith("Ask Ann")


@pytest.mark.parametrize(("days", "fires"), [(7, False), (8, True)])
def test_a_log_that_ends_long_ago(days: int, fires: bool) -> None:
    assert bool(of_kind("log", found({}, at=NEWEST + timedelta(days=days)))) == fires


def test_nothing_fires_without_a_log() -> None:
    result = found(watch=watched(BATCH_DAY))
    assert (result.alerts, result.budgets, result.worst) == ((), (), None)


def test_breaches_come_first() -> None:
    expired = {"status": "expired", "n_requests": 5}
    failed = {"status": "error", "n_requests": 500, "tier": "standard"}
    result = found(expired, failed)
    assert [alert.kind for alert in result.alerts if alert.kind in ("errors", "expired")] == [
        "errors",
        "expired",
    ]
    assert result.worst == "breach"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is no time zone"),
        ({"budgets": [{**BATCH_DAY, "limit_usd": "many"}]}, "budget 1 limit usd: “many” is no number"),
        ({"budgets": [{**BATCH_DAY, "limit_usd": 49.99}]}, "budget 1 limit usd: write it as text"),
        (
            {"budgets": [{**BATCH_DAY, "limit_usd": "0"}]},
            "budget 1 limit usd: Input should be greater than 0",
        ),
        ({"budgets": [{**BATCH_DAY, "alert_at": "1.01"}]}, "budget 1 alert at: Input should be less than"),
        ({"budgets": [{**BATCH_DAY, "channel": "provider"}]}, "budget 1: name the provider"),
        ({"budgets": [{**BATCH_DAY, "which": "x"}]}, "budget 1: batch needs no name"),
        ({"budgets": [BATCH_DAY, BATCH_DAY]}, "Two budgets a day for batch; keep one"),
        ({"thresholds": {"error_rate": "1"}}, "error rate: Input should be less than 1"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(content: dict[str, Any], said: str) -> None:
    with pytest.raises(WatchError) as refused:
        read_watched(content)
    assert any(said in problem for problem in refused.value.problems), refused.value.problems


def test_budgets_are_kept_with_their_history(tmp_path: Any) -> None:
    bench = Workbench(Workspace.open(tmp_path / "home"))
    assert bench.watch().watched() == Watched()
    asked = watched({**BATCH_DAY, "limit_usd": "49.990001"}, zone="Asia/Tokyo", error_rate="0.035")
    assert bench.watch().save(asked, author="Ann", note="first")
    assert not bench.watch().save(asked, author="Ann", note="again")
    again = Workbench.open(tmp_path / "home").watch()
    assert again.watched() == asked
    assert again.watched().budgets[0].limit_usd == Decimal("49.990001")
    assert again.look().alerts == ()
    assert again.undo(author="Bob")
    assert again.watched() == Watched()
    assert [version.author for version in again.history()] == ["Bob", "Ann"]
    assert not again.can_undo()
