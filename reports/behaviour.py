"""How each workload behaves, read from the cube and the roll-ups beside it; times are UTC.

What a log is too short or too silent to show is None, never 0. `docs/guide/signals.md` says what
each number is and where it misleads.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from data.cube import BURSTS_SCHEMA, SESSIONS_SCHEMA, SIGNALS_SCHEMA
from data.queries import LOG_BASE, hour_of_week, percentile
from reports import tables
from reports.log_hours import Window, covered
from reports.windows import log_windows
from triage.behaviour import Behaviour, busiest_share, concentration

HOURS_A_DAY: Final = 24
HOURS_A_WEEK: Final = 168
BUSIEST_HOURS: Final = 3
_TWO_TURNS: Final = math.floor(math.log(2, LOG_BASE))

Histogram = dict[int, int]


@dataclass(frozen=True)
class Rollups:
    """What the log shows beside the cube: see `data.cube`."""

    signals: pa.Table
    bursts: pa.Table
    sessions: pa.Table

    @classmethod
    def none(cls) -> "Rollups":
        """Of a workspace without calls."""
        return cls(SIGNALS_SCHEMA.empty_table(), BURSTS_SCHEMA.empty_table(), SESSIONS_SCHEMA.empty_table())


def behaviours(cube: pa.Table, rollups: Rollups) -> dict[str, Behaviour]:
    """Workload -> how it behaves, for every workload with single calls in the log."""
    histograms = _by_workload(rollups.signals.to_pylist())
    hours = _hours(cube)
    windows = window_hours(cube)
    joined = tables.arrow("joined_bursts", {"bursts": rollups.bursts})
    bursts = {row["workload"]: row for row in tables.rows("workload_bursts", {"joined": joined})}
    gaps_s = _gaps(joined)
    sessions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rollups.sessions.to_pylist():
        sessions[row["workload"]].append(row)
    return {
        row["workload"]: Behaviour(
            n_calls=row["n_calls"],
            **_rhythm(
                hours.get(row["workload"], {}),
                histograms[row["workload"]]["minute_of_hour"],
                windows.get(row["workload"], 0) if row["span_hours"] >= HOURS_A_DAY else 0,
            ),
            burst_size_p50=_value(bursts.get(row["workload"]), "burst_size_p50"),
            burst_spread_s=_value(bursts.get(row["workload"]), "burst_spread_s"),
            gap_p50_s=middle(gaps_s.get(row["workload"], {})),
            **_sessions(sessions[row["workload"]]),
            **_shares(row),
            ttft_p50_ms=middle(histograms[row["workload"]]["ttft_log"]),
            latency_p50_ms=middle(histograms[row["workload"]]["latency_log"]),
            latency_p95_ms=middle(histograms[row["workload"]]["latency_log"], 0.95),
            output_tokens_p50=middle(histograms[row["workload"]]["output_log"]),
        )
        for row in tables.rows("workload_calls", {"cube": cube})
    }


def local_hours(calls: Iterable[tuple[datetime, int]], zone: str) -> Histogram:
    """Hour of the week on the clocks of an IANA zone -> calls, from (hour in UTC, calls).

    0 is Monday 00:00 there. The clocks of a night in which they change are followed, so an hour that
    they show twice has the calls of both; of a zone off by half an hour the hour begun counts.
    """
    clocks = ZoneInfo(zone)
    found: Counter[int] = Counter()
    for hour_utc, n in calls:
        there = hour_utc.replace(tzinfo=UTC).astimezone(clocks)
        found[there.weekday() * HOURS_A_DAY + there.hour] += n
    return dict(found)


def gaps(bursts: pa.Table) -> dict[str, Histogram]:
    """Workload -> seconds between a call and the next, in the log buckets of the signals."""
    return _gaps(tables.arrow("joined_bursts", {"bursts": bursts}))


def _gaps(joined: pa.Table) -> dict[str, Histogram]:
    found: dict[str, Histogram] = defaultdict(dict)
    for row in tables.rows("workload_gaps", {"joined": joined}):
        found[row["workload"]][row["bucket"]] = row["n"]
    return dict(found)


def middle(counts: Mapping[int, int], q: float = 0.5) -> float | None:
    """The quantile of a log histogram, as the geometric middle of its bucket; None when it is empty."""
    bounds = percentile(counts, q)
    if bounds is None:
        return None
    return math.sqrt(max(bounds.low, 1.0) * bounds.high)


def window_hours(cube: pa.Table) -> dict[str, int]:
    """Workload -> hours covered by the logs that hold it, its own silent hours included."""
    found: dict[str, dict[int, tuple[Window, ...]]] = defaultdict(dict)
    for (workload, _, _), windows in log_windows(cube).items():
        found[workload][id(windows)] = windows  # parts of the same logs have the very same tuple
    return {name: covered(_together(logs.values())).hours for name, logs in found.items()}


def _together(logs: Collection[tuple[Window, ...]]) -> tuple[Window, ...]:
    """The windows of several logs, those of one as they are: many workloads of it ask for the same hours."""
    if len(logs) == 1:
        return next(iter(logs))
    return tuple({window for windows in logs for window in windows})


def _rhythm(hours: Histogram, minutes: Histogram, window: int) -> dict[str, Any]:
    """When calls come, from a log of `window` hours; what came within one day alone has no rhythm.

    An hour of chat is all in one hour, so nothing is said below a day, and of hours of the week below
    a week.
    """
    by_day = [0] * HOURS_A_DAY
    for hour, n in hours.items():
        by_day[hour % HOURS_A_DAY] += n
    of_hour = [minutes.get(minute, 0) for minute in range(60)]
    return {
        "cron_likeness": concentration(of_hour) if window >= HOURS_A_DAY else None,
        "busiest_hours_share": busiest_share(by_day, BUSIEST_HOURS) if window >= HOURS_A_DAY else None,
        "hour_of_week_spread": len(hours) / HOURS_A_WEEK if hours and window >= HOURS_A_WEEK else None,
    }


def _sessions(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    pauses: Histogram = defaultdict(int)
    n_sessions = n_long = n_calls = n_repeats = 0
    for row in rows:
        n_sessions += row["n_sessions"]
        n_calls += row["n_calls"]
        n_repeats += row["n_repeats"]
        if row["turns_log"] >= _TWO_TURNS:
            n_long += row["n_sessions"]
            pauses[row["pause_log"]] += row["n_calls"] - row["n_sessions"]
    if not n_sessions:
        return {}
    return {
        "n_sessions": n_sessions,
        "multi_turn_share": n_long / n_sessions,
        "session_gap_p50_s": middle(pauses),
        "retry_share": n_repeats / n_calls,
    }


def _shares(row: Mapping[str, Any]) -> dict[str, Any]:
    calls, said = row["n_calls"], (row["n_streamed"] or 0) + (row["n_unstreamed"] or 0)
    return {
        "streaming_share": row["n_streamed"] / said if said else None,
        "error_share": row["n_failed"] / calls,
        "batch_tier_share": row["n_batch"] / calls,
        "flex_tier_share": row["n_flex"] / calls,
        "priority_tier_share": row["n_priority"] / calls,
    }


def _value(row: Mapping[str, Any] | None, name: str) -> float | None:
    return None if row is None else float(row[name])


def _hours(cube: pa.Table) -> dict[str, Histogram]:
    found: dict[str, Histogram] = defaultdict(dict)
    for row in hour_of_week(cube).to_pylist():
        found[row["workload"]][row["hour_of_week"]] = row["n_requests"]
    return dict(found)


def _by_workload(signals: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Histogram]]:
    found: dict[str, dict[str, Histogram]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for row in signals:
        found[row["workload"]][row["signal"]][row["bucket"]] += row["n"]
    return found
