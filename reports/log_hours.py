"""How many hours of the year a log stands for, the silent ones included.

A log begins and ends with a call, so its own ends say too little: three nightly runs lie within two days
and two hours and stand for three days, and the files of one run each are not all the time there was.
Silence between calls is time covered; after the last call it is taken to go on as long as it usually does,
but not beyond the day (of a pause of days: the week) that began with the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median_low
from typing import Final

_HOUR: Final = timedelta(hours=1)
_DAY_H: Final = 24
_WEEK_H: Final = 7 * _DAY_H
LONG_SILENCE_H: Final = 6
"""A shorter gap is sparse traffic, not a pause between runs. `dataset_windows.sql` has the same number."""
PAUSE_H: Final = 8 * _DAY_H
"""Between the files of single runs a pause may be a week, and a day more for one that starts late."""
_EVEN: Final = 2
"""Longer pauses count too where none is over twice the usual one: a monthly run has a file a month."""
_QUIET: Final = 4
"""Silence is how a log goes, not an outage, from a quarter of its hours on."""


@dataclass(frozen=True)
class Window:
    """The hours a dataset covers: the first and the last with a call, and what lies silent between them.

    `silent_h` are its hours in gaps of `LONG_SILENCE_H` and more, `usual_silence_h` the median of those gaps.
    """

    first: datetime
    last: datetime
    silent_h: int = 0
    usual_silence_h: int = 0

    @property
    def until(self) -> datetime:
        """The end of the last hour."""
        return self.last + _HOUR


@dataclass(frozen=True)
class Covered:
    """Hours a log stands for.

    Attributes:
        hours: all of them; 0 for no log.
        added: those after its last call, and of the days that were only begun, that count as silent.
    """

    hours: int
    added: int


@dataclass(frozen=True)
class _Run:
    """A stretch of windows without an unexplained gap; `until` is the end of its last hour."""

    first: datetime
    until: datetime
    silent_h: int
    silences_h: tuple[int, ...]

    @property
    def hours(self) -> int:
        return hours_between(self.first, self.until)

    @property
    def silence_to_come_h(self) -> int:
        if not self.silences_h or self.silent_h * _QUIET < self.hours:
            return 0
        usual = median_low(self.silences_h)
        for cycle in (_DAY_H, _WEEK_H):
            if usual < cycle:
                return min(usual, -self.hours % cycle)
        return usual if self.silent_h >= 2 * usual else 0  # once in weeks is no habit


def covered(windows: Iterable[Window], since: datetime | None = None) -> Covered:
    """What the windows of a log cover together, from `since` on.

    Windows that overlap count once. A gap of less than a day is silence. Where every stretch is
    shorter than a day, as the files of single runs are, gaps of up to a week or of about the same
    length are silence as well; and where what is left is still less than a day, it counts as one
    whole day, since nothing says that it goes on like that around the clock.
    """
    return _covered(tuple(windows), since)


@lru_cache(maxsize=512)
def _covered(windows: tuple[Window, ...], since: datetime | None) -> Covered:
    runs = _joined(_stretches(windows, since))
    hours = [run.hours + run.silence_to_come_h for run in runs]
    if all(count < _DAY_H for count in hours):
        hours = [_DAY_H for _ in hours]
    return Covered(sum(hours), sum(hours) - sum(run.hours for run in runs))


def _stretches(windows: Iterable[Window], since: datetime | None) -> list[_Run]:
    """The union of the windows. Where two overlap, only what both leave silent is."""
    found: list[_Run] = []
    for window in sorted(windows, key=lambda one: (one.first, one.last)):
        first = window.first if since is None else max(window.first, since)
        until = window.until
        if until <= first:
            continue
        silences = (window.usual_silence_h,) if window.usual_silence_h else ()
        run = _Run(first, until, window.silent_h, silences)
        if found and first <= found[-1].until:
            before = found[-1]
            quieter = min(before, run, key=lambda one: one.silent_h)
            found[-1] = replace(quieter, first=before.first, until=max(before.until, until))
        else:
            found.append(run)
    return found


def _joined(runs: Sequence[_Run]) -> list[_Run]:
    """The stretches with the gaps between them that are silence, not missing files."""
    gaps = [hours_between(before.until, after.first) for before, after in pairwise(runs)]
    longest = _DAY_H - 1
    if all(run.hours < _DAY_H for run in runs) and gaps:
        longest = PAUSE_H
        if len(gaps) > 1 and max(gaps) <= _EVEN * median_low(gaps):
            longest = max(gaps)
    found: list[_Run] = list(runs[:1])
    for gap, run in zip(gaps, runs[1:], strict=True):
        if gap > longest:
            found.append(run)
            continue
        before = found[-1]
        long = gap if gap >= LONG_SILENCE_H else 0
        found[-1] = _Run(
            before.first,
            run.until,
            before.silent_h + long + run.silent_h,
            (*before.silences_h, *((gap,) if long else ()), *run.silences_h),
        )
    return found


def hours_between(start: datetime, end: datetime) -> int:
    """Whole hours; negative where the end comes first."""
    return int((end - start) / _HOUR)
