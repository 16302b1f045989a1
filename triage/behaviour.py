"""What the log shows of a workload, as plain numbers; `docs/guide/signals.md` says what each means."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from triage.errors import FactsError

_SHARES: Final = (
    "cron_likeness", "busiest_hours_share", "hour_of_week_spread", "multi_turn_share", "streaming_share",
    "error_share", "retry_share", "batch_tier_share", "flex_tier_share", "priority_tier_share",
)  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """Signals of one workload over its log; None is "the log does not say", never 0.

    Attributes:
        n_calls: calls the signals were read from.
        cron_likeness: 0 to 1, how much calls share minutes of the hour (`concentration` of 60 counts).
        busiest_hours_share: 0.125 to 1, calls in the three busiest hours of the day (UTC).
        hour_of_week_spread: 0 to 1, the share of the 168 hours of the week that hold a call.
        burst_size_p50: calls in the burst of the median call; a minute without a call ends a burst.
        burst_spread_s: seconds from the first to the last minute of that burst.
        gap_p50_s: median seconds between a call and the next.
        session_gap_p50_s: median over pauses of the mean pause of their session, in seconds.
        multi_turn_share: sessions with more than one call, by all sessions.
        streaming_share: calls that streamed, by calls that say whether they did.
        ttft_p50_ms: median time to the first token.
        latency_p50_ms, latency_p95_ms: time to the whole answer.
        n_users, n_sessions: distinct users and sessions.
        output_tokens_p50: median output tokens.
        error_share: failed calls, by all calls.
        retry_share: failed calls after which their session went on, by all calls in sessions.
        batch_tier_share, flex_tier_share, priority_tier_share: calls served in that tier, by all calls.
        two_behaviours: whether hours of the week tell two behaviours apart, so that no number is of one.

    Raises:
        FactsError: when a share is outside 0 to 1, or a count or duration is negative.
    """

    n_calls: int
    cron_likeness: float | None = None
    busiest_hours_share: float | None = None
    hour_of_week_spread: float | None = None
    burst_size_p50: float | None = None
    burst_spread_s: float | None = None
    gap_p50_s: float | None = None
    session_gap_p50_s: float | None = None
    multi_turn_share: float | None = None
    streaming_share: float | None = None
    ttft_p50_ms: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    n_users: int | None = None
    n_sessions: int | None = None
    output_tokens_p50: float | None = None
    error_share: float | None = None
    retry_share: float | None = None
    batch_tier_share: float | None = None
    flex_tier_share: float | None = None
    priority_tier_share: float | None = None
    two_behaviours: bool = False

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            high = 1 if item.name in _SHARES else float("inf")
            if value is not None and not 0 <= value <= high:
                limits = "between 0 and 1" if high == 1 else "at 0 or above"
                raise FactsError("Signals that cannot be", f"{item.name} is {value}; it lies {limits}.")


def concentration(counts: Sequence[int]) -> float | None:
    """How much calls share cells: 0 when spread evenly, 1 when all are in one cell; None below two calls.

    The chance that two calls drawn at random share a cell, beyond what an even spread gives. Drawn
    without putting back, so a small log does not look concentrated by chance (Simpson 1949, Nature 163).
    """
    total, cells = sum(counts), len(counts)
    if total < 2 or cells < 2:
        return None
    shared = sum(count * (count - 1) for count in counts) / (total * (total - 1))
    return min(1.0, max(0.0, (cells * shared - 1) / (cells - 1)))


def busiest_share(counts: Sequence[int], n_cells: int) -> float | None:
    """The share of calls in the `n_cells` fullest cells; None without calls."""
    total = sum(counts)
    return sum(sorted(counts, reverse=True)[:n_cells]) / total if total else None
