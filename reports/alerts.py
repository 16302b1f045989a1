"""What needs somebody's attention: budgets, failures, late batches, lost hits, prices, moves undone.

Pure: everything comes in as tables and frozen values. A rule fires above its threshold and not at it,
except for budgets, which fire when the amount is reached. Rates are taken over the last days of the log,
not of the calendar, so that a log that comes a day late is judged like one that comes at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from data.queries import observed_window
from data.schema import UNATTRIBUTED
from pricing.coming import PriceChange, coming_changes
from pricing.table import PriceTable
from reports import tables
from reports.budgets import Spent, hourly_spend, spent
from reports.display import in_dollars
from reports.format import count, lane_title, usd
from reports.ledger import Entry
from reports.parts import MILLION
from reports.price_age import STALE_AFTER_DAYS, price_age
from reports.recommend import TIER_OF_LANE
from reports.watch_model import Thresholds, Watched

Severity = Literal["breach", "warning"]
Kind = Literal[
    "budget",
    "errors",
    "expired",
    "turnaround",
    "hits",
    "price_ahead",
    "unattributed",
    "regressed",
    "stale",
    "log",
]
Where = Literal["workloads", "batches", "ledger", "prices", "data", "rules"]
"""The page that shows the evidence."""

_HOUR: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(days=1)
"""How far a call may lie ahead of the moment of looking: clocks differ, and totals count to their end."""
_COMPARED: Final = 4
"""Cache hits are compared with those of so many windows before."""


@dataclass(frozen=True)
class Alert:
    """One thing to look at.

    Attributes:
        key: what it is about; the same from one look to the next as long as it goes on.
        sentence: what is the matter, with the numbers.
        todo: what to do about it.
        where: the page with the evidence; `workload` is what to look at there, where it is one.
    """

    kind: Kind
    key: str
    severity: Severity
    sentence: str
    todo: str
    where: Where
    workload: str | None = None

    @property
    def state(self) -> str:
        """What makes it another alert than before: not the numbers, which move with every call."""
        return f"{self.key}={self.severity}"


@dataclass(frozen=True)
class Seen:
    """What alerts are looked for in.

    Attributes:
        cube: the usage that counts.
        batches: the batch jobs, as `data.batches.JOBS_SCHEMA`.
        entries: the ledger.
        at: the moment of looking, naive UTC.
    """

    cube: pa.Table
    batches: pa.Table
    prices: PriceTable
    entries: Sequence[Entry]
    watched: Watched
    at: datetime


@dataclass(frozen=True)
class Found:
    """What fires, worst first, and how every budget stands whether it fires or not."""

    alerts: tuple[Alert, ...]
    budgets: tuple[Spent, ...]
    newest_hour_utc: datetime | None

    @property
    def worst(self) -> Severity | None:
        """The worst severity; None when nothing fires."""
        return self.alerts[0].severity if self.alerts else None


@in_dollars()
def look(seen: Seen) -> Found:
    """Everything that fires now."""
    window = observed_window(seen.cube)
    regressed = list(_regressed(seen.entries))
    if window is None:
        return Found(tuple(regressed), (), None)
    newest = _newest(seen, window.last_hour_utc)
    limits = seen.watched.thresholds
    until = newest + _HOUR
    since = until - timedelta(days=limits.window_days)
    spend = hourly_spend(seen.cube, seen.prices, newest)
    stand = [
        item for budget in seen.watched.budgets for item in spent(budget, spend, newest, seen.watched.zone)
    ]
    rates = tables.rows(
        "alert_rates",
        {"cube": seen.cube},
        before=since - _COMPARED * timedelta(days=limits.window_days),
        since=since,
        until=until,
    )
    models = sorted({(row["provider"], row["model"]) for row in rates if row["n_requests"]})
    alerts = [
        *(alert for item in stand if (alert := _budget(item, seen.watched.time_zone)) is not None),
        *_errors(rates, limits),
        *_expired(rates, limits),
        *_turnarounds(tables.rows("turnarounds", {"batches": seen.batches}, since=since), limits),
        *_hits(rates, limits),
        *_prices_ahead(seen, models, limits),
        *_unattributed(spend, since, until, limits),
        *regressed,
        *_stale(seen, models),
        *_old_log(newest, seen.at, limits),
        *_ahead(window.last_hour_utc, newest),
    ]
    return Found(tuple(sorted(alerts, key=lambda alert: alert.severity != "breach")), tuple(stand), newest)


def _newest(seen: Seen, last: datetime) -> datetime:
    """The newest hour that can have been: a call dated years ahead must not hide those of today."""
    can_be = pc.field("hour_utc") <= seen.at + _AHEAD
    known = observed_window(seen.cube.filter(can_be))
    # A log that lies ahead of this machine's clock altogether is watched as it is.
    return last if known is None else known.last_hour_utc


def _ahead(last: datetime, newest: datetime) -> Iterator[Alert]:
    if last == newest:
        return
    yield Alert(
        "log",
        "log-ahead",
        "warning",
        f"The log has calls up to {last:%Y-%m-%d}, which is to come: they are in no budget and no rate.",
        "Find their dataset by its last day, mend the clock or unit of its times, and import it again.",
        "data",
    )


def _budget(item: Spent, zone: str) -> Alert | None:
    if not item.alerting:
        return None
    budget = item.budget
    days = f"{item.first_day}" if item.first_day == item.last_day else f"{item.first_day} to {item.last_day}"
    missing = f" {count(item.n_unpriced)} calls without a price are not in it." if item.n_unpriced else ""
    reached = "the limit is reached" if item.breached else f"alert from {usd(item.alert_micro_usd)} on"
    return Alert(
        "budget",
        f"{budget.key}/{item.first_day}",
        "breach" if item.breached else "warning",
        f"Budget of {budget.about}: {usd(item.micro_usd)} of {usd(item.limit_micro_usd)} a {budget.period} "
        f"({days}, {zone}), {reached}.{missing}",
        "See which workload grew and move what can wait, or raise the budget.",
        "workloads",
        budget.which if budget.channel == "workload" else None,
    )


def _errors(rates: Iterable[Mapping[str, Any]], limits: Thresholds) -> Iterator[Alert]:
    for row in rates:
        n_requests, n_error = row["n_requests"], row["n_error"]
        if n_requests < limits.min_requests or n_error <= limits.error_rate * n_requests:
            continue
        yield Alert(
            "errors",
            f"errors/{_place(row)}",
            "breach",
            f"{_named(row)}: {count(n_error)} of {count(n_requests)} requests failed "
            f"({_percent(n_error, n_requests)}) in {_days(limits.window_days)}; the line is "
            f"{_of_hundred(limits.error_rate)} %.",
            "Read the error types where the calls are made, fix the cause, send only the failed lines again.",
            "workloads",
            row["workload"],
        )


def _expired(rates: Iterable[Mapping[str, Any]], limits: Thresholds) -> Iterator[Alert]:
    for row in rates:
        if row["n_expired"] < limits.expired_lines:
            continue
        yield Alert(
            "expired",
            f"expired/{_place(row)}",
            "warning",
            f"{_named(row)}: {count(row['n_expired'])} of {count(row['n_requests'])} requests expired before "
            f"they ran in {_days(limits.window_days)}.",
            "Send them again, in smaller batches or earlier; check that the deadline allows the full window.",
            "batches",
            row["workload"],
        )


def _turnarounds(rows: Iterable[Mapping[str, Any]], limits: Thresholds) -> Iterator[Alert]:
    line_s = limits.turnaround_hours * 3600
    for row in rows:
        if row["p95_s"] <= line_s:
            continue
        yield Alert(
            "turnaround",
            f"turnaround/{row['provider']}/{row['workload']}",
            "warning",
            f"Batches of {row['workload']} ({row['provider']}): the P95 of {count(row['n_batches'])} "
            f"turnarounds in {_days(limits.window_days)} is {_hours(row['p95_s'])}, above "
            f"{limits.turnaround_hours.normalize():f} h; "
            f"the slowest, {row['slowest_batch']}, took {_hours(row['longest_s'])}.",
            "Send smaller batches earlier, or move what is needed sooner to flex.",
            "batches",
            row["workload"],
        )


def _hits(rates: Sequence[Mapping[str, Any]], limits: Thresholds) -> Iterator[Alert]:
    for row in rates:
        enough = min(row["n_requests"], row["n_requests_before"]) >= limits.min_requests
        if not enough or not row["input_tokens"] or not row["input_tokens_before"]:
            continue
        now = Decimal(row["cache_read_tokens"]) / row["input_tokens"]
        before = Decimal(row["cache_read_tokens_before"]) / row["input_tokens_before"]
        if before - now <= limits.hit_rate_drop:
            continue
        yield Alert(
            "hits",
            f"hits/{_place(row)}",
            "warning",
            f"{_named(row)}: {_whole(now)} % of the input was read from the cache in "
            f"{_days(limits.window_days)}, {_whole(before)} % before.",
            "Look for what changed at the start of the prompt, or a pause longer than the cache lives.",
            "workloads",
            row["workload"],
        )


def _prices_ahead(seen: Seen, models: Sequence[tuple[str, str]], limits: Thresholds) -> Iterator[Alert]:
    last = seen.at + timedelta(days=limits.price_ahead_days)
    for provider, model in models:
        for change in coming_changes(seen.prices, provider, model, seen.at):
            if change.at > last:
                break
            if TIER_OF_LANE[change.lane] == "priority":
                continue  # the lane is the first that changes, and no move leads there
            yield Alert(
                "price_ahead",
                f"price/{provider}/{model}/{change.at:%Y-%m-%d}",
                "warning",
                f"{provider} / {model}: {_price_change(change)} from {change.at:%Y-%m-%d} on.",
                "See on the What-if page what the month will cost then, and decide before that day.",
                "prices",
            )


def _price_change(change: PriceChange) -> str:
    pairs = (
        ("input", change.input_before, change.input_after),
        ("output", change.output_before, change.output_after),
    )
    moved = [f"{name} {_rate(before)} to {_rate(after)}" for name, before, after in pairs if before != after]
    said = " and ".join(moved) or "a cached price changes"
    return f"{lane_title(change.lane).lower()} {said}"


def _unattributed(spend: pa.Table, since: datetime, until: datetime, limits: Thresholds) -> Iterator[Alert]:
    rows = tables.rows(
        "unattributed_spend",
        {"spend": spend},
        workload=UNATTRIBUTED,
        before=since - (until - since),
        since=since,
        until=until,
    )
    now: Decimal = rows[0]["now_micro_usd"]
    before: Decimal = rows[0]["before_micro_usd"]
    if now - before <= limits.unattributed_usd * MILLION:
        return
    yield Alert(
        "unattributed",
        "unattributed",
        "warning",
        f"Spend of no workload grew to {usd(now)} in {_days(limits.window_days)}, from {usd(before)} in as "
        "many days before.",
        "Write a rule that says which workload these calls are part of.",
        "rules",
    )


def _regressed(entries: Iterable[Entry]) -> Iterator[Alert]:
    for entry in entries:
        back = entry.regression
        if back is None:
            continue
        what = (
            "of the input read from the cache"
            if back.of_cache
            else f"of the calls in {lane_title(entry.key.lane).lower()}"
        )
        yield Alert(
            "regressed",
            f"regressed/{entry.ref}",
            "breach",
            f"{entry.key.workload} on {entry.key.model} fell back: {_whole(back.share)} % {what} since "
            f"{back.since_utc:%Y-%m-%d %H:%M} UTC, {_whole(back.share_when_verified)} % when verified.",
            f"Ask {entry.owner} what changed, or claim it anew.",
            "ledger",
            entry.key.workload,
        )


def _stale(seen: Seen, models: Sequence[tuple[str, str]]) -> Iterator[Alert]:
    age = price_age(seen.prices, models, seen.at)
    if age is None or not age.n_stale:
        return
    yield Alert(
        "stale",
        "stale-prices",
        "warning",
        f"{count(age.n_stale)} of {count(age.n_rows)} price rows in use were last compared with their source "
        f"more than {STALE_AFTER_DAYS} days ago, the oldest on {age.oldest}.",
        "Compare them with the provider's page, and edit what changed.",
        "prices",
    )


def _old_log(newest: datetime, at: datetime, limits: Thresholds) -> Iterator[Alert]:
    days = (at - newest) // timedelta(days=1)
    if days <= limits.log_age_days:
        return
    yield Alert(
        "log",
        "old-log",
        "warning",
        f"The newest call is of {newest:%Y-%m-%d}, {count(days)} days ago: nothing newer is watched.",
        "Import the log of the days since.",
        "data",
    )


def _place(row: Mapping[str, Any]) -> str:
    lane = "batch" if row["in_batch"] else "sync"
    return f"{row['provider']}/{row['model']}/{row['workload']}/{lane}"


def _named(row: Mapping[str, Any]) -> str:
    how = "in batch" if row["in_batch"] else "outside batch"
    return f"{row['workload']} on {row['model']}, {how}"


def _days(days: int) -> str:
    return f"the log's last {days} days" if days > 1 else "the log's last day"


def _percent(part: int, whole: int) -> str:
    return f"{Decimal(part) * 100 / whole:.2f} %"


def _of_hundred(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}"


def _whole(share: Decimal) -> str:
    return f"{share * 100:.0f}"


def _hours(seconds: int) -> str:
    return f"{Decimal(seconds) / 3600:.1f} h"


def _rate(usd_per_mtok: Decimal | None) -> str:
    return "no price" if usd_per_mtok is None else f"${usd_per_mtok.normalize():f} a million"
